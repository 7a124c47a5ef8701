//! Counters in the memory of this process: one atomic per window.

use super::{CountKey, Counters, Taken, WindowState, stretch};
use base::Timestamp;
use foldhash::fast::FixedState;
use snapshot::{LimitGroup, MOST_WINDOWS, Window};
use std::future::{Ready, ready};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The count of one window: the number of a stretch in the upper half, the calls in it in the lower half.
#[derive(Debug, Default)]
struct Cell {
    seconds: u64,
    packed: AtomicU64,
}

/// A cell that was given up; who meets one looks its key up again.
const DEAD: u64 = u64::MAX;

const fn pack(stretch: u32, calls: u32) -> u64 {
    ((stretch as u64) << 32) | calls as u64
}

const fn unpack(packed: u64) -> (u32, u32) {
    ((packed >> 32) as u32, packed as u32)
}

/// The cell was given up.
#[derive(Debug)]
struct Dead;

/// Cells were given up while a call was being counted: in the first so many windows it was, in these stretches.
#[derive(Debug)]
struct Interrupted {
    counted: usize,
    stretches: [u32; MOST_WINDOWS],
}

impl From<Dead> for Interrupted {
    fn from(_: Dead) -> Self {
        Self { counted: 0, stretches: [0; MOST_WINDOWS] }
    }
}

impl Cell {
    fn is_dead(&self) -> bool {
        self.packed.load(Ordering::Acquire) == DEAD
    }

    /// The calls in the stretch that counts: the one of `now`, or a later one that another thread has begun.
    fn calls(&self, current: u32) -> Result<u32, Dead> {
        match self.packed.load(Ordering::Acquire) {
            DEAD => Err(Dead),
            packed => match unpack(packed) {
                (number, calls) if number >= current => Ok(calls),
                _ => Ok(0),
            },
        }
    }

    /// Counts one call unless `most` are counted. Answers with the stretch and the calls in it now.
    fn take(&self, current: u32, most: u32) -> Result<Option<(u32, u32)>, Dead> {
        let mut seen = self.packed.load(Ordering::Acquire);
        loop {
            if seen == DEAD {
                return Err(Dead);
            }
            let (number, calls) = match unpack(seen) {
                (number, calls) if number >= current => (number, calls),
                _ => (current, 0),
            };
            if calls >= most {
                return Ok(None);
            }
            let next = pack(number, calls + 1);
            match self.packed.compare_exchange_weak(seen, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Ok(Some((number, calls + 1))),
                Err(now) => seen = now,
            }
        }
    }

    /// Takes back a call that was counted in a stretch, if that stretch still counts.
    fn give_back(&self, number: u32) {
        let back = |seen| match unpack(seen) {
            (n, calls) if n == number && seen != DEAD && calls > 0 => Some(pack(n, calls - 1)),
            _ => None,
        };
        // An error says that the stretch is over: nothing to give back.
        let _ = self.packed.fetch_update(Ordering::AcqRel, Ordering::Acquire, back);
    }

    /// Whether its last stretch has ended; `false` for cells that are not in use.
    fn is_over(&self, now: Timestamp) -> bool {
        match self.packed.load(Ordering::Acquire) {
            DEAD => true,
            packed => unpack(packed).0 < stretch(self.seconds, now).0,
        }
    }
}

/// The cells of one key, in one piece of memory.
#[derive(Debug)]
struct Cells {
    /// Of the limit group whose windows these are.
    build: u64,
    count: usize,
    list: [Cell; MOST_WINDOWS],
}

impl Cells {
    /// Cells for the group's windows. The count of a window of the same length as before moves over: the old cell
    /// dies in the same step, so no call that is being counted meanwhile is lost.
    fn of(group: &LimitGroup, before: Option<&Self>) -> Self {
        let mut list: [Cell; MOST_WINDOWS] = Default::default();
        let count = group.row.windows.len().min(MOST_WINDOWS);
        for (cell, window) in list.iter_mut().zip(&group.row.windows) {
            cell.seconds = window.seconds;
            let old = before.and_then(|b| b.used().iter().find(|c| c.seconds == window.seconds));
            let packed = old.map_or(0, |c| c.packed.swap(DEAD, Ordering::AcqRel));
            cell.packed = AtomicU64::new(if packed == DEAD { 0 } else { packed });
        }
        // Windows that are gone die too, so that nobody goes on counting in the old cells.
        before.map_or(&[][..], Self::used).iter().for_each(|c| c.packed.store(DEAD, Ordering::Release));
        Self { build: group.build, count, list }
    }

    fn used(&self) -> &[Cell] {
        &self.list[..self.count]
    }

    fn find(&self, window: &Window) -> Option<&Cell> {
        self.used().iter().find(|c| c.seconds == window.seconds)
    }

    fn is_dead(&self) -> bool {
        self.used().iter().any(Cell::is_dead)
    }

    /// Whether a call under these windows is counted here. A call that was decided under older terms is counted in
    /// what windows both have.
    fn fits(&self, group: &LimitGroup) -> bool {
        self.build >= group.build && !self.is_dead()
    }
}

/// [`Counters`] in memory. Keys that nobody calls under give way to [`Memory::sweep`].
#[derive(Debug)]
pub struct Memory {
    cells: papaya::HashMap<CountKey, Arc<Cells>, FixedState>,
    /// Held while cells are made or replaced, which is seldom.
    making: Mutex<()>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { cells: papaya::HashMap::with_hasher(FixedState::with_seed(0xc0_u64)), making: Mutex::new(()) }
    }
}

impl Counters for Memory {
    fn take(&self, key: CountKey, group: &LimitGroup, now: Timestamp) -> impl Future<Output = Taken> {
        self.take_now(key, group, now)
    }
}

impl Memory {
    fn take_now(&self, key: CountKey, group: &LimitGroup, now: Timestamp) -> Ready<Taken> {
        let map = self.cells.pin();
        loop {
            let taken = match map.get(&key).filter(|cells| cells.fits(group)) {
                Some(cells) => take_all(cells, group, now),
                None => take_all(&self.make(key, group), group, now),
            };
            match taken {
                Ok(taken) => return ready(taken),
                Err(Interrupted { counted: 0, .. }) => {}
                Err(interrupted) => self.undo(key, group, &interrupted),
            }
        }
    }

    /// Takes back what was counted in cells whose counts have moved to others since.
    #[cold]
    fn undo(&self, key: CountKey, group: &LimitGroup, interrupted: &Interrupted) {
        let _alone = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let map = self.cells.pin();
        let Some(cells) = map.get(&key) else { return };
        for (window, number) in group.row.windows.iter().zip(interrupted.stretches).take(interrupted.counted) {
            cells.find(window).into_iter().for_each(|cell| cell.give_back(number));
        }
    }

    #[cold]
    fn make(&self, key: CountKey, group: &LimitGroup) -> Arc<Cells> {
        let _alone = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let map = self.cells.pin();
        let old = map.get(&key);
        if let Some(found) = old.filter(|cells| cells.fits(group)) {
            return Arc::clone(found);
        }
        let new = Arc::new(Cells::of(group, old.map(|cells| &**cells)));
        map.insert(key, Arc::clone(&new));
        new
    }

    /// Forgets keys whose every stretch has ended. Counts of running stretches stay.
    pub fn sweep(&self, now: Timestamp) {
        let map = self.cells.pin();
        for (key, cells) in &map {
            if !cells.used().iter().all(|cell| cell.is_over(now)) {
                continue;
            }
            // Each cell dies by an exchange that fails if a call was counted meanwhile; a call that meets a dead cell
            // looks up again, so no count is lost.
            for cell in cells.used() {
                let kill = |seen| (seen != DEAD && unpack(seen).0 < stretch(cell.seconds, now).0).then_some(DEAD);
                // An error says that it was dead already or lives.
                let _ = cell.packed.fetch_update(Ordering::AcqRel, Ordering::Acquire, kill);
            }
            // Cells of which some live are replaced at the next call, with the counts of the living.
            if cells.used().iter().all(Cell::is_dead) {
                // The answer tells whether it was still there, which does not matter.
                let _ = map.remove_if(key, |_, now| now.is_dead());
            }
        }
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether no key is remembered.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}

fn capped(count: u64) -> u32 {
    // Counts beyond 32 bits cap nothing that one process could reach; the last two values mean something else.
    u32::try_from(count).unwrap_or(u32::MAX).min(u32::MAX - 1)
}

fn take_all(cells: &Cells, group: &LimitGroup, now: Timestamp) -> Result<Taken, Interrupted> {
    let windows = &group.row.windows;
    let mut states = Vec::with_capacity(windows.len());
    let mut current = [0u32; MOST_WINDOWS];
    let mut allowed = true;
    // First look, then take: a call that will be refused does not even pass through the counts.
    for (window, current) in windows.iter().zip(&mut current) {
        let (number, reset_seconds) = stretch(window.seconds, now);
        *current = number;
        let calls = cells.find(window).map_or(Ok(0), |cell| cell.calls(number))?;
        let remaining = window.count.saturating_sub(u64::from(calls));
        allowed &= remaining > 0;
        states.push(WindowState { window: *window, remaining, reset_seconds });
    }
    if !allowed {
        return Ok(Taken { allowed, windows: states });
    }
    for at in 0..states.len() {
        let window = states[at].window;
        let Some(cell) = cells.find(&window) else { continue };
        match cell.take(current[at], capped(window.count)) {
            Ok(Some((number, calls))) => {
                current[at] = number;
                states[at].remaining = window.count.saturating_sub(u64::from(calls));
            }
            Ok(None) => {
                for (state, number) in states[..at].iter().zip(current) {
                    cells.find(&state.window).into_iter().for_each(|cell| cell.give_back(number));
                }
                states[at].remaining = 0;
                return Ok(Taken { allowed: false, windows: states });
            }
            Err(Dead) => return Err(Interrupted { counted: at, stretches: current }),
        }
    }
    Ok(Taken { allowed, windows: states })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counters::suite;
    use std::sync::atomic::AtomicI64;

    #[test]
    fn memory_counts_as_the_suite_demands() {
        suite::run(&Memory::default());
    }

    #[test]
    fn calls_from_several_threads_never_pass_the_limit() {
        suite::race(&Memory::default());
    }

    #[test]
    fn replacing_the_windows_while_calls_come_gives_no_second_budget() {
        let memory = Memory::default();
        let now = Timestamp::from_seconds(1_800_000_000);
        let build = std::sync::atomic::AtomicU64::new(1);
        let passed: u64 = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        let call = || {
                            let group =
                                suite::group(1, build.load(Ordering::Acquire), &[(3_000, 3600), (9_999, 86_400)]);
                            suite::take(&memory, 1, &group, now).allowed
                        };
                        (0..4_000).filter(|_| call()).count() as u64
                    })
                })
                .collect();
            for _ in 0..500 {
                build.fetch_add(1, Ordering::AcqRel);
                std::thread::yield_now();
            }
            callers.into_iter().map(|c| c.join().expect("a caller ends")).sum()
        });
        assert_eq!(passed, 3_000);
    }

    #[test]
    fn keys_that_nobody_uses_are_forgotten_and_running_counts_are_not() {
        let memory = Memory::default();
        let group = suite::group(1, 1, &[(5, 60), (9, 3600)]);
        let now = Timestamp::from_seconds(1_800_000_000);
        for app in 0..100 {
            suite::take(&memory, app, &group, now);
        }
        memory.sweep(now.plus_seconds(60));
        assert_eq!(memory.len(), 100, "the hour runs");
        memory.sweep(now.plus_seconds(3600));
        assert!(memory.is_empty());
        assert_eq!(suite::take(&memory, 7, &group, now.plus_seconds(3600)).windows[1].remaining, 8);
    }

    #[test]
    fn sweeping_while_calls_come_gives_no_second_budget() {
        const SECONDS: i64 = 2_000;
        let memory = Memory::default();
        let group = suite::group(1, 1, &[(1, 1)]);
        let clock = AtomicI64::new(0);
        let now = || Timestamp::from_seconds(clock.load(Ordering::Acquire));
        let passed: u64 = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        let mut passed = 0;
                        while now().seconds() < SECONDS {
                            passed += u64::from(suite::take(&memory, 1, &group, now()).allowed);
                        }
                        passed
                    })
                })
                .collect();
            for _ in 0..SECONDS {
                for _ in 0..20 {
                    memory.sweep(now());
                }
                clock.fetch_add(1, Ordering::AcqRel);
            }
            callers.into_iter().map(|c| c.join().expect("a caller ends")).sum()
        });
        assert!(passed <= SECONDS.unsigned_abs(), "{passed} calls in {SECONDS} seconds of one call each");
    }
}

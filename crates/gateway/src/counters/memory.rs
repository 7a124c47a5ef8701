//! Counters in the memory of this process: one atomic per window.

use super::{CountKey, Counters, Taken, WindowState, stretch};
use base::Timestamp;
use foldhash::fast::FixedState;
use papaya::Operation;
use snapshot::{LimitGroup, Window};
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of a stretch in the upper half, the calls in it in the lower half.
#[derive(Debug)]
struct Cell {
    seconds: u64,
    packed: AtomicU64,
}

/// A cell that the sweep gave up; who meets one looks its key up again.
const DEAD: u64 = u64::MAX;

const fn pack(stretch: u32, calls: u32) -> u64 {
    ((stretch as u64) << 32) | calls as u64
}

const fn unpack(packed: u64) -> (u32, u32) {
    ((packed >> 32) as u32, packed as u32)
}

impl Cell {
    fn is_dead(&self) -> bool {
        self.packed.load(Ordering::Acquire) == DEAD
    }

    /// The stretch that counts, and the calls in it: one of `now`, or a later one that another thread has begun.
    fn at(&self, current: u32) -> Result<(u32, u32), Dead> {
        match self.packed.load(Ordering::Acquire) {
            DEAD => Err(Dead),
            packed => match unpack(packed) {
                (number, calls) if number >= current => Ok((number, calls)),
                _ => Ok((current, 0)),
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
            match self.packed.compare_exchange_weak(seen, pack(number, calls + 1), Ordering::AcqRel, Ordering::Acquire)
            {
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
}

/// The cell was swept away.
#[derive(Debug)]
struct Dead;

/// The cells of one key.
#[derive(Debug)]
struct Cells {
    /// Of the limit group whose windows these are.
    build: u64,
    list: Box<[Arc<Cell>]>,
}

impl Cells {
    /// Cells for the group's windows. Windows of the same length as before keep their very cell, so that no call that
    /// is being counted meanwhile is lost.
    fn of(group: &LimitGroup, before: Option<&Self>) -> Self {
        let cell = |window: &Window| {
            let old = before.and_then(|b| b.list.iter().find(|c| c.seconds == window.seconds && !c.is_dead()));
            old.cloned().unwrap_or_else(|| Arc::new(Cell { seconds: window.seconds, packed: AtomicU64::new(0) }))
        };
        Self { build: group.build, list: group.row.windows.iter().map(cell).collect() }
    }

    fn has_dead(&self) -> bool {
        self.list.iter().any(|c| c.is_dead())
    }
}

/// [`Counters`] in memory. Keys that nobody calls under give way to [`Memory::sweep`].
#[derive(Debug)]
pub struct Memory {
    cells: papaya::HashMap<CountKey, Arc<Cells>, FixedState>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { cells: papaya::HashMap::with_hasher(FixedState::with_seed(0xc0_u64)) }
    }
}

impl Counters for Memory {
    fn take(&self, key: CountKey, group: &LimitGroup, now: Timestamp) -> impl Future<Output = Taken> {
        self.take_now(key, group, now)
    }
}

impl Memory {
    fn take_now(&self, key: CountKey, group: &LimitGroup, now: Timestamp) -> Ready<Taken> {
        loop {
            let cells = self.cells_of(key, group);
            if let Ok(taken) = take_all(&cells, group, now) {
                return ready(taken);
            }
        }
    }

    fn cells_of(&self, key: CountKey, group: &LimitGroup) -> Arc<Cells> {
        let map = self.cells.pin();
        if let Some(found) = map.get(&key).filter(|c| c.build >= group.build && !c.has_dead()) {
            return Arc::clone(found);
        }
        // The windows changed, or nobody has called under this key for a while. An older build never replaces a
        // newer one: a call that was decided under older terms is counted in what windows both have.
        let chosen = map.compute(key, |entry| match entry {
            Some((_, old)) if old.build >= group.build && !old.has_dead() => Operation::Abort(Arc::clone(old)),
            Some((_, old)) => Operation::Insert(Arc::new(Cells::of(group, Some(old)))),
            None => Operation::Insert(Arc::new(Cells::of(group, None))),
        });
        match chosen {
            papaya::Compute::Aborted(old) => old,
            papaya::Compute::Inserted(_, new) | papaya::Compute::Updated { new: (_, new), .. } => Arc::clone(new),
            papaya::Compute::Removed(_, old) => Arc::clone(old),
        }
    }

    /// Forgets keys whose every stretch has ended. Counts of running stretches stay.
    pub fn sweep(&self, now: Timestamp) {
        let map = self.cells.pin();
        let over = |cell: &Arc<Cell>| match cell.packed.load(Ordering::Acquire) {
            DEAD => true,
            packed => unpack(packed).0 < stretch(cell.seconds, now).0,
        };
        for (key, cells) in &map {
            if !cells.list.iter().all(over) {
                continue;
            }
            // Each cell dies by an exchange that fails if a call was counted meanwhile; a call that meets a dead cell
            // looks up again, so no count is lost.
            let mut all_dead = true;
            for cell in &cells.list {
                let kill = |seen| (seen != DEAD && unpack(seen).0 < stretch(cell.seconds, now).0).then_some(DEAD);
                let killed = cell.packed.fetch_update(Ordering::AcqRel, Ordering::Acquire, kill);
                all_dead &= killed.is_ok() || killed == Err(DEAD);
            }
            if all_dead {
                let same = Arc::clone(cells);
                // The answer tells whether it was still there, which does not matter.
                let _ = map.remove_if(key, |_, now| Arc::ptr_eq(now, &same));
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

fn take_all(cells: &Cells, group: &LimitGroup, now: Timestamp) -> Result<Taken, Dead> {
    let windows = &group.row.windows;
    let mut states = Vec::with_capacity(windows.len());
    let mut counted: Vec<(&Cell, u32)> = Vec::new();
    let mut allowed = true;
    // First look, then take: a call that will be refused does not even pass through the counts.
    for window in windows {
        let (current, reset_seconds) = stretch(window.seconds, now);
        let calls = match cell(cells, window) {
            Some(cell) => cell.at(current)?.1,
            None => 0,
        };
        let remaining = window.count.saturating_sub(u64::from(calls));
        allowed &= remaining > 0;
        states.push(WindowState { window: *window, remaining, reset_seconds });
    }
    if !allowed {
        return Ok(Taken { allowed, windows: states });
    }
    for state in &mut states {
        let Some(cell) = cell(cells, &state.window) else { continue };
        match cell.take(stretch(state.window.seconds, now).0, capped(state.window.count)) {
            Ok(Some((number, calls))) => {
                state.remaining = state.window.count.saturating_sub(u64::from(calls));
                if windows.len() > 1 {
                    counted.push((cell, number));
                }
            }
            other => {
                counted.iter().for_each(|(cell, number)| cell.give_back(*number));
                other?;
                state.remaining = 0;
                return Ok(Taken { allowed: false, windows: states });
            }
        }
    }
    Ok(Taken { allowed, windows: states })
}

fn cell<'a>(cells: &'a Cells, window: &Window) -> Option<&'a Cell> {
    cells.list.iter().find(|c| c.seconds == window.seconds).map(|c| &**c)
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

//! What a gateway knows at this moment: [`Terms`] and [`Tables`], changed by one writer, read by every thread.
//!
//! **Invariant:** whatever a read saw held at one single instant, and that instant lies within the read. Rows live in
//! concurrent maps, so a reader could otherwise see a credential before a change and a subscription after a later one,
//! and answer under terms that never held. A counter tells: it is odd while a batch goes in; a reader that finds it
//! odd, or moved, reads again (docs/decisions/0002-tables-under-load.md).

use crate::row::Update;
use crate::tables::Tables;
use crate::terms::Terms;
use crate::writer::{Put, Writer};
use arc_swap::ArcSwap;
use base::Timestamp;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How often a reader tries again before it waits for the writer.
const TRIES: u32 = 64;
/// Rows that go in under one odd count. Larger batches, which only an import makes, go in parts.
const BATCH: usize = 4096;

#[derive(Debug, Default)]
struct State {
    terms: Arc<Terms>,
    tables: Arc<Tables>,
}

/// Terms that stay while somebody holds them, without a shared counter being touched by each call.
#[derive(Clone, Debug)]
#[expect(clippy::redundant_allocation, reason = "the outer count is this thread's own; the inner one is shared")]
pub struct Held(Rc<Arc<Terms>>);

impl Deref for Held {
    type Target = Terms;
    fn deref(&self) -> &Terms {
        &self.0
    }
}

/// One thread's view. Making one costs little; keep one per thread.
#[derive(Debug)]
pub struct Reader {
    generation: u64,
    terms: Held,
    tables: Arc<Tables>,
    repeats: u64,
}

impl Reader {
    /// How often a read of this reader met a change and was done again.
    pub const fn repeats(&self) -> u64 {
        self.repeats
    }
}

/// What a gateway knows.
#[derive(Debug, Default)]
pub struct Known {
    /// Odd while rows go in.
    count: AtomicU64,
    /// Grows with every new `state`.
    generation: AtomicU64,
    state: ArcSwap<State>,
    /// Held while `count` is odd, so that a reader can wait instead of spinning.
    going_in: Mutex<()>,
    writer: Mutex<Writer>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // The writer leaves nothing half done when it panics that the next batch would not mend.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Known {
    /// A view for one thread.
    pub fn reader(&self) -> Reader {
        let generation = self.generation.load(Ordering::Acquire);
        let state = self.state.load();
        let (terms, tables) = (Held(Rc::new(Arc::clone(&state.terms))), Arc::clone(&state.tables));
        Reader { generation, terms, tables, repeats: 0 }
    }

    /// Runs `look` on a state that held at one instant during this call. `look` may run several times; only the last
    /// answer counts.
    pub fn read<T>(&self, reader: &mut Reader, mut look: impl FnMut(&Held, &Tables) -> T) -> T {
        for _ in 0..TRIES {
            let before = self.count.load(Ordering::Acquire);
            if before & 1 == 0 {
                self.refresh(reader);
                let answer = look(&reader.terms, &reader.tables);
                fence(Ordering::Acquire);
                if self.count.load(Ordering::Relaxed) == before {
                    return answer;
                }
            }
            reader.repeats += 1;
            std::hint::spin_loop();
        }
        let _nothing_goes_in = lock(&self.going_in);
        self.refresh(reader);
        look(&reader.terms, &reader.tables)
    }

    /// Lets go of what the reader holds of older states; an idle thread calls it now and then.
    pub fn refresh(&self, reader: &mut Reader) {
        let generation = self.generation.load(Ordering::Acquire);
        if generation != reader.generation {
            let state = self.state.load();
            if !Arc::ptr_eq(&reader.terms.0, &state.terms) {
                reader.terms = Held(Rc::new(Arc::clone(&state.terms)));
            }
            if !Arc::ptr_eq(&reader.tables, &state.tables) {
                reader.tables = Arc::clone(&state.tables);
            }
            reader.generation = generation;
        }
    }

    /// Applies a batch: when this returns, every read sees it whole. The answer names rows that made no sense; they
    /// were left out, and what was known before in their place still is.
    pub fn apply(&self, updates: Vec<Update>) -> Vec<String> {
        let mut writer = lock(&self.writer);
        let (mut puts, mut faults) = writer.take(updates);
        let terms = writer.new_terms(&mut faults);
        let tables = Arc::clone(&self.state.load().tables);
        let mut state = terms.map(|terms| State { terms: Arc::new(terms), tables: Arc::clone(&tables) });
        while !puts.is_empty() || state.is_some() {
            let part: Vec<Put> = puts.drain(..puts.len().min(BATCH)).collect();
            let new_state = if puts.is_empty() { state.take() } else { None };
            self.go_in(|| {
                for put in part {
                    writer.put(&tables, put);
                }
                new_state
            });
        }
        faults
    }

    /// Forgets everything and knows these rows instead, in one step.
    pub fn reload(&self, rows: Vec<Update>) -> Vec<String> {
        let mut writer = lock(&self.writer);
        let mut fresh = writer.successor();
        let tables = Arc::new(Tables::default());
        let (puts, mut faults) = fresh.take(rows);
        for put in puts {
            fresh.put(&tables, put);
        }
        let terms = fresh.all_terms(&mut faults);
        let old = self.state.load_full();
        *writer = fresh;
        self.go_in(|| Some(State { terms: Arc::new(terms), tables }));
        writer.retire(Arc::clone(&old.tables));
        faults
    }

    /// Forgets tokens and revocations that ended before `before`, and frees what no thread reads any more. The caller
    /// is not a gateway thread: freeing a large table takes long.
    pub fn sweep(&self, before: Timestamp) {
        let mut writer = lock(&self.writer);
        let tables = Arc::clone(&self.state.load().tables);
        // An ended token is refused whether or not its row is known, so no reader needs to be told.
        writer.sweep(&tables, before);
    }

    fn go_in(&self, change: impl FnOnce() -> Option<State>) {
        let _held = lock(&self.going_in);
        self.count.fetch_add(1, Ordering::AcqRel);
        fence(Ordering::Release);
        if let Some(state) = change() {
            self.state.store(Arc::new(state));
            self.generation.fetch_add(1, Ordering::Release);
        }
        self.count.fetch_add(1, Ordering::Release);
    }
}

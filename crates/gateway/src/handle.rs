//! The gateway as the control plane holds it: rows go in, records come out.

use crate::Config;
use crate::counters::Memory;
use crate::ledger::{Decisions, Usage};
use base::id::DecisionId;
use snapshot::{DecisionRecord, Known, Records, Sink, Update, UsageRow};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long ended tokens are remembered, so that the caller hears that the token expired and not that it never was.
const REMEMBER_ENDED_SECONDS: i64 = 600;

/// What one thread records. Only that thread locks it, but for the moment in which somebody fetches.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub usage: Mutex<Usage>,
    pub decisions: Mutex<Decisions>,
}

/// Everything that the threads of a gateway share.
#[derive(Debug)]
pub struct Handle {
    pub(crate) config: Config,
    pub(crate) known: Known,
    pub(crate) counters: Memory,
    pub(crate) ledgers: Vec<Ledger>,
    applied: AtomicI64,
}

/// Locks; what a thread that panicked left behind is still sound, since every change of it is one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Handle {
    pub(crate) fn new(config: Config, threads: usize) -> Self {
        let each = config.decisions_kept.div_ceil(threads);
        let ledger = |_| Ledger { usage: Mutex::new(Usage::default()), decisions: Mutex::new(Decisions::new(each)) };
        Self {
            ledgers: (0..threads).map(ledger).collect(),
            known: Known::default(),
            counters: Memory::default(),
            applied: AtomicI64::new(0),
            config,
        }
    }

    fn complain(faults: &[String]) {
        for fault in faults {
            tracing::warn!(target: "gateway", "a row was refused: {fault}");
        }
    }

    /// Forgets tokens, revocations and counts that ended. Takes long after a reload of many rows, so it runs on the
    /// gateway's housekeeping thread.
    pub(crate) fn sweep(&self) {
        let now = self.config.clock.now();
        self.known.sweep(now.plus_seconds(-REMEMBER_ENDED_SECONDS));
        self.counters.sweep(now);
    }
}

impl Sink for Handle {
    fn apply(&self, updates: Vec<Update>, change: i64) {
        Self::complain(&self.known.apply(updates));
        self.applied.fetch_max(change, Ordering::AcqRel);
    }

    fn reload(&self, rows: Vec<Update>, change: i64) {
        Self::complain(&self.known.reload(rows));
        // A reload may go back, after the control plane was restored from a backup.
        self.applied.store(change, Ordering::Release);
    }
}

impl Records for Handle {
    fn decision(&self, id: &DecisionId) -> Option<DecisionRecord> {
        self.ledgers.iter().find_map(|ledger| lock(&ledger.decisions).find(id))
    }

    fn take_decisions(&self) -> Vec<DecisionRecord> {
        self.ledgers.iter().flat_map(|ledger| lock(&ledger.decisions).take()).collect()
    }

    fn take_usage(&self) -> Vec<UsageRow> {
        let mut all = HashMap::new();
        for ledger in &self.ledgers {
            // Swapped out under the lock and folded outside of it: the thread waits for no more than the swap.
            let usage = std::mem::take(&mut *lock(&ledger.usage));
            usage.drain_into(&mut all);
        }
        let mut rows: Vec<UsageRow> = all.into_values().collect();
        rows.sort_by_key(|row| row.key.minute);
        rows
    }

    fn applied(&self) -> i64 {
        self.applied.load(Ordering::Acquire)
    }
}

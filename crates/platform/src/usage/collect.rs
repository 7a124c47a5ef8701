//! Taking over what the gateways counted.

use super::sql;
use crate::cx::Platform;
use crate::reader::stopped;
use base::Problem;
use snapshot::{DecisionRecord, UsageKey};
use std::collections::HashMap;
use std::time::Duration;
use store::Quiet;
use tokio::sync::watch;

/// How often the gateways are asked.
const EVERY: Duration = Duration::from_secs(1);
/// How often the last taking over is tried before the program ends.
const LAST_TRIES: u32 = 5;
/// How many decisions are kept, here and in the database.
const KEPT: usize = 100_000;
/// After how many new decisions the oldest are swept away.
const SWEEP: usize = 1_000;

/// What was taken from a gateway and is not in the database yet.
#[derive(Default)]
struct Pending {
    /// Calls and the sum of their durations in microseconds.
    usage: HashMap<UsageKey, (u64, u64)>,
    decisions: Vec<DecisionRecord>,
    /// Decisions written since the last sweep.
    unswept: usize,
}

impl Pending {
    fn take(&mut self, platform: &Platform) {
        for row in platform.records.take_usage() {
            let sum = self.usage.entry(row.key).or_default();
            sum.0 = sum.0.saturating_add(row.calls);
            sum.1 = sum.1.saturating_add(row.duration_micros);
        }
        self.decisions.extend(platform.records.take_decisions());
        let surplus = self.decisions.len().saturating_sub(KEPT);
        self.decisions.drain(..surplus);
    }

    /// Adds everything to the database; what could not be added is still here afterwards.
    ///
    /// The gateways are asked inside the write, so whoever gets the write after somebody else finds all that was
    /// counted before in the database (SQLite has one write at a time).
    async fn write(&mut self, platform: &Platform) -> Result<(), Problem> {
        let mut tx = platform.db.write().await?;
        self.take(platform);
        sql::add(&mut tx, &self.usage).await?;
        sql::keep(&mut tx, &self.decisions).await?;
        let unswept = self.unswept + self.decisions.len();
        if unswept >= SWEEP {
            sql::sweep(&mut tx, KEPT).await?;
        }
        let why = if self.usage.is_empty() && !self.decisions.is_empty() {
            Quiet::DecisionsKept
        } else {
            Quiet::UsageCounted
        };
        tx.commit_quiet(why).await?;
        self.usage.clear();
        self.decisions.clear();
        self.unswept = if unswept >= SWEEP { 0 } else { unswept };
        Ok(())
    }

    /// The same, tried again a few times.
    async fn insist(&mut self, platform: &Platform) -> Result<(), Problem> {
        let mut pause = Duration::from_millis(50);
        for _ in 1..LAST_TRIES {
            match self.write(platform).await {
                Ok(()) => return Ok(()),
                Err(problem) => tracing::warn!(?problem, "usage.retry: what was counted could not be written yet"),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.write(platform).await
    }
}

/// Takes over what the gateways have counted and decided up to now. When this returns, it is in the database.
///
/// # Errors
/// The database refused several times: what had been taken over is lost then.
pub async fn flush(platform: &Platform) -> Result<(), Problem> {
    Pending::default().insist(platform).await
}

/// Takes over what the gateways count and decide, every second until `shutdown` says `true`, and then once more.
/// While the database cannot be written, it is kept in memory.
pub async fn run(platform: Platform, mut shutdown: watch::Receiver<bool>) {
    // What a process before this one left over is swept with the first write.
    let mut pending = Pending { unswept: SWEEP, ..Pending::default() };
    while !*shutdown.borrow() {
        if let Err(problem) = pending.write(&platform).await {
            tracing::warn!(?problem, "usage.retry: what was counted could not be written yet");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stopped(&mut shutdown) => break,
        }
    }
    if let Err(problem) = pending.insist(&platform).await {
        tracing::error!(?problem, "usage.lost: the calls of the last second were not written");
    }
}

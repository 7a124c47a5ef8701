//! Taking over what the gateways counted.

use super::sql;
use crate::credential;
use crate::cx::Platform;
use crate::reader::stopped;
use base::{Problem, Timestamp, id};
use snapshot::{DecisionRecord, UsageKey};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use store::Quiet;
use tokio::sync::{Mutex, watch};

/// How often the gateways are asked.
const EVERY: Duration = Duration::from_secs(1);
/// How often the last taking over is tried before the program ends.
const LAST_TRIES: u32 = 5;
/// How many decisions are kept, here and in the database.
const KEPT: usize = 100_000;
/// After how many new decisions the oldest are swept away.
const SWEEP: usize = 1_000;

/// One takes over at a time.
static TURN: Mutex<()> = Mutex::const_new(());

/// What was taken from a gateway and is not in the database yet.
#[derive(Default)]
struct Pending {
    /// Calls and the sum of their durations in microseconds.
    usage: HashMap<UsageKey, (u64, u64)>,
    decisions: Vec<DecisionRecord>,
    uses: Uses,
    /// Decisions written since the last sweep.
    unswept: usize,
}

/// In which minute credentials were last accepted.
#[derive(Default)]
struct Uses {
    /// Not in the database yet.
    pending: HashMap<id::CredentialId, i64>,
    /// In the database: so that a busy credential is written once a minute and not once a second.
    known: HashMap<id::CredentialId, i64>,
}

/// How many credentials are remembered to have been written.
const MOST_KNOWN: usize = 100_000;

impl Uses {
    fn add(&mut self, credential: id::CredentialId, minute: i64) {
        if self.known.get(&credential).is_none_or(|known| *known < minute) {
            let last = self.pending.entry(credential).or_insert(minute);
            *last = minute.max(*last);
        }
    }

    /// What has to be written, by minute; always in the same order, so that two processes never wait in a circle.
    fn fresh(&self) -> BTreeMap<i64, Vec<id::CredentialId>> {
        let mut out: BTreeMap<i64, Vec<id::CredentialId>> = BTreeMap::new();
        for (credential, minute) in &self.pending {
            out.entry(*minute).or_default().push(credential.clone());
        }
        out.values_mut().for_each(|credentials| credentials.sort());
        out
    }

    fn written(&mut self) {
        if self.known.len() > MOST_KNOWN {
            self.known.clear();
        }
        self.known.extend(self.pending.drain());
    }
}

impl Pending {
    fn take(&mut self, platform: &Platform) {
        for mut row in platform.records.take_usage() {
            // Usage is counted by client; of its credentials only the last use is kept.
            if let Some(credential) = row.key.credential.take()
                && !row.key.outcome.starts_with("credential-")
            {
                self.uses.add(credential, row.key.minute);
            }
            let sum = self.usage.entry(row.key).or_default();
            sum.0 = sum.0.saturating_add(row.calls);
            sum.1 = sum.1.saturating_add(row.duration_micros);
        }
        self.decisions.extend(platform.records.take_decisions());
        let surplus = self.decisions.len().saturating_sub(KEPT);
        self.decisions.drain(..surplus);
    }

    /// Adds everything to the database; what could not be added is still here afterwards.
    async fn write(&mut self, platform: &Platform) -> Result<(), Problem> {
        // Held until it is in the database, so whoever comes next finds there what was taken before.
        let _turn = TURN.lock().await;
        self.take(platform);
        let sweeps = self.unswept + self.decisions.len() >= SWEEP;
        let why = match (self.usage.is_empty(), self.decisions.is_empty()) {
            (true, true) if !sweeps => return Ok(()),
            (true, _) => Quiet::DecisionsKept,
            (false, _) => Quiet::UsageCounted,
        };
        let mut tx = platform.db.write().await?;
        sql::add(&mut tx, &self.usage).await?;
        sql::keep(&mut tx, &self.decisions).await?;
        for (minute, credentials) in self.uses.fresh() {
            let at = Timestamp::from_seconds(minute.saturating_mul(60));
            credential::note_uses(&mut tx, &credentials, at).await?;
        }
        if sweeps {
            sql::sweep(&mut tx, KEPT).await?;
        }
        tx.commit_quiet(why).await?;
        self.unswept = if sweeps { 0 } else { self.unswept + self.decisions.len() };
        self.uses.written();
        self.usage.clear();
        self.decisions.clear();
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

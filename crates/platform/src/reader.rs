//! Readers of the change log with a durable cursor: each entry is handled once, also across crashes.
//!
//! **Invariant:** what a reader writes because of entries and the move of its cursor are one transaction.

use crate::cx::Platform;
use base::Problem;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::log::{self, Entry};
use store::{Conn, Quiet};
use tokio::sync::watch;

/// How many entries one transaction handles at most.
const BATCH: i64 = 100;
/// How long a reader that the bell does not wake waits before it looks by itself.
const LOOK: Duration = Duration::from_secs(15);
/// The first pause after a failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The last entry that each reader has handled; for tests and health. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub struct Positions(Arc<Mutex<BTreeMap<&'static str, watch::Sender<i64>>>>);

impl Positions {
    fn with<T>(&self, reader: &'static str, f: impl FnOnce(&watch::Sender<i64>) -> T) -> T {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        f(map.entry(reader).or_insert_with(|| watch::channel(0).0))
    }

    /// Says that `reader` has handled every entry up to `seq`. Never goes back.
    pub fn set(&self, reader: &'static str, seq: i64) {
        self.with(reader, |position| {
            position.send_if_modified(|last| {
                let newer = seq > *last;
                *last = seq.max(*last);
                newer
            })
        });
    }

    /// Waits until `reader` has handled every entry up to `seq`: for ever, if there is no such reader.
    pub async fn wait(&self, reader: &'static str, seq: i64) {
        let mut position = self.with(reader, watch::Sender::subscribe);
        // The sender lives in the map as long as anybody can wait.
        let _reached = position.wait_for(|last| *last >= seq).await;
    }

    /// Where each reader is.
    pub fn snapshot(&self) -> BTreeMap<&'static str, i64> {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.iter().map(|(reader, position)| (*reader, *position.borrow())).collect()
    }
}

/// Hands every entry behind the cursor `name` to `handle`, in order and in batches, until `shutdown` says `true`.
///
/// `handle` writes through the connection that it is given: that transaction also moves the cursor. If it fails, all
/// of the batch is undone and done again after a pause that grows; nothing is left out.
pub async fn follow<F>(platform: Platform, name: &'static str, handle: F, mut shutdown: watch::Receiver<bool>)
where
    F: AsyncFn(&Platform, &mut Conn, &[Entry]) -> Result<(), Problem>,
{
    let mut head = platform.db.head();
    let mut pause = FIRST_PAUSE;
    while !*shutdown.borrow() {
        match step(&platform, name, &handle).await {
            Ok(Step::Moved) => pause = FIRST_PAUSE,
            Ok(Step::Waiting(position)) => {
                pause = FIRST_PAUSE;
                tokio::select! {
                    () = async { let _rung = head.wait_for(|seq| *seq > position).await; } => {}
                    () = tokio::time::sleep(LOOK) => {}
                    () = stopped(&mut shutdown) => {}
                }
            }
            Err(problem) => {
                let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                tracing::warn!(reader = name, ?problem, pause_ms, "reader.retry: a batch failed and is done again");
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stopped(&mut shutdown) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// Returns when shutdown was asked for, or when nobody is left who could ask.
pub(crate) async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    let _asked = shutdown.wait_for(|stop| *stop).await;
}

enum Step {
    /// There were entries, and there may be more.
    Moved,
    /// Nothing lies behind this position.
    Waiting(i64),
}

async fn step<F>(platform: &Platform, name: &'static str, handle: &F) -> Result<Step, Problem>
where
    F: AsyncFn(&Platform, &mut Conn, &[Entry]) -> Result<(), Problem>,
{
    let position = {
        let mut tx = platform.db.read().await?;
        let position = log::cursor(&mut tx, name).await?;
        if log::after(&mut tx, position, 1).await?.is_empty() {
            platform.readers.set(name, position);
            return Ok(Step::Waiting(position));
        }
        position
    };
    tracing::trace!(reader = name, position, "reader.behind");
    let mut tx = platform.db.write().await?;
    // Again, under the write: another process may have done it meanwhile.
    let position = log::cursor(&mut tx, name).await?;
    let entries = log::after(&mut tx, position, BATCH).await?;
    let Some(last) = entries.last().map(|e| e.seq) else { return Ok(Step::Moved) };
    handle(platform, &mut tx, &entries).await?;
    log::move_cursor(&mut tx, name, last).await?;
    tx.commit_quiet(Quiet::CursorMoved).await?;
    platform.readers.set(name, last);
    Ok(Step::Moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_for_a_position_is_woken_when_it_is_reached() {
        let positions = Positions::default();
        let waiter = {
            let positions = positions.clone();
            tokio::spawn(async move { positions.wait("notices", 7).await })
        };
        positions.set("notices", 3);
        tokio::task::yield_now().await;
        assert!(!waiter.is_finished());
        positions.set("notices", 8);
        waiter.await.unwrap();
        positions.set("notices", 5);
        assert_eq!(positions.snapshot().get("notices"), Some(&8));
    }
}

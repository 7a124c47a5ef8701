//! What the clock does: reminders before the end, and the end (the lifecycle's `expire`).
//!
//! When something is due next stands in the row, so nothing is forgotten while the program does not run, and nothing is
//! done twice. The gateway knows the end from its own row and does not wait for this.

use super::{change, close_around};
use crate::cx::{Cx, Describe, Platform};
use crate::subscription::rule::{self, Action, Side};
use crate::subscription::{Subscription, sql};
use crate::task::{self, Alert, AlertCode, Inbox, TaskState};
use base::{Change, Kind, Problem, ProblemKind, Ref, Timestamp, id};
use serde_json::json;
use std::time::Duration;
use store::Conn;
use tokio::sync::watch;

/// The longest pause: what is written meanwhile may be due sooner.
const LOOK: Duration = Duration::from_secs(1);
/// How many are looked up at once.
const BATCH: i64 = 100;
/// From how many days before the end on the API side has an alert.
const ALERT_DAYS: i64 = 7;

fn about(s: &Subscription) -> Ref {
    Ref::new(Kind::Subscription, &s.id)
}

/// Takes back the alert that a subscription ends: it has another end now, or is over.
pub(in crate::subscription) async fn no_longer_ending(
    cx: &Cx,
    conn: &mut Conn,
    s: &Subscription,
) -> Result<Option<Change>, Problem> {
    task::resolve(cx, conn, AlertCode::SubscriptionEnding, &about(s)).await
}

/// Does everything that is due, and answers when something is due next.
///
/// # Errors
/// Those of the database.
pub async fn tick(platform: &Platform) -> Result<Option<Timestamp>, Problem> {
    loop {
        let cx = Cx::system(platform);
        let due = sql::due(&mut *cx.read().await?, cx.now, BATCH).await?;
        if due.is_empty() {
            return sql::next_due(&mut *cx.read().await?).await;
        }
        for id in due {
            match one(&cx, &id).await {
                // Somebody changed it at the same time, or another process was faster: it is looked up again.
                Err(problem) if problem.kind == ProblemKind::LostRace => {}
                other => other?,
            }
        }
    }
}

async fn one(cx: &Cx, id: &id::SubscriptionId) -> Result<(), Problem> {
    let mut tx = cx.write().await?;
    let found = sql::find(&mut tx, id).await?;
    let Some(mut s) = found.filter(|s| s.due_at.is_some_and(|due| due <= cx.now)) else { return Ok(()) };
    let changes = match s.ends_at {
        Some(end) if end <= cx.now => expire(cx, &mut tx, &mut s).await?,
        Some(end) => remind(cx, &mut tx, &mut s, end).await?,
        None => return Err(Problem::internal(std::io::Error::other("something is due that never ends"))),
    };
    sql::put(&mut tx, &s).await?;
    cx.commit(tx, changes).await?;
    Ok(())
}

async fn expire(cx: &Cx, conn: &mut Conn, s: &mut Subscription) -> Result<Vec<Change>, Problem> {
    let before = s.state;
    s.state = rule::row(Action::Expire).to.unwrap_or(s.state);
    (s.suspended_by, s.changed_at) = (None, cx.now);
    if let Some(task) = &s.task {
        task::close(conn, task, TaskState::Withdrawn, cx.now).await?;
    }
    let mut changes = vec![change(cx, "subscription.expired", s, Side::System, Some(before)).by_system()];
    changes.extend(close_around(cx, conn, s, Side::System).await?);
    s.schedule(cx.now, true);
    Ok(changes)
}

async fn remind(cx: &Cx, conn: &mut Conn, s: &mut Subscription, end: Timestamp) -> Result<Vec<Change>, Problem> {
    let days = rule::days_left(end, cx.now);
    let mut told = change(cx, "subscription.ending", s, Side::System, None).by_system();
    // Nothing of it is another than before; both sides are told.
    told.detail = json!({"side": Side::System, "plan": s.plan, "ends_at": s.ends_at, "days": days});
    let mut changes = vec![told];
    if days <= ALERT_DAYS {
        let alert = Alert {
            inbox: Inbox::Api(s.api.clone()),
            code: AlertCode::SubscriptionEnding,
            about: about(s),
            subscription: Some(s.id.clone()),
            text: String::new(),
        };
        changes.extend(task::raise(cx, conn, alert).await?);
    }
    s.schedule(cx.now, true);
    Ok(changes)
}

/// Does what is due, at the moment that it is due, until `shutdown` says `true`.
pub async fn run(platform: Platform, mut shutdown: watch::Receiver<bool>) {
    while !*shutdown.borrow() {
        let pause = match tick(&platform).await {
            Ok(Some(next)) => {
                let micros = next.micros().saturating_sub(platform.clock.now().micros()).max(1_000);
                Duration::from_micros(u64::try_from(micros).unwrap_or(0)).min(LOOK)
            }
            Ok(None) => LOOK,
            Err(problem) => {
                tracing::warn!(?problem, "subscription.clock_late: what is due could not be done yet");
                LOOK
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = crate::reader::stopped(&mut shutdown) => {}
        }
    }
}

//! The end of a version: announcing it, moving it, taking it back, and reaching it.

use super::{Shown, shown, sql, visible};
use crate::api::Api;
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Describe, Platform};
use crate::reader::stopped;
use crate::text;
use crate::version::lifecycle::{self, Action, State};
use crate::version::{End, Version, rule};
use base::{Change, Kind, Problem, ProblemKind, Timestamp, id};
use serde_json::{Value, json};
use std::time::Duration;
use store::Conn;
use tokio::sync::watch;

/// How far ahead a version ends when nobody says when, in months.
const USUAL_MONTHS: i64 = 3;
/// How often the clock looks for versions that have something due.
const LOOK: Duration = Duration::from_secs(15);
/// How many of them it takes at once.
const BATCH: i64 = 100;

/// What is told of the end of a version.
#[derive(Default)]
pub struct Announcement {
    /// `None` is the usual time, `Some(None)` no date yet.
    pub sunset_at: Option<Option<Timestamp>>,
    /// Another version of the API.
    pub successor: Option<Option<id::VersionId>>,
    /// A page about it.
    pub link: Option<Option<String>>,
    /// In the words of who announces it.
    pub note: Option<String>,
}

async fn designed(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::VersionId,
    action: Action,
) -> Result<(Version, Api, Standing), Problem> {
    let (version, api, standing) = visible(cx, conn, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    cx.expect_version(version.version)?;
    lifecycle::check(action, version.state(cx.now))?;
    Ok((version, api, standing))
}

fn facts(version: &Version, state: State) -> Value {
    let end = &version.end;
    json!({"state": state, "deprecated_at": end.deprecated_at, "sunset_at": end.sunset_at,
           "retired_at": end.retired_at, "successor": end.successor, "link": end.link})
}

/// What a change says of it: also what its readers need to act, without looking anything up.
fn change(cx: &Cx, verb: &'static str, before: &Version, after: &Version, successor: Option<&str>) -> Change {
    cx.change(verb, Kind::Version, &after.id).touching(Kind::Api, &after.api).detailing(json!({
        "version": after.name,
        "sunset_at": after.end.sunset_at,
        "successor_name": successor,
        "before": facts(before, before.state(cx.now)),
        "after": facts(after, after.kept_state),
    }))
}

/// The version that is to come after another one.
async fn successor(conn: &mut Conn, cx: &Cx, of: &Version, id: &id::VersionId) -> Result<Version, Problem> {
    let found = sql::find(conn, id).await?.filter(|v| v.api == of.api && v.id != of.id);
    let missing = || Problem::invalid("/successor", format!("`{id}` is no other version of this API."));
    let found = found.ok_or_else(missing)?;
    if found.state(cx.now) != State::Published {
        let detail = format!(
            "Version `{}` is {}; callers are sent to one that is published.",
            found.name,
            found.state(cx.now).as_str()
        );
        return Err(Problem::invalid("/successor", detail));
    }
    Ok(found)
}

async fn apply(cx: &Cx, conn: &mut Conn, after: &mut Version, told: Announcement) -> Result<Option<String>, Problem> {
    if let Some(sunset) = told.sunset_at {
        if let Some(at) = sunset {
            rule::sunset("/sunset_at", at, cx.now)?;
        }
        after.end.sunset_at = sunset;
    }
    if let Some(link) = told.link {
        after.end.link = rule::link("/link", &link.unwrap_or_default())?;
    }
    let mut name = None;
    match told.successor {
        Some(Some(id)) => {
            name = Some(successor(conn, cx, after, &id).await?.name);
            after.end.successor = Some(id);
        }
        Some(None) => after.end.successor = None,
        None => {
            if let Some(id) = &after.end.successor {
                name = sql::find(conn, id).await?.map(|v| v.name);
            }
        }
    }
    after.kept_state = State::Deprecated;
    after.end.announced_at = Some(cx.now);
    after.end.retired_at = None;
    after.end.due_at = rule::due(after.end.sunset_at, cx.now);
    Ok(name)
}

/// Tells everybody that a version ends: its subscribers, its followers, and every caller in each answer.
///
/// # Errors
/// 403, 409 unless it is published, 422 if the end lies in the past or the successor cannot be one.
pub async fn deprecate(cx: &Cx, id: &id::VersionId, mut told: Announcement) -> Result<(Shown, i64), Problem> {
    let note = text::comment("/note", told.note.take().as_deref())?;
    let mut tx = cx.write().await?;
    let (before, api, standing) = designed(cx, &mut tx, id, Action::Deprecate).await?;
    let mut after = before.clone();
    after.end = End { deprecated_at: Some(cx.now), ..End::default() };
    told.sunset_at = Some(told.sunset_at.unwrap_or(Some(cx.now.plus_months(USUAL_MONTHS))));
    let name = apply(cx, &mut tx, &mut after, told).await?;
    after.version = sql::put(&mut tx, &after).await?;
    let change = change(cx, "version.deprecated", &before, &after, name.as_deref()).noting(note.as_deref());
    let shown = shown(cx, &mut tx, after, api, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

/// Says anew when it ends and what comes after it. One that is retired answers again until then.
///
/// # Errors
/// 403, 409 unless it is deprecated or retired, 422 as for [`deprecate`].
pub async fn reschedule(cx: &Cx, id: &id::VersionId, mut told: Announcement) -> Result<(Shown, i64), Problem> {
    let note = text::comment("/note", told.note.take().as_deref())?;
    let mut tx = cx.write().await?;
    let (before, api, standing) = designed(cx, &mut tx, id, Action::Reschedule).await?;
    if before.state(cx.now) == State::Retired && told.sunset_at.is_none() {
        return Err(Problem::invalid("/sunset_at", "The version is retired; say until when it is to answer again."));
    }
    let mut after = before.clone();
    let name = apply(cx, &mut tx, &mut after, told).await?;
    after.version = sql::put(&mut tx, &after).await?;
    let change = change(cx, "version.rescheduled", &before, &after, name.as_deref()).noting(note.as_deref());
    let shown = shown(cx, &mut tx, after, api, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

/// Takes the announcement back: the version stays.
///
/// # Errors
/// 403, 409 unless it is deprecated.
pub async fn undeprecate(cx: &Cx, id: &id::VersionId, note: Option<&str>) -> Result<(Shown, i64), Problem> {
    let note = text::comment("/note", note)?;
    let mut tx = cx.write().await?;
    let (before, api, standing) = designed(cx, &mut tx, id, Action::Undeprecate).await?;
    let mut after = before.clone();
    after.end = End::default();
    let environments = sql::publications(&mut tx, id).await?.len();
    after.kept_state = lifecycle::published(State::Published, environments);
    after.version = sql::put(&mut tx, &after).await?;
    let change = change(cx, "version.undeprecated", &before, &after, None).noting(note.as_deref());
    let shown = shown(cx, &mut tx, after, api, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

/// Ends a version now: its calls are 410 from the next one on. Before the announced day that takes a reason, which every
/// subscriber is told.
///
/// # Errors
/// 403, 409 unless it is deprecated, 422 without a reason.
pub async fn retire(cx: &Cx, id: &id::VersionId, note: Option<&str>) -> Result<(Shown, i64), Problem> {
    let note = text::comment("/note", note)?;
    let mut tx = cx.write().await?;
    let (before, api, standing) = designed(cx, &mut tx, id, Action::Retire).await?;
    if note.is_none() {
        let detail = "The announced day has not come; say why the version ends before it. Every subscriber is told.";
        return Err(Problem::invalid("/note", detail));
    }
    let mut after = before.clone();
    end(&mut after, cx.now);
    after.version = sql::put(&mut tx, &after).await?;
    let change = change(cx, "version.retired", &before, &after, None).noting(note.as_deref());
    let shown = shown(cx, &mut tx, after, api, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

fn end(version: &mut Version, at: Timestamp) {
    version.kept_state = State::Retired;
    version.end.retired_at = Some(at);
    version.end.due_at = None;
}

/// Does what is due now: reminders before the end, and the end itself. Answers how much that was.
///
/// # Errors
/// Those of the database.
pub async fn keep_time(platform: &Platform) -> Result<usize, Problem> {
    let cx = Cx::system(platform);
    let due = sql::due(&mut *cx.read().await?, cx.now, BATCH).await?;
    let mut done = 0;
    for id in due {
        match tick(&cx, &id).await {
            Ok(()) => done += 1,
            // Somebody acted at the same time, or another process was faster: the next look sees what is left.
            Err(problem) if problem.kind == ProblemKind::LostRace => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(done)
}

async fn tick(cx: &Cx, id: &id::VersionId) -> Result<(), Problem> {
    let mut tx = cx.write().await?;
    let Some(before) = sql::find(&mut tx, id).await? else { return Ok(()) };
    if before.end.due_at.is_none_or(|at| at > cx.now) {
        return Ok(());
    }
    let mut after = before.clone();
    let successor = match &before.end.successor {
        Some(id) => sql::find(&mut tx, id).await?.map(|v| v.name),
        None => None,
    };
    let verb = match before.end.sunset_at {
        Some(sunset) if sunset <= cx.now => {
            end(&mut after, sunset);
            "version.retired"
        }
        sunset => {
            after.end.due_at = rule::due(sunset, cx.now);
            "version.reminded"
        }
    };
    sql::put(&mut tx, &after).await?;
    let mut change = change(cx, verb, &before, &after, successor.as_deref()).by_system();
    if let (Some(sunset), "version.reminded") = (before.end.sunset_at, verb) {
        // Nothing of the version is another than before; only its readers are told.
        change.detail = json!({
            "version": after.name, "sunset_at": sunset, "successor_name": successor,
            "days_left": rule::days_left(sunset, cx.now),
        });
    }
    cx.commit(tx, vec![change]).await.map(drop)
}

/// Looks for what is due until told to stop.
pub async fn run(platform: Platform, mut shutdown: watch::Receiver<bool>) {
    while !*shutdown.borrow() {
        if let Err(problem) = keep_time(&platform).await {
            tracing::warn!(?problem, "version.clock: will try again");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stopped(&mut shutdown) => {}
        }
    }
}

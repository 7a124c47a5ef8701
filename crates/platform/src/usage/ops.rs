//! Looking up usage and decisions.

use super::rule::{self, Sides};
use super::sql::{self, Counted, Wanted};
use crate::authz::{self, Verb};
use crate::board::if_visible;
use crate::cx::Cx;
use crate::{api, app};
use base::id::Id;
use base::{Fault, Page, PageRequest, Problem, ProblemKind, Timestamp, id};
use snapshot::DecisionRecord;
use std::collections::HashMap;
use store::Conn;

/// Which usage somebody asks for.
#[derive(Debug, Default)]
pub struct Question {
    pub app: Option<id::AppId>,
    pub api: Option<id::ApiId>,
    pub environment: Option<id::EnvironmentId>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Minutes that one bucket spans.
    pub step: i64,
    /// The bucket that the page before ended with.
    pub after: Option<Timestamp>,
    /// How many buckets.
    pub limit: i64,
}

/// Calls of one bucket, in the parts that were asked about.
pub struct Bucket {
    pub at: Timestamp,
    pub parts: Vec<Counted>,
}

/// How far back usage is read unless somebody says otherwise.
const USUAL_SECONDS: i64 = 24 * 3600;

async fn sides(cx: &Cx, conn: &mut Conn, app: Option<&id::AppId>, api: Option<&id::ApiId>) -> Result<Sides, Problem> {
    let mut sides = Sides::default();
    if let Some(app) = app {
        sides.app = if_visible(app::visible(cx, conn, app).await)?.map(|(_, standing)| standing);
    }
    if let Some(api) = api {
        sides.api = if_visible(api::visible(cx, conn, api).await)?.map(|(_, standing)| standing);
    }
    Ok(sides)
}

async fn may_ask(cx: &Cx, conn: &mut Conn, question: &Question) -> Result<(), Problem> {
    if question.app.is_none() && question.api.is_none() {
        if authz::may(cx.standing(), Verb::TrailRead) {
            return Ok(());
        }
        return Err(Problem::invalid(
            "app",
            "Name the app or the API whose usage you want: `?app=app_...` or `?api=api_...`.",
        ));
    }
    let sides = sides(cx, conn, question.app.as_ref(), question.api.as_ref()).await?;
    if rule::may_see(cx.standing(), sides) {
        return Ok(());
    }
    if sides.app.is_none() && sides.api.is_none() {
        return Err(Problem::not_found(if question.app.is_some() { "app" } else { "API" }));
    }
    Err(Problem::forbidden("Usage is for the team of the app and for those who decide requests for the API."))
}

/// What was counted, in the order of time; and the bucket after which the next page begins.
///
/// # Errors
/// 404 and 403 where the caller is on neither side, 422 if the stretch of time has no length.
pub async fn usage(cx: &Cx, question: Question) -> Result<(Vec<Bucket>, Option<Timestamp>), Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    may_ask(cx, &mut tx, &question).await?;
    let until = question.until.unwrap_or_else(|| cx.now.plus_seconds(60));
    let since = question.since.unwrap_or_else(|| until.plus_seconds(-USUAL_SECONDS));
    if since >= until {
        return Err(Problem::invalid("since", format!("`since` ({since}) must lie before `until` ({until})."))
            .code(Fault::Range));
    }
    let text = |id: Option<&str>| id.unwrap_or_default().to_owned();
    let step = question.step;
    let after = question.after.map(|at| floor(sql::minute_of(at), step) + step);
    let mut wanted = Wanted {
        app: text(question.app.as_ref().map(Id::as_str)),
        api: text(question.api.as_ref().map(Id::as_str)),
        environment: text(question.environment.as_ref().map(Id::as_str)),
        since: sql::minute_of(since).max(after.unwrap_or(i64::MIN)),
        until: sql::minute_of(until.plus_micros(59_999_999)),
        step,
    };
    let limit = usize::try_from(question.limit).unwrap_or(1);
    let buckets = sql::buckets(&mut tx, &wanted, question.limit + 1).await?;
    let more = buckets.len() > limit;
    let Some(last) = buckets.iter().take(limit).next_back().copied() else { return Ok((Vec::new(), None)) };
    wanted.until = wanted.until.min(last + step);
    let mut out: Vec<Bucket> = Vec::new();
    for part in sql::counted(&mut tx, &wanted).await? {
        let at = Timestamp::from_seconds(part.bucket.saturating_mul(60));
        match out.last_mut() {
            Some(bucket) if bucket.at == at => bucket.parts.push(part),
            _ => out.push(Bucket { at, parts: vec![part] }),
        }
    }
    let next = out.last().map(|b| b.at).filter(|_| more);
    Ok((out, next))
}

const fn floor(minute: i64, step: i64) -> i64 {
    minute - minute.rem_euclid(step)
}

/// Whose decisions to list.
pub enum Of<'a> {
    /// Those of an app's calls.
    App(&'a id::AppId),
    /// Those of calls to an API.
    Api(&'a id::ApiId),
}

/// The decisions that were kept, newest first.
///
/// # Errors
/// 404 if there is no such app or API that the caller may see, 403 if they are not on its side.
pub async fn decisions(
    cx: &Cx,
    of: Of<'_>,
    allowed: Option<bool>,
    page: &PageRequest,
) -> Result<Page<DecisionRecord>, Problem> {
    cx.signed()?;
    crate::cursor::<id::DecisionId>(page)?;
    let mut tx = cx.read().await?;
    let (app, api) = match of {
        Of::App(id) => {
            let (_, standing) = app::visible(cx, &mut tx, id).await?;
            cx.may(standing, Verb::AppRead)?;
            (Some(id), None)
        }
        Of::Api(id) => {
            let (_, standing) = api::visible(cx, &mut tx, id).await?;
            cx.may(standing, Verb::ApiDecide)?;
            (None, Some(id))
        }
    };
    let kept = sql::Kept { app: app.map(Id::as_str), api: api.map(Id::as_str), allowed, before: page.after.as_deref() };
    let rows = sql::decisions(&mut tx, &kept, page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |record| record.id.to_string()))
}

/// Which call of an app.
#[derive(Clone, Copy, Debug)]
pub enum Latest {
    /// The last one of all.
    Any,
    /// The last one that was refused, or that the upstream answered with an error.
    Failure,
}

/// The newest decision of this kind about a call of an app, if one was kept.
///
/// # Errors
/// Those of the database.
pub async fn latest(conn: &mut Conn, app: &id::AppId, which: Latest) -> Result<Option<DecisionRecord>, Problem> {
    match which {
        Latest::Any => {
            let kept = sql::Kept { app: Some(app.as_str()), ..sql::Kept::default() };
            Ok(sql::decisions(conn, &kept, 1).await?.pop())
        }
        Latest::Failure => sql::last_failure(conn, app).await,
    }
}

/// When a call of an app was first let through and answered with 2xx: to the moment if its decision was kept, else to
/// the minute.
///
/// # Errors
/// Those of the database.
pub async fn first_success(conn: &mut Conn, app: &id::AppId) -> Result<Option<Timestamp>, Problem> {
    let Some(minute) = sql::first_success(conn, app).await? else { return Ok(None) };
    let begin = Timestamp::from_seconds(minute.saturating_mul(60));
    let exact = sql::first_kept_success(conn, app, begin, begin.plus_seconds(60)).await?;
    Ok(Some(exact.unwrap_or(begin)))
}

/// The minute of the last call of each of these apps, refused ones included; apps without any are left out.
///
/// # Errors
/// Those of the database.
pub async fn last_calls_of_apps(conn: &mut Conn, apps: &[id::AppId]) -> Result<HashMap<String, Timestamp>, Problem> {
    sql::last_calls(conn, "app_id", apps).await
}

/// The minute of the last call of each of these clients, refused ones included; clients without any are left out.
///
/// # Errors
/// Those of the database.
pub async fn last_calls_of_clients(
    conn: &mut Conn,
    clients: &[id::ClientId],
) -> Result<HashMap<String, Timestamp>, Problem> {
    sql::last_calls(conn, "client_id", clients).await
}

/// How many calls each of these clients was recognised in since then, to the minute; clients without any are left out.
///
/// # Errors
/// Those of the database.
pub async fn calls_of_clients(
    conn: &mut Conn,
    clients: &[id::ClientId],
    since: Timestamp,
) -> Result<HashMap<String, i64>, Problem> {
    sql::calls_of_clients(conn, clients, sql::minute_of(since)).await
}

/// How a call was decided: what a gateway still remembers, else what was kept.
///
/// # Errors
/// 404 if there is none that the caller may see.
pub async fn decision(cx: &Cx, id: &id::DecisionId) -> Result<DecisionRecord, Problem> {
    cx.signed()?;
    let missing = || {
        Problem::new(
            ProblemKind::NotFound,
            "There is no such decision, or none that you may see. Refused calls are kept for a while, others only as samples.",
        )
    };
    let mut tx = cx.read().await?;
    let found = match cx.platform.records.decision(id) {
        Some(record) => Some(record),
        None => sql::decision(&mut tx, id).await?,
    };
    let record = found.ok_or_else(missing)?;
    let sides = sides(cx, &mut tx, record.app.as_ref(), record.api.as_ref()).await?;
    if rule::may_see(cx.standing(), sides) { Ok(record) } else { Err(missing()) }
}

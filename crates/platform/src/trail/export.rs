//! The trail as a file, written while it is read: nothing of it waits in memory.

use super::http::{TrailOrder, TrailQuery};
use super::ops::{self, Allowed, Found};
use crate::cx::{Cx, Platform};
use crate::web::{Fail, Params, Problems};
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;
use http::header;
use serde::Deserialize;
use std::io;
use store::log::{Format, Line};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The one operation.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(trail_export))
}

/// How many entries are written at once.
const AT_ONCE: i64 = 500;

/// How a file is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExportFormat {
    /// One JSON object a line.
    #[default]
    Jsonl,
    /// RFC 4180, for spreadsheets: what they would take for a formula begins with an apostrophe.
    Csv,
}

/// How the file is written; the other parameters are those of the list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// `jsonl` unless given.
    #[param(inline)]
    format: Option<ExportFormat>,
    /// As in the list.
    organization: Option<String>,
    /// As in the list.
    kind: Option<String>,
    /// As in the list.
    id: Option<String>,
    /// As in the list.
    subject_only: Option<bool>,
    /// As in the list.
    actor: Option<String>,
    /// As in the list.
    verb: Option<String>,
    /// As in the list.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<base::Timestamp>,
    /// As in the list.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<base::Timestamp>,
    /// As in the list.
    text: Option<String>,
    /// As in the list.
    request: Option<String>,
    /// Entries behind this number.
    after: Option<String>,
}

/// Export the audit trail
///
/// Every entry that the list would show, oldest first, each with what it takes to verify it without this server: its
/// digest, its hash and the hash of the entry before. `wayleave trail verify FILE` does so.
#[utoipa::path(get, path = "/api/v1/trail/export", operation_id = "trail_export", tag = "Trail", params(ExportQuery),
    responses((status = 200, description = "The file.", content((String = "application/jsonl"), (String = "text/csv"))),
              Problems))]
async fn trail_export(cx: Cx, Params(query): Params<ExportQuery>) -> Result<Response, Fail> {
    let (format, name) = match query.format.unwrap_or_default() {
        ExportFormat::Jsonl => (Format::JsonLines, "trail.jsonl"),
        ExportFormat::Csv => (Format::Csv, "trail.csv"),
    };
    let search = TrailQuery {
        organization: query.organization,
        kind: query.kind,
        id: query.id,
        subject_only: query.subject_only,
        actor: query.actor,
        verb: query.verb,
        since: query.since,
        until: query.until,
        text: query.text,
        request: query.request,
        order: Some(TrailOrder::Oldest),
        after: query.after,
        limit: None,
    };
    let allowed = ops::allow(&cx, search.search()?).await?;
    let from = allowed.search().after;
    let begun = Some(Walk { cx, allowed, format, from, heading: true });
    let body = Body::from_stream(stream::try_unfold(begun, step));
    let named = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, format.media().to_owned()), (header::CONTENT_DISPOSITION, named)], body)
        .into_response())
}

/// Where the writing of a file stands.
struct Walk {
    cx: Cx,
    allowed: Allowed,
    format: Format,
    from: Option<i64>,
    heading: bool,
}

/// The next piece of a file. An error breaks the answer off, so that nobody takes a part for the whole.
async fn step(walk: Option<Walk>) -> io::Result<Option<(Bytes, Option<Walk>)>> {
    let Some(mut walk) = walk else { return Ok(None) };
    let stretch = walk.allowed.stretch(&walk.cx, walk.from, AT_ONCE).await.map_err(|problem| {
        tracing::error!(?problem, "trail.broken_off: an export could not be finished");
        io::Error::other("the export could not be finished")
    })?;
    let heading = if std::mem::take(&mut walk.heading) { walk.format.heading() } else { String::new() };
    let text = stretch.items.iter().fold(heading, |text, found| text + &line(found).write(walk.format));
    walk.from = stretch.next;
    let rest = stretch.next.is_some().then_some(walk);
    Ok(Some((text.into(), rest)))
}

fn line(found: &Found) -> Line {
    Line::of(&found.entry, &found.proof, found.kept.as_ref(), found.touches.as_deref())
}

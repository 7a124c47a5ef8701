//! The changelog of an API: what callers of its versions notice, out of the log.

use super::ops::{before, scan};
use super::rule::{RELEASES, named};
use crate::cx::{Cx, Platform};
use crate::names::{ActorView, Named, Names};
use crate::web::{Answer, Fail, Ident, PageParams, Params, Problems};
use crate::{api, version};
use base::id::Id;
use base::{Kind, PageRequest, Problem, Ref, id};
use serde::Serialize;
use serde_json::Value;
use store::log::{Entry, Filter};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The changelog.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(api_changelog))
}

/// Something that callers notice.
#[derive(Serialize, ToSchema)]
pub struct ChangelogItem {
    /// Its number in the log: the key of the list.
    seq: i64,
    /// RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// What happened: `version.published`, `version.deprecated`, `version.retired`, ...
    verb: String,
    /// To which version.
    version: Named,
    /// Where, if it is about one environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Named>,
    /// The revision that callers get since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
    /// The revision that they got before.
    #[serde(skip_serializing_if = "Option::is_none")]
    before_revision: Option<i64>,
    /// From when on calls are refused. RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    sunset_at: Option<String>,
    /// The name of the version that comes after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    successor: Option<String>,
    /// The words of whoever did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Who did it.
    actor: ActorView,
}

/// A page of the changelog.
#[derive(Serialize, ToSchema)]
pub struct Changelog {
    /// The newest first.
    items: Vec<ChangelogItem>,
    /// What to send as `after` for the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

fn word(detail: &Value, pointer: &str) -> Option<String> {
    detail.pointer(pointer)?.as_str().map(str::to_owned)
}

/// How many versions one page of the log is asked about.
const MOST_VERSIONS: usize = 200;

async fn of(cx: &Cx, id: &id::ApiId, page: &PageRequest) -> Result<Changelog, Problem> {
    let mut tx = cx.read().await?;
    api::visible(cx, &mut tx, id).await?;
    // By version and not by API: what happens to subscriptions touches the API, too, and there is much of it.
    let versions = version::releases(&mut tx, std::slice::from_ref(id)).await?;
    let touches: Vec<Ref> =
        versions.iter().rev().take(MOST_VERSIONS).map(|release| Ref::new(Kind::Version, &release.id)).collect();
    if touches.is_empty() {
        return Ok(Changelog { items: Vec::new(), next: None });
    }
    let verbs = RELEASES.iter().map(|verb| (*verb).to_owned()).collect();
    let filter = Filter { touches, verbs: Some(verbs), before: before(page.after.as_deref())?, ..Filter::default() };
    let found = scan(&mut tx, vec![filter], page.limit(), Some).await?;
    let mut names = Names::default();
    names.learn_all(&mut tx, found.items.iter().flat_map(named).collect()).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for entry in &found.items {
        items.push(item(cx, &mut tx, &mut names, entry).await?);
    }
    Ok(Changelog { items, next: found.next })
}

async fn item(cx: &Cx, conn: &mut store::Conn, names: &mut Names, entry: &Entry) -> Result<ChangelogItem, Problem> {
    let detail = &entry.detail;
    let place = entry.touches.iter().find(|touched| touched.kind == Kind::Environment);
    let environment = match place.and_then(|touched| id::EnvironmentId::parse(&touched.id).ok()) {
        Some(id) => Some(names.named(conn, Kind::Environment, &id).await?),
        None => None,
    };
    Ok(ChangelogItem {
        seq: entry.seq,
        at: entry.at.to_string(),
        verb: entry.verb.clone(),
        version: Named { id: entry.subject.id.clone(), name: word(detail, "/version").unwrap_or_default() },
        environment,
        revision: detail.pointer("/revision").and_then(Value::as_i64),
        before_revision: detail
            .pointer("/before/revision")
            .and_then(Value::as_i64)
            .filter(|_| entry.verb == "version.published"),
        sunset_at: word(detail, "/sunset_at"),
        successor: word(detail, "/successor_name"),
        note: entry.note.clone(),
        actor: names.actor(conn, &entry.actor, cx.who.is_some()).await?,
    })
}

/// The changelog of an API
///
/// What its callers notice: versions published and taken back with the revision that they got, deprecations with their
/// dates, retirements. Everybody who sees the API reads it.
#[utoipa::path(get, path = "/api/v1/apis/{id}/changelog", operation_id = "api_changelog", tag = "APIs",
    params(("id" = String, Path, description = "`api_...`"), PageParams),
    responses((status = 200, body = Changelog), Problems), security((), ("personal_token" = [])))]
async fn api_changelog(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Changelog>, Fail> {
    Ok(Answer::ok(of(&cx, &id, &page.into()).await?))
}

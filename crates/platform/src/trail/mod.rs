//! The audit trail: the change log as site administrators read it, its verification, and how far gateways have come.
//!
//! A slice of one file: it only reads what `store` keeps.

use crate::authz::Verb;
use crate::board::{self, EntryView, Names};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Fail, Params, Problems};
use base::{Actor, Page, PageRequest, Problem, Ref, Timestamp};
use serde::{Deserialize, Serialize};
use store::log::{self, Entry, Filter};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about the trail.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(trail_list)).routes(routes!(trail_verify)).routes(routes!(gateway_list))
}

// ---- rule ----

/// Reads who did it: `user:usr_...`, `client:cli_...`, `system`, `nobody`, or the bare id of a user or client.
fn actor(text: &str) -> Result<Actor, Problem> {
    let actor = match text.split_once('_') {
        Some(("usr", _)) => Actor::User(text.to_owned()),
        Some(("cli", _)) => Actor::Client(text.to_owned()),
        _ => Actor::from_text(text),
    };
    if actor == Actor::Nobody && text != "nobody" {
        let shown: String = text.chars().take(40).collect();
        let detail = format!("`{shown}` is no actor; one looks like `usr_...`, `cli_...`, `system` or `nobody`.");
        return Err(Problem::invalid("actor", detail));
    }
    Ok(actor)
}

fn filter(query: &TrailQuery) -> Result<Filter, Problem> {
    let kind = query.kind.as_deref().map(board::kind_of).transpose()?;
    let mut filter = Filter {
        verbs: query.verb.clone().map(|v| vec![v]),
        actor: query.actor.as_deref().map(actor).transpose()?,
        since: query.since,
        before: board::before(query.after.as_deref())?,
        ..Filter::default()
    };
    match (kind, &query.id) {
        (Some(kind), Some(id)) => filter.touches = vec![Ref::new(kind, id)],
        (Some(kind), None) => filter.kinds = Some(vec![kind]),
        (None, Some(_)) => return Err(Problem::invalid("kind", "Say of which `kind` the resource `id` is.")),
        (None, None) => {}
    }
    Ok(filter)
}

// ---- ops ----

/// The change log, newest first.
async fn list(cx: &Cx, query: &TrailQuery) -> Result<Page<Entry>, Problem> {
    cx.may(cx.standing(), Verb::TrailRead)?;
    let limit = PageRequest { after: None, limit: query.limit }.limit();
    let mut filter = filter(query)?;
    filter.limit = limit + 1;
    let entries = log::page(&mut *cx.read().await?, &filter).await?;
    Ok(Page::of(entries, limit, |e| e.seq.to_string()))
}

// ---- http ----

/// Which entries to list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TrailQuery {
    /// Without `id`: entries whose subject is of this kind. With it: the kind of that resource.
    kind: Option<String>,
    /// Entries that touch this resource.
    id: Option<String>,
    /// Entries of this actor: `usr_...`, `cli_...`, `system` or `nobody`.
    actor: Option<String>,
    /// Entries with this verb: `subscription.approved`, ...
    verb: Option<String>,
    /// Entries from this instant on.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// An entry of the trail.
#[derive(Serialize, ToSchema)]
#[schema(as = TrailEntry)]
pub struct TrailEntryView {
    /// What happened.
    #[serde(flatten)]
    entry: EntryView,
    /// The id of the HTTP request that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    /// SHA-256 over the hash of the entry before, the number and the digest of this one; in hexadecimal.
    hash: String,
}

/// A page of the trail, newest first.
#[derive(Serialize, ToSchema)]
pub struct TrailPage {
    items: Vec<TrailEntryView>,
    next: Option<String>,
}

/// The audit trail
///
/// Every change there ever was, newest first. For site administrators.
#[utoipa::path(get, path = "/api/v1/trail", operation_id = "trail_list", tag = "Trail", params(TrailQuery),
    responses((status = 200, body = TrailPage), Problems))]
async fn trail_list(cx: Cx, Params(query): Params<TrailQuery>) -> Result<Answer<Page<TrailEntryView>>, Fail> {
    let page = list(&cx, &query).await?;
    let (mut tx, mut names) = (cx.read().await?, Names::default());
    let mut items = Vec::with_capacity(page.items.len());
    for entry in page.items {
        let (request, hash) = (entry.request.clone(), entry.hash.clone());
        items.push(TrailEntryView { entry: EntryView::whole(&mut tx, &mut names, entry).await?, request, hash });
    }
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// What a walk along the whole trail found.
#[derive(Serialize, ToSchema)]
#[schema(as = TrailVerification)]
pub struct VerificationView {
    /// How many entries were looked at and found whole.
    entries: i64,
    /// Whether every entry is as it was written, and none is missing.
    intact: bool,
    /// The number of the last entry.
    head: i64,
    /// The hash of the last entry. Keep it elsewhere: it shows later that the trail was not cut off and written anew.
    hash: String,
    /// The number of the first entry that does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_broken: Option<i64>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Verify the audit trail
///
/// Walks the whole chain of hashes: this reads every entry. For site administrators.
#[utoipa::path(get, path = "/api/v1/trail/verification", operation_id = "trail_verify", tag = "Trail",
    responses((status = 200, body = VerificationView), Problems))]
async fn trail_verify(cx: Cx) -> Result<Answer<VerificationView>, Fail> {
    cx.may(cx.standing(), Verb::TrailRead)?;
    let found = log::verify(&cx.platform.db).await?;
    let (first_broken, why) = found.broken.map(|b| (b.seq, b.why)).unzip();
    let intact = first_broken.is_none();
    Ok(Answer::ok(VerificationView {
        entries: found.entries,
        intact,
        head: found.head,
        hash: found.hash,
        first_broken,
        why,
    }))
}

/// How far a gateway has come.
#[derive(Serialize, ToSchema)]
#[schema(as = Gateway)]
pub struct GatewayView {
    /// Its name; `local` is the one in this process.
    name: &'static str,
    /// The number of the last change that it has applied: calls are decided under it.
    applied: i64,
    /// The number of the last change there is.
    head: i64,
    /// How many changes it is behind.
    lag: i64,
}

/// All gateways.
#[derive(Serialize, ToSchema)]
pub struct GatewayList {
    items: Vec<GatewayView>,
}

/// How far the gateways have come
///
/// Every answer to a write carries the number of its `change`; it holds at a gateway that has applied that number.
#[utoipa::path(get, path = "/api/v1/gateways", operation_id = "gateway_list", tag = "Trail",
    responses((status = 200, body = GatewayList), Problems))]
async fn gateway_list(cx: Cx) -> Result<Answer<GatewayList>, Fail> {
    cx.signed()?;
    // In this order: a gateway is never reported ahead of a head that was read before it.
    let applied = cx.platform.records.applied();
    let head = log::head(&mut *cx.read().await?).await?.max(applied);
    Ok(Answer::ok(GatewayList { items: vec![GatewayView { name: "local", applied, head, lag: head - applied }] }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Kind;

    #[test]
    fn an_actor_is_read_from_its_id_or_its_text() {
        assert_eq!(actor("usr_1").ok(), Some(Actor::User("usr_1".into())));
        assert_eq!(actor("user:usr_1").ok(), Some(Actor::User("usr_1".into())));
        assert_eq!(actor("cli_1").ok(), Some(Actor::Client("cli_1".into())));
        assert_eq!(actor("system").ok(), Some(Actor::System));
        assert_eq!(actor("nobody").ok(), Some(Actor::Nobody));
        assert_eq!(actor("' OR 1=1").expect_err("refused").fields[0].pointer, "actor");
    }

    #[test]
    fn a_kind_alone_asks_for_subjects_and_with_an_id_for_one_resource() {
        let query = |kind: Option<&str>, id: Option<&str>| TrailQuery {
            kind: kind.map(str::to_owned),
            id: id.map(str::to_owned),
            ..TrailQuery::default()
        };
        let by_kind = filter(&query(Some("api"), None)).unwrap();
        assert_eq!((by_kind.kinds, by_kind.touches.len()), (Some(vec![Kind::Api]), 0));
        let one = filter(&query(Some("api"), Some("api_1"))).unwrap();
        assert_eq!((one.kinds, one.touches), (None, vec![Ref::new(Kind::Api, &"api_1")]));
        assert!(filter(&query(None, Some("api_1"))).is_err());
        assert!(filter(&query(Some("thing"), None)).is_err());
    }
}

//! Boards and dashboards over HTTP.

use super::connection;
use super::ops::{self, Feed, Seen, Wanted};
use super::rule::{self, Shown};
use crate::cx::{Cx, Platform};
use crate::names::{ActorView, Names, ResourceView};
use crate::web::{Answer, Body, Fail, Ident, Params, Problems};
use base::{Kind, Page, PageRequest, Problem, id};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use store::Conn;
use store::log::Entry;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about boards, dashboards and connections.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(api_board))
        .routes(routes!(app_board))
        .routes(routes!(organization_board))
        .routes(routes!(group_board))
        .routes(routes!(dashboard))
        .routes(routes!(dashboard_read))
        .merge(connection::routes())
        .merge(super::changelog::routes())
}

/// An entry of a board, a dashboard or the trail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub struct EntryView {
    /// The number of the change.
    pub seq: i64,
    /// When it happened.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who did it.
    pub actor: ActorView,
    /// What happened: a code such as `subscription.approved`.
    pub verb: String,
    /// What it happened to.
    pub subject: ResourceView,
    /// What else it touches, as far as the caller may know.
    pub touches: Vec<ResourceView>,
    /// The words of whoever did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Before and after, or whatever else there is to look up. Absent where the caller sees only that it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub detail: Option<Value>,
}

impl EntryView {
    /// An entry as somebody sees who may see this much, and these apps.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn of(
        conn: &mut Conn,
        names: &mut Names,
        entry: Entry,
        shown: Shown,
        apps: &BTreeSet<String>,
        signed: bool,
    ) -> Result<Self, Problem> {
        let mut subject = names.resource(conn, &entry.subject).await?;
        if entry.subject.kind == Kind::Version && subject.name.is_none() {
            subject.name = entry.detail.get("version").and_then(Value::as_str).map(str::to_owned);
        }
        let mut touches = Vec::new();
        for reference in rule::visible_touches(&entry, shown, apps) {
            if *reference != entry.subject {
                touches.push(names.resource(conn, reference).await?);
            }
        }
        Ok(Self {
            seq: entry.seq,
            at: entry.at.to_string(),
            actor: names.actor(conn, &entry.actor, signed).await?,
            verb: entry.verb,
            subject,
            touches,
            note: entry.note,
            detail: (shown >= Shown::Own && !entry.detail.is_null()).then_some(entry.detail),
        })
    }

    /// All of an entry.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn whole(conn: &mut Conn, names: &mut Names, entry: Entry) -> Result<Self, Problem> {
        Self::of(conn, names, entry, Shown::Whole, &BTreeSet::new(), true).await
    }
}

/// Which entries to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct BoardQuery {
    /// Only entries whose subject is of this kind: `subscription`, `version`, `api`, ...
    kind: Option<String>,
    /// Only entries with this verb: `subscription.approved`, ...
    verb: Option<String>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

impl From<BoardQuery> for Wanted {
    fn from(query: BoardQuery) -> Self {
        let page = PageRequest { after: query.after, limit: query.limit };
        Self { kind: query.kind, verb: query.verb, page }
    }
}

/// A page of entries, newest first. It may hold fewer than asked for and still have a `next`.
#[derive(Serialize, ToSchema)]
pub struct EntryPage {
    items: Vec<EntryView>,
    next: Option<String>,
}

async fn entries(cx: &Cx, mut names: Names, feed: Feed) -> Result<Page<EntryView>, Problem> {
    let mut tx = cx.read().await?;
    names.learn_all(&mut tx, feed.page.items.iter().flat_map(|seen| rule::named(&seen.entry)).collect()).await?;
    let mut items = Vec::with_capacity(feed.page.items.len());
    for Seen { entry, shown } in feed.page.items {
        items.push(EntryView::of(&mut tx, &mut names, entry, shown, &feed.apps, cx.who.is_some()).await?);
    }
    Ok(Page { items, next: feed.page.next })
}

/// A board: whoever sees the resource sees the names around it.
async fn show(cx: &Cx, feed: Feed) -> Result<Answer<Page<EntryView>>, Fail> {
    Ok(Answer::ok(entries(cx, Names::default(), feed).await?))
}

/// The board of an API
///
/// What happened to it, newest first. The API side sees all of it; others see what is public, without its detail, and
/// what happened to the subscriptions of their own apps.
#[utoipa::path(get, path = "/api/v1/apis/{id}/board", operation_id = "api_board", tag = "Boards",
    params(("id" = String, Path, description = "`api_...`"), BoardQuery),
    responses((status = 200, body = EntryPage), Problems), security((), ("personal_token" = [])))]
async fn api_board(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(query): Params<BoardQuery>,
) -> Result<Answer<Page<EntryView>>, Fail> {
    let feed = ops::of_api(&cx, &id, &query.into()).await?;
    show(&cx, feed).await
}

/// The board of an app
///
/// What happened to it, its clients, credentials and subscriptions, newest first.
#[utoipa::path(get, path = "/api/v1/apps/{id}/board", operation_id = "app_board", tag = "Boards",
    params(("id" = String, Path, description = "`app_...`"), BoardQuery),
    responses((status = 200, body = EntryPage), Problems))]
async fn app_board(
    cx: Cx,
    Ident(id): Ident<id::AppId>,
    Params(query): Params<BoardQuery>,
) -> Result<Answer<Page<EntryView>>, Fail> {
    let feed = ops::of_app(&cx, &id, &query.into()).await?;
    show(&cx, feed).await
}

/// The board of an organization
///
/// What happened to it, its members, groups, apps and APIs, newest first. Invitations are shown to those who manage the
/// members, webhooks to those who manage them.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/board", operation_id = "organization_board", tag = "Boards",
    params(("id" = String, Path, description = "`org_...`"), BoardQuery),
    responses((status = 200, body = EntryPage), Problems))]
async fn organization_board(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Params(query): Params<BoardQuery>,
) -> Result<Answer<Page<EntryView>>, Fail> {
    let feed = ops::of_organization(&cx, &id, &query.into()).await?;
    show(&cx, feed).await
}

/// The board of a group of people
///
/// What happened to it and who came and went, newest first.
#[utoipa::path(get, path = "/api/v1/groups/{id}/board", operation_id = "group_board", tag = "Boards",
    params(("id" = String, Path, description = "`grp_...`"), BoardQuery),
    responses((status = 200, body = EntryPage), Problems))]
async fn group_board(
    cx: Cx,
    Ident(id): Ident<id::GroupId>,
    Params(query): Params<BoardQuery>,
) -> Result<Answer<Page<EntryView>>, Fail> {
    let feed = ops::of_group(&cx, &id, &query.into()).await?;
    show(&cx, feed).await
}

/// My dashboard
///
/// What happened to the APIs that I administer, to the apps on whose team I am and to myself, and what is public about
/// what I follow; newest first.
#[utoipa::path(get, path = "/api/v1/me/dashboard", operation_id = "dashboard", tag = "Boards", params(BoardQuery),
    responses((status = 200, body = Dashboard), Problems))]
async fn dashboard(cx: Cx, Params(query): Params<BoardQuery>) -> Result<Answer<Dashboard>, Fail> {
    let (feed, read_through) = ops::dashboard(&cx, &query.into()).await?;
    let page = entries(&cx, Names::seen_by(&cx), feed).await?;
    Ok(Answer::ok(Dashboard { items: page.items, next: page.next, read_through }))
}

/// A page of a dashboard, newest first. It may hold fewer than asked for and still have a `next`.
#[derive(Serialize, ToSchema)]
pub struct Dashboard {
    items: Vec<EntryView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// The entry up to which the caller has marked it as read; 0 if never.
    read_through: i64,
}

/// How far somebody has read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadThrough {
    /// The `seq` of the newest entry that was seen.
    through: i64,
}

/// How far the caller has read.
#[derive(Serialize, ToSchema)]
pub struct FeedRead {
    /// The entry up to which it is marked as read. It never goes back.
    read_through: i64,
}

/// Mark my dashboard as read up to here
#[utoipa::path(post, path = "/api/v1/me/dashboard/read", operation_id = "dashboard_read", tag = "Boards",
    request_body = ReadThrough, responses((status = 200, body = FeedRead), Problems))]
async fn dashboard_read(cx: Cx, Body(body): Body<ReadThrough>) -> Result<Answer<FeedRead>, Fail> {
    Ok(Answer::ok(FeedRead { read_through: ops::mark_read(&cx, body.through).await? }))
}

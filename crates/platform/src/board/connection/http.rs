//! Connections over HTTP.

use super::rule::{Wanted, states, word};
use super::walk::{End, Walk};
use super::{Connection, ConnectionType, Origin};
use crate::actions::Offered;
use crate::authz::{Verb, may};
use crate::board::ops::kind_of;
use crate::cx::{Cx, Platform};
use crate::follow::Sight;
use crate::names::{Names, ResourceView};
use crate::subscription::{self, Subscription};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use crate::{environment, follow, user};
use base::id;
use base::{Kind, Page, PageRequest, Problem, Ref};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about connections.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(api_connections))
        .routes(routes!(app_connections))
        .routes(routes!(group_connections))
        .routes(routes!(organization_connections))
        .routes(routes!(subscription_connections))
        .routes(routes!(user_connections))
        .routes(routes!(my_connections))
}

/// A tie between two ends.
#[derive(Serialize, ToSchema)]
#[schema(as = Connection)]
pub struct ConnectionView {
    /// The same at both ends: `sub_...`, `fol_<user>_<resource>`, `mem_<user>_<resource>` or `man_<manager>_<managed>`.
    id: String,
    /// What kind of tie it is.
    #[serde(rename = "type")]
    kind: ConnectionType,
    /// The end that asks, belongs or manages: the app of an access, the user, the managing organization.
    a: ResourceView,
    /// The other end.
    b: ResourceView,
    /// As what somebody belongs to it: `OWNER`, `DEVELOPER`, `READ_ONLY`, `NONE`, `ADMINISTRATOR`, `MEMBER`.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    /// Where; of an access.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<ResourceView>,
    /// Under which terms; of an access.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<ResourceView>,
    /// `requested`, `approved`, `active`, `suspended` or `rejected`; all but accesses are `active`.
    state: &'static str,
    /// As people read it: `Access Requested`, `Active`, `Rejected` or `Suspended`.
    status: &'static str,
    /// How it came to be.
    origin: Origin,
    /// Who asked for it; of an access and a follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    requester: Option<ResourceView>,
    /// Since when, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    since: Option<String>,
    /// What the caller may do now: the actions of a subscription, else `end`, with `role` or `last_one` where it is refused.
    actions: Vec<Offered>,
}

/// Which connections to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ConnectionQuery {
    /// `pending` (waits for a decision or for activation), `requested`, `approved`, `active`, `suspended` or `rejected`.
    state: Option<String>,
    /// `access`, `follow`, `membership` or `management`; all unless given.
    #[serde(rename = "type")]
    #[param(inline, rename = "type")]
    tie: Option<ConnectionType>,
    /// With something of this kind at either end: `api`, `app`, `group`, `organization`, `user`.
    kind: Option<String>,
    /// Accesses in this environment, by id or slug, and nothing else.
    environment: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of connections, by type and then by id. It may hold fewer than asked for and still have a `next`.
#[derive(Serialize, ToSchema)]
pub struct ConnectionPage {
    items: Vec<ConnectionView>,
    next: Option<String>,
}

async fn list(cx: &Cx, end: End, query: ConnectionQuery) -> Result<Answer<Page<ConnectionView>>, Fail> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let environment = match &query.environment {
        Some(text) => Some(environment::require(&mut tx, text, "environment").await?.id),
        None => None,
    };
    let wanted = Wanted {
        kind: query.tie,
        end: query.kind.as_deref().map(kind_of).transpose()?,
        states: states(query.state.as_deref())?,
        environment,
    };
    let request = PageRequest { after: query.after, limit: query.limit };
    let page = Walk::new(cx, &mut tx, &wanted).await?.page(&mut tx, &end, &request).await?;
    let subscriptions: Vec<Subscription> =
        page.items.iter().filter_map(|it| it.subscription.as_deref().cloned()).collect();
    let mut actions = subscription::actions(cx, &mut tx, &subscriptions).await?;
    let others = page.items.iter().filter(|it| it.subscription.is_none() && !leaves(cx, it));
    let seen = follow::seen(cx, &mut tx, others.map(|it| &it.b)).await?;
    let mut names = Names::default();
    names.learn_all(&mut tx, page.items.iter().flat_map(named).collect()).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for it in page.items {
        let offers = match &it.subscription {
            Some(of) => actions.remove(&of.id).unwrap_or_default().into_iter().map(Offered::from).collect(),
            None => vec![ending(cx, &seen, &it)],
        };
        items.push(view(&mut tx, &mut names, it, offers).await?);
    }
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// Whether it is the caller's own to end: one may leave whatever one belongs to, except that others take an administrator
/// off an API.
fn leaves(cx: &Cx, it: &Connection) -> bool {
    cx.is_ref(&it.a) && !(it.kind == ConnectionType::Membership && it.b.kind == Kind::Api)
}

/// Whether the caller may end a tie that is no access; `seen` is what they see of the ends of those that are not their own.
fn ending(cx: &Cx, seen: &HashMap<Ref, Sight>, it: &Connection) -> Offered {
    let verb = match (it.kind, it.b.kind) {
        (ConnectionType::Management, _) => Verb::OrganizationManagement,
        (_, Kind::Api) => Verb::ApiAdminister,
        (_, Kind::App) => Verb::AppManage,
        (_, Kind::Group) => Verb::GroupEdit,
        _ => Verb::OrganizationMembers,
    };
    // To what they do not see they stand like to anything.
    let standing = seen.get(&it.b).map_or_else(|| cx.standing(), |sight| sight.standing);
    let allowed = leaves(cx, it) || may(standing, verb);
    Offered { action: "end".to_owned(), allowed, reason: (!allowed).then(|| "role".to_owned()) }
}

/// What the view of a connection names.
fn named(it: &Connection) -> Vec<Ref> {
    let mut all = vec![it.a.clone(), it.b.clone()];
    if let Some(of) = &it.subscription {
        all.push(Ref::new(Kind::Environment, &of.environment));
        all.push(Ref::new(Kind::Plan, &of.plan));
        all.push(Ref::new(Kind::User, &of.requester));
    }
    all
}

async fn view(
    conn: &mut Conn,
    names: &mut Names,
    it: Connection,
    actions: Vec<Offered>,
) -> Result<ConnectionView, Problem> {
    let (mut environment, mut plan, mut requester) = (None, None, None);
    if let Some(of) = &it.subscription {
        environment = Some(names.resource(conn, &Ref::new(Kind::Environment, &of.environment)).await?);
        plan = Some(names.resource(conn, &Ref::new(Kind::Plan, &of.plan)).await?);
        requester = Some(names.resource(conn, &Ref::new(Kind::User, &of.requester)).await?);
    } else if it.kind == ConnectionType::Follow {
        requester = Some(names.resource(conn, &it.a).await?);
    }
    let automatic = it.subscription.as_ref().is_some_and(|of| of.origin == subscription::SubscriptionOrigin::Automatic);
    let origin = match it.kind {
        ConnectionType::Membership | ConnectionType::Management => Origin::Granted,
        _ if automatic => Origin::Automatic,
        _ => Origin::Requested,
    };
    Ok(ConnectionView {
        kind: it.kind,
        a: names.resource(conn, &it.a).await?,
        b: names.resource(conn, &it.b).await?,
        role: it.role,
        environment,
        plan,
        state: it.subscription.as_ref().map_or("active", |of| word(of.state)),
        status: it.subscription.as_ref().map_or("Active", |of| of.status().as_str()),
        origin,
        requester,
        since: it.since.map(|at| at.to_string()),
        actions,
        id: it.id,
    })
}

/// Connections of an API
///
/// The API side sees all: every app that has access or has asked for it, every follower and administrator. Others see those
/// of their own apps, whether they follow it, and who administers it. What was cancelled or has expired is not listed.
#[utoipa::path(get, path = "/api/v1/apis/{id}/connections", operation_id = "api_connections", tag = "Connections",
    params(("id" = String, Path, description = "`api_...`"), ConnectionQuery),
    responses((status = 200, body = ConnectionPage), Problems))]
async fn api_connections(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(query): Params<ConnectionQuery>,
) -> Result<Answer<Page<ConnectionView>>, Fail> {
    list(&cx, End::Api(id), query).await
}

/// Connections of an app
///
/// The APIs that it may call or has asked for, its team and its followers.
#[utoipa::path(get, path = "/api/v1/apps/{id}/connections", operation_id = "app_connections", tag = "Connections",
    params(("id" = String, Path, description = "`app_...`"), ConnectionQuery),
    responses((status = 200, body = ConnectionPage), Problems))]
async fn app_connections(
    cx: Cx,
    Ident(id): Ident<id::AppId>,
    Params(query): Params<ConnectionQuery>,
) -> Result<Answer<Page<ConnectionView>>, Fail> {
    list(&cx, End::App(id), query).await
}

/// Connections of a group
///
/// Who is in it, and who follows it.
#[utoipa::path(get, path = "/api/v1/groups/{id}/connections", operation_id = "group_connections", tag = "Connections",
    params(("id" = String, Path, description = "`grp_...`"), ConnectionQuery),
    responses((status = 200, body = ConnectionPage), Problems))]
async fn group_connections(
    cx: Cx,
    Ident(id): Ident<id::GroupId>,
    Params(query): Params<ConnectionQuery>,
) -> Result<Answer<Page<ConnectionView>>, Fail> {
    list(&cx, End::Group(id), query).await
}

/// Connections of an organization
///
/// Its members and followers, the organization that manages it or those that it manages.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/connections", operation_id = "organization_connections",
    tag = "Connections", params(("id" = String, Path, description = "`org_...`"), ConnectionQuery),
    responses((status = 200, body = ConnectionPage), Problems))]
async fn organization_connections(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Params(query): Params<ConnectionQuery>,
) -> Result<Answer<Page<ConnectionView>>, Fail> {
    list(&cx, End::Organization(id), query).await
}

/// Connections of a contract
///
/// The app and the API that it ties, and, as far as the caller may see them, the people on both sides.
#[utoipa::path(get, path = "/api/v1/subscriptions/{id}/connections", operation_id = "subscription_connections",
    tag = "Connections", params(("id" = String, Path, description = "`sub_...`"), ConnectionQuery),
    responses((status = 200, body = ConnectionPage), Problems))]
async fn subscription_connections(
    cx: Cx,
    Ident(id): Ident<id::SubscriptionId>,
    Params(query): Params<ConnectionQuery>,
) -> Result<Answer<Page<ConnectionView>>, Fail> {
    cx.signed()?;
    let (it, _) = subscription::get(&cx, &id).await?;
    list(&cx, End::Subscription(Box::new(it)), query).await
}

/// Connections of a person
///
/// Of oneself all; of others what the caller sees anyway: memberships in what both belong to, access of apps that the caller
/// may see.
#[utoipa::path(get, path = "/api/v1/users/{id}/connections", operation_id = "user_connections", tag = "Connections",
    params(("id" = String, Path, description = "`usr_...`"), ConnectionQuery),
    responses((status = 200, body = ConnectionPage), Problems))]
async fn user_connections(
    cx: Cx,
    Ident(id): Ident<id::UserId>,
    Params(query): Params<ConnectionQuery>,
) -> Result<Answer<Page<ConnectionView>>, Fail> {
    cx.signed()?;
    user::find(&mut *cx.read().await?, &id).await?.ok_or_else(|| Problem::not_found("user"))?;
    list(&cx, End::User(id), query).await
}

/// My connections
///
/// The access of the apps on whose team I am, what I follow, and where I belong.
#[utoipa::path(get, path = "/api/v1/me/connections", operation_id = "my_connections", tag = "Connections",
    params(ConnectionQuery), responses((status = 200, body = ConnectionPage), Problems))]
async fn my_connections(cx: Cx, Params(query): Params<ConnectionQuery>) -> Result<Answer<Page<ConnectionView>>, Fail> {
    let me = cx.signed()?.id.clone();
    list(&cx, End::User(me), query).await
}

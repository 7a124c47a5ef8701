//! Connections: who is tied to what, from either end. A read model over subscriptions, follows and memberships.
//!
//! A connection has the same id at both ends (A02): a subscription's own, `fol_<user>_<resource>` for a follow,
//! `mem_<user>_<resource>` for a membership. Cancelled and expired subscriptions are no connections (A35).

use super::ops::{if_visible, my_apps};
use super::{Names, ResourceView};
use crate::authz::{self, Verb};
use crate::cx::{Cx, Platform};
use crate::subscription::{self, Subscription};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use crate::{api, app, follow, organization};
use base::id::Id;
use base::{Kind, Page, PageRequest, Problem, Ref, Timestamp, id};
use serde::{Deserialize, Serialize};
use snapshot::SubscriptionState;
use std::collections::BTreeSet;
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What kind of tie it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionType {
    /// An app may call an API, or has asked to.
    Subscription,
    /// A user wants news of a resource.
    Follow,
    /// A user belongs to an organization or to the team of an app.
    Membership,
}

/// How it came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody at the first end asked for it.
    Requested,
    /// Somebody at the second end gave it.
    Granted,
}

/// A tie between two ends.
#[derive(Clone, Debug)]
struct Connection {
    id: String,
    kind: ConnectionType,
    a: Ref,
    b: Ref,
    environment: Option<Ref>,
    plan: Option<Ref>,
    state: &'static str,
    status: &'static str,
    requester: Ref,
    at: Option<Timestamp>,
}

// ---- rule ----

/// Which connections somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    All,
    /// Waits for a decision or for activation (A07).
    Pending,
    Exactly(SubscriptionState),
}

const fn word(state: SubscriptionState) -> &'static str {
    match state {
        SubscriptionState::Requested => "requested",
        SubscriptionState::Approved => "approved",
        SubscriptionState::Active => "active",
        SubscriptionState::Suspended => "suspended",
        SubscriptionState::Rejected => "rejected",
        SubscriptionState::Cancelled => "cancelled",
        SubscriptionState::Expired => "expired",
    }
}

/// Those that are listed.
const LISTED: [SubscriptionState; 5] = [
    SubscriptionState::Requested,
    SubscriptionState::Approved,
    SubscriptionState::Active,
    SubscriptionState::Suspended,
    SubscriptionState::Rejected,
];

impl Wanted {
    fn parse(text: Option<&str>) -> Result<Self, Problem> {
        match text {
            None => Ok(Self::All),
            Some("pending") => Ok(Self::Pending),
            Some(text) => LISTED.into_iter().find(|s| word(*s) == text).map(Self::Exactly).ok_or_else(|| {
                let shown: String = text.chars().take(40).collect();
                let all: Vec<&str> = LISTED.into_iter().map(word).collect();
                Problem::invalid("state", format!("`{shown}` is none of pending, {}.", all.join(", ")))
            }),
        }
    }

    fn takes(self, state: SubscriptionState) -> bool {
        match self {
            Self::All => LISTED.contains(&state),
            Self::Pending => matches!(state, SubscriptionState::Requested | SubscriptionState::Approved),
            Self::Exactly(wanted) => wanted == state,
        }
    }
}

/// The page behind `after`, of connections in any order.
fn page(mut all: Vec<Connection>, kind: Option<ConnectionType>, request: &PageRequest) -> Page<Connection> {
    all.retain(|c| c.id.as_str() > request.after() && kind.is_none_or(|only| only == c.kind));
    all.sort_by(|x, y| x.id.cmp(&y.id));
    all.dedup_by(|x, y| x.id == y.id);
    Page::of(all, request.limit(), |c| c.id.clone())
}

fn of_subscription(subscription: &Subscription) -> Connection {
    Connection {
        id: subscription.id.to_string(),
        kind: ConnectionType::Subscription,
        a: Ref::new(Kind::App, &subscription.app),
        b: Ref::new(Kind::Api, &subscription.api),
        environment: Some(Ref::new(Kind::Environment, &subscription.environment)),
        plan: Some(Ref::new(Kind::Plan, &subscription.plan)),
        state: word(subscription.state),
        status: subscription.status().as_str(),
        requester: Ref::new(Kind::User, &subscription.requester),
        at: Some(subscription.created_at),
    }
}

fn of_user(kind: ConnectionType, user: &id::UserId, resource: Ref, at: Option<Timestamp>) -> Connection {
    let prefix = if kind == ConnectionType::Follow { "fol" } else { "mem" };
    Connection {
        id: format!("{prefix}_{user}_{}", resource.id),
        kind,
        a: Ref::new(Kind::User, user),
        b: resource,
        environment: None,
        plan: None,
        state: word(SubscriptionState::Active),
        status: "Active",
        requester: Ref::new(Kind::User, user),
        at,
    }
}

// ---- ops ----

/// How many subscriptions are read at once.
const STRETCH: i64 = 200;

/// Where subscriptions are read from.
enum End<'a> {
    App(&'a id::AppId),
    Api(&'a id::ApiId),
}

/// The subscriptions at one end that are wanted, by id: one more than the page needs, if there are so many.
async fn subscriptions(
    conn: &mut Conn,
    end: &End<'_>,
    request: &PageRequest,
    keep: impl Fn(&Subscription) -> bool,
) -> Result<Vec<Connection>, Problem> {
    let enough = usize::try_from(request.limit()).unwrap_or(0) + 1;
    let mut out = Vec::new();
    let mut after = request.after().to_owned();
    loop {
        let rows = match end {
            End::App(app) => subscription::of_app(conn, app, &after, STRETCH).await?,
            End::Api(api) => subscription::of_api(conn, api, &after, STRETCH).await?,
        };
        let ended = i64::try_from(rows.len()).unwrap_or(STRETCH) < STRETCH;
        if let Some(last) = rows.last() {
            after = last.id.to_string();
        }
        out.extend(rows.iter().filter(|s| keep(s)).map(of_subscription));
        if ended || out.len() >= enough {
            return Ok(out);
        }
    }
}

/// The follows of a resource; only the caller's own unless `all`.
async fn followers(cx: &Cx, conn: &mut Conn, resource: Ref, all: bool) -> Result<Vec<Connection>, Problem> {
    let followers = follow::followers(conn, resource.kind, &resource.id).await?;
    let shown = followers.into_iter().filter(|(user, _)| all || cx.is(user));
    Ok(shown.map(|(user, at)| of_user(ConnectionType::Follow, &user, resource.clone(), Some(at))).collect())
}

/// The connections of an API: all for the API side (A07), for others those of their own apps and themselves.
async fn list_of_api(
    cx: &Cx,
    id: &id::ApiId,
    wanted: Wanted,
    kind: Option<ConnectionType>,
    request: &PageRequest,
) -> Result<Page<Connection>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (_, standing) = api::visible(cx, &mut tx, id).await?;
    let api_side = authz::may(standing, Verb::ApiDecide);
    let mut all = Vec::new();
    if api_side {
        all.extend(subscriptions(&mut tx, &End::Api(id), request, |s| wanted.takes(s.state)).await?);
    } else {
        for app in ids::<id::AppId>(&my_apps(cx, &mut tx).await?) {
            let keep = |s: &Subscription| s.api == *id && wanted.takes(s.state);
            all.extend(subscriptions(&mut tx, &End::App(&app), request, keep).await?);
        }
    }
    if wanted.takes(SubscriptionState::Active) {
        all.extend(followers(cx, &mut tx, Ref::new(Kind::Api, id), api_side).await?);
    }
    Ok(page(all, kind, request))
}

/// The connections of an app.
async fn list_of_app(
    cx: &Cx,
    id: &id::AppId,
    wanted: Wanted,
    kind: Option<ConnectionType>,
    request: &PageRequest,
) -> Result<Page<Connection>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (_, standing) = app::visible(cx, &mut tx, id).await?;
    cx.may_see(standing, Verb::AppRead, "app")?;
    let mut all = subscriptions(&mut tx, &End::App(id), request, |s| wanted.takes(s.state)).await?;
    if wanted.takes(SubscriptionState::Active) {
        all.extend(followers(cx, &mut tx, Ref::new(Kind::App, id), true).await?);
    }
    Ok(page(all, kind, request))
}

/// The caller's own connections (A08): of the apps on whose team they are, what they follow, where they belong.
async fn list_mine(
    cx: &Cx,
    wanted: Wanted,
    kind: Option<ConnectionType>,
    request: &PageRequest,
) -> Result<Page<Connection>, Problem> {
    let me = &cx.signed()?.id;
    let mut tx = cx.read().await?;
    let apps = ids::<id::AppId>(&my_apps(cx, &mut tx).await?);
    let mut all = Vec::new();
    for app in &apps {
        all.extend(subscriptions(&mut tx, &End::App(app), request, |s| wanted.takes(s.state)).await?);
    }
    if wanted.takes(SubscriptionState::Active) {
        for (resource, at) in follow::of_user(&mut tx, me).await? {
            // What has become invisible is not named; GET /api/v1/me/follows lists it without its name.
            if !is_seen(cx, &mut tx, &resource).await? {
                continue;
            }
            all.push(of_user(ConnectionType::Follow, me, resource, Some(at)));
        }
        for organization in organization::of_user(&mut tx, me).await? {
            all.push(of_user(ConnectionType::Membership, me, Ref::new(Kind::Organization, &organization), None));
        }
        all.extend(apps.iter().map(|app| of_user(ConnectionType::Membership, me, Ref::new(Kind::App, app), None)));
    }
    Ok(page(all, kind, request))
}

/// Whether the caller may know of what they follow today.
async fn is_seen(cx: &Cx, conn: &mut Conn, resource: &Ref) -> Result<bool, Problem> {
    let api = id::ApiId::parse(&resource.id).ok().filter(|_| resource.kind == Kind::Api);
    let app = id::AppId::parse(&resource.id).ok().filter(|_| resource.kind == Kind::App);
    Ok(match (api, app) {
        (Some(api), _) => if_visible(api::visible(cx, conn, &api).await)?.is_some(),
        (_, Some(app)) => if_visible(app::visible(cx, conn, &app).await)?.is_some(),
        _ => false,
    })
}

fn ids<I: Id>(texts: &BTreeSet<String>) -> Vec<I> {
    texts.iter().filter_map(|text| I::parse(text).ok()).collect()
}

// ---- http ----

/// Everything about connections.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(api_connections))
        .routes(routes!(app_connections))
        .routes(routes!(my_connections))
}

/// A tie between two ends.
#[derive(Serialize, ToSchema)]
#[schema(as = Connection)]
pub struct ConnectionView {
    /// The same at both ends: `sub_...`, `fol_<user>_<resource>` or `mem_<user>_<resource>`.
    id: String,
    /// What kind of tie it is.
    #[serde(rename = "type")]
    kind: ConnectionType,
    /// The end that asks: the app of a subscription, else the user.
    a: ResourceView,
    /// The end that is asked.
    b: ResourceView,
    /// Where; of a subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<ResourceView>,
    /// Under which terms; of a subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<ResourceView>,
    /// `requested`, `approved`, `active`, `suspended` or `rejected`; follows and memberships are `active`.
    state: &'static str,
    /// As people read it: `Access Requested`, `Active`, `Rejected` or `Suspended`.
    status: &'static str,
    /// How it came to be.
    origin: Origin,
    /// Who asked for it.
    requester: ResourceView,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    at: Option<String>,
}

/// Which connections to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ConnectionQuery {
    /// `pending` (waits for a decision or for activation), `requested`, `approved`, `active`, `suspended` or `rejected`.
    state: Option<String>,
    /// `subscription`, `follow` or `membership`; all unless given.
    #[serde(rename = "type")]
    #[param(inline, rename = "type")]
    kind: Option<ConnectionType>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

impl ConnectionQuery {
    fn read(self) -> Result<(Wanted, Option<ConnectionType>, PageRequest), Problem> {
        let wanted = Wanted::parse(self.state.as_deref())?;
        Ok((wanted, self.kind, PageRequest { after: self.after, limit: self.limit }))
    }
}

/// A page of connections, by id.
#[derive(Serialize, ToSchema)]
pub struct ConnectionPage {
    items: Vec<ConnectionView>,
    next: Option<String>,
}

async fn named(conn: &mut Conn, names: &mut Names, it: Option<&Ref>) -> Result<Option<ResourceView>, Problem> {
    match it {
        Some(reference) => Ok(Some(names.resource(conn, reference).await?)),
        None => Ok(None),
    }
}

async fn show(cx: &Cx, page: Page<Connection>) -> Result<Answer<Page<ConnectionView>>, Fail> {
    let (mut tx, mut names) = (cx.read().await?, Names::default());
    let mut items = Vec::with_capacity(page.items.len());
    for it in page.items {
        items.push(ConnectionView {
            kind: it.kind,
            a: names.resource(&mut tx, &it.a).await?,
            b: names.resource(&mut tx, &it.b).await?,
            environment: named(&mut tx, &mut names, it.environment.as_ref()).await?,
            plan: named(&mut tx, &mut names, it.plan.as_ref()).await?,
            state: it.state,
            status: it.status,
            origin: if it.kind == ConnectionType::Membership { Origin::Granted } else { Origin::Requested },
            requester: names.resource(&mut tx, &it.requester).await?,
            at: it.at.map(|at| at.to_string()),
            id: it.id,
        });
    }
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// Connections of an API
///
/// The API side sees all: every app that has access or has asked for it, and every follower. Others see those of their
/// own apps, and whether they follow it. What was cancelled or has expired is not listed.
#[utoipa::path(get, path = "/api/v1/apis/{id}/connections", operation_id = "api_connections", tag = "Connections",
    params(("id" = String, Path, description = "`api_...`"), ConnectionQuery),
    responses((status = 200, body = ConnectionPage), Problems))]
async fn api_connections(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(query): Params<ConnectionQuery>,
) -> Result<Answer<Page<ConnectionView>>, Fail> {
    let (wanted, kind, request) = query.read()?;
    show(&cx, list_of_api(&cx, &id, wanted, kind, &request).await?).await
}

/// Connections of an app
///
/// The APIs that it may call or has asked for, and its followers.
#[utoipa::path(get, path = "/api/v1/apps/{id}/connections", operation_id = "app_connections", tag = "Connections",
    params(("id" = String, Path, description = "`app_...`"), ConnectionQuery),
    responses((status = 200, body = ConnectionPage), Problems))]
async fn app_connections(
    cx: Cx,
    Ident(id): Ident<id::AppId>,
    Params(query): Params<ConnectionQuery>,
) -> Result<Answer<Page<ConnectionView>>, Fail> {
    let (wanted, kind, request) = query.read()?;
    show(&cx, list_of_app(&cx, &id, wanted, kind, &request).await?).await
}

/// My connections
///
/// The subscriptions of the apps on whose team I am, what I follow, and where I am a member.
#[utoipa::path(get, path = "/api/v1/me/connections", operation_id = "my_connections", tag = "Connections",
    params(ConnectionQuery), responses((status = 200, body = ConnectionPage), Problems))]
async fn my_connections(cx: Cx, Params(query): Params<ConnectionQuery>) -> Result<Answer<Page<ConnectionView>>, Fail> {
    let (wanted, kind, request) = query.read()?;
    show(&cx, list_mine(&cx, wanted, kind, &request).await?).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use SubscriptionState::{Active, Approved, Cancelled, Expired, Rejected, Requested, Suspended};

    const ALL: [SubscriptionState; 7] = [Requested, Approved, Active, Suspended, Rejected, Cancelled, Expired];

    /// A07 A35
    #[test]
    fn what_was_cancelled_or_has_expired_is_listed_nowhere() {
        let taken = |text: Option<&str>| -> Vec<SubscriptionState> {
            let wanted = Wanted::parse(text).unwrap();
            ALL.into_iter().filter(|s| wanted.takes(*s)).collect()
        };
        assert_eq!(taken(None), [Requested, Approved, Active, Suspended, Rejected]);
        assert_eq!(taken(Some("pending")), [Requested, Approved]);
        for state in LISTED {
            assert_eq!(taken(Some(word(state))), [state]);
        }
        for bad in ["cancelled", "expired", "", "Active", "x"] {
            assert_eq!(Wanted::parse(Some(bad)).expect_err("refused").fields[0].pointer, "state", "{bad}");
        }
    }

    #[test]
    fn pages_follow_one_another_without_gap_or_repetition() {
        let user = id::UserId::from_bits(1);
        let all: Vec<Connection> = (0..7u128)
            .map(|n| of_user(ConnectionType::Follow, &user, Ref::new(Kind::Api, &id::ApiId::from_bits(n)), None))
            .rev()
            .collect();
        let mut request = PageRequest { after: None, limit: Some(3) };
        let mut seen = Vec::new();
        loop {
            let found = page(all.clone(), None, &request);
            seen.extend(found.items.into_iter().map(|c| c.id));
            match found.next {
                Some(next) => request.after = Some(next),
                None => break,
            }
        }
        let mut expected: Vec<String> = all.into_iter().map(|c| c.id).collect();
        expected.reverse();
        assert_eq!(seen, expected);
    }

    /// A02
    #[test]
    fn a_follow_has_one_id_whoever_lists_it() {
        let (user, api) = (id::UserId::from_bits(1), id::ApiId::from_bits(2));
        let follow = of_user(ConnectionType::Follow, &user, Ref::new(Kind::Api, &api), None);
        assert_eq!(follow.id, format!("fol_{user}_{api}"));
    }
}

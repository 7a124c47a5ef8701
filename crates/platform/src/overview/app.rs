//! My apps, and one app with what its page shows.

use crate::actions::{Actions, Offered, unless};
use crate::app::{self, Access, App, AppRole, AppView};
use crate::authz::{self, Verb};
use crate::cx::{Cx, Platform};
use crate::search::{Batches, Words};
use crate::subscription::{self, Status};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use crate::{follow, organization, usage};
use base::{Kind, Page, PageRequest, Problem, Timestamp, id};
use serde::{Deserialize, Serialize};
use snapshot::SubscriptionState;
use std::collections::{HashMap, HashSet};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// My apps.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(app_list)).routes(routes!(app_get))
}

/// How many subscriptions an app has, by status. Cancelled and expired ones are not counted.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct StatusCounts {
    /// `Active`.
    active: i64,
    /// `Access Requested`: undecided, or approved and not activated.
    access_requested: i64,
    /// `Suspended`.
    suspended: i64,
    /// `Rejected`.
    rejected: i64,
}

impl StatusCounts {
    /// So many more in this state.
    pub fn add(&mut self, state: SubscriptionState, number: i64) {
        let sum = match subscription::status(Some(state)) {
            Status::Active => &mut self.active,
            Status::AccessRequested => &mut self.access_requested,
            Status::Suspended => &mut self.suspended,
            Status::Rejected => &mut self.rejected,
            Status::Inactive => return,
        };
        *sum = (*sum + number).min(crate::MOST_COUNTED);
    }
}

/// An app and what the caller may do with it.
#[derive(Serialize, ToSchema)]
pub struct AppOverview {
    #[serde(flatten)]
    app: AppView,
    /// The name of its organization.
    organization_name: String,
    /// The caller's role on the team; null for whoever sees it by other means.
    role: Option<AppRole>,
    /// Its subscriptions.
    counts: StatusCounts,
    /// How many answers its team has not read.
    unread: i64,
    /// The minute of its last call, refused ones included; null if there was none.
    #[schema(format = DateTime)]
    last_call_at: Option<String>,
    /// Whether the caller follows it.
    following: bool,
    /// How many do; 1,000 stands for that many or more.
    followers: i64,
    /// Whether the caller may change it, its clients and credentials.
    may_edit: bool,
    /// Whether the caller may manage the team.
    may_manage: bool,
    /// Whether the caller may request access, suspend, resume and cancel.
    may_subscribe: bool,
    /// What the caller may do now: `request` (access), `edit`, `add_client`, `team`, `follow`, `unfollow`, `delete`.
    actions: Vec<Offered>,
}

/// What surrounds a page of apps, read at once.
struct Around {
    is_site_admin: bool,
    access: Access,
    organizations: HashMap<id::OrganizationId, String>,
    counts: HashMap<id::AppId, (StatusCounts, i64)>,
    last_calls: HashMap<String, Timestamp>,
    following: HashSet<String>,
    followers: HashMap<String, i64>,
}

impl Around {
    async fn of(cx: &Cx, conn: &mut Conn, access: Access, apps: &[App]) -> Result<Self, Problem> {
        let ids: Vec<id::AppId> = apps.iter().map(|app| app.id.clone()).collect();
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let owners: HashSet<id::OrganizationId> = apps.iter().map(|app| app.organization.clone()).collect();
        let mut counts: HashMap<id::AppId, (StatusCounts, i64)> = HashMap::new();
        for count in subscription::counts(conn, &ids).await? {
            let (sums, unread) = counts.entry(count.app).or_default();
            *unread += count.unread;
            sums.add(count.state, count.number);
        }
        Ok(Self {
            is_site_admin: cx.signed()?.site_admin,
            access,
            organizations: organization::names(conn, &owners.into_iter().collect::<Vec<_>>()).await?,
            counts,
            last_calls: usage::last_calls_of_apps(conn, &ids).await?,
            following: follow::among(conn, &cx.signed()?.id, Kind::App, &texts).await?,
            followers: follow::counts(conn, Kind::App, &texts).await?,
        })
    }

    /// Whoever manages an organization makes no clients under it (K21).
    fn may_add_client(&self, app: &App) -> bool {
        self.is_site_admin || !self.access.seats.is_reseller(&app.organization)
    }

    fn overview(&self, app: &App) -> AppOverview {
        let (standing, text) = (self.access.standing(app), app.id.to_string());
        let follows = self.following.contains(&text);
        let actions = Actions::of(standing)
            .offer("request", Verb::AppSubscribe)
            .offer("edit", Verb::AppEdit)
            .offer_if("add_client", Verb::AppEdit, unless(self.may_add_client(app), "managed"))
            .offer("team", Verb::AppManage)
            .offer_if("follow", Verb::AppRead, unless(!follows, "wrong_state"))
            .offer_if("unfollow", Verb::AppRead, unless(follows, "wrong_state"))
            .offer("delete", Verb::AppManage);
        let (counts, unread) = self.counts.get(&app.id).copied().unwrap_or_default();
        AppOverview {
            app: AppView::of(app),
            organization_name: self.organizations.get(&app.organization).cloned().unwrap_or_default(),
            role: self.access.role(&app.id),
            counts,
            unread,
            last_call_at: self.last_calls.get(&text).map(ToString::to_string),
            following: follows,
            followers: self.followers.get(&text).copied().unwrap_or(0),
            may_edit: authz::may(standing, Verb::AppEdit),
            may_manage: authz::may(standing, Verb::AppManage),
            may_subscribe: authz::may(standing, Verb::AppSubscribe),
            actions: actions.all(),
        }
    }
}

/// Which apps to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AppQuery {
    /// Those that have words beginning with all of these: in name, id or description.
    q: Option<String>,
    /// Those of this organization, `org_...`.
    #[param(value_type = Option<String>)]
    organization: Option<id::OrganizationId>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of apps.
#[derive(Serialize, ToSchema)]
pub struct AppPage {
    items: Vec<AppOverview>,
    next: Option<String>,
}

/// My apps
///
/// Those on whose team the caller is, and those of the caller's organizations.
#[utoipa::path(get, path = "/api/v1/apps", operation_id = "app_list", tag = "Apps", params(AppQuery),
    responses((status = 200, body = AppPage), Problems))]
async fn app_list(cx: Cx, Params(query): Params<AppQuery>) -> Result<Answer<Page<AppOverview>>, Fail> {
    cx.signed()?;
    let page = PageRequest { after: query.after, limit: query.limit };
    crate::cursor::<id::AppId>(&page)?;
    let mut tx = cx.read().await?;
    let access = Access::of(&cx, &mut tx).await?;
    let mut batches = Batches::new(Kind::App, Words::of(query.q.as_deref())?, page.after());
    let (most, mut rows, wanted) = (page.limit() + 1, Vec::new(), query.organization.as_ref());
    while let Some(missing) = crate::missing(&rows, most)
        && let Some(batch) = batches.next(&mut tx, missing).await?
    {
        let found = app::page(&cx, &mut tx, &access, wanted, batch.ids.as_deref(), batch.place()).await?;
        rows.extend(batches.keep(&mut tx, found, |app| app.id.to_string()).await?);
    }
    let page = batches.page(rows, page.limit(), |app| app.id.to_string());
    let around = Around::of(&cx, &mut tx, access, &page.items).await?;
    Ok(Answer::ok(page.map(|app| around.overview(&app))))
}

/// One app
#[utoipa::path(get, path = "/api/v1/apps/{id}", operation_id = "app_get", tag = "Apps",
    params(("id" = String, Path, description = "`app_...`")), responses((status = 200, body = AppOverview), Problems))]
async fn app_get(cx: Cx, Ident(id): Ident<id::AppId>) -> Result<Answer<AppOverview>, Fail> {
    let mut tx = cx.read().await?;
    let (app, _) = app::visible(&cx, &mut tx, &id).await?;
    let access = Access::of(&cx, &mut tx).await?;
    let around = Around::of(&cx, &mut tx, access, std::slice::from_ref(&app)).await?;
    Ok(Answer::ok(around.overview(&app)).version(app.version))
}

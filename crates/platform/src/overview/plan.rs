//! Plans and limit groups with what names them.

use crate::actions::{Actions, Offered, unless};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Platform};
use crate::names::Named;
use crate::plan::{self, LimitGroup, LimitGroupView, Plan, PlanView};
use crate::web::{Answer, Fail, Ident, PageParams, Params, Problems};
use crate::{api, app, organization, subscription};
use base::{Page, PageRequest, Problem, id};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Plans and limit groups as pages show them.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(plan_list))
        .routes(routes!(plan_get))
        .routes(routes!(limit_group_list))
        .routes(routes!(limit_group_get))
}

/// A plan with what names it.
#[derive(Serialize, ToSchema)]
pub struct PlanOverview {
    #[serde(flatten)]
    plan: PlanView,
    /// The name of its organization; null means shared by all.
    organization_name: Option<String>,
    /// The name of its limit group; null means no cap.
    limit_group_name: Option<String>,
    /// The APIs that have chosen to offer it, as far as the caller may see them. APIs that have chosen none offer it too.
    apis: Vec<Named>,
    /// How many subscriptions under it are not over; 1,000 stands for that many or more. Only for those who may change
    /// it.
    subscriptions: Option<i64>,
    /// What the caller may do now: `edit`, `retire` (nobody subscribes under it any more; `wrong_state` once it is),
    /// `restore`, `delete` (`in_use` while an API or a subscription, also one that is over, names it).
    actions: Vec<Offered>,
}

/// A limit group with what names it.
#[derive(Serialize, ToSchema)]
pub struct LimitGroupOverview {
    #[serde(flatten)]
    group: LimitGroupView,
    /// The name of its organization; null means shared by all.
    organization_name: Option<String>,
    /// The plans that name it, as far as the caller may see them.
    plans: Vec<Named>,
    /// What the caller may do now: `edit`, `delete` (`in_use` while a plan names it).
    actions: Vec<Offered>,
}

/// How the caller stands to what belongs to this organization or to nobody, and what writing it takes.
fn writing(cx: &Cx, seats: &organization::Seats, owner: Option<&id::OrganizationId>) -> (Standing, Verb) {
    match owner {
        Some(id) => (seats.standing(id), Verb::OrganizationProvide),
        None => (cx.standing(), Verb::PlatformSettings),
    }
}

/// The names of the organizations that own these.
async fn owners<'a>(
    conn: &mut Conn,
    of: impl Iterator<Item = Option<&'a id::OrganizationId>>,
) -> Result<HashMap<id::OrganizationId, String>, Problem> {
    let ids: BTreeSet<_> = of.flatten().cloned().collect();
    organization::names(conn, &ids.into_iter().collect::<Vec<_>>()).await
}

async fn plans(cx: &Cx, conn: &mut Conn, all: &[Plan]) -> Result<Vec<PlanOverview>, Problem> {
    let access = api::Access::of(cx, conn).await?;
    let ids: Vec<id::PlanId> = all.iter().map(|p| p.id.clone()).collect();
    let groups: BTreeSet<_> = all.iter().filter_map(|p| p.limit_group.clone()).collect();
    let groups = plan::limit_group_names(conn, &groups.into_iter().collect::<Vec<_>>()).await?;
    let owners = owners(conn, all.iter().map(|p| p.organization.as_ref())).await?;
    let under = subscription::under_plans(conn, &ids).await?;
    let offering = api::offering(conn, &ids).await?;
    let named: BTreeSet<_> = offering.iter().map(|(_, api)| api.clone()).collect();
    let seen = api::among(conn, &named.into_iter().collect::<Vec<_>>()).await?;
    let seen: HashMap<_, _> = seen.into_iter().filter(|a| access.sees(a)).map(|a| (a.id, a.name)).collect();
    let overview = |p: &Plan| {
        let offered: Vec<&id::ApiId> = offering.iter().filter(|(plan, _)| *plan == p.id).map(|(_, api)| api).collect();
        let (used, live) = under.get(&p.id).copied().unwrap_or((false, 0));
        let (standing, verb) = writing(cx, &access.seats, p.organization.as_ref());
        let free = offered.is_empty() && !used;
        let named = |api: &id::ApiId| Some(Named { id: api.to_string(), name: seen.get(api)?.clone() });
        PlanOverview {
            plan: p.view(),
            organization_name: p.organization.as_ref().and_then(|o| owners.get(o).cloned()),
            limit_group_name: p.limit_group.as_ref().and_then(|g| groups.get(g).cloned()),
            apis: offered.into_iter().filter_map(named).collect(),
            subscriptions: crate::authz::may(standing, verb).then_some(live),
            actions: Actions::of(standing)
                .offer("edit", verb)
                .offer_if("retire", verb, unless(p.retired_at.is_none(), "wrong_state"))
                .offer_if("restore", verb, unless(p.retired_at.is_some(), "wrong_state"))
                .offer_if("delete", verb, unless(free, "in_use"))
                .all(),
        }
    };
    Ok(all.iter().map(overview).collect())
}

async fn limit_groups(cx: &Cx, conn: &mut Conn, all: &[LimitGroup]) -> Result<Vec<LimitGroupOverview>, Problem> {
    let seats = organization::Seats::of(cx, conn).await?;
    let ids: Vec<id::LimitGroupId> = all.iter().map(|g| g.id.clone()).collect();
    let owners = owners(conn, all.iter().map(|g| g.organization.as_ref())).await?;
    let under = plan::under(conn, &ids).await?;
    let overview = |g: &LimitGroup| {
        let naming: Vec<&Plan> = under.iter().filter(|p| p.limit_group.as_ref() == Some(&g.id)).collect();
        let (standing, verb) = writing(cx, &seats, g.organization.as_ref());
        LimitGroupOverview {
            group: g.view(),
            organization_name: g.organization.as_ref().and_then(|o| owners.get(o).cloned()),
            actions: Actions::of(standing)
                .offer("edit", verb)
                .offer_if("delete", verb, unless(naming.is_empty(), "in_use"))
                .all(),
            plans: naming
                .into_iter()
                .filter(|p| p.organization.as_ref().is_none_or(|o| reads(&seats, o)))
                .map(|p| Named { id: p.id.to_string(), name: p.name.clone() })
                .collect(),
        }
    };
    Ok(all.iter().map(overview).collect())
}

/// Whether the caller is one of the people of this organization.
pub(super) fn reads(seats: &organization::Seats, id: &id::OrganizationId) -> bool {
    crate::authz::may(seats.standing(id), Verb::OrganizationRead)
}

/// Whether the caller may know of a plan: it is shared, their organization's, offered by an API that they may see, or one
/// of the apps that they see is or was subscribed under it.
async fn sees(cx: &Cx, conn: &mut Conn, access: &app::Access, found: &Plan) -> Result<bool, Problem> {
    let Some(owner) = &found.organization else { return Ok(true) };
    if reads(&access.seats, owner) || api::offered_to_caller(cx, conn, found).await? {
        return Ok(true);
    }
    match app::seen(cx, conn, access).await? {
        Some(apps) => subscription::under_plan(conn, &found.id, &apps).await,
        None => Ok(true),
    }
}

/// A plan that the caller may know of. To others it is not there.
///
/// # Errors
/// 401, 404.
pub async fn readable_plan(cx: &Cx, conn: &mut Conn, id: &id::PlanId) -> Result<Plan, Problem> {
    cx.may(cx.standing(), Verb::PlanRead)?;
    let found = plan::find(conn, id).await?.ok_or_else(|| Problem::not_found("plan"))?;
    let access = app::Access::of(cx, conn).await?;
    if sees(cx, conn, &access, &found).await? { Ok(found) } else { Err(Problem::not_found("plan")) }
}

/// A limit group that is shared, the caller's organization's, or named by a plan that they may know of.
///
/// # Errors
/// 401, 404.
pub async fn readable_limit_group(cx: &Cx, conn: &mut Conn, id: &id::LimitGroupId) -> Result<LimitGroup, Problem> {
    cx.may(cx.standing(), Verb::PlanRead)?;
    let found = plan::find_limit_group(conn, id).await?.ok_or_else(|| Problem::not_found("limit group"))?;
    let Some(owner) = &found.organization else { return Ok(found) };
    let access = app::Access::of(cx, conn).await?;
    if reads(&access.seats, owner) {
        return Ok(found);
    }
    for naming in plan::under(conn, std::slice::from_ref(id)).await? {
        if sees(cx, conn, &access, &naming).await? {
            return Ok(found);
        }
    }
    Err(Problem::not_found("limit group"))
}

/// A page of plans.
#[derive(Serialize, ToSchema)]
pub struct PlanPage {
    items: Vec<PlanOverview>,
    next: Option<String>,
}

/// Plans
///
/// Those that are shared and those of the caller's organizations; all of them for a site administrator.
#[utoipa::path(get, path = "/api/v1/plans", operation_id = "plan_list", tag = "Plans", params(PageParams),
    responses((status = 200, body = PlanPage), Problems))]
async fn plan_list(cx: Cx, Params(page): Params<PageParams>) -> Result<Answer<Page<PlanOverview>>, Fail> {
    let request: PageRequest = page.into();
    crate::cursor::<id::PlanId>(&request)?;
    let page = plan::list(&cx, &request).await?;
    let items = plans(&cx, &mut *cx.read().await?, &page.items).await?;
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// One plan
///
/// For members of its organization, for whoever may see an API that offers it, and for whoever is or was subscribed under
/// it; one that is shared for anybody who has signed in.
#[utoipa::path(get, path = "/api/v1/plans/{id}", operation_id = "plan_get", tag = "Plans",
    params(("id" = String, Path, description = "`pln_...`")), responses((status = 200, body = PlanOverview), Problems))]
async fn plan_get(cx: Cx, Ident(id): Ident<id::PlanId>) -> Result<Answer<PlanOverview>, Fail> {
    let mut tx = cx.read().await?;
    let found = readable_plan(&cx, &mut tx, &id).await?;
    let shown = plans(&cx, &mut tx, std::slice::from_ref(&found)).await?.pop();
    Ok(Answer::ok(shown.ok_or_else(|| Problem::not_found("plan"))?).version(found.version))
}

/// A page of limit groups.
#[derive(Serialize, ToSchema)]
pub struct LimitGroupPage {
    items: Vec<LimitGroupOverview>,
    next: Option<String>,
}

/// Limit groups
///
/// Those that are shared and those of the caller's organizations; all of them for a site administrator.
#[utoipa::path(get, path = "/api/v1/limit_groups", operation_id = "limit_group_list", tag = "Plans", params(PageParams),
    responses((status = 200, body = LimitGroupPage), Problems))]
async fn limit_group_list(cx: Cx, Params(page): Params<PageParams>) -> Result<Answer<Page<LimitGroupOverview>>, Fail> {
    let request: PageRequest = page.into();
    crate::cursor::<id::LimitGroupId>(&request)?;
    let page = plan::list_limit_groups(&cx, &request).await?;
    let items = limit_groups(&cx, &mut *cx.read().await?, &page.items).await?;
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// One limit group
///
/// For members of its organization and for whoever may see a plan that names it; one that is shared for anybody who has
/// signed in.
#[utoipa::path(get, path = "/api/v1/limit_groups/{id}", operation_id = "limit_group_get", tag = "Plans",
    params(("id" = String, Path, description = "`lim_...`")),
    responses((status = 200, body = LimitGroupOverview), Problems))]
async fn limit_group_get(cx: Cx, Ident(id): Ident<id::LimitGroupId>) -> Result<Answer<LimitGroupOverview>, Fail> {
    let mut tx = cx.read().await?;
    let found = readable_limit_group(&cx, &mut tx, &id).await?;
    let shown = limit_groups(&cx, &mut tx, std::slice::from_ref(&found)).await?.pop();
    Ok(Answer::ok(shown.ok_or_else(|| Problem::not_found("limit group"))?).version(found.version))
}

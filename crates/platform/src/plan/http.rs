//! Writing plans and limit groups over HTTP. They are shown where what names them is known: in `overview`.

use super::{LimitGroup, Plan, ops};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Body, Done, Fail, Ident, Problems, Written};
use base::id;
use serde::Serialize;
use snapshot::Window;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about plans and limit groups.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(plan_create))
        .routes(routes!(plan_edit, plan_remove))
        .routes(routes!(plan_retire))
        .routes(routes!(plan_restore))
        .routes(routes!(limit_group_create))
        .routes(routes!(limit_group_edit, limit_group_remove))
}

/// At most `count` calls in each stretch of `seconds`, aligned to the epoch in UTC.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Window)]
pub struct WindowView {
    /// Calls allowed in one stretch.
    pub count: u64,
    /// Length of a stretch in seconds; stretches of whole weeks begin on Mondays.
    pub seconds: u64,
}

fn windows(windows: &[Window]) -> Vec<WindowView> {
    windows.iter().map(|w| WindowView { count: w.count, seconds: w.seconds }).collect()
}

/// What a consumer subscribes under.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
pub struct PlanView {
    /// `pln_...`; never changes.
    pub id: String,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Whether APIs that are created from now on offer it.
    pub default: bool,
    /// `lim_...`: what caps calls under it; null means no cap.
    pub limit_group: Option<String>,
    /// The windows of that limit group; all of them hold.
    pub limits: Vec<WindowView>,
    /// Whether subscriptions under it wait for a decision.
    pub requires_approval: bool,
    /// `org_...`: whose it is; null means shared by all.
    pub organization: Option<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Since when nobody can subscribe under it any more, RFC 3339; those who have go on. Null: it can be offered.
    #[schema(format = DateTime)]
    pub retired_at: Option<String>,
}

impl Plan {
    /// The plan as people and programs see it.
    pub fn view(&self) -> PlanView {
        PlanView {
            id: self.id.to_string(),
            name: self.name.clone(),
            description: self.description.clone(),
            default: self.default,
            limit_group: self.limit_group.as_ref().map(ToString::to_string),
            limits: windows(&self.limits),
            requires_approval: self.requires_approval,
            organization: self.organization.as_ref().map(ToString::to_string),
            created_at: self.created_at.to_string(),
            retired_at: self.retired_at.map(|at| at.to_string()),
        }
    }
}

/// Create a plan
///
/// In an organization for those who may provide APIs there; without one it is shared, which is for site
/// administrators.
#[utoipa::path(post, path = "/api/v1/plans", operation_id = "plan_create", tag = "Plans", request_body = ops::NewPlan,
    responses((status = 201, body = Written<PlanView>), Problems))]
async fn plan_create(cx: Cx, Body(body): Body<ops::NewPlan>) -> Result<Answer<Written<PlanView>>, Fail> {
    let (plan, change) = ops::create(&cx, body).await?;
    let location = format!("/api/v1/plans/{}", plan.id);
    Ok(Answer::created(location, Written { value: plan.view(), change }).version(plan.version))
}

/// Change a plan
///
/// Another limit group holds from the next call. `default` and `requires_approval` hold for what is created and
/// requested from now on. The id never changes.
#[utoipa::path(patch, path = "/api/v1/plans/{id}", operation_id = "plan_edit", tag = "Plans",
    params(("id" = String, Path, description = "`pln_...`")), request_body = ops::PlanEdit,
    responses((status = 200, body = Written<PlanView>), Problems))]
async fn plan_edit(
    cx: Cx,
    Ident(id): Ident<id::PlanId>,
    Body(body): Body<ops::PlanEdit>,
) -> Result<Answer<Written<PlanView>>, Fail> {
    let (plan, change) = ops::edit(&cx, &id, body).await?;
    Ok(Answer::ok(Written { value: plan.view(), change }).version(plan.version))
}

/// Retire a plan
///
/// Nobody subscribes under it from now on, new APIs do not offer it and no connection comes about under it; subscriptions
/// that are there go on unchanged.
#[utoipa::path(post, path = "/api/v1/plans/{id}/retire", operation_id = "plan_retire", tag = "Plans",
    params(("id" = String, Path, description = "`pln_...`")),
    responses((status = 200, body = Written<PlanView>), Problems))]
async fn plan_retire(cx: Cx, Ident(id): Ident<id::PlanId>) -> Result<Answer<Written<PlanView>>, Fail> {
    let (plan, change) = ops::retire(&cx, &id, true).await?;
    Ok(Answer::ok(Written { value: plan.view(), change }).version(plan.version))
}

/// Bring a retired plan back
#[utoipa::path(post, path = "/api/v1/plans/{id}/restore", operation_id = "plan_restore", tag = "Plans",
    params(("id" = String, Path, description = "`pln_...`")),
    responses((status = 200, body = Written<PlanView>), Problems))]
async fn plan_restore(cx: Cx, Ident(id): Ident<id::PlanId>) -> Result<Answer<Written<PlanView>>, Fail> {
    let (plan, change) = ops::retire(&cx, &id, false).await?;
    Ok(Answer::ok(Written { value: plan.view(), change }).version(plan.version))
}

/// Delete a plan
///
/// 409 while an API offers it or a subscription, also one that has ended, names it.
#[utoipa::path(delete, path = "/api/v1/plans/{id}", operation_id = "plan_remove", tag = "Plans",
    params(("id" = String, Path, description = "`pln_...`")), responses((status = 200, body = Done), Problems))]
async fn plan_remove(cx: Cx, Ident(id): Ident<id::PlanId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove(&cx, &id).await? }))
}

/// Windows that cap calls; all of them hold at once.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LimitGroup)]
pub struct LimitGroupView {
    /// `lim_...`; never changes.
    pub id: String,
    /// For people.
    pub name: String,
    /// All of them hold.
    pub windows: Vec<WindowView>,
    /// `org_...`: whose it is; null means shared by all.
    pub organization: Option<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl LimitGroup {
    /// The limit group as people and programs see it.
    pub fn view(&self) -> LimitGroupView {
        LimitGroupView {
            id: self.id.to_string(),
            name: self.name.clone(),
            windows: windows(&self.windows),
            organization: self.organization.as_ref().map(ToString::to_string),
            created_at: self.created_at.to_string(),
        }
    }
}

/// Create a limit group
///
/// Calls are counted for each app and environment, across all plans that name the group. In an organization for those
/// who may provide APIs there; without one it is shared, which is for site administrators.
#[utoipa::path(post, path = "/api/v1/limit_groups", operation_id = "limit_group_create", tag = "Plans",
    request_body = ops::NewLimitGroup, responses((status = 201, body = Written<LimitGroupView>), Problems))]
async fn limit_group_create(
    cx: Cx,
    Body(body): Body<ops::NewLimitGroup>,
) -> Result<Answer<Written<LimitGroupView>>, Fail> {
    let (group, change) = ops::create_limit_group(&cx, body).await?;
    let location = format!("/api/v1/limit_groups/{}", group.id);
    Ok(Answer::created(location, Written { value: group.view(), change }).version(group.version))
}

/// Change a limit group
///
/// Its windows hold from the next call for every plan that names it. The id never changes.
#[utoipa::path(patch, path = "/api/v1/limit_groups/{id}", operation_id = "limit_group_edit", tag = "Plans",
    params(("id" = String, Path, description = "`lim_...`")), request_body = ops::LimitGroupEdit,
    responses((status = 200, body = Written<LimitGroupView>), Problems))]
async fn limit_group_edit(
    cx: Cx,
    Ident(id): Ident<id::LimitGroupId>,
    Body(body): Body<ops::LimitGroupEdit>,
) -> Result<Answer<Written<LimitGroupView>>, Fail> {
    let (group, change) = ops::edit_limit_group(&cx, &id, body).await?;
    Ok(Answer::ok(Written { value: group.view(), change }).version(group.version))
}

/// Delete a limit group
///
/// 409 while a plan names it; the answer lists the plans.
#[utoipa::path(delete, path = "/api/v1/limit_groups/{id}", operation_id = "limit_group_remove", tag = "Plans",
    params(("id" = String, Path, description = "`lim_...`")), responses((status = 200, body = Done), Problems))]
async fn limit_group_remove(cx: Cx, Ident(id): Ident<id::LimitGroupId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove_limit_group(&cx, &id).await? }))
}

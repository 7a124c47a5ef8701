//! APIs over HTTP.

use super::{Activation, Admission, Api, Approval, AutoConnect, Visibility, ops};
use crate::actions::Offered;
use crate::cx::{Cx, Platform};
use crate::environment::Environment;
use crate::names::Named;
use crate::web::{Answer, Body, Done, Fail, Ident, PageParams, Params, Problems, Written, parse_id};
use axum::extract::Path;
use base::{Page, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about APIs, their versions aside.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(api_create))
        .routes(routes!(api_edit))
        .routes(routes!(administrator_appoint, administrator_dismiss))
        .routes(routes!(plans_set))
        .routes(routes!(admission_set))
        .routes(routes!(auto_connect_set))
        .routes(routes!(tag_list))
}

/// What a provider publishes.
#[derive(Serialize, ToSchema)]
#[schema(as = Api)]
pub struct ApiView {
    /// `api_...`
    pub id: String,
    /// The provider, `org_...`.
    pub organization: String,
    /// First path segment of its calls.
    pub slug: String,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Who may know of it.
    pub visibility: Visibility,
    /// Whether only subscribers may call.
    pub subscription_required: bool,
    /// `prf_...`: what fences its designers; only for those who may change it, and absent where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Words by which people find it, in order.
    pub tags: Vec<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl ApiView {
    /// The API as people and programs see it.
    pub fn of(api: &Api, tags: Vec<String>) -> Self {
        Self {
            id: api.id.to_string(),
            organization: api.organization.to_string(),
            slug: api.slug.clone(),
            name: api.name.clone(),
            description: api.description.clone(),
            visibility: api.visibility,
            subscription_required: api.subscription_required,
            profile: None,
            tags,
            created_at: api.created_at.to_string(),
        }
    }

    /// The API as those see it who may change it.
    pub fn designed(api: &Api, tags: Vec<String>) -> Self {
        Self { profile: api.profile.as_ref().map(ToString::to_string), ..Self::of(api, tags) }
    }
}

/// Whether new apps are connected by themselves, in one environment.
#[derive(Serialize, ToSchema)]
#[schema(as = AutoConnect)]
pub struct AutoConnectView {
    /// Whether they are.
    pub enabled: bool,
    /// Under which terms.
    pub plan: Option<Named>,
    /// Why nothing is connected though it is enabled: `agreement` (the API has a text that somebody would have to accept),
    /// `plan_not_offered` (the API does not offer the plan any more, or it has been retired).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rests: Option<&'static str>,
    /// What the caller may do now: `turn_on` (and choose the plan), for site administrators; `turn_off`.
    pub actions: Vec<Offered>,
}

/// How subscribers get in, in one environment.
#[derive(Serialize, ToSchema)]
#[schema(as = Admission)]
pub struct AdmissionView {
    /// `env_...`
    pub environment: String,
    /// Its word in URLs.
    pub environment_slug: String,
    /// Its name, for people.
    pub environment_name: String,
    /// Whether somebody must approve.
    pub approval: Approval,
    /// Whether it activates by itself.
    pub activation: Activation,
    /// Whether new apps are connected by themselves.
    pub auto_connect: AutoConnectView,
    /// The public base URL of the API there; a version's name follows. `http://127.0.0.1:8000/sandbox/orders`
    pub url: String,
}

impl AdmissionView {
    /// How an API lets subscribers in there.
    pub fn of(
        api: &Api,
        environment: &Environment,
        admission: Admission,
        auto_connect: AutoConnectView,
        gateway_url: &str,
    ) -> Self {
        Self {
            environment: environment.id.to_string(),
            environment_slug: environment.slug.clone(),
            environment_name: environment.name.clone(),
            approval: admission.approval,
            activation: admission.activation,
            auto_connect,
            url: format!("{}/{}", environment.base_url(gateway_url), api.slug),
        }
    }
}

/// Create an API
///
/// The creator becomes its first administrator; plans marked as default are offered at once.
#[utoipa::path(post, path = "/api/v1/apis", operation_id = "api_create", tag = "APIs", request_body = ops::NewApi,
    responses((status = 201, body = Written<ApiView>), Problems))]
async fn api_create(cx: Cx, Body(body): Body<ops::NewApi>) -> Result<Answer<Written<ApiView>>, Fail> {
    let (api, change) = ops::create(&cx, body).await?;
    let location = format!("/api/v1/apis/{}", api.id);
    let tags = super::tags(&mut *cx.read().await?, &api).await?;
    Ok(Answer::created(location, Written { value: ApiView::designed(&api, tags), change }).version(api.version))
}

/// Change an API
#[utoipa::path(patch, path = "/api/v1/apis/{id}", operation_id = "api_edit", tag = "APIs",
    params(("id" = String, Path, description = "`api_...`")), request_body = ops::ApiEdit,
    responses((status = 200, body = Written<ApiView>), Problems))]
async fn api_edit(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Body(body): Body<ops::ApiEdit>,
) -> Result<Answer<Written<ApiView>>, Fail> {
    let (api, change) = ops::edit(&cx, &id, body).await?;
    let tags = super::tags(&mut *cx.read().await?, &api).await?;
    Ok(Answer::ok(Written { value: ApiView::designed(&api, tags), change }).version(api.version))
}

/// Appoint an API administrator
#[utoipa::path(put, path = "/api/v1/apis/{id}/administrators/{user}", operation_id = "api_administrator_appoint",
    tag = "APIs", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`api_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn administrator_appoint(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "API")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_administrator(&cx, &id, &user, true).await? }))
}

/// Dismiss an API administrator
///
/// The last one stays.
#[utoipa::path(delete, path = "/api/v1/apis/{id}/administrators/{user}", operation_id = "api_administrator_dismiss",
    tag = "APIs", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`api_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn administrator_dismiss(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "API")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_administrator(&cx, &id, &user, false).await? }))
}

/// The plans to offer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferedPlans {
    /// `pln_...` each; empty means every plan the provider could offer.
    #[schema(value_type = Vec<String>)]
    plans: Vec<id::PlanId>,
}

/// Choose the plans that consumers may subscribe under
#[utoipa::path(put, path = "/api/v1/apis/{id}/plans", operation_id = "api_plans_set", tag = "APIs",
    params(("id" = String, Path, description = "`api_...`")), request_body = OfferedPlans,
    responses((status = 200, body = Done), Problems))]
async fn plans_set(cx: Cx, Ident(id): Ident<id::ApiId>, Body(body): Body<OfferedPlans>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::set_plans(&cx, &id, &body.plans).await? }))
}

/// How subscribers get in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdmissionRule {
    /// Whether somebody must approve, whatever the plan says.
    approval: Approval,
    /// Whether an approved subscription activates by itself.
    activation: Activation,
}

/// Say how subscribers get in, in one environment
///
/// A plan that requires approval requires it everywhere; `approval: manual` requires it for every plan here.
#[utoipa::path(put, path = "/api/v1/apis/{id}/environments/{environment}", operation_id = "api_admission_set", tag = "APIs",
    params(("id" = String, Path, description = "`api_...`"),
           ("environment" = String, Path, description = "`env_...` or its slug")),
    request_body = AdmissionRule, responses((status = 200, body = Done), Problems))]
async fn admission_set(
    cx: Cx,
    Path((id, environment)): Path<(String, String)>,
    Body(body): Body<AdmissionRule>,
) -> Result<Answer<Done>, Fail> {
    let id = parse_id(&id, "API")?;
    let admission = Admission { approval: body.approval, activation: body.activation };
    Ok(Answer::ok(Done { change: ops::set_admission(&cx, &id, &environment, admission).await? }))
}

/// Whether to connect new apps.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AutoConnectRule {
    /// Whether new apps are connected to the API by themselves.
    enabled: bool,
    /// Under which plan, `pln_...`, one that the API offers; needed while it is enabled.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    plan: Option<id::PlanId>,
}

/// Say whether new apps are connected by themselves, in one environment
///
/// A site administrator turns it on and chooses the plan; whoever may change the API turns it off. At most 50 APIs connect
/// new apps in an environment.
///
/// From now on whoever creates an app and sees the API has it connected in the same step, as if they had asked for access
/// under this plan: it waits for approval and activation like any other request. Nothing is connected while the API has an
/// active agreement, because nobody would have accepted it; `rests` says so.
#[utoipa::path(put, path = "/api/v1/apis/{id}/environments/{environment}/auto_connect",
    operation_id = "api_auto_connect_set", tag = "APIs",
    params(("id" = String, Path, description = "`api_...`"),
           ("environment" = String, Path, description = "`env_...` or its slug")),
    request_body = AutoConnectRule, responses((status = 200, body = Done), Problems))]
async fn auto_connect_set(
    cx: Cx,
    Path((id, environment)): Path<(String, String)>,
    Body(body): Body<AutoConnectRule>,
) -> Result<Answer<Done>, Fail> {
    let id = parse_id(&id, "API")?;
    let new = AutoConnect { enabled: body.enabled, plan: body.plan };
    Ok(Answer::ok(Done { change: ops::set_auto_connect(&cx, &id, &environment, new).await? }))
}

/// A tag, and how many APIs have it.
#[derive(Serialize, ToSchema)]
pub struct TagCount {
    /// The word.
    tag: String,
    /// How many APIs have it, of those that the caller may see.
    apis: i64,
}

/// A page of tags.
#[derive(Serialize, ToSchema)]
pub struct TagPage {
    items: Vec<TagCount>,
    next: Option<String>,
}

/// Tags of the catalogue
///
/// In their order, with how many APIs have each. Only APIs that the caller may see count.
#[utoipa::path(get, path = "/api/v1/tags", operation_id = "tag_list", tag = "APIs", params(PageParams),
    responses((status = 200, body = TagPage), Problems), security((), ("personal_token" = [])))]
async fn tag_list(cx: Cx, Params(page): Params<PageParams>) -> Result<Answer<Page<TagCount>>, Fail> {
    let page = super::tag::count(&cx, &page.into()).await?;
    Ok(Answer::ok(page.map(|(tag, apis)| TagCount { tag, apis })))
}

//! The data of another system over HTTP: one address for each noun of its document, and one for many things at once.

use super::bundle::{Bundle, Document, Written};
use super::shape::{ApiDeveloper, ApiProfile, Application, Partner, RateLimitGroup, SubscriptionPlan};
use super::{Noun, Outcome, ops};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Body, Fail, PageParams, Params, Problems};
use axum::extract::{DefaultBodyLimit, Path};
use base::{Change, Page, PageRequest, Problem, Ref};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The largest body, in bytes: certificates are long, and a bundle has many things.
const MOST_BODY: usize = 4 * 1024 * 1024;

/// Everything that is read and written in the words of the other system.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(ceptor_group_list))
        .routes(routes!(ceptor_group_get, ceptor_group_import))
        .routes(routes!(ceptor_plan_list))
        .routes(routes!(ceptor_plan_get, ceptor_plan_import))
        .routes(routes!(ceptor_profile_list))
        .routes(routes!(ceptor_profile_get, ceptor_profile_import))
        .routes(routes!(ceptor_partner_list))
        .routes(routes!(ceptor_partner_get, ceptor_partner_import))
        .routes(routes!(ceptor_application_list))
        .routes(routes!(ceptor_application_get, ceptor_application_import))
        .routes(routes!(ceptor_developer_list))
        .routes(routes!(ceptor_developer_get, ceptor_developer_import))
        .routes(routes!(ceptor_bundle_get, ceptor_bundle_import))
        .layer(DefaultBodyLimit::max(MOST_BODY))
}

/// Whether to try only.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ImportParams {
    /// `true`: say what would change, and write nothing.
    dry_run: Option<bool>,
}

/// Whether to try only, and which subscriptions are meant.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PlacedImportParams {
    /// `true`: say what would change, and write nothing.
    dry_run: Option<bool>,
    /// The environment whose subscriptions are meant, by id or word; `production` unless given.
    environment: Option<String>,
}

/// Which subscriptions are meant.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Place {
    /// The environment whose subscriptions are meant, by id or word; `production` unless given.
    environment: Option<String>,
}

/// Which page, and which subscriptions are meant.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PlacedPage {
    /// The environment whose subscriptions are meant, by id or word; `production` unless given.
    environment: Option<String>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

impl PlacedPage {
    fn page(&self) -> PageRequest {
        PageRequest { after: self.after.clone(), limit: self.limit }
    }
}

/// A step of an import.
#[derive(Serialize, ToSchema)]
pub struct ImportStep {
    /// What it did, or would do: the verb of the entry in the log.
    verb: &'static str,
    /// To what.
    #[schema(value_type = ImportSubject)]
    subject: Ref,
    /// Before and after, as in the log.
    #[schema(value_type = Object)]
    detail: Value,
}

/// What a step is about.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a reference in the document of this interface")]
pub struct ImportSubject {
    /// `app`, `client`, `subscription`, ...
    kind: String,
    /// Its id.
    id: String,
}

fn steps(changes: &[Change]) -> Vec<ImportStep> {
    let step = |c: &Change| ImportStep { verb: c.verb, subject: c.subject.clone(), detail: c.detail.clone() };
    changes.iter().map(step).collect()
}

/// What an import did, or would do.
#[derive(Serialize, ToSchema)]
pub struct Imported {
    /// What became of it, or would.
    outcome: Outcome,
    /// Each step; none where nothing is different.
    changes: Vec<ImportStep>,
    /// The number of the change; null where nothing was written.
    change: Option<i64>,
}

async fn put(
    cx: &Cx,
    key: &str,
    document: Document,
    dry: Option<bool>,
    place: Option<&str>,
) -> Result<Answer<Imported>, Fail> {
    cx.fresh()?;
    let done = ops::import(cx, key, document, place, dry.unwrap_or(false)).await?;
    Ok(Answer::ok(Imported { outcome: done.outcome, changes: steps(&done.changes), change: done.seq }))
}

/// A page of them.
#[derive(Serialize, ToSchema)]
#[schema(as = CeptorRateLimitGroupPage)]
pub struct RateLimitGroupPage {
    items: Vec<RateLimitGroup>,
    next: Option<String>,
}

/// Rate limit groups, as Ceptor writes them
///
/// Those that are shared or of the caller's organizations.
#[utoipa::path(get, path = "/api/v1/ceptor/ratelimit_groups", operation_id = "ceptor_group_list", tag = "Ceptor",
    params(PageParams), responses((status = 200, body = RateLimitGroupPage), Problems))]
async fn ceptor_group_list(cx: Cx, Params(page): Params<PageParams>) -> Result<Answer<Page<RateLimitGroup>>, Fail> {
    Ok(Answer::ok(ops::rate_limit_groups(&cx, &page.into()).await?))
}

/// A rate limit group, as Ceptor writes it
#[utoipa::path(get, path = "/api/v1/ceptor/ratelimit_groups/{key}", operation_id = "ceptor_group_get", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `lim_...`")), responses((status = 200, body = RateLimitGroup), Problems))]
async fn ceptor_group_get(cx: Cx, Path(key): Path<String>) -> Result<Answer<RateLimitGroup>, Fail> {
    Ok(Answer::ok(ops::rate_limit_group(&cx, &key).await?))
}

/// Bring a rate limit group in
///
/// Makes it, or brings it to this; members that are left out stay as they are. Nothing is written where nothing is
/// different. Site administrators only.
#[utoipa::path(put, path = "/api/v1/ceptor/ratelimit_groups/{key}", operation_id = "ceptor_group_import", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `lim_...`"), ImportParams), request_body = RateLimitGroup,
    responses((status = 200, body = Imported), Problems))]
async fn ceptor_group_import(
    cx: Cx,
    Path(key): Path<String>,
    Params(how): Params<ImportParams>,
    Body(body): Body<RateLimitGroup>,
) -> Result<Answer<Imported>, Fail> {
    put(&cx, &key, Document::RateLimitGroup(body), how.dry_run, None).await
}

/// A page of them.
#[derive(Serialize, ToSchema)]
#[schema(as = CeptorSubscriptionPlanPage)]
pub struct SubscriptionPlanPage {
    items: Vec<SubscriptionPlan>,
    next: Option<String>,
}

/// Subscription plans, as Ceptor writes them
///
/// Those that are shared or of the caller's organizations.
#[utoipa::path(get, path = "/api/v1/ceptor/subscription_plans", operation_id = "ceptor_plan_list", tag = "Ceptor",
    params(PageParams), responses((status = 200, body = SubscriptionPlanPage), Problems))]
async fn ceptor_plan_list(cx: Cx, Params(page): Params<PageParams>) -> Result<Answer<Page<SubscriptionPlan>>, Fail> {
    Ok(Answer::ok(ops::subscription_plans(&cx, &page.into()).await?))
}

/// A subscription plan, as Ceptor writes it
#[utoipa::path(get, path = "/api/v1/ceptor/subscription_plans/{key}", operation_id = "ceptor_plan_get", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `pln_...`")), responses((status = 200, body = SubscriptionPlan), Problems))]
async fn ceptor_plan_get(cx: Cx, Path(key): Path<String>) -> Result<Answer<SubscriptionPlan>, Fail> {
    Ok(Answer::ok(ops::subscription_plan(&cx, &key).await?))
}

/// Bring a subscription plan in
///
/// Makes it, or brings it to this; members that are left out stay as they are. Nothing is written where nothing is
/// different. Site administrators only.
#[utoipa::path(put, path = "/api/v1/ceptor/subscription_plans/{key}", operation_id = "ceptor_plan_import", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `pln_...`"), ImportParams), request_body = SubscriptionPlan,
    responses((status = 200, body = Imported), Problems))]
async fn ceptor_plan_import(
    cx: Cx,
    Path(key): Path<String>,
    Params(how): Params<ImportParams>,
    Body(body): Body<SubscriptionPlan>,
) -> Result<Answer<Imported>, Fail> {
    put(&cx, &key, Document::SubscriptionPlan(body), how.dry_run, None).await
}

/// A page of them.
#[derive(Serialize, ToSchema)]
#[schema(as = CeptorApiProfilePage)]
pub struct ApiProfilePage {
    items: Vec<ApiProfile>,
    next: Option<String>,
}

/// API profiles, as Ceptor writes them
///
/// For those who read profiles.
#[utoipa::path(get, path = "/api/v1/ceptor/api_profiles", operation_id = "ceptor_profile_list", tag = "Ceptor",
    params(PageParams), responses((status = 200, body = ApiProfilePage), Problems))]
async fn ceptor_profile_list(cx: Cx, Params(page): Params<PageParams>) -> Result<Answer<Page<ApiProfile>>, Fail> {
    Ok(Answer::ok(ops::api_profiles(&cx, &page.into()).await?))
}

/// An API profile, as Ceptor writes it
#[utoipa::path(get, path = "/api/v1/ceptor/api_profiles/{key}", operation_id = "ceptor_profile_get", tag = "Ceptor",
    params(("key" = String, Path, description = "The name of the profile")), responses((status = 200, body = ApiProfile), Problems))]
async fn ceptor_profile_get(cx: Cx, Path(key): Path<String>) -> Result<Answer<ApiProfile>, Fail> {
    Ok(Answer::ok(ops::api_profile(&cx, &key).await?))
}

/// Bring an API profile in
///
/// Makes it, or brings it to this; members that are left out stay as they are. Nothing is written where nothing is
/// different. Site administrators only.
#[utoipa::path(put, path = "/api/v1/ceptor/api_profiles/{key}", operation_id = "ceptor_profile_import", tag = "Ceptor",
    params(("key" = String, Path, description = "The name of the profile"), ImportParams), request_body = ApiProfile,
    responses((status = 200, body = Imported), Problems))]
async fn ceptor_profile_import(
    cx: Cx,
    Path(key): Path<String>,
    Params(how): Params<ImportParams>,
    Body(body): Body<ApiProfile>,
) -> Result<Answer<Imported>, Fail> {
    put(&cx, &key, Document::ApiProfile(body), how.dry_run, None).await
}

/// A page of them.
#[derive(Serialize, ToSchema)]
#[schema(as = CeptorPartnerPage)]
pub struct PartnerPage {
    items: Vec<Partner>,
    next: Option<String>,
}

/// Partners, as Ceptor writes them
///
/// Those that the caller may see.
#[utoipa::path(get, path = "/api/v1/ceptor/partners", operation_id = "ceptor_partner_list", tag = "Ceptor",
    params(PageParams), responses((status = 200, body = PartnerPage), Problems))]
async fn ceptor_partner_list(cx: Cx, Params(page): Params<PageParams>) -> Result<Answer<Page<Partner>>, Fail> {
    Ok(Answer::ok(ops::partners(&cx, &page.into()).await?))
}

/// A partner, as Ceptor writes it
#[utoipa::path(get, path = "/api/v1/ceptor/partners/{key}", operation_id = "ceptor_partner_get", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `org_...`")), responses((status = 200, body = Partner), Problems))]
async fn ceptor_partner_get(cx: Cx, Path(key): Path<String>) -> Result<Answer<Partner>, Fail> {
    Ok(Answer::ok(ops::partner(&cx, &key).await?))
}

/// Bring a partner in
///
/// Makes it, or brings it to this; members that are left out stay as they are. Nothing is written where nothing is
/// different. Site administrators only.
#[utoipa::path(put, path = "/api/v1/ceptor/partners/{key}", operation_id = "ceptor_partner_import", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `org_...`"), ImportParams), request_body = Partner,
    responses((status = 200, body = Imported), Problems))]
async fn ceptor_partner_import(
    cx: Cx,
    Path(key): Path<String>,
    Params(how): Params<ImportParams>,
    Body(body): Body<Partner>,
) -> Result<Answer<Imported>, Fail> {
    put(&cx, &key, Document::Partner(body), how.dry_run, None).await
}

/// A page of them.
#[derive(Serialize, ToSchema)]
#[schema(as = CeptorApplicationPage)]
pub struct ApplicationPage {
    items: Vec<Application>,
    next: Option<String>,
}

/// Applications, as Ceptor writes them
///
/// Those that the caller may see, each with its first client. Never with a secret.
#[utoipa::path(get, path = "/api/v1/ceptor/applications", operation_id = "ceptor_application_list", tag = "Ceptor",
    params(PlacedPage), responses((status = 200, body = ApplicationPage), Problems))]
async fn ceptor_application_list(cx: Cx, Params(page): Params<PlacedPage>) -> Result<Answer<Page<Application>>, Fail> {
    Ok(Answer::ok(ops::applications(&cx, &page.page(), page.environment.as_deref()).await?))
}

/// An application, as Ceptor writes it
#[utoipa::path(get, path = "/api/v1/ceptor/applications/{key}", operation_id = "ceptor_application_get", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `app_...`"), Place), responses((status = 200, body = Application), Problems))]
async fn ceptor_application_get(
    cx: Cx,
    Path(key): Path<String>,
    Params(place): Params<Place>,
) -> Result<Answer<Application>, Fail> {
    Ok(Answer::ok(ops::application(&cx, &key, place.environment.as_deref()).await?))
}

/// Bring an application in
///
/// Makes it, or brings it to this; members that are left out stay as they are. Nothing is written where nothing is
/// different. Site administrators only.
#[utoipa::path(put, path = "/api/v1/ceptor/applications/{key}", operation_id = "ceptor_application_import", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `app_...`"), PlacedImportParams), request_body = Application,
    responses((status = 200, body = Imported), Problems))]
async fn ceptor_application_import(
    cx: Cx,
    Path(key): Path<String>,
    Params(how): Params<PlacedImportParams>,
    Body(body): Body<Application>,
) -> Result<Answer<Imported>, Fail> {
    put(&cx, &key, Document::Application(Box::new(body)), how.dry_run, how.environment.as_deref()).await
}

/// A page of them.
#[derive(Serialize, ToSchema)]
#[schema(as = CeptorApiDeveloperPage)]
pub struct ApiDeveloperPage {
    items: Vec<ApiDeveloper>,
    next: Option<String>,
}

/// Developers, as Ceptor writes them
///
/// For site administrators.
#[utoipa::path(get, path = "/api/v1/ceptor/developers", operation_id = "ceptor_developer_list", tag = "Ceptor",
    params(PageParams), responses((status = 200, body = ApiDeveloperPage), Problems))]
async fn ceptor_developer_list(cx: Cx, Params(page): Params<PageParams>) -> Result<Answer<Page<ApiDeveloper>>, Fail> {
    Ok(Answer::ok(ops::developers(&cx, &page.into()).await?))
}

/// A developer, as Ceptor writes it
#[utoipa::path(get, path = "/api/v1/ceptor/developers/{key}", operation_id = "ceptor_developer_get", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `usr_...`")), responses((status = 200, body = ApiDeveloper), Problems))]
async fn ceptor_developer_get(cx: Cx, Path(key): Path<String>) -> Result<Answer<ApiDeveloper>, Fail> {
    Ok(Answer::ok(ops::developer(&cx, &key).await?))
}

/// Bring a developer in
///
/// Makes it, or brings it to this; members that are left out stay as they are. Nothing is written where nothing is
/// different. Site administrators only.
#[utoipa::path(put, path = "/api/v1/ceptor/developers/{key}", operation_id = "ceptor_developer_import", tag = "Ceptor",
    params(("key" = String, Path, description = "The UUID, or `usr_...`"), ImportParams), request_body = ApiDeveloper,
    responses((status = 200, body = Imported), Problems))]
async fn ceptor_developer_import(
    cx: Cx,
    Path(key): Path<String>,
    Params(how): Params<ImportParams>,
    Body(body): Body<ApiDeveloper>,
) -> Result<Answer<Imported>, Fail> {
    put(&cx, &key, Document::Developer(body), how.dry_run, None).await
}

/// What became of one thing.
#[derive(Serialize, ToSchema)]
pub struct ImportItem {
    /// In which list it stands.
    noun: Noun,
    /// Its place there, from 0.
    at: usize,
    /// Its UUID, or the name of a profile, as far as it says one.
    key: Option<String>,
    /// What people call it.
    name: Option<String>,
    /// What became of it, or would.
    outcome: Outcome,
    /// Each step; none where nothing is different.
    changes: Vec<ImportStep>,
    /// Why it was refused, with pointers into the whole import.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::web::ProblemView>)]
    problem: Option<Value>,
}

/// What became of everything.
#[derive(Serialize, ToSchema)]
pub struct ImportReport {
    /// Whether this was a trial.
    dry_run: bool,
    /// In the order in which they were written.
    items: Vec<ImportItem>,
    /// The number of the last change; null where nothing was written.
    change: Option<i64>,
}

fn item(report: ops::Report) -> ImportItem {
    let (outcome, changes, problem) = match report.result {
        Ok(done) => (done.outcome, steps(&done.changes), None),
        Err(problem) => (Outcome::Refused, Vec::new(), Some(refusal(&problem))),
    };
    ImportItem { noun: report.noun, at: report.at, key: report.key, name: report.name, outcome, changes, problem }
}

fn refusal(problem: &Problem) -> Value {
    problem.to_json()
}

/// Bring many things in
///
/// Each in a transaction of its own: one that is refused keeps no other back, and the answer says what became of each. At
/// most 1,000 things. Site administrators only.
#[utoipa::path(post, path = "/api/v1/ceptor/bundle", operation_id = "ceptor_bundle_import", tag = "Ceptor",
    params(PlacedImportParams), request_body = Bundle, responses((status = 200, body = ImportReport), Problems))]
async fn ceptor_bundle_import(
    cx: Cx,
    Params(how): Params<PlacedImportParams>,
    Body(body): Body<Bundle>,
) -> Result<Answer<ImportReport>, Fail> {
    cx.fresh()?;
    let dry_run = how.dry_run.unwrap_or(false);
    let reports = ops::import_bundle(&cx, body, how.environment.as_deref(), dry_run).await?;
    let change = reports.iter().filter_map(|r| r.result.as_ref().ok().and_then(|done| done.seq)).max();
    let items = reports.into_iter().map(item).collect();
    Ok(Answer::ok(ImportReport { dry_run, items, change }))
}

/// Many things to take along.
#[derive(Serialize, ToSchema)]
#[schema(as = CeptorExportPage)]
pub struct ExportPage {
    /// What can be brought in as it is; pages in their order.
    bundle: Written,
    /// The `after` of the next page; null on the last one.
    next: Option<String>,
}

/// Take many things along
///
/// Page by page through all nouns, each page a bundle that can be brought in after the one before. Never with a secret. Site
/// administrators only; everybody else reads the lists of what they may see.
#[utoipa::path(get, path = "/api/v1/ceptor/bundle", operation_id = "ceptor_bundle_get", tag = "Ceptor",
    params(PlacedPage), responses((status = 200, body = ExportPage), Problems))]
async fn ceptor_bundle_get(cx: Cx, Params(page): Params<PlacedPage>) -> Result<Answer<ExportPage>, Fail> {
    let (bundle, next) = ops::export(&cx, page.after.as_deref(), page.limit, page.environment.as_deref()).await?;
    Ok(Answer::ok(ExportPage { bundle, next }))
}

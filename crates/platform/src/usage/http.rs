//! Usage and decisions over HTTP.

use super::ops::{self, Bucket, Question};
use super::sql::Counted;
use crate::board::{Names, ResourceView};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use base::{Kind, Page, PageRequest, Problem, Ref, Timestamp, id};
use serde::{Deserialize, Serialize};
use snapshot::DecisionRecord;
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about usage and decisions.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(usage_list)).routes(routes!(decision_get))
}

/// How long the stretches are that calls are added up in.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// One minute.
    #[default]
    Minute,
    /// One hour, in UTC.
    Hour,
    /// One day, in UTC.
    Day,
}

/// Which usage to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct UsageQuery {
    /// Calls of this app, `app_...`: for those who may read it.
    #[param(value_type = Option<String>)]
    app: Option<id::AppId>,
    /// Calls to this API, `api_...`: for the API side.
    #[param(value_type = Option<String>)]
    api: Option<id::ApiId>,
    /// Only in this environment, `env_...`.
    #[param(value_type = Option<String>)]
    environment: Option<id::EnvironmentId>,
    /// From this minute on; one day before `until` unless given.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Before this instant; now unless given.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// `minute`, `hour` or `day`; `minute` unless given.
    step: Option<Step>,
    /// The key of the last item of the page before: its `next`.
    #[param(value_type = Option<String>, format = DateTime)]
    after: Option<Timestamp>,
    /// How many stretches, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// Calls of one stretch of time.
#[derive(Serialize, ToSchema)]
#[schema(as = Usage)]
pub struct UsageView {
    /// When the stretch begins.
    #[schema(format = DateTime)]
    at: String,
    /// How many calls there were.
    calls: i64,
    /// How many of them were let through.
    allowed: i64,
    /// The sum of their durations in microseconds.
    duration_micros: i64,
    /// The same, by what the calls share.
    parts: Vec<UsagePart>,
}

/// Calls that share all of these.
#[derive(Serialize, ToSchema)]
pub struct UsagePart {
    /// `env_...`
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    /// `api_...`
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<String>,
    /// `ver_...`
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// The name of the operation within the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    /// `app_...`; absent where no app was recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    /// `cli_...`; absent where no client was recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<String>,
    /// `allowed`, or the code of the refusal.
    outcome: String,
    /// The status that the callers got.
    status: i64,
    /// How many calls.
    calls: i64,
    /// The sum of their durations in microseconds.
    duration_micros: i64,
}

fn part(counted: Counted) -> UsagePart {
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    UsagePart {
        environment: some(counted.environment),
        api: some(counted.api),
        version: some(counted.version),
        operation: some(counted.operation),
        app: some(counted.app),
        client: some(counted.client),
        outcome: counted.outcome,
        status: counted.status,
        calls: counted.calls,
        duration_micros: counted.duration_micros,
    }
}

fn usage_view(bucket: Bucket) -> UsageView {
    let parts: Vec<UsagePart> = bucket.parts.into_iter().map(part).collect();
    UsageView {
        at: bucket.at.to_string(),
        calls: parts.iter().map(|p| p.calls).sum(),
        allowed: parts.iter().filter(|p| p.outcome == "allowed").map(|p| p.calls).sum(),
        duration_micros: parts.iter().map(|p| p.duration_micros).sum(),
        parts,
    }
}

/// A page of usage, in the order of time.
#[derive(Serialize, ToSchema)]
pub struct UsagePage {
    items: Vec<UsageView>,
    next: Option<String>,
}

/// Usage
///
/// Calls per minute, hour or day, refused ones with their reason. Stretches without calls are left out. The team of
/// an app reads that app's usage; those who decide requests for an API read that API's.
#[utoipa::path(get, path = "/api/v1/usage", operation_id = "usage_list", tag = "Usage", params(UsageQuery),
    responses((status = 200, body = UsagePage), Problems))]
async fn usage_list(cx: Cx, Params(query): Params<UsageQuery>) -> Result<Answer<Page<UsageView>>, Fail> {
    let step = match query.step.unwrap_or_default() {
        Step::Minute => 1,
        Step::Hour => 60,
        Step::Day => 24 * 60,
    };
    let limit = PageRequest { after: None, limit: query.limit }.limit();
    let question = Question {
        app: query.app,
        api: query.api,
        environment: query.environment,
        since: query.since,
        until: query.until,
        step,
        after: query.after,
        limit,
    };
    let (buckets, next) = ops::usage(&cx, question).await?;
    Ok(Answer::ok(Page { items: buckets.into_iter().map(usage_view).collect(), next: next.map(|at| at.to_string()) }))
}

/// How one call was decided.
#[derive(Serialize, ToSchema)]
#[schema(as = CallDecision)]
pub struct DecisionView {
    /// `dec_...`; the caller saw it in the answer.
    id: String,
    /// When the call arrived.
    #[schema(format = DateTime)]
    at: String,
    /// The request id of the answer.
    request: String,
    /// Whether the call was let through.
    allowed: bool,
    /// The code of the problem, if it was refused.
    code: Option<String>,
    /// The stage that decided: `route`, `credential`, `client`, `subscription`, `limit`, `scope`, `upstream` or `done`.
    rule: String,
    /// What decided, in words, with the values that mattered.
    detail: String,
    /// The status that the caller got.
    status: u16,
    /// Method of the call.
    method: String,
    /// Path of the call, without its query.
    path: String,
    /// Where.
    environment: Option<ResourceView>,
    /// The API that the address named.
    api: Option<ResourceView>,
    /// The version that the address named.
    version: Option<ResourceView>,
    /// The name of the operation.
    operation: Option<String>,
    /// The credential that was recognised.
    credential: Option<ResourceView>,
    /// `api_key`, `basic`, `opaque_token` or `jwt`.
    credential_kind: Option<String>,
    /// The token that was recognised: its id, never its text.
    token: Option<String>,
    /// The client.
    client: Option<ResourceView>,
    /// The app.
    app: Option<ResourceView>,
    /// The subscription.
    subscription: Option<ResourceView>,
    /// The plan.
    plan: Option<ResourceView>,
    /// The limit group of the plan.
    limit_group: Option<ResourceView>,
    /// The last change that the gateway had applied when it decided.
    change: i64,
    /// Microseconds from arrival to the end, the upstream's time included.
    duration_micros: i64,
}

async fn named<I: std::fmt::Display>(
    conn: &mut Conn,
    names: &mut Names,
    kind: Kind,
    id: Option<&I>,
) -> Result<Option<ResourceView>, Problem> {
    match id {
        Some(id) => Ok(Some(names.resource(conn, &Ref::new(kind, id)).await?)),
        None => Ok(None),
    }
}

async fn decision_view(conn: &mut Conn, it: DecisionRecord) -> Result<DecisionView, Problem> {
    let mut names = Names::default();
    Ok(DecisionView {
        environment: named(conn, &mut names, Kind::Environment, it.environment.as_ref()).await?,
        api: named(conn, &mut names, Kind::Api, it.api.as_ref()).await?,
        version: named(conn, &mut names, Kind::Version, it.version.as_ref()).await?,
        credential: named(conn, &mut names, Kind::Credential, it.credential.as_ref()).await?,
        client: named(conn, &mut names, Kind::Client, it.client.as_ref()).await?,
        app: named(conn, &mut names, Kind::App, it.app.as_ref()).await?,
        subscription: named(conn, &mut names, Kind::Subscription, it.subscription.as_ref()).await?,
        plan: named(conn, &mut names, Kind::Plan, it.plan.as_ref()).await?,
        limit_group: named(conn, &mut names, Kind::LimitGroup, it.limit_group.as_ref()).await?,
        id: it.id.to_string(),
        at: it.at.to_string(),
        request: it.request,
        allowed: it.allowed,
        code: it.code,
        rule: it.rule,
        detail: it.detail,
        status: it.status,
        method: it.method,
        path: it.path,
        operation: it.operation,
        credential_kind: it.credential_kind,
        token: it.token,
        change: it.change,
        duration_micros: it.duration_micros,
    })
}

/// How a call was decided
///
/// By the decision id of its answer. For the team of the app whose credential was recognised, and for those who decide
/// requests for the API; a call of nobody that was recognised is for the latter alone.
#[utoipa::path(get, path = "/api/v1/decisions/{id}", operation_id = "decision_get", tag = "Usage",
    params(("id" = String, Path, description = "`dec_...`")), responses((status = 200, body = DecisionView), Problems))]
async fn decision_get(cx: Cx, Ident(id): Ident<id::DecisionId>) -> Result<Answer<DecisionView>, Fail> {
    let record = ops::decision(&cx, &id).await?;
    Ok(Answer::ok(decision_view(&mut *cx.read().await?, record).await?))
}

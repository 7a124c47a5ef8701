//! Usage and decisions over HTTP.

use super::ops::{self, Bucket, Question};
use super::sql::Counted;
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Fail, Params, Problems};
use base::{Page, PageRequest, Timestamp, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about usage and decisions.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(usage_list)).merge(super::calls::routes())
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

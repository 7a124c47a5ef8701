//! Decisions over HTTP: one, and those of an app or an API.

use super::ops;
use crate::cx::{Cx, Platform};
use crate::names::{Names, ResourceView};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use base::{Kind, Page, PageRequest, Problem, Ref, id};
use serde::{Deserialize, Serialize};
use snapshot::DecisionRecord;
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about decisions.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(decision_get)).routes(routes!(app_decisions)).routes(routes!(api_decisions))
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
    /// The credential that was recognised; its name is its hint.
    credential: Option<ResourceView>,
    /// `api_key`, `basic`, `opaque_token` or `jwt`.
    credential_kind: Option<String>,
    /// The token that was recognised: its id, never its text.
    token: Option<String>,
    /// The client.
    client: Option<ResourceView>,
    /// The app.
    app: Option<ResourceView>,
    /// The subscription; its name is that of the app, ` > `, and that of the API.
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

/// What the view of a decision names.
fn mentioned(it: &DecisionRecord) -> Vec<Ref> {
    let all = [
        it.environment.as_ref().map(|id| Ref::new(Kind::Environment, id)),
        it.api.as_ref().map(|id| Ref::new(Kind::Api, id)),
        it.version.as_ref().map(|id| Ref::new(Kind::Version, id)),
        it.credential.as_ref().map(|id| Ref::new(Kind::Credential, id)),
        it.client.as_ref().map(|id| Ref::new(Kind::Client, id)),
        it.app.as_ref().map(|id| Ref::new(Kind::App, id)),
        it.subscription.as_ref().map(|id| Ref::new(Kind::Subscription, id)),
        it.plan.as_ref().map(|id| Ref::new(Kind::Plan, id)),
        it.limit_group.as_ref().map(|id| Ref::new(Kind::LimitGroup, id)),
    ];
    all.into_iter().flatten().collect()
}

async fn view(conn: &mut Conn, names: &mut Names, it: DecisionRecord) -> Result<DecisionView, Problem> {
    Ok(DecisionView {
        environment: named(conn, names, Kind::Environment, it.environment.as_ref()).await?,
        api: named(conn, names, Kind::Api, it.api.as_ref()).await?,
        version: named(conn, names, Kind::Version, it.version.as_ref()).await?,
        credential: named(conn, names, Kind::Credential, it.credential.as_ref()).await?,
        client: named(conn, names, Kind::Client, it.client.as_ref()).await?,
        app: named(conn, names, Kind::App, it.app.as_ref()).await?,
        subscription: named(conn, names, Kind::Subscription, it.subscription.as_ref()).await?,
        plan: named(conn, names, Kind::Plan, it.plan.as_ref()).await?,
        limit_group: named(conn, names, Kind::LimitGroup, it.limit_group.as_ref()).await?,
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
    let shown = view(&mut *cx.read().await?, &mut Names::default(), record).await?;
    Ok(Answer::ok(shown))
}

/// How these calls were decided, with names.
///
/// # Errors
/// Those of the database.
pub async fn decision_views(conn: &mut Conn, records: Vec<DecisionRecord>) -> Result<Vec<DecisionView>, Problem> {
    let (mut names, mut out) = (Names::default(), Vec::with_capacity(records.len()));
    names.learn_all(conn, records.iter().flat_map(mentioned).collect()).await?;
    for record in records {
        out.push(view(conn, &mut names, record).await?);
    }
    Ok(out)
}

/// Which decisions to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DecisionQuery {
    /// `true`: only calls that were let through; `false`: only refused ones.
    allowed: Option<bool>,
    /// The id of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of decisions, newest first.
#[derive(Serialize, ToSchema)]
pub struct DecisionPage {
    items: Vec<DecisionView>,
    next: Option<String>,
}

async fn show(cx: &Cx, of: ops::Of<'_>, query: DecisionQuery) -> Result<Answer<Page<DecisionView>>, Fail> {
    let request = PageRequest { after: query.after, limit: query.limit };
    let page = ops::decisions(cx, of, query.allowed, &request).await?;
    let items = decision_views(&mut *cx.read().await?, page.items).await?;
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// Calls of an app
///
/// Those whose decision was kept, newest first: refused ones always, others as samples. A call is here about a second
/// after its answer.
#[utoipa::path(get, path = "/api/v1/apps/{id}/decisions", operation_id = "app_decisions", tag = "Usage",
    params(("id" = String, Path, description = "`app_...`"), DecisionQuery),
    responses((status = 200, body = DecisionPage), Problems))]
async fn app_decisions(
    cx: Cx,
    Ident(id): Ident<id::AppId>,
    Params(query): Params<DecisionQuery>,
) -> Result<Answer<Page<DecisionView>>, Fail> {
    show(&cx, ops::Of::App(&id), query).await
}

/// Calls to an API
///
/// Those whose decision was kept, newest first; for those who decide requests for it.
#[utoipa::path(get, path = "/api/v1/apis/{id}/decisions", operation_id = "api_decisions", tag = "Usage",
    params(("id" = String, Path, description = "`api_...`"), DecisionQuery),
    responses((status = 200, body = DecisionPage), Problems))]
async fn api_decisions(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(query): Params<DecisionQuery>,
) -> Result<Answer<Page<DecisionView>>, Fail> {
    show(&cx, ops::Of::Api(&id), query).await
}

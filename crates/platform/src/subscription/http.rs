//! Subscriptions over HTTP.

use super::rule::{Action, STATES, Status, state_word, status};
use super::view::{SubscriptionView, views};
use super::{Subscription, look, ops};
use crate::cx::{Cx, Platform};
use crate::names::{ActorView, Named, Names, resource_of};
use crate::web::{Answer, Body, Done, Fail, Ident, PageParams, Params, Problems, Written, parse_id};
use axum::extract::Path;
use base::{Fault, Kind, Page, Problem, ProblemKind, Ref, id};
use serde::{Deserialize, Serialize};
use snapshot::SubscriptionState as State;
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about subscriptions.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(subscription_list, subscription_request))
        .routes(routes!(subscription_get, subscription_modify))
        .routes(routes!(subscription_history))
        .routes(routes!(subscription_comment))
        .routes(routes!(subscription_read))
        .routes(routes!(subscription_act))
        .routes(routes!(app_apis))
        .routes(routes!(app_api_status))
        .routes(routes!(api_apps))
        .routes(routes!(subscription_provided))
        .merge(super::revision::routes())
}

/// What a request led to.
#[derive(Serialize, ToSchema)]
pub struct Requested {
    /// `req_...`
    request: String,
    /// One for each app.
    items: Vec<SubscriptionView>,
    /// The number of the change.
    change: i64,
}

/// Request access
///
/// For one or more apps of which the caller is OWNER: one subscription each, all or none. If neither the plan nor the
/// API asks for approval it is approved at once, and active unless the API wants activation by hand.
#[utoipa::path(post, path = "/api/v1/subscriptions", operation_id = "subscription_request", tag = "Subscriptions",
    request_body = ops::NewRequest, responses((status = 201, body = Requested), Problems))]
async fn subscription_request(cx: Cx, Body(body): Body<ops::NewRequest>) -> Result<Answer<Requested>, Fail> {
    let (request, subscriptions, change) = ops::request(&cx, body).await?;
    let location = match subscriptions.as_slice() {
        [one] => format!("/api/v1/subscriptions/{}", one.id),
        _ => "/api/v1/subscriptions".to_owned(),
    };
    let items = views(&cx, &subscriptions).await?;
    Ok(Answer::created(location, Requested { request: request.to_string(), items, change }))
}

/// A page of subscriptions.
#[derive(Serialize, ToSchema)]
pub struct SubscriptionPage {
    items: Vec<SubscriptionView>,
    next: Option<String>,
}

async fn list(cx: &Cx, of: look::Wanted, page: PageParams) -> Result<Answer<Page<SubscriptionView>>, Fail> {
    let page = look::list(cx, of, &page.into()).await?;
    let items = views(cx, &page.items).await?;
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// My subscriptions
///
/// Those of my apps, and those to the APIs whose requests I decide. Cancelled and expired ones are listed only when they
/// are asked for by `state` or `status`.
#[utoipa::path(get, path = "/api/v1/subscriptions", operation_id = "subscription_list", tag = "Subscriptions",
    params(SubscriptionQuery), responses((status = 200, body = SubscriptionPage), Problems))]
async fn subscription_list(
    cx: Cx,
    Params(query): Params<SubscriptionQuery>,
) -> Result<Answer<Page<SubscriptionView>>, Fail> {
    let by_state = |s: &State| query.state.as_deref().is_none_or(|word| word == state_word(*s));
    let by_status = |s: &State| query.status.is_none_or(|wanted| wanted == status(Some(*s)));
    let mut states = Vec::new();
    if query.state.is_some() || query.status.is_some() {
        states.extend(STATES.into_iter().filter(|s| by_state(s) && by_status(s)));
        query.state.as_deref().map(named_state).transpose()?;
        if states.is_empty() {
            return Ok(Answer::ok(Page { items: Vec::new(), next: None }));
        }
    }
    let wanted = look::Wanted {
        app: query.app,
        api: query.api,
        organization: query.organization,
        states,
        waiting: query.waiting_for_me.unwrap_or(false),
        mine: query.mine.unwrap_or(false),
        unread: query.unread.unwrap_or(false),
    };
    list(&cx, wanted, PageParams { after: query.after, limit: query.limit }).await
}

/// Which subscriptions to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SubscriptionQuery {
    /// Of this app, `app_...`.
    #[param(value_type = Option<String>)]
    app: Option<id::AppId>,
    /// To this API, `api_...`: all for its side, else those of the caller's own apps.
    #[param(value_type = Option<String>)]
    api: Option<id::ApiId>,
    /// Of the apps of this organization, `org_...`.
    #[param(value_type = Option<String>)]
    organization: Option<id::OrganizationId>,
    /// `Access Requested`, `Active`, `Rejected`, `Suspended` or `Inactive`.
    #[param(inline)]
    status: Option<Status>,
    /// `requested`, `approved`, `active`, `suspended`, `rejected`, `cancelled` or `expired`.
    state: Option<String>,
    /// `true`: only those of the apps on whose team the caller is.
    mine: Option<bool>,
    /// `true`: only those with an answer that the app's team has not read.
    unread: Option<bool>,
    /// `true`: what waits for approval or activation at APIs that I decide for, and answers that my teams have not read.
    waiting_for_me: Option<bool>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// Which of what one provides to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ProvidedQuery {
    /// To this API, `api_...`.
    #[param(value_type = Option<String>)]
    api: Option<id::ApiId>,
    /// In this state; all that are not over unless given.
    state: Option<String>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// Subscriptions to the APIs that I decide for
///
/// What ends first comes first; what never ends comes last.
#[utoipa::path(get, path = "/api/v1/me/provided", operation_id = "subscription_provided", tag = "Subscriptions",
    params(ProvidedQuery), responses((status = 200, body = SubscriptionPage), Problems))]
async fn subscription_provided(
    cx: Cx,
    Params(query): Params<ProvidedQuery>,
) -> Result<Answer<Page<SubscriptionView>>, Fail> {
    let states = match query.state.as_deref() {
        Some(word) => vec![named_state(word)?],
        None => STATES.into_iter().filter(|s| super::find::live(*s)).collect(),
    };
    let page = look::ending_first(&cx, query.api.as_ref(), &states, query.after.as_deref(), query.limit).await?;
    let items = views(&cx, &page.items).await?;
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// The state that a query names.
fn named_state(word: &str) -> Result<State, Problem> {
    STATES.into_iter().find(|s| state_word(*s) == word).ok_or_else(|| {
        let all: Vec<&str> = STATES.iter().map(|s| state_word(*s)).collect();
        let shown: String = word.chars().take(40).collect();
        Problem::invalid("state", format!("`{shown}` is none of {}.", all.join(", "))).code(Fault::Choice)
    })
}

/// Subscriptions of an app
///
/// Current ones and pending requests, each with its status and what the caller may do.
#[utoipa::path(get, path = "/api/v1/apps/{id}/apis", operation_id = "app_apis", tag = "Apps",
    params(("id" = String, Path, description = "`app_...`"), PageParams),
    responses((status = 200, body = SubscriptionPage), Problems))]
async fn app_apis(
    cx: Cx,
    Ident(id): Ident<id::AppId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<SubscriptionView>>, Fail> {
    list(&cx, look::Wanted { app: Some(id), ..Default::default() }, page).await
}

/// Subscriptions to an API
///
/// All for the API side; others see those of their own apps.
#[utoipa::path(get, path = "/api/v1/apis/{id}/apps", operation_id = "api_apps", tag = "APIs",
    params(("id" = String, Path, description = "`api_...`"), PageParams),
    responses((status = 200, body = SubscriptionPage), Problems))]
async fn api_apps(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<SubscriptionView>>, Fail> {
    list(&cx, look::Wanted { api: Some(id), ..Default::default() }, page).await
}

/// The status in one environment.
#[derive(Serialize, ToSchema)]
pub struct EnvironmentStatus {
    /// Where.
    environment: Named,
    /// `Inactive` if access was never requested there.
    status: Status,
    /// The subscription, if there is one.
    subscription: Option<SubscriptionView>,
}

/// The status in every environment.
#[derive(Serialize, ToSchema)]
pub struct EnvironmentStatuses {
    items: Vec<EnvironmentStatus>,
}

/// Status of an app at an API
///
/// In every environment, `Inactive` where access was never requested.
#[utoipa::path(get, path = "/api/v1/apps/{id}/apis/{api}", operation_id = "app_api_status", tag = "Apps",
    params(("id" = String, Path, description = "`app_...`"), ("api" = String, Path, description = "`api_...`")),
    responses((status = 200, body = EnvironmentStatuses), Problems))]
async fn app_api_status(cx: Cx, Path((id, api)): Path<(String, String)>) -> Result<Answer<EnvironmentStatuses>, Fail> {
    let (id, api) = (parse_id(&id, "app")?, parse_id(&api, "API")?);
    let mut items = Vec::new();
    for (environment, found) in look::statuses(&cx, &id, &api).await? {
        let subscription = match &found {
            Some(s) => views(&cx, std::slice::from_ref(s)).await?.pop(),
            None => None,
        };
        items.push(EnvironmentStatus {
            environment: Named { id: environment.id.to_string(), name: environment.slug },
            status: status(found.map(|s| s.state)),
            subscription,
        });
    }
    Ok(Answer::ok(EnvironmentStatuses { items }))
}

async fn shown(cx: &Cx, s: &Subscription) -> Result<SubscriptionView, Fail> {
    views(cx, std::slice::from_ref(s)).await?.pop().ok_or_else(|| Problem::not_found("subscription").into())
}

/// One subscription
#[utoipa::path(get, path = "/api/v1/subscriptions/{id}", operation_id = "subscription_get", tag = "Subscriptions",
    params(("id" = String, Path, description = "`sub_...`")),
    responses((status = 200, body = SubscriptionView), Problems))]
async fn subscription_get(cx: Cx, Ident(id): Ident<id::SubscriptionId>) -> Result<Answer<SubscriptionView>, Fail> {
    let (s, _) = look::get(&cx, &id).await?;
    Ok(Answer::ok(shown(&cx, &s).await?).version(s.version))
}

/// Change plan or end of an approved or active subscription
///
/// The API side only; the requester cannot modify what was approved, but asks for a revision. The next call is metered under
/// the new plan. Once the end has come, calls are refused.
#[utoipa::path(patch, path = "/api/v1/subscriptions/{id}", operation_id = "subscription_modify", tag = "Subscriptions",
    params(("id" = String, Path, description = "`sub_...`")), request_body = ops::NewTerms,
    responses((status = 200, body = Written<SubscriptionView>), Problems))]
async fn subscription_modify(
    cx: Cx,
    Ident(id): Ident<id::SubscriptionId>,
    Body(body): Body<ops::NewTerms>,
) -> Result<Answer<Written<SubscriptionView>>, Fail> {
    let (s, change) = ops::modify(&cx, &id, body).await?;
    Ok(Answer::ok(Written { value: shown(&cx, &s).await?, change }).version(s.version))
}

/// Words that go with an action.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Kept in the history, seen by both sides.
    #[serde(default)]
    comment: Option<String>,
    /// With `approve` only: when it is to end by itself, RFC 3339, instead of what was asked for; null for no end.
    #[serde(default, deserialize_with = "super::nullable_time")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Option<base::Timestamp>>,
}

/// Approve, reject, activate, suspend, resume, cancel or resubmit
///
/// Which of them the caller may take now is in the subscription's `actions`. Everything else is 409, repeats too.
#[utoipa::path(post, path = "/api/v1/subscriptions/{id}/{action}", operation_id = "subscription_act",
    tag = "Subscriptions", request_body = Words, responses((status = 200, body = Written<SubscriptionView>), Problems),
    params(("id" = String, Path, description = "`sub_...`"),
           ("action" = String, Path, description = "`approve`, `reject`, `activate`, `suspend`, `resume`, `cancel` or `resubmit`")))]
async fn subscription_act(
    cx: Cx,
    Path((id, action)): Path<(String, String)>,
    Body(body): Body<Words>,
) -> Result<Answer<Written<SubscriptionView>>, Fail> {
    let id = parse_id(&id, "subscription")?;
    let Some(action) = Action::ALL.iter().copied().find(|a| a.as_str() == action) else {
        let posted = Action::ALL.iter().filter(|a| !matches!(a, Action::Modify | Action::Revise | Action::Expire));
        let all: Vec<&str> = posted.map(|a| a.as_str()).collect();
        let detail = format!("A subscription has no action of this name; there are {}.", all.join(", "));
        return Err(Problem::new(ProblemKind::NotFound, detail).into());
    };
    let (s, change) = ops::act(&cx, &id, action, body.comment.as_deref(), body.ends_at).await?;
    Ok(Answer::ok(Written { value: shown(&cx, &s).await?, change }).version(s.version))
}

/// What was done or said.
#[derive(Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Number in the change log.
    seq: i64,
    /// RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// Who did it.
    actor: ActorView,
    /// `subscription.approved` and the like.
    verb: String,
    /// For which side.
    side: Option<String>,
    /// The state before.
    before: Option<String>,
    /// The state after.
    after: Option<String>,
    /// Their words.
    comment: Option<String>,
    /// The plan from then on.
    plan: Option<Named>,
    /// The plan before, where it was changed.
    plan_before: Option<Named>,
    /// The end from then on, RFC 3339.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
    /// The end before, where it was changed, RFC 3339.
    #[schema(format = DateTime)]
    ends_before: Option<String>,
    /// The revision that it is about, `srv_...`.
    revision: Option<String>,
    /// How many days were left, where somebody was reminded.
    days: Option<i64>,
}

/// Everything that was done and said, oldest first.
#[derive(Serialize, ToSchema)]
pub struct History {
    items: Vec<HistoryEntry>,
}

async fn plan(conn: &mut Conn, names: &mut Names, id: Option<String>) -> Result<Option<Named>, Problem> {
    match id {
        Some(id) => Ok(Some(names.named(conn, Kind::Plan, &id).await?)),
        None => Ok(None),
    }
}

/// History of a subscription
#[utoipa::path(get, path = "/api/v1/subscriptions/{id}/history", operation_id = "subscription_history",
    tag = "Subscriptions", params(("id" = String, Path, description = "`sub_...`")),
    responses((status = 200, body = History), Problems))]
async fn subscription_history(cx: Cx, Ident(id): Ident<id::SubscriptionId>) -> Result<Answer<History>, Fail> {
    let entries = look::history(&cx, &id).await?;
    let word = |e: &store::log::Entry, name: &str| e.detail.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    // Other terms leave the state as it is: those entries say it beside the terms.
    let state = |e: &store::log::Entry, side: &str| {
        let said = e.detail.get(side)?;
        said.as_str().or_else(|| said.get("state")?.as_str()).map(str::to_owned)
    };
    let (mut tx, mut names, mut items) = (cx.read().await?, Names::default(), Vec::with_capacity(entries.len()));
    let plans = entries.iter().flat_map(|e| [word(e, "plan"), word(e, "plan_before")]).flatten();
    let plans = plans.map(|plan| Ref::new(Kind::Plan, &plan));
    names.learn_all(&mut tx, plans.chain(entries.iter().filter_map(|e| resource_of(&e.actor))).collect()).await?;
    for e in entries {
        items.push(HistoryEntry {
            seq: e.seq,
            at: e.at.to_string(),
            actor: names.actor(&mut tx, &e.actor, true).await?,
            side: word(&e, "side"),
            plan: plan(&mut tx, &mut names, word(&e, "plan")).await?,
            plan_before: plan(&mut tx, &mut names, word(&e, "plan_before")).await?,
            ends_at: word(&e, "ends_at"),
            ends_before: word(&e, "ends_before"),
            revision: word(&e, "revision"),
            days: e.detail.get("days").and_then(serde_json::Value::as_i64),
            before: state(&e, "before"),
            after: state(&e, "after"),
            verb: e.verb,
            comment: e.note,
        });
    }
    Ok(Answer::ok(History { items }))
}

/// A remark.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// 1 to 4,000 characters, seen by both sides.
    comment: String,
}

/// Say something that both sides see
#[utoipa::path(post, path = "/api/v1/subscriptions/{id}/comments", operation_id = "subscription_comment",
    tag = "Subscriptions", params(("id" = String, Path, description = "`sub_...`")), request_body = NewComment,
    responses((status = 200, body = Done), Problems))]
async fn subscription_comment(
    cx: Cx,
    Ident(id): Ident<id::SubscriptionId>,
    Body(body): Body<NewComment>,
) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::comment(&cx, &id, &body.comment).await? }))
}

/// Mark the decision as read by the app's team
#[utoipa::path(post, path = "/api/v1/subscriptions/{id}/read", operation_id = "subscription_read", tag = "Subscriptions",
    params(("id" = String, Path, description = "`sub_...`")),
    responses((status = 200, body = Written<SubscriptionView>), Problems))]
async fn subscription_read(
    cx: Cx,
    Ident(id): Ident<id::SubscriptionId>,
) -> Result<Answer<Written<SubscriptionView>>, Fail> {
    let (s, change) = ops::mark_read(&cx, &id).await?;
    Ok(Answer::ok(Written { value: shown(&cx, &s).await?, change }).version(s.version))
}

//! Webhooks over HTTP.

use super::{Attempt, Delivery, DeliveryState, Fault, WebhookState, ops};
use crate::actions::{Actions, Offered, unless};
use crate::cx::{Cx, Platform};
use crate::names::{Named, Names};
use crate::web::{Answer, Body, Done, Fail, Ident, Params, Problems, Written, parse_id};
use axum::extract::Path;
use base::id::Id as _;
use base::{Kind, Page, PageRequest, Problem, Ref, id};
use serde::{Deserialize, Serialize};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about webhooks.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(webhook_list, webhook_create))
        .routes(routes!(webhook_get, webhook_edit, webhook_remove))
        .routes(routes!(webhook_enable))
        .routes(routes!(webhook_disable))
        .routes(routes!(webhook_rotate))
        .routes(routes!(webhook_test))
        .routes(routes!(webhook_replay_all))
        .routes(routes!(delivery_list))
        .routes(routes!(delivery_get))
        .routes(routes!(delivery_replay))
}

/// An address that is told of changes.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct WebhookView {
    /// `whk_...`
    pub id: String,
    /// Whose; absent for one of the platform, which is told of everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Named>,
    /// What people call it: the first line of its description, or the host that it leads to.
    pub name: String,
    /// Where it leads to.
    pub url: String,
    /// For people.
    pub description: String,
    /// What it is told of: verbs, `noun.*` or `*`.
    pub events: Vec<String>,
    /// Whether it is told of anything.
    pub state: WebhookState,
    /// Why the program has switched it off, if it did: `gone` (it answered 410), `failing` (nothing arrived for days).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Until when the secret before this one signs too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub old_secret_until: Option<String>,
    /// Since when nothing could be delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub failing_since: Option<String>,
    /// How many deliveries wait; 1,000 is that many or more.
    pub waiting: i64,
    /// How many deliveries were given up; 1,000 is that many or more.
    pub dead: i64,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// What the caller may do now: `edit`, `enable`, `disable`, `rotate_secret`, `test`, `replay`, `delete`
    /// (`wrong_state`, `nothing_failed`).
    pub actions: Vec<Offered>,
}

async fn view(cx: &Cx, conn: &mut Conn, names: &mut Names, looked: &ops::Looked) -> Result<WebhookView, Problem> {
    let ops::Looked { webhook, standing, waiting, dead } = looked;
    let organization = match &webhook.organization {
        Some(id) => Some(names.named(conn, Kind::Organization, id).await?),
        None => None,
    };
    let may = ops::permission(webhook);
    let on = webhook.state == WebhookState::Enabled;
    let (is_on, is_off) = (unless(on, "wrong_state"), unless(!on, "wrong_state"));
    let actions = Actions::of(*standing)
        .offer("edit", may)
        .offer_if("enable", may, is_off)
        .offer_if("disable", may, is_on)
        .offer("rotate_secret", may)
        .offer_if("test", may, is_on)
        .offer_if("replay", may, is_on.or(unless(*dead > 0, "nothing_failed")))
        .offer("delete", may);
    let old = webhook.old_secret.as_ref().map(|(_, until)| *until).filter(|until| cx.now < *until);
    Ok(WebhookView {
        id: webhook.id.to_string(),
        organization,
        name: webhook.name(),
        url: webhook.url.clone(),
        description: webhook.description.clone(),
        events: webhook.events.clone(),
        state: webhook.state,
        fault: webhook.fault,
        old_secret_until: old.map(|until| until.to_string()),
        failing_since: webhook.failing_since.map(|at| at.to_string()),
        waiting: *waiting,
        dead: *dead,
        created_at: webhook.created_at.to_string(),
        actions: actions.all(),
    })
}

async fn shown(cx: &Cx, looked: &ops::Looked) -> Result<WebhookView, Problem> {
    view(cx, &mut *cx.read().await?, &mut Names::default(), looked).await
}

/// Which webhooks to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WebhookQuery {
    /// Only those of this organization (`org_...`).
    organization: Option<String>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of webhooks.
#[derive(Serialize, ToSchema)]
pub struct WebhookPage {
    items: Vec<WebhookView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Webhooks that I manage
///
/// Those of the organizations that the caller is an OWNER of; for a site administrator all of them.
#[utoipa::path(get, path = "/api/v1/webhooks", operation_id = "webhook_list", tag = "Webhooks", params(WebhookQuery),
    responses((status = 200, body = WebhookPage), Problems))]
async fn webhook_list(cx: Cx, Params(query): Params<WebhookQuery>) -> Result<Answer<WebhookPage>, Fail> {
    let organization = query.organization.as_deref().map(id::OrganizationId::parse).transpose();
    let organization = organization.map_err(|e| Problem::invalid("organization", e))?;
    let request = PageRequest { after: query.after, limit: query.limit };
    let page = ops::list(&cx, organization.as_ref(), &request).await?;
    let (mut tx, mut names) = (cx.read().await?, Names::default());
    let owners = page.items.iter().filter_map(|looked| looked.webhook.organization.as_ref());
    names.learn_all(&mut tx, owners.map(|id| Ref::new(Kind::Organization, id)).collect()).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for looked in &page.items {
        items.push(view(&cx, &mut tx, &mut names, looked).await?);
    }
    Ok(Answer::ok(WebhookPage { items, next: page.next }))
}

/// A webhook with the secret that signs what is delivered.
#[derive(Serialize, ToSchema)]
pub struct WebhookMade {
    #[serde(flatten)]
    webhook: WebhookView,
    /// `whsec_...`: shown in this answer and never again.
    secret: String,
}

/// Make a webhook
///
/// The answer shows the secret that signs every delivery (Standard Webhooks, `v1`); nobody sees it again.
#[utoipa::path(post, path = "/api/v1/webhooks", operation_id = "webhook_create", tag = "Webhooks",
    request_body = ops::NewWebhook, responses((status = 201, body = Written<WebhookMade>), Problems))]
async fn webhook_create(cx: Cx, Body(body): Body<ops::NewWebhook>) -> Result<Answer<Written<WebhookMade>>, Fail> {
    cx.fresh()?;
    let (looked, secret, change) = ops::create(&cx, body).await?;
    let made = WebhookMade { webhook: shown(&cx, &looked).await?, secret: secret.to_string() };
    let location = format!("/api/v1/webhooks/{}", looked.webhook.id);
    Ok(Answer::created(location, Written { value: made, change }).version(looked.webhook.version))
}

/// One webhook
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", operation_id = "webhook_get", tag = "Webhooks",
    params(("id" = String, Path, description = "`whk_...`")), responses((status = 200, body = WebhookView), Problems))]
async fn webhook_get(cx: Cx, Ident(id): Ident<id::WebhookId>) -> Result<Answer<WebhookView>, Fail> {
    let looked = ops::get(&cx, &id).await?;
    Ok(Answer::ok(shown(&cx, &looked).await?).version(looked.webhook.version))
}

async fn written(cx: &Cx, looked: &ops::Looked, change: i64) -> Result<Answer<Written<WebhookView>>, Fail> {
    let value = shown(cx, looked).await?;
    Ok(Answer::ok(Written { value, change }).version(looked.webhook.version))
}

/// Change a webhook
///
/// What waits is delivered to the new address.
#[utoipa::path(patch, path = "/api/v1/webhooks/{id}", operation_id = "webhook_edit", tag = "Webhooks",
    params(("id" = String, Path, description = "`whk_...`")), request_body = ops::WebhookEdit,
    responses((status = 200, body = Written<WebhookView>), Problems))]
async fn webhook_edit(
    cx: Cx,
    Ident(id): Ident<id::WebhookId>,
    Body(body): Body<ops::WebhookEdit>,
) -> Result<Answer<Written<WebhookView>>, Fail> {
    let (looked, change) = ops::edit(&cx, &id, body).await?;
    written(&cx, &looked, change).await
}

/// Remove a webhook
///
/// With everything that was delivered to it or waits.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", operation_id = "webhook_remove", tag = "Webhooks",
    params(("id" = String, Path, description = "`whk_...`")), responses((status = 200, body = Done), Problems))]
async fn webhook_remove(cx: Cx, Ident(id): Ident<id::WebhookId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove(&cx, &id).await? }))
}

/// Switch a webhook on
///
/// What waits is delivered. What happened while it was off is not told.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/enable", operation_id = "webhook_enable", tag = "Webhooks",
    params(("id" = String, Path, description = "`whk_...`")),
    responses((status = 200, body = Written<WebhookView>), Problems))]
async fn webhook_enable(cx: Cx, Ident(id): Ident<id::WebhookId>) -> Result<Answer<Written<WebhookView>>, Fail> {
    let (looked, change) = ops::switch(&cx, &id, true).await?;
    written(&cx, &looked, change).await
}

/// Switch a webhook off
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/disable", operation_id = "webhook_disable", tag = "Webhooks",
    params(("id" = String, Path, description = "`whk_...`")),
    responses((status = 200, body = Written<WebhookView>), Problems))]
async fn webhook_disable(cx: Cx, Ident(id): Ident<id::WebhookId>) -> Result<Answer<Written<WebhookView>>, Fail> {
    let (looked, change) = ops::switch(&cx, &id, false).await?;
    written(&cx, &looked, change).await
}

/// Make another secret
///
/// For a day every delivery carries two signatures: of the new secret and of the one before.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/rotate_secret", operation_id = "webhook_rotate_secret",
    tag = "Webhooks", params(("id" = String, Path, description = "`whk_...`")),
    responses((status = 200, body = Written<WebhookMade>), Problems))]
async fn webhook_rotate(cx: Cx, Ident(id): Ident<id::WebhookId>) -> Result<Answer<Written<WebhookMade>>, Fail> {
    cx.fresh()?;
    let (looked, secret, change) = ops::rotate(&cx, &id).await?;
    let made = WebhookMade { webhook: shown(&cx, &looked).await?, secret: secret.to_string() };
    Ok(Answer::ok(Written { value: made, change }).version(looked.webhook.version))
}

/// How one try went.
#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryAttempt)]
pub struct AttemptView {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The status of the answer; absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<i64>,
    /// How long it took, in milliseconds.
    duration_ms: i64,
    /// The beginning of the answer's body, at most 500 characters.
    excerpt: String,
    /// What went wrong, if something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn attempt(attempt: &Attempt) -> AttemptView {
    AttemptView {
        at: attempt.at.to_string(),
        status: attempt.status,
        duration_ms: attempt.duration_ms,
        excerpt: attempt.excerpt.clone(),
        error: attempt.error.clone(),
    }
}

/// What a webhook is told of one change.
#[derive(Serialize, ToSchema)]
#[schema(as = Delivery)]
pub struct DeliveryView {
    /// `dlv_...`: the `webhook-id` of the request, the same at each try.
    id: String,
    /// The number of the change; absent for a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<i64>,
    /// What happened.
    verb: String,
    /// How far it is.
    state: DeliveryState,
    /// How often it was tried since it was queued or replayed.
    tries: i64,
    /// When it was queued.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it is tried next; absent while an earlier one about the same subject waits, and once it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// Whether it waits for an earlier one about the same subject.
    held: bool,
    /// The last try.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<AttemptView>,
    /// What the caller may do now: `replay` (`wrong_state`).
    actions: Vec<Offered>,
}

fn delivery_view(delivery: &Delivery, looked: &ops::Looked) -> DeliveryView {
    let ended = delivery.state != DeliveryState::Waiting;
    let on = looked.webhook.state == WebhookState::Enabled;
    let may = ops::permission(&looked.webhook);
    let actions = Actions::of(looked.standing).offer_if("replay", may, unless(ended && on, "wrong_state"));
    DeliveryView {
        id: delivery.id.to_string(),
        change: delivery.seq,
        verb: delivery.verb.clone(),
        state: delivery.state,
        tries: delivery.tries,
        created_at: delivery.created_at.to_string(),
        due_at: delivery.due_at.filter(|_| !ended).map(|at| at.to_string()),
        held: !ended && delivery.due_at.is_none(),
        last: delivery.last.as_ref().map(attempt),
        actions: actions.all(),
    }
}

/// Send a test event
///
/// Its type is `webhook.test`. It is delivered like any other, whatever events the webhook is told of.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", operation_id = "webhook_test", tag = "Webhooks",
    params(("id" = String, Path, description = "`whk_...`")),
    responses((status = 200, body = Written<DeliveryView>), Problems))]
async fn webhook_test(cx: Cx, Ident(id): Ident<id::WebhookId>) -> Result<Answer<Written<DeliveryView>>, Fail> {
    let (delivery, looked, change) = ops::test(&cx, &id).await?;
    Ok(Answer::ok(Written { value: delivery_view(&delivery, &looked), change }))
}

/// How many deliveries are tried again.
#[derive(Serialize, ToSchema)]
pub struct Replayed {
    /// How many: at most 1,000 at a time.
    deliveries: usize,
    /// How many are left.
    dead: i64,
    /// The number of the change.
    change: i64,
}

/// Replay everything that was given up
///
/// The oldest first, at most 1,000 at a time.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/replay", operation_id = "webhook_replay", tag = "Webhooks",
    params(("id" = String, Path, description = "`whk_...`")), responses((status = 200, body = Replayed), Problems))]
async fn webhook_replay_all(cx: Cx, Ident(id): Ident<id::WebhookId>) -> Result<Answer<Replayed>, Fail> {
    let (deliveries, looked, change) = ops::replay_dead(&cx, &id).await?;
    Ok(Answer::ok(Replayed { deliveries, dead: looked.dead, change }))
}

/// Which deliveries to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DeliveryQuery {
    /// Only those in this state.
    state: Option<DeliveryState>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of deliveries, newest first.
#[derive(Serialize, ToSchema)]
pub struct DeliveryPage {
    items: Vec<DeliveryView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Deliveries of a webhook
///
/// Newest first. Those that arrived are kept for 14 days, those that were given up for 90.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", operation_id = "webhook_delivery_list",
    tag = "Webhooks", params(("id" = String, Path, description = "`whk_...`"), DeliveryQuery),
    responses((status = 200, body = DeliveryPage), Problems))]
async fn delivery_list(
    cx: Cx,
    Ident(id): Ident<id::WebhookId>,
    Params(query): Params<DeliveryQuery>,
) -> Result<Answer<DeliveryPage>, Fail> {
    let request = PageRequest { after: query.after, limit: query.limit };
    let (Page { items, next }, looked) = ops::deliveries(&cx, &id, query.state, &request).await?;
    let items = items.iter().map(|delivery| delivery_view(delivery, &looked)).collect();
    Ok(Answer::ok(DeliveryPage { items, next }))
}

/// A delivery with what is sent.
#[derive(Serialize, ToSchema)]
pub struct WholeDelivery {
    #[serde(flatten)]
    delivery: DeliveryView,
    /// The body of the request, as text.
    payload: String,
}

/// One delivery
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries/{delivery}", operation_id = "webhook_delivery_get",
    tag = "Webhooks", responses((status = 200, body = WholeDelivery), Problems),
    params(("id" = String, Path, description = "`whk_...`"), ("delivery" = String, Path, description = "`dlv_...`")))]
async fn delivery_get(cx: Cx, Path((id, delivery)): Path<(String, String)>) -> Result<Answer<WholeDelivery>, Fail> {
    let (id, delivery) = (parse_id(&id, "webhook")?, parse_id(&delivery, "delivery")?);
    let (found, looked) = ops::delivery(&cx, &id, &delivery).await?;
    let view = delivery_view(&found, &looked);
    Ok(Answer::ok(WholeDelivery { delivery: view, payload: found.payload }))
}

/// Replay a delivery
///
/// Under the same id: a receiver that has it already knows it again.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/deliveries/{delivery}/replay",
    operation_id = "webhook_delivery_replay", tag = "Webhooks",
    responses((status = 200, body = Written<DeliveryView>), Problems),
    params(("id" = String, Path, description = "`whk_...`"), ("delivery" = String, Path, description = "`dlv_...`")))]
async fn delivery_replay(
    cx: Cx,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<Answer<Written<DeliveryView>>, Fail> {
    let (id, delivery) = (parse_id(&id, "webhook")?, parse_id(&delivery, "delivery")?);
    let (again, looked, change) = ops::replay(&cx, &id, &delivery).await?;
    Ok(Answer::ok(Written { value: delivery_view(&again, &looked), change }))
}

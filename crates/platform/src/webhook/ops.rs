//! What can be done with webhooks.

mod deliver;
mod tell;

pub use deliver::{round, run};
pub use tell::{READER, run_reader};

use super::{Delivery, DeliveryState, Webhook, WebhookState, address, rule, sql};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Describe, Platform};
use crate::{organization, text};
use base::id::Id as _;
use base::{Change, Kind, Page, PageRequest, Problem, ProblemKind, Timestamp, gather, id, random};
use serde_json::{Value, json};
use store::Conn;
use zeroize::Zeroizing;

/// The most webhooks that one organization has, or the platform.
const MOST: i64 = 50;
/// How long the old secret signs beside the new one, in seconds.
const OVERLAP_SECONDS: i64 = 86_400;
/// How many deliveries are replayed by one request.
const MOST_REPLAYED: i64 = 1_000;

/// How the caller stands to the webhooks of this organization, or of the platform.
pub async fn standing(
    cx: &Cx,
    conn: &mut Conn,
    organization: Option<&id::OrganizationId>,
) -> Result<Standing, Problem> {
    match organization {
        Some(id) => organization::standing(cx, conn, id).await,
        None => Ok(cx.standing()),
    }
}

/// What managing these takes: those of the platform are a setting of it.
pub fn permission(webhook: &Webhook) -> Verb {
    if webhook.organization.is_some() { Verb::OrganizationWebhooks } else { Verb::PlatformSettings }
}

/// The webhook, for whoever may manage it: 404 to those who do not see the organization, 403 to those who do.
async fn mine(cx: &Cx, conn: &mut Conn, id: &id::WebhookId) -> Result<(Webhook, Standing), Problem> {
    cx.signed()?;
    let webhook = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("webhook"))?;
    let standing = standing(cx, conn, webhook.organization.as_ref()).await?;
    match webhook.organization {
        Some(_) => cx.may_see(standing, Verb::OrganizationRead, "webhook")?,
        None => cx.may_see(standing, Verb::PlatformSettings, "webhook")?,
    }
    cx.may(standing, permission(&webhook))?;
    Ok((webhook, standing))
}

/// A webhook, what waits for it and what was given up, and how the caller stands to it.
pub struct Looked {
    pub webhook: Webhook,
    pub standing: Standing,
    pub waiting: i64,
    pub dead: i64,
}

async fn look(conn: &mut Conn, webhook: Webhook, standing: Standing) -> Result<Looked, Problem> {
    let (waiting, dead) = sql::tally(conn, &webhook.id, crate::MOST_COUNTED).await?;
    Ok(Looked { webhook, standing, waiting, dead })
}

/// The webhooks that the caller manages; of one organization, if one is named.
pub async fn list(
    cx: &Cx,
    organization: Option<&id::OrganizationId>,
    page: &PageRequest,
) -> Result<Page<Looked>, Problem> {
    let who = cx.signed()?;
    crate::cursor::<id::WebhookId>(page)?;
    let mut tx = cx.read().await?;
    let scope = match organization {
        Some(id) => {
            let standing = organization::standing(cx, &mut tx, id).await?;
            cx.may_see(standing, Verb::OrganizationRead, "organization")?;
            organization::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("organization"))?;
            cx.may(standing, Verb::OrganizationWebhooks)?;
            Some(vec![id.clone()])
        }
        None if who.site_admin => None,
        None => Some(organization::Seats::of(cx, &mut tx).await?.with(Verb::OrganizationWebhooks.allowed())),
    };
    let rows = sql::page(&mut tx, scope.as_deref(), page.after(), page.limit() + 1).await?;
    let rows = Page::of(rows, page.limit(), |webhook| webhook.id.to_string());
    let mut items = Vec::with_capacity(rows.items.len());
    for webhook in rows.items {
        let standing = standing(cx, &mut tx, webhook.organization.as_ref()).await?;
        items.push(look(&mut tx, webhook, standing).await?);
    }
    Ok(Page { items, next: rows.next })
}

pub async fn get(cx: &Cx, id: &id::WebhookId) -> Result<Looked, Problem> {
    let mut tx = cx.read().await?;
    let (webhook, standing) = mine(cx, &mut tx, id).await?;
    look(&mut tx, webhook, standing).await
}

/// A change of this webhook, on the board of its organization.
fn about(change: Change, webhook: &Webhook) -> Change {
    match &webhook.organization {
        Some(organization) => change.touching(Kind::Organization, organization),
        None => change,
    }
}

/// What the log keeps of a webhook: of its address where it leads to, because path and query of it are often a secret, and
/// its own secret never.
fn facts(webhook: &Webhook) -> Value {
    json!({
        "url": rule::origin(&webhook.url), "description": webhook.description, "events": webhook.events, "state": webhook.state,
    })
}

/// A new secret: in the clear, for the one answer that shows it, and sealed.
fn make_secret(platform: &Platform, id: &id::WebhookId) -> Result<(Zeroizing<String>, String), Problem> {
    let key = Zeroizing::new(random::bytes::<32>());
    let sealed = platform.keys.seal(id.as_str(), key.as_ref()).map_err(Problem::internal)?;
    Ok((Zeroizing::new(rule::secret_text(&key)), sealed))
}

/// The secrets that sign now, the newest first.
fn secrets(platform: &Platform, webhook: &Webhook, now: Timestamp) -> Result<Vec<Vec<u8>>, Problem> {
    let old = webhook.old_secret.as_ref().filter(|(_, until)| now < *until).map(|(secret, _)| secret);
    let open = |sealed: &String| {
        let key = platform.keys.open(webhook.id.as_str(), sealed).map_err(Problem::internal)?;
        Ok(key.to_vec())
    };
    std::iter::once(&webhook.secret).chain(old).map(open).collect()
}

/// Passes an address that this installation sends to, as far as it can be known before its name is looked up.
fn url(cx: &Cx, pointer: &str, given: &str) -> Result<String, Problem> {
    let settings = &cx.platform.settings.webhooks;
    let url = rule::endpoint(pointer, given, settings.allow_http)?;
    if let Some(address) = rule::literal(&url) {
        address::allowed(address, &settings.allow_networks, &settings.own)
            .map_err(|why| Problem::invalid(pointer, format!("Nothing is sent there: {why}.")))?;
    }
    Ok(url.into())
}

/// What makes a webhook.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Whose (`org_...`). Without one it is of the platform and told of everything, which takes a site administrator.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub organization: Option<id::OrganizationId>,
    /// Where it leads to: `https`, without a name, password or fragment.
    pub url: String,
    /// At most 1,000 characters.
    #[serde(default)]
    pub description: String,
    /// What it is told of: verbs, `noun.*` or `*`; everything unless given.
    #[serde(default)]
    pub events: Option<Vec<String>>,
}

/// Makes a webhook; the secret is in this answer alone.
pub async fn create(cx: &Cx, new: NewWebhook) -> Result<(Looked, Zeroizing<String>, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let standing = match &new.organization {
        Some(id) => {
            let (_, standing) = organization::require(cx, &mut tx, id).await?;
            cx.may(standing, Verb::OrganizationWebhooks)?;
            standing
        }
        None => {
            cx.may(cx.standing(), Verb::PlatformSettings)?;
            cx.standing()
        }
    };
    let id = id::WebhookId::new(cx.now);
    let (shown, secret) = make_secret(&cx.platform, &id)?;
    let webhook = gather(|wrong| Webhook {
        id,
        version: 1,
        organization: new.organization,
        url: wrong.of(url(cx, "/url", &new.url)),
        description: wrong.of(text::long("/description", &new.description, 1_000)),
        events: wrong.of(rule::events("/events", &new.events.unwrap_or_else(|| vec!["*".to_owned()]))),
        state: WebhookState::Enabled,
        fault: None,
        secret,
        old_secret: None,
        created_at: cx.now,
        since: cx.now,
        failing_since: None,
        failures: 0,
    })?;
    if sql::count(&mut tx, webhook.organization.as_ref()).await? >= MOST {
        let detail = format!("There are {MOST} webhooks already, and no more are possible; remove one first.");
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    sql::insert(&mut tx, &webhook).await?;
    let change = cx.change("webhook.created", Kind::Webhook, &webhook.id);
    let change = about(change, &webhook).detailing(json!({"after": facts(&webhook)}));
    let looked = look(&mut tx, webhook, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((looked, shown, seq))
}

/// What to change.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookEdit {
    /// Where it leads to.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub url: Option<String>,
    /// At most 1,000 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub description: Option<String>,
    /// What it is told of: verbs, `noun.*` or `*`.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub events: Option<Vec<String>>,
}

/// Changes a webhook; what waits goes to the new address.
pub async fn edit(cx: &Cx, id: &id::WebhookId, edit: WebhookEdit) -> Result<(Looked, i64), Problem> {
    let mut tx = cx.write().await?;
    let (before, standing) = mine(cx, &mut tx, id).await?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    gather(|wrong| {
        wrong.set(&mut after.url, edit.url.map(|given| url(cx, "/url", &given)));
        wrong.set(&mut after.description, edit.description.map(|text| text::long("/description", &text, 1_000)));
        wrong.set(&mut after.events, edit.events.map(|events| rule::events("/events", &events)));
    })?;
    after.version = sql::put(&mut tx, &after).await?;
    let mut detail = json!({"before": facts(&before), "after": facts(&after)});
    if before.url != after.url && detail["before"]["url"] == detail["after"]["url"] {
        detail["after"]["another_query"] = true.into();
    }
    let change = about(cx.change("webhook.edited", Kind::Webhook, id), &after).detailing(detail);
    let looked = look(&mut tx, after, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((looked, seq))
}

/// Switches a webhook on or off. What waits when it is switched off waits until it is switched on; what happens meanwhile
/// is not told.
pub async fn switch(cx: &Cx, id: &id::WebhookId, on: bool) -> Result<(Looked, i64), Problem> {
    let mut tx = cx.write().await?;
    let (mut webhook, standing) = mine(cx, &mut tx, id).await?;
    let wanted = if on { WebhookState::Enabled } else { WebhookState::Disabled };
    if webhook.state == wanted {
        let detail = format!("It is {} already.", wanted.as_str());
        return Err(Problem::new(ProblemKind::WrongState, detail)
            .with("allowed_actions", vec![if on { "disable" } else { "enable" }]));
    }
    let before = json!({"state": webhook.state, "fault": webhook.fault});
    webhook.state = wanted;
    webhook.fault = None;
    webhook.failing_since = None;
    webhook.failures = 0;
    webhook.version = sql::put(&mut tx, &webhook).await?;
    if on {
        sql::touch(&mut tx, id, cx.now, true).await?;
    } else {
        sql::rest(&mut tx, id).await?;
    }
    let verb = if on { "webhook.enabled" } else { "webhook.disabled" };
    let change = about(cx.change(verb, Kind::Webhook, id), &webhook)
        .detailing(json!({"before": before, "after": {"state": webhook.state, "fault": null}}));
    let looked = look(&mut tx, webhook, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    cx.platform.couriers.bell.notify_one();
    Ok((looked, seq))
}

/// Makes another secret; the old one goes on signing beside it for a day.
pub async fn rotate(cx: &Cx, id: &id::WebhookId) -> Result<(Looked, Zeroizing<String>, i64), Problem> {
    let mut tx = cx.write().await?;
    let (mut webhook, standing) = mine(cx, &mut tx, id).await?;
    let (shown, sealed) = make_secret(&cx.platform, id)?;
    let until = cx.now.plus_seconds(OVERLAP_SECONDS);
    let before = webhook.old_secret.as_ref().map(|(_, until)| *until);
    webhook.old_secret = Some((std::mem::replace(&mut webhook.secret, sealed), until));
    webhook.version = sql::put(&mut tx, &webhook).await?;
    let change = about(cx.change("webhook.secret_rotated", Kind::Webhook, id), &webhook)
        .detailing(json!({"before": {"old_secret_until": before}, "after": {"old_secret_until": until}}));
    let looked = look(&mut tx, webhook, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((looked, shown, seq))
}

/// Removes a webhook with all of its deliveries.
pub async fn remove(cx: &Cx, id: &id::WebhookId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (webhook, _) = mine(cx, &mut tx, id).await?;
    cx.expect_version(webhook.version)?;
    sql::delete(&mut tx, id).await?;
    let change = about(cx.change("webhook.deleted", Kind::Webhook, id), &webhook);
    cx.commit(tx, vec![change.detailing(json!({"before": facts(&webhook)}))]).await
}

fn enabled(webhook: &Webhook) -> Result<(), Problem> {
    if webhook.state == WebhookState::Enabled {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::WrongState, "It is switched off; switch it on first.")
        .with("allowed_actions", vec!["enable"]))
}

/// Queues an event that stands for nothing, to see whether deliveries arrive.
pub async fn test(cx: &Cx, id: &id::WebhookId) -> Result<(Delivery, Looked, i64), Problem> {
    let mut tx = cx.write().await?;
    let (webhook, standing) = mine(cx, &mut tx, id).await?;
    enabled(&webhook)?;
    let delivery = id::DeliveryId::new(cx.now);
    let payload = json!({"type": "webhook.test", "timestamp": cx.now, "data": {
        "subject": {"kind": Kind::Webhook, "id": webhook.id, "name": webhook.name()},
        "resources": [],
    }});
    let delivery = Delivery {
        subject: format!("test:{delivery}"),
        id: delivery,
        webhook: webhook.id.clone(),
        seq: None,
        verb: "webhook.test".to_owned(),
        payload: payload.to_string(),
        state: DeliveryState::Waiting,
        due_at: Some(cx.now),
        tries: 0,
        created_at: cx.now,
        last: None,
        ended_at: None,
    };
    sql::touch(&mut tx, id, cx.now, true).await?;
    sql::queue(&mut tx, &delivery).await?;
    let change = about(cx.change("webhook.tested", Kind::Webhook, id), &webhook);
    let looked = look(&mut tx, webhook, standing).await?;
    let seq = cx.commit(tx, vec![change.detailing(json!({"delivery": delivery.id}))]).await?;
    cx.platform.couriers.bell.notify_one();
    Ok((delivery, looked, seq))
}

/// What was delivered to a webhook and what waits, newest first.
pub async fn deliveries(
    cx: &Cx,
    id: &id::WebhookId,
    state: Option<DeliveryState>,
    page: &PageRequest,
) -> Result<(Page<Delivery>, Looked), Problem> {
    crate::cursor::<id::DeliveryId>(page)?;
    let mut tx = cx.read().await?;
    let (webhook, standing) = mine(cx, &mut tx, id).await?;
    let rows = sql::deliveries(&mut tx, id, state, page.after(), page.limit() + 1).await?;
    let looked = look(&mut tx, webhook, standing).await?;
    Ok((Page::of(rows, page.limit(), |delivery| delivery.id.to_string()), looked))
}

pub async fn delivery(cx: &Cx, id: &id::WebhookId, delivery: &id::DeliveryId) -> Result<(Delivery, Looked), Problem> {
    let mut tx = cx.read().await?;
    let (webhook, standing) = mine(cx, &mut tx, id).await?;
    let found = sql::find_delivery(&mut tx, id, delivery).await?.ok_or_else(|| Problem::not_found("delivery"))?;
    Ok((found, look(&mut tx, webhook, standing).await?))
}

/// Delivers again what has ended: under the same id, so that a receiver that has it knows it again.
pub async fn replay(
    cx: &Cx,
    id: &id::WebhookId,
    delivery: &id::DeliveryId,
) -> Result<(Delivery, Looked, i64), Problem> {
    let mut tx = cx.write().await?;
    let (webhook, standing) = mine(cx, &mut tx, id).await?;
    sql::touch(&mut tx, id, cx.now, true).await?;
    let found = sql::find_delivery(&mut tx, id, delivery).await?.ok_or_else(|| Problem::not_found("delivery"))?;
    enabled(&webhook)?;
    if found.state == DeliveryState::Waiting {
        return Err(Problem::new(ProblemKind::WrongState, "It waits to be delivered already."));
    }
    sql::replay(&mut tx, &found, cx.now).await?;
    let detail = json!({
        "delivery": delivery, "before": {"state": found.state}, "after": {"state": DeliveryState::Waiting},
    });
    let again = sql::find_delivery(&mut tx, id, delivery).await?.unwrap_or(found);
    let change = about(cx.change("webhook.replayed", Kind::Webhook, id), &webhook);
    let looked = look(&mut tx, webhook, standing).await?;
    let seq = cx.commit(tx, vec![change.detailing(detail)]).await?;
    cx.platform.couriers.bell.notify_one();
    Ok((again, looked, seq))
}

/// Delivers again what was given up, the oldest first; answers how many there are.
pub async fn replay_dead(cx: &Cx, id: &id::WebhookId) -> Result<(usize, Looked, i64), Problem> {
    let mut tx = cx.write().await?;
    let (webhook, standing) = mine(cx, &mut tx, id).await?;
    enabled(&webhook)?;
    sql::touch(&mut tx, id, cx.now, true).await?;
    let dead = sql::dead(&mut tx, id, MOST_REPLAYED).await?;
    if dead.is_empty() {
        return Err(Problem::new(ProblemKind::WrongState, "Nothing was given up."));
    }
    for delivery in &dead {
        sql::replay(&mut tx, delivery, cx.now).await?;
    }
    let detail = json!({
        "deliveries": dead.len(), "before": {"state": DeliveryState::Dead}, "after": {"state": DeliveryState::Waiting},
    });
    let change = about(cx.change("webhook.replayed", Kind::Webhook, id), &webhook).detailing(detail);
    let looked = look(&mut tx, webhook, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    cx.platform.couriers.bell.notify_one();
    Ok((dead.len(), looked, seq))
}

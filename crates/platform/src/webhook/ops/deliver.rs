//! Delivering what is queued: each endpoint by one task at a time, none waiting for another.

use crate::cx::{Cx, Describe, Platform};
use crate::webhook::courier::{Outcome, Parcel};
use crate::webhook::{Attempt, Delivery, DeliveryState, Fault, Webhook, WebhookState, rule, sql};
use base::{Change, Kind, Problem, Timestamp, id, random};
use serde_json::json;
use std::time::Duration;
use store::{Conn, Quiet};
use tokio::sync::watch;
use url::Url;

/// How many endpoints are delivered to at the same time.
const MOST_BUSY: usize = 64;
/// How many of them are one organization's at most: endpoints that take their time hold back nobody else's.
const MOST_OF_ONE: i64 = 16;
/// How long a claim lasts, in seconds: longer than one try can take. It is renewed before each.
const CLAIM_SECONDS: i64 = 20;
/// How long whoever delivers waits before looking by itself.
const LOOK: Duration = Duration::from_secs(5);
/// For how long deliveries that were taken can be looked at, in seconds.
const KEEP_DELIVERED_SECONDS: i64 = 14 * 86_400;
/// For how long deliveries that were given up can be replayed, in seconds.
const KEEP_DEAD_SECONDS: i64 = 90 * 86_400;

/// Delivers what is due until `shutdown` says `true`.
pub async fn run(platform: Platform, mut shutdown: watch::Receiver<bool>) {
    if !platform.db.is_postgres()
        && let Err(problem) = give_back(&platform).await
    {
        tracing::warn!(?problem, "webhook.claims_kept: deliveries that were cut off wait for a moment");
    }
    let mut busy = platform.couriers.busy.subscribe();
    while !*shutdown.borrow() {
        let read = platform.readers.snapshot().get(super::READER).copied().unwrap_or(0);
        busy.mark_unchanged();
        if let Err(problem) = start_due(&platform).await {
            tracing::warn!(?problem, "webhook.round_failed: will try again");
        }
        tokio::select! {
            () = platform.readers.wait(super::READER, read + 1) => {}
            () = platform.couriers.bell.notified() => {}
            _ = busy.changed() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = crate::reader::stopped(&mut shutdown) => {}
        }
    }
    // What has begun ends: a turn looks whether it should.
    let _none = busy.wait_for(|busy| *busy == 0).await;
}

/// On SQLite there is one process: claims that are there when it starts are of one that was killed.
async fn give_back(platform: &Platform) -> Result<(), Problem> {
    let mut tx = platform.db.write().await?;
    sql::give_back(&mut tx).await?;
    Ok(tx.commit_quiet(Quiet::DeliveryTried).await?)
}

/// Delivers everything that is due now, and waits until it is done.
///
/// # Errors
/// Those of the database. What endpoints do is no error of a round.
pub async fn round(platform: &Platform) -> Result<(), Problem> {
    let mut busy = platform.couriers.busy.subscribe();
    loop {
        let is_done = start_due(platform).await?;
        if busy.wait_for(|busy| *busy == 0).await.is_err() || is_done {
            break;
        }
    }
    sweep(platform).await
}

/// Counts an endpoint as busy for as long as it lives.
struct Busy(Platform);

impl Busy {
    fn begin(platform: &Platform) -> Self {
        platform.couriers.busy.send_modify(|busy| *busy += 1);
        Self(platform.clone())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.couriers.busy.send_modify(|busy| *busy = busy.saturating_sub(1));
    }
}

/// Starts a turn for each webhook that has something due and gets a place; answers whether there was nothing to do at all.
async fn start_due(platform: &Platform) -> Result<bool, Problem> {
    let _claiming = platform.couriers.claiming.lock().await;
    let busy = *platform.couriers.busy.borrow();
    let free = MOST_BUSY.saturating_sub(busy);
    let now = platform.clock.now();
    if free == 0 || !sql::any_due(&mut *platform.db.read().await?, now).await? {
        return Ok(busy == 0);
    }
    let most = i64::try_from(free).unwrap_or(1);
    let mut tx = platform.db.write().await?;
    let claimed = sql::claim_due(&mut tx, now, now.plus_seconds(CLAIM_SECONDS), most, MOST_OF_ONE).await?;
    tx.commit_quiet(Quiet::DeliveryTried).await?;
    for webhook in &claimed {
        let (platform, webhook, busy) = (platform.clone(), webhook.clone(), Busy::begin(platform));
        tokio::spawn(async move {
            if let Err(problem) = turn(&platform, &webhook).await {
                tracing::warn!(?problem, %webhook, "webhook.turn_failed: will try again");
            }
            drop(busy);
        });
    }
    Ok(busy == 0 && claimed.is_empty())
}

/// Delivers what is due to one endpoint, one after the other, until it is the turn of those who wait for longer.
async fn turn(platform: &Platform, id: &id::WebhookId) -> Result<(), Problem> {
    let (begun, mut tried) = (platform.clock.now(), 0);
    while rule::turn_goes_on(tried, begun, platform.clock.now()) {
        tried += 1;
        let Some((webhook, delivery)) = next(platform, id).await? else { return Ok(()) };
        let outcome = send(platform, &webhook, &delivery).await?;
        if !record(platform, &webhook, &delivery, outcome).await? {
            return Ok(());
        }
    }
    let mut tx = platform.db.write().await?;
    let now = platform.clock.now();
    if sql::claim(&mut tx, id, now).await?.is_some() {
        sql::settle(&mut tx, id, now).await?;
    }
    Ok(tx.commit_quiet(Quiet::DeliveryTried).await?)
}

/// The next delivery that is due, with its webhook. If there is none the claim is given back.
async fn next(platform: &Platform, id: &id::WebhookId) -> Result<Option<(Webhook, Delivery)>, Problem> {
    let now = platform.clock.now();
    let mut tx = platform.db.write().await?;
    let Some(webhook) = sql::claim(&mut tx, id, now.plus_seconds(CLAIM_SECONDS)).await? else { return Ok(None) };
    let delivery = match webhook.state {
        WebhookState::Enabled => sql::take(&mut tx, id, now).await?,
        WebhookState::Disabled => None,
    };
    match (&delivery, webhook.state) {
        (Some(_), _) => {}
        (None, WebhookState::Enabled) => sql::settle(&mut tx, id, now).await?,
        (None, WebhookState::Disabled) => sql::rest(&mut tx, id).await?,
    }
    tx.commit_quiet(Quiet::DeliveryTried).await?;
    Ok(delivery.map(|delivery| (webhook, delivery)))
}

async fn send(platform: &Platform, webhook: &Webhook, delivery: &Delivery) -> Result<Outcome, Problem> {
    let now = platform.clock.now();
    let url = Url::parse(&webhook.url).map_err(Problem::internal)?;
    let secrets = super::secrets(platform, webhook, now)?;
    let (id, timestamp) = (delivery.id.to_string(), now.seconds());
    let signature = rule::signature(&secrets, &id, timestamp, &delivery.payload);
    let parcel = Parcel { url: &url, id: &id, timestamp, signature: &signature, payload: &delivery.payload };
    Ok(platform.couriers.carry(&platform.settings.webhooks, &parcel).await)
}

/// What becomes of a delivery after a try.
struct Verdict {
    state: DeliveryState,
    due_at: Option<Timestamp>,
    fault: Option<Fault>,
}

fn verdict(platform: &Platform, webhook: &Webhook, delivery: &Delivery, outcome: &Outcome, now: Timestamp) -> Verdict {
    let ended = |state, fault| Verdict { state, due_at: None, fault };
    if outcome.error.is_none() {
        return ended(DeliveryState::Delivered, None);
    }
    if outcome.answer.as_ref().is_some_and(|answer| answer.status == 410) {
        return ended(DeliveryState::Dead, Some(Fault::Gone));
    }
    let most = platform.settings.webhooks.disable_after_days.saturating_mul(86_400);
    let fault = webhook.failing_since.filter(|since| now >= since.plus_seconds(most)).map(|_| Fault::Failing);
    let noise = u64::from_be_bytes(random::bytes::<8>());
    let Some(pause) = rule::pause_seconds(delivery.tries, noise) else { return ended(DeliveryState::Dead, fault) };
    let wish = outcome.answer.as_ref().and_then(|answer| answer.retry_after.as_deref());
    let wish = wish.and_then(|text| rule::wish_seconds(text, now, http_date)).unwrap_or(0);
    Verdict { state: DeliveryState::Waiting, due_at: Some(now.plus_seconds(pause.max(wish))), fault }
}

fn http_date(text: &str) -> Option<Timestamp> {
    let then = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_seconds(i64::try_from(then.as_secs()).ok()?))
}

/// Writes down how a try went; answers whether the turn goes on.
async fn record(
    platform: &Platform,
    webhook: &Webhook,
    delivery: &Delivery,
    outcome: Outcome,
) -> Result<bool, Problem> {
    let now = platform.clock.now();
    let verdict = verdict(platform, webhook, delivery, &outcome, now);
    let attempt = Attempt {
        at: now,
        status: outcome.answer.as_ref().map(|answer| i64::from(answer.status)),
        duration_ms: i64::try_from(outcome.took.as_millis()).unwrap_or(i64::MAX),
        excerpt: outcome.answer.as_ref().map(|answer| answer.excerpt.clone()).unwrap_or_default(),
        error: outcome.error,
    };
    let reached = outcome.answer.is_some();
    let mut tx = platform.db.write().await?;
    // Its owner may have removed it meanwhile.
    let Some(webhook) = sql::claim(&mut tx, &webhook.id, now.plus_seconds(CLAIM_SECONDS)).await? else {
        return Ok(false);
    };
    sql::put_attempt(&mut tx, &delivery.id, &attempt, verdict.state, verdict.due_at).await?;
    if verdict.state != DeliveryState::Waiting {
        sql::release(&mut tx, &webhook.id, &delivery.subject, now).await?;
    }
    let failing_since = match verdict.state {
        DeliveryState::Delivered => None,
        _ => Some(webhook.failing_since.unwrap_or(now)),
    };
    let failures = if reached { 0 } else { webhook.failures + 1 };
    sql::put_health(&mut tx, &webhook.id, failing_since, failures).await?;
    if !reached {
        // Nobody there: nothing else would arrive either.
        sql::settle(&mut tx, &webhook.id, now.plus_seconds(rule::silence_seconds(failures))).await?;
    }
    match verdict.fault.filter(|_| webhook.state == WebhookState::Enabled) {
        Some(fault) => {
            let change = switch_off(platform, &mut tx, webhook, fault).await?;
            Cx::system(platform).commit(tx, vec![change]).await?;
            Ok(false)
        }
        None => {
            tx.commit_quiet(Quiet::DeliveryTried).await?;
            Ok(reached)
        }
    }
}

/// Switches a webhook off that cannot be delivered to.
async fn switch_off(
    platform: &Platform,
    conn: &mut Conn,
    mut webhook: Webhook,
    fault: Fault,
) -> Result<Change, Problem> {
    webhook.state = WebhookState::Disabled;
    webhook.fault = Some(fault);
    sql::put(conn, &webhook).await?;
    sql::rest(conn, &webhook.id).await?;
    tracing::warn!(webhook = %webhook.id, ?fault, "webhook.switched_off");
    let change = Cx::system(platform).change("webhook.disabled", Kind::Webhook, &webhook.id).by_system();
    Ok(super::about(change, &webhook).detailing(json!({
        "before": {"state": WebhookState::Enabled}, "after": {"state": WebhookState::Disabled, "fault": fault},
    })))
}

/// Forgets what ended long ago.
async fn sweep(platform: &Platform) -> Result<(), Problem> {
    let now = platform.clock.now();
    let kept = [(DeliveryState::Delivered, KEEP_DELIVERED_SECONDS), (DeliveryState::Dead, KEEP_DEAD_SECONDS)];
    for (state, keep) in kept {
        let before = now.plus_seconds(-keep);
        if sql::has_ended(&mut *platform.db.read().await?, state, before).await? {
            let mut tx = platform.db.write().await?;
            sql::sweep(&mut tx, state, before).await?;
            tx.commit_quiet(Quiet::ExpiredSwept).await?;
        }
    }
    Ok(())
}

//! Webhooks and their deliveries as rows.
//!
//! Whoever queues, claims or ends deliveries of a webhook first writes its row ([`touch`], [`claim`]): so no two do it at the
//! same time, and none overlooks what another is about to commit.

use super::{Attempt, Delivery, DeliveryState, Fault, Webhook, WebhookState};
use base::{Problem, Timestamp, id};
use std::collections::HashMap;
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, organization_id, url, description, events, state, fault, secret, old_secret, \
                       old_secret_until, created_at, since, failing_since, failures";

fn webhook(row: &Row) -> Result<Webhook, Problem> {
    let old: Option<String> = row.get("old_secret")?;
    let until: Option<Timestamp> = row.get("old_secret_until")?;
    Ok(Webhook {
        id: row.get("id")?,
        version: row.get("version")?,
        organization: row.get("organization_id")?,
        url: row.get("url")?,
        description: row.get("description")?,
        events: crate::stored_json(&row.get::<String>("events")?)?,
        state: WebhookState::read(&row.get::<String>("state")?)?,
        fault: row.get::<Option<String>>("fault")?.as_deref().map(Fault::read).transpose()?,
        secret: row.get("secret")?,
        old_secret: old.zip(until),
        created_at: row.get("created_at")?,
        since: row.get("since")?,
        failing_since: row.get("failing_since")?,
        failures: row.get("failures")?,
    })
}

/// What people call those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::WebhookId]) -> Result<HashMap<id::WebhookId, String>, Problem> {
    let rows = crate::rows_of(conn, "SELECT id, description, url FROM webhooks", ids).await?;
    let named = |row: &Row| {
        let (description, url): (String, String) = (row.get("description")?, row.get("url")?);
        Ok((row.get("id")?, super::name_of(&description, &url)))
    };
    rows.iter().map(named).collect()
}

/// The organizations of those of these that are there; `None` for the platform's own.
///
/// # Errors
/// Those of the database.
pub async fn owners_of(
    conn: &mut Conn,
    ids: &[id::WebhookId],
) -> Result<HashMap<id::WebhookId, Option<id::OrganizationId>>, Problem> {
    crate::owners_of(conn, "SELECT id, organization_id AS owner FROM webhooks", ids).await
}

pub async fn find(conn: &mut Conn, id: &id::WebhookId) -> Result<Option<Webhook>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM webhooks WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(webhook).transpose()
}

/// Webhooks by id: of these organizations, or all of them and of the platform (`None`).
pub async fn page(
    conn: &mut Conn,
    organizations: Option<&[id::OrganizationId]>,
    after: &str,
    limit: i64,
) -> Result<Vec<Webhook>, Problem> {
    let scope = match organizations {
        None => String::new(),
        Some([]) => return Ok(Vec::new()),
        Some(ids) => format!("AND organization_id IN ({})", crate::marks(3, ids.len())),
    };
    let text = format!("SELECT {COLUMNS} FROM webhooks WHERE id > $1 {scope} ORDER BY id LIMIT $2");
    let query = sql(text).bind(after).bind(limit).bind_all(organizations.unwrap_or_default());
    query.all(conn).await?.iter().map(webhook).collect()
}

/// How many webhooks an organization has, or the platform.
pub async fn count(conn: &mut Conn, organization: Option<&id::OrganizationId>) -> Result<i64, Problem> {
    let query = match organization {
        Some(id) => sql("SELECT COUNT(*) AS n FROM webhooks WHERE organization_id = $1").bind(id),
        None => sql("SELECT COUNT(*) AS n FROM webhooks WHERE organization_id IS NULL"),
    };
    Ok(query.one(conn).await?.get("n")?)
}

pub async fn insert(conn: &mut Conn, webhook: &Webhook) -> Result<(), Problem> {
    sql("INSERT INTO webhooks (id, version, organization_id, url, description, events, state, secret, created_at, since, \
         failures) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)")
    .bind(&webhook.id)
    .bind(webhook.version)
    .bind(webhook.organization.as_ref())
    .bind(&webhook.url)
    .bind(&webhook.description)
    .bind(crate::to_json(&webhook.events)?)
    .bind(webhook.state.as_str())
    .bind(&webhook.secret)
    .bind(webhook.created_at)
    .bind(webhook.since)
    .run(conn)
    .await?;
    Ok(())
}

/// Keeps what people edit.
pub async fn put(conn: &mut Conn, webhook: &Webhook) -> Result<i64, Problem> {
    let (old, until) = webhook.old_secret.clone().unzip();
    let row = sql("UPDATE webhooks SET version = version + 1, url = $3, description = $4, events = $5, state = $6, \
                   fault = $7, secret = $8, old_secret = $9, old_secret_until = $10, since = $11, failing_since = $12, \
                   failures = $13 WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&webhook.id)
    .bind(webhook.version)
    .bind(&webhook.url)
    .bind(&webhook.description)
    .bind(crate::to_json(&webhook.events)?)
    .bind(webhook.state.as_str())
    .bind(webhook.fault.map(Fault::as_str))
    .bind(&webhook.secret)
    .bind(old)
    .bind(until)
    .bind(webhook.since)
    .bind(webhook.failing_since)
    .bind(webhook.failures)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

pub async fn delete(conn: &mut Conn, id: &id::WebhookId) -> Result<(), Problem> {
    sql("DELETE FROM webhooks WHERE id = $1").bind(id).run(conn).await?;
    Ok(())
}

/// Whether any webhook is told of anything.
pub async fn any_enabled(conn: &mut Conn) -> Result<bool, Problem> {
    Ok(sql("SELECT id FROM webhooks WHERE state = 'enabled' LIMIT 1").find(conn).await?.is_some())
}

/// The webhooks of the platform and of these organizations that are told of things.
pub async fn listening(conn: &mut Conn, organizations: &[id::OrganizationId]) -> Result<Vec<Webhook>, Problem> {
    let scope = match organizations.len() {
        0 => String::new(),
        n => format!("OR organization_id IN ({})", crate::marks(1, n)),
    };
    let text = format!(
        "SELECT {COLUMNS} FROM webhooks WHERE (organization_id IS NULL {scope}) AND state = 'enabled' ORDER BY id"
    );
    sql(text).bind_all(organizations).all(conn).await?.iter().map(webhook).collect()
}

/// Says that there is something to deliver from then on, and keeps others from the row until the end of the transaction. An
/// endpoint that could not be reached is left alone for as long as was said then, unless somebody asks for it.
pub async fn touch(conn: &mut Conn, id: &id::WebhookId, at: Timestamp, is_asked: bool) -> Result<(), Problem> {
    sql("UPDATE webhooks SET next_at = CASE WHEN next_at IS NULL OR (next_at > $2 AND (failures = 0 OR $3)) THEN $2 \
         ELSE next_at END WHERE id = $1")
    .bind(id)
    .bind(at)
    .bind(is_asked)
    .run(conn)
    .await?;
    Ok(())
}

/// What is due and nobody's, at `$1`.
const FREE: &str = "next_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)";

/// Claims webhooks that have something to deliver: until `until` nobody else gets them. An organization gets no more than
/// lets it hold `most_of_one`.
pub async fn claim_due(
    conn: &mut Conn,
    now: Timestamp,
    until: Timestamp,
    most: i64,
    most_of_one: i64,
) -> Result<Vec<id::WebhookId>, Problem> {
    // Asked twice: on PostgreSQL another process may have claimed a row after the inner question was answered.
    let rows = sql(format!(
        "UPDATE webhooks SET claimed_until = $2 WHERE id IN (SELECT id FROM (SELECT id, organization_id, next_at, \
         ROW_NUMBER() OVER (PARTITION BY organization_id ORDER BY next_at, id) + (SELECT COUNT(*) FROM webhooks held \
         WHERE held.organization_id = webhooks.organization_id AND held.claimed_until > $1) AS place \
         FROM webhooks WHERE {FREE}) AS due WHERE organization_id IS NULL OR place <= $4 \
         ORDER BY next_at, id LIMIT $3) AND {FREE} RETURNING id"
    ));
    let rows = rows.bind(now).bind(until).bind(most).bind(most_of_one).all(conn).await?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// Whether any webhook has something to deliver that nobody delivers.
pub async fn any_due(conn: &mut Conn, now: Timestamp) -> Result<bool, Problem> {
    Ok(sql(format!("SELECT id FROM webhooks WHERE {FREE} LIMIT 1")).bind(now).find(conn).await?.is_some())
}

/// Keeps a claim for longer, and answers with the webhook as it is now.
pub async fn claim(conn: &mut Conn, id: &id::WebhookId, until: Timestamp) -> Result<Option<Webhook>, Problem> {
    let text = format!("UPDATE webhooks SET claimed_until = $2 WHERE id = $1 RETURNING {COLUMNS}");
    sql(text).bind(id).bind(until).find(conn).await?.as_ref().map(webhook).transpose()
}

/// Gives a claim back: the webhook is looked at again when its next delivery is due, and not before `earliest`.
pub async fn settle(conn: &mut Conn, id: &id::WebhookId, earliest: Timestamp) -> Result<(), Problem> {
    let due = sql("SELECT MIN(due_at) AS due_at FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'waiting'");
    let due: Option<Timestamp> = due.bind(id).one(conn).await?.get("due_at")?;
    sql("UPDATE webhooks SET next_at = $2, claimed_until = NULL WHERE id = $1")
        .bind(id)
        .bind(due.map(|due| due.max(earliest)))
        .run(conn)
        .await?;
    Ok(())
}

/// A disabled webhook has nothing to deliver.
pub async fn rest(conn: &mut Conn, id: &id::WebhookId) -> Result<(), Problem> {
    sql("UPDATE webhooks SET next_at = NULL, claimed_until = NULL WHERE id = $1").bind(id).run(conn).await?;
    Ok(())
}

/// Gives back the claims of a process that has ended without a word. Only where there can be no other process.
pub async fn give_back(conn: &mut Conn) -> Result<(), Problem> {
    sql("UPDATE webhooks SET claimed_until = NULL WHERE claimed_until IS NOT NULL").run(conn).await?;
    Ok(())
}

/// Remembers how the endpoint does. Not guarded: it is no edit.
pub async fn put_health(
    conn: &mut Conn,
    id: &id::WebhookId,
    failing_since: Option<Timestamp>,
    failures: i64,
) -> Result<(), Problem> {
    sql("UPDATE webhooks SET failing_since = $2, failures = $3 WHERE id = $1")
        .bind(id)
        .bind(failing_since)
        .bind(failures)
        .run(conn)
        .await?;
    Ok(())
}

const DELIVERY: &str = "id, webhook_id, seq, verb, subject, payload, state, due_at, tries, created_at, tried_at, ended_at, \
                        status, duration_ms, excerpt, error";

fn delivery(row: &Row) -> Result<Delivery, Problem> {
    let tried_at: Option<Timestamp> = row.get("tried_at")?;
    let duration: Option<i64> = row.get("duration_ms")?;
    let last = match tried_at.zip(duration) {
        Some((at, duration_ms)) => Some(Attempt {
            at,
            status: row.get("status")?,
            duration_ms,
            excerpt: row.get::<Option<String>>("excerpt")?.unwrap_or_default(),
            error: row.get("error")?,
        }),
        None => None,
    };
    Ok(Delivery {
        id: row.get("id")?,
        webhook: row.get("webhook_id")?,
        seq: row.get("seq")?,
        verb: row.get("verb")?,
        subject: row.get("subject")?,
        payload: row.get("payload")?,
        state: DeliveryState::read(&row.get::<String>("state")?)?,
        due_at: row.get("due_at")?,
        tries: row.get("tries")?,
        created_at: row.get("created_at")?,
        last,
        ended_at: row.get("ended_at")?,
    })
}

/// Queues a delivery, unless it is there already. It waits for an earlier one of the same subject.
pub async fn queue(conn: &mut Conn, delivery: &Delivery) -> Result<(), Problem> {
    let due_at = if is_held(conn, delivery).await? { None } else { Some(delivery.created_at) };
    sql("INSERT INTO webhook_deliveries (id, webhook_id, seq, verb, subject, payload, state, due_at, tries, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, 0, $8) ON CONFLICT (id) DO NOTHING")
    .bind(&delivery.id)
    .bind(&delivery.webhook)
    .bind(delivery.seq)
    .bind(&delivery.verb)
    .bind(&delivery.subject)
    .bind(&delivery.payload)
    .bind(due_at)
    .bind(delivery.created_at)
    .run(conn)
    .await?;
    Ok(())
}

/// Whether an earlier delivery of the same subject waits.
async fn is_held(conn: &mut Conn, delivery: &Delivery) -> Result<bool, Problem> {
    let row = sql("SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND subject = $2 AND state = 'waiting' \
                   AND seq < $3 LIMIT 1");
    let row = row.bind(&delivery.webhook).bind(&delivery.subject).bind(delivery.seq.unwrap_or(0));
    Ok(row.find(conn).await?.is_some())
}

pub async fn find_delivery(
    conn: &mut Conn,
    webhook: &id::WebhookId,
    id: &id::DeliveryId,
) -> Result<Option<Delivery>, Problem> {
    let text = format!("SELECT {DELIVERY} FROM webhook_deliveries WHERE id = $1 AND webhook_id = $2");
    sql(text).bind(id).bind(webhook).find(conn).await?.as_ref().map(delivery).transpose()
}

/// Deliveries of a webhook, newest first: those before the id `before` (all when it is empty).
pub async fn deliveries(
    conn: &mut Conn,
    webhook: &id::WebhookId,
    state: Option<DeliveryState>,
    before: &str,
    limit: i64,
) -> Result<Vec<Delivery>, Problem> {
    let before = if before.is_empty() { "~" } else { before };
    let only = if state.is_some() { "AND state = $4" } else { "" };
    let text = format!(
        "SELECT {DELIVERY} FROM webhook_deliveries WHERE webhook_id = $1 AND id < $2 {only} ORDER BY id DESC LIMIT $3"
    );
    let query = sql(text).bind(webhook).bind(before).bind(limit).bind_all(state.map(DeliveryState::as_str));
    query.all(conn).await?.iter().map(delivery).collect()
}

/// The next delivery that is due, counted as tried.
pub async fn take(conn: &mut Conn, webhook: &id::WebhookId, now: Timestamp) -> Result<Option<Delivery>, Problem> {
    let text = format!(
        "UPDATE webhook_deliveries SET tries = tries + 1, tried_at = $2 WHERE id = (SELECT id FROM webhook_deliveries \
         WHERE webhook_id = $1 AND state = 'waiting' AND due_at <= $2 ORDER BY due_at, seq LIMIT 1) RETURNING {DELIVERY}"
    );
    sql(text).bind(webhook).bind(now).find(conn).await?.as_ref().map(delivery).transpose()
}

/// Remembers how a try went: the delivery waits until `due_at`, or has ended in this state.
pub async fn put_attempt(
    conn: &mut Conn,
    id: &id::DeliveryId,
    attempt: &Attempt,
    state: DeliveryState,
    due_at: Option<Timestamp>,
) -> Result<(), Problem> {
    let ended_at = (state != DeliveryState::Waiting).then_some(attempt.at);
    sql("UPDATE webhook_deliveries SET state = $2, due_at = $3, ended_at = $4, tried_at = $5, status = $6, \
         duration_ms = $7, excerpt = $8, error = $9 WHERE id = $1")
    .bind(id)
    .bind(state.as_str())
    .bind(due_at)
    .bind(ended_at)
    .bind(attempt.at)
    .bind(attempt.status)
    .bind(attempt.duration_ms)
    .bind(&attempt.excerpt)
    .bind(attempt.error.as_deref())
    .run(conn)
    .await?;
    Ok(())
}

/// Lets the next delivery of this subject go, if there is one and none goes already.
pub async fn release(conn: &mut Conn, webhook: &id::WebhookId, subject: &str, now: Timestamp) -> Result<(), Problem> {
    let row =
        sql("SELECT id, due_at FROM webhook_deliveries WHERE webhook_id = $1 AND subject = $2 AND state = 'waiting' \
                   ORDER BY seq LIMIT 1");
    let Some(row) = row.bind(webhook).bind(subject).find(conn).await? else { return Ok(()) };
    if row.get::<Option<Timestamp>>("due_at")?.is_none() {
        sql("UPDATE webhook_deliveries SET due_at = $2 WHERE id = $1")
            .bind(row.get::<id::DeliveryId>("id")?)
            .bind(now)
            .run(conn)
            .await?;
    }
    Ok(())
}

/// Lets a delivery that has ended be tried anew, under the same id.
pub async fn replay(conn: &mut Conn, delivery: &Delivery, now: Timestamp) -> Result<(), Problem> {
    let due_at = if is_held(conn, delivery).await? { None } else { Some(now) };
    sql("UPDATE webhook_deliveries SET state = 'waiting', due_at = $2, tries = 0, ended_at = NULL WHERE id = $1")
        .bind(&delivery.id)
        .bind(due_at)
        .run(conn)
        .await?;
    Ok(())
}

/// The oldest deliveries of a webhook that were given up, in the order in which they were queued.
pub async fn dead(conn: &mut Conn, webhook: &id::WebhookId, limit: i64) -> Result<Vec<Delivery>, Problem> {
    let text = format!(
        "SELECT {DELIVERY} FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'dead' ORDER BY id LIMIT $2"
    );
    sql(text).bind(webhook).bind(limit).all(conn).await?.iter().map(delivery).collect()
}

/// How many deliveries of a webhook wait, and how many were given up; neither counts beyond `most`.
pub async fn tally(conn: &mut Conn, webhook: &id::WebhookId, most: i64) -> Result<(i64, i64), Problem> {
    const COUNT: &str = "SELECT COUNT(*) AS n FROM (SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND state = $2 \
                         LIMIT $3) AS counted";
    let waiting = sql(COUNT).bind(webhook).bind(DeliveryState::Waiting.as_str()).bind(most).one(conn).await?;
    let dead = sql(COUNT).bind(webhook).bind(DeliveryState::Dead.as_str()).bind(most).one(conn).await?;
    Ok((waiting.get("n")?, dead.get("n")?))
}

/// Whether any delivery in this state ended before.
pub async fn has_ended(conn: &mut Conn, state: DeliveryState, before: Timestamp) -> Result<bool, Problem> {
    let row = sql("SELECT id FROM webhook_deliveries WHERE state = $1 AND ended_at < $2 LIMIT 1");
    Ok(row.bind(state.as_str()).bind(before).find(conn).await?.is_some())
}

/// Forgets deliveries in this state that ended before; a bounded number at a time.
pub async fn sweep(conn: &mut Conn, state: DeliveryState, before: Timestamp) -> Result<(), Problem> {
    sql("DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries WHERE state = $1 \
         AND ended_at < $2 ORDER BY ended_at LIMIT 1000)")
    .bind(state.as_str())
    .bind(before)
    .run(conn)
    .await?;
    Ok(())
}

//! Revisions as rows.

use super::{Revision, RevisionState};
use crate::subscription::sql::{NEVER, kept_end, read_end};
use base::{Problem, ProblemKind, id};
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, subscription_id, request_id, plan_id, ends_at, plan_before, ends_before, state, \
    comment_requestor, comment_response, requester, task_id, acceptance_id, created_at, changed_at";

fn revision(row: &Row) -> Result<Revision, Problem> {
    Ok(Revision {
        id: row.get("id")?,
        version: row.get("version")?,
        subscription: row.get("subscription_id")?,
        request: row.get("request_id")?,
        plan: row.get("plan_id")?,
        ends_at: row.get::<Option<i64>>("ends_at")?.map(read_end),
        plan_before: row.get("plan_before")?,
        ends_before: read_end(row.get("ends_before")?),
        state: RevisionState::read(&row.get::<String>("state")?)?,
        comment_requestor: row.get("comment_requestor")?,
        comment_response: row.get("comment_response")?,
        requester: row.get("requester")?,
        task: row.get("task_id")?,
        acceptance: row.get("acceptance_id")?,
        created_at: row.get("created_at")?,
        changed_at: row.get("changed_at")?,
    })
}

pub async fn find(conn: &mut Conn, id: &id::SubscriptionRevisionId) -> Result<Option<Revision>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM subscription_revisions WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(revision).transpose()
}

/// The one that can still become the terms of the subscription.
pub async fn open(conn: &mut Conn, subscription: &id::SubscriptionId) -> Result<Option<Revision>, Problem> {
    let text = format!(
        "SELECT {COLUMNS} FROM subscription_revisions WHERE subscription_id = $1 AND state IN ('requested', 'approved')"
    );
    sql(text).bind(subscription).find(conn).await?.as_ref().map(revision).transpose()
}

/// The newest of each of these subscriptions.
pub async fn newest(conn: &mut Conn, of: &[id::SubscriptionId]) -> Result<Vec<Revision>, Problem> {
    let mut out = Vec::new();
    for some in of.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT {COLUMNS} FROM subscription_revisions WHERE id IN (SELECT MAX(id) FROM subscription_revisions \
             WHERE subscription_id IN ({}) GROUP BY subscription_id)",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(revision(&row)?);
        }
    }
    Ok(out)
}

/// Those of a subscription, the newest first, before the one with this id.
pub async fn page(
    conn: &mut Conn,
    subscription: &id::SubscriptionId,
    before: &str,
    limit: i64,
) -> Result<Vec<Revision>, Problem> {
    let text = format!(
        "SELECT {COLUMNS} FROM subscription_revisions WHERE subscription_id = $1 AND ($2 = '' OR id < $2) \
         ORDER BY id DESC LIMIT $3"
    );
    sql(text).bind(subscription).bind(before).bind(limit).all(conn).await?.iter().map(revision).collect()
}

pub async fn insert(conn: &mut Conn, r: &Revision) -> Result<(), Problem> {
    let text = format!("INSERT INTO subscription_revisions ({COLUMNS}) VALUES ({})", crate::marks(1, 16));
    let done = sql(text)
        .bind(&r.id)
        .bind(r.version)
        .bind(&r.subscription)
        .bind(&r.request)
        .bind(&r.plan)
        .bind(r.ends_at.map(|end| end.map_or(NEVER, base::Timestamp::micros)))
        .bind(&r.plan_before)
        .bind(kept_end(r.ends_before))
        .bind(r.state.as_str())
        .bind(r.comment_requestor.as_deref())
        .bind(r.comment_response.as_deref())
        .bind(&r.requester)
        .bind(r.task.as_ref())
        .bind(r.acceptance.as_ref())
        .bind(r.created_at)
        .bind(r.changed_at)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("subscription_revisions_open") => {
            let detail = "Other terms have just been asked for; read the subscription again.";
            Err(Problem::new(ProblemKind::Exists, detail).with("reason", "open_revision"))
        }
        other => Ok(other.map(|_| ())?),
    }
}

pub async fn put(conn: &mut Conn, r: &Revision) -> Result<i64, Problem> {
    let row = sql("UPDATE subscription_revisions SET version = version + 1, state = $3, comment_response = $4, \
                   plan_before = $5, ends_before = $6, changed_at = $7 WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&r.id)
    .bind(r.version)
    .bind(r.state.as_str())
    .bind(r.comment_response.as_deref())
    .bind(&r.plan_before)
    .bind(kept_end(r.ends_before))
    .bind(r.changed_at)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

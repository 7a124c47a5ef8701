//! Subscriptions as rows.

use super::rule::state_word;
use super::{Decision, Subscription, SuspendedBy};
use base::{Problem, ProblemKind, id};
use snapshot::SubscriptionState as State;
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, request_id, app_id, api_id, environment_id, plan_id, state, suspended_by, decision, \
    comment_requestor, comment_response, unread, requester, task_id, acceptance_id, created_at, changed_at";

fn state(text: &str) -> Result<State, Problem> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(Problem::internal)
}

fn subscription(row: &Row) -> Result<Subscription, Problem> {
    let suspended_by: Option<String> = row.get("suspended_by")?;
    Ok(Subscription {
        id: row.get("id")?,
        version: row.get("version")?,
        request: row.get("request_id")?,
        app: row.get("app_id")?,
        api: row.get("api_id")?,
        environment: row.get("environment_id")?,
        plan: row.get("plan_id")?,
        state: state(&row.get::<String>("state")?)?,
        suspended_by: suspended_by.as_deref().map(SuspendedBy::read).transpose()?,
        decision: Decision::read(&row.get::<String>("decision")?)?,
        comment_requestor: row.get("comment_requestor")?,
        comment_response: row.get("comment_response")?,
        unread: row.get("unread")?,
        requester: row.get("requester")?,
        task: row.get("task_id")?,
        acceptance: row.get("acceptance_id")?,
        created_at: row.get("created_at")?,
        changed_at: row.get("changed_at")?,
    })
}

pub async fn find(conn: &mut Conn, id: &id::SubscriptionId) -> Result<Option<Subscription>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM subscriptions WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(subscription).transpose()
}

/// What decides calls under this key: the live subscription, or else the newest ended one.
pub async fn newest(
    conn: &mut Conn,
    app: &id::AppId,
    api: &id::ApiId,
    environment: &id::EnvironmentId,
) -> Result<Option<Subscription>, Problem> {
    let text = format!(
        "SELECT {COLUMNS} FROM subscriptions WHERE app_id = $1 AND api_id = $2 AND environment_id = $3 \
         ORDER BY CASE WHEN state IN ('requested', 'approved', 'active', 'suspended') THEN 0 ELSE 1 END, id DESC LIMIT 1"
    );
    sql(text).bind(app).bind(api).bind(environment).find(conn).await?.as_ref().map(subscription).transpose()
}

/// Which end a list is read from.
pub enum End<'a> {
    App(&'a id::AppId),
    Api(&'a id::ApiId),
    All,
}

pub async fn page(conn: &mut Conn, end: End<'_>, after: &str, limit: i64) -> Result<Vec<Subscription>, Problem> {
    let (condition, key) = match end {
        End::App(id) => ("app_id = $3 AND", id.to_string()),
        End::Api(id) => ("api_id = $3 AND", id.to_string()),
        End::All => ("$3 = '' AND", String::new()),
    };
    let text = format!("SELECT {COLUMNS} FROM subscriptions WHERE {condition} id > $1 ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).bind(key).all(conn).await?.iter().map(subscription).collect()
}

/// Those of any of these apps or APIs, newest last.
pub async fn page_of(
    conn: &mut Conn,
    apps: &[id::AppId],
    apis: &[id::ApiId],
    after: &str,
    limit: i64,
) -> Result<Vec<Subscription>, Problem> {
    if apps.is_empty() && apis.is_empty() {
        return Ok(Vec::new());
    }
    let marks = |from: usize, n: usize| (0..n).map(|i| format!("${}", from + i)).collect::<Vec<_>>().join(", ");
    let mut either = Vec::new();
    if !apps.is_empty() {
        either.push(format!("app_id IN ({})", marks(3, apps.len())));
    }
    if !apis.is_empty() {
        either.push(format!("api_id IN ({})", marks(3 + apps.len(), apis.len())));
    }
    let text =
        format!("SELECT {COLUMNS} FROM subscriptions WHERE id > $1 AND ({}) ORDER BY id LIMIT $2", either.join(" OR "));
    let query = sql(text).bind(after).bind(limit).bind_all(apps).bind_all(apis);
    query.all(conn).await?.iter().map(subscription).collect()
}

fn taken(subscription: &Subscription) -> Problem {
    let detail = format!(
        "The app {} has a live subscription to this API in this environment already; change or cancel that one.",
        subscription.app
    );
    Problem::new(ProblemKind::Exists, detail)
}

pub async fn insert(conn: &mut Conn, s: &Subscription) -> Result<(), Problem> {
    let text = format!(
        "INSERT INTO subscriptions ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    );
    let done = sql(text)
        .bind(&s.id)
        .bind(s.version)
        .bind(&s.request)
        .bind(&s.app)
        .bind(&s.api)
        .bind(&s.environment)
        .bind(&s.plan)
        .bind(state_word(s.state))
        .bind(s.suspended_by.map(SuspendedBy::as_str))
        .bind(s.decision.as_str())
        .bind(s.comment_requestor.as_deref())
        .bind(s.comment_response.as_deref())
        .bind(s.unread)
        .bind(&s.requester)
        .bind(s.task.as_ref())
        .bind(s.acceptance.as_ref())
        .bind(s.created_at)
        .bind(s.changed_at)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("subscriptions_live") => Err(taken(s)),
        other => Ok(other.map(|_| ())?),
    }
}

pub async fn put(conn: &mut Conn, s: &Subscription) -> Result<i64, Problem> {
    let done = sql("UPDATE subscriptions SET version = version + 1, plan_id = $3, state = $4, suspended_by = $5, \
                    decision = $6, comment_response = $7, unread = $8, task_id = $9, changed_at = $10 \
                    WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&s.id)
    .bind(s.version)
    .bind(&s.plan)
    .bind(state_word(s.state))
    .bind(s.suspended_by.map(SuspendedBy::as_str))
    .bind(s.decision.as_str())
    .bind(s.comment_response.as_deref())
    .bind(s.unread)
    .bind(s.task.as_ref())
    .bind(s.changed_at)
    .find(conn)
    .await;
    match done {
        Err(e) if e.unique() == Some("subscriptions_live") => Err(taken(s)),
        other => crate::lost_race(other?),
    }
}

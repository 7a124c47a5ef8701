//! Subscriptions as rows.

use super::rule::state_word;
use super::{AppCount, Decision, Subscription, SubscriptionOrigin, SuspendedBy};
use base::{Problem, ProblemKind, Timestamp, id};
use snapshot::{SubscriptionRow, SubscriptionState as State};
use store::{Conn, Param, Row, Value, sql};

pub const COLUMNS: &str = "id, version, request_id, app_id, api_id, environment_id, plan_id, state, suspended_by, decision, \
    comment_requestor, comment_response, unread, requester, task_id, acceptance_id, created_at, changed_at, origin, \
    ends_at, due_at";

/// What stands where there is no end.
pub const NEVER: i64 = i64::MAX;

/// An end as the database keeps it.
pub fn kept_end(end: Option<Timestamp>) -> i64 {
    end.map_or(NEVER, Timestamp::micros)
}

/// An end as the database kept it.
pub fn read_end(micros: i64) -> Option<Timestamp> {
    (micros != NEVER).then(|| Timestamp::from_micros(micros))
}

fn state(text: &str) -> Result<State, Problem> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(Problem::internal)
}

pub fn subscription(row: &Row) -> Result<Subscription, Problem> {
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
        origin: SubscriptionOrigin::read(&row.get::<String>("origin")?)?,
        ends_at: read_end(row.get("ends_at")?),
        due_at: row.get("due_at")?,
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
         ORDER BY CASE WHEN state IN ({LIVE}) THEN 0 ELSE 1 END, id DESC LIMIT 1"
    );
    sql(text).bind(app).bind(api).bind(environment).find(conn).await?.as_ref().map(subscription).transpose()
}

/// The states of which there is one subscription at most for an app, an API and an environment.
pub const LIVE: &str = "'requested', 'approved', 'active', 'suspended'";

const GATEWAY_COLUMNS: &str = "id, app_id, api_id, environment_id, plan_id, state, ends_at";

fn gateway_row(row: &Row) -> Result<SubscriptionRow, Problem> {
    Ok(SubscriptionRow {
        id: row.get("id")?,
        app: row.get("app_id")?,
        api: row.get("api_id")?,
        environment: row.get("environment_id")?,
        plan: row.get("plan_id")?,
        state: state(&row.get::<String>("state")?)?,
        ends_at: read_end(row.get("ends_at")?),
    })
}

/// All that are live, or all that are over, by id.
pub async fn gateway_rows(
    conn: &mut Conn,
    over: bool,
    after: &str,
    limit: i64,
) -> Result<Vec<SubscriptionRow>, Problem> {
    let not = if over { "NOT " } else { "" };
    let text = format!(
        "SELECT {GATEWAY_COLUMNS} FROM subscriptions WHERE state {not}IN ({LIVE}) AND id > $1 ORDER BY id LIMIT $2"
    );
    sql(text).bind(after).bind(limit).all(conn).await?.iter().map(gateway_row).collect()
}

/// All under the keys of these subscriptions, those that decide last: what is over by id, then what is live.
pub async fn gateway_rows_beside(conn: &mut Conn, of: &[id::SubscriptionId]) -> Result<Vec<SubscriptionRow>, Problem> {
    let mut out = Vec::with_capacity(of.len());
    for some in of.chunks(crate::TOGETHER) {
        let columns: Vec<String> =
            GATEWAY_COLUMNS.split(", ").map(|column| format!("s.{column} AS {column}")).collect();
        let text = format!(
            "SELECT DISTINCT {} FROM subscriptions k JOIN subscriptions s ON s.app_id = k.app_id AND s.api_id = k.api_id \
             AND s.environment_id = k.environment_id WHERE k.id IN ({})",
            columns.join(", "),
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(gateway_row(&row)?);
        }
    }
    out.sort_by(|x, y| (super::live(x.state), &x.id).cmp(&(super::live(y.state), &y.id)));
    Ok(out)
}

/// Which end a list is read from.
pub enum End<'a> {
    App(&'a id::AppId),
    Api(&'a id::ApiId),
}

pub async fn page(conn: &mut Conn, end: End<'_>, after: &str, limit: i64) -> Result<Vec<Subscription>, Problem> {
    let (condition, key) = match end {
        End::App(id) => ("app_id = $3 AND", id.to_string()),
        End::Api(id) => ("api_id = $3 AND", id.to_string()),
    };
    let text = format!("SELECT {COLUMNS} FROM subscriptions WHERE {condition} id > $1 ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).bind(key).all(conn).await?.iter().map(subscription).collect()
}

/// A statement's conditions and their values, which grow together.
pub struct Conditions {
    pub text: String,
    pub values: Vec<Value>,
}

impl Conditions {
    /// `column IN (...)`; false for an empty list.
    pub fn list<T: Param>(&mut self, column: &str, of: &[T]) -> String {
        if of.is_empty() {
            return "1 = 0".to_owned();
        }
        let marks = crate::marks(self.values.len() + 1, of.len());
        self.values.extend(of.iter().map(Param::value));
        format!("{column} IN ({marks})")
    }

    pub fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }
}

/// What ends first of what each of these APIs gives, in these states: after this end and id. A short walk along an index
/// for each API.
pub async fn ending_first(
    conn: &mut Conn,
    apis: &[id::ApiId],
    states: &[State],
    (end, after): (i64, &str),
    limit: i64,
) -> Result<Vec<Subscription>, Problem> {
    let among = crate::marks(4, states.len());
    let leg = |key: usize| {
        format!(
            "SELECT * FROM (SELECT {COLUMNS} FROM subscriptions WHERE api_id = ${key} AND (ends_at, id) > ($1, $2) \
             AND state IN ({among}) ORDER BY ends_at, id LIMIT $3) AS leg{key}"
        )
    };
    let states: Vec<&str> = states.iter().map(|s| state_word(*s)).collect();
    let first = 4 + states.len();
    let mut out = Vec::new();
    for some in apis.chunks(crate::LEGS) {
        let legs: Vec<String> = (first..first + some.len()).map(leg).collect();
        let legs = legs.join(" UNION ALL ");
        let text = format!("SELECT {COLUMNS} FROM ({legs}) AS legs ORDER BY ends_at, id LIMIT $3");
        let query = sql(text).bind(end).bind(after).bind(limit).bind_all(&states);
        for row in query.bind_all(some).all(conn).await? {
            out.push(subscription(&row)?);
        }
    }
    Ok(out)
}

/// The APIs to which these apps have a live subscription.
pub async fn called_by(conn: &mut Conn, apps: &[id::AppId]) -> Result<Vec<id::ApiId>, Problem> {
    let mut out = Vec::new();
    for some in apps.chunks(crate::TOGETHER) {
        // The states as the index of live ones names them.
        let text = format!(
            "SELECT DISTINCT api_id FROM subscriptions WHERE app_id IN ({}) \
             AND state IN ('requested', 'approved', 'active', 'suspended')",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(row.get("api_id")?);
        }
    }
    Ok(out)
}

/// What these apps have in an environment and in these states, by id.
pub async fn standing_in(
    conn: &mut Conn,
    apps: &[id::AppId],
    environment: &id::EnvironmentId,
    states: &[State],
) -> Result<Vec<Subscription>, Problem> {
    let states: Vec<&str> = states.iter().map(|s| state_word(*s)).collect();
    let mut out = Vec::new();
    for some in apps.chunks(crate::TOGETHER) {
        let (of, among) = (crate::marks(2, some.len()), crate::marks(2 + some.len(), states.len()));
        let text = format!(
            "SELECT {COLUMNS} FROM subscriptions WHERE environment_id = $1 AND app_id IN ({of}) AND state IN ({among}) \
             ORDER BY id"
        );
        for row in sql(text).bind(environment).bind_all(some).bind_all(&states).all(conn).await? {
            out.push(subscription(&row)?);
        }
    }
    Ok(out)
}

/// What the clock has to do something about by now, and when it has to next.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<id::SubscriptionId>, Problem> {
    let text = "SELECT id FROM subscriptions WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at LIMIT $2";
    let rows = sql(text).bind(now).bind(limit).all(conn).await?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// When the clock has to do something next.
pub async fn next_due(conn: &mut Conn) -> Result<Option<Timestamp>, Problem> {
    let text = "SELECT due_at FROM subscriptions WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1";
    Ok(sql(text).find(conn).await?.map(|row| row.get("due_at")).transpose()?)
}

pub async fn find_all(conn: &mut Conn, ids: &[id::SubscriptionId]) -> Result<Vec<Subscription>, Problem> {
    let mut out = Vec::with_capacity(ids.len());
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!("SELECT {COLUMNS} FROM subscriptions WHERE id IN ({})", crate::marks(1, some.len()));
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(subscription(&row)?);
        }
    }
    Ok(out)
}

pub async fn among(conn: &mut Conn, apps: &[id::AppId], apis: &[id::ApiId]) -> Result<Vec<Subscription>, Problem> {
    let mut out = Vec::new();
    if apis.is_empty() {
        return Ok(out);
    }
    for some in apps.chunks(crate::TOGETHER) {
        let (of, to) = (crate::marks(1, some.len()), crate::marks(some.len() + 1, apis.len()));
        let text =
            format!("SELECT {COLUMNS} FROM subscriptions WHERE app_id IN ({of}) AND api_id IN ({to}) ORDER BY id");
        for row in sql(text).bind_all(some).bind_all(apis).all(conn).await? {
            out.push(subscription(&row)?);
        }
    }
    Ok(out)
}

/// The ids of all subscriptions of these apps to this API.
pub async fn between(conn: &mut Conn, apps: &[id::AppId], api: &id::ApiId) -> Result<Vec<id::SubscriptionId>, Problem> {
    let mut out = Vec::new();
    for some in apps.chunks(crate::TOGETHER) {
        let marks = crate::marks(2, some.len());
        let text = format!("SELECT id FROM subscriptions WHERE api_id = $1 AND app_id IN ({marks})");
        for row in sql(text).bind(api).bind_all(some).all(conn).await? {
            out.push(row.get("id")?);
        }
    }
    Ok(out)
}

/// Where connections are listed from.
pub struct Place<'a> {
    /// In these states.
    pub states: &'a [State],
    /// In these environments: all of them, or the one that is asked for.
    pub environments: &'a [id::EnvironmentId],
}

/// Those at one end, by id. One short walk along an index for each environment and state, however many there are.
pub async fn at_place(
    conn: &mut Conn,
    end: End<'_>,
    place: &Place<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<Subscription>, Problem> {
    let (column, key) = match end {
        End::App(id) => ("app_id", id.to_string()),
        End::Api(id) => ("api_id", id.to_string()),
    };
    let text = format!(
        "SELECT {COLUMNS} FROM subscriptions WHERE {column} = $1 AND environment_id = $2 AND state = $3 AND id > $4 \
         ORDER BY id LIMIT $5"
    );
    let mut out = Vec::new();
    for environment in place.environments {
        for state in place.states {
            let query = sql(text.clone()).bind(&key).bind(environment).bind(state_word(*state)).bind(after).bind(limit);
            for row in query.all(conn).await? {
                out.push(subscription(&row)?);
            }
        }
    }
    out.sort_by(|x, y| x.id.cmp(&y.id));
    out.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(out)
}

/// Those of these apps, by app and id, behind the one of that app and id.
pub async fn of_teams(
    conn: &mut Conn,
    apps: &[id::AppId],
    api: Option<&id::ApiId>,
    place: &Place<'_>,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Subscription>, Problem> {
    let mut it = Conditions { text: String::new(), values: vec![after.0.value(), after.1.value(), limit.value()] };
    let states: Vec<&str> = place.states.iter().map(|s| state_word(*s)).collect();
    let environments = it.list("environment_id", place.environments);
    let (states, apps) = (it.list("state", &states), it.list("app_id", apps));
    let api = api.map(|api| it.list("api_id", std::slice::from_ref(api))).unwrap_or_else(|| "1 = 1".to_owned());
    let text = format!(
        "SELECT {COLUMNS} FROM subscriptions WHERE {apps} AND (app_id > $1 OR (app_id = $1 AND id > $2)) \
         AND {environments} AND {states} AND {api} ORDER BY app_id, id LIMIT $3"
    );
    sql(text).bind_all(it.values).all(conn).await?.iter().map(subscription).collect()
}

pub async fn counts(conn: &mut Conn, apps: &[id::AppId]) -> Result<Vec<AppCount>, Problem> {
    let mut out = Vec::new();
    for some in apps.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT app_id, state, CAST(COUNT(*) AS BIGINT) AS n, \
             CAST(SUM(CASE WHEN unread THEN 1 ELSE 0 END) AS BIGINT) AS unread \
             FROM subscriptions WHERE app_id IN ({}) GROUP BY app_id, state",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            let (app, state) = (row.get("app_id")?, state(&row.get::<String>("state")?)?);
            out.push(AppCount { app, state, number: row.get("n")?, unread: row.get("unread")? });
        }
    }
    Ok(out)
}

/// How many there are under each of these plans, up to [`crate::MOST_COUNTED`]: whether there is any, and the live ones.
///
/// There are few plans, so databases guess that an index of them is not worth it, and search everything for what a plan
/// that nobody uses does not have. A range they take for narrow.
pub async fn under_plans(conn: &mut Conn, plans: &[id::PlanId]) -> Result<Vec<(id::PlanId, (bool, i64))>, Problem> {
    let mut out = Vec::with_capacity(plans.len());
    for some in plans.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT r.column1 AS id, EXISTS (SELECT s.plan_id FROM subscriptions s \
             WHERE s.plan_id BETWEEN r.column1 AND r.column1) AS used, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT s.plan_id FROM subscriptions s \
             WHERE s.plan_id BETWEEN r.column1 AND r.column1 AND s.state IN ({LIVE}) LIMIT {}) AS found) AS n \
             FROM (VALUES {}) AS r",
            crate::MOST_COUNTED,
            crate::marked_rows(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("id")?, (row.get("used")?, row.get("n")?)));
        }
    }
    Ok(out)
}

/// Whether one of these apps has, or had, a subscription under this plan.
pub async fn under_plan(conn: &mut Conn, plan: &id::PlanId, apps: &[id::AppId]) -> Result<bool, Problem> {
    for some in apps.chunks(crate::TOGETHER) {
        // An app has few subscriptions, a plan may have all of them: found by the app.
        let text = format!(
            "SELECT s.id FROM subscriptions s WHERE s.app_id IN ({}) AND COALESCE(s.plan_id, '') = $1 LIMIT 1",
            crate::marks(2, some.len())
        );
        if sql(text).bind(plan).bind_all(some).find(conn).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many there are to each of these APIs in each of these states, up to [`crate::MOST_COUNTED`].
pub async fn counts_of_apis(
    conn: &mut Conn,
    apis: &[id::ApiId],
    states: &[State],
) -> Result<Vec<(id::ApiId, State, i64)>, Problem> {
    let mut out = Vec::new();
    for some in apis.chunks(crate::TOGETHER) {
        for state in states {
            let text = format!(
                "SELECT r.column1 AS id, (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT s.id FROM subscriptions s \
                 WHERE s.api_id = r.column1 AND s.state = $1 LIMIT {}) AS found) AS n FROM (VALUES {}) AS r",
                crate::MOST_COUNTED,
                crate::marked_rows(2, some.len())
            );
            for row in sql(text).bind(state_word(*state)).bind_all(some).all(conn).await? {
                out.push((row.get("id")?, *state, row.get("n")?));
            }
        }
    }
    Ok(out)
}

pub async fn unread(conn: &mut Conn, apps: &[id::AppId]) -> Result<i64, Problem> {
    let mut all = 0;
    for some in apps.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM subscriptions WHERE unread AND app_id IN ({})",
            crate::marks(1, some.len())
        );
        all += sql(text).bind_all(some).one(conn).await?.get::<i64>("n")?;
    }
    Ok(all)
}

fn taken(subscription: &Subscription) -> Problem {
    let detail = format!(
        "The app {} has a live subscription to this API in this environment already; change or cancel that one.",
        subscription.app
    );
    Problem::new(ProblemKind::Exists, detail)
}

pub async fn insert(conn: &mut Conn, s: &Subscription) -> Result<(), Problem> {
    let text = format!("INSERT INTO subscriptions ({COLUMNS}) VALUES ({})", crate::marks(1, 21));
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
        .bind(s.origin.as_str())
        .bind(kept_end(s.ends_at))
        .bind(s.due_at)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("subscriptions_live") => Err(taken(s)),
        other => Ok(other.map(|_| ())?),
    }
}

pub async fn put(conn: &mut Conn, s: &Subscription) -> Result<i64, Problem> {
    let done = sql("UPDATE subscriptions SET version = version + 1, plan_id = $3, state = $4, suspended_by = $5, \
                    decision = $6, comment_response = $7, unread = $8, task_id = $9, changed_at = $10, ends_at = $11, \
                    due_at = $12, acceptance_id = $13 WHERE id = $1 AND version = $2 RETURNING version")
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
    .bind(kept_end(s.ends_at))
    .bind(s.due_at)
    .bind(s.acceptance.as_ref())
    .find(conn)
    .await;
    match done {
        Err(e) if e.unique() == Some("subscriptions_live") => Err(taken(s)),
        other => crate::lost_race(other?),
    }
}

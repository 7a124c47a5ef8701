//! Usage and decisions as rows.

use base::id::Id;
use base::{Problem, Timestamp, id};
use snapshot::{DecisionRecord, UsageKey, id_text};
use std::collections::HashMap;
use store::{Conn, Param, Row, Value, sql};

/// How many rows one statement writes at most.
const TOGETHER: usize = 32;

/// `($1, $2), ($3, $4)`: placeholders for `rows` rows of `columns` values.
fn placeholders(rows: usize, columns: usize) -> String {
    let row = |r: usize| {
        let places: Vec<String> = (1..=columns).map(|c| format!("${}", r * columns + c)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The key as the database has it: the minute, eight words, the status.
fn words(key: &UsageKey) -> [String; 8] {
    [
        id_text(key.environment.as_ref()).to_owned(),
        id_text(key.api.as_ref()).to_owned(),
        id_text(key.version.as_ref()).to_owned(),
        key.operation.clone().unwrap_or_default(),
        id_text(key.app.as_ref()).to_owned(),
        id_text(key.client.as_ref()).to_owned(),
        id_text(key.subscription.as_ref()).to_owned(),
        key.outcome.clone(),
    ]
}

/// Adds calls and durations to what is there.
pub async fn add(conn: &mut Conn, usage: &HashMap<UsageKey, (u64, u64)>) -> Result<(), Problem> {
    // Always in the same order, so that two processes that add to the same rows wait for one another and never in a
    // circle.
    let mut rows: Vec<(i64, [String; 8], u16, u64, u64)> =
        usage.iter().map(|(key, (calls, micros))| (key.minute, words(key), key.status, *calls, *micros)).collect();
    rows.sort();
    for some in rows.chunks(TOGETHER) {
        let text = format!(
            "INSERT INTO usage_minutes (minute, environment_id, api_id, version_id, operation, app_id, client_id, \
             subscription_id, outcome, status, calls, duration_micros) VALUES {} \
             ON CONFLICT (minute, environment_id, api_id, version_id, operation, app_id, client_id, subscription_id, \
             outcome, status) DO UPDATE SET calls = usage_minutes.calls + excluded.calls, \
             duration_micros = usage_minutes.duration_micros + excluded.duration_micros",
            placeholders(some.len(), 12)
        );
        let mut query = sql(text);
        for (minute, words, status, calls, micros) in some {
            query = query.bind(*minute).bind_all(words).bind(*status).bind(whole(*calls)).bind(whole(*micros));
        }
        query.run(conn).await?;
    }
    Ok(())
}

/// Keeps decisions for look-up.
pub async fn keep(conn: &mut Conn, decisions: &[DecisionRecord]) -> Result<(), Problem> {
    for some in decisions.chunks(TOGETHER) {
        let text = format!(
            "INSERT INTO decisions (id, decided_at, app_id, api_id, allowed, status, record) VALUES {} \
             ON CONFLICT (id) DO NOTHING",
            placeholders(some.len(), 7)
        );
        let mut query = sql(text);
        for decision in some {
            query = query
                .bind(&decision.id)
                .bind(decision.at)
                .bind(id_text(decision.app.as_ref()))
                .bind(id_text(decision.api.as_ref()))
                .bind(decision.allowed)
                .bind(decision.status)
                .bind(crate::to_json(decision)?);
        }
        query.run(conn).await?;
    }
    Ok(())
}

/// Takes away all decisions but the newest `kept`.
pub async fn sweep(conn: &mut Conn, kept: usize) -> Result<(), Problem> {
    sql("DELETE FROM decisions WHERE decided_at < \
         (SELECT decided_at FROM decisions ORDER BY decided_at DESC LIMIT 1 OFFSET $1)")
    .bind(i64::try_from(kept.saturating_sub(1)).unwrap_or(i64::MAX))
    .run(conn)
    .await?;
    Ok(())
}

/// A decision that was kept.
pub async fn decision(conn: &mut Conn, id: &id::DecisionId) -> Result<Option<DecisionRecord>, Problem> {
    let row = sql("SELECT record FROM decisions WHERE id = $1").bind(id).find(conn).await?;
    row.map(|r| crate::stored_json(&r.get::<String>("record")?)).transpose()
}

/// Which decisions to read.
#[derive(Debug, Default)]
pub struct Kept<'a> {
    pub app: Option<&'a str>,
    pub api: Option<&'a str>,
    pub allowed: Option<bool>,
    /// The id of the last one of the page before.
    pub before: Option<&'a str>,
}

/// Newest first: ids begin with the time.
pub async fn decisions(conn: &mut Conn, kept: &Kept<'_>, limit: i64) -> Result<Vec<DecisionRecord>, Problem> {
    let mut conditions = Vec::new();
    let mut values = vec![limit.value()];
    for (column, value) in [("app_id =", kept.app), ("api_id =", kept.api), ("id <", kept.before)] {
        if let Some(value) = value {
            values.push(value.value());
            conditions.push(format!("{column} ${}", values.len()));
        }
    }
    if let Some(allowed) = kept.allowed {
        values.push(allowed.value());
        conditions.push(format!("allowed = ${}", values.len()));
    }
    let text = format!("SELECT record FROM decisions WHERE {} ORDER BY id DESC LIMIT $1", conditions.join(" AND "));
    records(&sql(text).bind_all(values).all(conn).await?)
}

fn records(rows: &[Row]) -> Result<Vec<DecisionRecord>, Problem> {
    rows.iter().map(|r| crate::stored_json(&r.get::<String>("record")?)).collect()
}

pub async fn last_failure(conn: &mut Conn, app: &id::AppId) -> Result<Option<DecisionRecord>, Problem> {
    let rows = sql("SELECT record FROM decisions WHERE app_id = $1 AND (allowed = $2 OR status >= 400) \
                    ORDER BY id DESC LIMIT 1");
    Ok(records(&rows.bind(app).bind(false).all(conn).await?)?.pop())
}

/// The first minute in which a call of this app was let through and answered with 2xx.
pub async fn first_success(conn: &mut Conn, app: &id::AppId) -> Result<Option<i64>, Problem> {
    let row = sql("SELECT minute FROM usage_minutes WHERE app_id = $1 AND outcome = 'allowed' AND status >= 200 \
                   AND status < 300 ORDER BY minute LIMIT 1");
    Ok(row.bind(app).find(conn).await?.map(|r| r.get("minute")).transpose()?)
}

pub async fn first_kept_success(
    conn: &mut Conn,
    app: &id::AppId,
    from: Timestamp,
    before: Timestamp,
) -> Result<Option<Timestamp>, Problem> {
    let row = sql("SELECT decided_at FROM decisions WHERE app_id = $1 AND allowed = $2 AND status >= 200 \
                   AND status < 300 AND decided_at >= $3 AND decided_at < $4 ORDER BY id LIMIT 1");
    let row = row.bind(app).bind(true).bind(from).bind(before).find(conn).await?;
    Ok(row.map(|r| r.get("decided_at")).transpose()?)
}

/// The last minute with calls for each of these values of a column. Each is one look at the end of an index.
pub async fn last_calls<I: Id + Param>(
    conn: &mut Conn,
    column: &'static str,
    ids: &[I],
) -> Result<HashMap<String, Timestamp>, Problem> {
    let mut out = HashMap::new();
    for some in ids.chunks(100) {
        let one = |n: usize| {
            format!("SELECT ${n} AS id, (SELECT MAX(minute) FROM usage_minutes WHERE {column} = ${n}) AS minute")
        };
        let text = (1..=some.len()).map(one).collect::<Vec<_>>().join(" UNION ALL ");
        for row in sql(text).bind_all(some).all(conn).await? {
            if let Some(minute) = row.get::<Option<i64>>("minute")? {
                out.insert(row.get("id")?, Timestamp::from_seconds(minute.saturating_mul(60)));
            }
        }
    }
    Ok(out)
}

pub async fn calls_of_clients(
    conn: &mut Conn,
    clients: &[id::ClientId],
    since: i64,
) -> Result<HashMap<String, i64>, Problem> {
    let mut out = HashMap::new();
    for some in clients.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT client_id, CAST(SUM(calls) AS BIGINT) AS n FROM usage_minutes WHERE minute >= $1 AND client_id IN ({}) \
             GROUP BY client_id",
            crate::marks(2, some.len())
        );
        for row in sql(text).bind(since).bind_all(some).all(conn).await? {
            out.insert(row.get("client_id")?, row.get("n")?);
        }
    }
    Ok(out)
}

/// Which usage to read: empty words mean any.
#[derive(Debug, Default)]
pub struct Wanted {
    pub app: String,
    pub api: String,
    pub environment: String,
    /// Minutes since the epoch: from `since` on, before `until`.
    pub since: i64,
    pub until: i64,
    /// Minutes that one bucket spans.
    pub step: i64,
}

/// Calls of one bucket that share all of these.
#[derive(Debug)]
pub struct Counted {
    pub bucket: i64,
    pub environment: String,
    pub api: String,
    pub version: String,
    pub operation: String,
    pub app: String,
    pub client: String,
    pub outcome: String,
    pub status: i64,
    pub calls: i64,
    pub duration_micros: i64,
}

impl Wanted {
    /// The condition that its values `$1` to `$5` fill, and the values. A column is named only if it is asked for, so
    /// that the database finds the index.
    fn condition(&self) -> (String, Vec<Value>) {
        let mut text = "minute >= $1 AND minute < $2".to_owned();
        let mut values = vec![self.since.value(), self.until.value()];
        for (column, word) in [("app_id", &self.app), ("api_id", &self.api), ("environment_id", &self.environment)] {
            if !word.is_empty() {
                values.push(word.value());
                text.push_str(&format!(" AND {column} = ${}", values.len()));
            }
        }
        (text, values)
    }
}

/// The buckets that have calls, in the order of time.
pub async fn buckets(conn: &mut Conn, wanted: &Wanted, limit: i64) -> Result<Vec<i64>, Problem> {
    let (condition, mut values) = wanted.condition();
    let (step, most) = (values.len() + 1, values.len() + 2);
    values.extend([wanted.step.value(), limit.value()]);
    let text = format!(
        "SELECT bucket FROM (SELECT minute - minute % ${step} AS bucket FROM usage_minutes WHERE {condition}) AS found \
         GROUP BY bucket ORDER BY bucket LIMIT ${most}"
    );
    let rows = sql(text).bind_all(values).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("bucket")?)).collect()
}

/// What was counted, bucket by bucket.
pub async fn counted(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Counted>, Problem> {
    let (condition, mut values) = wanted.condition();
    let step = values.len() + 1;
    values.push(wanted.step.value());
    let key = "environment_id, api_id, version_id, operation, app_id, client_id, outcome, status";
    let text = format!(
        "SELECT bucket, {key}, CAST(SUM(calls) AS BIGINT) AS calls, CAST(SUM(duration_micros) AS BIGINT) AS micros \
         FROM (SELECT minute - minute % ${step} AS bucket, {key}, calls, duration_micros FROM usage_minutes \
               WHERE {condition}) AS found GROUP BY bucket, {key} ORDER BY bucket, {key}"
    );
    sql(text).bind_all(values).all(conn).await?.iter().map(counted_row).collect()
}

fn counted_row(row: &Row) -> Result<Counted, Problem> {
    Ok(Counted {
        bucket: row.get("bucket")?,
        environment: row.get("environment_id")?,
        api: row.get("api_id")?,
        version: row.get("version_id")?,
        operation: row.get("operation")?,
        app: row.get("app_id")?,
        client: row.get("client_id")?,
        outcome: row.get("outcome")?,
        status: row.get("status")?,
        calls: row.get("calls")?,
        duration_micros: row.get("micros")?,
    })
}

/// Minutes since the epoch, rounded down.
pub const fn minute_of(at: Timestamp) -> i64 {
    at.seconds().div_euclid(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on_from_row_to_row() {
        assert_eq!(placeholders(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }

    #[test]
    fn only_what_is_asked_for_is_in_the_condition() {
        let wanted = Wanted { api: "api_1".into(), until: 9, step: 1, ..Wanted::default() };
        let (text, values) = wanted.condition();
        assert_eq!(text, "minute >= $1 AND minute < $2 AND api_id = $3");
        assert_eq!(values.len(), 3);
    }
}

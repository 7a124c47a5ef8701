//! Tasks as rows.

use super::{Task, TaskState, Wanted};
use base::{Problem, id};
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, kind, api_id, subscription_id, state, created_at, closed_at";

fn task(row: &Row) -> Result<Task, Problem> {
    Ok(Task {
        id: row.get("id")?,
        version: row.get("version")?,
        kind: row.get("kind")?,
        api: row.get("api_id")?,
        subscription: row.get("subscription_id")?,
        state: TaskState::read(&row.get::<String>("state")?)?,
        created_at: row.get("created_at")?,
        closed_at: row.get("closed_at")?,
    })
}

pub async fn find(conn: &mut Conn, id: &id::TaskId) -> Result<Option<Task>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM tasks WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(task).transpose()
}

pub async fn page(
    conn: &mut Conn,
    apis: &[id::ApiId],
    wanted: &Wanted,
    after: &str,
    limit: i64,
) -> Result<Vec<Task>, Problem> {
    if apis.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT {COLUMNS} FROM tasks WHERE state = $1 AND id > $2 AND ($4 = '' OR kind = $4) AND api_id IN ({}) \
         ORDER BY id LIMIT $3",
        crate::marks(5, apis.len())
    );
    let query = sql(text).bind(wanted.state.as_str()).bind(after).bind(limit);
    let query = query.bind(wanted.kind.as_deref().unwrap_or("")).bind_all(apis);
    query.all(conn).await?.iter().map(task).collect()
}

/// How many are open, by API.
pub async fn waiting(conn: &mut Conn, apis: &[id::ApiId]) -> Result<Vec<(id::ApiId, i64)>, Problem> {
    let mut out = Vec::new();
    for some in apis.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT api_id, CAST(COUNT(*) AS BIGINT) AS n FROM tasks WHERE state = 'open' AND api_id IN ({}) \
             GROUP BY api_id",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("api_id")?, row.get("n")?));
        }
    }
    Ok(out)
}

pub async fn insert(conn: &mut Conn, task: &Task) -> Result<(), Problem> {
    let text = format!("INSERT INTO tasks ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    sql(text)
        .bind(&task.id)
        .bind(task.version)
        .bind(&task.kind)
        .bind(&task.api)
        .bind(&task.subscription)
        .bind(task.state.as_str())
        .bind(task.created_at)
        .bind(task.closed_at)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn put(conn: &mut Conn, task: &Task) -> Result<i64, Problem> {
    let row = sql("UPDATE tasks SET version = version + 1, state = $3, closed_at = $4 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&task.id)
    .bind(task.version)
    .bind(task.state.as_str())
    .bind(task.closed_at)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

//! Tasks as rows.

use super::{Task, TaskState};
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
    state: TaskState,
    after: &str,
    limit: i64,
) -> Result<Vec<Task>, Problem> {
    if apis.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (0..apis.len()).map(|n| format!("${}", n + 4)).collect();
    let text = format!(
        "SELECT {COLUMNS} FROM tasks WHERE state = $1 AND id > $2 AND api_id IN ({}) ORDER BY id LIMIT $3",
        marks.join(", ")
    );
    sql(text).bind(state.as_str()).bind(after).bind(limit).bind_all(apis).all(conn).await?.iter().map(task).collect()
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

//! Tasks and how far people have read them as rows.

use super::{AlertCode, Inbox, Task, TaskKind, TaskState, Wanted};
use base::id::Id as _;
use base::{Problem, ProblemKind, Timestamp, id};
use std::collections::HashMap;
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, kind, inbox, subscription_id, revision_id, title, text, code, alert_key, author, \
    assignee, state, created_at, active_at, closed_at";

fn inbox(text: &str) -> Result<Inbox, Problem> {
    let broken =
        || Problem::internal(std::io::Error::other(format!("the database holds `{text}` where an inbox belongs")));
    if let Ok(id) = id::ApiId::parse(text) {
        return Ok(Inbox::Api(id));
    }
    id::OrganizationId::parse(text).map(Inbox::Organization).map_err(|_| broken())
}

fn task(row: &Row) -> Result<Task, Problem> {
    Ok(Task {
        id: row.get("id")?,
        version: row.get("version")?,
        kind: TaskKind::read(&row.get::<String>("kind")?)?,
        inbox: inbox(&row.get::<String>("inbox")?)?,
        subscription: row.get("subscription_id")?,
        revision: row.get("revision_id")?,
        title: row.get("title")?,
        text: row.get("text")?,
        code: row.get::<Option<String>>("code")?.as_deref().map(AlertCode::read).transpose()?,
        alert_key: row.get("alert_key")?,
        author: row.get("author")?,
        assignee: row.get("assignee")?,
        state: TaskState::read(&row.get::<String>("state")?)?,
        created_at: row.get("created_at")?,
        active_at: row.get("active_at")?,
        closed_at: row.get("closed_at")?,
    })
}

/// The titles of those of these that are there; empty for what the program has written.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::TaskId]) -> Result<HashMap<id::TaskId, String>, Problem> {
    crate::names_of(conn, "SELECT id, title AS name FROM tasks", ids).await
}

pub async fn find(conn: &mut Conn, id: &id::TaskId) -> Result<Option<Task>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM tasks WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(task).transpose()
}

/// Those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn among(conn: &mut Conn, ids: &[id::TaskId]) -> Result<Vec<Task>, Problem> {
    crate::rows_of(conn, &format!("SELECT {COLUMNS} FROM tasks"), ids).await?.iter().map(task).collect()
}

/// The open alert of this key.
pub async fn open_alert(conn: &mut Conn, key: &str) -> Result<Option<Task>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM tasks WHERE alert_key = $1 AND state = 'open'");
    sql(text).bind(key).find(conn).await?.as_ref().map(task).transpose()
}

/// The first of each of these inboxes, or of those that are assigned to one person: a short walk along an index for each.
/// Open ones come oldest first, others newest first.
async fn first(
    conn: &mut Conn,
    column: &str,
    keys: &[String],
    wanted: &Wanted,
    after: &str,
    limit: i64,
) -> Result<Vec<Task>, Problem> {
    let (beyond, order) = match (wanted.state, after) {
        (TaskState::Open, _) => ("id > $2", "id"),
        (_, "") => ("$2 = ''", "id DESC"),
        _ => ("id < $2", "id DESC"),
    };
    let leg = |key: usize| {
        format!(
            "SELECT * FROM (SELECT {COLUMNS} FROM tasks WHERE {column} = ${key} AND state = $1 AND {beyond} \
             AND ($4 = '' OR kind = $4) ORDER BY {order} LIMIT $3) AS leg{key}"
        )
    };
    let kind = wanted.kind.map_or("", TaskKind::as_str);
    let mut out = Vec::new();
    for some in keys.chunks(crate::LEGS) {
        let legs: Vec<String> = (5..5 + some.len()).map(leg).collect();
        let query = sql(legs.join(" UNION ALL ")).bind(wanted.state.as_str()).bind(after).bind(limit).bind(kind);
        for row in query.bind_all(some).all(conn).await? {
            out.push(task(&row)?);
        }
    }
    Ok(out)
}

/// A page over these inboxes. Each is asked for its own first ones, so the cost is that of the page and not of the inboxes.
pub async fn page(
    conn: &mut Conn,
    inboxes: &[String],
    wanted: &Wanted,
    after: &str,
    limit: i64,
) -> Result<Vec<Task>, Problem> {
    let mut out = Vec::new();
    match &wanted.assignee {
        Some(user) => {
            let mine = first(conn, "assignee", &[user.to_string()], wanted, after, limit).await?;
            out.extend(mine.into_iter().filter(|task| inboxes.contains(&task.inbox.to_string())));
        }
        None => out = first(conn, "inbox", inboxes, wanted, after, limit).await?,
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    if wanted.state != TaskState::Open {
        out.reverse();
    }
    out.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(out)
}

/// The open tasks of an inbox.
pub async fn open_in(conn: &mut Conn, inbox: &Inbox) -> Result<Vec<Task>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM tasks WHERE inbox = $1 AND state = 'open' ORDER BY id");
    sql(text).bind(inbox.to_string()).all(conn).await?.iter().map(task).collect()
}

/// How many are open in each of these inboxes, up to [`crate::MOST_COUNTED`].
pub async fn waiting(conn: &mut Conn, inboxes: &[String]) -> Result<Vec<(String, i64)>, Problem> {
    let mut out = Vec::new();
    for some in inboxes.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT r.column1 AS inbox, (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT t.id FROM tasks t \
             WHERE t.inbox = r.column1 AND t.state = 'open' LIMIT {}) AS found) AS n FROM (VALUES {}) AS r",
            crate::MOST_COUNTED,
            crate::marked_rows(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("inbox")?, row.get("n")?));
        }
    }
    out.retain(|(_, n)| *n > 0);
    Ok(out)
}

pub async fn insert(conn: &mut Conn, task: &Task) -> Result<(), Problem> {
    let text = format!("INSERT INTO tasks ({COLUMNS}) VALUES ({})", crate::marks(1, 16));
    sql(text)
        .bind(&task.id)
        .bind(task.version)
        .bind(task.kind.as_str())
        .bind(task.inbox.to_string())
        .bind(task.subscription.as_ref())
        .bind(task.revision.as_ref())
        .bind(&task.title)
        .bind(&task.text)
        .bind(task.code.map(AlertCode::as_str))
        .bind(task.alert_key.as_deref())
        .bind(task.author.as_ref())
        .bind(task.assignee.as_ref())
        .bind(task.state.as_str())
        .bind(task.created_at)
        .bind(task.active_at)
        .bind(task.closed_at)
        .run(conn)
        .await
        .map_err(raised)?;
    Ok(())
}

/// The same alert was raised in another transaction.
fn raised(error: store::StoreError) -> Problem {
    match error.unique() {
        Some("tasks_alert") => Problem::new(ProblemKind::LostRace, "The same alert is open already."),
        _ => error.into(),
    }
}

/// Something was said about it.
pub async fn touch(conn: &mut Conn, id: &id::TaskId, now: Timestamp) -> Result<(), Problem> {
    sql("UPDATE tasks SET active_at = $2 WHERE id = $1").bind(id).bind(now).run(conn).await?;
    Ok(())
}

pub async fn put(conn: &mut Conn, task: &Task) -> Result<i64, Problem> {
    let row = sql("UPDATE tasks SET version = version + 1, state = $3, closed_at = $4, title = $5, text = $6, \
                   assignee = $7, active_at = $8 WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&task.id)
    .bind(task.version)
    .bind(task.state.as_str())
    .bind(task.closed_at)
    .bind(&task.title)
    .bind(&task.text)
    .bind(task.assignee.as_ref())
    .bind(task.active_at)
    .find(conn)
    .await
    .map_err(raised)?;
    crate::lost_race(row)
}

/// Up to when this person has read each of these tasks.
pub async fn marks(
    conn: &mut Conn,
    user: &id::UserId,
    tasks: &[id::TaskId],
) -> Result<Vec<(id::TaskId, Timestamp)>, Problem> {
    let mut out = Vec::new();
    for some in tasks.chunks(crate::TOGETHER) {
        let marks = crate::marks(2, some.len());
        let text = format!("SELECT task_id, read_at FROM task_marks WHERE user_id = $1 AND task_id IN ({marks})");
        for row in sql(text).bind(user).bind_all(some).all(conn).await? {
            out.push((row.get("task_id")?, row.get("read_at")?));
        }
    }
    Ok(out)
}

/// Says up to when this person has read a task; `None`: not at all.
pub async fn mark(
    conn: &mut Conn,
    user: &id::UserId,
    task: &id::TaskId,
    read_at: Option<Timestamp>,
) -> Result<(), Problem> {
    let query = match read_at {
        Some(at) => sql("INSERT INTO task_marks (task_id, user_id, read_at) VALUES ($1, $2, $3) \
                         ON CONFLICT (task_id, user_id) DO UPDATE SET read_at = excluded.read_at")
        .bind(task)
        .bind(user)
        .bind(at),
        None => sql("DELETE FROM task_marks WHERE task_id = $1 AND user_id = $2").bind(task).bind(user),
    };
    query.run(conn).await?;
    Ok(())
}

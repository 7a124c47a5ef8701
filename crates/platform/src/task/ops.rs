//! What can be done with tasks.

use super::{Task, TaskState, sql};
use crate::api;
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use base::{Fault, Kind, Page, PageRequest, Problem, Timestamp, id};
use std::collections::HashMap;
use store::Conn;

/// Puts a task into the inbox of an API's administrators, inside the caller's transaction.
///
/// # Errors
/// Those of the database.
pub async fn open(
    conn: &mut Conn,
    api: &id::ApiId,
    subscription: &id::SubscriptionId,
    now: Timestamp,
) -> Result<id::TaskId, Problem> {
    let task = Task {
        id: id::TaskId::new(now),
        version: 1,
        kind: "subscription_request".to_owned(),
        api: api.clone(),
        subscription: subscription.clone(),
        state: TaskState::Open,
        created_at: now,
        closed_at: None,
    };
    sql::insert(conn, &task).await?;
    Ok(task.id)
}

/// Takes a task out of the inbox, inside the caller's transaction. A closed one stays as it is.
///
/// # Errors
/// Those of the database.
pub async fn close(conn: &mut Conn, id: &id::TaskId, state: TaskState, now: Timestamp) -> Result<(), Problem> {
    if let Some(mut task) = sql::find(conn, id).await?.filter(|t| t.state == TaskState::Open) {
        task.state = state;
        task.closed_at = Some(now);
        sql::put(conn, &task).await?;
    }
    Ok(())
}

/// A task, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::TaskId) -> Result<Option<Task>, Problem> {
    sql::find(conn, id).await
}

/// Which tasks somebody wants to see.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where they stand.
    pub state: TaskState,
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this API.
    pub api: Option<id::ApiId>,
}

/// The caller's inbox: tasks of every API whose requests they decide.
///
/// # Errors
/// Those of the database.
pub async fn list(cx: &Cx, wanted: &Wanted, page: &PageRequest) -> Result<Page<Task>, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.read().await?;
    let mut apis = api::administered(&mut tx, &who.id).await?;
    apis.retain(|api| wanted.api.as_ref().is_none_or(|only| only == api));
    let rows = sql::page(&mut tx, &apis, wanted, page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |t| t.id.to_string()))
}

/// How many tasks are open at each of these APIs; those without any are left out.
///
/// # Errors
/// Those of the database.
pub async fn waiting(conn: &mut Conn, apis: &[id::ApiId]) -> Result<HashMap<id::ApiId, i64>, Problem> {
    Ok(sql::waiting(conn, apis).await?.into_iter().collect())
}

/// How many tasks are open at these APIs together.
///
/// # Errors
/// Those of the database.
pub async fn waiting_in_all(conn: &mut Conn, apis: &[id::ApiId]) -> Result<i64, Problem> {
    Ok(sql::waiting(conn, apis).await?.iter().map(|(_, n)| n).sum())
}

async fn visible(cx: &Cx, conn: &mut Conn, id: &id::TaskId) -> Result<Task, Problem> {
    cx.signed()?;
    let task = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("task"))?;
    let api = api::find(conn, &task.api).await?.ok_or_else(|| Problem::not_found("task"))?;
    let standing = api::standing(cx, conn, &api).await?;
    cx.may_see(standing, Verb::ApiDecide, "task")?;
    Ok(task)
}

/// A task that the caller decides about.
///
/// # Errors
/// 404 if there is none.
pub async fn get(cx: &Cx, id: &id::TaskId) -> Result<Task, Problem> {
    visible(cx, &mut *cx.read().await?, id).await
}

/// A remark to colleagues on the API side; the requester does not see it.
pub async fn comment(cx: &Cx, id: &id::TaskId, text: &str) -> Result<i64, Problem> {
    let text = crate::text::prose("/comment", text)?;
    if text.is_empty() {
        return Err(Problem::invalid("/comment", "Say something.").code(Fault::Required));
    }
    let mut tx = cx.write().await?;
    let task = visible(cx, &mut tx, id).await?;
    let change = cx.change("task.commented", Kind::Task, &task.id).touching(Kind::Task, &task.id).noting(Some(&text));
    cx.commit(tx, vec![change]).await
}

/// What colleagues said, oldest first: who, when, what.
pub async fn comments(cx: &Cx, id: &id::TaskId) -> Result<Vec<store::log::Entry>, Problem> {
    let mut tx = cx.read().await?;
    let task = visible(cx, &mut tx, id).await?;
    let filter = store::log::Filter {
        touches: vec![base::Ref::new(Kind::Task, &task.id)],
        verbs: Some(vec!["task.commented".to_owned()]),
        limit: 200,
        ..Default::default()
    };
    let mut entries = store::log::page(&mut tx, &filter).await?;
    entries.reverse();
    Ok(entries)
}

//! Remarks and reader marks on tasks over HTTP. The tasks themselves, to-dos among them, are shown where everything about
//! them is known: in `overview`.

use super::ops;
use crate::cx::{Cx, Platform};
use crate::names::{ActorView, Names, resource_of};
use crate::web::{Answer, Body, Done, Fail, Ident, Problems};
use base::id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Remarks on tasks.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(task_comments, task_comment)).routes(routes!(task_read, task_unread))
}

/// A remark.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// 1 to 4,000 characters.
    comment: String,
}

/// What a colleague said.
#[derive(Serialize, ToSchema)]
pub struct RemarkView {
    /// Number in the change log.
    seq: i64,
    /// Who said it.
    actor: ActorView,
    /// RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// The words.
    comment: String,
}

/// Remarks, oldest first.
#[derive(Serialize, ToSchema)]
pub struct RemarkList {
    items: Vec<RemarkView>,
}

/// Colleagues' remarks on a task
#[utoipa::path(get, path = "/api/v1/tasks/{id}/comments", operation_id = "task_comments", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), responses((status = 200, body = RemarkList), Problems))]
async fn task_comments(cx: Cx, Ident(id): Ident<id::TaskId>) -> Result<Answer<RemarkList>, Fail> {
    let entries = ops::comments(&cx, &id).await?;
    let (mut tx, mut names, mut items) = (cx.read().await?, Names::default(), Vec::with_capacity(entries.len()));
    names.learn_all(&mut tx, entries.iter().filter_map(|e| resource_of(&e.actor)).collect()).await?;
    for e in entries {
        let actor = names.actor(&mut tx, &e.actor, true).await?;
        items.push(RemarkView { seq: e.seq, actor, at: e.at.to_string(), comment: e.note.unwrap_or_default() });
    }
    Ok(Answer::ok(RemarkList { items }))
}

/// Say something to colleagues on the API side
///
/// The requester does not see it.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/comments", operation_id = "task_comment", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), request_body = Remark,
    responses((status = 200, body = Done), Problems))]
async fn task_comment(cx: Cx, Ident(id): Ident<id::TaskId>, Body(body): Body<Remark>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::comment(&cx, &id, &body.comment).await? }))
}

/// Whether the caller has read it.
#[derive(Serialize, ToSchema)]
pub struct TaskMark {
    /// Whether something was done or said about it since.
    unread: bool,
}

/// Mark a task as read by oneself
///
/// What is done or said about it later makes it unread again. Colleagues have marks of their own.
#[utoipa::path(put, path = "/api/v1/tasks/{id}/read", operation_id = "task_read", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), responses((status = 200, body = TaskMark), Problems))]
async fn task_read(cx: Cx, Ident(id): Ident<id::TaskId>) -> Result<Answer<TaskMark>, Fail> {
    ops::mark(&cx, &id, true).await?;
    Ok(Answer::ok(TaskMark { unread: false }))
}

/// Mark a task as unread by oneself
#[utoipa::path(delete, path = "/api/v1/tasks/{id}/read", operation_id = "task_unread", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), responses((status = 200, body = TaskMark), Problems))]
async fn task_unread(cx: Cx, Ident(id): Ident<id::TaskId>) -> Result<Answer<TaskMark>, Fail> {
    ops::mark(&cx, &id, false).await?;
    Ok(Answer::ok(TaskMark { unread: true }))
}

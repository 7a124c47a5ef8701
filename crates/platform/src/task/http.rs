//! Tasks over HTTP.

use super::{Task, TaskState, ops};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Body, Done, Fail, Ident, Params, Problems};
use base::{Page, PageRequest, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about tasks.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(task_list))
        .routes(routes!(task_get))
        .routes(routes!(task_comments, task_comment))
}

/// What waits for a decision.
#[derive(Serialize, ToSchema)]
#[schema(as = Task)]
pub struct TaskView {
    /// `tsk_...`
    pub id: String,
    /// `subscription_request`
    pub kind: String,
    /// `api_...`
    pub api: String,
    /// What is asked for, `sub_...`: decide it there.
    pub subscription: String,
    /// Where it stands.
    pub state: TaskState,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub closed_at: Option<String>,
}

fn view(task: &Task) -> TaskView {
    TaskView {
        id: task.id.to_string(),
        kind: task.kind.clone(),
        api: task.api.to_string(),
        subscription: task.subscription.to_string(),
        state: task.state,
        created_at: task.created_at.to_string(),
        closed_at: task.closed_at.map(|t| t.to_string()),
    }
}

/// Which tasks to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TaskQuery {
    /// `open` unless given.
    #[param(inline)]
    state: Option<TaskState>,
    /// The id of the last item of the page before.
    after: Option<String>,
    /// How many, 1 to 200.
    limit: Option<i64>,
}

/// A page of tasks.
#[derive(Serialize, ToSchema)]
pub struct TaskPage {
    items: Vec<TaskView>,
    next: Option<String>,
}

/// My inbox
///
/// What waits for a decision at the APIs that the caller administers.
#[utoipa::path(get, path = "/api/v1/tasks", operation_id = "task_list", tag = "Tasks", params(TaskQuery),
    responses((status = 200, body = TaskPage), Problems))]
async fn task_list(cx: Cx, Params(query): Params<TaskQuery>) -> Result<Answer<Page<TaskView>>, Fail> {
    let request = PageRequest { after: query.after, limit: query.limit };
    let page = ops::list(&cx, query.state.unwrap_or(TaskState::Open), &request).await?;
    Ok(Answer::ok(page.map(|t| view(&t))))
}

/// One task
#[utoipa::path(get, path = "/api/v1/tasks/{id}", operation_id = "task_get", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), responses((status = 200, body = TaskView), Problems))]
async fn task_get(cx: Cx, Ident(id): Ident<id::TaskId>) -> Result<Answer<TaskView>, Fail> {
    let task = ops::get(&cx, &id).await?;
    Ok(Answer::ok(view(&task)).version(task.version))
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
    /// `user:usr_...`
    actor: String,
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
    let items = ops::comments(&cx, &id).await?;
    let items = items.into_iter().map(|e| RemarkView {
        seq: e.seq,
        actor: e.actor.to_text(),
        at: e.at.to_string(),
        comment: e.note.unwrap_or_default(),
    });
    Ok(Answer::ok(RemarkList { items: items.collect() }))
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

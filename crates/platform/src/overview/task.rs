//! The inbox: tasks with everything that a decision needs.

use crate::actions::Offered;
use crate::blocks::{Block, blocks};
use crate::cx::{Cx, Platform};
use crate::names::{ActorView, Named, Names, ResourceView, resource_of};
use crate::plan::WindowView;
use crate::subscription::{self, RevisionView, Status, SubscriptionView, views};
use crate::task::{self, AlertCode, Inbox, Task, TaskKind, TaskState, Wanted};
use crate::web::{Answer, Body, Fail, Ident, Params, Problems, Written};
use base::{Actor, Kind, Page, PageRequest, Problem, Ref, id};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::Conn;
use store::log::{self, Entry, Filter};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The inbox.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(task_list, task_create))
        .routes(routes!(task_get, task_edit))
        .routes(routes!(task_done))
        .routes(routes!(task_reopen))
}

/// How a task ended.
#[derive(Serialize, ToSchema)]
pub struct TaskDecision {
    /// Who decided.
    actor: ActorView,
    /// RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// `approved`, `rejected`, `activated`, `cancelled`, `expired`, `withdrawn`, `done` or `resolved` (an alert that is not
    /// true any more).
    what: String,
    /// Their words.
    comment: Option<String>,
}

/// What waits in somebody's inbox: a request for a decision, a to-do, or an alert.
#[derive(Serialize, ToSchema)]
#[schema(as = Task)]
pub struct TaskView {
    /// `tsk_...`
    id: String,
    /// What it is.
    kind: TaskKind,
    /// Whose inbox it is in: `api` or `organization`.
    inbox: ResourceView,
    /// The API whose administrators have it, or that it is about.
    api: Option<Named>,
    /// The app that asks, or whose subscription it is about.
    app: Option<Named>,
    /// The organization of that app, or the one whose inbox it is in.
    organization: Option<Named>,
    /// Under which terms.
    plan: Option<Named>,
    /// The windows of that plan; all of them hold. Empty means no cap.
    limits: Vec<WindowView>,
    /// Where; the name is its word in URLs.
    environment: Option<Named>,
    /// Who asks.
    requester: Option<Named>,
    /// The requester's words.
    comment_requestor: Option<String>,
    /// What is asked for or about, `sub_...`: decide it there.
    subscription: Option<String>,
    /// The state of that subscription: `requested` waits for a decision, `approved` for activation.
    subscription_state: Option<String>,
    /// The same as people read it.
    status: Option<Status>,
    /// When that subscription ends by itself, RFC 3339.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
    /// Of a `revision_request`: old and new terms side by side. Decide it at the revision.
    revision: Option<RevisionView>,
    /// Of a to-do: what has to be done, in a line.
    title: Option<String>,
    /// Of a to-do: more about it, Markdown. Of an alert: what the program knows beside its code.
    text: Option<String>,
    /// The same, read.
    text_blocks: Vec<Block>,
    /// What an alert says.
    code: Option<AlertCode>,
    /// Who wrote a to-do.
    author: Option<Named>,
    /// Who does it.
    assignee: Option<Named>,
    /// Whether something was done or said about it since the caller read it.
    unread: bool,
    /// Where it stands.
    state: TaskState,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// When something was last done or said about it, RFC 3339.
    #[schema(format = DateTime)]
    active_at: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// How it ended; null while it is open.
    decision: Option<TaskDecision>,
    /// What the caller may do now: with the subscription or the revision that asks, or with the to-do or alert itself
    /// (`done`, `reopen`, `edit`).
    actions: Vec<Offered>,
}

/// The verbs that end a task.
const ENDS: [&str; 11] = [
    "subscription.approved",
    "subscription.rejected",
    "subscription.activated",
    "subscription.cancelled",
    "subscription.expired",
    "subscription.revision_approved",
    "subscription.revision_rejected",
    "subscription.revision_activated",
    "subscription.revision_withdrawn",
    "task.done",
    "task.resolved",
];

/// How closed tasks ended: by the last step that somebody took, or by the last one of the program.
async fn decisions(conn: &mut Conn, tasks: &[Task]) -> Result<HashMap<String, Entry>, Problem> {
    let closed = tasks.iter().filter(|t| t.state != TaskState::Open);
    let touches: Vec<Ref> = closed.map(|t| Ref::new(Kind::Task, &t.id)).collect();
    let mut out: HashMap<String, Entry> = HashMap::new();
    if touches.is_empty() {
        return Ok(out);
    }
    let verbs = Some(ENDS.map(str::to_owned).to_vec());
    let filter = Filter { touches, verbs, limit: log::MOST, ..Filter::default() };
    for entry in log::page(conn, &filter).await? {
        for task in entry.touches.iter().filter(|t| t.kind == Kind::Task) {
            match out.get(&task.id) {
                Some(known) if known.actor != Actor::System || entry.actor == Actor::System => {}
                _ => {
                    out.insert(task.id.clone(), entry.clone());
                }
            }
        }
    }
    Ok(out)
}

async fn show(cx: &Cx, tasks: Vec<Task>) -> Result<Vec<TaskView>, Problem> {
    let mut tx = cx.read().await?;
    let ids: Vec<id::SubscriptionId> = tasks.iter().filter_map(|t| t.subscription.clone()).collect();
    let found = subscription::find_all(&mut tx, &ids).await?;
    let found: HashMap<_, _> = found.into_iter().map(|s| (s.id.clone(), s)).collect();
    // Two tasks may be about one subscription, and each shows it.
    let shown: Vec<_> = ids.iter().filter_map(|id| found.get(id).cloned()).collect();
    let mut about: HashMap<String, Vec<SubscriptionView>> = HashMap::new();
    for view in views(cx, &shown).await? {
        about.entry(view.id.clone()).or_default().push(view);
    }
    let unread = task::marks(cx, &mut tx, &tasks).await?;
    let (mut ends, mut names) = (decisions(&mut tx, &tasks).await?, Names::default());
    let actors = ends.values().filter_map(|entry| resource_of(&entry.actor));
    names.learn_all(&mut tx, tasks.iter().flat_map(mentioned).chain(actors).collect()).await?;
    let mut out = Vec::with_capacity(tasks.len());
    for task in tasks {
        let decision = match ends.remove(task.id.to_string().as_str()) {
            Some(entry) => Some(TaskDecision {
                actor: names.actor(&mut tx, &entry.actor, true).await?,
                at: entry.at.to_string(),
                what: what_ended(&entry.verb),
                comment: entry.note,
            }),
            None => None,
        };
        let s = task.subscription.as_ref().and_then(|id| about.get_mut(&id.to_string())?.pop());
        let is_unread = unread.contains(&task.id);
        out.push(view(&mut tx, &mut names, task, s, (decision, is_unread)).await?);
    }
    Ok(out)
}

/// What the view of a task names beside its subscription.
fn mentioned(task: &Task) -> Vec<Ref> {
    let people = task.author.iter().chain(&task.assignee).map(|user| Ref::new(Kind::User, user));
    people.chain([inbox(task)]).collect()
}

/// Whose inbox a task is in.
fn inbox(task: &Task) -> Ref {
    match &task.inbox {
        Inbox::Api(id) => Ref::new(Kind::Api, id),
        Inbox::Organization(id) => Ref::new(Kind::Organization, id),
    }
}

/// `subscription.revision_approved` ended it as `approved`.
fn what_ended(verb: &str) -> String {
    let word = verb.split_once('.').map_or(verb, |(_, word)| word);
    word.trim_start_matches("revision_").to_owned()
}

async fn named<I: std::fmt::Display>(
    conn: &mut Conn,
    names: &mut Names,
    kind: Kind,
    id: Option<&I>,
) -> Result<Option<Named>, Problem> {
    match id {
        Some(id) => Ok(Some(names.named(conn, kind, id).await?)),
        None => Ok(None),
    }
}

/// What the caller may do with what a task asks for, or with the task itself.
fn actions(task: &Task, s: Option<&SubscriptionView>) -> Vec<Offered> {
    let offered = |action: &str, allowed: bool, reason: &Option<String>| Offered {
        action: action.to_owned(),
        allowed,
        reason: reason.clone(),
    };
    match (task.kind, s) {
        (TaskKind::SubscriptionRequest, Some(s)) => {
            s.actions.iter().map(|it| offered(it.action.as_str(), it.allowed, &it.reason)).collect()
        }
        (TaskKind::RevisionRequest, Some(SubscriptionView { revision: Some(r), .. })) => {
            r.actions.iter().map(|it| offered(it.action.as_str(), it.allowed, &it.reason)).collect()
        }
        _ => task::actions(task),
    }
}

async fn view(
    conn: &mut Conn,
    names: &mut Names,
    task: Task,
    mut s: Option<SubscriptionView>,
    (decision, unread): (Option<TaskDecision>, bool),
) -> Result<TaskView, Problem> {
    let own = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let reference = inbox(&task);
    let inbox = names.resource(conn, &reference).await?;
    let at = Named { id: inbox.id.clone(), name: inbox.name.clone().unwrap_or_default() };
    let offered = actions(&task, s.as_ref());
    let wanted = task.revision.as_ref().map(ToString::to_string);
    let revision = s.as_mut().and_then(|s| s.revision.take()).filter(|r| Some(&r.id) == wanted.as_ref());
    let (api, organization) = if reference.kind == Kind::Api { (Some(at), None) } else { (None, Some(at)) };
    Ok(TaskView {
        id: task.id.to_string(),
        kind: task.kind,
        inbox,
        author: named(conn, names, Kind::User, task.author.as_ref()).await?,
        assignee: named(conn, names, Kind::User, task.assignee.as_ref()).await?,
        organization: s.as_mut().and_then(|s| s.organization.take()).or(organization),
        limits: s.as_mut().map(|s| std::mem::take(&mut s.limits)).unwrap_or_default(),
        // Who asked for the subscription need not be who asks for other terms.
        requester: match &revision {
            Some(r) => Some(r.requester.clone()),
            None => s.as_ref().map(|s| s.requester.clone()),
        },
        comment_requestor: match &revision {
            Some(r) => r.comment_requestor.clone(),
            None => s.as_ref().and_then(|s| s.comment_requestor.clone()),
        },
        api,
        app: s.as_ref().map(|s| s.app.clone()),
        plan: s.as_ref().map(|s| s.plan.clone()),
        environment: s.as_ref().map(|s| s.environment.clone()),
        subscription: s.as_ref().map(|s| s.id.clone()),
        subscription_state: s.as_ref().map(|s| s.state.clone()),
        status: s.as_ref().map(|s| s.status),
        ends_at: s.as_ref().and_then(|s| s.ends_at.clone()),
        revision,
        title: own(&task.title),
        text: own(&task.text),
        text_blocks: blocks(&task.text),
        code: task.code,
        unread,
        state: task.state,
        created_at: task.created_at.to_string(),
        active_at: task.active_at.to_string(),
        closed_at: task.closed_at.map(|t| t.to_string()),
        decision,
        actions: offered,
    })
}

/// Which tasks to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TaskQuery {
    /// `open` unless given.
    #[param(inline)]
    state: Option<TaskState>,
    /// `subscription_request`, `revision_request`, `todo` or `alert`; any unless given.
    #[param(inline)]
    kind: Option<TaskKind>,
    /// Those of this API, `api_...`.
    #[param(value_type = Option<String>)]
    api: Option<id::ApiId>,
    /// `true`: only those that are assigned to the caller.
    mine: Option<bool>,
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
/// What waits at the APIs whose requests the caller decides, and in the organizations where the caller is OWNER or business
/// administrator: open ones oldest first, closed ones newest first.
#[utoipa::path(get, path = "/api/v1/tasks", operation_id = "task_list", tag = "Tasks", params(TaskQuery),
    responses((status = 200, body = TaskPage), Problems))]
async fn task_list(cx: Cx, Params(query): Params<TaskQuery>) -> Result<Answer<Page<TaskView>>, Fail> {
    let request = PageRequest { after: query.after, limit: query.limit };
    crate::cursor::<id::TaskId>(&request)?;
    let me = cx.signed()?.id.clone();
    let wanted = Wanted {
        state: query.state.unwrap_or(TaskState::Open),
        kind: query.kind,
        api: query.api,
        assignee: query.mine.unwrap_or(false).then_some(me),
    };
    let page = task::list(&cx, &wanted, &request).await?;
    Ok(Answer::ok(Page { items: show(&cx, page.items).await?, next: page.next }))
}

async fn one(cx: &Cx, task: Task) -> Result<TaskView, Problem> {
    show(cx, vec![task]).await?.pop().ok_or_else(|| Problem::not_found("task"))
}

/// One task
#[utoipa::path(get, path = "/api/v1/tasks/{id}", operation_id = "task_get", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), responses((status = 200, body = TaskView), Problems))]
async fn task_get(cx: Cx, Ident(id): Ident<id::TaskId>) -> Result<Answer<TaskView>, Fail> {
    let task = task::get(&cx, &id).await?;
    let version = task.version;
    Ok(Answer::ok(one(&cx, task).await?).version(version))
}

/// Write a to-do for colleagues
///
/// For the administrators of an API, or for the OWNERs and business administrators of an organization, by one of them.
#[utoipa::path(post, path = "/api/v1/tasks", operation_id = "task_create", tag = "Tasks", request_body = task::NewTodo,
    responses((status = 201, body = Written<TaskView>), Problems))]
async fn task_create(cx: Cx, Body(body): Body<task::NewTodo>) -> Result<Answer<Written<TaskView>>, Fail> {
    let (task, change) = task::create(&cx, body).await?;
    let (location, version) = (format!("/api/v1/tasks/{}", task.id), task.version);
    Ok(Answer::created(location, Written { value: one(&cx, task).await?, change }).version(version))
}

/// Change a to-do
///
/// Title, text, or who does it. Requests and alerts are not edited.
#[utoipa::path(patch, path = "/api/v1/tasks/{id}", operation_id = "task_edit", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), request_body = task::TodoEdit,
    responses((status = 200, body = Written<TaskView>), Problems))]
async fn task_edit(
    cx: Cx,
    Ident(id): Ident<id::TaskId>,
    Body(body): Body<task::TodoEdit>,
) -> Result<Answer<Written<TaskView>>, Fail> {
    let (task, change) = task::edit(&cx, &id, body).await?;
    let version = task.version;
    Ok(Answer::ok(Written { value: one(&cx, task).await?, change }).version(version))
}

/// Words that go with it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskWords {
    /// Kept in the trail, for colleagues.
    #[serde(default)]
    comment: Option<String>,
}

async fn acted(cx: &Cx, id: &id::TaskId, done: bool, words: &TaskWords) -> Result<Answer<Written<TaskView>>, Fail> {
    let (task, change) = task::act(cx, id, done, words.comment.as_deref()).await?;
    let version = task.version;
    Ok(Answer::ok(Written { value: one(cx, task).await?, change }).version(version))
}

/// Say that a to-do or an alert is done
#[utoipa::path(post, path = "/api/v1/tasks/{id}/done", operation_id = "task_done", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), request_body = TaskWords,
    responses((status = 200, body = Written<TaskView>), Problems))]
async fn task_done(
    cx: Cx,
    Ident(id): Ident<id::TaskId>,
    Body(body): Body<TaskWords>,
) -> Result<Answer<Written<TaskView>>, Fail> {
    acted(&cx, &id, true, &body).await
}

/// Say that a to-do or an alert is not done after all
#[utoipa::path(post, path = "/api/v1/tasks/{id}/reopen", operation_id = "task_reopen", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), request_body = TaskWords,
    responses((status = 200, body = Written<TaskView>), Problems))]
async fn task_reopen(
    cx: Cx,
    Ident(id): Ident<id::TaskId>,
    Body(body): Body<TaskWords>,
) -> Result<Answer<Written<TaskView>>, Fail> {
    acted(&cx, &id, false, &body).await
}

//! The inbox: tasks with everything that a decision needs.

use crate::actions::Offered;
use crate::cx::{Cx, Platform};
use crate::names::{ActorView, Named, Names};
use crate::plan::WindowView;
use crate::subscription::{self, Status, SubscriptionView, views};
use crate::task::{self, Task, TaskState, Wanted};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use base::{Actor, Kind, Page, PageRequest, Problem, Ref, id};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::Conn;
use store::log::{self, Entry, Filter};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The inbox.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(task_list)).routes(routes!(task_get))
}

/// How a task ended.
#[derive(Serialize, ToSchema)]
pub struct TaskDecision {
    /// Who decided.
    actor: ActorView,
    /// RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// `approved`, `rejected`, `activated` or `cancelled`.
    what: String,
    /// Their words.
    comment: Option<String>,
}

/// What waits for a decision.
#[derive(Serialize, ToSchema)]
#[schema(as = Task)]
pub struct TaskView {
    /// `tsk_...`
    id: String,
    /// `subscription_request`
    kind: String,
    /// Whose administrators it is for.
    api: Named,
    /// The app that asks.
    app: Named,
    /// The organization of the app.
    organization: Option<Named>,
    /// Under which terms.
    plan: Named,
    /// The windows of that plan; all of them hold. Empty means no cap.
    limits: Vec<WindowView>,
    /// Where; the name is its word in URLs.
    environment: Named,
    /// Who asks.
    requester: Named,
    /// The requester's words.
    comment_requestor: Option<String>,
    /// What is asked for, `sub_...`: decide it there.
    subscription: String,
    /// The state of that subscription: `requested` waits for a decision, `approved` for activation.
    subscription_state: String,
    /// The same as people read it.
    status: Status,
    /// Where it stands.
    state: TaskState,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// How it ended; null while it is open.
    decision: Option<TaskDecision>,
    /// What the caller may do with the subscription now.
    actions: Vec<Offered>,
}

/// The verbs that end a task.
const ENDS: [&str; 4] =
    ["subscription.approved", "subscription.rejected", "subscription.activated", "subscription.cancelled"];

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
    let ids: Vec<id::SubscriptionId> = tasks.iter().map(|t| t.subscription.clone()).collect();
    let found = subscription::find_all(&mut tx, &ids).await?;
    let mut about: HashMap<String, SubscriptionView> =
        views(cx, &found).await?.into_iter().map(|view| (view.id.clone(), view)).collect();
    let (mut ends, mut names) = (decisions(&mut tx, &tasks).await?, Names::default());
    let mut out = Vec::with_capacity(tasks.len());
    for task in tasks {
        let Some(s) = about.remove(task.subscription.to_string().as_str()) else { continue };
        let decision = match ends.remove(task.id.to_string().as_str()) {
            Some(entry) => Some(TaskDecision {
                actor: names.actor(&mut tx, &entry.actor, true).await?,
                at: entry.at.to_string(),
                what: entry.verb.trim_start_matches("subscription.").to_owned(),
                comment: entry.note,
            }),
            None => None,
        };
        out.push(view(&task, s, decision));
    }
    Ok(out)
}

fn view(task: &Task, s: SubscriptionView, decision: Option<TaskDecision>) -> TaskView {
    let actions = s.actions.into_iter().map(|offered| Offered {
        action: offered.action.as_str().to_owned(),
        allowed: offered.allowed,
        reason: offered.reason,
    });
    TaskView {
        id: task.id.to_string(),
        kind: task.kind.clone(),
        api: s.api,
        app: s.app,
        organization: s.organization,
        plan: s.plan,
        limits: s.limits,
        status: s.status,
        environment: s.environment,
        requester: s.requester,
        comment_requestor: s.comment_requestor,
        subscription: s.id,
        subscription_state: s.state,
        state: task.state,
        created_at: task.created_at.to_string(),
        closed_at: task.closed_at.map(|t| t.to_string()),
        decision,
        actions: actions.collect(),
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
    /// `subscription_request`; any unless given.
    kind: Option<String>,
    /// Those of this API, `api_...`.
    #[param(value_type = Option<String>)]
    api: Option<id::ApiId>,
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
/// What waits for a decision at the APIs that the caller administers, oldest first.
#[utoipa::path(get, path = "/api/v1/tasks", operation_id = "task_list", tag = "Tasks", params(TaskQuery),
    responses((status = 200, body = TaskPage), Problems))]
async fn task_list(cx: Cx, Params(query): Params<TaskQuery>) -> Result<Answer<Page<TaskView>>, Fail> {
    let request = PageRequest { after: query.after, limit: query.limit };
    crate::cursor::<id::TaskId>(&request)?;
    let wanted = Wanted { state: query.state.unwrap_or(TaskState::Open), kind: query.kind, api: query.api };
    let page = task::list(&cx, &wanted, &request).await?;
    Ok(Answer::ok(Page { items: show(&cx, page.items).await?, next: page.next }))
}

/// One task
#[utoipa::path(get, path = "/api/v1/tasks/{id}", operation_id = "task_get", tag = "Tasks",
    params(("id" = String, Path, description = "`tsk_...`")), responses((status = 200, body = TaskView), Problems))]
async fn task_get(cx: Cx, Ident(id): Ident<id::TaskId>) -> Result<Answer<TaskView>, Fail> {
    let task = task::get(&cx, &id).await?;
    let version = task.version;
    let shown = show(&cx, vec![task]).await?.pop();
    Ok(Answer::ok(shown.ok_or_else(|| Problem::not_found("task"))?).version(version))
}

//! What can be done with tasks.

use super::rule::{self, Action};
use super::{AlertCode, Inbox, Task, TaskKind, TaskState, sql};
use crate::actions::{Actions, Offered, unless};
use crate::authz::{self, Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::{api, organization, text, user};
use base::{Change, Fault, Kind, Page, PageRequest, Problem, Ref, Timestamp, gather, id};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use store::{Conn, Quiet};

fn blank(kind: TaskKind, inbox: Inbox, now: Timestamp) -> Task {
    Task {
        id: id::TaskId::new(now),
        version: 1,
        kind,
        inbox,
        subscription: None,
        revision: None,
        title: String::new(),
        text: String::new(),
        code: None,
        alert_key: None,
        author: None,
        assignee: None,
        state: TaskState::Open,
        created_at: now,
        active_at: now,
        closed_at: None,
    }
}

/// What asks for a decision.
#[derive(Clone, Copy, Debug)]
pub enum Request<'r> {
    /// A subscription.
    Subscription(&'r id::SubscriptionId),
    /// Other terms of a subscription.
    Revision(&'r id::SubscriptionId, &'r id::SubscriptionRevisionId),
}

/// Puts a request into the inbox of an API's administrators, inside the caller's transaction.
///
/// # Errors
/// Those of the database.
pub async fn open(
    conn: &mut Conn,
    api: &id::ApiId,
    request: Request<'_>,
    now: Timestamp,
) -> Result<id::TaskId, Problem> {
    let id = id::TaskId::new(now);
    open_as(conn, &id, api, request, now).await?;
    Ok(id)
}

/// The same under an id that was given elsewhere.
///
/// # Errors
/// Those of the database.
pub async fn open_as(
    conn: &mut Conn,
    id: &id::TaskId,
    api: &id::ApiId,
    request: Request<'_>,
    now: Timestamp,
) -> Result<(), Problem> {
    let inbox = Inbox::Api(api.clone());
    let mut task = match request {
        Request::Subscription(id) => {
            Task { subscription: Some(id.clone()), ..blank(TaskKind::SubscriptionRequest, inbox, now) }
        }
        Request::Revision(subscription, id) => Task {
            subscription: Some(subscription.clone()),
            revision: Some(id.clone()),
            ..blank(TaskKind::RevisionRequest, inbox, now)
        },
    };
    task.id = id.clone();
    sql::insert(conn, &task).await
}

/// Takes a task out of the inbox, inside the caller's transaction. A closed one stays as it is.
///
/// # Errors
/// Those of the database.
pub async fn close(conn: &mut Conn, id: &id::TaskId, state: TaskState, now: Timestamp) -> Result<(), Problem> {
    if let Some(mut task) = sql::find(conn, id).await?.filter(|t| t.state == TaskState::Open) {
        (task.state, task.closed_at, task.active_at) = (state, Some(now), now);
        sql::put(conn, &task).await?;
    }
    Ok(())
}

/// What the program has to say to administrators.
#[derive(Clone, Debug)]
pub struct Alert {
    /// Whose administrators.
    pub inbox: Inbox,
    /// What it says.
    pub code: AlertCode,
    /// What it is about: with the code, what keeps it from being raised twice.
    pub about: Ref,
    /// The subscription that it is about, if it is one.
    pub subscription: Option<id::SubscriptionId>,
    /// What the program knows beside that, for people; may be empty.
    pub text: String,
}

fn alert_key(code: AlertCode, about: &Ref) -> String {
    format!("{} {}", code.as_str(), about.id)
}

/// Raises an alert inside the caller's transaction, unless it is raised already: the change to commit with it.
///
/// # Errors
/// Those of the database.
pub async fn raise(cx: &Cx, conn: &mut Conn, alert: Alert) -> Result<Option<Change>, Problem> {
    let key = alert_key(alert.code, &alert.about);
    if sql::open_alert(conn, &key).await?.is_some() {
        return Ok(None);
    }
    let task = Task {
        subscription: alert.subscription,
        text: alert.text,
        code: Some(alert.code),
        alert_key: Some(key),
        ..blank(TaskKind::Alert, alert.inbox, cx.now)
    };
    sql::insert(conn, &task).await?;
    let mut change = change(cx, "task.raised", &task, None).by_system();
    change.touches.push(alert.about);
    Ok(Some(change))
}

/// Takes an alert back that is not true any more, inside the caller's transaction: the change to commit with it.
///
/// # Errors
/// Those of the database.
pub async fn resolve(cx: &Cx, conn: &mut Conn, code: AlertCode, about: &Ref) -> Result<Option<Change>, Problem> {
    let Some(mut task) = sql::open_alert(conn, &alert_key(code, about)).await? else { return Ok(None) };
    let before = task.state;
    (task.state, task.closed_at, task.active_at) = (TaskState::Withdrawn, Some(cx.now), cx.now);
    task.version = sql::put(conn, &task).await?;
    Ok(Some(change(cx, "task.resolved", &task, Some(before)).by_system()))
}

/// Takes everything out of an inbox that goes, inside the caller's transaction.
///
/// # Errors
/// Those of the database.
pub async fn close_all(conn: &mut Conn, inbox: &Inbox, now: Timestamp) -> Result<(), Problem> {
    for task in sql::open_in(conn, inbox).await? {
        close(conn, &task.id, TaskState::Withdrawn, now).await?;
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

/// The inboxes of one person.
#[derive(Clone, Debug)]
pub struct Inboxes {
    /// Of the APIs whose requests they decide.
    pub apis: Vec<id::ApiId>,
    /// Of the organizations in which they are OWNER or business administrator.
    pub organizations: Vec<id::OrganizationId>,
}

impl Inboxes {
    /// The caller's.
    ///
    /// # Errors
    /// 401 if nobody is signed in.
    pub async fn of(cx: &Cx, conn: &mut Conn) -> Result<Self, Problem> {
        let apis = api::administered(conn, &cx.signed()?.id).await?;
        let seats = organization::Seats::of(cx, conn).await?;
        Ok(Self { apis, organizations: seats.with(Verb::OrganizationProvide.allowed()) })
    }

    fn words(&self) -> Vec<String> {
        self.apis.iter().map(ToString::to_string).chain(self.organizations.iter().map(ToString::to_string)).collect()
    }
}

/// Which tasks somebody wants to see.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where they stand.
    pub state: TaskState,
    /// Of this kind.
    pub kind: Option<TaskKind>,
    /// Of this API.
    pub api: Option<id::ApiId>,
    /// Assigned to this person.
    pub assignee: Option<id::UserId>,
}

/// The caller's inbox: tasks of every API whose requests they decide, and of their organizations.
///
/// # Errors
/// Those of the database.
pub async fn list(cx: &Cx, wanted: &Wanted, page: &PageRequest) -> Result<Page<Task>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let mut inboxes = Inboxes::of(cx, &mut tx).await?;
    if let Some(only) = &wanted.api {
        inboxes.apis.retain(|api| api == only);
        inboxes.organizations.clear();
    }
    let rows = sql::page(&mut tx, &inboxes.words(), wanted, page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |t| t.id.to_string()))
}

/// How many tasks are open at each of these APIs; those without any are left out.
///
/// # Errors
/// Those of the database.
pub async fn waiting(conn: &mut Conn, apis: &[id::ApiId]) -> Result<HashMap<id::ApiId, i64>, Problem> {
    let words: Vec<String> = apis.iter().map(ToString::to_string).collect();
    let found: HashMap<String, i64> = sql::waiting(conn, &words).await?.into_iter().collect();
    Ok(apis.iter().filter_map(|api| Some((api.clone(), *found.get(&api.to_string())?))).collect())
}

/// How many tasks are open in these inboxes together.
///
/// # Errors
/// Those of the database.
pub async fn waiting_in_all(conn: &mut Conn, inboxes: &Inboxes) -> Result<i64, Problem> {
    Ok(sql::waiting(conn, &inboxes.words()).await?.iter().map(|(_, n)| n).sum())
}

/// How the caller stands to an inbox, and what having it takes; `None` if it is gone.
async fn standing(cx: &Cx, conn: &mut Conn, inbox: &Inbox) -> Result<Option<(Standing, Verb)>, Problem> {
    Ok(match inbox {
        Inbox::Api(id) => match api::find(conn, id).await? {
            Some(api) => Some((api::standing(cx, conn, &api).await?, Verb::ApiDecide)),
            None => None,
        },
        Inbox::Organization(id) => Some((organization::standing(cx, conn, id).await?, Verb::OrganizationProvide)),
    })
}

async fn visible(cx: &Cx, conn: &mut Conn, id: &id::TaskId) -> Result<Task, Problem> {
    cx.signed()?;
    let task = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("task"))?;
    let (standing, verb) = standing(cx, conn, &task.inbox).await?.ok_or_else(|| Problem::not_found("task"))?;
    cx.may_see(standing, verb, "task")?;
    Ok(task)
}

/// A task that the caller has in an inbox.
///
/// # Errors
/// 404 if there is none.
pub async fn get(cx: &Cx, id: &id::TaskId) -> Result<Task, Problem> {
    visible(cx, &mut *cx.read().await?, id).await
}

/// What whoever sees a to-do or an alert may do with it now. Empty for requests, which are decided where they were made.
pub fn actions(task: &Task) -> Vec<Offered> {
    if matches!(task.kind, TaskKind::SubscriptionRequest | TaskKind::RevisionRequest) {
        return Vec::new();
    }
    let seen = Standing::default().and(authz::Relation::Registered);
    let offer = |all: Actions, action: &Action| {
        let obstacle = unless(rule::possible(*action, task.kind, task.state), "wrong_state");
        all.offer_if(action.as_str(), Verb::PlanRead, obstacle)
    };
    Action::ALL.iter().fold(Actions::of(seen), offer).all()
}

/// Which of these tasks the caller has not read since something was last done or said about them.
///
/// # Errors
/// Those of the database.
pub async fn marks(cx: &Cx, conn: &mut Conn, tasks: &[Task]) -> Result<HashSet<id::TaskId>, Problem> {
    let ids: Vec<id::TaskId> = tasks.iter().map(|t| t.id.clone()).collect();
    let read: HashMap<_, _> = sql::marks(conn, &cx.signed()?.id, &ids).await?.into_iter().collect();
    let unread = |t: &&Task| read.get(&t.id).is_none_or(|at| *at < t.active_at);
    Ok(tasks.iter().filter(unread).map(|t| t.id.clone()).collect())
}

/// The caller has read a task as it is now, or wants it to look unread.
pub async fn mark(cx: &Cx, id: &id::TaskId, read: bool) -> Result<Task, Problem> {
    let mut tx = cx.write().await?;
    let task = visible(cx, &mut tx, id).await?;
    sql::mark(&mut tx, &cx.signed()?.id, id, read.then_some(task.active_at.max(cx.now))).await?;
    tx.commit_quiet(Quiet::NoticeRead).await?;
    Ok(task)
}

fn facts(task: &Task) -> Value {
    json!({"title": task.title, "text": task.text, "assignee": task.assignee, "state": task.state})
}

/// A change of a to-do or an alert, on the board of whom it is for.
fn change(cx: &Cx, verb: &'static str, task: &Task, before: Option<TaskState>) -> Change {
    let detail = json!({
        "kind": task.kind, "code": task.code, "title": task.title, "before": before, "after": task.state,
        "subscription": task.subscription,
    });
    let change = cx.change(verb, Kind::Task, &task.id).detailing(detail);
    let change = match &task.inbox {
        Inbox::Api(id) => change.touching(Kind::Api, id),
        Inbox::Organization(id) => change.touching(Kind::Organization, id),
    };
    match &task.assignee {
        Some(user) => change.touching(Kind::User, user),
        None => change,
    }
}

/// A to-do to write down.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTodo {
    /// For the administrators of this API, `api_...`; or of an organization.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub api: Option<id::ApiId>,
    /// For the OWNERs and business administrators of this organization, `org_...`; or of an API.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub organization: Option<id::OrganizationId>,
    /// What has to be done: 1 to 120 characters.
    pub title: String,
    /// More about it, at most 4,000 characters of Markdown.
    #[serde(default)]
    pub text: String,
    /// Who does it, `usr_...`: one of those whose inbox it is in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub assignee: Option<id::UserId>,
}

/// Passes somebody who has this inbox.
async fn assignable(cx: &Cx, conn: &mut Conn, inbox: &Inbox, user: &id::UserId) -> Result<(), Problem> {
    let found = user::require(conn, user, "/assignee").await?;
    match standing(&Cx::on_behalf(&cx.platform, found), conn, inbox).await? {
        Some((standing, verb)) if authz::may(standing, verb) => Ok(()),
        _ => Err(Problem::invalid("/assignee", format!("`{user}` does not have this inbox; name somebody who has."))
            .code(Fault::NotAllowed)),
    }
}

/// Writes a to-do down for colleagues.
///
/// # Errors
/// 422 unless it is for an API or an organization that the caller has the inbox of.
pub async fn create(cx: &Cx, new: NewTodo) -> Result<(Task, i64), Problem> {
    let who = cx.signed()?.id.clone();
    let mut tx = cx.write().await?;
    let (inbox, pointer) = match (new.api, new.organization) {
        (Some(api), None) => (Inbox::Api(api), "/api"),
        (None, Some(organization)) => (Inbox::Organization(organization), "/organization"),
        _ => {
            return Err(Problem::invalid("/api", "Name either an API or an organization, whose inbox it is for.")
                .code(Fault::Required));
        }
    };
    let missing =
        || Problem::invalid(pointer, format!("There is no `{inbox}` whose inbox you have.")).code(Fault::NotFound);
    let (standing, verb) = standing(cx, &mut tx, &inbox).await?.ok_or_else(missing)?;
    if !authz::may(standing, verb) {
        return Err(missing());
    }
    if let Some(user) = &new.assignee {
        assignable(cx, &mut tx, &inbox, user).await?;
    }
    let task = gather(|wrong| Task {
        title: wrong.of(text::name("/title", &new.title)),
        text: wrong.of(text::prose("/text", &new.text)),
        author: Some(who),
        assignee: new.assignee,
        ..blank(TaskKind::Todo, inbox, cx.now)
    })?;
    sql::insert(&mut tx, &task).await?;
    sql::mark(&mut tx, &cx.signed()?.id, &task.id, Some(cx.now)).await?;
    let seq = cx.commit(tx, vec![change(cx, "task.created", &task, None)]).await?;
    Ok((task, seq))
}

/// What to change of a to-do.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TodoEdit {
    /// 1 to 120 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub title: Option<String>,
    /// At most 4,000 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub text: Option<String>,
    /// Who does it, `usr_...`; null for nobody in particular.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub assignee: Option<Option<id::UserId>>,
}

/// Tells `null`, which takes a value away, from an absent member, which leaves it (RFC 7396).
fn nullable<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Option<Option<id::UserId>>, D::Error> {
    <Option<id::UserId> as serde::Deserialize>::deserialize(reader).map(Some)
}

/// Changes a to-do.
///
/// # Errors
/// 409 unless it is an open to-do.
pub async fn edit(cx: &Cx, id: &id::TaskId, edit: TodoEdit) -> Result<(Task, i64), Problem> {
    let mut tx = cx.write().await?;
    let mut task = visible(cx, &mut tx, id).await?;
    cx.expect_version(task.version)?;
    rule::check(Action::Edit, task.kind, task.state)?;
    let before = facts(&task);
    gather(|wrong| {
        wrong.set(&mut task.title, edit.title.map(|title| text::name("/title", &title)));
        wrong.set(&mut task.text, edit.text.map(|more| text::prose("/text", &more)));
    })?;
    if let Some(assignee) = edit.assignee {
        if let Some(user) = &assignee {
            assignable(cx, &mut tx, &task.inbox, user).await?;
        }
        task.assignee = assignee;
    }
    task.active_at = cx.now;
    task.version = sql::put(&mut tx, &task).await?;
    let entry = change(cx, "task.edited", &task, None).detailing(json!({"before": before, "after": facts(&task)}));
    let seq = cx.commit(tx, vec![entry]).await?;
    Ok((task, seq))
}

/// Says that a to-do or an alert is done, or is not.
///
/// # Errors
/// 409 naming what is possible.
pub async fn act(cx: &Cx, id: &id::TaskId, done: bool, comment: Option<&str>) -> Result<(Task, i64), Problem> {
    let comment = text::comment("/comment", comment)?;
    let mut tx = cx.write().await?;
    let mut task = visible(cx, &mut tx, id).await?;
    cx.expect_version(task.version)?;
    rule::check(if done { Action::Done } else { Action::Reopen }, task.kind, task.state)?;
    let before = task.state;
    task.state = if done { TaskState::Done } else { TaskState::Open };
    (task.closed_at, task.active_at) = (done.then_some(cx.now), cx.now);
    task.version = sql::put(&mut tx, &task).await?;
    let verb = if done { "task.done" } else { "task.reopened" };
    let entry = change(cx, verb, &task, Some(before)).noting(comment.as_deref());
    let seq = cx.commit(tx, vec![entry]).await?;
    Ok((task, seq))
}

/// A remark to colleagues on the API side; the requester does not see it.
pub async fn comment(cx: &Cx, id: &id::TaskId, words: &str) -> Result<i64, Problem> {
    let words = text::prose("/comment", words)?;
    if words.is_empty() {
        return Err(Problem::invalid("/comment", "Say something.").code(Fault::Required));
    }
    let mut tx = cx.write().await?;
    let task = visible(cx, &mut tx, id).await?;
    sql::touch(&mut tx, id, cx.now).await?;
    // Whoever says something has read what was said before.
    sql::mark(&mut tx, &cx.signed()?.id, id, Some(cx.now)).await?;
    let change = cx.change("task.commented", Kind::Task, &task.id).touching(Kind::Task, &task.id).noting(Some(&words));
    cx.commit(tx, vec![change]).await
}

/// What colleagues said, oldest first: who, when, what.
pub async fn comments(cx: &Cx, id: &id::TaskId) -> Result<Vec<store::log::Entry>, Problem> {
    let mut tx = cx.read().await?;
    let task = visible(cx, &mut tx, id).await?;
    let filter = store::log::Filter {
        touches: vec![Ref::new(Kind::Task, &task.id)],
        verbs: Some(vec!["task.commented".to_owned()]),
        limit: 200,
        ..Default::default()
    };
    let mut entries = store::log::page(&mut tx, &filter).await?;
    entries.reverse();
    Ok(entries)
}

//! What can be done with subscriptions.

use super::rule::{self, Action, Side, Standpoint, state_word};
use super::{Decision, Subscription, SuspendedBy, sql};
use crate::agreement::{self, Answer};
use crate::authz::{self, Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::task::{self, TaskState};
use crate::{api, app, environment, plan, text};
use base::{Change, Fault, Kind, Problem, ProblemKind, id};
use serde_json::{Value, json};
use snapshot::SubscriptionState as State;
use store::Conn;

/// On which sides of this subscription the caller stands.
pub async fn standpoint(cx: &Cx, conn: &mut Conn, s: &Subscription) -> Result<(Standpoint, bool), Problem> {
    let app = match app::find(conn, &s.app).await? {
        Some(app) => app::standing(cx, conn, &app).await?,
        None => cx.standing(),
    };
    let api = match api::find(conn, &s.api).await? {
        Some(api) => api::standing(cx, conn, &api).await?,
        None => cx.standing(),
    };
    let who = standpoint_of(app, api);
    Ok((who, who.api || authz::may(app, Verb::AppRead)))
}

/// On which sides somebody is who stands like this to the app and to the API.
pub fn standpoint_of(app: Standing, api: Standing) -> Standpoint {
    Standpoint {
        app: authz::may(app, Verb::AppSubscribe),
        api: authz::may(api, Verb::ApiDecide),
        overrides: authz::may(api, Verb::ApiOverrideSuspension),
    }
}

/// A subscription, where the caller stands, and whether they may see it.
async fn found(cx: &Cx, conn: &mut Conn, id: &id::SubscriptionId) -> Result<(Subscription, Standpoint, bool), Problem> {
    cx.signed()?;
    let s = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("subscription"))?;
    let (who, sees) = standpoint(cx, conn, &s).await?;
    Ok((s, who, sees))
}

/// A subscription that the caller may see.
pub(super) async fn visible(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::SubscriptionId,
) -> Result<(Subscription, Standpoint), Problem> {
    let (s, who, sees) = found(cx, conn, id).await?;
    if sees { Ok((s, who)) } else { Err(Problem::not_found("subscription")) }
}

/// A subscription that the caller wants to do something to. Whoever does not even see it is told that it is not
/// theirs to decide (A16, A17): its id is no secret that a 404 would keep.
async fn acted_on(cx: &Cx, conn: &mut Conn, id: &id::SubscriptionId) -> Result<(Subscription, Standpoint), Problem> {
    let (s, who, sees) = found(cx, conn, id).await?;
    if sees { Ok((s, who)) } else { Err(Problem::forbidden("You are on neither side of this subscription.")) }
}

/// A change of this subscription, shown on every board that it concerns.
fn change(cx: &Cx, verb: &'static str, s: &Subscription, side: Side, before: Option<State>) -> Change {
    let detail = json!({"side": side, "before": before.map(state_word), "after": state_word(s.state), "plan": s.plan});
    let change = cx
        .change(verb, Kind::Subscription, &s.id)
        .touching(Kind::App, &s.app)
        .touching(Kind::Api, &s.api)
        .touching(Kind::User, &s.requester)
        .detailing(detail);
    match &s.task {
        Some(task) => change.touching(Kind::Task, task),
        None => change,
    }
}

/// One answer to one agreement.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementAnswer {
    /// The active version of the API's agreement, `agr_...`.
    #[schema(value_type = String)]
    pub agreement: id::AgreementId,
    /// What you say to it. Declining is recorded, and nothing is requested.
    pub answer: Answer,
}

/// A request for access.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// One subscription for each, all or none; `app_...`.
    #[schema(value_type = Vec<String>)]
    pub apps: Vec<id::AppId>,
    /// `api_...`
    #[schema(value_type = String)]
    pub api: id::ApiId,
    /// `env_...` or its slug.
    pub environment: String,
    /// One of the plans that the API offers, `pln_...`.
    #[schema(value_type = String)]
    pub plan: id::PlanId,
    /// What the API side should know.
    #[serde(default)]
    pub comment: Option<String>,
    /// The answer to the API's agreement, if it has one.
    #[serde(default)]
    pub agreement: Option<AgreementAnswer>,
}

/// Asks for access for one or more apps (A09). Without approval it is usable at once (C08).
pub async fn request(cx: &Cx, new: NewRequest) -> Result<(id::RequestId, Vec<Subscription>, i64), Problem> {
    let who = cx.signed()?.clone();
    let comment = text::comment("/comment", new.comment.as_deref())?;
    let mut tx = cx.write().await?;
    check_apps(cx, &mut tx, &new.apps).await?;
    let missing = |p: Problem| p.named_at("/api", format!("There is no API `{}` that you may see.", new.api));
    let (api, _) = api::visible(cx, &mut tx, &new.api).await.map_err(missing)?;
    let environment = environment::require(&mut tx, &new.environment, "/environment").await?;
    let offered = api::offered_plans(&mut tx, &api).await?;
    let Some(plan) = offered.into_iter().find(|p| p.id == new.plan) else {
        let detail = format!(
            "`{}` is not among the plans that this API offers; GET /api/v1/apis/{} lists them.",
            new.plan, api.id
        );
        return Err(Problem::invalid("/plan", detail).code(Fault::NotAllowed));
    };
    let request = id::RequestId::new(cx.now);
    let Some(acceptance) = agree(cx, &mut tx, &api, &request, new.agreement.as_ref()).await? else {
        return decline(cx, tx, &api).await;
    };
    let way = rule::way(plan.requires_approval, api::admission(&mut tx, &api.id, &environment.id).await?);
    let (mut subscriptions, mut changes) = (Vec::new(), Vec::new());
    for app in new.apps {
        let mut s = Subscription {
            id: id::SubscriptionId::new(cx.now),
            version: 1,
            request: request.clone(),
            app,
            api: api.id.clone(),
            environment: environment.id.clone(),
            plan: plan.id.clone(),
            state: State::Requested,
            suspended_by: None,
            decision: Decision::None,
            comment_requestor: comment.clone(),
            comment_response: None,
            unread: false,
            requester: who.id.clone(),
            task: None,
            acceptance: acceptance.clone(),
            created_at: cx.now,
            changed_at: cx.now,
        };
        if way.needs_approval || !way.activates {
            s.task = Some(task::open(&mut tx, &s.api, &s.id, cx.now).await?);
        }
        changes.push(change(cx, "subscription.requested", &s, Side::App, None).noting(comment.as_deref()));
        go(cx, &mut s, way, &mut changes);
        sql::insert(&mut tx, &s).await?;
        subscriptions.push(s);
    }
    let seq = cx.commit(tx, changes).await?;
    Ok((request, subscriptions, seq))
}

/// Passes apps that the caller may request access for (A16), each named once.
async fn check_apps(cx: &Cx, conn: &mut Conn, apps: &[id::AppId]) -> Result<(), Problem> {
    if apps.is_empty() || apps.len() > 50 {
        return Err(Problem::invalid("/apps", "Name 1 to 50 apps.").code(Fault::Length));
    }
    for (n, app) in apps.iter().enumerate() {
        if apps[..n].contains(app) {
            return Err(
                Problem::invalid(format!("/apps/{n}"), format!("`{app}` is named twice.")).code(Fault::Duplicate)
            );
        }
        // The same for an app that is not there and for one that is not the caller's.
        let stranger =
            || Problem::forbidden(format!("`{app}` is no app of which you are OWNER.")).at(format!("/apps/{n}"));
        let found = app::find(conn, app).await?.ok_or_else(stranger)?;
        let standing = app::standing(cx, conn, &found).await?;
        if !authz::may(standing, Verb::AppSubscribe) {
            return Err(stranger());
        }
    }
    Ok(())
}

/// The answer to the API's agreement: `Some(None)` if there is none to answer, `None` if it was declined.
async fn agree(
    cx: &Cx,
    conn: &mut Conn,
    api: &api::Api,
    request: &id::RequestId,
    answer: Option<&AgreementAnswer>,
) -> Result<Option<Option<id::AcceptanceId>>, Problem> {
    let active = agreement::active(conn, &api.id).await?;
    match (active, answer) {
        (None, None) => Ok(Some(None)),
        (None, Some(_)) => Err(Problem::invalid("/agreement", "This API has no agreement to answer; leave it out.")
            .code(Fault::NotAllowed)),
        (Some(active), None) => {
            let detail = format!(
                "This API has an agreement; read GET /api/v1/agreements/{} and answer `accepted` or `declined`.",
                active.id
            );
            Err(Problem::invalid("/agreement", detail).code(Fault::Required).with("agreement", active.id.to_string()))
        }
        (Some(active), Some(given)) if given.agreement != active.id => {
            let detail = format!("`{}` is not the active version; read and answer `{}`.", given.agreement, active.id);
            Err(Problem::invalid("/agreement/agreement", detail).with("agreement", active.id.to_string()))
        }
        (Some(active), Some(given)) => {
            let acceptance = agreement::record(conn, cx, &active.id, request, given.answer).await?;
            Ok((given.answer == Answer::Accepted).then_some(Some(acceptance)))
        }
    }
}

/// Keeps the refusal of the agreement, and nothing else (A19, D12).
async fn decline<T>(cx: &Cx, tx: store::WriteTx, api: &api::Api) -> Result<T, Problem> {
    let who = cx.signed()?;
    let change = cx.change("agreement.declined", Kind::Api, &api.id).touching(Kind::User, &who.id);
    cx.commit(tx, vec![change]).await?;
    let detail = "You declined the API's agreement; the answer was recorded and no access was requested.";
    Err(Problem::invalid("/agreement/answer", detail).with("declined", true))
}

/// Takes the steps of a fresh request that nobody has to take, each as a change of its own.
fn go(cx: &Cx, s: &mut Subscription, way: rule::Way, changes: &mut Vec<Change>) {
    if way.needs_approval {
        return;
    }
    s.state = State::Approved;
    s.decision = Decision::Approved;
    changes.push(change(cx, "subscription.approved", s, Side::System, Some(State::Requested)).by_system());
    activate_if(cx, s, way, changes);
}

fn activate_if(cx: &Cx, s: &mut Subscription, way: rule::Way, changes: &mut Vec<Change>) {
    if way.activates {
        s.state = State::Active;
        changes.push(change(cx, "subscription.activated", s, Side::System, Some(State::Approved)).by_system());
    }
}

/// Passes if what was asked for can still be asked for: the plan is offered, and the terms that were accepted are those
/// of today. Asking again must not be a way around a plan or a text that the provider has replaced.
async fn still_offered(conn: &mut Conn, s: &Subscription) -> Result<(), Problem> {
    let gone = |what: &str| Problem::new(ProblemKind::WrongState, format!("{what} since; make a new request instead."));
    let api = api::find(conn, &s.api).await?.ok_or_else(|| Problem::not_found("API"))?;
    if !api::offered_plans(conn, &api).await?.iter().any(|p| p.id == s.plan) {
        return Err(gone("The API has taken this plan back"));
    }
    let answered = match &s.acceptance {
        Some(id) => agreement::acceptance(conn, id).await?.map(|a| a.agreement),
        None => None,
    };
    match agreement::active(conn, &api.id).await? {
        Some(active) if Some(&active.id) != answered.as_ref() => Err(gone("The API's agreement has changed")),
        _ => Ok(()),
    }
}

async fn way_of(conn: &mut Conn, s: &Subscription) -> Result<rule::Way, Problem> {
    let requires = plan::find(conn, &s.plan).await?.is_some_and(|p| p.requires_approval);
    Ok(rule::way(requires, api::admission(conn, &s.api, &s.environment).await?))
}

/// Does something to a subscription, in the state that it is in, for the side that the caller is on.
pub async fn act(
    cx: &Cx,
    id: &id::SubscriptionId,
    action: Action,
    comment: Option<&str>,
) -> Result<(Subscription, i64), Problem> {
    let comment = text::comment("/comment", comment)?;
    let mut tx = cx.write().await?;
    let (mut s, who) = acted_on(cx, &mut tx, id).await?;
    cx.expect_version(s.version)?;
    if matches!(action, Action::Modify | Action::Expire) {
        return Err(Problem::invalid("action", "PATCH the subscription to modify it; expiry is the clock's."));
    }
    let side = rule::check(action, s.state, s.suspended_by, who)
        .map_err(|why| rule::refused(action, s.state, s.suspended_by, who, why))?;
    let before = s.state;
    s.state = rule::row(action).to.unwrap_or(s.state);
    s.changed_at = cx.now;
    let mut changes = Vec::new();
    let verb = match action {
        Action::Approve => "subscription.approved",
        Action::Reject => "subscription.rejected",
        Action::Activate => "subscription.activated",
        Action::Suspend => "subscription.suspended",
        Action::Resume => "subscription.resumed",
        Action::Cancel => "subscription.cancelled",
        _ => "subscription.resubmitted",
    };
    changes.push(change(cx, verb, &s, side, Some(before)).noting(comment.as_deref()));
    settle(cx, &mut tx, &mut s, action, side, comment, &mut changes).await?;
    if let Some(task) = &s.task {
        // Asking again opens a task that the change could not name yet.
        changes[0].touches.push(base::Ref::new(Kind::Task, task));
    }
    s.version = sql::put(&mut tx, &s).await?;
    let seq = cx.commit(tx, changes).await?;
    Ok((s, seq))
}

/// What an action means beside the state: the decision, the mark for the team, the task.
async fn settle(
    cx: &Cx,
    conn: &mut Conn,
    s: &mut Subscription,
    action: Action,
    side: Side,
    comment: Option<String>,
    changes: &mut Vec<Change>,
) -> Result<(), Problem> {
    s.suspended_by = match (action, side) {
        (Action::Suspend, Side::App) => Some(SuspendedBy::App),
        (Action::Suspend, _) => Some(SuspendedBy::Api),
        _ => None,
    };
    match action {
        Action::Approve | Action::Reject => {
            s.decision = if action == Action::Approve { Decision::Approved } else { Decision::Rejected };
            s.comment_response = comment;
            s.unread = true;
            if action == Action::Approve {
                let way = way_of(conn, s).await?;
                activate_if(cx, s, way, changes);
            }
        }
        Action::Resubmit => {
            still_offered(conn, s).await?;
            s.decision = Decision::None;
            s.comment_response = None;
            s.unread = false;
            let way = way_of(conn, s).await?;
            if way.needs_approval || !way.activates {
                s.task = Some(task::open(conn, &s.api, &s.id, cx.now).await?);
            }
            go(cx, s, way, changes);
        }
        _ => {}
    }
    if let Some(task) = &s.task {
        match s.state {
            State::Requested | State::Approved => {}
            State::Cancelled => task::close(conn, task, TaskState::Withdrawn, cx.now).await?,
            _ => task::close(conn, task, TaskState::Done, cx.now).await?,
        }
    }
    Ok(())
}

/// Ends what an app that is deleted, or the API that is, still has: inside the caller's transaction, the change to commit
/// with it.
///
/// # Errors
/// Those of the database.
pub async fn end(cx: &Cx, conn: &mut Conn, mut s: Subscription, side: Side) -> Result<Change, Problem> {
    let before = s.state;
    s.state = State::Cancelled;
    s.suspended_by = None;
    s.changed_at = cx.now;
    if let Some(task) = &s.task {
        task::close(conn, task, TaskState::Withdrawn, cx.now).await?;
    }
    s.version = sql::put(conn, &s).await?;
    Ok(change(cx, "subscription.cancelled", &s, side, Some(before)))
}

/// Changes the plan: the API side's right alone (A44, A46).
pub async fn modify(
    cx: &Cx,
    id: &id::SubscriptionId,
    new: &id::PlanId,
    comment: Option<&str>,
) -> Result<(Subscription, i64), Problem> {
    let comment = text::comment("/comment", comment)?;
    let mut tx = cx.write().await?;
    let (mut s, who) = acted_on(cx, &mut tx, id).await?;
    cx.expect_version(s.version)?;
    let side = rule::check(Action::Modify, s.state, s.suspended_by, who)
        .map_err(|why| rule::refused(Action::Modify, s.state, s.suspended_by, who, why))?;
    let api = api::find(&mut tx, &s.api).await?.ok_or_else(|| Problem::not_found("API"))?;
    if !api::offered_plans(&mut tx, &api).await?.iter().any(|p| p.id == *new) {
        return Err(Problem::invalid("/plan", format!("`{new}` is not among the plans that this API offers."))
            .code(Fault::NotAllowed));
    }
    let before = std::mem::replace(&mut s.plan, new.clone());
    s.changed_at = cx.now;
    s.version = sql::put(&mut tx, &s).await?;
    let mut entry = change(cx, "subscription.modified", &s, side, Some(s.state)).noting(comment.as_deref());
    entry.detail["plan_before"] = Value::String(before.to_string());
    let seq = cx.commit(tx, vec![entry]).await?;
    Ok((s, seq))
}

/// Says something that both sides see.
pub async fn comment(cx: &Cx, id: &id::SubscriptionId, words: &str) -> Result<i64, Problem> {
    let words = text::prose("/comment", words)?;
    if words.is_empty() {
        return Err(Problem::invalid("/comment", "Say something.").code(Fault::Required));
    }
    let mut tx = cx.write().await?;
    let (s, who) = visible(cx, &mut tx, id).await?;
    let side = if who.api { Side::Api } else { Side::App };
    let entry = change(cx, "subscription.commented", &s, side, Some(s.state)).noting(Some(&words));
    cx.commit(tx, vec![entry]).await
}

/// The app's team has read the decision (C63).
pub async fn mark_read(cx: &Cx, id: &id::SubscriptionId) -> Result<(Subscription, i64), Problem> {
    let mut tx = cx.write().await?;
    let (mut s, _) = visible(cx, &mut tx, id).await?;
    let app = app::find(&mut tx, &s.app).await?.ok_or_else(|| Problem::not_found("app"))?;
    let standing = app::standing(cx, &mut tx, &app).await?;
    cx.may(standing, Verb::AppTeam)?;
    if !s.unread {
        return Err(Problem::new(ProblemKind::WrongState, "There is nothing unread."));
    }
    s.unread = false;
    s.version = sql::put(&mut tx, &s).await?;
    let entry = cx.change("subscription.read", Kind::Subscription, &s.id).touching(Kind::App, &s.app);
    let seq = cx.commit(tx, vec![entry]).await?;
    Ok((s, seq))
}

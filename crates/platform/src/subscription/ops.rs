//! What can be done with subscriptions.

mod clock;
mod connect;
mod request;
mod terms;

pub(super) use clock::no_longer_ending;
pub use clock::{run, tick};
pub use connect::connect;
pub use request::{AgreementAnswer, NewRequest, request};
pub(super) use request::{Answered, agree, decline, offered};
use request::{begin, fresh};
pub use terms::{NewTerms, modify};

use super::rule::{self, Action, Side, Standpoint, state_word};
use super::{Decision, Subscription, SuspendedBy, hindrance, revision, sql};
use crate::authz::{self, Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::task::{self, Request, TaskState};
use crate::{api, app, plan, text};
use base::{Change, Fault, Kind, Problem, ProblemKind, Timestamp, id};
use serde_json::json;
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
pub(super) async fn acted_on(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::SubscriptionId,
) -> Result<(Subscription, Standpoint), Problem> {
    let (s, who, sees) = found(cx, conn, id).await?;
    if sees { Ok((s, who)) } else { Err(Problem::forbidden("You are on neither side of this subscription.")) }
}

/// A change of this subscription, shown on every board that it concerns.
pub(super) fn change(cx: &Cx, verb: &'static str, s: &Subscription, side: Side, before: Option<State>) -> Change {
    let detail = json!({
        "side": side, "before": before.map(state_word), "after": state_word(s.state), "plan": s.plan,
        "ends_at": s.ends_at, "origin": s.origin,
    });
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

/// For which side the caller may do this now. What else may stand against an action is looked up only where it decides, or
/// where the refusal says what is allowed instead.
pub(super) async fn permitted(
    cx: &Cx,
    conn: &mut Conn,
    s: &Subscription,
    action: Action,
    who: Standpoint,
) -> Result<Side, Problem> {
    let (state, suspended_by) = (s.state_at(cx.now), s.suspended_by);
    let plainly = rule::check(action, state, suspended_by, who);
    if let Ok(side) = plainly
        && !matches!(action, Action::Revise | Action::Resubmit)
    {
        return Ok(side);
    }
    let case = rule::Case { state, suspended_by, who, hindrances: hindrance::of_one(cx, conn, s).await? };
    case.permits(action).map_err(|why| rule::refused(action, &case, why))
}

async fn way_of(conn: &mut Conn, s: &Subscription) -> Result<rule::Way, Problem> {
    way_to(conn, s, &s.plan, false).await
}

/// The way of a request of this plan by this subscription's app; `guarded` if it needs approval whatever the plan is.
pub(super) async fn way_to(
    conn: &mut Conn,
    s: &Subscription,
    plan: &id::PlanId,
    guarded: bool,
) -> Result<rule::Way, Problem> {
    let requires = guarded || plan::find(conn, plan).await?.is_some_and(|p| p.requires_approval);
    Ok(rule::way(requires, api::admission(conn, &s.api, &s.environment).await?))
}

/// Does something to a subscription, in the state that it is in, for the side that the caller is on. Approval may give it
/// another end.
pub async fn act(
    cx: &Cx,
    id: &id::SubscriptionId,
    action: Action,
    comment: Option<&str>,
    ends_at: Option<Option<Timestamp>>,
) -> Result<(Subscription, i64), Problem> {
    let comment = text::comment("/comment", comment)?;
    let mut tx = cx.write().await?;
    let (mut s, who) = acted_on(cx, &mut tx, id).await?;
    cx.expect_version(s.version)?;
    if matches!(action, Action::Modify | Action::Revise | Action::Expire) {
        let detail =
            "PATCH the subscription to modify it, POST to its revisions to ask for other terms; expiry is the clock's.";
        return Err(Problem::invalid("action", detail));
    }
    let before = s.state_at(cx.now);
    let side = permitted(cx, &mut tx, &s, action, who).await?;
    give_end(cx, &mut s, action, ends_at)?;
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
    if s.state == State::Cancelled {
        changes.extend(close_around(cx, &mut tx, &s, side).await?);
    }
    s.schedule(cx.now, matches!(action, Action::Approve | Action::Resubmit));
    s.version = sql::put(&mut tx, &s).await?;
    let seq = cx.commit(tx, changes).await?;
    Ok((s, seq))
}

/// The end that an approval gives, and that one which was asked for has not passed meanwhile.
fn give_end(cx: &Cx, s: &mut Subscription, action: Action, ends_at: Option<Option<Timestamp>>) -> Result<(), Problem> {
    match (action, ends_at) {
        (Action::Approve, Some(end)) => s.ends_at = end.map(|end| rule::end("/ends_at", end, cx.now)).transpose()?,
        (_, Some(_)) => {
            return Err(Problem::invalid("/ends_at", "Only `approve` gives an end; PATCH changes it later."));
        }
        (_, None) => {}
    }
    if action == Action::Approve && s.ends_at.is_some_and(|end| end <= cx.now) {
        let detail =
            "The end that was asked for has passed; approve it with another `ends_at`, or have it asked for anew.";
        return Err(Problem::new(ProblemKind::WrongState, detail).with("reason", "end_passed"));
    }
    Ok(())
}

/// What a subscription that ends leaves behind is taken back: its open revision, and the alert that it would end.
async fn close_around(cx: &Cx, conn: &mut Conn, s: &Subscription, side: Side) -> Result<Vec<Change>, Problem> {
    let mut changes: Vec<Change> = revision::withdraw_open(cx, conn, s, side).await?.into_iter().collect();
    changes.extend(no_longer_ending(cx, conn, s).await?);
    Ok(changes)
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
            s.decision = Decision::None;
            s.comment_response = None;
            s.unread = false;
            let way = way_of(conn, s).await?;
            if way.needs_approval || !way.activates {
                s.task = Some(task::open(conn, &s.api, Request::Subscription(&s.id), cx.now).await?);
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

/// Ends what an app that is deleted, or the API that is, still has: inside the caller's transaction, the changes to commit
/// with it.
///
/// # Errors
/// Those of the database.
pub async fn end(cx: &Cx, conn: &mut Conn, mut s: Subscription, side: Side) -> Result<Vec<Change>, Problem> {
    let before = s.state;
    s.state = State::Cancelled;
    s.suspended_by = None;
    s.changed_at = cx.now;
    if let Some(task) = &s.task {
        task::close(conn, task, TaskState::Withdrawn, cx.now).await?;
    }
    let mut changes = vec![change(cx, "subscription.cancelled", &s, side, Some(before))];
    changes.extend(close_around(cx, conn, &s, side).await?);
    s.schedule(cx.now, false);
    s.version = sql::put(conn, &s).await?;
    Ok(changes)
}

/// Says something that both sides see.
pub async fn comment(cx: &Cx, id: &id::SubscriptionId, words: &str) -> Result<i64, Problem> {
    let words = text::prose("/comment", words)?;
    if words.is_empty() {
        return Err(Problem::invalid("/comment", "Say something.").code(Fault::Required));
    }
    let mut tx = cx.write().await?;
    let (s, who) = visible(cx, &mut tx, id).await?;
    let speaks = match app::find(&mut tx, &s.app).await? {
        Some(app) => authz::may(app::standing(cx, &mut tx, &app).await?, Verb::AppEdit),
        None => false,
    };
    if !speaks && !who.app && !who.api {
        let detail =
            "Who may read the app only reads: a comment takes OWNER or DEVELOPER of the app, or the API's side.";
        return Err(Problem::forbidden(detail));
    }
    let side = if who.api { Side::Api } else { Side::App };
    let mut entry = change(cx, "subscription.commented", &s, side, None).noting(Some(&words));
    entry.detail = json!({"side": side});
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
    let seq = cx.commit(tx, vec![marked(cx, &s)]).await?;
    Ok((s, seq))
}

/// The decision is read now, or unread again: only that changes.
pub(super) fn marked(cx: &Cx, s: &Subscription) -> Change {
    let verb = if s.unread { "subscription.unread" } else { "subscription.read" };
    let detail = json!({"before": {"unread": !s.unread}, "after": {"unread": s.unread}});
    cx.change(verb, Kind::Subscription, &s.id).touching(Kind::App, &s.app).detailing(detail)
}

/// New terms: before and after say which, and in which state they hold.
pub(super) fn modified(cx: &Cx, s: &Subscription, side: Side, plan: &id::PlanId, end: Option<Timestamp>) -> Change {
    let mut entry = change(cx, "subscription.modified", s, side, None);
    let state = state_word(s.state);
    entry.detail["before"] = json!({"state": state, "plan": plan, "ends_at": end});
    entry.detail["after"] = json!({"state": state, "plan": s.plan, "ends_at": s.ends_at});
    entry.detail["plan_before"] = json!(plan);
    entry.detail["ends_before"] = json!(end);
    entry
}

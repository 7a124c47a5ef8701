//! What can be done with revisions.

use super::rule::{self, RevisionAction};
use super::{Revision, RevisionState as State, sql};
use crate::agreement;
use crate::cx::{Cx, Describe};
use crate::subscription::ops::{self as subscriptions, AgreementAnswer, Answered};
use crate::subscription::rule::{Action, Standpoint, Way};
use crate::subscription::{Side, Subscription, sql as subscription_sql};
use crate::task::{self, Request, TaskState};
use crate::{api, text};
use base::{Change, Kind, Page, PageRequest, Problem, Ref, Timestamp, id};
use serde_json::json;
use std::collections::HashMap;
use store::{Conn, log};

/// Other terms to ask for.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRevision {
    /// One of the plans that the API offers, `pln_...`; the present one where only the end is to change.
    #[schema(value_type = String)]
    pub plan: id::PlanId,
    /// Another end, RFC 3339; null for none. Left out: the end stays as it is.
    #[serde(default, deserialize_with = "crate::subscription::nullable_time")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Option<Timestamp>>,
    /// What the API side should know.
    #[serde(default)]
    pub comment: Option<String>,
    /// The answer to the API's agreement; needed only if another version is active than the one accepted before.
    #[serde(default)]
    pub agreement: Option<AgreementAnswer>,
}

/// A change of a subscription because of its revision.
fn change(cx: &Cx, verb: &'static str, s: &Subscription, r: &Revision, side: Side, before: Option<State>) -> Change {
    let mut change = subscriptions::change(cx, verb, s, side, Some(s.state));
    change.detail = json!({
        "side": side, "before": before, "after": r.state, "revision": r.id, "plan": r.plan, "plan_before": r.plan_before,
        "ends_at": r.ends_at.map_or(s.ends_at, |end| end), "ends_before": r.ends_before,
    });
    match &r.task {
        Some(task) => change.touching(base::Kind::Task, task),
        None => change,
    }
}

/// The answer that a revision needs: that of the subscription goes on as long as the text is the same.
async fn agreed(
    cx: &Cx,
    conn: &mut Conn,
    s: &Subscription,
    (api, request): (&api::Api, &id::RequestId),
    answer: Option<&AgreementAnswer>,
) -> Result<Answered, Problem> {
    if answer.is_none()
        && let Some(active) = agreement::active(conn, &api.id).await?
        && let Some(accepted) = &s.acceptance
        && agreement::acceptance(conn, accepted).await?.is_some_and(|a| a.agreement == active.id)
    {
        return Ok(Answered::Nothing);
    }
    subscriptions::agree(cx, conn, api, request, answer).await
}

/// Asks for other terms. The old ones go on until these are approved and activated.
///
/// # Errors
/// 403 for whoever is not OWNER of the app, 409 in another state or while another revision is open, 422.
pub async fn ask(cx: &Cx, id: &id::SubscriptionId, new: NewRevision) -> Result<(Subscription, Revision, i64), Problem> {
    let comment = text::comment("/comment", new.comment.as_deref())?;
    let mut tx = cx.write().await?;
    let (mut s, who) = subscriptions::acted_on(cx, &mut tx, id).await?;
    cx.expect_version(s.version)?;
    if let Err(refused) = subscriptions::permitted(cx, &mut tx, &s, Action::Revise, who).await {
        return Err(match sql::open(&mut tx, id).await? {
            Some(open) => refused.with("revision", open.id.to_string()),
            None => refused,
        });
    }
    let ends_at = other_end(new.ends_at, cx.now)?;
    if new.plan == s.plan && ends_at.is_none_or(|end| end == s.ends_at) {
        return Err(Problem::invalid("/plan", "These are the terms that it has; name another plan or another end."));
    }
    let api = api::find(&mut tx, &s.api).await?.ok_or_else(|| Problem::not_found("API"))?;
    subscriptions::offered(&mut tx, &api, &new.plan, Some(&s.plan)).await?;
    let request = id::RequestId::new(cx.now);
    let acceptance = match agreed(cx, &mut tx, &s, (&api, &request), new.agreement.as_ref()).await? {
        Answered::Nothing => None,
        Answered::Accepted(acceptance) => Some(acceptance),
        Answered::Declined => return subscriptions::decline(cx, tx, &api).await,
    };
    let mut r = Revision {
        id: id::SubscriptionRevisionId::new(cx.now),
        version: 1,
        subscription: s.id.clone(),
        request,
        plan: new.plan,
        ends_at,
        plan_before: s.plan.clone(),
        ends_before: s.ends_at,
        state: State::Requested,
        comment_requestor: comment.clone(),
        comment_response: None,
        requester: cx.signed()?.id.clone(),
        task: None,
        acceptance,
        created_at: cx.now,
        changed_at: cx.now,
    };
    let way = way(&mut tx, &s, &r).await?;
    if way.needs_approval || !way.activates {
        r.task = Some(task::open(&mut tx, &s.api, Request::Revision(&s.id, &r.id), cx.now).await?);
    }
    let asked = change(cx, "subscription.revision_requested", &s, &r, Side::App, None).noting(comment.as_deref());
    let mut changes = vec![asked];
    if !way.needs_approval {
        r.state = State::Approved;
        let before = Some(State::Requested);
        changes.push(change(cx, "subscription.revision_approved", &s, &r, Side::System, before).by_system());
        changes.extend(activate_if(cx, &mut tx, &mut s, &mut r, way).await?);
    }
    sql::insert(&mut tx, &r).await?;
    // Guards against the end of the subscription in another transaction: a revision of what is over must not stay open.
    s.version = subscription_sql::put(&mut tx, &s).await?;
    let seq = cx.commit(tx, changes).await?;
    Ok((s, r, seq))
}

/// The way of a revision: that of a new request of its plan, with approval where it loosens what the API side has set.
async fn way(conn: &mut Conn, s: &Subscription, r: &Revision) -> Result<Way, Problem> {
    let guarded = r.outlasts(s.ends_at) || (r.plan != s.plan && plan_was_set(conn, &s.id).await?);
    subscriptions::way_to(conn, s, &r.plan, guarded).await
}

/// Whether the API side has ever changed the plan of this subscription: then the requester does not choose another alone.
async fn plan_was_set(conn: &mut Conn, id: &id::SubscriptionId) -> Result<bool, Problem> {
    let filter = log::Filter {
        touches: vec![Ref::new(Kind::Subscription, id)],
        verbs: Some(vec!["subscription.modified".to_owned()]),
        limit: log::MOST,
        ..log::Filter::default()
    };
    let entries = log::page(conn, &filter).await?;
    // Of more than are looked through, one may.
    let all = i64::try_from(entries.len()).is_ok_and(|found| found < log::MOST);
    Ok(!all || entries.iter().any(|entry| entry.detail["plan"] != entry.detail["plan_before"]))
}

/// The end that is asked for, if it can be one.
fn other_end(asked: Option<Option<Timestamp>>, now: Timestamp) -> Result<Option<Option<Timestamp>>, Problem> {
    match asked {
        Some(Some(end)) => Ok(Some(Some(crate::subscription::rule::end("/ends_at", end, now)?))),
        other => Ok(other),
    }
}

/// Activates what nobody has to.
async fn activate_if(
    cx: &Cx,
    conn: &mut Conn,
    s: &mut Subscription,
    r: &mut Revision,
    way: Way,
) -> Result<Vec<Change>, Problem> {
    if !way.activates {
        return Ok(Vec::new());
    }
    r.state = State::Activated;
    let mut changes = apply(cx, conn, s, r, Side::System).await?;
    changes.iter_mut().for_each(|change| change.actor = base::Actor::System);
    Ok(changes)
}

/// Puts the terms of a revision in the place of the old ones, in memory: the caller writes both rows.
async fn apply(
    cx: &Cx,
    conn: &mut Conn,
    s: &mut Subscription,
    r: &mut Revision,
    side: Side,
) -> Result<Vec<Change>, Problem> {
    s.plan = r.plan.clone();
    let mut changes = Vec::new();
    if let Some(end) = r.ends_at {
        s.ends_at = end;
        s.schedule(cx.now, true);
        changes.extend(subscriptions::no_longer_ending(cx, conn, s).await?);
    }
    if r.acceptance.is_some() {
        s.acceptance.clone_from(&r.acceptance);
    }
    r.changed_at = cx.now;
    changes.insert(0, change(cx, "subscription.revision_activated", s, r, side, Some(State::Approved)));
    Ok(changes)
}

/// A revision of this subscription, and where the caller stands.
async fn found(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::SubscriptionId,
    revision: &id::SubscriptionRevisionId,
) -> Result<(Subscription, Revision, Standpoint), Problem> {
    let (s, who) = subscriptions::visible(cx, conn, id).await?;
    let r = sql::find(conn, revision).await?.filter(|r| r.subscription == s.id);
    Ok((s, r.ok_or_else(|| Problem::not_found("revision"))?, who))
}

/// A revision that the caller may see.
///
/// # Errors
/// 404 if there is none.
pub async fn get(
    cx: &Cx,
    id: &id::SubscriptionId,
    revision: &id::SubscriptionRevisionId,
) -> Result<(Subscription, Revision, Standpoint), Problem> {
    found(cx, &mut *cx.read().await?, id, revision).await
}

/// The revisions of a subscription, the newest first.
///
/// # Errors
/// 404 if the caller does not see it.
pub async fn list(
    cx: &Cx,
    id: &id::SubscriptionId,
    page: &PageRequest,
) -> Result<(Subscription, Page<Revision>, Standpoint), Problem> {
    let mut tx = cx.read().await?;
    let (s, who) = subscriptions::visible(cx, &mut tx, id).await?;
    let rows = sql::page(&mut tx, id, page.after(), page.limit() + 1).await?;
    Ok((s, Page::of(rows, page.limit(), |r| r.id.to_string()), who))
}

/// Does something to a revision, in the state that it is in, for the side that the caller is on.
pub async fn act(
    cx: &Cx,
    id: &id::SubscriptionId,
    revision: &id::SubscriptionRevisionId,
    action: RevisionAction,
    comment: Option<&str>,
) -> Result<(Subscription, Revision, i64), Problem> {
    let comment = text::comment("/comment", comment)?;
    let mut tx = cx.write().await?;
    let (mut s, mut r, who) = found(cx, &mut tx, id, revision).await?;
    cx.expect_version(r.version)?;
    let (before, passed) = (r.state, r.passed(cx.now));
    let (side, after) =
        rule::check(action, before, passed, who).map_err(|why| rule::refused(action, before, passed, who, why))?;
    r.replaces(&s);
    (r.state, r.changed_at) = (after, cx.now);
    let mut changes = Vec::new();
    let verb = match action {
        RevisionAction::Activate => {
            changes = apply(cx, &mut tx, &mut s, &mut r, side).await?;
            None
        }
        RevisionAction::Approve => Some("subscription.revision_approved"),
        RevisionAction::Reject => Some("subscription.revision_rejected"),
        RevisionAction::Withdraw => Some("subscription.revision_withdrawn"),
    };
    if let Some(verb) = verb {
        changes.push(change(cx, verb, &s, &r, side, Some(before)));
    }
    changes[0].note.clone_from(&comment);
    if matches!(action, RevisionAction::Approve | RevisionAction::Reject) {
        (r.comment_response, s.unread) = (comment, true);
    }
    if action == RevisionAction::Approve {
        let way = way(&mut tx, &s, &r).await?;
        changes.extend(activate_if(cx, &mut tx, &mut s, &mut r, way).await?);
    }
    if let (Some(task), false) = (&r.task, r.state.is_open()) {
        let end = if r.state == State::Withdrawn { TaskState::Withdrawn } else { TaskState::Done };
        task::close(&mut tx, task, end, cx.now).await?;
    }
    r.version = sql::put(&mut tx, &r).await?;
    s.version = subscription_sql::put(&mut tx, &s).await?;
    let seq = cx.commit(tx, changes).await?;
    Ok((s, r, seq))
}

/// Takes back what is still open because the subscription ends, inside the caller's transaction: the change to commit with
/// it.
///
/// # Errors
/// Those of the database.
pub async fn withdraw_open(cx: &Cx, conn: &mut Conn, s: &Subscription, side: Side) -> Result<Option<Change>, Problem> {
    let Some(mut r) = sql::open(conn, &s.id).await? else { return Ok(None) };
    let before = r.state;
    r.replaces(s);
    (r.state, r.changed_at) = (State::Withdrawn, cx.now);
    if let Some(task) = &r.task {
        task::close(conn, task, TaskState::Withdrawn, cx.now).await?;
    }
    r.version = sql::put(conn, &r).await?;
    Ok(Some(change(cx, "subscription.revision_withdrawn", s, &r, side, Some(before)).by_system()))
}

/// The newest revision of each of these subscriptions.
///
/// # Errors
/// Those of the database.
pub async fn newest(
    conn: &mut Conn,
    of: &[id::SubscriptionId],
) -> Result<HashMap<id::SubscriptionId, Revision>, Problem> {
    Ok(sql::newest(conn, of).await?.into_iter().map(|r| (r.subscription.clone(), r)).collect())
}

//! How a revision looks to people: old and new terms side by side.

use super::rule::{self, RevisionAction};
use super::{Revision, RevisionState};
use crate::names::Named;
use crate::plan::{Plan, WindowView};
use crate::subscription::Subscription;
use crate::subscription::rule::Standpoint;
use base::{Timestamp, id};
use serde::Serialize;
use utoipa::ToSchema;

/// An action, whether the caller may take it now, and why not.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedRevisionAction {
    /// The action.
    pub action: RevisionAction,
    /// Whether it is to be had by this caller, now.
    pub allowed: bool,
    /// Why not: `not_your_side`, `wrong_state` or `outdated` (the end that is asked for has passed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Terms of a subscription.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermsView {
    /// Under which plan.
    pub plan: Named,
    /// The windows of that plan, as they are now; all of them hold. Empty means no cap.
    pub limits: Vec<WindowView>,
    /// When it ends by itself, RFC 3339.
    #[schema(format = DateTime)]
    pub ends_at: Option<String>,
}

/// Other terms for a subscription.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubscriptionRevision)]
pub struct RevisionView {
    /// `srv_...`
    pub id: String,
    /// Of which subscription, `sub_...`.
    pub revision_of: String,
    /// Where it stands.
    pub state: RevisionState,
    /// Whether it can still become the terms of the subscription.
    pub open: bool,
    /// The terms that it replaces: while it is open those of now, then those of when it was closed.
    pub old: TermsView,
    /// The terms that are asked for.
    pub new: TermsView,
    /// The requester's words.
    pub comment_requestor: Option<String>,
    /// The decider's words.
    pub comment_response: Option<String>,
    /// Who asked.
    pub requester: Named,
    /// The task that asks for the decision, `tsk_...`.
    pub task: Option<String>,
    /// The answer to the API's agreement, `acc_...`, where another one than the subscription's was needed.
    pub acceptance: Option<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When its state last changed, RFC 3339.
    #[schema(format = DateTime)]
    pub changed_at: String,
    /// All actions, for this caller, now.
    pub actions: Vec<OfferedRevisionAction>,
}

impl RevisionView {
    /// The revision of this subscription as somebody who stands like this sees it now.
    pub fn of<'p>(
        r: &Revision,
        s: &Subscription,
        (who, now): (Standpoint, Timestamp),
        requester: Named,
        find: impl Fn(&id::PlanId) -> Option<&'p Plan>,
    ) -> Self {
        let terms = |plan: &id::PlanId, ends_at: Option<Timestamp>| {
            let known = find(plan);
            TermsView {
                plan: Named { id: plan.to_string(), name: known.map(|p| p.name.clone()).unwrap_or_default() },
                limits: known.map(|p| p.view().limits).unwrap_or_default(),
                ends_at: ends_at.map(|at| at.to_string()),
            }
        };
        let actions = RevisionAction::ALL.iter().map(|action| {
            let reason = rule::check(*action, r.state, r.passed(now), who).err().map(|why| why.code().to_owned());
            OfferedRevisionAction { action: *action, allowed: reason.is_none(), reason }
        });
        // The API side may have changed the terms since they were asked for.
        let (plan_before, ends_before) =
            if r.state.is_open() { (&s.plan, s.ends_at) } else { (&r.plan_before, r.ends_before) };
        Self {
            id: r.id.to_string(),
            revision_of: r.subscription.to_string(),
            state: r.state,
            open: r.state.is_open(),
            old: terms(plan_before, ends_before),
            new: terms(&r.plan, r.ends_at.unwrap_or(ends_before)),
            comment_requestor: r.comment_requestor.clone(),
            comment_response: r.comment_response.clone(),
            requester,
            task: r.task.as_ref().map(ToString::to_string),
            acceptance: r.acceptance.as_ref().map(ToString::to_string),
            created_at: r.created_at.to_string(),
            changed_at: r.changed_at.to_string(),
            actions: actions.collect(),
        }
    }
}

//! Other terms for a subscription, asked for by its requester while the old ones go on.
//!
//! A revision needs approval and activation as a new request of its plan would, and approval whatever the plan is where it
//! loosens what the API side has a say in: a later end or none, another plan than the one that side gave. It is no
//! subscription: nothing that looks for live terms can find it, and the gateway never hears of it. When it is activated its
//! terms become those of the subscription in the same transaction.

mod http;
mod ops;
mod rule;
mod sql;
mod view;

pub(super) use http::routes;
pub(super) use ops::{newest, withdraw_open};
pub use rule::{LIFECYCLE, RevisionAction, Row};
pub use view::RevisionView;

use super::Subscription;
use crate::words::words;
use base::{Timestamp, id};

words! {
    /// Where a revision stands.
    pub enum RevisionState {
        /// Waits for a decision.
        Requested = "requested",
        /// Approved, waits for activation.
        Approved = "approved",
        /// Its terms are those of the subscription.
        Activated = "activated",
        /// Refused by the API side; the old terms stay.
        Rejected = "rejected",
        /// Taken back, or the subscription ended before.
        Withdrawn = "withdrawn",
    }
}

impl RevisionState {
    /// Whether it can still become the terms of the subscription.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Approved)
    }
}

impl Revision {
    /// Whether it asks for an end that has passed.
    pub fn passed(&self, now: Timestamp) -> bool {
        self.ends_at.flatten().is_some_and(|end| end <= now)
    }

    /// Whether its terms would end later than this, or never.
    pub fn outlasts(&self, end: Option<Timestamp>) -> bool {
        match (self.ends_at, end) {
            (Some(wanted), Some(end)) => wanted.is_none_or(|wanted| wanted > end),
            _ => false,
        }
    }

    /// Notes what it replaces, which is what stands now: the API side may have changed the terms since they were asked for.
    fn replaces(&mut self, s: &Subscription) {
        (self.plan_before, self.ends_before) = (s.plan.clone(), s.ends_at);
    }
}

/// Other terms for a subscription.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Identity.
    pub id: id::SubscriptionRevisionId,
    /// Guard of the row.
    pub version: i64,
    /// Of which subscription.
    pub subscription: id::SubscriptionId,
    /// What its answer to the agreement belongs to.
    pub request: id::RequestId,
    /// The plan that is asked for.
    pub plan: id::PlanId,
    /// The end that is asked for, `Some(None)` being none at all; `None` leaves it as it is.
    pub ends_at: Option<Option<Timestamp>>,
    /// The plan that it is to replace, or did.
    pub plan_before: id::PlanId,
    /// The end that it is to replace, or did.
    pub ends_before: Option<Timestamp>,
    /// Where it stands.
    pub state: RevisionState,
    /// The requester's words.
    pub comment_requestor: Option<String>,
    /// The decider's words.
    pub comment_response: Option<String>,
    /// Who asked.
    pub requester: id::UserId,
    /// The task that asks for the decision.
    pub task: Option<id::TaskId>,
    /// The answer to the API's agreement, where another one than the subscription's was needed.
    pub acceptance: Option<id::AcceptanceId>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its state last changed.
    pub changed_at: Timestamp,
}

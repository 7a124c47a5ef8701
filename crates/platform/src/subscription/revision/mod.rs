//! Other terms for a subscription, asked for by its requester while the old ones go on.
//!
//! A revision needs approval and activation exactly as a new request of its plan would. It is no subscription: nothing
//! that looks for live terms can find it, and the gateway never hears of it. When it is activated its terms become those of
//! the subscription in the same transaction.

mod http;
mod ops;
mod rule;
mod sql;
mod view;

pub(super) use http::routes;
pub(super) use ops::{newest, withdraw_open};
pub use rule::{LIFECYCLE, RevisionAction, Row};
pub use view::RevisionView;

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

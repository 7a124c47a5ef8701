//! Subscriptions: one app x one API x one environment x one plan, with a state and a history.
//!
//! **Invariant:** at most one subscription per app, API and environment is live (A49), and its state moves only along
//! the lifecycle table in `rule.rs`. Other terms stand in a revision until they replace the old ones in one step: a
//! subscription has one set of terms at every moment.

mod adopt;
mod find;
mod hindrance;
mod http;
mod look;
mod lookup;
mod ops;
mod revision;
mod rule;
mod sql;
mod view;

pub use adopt::{Adopted, AdoptedRequest, AdoptedTerm, adopt, standing_in};
pub use find::{
    AppCount, all_rows, among, at_api, at_app, between, called_by, counts, counts_of_apis, find, find_all, live,
    of_api, of_api_live, of_app, of_app_live, of_teams, rows, tied, ties, under_plan, under_plans, unread,
};
pub use http::routes;
pub use look::get;
pub use ops::{connect, end, run, tick};
pub use revision::{
    LIFECYCLE as REVISION_LIFECYCLE, Revision, RevisionAction, RevisionState, RevisionView, Row as RevisionRow,
};
pub use rule::{Action, LIFECYCLE, Side, Status, state_word, status};
pub use view::{OfferedAction, SubscriptionView, actions, views};

use crate::words::words;
use base::{Timestamp, id};
use snapshot::SubscriptionState;

words! {
    /// Who suspended it.
    pub enum SuspendedBy {
        /// The consumer.
        App = "app",
        /// The provider.
        Api = "api",
    }

    /// How a subscription came about.
    pub enum SubscriptionOrigin {
        /// Somebody asked for it.
        Requested = "requested",
        /// The program connected a new app (A03).
        Automatic = "automatic",
    }

    /// What was decided (C62).
    pub enum Decision {
        /// Nothing yet.
        None = "none",
        /// Approved.
        Approved = "approved",
        /// Rejected.
        Rejected = "rejected",
    }
}

/// An app's access to an API in an environment under a plan.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// Identity.
    pub id: id::SubscriptionId,
    /// Guard of the row.
    pub version: i64,
    /// What it shares with the others of one request (A09).
    pub request: id::RequestId,
    /// The consumer.
    pub app: id::AppId,
    /// The provider's API.
    pub api: id::ApiId,
    /// Where.
    pub environment: id::EnvironmentId,
    /// Under which terms.
    pub plan: id::PlanId,
    /// How it came about.
    pub origin: SubscriptionOrigin,
    /// Where the last action left it; [`Subscription::state_at`] knows its end too.
    pub state: SubscriptionState,
    /// Who suspended it, while it is.
    pub suspended_by: Option<SuspendedBy>,
    /// What was decided.
    pub decision: Decision,
    /// The requester's words (C58).
    pub comment_requestor: Option<String>,
    /// The decider's words (C60, C61).
    pub comment_response: Option<String>,
    /// Whether the app's team has yet to read the decision (C63).
    pub unread: bool,
    /// Who asked.
    pub requester: id::UserId,
    /// The task that asks for the decision (C59).
    pub task: Option<id::TaskId>,
    /// The answer to the API's agreement (A18).
    pub acceptance: Option<id::AcceptanceId>,
    /// When it ends by itself.
    pub ends_at: Option<Timestamp>,
    /// When the clock has to do something about it next.
    pub due_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its state last changed.
    pub changed_at: Timestamp,
}

impl Subscription {
    /// The state as people read it.
    pub fn status(&self) -> Status {
        status(Some(self.state))
    }

    /// Where it stands now: what has come to its end is over, also before the clock's own action has said so.
    pub fn state_at(&self, now: Timestamp) -> SubscriptionState {
        let lasts = self.ends_at.is_none_or(|end| now < end);
        if lasts || !rule::ends(self.state) { self.state } else { SubscriptionState::Expired }
    }

    /// Works out when the clock has to do something next, after the state or the end (`anew`) has changed.
    fn schedule(&mut self, now: Timestamp, anew: bool) {
        self.due_at = match self.ends_at {
            Some(end) if rule::ends(self.state) => {
                if anew || self.due_at.is_none() {
                    Some(rule::due(end, now))
                } else {
                    self.due_at
                }
            }
            _ => None,
        };
    }
}

/// Tells `null`, which takes a time away, from an absent member, which leaves it (RFC 7396).
pub(crate) fn nullable_time<'de, D: serde::Deserializer<'de>>(
    reader: D,
) -> Result<Option<Option<Timestamp>>, D::Error> {
    <Option<Timestamp> as serde::Deserialize>::deserialize(reader).map(Some)
}

//! Tasks: what waits in administrators' inboxes: requests that want a decision (C59), to-dos among colleagues, alerts.
//!
//! **Invariant:** the task of a request is open exactly as long as what it asks for waits for somebody on the API side; an
//! alert of one key is open once at most.

mod http;
mod ops;
mod rule;
mod sql;

pub use http::routes;
pub use ops::{
    Alert, Inboxes, NewTodo, Request, TodoEdit, Wanted, act, actions, close, close_all, create, edit, find, get, list,
    marks, open, open_as, raise, resolve, waiting, waiting_in_all,
};
pub use rule::Action;
pub use sql::{among, names};

use crate::words::words;
use base::{Timestamp, id};

words! {
    /// Where a task stands.
    pub enum TaskState {
        /// Waits.
        Open = "open",
        /// Somebody decided, or did it.
        Done = "done",
        /// What it asked for was taken back.
        Withdrawn = "withdrawn",
    }

    /// What a task is.
    pub enum TaskKind {
        /// An app asks for access.
        SubscriptionRequest = "subscription_request",
        /// A subscriber asks for other terms.
        RevisionRequest = "revision_request",
        /// A colleague wrote down what has to be done.
        Todo = "todo",
        /// The program says that somebody should look.
        Alert = "alert",
    }

    /// What an alert says.
    pub enum AlertCode {
        /// A subscription ends within days.
        SubscriptionEnding = "subscription_ending",
        /// A webhook gave up on deliveries.
        DeliveryFailed = "delivery_failed",
        /// A destination does not answer.
        DestinationFailing = "destination_failing",
    }
}

/// Whose administrators have a task in their inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inbox {
    /// Those of an API.
    Api(id::ApiId),
    /// The OWNERs and business administrators of an organization.
    Organization(id::OrganizationId),
}

impl std::fmt::Display for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Api(id) => id.fmt(f),
            Self::Organization(id) => id.fmt(f),
        }
    }
}

/// An item in administrators' inboxes.
#[derive(Clone, Debug)]
pub struct Task {
    /// Identity.
    pub id: id::TaskId,
    /// Guard of the row.
    pub version: i64,
    /// What it is.
    pub kind: TaskKind,
    /// Whose administrators it is for.
    pub inbox: Inbox,
    /// What is asked for, or what the alert is about.
    pub subscription: Option<id::SubscriptionId>,
    /// The other terms that are asked for.
    pub revision: Option<id::SubscriptionRevisionId>,
    /// Of a to-do: what has to be done, in a line.
    pub title: String,
    /// Of a to-do: more about it, Markdown. Of an alert: what the program knows.
    pub text: String,
    /// What an alert says.
    pub code: Option<AlertCode>,
    /// What keeps an alert from being raised twice.
    pub alert_key: Option<String>,
    /// Who wrote a to-do.
    pub author: Option<id::UserId>,
    /// Who took it on, or was asked to.
    pub assignee: Option<id::UserId>,
    /// Where it stands.
    pub state: TaskState,
    /// Since when.
    pub created_at: Timestamp,
    /// When something was last done or said about it.
    pub active_at: Timestamp,
    /// Until when.
    pub closed_at: Option<Timestamp>,
}

//! Tasks: what waits in administrators' inboxes for a decision (C59).
//!
//! **Invariant:** a task is open exactly as long as its subscription waits for somebody on the API side.

mod http;
mod ops;
mod sql;

pub use http::routes;
pub use ops::{Wanted, close, find, get, list, open, waiting, waiting_in_all};

use crate::words::words;
use base::{Timestamp, id};

words! {
    /// Where a task stands.
    pub enum TaskState {
        /// Waits.
        Open = "open",
        /// Somebody decided.
        Done = "done",
        /// What it asked for was taken back.
        Withdrawn = "withdrawn",
    }
}

/// An item in an administrator's inbox.
#[derive(Clone, Debug)]
pub struct Task {
    /// Identity.
    pub id: id::TaskId,
    /// Guard of the row.
    pub version: i64,
    /// `subscription_request`.
    pub kind: String,
    /// Whose administrators it is for.
    pub api: id::ApiId,
    /// What is asked for.
    pub subscription: id::SubscriptionId,
    /// Where it stands.
    pub state: TaskState,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub closed_at: Option<Timestamp>,
}

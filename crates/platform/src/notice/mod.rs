//! The inbox: what a person is told because of an entry of the change log.
//!
//! **Invariant:** at most one notice per person and entry, and never one of the person's own deeds. A notice carries
//! codes and names, never prose and never a secret (X06).

mod http;
mod ops;
mod rule;
mod sql;

pub use http::routes;
pub use ops::{READER, run, unread};

use base::{Ref, Timestamp, id};

/// One message in a person's inbox.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Identity.
    pub id: id::NoticeId,
    /// Whose.
    pub user: id::UserId,
    /// The entry of the change log that it is about; the key of the list.
    pub seq: i64,
    /// What happened, as `{noun}.{past tense}`.
    pub verb: String,
    /// What it happened to.
    pub subject: Ref,
    /// The words of whoever did it.
    pub note: Option<String>,
    /// When it happened.
    pub created_at: Timestamp,
    /// When the person read it.
    pub read_at: Option<Timestamp>,
}

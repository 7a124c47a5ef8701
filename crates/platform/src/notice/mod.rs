//! The inbox: what a person is told because of an entry of the change log.
//!
//! **Invariant:** at most one notice per person and entry, and never one of the person's own deeds. A notice carries
//! codes and names, never prose and never a secret (X06).

mod http;
mod look;
pub mod mail;
mod ops;
mod reads;
mod round;
mod rule;
mod sql;

pub use http::routes;
pub use ops::{READER, run, unread};
pub use round::{round, run_rounds};

use crate::words::words;
use base::{Ref, Timestamp, id};

words! {
    /// What people can have mails about, or not.
    pub enum Topic {
        /// Somebody asks for access that I decide about.
        Requests = "requests",
        /// What becomes of the access of my apps.
        Decisions = "decisions",
        /// Somebody says something about a request.
        Comments = "comments",
        /// What happens to APIs that I use or follow.
        News = "news",
        /// I have become a member of something.
        Memberships = "memberships",
        /// Something ends soon.
        Reminders = "reminders",
        /// Something of mine does not work.
        Alerts = "alerts",
    }

    /// When mails come.
    pub enum MailMode {
        /// One for each notice, at once.
        Immediate = "immediate",
        /// One a day with everything.
        Daily = "daily",
        /// Never.
        Off = "off",
    }
}

/// How a person wants to be told. The inbox has everything, whatever this says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Guard of the row; 0 where there is none yet.
    pub version: i64,
    /// When mails come.
    pub mail: MailMode,
    /// The topics without mail.
    pub muted: Vec<Topic>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { version: 0, mail: MailMode::Immediate, muted: Vec::new() }
    }
}

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

//! Agreements: the legal texts of an API and of the platform, in versions, and who accepted or declined which of them
//! when (A18).
//!
//! **Invariant:** an API, and the platform, has at most one active agreement; a text that anybody could read never
//! changes, and neither does an answer.

mod http;
mod ops;
mod rule;
mod sql;

pub use http::{AgreementView, routes};
pub use ops::{acceptance, active, active_of, announced, answer_own, awaited, platform_active, record, visible};
pub use rule::{Action, LIFECYCLE, Row};
pub use sql::{answered, apis_of, names};

use crate::words::words;
use base::{Timestamp, id};

words! {
    /// What somebody answered to an agreement.
    pub enum Answer {
        /// Agreed.
        Accepted = "accepted",
        /// Did not agree; there is no access then (A19).
        Declined = "declined",
    }

    /// Where a version of a text stands.
    pub enum AgreementState {
        /// Seen by those who may change it.
        Uploaded = "uploaded",
        /// Can be read by everybody concerned; not answered yet.
        Published = "published",
        /// The one that is answered.
        Active = "active",
        /// Answered no more; kept with its answers.
        Retired = "retired",
    }
}

/// One version of a legal text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Identity.
    pub id: id::AgreementId,
    /// Guard of the row.
    pub version: i64,
    /// Whose; `None` is the platform's own, which everybody answers at sign-in.
    pub api: Option<id::ApiId>,
    /// Which version of its text: 1, 2, 3 ...
    pub number: i64,
    /// For people.
    pub title: String,
    /// The text itself, Markdown.
    pub text: String,
    /// Where it stands.
    pub state: AgreementState,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// Since when it can be read.
    pub published_at: Option<Timestamp>,
    /// Since when it is answered.
    pub activated_at: Option<Timestamp>,
    /// Since when it is answered no more.
    pub retired_at: Option<Timestamp>,
}

impl Agreement {
    /// What its numbers count in: the API, or the platform.
    fn scope(&self) -> String {
        scope(self.api.as_ref())
    }
}

/// The word for an API's texts, or for the platform's.
fn scope(api: Option<&id::ApiId>) -> String {
    api.map_or_else(|| "platform".to_owned(), ToString::to_string)
}

/// Which text an answer was given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The version of the text.
    pub agreement: id::AgreementId,
    /// Whose text; `None` is the platform's own.
    pub api: Option<id::ApiId>,
    /// Which version of it: 1, 2, 3 ...
    pub number: i64,
    /// For people.
    pub title: String,
    /// Where it stands now.
    pub state: AgreementState,
    /// When it was answered.
    pub answered_at: Timestamp,
}

/// An answer to an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Identity.
    pub id: id::AcceptanceId,
    /// To which version of the text.
    pub agreement: id::AgreementId,
    /// Who answered.
    pub user: id::UserId,
    /// In which request for access; `None` for the platform's text.
    pub request: Option<id::RequestId>,
    /// What.
    pub answer: Answer,
    /// When.
    pub answered_at: Timestamp,
}

//! Agreements: the legal text of an API, in versions, and who accepted or declined which of them when (A18).
//!
//! **Invariant:** an API has at most one active agreement, and neither a published text nor an answer ever changes.

mod http;
mod ops;
mod rule;
mod sql;

pub use http::{AgreementView, routes};
pub use ops::{acceptance, active, find, record};

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
}

/// One version of the legal text of an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Identity.
    pub id: id::AgreementId,
    /// Guard of the row.
    pub version: i64,
    /// Whose.
    pub api: id::ApiId,
    /// Which version of the API's text: 1, 2, 3 ...
    pub number: i64,
    /// For people.
    pub title: String,
    /// The text itself, Markdown.
    pub text: String,
    /// Whether it is the one that requests answer.
    pub active: bool,
    /// When it was published.
    pub created_at: Timestamp,
}

/// An answer to an agreement, given in a request for access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Identity.
    pub id: id::AcceptanceId,
    /// To which version of the text.
    pub agreement: id::AgreementId,
    /// Who answered.
    pub user: id::UserId,
    /// In which request.
    pub request: id::RequestId,
    /// What.
    pub answer: Answer,
    /// When.
    pub answered_at: Timestamp,
}

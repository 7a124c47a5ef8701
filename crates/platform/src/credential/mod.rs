//! Credentials: the secrets and API keys of clients.
//!
//! **Invariant:** a secret is in the answer that made it and nowhere else; the database holds its digest.

mod http;
mod ops;
mod rule;
mod sql;

pub use http::routes;
pub use ops::{all, create, find_secret, row};

use base::secret::Digest;
use base::{Timestamp, id};
use snapshot::CredentialKind;

/// A secret or API key, known by its digest.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Identity.
    pub id: id::CredentialId,
    /// Guard of the row.
    pub version: i64,
    /// Whose.
    pub client: id::ClientId,
    /// What it is.
    pub kind: CredentialKind,
    /// How it is found.
    pub digest: Digest,
    /// The last four symbols.
    pub hint: String,
    /// For people.
    pub description: String,
    /// Switched on.
    pub active: bool,
    /// When it ends; `None` is never.
    pub expires_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: id::UserId,
    /// When.
    pub created_at: Timestamp,
}

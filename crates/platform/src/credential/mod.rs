//! Credentials: the secrets and API keys of clients.
//!
//! **Invariant:** a secret is in the answer that made it and nowhere else; the database holds its digest.

mod http;
mod ops;
mod rule;
mod sql;

pub use http::{KindView, routes};
pub use ops::{all, create, find, find_secret, note_use, note_uses, of_clients, remove_all, row};
pub use rule::state;

use crate::words::words;
use base::secret::Digest;
use base::{Timestamp, id};
use snapshot::CredentialKind;

words! {
    /// Where a credential stands.
    pub enum CredentialState {
        /// It is good.
        Active = "active",
        /// It is good, and ends within 14 days.
        Expiring = "expiring",
        /// Its end has passed.
        Expired = "expired",
        /// It was switched off.
        Inactive = "inactive",
    }
}

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
    /// When it was last accepted, to the minute; `None` is never, or not since this is remembered.
    pub last_used_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: id::UserId,
    /// When.
    pub created_at: Timestamp,
}

impl Credential {
    /// Whether it is good at this instant: switched on, and not at its end.
    pub fn lives(&self, now: Timestamp) -> bool {
        self.active && self.expires_at.is_none_or(|end| end > now)
    }
}

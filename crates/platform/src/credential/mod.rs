//! Credentials: the secrets, API keys and certificates of clients.
//!
//! **Invariant:** a secret is in the answer that made it and nowhere else; the database holds its digest. A certificate is
//! no secret: its digest is its fingerprint, and what it says of itself is kept as it says it.

mod adopt;
mod certificate;
mod http;
mod name;
mod ops;
mod rule;
mod sql;

pub use adopt::{AdoptedCertificate, adopt_certificates, adopt_secret};
pub use certificate::Certificate;
pub use http::{offers, routes};
pub use ops::{all, create, find_secret, note_use, note_uses, of_clients, remove_all, row};
pub use rule::state;
pub use sql::{clients_of, names};

use crate::words::words;
use base::secret::Digest;
use base::{Timestamp, id};

words! {
    /// What a credential is.
    pub enum CredentialKind {
        /// For the token endpoint, and for HTTP Basic where a version takes it.
        ClientSecret = "client_secret",
        /// For the gateway.
        ApiKey = "api_key",
        /// A certificate of a TLS client. Kept and checked; the gateway does not take it yet.
        Certificate = "certificate",
    }

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

/// A secret, API key or certificate, known by its digest.
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
    /// The last four symbols; of a certificate those of its fingerprint.
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
    /// What there is to know of a certificate; `None` for the other kinds.
    pub certificate: Option<Box<Certificate>>,
}

impl Credential {
    /// Whether it is good at this instant: switched on, and not at its end.
    pub fn lives(&self, now: Timestamp) -> bool {
        self.active && self.expires_at.is_none_or(|end| end > now)
    }
}

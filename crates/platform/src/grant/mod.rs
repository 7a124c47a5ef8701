//! Tokens: the endpoints of the authorization server, issued tokens, signing keys.
//!
//! **Invariant:** a token is stored as a digest only; the private half of a signing key is stored sealed; whether a
//! token lives is decided here exactly as the gateway decides it.

mod http;
mod key;
mod ops;
mod sql;

pub use http::routes;
pub use key::{KeyRing, key_rows};
pub use ops::{ensure_key, revoked_rows, run_sweep, sweep, token_rows, updates_for};

use base::secret::Digest;
use base::{Timestamp, id};

/// An opaque access token that was issued.
#[derive(Clone, Debug)]
pub struct Token {
    /// Identity: the UUID in the token.
    pub id: id::TokenId,
    /// How it is found.
    pub digest: Digest,
    /// Whose.
    pub client: id::ClientId,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

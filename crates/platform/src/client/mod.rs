//! Clients: the security principals of apps. Each appears as a user, `service-account-<client_id>`.
//!
//! **Invariant:** a `client_id` never changes and is never given to somebody else.

mod adopt;
mod http;
mod ops;
mod rule;
mod sql;

pub use adopt::{Adopted, adopt, primaries, primary};
pub use http::{ClientView, routes, view};
pub use ops::{
    ClientSettings, INTROSPECT_SCOPE, Wanted, all, create, find, find_by_client_id, note_token, of_app, page, remove,
    row, visible,
};
pub use sql::{apps_of, names};

use crate::words::words;
use base::{Timestamp, id};

words! {
    /// What access tokens a client gets (C42, C43). The words are those of the source.
    pub enum TokenType {
        /// Opaque: `wlt_<uuid>_<secret>`.
        Uuid = "UUID",
        /// A signed JWT (RFC 9068).
        Jwt = "JWT",
    }

    /// How a client may get tokens (C37).
    /// Only `client_credentials` is issued by this server so far; the others are kept for the clients that need them.
    pub enum GrantType {
        /// RFC 6749 section 4.4.
        ClientCredentials = "client_credentials",
        /// RFC 6749 section 4.1.
        AuthorizationCode = "authorization_code",
        /// RFC 6749 section 4.2.
        Implicit = "implicit",
        /// OpenID Connect Core section 3.3.
        Hybrid = "hybrid",
    }
}

/// A security principal.
#[derive(Clone, Debug)]
pub struct Client {
    /// Identity.
    pub id: id::ClientId,
    /// Guard of the row.
    pub version: i64,
    /// The identifier in OAuth messages; never changes.
    pub client_id: String,
    /// The app that it belongs to.
    pub app: id::AppId,
    /// The user that it appears as.
    pub service_account: id::UserId,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Disabled clients get no tokens and are refused at the next call (F25, F26).
    pub enabled: bool,
    /// What access tokens it gets.
    pub accesstoken_type: TokenType,
    /// Lifetime of its access tokens in seconds; `None` is the server's (C46).
    pub accesstoken_valid_seconds: Option<i64>,
    /// Lifetime of its refresh tokens in seconds; `None` is the server's (C47).
    pub refreshtoken_validity_seconds: Option<i64>,
    /// The longest lifetime of ID tokens in **minutes**; `None` is the server's (C48).
    pub maximum_idtoken_expiration_minutes: Option<i64>,
    /// Where answers of the authorization endpoint may be sent; relative ones are resolved against a configured origin
    /// (C44, D10).
    pub allowed_uris: Vec<String>,
    /// Where people may be sent after they have signed out (C45).
    pub allowed_logout_uris: Vec<String>,
    /// The scopes that it may request (C36).
    pub allowed_scopes: Vec<String>,
    /// How it may get tokens.
    pub valid_grant_types: Vec<GrantType>,
    /// Environments that it is narrowed to; empty means all.
    pub environments: Vec<id::EnvironmentId>,
    /// Tokens issued before this instant are dead.
    pub tokens_not_before: Timestamp,
    /// When it first got an access token; `None` is never, or not since this is remembered.
    pub first_token_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: id::UserId,
    /// When.
    pub created_at: Timestamp,
}

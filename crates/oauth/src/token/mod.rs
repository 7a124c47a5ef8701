//! The messages of the token endpoint (RFC 6749), of introspection (RFC 7662) and of revocation (RFC 7009).
//!
//! The way of a request: [`Form::parse`] -> [`client_credential`] -> [`grant_request`] (or [`token_query`]) ->
//! [`GrantRequest::permitted_by`] -> [`effective_scopes`] -> [`TokenResponse`]. Every answer, errors too, goes out
//! with [`CACHE_CONTROL`].

mod answer;
mod client;
mod form;
mod grant;
mod scope;

pub use answer::{CACHE_CONTROL, Introspection, TokenResponse};
pub use client::{ClientAuth, ClientCredential, client_credential};
pub use form::Form;
pub use grant::{GrantRequest, TokenQuery, grant_request, token_query};
pub use scope::{backed_by_roles, effective_scopes, parse_scope, scope_text};

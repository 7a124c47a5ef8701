//! What a client asks for: a grant at the token endpoint, or news of a token.

use super::form::{Form, invalid};
use super::scope::parse_scope;
use crate::error::{ErrorCode, OAuthError};
use std::fmt;

/// A request for tokens, one variant per grant type that is offered. Whoever handles it names every variant, so a
/// grant that is added here cannot be forgotten there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantRequest {
    /// The client asks for itself (RFC 6749 section 4.4; C39, F34). Never answered with a refresh token.
    ClientCredentials {
        /// The scopes that it asks for, each once; `None` if it names none.
        scope: Option<Vec<String>>,
        /// The resources that the token is for (RFC 8707), each once; empty if it names none.
        resource: Vec<String>,
    },
}

impl GrantRequest {
    /// The `grant_type` on the wire.
    pub const fn grant_type(&self) -> &'static str {
        match self {
            Self::ClientCredentials { .. } => "client_credentials",
        }
    }

    /// Checks the request against the client's `valid_grant_types`, whose words are `implicit`,
    /// `authorization_code`, `hybrid` and `client_credentials` (C37).
    ///
    /// # Errors
    /// `unauthorized_client` naming the grant type and what the client may use.
    pub fn permitted_by(&self, valid_grant_types: &[impl AsRef<str>]) -> Result<(), OAuthError> {
        let valid: Vec<&str> = valid_grant_types.iter().map(AsRef::as_ref).collect();
        if valid.contains(&self.grant_type()) {
            return Ok(());
        }
        let may = if valid.is_empty() { "none".to_owned() } else { valid.join(", ") };
        Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            format!("the client may not use the grant type {}; it may use: {may}", self.grant_type()),
        ))
    }
}

/// Reads the grant that a form asks for.
///
/// # Errors
/// `invalid_request` without `grant_type`, `unsupported_grant_type` for one that is not offered, `invalid_scope` for
/// a malformed scope, `invalid_target` for a malformed resource.
pub fn grant_request(form: &Form) -> Result<GrantRequest, OAuthError> {
    match form.require("grant_type")? {
        "client_credentials" => Ok(GrantRequest::ClientCredentials {
            scope: form.get("scope").map(parse_scope).transpose()?,
            resource: resources(form)?,
        }),
        other => {
            let other: String = other.chars().take(60).collect();
            Err(OAuthError::new(
                ErrorCode::UnsupportedGrantType,
                format!("the grant type {other} is not offered; the server offers: client_credentials"),
            ))
        }
    }
}

fn resources(form: &Form) -> Result<Vec<String>, OAuthError> {
    let mut out: Vec<String> = Vec::new();
    for text in form.all("resource") {
        if !is_absolute_uri(text) {
            return Err(OAuthError::new(
                ErrorCode::InvalidTarget,
                "resource must be an absolute URI without a fragment, such as https://api.example.com/v1",
            ));
        }
        if !out.iter().any(|known| known == text) {
            out.push(text.to_owned());
        }
    }
    Ok(out)
}

/// `absolute-URI` of RFC 3986 section 4.3 by its characters: a scheme, something behind it, no fragment.
fn is_absolute_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let bytes = rest.as_bytes();
    let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && !rest.is_empty()
        && bytes.iter().enumerate().all(|(at, b)| match b {
            b'%' => hex(at + 1) && hex(at + 2),
            _ => b.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=".contains(b),
        })
}

/// A question about a token (RFC 7662 section 2.1) or the wish to end it (RFC 7009 section 2.1).
#[derive(Clone, PartialEq, Eq)]
pub struct TokenQuery {
    /// The token, exactly as it came.
    pub token: String,
    /// `token_type_hint`: where to look first. A wrong or unknown one must not hide the token.
    pub hint: Option<String>,
}

impl fmt::Debug for TokenQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenQuery").field("token", &"[secret]").field("hint", &self.hint).finish()
    }
}

/// Reads `token` and `token_type_hint`.
///
/// # Errors
/// `invalid_request` if `token` is missing.
pub fn token_query(form: &Form) -> Result<TokenQuery, OAuthError> {
    let token = form.get("token").ok_or_else(|| invalid("the parameter token is missing"))?;
    Ok(TokenQuery { token: token.to_owned(), hint: form.get("token_type_hint").map(str::to_owned) })
}

//! Scopes: how they are written, and which of them a token gets.
//!
//! The rule (C36, F35): effective = requested (all that are allowed, if none is named), which must lie within what
//! the client is allowed, cut down to what its roles back. What is not allowed is an error; what is not backed by a
//! role is left out of the token and of the answer.

use crate::error::{ErrorCode, OAuthError};

/// Reads a space-separated scope (RFC 6749 section 3.3): each token once, in the order of their first appearance.
///
/// # Errors
/// `invalid_scope` if it is not tokens of the allowed characters with exactly one space between.
pub fn parse_scope(text: &str) -> Result<Vec<String>, OAuthError> {
    let mut out: Vec<String> = Vec::new();
    for token in text.split(' ') {
        if !is_scope_token(token) {
            return Err(OAuthError::new(
                ErrorCode::InvalidScope,
                "scope must be names with one space between, of printable ASCII characters other than quotation mark \
                 and backslash",
            ));
        }
        if !out.iter().any(|known| known == token) {
            out.push(token.to_owned());
        }
    }
    Ok(out)
}

/// `scope-token` of RFC 6749 section 3.3.
fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// The form on the wire; `None` for no scopes at all, since an empty one may not be written.
pub fn scope_text(scopes: &[String]) -> Option<String> {
    (!scopes.is_empty()).then(|| scopes.join(" "))
}

/// The scopes that a client gets of those that it may have: all of them if it names none (RFC 6749 section 3.3; C36).
///
/// # Errors
/// `invalid_scope` naming the scopes that are not among `allowed`. Scopes are compared byte by byte.
pub fn effective_scopes(requested: Option<&[String]>, allowed: &[String]) -> Result<Vec<String>, OAuthError> {
    let requested = requested.filter(|scopes| !scopes.is_empty()).unwrap_or(allowed);
    let foreign: Vec<&str> = requested.iter().filter(|s| !allowed.contains(s)).map(String::as_str).collect();
    if foreign.is_empty() {
        return Ok(requested.to_vec());
    }
    Err(OAuthError::new(
        ErrorCode::InvalidScope,
        format!("the client may not ask for: {}; leave scope out to get all that it may have", foreign.join(" ")),
    ))
}

/// Of these scopes those that a role backs; all of them if the client has no roles, `None` (F35).
pub fn backed_by_roles(scopes: Vec<String>, of_roles: Option<&[String]>) -> Vec<String> {
    match of_roles {
        None => scopes,
        Some(backed) => scopes.into_iter().filter(|scope| backed.contains(scope)).collect(),
    }
}

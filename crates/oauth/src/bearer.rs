//! The bearer token in the `Authorization` header, and the challenges that refuse it (RFC 6750).

use crate::error::printable;

/// The header names the Bearer scheme but what follows is no token: answer 400 `invalid_request` (RFC 6750
/// section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the Authorization header says Bearer, but one token must follow: Authorization: Bearer <token>")]
pub struct Malformed;

/// The token of an `Authorization` header. `None` if there is no header or it uses another scheme. The scheme is
/// read case-insensitively (RFC 9110 section 11.1).
///
/// # Errors
/// [`Malformed`] if the scheme is Bearer and anything but exactly one `b64token` follows (RFC 6750 section 2.1).
pub fn parse(authorization: Option<&str>) -> Result<Option<&str>, Malformed> {
    let Some((scheme, rest)) = authorization.map(split_scheme) else { return Ok(None) };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    if is_b64token(rest) { Ok(Some(rest)) } else { Err(Malformed) }
}

/// The scheme of an `Authorization` header and what follows it, without the spaces between and around.
pub(crate) fn split_scheme(header: &str) -> (&str, &str) {
    let header = header.trim_matches([' ', '\t']);
    match header.split_once(' ') {
        Some((scheme, rest)) => (scheme, rest.trim_start_matches(' ')),
        None => (header, ""),
    }
}

fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/'))
}

/// Why a token was refused (RFC 6750 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BearerError {
    /// The header is malformed, or there is more than one token.
    InvalidRequest,
    /// The token is unknown, malformed, expired or revoked.
    InvalidToken,
    /// The token is good, but lacks a scope.
    InsufficientScope,
}

impl BearerError {
    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::InvalidToken => 401,
            Self::InsufficientScope => 403,
        }
    }
}

/// A `WWW-Authenticate` challenge of the Bearer scheme (RFC 6750 section 3).
///
/// Without an error it is the answer to a call that brought no token: such an answer must not carry one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    realm: String,
    error: Option<BearerError>,
    description: Option<String>,
    scopes: Vec<String>,
}

impl Challenge {
    /// A challenge to a caller that brought no token.
    pub fn new(realm: impl Into<String>) -> Self {
        Self { realm: realm.into(), ..Self::default() }
    }

    /// The same challenge with a reason.
    #[must_use]
    pub fn error(mut self, error: BearerError, description: impl Into<String>) -> Self {
        self.error = Some(error);
        self.description = Some(description.into());
        self
    }

    /// The same challenge naming the scopes that the call needs.
    #[must_use]
    pub fn scopes(mut self, scopes: &[String]) -> Self {
        self.scopes = scopes.to_vec();
        self
    }

    /// The HTTP status that goes with it: 401 without an error.
    pub fn status(&self) -> u16 {
        self.error.map_or(401, BearerError::status)
    }

    /// The value of the header. Characters that may not stand in it are replaced, so it is always one line of
    /// printable ASCII with balanced quotation marks, whatever the parts were made of.
    pub fn to_header(&self) -> String {
        let mut out = format!("Bearer realm=\"{}\"", printable(&self.realm));
        let mut add = |name: &str, value: &str| {
            out.push_str(&format!(", {name}=\"{}\"", printable(value)));
        };
        if let Some(error) = self.error {
            add("error", error.as_str());
        }
        if let Some(description) = &self.description {
            add("error_description", description);
        }
        if !self.scopes.is_empty() {
            add("scope", &self.scopes.join(" "));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_read_in_any_case() {
        for header in ["Bearer a.b-c_d~e+f/g==", "bearer a.b-c_d~e+f/g==", "BEARER   a.b-c_d~e+f/g== "] {
            assert_eq!(parse(Some(header)), Ok(Some("a.b-c_d~e+f/g==")), "{header}");
        }
    }

    #[test]
    fn no_header_and_other_schemes_are_no_token() {
        for header in [None, Some(""), Some("Basic YTpi"), Some("Bearerx y"), Some("DPoP abc"), Some("abc")] {
            assert_eq!(parse(header), Ok(None), "{header:?}");
        }
    }

    #[test]
    fn a_bearer_header_without_exactly_one_token_is_malformed() {
        for rest in ["", " ", " a b", " a,b", " =", " a=b", " \"a\"", " a\tb", " \u{e9}", " a, Basic YTpi"] {
            assert_eq!(parse(Some(&format!("Bearer{rest}"))), Err(Malformed), "{rest:?}");
        }
    }

    #[test]
    fn without_a_token_the_challenge_carries_no_error() {
        let challenge = Challenge::new("Wayleave");
        assert_eq!((challenge.status(), challenge.to_header().as_str()), (401, "Bearer realm=\"Wayleave\""));
    }

    #[test]
    fn a_missing_scope_is_named() {
        let challenge = Challenge::new("Wayleave")
            .error(BearerError::InsufficientScope, "the token lacks a scope")
            .scopes(&["users:read".into(), "users:write".into()]);
        assert_eq!(challenge.status(), 403);
        assert_eq!(
            challenge.to_header(),
            "Bearer realm=\"Wayleave\", error=\"insufficient_scope\", \
             error_description=\"the token lacks a scope\", scope=\"users:read users:write\""
        );
    }

    #[test]
    fn a_challenge_cannot_be_broken_out_of() {
        let challenge = Challenge::new("a\"b\\").error(BearerError::InvalidToken, "x\r\nSet-Cookie: y=\"z\"");
        let header = challenge.to_header();
        assert_eq!(header.matches('"').count(), 6);
        assert!(header.bytes().all(|b| (0x20..0x7f).contains(&b)) && !header.contains('\\'), "{header}");
        assert_eq!(challenge.status(), 401);
        assert_eq!(Challenge::new("r").error(BearerError::InvalidRequest, "two tokens").status(), 400);
    }
}

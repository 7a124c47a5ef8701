//! The errors of the OAuth endpoints, in the shape of RFC 6749 section 5.2.

use serde_json::{Value, json};
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal;)*) => {
        /// The registered error codes that our endpoints answer with, and the HTTP status of each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $name,)* }
        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// The code on the wire.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text),* } }
            /// The HTTP status of the answer, at the endpoints that clients call directly.
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status),* } }
        }
    };
}

codes! {
    /// A parameter is missing, repeated or unreadable, or the client authenticates in two ways (RFC 6749 section 5.2).
    InvalidRequest = "invalid_request", 400;
    /// The client is unknown or switched off, or did not authenticate (RFC 6749 section 5.2; F25).
    InvalidClient = "invalid_client", 401;
    /// The code, refresh token, verifier or assertion is wrong, used up or another client's (RFC 6749 section 5.2).
    InvalidGrant = "invalid_grant", 400;
    /// The client may not use this grant type (RFC 6749 section 5.2; C37).
    UnauthorizedClient = "unauthorized_client", 400;
    /// The server does not offer this grant type (RFC 6749 section 5.2).
    UnsupportedGrantType = "unsupported_grant_type", 400;
    /// The scope is malformed or not one of the client's (RFC 6749 section 5.2; C36).
    InvalidScope = "invalid_scope", 400;
    /// Revocation of this kind of token is not offered (RFC 7009 section 2.2.1).
    UnsupportedTokenType = "unsupported_token_type", 400;
    /// The `resource` is malformed or not one that the server issues tokens for (RFC 8707 section 2).
    InvalidTarget = "invalid_target", 400;
    /// The owner or the server refused (RFC 6749 section 4.1.2.1).
    AccessDenied = "access_denied", 403;
    /// The server does not offer this response type (RFC 6749 section 4.1.2.1).
    UnsupportedResponseType = "unsupported_response_type", 400;
    /// Our bug (RFC 6749 section 4.1.2.1).
    ServerError = "server_error", 500;
    /// Try again later (RFC 6749 section 4.1.2.1).
    TemporarilyUnavailable = "temporarily_unavailable", 503;
}

/// The longest description that is sent, in bytes; what a caller sent is repeated only up to here.
const LONGEST: usize = 400;

/// An error answer of an OAuth endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// Which error.
    pub code: ErrorCode,
    /// What is wrong and how to mend it, for the client's developer. Never carries a secret.
    pub description: String,
}

impl OAuthError {
    /// An error of this code. Characters that RFC 6749 section 5.2 does not allow in a description are replaced.
    pub fn new(code: ErrorCode, description: impl AsRef<str>) -> Self {
        Self { code, description: printable(description.as_ref()) }
    }

    /// The one answer to every failed authentication of a client: it does not tell an unknown client from a wrong
    /// secret or from a client that is switched off (RFC 6749 section 5.2; F25).
    pub fn invalid_client() -> Self {
        Self::new(
            ErrorCode::InvalidClient,
            "the client is unknown or switched off, or its secret is wrong; check client_id and client_secret",
        )
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> u16 {
        self.code.status()
    }

    /// The body of the answer. It goes out with `Cache-Control: no-store`, as successes do.
    pub fn to_json(&self) -> Value {
        json!({ "error": self.code.as_str(), "error_description": printable(&self.description) })
    }

    /// The `WWW-Authenticate` header of the answer: a Basic challenge where the client tried the `Authorization`
    /// header and was not recognised (RFC 6749 section 5.2). A client that sent its secret in the form gets none,
    /// because browsers answer a Basic challenge by asking the person for a password.
    pub fn www_authenticate(&self, basic_was_used: bool) -> Option<String> {
        (basic_was_used && self.code == ErrorCode::InvalidClient)
            .then(|| r#"Basic realm="Wayleave", charset="UTF-8""#.to_owned())
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.description)
    }
}

impl std::error::Error for OAuthError {}

/// Text within the charset of `error_description` (RFC 6749 section 5.2: `%x20-21 / %x23-5B / %x5D-7E`), which is
/// also what may stand unescaped between quotation marks in a header.
pub(crate) fn printable(text: &str) -> String {
    let allowed = |c: char| match c {
        '"' => '\'',
        '\\' => '/',
        ' '..='~' => c,
        _ => '?',
    };
    let mut out: String = text.chars().take(LONGEST).map(allowed).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.truncate(LONGEST - 3);
        out.push_str("...");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_the_status_that_its_specification_gives() {
        for code in ErrorCode::ALL {
            let expected = match code.as_str() {
                "invalid_client" => 401,
                "access_denied" => 403,
                "server_error" => 500,
                "temporarily_unavailable" => 503,
                _ => 400,
            };
            assert_eq!(OAuthError::new(*code, "").status(), expected, "{code:?}");
        }
    }

    #[test]
    fn a_description_keeps_to_the_allowed_characters_and_length() {
        let error = OAuthError::new(ErrorCode::InvalidRequest, "a\"b\\c\r\nd\u{e9}");
        assert_eq!(error.description, "a'b/c??d?");
        let long = OAuthError::new(ErrorCode::InvalidRequest, "\u{e9}".repeat(5_000));
        assert_eq!(long.description.len(), LONGEST);
        assert!(long.description.ends_with("?..."));
    }

    #[test]
    fn a_description_that_was_set_by_hand_is_cleaned_when_sent() {
        let error = OAuthError { code: ErrorCode::ServerError, description: "x\n\"y".into() };
        assert_eq!(error.to_json(), json!({"error": "server_error", "error_description": "x?'y"}));
    }

    #[test]
    fn only_a_client_that_used_basic_and_failed_gets_a_basic_challenge() {
        let failed = OAuthError::invalid_client();
        assert!(failed.www_authenticate(true).is_some_and(|h| h.starts_with("Basic realm=")));
        assert_eq!(failed.www_authenticate(false), None);
        assert_eq!(OAuthError::new(ErrorCode::InvalidScope, "x").www_authenticate(true), None);
    }
}

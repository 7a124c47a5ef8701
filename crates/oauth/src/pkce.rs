//! Proof key for code exchange (RFC 7636), S256 only.
//!
//! `plain` does not exist here, so neither a missing method nor a missing challenge can quietly weaken it.

use crate::error::{ErrorCode, OAuthError};
use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;

/// The methods that discovery lists under `code_challenge_methods_supported`.
pub const METHODS: &[&str] = &["S256"];

/// A code challenge: the SHA-256 of a verifier that the client keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// Reads `code_challenge` and `code_challenge_method` of an authorization request (RFC 7636 section 4.3).
    /// `None` if the client sent neither.
    ///
    /// # Errors
    /// `invalid_request` if the method is absent (which means `plain`) or is not S256, if there is a method
    /// without a challenge, or if the challenge is not 43 characters of base64url.
    pub fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Option<Self>, OAuthError> {
        let wrong = |text: &str| Err(OAuthError::new(ErrorCode::InvalidRequest, text));
        match (challenge, method) {
            (None, None) => Ok(None),
            (None, Some(_)) => wrong("code_challenge_method is given without code_challenge"),
            (Some(text), Some("S256")) => match Self::from_text(text) {
                Some(found) => Ok(Some(found)),
                None => {
                    wrong("code_challenge must be the base64url SHA-256 of the verifier: 43 characters, no padding")
                }
            },
            (Some(_), _) => wrong("code_challenge_method must be S256; plain is not accepted"),
        }
    }

    /// Reads a stored challenge.
    pub fn from_text(text: &str) -> Option<Self> {
        BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }

    /// The text on the wire and in the database.
    pub fn to_text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// The challenge of this verifier.
    pub fn of(verifier: &str) -> Self {
        let mut out = [0; 32];
        out.copy_from_slice(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref());
        Self(out)
    }
}

/// Checks the `code_verifier` of a token request against what was stored with the code (RFC 7636 section 4.6).
///
/// # Errors
/// `invalid_grant` if the verifier is malformed or another one, if a challenge was stored and no verifier came, and
/// if a verifier came although none was asked for (RFC 9700 section 2.1.1: the downgrade).
pub fn verify(stored: Option<&Challenge>, verifier: Option<&str>) -> Result<(), OAuthError> {
    let wrong = |text: &str| Err(OAuthError::new(ErrorCode::InvalidGrant, text));
    match (stored, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => wrong("code_verifier is given, but the code was requested without a code_challenge"),
        (Some(_), None) => wrong("code_verifier is missing; the code was requested with a code_challenge"),
        (Some(_), Some(text)) if !is_verifier(text) => {
            wrong("code_verifier must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~")
        }
        (Some(stored), Some(text)) => {
            if bool::from(stored.0.ct_eq(&Challenge::of(text).0)) {
                Ok(())
            } else {
                wrong("code_verifier does not belong to the code_challenge")
            }
        }
    }
}

fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_published_example_verifies() {
        let stored = Challenge::parse(Some(CHALLENGE), Some("S256")).unwrap();
        assert_eq!(verify(stored.as_ref(), Some(VERIFIER)), Ok(()));
        assert_eq!(stored.map(|c| c.to_text()).as_deref(), Some(CHALLENGE));
    }

    #[test]
    fn each_cell_of_challenge_and_verifier_has_one_answer() {
        let s256 = Challenge::from_text(CHALLENGE);
        let code = |r: Result<(), OAuthError>| r.err().map(|e| e.code);
        assert_eq!(code(verify(None, None)), None);
        assert_eq!(code(verify(None, Some(VERIFIER))), Some(ErrorCode::InvalidGrant));
        assert_eq!(code(verify(s256.as_ref(), None)), Some(ErrorCode::InvalidGrant));
        assert_eq!(code(verify(s256.as_ref(), Some(VERIFIER))), None);
        // A plain challenge never gets as far as being stored, with or without a verifier to come.
        for method in [None, Some("plain"), Some("s256"), Some("")] {
            let refused = Challenge::parse(Some(VERIFIER), method).unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidRequest, "{method:?}");
        }
    }

    #[test]
    fn a_wrong_or_malformed_verifier_is_an_invalid_grant() {
        let stored = Challenge::of(VERIFIER);
        let long = "a".repeat(129);
        for verifier in [&VERIFIER.replace('d', "e"), &VERIFIER[1..], &VERIFIER.replace('-', "+"), &long, ""] {
            assert_eq!(verify(Some(&stored), Some(verifier)).unwrap_err().code, ErrorCode::InvalidGrant, "{verifier}");
        }
        // Malformed ones are refused even where their hash would fit.
        assert!(verify(Some(&Challenge::of("short")), Some("short")).is_err());
    }

    #[test]
    fn a_malformed_challenge_is_refused() {
        for text in
            ["", "abc", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"]
        {
            assert!(Challenge::parse(Some(text), Some("S256")).is_err(), "{text}");
        }
        assert!(Challenge::parse(None, Some("S256")).is_err());
    }
}

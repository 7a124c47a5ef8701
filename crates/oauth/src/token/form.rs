//! The body of a request: `application/x-www-form-urlencoded`, read strictly.

use crate::error::{ErrorCode, OAuthError};
use std::fmt;
use zeroize::Zeroizing;

/// The largest body that is read, in bytes. Assertions and subject tokens of later grants fit.
const LARGEST: usize = 64 * 1024;
/// The most parameters that one body may carry.
const MOST: usize = 64;
/// Parameters that may be repeated (RFC 8707 section 2).
const REPEATABLE: &[&str] = &["resource"];

/// The parameters of a request. Values are wiped when dropped and never printed, since secrets are among them.
#[derive(Clone)]
pub struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    /// The media type that a body must have.
    pub const MEDIA_TYPE: &'static str = "application/x-www-form-urlencoded";

    /// Checks the `Content-Type` header; parameters such as `charset` are ignored.
    ///
    /// # Errors
    /// `invalid_request` for any other type, JSON above all.
    pub fn check_media_type(content_type: Option<&str>) -> Result<(), OAuthError> {
        let essence = content_type.unwrap_or("").split(';').next().unwrap_or("").trim();
        if essence.eq_ignore_ascii_case(Self::MEDIA_TYPE) {
            return Ok(());
        }
        Err(invalid("the body must be sent with Content-Type: application/x-www-form-urlencoded"))
    }

    /// Reads a body (RFC 6749 section 3.2 and appendix B). A parameter without a value counts as absent, unknown
    /// parameters are kept and ignored.
    ///
    /// # Errors
    /// `invalid_request`, naming the parameter, if one is repeated (with or without a value, known or not) other
    /// than `resource`; if the body is too large, has too many parameters, a broken `%` escape, a control
    /// character, or is not UTF-8.
    pub fn parse(body: &[u8]) -> Result<Self, OAuthError> {
        if body.len() > LARGEST {
            return Err(invalid(format!("the body is larger than {LARGEST} bytes")));
        }
        let text = std::str::from_utf8(body).map_err(|_| invalid("the body is not UTF-8"))?;
        let mut found: Vec<(String, Zeroizing<String>)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name, "the name of a parameter")?;
            let value = decode(value, &name)?;
            if found.len() == MOST {
                return Err(invalid(format!("the body has more than {MOST} parameters")));
            }
            if !REPEATABLE.contains(&name.as_str()) && found.iter().any(|(known, _)| *known == *name) {
                return Err(invalid(format!("the parameter {} is given more than once", shown(&name))));
            }
            found.push((name.to_string(), value));
        }
        Ok(Self(found))
    }

    /// The value of a parameter; `None` if it is absent or empty. For a repeatable one, the first value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a repeatable parameter, empty ones left out, in the order of the body.
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.0.iter().filter(move |(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that must be there.
    ///
    /// # Errors
    /// `invalid_request` naming it.
    pub fn require(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| invalid(format!("the parameter {name} is missing")))
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

pub(super) fn invalid(text: impl AsRef<str>) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequest, text)
}

/// A name as it may be repeated in a description: not all of a long one.
fn shown(name: &str) -> String {
    name.chars().take(60).collect()
}

fn decode(text: &str, what: &str) -> Result<Zeroizing<String>, OAuthError> {
    let broken = |fault: &str| Err(invalid(format!("{}: {fault}", shown(what))));
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    if bytes.iter().enumerate().any(|(at, b)| *b == b'%' && !(hex(at + 1) && hex(at + 2))) {
        return broken("a % must be followed by two hexadecimal digits; a literal % is written %25");
    }
    match decode_lenient(text) {
        Some(value) if value.chars().any(char::is_control) => broken("control characters are not allowed"),
        Some(value) => Ok(value),
        None => broken("the value is not UTF-8"),
    }
}

/// Form-urlencoding undone, where a `%` that begins no escape stands for itself; `None` if the outcome is not UTF-8.
pub(super) fn decode_lenient(text: &str) -> Option<Zeroizing<String>> {
    let spaced = Zeroizing::new(text.replace('+', " "));
    let bytes: Vec<u8> = percent_encoding::percent_decode(spaced.as_bytes()).collect();
    String::from_utf8(bytes).ok().map(Zeroizing::new)
}

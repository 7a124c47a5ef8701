//! How a client says who it is (RFC 6749 section 2.3).

use super::form::{Form, decode_lenient, invalid};
use crate::bearer::split_scheme;
use crate::error::{ErrorCode, OAuthError};
use base::secret::Secret;
use data_encoding::BASE64;
use zeroize::Zeroizing;

/// The way in which a client authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientAuth {
    /// Id and secret in the `Authorization` header.
    Basic,
    /// Id and secret in the form.
    Post,
    /// Only an id in the form: a public client, which proves nothing.
    None,
}

impl ClientAuth {
    /// The registered name (RFC 7591 section 2), as metadata lists it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
            Self::None => "none",
        }
    }
}

/// What a client brought, unchecked.
#[derive(Clone, Debug)]
pub struct ClientCredential {
    /// Who it says it is. Never empty.
    pub client_id: String,
    /// What it proves that with: always there for `Basic` and `Post`, never for `None`.
    pub secret: Option<Secret>,
    /// How it came.
    pub method: ClientAuth,
}

/// Reads the client's credential from header and form. `None` if there is none in either.
///
/// The Basic header is form-urldecoded after it is split at its first colon (RFC 6749 section 2.3.1). Clients that
/// do not encode work too as long as id and secret are alphanumeric or `-` `_`, which is all we ever issue.
/// Parameters of the query are never looked at.
///
/// # Errors
/// `invalid_client` if the header is not readable as Basic or the method is not offered; `invalid_request` if the
/// client authenticates in two ways at once, if header and form name different clients, or if a secret comes
/// without an id.
pub fn client_credential(authorization: Option<&str>, form: &Form) -> Result<Option<ClientCredential>, OAuthError> {
    let (id, secret) = (form.get("client_id"), form.get("client_secret"));
    let assertion = form.get("client_assertion").or(form.get("client_assertion_type"));
    let ways = [authorization.is_some(), secret.is_some(), assertion.is_some()];
    if ways.iter().filter(|used| **used).count() > 1 {
        return Err(invalid(
            "the client authenticates in more than one way; use the Authorization header or the form, not both",
        ));
    }
    if let Some(header) = authorization {
        let credential = basic(header)?;
        if id.is_some_and(|id| id != credential.client_id) {
            return Err(invalid("client_id in the form differs from the one in the Authorization header"));
        }
        return Ok(Some(credential));
    }
    if assertion.is_some() {
        return Err(OAuthError::new(
            ErrorCode::InvalidClient,
            "client assertions are not offered; use client_secret_basic or client_secret_post",
        ));
    }
    match (id, secret) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(invalid("client_secret is given without client_id")),
        (Some(id), secret) => Ok(Some(ClientCredential {
            client_id: id.to_owned(),
            method: if secret.is_some() { ClientAuth::Post } else { ClientAuth::None },
            secret: secret.map(Secret::from_text),
        })),
    }
}

fn basic(header: &str) -> Result<ClientCredential, OAuthError> {
    let unreadable = |text: &str| OAuthError::new(ErrorCode::InvalidClient, text);
    let (scheme, rest) = split_scheme(header);
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(unreadable("the Authorization header must use the Basic scheme here"));
    }
    let shape = "the Authorization header must be Basic and the base64 of client_id:client_secret";
    let bytes = BASE64.decode(rest.as_bytes()).map(Zeroizing::new).map_err(|_| unreadable(shape))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| unreadable(shape))?;
    let (id, secret) = text.split_once(':').ok_or_else(|| unreadable(shape))?;
    let id = decode_lenient(id).filter(|id| !id.is_empty()).ok_or_else(|| unreadable(shape))?;
    let mut secret = decode_lenient(secret).ok_or_else(|| unreadable(shape))?;
    if id.chars().chain(secret.chars()).any(char::is_control) {
        return Err(unreadable(shape));
    }
    Ok(ClientCredential {
        client_id: id.to_string(),
        secret: Some(Secret::from_text(std::mem::take(&mut *secret))),
        method: ClientAuth::Basic,
    })
}

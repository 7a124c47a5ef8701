//! Signed tokens in compact form (RFC 7515 section 3.1), whatever their claims mean.

use super::key::Algorithm;
use super::{JoseError, PublicKey, SigningKey, TokenFault, json};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The longest token that is signed or verified, in bytes. It fits into a header of any usual server.
pub const LARGEST_TOKEN: usize = 8192;

/// Signs a payload under an encoded header.
pub(super) fn sign(key: &SigningKey, header: &str, payload: &[u8]) -> Result<String, JoseError> {
    let mut token = String::with_capacity(header.len() + payload.len() * 4 / 3 + 92);
    token.push_str(header);
    token.push('.');
    BASE64URL_NOPAD.encode_append(payload, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    BASE64URL_NOPAD.encode_append(&signature, &mut token);
    if token.len() > LARGEST_TOKEN { Err(JoseError::TooLarge(token.len())) } else { Ok(token) }
}

/// Verifies a token of the type `typ` and gives its claims, which nobody has checked yet.
///
/// What is cheap comes first: nothing is computed for a token whose header is already wrong.
pub(super) fn open(
    token: &str,
    typ: &str,
    key_of: impl Fn(&str) -> Option<Arc<PublicKey>>,
) -> Result<Map<String, Value>, TokenFault> {
    if token.len() > LARGEST_TOKEN {
        return Err(TokenFault::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(TokenFault::Malformed)?;
    let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| TokenFault::Malformed);
    let header = json::object(&decode(header)?).ok_or(TokenFault::Malformed)?;
    if header.contains_key("crit") {
        return Err(TokenFault::Critical);
    }
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let algorithm = text("alg").and_then(Algorithm::parse).ok_or(TokenFault::Algorithm)?;
    if !text("typ").is_some_and(|said| same_type(said, typ)) {
        return Err(TokenFault::Type);
    }
    let key = text("kid").and_then(key_of).ok_or(TokenFault::UnknownKey)?;
    if key.algorithm() != algorithm {
        return Err(TokenFault::Algorithm);
    }
    // A fourth part would be a dot within the payload, which is not base64url.
    let (payload, signature) = (decode(payload)?, decode(signature)?);
    if !key.verifies(signed.as_bytes(), &signature) {
        return Err(TokenFault::Signature);
    }
    json::object(&payload).ok_or(TokenFault::Malformed)
}

/// `typ` is a media type: case does not matter, and `application/` may be left out (RFC 7515 section 4.1.9).
fn same_type(said: &str, typ: &str) -> bool {
    let prefix = "application/";
    let bare = match said.get(..prefix.len()) {
        Some(front) if front.eq_ignore_ascii_case(prefix) => &said[prefix.len()..],
        _ => said,
    };
    bare.eq_ignore_ascii_case(typ)
}

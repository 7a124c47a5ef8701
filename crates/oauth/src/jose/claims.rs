//! JWT access tokens (RFC 9068; C43).

use super::{JoseError, PublicKey, SigningKey, TokenFault, jws};
use crate::token::scope_text;
use base::Timestamp;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// How far `iat` and `nbf` may lie in the future, in seconds: clocks of two machines differ a little. `exp` has no
/// leeway at all, since lifetimes may be a few seconds (C46).
pub const FUTURE_LEEWAY_SECONDS: i64 = 5;

/// The `typ` of an access token (RFC 9068 section 2.1).
const TYPE: &str = "at+jwt";
/// The claims that have a field of their own.
const RESERVED: &[&str] = &["iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti"];
/// The latest instant that a NumericDate may name: the end of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// What a JWT access token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessTokenClaims {
    /// Who issued it.
    pub iss: String,
    /// Whom it speaks for: with client credentials the client's service-account user (C43).
    pub sub: String,
    /// Whom it is meant for.
    pub aud: Vec<String>,
    /// The client that it was issued to.
    pub client_id: String,
    /// The scopes that it has; one string with spaces on the wire, absent if there are none.
    pub scope: Vec<String>,
    /// When it was issued; whole seconds on the wire.
    pub iat: Timestamp,
    /// When it ends; whole seconds on the wire.
    pub exp: Timestamp,
    /// Its identity, for revocation and the decision log.
    pub jti: String,
    /// All other claims, `nbf` among them.
    pub extra: Map<String, Value>,
}

impl SigningKey {
    /// Signs an access token with `typ` `at+jwt` and this key's `kid`.
    ///
    /// # Errors
    /// [`JoseError::ReservedClaim`] if `extra` has a claim that has a field, [`JoseError::TooLarge`] if verifiers
    /// would refuse the token for its length, [`JoseError::Crypto`] if the library fails.
    pub fn sign_access_token(&self, claims: &AccessTokenClaims) -> Result<String, JoseError> {
        jws::sign(self, self.access_token_header(), claims.to_json()?.to_string().as_bytes())
    }
}

/// Verifies an access token for `audience`, issued by `issuer`, at `now`.
///
/// The header is never trusted: `typ` must be `at+jwt` (in any case, with or without `application/`), `kid` must be
/// one that `key_of` knows, `alg` must be that key's, `crit` is refused, and `jku`, `jwk`, `x5u` and `x5c` are not
/// looked at. Issuer and audience are compared byte by byte; one of several audiences suffices. The token is dead
/// from the instant `exp` on.
///
/// # Errors
/// The first [`TokenFault`] found: form, header, signature, claims' types, issuer, audience, time, in this order.
pub fn verify_access_token(
    token: &str,
    key_of: impl Fn(&str) -> Option<Arc<PublicKey>>,
    issuer: &str,
    audience: &str,
    now: Timestamp,
) -> Result<AccessTokenClaims, TokenFault> {
    let claims = jws::open(token, TYPE, key_of)?;
    let not_before = match claims.get("nbf") {
        None => None,
        Some(value) => Some(numeric_date(value).ok_or(TokenFault::ClaimMissing("nbf"))?),
    };
    let claims = AccessTokenClaims::read(claims)?;
    if claims.iss != issuer {
        return Err(TokenFault::Issuer);
    }
    if !claims.aud.iter().any(|aud| aud == audience) {
        return Err(TokenFault::Audience);
    }
    if now >= claims.exp {
        return Err(TokenFault::Expired { at: claims.exp });
    }
    let latest = now.plus_seconds(FUTURE_LEEWAY_SECONDS);
    match [not_before, Some(claims.iat)].into_iter().flatten().max().filter(|begins| *begins > latest) {
        Some(at) => Err(TokenFault::NotYet { at }),
        None => Ok(claims),
    }
}

impl AccessTokenClaims {
    fn to_json(&self) -> Result<Value, JoseError> {
        if let Some(name) = self.extra.keys().find(|name| RESERVED.contains(&name.as_str())) {
            return Err(JoseError::ReservedClaim(name.clone()));
        }
        let mut out = Map::with_capacity(RESERVED.len() + self.extra.len());
        out.insert("iss".into(), json!(self.iss));
        out.insert("sub".into(), json!(self.sub));
        out.insert(
            "aud".into(),
            match self.aud.as_slice() {
                [one] => json!(one),
                many => json!(many),
            },
        );
        out.insert("client_id".into(), json!(self.client_id));
        if let Some(scope) = scope_text(&self.scope) {
            out.insert("scope".into(), json!(scope));
        }
        out.insert("iat".into(), json!(self.iat.seconds()));
        out.insert("exp".into(), json!(self.exp.seconds()));
        out.insert("jti".into(), json!(self.jti));
        out.extend(self.extra.iter().map(|(name, value)| (name.clone(), value.clone())));
        Ok(Value::Object(out))
    }

    fn read(claims: Map<String, Value>) -> Result<Self, TokenFault> {
        let text = |name: &'static str| match claims.get(name) {
            Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
            _ => Err(TokenFault::ClaimMissing(name)),
        };
        let date = |name: &'static str| claims.get(name).and_then(numeric_date).ok_or(TokenFault::ClaimMissing(name));
        let scope = match claims.get("scope") {
            None => Vec::new(),
            Some(Value::String(text)) => text.split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect(),
            Some(_) => return Err(TokenFault::ClaimMissing("scope")),
        };
        Ok(Self {
            iss: text("iss")?,
            sub: text("sub")?,
            aud: claims.get("aud").and_then(audiences).ok_or(TokenFault::ClaimMissing("aud"))?,
            client_id: text("client_id")?,
            scope,
            iat: date("iat")?,
            exp: date("exp")?,
            jti: text("jti")?,
            extra: claims.into_iter().filter(|(name, _)| !RESERVED.contains(&name.as_str())).collect(),
        })
    }
}

/// `aud` is one string or an array of them (RFC 7519 section 4.1.3).
fn audiences(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(many) => many.iter().map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// `NumericDate` of RFC 7519 section 2: seconds since the epoch, possibly with a fraction. Text, and numbers beyond
/// the year 9999 either way, are none.
fn numeric_date(value: &Value) -> Option<Timestamp> {
    if let Some(seconds) = value.as_i64() {
        return (-LAST_SECOND..=LAST_SECOND).contains(&seconds).then(|| Timestamp::from_seconds(seconds));
    }
    let seconds = value.as_f64().filter(|s| s.abs() <= LAST_SECOND as f64)?;
    Some(Timestamp::from_micros((seconds * 1e6).floor() as i64))
}

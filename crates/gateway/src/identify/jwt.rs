//! JWT access tokens (RFC 9068; C43), verified once per thread and remembered by digest.
//!
//! Only what never changes about a token is remembered: its signature, issuer, audience and claims. Whether it has
//! ended, was revoked, or its client has been switched off is decided on every call. A change of the key ring makes
//! everything be verified anew.

use super::Evidence;
use base::Timestamp;
use base::id::{Id, TokenId};
use base::secret::{Digest, Purpose};
use foldhash::fast::RandomState;
use oauth::jose::{AccessTokenClaims, PublicKey, TokenFault, verify_access_token};
use snapshot::{Jwt, Kind, Presented, Terms};
use std::collections::HashMap;
use std::sync::Arc;

/// Tokens remembered in each of two generations; the older one is dropped when the newer one is full.
const GENERATION: usize = 8192;

/// What one thread knows about JWTs.
#[derive(Debug, Default)]
pub(crate) struct Jwts {
    key_build: u64,
    keys: HashMap<String, Arc<PublicKey>>,
    young: HashMap<Digest, Arc<Jwt>, RandomState>,
    old: HashMap<Digest, Arc<Jwt>, RandomState>,
}

impl Jwts {
    /// Forgets everything if the key ring is another one.
    fn keep_up(&mut self, terms: &Terms) {
        if self.key_build == terms.key_build() {
            return;
        }
        self.key_build = terms.key_build();
        self.young.clear();
        self.old.clear();
        self.keys.clear();
        for row in terms.keys() {
            match PublicKey::from_jwk(&row.jwk) {
                Ok(key) => {
                    self.keys.insert(row.kid.clone(), Arc::new(key));
                }
                Err(error) => tracing::warn!(target: "gateway", kid = row.kid, "a signing key is not usable: {error}"),
            }
        }
    }

    fn find(&mut self, digest: &Digest) -> Option<Arc<Jwt>> {
        if let Some(found) = self.young.get(digest) {
            return Some(Arc::clone(found));
        }
        let found = self.old.remove(digest)?;
        self.remember(*digest, Arc::clone(&found));
        Some(found)
    }

    fn remember(&mut self, digest: Digest, jwt: Arc<Jwt>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(digest, jwt);
    }
}

pub(super) fn examine(evidence: &Evidence<'_>, terms: &Terms, value: &[u8]) -> Presented {
    let Ok(text) = std::str::from_utf8(value) else {
        return Presented::Malformed(Kind::Jwt, "it has characters that no token has");
    };
    let config = &evidence.core.handle.config;
    let mut jwts = evidence.core.jwts.borrow_mut();
    jwts.keep_up(terms);
    // A keyed hash of the whole token, so that nobody can make two tokens share a place.
    let digest = config.keys.digest(Purpose::AccessToken, text);
    if let Some(jwt) = jwts.find(&digest) {
        return Presented::Jwt(jwt);
    }
    let key_of = |kid: &str| jwts.keys.get(kid).cloned();
    let verify = |now| verify_access_token(text, key_of, &config.issuer, &config.audience, now);
    // A token that has ended is read as it was before its end: the decision refuses it, and can say whose it was.
    let verified = match verify(evidence.now) {
        Err(TokenFault::Expired { at }) => verify(at.plus_micros(-1)),
        other => other,
    };
    match verified {
        Ok(claims) => {
            let jwt = Arc::new(jwt(claims));
            jwts.remember(digest, Arc::clone(&jwt));
            Presented::Jwt(jwt)
        }
        Err(TokenFault::Expired { .. }) => Presented::JwtExpired,
        Err(fault) => Presented::Malformed(Kind::Jwt, word(&fault)),
    }
}

fn jwt(claims: AccessTokenClaims) -> Jwt {
    let issued_at = refined(claims.iat, &claims.jti);
    Jwt { jti: claims.jti, client_id: claims.client_id, scopes: claims.scope, issued_at, expires_at: claims.exp }
}

/// `iat` counts whole seconds, but revocations happen within them: a token issued half a second after its client was
/// switched on again must count. The `jti` is a UUIDv7, so it knows the millisecond.
fn refined(iat: Timestamp, jti: &str) -> Timestamp {
    let Ok(id) = TokenId::parse(jti) else { return iat };
    let millis = i64::try_from(id.bits() >> 80).unwrap_or(0);
    let born = Timestamp::from_micros(millis.saturating_mul(1000));
    if born.seconds() == iat.seconds() { born } else { iat }
}

const fn word(fault: &TokenFault) -> &'static str {
    match fault {
        TokenFault::Malformed => "it is not a well-formed token",
        TokenFault::Algorithm => "its algorithm is not the one of its key",
        TokenFault::UnknownKey => "it was signed with a key that is not known here",
        TokenFault::Signature => "its signature is wrong",
        TokenFault::Type => "it is not an access token; its `typ` must be `at+jwt`",
        TokenFault::Issuer => "it was issued by another server",
        TokenFault::Audience => "it is meant for another audience",
        TokenFault::NotYet { .. } => "its time has not come",
        TokenFault::Expired { .. } => "it has expired",
        TokenFault::ClaimMissing(_) => "a claim is missing or has the wrong type",
        TokenFault::Critical => "it demands an extension that is not supported",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_birth_of_a_token_is_known_to_the_millisecond() {
        let born = Timestamp::from_micros(1_800_000_000_123_000);
        let jti = TokenId::new(born).to_string();
        let iat = Timestamp::from_seconds(born.seconds());
        assert_eq!(refined(iat, &jti), born);
        assert_eq!(refined(iat.plus_seconds(-1), &jti), iat.plus_seconds(-1), "another second: iat counts");
        assert_eq!(refined(iat, "x"), iat);
    }
}

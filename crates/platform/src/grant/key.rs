//! Signing keys: made at the first start, sealed at rest, published at `/oauth2/jwks`.

use super::sql;
use crate::cx::Cx;
use base::{Problem, id};
use oauth::jose::{PublicKey, SigningKey};
use serde_json::Value;
use snapshot::KeyRow;
use std::sync::{Arc, PoisonError, RwLock};
use store::Conn;

/// The keys in use.
#[derive(Default)]
pub struct KeyRing(RwLock<Option<Arc<Ring>>>);

/// What a ring holds at one moment.
pub struct Ring {
    /// The key that signs.
    pub signing: SigningKey,
    /// Every key that still verifies, the signing one included.
    pub verifying: Vec<Arc<PublicKey>>,
    /// The same as JWKs, public members only.
    pub jwks: Vec<Value>,
}

impl KeyRing {
    /// The keys of this moment.
    ///
    /// # Errors
    /// 503 before [`ensure_key`] has run.
    pub fn now(&self) -> Result<Arc<Ring>, Problem> {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        ring.clone().ok_or_else(|| Problem::new(base::ProblemKind::Unavailable, "The signing keys are not loaded yet."))
    }

    /// From now on these.
    pub fn set(&self, ring: Ring) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(ring));
    }
}

/// A signing key as it is stored.
pub struct StoredKey {
    pub id: id::KeyId,
    pub kid: String,
    pub alg: String,
    pub jwk: Value,
    pub sealed: String,
}

impl StoredKey {
    /// A new key, its private half sealed.
    pub fn make(cx: &Cx) -> Result<Self, Problem> {
        let key = SigningKey::generate_es256().map_err(Problem::internal)?;
        Ok(Self {
            id: id::KeyId::new(cx.now),
            kid: key.kid().to_owned(),
            alg: key.alg().to_owned(),
            jwk: key.public_jwk(),
            sealed: cx.platform.keys.seal(key.kid(), &key.to_pkcs8()).map_err(Problem::internal)?,
        })
    }
}

/// What a ring of these keys holds; the newest signs.
pub fn ring(cx: &Cx, stored: Vec<StoredKey>) -> Result<Ring, Problem> {
    let newest = stored.last().ok_or_else(|| Problem::not_found("signing key"))?;
    let private = cx.platform.keys.open(&newest.kid, &newest.sealed).map_err(Problem::internal)?;
    let signing = SigningKey::from_pkcs8_es256(&private).map_err(Problem::internal)?;
    let mut verifying = Vec::new();
    for key in &stored {
        verifying.push(Arc::new(PublicKey::from_jwk(&key.jwk).map_err(Problem::internal)?));
    }
    Ok(Ring { signing, verifying, jwks: stored.into_iter().map(|k| k.jwk).collect() })
}

/// What gateways verify JWTs with.
///
/// # Errors
/// Those of the database.
pub async fn key_rows(conn: &mut Conn) -> Result<Vec<KeyRow>, Problem> {
    let keys = sql::keys(conn).await?;
    Ok(keys.into_iter().map(|k| KeyRow { kid: k.kid, alg: k.alg, jwk: k.jwk }).collect())
}

//! Signing keys: made at the first start, sealed at rest, published at `/oauth2/jwks`.

use super::sql;
use crate::cx::{Cx, Describe};
use base::{Kind, Problem, id};
use oauth::jose::{PublicKey, SigningKey};
use serde_json::{Value, json};
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

    fn set(&self, ring: Ring) {
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

/// Loads the signing keys; makes the first one if there is none.
///
/// # Errors
/// 500 if a key was sealed under another master key.
pub async fn ensure_key(cx: &Cx) -> Result<(), Problem> {
    let mut stored = sql::keys(&mut *cx.read().await?).await?;
    if stored.is_empty() {
        let mut tx = cx.write().await?;
        stored = sql::keys(&mut tx).await?;
        if stored.is_empty() {
            let key = SigningKey::generate_es256().map_err(Problem::internal)?;
            let new = StoredKey {
                id: id::KeyId::new(cx.now),
                kid: key.kid().to_owned(),
                alg: key.alg().to_owned(),
                jwk: key.public_jwk(),
                sealed: cx.platform.keys.seal(key.kid(), &key.to_pkcs8()).map_err(Problem::internal)?,
            };
            sql::insert_key(&mut tx, &new, cx.now).await?;
            let change = cx
                .change("signing_key.created", Kind::SigningKey, &new.id)
                .by_system()
                .detailing(json!({"kid": new.kid}));
            tx.commit(vec![change]).await?;
            stored.push(new);
        }
    }
    let newest = stored.last().ok_or_else(|| Problem::not_found("signing key"))?;
    let private = cx.platform.keys.open(&newest.kid, &newest.sealed).map_err(Problem::internal)?;
    let signing = SigningKey::from_pkcs8_es256(&private).map_err(Problem::internal)?;
    let mut verifying = Vec::new();
    for key in &stored {
        verifying.push(Arc::new(PublicKey::from_jwk(&key.jwk).map_err(Problem::internal)?));
    }
    let jwks = stored.into_iter().map(|k| k.jwk).collect();
    cx.platform.signing.set(Ring { signing, verifying, jwks });
    Ok(())
}

/// What gateways verify JWTs with.
///
/// # Errors
/// Those of the database.
pub async fn key_rows(conn: &mut Conn) -> Result<Vec<KeyRow>, Problem> {
    let keys = sql::keys(conn).await?;
    Ok(keys.into_iter().map(|k| KeyRow { kid: k.kid, alg: k.alg, jwk: k.jwk }).collect())
}

//! The tables: credentials, clients, subscriptions and tokens. Large, changed row by row by one writer while every
//! gateway thread reads.
//!
//! A credential or token holds its client's slot, so a call makes two lookups in large maps: one by digest, one by
//! subscription key.

use crate::row::{ClientRow, CredentialRow, SubscriptionRow, TokenRow};
use arc_swap::ArcSwapOption;
use base::Timestamp;
use base::secret::Digest;
use foldhash::fast::FixedState;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// A client with what a decision needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Client {
    /// What the control plane sent.
    pub row: ClientRow,
    /// The 128 bits of its id.
    pub bits: u128,
    /// The 128 bits of its app's id.
    pub app_bits: Option<u128>,
    /// Unlike that of every other build of any row in this process; usage is counted under it.
    pub serial: u64,
}

impl Client {
    pub(crate) fn of(row: ClientRow, serial: u64) -> Self {
        let (bits, app_bits) = (row.id.bits(), row.app.as_ref().map(base::id::AppId::bits));
        Self { row, bits, app_bits, serial }
    }
}

/// The place of a client: credentials hold it for good, its content is replaced.
#[derive(Debug, Default)]
pub struct ClientSlot {
    pub(crate) current: ArcSwapOption<Client>,
}

impl ClientSlot {
    /// The client, unless it is gone.
    pub fn client(&self) -> Option<Arc<Client>> {
        self.current.load_full()
    }
}

/// A credential and the slot of its client.
#[derive(Debug)]
pub struct Credential {
    /// What the control plane sent.
    pub row: CredentialRow,
    pub(crate) client: Arc<ClientSlot>,
}

/// An opaque token and the slot of its client.
#[derive(Debug)]
pub struct Token {
    /// What the control plane sent.
    pub row: TokenRow,
    pub(crate) client: Arc<ClientSlot>,
}

/// A subscription with what a decision needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Subscription {
    /// What the control plane sent.
    pub row: SubscriptionRow,
    /// The 128 bits of its id.
    pub bits: u128,
    /// The 128 bits of its plan's id.
    pub plan_bits: u128,
    /// Unlike that of every other build of any row in this process; usage is counted under it.
    pub serial: u64,
}

impl Subscription {
    pub(crate) fn of(row: SubscriptionRow, serial: u64) -> Self {
        let (bits, plan_bits) = (row.id.bits(), row.plan.bits());
        Self { row, bits, plan_bits, serial }
    }
}

/// What names a subscription, as bits of app, API and environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubscriptionBits {
    /// App.
    pub app: u128,
    /// API.
    pub api: u128,
    /// Environment.
    pub environment: u128,
}

/// Digests are HMAC outputs under a secret key: already uniform, so their first bytes are the hash.
#[derive(Clone, Copy, Debug, Default)]
pub struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 = u64::from_le_bytes(*first);
        }
    }
    // The length of an array of digests never varies.
    fn write_usize(&mut self, _: usize) {}
    fn finish(&self) -> u64 {
        self.0
    }
}

type ByDigest<V> = papaya::HashMap<Digest, V, BuildHasherDefault<DigestHasher>>;

/// All tables.
#[derive(Debug)]
pub struct Tables {
    pub(crate) credentials: ByDigest<Arc<Credential>>,
    pub(crate) tokens: ByDigest<Arc<Token>>,
    pub(crate) clients: papaya::HashMap<Arc<str>, Arc<ClientSlot>, foldhash::fast::RandomState>,
    pub(crate) subscriptions: papaya::HashMap<SubscriptionBits, Arc<Subscription>, FixedState>,
    pub(crate) revoked: papaya::HashMap<u128, Timestamp, FixedState>,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            credentials: ByDigest::with_hasher(BuildHasherDefault::default()),
            tokens: ByDigest::with_hasher(BuildHasherDefault::default()),
            clients: papaya::HashMap::with_hasher(foldhash::fast::RandomState::default()),
            subscriptions: papaya::HashMap::with_hasher(FixedState::with_seed(0x5ca1_ab1e)),
            revoked: papaya::HashMap::with_hasher(FixedState::with_seed(0x5ca1_ab1e)),
        }
    }
}

impl Tables {
    /// The credential with this digest.
    pub fn credential(&self, digest: &Digest) -> Option<Arc<Credential>> {
        self.credentials.pin().get(digest).cloned()
    }

    /// The opaque token with this digest.
    pub fn token(&self, digest: &Digest) -> Option<Arc<Token>> {
        self.tokens.pin().get(digest).cloned()
    }

    /// The client that OAuth messages call by this name.
    pub fn client(&self, client_id: &str) -> Option<Arc<Client>> {
        self.clients.pin().get(client_id).and_then(|slot| slot.client())
    }

    /// The newest subscription under this key.
    pub fn subscription(&self, key: &SubscriptionBits) -> Option<Arc<Subscription>> {
        self.subscriptions.pin().get(key).cloned()
    }

    /// Whether the JWT access token with these bits of a `jti` was revoked.
    pub fn is_revoked(&self, jti: u128) -> bool {
        self.revoked.pin().contains_key(&jti)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    /// Ids of one process differ in few bits: neighbours in time, the same API, two environments.
    #[test]
    fn hashes_of_composite_keys_neither_collide_nor_crowd() {
        let hasher = FixedState::with_seed(0x5ca1_ab1e);
        let base = base::id::uuid_v7(Timestamp::from_seconds(1_800_000_000));
        let mut seen = HashSet::new();
        let mut buckets = vec![0u32; 1 << 12];
        for app in 0..512u128 {
            for api in 0..64u128 {
                for environment in 0..2u128 {
                    let key = SubscriptionBits {
                        app: base + app,
                        api: base ^ (api << 64),
                        environment: base + (environment << 80),
                    };
                    let hash = hasher.hash_one(key);
                    assert!(seen.insert(hash), "two keys share a hash");
                    buckets[usize::try_from(hash & 0xfff).unwrap()] += 1;
                }
            }
        }
        // 65,536 keys in 4,096 buckets: 16 each on average; five standard deviations above is 36.
        assert!(buckets.iter().all(|n| *n <= 40), "fullest bucket: {:?}", buckets.iter().max());
    }

    #[test]
    fn a_digest_is_its_own_hash() {
        let build = BuildHasherDefault::<DigestHasher>::default();
        let mut bytes = [0u8; 32];
        bytes[..8].copy_from_slice(&0x0123_4567_89ab_cdefu64.to_le_bytes());
        assert_eq!(build.hash_one(Digest(bytes)), 0x0123_4567_89ab_cdef);
    }
}

//! The tables: credentials, clients, subscriptions and tokens. Large, changed row by row by one writer while every
//! gateway thread reads.
//!
//! Rows are kept as bits and not as texts: 10^6 subscriptions must fit, and a call that comes after a million others
//! pays for every cache line that it touches. Texts are made when somebody is told.
//!
//! A credential or token holds its client's slot, so a call makes two lookups in large maps: one by digest, one by
//! subscription key.

use crate::row::{ClientRow, CredentialKind, CredentialRow, SubscriptionRow, SubscriptionState, TokenRow};
use arc_swap::ArcSwapOption;
use base::Timestamp;
use base::id::{AppId, ClientId, CredentialId, EnvironmentId, PlanId, SubscriptionId, TokenId};
use base::secret::Digest;
use foldhash::fast::FixedState;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// The end of rows that have none.
const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);

/// A client, as small as a decision allows: what a call reads of it lies in two cache lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Client {
    /// The 128 bits of its id.
    pub bits: u128,
    /// The 128 bits of its app's id.
    pub app_bits: Option<u128>,
    /// Unlike that of every other build of any row in this process; usage is counted under it.
    pub serial: u64,
    /// Tokens issued before this instant are dead.
    pub tokens_not_before: Timestamp,
    /// When it ends; the last instant there is, if it has no end.
    pub ends_at: Timestamp,
    /// The environments that it is narrowed to, as bits; empty means all.
    pub environments: Box<[u128]>,
    /// The identifier in OAuth messages.
    pub client_id: Box<str>,
    /// Switched on.
    pub enabled: bool,
}

impl Client {
    pub(crate) fn of(row: &ClientRow, serial: u64) -> Self {
        Self {
            bits: row.id.bits(),
            app_bits: row.app.as_ref().map(AppId::bits),
            serial,
            tokens_not_before: row.tokens_not_before,
            ends_at: row.expires_at.unwrap_or(NEVER),
            environments: row.environments.iter().map(EnvironmentId::bits).collect(),
            client_id: row.client_id.as_str().into(),
            enabled: row.enabled,
        }
    }

    /// Its identity.
    pub fn id(&self) -> ClientId {
        ClientId::from_bits(self.bits)
    }

    /// Its app.
    pub fn app(&self) -> Option<AppId> {
        self.app_bits.map(AppId::from_bits)
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
    /// The 128 bits of its id.
    pub bits: u128,
    /// When it ends; the last instant there is, if it has no end.
    pub ends_at: Timestamp,
    pub(crate) client: Arc<ClientSlot>,
    /// What it is.
    pub kind: CredentialKind,
    /// Switched on.
    pub active: bool,
}

impl Credential {
    pub(crate) fn of(row: &CredentialRow, client: Arc<ClientSlot>) -> Self {
        let ends_at = row.expires_at.unwrap_or(NEVER);
        Self { bits: row.id.bits(), ends_at, client, kind: row.kind, active: row.active }
    }

    /// Its identity.
    pub fn id(&self) -> CredentialId {
        CredentialId::from_bits(self.bits)
    }
}

/// An opaque token and the slot of its client.
#[derive(Debug)]
pub struct Token {
    /// The 128 bits of its id.
    pub bits: u128,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// What it may do.
    pub scopes: Box<[String]>,
    pub(crate) client: Arc<ClientSlot>,
}

impl Token {
    pub(crate) fn of(row: TokenRow, client: Arc<ClientSlot>) -> Self {
        let (bits, scopes) = (row.id.bits(), row.scopes.into());
        Self { bits, issued_at: row.issued_at, expires_at: row.expires_at, scopes, client }
    }

    /// Its identity.
    pub fn id(&self) -> TokenId {
        TokenId::from_bits(self.bits)
    }
}

/// A subscription, in one cache line.
#[derive(Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The 128 bits of its id.
    pub bits: u128,
    /// The 128 bits of its plan's id.
    pub plan_bits: u128,
    /// Unlike that of every other build of any row in this process; usage is counted under it.
    pub serial: u64,
    /// From when on calls are refused; the end of time if there is no end.
    pub ends_at: Timestamp,
    /// Where the control plane left it; [`Subscription::state_at`] knows its end too.
    pub state: SubscriptionState,
}

impl Subscription {
    pub(crate) fn of(row: &SubscriptionRow, serial: u64) -> Self {
        let ends_at = row.ends_at.unwrap_or(Timestamp::from_micros(i64::MAX));
        Self { bits: row.id.bits(), plan_bits: row.plan.bits(), serial, ends_at, state: row.state }
    }

    /// Where it stands now: what has come to its end is over, also before the control plane has said so.
    pub fn state_at(&self, now: Timestamp) -> SubscriptionState {
        match self.state {
            SubscriptionState::Approved | SubscriptionState::Active | SubscriptionState::Suspended
                if now >= self.ends_at =>
            {
                SubscriptionState::Expired
            }
            state => state,
        }
    }

    /// Its identity.
    pub fn id(&self) -> SubscriptionId {
        SubscriptionId::from_bits(self.bits)
    }

    /// Its plan.
    pub fn plan(&self) -> PlanId {
        PlanId::from_bits(self.plan_bits)
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

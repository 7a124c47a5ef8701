//! The writer's side: the rows that terms are built from, and the way from an id to its place in the tables.

use crate::publication::Publication;
use crate::row::{EnvironmentRow, KeyRow, LimitGroupRow, PlanRow, Update};
use crate::tables::{Client, ClientSlot, Credential, Subscription, SubscriptionBits, Tables, Token};
use crate::terms::{LimitGroup, Parts, Terms};
use base::secret::Digest;
use base::{Timestamp, id};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The most windows that a limit group may have.
pub const MOST_WINDOWS: usize = 8;

/// A change of the tables, made ready so that putting it in is short.
#[derive(Debug)]
pub(crate) enum Put {
    Client(id::ClientId, Option<Arc<Client>>),
    Credential(u128, Option<(Digest, Arc<Credential>)>),
    Subscription(SubscriptionBits, Option<Arc<Subscription>>),
    Token(u128, Option<(Digest, Arc<Token>)>),
    Revoked(u128, Timestamp),
}

/// Everything that only the writer needs.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    environments: BTreeMap<id::EnvironmentId, Arc<EnvironmentRow>>,
    groups: BTreeMap<id::LimitGroupId, Arc<LimitGroup>>,
    plans: BTreeMap<id::PlanId, PlanRow>,
    publications: BTreeMap<(id::VersionId, id::EnvironmentId), Arc<Publication>>,
    keys: BTreeMap<String, Arc<KeyRow>>,
    key_build: u64,
    /// The last number given to a publication, a limit group or a key ring.
    serial: u64,
    changed: bool,
    slots: HashMap<id::ClientId, Arc<ClientSlot>>,
    credentials: HashMap<u128, Digest>,
    tokens: HashMap<u128, (Digest, Timestamp)>,
    revoked: HashMap<u128, Timestamp>,
    /// When tokens (`true`) and revocations (`false`) end.
    ends: BTreeSet<(Timestamp, bool, u128)>,
    /// Tables that were replaced and may still be read.
    retired: Vec<Arc<Tables>>,
}

impl Writer {
    /// An empty writer that gives no number twice.
    pub(crate) fn successor(&mut self) -> Self {
        Self {
            serial: self.serial,
            key_build: self.key_build,
            retired: std::mem::take(&mut self.retired),
            ..Self::default()
        }
    }

    /// Sorts updates into rows of terms, which are kept here, and changes of the tables.
    pub(crate) fn take(&mut self, updates: Vec<Update>) -> (Vec<Put>, Vec<String>) {
        let mut puts = Vec::with_capacity(updates.len());
        let mut faults = Vec::new();
        for update in updates {
            match update {
                Update::Client(id, row) => {
                    let row = row.map(|row| Arc::new(Client::of(&row, self.next_serial())));
                    puts.push(Put::Client(id, row));
                }
                Update::Credential(id, row) => {
                    let row = row.map(|row| (row.digest, Arc::new(Credential::of(&row, self.slot(&row.client)))));
                    puts.push(Put::Credential(id.bits(), row));
                }
                Update::Subscription((app, api, environment), row) => {
                    let key = SubscriptionBits { app: app.bits(), api: api.bits(), environment: environment.bits() };
                    let row = row.map(|row| Arc::new(Subscription::of(&row, self.next_serial())));
                    puts.push(Put::Subscription(key, row));
                }
                Update::Token(id, row) => {
                    let row = row.map(|row| {
                        let slot = self.slot(&row.client);
                        (row.digest, Arc::new(Token::of(row, slot)))
                    });
                    puts.push(Put::Token(id.bits(), row));
                }
                Update::RevokedJwt(id, until) => puts.push(Put::Revoked(id.bits(), until)),
                of_terms => {
                    self.changed = true;
                    self.take_terms(of_terms, &mut faults);
                }
            }
        }
        (puts, faults)
    }

    fn take_terms(&mut self, update: Update, faults: &mut Vec<String>) {
        match update {
            Update::Environment(id, row) => replace(&mut self.environments, id, row.map(Arc::new)),
            Update::Plan(id, row) => replace(&mut self.plans, id, row),
            Update::Key(kid, row) => {
                self.key_build = self.next_serial();
                replace(&mut self.keys, kid, row.map(Arc::new));
            }
            Update::LimitGroup(id, Some(row)) => match self.group(row) {
                Ok(group) => replace(&mut self.groups, id, Some(group)),
                Err(fault) => faults.push(fault),
            },
            Update::LimitGroup(id, None) => replace(&mut self.groups, id, None),
            Update::Publication(version, environment, row) => {
                let row = row.map(|row| {
                    let (publication, mut found) = Publication::compile(*row, self.next_serial());
                    faults.append(&mut found);
                    Arc::new(publication)
                });
                replace(&mut self.publications, (version, environment), row);
            }
            Update::Client(..)
            | Update::Credential(..)
            | Update::Subscription(..)
            | Update::Token(..)
            | Update::RevokedJwt(..) => {}
        }
    }

    fn group(&mut self, row: LimitGroupRow) -> Result<Arc<LimitGroup>, String> {
        if row.windows.iter().any(|w| w.seconds == 0) {
            return Err(format!("limit group {} has a window of no length; give it seconds", row.id));
        }
        if row.windows.len() > MOST_WINDOWS {
            return Err(format!("limit group {} has more than {MOST_WINDOWS} windows; give it fewer", row.id));
        }
        Ok(Arc::new(LimitGroup { bits: row.id.bits(), build: self.next_serial(), row }))
    }

    fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    fn slot(&mut self, id: &id::ClientId) -> Arc<ClientSlot> {
        Arc::clone(self.slots.entry(id.clone()).or_default())
    }

    /// New terms, if any of their rows changed.
    pub(crate) fn new_terms(&mut self, faults: &mut Vec<String>) -> Option<Terms> {
        self.changed.then(|| self.all_terms(faults))
    }

    /// Terms of all rows.
    pub(crate) fn all_terms(&mut self, faults: &mut Vec<String>) -> Terms {
        self.changed = false;
        let (terms, mut hidden) = Terms::build(Parts {
            environments: self.environments.values().collect(),
            publications: self.publications.values().collect(),
            plans: self.plans.values().collect(),
            groups: self.groups.values().collect(),
            keys: self.keys.values().collect(),
            key_build: self.key_build,
        });
        faults.append(&mut hidden);
        terms
    }

    /// Puts one change into the tables.
    pub(crate) fn put(&mut self, tables: &Tables, put: Put) {
        match put {
            Put::Client(id, client) => self.put_client(tables, id, client),
            Put::Credential(bits, Some((digest, credential))) => {
                if let Some(old) = self.credentials.insert(bits, digest).filter(|old| *old != digest) {
                    tables.credentials.pin().remove(&old);
                }
                tables.credentials.pin().insert(digest, credential);
            }
            Put::Credential(bits, None) => {
                if let Some(digest) = self.credentials.remove(&bits) {
                    tables.credentials.pin().remove(&digest);
                }
            }
            Put::Subscription(key, Some(row)) => {
                tables.subscriptions.pin().insert(key, row);
            }
            Put::Subscription(key, None) => {
                tables.subscriptions.pin().remove(&key);
            }
            Put::Token(bits, token) => self.put_token(tables, bits, token),
            Put::Revoked(bits, until) => {
                if let Some(old) = self.revoked.insert(bits, until) {
                    self.ends.remove(&(old, false, bits));
                }
                self.ends.insert((until, false, bits));
                tables.revoked.pin().insert(bits, until);
            }
        }
    }

    fn put_client(&mut self, tables: &Tables, id: id::ClientId, client: Option<Arc<Client>>) {
        let slot = self.slot(&id);
        let before = slot.current.load_full();
        let clients = tables.clients.pin();
        if let Some(old) = &before {
            let renamed = client.as_ref().is_none_or(|new| new.client_id != old.client_id);
            // Another client may have taken the name in the meantime; it keeps it.
            if renamed && clients.get(&*old.client_id).is_some_and(|s| Arc::ptr_eq(s, &slot)) {
                clients.remove(&*old.client_id);
            }
        }
        if let Some(new) = &client {
            clients.insert(Arc::from(&*new.client_id), Arc::clone(&slot));
        }
        let gone = client.is_none();
        slot.current.store(client);
        if gone && Arc::strong_count(&slot) <= 2 {
            // Only this function and the list hold it: no credential names it any more.
            self.slots.remove(&id);
        }
    }

    fn put_token(&mut self, tables: &Tables, bits: u128, token: Option<(Digest, Arc<Token>)>) {
        if let Some((old, end)) = self.tokens.remove(&bits) {
            self.ends.remove(&(end, true, bits));
            if token.as_ref().is_none_or(|(new, _)| *new != old) {
                tables.tokens.pin().remove(&old);
            }
        }
        if let Some((digest, token)) = token {
            let end = token.expires_at;
            self.tokens.insert(bits, (digest, end));
            self.ends.insert((end, true, bits));
            tables.tokens.pin().insert(digest, token);
        }
    }

    /// Takes away what ended before `before`, slots that nothing names, and replaced tables that nobody reads.
    pub(crate) fn sweep(&mut self, tables: &Tables, before: Timestamp) {
        while let Some((end, is_token, bits)) = self.ends.first().copied().filter(|(end, ..)| *end < before) {
            if is_token {
                self.put_token(tables, bits, None);
            } else {
                self.ends.remove(&(end, false, bits));
                self.revoked.remove(&bits);
                tables.revoked.pin().remove(&bits);
            }
        }
        self.slots.retain(|_, slot| Arc::strong_count(slot) > 1 || slot.current.load().is_some());
        self.retired.retain(|old| Arc::strong_count(old) > 1);
    }

    /// Keeps replaced tables until nobody reads them, so that no gateway thread is the one to free them.
    pub(crate) fn retire(&mut self, old: Arc<Tables>) {
        self.retired.push(old);
        self.retired.retain(|old| Arc::strong_count(old) > 1);
    }
}

fn replace<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => {
            map.insert(key, value);
        }
        None => {
            map.remove(&key);
        }
    }
}

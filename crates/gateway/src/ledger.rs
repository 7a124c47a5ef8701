//! What one thread has recorded and nobody has fetched yet: usage by minute, and decisions.

use base::ProblemKind;
use base::id::DecisionId;
use foldhash::fast::RandomState;
use snapshot::{DecisionRecord, Facts, Held, Publication, UsageKey, UsageRow};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Rows of usage that one thread keeps before it counts the rest together. With nobody to fetch them, a caller with
/// many clients could fill the memory.
const MOST_ROWS: usize = 100_000;

/// What usage is counted by, in numbers that cost little to compare. Serials stand for whole rows: that of the
/// publication for environment, API, version and the list of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Bucket {
    credential: u128,
    publication: u64,
    client: u64,
    subscription: u64,
    minute: u32,
    operation: u32,
    outcome: u16,
    status: u16,
}

/// Usage since it was last fetched. Counts stand apart from the keys that are needed only when it is fetched.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    places: HashMap<Bucket, u32, RandomState>,
    sums: Vec<Sum>,
    keys: Vec<UsageKey>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    calls: u64,
    micros: u64,
}

/// How a call ended, for usage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending {
    /// Minutes since the epoch.
    pub minute: i64,
    /// `None` if the call was allowed.
    pub refused: Option<ProblemKind>,
    pub status: u16,
    pub micros: u64,
}

impl Usage {
    /// Counts one call.
    pub(crate) fn add(&mut self, facts: &Facts, terms: Option<&Held>, ending: Ending) {
        let publication = facts.route.zip(terms).map(|(route, terms)| terms.publication(route.publication));
        let mut bucket = Bucket {
            credential: facts.credential.as_ref().map_or(0, |c| c.bits),
            publication: publication.map_or(0, |p| p.serial),
            client: facts.client.as_ref().map_or(0, |c| c.serial),
            subscription: facts.subscription.as_ref().map_or(0, |s| s.serial),
            minute: u32::try_from(ending.minute).unwrap_or(0),
            operation: facts.route.and_then(|r| r.operation).unwrap_or(u32::MAX),
            outcome: ending.refused.map_or(0, |kind| kind as u16 + 1),
            status: ending.status,
        };
        let full = self.sums.len() >= MOST_ROWS && !self.places.contains_key(&bucket);
        if full {
            (bucket.credential, bucket.client, bucket.subscription, bucket.operation) = (0, 0, 0, u32::MAX);
        }
        let place = match self.places.entry(bucket) {
            Entry::Occupied(entry) => *entry.get() as usize,
            Entry::Vacant(entry) => {
                let place = self.sums.len();
                self.sums.push(Sum::default());
                self.keys.push(key(facts, publication, ending, full));
                entry.insert(u32::try_from(place).unwrap_or(u32::MAX));
                place
            }
        };
        if let Some(sum) = self.sums.get_mut(place) {
            sum.calls += 1;
            sum.micros = sum.micros.saturating_add(ending.micros);
        }
    }

    /// Everything counted so far, to be merged into `into`; counting begins anew.
    pub(crate) fn drain_into(self, into: &mut HashMap<UsageKey, UsageRow>) {
        for (key, sum) in self.keys.into_iter().zip(self.sums) {
            let row = into.entry(key.clone()).or_insert(UsageRow { key, calls: 0, duration_micros: 0 });
            row.calls += sum.calls;
            row.duration_micros = row.duration_micros.saturating_add(sum.micros);
        }
    }
}

fn key(facts: &Facts, publication: Option<&Arc<Publication>>, ending: Ending, full: bool) -> UsageKey {
    let row = publication.map(|p| &p.row);
    let (client, subscription) = (facts.client.as_ref(), facts.subscription.as_ref());
    let operation = row.zip(facts.route.and_then(|r| r.operation));
    let mut key = UsageKey {
        minute: ending.minute,
        environment: row.map_or_else(|| facts.environment.clone(), |r| Some(r.environment.clone())),
        api: row.map(|r| r.api.clone()),
        version: row.map(|r| r.version.clone()),
        operation: operation.and_then(|(r, at)| Some(r.operations.get(at as usize)?.name.clone())),
        app: client.and_then(|c| c.app()),
        client: client.map(|c| c.id()),
        credential: facts.credential.as_ref().map(|c| c.id()),
        subscription: subscription.map(|s| s.id()),
        outcome: ending.refused.map_or("allowed", ProblemKind::slug).to_owned(),
        status: ending.status,
    };
    if full {
        (key.operation, key.app, key.client, key.subscription) = (None, None, None, None);
        key.credential = None;
    }
    key
}

/// The newest decisions, at most so many.
#[derive(Debug)]
pub(crate) struct Decisions {
    list: VecDeque<DecisionRecord>,
    /// How many at the end of the list have not been taken.
    fresh: usize,
    most: usize,
}

impl Decisions {
    pub(crate) fn new(most: usize) -> Self {
        Self { list: VecDeque::new(), fresh: 0, most: most.max(1) }
    }

    pub(crate) fn add(&mut self, record: DecisionRecord) {
        if self.list.len() == self.most {
            self.list.pop_front();
        }
        self.list.push_back(record);
        self.fresh = (self.fresh + 1).min(self.list.len());
    }

    pub(crate) fn find(&self, id: &DecisionId) -> Option<DecisionRecord> {
        self.list.iter().rev().find(|r| r.id == *id).cloned()
    }

    /// Those added since the last time, oldest first.
    pub(crate) fn take(&mut self) -> Vec<DecisionRecord> {
        let fresh = std::mem::take(&mut self.fresh);
        self.list.iter().skip(self.list.len() - fresh).cloned().collect()
    }
}

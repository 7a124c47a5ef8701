//! The terms: environments, routes, plans, limit groups and signing keys. Small, immutable, swapped whole.

use crate::publication::Publication;
use crate::row::{EnvironmentRow, KeyRow, LimitGroupRow, PlanRow};
use base::id::LimitGroupId;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// A map whose keys come from our own control plane.
pub(crate) type Map<K, V> = HashMap<K, V, FixedState>;

/// A limit group with what counting needs.
#[derive(Debug, PartialEq, Eq)]
pub struct LimitGroup {
    /// What the control plane sent.
    pub row: LimitGroupRow,
    /// The 128 bits of its id.
    pub bits: u128,
    /// Grows whenever the row is replaced; counters of an older build never overrule those of a newer one.
    pub build: u64,
}

/// A plan and its limit group.
#[derive(Debug)]
pub struct Plan {
    /// What the control plane sent.
    pub row: PlanRow,
    /// The place of its limit group in [`Terms::group`].
    pub(crate) group: GroupOf,
}

/// What a plan says about limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupOf {
    /// No cap.
    None,
    /// Capped by the group at this place.
    At(u32),
    /// The row names a group that has not arrived: nothing can be allowed under it.
    Unknown,
}

#[derive(Debug)]
struct Environment {
    row: Arc<EnvironmentRow>,
    /// As in the row, but at hand.
    host: Option<Box<str>>,
    prefix: Box<str>,
    /// By `{api slug}/{version name}`, both in canonical spelling.
    routes: Map<String, u32>,
}

/// Where a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The place of the publication in [`Terms::publication`].
    pub publication: u32,
    /// The place of the operation in the publication's list; `None` when the path is outside the document.
    pub operation: Option<u32>,
    /// Where the path behind environment, API and version begins in the canonical path.
    pub rest: usize,
}

/// What an address names, as far as it names anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A publication and, where the document has it, an operation.
    Route(Route),
    /// No environment is reached by this host and path.
    NoEnvironment,
    /// The environment has nothing at `{api}/{version}`.
    NoPublication(Arc<EnvironmentRow>),
    /// The publication's document does not have the path.
    NoPath(Route),
    /// The document has the path, but not with this method; these it has.
    NoMethod(Route, Vec<String>),
}

/// All terms at one instant.
#[derive(Debug, Default)]
pub struct Terms {
    /// With a host first, then the longer prefix first, then by id.
    environments: Vec<Environment>,
    publications: Vec<Arc<Publication>>,
    plans: Vec<Plan>,
    plan_at: Map<u128, u32>,
    groups: Vec<Arc<LimitGroup>>,
    keys: Vec<Arc<KeyRow>>,
    key_build: u64,
}

/// What [`Terms`] are made of.
pub(crate) struct Parts<'a> {
    pub environments: Vec<&'a Arc<EnvironmentRow>>,
    pub publications: Vec<&'a Arc<Publication>>,
    pub plans: Vec<&'a PlanRow>,
    pub groups: Vec<&'a Arc<LimitGroup>>,
    pub keys: Vec<&'a Arc<KeyRow>>,
    pub key_build: u64,
}

impl Terms {
    /// Builds terms. The second part of the answer names rows that another row hides.
    pub(crate) fn build(parts: Parts<'_>) -> (Self, Vec<String>) {
        let mut faults = Vec::new();
        let groups: Vec<Arc<LimitGroup>> = parts.groups.into_iter().cloned().collect();
        let group_at: HashMap<&LimitGroupId, u32> = groups.iter().map(|g| &g.row.id).zip(0u32..).collect();
        let plans: Vec<Plan> = parts
            .plans
            .into_iter()
            .map(|row| {
                let group = match &row.limit_group {
                    None => GroupOf::None,
                    Some(id) => group_at.get(id).map_or(GroupOf::Unknown, |at| GroupOf::At(*at)),
                };
                Plan { row: row.clone(), group }
            })
            .collect();
        let plan_at = plans.iter().map(|p| p.row.id.bits()).zip(0u32..).collect();
        let mut environments: Vec<Environment> = parts
            .environments
            .into_iter()
            .map(|row| Environment {
                row: Arc::clone(row),
                host: row.host.as_deref().map(Into::into),
                prefix: row.prefix.as_str().into(),
                routes: Map::default(),
            })
            .collect();
        environments.sort_by(|a, b| precedence(&a.row).cmp(&precedence(&b.row)));
        for pair in environments.windows(2) {
            if pair[0].row.host == pair[1].row.host && pair[0].row.prefix == pair[1].row.prefix {
                faults.push(format!("environment {} hides {}: same host and prefix", pair[0].row.id, pair[1].row.id));
            }
        }
        let publications: Vec<Arc<Publication>> = parts.publications.into_iter().cloned().collect();
        for (publication, at) in publications.iter().zip(0u32..) {
            if let Some(environment) = environments.iter_mut().find(|e| e.row.id == publication.row.environment) {
                let key =
                    format!("{}/{}", canonical(&publication.row.api_slug), canonical(&publication.row.version_name));
                if let Some(other) = environment.routes.get(&key) {
                    let first = &publications[*other as usize].row.version;
                    faults.push(format!("version {first} hides {}: same address `{key}`", publication.row.version));
                } else {
                    environment.routes.insert(key, at);
                }
            }
        }
        let keys = parts.keys.into_iter().cloned().collect();
        (Self { environments, publications, plans, plan_at, groups, keys, key_build: parts.key_build }, faults)
    }

    /// Finds what a host, a method and a canonical path (see [`crate::path::normalise`]) name. Of several environments
    /// one with the call's host wins over one for any host, and then the longest prefix wins.
    pub fn find(&self, method: &str, host: &str, path: &str) -> Found {
        let reached = self.environments.iter().find_map(|e| Some((e, e.reach(host, path)?)));
        let Some((environment, start)) = reached else { return Found::NoEnvironment };
        let (key, rest) = address(&path[start..]);
        let Some(&publication) = environment.routes.get(key) else {
            return Found::NoPublication(Arc::clone(&environment.row));
        };
        let rest = start + rest;
        let row = &self.publications[publication as usize];
        let mut route = Route { publication, operation: None, rest };
        match row.item(&path[rest..]) {
            Some(item) => {
                route.operation = item.operation(method);
                if route.operation.is_none() && !row.row.forward_everything {
                    return Found::NoMethod(route, item.methods.clone());
                }
                Found::Route(route)
            }
            None if row.row.forward_everything => Found::Route(route),
            None => Found::NoPath(route),
        }
    }

    /// The publication at a place that [`Terms::find`] named.
    pub fn publication(&self, at: u32) -> &Arc<Publication> {
        &self.publications[at as usize]
    }

    /// The plan with these bits of an id.
    pub fn plan(&self, bits: u128) -> Option<&Plan> {
        self.plan_at.get(&bits).map(|at| &self.plans[*at as usize])
    }

    /// The limit group at a place that a decision named.
    pub fn group(&self, at: u32) -> &Arc<LimitGroup> {
        &self.groups[at as usize]
    }

    /// Every key of the authorization server.
    pub fn keys(&self) -> &[Arc<KeyRow>] {
        &self.keys
    }

    /// Grows whenever a key comes, changes or goes: what was verified under another number is verified again.
    pub const fn key_build(&self) -> u64 {
        self.key_build
    }

    /// The word for an environment, for people.
    pub fn environment_slug(&self, id: &base::id::EnvironmentId) -> Option<&str> {
        self.environments.iter().find(|e| e.row.id == *id).map(|e| e.row.slug.as_str())
    }
}

type Precedence<'a> = (bool, std::cmp::Reverse<usize>, &'a base::id::EnvironmentId);

fn precedence(row: &EnvironmentRow) -> Precedence<'_> {
    (row.host.is_none(), std::cmp::Reverse(row.prefix.len()), &row.id)
}

impl Environment {
    /// Where the path behind the environment's prefix begins, if host and path reach it.
    fn reach(&self, host: &str, path: &str) -> Option<usize> {
        if self.host.as_ref().is_some_and(|wanted| !wanted.eq_ignore_ascii_case(host)) {
            return None;
        }
        let rest = path.strip_prefix(&*self.prefix)?;
        rest.starts_with('/').then_some(self.prefix.len())
    }
}

/// Splits `/{api}/{version}/rest` into `{api}/{version}` and the place where the rest begins.
fn address(path: &str) -> (&str, usize) {
    let bytes = path.as_bytes();
    let mut slashes = bytes.iter().enumerate().skip(1).filter(|(_, b)| **b == b'/').map(|(i, _)| i);
    let end = slashes.nth(1).unwrap_or(bytes.len());
    (path.get(1..end).unwrap_or(""), end)
}

/// The canonical spelling of a word in an address.
fn canonical(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    match crate::path::push_segment(&mut out, word) {
        Ok(()) => out,
        // No canonical path contains a backslash, so such a word is never reached.
        Err(_) => format!("\\{word}"),
    }
}

impl Plan {
    pub(crate) const fn group(&self) -> GroupOf {
        self.group
    }
}

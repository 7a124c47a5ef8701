//! Many things at once: lists by noun, each thing read on its own, so that one that makes no sense keeps no other back.

use super::Noun;
use super::shape::{ApiDeveloper, ApiProfile, Application, Partner, RateLimitGroup, SubscriptionPlan, Uuid};
use base::Problem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// The most things in one bundle.
const MOST_THINGS: usize = 1_000;

/// Lists of things, by noun; each list may be absent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CeptorImport)]
pub struct Bundle {
    #[serde(default)]
    #[schema(value_type = Vec<RateLimitGroup>)]
    ratelimit_groups: Vec<Box<RawValue>>,
    #[serde(default)]
    #[schema(value_type = Vec<SubscriptionPlan>)]
    subscription_plans: Vec<Box<RawValue>>,
    #[serde(default)]
    #[schema(value_type = Vec<ApiProfile>)]
    api_profiles: Vec<Box<RawValue>>,
    #[serde(default)]
    #[schema(value_type = Vec<ApiDeveloper>)]
    developers: Vec<Box<RawValue>>,
    #[serde(default)]
    #[schema(value_type = Vec<Partner>)]
    partners: Vec<Box<RawValue>>,
    #[serde(default)]
    #[schema(value_type = Vec<Application>)]
    applications: Vec<Box<RawValue>>,
}

/// One thing, read.
#[derive(Clone, Debug)]
pub enum Document {
    RateLimitGroup(RateLimitGroup),
    SubscriptionPlan(SubscriptionPlan),
    ApiProfile(ApiProfile),
    Partner(Partner),
    Application(Box<Application>),
    Developer(ApiDeveloper),
}

/// One thing of a bundle.
#[derive(Clone, Debug)]
pub struct Entry {
    pub noun: Noun,
    /// Its place in its list.
    pub at: usize,
    /// What it says, or why it cannot be read.
    pub document: Result<Document, Problem>,
}

impl Entry {
    /// Its id or name, and what people call it.
    pub fn known_as(&self) -> (Option<String>, Option<String>) {
        let id = |id: &Option<Uuid>| id.map(|id| id.to_string());
        match &self.document {
            Ok(Document::RateLimitGroup(it)) => (id(&it.id), it.name.clone()),
            Ok(Document::SubscriptionPlan(it)) => (id(&it.id), it.name.clone()),
            Ok(Document::ApiProfile(it)) => (it.name.clone(), it.name.clone()),
            Ok(Document::Partner(it)) => (id(&it.id), it.name.clone()),
            Ok(Document::Application(it)) => (id(&it.id), it.name.clone()),
            Ok(Document::Developer(it)) => (id(&it.id), it.credentials.clone()),
            Err(_) => (None, None),
        }
    }
}

fn read<T: DeserializeOwned>(raw: &RawValue) -> Result<T, Problem> {
    crate::web::read_json(raw.get().as_bytes())
}

impl Bundle {
    /// Passes a bundle of a size that one request can carry.
    pub fn bounded(&self) -> Result<(), Problem> {
        let lists = [
            &self.ratelimit_groups,
            &self.subscription_plans,
            &self.api_profiles,
            &self.developers,
            &self.partners,
            &self.applications,
        ];
        let all: usize = lists.iter().map(|list| list.len()).sum();
        if all <= MOST_THINGS {
            return Ok(());
        }
        let detail =
            format!("{all} things in one import; at most {MOST_THINGS}. Send them in several, in this order of nouns.");
        Err(Problem::invalid("", detail))
    }

    /// Everything in it.
    pub fn entries(&self) -> Vec<Entry> {
        fn list<T: DeserializeOwned>(
            noun: Noun,
            list: &[Box<RawValue>],
            wrap: fn(T) -> Document,
        ) -> impl Iterator<Item = Entry> {
            let entry = move |(at, raw): (usize, &RawValue)| Entry { noun, at, document: read::<T>(raw).map(wrap) };
            list.iter().map(AsRef::as_ref).enumerate().map(entry).collect::<Vec<_>>().into_iter()
        }
        list(Noun::RatelimitGroups, &self.ratelimit_groups, Document::RateLimitGroup)
            .chain(list(Noun::SubscriptionPlans, &self.subscription_plans, Document::SubscriptionPlan))
            .chain(list(Noun::ApiProfiles, &self.api_profiles, Document::ApiProfile))
            .chain(list(Noun::Developers, &self.developers, Document::Developer))
            .chain(list(Noun::Partners, &self.partners, Document::Partner))
            .chain(list(Noun::Applications, &self.applications, |it| Document::Application(Box::new(it))))
            .collect()
    }
}

/// Lists of things, by noun, as they are written; a list without things is left out.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = CeptorExport)]
pub struct Written {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ratelimit_groups: Vec<RateLimitGroup>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subscription_plans: Vec<SubscriptionPlan>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub api_profiles: Vec<ApiProfile>,
    /// Without their roles, which partners and applications name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub developers: Vec<ApiDeveloper>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<Partner>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<Application>,
}

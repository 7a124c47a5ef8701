//! Profiles: template and fence for the designers of APIs. They belong to the platform; site administrators write them.
//!
//! **Invariant:** whatever a designer does to an API that has a profile passes the fence of that profile first, and what
//! passes by a privilege leaves its name in the change (C80).
//!
//! # How to ask the fence
//!
//! After `cx.may` and before anything is written, in the transaction that writes:
//!
//! ```text
//! let fence = profile::fence(cx, &mut tx, api.profile.as_ref()).await?;     // no profile: everything passes
//! let mut used = Overrides::default();
//! fence.pass(&Act::Publish, &mut used)?;                                     // 403 `fenced`, or on
//! fence.pass(&Act::PublishTo(&environment.id, &environment.slug), &mut used)?;
//! fence.pass(&Act::Forward(&destination.name), &mut used)?;
//! ...
//! change.detailing(used.told(json!({..})))                                   // adds `overrides`, if there are any
//! ```
//!
//! For `actions`: `offer_if("publish", Verb::ApiEdit, fence.obstacle(&Act::Publish))`.
//! Template of a new version: [`Fence::security_defaults`] and [`Fence::requestmod_defaults`] (C18, C20).

mod adopt;
mod edit;
mod fence;
mod http;
mod ops;
mod rule;
mod sql;

pub use adopt::adopt;
pub use edit::ProfileEdit;
pub use fence::{Fence, Overrides};
pub use http::{FencedAct, ProfileView, routes};
pub use ops::{NewProfile, among, create, edit, fence, find, find_by_name, list, remove, require};
pub use rule::{Act, Limit, Verdict, implementations};

use crate::words::words;
use base::{Timestamp, id};
use serde_json::{Map, Value};

words! {
    /// What a version is made of.
    pub enum Implementation {
        /// Pipelines of tasks.
        Pipeline = "pipeline",
        /// A script.
        Script = "script",
        /// Forwarding to a destination.
        Proxy = "proxy",
    }
}

/// Whether a subscription is required, and whether designers may deviate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProfileSubscription)]
pub struct SubscriptionRule {
    /// Whether designers may change whether a subscription is required, and the plans offered.
    pub allow_override: bool,
    /// Whether only subscribers may call; `true` unless given.
    pub required: bool,
}

impl Default for SubscriptionRule {
    fn default() -> Self {
        Self { allow_override: false, required: true }
    }
}

/// What the gateway changes of requests, and whether designers may deviate.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProfileRequestModification)]
pub struct RequestmodRule {
    /// Whether `defaults` are the settings of new versions.
    pub specify_defaults: bool,
    /// Whether designers may change them.
    pub allow_override: bool,
    /// In the shape of a version's request modification.
    #[schema(value_type = Object)]
    pub defaults: Map<String, Value>,
}

/// How callers authenticate, and whether designers may deviate.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProfileSecurity)]
pub struct SecurityRule {
    /// Whether `defaults` are the settings of new versions.
    pub specify_defaults: bool,
    /// Whether designers may change the security of a version.
    pub allow_override: bool,
    /// Whether designers may set the security of single operations.
    pub allow_override_per_operation: bool,
    /// Its member `schemes` is in the shape of a version's `security`; an empty list lets anonymous calls pass. Other
    /// members are kept as they are.
    #[schema(value_type = Object)]
    pub defaults: Map<String, Value>,
}

/// What versions may be made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProfileImplementation)]
pub struct ImplementationRule {
    /// Whether only the kinds below are allowed; else all are.
    pub limit_methods: bool,
    /// Pipelines of tasks.
    pub method_pipeline: bool,
    /// Scripts.
    pub method_script: bool,
    /// Forwarding to a destination.
    pub method_proxy: bool,
    /// Whether designers may choose for single operations, and not only for the whole API.
    pub allow_override_per_operation: bool,
}

/// An environment that a profile names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Identity.
    pub id: id::EnvironmentId,
    /// The word for it.
    pub slug: String,
}

/// Template and fence for the designers of APIs (C09).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Identity.
    pub id: id::ProfileId,
    /// Guard of the row.
    pub version: i64,
    /// Unique: what identifies it to other systems.
    pub name: String,
    /// For people.
    pub description: String,
    /// One of these is needed to choose it; empty is open to every designer.
    pub roles: Vec<String>,
    /// Whether a subscription is required.
    pub subscription: SubscriptionRule,
    /// The plans that may be offered; empty means any.
    pub subscription_plans: Vec<id::PlanId>,
    /// What the gateway changes of requests.
    pub requestmod: RequestmodRule,
    /// How callers authenticate.
    pub security: SecurityRule,
    /// What versions may be made of.
    pub implementation: ImplementationRule,
    /// Whether designers may publish.
    pub publish_allow: bool,
    /// Where they may publish; empty means anywhere.
    pub environments: Vec<Place>,
    /// The names of destinations that they may forward to; empty means any.
    pub destinations: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

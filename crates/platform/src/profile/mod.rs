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
mod part;
mod rule;
mod sql;

pub use adopt::adopt;
pub use edit::ProfileEdit;
pub use fence::{Fence, Overrides};
pub use http::{FencedAct, ProfileView, routes};
pub use ops::{NewProfile, among, create, edit, fence, find, find_by_name, list, remove, require};
pub use part::{Implementation, ImplementationRule, RequestmodRule, SecurityRule, SubscriptionRule};
pub use rule::{Act, Limit, Verdict, implementations};
pub use sql::names;

use base::{Timestamp, id};

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

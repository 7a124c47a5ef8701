//! APIs: what providers publish, who administers them, under which plans and rules consumers get in.
//!
//! **Invariant:** an API always has at least one administrator, its creator first.

mod access;
mod auto_connect;
mod http;
mod identity;
mod offer;
mod ops;
mod sql;
mod tag;
mod template;

pub use access::{Access, owners_shown, visible_among};
pub use auto_connect::{auto_connect, auto_connecting, obstacle as auto_connect_obstacle};
pub use http::{AdmissionView, ApiView, AutoConnectView, routes};
pub use offer::{counts_by_profile, offered_plans, offered_to_caller, offering, plans_of};
pub use ops::{
    Wanted, administered, administrators, administrators_page, admission, among, create, deciders, find, listed_on,
    page, remove, set_admission, set_plans, slugs_among, standing, visible,
};

pub use sql::{counts, names};
pub use tag::{tags, tags_of};

use crate::words::words;
use base::{Timestamp, id};

words! {
    /// Who may know of an API.
    pub enum Visibility {
        /// Everybody.
        Public = "public",
        /// Everybody who has signed in.
        Registered = "registered",
        /// Its organization and its administrators.
        Private = "private",
    }

    /// Whether somebody must approve a subscription (A56).
    pub enum Approval {
        /// Nobody, unless the plan says so.
        Automatic = "automatic",
        /// The API side.
        Manual = "manual",
    }

    /// Whether an approved subscription is activated by itself (D1).
    pub enum Activation {
        /// By itself when no approval was needed, by hand after one.
        Default = "default",
        /// By itself.
        Automatic = "automatic",
        /// By hand.
        Manual = "manual",
    }
}

/// What a provider publishes.
#[derive(Clone, Debug)]
pub struct Api {
    /// Identity.
    pub id: id::ApiId,
    /// Guard of the row.
    pub version: i64,
    /// The provider.
    pub organization: id::OrganizationId,
    /// First path segment of its calls; unique.
    pub slug: String,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Who may know of it.
    pub visibility: Visibility,
    /// Whether only subscribers may call (C13).
    pub subscription_required: bool,
    /// What fences its designers; `None` means that nothing does.
    pub profile: Option<id::ProfileId>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// How an API lets subscribers in, in one environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Whether somebody must approve.
    pub approval: Approval,
    /// Whether it activates by itself.
    pub activation: Activation,
}

/// Whether new apps are connected to an API by themselves, in one environment (A03).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AutoConnect {
    /// Whether they are.
    pub enabled: bool,
    /// Under which terms; there while it is enabled.
    pub plan: Option<id::PlanId>,
}

impl Default for Admission {
    fn default() -> Self {
        Self { approval: Approval::Automatic, activation: Activation::Default }
    }
}

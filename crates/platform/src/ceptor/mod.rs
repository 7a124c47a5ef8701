//! The Ceptor data model: what another system knows of plans, limits, profiles, partners, applications and developers, read
//! and written in that system's own JSON. `docs/ceptor.md` says member by member what becomes of it.
//!
//! **Invariant:** it owns no table and decides nothing about the things themselves: it translates, and each slice brings its
//! own things to what is wanted. Reading back what was written gives the same, secrets aside, and writing back what was read
//! changes nothing.

mod application;
mod bundle;
mod foreign;
mod http;
mod ops;
mod party;
mod shape;
mod term;

pub use http::routes;

use crate::words::words;

words! {
    /// What there is to read and write.
    pub enum Noun {
        /// Limit groups.
        RatelimitGroups = "ratelimit_groups",
        /// Plans.
        SubscriptionPlans = "subscription_plans",
        /// Profiles, by name.
        ApiProfiles = "api_profiles",
        /// Organizations.
        Partners = "partners",
        /// Apps, each with its first client.
        Applications = "applications",
        /// People.
        Developers = "developers",
    }

    /// What an import did to one of them.
    pub enum Outcome {
        /// It was not there.
        Created = "created",
        /// It was there and is different now.
        Changed = "changed",
        /// It was there like this already; nothing was written.
        Unchanged = "unchanged",
        /// It cannot be like this; nothing was written.
        Refused = "refused",
    }
}

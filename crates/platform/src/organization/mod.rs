//! Organizations: owners of apps and APIs, with members and business administrators.
//!
//! **Invariant:** an organization always has at least one OWNER. One that was imported may come without members; as soon as
//! it has an OWNER it keeps one.

mod adopt;
mod http;
mod ops;
mod sql;

pub use adopt::{AdoptedOrganization, adopt, adopt_members, adopted_members, roles};
pub use http::routes;
pub use ops::{
    Seats, business_admins, business_of, create, find, names, of_user, put_business_admin, put_member, require,
    standing,
};

use crate::words::words;
use base::{Timestamp, id};

words! {
    /// What a member may do in an organization.
    pub enum OrganizationRole {
        /// Members, apps and APIs.
        Owner = "OWNER",
        /// Look.
        ReadOnly = "READ_ONLY",
        /// Nothing in the organization itself (C70).
        None = "NONE",
    }
}

/// An owner of apps and APIs.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Identity.
    pub id: id::OrganizationId,
    /// Guard of the row.
    pub version: i64,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// When it was founded.
    pub created_at: Timestamp,
}

//! API groups: sets of APIs of one provider, for people to find their way (C31).
//!
//! **Invariant:** a group holds APIs of its own organization only, none or many; whoever may not see any of them, nor its
//! organization, does not see the group.

mod http;
mod ops;
mod sql;

pub use http::routes;
pub use ops::{create, members, of_apis, put, visible_among};
pub use sql::names;

use base::{Timestamp, id};

/// A set of APIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiGroup {
    /// Identity.
    pub id: id::ApiGroupId,
    /// Guard of the row.
    pub version: i64,
    /// Whose.
    pub organization: id::OrganizationId,
    /// Unique within the organization.
    pub name: String,
    /// For people.
    pub description: String,
    /// When it was created.
    pub created_at: Timestamp,
}

//! Groups of people: a tree inside an organization, each node with the number of a commercial contract and its members.
//!
//! **Invariant:** a group's ancestors are groups of the same organization and never itself, it is at most
//! [`rule::DEEPEST`] steps below the root, and its members are members of the organization.
//!
//! A group is the scope that clients will be bound to: whoever needs that asks [`visible`] for it, and how the
//! caller stands to it.

mod http;
mod ops;
mod rule;
mod sql;

pub use http::routes;
pub use ops::{members_page, memberships, remove, standing, visible, visible_among};
pub use sql::{counts, names};

use base::{Timestamp, id};

/// People inside an organization.
#[derive(Clone, Debug)]
pub struct Group {
    /// Identity.
    pub id: id::GroupId,
    /// Guard of the row.
    pub version: i64,
    /// Whose.
    pub organization: id::OrganizationId,
    /// The group that it belongs to; none for one at the root.
    pub parent: Option<id::GroupId>,
    /// Unique among its siblings.
    pub name: String,
    /// For people.
    pub description: String,
    /// Of the commercial contract; may be empty.
    pub contract_number: String,
    /// When it was made.
    pub created_at: Timestamp,
}

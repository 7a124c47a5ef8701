//! Destinations: addresses that the gateway may forward to, named by the organization that owns them.

mod http;
mod ops;
mod sql;

pub use http::routes;
pub use ops::{edit, find, find_destination_of, list, of_organization};
pub use sql::names;

use base::{Timestamp, id};

/// Where the gateway forwards to.
#[derive(Clone, Debug)]
pub struct Destination {
    /// Identity.
    pub id: id::DestinationId,
    /// Guard of the row.
    pub version: i64,
    /// Whose.
    pub organization: id::OrganizationId,
    /// Unique within the organization.
    pub name: String,
    /// `http://host:port/base`, without a slash at its end.
    pub url: String,
    /// When it was created.
    pub created_at: Timestamp,
}

//! Versions of an API: the document, its operations, how callers authenticate, and where it is published.
//!
//! **Invariant:** a version is reachable only in environments that it is published to (C75), and a new version
//! demands an API key until its designer says otherwise (D17).

mod check;
mod destination;
mod http;
mod ops;
mod reference;
mod rule;
mod sql;

pub use crate::scheme::{SecurityScheme, scope};
pub use http::routes;
pub use ops::{
    Release, Which, destinations, document_of, edit_destination, find, find_destination, operations_of,
    publication_row, publications_of, releases, remove_all, titles, visible,
};

use base::{Timestamp, id};
use snapshot::Scheme;

/// One version of an API.
#[derive(Clone, Debug)]
pub struct Version {
    /// Identity.
    pub id: id::VersionId,
    /// Guard of the row.
    pub version: i64,
    /// Its API.
    pub api: id::ApiId,
    /// Second path segment of its calls; unique within the API.
    pub name: String,
    /// The document's title.
    pub title: String,
    /// `json` or `yaml`.
    pub format: String,
    /// How callers authenticate; empty means that anonymous calls pass.
    pub security: Vec<Scheme>,
    /// Whether paths outside the document are forwarded too.
    pub forward_everything: bool,
    /// When it was uploaded.
    pub created_at: Timestamp,
}

/// One method on one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name within the version.
    pub name: String,
    /// Upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// One line for people.
    pub summary: String,
    /// Scopes that tokens need.
    pub scopes: Vec<String>,
    /// How many required parameters, those of the path aside, and bodies it has.
    pub demands: i64,
}

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

/// A version in an environment.
#[derive(Clone, Debug)]
pub struct Publication {
    /// The version.
    pub version: id::VersionId,
    /// Where.
    pub environment: id::EnvironmentId,
    /// What calls are forwarded to.
    pub destination: id::DestinationId,
    /// Since when.
    pub published_at: Timestamp,
}

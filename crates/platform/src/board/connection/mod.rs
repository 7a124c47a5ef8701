//! Connections: who is tied to what, from either end. A read model over subscriptions, follows and memberships.
//!
//! A connection has the same id at both ends (A02): a subscription's own, `fol_<user>_<resource>` for a follow,
//! `mem_<user>_<resource>` for a membership, `man_<manager>_<managed>` where an organization manages another. Cancelled and
//! expired subscriptions are no connections (A35).
//!
//! A list walks one kind after the other, each along an index, and stops when the page is full: what a page costs does not
//! grow with what there is.

mod http;
mod rule;
mod walk;

pub use http::routes;

use base::{Ref, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of tie it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionType {
    /// A user wants news of a resource.
    Follow,
    /// An organization manages another.
    Management,
    /// A user belongs to an organization, a group or the team of an app, or administers an API.
    Membership,
    /// An app may call an API, or has asked to.
    Access,
}

/// How it came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConnectionOrigin)]
pub enum Origin {
    /// Somebody at the first end asked for it.
    Requested,
    /// Somebody at the second end gave it.
    Granted,
    /// The program made it when the app was created (A03).
    Automatic,
}

/// A tie between two ends.
#[derive(Clone, Debug)]
struct Connection {
    id: String,
    kind: ConnectionType,
    a: Ref,
    b: Ref,
    /// As what somebody belongs to it.
    role: Option<&'static str>,
    subscription: Option<Box<crate::subscription::Subscription>>,
    since: Option<Timestamp>,
}

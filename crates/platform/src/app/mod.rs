//! Apps: consumers' programs, the party that subscribes, each with a team.
//!
//! **Invariant:** an app always has at least one OWNER, its creator first. One that was imported may come without a team; as
//! soon as it has an OWNER it keeps one.

mod adopt;
mod http;
mod ops;
mod sql;

pub use adopt::{AdoptedApp, adopt, adopt_members, members, roles_of, teams};
pub use http::{AppView, NewApp, routes};
pub use ops::{
    Access, among, create, deleted_under, find, memberships, of_organization, of_user, owners, page, remove, role,
    seats, seen, standing, team_page, visible, visible_among,
};
pub use sql::{counts, names};

use crate::words::words;
use base::{Timestamp, id};

words! {
    /// What a member of the team may do (C51).
    pub enum AppRole {
        /// Everything: team, access requests, clients, credentials.
        Owner = "OWNER",
        /// Edits the app, its clients and their credentials; neither subscribes nor manages the team.
        Developer = "DEVELOPER",
        /// Looks; never sees a secret.
        ReadOnly = "READ_ONLY",
    }
}

/// A consumer's program.
#[derive(Clone, Debug)]
pub struct App {
    /// Identity.
    pub id: id::AppId,
    /// Guard of the row.
    pub version: i64,
    /// Whose.
    pub organization: id::OrganizationId,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// When it was created.
    pub created_at: Timestamp,
}

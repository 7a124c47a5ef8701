//! People and service accounts: registration, sign-in, sessions, personal access tokens.
//!
//! **Invariant:** a service account never signs in as a person (F37), only a digest of any secret is kept, and an address
//! that is proven belongs to one account.

mod adopt;
mod http;
mod ops;
mod password;
mod role;
mod rule;
mod sql;

pub use adopt::{AdoptedUser, adopt, people};
pub use http::{PersonList, PersonView, RoleView, UserView, routes};
pub(crate) use http::{session_cookie_value, session_view, view};
pub(crate) use ops::{Begun, NewUser, SetUp, csrf_of, register, set_up, sign_in, sign_out};
pub use ops::{
    Proof, among, by_personal_token, by_session, confirm, create_administrator, create_service_account, find,
    find_by_username, find_by_verified_email, fold, grant_role, keep_password, mark_verified, names, people_among,
    privileged_under, remove_service_account, rename_service_account, require, require_verified, reset_password, roles,
    roles_of, sees_address, site_admins, verification_link,
};
pub use role::word as role_word;
pub use rule::{SERVICE_ACCOUNT_PREFIX, Throttle, email};

use crate::words::words;
use base::{Actor, Timestamp, id};
use std::collections::BTreeSet;

/// The name of the session cookie. `__Host-` binds it to this host, HTTPS and the whole path.
pub const SESSION_COOKIE: &str = "__Host-wayleave";

words! {
    /// What a user is.
    pub enum UserKind {
        /// A person.
        Human = "human",
        /// The user that a client appears as.
        ServiceAccount = "service_account",
    }

    /// A language that pages are written in.
    pub enum Language {
        /// English.
        En = "en",
        /// German.
        De = "de",
    }

    /// What somebody may override of what a profile fences, everywhere or under one profile (C80).
    pub enum Privilege {
        /// Whether and where versions are published.
        Publish = "override.publish",
        /// How callers authenticate.
        Security = "override.security",
        /// What a version is made of, and where it forwards to.
        Implementation = "override.implementation",
        /// Whether a subscription is required, and the plans offered.
        Subscription = "override.subscription",
        /// What the gateway changes of requests.
        RequestModification = "override.request_modification",
        /// What a version's document says of the security of single operations.
        Document = "override.document",
        /// All of it, and the choice of the profile itself.
        All = "override.all",
    }

    /// Whether a user may sign in.
    pub enum UserState {
        /// May.
        Active = "active",
        /// May not, and every session and token of theirs is dead.
        Locked = "locked",
    }
}

/// A person or a service account.
#[derive(Clone, Debug)]
pub struct User {
    /// Identity; never changes (C66).
    pub id: id::UserId,
    /// Guard of the row.
    pub version: i64,
    /// What it is.
    pub kind: UserKind,
    /// Unique, lower case.
    pub username: String,
    /// For people.
    pub display_name: String,
    /// Where mail goes; empty for service accounts.
    pub email: String,
    /// Whether the address was proven.
    pub email_verified: bool,
    /// Whether it may sign in.
    pub state: UserState,
    /// Holds `site_admin`.
    pub site_admin: bool,
    /// A PHC string; none for service accounts.
    pub password: Option<String>,
    /// Whether the program made the password up, and the person has not chosen one yet.
    pub password_is_generated: bool,
    /// When a link that proves the address was last asked for.
    pub verification_asked_at: Option<Timestamp>,
    /// In which language they read; `None` leaves it to the browser.
    pub language: Option<Language>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A role that somebody was given.
#[derive(Clone, Debug)]
pub struct UserRole {
    /// Identity.
    pub id: id::UserRoleId,
    /// Who holds it.
    pub user: id::UserId,
    /// A word that profiles ask for, or a [`Privilege`].
    pub role: String,
    /// The profile that a privilege is for; `None` means everywhere.
    pub profile: Option<id::ProfileId>,
    /// Who gave it.
    pub granted_by: Actor,
    /// When.
    pub granted_at: Timestamp,
}

/// What one person holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    words: BTreeSet<String>,
    privileges: Vec<(Privilege, Option<id::ProfileId>)>,
}

/// A personal access token, without its secret.
#[derive(Clone, Debug)]
pub struct PersonalToken {
    /// Identity.
    pub id: id::PersonalTokenId,
    /// Whose.
    pub user: id::UserId,
    /// What its owner calls it.
    pub name: String,
    /// The last four symbols.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `None` is never.
    pub expires_at: Option<Timestamp>,
}

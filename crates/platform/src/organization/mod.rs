//! Organizations: owners of apps and APIs, with members, invitations, granted roles, and others that they manage.
//!
//! **Invariant:** an organization always has at least one OWNER (one that was imported may come without members, and keeps
//! one as soon as it has one); one that is managed manages none; and whoever acts for a managed organization gains no role
//! on it that would outlive that.

mod adopt;
mod http;
mod ops;
mod rule;
mod sql;

pub use adopt::{
    AdoptedOrganization, adopt, adopt_members, adopted_members, members_of, readable, readable_page, roles_of,
};
pub use http::{ContactView, OrganizationView, routes};
pub use ops::{
    New, Seats, accept_all, business_admins, business_of, create, find, find_invitation, granted, hold,
    invitation_by_token, invitation_link, is_member, list, managed_page, manager_of, members_page, memberships,
    of_user, open_invitations, owners, providers, put_member, put_role, require, reseller, standing, visible,
    visible_among,
};
pub use sql::{among, counts_of_managed, counts_of_members, names};

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

    /// What is granted on an organization beside membership, and without it.
    pub enum GrantedRole {
        /// The API side of all of its APIs: decides, modifies any subscription, lifts any suspension (A47).
        BusinessAdmin = "business_admin",
        /// Creates and edits its APIs; does not decide on requests.
        ApiDesigner = "api_designer",
    }

    /// Where an invitation stands.
    pub enum InvitationState {
        /// Waits for the person.
        Pending = "pending",
        /// The person has joined.
        Accepted = "accepted",
        /// The person does not want to.
        Declined = "declined",
        /// Taken back by the organization.
        Cancelled = "cancelled",
        /// Nobody has answered in time.
        Expired = "expired",
    }
}

/// Whom to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// A person or a desk; may be empty.
    pub name: String,
    /// Where mail goes; may be empty.
    pub email: String,
    /// `https://...` or `http://...`; may be empty.
    pub url: String,
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
    /// Whom to ask.
    pub contact: Contact,
    /// The organization whose OWNERs act for it (reseller).
    pub managed_by: Option<id::OrganizationId>,
    /// Since when it is managed.
    pub managed_since: Option<Timestamp>,
    /// When it was founded.
    pub created_at: Timestamp,
}

/// Somebody is asked to join. The link in the mail is derived from it: see [`invitation_link`].
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Identity.
    pub id: id::InvitationId,
    /// Where to.
    pub organization: id::OrganizationId,
    /// Whoever has proven this address; folded.
    pub email: String,
    /// As what.
    pub role: OrganizationRole,
    /// Where it stands; one that is pending may have run out.
    pub state: InvitationState,
    /// Who asks.
    pub invited_by: id::UserId,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

impl Invitation {
    /// Where it stands now.
    pub fn state_at(&self, now: Timestamp) -> InvitationState {
        match self.state {
            InvitationState::Pending if now >= self.expires_at => InvitationState::Expired,
            state => state,
        }
    }
}

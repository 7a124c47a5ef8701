//! Follows: a user wants news of an API, an app, an organization or a group.
//!
//! **Invariant:** a user follows a resource at most once, and begins only with what they can see.

mod http;
mod ops;
mod sql;

pub use http::routes;
pub use ops::{Sight, among, counts, followers_page, forget, of_user, of_user_page, seen, since_of};

use crate::authz::Verb;
use base::id::{ApiId, AppId, GroupId, Id, OrganizationId};
use base::{Kind, Ref};

/// What can be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// An API (A21).
    Api(ApiId),
    /// An app (A22).
    App(AppId),
    /// An organization.
    Organization(OrganizationId),
    /// A group of people.
    Group(GroupId),
}

impl Topic {
    /// What it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Api(_) => Kind::Api,
            Self::App(_) => Kind::App,
            Self::Organization(_) => Kind::Organization,
            Self::Group(_) => Kind::Group,
        }
    }

    /// Its identifier.
    pub fn id(&self) -> &str {
        match self {
            Self::Api(id) => id.as_str(),
            Self::App(id) => id.as_str(),
            Self::Organization(id) => id.as_str(),
            Self::Group(id) => id.as_str(),
        }
    }

    /// The topic that a reference names; `None` for what nobody can follow.
    pub fn of(named: &Ref) -> Option<Self> {
        match named.kind {
            Kind::Api => ApiId::parse(&named.id).ok().map(Self::Api),
            Kind::App => AppId::parse(&named.id).ok().map(Self::App),
            Kind::Organization => OrganizationId::parse(&named.id).ok().map(Self::Organization),
            Kind::Group => GroupId::parse(&named.id).ok().map(Self::Group),
            _ => None,
        }
    }

    /// What somebody must be allowed to do to remove a follower who is somebody else (A25).
    pub const fn removal(&self) -> Verb {
        match self {
            Self::Api(_) => Verb::ApiAdminister,
            Self::App(_) => Verb::AppManage,
            Self::Organization(_) => Verb::OrganizationMembers,
            Self::Group(_) => Verb::GroupEdit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::id::UserId;

    /// A21 A22
    #[test]
    fn apis_apps_organizations_and_groups_can_be_followed_and_nothing_else() {
        let topics = [
            Topic::Api(ApiId::from_bits(1)),
            Topic::App(AppId::from_bits(2)),
            Topic::Organization(OrganizationId::from_bits(3)),
            Topic::Group(GroupId::from_bits(4)),
        ];
        let kinds: Vec<Kind> = topics.iter().map(Topic::kind).collect();
        for topic in topics {
            assert_eq!(Topic::of(&Ref { kind: topic.kind(), id: topic.id().to_owned() }), Some(topic));
        }
        for kind in Kind::ALL.iter().copied().filter(|kind| !kinds.contains(kind)) {
            assert_eq!(Topic::of(&Ref::new(kind, &ApiId::from_bits(1))), None);
        }
        assert_eq!(Topic::of(&Ref::new(Kind::Api, &UserId::from_bits(1))), None);
    }
}

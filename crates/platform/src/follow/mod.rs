//! Follows: a user wants news of an API or an app.
//!
//! **Invariant:** a user follows a resource at most once, and begins only with what they can see.

mod http;
mod ops;
mod sql;

pub use http::routes;
pub use ops::{among, counts, followers, forget, of_user};

use crate::authz::Verb;
use base::id::{ApiId, AppId, Id};
use base::{Kind, Ref};

/// What can be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// An API (A21).
    Api(ApiId),
    /// An app (A22).
    App(AppId),
}

impl Topic {
    /// What it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Api(_) => Kind::Api,
            Self::App(_) => Kind::App,
        }
    }

    /// Its identifier.
    pub fn id(&self) -> &str {
        match self {
            Self::Api(id) => id.as_str(),
            Self::App(id) => id.as_str(),
        }
    }

    /// The topic that a reference names; `None` for what nobody can follow.
    pub fn of(named: &Ref) -> Option<Self> {
        match named.kind {
            Kind::Api => ApiId::parse(&named.id).ok().map(Self::Api),
            Kind::App => AppId::parse(&named.id).ok().map(Self::App),
            _ => None,
        }
    }

    /// What somebody must be allowed to do to remove a follower who is somebody else (A25).
    pub const fn removal(&self) -> Verb {
        match self {
            Self::Api(_) => Verb::ApiAdminister,
            Self::App(_) => Verb::AppManage,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::id::UserId;

    /// A21 A22
    #[test]
    fn apis_and_apps_can_be_followed_and_nothing_else() {
        for topic in [Topic::Api(ApiId::from_bits(1)), Topic::App(AppId::from_bits(2))] {
            assert_eq!(Topic::of(&Ref { kind: topic.kind(), id: topic.id().to_owned() }), Some(topic));
        }
        for kind in Kind::ALL.iter().copied().filter(|kind| !matches!(kind, Kind::Api | Kind::App)) {
            assert_eq!(Topic::of(&Ref::new(kind, &ApiId::from_bits(1))), None);
        }
        assert_eq!(Topic::of(&Ref::new(Kind::Api, &UserId::from_bits(1))), None);
    }
}

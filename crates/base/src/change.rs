//! The change: the only thing that closes a write, and the only thing that announces one.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// What kind of resource a reference names. The text is the one in URLs, the database and feeds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }
        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// The word for this kind.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
            /// The kind that this word names.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// A person or service account.
    User = "user",
    /// An owner of apps and APIs.
    Organization = "organization",
    /// People inside an organization.
    Group = "group",
    /// Where versions are published.
    Environment = "environment",
    /// Where the gateway forwards to.
    Destination = "destination",
    /// Windows that cap calls.
    LimitGroup = "limit_group",
    /// A fence and template for designers.
    Profile = "profile",
    /// What consumers subscribe under.
    Plan = "plan",
    /// A published interface.
    Api = "api",
    /// A set of APIs.
    ApiGroup = "api_group",
    /// A version of an API.
    Version = "version",
    /// A consumer's program.
    App = "app",
    /// A security principal.
    Client = "client",
    /// A secret, key or certificate.
    Credential = "credential",
    /// An app's access to an API.
    Subscription = "subscription",
    /// An inbox item of an administrator.
    Task = "task",
    /// A legal text.
    Agreement = "agreement",
    /// A signing key of the authorization server.
    SigningKey = "signing_key",
    /// A token or grant.
    Grant = "grant",
    /// An address that is told of changes.
    Webhook = "webhook",
}

/// Names one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ref {
    /// What it is.
    pub kind: Kind,
    /// Its identifier.
    pub id: String,
}

impl Ref {
    /// Names the resource `id` of this kind.
    pub fn new(kind: Kind, id: &impl std::fmt::Display) -> Self {
        Self { kind, id: id.to_string() }
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A user, by id.
    User(String),
    /// A client acting for itself, by its id.
    Client(String),
    /// The program: the clock, an automatic activation, the first start.
    System,
    /// Somebody who has not signed in, such as a person who registers.
    Nobody,
}

impl Actor {
    /// The text in the database: `user:usr_...`, `client:cli_...`, `system` or `nobody`.
    pub fn to_text(&self) -> String {
        match self {
            Self::User(id) => format!("user:{id}"),
            Self::Client(id) => format!("client:{id}"),
            Self::System => "system".into(),
            Self::Nobody => "nobody".into(),
        }
    }

    /// The inverse of [`Actor::to_text`]; unknown text reads as nobody.
    pub fn from_text(text: &str) -> Self {
        match text.split_once(':') {
            Some(("user", id)) => Self::User(id.into()),
            Some(("client", id)) => Self::Client(id.into()),
            _ if text == "system" => Self::System,
            _ => Self::Nobody,
        }
    }
}

/// One entry of the change log, before it has its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What happened, as `{noun}.{past tense}`: `subscription.approved`.
    pub verb: &'static str,
    /// What it happened to.
    pub subject: Ref,
    /// Every further resource whose board should show it. The subject itself need not be repeated.
    pub touches: Vec<Ref>,
    /// The person's own words, if any.
    pub note: Option<String>,
    /// Before and after, for people: never a secret.
    pub detail: serde_json::Value,
    /// The HTTP request that caused it, if any.
    pub request: Option<String>,
}

impl Change {
    /// The subject and all touches, each once, in a stable order.
    pub fn all_touches(&self) -> Vec<&Ref> {
        let mut all: Vec<&Ref> = std::iter::once(&self.subject).chain(&self.touches).collect();
        all.sort();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_actors_survive_their_text() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
        for actor in [Actor::User("u".into()), Actor::Client("c".into()), Actor::System, Actor::Nobody] {
            assert_eq!(Actor::from_text(&actor.to_text()), actor);
        }
    }
}

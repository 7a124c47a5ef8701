//! Environments: where versions are published, and the address under which a gateway reaches them.
//!
//! **Invariant:** no two environments share host and prefix, so an address names at most one of them.

mod http;
mod ops;
mod rule;
mod sql;

pub use http::{EnvironmentView, routes};
pub use ops::{EnvironmentEdit, NewEnvironment, all, create, edit, ensure_defaults, find, find_by_slug, require, row};
pub use sql::names;

use base::{Timestamp, id};

/// Where versions are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Identity.
    pub id: id::EnvironmentId,
    /// Guard of the row.
    pub version: i64,
    /// The word for it in requests: `production`, `sandbox`. Unique.
    pub slug: String,
    /// For people.
    pub name: String,
    /// The host name that selects it, in lower case; empty means any host.
    pub host: String,
    /// The path prefix that selects it, without a slash at its end: empty or `/sandbox`.
    pub prefix: String,
    /// What it is for.
    pub description: String,
    /// Where tokens for it come from; empty members are this program's own.
    pub urls: Urls,
    /// The name of the gateway configuration that serves it, for operators; may be empty.
    pub gateway: String,
    /// When it was created.
    pub created_at: Timestamp,
}

/// Where tokens for an environment come from, as it was said. Empty is this program itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Urls {
    /// Where people say yes.
    pub authorization: String,
    /// Where tokens are issued.
    pub token: String,
    /// Where OpenID Connect describes itself.
    pub discovery: String,
}

impl Environment {
    /// Where tokens for it come from, all three in full: what was said, else this program's own.
    pub fn addresses(&self, public_url: &str) -> Urls {
        let own = |said: &str, path: &str| {
            if said.is_empty() { format!("{}{path}", public_url.trim_end_matches('/')) } else { said.to_owned() }
        };
        Urls {
            authorization: own(&self.urls.authorization, "/oauth2/authorize"),
            token: own(&self.urls.token, "/oauth2/token"),
            discovery: own(&self.urls.discovery, "/.well-known/openid-configuration"),
        }
    }

    /// The address under which callers reach it, without a slash at its end: that of the gateway, with the host and the
    /// prefix of this environment.
    pub fn base_url(&self, gateway_url: &str) -> String {
        let gateway = gateway_url.trim_end_matches('/');
        let host = match (self.host.as_str(), url::Url::parse(gateway)) {
            ("", _) | (_, Err(_)) => gateway.to_owned(),
            (host, Ok(gateway)) => {
                let port = gateway.port().map(|port| format!(":{port}")).unwrap_or_default();
                format!("{}://{host}{port}", gateway.scheme())
            }
        };
        format!("{host}{}", self.prefix)
    }
}

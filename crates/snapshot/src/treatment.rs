//! How the calls of a version or of one operation are treated: what proves who calls, and what is changed on requests.
//!
//! **Invariant:** what an operation says of its own takes the place of what its version says, whole: the two are never
//! mixed, so what is shown of an operation is what holds for it.

use crate::modification::Rewrite;
use crate::row::{KeyPlace, OperationRow, PublicationRow, Scheme};

/// Where an API key travels when a version's security does not say it.
pub const USUAL_KEY_HEADER: &str = "x-api-key";

/// What a version or an operation accepts as proof of who calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepts {
    /// Calls without any credential pass (C14).
    pub anonymous: bool,
    /// Places of API keys; header names in lower case.
    pub key_places: Vec<KeyPlace>,
    /// `client_id` and client secret by HTTP Basic.
    pub basic: bool,
    /// OAuth access tokens as bearer.
    pub bearer: bool,
    /// Scopes that a token must carry: all of at least one of these lists.
    pub scopes: Vec<Vec<String>>,
}

impl Accepts {
    /// Sorts the schemes of a version or of an operation. Without any scheme but with a required subscription every kind is accepted,
    /// since only an identified caller can have a subscription.
    pub fn of(security: &[Scheme], subscription_required: bool) -> Self {
        let mut out = Self::default();
        if security.is_empty() {
            out.anonymous = !subscription_required;
            if subscription_required {
                out.key_places.push(KeyPlace::Header(USUAL_KEY_HEADER.into()));
                out.basic = true;
                out.bearer = true;
            }
            return out;
        }
        for scheme in security {
            match scheme {
                Scheme::ApiKey { place } => {
                    let place = match place {
                        KeyPlace::Header(name) => KeyPlace::Header(name.to_ascii_lowercase()),
                        KeyPlace::Query(name) => KeyPlace::Query(name.clone()),
                    };
                    if !out.key_places.contains(&place) {
                        out.key_places.push(place);
                    }
                }
                Scheme::OAuth { scopes } => {
                    out.bearer = true;
                    out.scopes.push(scopes.clone());
                }
                Scheme::Basic => out.basic = true,
            }
        }
        out
    }

    /// What a caller may send, in words.
    pub fn in_words(&self) -> String {
        let mut words: Vec<String> = self
            .key_places
            .iter()
            .map(|place| match place {
                KeyPlace::Header(name) => format!("an API key in the header `{name}`"),
                KeyPlace::Query(name) => format!("an API key in the query parameter `{name}`"),
            })
            .collect();
        if self.bearer {
            words.push("an OAuth access token as `Authorization: Bearer`".into());
        }
        if self.basic {
            words.push("client id and secret as `Authorization: Basic`".into());
        }
        words.join(", or ")
    }
}

/// How calls are treated.
#[derive(Clone, Debug, Default)]
pub struct Treatment {
    /// What proves who calls.
    pub accepts: Accepts,
    /// What is changed on requests before they are forwarded.
    pub rewrite: Option<Box<Rewrite>>,
}

impl Treatment {
    /// What the version says.
    pub(crate) fn usual(row: &PublicationRow, faults: &mut Vec<String>) -> Self {
        let accepts = Accepts::of(&row.security, row.subscription_required);
        Self { accepts, rewrite: Rewrite::of(&row.modification, faults).map(Box::new) }
    }

    /// What an operation says; `None` if it leaves everything to its version.
    pub(crate) fn own(row: &PublicationRow, operation: &OperationRow, faults: &mut Vec<String>) -> Option<Self> {
        if operation.security.is_none() && operation.modification.is_none() {
            return None;
        }
        let security = operation.security.as_ref().unwrap_or(&row.security);
        let modification = operation.modification.as_ref().unwrap_or(&row.modification);
        let accepts = Accepts::of(security, row.subscription_required);
        Some(Self { accepts, rewrite: Rewrite::of(modification, faults).map(Box::new) })
    }
}

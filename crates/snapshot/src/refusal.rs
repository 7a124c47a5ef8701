//! Why a call is refused.

use base::ProblemKind;

/// The stage that decided a call; the words are those of [`crate::DecisionRecord::rule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The address.
    Route,
    /// The credential or token.
    Credential,
    /// The client.
    Client,
    /// The subscription.
    Subscription,
    /// The token's scopes.
    Scope,
    /// A window of the plan.
    Limit,
    /// The upstream.
    Upstream,
    /// Nothing refused: the call was answered.
    Done,
}

impl Rule {
    /// The word in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Credential => "credential",
            Self::Client => "client",
            Self::Subscription => "subscription",
            Self::Scope => "scope",
            Self::Limit => "limit",
            Self::Upstream => "upstream",
            Self::Done => "done",
        }
    }
}

/// A refusal: what the caller is told and what the record keeps. It names nothing that is not the caller's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code and status.
    pub kind: ProblemKind,
    /// The stage that decided.
    pub rule: Rule,
    /// What happened and what to do, with the values that mattered.
    pub detail: String,
    /// The scopes that the operation wants (RFC 6750 section 3.1).
    pub scopes: Vec<String>,
    /// The methods that the path takes (RFC 9110 section 15.5.6).
    pub allow: Vec<String>,
}

impl Refusal {
    /// A refusal of this kind.
    pub fn new(kind: ProblemKind, rule: Rule, detail: impl Into<String>) -> Self {
        Self { kind, rule, detail: detail.into(), scopes: Vec::new(), allow: Vec::new() }
    }
}

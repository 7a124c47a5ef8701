//! The parts of a profile, each about one side of an API.

use crate::words::words;
use serde_json::{Map, Value};

words! {
    /// What a version is made of.
    pub enum Implementation {
        /// Pipelines of tasks.
        Pipeline = "pipeline",
        /// A script.
        Script = "script",
        /// Forwarding to a destination.
        Proxy = "proxy",
    }
}

/// Whether a subscription is required, and whether designers may deviate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProfileSubscription)]
pub struct SubscriptionRule {
    /// Whether designers may change whether a subscription is required, and the plans offered.
    pub allow_override: bool,
    /// Whether only subscribers may call; `true` unless given.
    pub required: bool,
}

impl Default for SubscriptionRule {
    fn default() -> Self {
        Self { allow_override: false, required: true }
    }
}

/// What the gateway changes of requests, and whether designers may deviate.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProfileRequestModification)]
pub struct RequestmodRule {
    /// Whether `defaults` are the settings of new versions.
    pub specify_defaults: bool,
    /// Whether designers may change them.
    pub allow_override: bool,
    /// In the shape of a version's request modification.
    #[schema(value_type = Object)]
    pub defaults: Map<String, Value>,
}

/// How callers authenticate, and whether designers may deviate.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProfileSecurity)]
pub struct SecurityRule {
    /// Whether `defaults` are the settings of new versions.
    pub specify_defaults: bool,
    /// Whether designers may change the security of a version.
    pub allow_override: bool,
    /// Whether designers may set the security of single operations.
    pub allow_override_per_operation: bool,
    /// Its member `schemes` is in the shape of a version's `security`; an empty list lets anonymous calls pass. Other
    /// members are kept as they are.
    #[schema(value_type = Object)]
    pub defaults: Map<String, Value>,
}

/// What versions may be made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProfileImplementation)]
pub struct ImplementationRule {
    /// Whether only the kinds below are allowed; else all are.
    pub limit_methods: bool,
    /// Pipelines of tasks.
    pub method_pipeline: bool,
    /// Scripts.
    pub method_script: bool,
    /// Forwarding to a destination.
    pub method_proxy: bool,
    /// Whether designers may choose for single operations, and not only for the whole API.
    pub allow_override_per_operation: bool,
}

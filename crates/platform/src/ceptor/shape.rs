//! The JSON of the Ceptor data model, member by member, dotted names included. What a member means is in `docs/ceptor.md`.
//!
//! One type serves both ways. Read, a member that is absent leaves things as they are; written, every member is there, save
//! the secrets.

pub use super::foreign::{Pairs, Uuid};
use crate::app::AppRole;
use crate::client::{GrantType, TokenType};
use crate::organization::OrganizationRole;
use base::secret::Secret;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Tells `null`, which takes a value away, from an absent member, which leaves it.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}

/// A plan (C01). Its id never changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SubscriptionPlan {
    /// ID of this subscription plan; that of the address unless given.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub id: Option<Uuid>,
    /// Name of this subscription plan.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Description of this plan.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether APIs that are created from now on offer it.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    /// Whether subscriptions under it wait for an administrator.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub requires_approval: Option<bool>,
    /// The rate limit group that caps calls under it; null is no cap.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub ratelimitgroup: Option<Option<Uuid>>,
}

/// So many calls in so much time.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CeptorLimit)]
pub struct Limit {
    /// Calls allowed in one stretch, 1 to 10^12.
    pub count: i64,
    /// Length of a stretch in seconds, 1 to 31,622,400. Stretches are aligned to the epoch in UTC.
    pub seconds: i64,
}

/// A set of limits that all hold (C73). The document leaves its members out; these are ours, in its style.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RateLimitGroup {
    /// ID of this rate limit group; that of the address unless given.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub id: Option<Uuid>,
    /// Name of this rate limit group.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// One to eight, each of another length; all of them hold.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub limits: Option<Vec<Limit>>,
}

/// Template and fence for the designers of APIs (C09). Its name is its identity.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CeptorApiProfile)]
pub struct ApiProfile {
    /// Name of this profile; that of the address unless given.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Description of this profile.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A designer needs one of these to choose it; empty is any designer.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Whether designers may change whether a subscription is required, and the plans.
    #[serde(
        rename = "subscription.allow.override",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub subscription_allow_override: Option<bool>,
    /// Whether only subscribers may call.
    #[serde(
        rename = "subscription.required",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub subscription_required: Option<bool>,
    /// The plans that may be offered; empty means any.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub subscriptionplans: Option<Vec<Uuid>>,
    /// Whether `requestmod` is the setting of new versions.
    #[serde(
        rename = "requestmod.specify.defaults",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub requestmod_specify_defaults: Option<bool>,
    /// Whether designers may change it.
    #[serde(
        rename = "requestmod.allow.override",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub requestmod_allow_override: Option<bool>,
    /// In the shape of a version's request modification.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub requestmod: Option<Map<String, Value>>,
    /// Whether `security` is the setting of new versions.
    #[serde(
        rename = "security.specify.defaults",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub security_specify_defaults: Option<bool>,
    /// Whether designers may change it.
    #[serde(
        rename = "security.allow.override",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub security_allow_override: Option<bool>,
    /// Whether designers may set it for single operations.
    #[serde(
        rename = "security.allow.override.per.operation",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub security_allow_override_per_operation: Option<bool>,
    /// Its member `schemes` is in the shape of a version's security.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub security: Option<Map<String, Value>>,
    /// Whether only the kinds below are allowed.
    #[serde(
        rename = "implementation.limit.methods",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub implementation_limit_methods: Option<bool>,
    /// Pipelines of tasks.
    #[serde(
        rename = "implementation.method.pipeline",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub implementation_method_pipeline: Option<bool>,
    /// Scripts.
    #[serde(
        rename = "implementation.method.script",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub implementation_method_script: Option<bool>,
    /// Forwarding to a destination.
    #[serde(
        rename = "implementation.method.proxy",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub implementation_method_proxy: Option<bool>,
    /// Whether designers may choose for single operations.
    #[serde(
        rename = "implementation.allow.override.per.operation",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub implementation_allow_override_per_operation: Option<bool>,
    /// Whether designers may publish.
    #[serde(rename = "publish.allow", deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub publish_allow: Option<bool>,
    /// The words of environments that they may publish to; empty means any.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub environments: Option<Vec<String>>,
    /// The names of destinations that they may forward to; empty means any.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub destinations: Option<Vec<String>>,
}

/// Somebody and their role.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CeptorDeveloperRole)]
pub struct Developer {
    /// The UID of the developer.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub id: Option<Uuid>,
    /// The role for this application.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub role: Option<AppRole>,
}

/// Somebody and their role.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PartnerDeveloper {
    /// The UID of the developer.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub id: Option<Uuid>,
    /// The role for this partner.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub role: Option<OrganizationRole>,
}

/// An organization that owns applications. The document leaves its members out; these are ours, in its style.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CeptorPartner)]
pub struct Partner {
    /// ID of this partner; that of the address unless given.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub id: Option<Uuid>,
    /// Name of this partner.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Description of the partner.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its developers and their roles; nobody else has one.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub developers: Option<Vec<PartnerDeveloper>>,
}

/// A certificate of a TLS client (C52 to C57).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CeptorCertificate)]
pub struct Certificate {
    /// Subject DN; it must match the certificate.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Issuer DN; it must match the certificate.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Base64 of the DER.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// ID of the developer who added it, if any.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub developer: Option<Option<Uuid>>,
    /// Whether it counts after its end.
    #[serde(
        rename = "certificate.allow.expired",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub allow_expired: Option<bool>,
    /// Whether it is trusted because it is this one, whoever signed it.
    #[serde(
        rename = "certificate.skip.chain.checks",
        deserialize_with = "crate::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    pub skip_chain_checks: Option<bool>,
}

/// A request for a subscription, decided or not (C58 to C64).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PendingSubscription {
    /// API ID.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub apiid: Option<Uuid>,
    /// Subscription plan ID.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub subscriptionplan_id: Option<Uuid>,
    /// Comment made by the requestor.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub comment_requestor: Option<Option<String>>,
    /// Comment made by whoever decided.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub comment_response: Option<Option<String>>,
    /// Whether nobody of the application has read the decision.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    /// ID of the task that asks for the decision; the server makes one unless given.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub action_id: Option<Option<Uuid>>,
    /// Whether it was approved. Without an entry in `subscriptions` it waits for activation.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub approved: Option<bool>,
    /// Whether it was rejected.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub rejected: Option<bool>,
}

/// An app with its first client (C32 to C64).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CeptorApplication)]
pub struct Application {
    /// Unique ID of this application; that of the address unless given.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub id: Option<Uuid>,
    /// Name of this application.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Description of the application.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The partner that it belongs to; never changes.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub partner_id: Option<Uuid>,
    /// The client ID that can authenticate it; never changes. Null while it has no client.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub client_id: Option<Option<String>>,
    /// The secret for the client ID. Accepted, kept as a digest, never shown.
    #[serde(deserialize_with = "crate::web::given", skip_serializing)]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    pub client_secret: Option<Secret>,
    /// API keys. Accepted, kept as digests, never shown; those that are left out stay.
    #[serde(deserialize_with = "crate::web::given", skip_serializing)]
    #[schema(value_type = Option<Vec<String>>, write_only)]
    pub apikeys: Option<Vec<Secret>>,
    /// Scopes that it may request.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub allowed_scopes: Option<Vec<String>>,
    /// Grant types that it may use.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub valid_grant_types: Option<Vec<GrantType>>,
    /// Its team; nobody else is on it.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub developers: Option<Vec<Developer>>,
    /// What access tokens it gets. Null while it has no client.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TokenType>)]
    pub accesstoken_type: Option<Option<TokenType>>,
    /// OAuth2 redirect URIs.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub allowed_uris: Option<Vec<String>>,
    /// OAuth2 logout URIs.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub allowed_logout_uris: Option<Vec<String>>,
    /// Lifetime of access tokens in seconds; null is the server's.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub accesstoken_valid_seconds: Option<Option<i64>>,
    /// Lifetime of refresh tokens in seconds; null is the server's.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub refreshtoken_validity_seconds: Option<Option<i64>>,
    /// The longest lifetime of ID tokens in **minutes**; null is the server's.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub maximum_idtoken_expiration_minutes: Option<Option<i64>>,
    /// What it may call now: the plan by API, in one environment.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub subscriptions: Option<Pairs>,
    /// Requests, decided ones too, in the same environment.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub pending_subscriptions: Option<Vec<PendingSubscription>>,
    /// Certificates of TLS clients.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub certificates: Option<Vec<Certificate>>,
}

/// A partner and a role in it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PartnerRole {
    /// The UID of the partner.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub id: Option<Uuid>,
    /// The role for this partner.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub role: Option<OrganizationRole>,
}

/// An application and a role on its team.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApplicationRole {
    /// The UID of the application.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub id: Option<Uuid>,
    /// The role for this application.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub role: Option<AppRole>,
}

/// A person who works with the developer portal (C66 to C70).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApiDeveloper {
    /// The ID of this developer; that of the address unless given.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = "uuid")]
    pub id: Option<Uuid>,
    /// The username by which they sign in; never changes.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
    /// Contact e-mail.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The partners of this developer; there are no others.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub partners: Option<Vec<PartnerRole>>,
    /// The applications of this developer; there are no others.
    #[serde(deserialize_with = "crate::web::given", skip_serializing_if = "Option::is_none")]
    pub applications: Option<Vec<ApplicationRole>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Application, String> {
        crate::web::read_json(text.as_bytes()).map_err(|p| format!("{} {}", p.fields[0].pointer, p.detail))
    }

    #[test]
    fn what_stands_twice_or_nowhere_in_the_document_is_refused_with_its_place() {
        let faults = [
            (r#"{"name": "a", "name": "b"}"#, "/name"),
            (r#"{"colour": "red"}"#, "/colour"),
            (r#"{"name": null}"#, "/name"),
            (r#"{"developers": [{"id": "x"}]}"#, "/developers/0/id"),
            (r#"{"developers": [{"role": "BOSS"}]}"#, "/developers/0/role"),
            (r#"{"certificates": [{"certificate.allow.expiry": true}]}"#, "/certificates/0/certificate.allow.expiry"),
            (r#"{"accesstoken_valid_seconds": "60"}"#, "/accesstoken_valid_seconds"),
            (r#"{"subscriptions": []}"#, "/subscriptions"),
        ];
        for (text, pointer) in faults {
            let fault = read(text).expect_err(text);
            assert!(fault.starts_with(&format!("{pointer} ")), "{text}: {fault}");
        }
        let pair = r#""c819724f-69e3-46bf-86d9-b15e59d1ffb0": "4841e9f5-2af5-4e42-ac1d-6b19be04c446""#;
        assert!(read(&format!("{{\"subscriptions\": {{{pair}}}}}")).is_ok());
        let twice = read(&format!("{{\"subscriptions\": {{{pair}, {pair}}}}}")).expect_err("twice");
        assert!(twice.contains("twice"), "{twice}");
    }

    /// X06
    #[test]
    fn secrets_are_read_and_neither_written_nor_printed() {
        let text = r#"{"client_secret": "f2add5d3-e67a-415f", "apikeys": ["1b119b37-e43b-46e3"]}"#;
        let application = read(text).expect("it is one");
        assert!(
            application.client_secret.is_some() && application.apikeys.as_ref().is_some_and(|keys| keys.len() == 1)
        );
        let (written, printed) = (serde_json::to_string(&application).expect("JSON"), format!("{application:?}"));
        for text in [written, printed] {
            assert!(!text.contains("f2add5d3") && !text.contains("1b119b37"), "{text}");
        }
    }
}

//! The rows that a gateway knows: what the control plane's projection sends and `decide` reads.
//!
//! Rows are whole: the control plane never sends a part of one. Applying a row twice is harmless.

use crate::ending::EndingRow;
use crate::modification::Modification;
use base::id::Id;
use base::secret::Digest;
use base::{Timestamp, id};
use serde::{Deserialize, Serialize};

/// Where versions are published, and under which address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentRow {
    /// Identity.
    pub id: id::EnvironmentId,
    /// The word for it in URLs: `production`, `sandbox`.
    pub slug: String,
    /// The host name that selects it; `None` means any host.
    pub host: Option<String>,
    /// The path prefix that selects it, without a slash at its end: `` or `/sandbox`.
    pub prefix: String,
}

/// One window of a limit group: at most `count` calls in each stretch of `seconds`, aligned to the epoch in UTC
/// (stretches of whole weeks begin on Mondays).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Calls allowed in one stretch.
    pub count: u64,
    /// Length of a stretch in seconds.
    pub seconds: u64,
}

/// Windows that all hold at once (C73).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitGroupRow {
    /// Identity; the first part of the counting key.
    pub id: id::LimitGroupId,
    /// All of them hold.
    pub windows: Vec<Window>,
}

/// What a consumer subscribes under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Identity.
    pub id: id::PlanId,
    /// For people.
    pub name: String,
    /// The windows that cap calls; `None` means no cap.
    pub limit_group: Option<id::LimitGroupId>,
}

/// Where an API key travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "in", content = "name")]
pub enum KeyPlace {
    /// In a request header of this name.
    Header(String),
    /// In a query parameter of this name.
    Query(String),
}

/// One way of authenticating that a version accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "scheme")]
pub enum Scheme {
    /// An API key of a client.
    ApiKey {
        /// Where it travels.
        place: KeyPlace,
    },
    /// An OAuth access token, opaque or JWT, as bearer (RFC 6750).
    #[serde(rename = "oauth")]
    OAuth {
        /// Scopes that every operation demands.
        scopes: Vec<String>,
    },
    /// HTTP Basic with `client_id` and client secret.
    Basic,
}

/// One method on one path of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationRow {
    /// Its name within the version: the document's `operationId`, or made from method and path.
    pub name: String,
    /// Upper case.
    pub method: String,
    /// The path template of the document: `/users/{id}`.
    pub path: String,
    /// Scopes that this operation demands beside those of the version.
    pub scopes: Vec<String>,
    /// The accepted ways of authenticating in the place of the version's; `None` leaves it to the version.
    pub security: Option<Vec<Scheme>>,
    /// What is changed on its requests in the place of the version's changes; `None` leaves it to the version.
    pub modification: Option<Modification>,
}

/// One version in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationRow {
    /// The version.
    pub version: id::VersionId,
    /// Its API.
    pub api: id::ApiId,
    /// Where.
    pub environment: id::EnvironmentId,
    /// First path segment behind the environment's prefix.
    pub api_slug: String,
    /// Second path segment: `v3`.
    pub version_name: String,
    /// Whether only subscribers may call (C13, C14).
    pub subscription_required: bool,
    /// The accepted ways of authenticating; empty means that anonymous calls pass.
    pub security: Vec<Scheme>,
    /// Base addresses to forward to, `http://host:port/base`; the call's remaining path is appended.
    pub upstreams: Vec<String>,
    /// Whether paths outside the document are forwarded too.
    pub forward_everything: bool,
    /// What is changed on requests before they are forwarded.
    pub modification: Modification,
    /// What the document describes.
    pub operations: Vec<OperationRow>,
    /// When it ends, if it is deprecated or retired.
    pub ending: Option<EndingRow>,
}

/// A security principal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRow {
    /// Identity.
    pub id: id::ClientId,
    /// The identifier in OAuth messages.
    pub client_id: String,
    /// The app that it belongs to.
    pub app: Option<id::AppId>,
    /// Disabled clients are refused at the next call (F26).
    pub enabled: bool,
    /// Environments that it is narrowed to; empty means all.
    pub environments: Vec<id::EnvironmentId>,
    /// Tokens issued before this instant are dead.
    pub tokens_not_before: Timestamp,
    /// When the client itself ends.
    pub expires_at: Option<Timestamp>,
}

/// What a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// An OAuth client secret.
    ClientSecret,
    /// An API key.
    ApiKey,
}

/// A secret or key of a client, known by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRow {
    /// Identity.
    pub id: id::CredentialId,
    /// Whose.
    pub client: id::ClientId,
    /// What it is.
    pub kind: CredentialKind,
    /// How it is found.
    pub digest: Digest,
    /// Switched on.
    pub active: bool,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    /// Waits for a decision.
    Requested,
    /// Approved, waits for activation.
    Approved,
    /// Calls pass.
    Active,
    /// Calls are refused until it is resumed.
    Suspended,
    /// Refused by the API side.
    Rejected,
    /// Ended by either side.
    Cancelled,
    /// Ended by the clock.
    Expired,
}

/// What names a subscription on a call: at most one is live per key (A49).
pub type SubscriptionKey = (id::AppId, id::ApiId, id::EnvironmentId);

/// The newest subscription of an app to an API in an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionRow {
    /// Identity.
    pub id: id::SubscriptionId,
    /// The consumer.
    pub app: id::AppId,
    /// The provider's API.
    pub api: id::ApiId,
    /// Where.
    pub environment: id::EnvironmentId,
    /// Under which terms.
    pub plan: id::PlanId,
    /// Where it stands.
    pub state: SubscriptionState,
    /// From when on calls are refused, whatever the state says.
    pub ends_at: Option<Timestamp>,
}

impl SubscriptionRow {
    /// Its key.
    pub fn key(&self) -> SubscriptionKey {
        (self.app.clone(), self.api.clone(), self.environment.clone())
    }
}

/// An opaque access token that was issued and not revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Identity.
    pub id: id::TokenId,
    /// How it is found.
    pub digest: Digest,
    /// The client that it was issued to.
    pub client: id::ClientId,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was issued; compared with the client's `tokens_not_before`.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A public key of the authorization server, for verifying JWT access tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// `ES256`.
    pub alg: String,
    /// The public key as a JWK (RFC 7517).
    pub jwk: serde_json::Value,
}

/// One thing that changed. `None` takes the row away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// An environment.
    Environment(id::EnvironmentId, Option<EnvironmentRow>),
    /// A limit group.
    LimitGroup(id::LimitGroupId, Option<LimitGroupRow>),
    /// A plan.
    Plan(id::PlanId, Option<PlanRow>),
    /// A version in an environment.
    Publication(id::VersionId, id::EnvironmentId, Option<Box<PublicationRow>>),
    /// A client.
    Client(id::ClientId, Option<ClientRow>),
    /// A credential. Digests never change, so taking it away needs only the id.
    Credential(id::CredentialId, Option<CredentialRow>),
    /// The newest subscription under this key.
    Subscription(SubscriptionKey, Option<SubscriptionRow>),
    /// An opaque token.
    Token(id::TokenId, Option<TokenRow>),
    /// A JWT access token that was revoked before its end: its `jti`, and when it would have ended.
    RevokedJwt(id::TokenId, Timestamp),
    /// A signing key, by `kid`.
    Key(String, Option<KeyRow>),
}

/// Where the projection sends updates: a gateway in this process or a stream to another.
pub trait Sink: Send + Sync {
    /// Applies all updates and then counts every change up to `change` as applied. When this returns, the next
    /// call is decided under the new rows. Never fails: rows that make no sense are logged and refused alone.
    fn apply(&self, updates: Vec<Update>, change: i64);
    /// Forgets everything and starts from these rows, which are the state as of `change`.
    fn reload(&self, rows: Vec<Update>, change: i64);
}

/// How one call ended, for the owner of app or API (X01, X03).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// Identity; the caller saw it in the answer.
    pub id: id::DecisionId,
    /// When the call arrived.
    pub at: Timestamp,
    /// The request id of the answer.
    pub request: String,
    /// Whether the call was let through.
    pub allowed: bool,
    /// The slug of the problem, if it was refused.
    pub code: Option<String>,
    /// The stage that decided: `route`, `credential`, `client`, `subscription`, `limit`, `scope`, `upstream` or `done`.
    pub rule: String,
    /// What decided, in words, with the values that mattered.
    pub detail: String,
    /// The status that the caller got.
    pub status: u16,
    /// Method of the call.
    pub method: String,
    /// Path of the call, without its query.
    pub path: String,
    /// The environment's slug.
    pub environment: Option<id::EnvironmentId>,
    /// The API that the address named.
    pub api: Option<id::ApiId>,
    /// The version that the address named.
    pub version: Option<id::VersionId>,
    /// The operation.
    pub operation: Option<String>,
    /// The credential that was recognised, or the token's.
    pub credential: Option<id::CredentialId>,
    /// The token that was recognised.
    pub token: Option<String>,
    /// `api_key`, `basic`, `opaque_token` or `jwt`.
    pub credential_kind: Option<String>,
    /// The client.
    pub client: Option<id::ClientId>,
    /// The app.
    pub app: Option<id::AppId>,
    /// The subscription.
    pub subscription: Option<id::SubscriptionId>,
    /// The plan.
    pub plan: Option<id::PlanId>,
    /// The limit group.
    pub limit_group: Option<id::LimitGroupId>,
    /// The last change that the gateway had applied.
    pub change: i64,
    /// Microseconds from arrival to the decision's end, the upstream's time included.
    pub duration_micros: i64,
}

/// Calls of one minute that share all of these.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UsageKey {
    /// Minutes since the epoch.
    pub minute: i64,
    /// Where.
    pub environment: Option<id::EnvironmentId>,
    /// Which API.
    pub api: Option<id::ApiId>,
    /// Which version.
    pub version: Option<id::VersionId>,
    /// Which operation.
    pub operation: Option<String>,
    /// Who.
    pub app: Option<id::AppId>,
    /// By which client.
    pub client: Option<id::ClientId>,
    /// With which credential, if the call itself carried one.
    pub credential: Option<id::CredentialId>,
    /// Under which subscription.
    pub subscription: Option<id::SubscriptionId>,
    /// `allowed`, or the slug of the refusal (C76).
    pub outcome: String,
    /// The status that the caller got.
    pub status: u16,
}

/// A minute row of usage: add it to what is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRow {
    /// What the calls share.
    pub key: UsageKey,
    /// How many.
    pub calls: u64,
    /// Sum of their durations in microseconds.
    pub duration_micros: u64,
}

/// What the control plane reads back from a gateway.
pub trait Records: Send + Sync {
    /// A decision that the gateway still remembers.
    fn decision(&self, id: &id::DecisionId) -> Option<DecisionRecord>;
    /// Decisions since the last call of this method: refusals always, successes sampled.
    fn take_decisions(&self) -> Vec<DecisionRecord>;
    /// Usage counted since the last call of this method.
    fn take_usage(&self) -> Vec<UsageRow>;
    /// The last change that has been applied.
    fn applied(&self) -> i64;
}

/// The word for an optional id, for logs and usage rows.
pub fn id_text<I: Id>(id: Option<&I>) -> &str {
    id.map_or("", Id::as_str)
}

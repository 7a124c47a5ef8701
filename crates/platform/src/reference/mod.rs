//! OpenAPI documents made ready for a reader that draws them: one edition, an index of what can be called, texts as
//! trees, and how calls are made here instead of how the document thinks they are.
//!
//! **Invariant:** the document itself stays as it was written, apart from the edition: references are not followed, so
//! a reader walks cycles at its own pace and the answer is never much larger than the document. Nothing that the document
//! brings along passes for a tree of ours.

mod describe;
mod index;
#[cfg(test)]
mod tests;
mod upgrade;
mod written;

use crate::blocks::Block;
use crate::document::{Dialect, Document};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub use describe::MARK;
pub(crate) use upgrade::upgraded;
pub use written::{Place, unaddressed, written};

/// An address under which the operations can be called.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferenceServer)]
pub struct Server {
    /// Base address, without a slash at its end.
    pub url: String,
    /// The environment's word in URLs; absent for this program's own interface.
    pub environment: Option<String>,
    /// The environment's name.
    pub name: Option<String>,
}

/// What a way of authenticating is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReferenceSchemeKind)]
pub enum SchemeKind {
    /// A key in a header, a query parameter or a cookie.
    ApiKey,
    /// An OAuth access token, as bearer.
    #[serde(rename = "oauth")]
    OAuth,
    /// Another token, as bearer.
    Bearer,
    /// HTTP Basic.
    Basic,
    /// Something else.
    Other,
}

/// A way of authenticating.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferenceScheme)]
pub struct Scheme {
    /// What operations call it.
    pub id: String,
    /// What it is.
    pub kind: SchemeKind,
    /// Where an API key travels: `header`, `query` or `cookie`.
    pub place: Option<String>,
    /// The name of that header, parameter or cookie.
    pub parameter: Option<String>,
    /// Where access tokens are issued.
    pub token_url: Option<String>,
}

/// One way in that an operation accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReferenceDemand)]
pub struct Demand {
    /// Its `id`.
    pub scheme: String,
    /// The scopes that an access token must carry.
    pub scopes: Vec<String>,
}

/// A group of operations.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferenceTag)]
pub struct Tag {
    /// What operations call it.
    pub name: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub description: Vec<Block>,
}

/// One method on one path.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferenceOperation)]
pub struct Operation {
    /// Its name, unique within the document: what usage and decisions call it, too.
    pub name: String,
    /// Upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// One line for people; may be empty.
    pub summary: String,
    /// The groups that it belongs to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Whether the document advises against it.
    pub deprecated: bool,
    /// Where `document` describes it: JSON pointers (RFC 6901) to the operation, then to each path item whose parameters
    /// hold for it too.
    pub pointers: Vec<String>,
    /// Whether calls without any credential pass.
    pub anonymous: bool,
    /// The ways in, each enough by itself.
    pub security: Vec<Demand>,
}

/// A call that the provider makes to a subscriber.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReferenceWebhook)]
pub struct Webhook {
    /// Its name.
    pub name: String,
    /// Upper case.
    pub method: String,
    /// One line for people; may be empty.
    pub summary: String,
    /// As those of an operation.
    pub pointers: Vec<String>,
}

/// A document for readers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reference {
    /// What it is called.
    pub title: String,
    /// The version that the document names.
    pub version: String,
    /// The edition of OpenAPI that it was written in: `2.0`, `3.0` or `3.1`.
    pub edition: String,
    /// What it is about.
    pub description: Vec<Block>,
    /// Where calls go.
    pub servers: Vec<Server>,
    /// Every way of authenticating that an operation accepts.
    pub schemes: Vec<Scheme>,
    /// The groups in their order.
    pub tags: Vec<Tag>,
    /// Every operation, in the order of the document.
    pub operations: Vec<Operation>,
    /// The calls that the provider makes.
    pub webhooks: Vec<Webhook>,
    /// The document as JSON, 2.0 rewritten as 3.0. Beside each `description` that is more than one plain paragraph stands
    /// `x-wayleave-blocks`, its tree.
    #[schema(value_type = Object)]
    pub document: Value,
}

/// How calls are made, whatever the document says.
#[derive(Clone, Debug, Default)]
pub struct Calling {
    /// Where calls go.
    pub servers: Vec<Server>,
    /// The ways in.
    pub schemes: Vec<Scheme>,
    /// For each operation of the document, in their order.
    pub ways: Vec<Ways>,
}

/// How one operation is called.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// Its name here, if it is another than the document's.
    pub name: Option<String>,
    /// Whether calls without any credential pass.
    pub anonymous: bool,
    /// The ways in.
    pub security: Vec<Demand>,
}

/// The reference of `document`, whose operations are called as `calling` says.
pub fn of(document: Document, calling: Calling) -> Reference {
    let mut budget = describe::MOST_PIECES;
    let operations = index::operations(&document, calling.ways);
    let webhooks = index::webhooks(&document);
    let tags = index::tags(&document, &mut budget);
    let description = document.description.as_deref().map(|text| describe::tree(text, &mut budget)).unwrap_or_default();
    let Document { title, version, dialect, value, .. } = document;
    let mut value = if dialect == Dialect::V2 { upgraded(value) } else { value };
    describe::annotate(&mut value, &mut budget);
    Reference {
        title,
        version,
        edition: dialect.as_str().to_owned(),
        description,
        servers: calling.servers,
        schemes: calling.schemes,
        tags,
        operations,
        webhooks,
        document: value,
    }
}

/// How the document itself says that it is called.
pub fn declared(document: &Document) -> Calling {
    index::declared(document)
}

//! Looking at a document before it becomes a version: nothing is stored.

use super::ops::version_name;
use crate::cx::{Cx, Platform};
use crate::document::{self, DeclaredSecurity, Document, Format, Note, SecurityKind, Severity};
use crate::web::{Answer, Fail, Problems, RawBody};
use axum::extract::DefaultBodyLimit;
use base::Problem;
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How many documents are looked at at once; the largest take a while.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// How many operations an answer lists.
const MOST_LISTED: usize = 500;

/// Checking documents.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(document_check)).layer(DefaultBodyLimit::max(document::MOST_BYTES + 1))
}

/// Advice about a document.
#[derive(Serialize, ToSchema)]
pub struct NoteView {
    /// The rule that speaks; `docs/lint.md` describes it.
    rule: String,
    /// How much it matters.
    severity: Severity,
    /// A JSON pointer into the document.
    pointer: String,
    /// The line, where it is known.
    line: Option<usize>,
    /// What to consider.
    detail: String,
}

impl From<&Note> for NoteView {
    fn from(note: &Note) -> Self {
        Self {
            severity: Severity::of(note.rule),
            rule: note.rule.to_owned(),
            pointer: note.pointer.clone(),
            line: note.line,
            detail: note.detail.clone(),
        }
    }
}

/// An operation of a document.
#[derive(Serialize, ToSchema)]
pub struct CheckedOperation {
    /// Its name within the version.
    name: String,
    /// Upper case.
    method: String,
    /// The path template.
    path: String,
    /// One line for people.
    summary: Option<String>,
    /// The line of the document where it begins.
    line: Option<usize>,
}

/// A way of authenticating that a document declares.
#[derive(Serialize, ToSchema)]
pub struct DeclaredScheme {
    /// Its name in the document.
    name: String,
    /// `api_key`, `basic`, `bearer`, `http`, `oauth`, `openid_connect`, `mutual_tls` or `other`.
    kind: &'static str,
}

/// What a document would become.
#[derive(Serialize, ToSchema)]
pub struct CheckedDocument {
    /// Its title.
    title: String,
    /// The version as it was written.
    version: String,
    /// What the version would be called in URLs unless somebody says otherwise.
    name: String,
    /// What it says about itself.
    description: Option<String>,
    /// `json` or `yaml`.
    format: &'static str,
    /// Which edition of OpenAPI it follows: `2.0`, `3.0`, `3.1`.
    dialect: &'static str,
    /// How many operations it describes.
    operations: usize,
    /// The first 500 of them.
    items: Vec<CheckedOperation>,
    /// The addresses that it names; calls go where the version is published, not there.
    servers: Vec<String>,
    /// How it says that callers authenticate; the version has settings of its own.
    security: Vec<DeclaredScheme>,
    /// Advice.
    notes: Vec<NoteView>,
}

fn declared(scheme: &DeclaredSecurity) -> DeclaredScheme {
    let kind = match scheme.kind {
        SecurityKind::ApiKey { .. } => "api_key",
        SecurityKind::Basic => "basic",
        SecurityKind::Bearer => "bearer",
        SecurityKind::Http { .. } => "http",
        SecurityKind::OAuth2 => "oauth",
        SecurityKind::OpenIdConnect => "openid_connect",
        SecurityKind::MutualTls => "mutual_tls",
        SecurityKind::Other => "other",
    };
    DeclaredScheme { name: scheme.name.clone(), kind }
}

fn view(document: Document) -> CheckedDocument {
    CheckedDocument {
        name: version_name(&document.version),
        format: if document.format == Format::Json { "json" } else { "yaml" },
        dialect: document.dialect.as_str(),
        operations: document.operations.len(),
        notes: document.notes.iter().map(NoteView::from).collect(),
        security: document.security.iter().map(declared).collect(),
        items: document
            .operations
            .into_iter()
            .take(MOST_LISTED)
            .map(|o| CheckedOperation {
                name: o.name,
                method: o.method,
                path: o.path,
                summary: o.summary,
                line: o.line,
            })
            .collect(),
        title: document.title,
        version: document.version,
        description: document.description,
        servers: document.servers,
    }
}

/// Check an OpenAPI document
///
/// The body is the document itself, as for uploading it as a version; nothing is stored. A document that could not be
/// uploaded is answered as the upload would be, with the fields and lines that are wrong.
#[utoipa::path(post, path = "/api/v1/documents/check", operation_id = "document_check", tag = "Versions",
    request_body(content(("application/json"), ("application/yaml"))),
    responses((status = 200, body = CheckedDocument), (status = 413, description = "`too-large`"), Problems))]
async fn document_check(cx: Cx, RawBody(bytes): RawBody) -> Result<Answer<CheckedDocument>, Fail> {
    cx.signed()?;
    let _turn = AT_ONCE.acquire().await.map_err(Problem::internal)?;
    let read = tokio::task::spawn_blocking(move || document::inspect(&bytes).map(view));
    Ok(Answer::ok(read.await.map_err(Problem::internal)??))
}

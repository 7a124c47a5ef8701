//! Revisions over HTTP.

use super::{Revision, RevisionOrigin, ops};
use crate::cx::{Cx, Platform};
use crate::version::check::NoteView;
use crate::version::http::{SettingsView, UploadedVersion, VersionView, media, view};
use crate::web::{Answer, Body, Fail, Ident, PageParams, Params, Problems, RawBody, Written, parse_id};
use axum::extract::{DefaultBodyLimit, Path};
use axum::response::{IntoResponse, Response};
use base::{Problem, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about revisions.
pub fn routes() -> OpenApiRouter<Platform> {
    let upload = OpenApiRouter::new()
        .routes(routes!(version_document_replace))
        .layer(DefaultBodyLimit::max(crate::document::MOST_BYTES + 1));
    OpenApiRouter::new()
        .merge(upload)
        .routes(routes!(version_revisions))
        .routes(routes!(version_revision))
        .routes(routes!(version_revision_document))
        .routes(routes!(version_rollback))
}

/// A revision in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = RevisionRow)]
pub struct RevisionRowView {
    /// From 1.
    number: i64,
    /// What made it.
    origin: RevisionOrigin,
    /// The revision that it brings back.
    #[serde(skip_serializing_if = "Option::is_none")]
    restores: Option<i64>,
    /// The revision that brought its document.
    document: i64,
    /// The document's title.
    title: String,
    /// `json` or `yaml`.
    format: String,
    /// Why, in the words of who made it.
    note: String,
    /// Who made it: `usr_...`; absent for the program itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    author_name: Option<String>,
    /// Whether it is what the version is now.
    newest: bool,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
}

fn row(revision: &Revision, newest: i64, author_name: Option<String>) -> RevisionRowView {
    RevisionRowView {
        number: revision.number,
        origin: revision.origin,
        restores: revision.restores,
        document: revision.document,
        title: revision.title.clone(),
        format: revision.format.clone(),
        note: revision.note.clone(),
        author: revision.author.strip_prefix("user:").map(str::to_owned),
        author_name,
        newest: revision.number == newest,
        created_at: revision.created_at.to_string(),
    }
}

/// A page of revisions.
#[derive(Serialize, ToSchema)]
pub struct RevisionList {
    /// The newest first.
    items: Vec<RevisionRowView>,
    /// What to send as `after` for the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Revisions of a version
///
/// For designers. Each change of the document or of a setting makes one; what callers get is the one that is published.
#[utoipa::path(get, path = "/api/v1/versions/{id}/revisions", operation_id = "version_revisions", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`"), PageParams),
    responses((status = 200, body = RevisionList), Problems))]
async fn version_revisions(
    cx: Cx,
    Ident(id): Ident<id::VersionId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<RevisionList>, Fail> {
    let (version, page) = ops::list(&cx, &id, &page.into()).await?;
    let items = page.items.into_iter().map(|(r, author)| row(&r, version.newest, author)).collect();
    Ok(Answer::ok(RevisionList { items, next: page.next }))
}

/// One revision.
#[derive(Serialize, ToSchema)]
#[schema(as = Revision)]
pub struct RevisionView {
    #[serde(flatten)]
    row: RevisionRowView,
    /// What the designer set.
    settings: SettingsView,
}

/// The number in a path; one that is none names nothing.
pub fn number(text: &str) -> Result<i64, Problem> {
    let read = text.parse::<i64>().ok().filter(|n| *n > 0);
    read.ok_or_else(|| Problem::not_found("revision"))
}

/// One revision of a version
///
/// For designers.
#[utoipa::path(get, path = "/api/v1/versions/{id}/revisions/{number}", operation_id = "version_revision",
    tag = "Versions", responses((status = 200, body = RevisionView), Problems),
    params(("id" = String, Path, description = "`ver_...`"), ("number" = i64, Path, description = "From 1.")))]
async fn version_revision(cx: Cx, Path((id, n)): Path<(String, String)>) -> Result<Answer<RevisionView>, Fail> {
    let (version, revision, author) = ops::get(&cx, &parse_id(&id, "version")?, number(&n)?).await?;
    let settings = SettingsView::of(&revision.settings);
    Ok(Answer::ok(RevisionView { row: row(&revision, version.newest, author), settings }))
}

/// The document of a revision, as it was uploaded
///
/// For designers.
#[utoipa::path(get, path = "/api/v1/versions/{id}/revisions/{number}/document",
    operation_id = "version_revision_document", tag = "Versions",
    responses((status = 200, description = "The OpenAPI document."), Problems),
    params(("id" = String, Path, description = "`ver_...`"), ("number" = i64, Path, description = "From 1.")))]
async fn version_revision_document(cx: Cx, Path((id, n)): Path<(String, String)>) -> Result<Response, Fail> {
    let (text, format) = ops::document(&cx, &parse_id(&id, "version")?, number(&n)?).await?;
    Ok((media(&format), text).into_response())
}

/// Why.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct NoteQuery {
    /// Why, for the history; at most 4,000 characters.
    note: Option<String>,
}

/// Give a version another document
///
/// The body is the document itself. It is the next revision: callers get it when it is published. Settings of single
/// operations stay with the names of the operations. The same document again changes nothing.
#[utoipa::path(put, path = "/api/v1/versions/{id}/document", operation_id = "version_document_replace",
    tag = "Versions", params(("id" = String, Path, description = "`ver_...`"), NoteQuery),
    request_body(content(("application/json"), ("application/yaml"))),
    responses((status = 200, body = UploadedVersion), (status = 413, description = "`too-large`"), Problems))]
async fn version_document_replace(
    cx: Cx,
    Ident(id): Ident<id::VersionId>,
    Params(query): Params<NoteQuery>,
    RawBody(bytes): RawBody,
) -> Result<Answer<UploadedVersion>, Fail> {
    let done = ops::replace(&cx, &id, &bytes, query.note.as_deref()).await?;
    let notes = done.notes.iter().map(NoteView::from).collect();
    let guard = done.shown.version.version;
    let body = UploadedVersion { version: view(&cx, &done.shown), notes, change: done.change };
    Ok(Answer::ok(body).version(guard))
}

/// What to go back to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RollbackTo {
    /// The number of an old revision.
    revision: i64,
    /// Why, for the history.
    #[serde(default)]
    note: Option<String>,
}

/// Go back to an old revision
///
/// Its document and settings become the next revision. Callers get it when it is published.
#[utoipa::path(post, path = "/api/v1/versions/{id}/rollback", operation_id = "version_rollback", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")), request_body = RollbackTo,
    responses((status = 200, body = Written<VersionView>), Problems))]
async fn version_rollback(
    cx: Cx,
    Ident(id): Ident<id::VersionId>,
    Body(body): Body<RollbackTo>,
) -> Result<Answer<Written<VersionView>>, Fail> {
    let (shown, change) = ops::rollback(&cx, &id, body.revision, body.note.as_deref()).await?;
    Ok(Answer::ok(Written { value: view(&cx, &shown), change }).version(shown.version.version))
}

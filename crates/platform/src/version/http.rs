//! Versions, destinations and publications over HTTP.

use super::check::NoteView;
use super::{Destination, Operation, ops};
use crate::actions::{Actions, Offered, unless};
use crate::authz::{Standing, Verb, may};
use crate::cx::{Cx, Platform};
use crate::scheme::SecurityScheme;
use crate::web::{Answer, Body, Done, Fail, Ident, Params, Problems, RawBody, Written, parse_id};
use axum::extract::{DefaultBodyLimit, Path};
use axum::response::{IntoResponse, Response};
use base::id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about versions.
pub fn routes() -> OpenApiRouter<Platform> {
    let upload = OpenApiRouter::new()
        .routes(routes!(version_list, version_upload))
        .layer(DefaultBodyLimit::max(crate::document::MOST_BYTES + 1));
    OpenApiRouter::new()
        .merge(upload)
        .merge(super::check::routes())
        .routes(routes!(version_get, version_edit, version_remove))
        .routes(routes!(version_document))
        .routes(routes!(version_operations))
        .merge(super::reference::routes())
        .routes(routes!(version_publish, version_unpublish))
        .routes(routes!(destination_list, destination_create))
        .routes(routes!(destination_edit))
}

/// A version in an environment.
#[derive(Serialize, ToSchema)]
#[schema(as = Publication)]
pub struct PublicationView {
    /// `env_...`
    environment: String,
    /// Its word in URLs.
    environment_slug: String,
    /// Its name, for people.
    environment_name: String,
    /// `dst_...`
    destination: String,
    /// The name of the destination; only for those who may edit the API.
    destination_name: Option<String>,
    /// The public base URL of this version there, as a caller writes it; the paths of the document follow.
    /// `http://127.0.0.1:8000/sandbox/orders/v1`
    url: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    published_at: String,
}

/// One version of an API.
#[derive(Serialize, ToSchema)]
#[schema(as = Version)]
pub struct VersionView {
    /// `ver_...`
    id: String,
    /// `api_...`
    api: String,
    /// Second path segment of its calls.
    name: String,
    /// The document's title.
    title: String,
    /// `json` or `yaml`.
    format: String,
    /// How many operations the document describes.
    operations: i64,
    /// How callers authenticate, each a way of its own; empty means that anonymous calls pass.
    security: Vec<SecurityScheme>,
    /// Whether paths outside the document are forwarded too.
    forward_everything: bool,
    /// Where it is published. Nowhere means draft.
    publications: Vec<PublicationView>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// What the caller may do now: `edit` (security, forwarding), `publish`, `unpublish`, `delete` (`published` while it is).
    actions: Vec<Offered>,
}

fn view(cx: &Cx, shown: &ops::Shown) -> VersionView {
    let (version, gateway_url) = (&shown.version, &cx.platform.settings.gateway_url);
    let edits = may(shown.standing, Verb::ApiEdit);
    let publications = shown.publications.iter().map(|(p, e, destination)| PublicationView {
        environment: e.id.to_string(),
        environment_slug: e.slug.clone(),
        environment_name: e.name.clone(),
        destination: p.destination.to_string(),
        destination_name: edits.then(|| destination.clone()),
        url: format!("{}/{}/{}", e.base_url(gateway_url), shown.api.slug, version.name),
        published_at: p.published_at.to_string(),
    });
    let nowhere = unless(!shown.publications.is_empty(), "not_published");
    let actions = Actions::of(shown.standing).offer("edit", Verb::ApiEdit).offer("publish", Verb::ApiEdit).offer_if(
        "unpublish",
        Verb::ApiEdit,
        nowhere,
    );
    VersionView {
        id: version.id.to_string(),
        api: version.api.to_string(),
        name: version.name.clone(),
        title: version.title.clone(),
        format: version.format.clone(),
        operations: shown.operations,
        security: version.security.iter().map(SecurityScheme::of).collect(),
        forward_everything: version.forward_everything,
        publications: publications.collect(),
        created_at: version.created_at.to_string(),
        actions: actions.all(),
    }
}

/// All versions of an API.
#[derive(Serialize, ToSchema)]
pub struct VersionList {
    items: Vec<VersionView>,
}

/// Versions of an API
#[utoipa::path(get, path = "/api/v1/apis/{id}/versions", operation_id = "version_list", tag = "Versions",
    params(("id" = String, Path, description = "`api_...`")),
    responses((status = 200, body = VersionList), Problems), security((), ("personal_token" = [])))]
async fn version_list(cx: Cx, Ident(id): Ident<id::ApiId>) -> Result<Answer<VersionList>, Fail> {
    Ok(Answer::ok(VersionList { items: ops::list(&cx, &id).await?.iter().map(|s| view(&cx, s)).collect() }))
}

/// How to call the version.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct UploadQuery {
    /// Second path segment of its calls; `v` and the major number of the document's version unless given.
    name: Option<String>,
}

/// A version that was just uploaded.
#[derive(Serialize, ToSchema)]
pub struct UploadedVersion {
    #[serde(flatten)]
    version: VersionView,
    /// Advice about the document; never a reason to refuse it.
    notes: Vec<NoteView>,
    /// The number of the change.
    change: i64,
}

/// Upload an OpenAPI document as a new version
///
/// The body is the document itself: OpenAPI 2.0, 3.0 or 3.1, JSON or YAML. The version demands an API key in
/// `X-API-Key` until its security is changed, and is published nowhere yet.
#[utoipa::path(post, path = "/api/v1/apis/{id}/versions", operation_id = "version_upload", tag = "Versions",
    params(("id" = String, Path, description = "`api_...`"), UploadQuery),
    request_body(content(("application/json"), ("application/yaml"))),
    responses((status = 201, body = UploadedVersion), (status = 413, description = "`too-large`"), Problems))]
async fn version_upload(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(query): Params<UploadQuery>,
    RawBody(bytes): RawBody,
) -> Result<Answer<UploadedVersion>, Fail> {
    let uploaded = ops::upload(&cx, &id, query.name.as_deref(), &bytes).await?;
    let location = format!("/api/v1/versions/{}", uploaded.shown.version.id);
    let body = UploadedVersion {
        version: view(&cx, &uploaded.shown),
        notes: uploaded.notes.iter().map(NoteView::from).collect(),
        change: uploaded.change,
    };
    Ok(Answer::created(location, body).version(uploaded.shown.version.version))
}

/// One version
#[utoipa::path(get, path = "/api/v1/versions/{id}", operation_id = "version_get", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")),
    responses((status = 200, body = VersionView), Problems), security((), ("personal_token" = [])))]
async fn version_get(cx: Cx, Ident(id): Ident<id::VersionId>) -> Result<Answer<VersionView>, Fail> {
    let shown = ops::get(&cx, &id).await?;
    Ok(Answer::ok(view(&cx, &shown)).version(shown.version.version))
}

/// What to change of a version.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionEdit {
    /// How callers authenticate. An empty list lets anonymous calls pass where no subscription is required.
    #[serde(default, deserialize_with = "crate::web::given")]
    security: Option<Vec<SecurityScheme>>,
    /// Whether paths outside the document are forwarded too.
    #[serde(default, deserialize_with = "crate::web::given")]
    forward_everything: Option<bool>,
}

/// Change a version's security and forwarding
#[utoipa::path(patch, path = "/api/v1/versions/{id}", operation_id = "version_edit", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")), request_body = VersionEdit,
    responses((status = 200, body = Written<VersionView>), Problems))]
async fn version_edit(
    cx: Cx,
    Ident(id): Ident<id::VersionId>,
    Body(body): Body<VersionEdit>,
) -> Result<Answer<Written<VersionView>>, Fail> {
    let security = match body.security {
        Some(views) => {
            let read = |(n, view): (usize, SecurityScheme)| view.read(&format!("/security/{n}"));
            Some(views.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?)
        }
        None => None,
    };
    let edit = ops::VersionEdit { security, forward_everything: body.forward_everything };
    let (shown, change) = ops::edit(&cx, &id, edit).await?;
    Ok(Answer::ok(Written { value: view(&cx, &shown), change }).version(shown.version.version))
}

/// Delete a version
///
/// Only one that is published nowhere.
#[utoipa::path(delete, path = "/api/v1/versions/{id}", operation_id = "version_remove", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")), responses((status = 200, body = Done), Problems))]
async fn version_remove(cx: Cx, Ident(id): Ident<id::VersionId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove(&cx, &id).await? }))
}

/// The document, as it was uploaded
#[utoipa::path(get, path = "/api/v1/versions/{id}/document", operation_id = "version_document", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")),
    responses((status = 200, description = "The OpenAPI document."), Problems), security((), ("personal_token" = [])))]
async fn version_document(cx: Cx, Ident(id): Ident<id::VersionId>) -> Result<Response, Fail> {
    let (text, format) = ops::document(&cx, &id).await?;
    let media = if format == "json" { "application/json" } else { "application/yaml" };
    Ok(([(http::header::CONTENT_TYPE, media)], text).into_response())
}

/// One method on one path.
#[derive(Serialize, ToSchema)]
#[schema(as = Operation)]
pub struct OperationView {
    /// Its name within the version.
    name: String,
    /// Upper case.
    method: String,
    /// The path template.
    path: String,
    /// One line for people.
    summary: String,
    /// Scopes that access tokens need.
    scopes: Vec<String>,
}

impl From<&Operation> for OperationView {
    fn from(o: &Operation) -> Self {
        Self {
            name: o.name.clone(),
            method: o.method.clone(),
            path: o.path.clone(),
            summary: o.summary.clone(),
            scopes: o.scopes.clone(),
        }
    }
}

/// All operations of a version.
#[derive(Serialize, ToSchema)]
pub struct OperationList {
    items: Vec<OperationView>,
}

/// Operations of a version
#[utoipa::path(get, path = "/api/v1/versions/{id}/operations", operation_id = "version_operations", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")),
    responses((status = 200, body = OperationList), Problems), security((), ("personal_token" = [])))]
async fn version_operations(cx: Cx, Ident(id): Ident<id::VersionId>) -> Result<Answer<OperationList>, Fail> {
    Ok(Answer::ok(OperationList { items: ops::operations(&cx, &id).await?.iter().map(OperationView::from).collect() }))
}

/// Where calls are forwarded to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishTo {
    /// `dst_...` of the API's organization.
    #[schema(value_type = String)]
    destination: id::DestinationId,
}

/// Publish a version to an environment
///
/// Repeat it to point the publication at another destination.
#[utoipa::path(put, path = "/api/v1/versions/{id}/publications/{environment}", operation_id = "version_publish",
    tag = "Versions", request_body = PublishTo, responses((status = 200, body = Written<VersionView>), Problems),
    params(("id" = String, Path, description = "`ver_...`"),
           ("environment" = String, Path, description = "`env_...` or its slug")))]
async fn version_publish(
    cx: Cx,
    Path((id, environment)): Path<(String, String)>,
    Body(body): Body<PublishTo>,
) -> Result<Answer<Written<VersionView>>, Fail> {
    let id = parse_id(&id, "version")?;
    let (shown, change) = ops::publish(&cx, &id, &environment, &body.destination).await?;
    Ok(Answer::ok(Written { value: view(&cx, &shown), change }))
}

/// Take a version out of an environment
#[utoipa::path(delete, path = "/api/v1/versions/{id}/publications/{environment}", operation_id = "version_unpublish",
    tag = "Versions", responses((status = 200, body = Written<VersionView>), Problems),
    params(("id" = String, Path, description = "`ver_...`"),
           ("environment" = String, Path, description = "`env_...` or its slug")))]
async fn version_unpublish(
    cx: Cx,
    Path((id, environment)): Path<(String, String)>,
) -> Result<Answer<Written<VersionView>>, Fail> {
    let id = parse_id(&id, "version")?;
    let (shown, change) = ops::unpublish(&cx, &id, &environment).await?;
    Ok(Answer::ok(Written { value: view(&cx, &shown), change }))
}

/// An address that the gateway may forward to.
#[derive(Serialize, ToSchema)]
#[schema(as = Destination)]
pub struct DestinationView {
    /// `dst_...`
    id: String,
    /// `org_...`
    organization: String,
    /// Unique within the organization.
    name: String,
    /// `http://host:port/base`
    url: String,
    /// How many published versions forward to it, each counted once for each environment.
    publications: i64,
    /// What the caller may do now: `edit`.
    actions: Vec<Offered>,
}

fn destination_view(d: &Destination, standing: Standing, publications: i64) -> DestinationView {
    DestinationView {
        id: d.id.to_string(),
        organization: d.organization.to_string(),
        name: d.name.clone(),
        url: d.url.clone(),
        publications,
        actions: Actions::of(standing).offer("edit", Verb::OrganizationProvide).all(),
    }
}

/// All destinations of an organization.
#[derive(Serialize, ToSchema)]
pub struct DestinationList {
    items: Vec<DestinationView>,
}

/// Destinations of an organization
#[utoipa::path(get, path = "/api/v1/organizations/{id}/destinations", operation_id = "destination_list",
    tag = "Destinations", params(("id" = String, Path, description = "`org_...`")),
    responses((status = 200, body = DestinationList), Problems))]
async fn destination_list(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<DestinationList>, Fail> {
    let (all, standing, counts) = ops::destinations(&cx, &id).await?;
    let count = |d: &Destination| counts.get(&d.id).copied().unwrap_or(0);
    let items = all.iter().map(|d| destination_view(d, standing, count(d))).collect();
    Ok(Answer::ok(DestinationList { items }))
}

/// An address to name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDestination {
    /// Unique within the organization.
    name: String,
    /// `http://host:port/base`; calls are forwarded to it with the rest of their path.
    url: String,
}

/// Name an address that the gateway may forward to
#[utoipa::path(post, path = "/api/v1/organizations/{id}/destinations", operation_id = "destination_create",
    tag = "Destinations", params(("id" = String, Path, description = "`org_...`")), request_body = NewDestination,
    responses((status = 201, body = Written<DestinationView>), Problems))]
async fn destination_create(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Body(body): Body<NewDestination>,
) -> Result<Answer<Written<DestinationView>>, Fail> {
    let (destination, standing, change) = ops::create_destination(&cx, &id, &body.name, &body.url).await?;
    let location = format!("/api/v1/destinations/{}", destination.id);
    let value = destination_view(&destination, standing, 0);
    Ok(Answer::created(location, Written { value, change }).version(destination.version))
}

/// What to change of a destination.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DestinationEdit {
    #[serde(default, deserialize_with = "crate::web::given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::web::given")]
    url: Option<String>,
}

/// Change a destination
///
/// Calls go to the new address from the next one on.
#[utoipa::path(patch, path = "/api/v1/destinations/{id}", operation_id = "destination_edit", tag = "Destinations",
    params(("id" = String, Path, description = "`dst_...`")), request_body = DestinationEdit,
    responses((status = 200, body = Written<DestinationView>), Problems))]
async fn destination_edit(
    cx: Cx,
    Ident(id): Ident<id::DestinationId>,
    Body(body): Body<DestinationEdit>,
) -> Result<Answer<Written<DestinationView>>, Fail> {
    let edited = ops::edit_destination(&cx, &id, body.name.as_deref(), body.url.as_deref()).await?;
    let (destination, standing, publications, change) = edited;
    let value = destination_view(&destination, standing, publications);
    Ok(Answer::ok(Written { value, change }).version(destination.version))
}

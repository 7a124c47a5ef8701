//! Versions over HTTP.

mod life;
mod place;
mod shape;

pub use place::PublicationView;
pub use shape::{OperationSettingsView, SettingsView, VersionEdit};

use super::check::NoteView;
use super::fence::{Act, Fence, Kind as Made};
use super::lifecycle::{self, Action, State};
use super::settings::Implementation;
use super::{Operation, ops, revision};
use crate::actions::{Actions, Offered, unless};
use crate::authz::{Verb, may};
use crate::cx::{Cx, Platform};
use crate::names::Named;
use crate::scheme::SecurityScheme;
use crate::web::{Answer, Body, Done, Fail, Ident, Params, Problems, RawBody, Written};
use axum::extract::DefaultBodyLimit;
use base::id;
use serde::{Deserialize, Serialize};
use shape::RequestModification;
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
        .merge(revision::routes())
        .merge(super::compare::routes())
        .routes(routes!(version_get, version_edit, version_remove))
        .routes(routes!(version_operations))
        .merge(life::routes())
        .merge(super::reference::routes())
        .merge(place::routes())
        .merge(super::destination::routes())
}

/// How and when a version ends.
#[derive(Serialize, ToSchema)]
#[schema(as = Ending)]
pub struct EndingView {
    /// Since when callers are advised to leave. RFC 3339.
    #[schema(format = DateTime)]
    deprecated_at: Option<String>,
    /// From when on calls are refused. RFC 3339; absent while there is no date.
    #[schema(format = DateTime)]
    sunset_at: Option<String>,
    /// Since when calls are refused. RFC 3339.
    #[schema(format = DateTime)]
    retired_at: Option<String>,
    /// What comes after it.
    successor: Option<Named>,
    /// A page about it.
    link: Option<String>,
}

/// Something that the API's profile leaves to designers, or not.
#[derive(Serialize, ToSchema)]
#[schema(as = DesignerControl)]
pub struct ControlView {
    /// `security`, `security_per_operation`, `request_modification`, `implementation_proxy`, `implementation_script`,
    /// `implementation_pipeline`, `implementation_per_operation`, `document_security`, `publish`.
    control: &'static str,
    /// Whether the caller may use it.
    allowed: bool,
    /// Which limit of the profile stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// One version of an API.
///
/// Designers see it as it is now, everybody else as it is published.
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
    /// Which revision this is.
    revision: i64,
    /// Where it stands.
    state: State,
    /// How and when it ends, once it is deprecated.
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<EndingView>,
    /// How callers authenticate, each a way of its own; empty means that anonymous calls pass.
    security: Vec<SecurityScheme>,
    /// Whether paths outside the document are forwarded too.
    forward_everything: bool,
    /// What is changed on requests before they are forwarded. For designers.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_modification: Option<RequestModification>,
    /// Who answers calls. For designers.
    #[serde(skip_serializing_if = "Option::is_none")]
    implementation: Option<Implementation>,
    /// Where it is published. Nowhere means draft.
    publications: Vec<PublicationView>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// What the caller may do now. Beside the state's own reasons: `not_published`, `published` (take it out of its
    /// environments first), and `profile_...` for what the API's profile does not leave to designers.
    actions: Vec<Offered>,
    /// What the API's profile leaves to designers. For designers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    controls: Vec<ControlView>,
}

fn ending(cx: &Cx, shown: &ops::Shown) -> Option<EndingView> {
    let version = &shown.version;
    let state = version.state(cx.now);
    let retired = version.end.retired_at.or(version.end.sunset_at).filter(|_| state == State::Retired);
    matches!(state, State::Deprecated | State::Retired).then(|| EndingView {
        deprecated_at: version.end.deprecated_at.map(|at| at.to_string()),
        sunset_at: version.end.sunset_at.map(|at| at.to_string()),
        retired_at: retired.map(|at| at.to_string()),
        successor: shown.successor.as_ref().map(|next| Named { id: next.id.to_string(), name: next.name.clone() }),
        link: Some(version.end.link.clone()).filter(|link| !link.is_empty()),
    })
}

fn actions(cx: &Cx, shown: &ops::Shown) -> Vec<Offered> {
    let state = shown.version.state(cx.now);
    let nowhere = shown.places.is_empty();
    let mut all = Actions::of(shown.standing);
    for action in Action::ALL {
        let own = match action {
            Action::Publish => shown.fence.obstacle(&Act::Publish),
            Action::Unpublish => unless(!nowhere, "not_published"),
            Action::Delete => unless(nowhere || state == State::Retired, "published"),
            _ => None,
        };
        let allowed = lifecycle::allowed(state).any(|a| a == *action);
        all = all.offer_if(action.as_str(), Verb::ApiEdit, own.or(unless(allowed, "wrong_state")));
    }
    all.all()
}

fn controls(fence: &Fence) -> Vec<ControlView> {
    let all = [
        ("security", Act::SetSecurity),
        ("security_per_operation", Act::SetOperationSecurity),
        ("request_modification", Act::SetRequestModification),
        ("implementation_proxy", Act::Implement(Made::Proxy)),
        ("implementation_script", Act::Implement(Made::Script)),
        ("implementation_pipeline", Act::Implement(Made::Pipeline)),
        ("implementation_per_operation", Act::ImplementOperation(Made::Proxy)),
        ("document_security", Act::DescribeOperationSecurity),
        ("publish", Act::Publish),
    ];
    let one = |(control, act): (&'static str, Act<'_>)| {
        let reason = fence.obstacle(&act).map(str::to_owned);
        ControlView { control, allowed: reason.is_none(), reason }
    };
    all.into_iter().map(one).collect()
}

/// A version as the caller sees it.
pub fn view(cx: &Cx, shown: &ops::Shown) -> VersionView {
    let version = &shown.version;
    let designs = may(shown.standing, Verb::ApiEdit);
    let settings = &version.settings;
    VersionView {
        id: version.id.to_string(),
        api: version.api.to_string(),
        name: version.name.clone(),
        title: version.title.clone(),
        format: version.format.clone(),
        operations: shown.operations,
        revision: version.revision,
        state: version.state(cx.now),
        ending: ending(cx, shown),
        security: shape::schemes(&settings.security),
        forward_everything: settings.forward_everything,
        request_modification: designs.then(|| RequestModification::of(&settings.request_modification)),
        implementation: designs.then(|| settings.implementation.clone()),
        publications: place::views(cx, shown),
        created_at: version.created_at.to_string(),
        actions: actions(cx, shown),
        controls: if designs { controls(&shown.fence) } else { Vec::new() },
    }
}

/// All versions of an API.
#[derive(Serialize, ToSchema)]
pub struct VersionList {
    items: Vec<VersionView>,
}

/// Versions of an API
///
/// Drafts are for designers.
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

/// A version whose document was just uploaded.
#[derive(Serialize, ToSchema)]
pub struct UploadedVersion {
    #[serde(flatten)]
    pub version: VersionView,
    /// Advice about the document; never a reason to refuse it.
    pub notes: Vec<NoteView>,
    /// The number of the change.
    pub change: i64,
}

/// Upload an OpenAPI document as a new version
///
/// The body is the document itself: OpenAPI 2.0, 3.0 or 3.1, JSON or YAML. The version demands an API key in
/// `X-API-Key` until its security is changed, unless the API's profile says otherwise, and is published nowhere yet.
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
///
/// Designers see it as it is now, everybody else as it is published.
#[utoipa::path(get, path = "/api/v1/versions/{id}", operation_id = "version_get", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")),
    responses((status = 200, body = VersionView), Problems), security((), ("personal_token" = [])))]
async fn version_get(cx: Cx, Ident(id): Ident<id::VersionId>) -> Result<Answer<VersionView>, Fail> {
    let shown = ops::get(&cx, &id).await?;
    Ok(Answer::ok(view(&cx, &shown)).version(shown.version.version))
}

/// Change what is set for a version and its operations
///
/// Security, forwarding, changes of requests, who answers. It makes the next revision: callers get it when it is
/// published. What is as it was changes nothing.
#[utoipa::path(patch, path = "/api/v1/versions/{id}", operation_id = "version_edit", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")), request_body = VersionEdit,
    responses((status = 200, body = Written<VersionView>), Problems))]
async fn version_edit(
    cx: Cx,
    Ident(id): Ident<id::VersionId>,
    Body(mut body): Body<VersionEdit>,
) -> Result<Answer<Written<VersionView>>, Fail> {
    let note = body.note.take();
    let (shown, change) = revision::set(&cx, &id, note.as_deref(), |settings| body.apply(settings)).await?;
    Ok(Answer::ok(Written { value: view(&cx, &shown), change }).version(shown.version.version))
}

/// Delete a version
///
/// Only one that is retired, or published nowhere.
#[utoipa::path(delete, path = "/api/v1/versions/{id}", operation_id = "version_remove", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")), responses((status = 200, body = Done), Problems))]
async fn version_remove(cx: Cx, Ident(id): Ident<id::VersionId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove(&cx, &id).await? }))
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
    /// What it says of its own, in the place of what its version says.
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<OperationSettingsView>,
}

fn operation(o: &Operation, own: Option<OperationSettingsView>) -> OperationView {
    OperationView {
        name: o.name.clone(),
        method: o.method.clone(),
        path: o.path.clone(),
        summary: o.summary.clone(),
        scopes: o.scopes.clone(),
        own,
    }
}

/// All operations of a version.
#[derive(Serialize, ToSchema)]
pub struct OperationList {
    items: Vec<OperationView>,
    /// Names of operations that have settings of their own and are not in the document any more. For designers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    orphaned: Vec<String>,
}

/// Operations of a version
#[utoipa::path(get, path = "/api/v1/versions/{id}/operations", operation_id = "version_operations", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")),
    responses((status = 200, body = OperationList), Problems), security((), ("personal_token" = [])))]
async fn version_operations(cx: Cx, Ident(id): Ident<id::VersionId>) -> Result<Answer<OperationList>, Fail> {
    let (all, settings, designs) = ops::operations(&cx, &id).await?;
    let own = |o: &Operation| settings.operations.get(&o.name).map(|own| OperationSettingsView::of(own, designs));
    let there = |name: &str| all.iter().any(|o| o.name == name);
    let orphaned = super::settings::orphans(&settings, &there).into_iter().filter(|_| designs).map(str::to_owned);
    Ok(Answer::ok(OperationList {
        orphaned: orphaned.collect(),
        items: all.iter().map(|o| operation(o, own(o))).collect(),
    }))
}

/// The media type of a document.
pub fn media(format: &str) -> [(http::HeaderName, &'static str); 1] {
    [(http::header::CONTENT_TYPE, if format == "json" { "application/json" } else { "application/yaml" })]
}

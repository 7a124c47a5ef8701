//! Publications over HTTP, and where designers may publish.

use super::{VersionView, view};
use crate::authz::{Verb, may};
use crate::cx::{Cx, Platform};
use crate::version::ops::{self, Wanted};
use crate::web::{Answer, Body, Fail, Ident, Problems, Written, parse_id};
use axum::extract::Path;
use base::id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about publications.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(version_publish, version_unpublish)).routes(routes!(version_choices))
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
    /// The revision that callers get.
    revision: i64,
    /// Whether there is a newer one. For designers.
    behind: bool,
    /// The public base URL of this version there, as a caller writes it; the paths of the document follow.
    /// `http://127.0.0.1:8000/sandbox/orders/v1`
    url: String,
    /// Since when callers get it. RFC 3339.
    #[schema(format = DateTime)]
    published_at: String,
}

/// The publications of a version.
pub fn views(cx: &Cx, shown: &ops::Shown) -> Vec<PublicationView> {
    let gateway_url = &cx.platform.settings.gateway_url;
    let designs = may(shown.standing, Verb::ApiEdit);
    let one = |place: &ops::Place| PublicationView {
        environment: place.environment.id.to_string(),
        environment_slug: place.environment.slug.clone(),
        environment_name: place.environment.name.clone(),
        destination: place.publication.destination.to_string(),
        destination_name: designs.then(|| place.destination.clone()),
        revision: place.publication.revision,
        behind: designs && place.publication.revision != shown.version.newest,
        url: format!("{}/{}/{}", place.environment.base_url(gateway_url), shown.api.slug, shown.version.name),
        published_at: place.publication.published_at.to_string(),
    };
    shown.places.iter().map(one).collect()
}

/// What to publish, and where calls are forwarded to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishTo {
    /// `dst_...` of the API's organization.
    #[schema(value_type = String)]
    destination: id::DestinationId,
    /// The revision that callers get; the newest unless given.
    #[serde(default)]
    revision: Option<i64>,
}

/// Publish a version to an environment
///
/// From the next call on callers get this revision. Repeat it to publish a newer one, an older one, or to forward to
/// another destination.
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
    let wanted = Wanted { destination: &body.destination, revision: body.revision };
    let (shown, change) = ops::publish(&cx, &id, &environment, wanted).await?;
    Ok(Answer::ok(Written { value: view(&cx, &shown), change }).version(shown.version.version))
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
    Ok(Answer::ok(Written { value: view(&cx, &shown), change }).version(shown.version.version))
}

/// Something that a designer may choose, or why not.
#[derive(Serialize, ToSchema)]
#[schema(as = DesignerChoice)]
pub struct ChoiceView {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Whether the caller may choose it.
    allowed: bool,
    /// Which limit of the API's profile stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// Where a version may be published, and what it may forward to.
#[derive(Serialize, ToSchema)]
pub struct DesignerChoices {
    environments: Vec<ChoiceView>,
    destinations: Vec<ChoiceView>,
}

/// Where a version may be published
///
/// For designers: every environment and every destination of the API's organization, with what the API's profile does not
/// leave to them.
#[utoipa::path(get, path = "/api/v1/versions/{id}/choices", operation_id = "version_choices", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")),
    responses((status = 200, body = DesignerChoices), Problems))]
async fn version_choices(cx: Cx, Ident(id): Ident<id::VersionId>) -> Result<Answer<DesignerChoices>, Fail> {
    let (environments, destinations) = ops::choices(&cx, &id).await?;
    let choice = |(id, name, reason): (String, String, Option<&'static str>)| ChoiceView {
        id,
        name,
        allowed: reason.is_none(),
        reason,
    };
    Ok(Answer::ok(DesignerChoices {
        environments: environments.into_iter().map(choice).collect(),
        destinations: destinations.into_iter().map(choice).collect(),
    }))
}

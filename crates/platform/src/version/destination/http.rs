//! Destinations over HTTP.

use super::{Destination, ops};
use crate::actions::{Actions, Offered};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Body, Fail, Ident, Problems, Written};
use base::id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about destinations.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(destination_list, destination_create)).routes(routes!(destination_edit))
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
    let (all, standing, counts) = ops::list(&cx, &id).await?;
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
    let (destination, standing, change) = ops::create(&cx, &id, &body.name, &body.url).await?;
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
    let edited = ops::edit(&cx, &id, body.name.as_deref(), body.url.as_deref()).await?;
    let (destination, standing, publications, change) = edited;
    let value = destination_view(&destination, standing, publications);
    Ok(Answer::ok(Written { value, change }).version(destination.version))
}

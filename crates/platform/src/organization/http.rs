//! Organizations over HTTP. Lists and single ones are in `overview`, which can count what belongs to them.

mod invitation;
mod member;

use super::{Contact, Organization, ops};
use crate::cx::{Cx, Platform};
use crate::names::Named;
use crate::web::{Answer, Body, Done, Fail, Ident, PageParams, Params, Problems, Written};
use base::{Page, Problem, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about organizations.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(organization_create))
        .routes(routes!(organization_edit))
        .routes(routes!(organization_manager_put, organization_manager_remove))
        .routes(routes!(organization_managed_list))
        .merge(member::routes())
        .merge(invitation::routes())
}

/// Whom to ask. Each part may be empty.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = Contact)]
pub struct ContactView {
    /// A person or a desk.
    name: String,
    /// Where mail goes.
    email: String,
    /// `https://...` or `http://...`
    url: String,
}

impl From<ContactView> for Contact {
    fn from(it: ContactView) -> Self {
        Self { name: it.name, email: it.email, url: it.url }
    }
}

impl From<&Contact> for ContactView {
    fn from(it: &Contact) -> Self {
        Self { name: it.name.clone(), email: it.email.clone(), url: it.url.clone() }
    }
}

/// An owner of apps and APIs.
#[derive(Serialize, ToSchema)]
#[schema(as = Organization)]
pub struct OrganizationView {
    /// `org_...`
    pub id: String,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Whom to ask.
    pub contact: ContactView,
    /// The organization whose OWNERs act for it (reseller); absent if none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<Named>,
    /// Since when it is managed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub managed_since: Option<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl OrganizationView {
    /// The organization as its people see it; `manager` is the name of the one that manages it.
    pub fn of(organization: &Organization, manager: Option<String>) -> Self {
        let managed_by = organization.managed_by.as_ref();
        Self {
            id: organization.id.to_string(),
            name: organization.name.clone(),
            description: organization.description.clone(),
            contact: (&organization.contact).into(),
            managed_by: managed_by.map(|id| Named { id: id.to_string(), name: manager.unwrap_or_default() }),
            managed_since: organization.managed_since.map(|at| at.to_string()),
            created_at: organization.created_at.to_string(),
        }
    }
}

async fn view(cx: &Cx, organization: &Organization) -> Result<OrganizationView, Problem> {
    let manager = match &organization.managed_by {
        Some(manager) => ops::find(&mut *cx.read().await?, manager).await?.map(|it| it.name),
        None => None,
    };
    Ok(OrganizationView::of(organization, manager))
}

/// An organization to found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// 1 to 120 characters.
    name: String,
    /// At most 4,000 characters.
    #[serde(default)]
    description: String,
    /// Whom to ask.
    #[serde(default)]
    contact: ContactView,
    /// One of the caller's own organizations, which is to manage it (reseller).
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    managed_by: Option<id::OrganizationId>,
}

/// Found an organization
///
/// The founder becomes its OWNER. With `managed_by` the OWNERs of that organization act for it from the beginning.
#[utoipa::path(post, path = "/api/v1/organizations", operation_id = "organization_create", tag = "Organizations",
    request_body = NewOrganization, responses((status = 201, body = Written<OrganizationView>), Problems))]
async fn organization_create(
    cx: Cx,
    Body(body): Body<NewOrganization>,
) -> Result<Answer<Written<OrganizationView>>, Fail> {
    let new = ops::New {
        name: &body.name,
        description: &body.description,
        contact: body.contact.into(),
        managed_by: body.managed_by.as_ref(),
    };
    let (organization, change) = ops::create(&cx, &new).await?;
    let location = format!("/api/v1/organizations/{}", organization.id);
    let value = view(&cx, &organization).await?;
    Ok(Answer::created(location, Written { value, change }).version(organization.version))
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationEdit {
    #[serde(default, deserialize_with = "crate::web::given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::web::given")]
    description: Option<String>,
    /// Whom to ask: the whole of it; parts that are left out become empty.
    #[serde(default, deserialize_with = "crate::web::given")]
    contact: Option<ContactView>,
}

/// Change an organization
#[utoipa::path(patch, path = "/api/v1/organizations/{id}", operation_id = "organization_edit", tag = "Organizations",
    params(("id" = String, Path, description = "`org_...`")), request_body = OrganizationEdit,
    responses((status = 200, body = Written<OrganizationView>), Problems))]
async fn organization_edit(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Body(body): Body<OrganizationEdit>,
) -> Result<Answer<Written<OrganizationView>>, Fail> {
    let edit = ops::Edit {
        name: body.name.as_deref(),
        description: body.description.as_deref(),
        contact: body.contact.map(Into::into),
    };
    let (organization, change) = ops::edit(&cx, &id, &edit).await?;
    let value = view(&cx, &organization).await?;
    Ok(Answer::ok(Written { value, change }).version(organization.version))
}

/// Which organization is to manage this one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManagedBy {
    /// `org_...`
    #[schema(value_type = String)]
    organization: id::OrganizationId,
}

/// Let another organization manage this one
///
/// Its OWNERs then act for this one as OWNERs; they make no clients here. An OWNER of this organization itself says so, or a
/// site administrator. An organization that is managed manages none.
#[utoipa::path(put, path = "/api/v1/organizations/{id}/manager", operation_id = "organization_manager_put",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`")), request_body = ManagedBy,
    responses((status = 200, body = Written<OrganizationView>), Problems))]
async fn organization_manager_put(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Body(body): Body<ManagedBy>,
) -> Result<Answer<Written<OrganizationView>>, Fail> {
    cx.signed()?;
    cx.fresh()?;
    let (organization, change) = ops::put_manager(&cx, &id, &body.organization).await?;
    let value = view(&cx, &organization).await?;
    Ok(Answer::ok(Written { value, change }).version(organization.version))
}

/// End that this organization is managed
///
/// Either side may.
#[utoipa::path(delete, path = "/api/v1/organizations/{id}/manager", operation_id = "organization_manager_remove",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`")),
    responses((status = 200, body = Done), Problems))]
async fn organization_manager_remove(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<Done>, Fail> {
    cx.signed()?;
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::end_management(&cx, &id).await? }))
}

/// A page of organizations that another manages.
#[derive(Serialize, ToSchema)]
pub struct ManagedPage {
    items: Vec<OrganizationView>,
    next: Option<String>,
}

/// Organizations that this one manages
#[utoipa::path(get, path = "/api/v1/organizations/{id}/managed", operation_id = "organization_managed_list",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`"), PageParams),
    responses((status = 200, body = ManagedPage), Problems))]
async fn organization_managed_list(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<OrganizationView>>, Fail> {
    let page = ops::managed(&cx, &id, &page.into()).await?;
    let manager = ops::find(&mut *cx.read().await?, &id).await?.map(|it| it.name);
    Ok(Answer::ok(page.map(|it| OrganizationView::of(&it, manager.clone()))))
}

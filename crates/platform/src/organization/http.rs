//! Organizations over HTTP.

use super::{Organization, OrganizationRole, ops};
use crate::actions::{Actions, Offered, unless};
use crate::authz::{Verb, may};
use crate::cx::{Cx, Platform};
use crate::user::{PersonList, PersonView, User};
use crate::web::{Answer, Body, Done, Fail, Ident, PageParams, Params, Problems, Written, parse_id};
use axum::extract::Path;
use base::{Page, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about organizations.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(organization_list, organization_create))
        .routes(routes!(organization_get, organization_edit))
        .routes(routes!(member_list))
        .routes(routes!(member_put, member_remove))
        .routes(routes!(business_admin_list))
        .routes(routes!(business_admin_appoint, business_admin_dismiss))
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
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

fn view(organization: &Organization) -> OrganizationView {
    OrganizationView {
        id: organization.id.to_string(),
        name: organization.name.clone(),
        description: organization.description.clone(),
        created_at: organization.created_at.to_string(),
    }
}

/// An organization and what the caller is in it.
#[derive(Serialize, ToSchema)]
pub struct OrganizationOverview {
    #[serde(flatten)]
    organization: OrganizationView,
    /// The caller's role as a member; null for whoever is none.
    role: Option<OrganizationRole>,
    /// Whether the caller is a business administrator of it.
    business_admin: bool,
    /// Whether the caller may change its name and description.
    may_edit: bool,
    /// Whether the caller may manage its members.
    may_manage: bool,
    /// Whether the caller may create APIs, plans, limit groups and destinations in it.
    may_provide: bool,
    /// Whether the caller may create apps in it.
    may_consume: bool,
    /// What the caller may do now: `edit`, `members`, `business_admins`, `provide`, `consume`.
    actions: Vec<Offered>,
}

fn overview(organization: &Organization, seats: &ops::Seats) -> OrganizationOverview {
    let (id, standing) = (&organization.id, seats.standing(&organization.id));
    let actions = Actions::of(standing)
        .offer("edit", Verb::OrganizationEdit)
        .offer("members", Verb::OrganizationMembers)
        .offer("business_admins", Verb::OrganizationBusinessAdmins)
        .offer("provide", Verb::OrganizationProvide)
        .offer("consume", Verb::OrganizationConsume);
    OrganizationOverview {
        organization: view(organization),
        role: seats.role(id),
        business_admin: seats.is_business_admin(id),
        may_edit: may(standing, Verb::OrganizationEdit),
        may_manage: may(standing, Verb::OrganizationMembers),
        may_provide: may(standing, Verb::OrganizationProvide),
        may_consume: may(standing, Verb::OrganizationConsume),
        actions: actions.all(),
    }
}

/// A page of organizations.
#[derive(Serialize, ToSchema)]
pub struct OrganizationPage {
    items: Vec<OrganizationOverview>,
    next: Option<String>,
}

/// My organizations
///
/// All of them for a site administrator.
#[utoipa::path(get, path = "/api/v1/organizations", operation_id = "organization_list", tag = "Organizations",
    params(PageParams), responses((status = 200, body = OrganizationPage), Problems))]
async fn organization_list(
    cx: Cx,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<OrganizationOverview>>, Fail> {
    let (page, seats) = ops::list(&cx, &page.into()).await?;
    Ok(Answer::ok(page.map(|o| overview(&o, &seats))))
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
}

/// Found an organization
///
/// The founder becomes its OWNER.
#[utoipa::path(post, path = "/api/v1/organizations", operation_id = "organization_create", tag = "Organizations",
    request_body = NewOrganization, responses((status = 201, body = Written<OrganizationView>), Problems))]
async fn organization_create(
    cx: Cx,
    Body(body): Body<NewOrganization>,
) -> Result<Answer<Written<OrganizationView>>, Fail> {
    let (organization, change) = ops::create(&cx, &body.name, &body.description).await?;
    let location = format!("/api/v1/organizations/{}", organization.id);
    Ok(Answer::created(location, Written { value: view(&organization), change }).version(organization.version))
}

/// One organization
#[utoipa::path(get, path = "/api/v1/organizations/{id}", operation_id = "organization_get", tag = "Organizations",
    params(("id" = String, Path, description = "`org_...`")), responses((status = 200, body = OrganizationOverview), Problems))]
async fn organization_get(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<OrganizationOverview>, Fail> {
    let (organization, seats) = ops::get(&cx, &id).await?;
    Ok(Answer::ok(overview(&organization, &seats)).version(organization.version))
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationEdit {
    #[serde(default, deserialize_with = "crate::web::given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::web::given")]
    description: Option<String>,
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
    let (organization, change) = ops::edit(&cx, &id, body.name.as_deref(), body.description.as_deref()).await?;
    Ok(Answer::ok(Written { value: view(&organization), change }).version(organization.version))
}

/// A member and their role.
#[derive(Serialize, ToSchema)]
pub struct MemberView {
    /// Who.
    user: PersonView,
    /// What they may do.
    role: OrganizationRole,
    /// What the caller may do now: `change_role`, `remove` (which everybody may do to themselves); `last_one` for the last
    /// OWNER.
    actions: Vec<Offered>,
}

/// All members.
#[derive(Serialize, ToSchema)]
pub struct MemberList {
    items: Vec<MemberView>,
}

/// Members of an organization
#[utoipa::path(get, path = "/api/v1/organizations/{id}/members", operation_id = "organization_member_list",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`")),
    responses((status = 200, body = MemberList), Problems))]
async fn member_list(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<MemberList>, Fail> {
    let (members, standing) = ops::members(&cx, &id).await?;
    let owners = members.iter().filter(|(_, role)| *role == OrganizationRole::Owner).count();
    let member = |(user, role): &(User, OrganizationRole)| {
        let last = unless(*role != OrganizationRole::Owner || owners > 1, "last_one");
        // Oneself one may take off the list whatever one's role is.
        let leaving = if cx.is(&user.id) { Verb::OrganizationRead } else { Verb::OrganizationMembers };
        let actions = Actions::of(standing)
            .offer_if("change_role", Verb::OrganizationMembers, last)
            .offer_if("remove", leaving, last);
        MemberView { user: PersonView::of(user), role: *role, actions: actions.all() }
    };
    Ok(Answer::ok(MemberList { items: members.iter().map(member).collect() }))
}

/// The role to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberRole {
    role: OrganizationRole,
}

/// Add a member or change a role
#[utoipa::path(put, path = "/api/v1/organizations/{id}/members/{user}", operation_id = "organization_member_put",
    tag = "Organizations", request_body = MemberRole, responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`org_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn member_put(
    cx: Cx,
    Path((id, user)): Path<(String, String)>,
    Body(body): Body<MemberRole>,
) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "organization")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_member(&cx, &id, &user, Some(body.role)).await? }))
}

/// Remove a member
///
/// Members may leave by themselves. The last OWNER stays.
#[utoipa::path(delete, path = "/api/v1/organizations/{id}/members/{user}", operation_id = "organization_member_remove",
    tag = "Organizations", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`org_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn member_remove(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "organization")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_member(&cx, &id, &user, None).await? }))
}

/// Business administrators of an organization
#[utoipa::path(get, path = "/api/v1/organizations/{id}/business_admins", operation_id = "business_admin_list",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`")),
    responses((status = 200, body = PersonList), Problems))]
async fn business_admin_list(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<PersonList>, Fail> {
    let items = ops::list_business_admins(&cx, &id).await?.iter().map(PersonView::of).collect();
    Ok(Answer::ok(PersonList { items }))
}

/// Appoint a business administrator
///
/// They are on the API side of every API of the organization and may lift any suspension.
#[utoipa::path(put, path = "/api/v1/organizations/{id}/business_admins/{user}", operation_id = "business_admin_appoint",
    tag = "Organizations", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`org_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn business_admin_appoint(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "organization")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_business_admin(&cx, &id, &user, true).await? }))
}

/// Dismiss a business administrator
#[utoipa::path(delete, path = "/api/v1/organizations/{id}/business_admins/{user}", operation_id = "business_admin_dismiss",
    tag = "Organizations", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`org_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn business_admin_dismiss(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "organization")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_business_admin(&cx, &id, &user, false).await? }))
}

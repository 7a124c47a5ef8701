//! Members and granted roles over HTTP.

use crate::actions::{Actions, Offered, unless};
use crate::authz::{Verb, may};
use crate::cx::{Cx, Platform};
use crate::organization::{GrantedRole, OrganizationRole, ops};
use crate::user::{self, PersonView};
use crate::web::{Answer, Body, Done, Fail, Ident, Params, Problems, parse_id};
use axum::extract::Path;
use base::{Page, PageRequest, Problem, Timestamp, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(member_list, member_add))
        .routes(routes!(member_put, member_remove))
        .routes(routes!(role_list))
        .routes(routes!(role_grant, role_take))
}

/// Absent for what was there before such times were kept.
fn since(at: Timestamp) -> Option<String> {
    (at.micros() > 0).then(|| at.to_string())
}

/// A member and their role.
#[derive(Serialize, ToSchema)]
pub struct MemberView {
    /// Who.
    user: PersonView,
    /// What they may do.
    role: OrganizationRole,
    /// What was granted to them beside that.
    roles: Vec<GrantedRole>,
    /// Where mail goes; for themself and site administrators, as in `GET /users/{id}`: nobody is asked before they are added.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Whether the address was proven; for whoever manages the members.
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    /// Since when, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    since: Option<String>,
    /// What the caller may do now: `change_role`, `remove` (which everybody may do to themselves); `last_one` for the last
    /// OWNER.
    actions: Vec<Offered>,
}

/// A page of members.
#[derive(Serialize, ToSchema)]
pub struct MemberPage {
    items: Vec<MemberView>,
    next: Option<String>,
}

/// Which members to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MemberQuery {
    /// Those whose username, or a word of whose name begins like this; where the address is shown also the address.
    q: Option<String>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// Members of an organization
///
/// A page may hold fewer than asked for and still have a `next`.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/members", operation_id = "organization_member_list",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`"), MemberQuery),
    responses((status = 200, body = MemberPage), Problems))]
async fn member_list(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Params(query): Params<MemberQuery>,
) -> Result<Answer<Page<MemberView>>, Fail> {
    let page = PageRequest { after: query.after, limit: query.limit };
    let found = ops::members(&cx, &id, query.q.as_deref(), &page).await?;
    let manages = may(found.standing, Verb::OrganizationMembers);
    let member = |it: ops::Listed| {
        let last = unless(it.role != OrganizationRole::Owner || found.several_owners, "last_one");
        // Oneself one may take off the list whatever one's role is.
        let leaving = if cx.is(&it.user.id) { Verb::OrganizationRead } else { Verb::OrganizationMembers };
        let actions = Actions::of(found.standing)
            .offer_if("change_role", Verb::OrganizationMembers, last)
            .offer_if("remove", leaving, last);
        MemberView {
            user: PersonView::of(&it.user),
            role: it.role,
            roles: it.granted,
            email: user::sees_address(&cx, &it.user.id).then(|| it.user.email.clone()),
            email_verified: manages.then_some(it.user.email_verified),
            since: since(it.since),
            actions: actions.all(),
        }
    };
    Ok(Answer::ok(found.page.map(member)))
}

/// Somebody to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Who, by username.
    username: String,
    /// As what.
    role: OrganizationRole,
}

/// Who was added.
#[derive(Serialize, ToSchema)]
pub struct MemberAdded {
    /// `usr_...`
    user: String,
    /// The number of the change.
    change: i64,
}

/// Add a member by username
///
/// Only somebody whose e-mail address is proven. Whoever is known by an address is invited instead
/// (`POST /api/v1/organizations/{id}/invitations`).
#[utoipa::path(post, path = "/api/v1/organizations/{id}/members", operation_id = "organization_member_add",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`")), request_body = NewMember,
    responses((status = 201, body = MemberAdded), Problems))]
async fn member_add(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Body(body): Body<NewMember>,
) -> Result<Answer<MemberAdded>, Fail> {
    cx.signed()?;
    cx.fresh()?;
    let (user, change) = ops::add_member(&cx, &id, &body.username, body.role).await?;
    let location = format!("/api/v1/organizations/{id}/members/{user}");
    Ok(Answer::created(location, MemberAdded { user: user.to_string(), change }))
}

/// The role to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberRole {
    role: OrganizationRole,
}

/// Add a member or change a role
///
/// Only somebody whose e-mail address is proven is added.
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
/// With the roles that were granted to them on the organization, and out of its groups. Members may leave by themselves. The
/// last OWNER stays.
#[utoipa::path(delete, path = "/api/v1/organizations/{id}/members/{user}", operation_id = "organization_member_remove",
    tag = "Organizations", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`org_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn member_remove(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "organization")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_member(&cx, &id, &user, None).await? }))
}

/// Somebody to whom a role was granted on the organization.
#[derive(Serialize, ToSchema)]
pub struct GrantView {
    /// Who.
    user: PersonView,
    /// What.
    role: GrantedRole,
    /// Since when, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    since: Option<String>,
    /// What the caller may do now: `take`.
    actions: Vec<Offered>,
}

/// Granted roles, by role and person.
#[derive(Serialize, ToSchema)]
pub struct GrantList {
    items: Vec<GrantView>,
}

/// Roles that are granted on an organization
///
/// `business_admin` is on the API side of all of its APIs; `api_designer` creates and edits its APIs and decides nothing.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/roles", operation_id = "organization_role_list",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`")),
    responses((status = 200, body = GrantList), Problems))]
async fn role_list(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<GrantList>, Fail> {
    let (granted, standing) = ops::list_granted(&cx, &id).await?;
    let items = granted.iter().map(|(role, user, at)| GrantView {
        user: PersonView::of(user),
        role: *role,
        since: since(*at),
        actions: Actions::of(standing).offer("take", Verb::OrganizationRoles).all(),
    });
    Ok(Answer::ok(GrantList { items: items.collect() }))
}

fn parse_role(text: &str) -> Result<GrantedRole, Problem> {
    GrantedRole::ALL
        .iter()
        .copied()
        .find(|role| role.as_str() == text)
        .ok_or_else(|| Problem::not_found("granted role"))
}

/// Grant a role on an organization
///
/// `business_admin` or `api_designer`, to somebody whose e-mail address is proven; they need not be a member.
#[utoipa::path(put, path = "/api/v1/organizations/{id}/roles/{role}/{user}", operation_id = "organization_role_grant",
    tag = "Organizations", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`org_...`"),
           ("role" = String, Path, description = "`business_admin` or `api_designer`"),
           ("user" = String, Path, description = "`usr_...`")))]
async fn role_grant(cx: Cx, Path((id, role, user)): Path<(String, String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "organization")?, parse_id(&user, "user")?);
    cx.signed()?;
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_role(&cx, &id, &user, parse_role(&role)?, true).await? }))
}

/// Take a granted role away
#[utoipa::path(delete, path = "/api/v1/organizations/{id}/roles/{role}/{user}", operation_id = "organization_role_take",
    tag = "Organizations", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`org_...`"),
           ("role" = String, Path, description = "`business_admin` or `api_designer`"),
           ("user" = String, Path, description = "`usr_...`")))]
async fn role_take(cx: Cx, Path((id, role, user)): Path<(String, String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "organization")?, parse_id(&user, "user")?);
    cx.signed()?;
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_role(&cx, &id, &user, parse_role(&role)?, false).await? }))
}

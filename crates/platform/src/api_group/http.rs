//! API groups over HTTP.

use super::ops;
use crate::actions::{Actions, Offered};
use crate::authz::Verb;
use crate::cx::{Cx, Platform};
use crate::names::Named;
use crate::web::{Answer, Body, Done, Fail, Ident, Params, Problems, Written, parse_id};
use axum::extract::Path;
use base::{Page, PageRequest, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about API groups.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(group_list, group_create))
        .routes(routes!(group_get, group_edit, group_remove))
        .routes(routes!(member_add, member_remove))
}

/// A set of APIs of one provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiGroup)]
pub struct ApiGroupView {
    /// `apg_...`; never changes.
    id: String,
    /// For people; unique within the organization.
    name: String,
    /// For people.
    description: String,
    /// Whose it is.
    organization: Named,
    /// What it holds, as far as the caller may see it. None is fine.
    apis: Vec<Named>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// What the caller may do now: `edit`, `add` (an API of the organization), `remove`, `delete`.
    actions: Vec<Offered>,
}

fn view(shown: &ops::Shown) -> ApiGroupView {
    let group = &shown.group;
    let actions = ["edit", "add", "remove", "delete"];
    ApiGroupView {
        id: group.id.to_string(),
        name: group.name.clone(),
        description: group.description.clone(),
        organization: Named { id: group.organization.to_string(), name: shown.organization.clone() },
        apis: shown.apis.iter().map(|api| Named { id: api.id.to_string(), name: api.name.clone() }).collect(),
        created_at: group.created_at.to_string(),
        actions: actions
            .iter()
            .fold(Actions::of(shown.standing), |all, action| all.offer(action, Verb::OrganizationProvide))
            .all(),
    }
}

/// Which groups to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct GroupQuery {
    /// Those of this provider, `org_...`.
    #[param(value_type = Option<String>)]
    organization: Option<id::OrganizationId>,
    /// Those that hold this API, `api_...`.
    #[param(value_type = Option<String>)]
    api: Option<id::ApiId>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of API groups.
#[derive(Serialize, ToSchema)]
pub struct ApiGroupPage {
    items: Vec<ApiGroupView>,
    next: Option<String>,
}

/// API groups
///
/// Those of the caller's organizations, and those that hold an API which the caller may see.
#[utoipa::path(get, path = "/api/v1/api_groups", operation_id = "api_group_list", tag = "API groups", params(GroupQuery),
    responses((status = 200, body = ApiGroupPage), Problems), security((), ("personal_token" = [])))]
async fn group_list(cx: Cx, Params(query): Params<GroupQuery>) -> Result<Answer<Page<ApiGroupView>>, Fail> {
    let request = PageRequest { after: query.after, limit: query.limit };
    crate::cursor::<id::ApiGroupId>(&request)?;
    let page = ops::list(&cx, query.organization.as_ref(), query.api.as_ref(), &request).await?;
    Ok(Answer::ok(page.map(|shown| view(&shown))))
}

/// An API group to create.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiGroup {
    /// `org_...`: whose it is.
    #[schema(value_type = String)]
    organization: id::OrganizationId,
    /// 1 to 120 characters; unique within the organization.
    name: String,
    /// At most 4,000 characters.
    #[serde(default)]
    description: String,
}

/// Create an API group
///
/// It holds nothing yet.
#[utoipa::path(post, path = "/api/v1/api_groups", operation_id = "api_group_create", tag = "API groups",
    request_body = NewApiGroup, responses((status = 201, body = Written<ApiGroupView>), Problems))]
async fn group_create(cx: Cx, Body(body): Body<NewApiGroup>) -> Result<Answer<Written<ApiGroupView>>, Fail> {
    let (shown, change) = ops::create(&cx, &body.organization, &body.name, &body.description).await?;
    let location = format!("/api/v1/api_groups/{}", shown.group.id);
    Ok(Answer::created(location, Written { value: view(&shown), change }).version(shown.group.version))
}

/// One API group
#[utoipa::path(get, path = "/api/v1/api_groups/{id}", operation_id = "api_group_get", tag = "API groups",
    params(("id" = String, Path, description = "`apg_...`")),
    responses((status = 200, body = ApiGroupView), Problems), security((), ("personal_token" = [])))]
async fn group_get(cx: Cx, Ident(id): Ident<id::ApiGroupId>) -> Result<Answer<ApiGroupView>, Fail> {
    let shown = ops::get(&cx, &id).await?;
    Ok(Answer::ok(view(&shown)).version(shown.group.version))
}

/// What to change of an API group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiGroupEdit {
    /// 1 to 120 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    name: Option<String>,
    /// At most 4,000 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    description: Option<String>,
}

/// Change an API group
#[utoipa::path(patch, path = "/api/v1/api_groups/{id}", operation_id = "api_group_edit", tag = "API groups",
    params(("id" = String, Path, description = "`apg_...`")), request_body = ApiGroupEdit,
    responses((status = 200, body = Written<ApiGroupView>), Problems))]
async fn group_edit(
    cx: Cx,
    Ident(id): Ident<id::ApiGroupId>,
    Body(body): Body<ApiGroupEdit>,
) -> Result<Answer<Written<ApiGroupView>>, Fail> {
    let (shown, change) = ops::edit(&cx, &id, body.name.as_deref(), body.description.as_deref()).await?;
    Ok(Answer::ok(Written { value: view(&shown), change }).version(shown.group.version))
}

/// Delete an API group
///
/// Its APIs stay.
#[utoipa::path(delete, path = "/api/v1/api_groups/{id}", operation_id = "api_group_remove", tag = "API groups",
    params(("id" = String, Path, description = "`apg_...`")), responses((status = 200, body = Done), Problems))]
async fn group_remove(cx: Cx, Ident(id): Ident<id::ApiGroupId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove(&cx, &id).await? }))
}

/// Put an API into a group
///
/// Only APIs of the group's own organization.
#[utoipa::path(put, path = "/api/v1/api_groups/{id}/apis/{api}", operation_id = "api_group_api_add", tag = "API groups",
    params(("id" = String, Path, description = "`apg_...`"), ("api" = String, Path, description = "`api_...`")),
    responses((status = 200, body = Done), Problems))]
async fn member_add(cx: Cx, Path((id, api)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, api) = (parse_id(&id, "API group")?, parse_id(&api, "API")?);
    Ok(Answer::ok(Done { change: ops::put(&cx, &id, &api, true).await? }))
}

/// Take an API out of a group
#[utoipa::path(delete, path = "/api/v1/api_groups/{id}/apis/{api}", operation_id = "api_group_api_remove",
    tag = "API groups", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`apg_...`"), ("api" = String, Path, description = "`api_...`")))]
async fn member_remove(cx: Cx, Path((id, api)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, api) = (parse_id(&id, "API group")?, parse_id(&api, "API")?);
    Ok(Answer::ok(Done { change: ops::put(&cx, &id, &api, false).await? }))
}

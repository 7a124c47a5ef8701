//! Follows over HTTP.

use super::{Topic, ops};
use crate::cx::{Cx, Platform};
use crate::user::PersonView;
use crate::web::{Answer, Done, Fail, Ident, PageParams, Params, Problems, parse_id};
use axum::extract::Path;
use base::{Kind, Page, Timestamp, id};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about follows.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(api_follow_get, api_follow, api_unfollow))
        .routes(routes!(api_follower_list))
        .routes(routes!(api_follower_remove))
        .routes(routes!(app_follow_get, app_follow, app_unfollow))
        .routes(routes!(app_follower_list))
        .routes(routes!(app_follower_remove))
        .routes(routes!(organization_follow_get, organization_follow, organization_unfollow))
        .routes(routes!(organization_follower_list))
        .routes(routes!(organization_follower_remove))
        .routes(routes!(group_follow_get, group_follow, group_unfollow))
        .routes(routes!(group_follower_list))
        .routes(routes!(group_follower_remove))
        .routes(routes!(me_follow_list))
}

/// Whether the caller follows.
#[derive(Serialize, ToSchema)]
pub struct Following {
    /// Whether the caller follows.
    following: bool,
    /// Since when, RFC 3339; absent if not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    followed_at: Option<String>,
}

fn following(since: Option<Timestamp>) -> Following {
    Following { following: since.is_some(), followed_at: since.map(|t| t.to_string()) }
}

/// The answer to following and unfollowing.
#[derive(Serialize, ToSchema)]
pub struct FollowWritten {
    /// Whether the caller follows now.
    following: bool,
    /// The number of the change; of the newest one if there was nothing to change.
    change: i64,
}

/// A follower.
#[derive(Serialize, ToSchema)]
#[schema(as = Follower)]
pub struct FollowerView {
    /// Who.
    user: PersonView,
    /// Since when, RFC 3339.
    #[schema(format = DateTime)]
    followed_at: String,
}

/// A page of followers.
#[derive(Serialize, ToSchema)]
pub struct FollowerPage {
    items: Vec<FollowerView>,
    next: Option<String>,
}

async fn follower_page(cx: &Cx, topic: &Topic, page: PageParams) -> Result<Answer<Page<FollowerView>>, Fail> {
    let page = ops::list(cx, topic, &page.into()).await?;
    let view = |(user, at): (_, Timestamp)| FollowerView { user: PersonView::of(&user), followed_at: at.to_string() };
    Ok(Answer::ok(page.map(view)))
}

/// Whether I follow an API
#[utoipa::path(get, path = "/api/v1/apis/{id}/follow", operation_id = "api_follow_get", tag = "Follows",
    params(("id" = String, Path, description = "`api_...`")), responses((status = 200, body = Following), Problems))]
async fn api_follow_get(cx: Cx, Ident(id): Ident<id::ApiId>) -> Result<Answer<Following>, Fail> {
    Ok(Answer::ok(following(ops::since(&cx, &Topic::Api(id)).await?)))
}

/// Follow an API
///
/// Its news come to the caller's dashboard. Anybody may who sees the API; repeating it is fine.
#[utoipa::path(put, path = "/api/v1/apis/{id}/follow", operation_id = "api_follow", tag = "Follows",
    params(("id" = String, Path, description = "`api_...`")), responses((status = 200, body = FollowWritten), Problems))]
async fn api_follow(cx: Cx, Ident(id): Ident<id::ApiId>) -> Result<Answer<FollowWritten>, Fail> {
    Ok(Answer::ok(FollowWritten { following: true, change: ops::start(&cx, &Topic::Api(id)).await? }))
}

/// Stop following an API
///
/// Repeating it is fine.
#[utoipa::path(delete, path = "/api/v1/apis/{id}/follow", operation_id = "api_unfollow", tag = "Follows",
    params(("id" = String, Path, description = "`api_...`")), responses((status = 200, body = FollowWritten), Problems))]
async fn api_unfollow(cx: Cx, Ident(id): Ident<id::ApiId>) -> Result<Answer<FollowWritten>, Fail> {
    Ok(Answer::ok(FollowWritten { following: false, change: ops::stop(&cx, &Topic::Api(id)).await? }))
}

/// Followers of an API
///
/// For anybody who has signed in and sees the API.
#[utoipa::path(get, path = "/api/v1/apis/{id}/followers", operation_id = "api_follower_list", tag = "Follows",
    params(("id" = String, Path, description = "`api_...`"), PageParams),
    responses((status = 200, body = FollowerPage), Problems))]
async fn api_follower_list(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<FollowerView>>, Fail> {
    follower_page(&cx, &Topic::Api(id), page).await
}

/// Remove a follower of an API
///
/// Administrators of the API remove anybody, everybody themselves.
#[utoipa::path(delete, path = "/api/v1/apis/{id}/followers/{user}", operation_id = "api_follower_remove",
    tag = "Follows", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`api_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn api_follower_remove(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (topic, user) = (Topic::Api(parse_id(&id, "API")?), parse_id(&user, "follower")?);
    Ok(Answer::ok(Done { change: ops::remove(&cx, &topic, &user).await? }))
}

/// Whether I follow an app
#[utoipa::path(get, path = "/api/v1/apps/{id}/follow", operation_id = "app_follow_get", tag = "Follows",
    params(("id" = String, Path, description = "`app_...`")), responses((status = 200, body = Following), Problems))]
async fn app_follow_get(cx: Cx, Ident(id): Ident<id::AppId>) -> Result<Answer<Following>, Fail> {
    Ok(Answer::ok(following(ops::since(&cx, &Topic::App(id)).await?)))
}

/// Follow an app
///
/// Its news come to the caller's dashboard. Anybody may who sees the app; repeating it is fine.
#[utoipa::path(put, path = "/api/v1/apps/{id}/follow", operation_id = "app_follow", tag = "Follows",
    params(("id" = String, Path, description = "`app_...`")), responses((status = 200, body = FollowWritten), Problems))]
async fn app_follow(cx: Cx, Ident(id): Ident<id::AppId>) -> Result<Answer<FollowWritten>, Fail> {
    Ok(Answer::ok(FollowWritten { following: true, change: ops::start(&cx, &Topic::App(id)).await? }))
}

/// Stop following an app
///
/// Repeating it is fine.
#[utoipa::path(delete, path = "/api/v1/apps/{id}/follow", operation_id = "app_unfollow", tag = "Follows",
    params(("id" = String, Path, description = "`app_...`")), responses((status = 200, body = FollowWritten), Problems))]
async fn app_unfollow(cx: Cx, Ident(id): Ident<id::AppId>) -> Result<Answer<FollowWritten>, Fail> {
    Ok(Answer::ok(FollowWritten { following: false, change: ops::stop(&cx, &Topic::App(id)).await? }))
}

/// Followers of an app
///
/// For those who see the app.
#[utoipa::path(get, path = "/api/v1/apps/{id}/followers", operation_id = "app_follower_list", tag = "Follows",
    params(("id" = String, Path, description = "`app_...`"), PageParams),
    responses((status = 200, body = FollowerPage), Problems))]
async fn app_follower_list(
    cx: Cx,
    Ident(id): Ident<id::AppId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<FollowerView>>, Fail> {
    follower_page(&cx, &Topic::App(id), page).await
}

/// Remove a follower of an app
///
/// Those who manage the app remove anybody, everybody themselves.
#[utoipa::path(delete, path = "/api/v1/apps/{id}/followers/{user}", operation_id = "app_follower_remove",
    tag = "Follows", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`app_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn app_follower_remove(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (topic, user) = (Topic::App(parse_id(&id, "app")?), parse_id(&user, "follower")?);
    Ok(Answer::ok(Done { change: ops::remove(&cx, &topic, &user).await? }))
}

/// Whether I follow an organization
#[utoipa::path(get, path = "/api/v1/organizations/{id}/follow", operation_id = "organization_follow_get", tag = "Follows",
    params(("id" = String, Path, description = "`org_...`")), responses((status = 200, body = Following), Problems))]
async fn organization_follow_get(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<Following>, Fail> {
    Ok(Answer::ok(following(ops::since(&cx, &Topic::Organization(id)).await?)))
}

/// Follow an organization
///
/// Its news come to the caller's dashboard. Anybody may who sees the organization; repeating it is fine.
#[utoipa::path(put, path = "/api/v1/organizations/{id}/follow", operation_id = "organization_follow", tag = "Follows",
    params(("id" = String, Path, description = "`org_...`")), responses((status = 200, body = FollowWritten), Problems))]
async fn organization_follow(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<FollowWritten>, Fail> {
    Ok(Answer::ok(FollowWritten { following: true, change: ops::start(&cx, &Topic::Organization(id)).await? }))
}

/// Stop following an organization
///
/// Repeating it is fine.
#[utoipa::path(delete, path = "/api/v1/organizations/{id}/follow", operation_id = "organization_unfollow", tag = "Follows",
    params(("id" = String, Path, description = "`org_...`")), responses((status = 200, body = FollowWritten), Problems))]
async fn organization_unfollow(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<FollowWritten>, Fail> {
    Ok(Answer::ok(FollowWritten { following: false, change: ops::stop(&cx, &Topic::Organization(id)).await? }))
}

/// Followers of an organization
///
/// For those who see the organization.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/followers", operation_id = "organization_follower_list", tag = "Follows",
    params(("id" = String, Path, description = "`org_...`"), PageParams),
    responses((status = 200, body = FollowerPage), Problems))]
async fn organization_follower_list(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<FollowerView>>, Fail> {
    follower_page(&cx, &Topic::Organization(id), page).await
}

/// Remove a follower of an organization
///
/// Those who manage the organization remove anybody, everybody themselves.
#[utoipa::path(delete, path = "/api/v1/organizations/{id}/followers/{user}", operation_id = "organization_follower_remove",
    tag = "Follows", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`org_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn organization_follower_remove(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (topic, user) = (Topic::Organization(parse_id(&id, "organization")?), parse_id(&user, "follower")?);
    Ok(Answer::ok(Done { change: ops::remove(&cx, &topic, &user).await? }))
}

/// Whether I follow a group
#[utoipa::path(get, path = "/api/v1/groups/{id}/follow", operation_id = "group_follow_get", tag = "Follows",
    params(("id" = String, Path, description = "`grp_...`")), responses((status = 200, body = Following), Problems))]
async fn group_follow_get(cx: Cx, Ident(id): Ident<id::GroupId>) -> Result<Answer<Following>, Fail> {
    Ok(Answer::ok(following(ops::since(&cx, &Topic::Group(id)).await?)))
}

/// Follow a group
///
/// Its news come to the caller's dashboard. Anybody may who sees the group; repeating it is fine.
#[utoipa::path(put, path = "/api/v1/groups/{id}/follow", operation_id = "group_follow", tag = "Follows",
    params(("id" = String, Path, description = "`grp_...`")), responses((status = 200, body = FollowWritten), Problems))]
async fn group_follow(cx: Cx, Ident(id): Ident<id::GroupId>) -> Result<Answer<FollowWritten>, Fail> {
    Ok(Answer::ok(FollowWritten { following: true, change: ops::start(&cx, &Topic::Group(id)).await? }))
}

/// Stop following a group
///
/// Repeating it is fine.
#[utoipa::path(delete, path = "/api/v1/groups/{id}/follow", operation_id = "group_unfollow", tag = "Follows",
    params(("id" = String, Path, description = "`grp_...`")), responses((status = 200, body = FollowWritten), Problems))]
async fn group_unfollow(cx: Cx, Ident(id): Ident<id::GroupId>) -> Result<Answer<FollowWritten>, Fail> {
    Ok(Answer::ok(FollowWritten { following: false, change: ops::stop(&cx, &Topic::Group(id)).await? }))
}

/// Followers of a group
///
/// For those who see the group.
#[utoipa::path(get, path = "/api/v1/groups/{id}/followers", operation_id = "group_follower_list", tag = "Follows",
    params(("id" = String, Path, description = "`grp_...`"), PageParams),
    responses((status = 200, body = FollowerPage), Problems))]
async fn group_follower_list(
    cx: Cx,
    Ident(id): Ident<id::GroupId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<FollowerView>>, Fail> {
    follower_page(&cx, &Topic::Group(id), page).await
}

/// Remove a follower of a group
///
/// Those who manage the group remove anybody, everybody themselves.
#[utoipa::path(delete, path = "/api/v1/groups/{id}/followers/{user}", operation_id = "group_follower_remove",
    tag = "Follows", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`grp_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn group_follower_remove(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (topic, user) = (Topic::Group(parse_id(&id, "group")?), parse_id(&user, "follower")?);
    Ok(Answer::ok(Done { change: ops::remove(&cx, &topic, &user).await? }))
}

/// Something that the caller follows.
#[derive(Serialize, ToSchema)]
#[schema(as = Followed)]
pub struct FollowedView {
    /// `api`, `app`, `organization` or `group`.
    #[schema(value_type = String)]
    kind: Kind,
    /// `api_...`, `app_...`, `org_...` or `grp_...`
    id: String,
    /// For people; null when the caller does not see it any more.
    name: Option<String>,
    /// Since when, RFC 3339.
    #[schema(format = DateTime)]
    followed_at: String,
}

/// A page of what the caller follows.
#[derive(Serialize, ToSchema)]
pub struct FollowedPage {
    items: Vec<FollowedView>,
    next: Option<String>,
}

/// What I follow
#[utoipa::path(get, path = "/api/v1/me/follows", operation_id = "me_follow_list", tag = "Follows", params(PageParams),
    responses((status = 200, body = FollowedPage), Problems))]
async fn me_follow_list(cx: Cx, Params(page): Params<PageParams>) -> Result<Answer<Page<FollowedView>>, Fail> {
    let page = ops::mine(&cx, &page.into()).await?;
    Ok(Answer::ok(page.map(|followed| FollowedView {
        kind: followed.resource.kind,
        id: followed.resource.id,
        name: followed.name,
        followed_at: followed.followed_at.to_string(),
    })))
}

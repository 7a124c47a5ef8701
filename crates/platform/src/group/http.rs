//! Groups of people over HTTP.

use super::{Group, ops};
use crate::actions::{Actions, Offered, unless};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Platform};
use crate::names::Named;
use crate::user::PersonView;
use crate::web::{Answer, Body, Done, Fail, Ident, PageParams, Params, Problems, Written, parse_id};
use axum::extract::Path;
use base::{Page, PageRequest, Problem, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about groups of people.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(group_list, group_create))
        .routes(routes!(group_get, group_edit))
        .routes(routes!(group_member_list))
        .routes(routes!(group_member_put, group_member_remove))
}

/// People inside an organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Group)]
pub struct GroupView {
    /// `grp_...`
    id: String,
    /// Whose, `org_...`.
    organization: String,
    /// The group that it belongs to, `grp_...`; absent at the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    /// Unique among its siblings.
    name: String,
    /// For people.
    description: String,
    /// Of the commercial contract; may be empty.
    contract_number: String,
    /// How many are in it; 1,000 stands for that many or more.
    members: i64,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// What the caller may do now: `edit`, `move`, `add_child`, `members`, `delete` (`in_use` while there is somebody in it).
    actions: Vec<Offered>,
}

fn view(group: &Group, standing: Standing, members: i64, in_use: bool) -> GroupView {
    let actions = Actions::of(standing)
        .offer("edit", Verb::GroupEdit)
        .offer("move", Verb::GroupEdit)
        .offer("add_child", Verb::GroupEdit)
        .offer("members", Verb::GroupEdit)
        .offer_if("delete", Verb::GroupEdit, unless(!in_use, "in_use"));
    GroupView {
        id: group.id.to_string(),
        organization: group.organization.to_string(),
        parent: group.parent.as_ref().map(ToString::to_string),
        name: group.name.clone(),
        description: group.description.clone(),
        contract_number: group.contract_number.clone(),
        members,
        created_at: group.created_at.to_string(),
        actions: actions.all(),
    }
}

/// Whose groups to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct GroupQuery {
    /// `org_...`
    #[param(value_type = String)]
    organization: id::OrganizationId,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of groups.
#[derive(Serialize, ToSchema)]
pub struct GroupPage {
    items: Vec<GroupView>,
    next: Option<String>,
}

/// Groups of an organization
///
/// All of its tree, by id; `parent` says where each belongs. Whether one can be deleted is asked of it alone.
#[utoipa::path(get, path = "/api/v1/groups", operation_id = "group_list", tag = "Groups", params(GroupQuery),
    responses((status = 200, body = GroupPage), Problems))]
async fn group_list(cx: Cx, Params(query): Params<GroupQuery>) -> Result<Answer<Page<GroupView>>, Fail> {
    let page = PageRequest { after: query.after, limit: query.limit };
    let page = ops::list(&cx, &query.organization, &page).await?;
    Ok(Answer::ok(page.map(|(group, standing, members)| view(&group, standing, members, members > 0))))
}

/// Make a group
#[utoipa::path(post, path = "/api/v1/groups", operation_id = "group_create", tag = "Groups",
    request_body = ops::NewGroup, responses((status = 201, body = Written<GroupView>), Problems))]
async fn group_create(cx: Cx, Body(body): Body<ops::NewGroup>) -> Result<Answer<Written<GroupView>>, Fail> {
    let (group, standing, change) = ops::create(&cx, body).await?;
    let location = format!("/api/v1/groups/{}", group.id);
    let value = view(&group, standing, 0, false);
    Ok(Answer::created(location, Written { value, change }).version(group.version))
}

/// A group, where it hangs and whether it can go.
#[derive(Serialize, ToSchema)]
pub struct GroupDetail {
    #[serde(flatten)]
    group: GroupView,
    /// Whose.
    owner: Named,
    /// The groups above it, the root first.
    path: Vec<Named>,
}

async fn detail(cx: &Cx, group: &Group, view: GroupView) -> Result<GroupDetail, Problem> {
    let mut tx = cx.read().await?;
    let owner = crate::organization::find(&mut tx, &group.organization).await?.map(|it| it.name).unwrap_or_default();
    let (mut path, mut next) = (Vec::new(), group.parent.clone());
    while let Some(id) = next.take() {
        if let Some(found) = ops::find(&mut tx, &id).await? {
            path.push(Named { id: id.to_string(), name: found.name });
            next = found.parent;
        }
    }
    path.reverse();
    Ok(GroupDetail { group: view, owner: Named { id: group.organization.to_string(), name: owner }, path })
}

/// One group
#[utoipa::path(get, path = "/api/v1/groups/{id}", operation_id = "group_get", tag = "Groups",
    params(("id" = String, Path, description = "`grp_...`")), responses((status = 200, body = GroupDetail), Problems))]
async fn group_get(cx: Cx, Ident(id): Ident<id::GroupId>) -> Result<Answer<GroupDetail>, Fail> {
    let (group, standing, members, parent) = ops::get(&cx, &id).await?;
    let shown = view(&group, standing, members, parent || members > 0);
    Ok(Answer::ok(detail(&cx, &group, shown).await?).version(group.version))
}

/// What to change of a group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupEdit {
    #[serde(default, deserialize_with = "crate::web::given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::web::given")]
    description: Option<String>,
    #[serde(default, deserialize_with = "crate::web::given")]
    contract_number: Option<String>,
    /// Where it is moved, `grp_...`; null is the root.
    #[serde(default, deserialize_with = "crate::web::given")]
    #[schema(value_type = Option<String>)]
    parent: Option<Option<id::GroupId>>,
}

/// Change or move a group
///
/// With all that is below it.
#[utoipa::path(patch, path = "/api/v1/groups/{id}", operation_id = "group_edit", tag = "Groups",
    params(("id" = String, Path, description = "`grp_...`")), request_body = GroupEdit,
    responses((status = 200, body = Written<GroupView>), Problems))]
async fn group_edit(
    cx: Cx,
    Ident(id): Ident<id::GroupId>,
    Body(body): Body<GroupEdit>,
) -> Result<Answer<Written<GroupView>>, Fail> {
    let GroupEdit { name, description, contract_number, parent } = body;
    let edit = ops::Edit { name, description, contract_number, parent };
    let (group, standing, change) = ops::edit(&cx, &id, edit).await?;
    let members = ops::count_members(&mut *cx.read().await?, &id).await?;
    let value = view(&group, standing, members, members > 0);
    Ok(Answer::ok(Written { value, change }).version(group.version))
}

/// Somebody in a group.
#[derive(Serialize, ToSchema)]
pub struct GroupMember {
    /// Who.
    user: PersonView,
    /// Since when.
    #[schema(format = DateTime)]
    since: String,
    /// What the caller may do now: `remove`, which everybody may do to themselves.
    actions: Vec<Offered>,
}

/// A page of the people in a group.
#[derive(Serialize, ToSchema)]
pub struct GroupMemberPage {
    items: Vec<GroupMember>,
    next: Option<String>,
}

/// Who is in a group
#[utoipa::path(get, path = "/api/v1/groups/{id}/members", operation_id = "group_member_list", tag = "Groups",
    params(("id" = String, Path, description = "`grp_...`"), PageParams),
    responses((status = 200, body = GroupMemberPage), Problems))]
async fn group_member_list(
    cx: Cx,
    Ident(id): Ident<id::GroupId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<GroupMember>>, Fail> {
    let (page, standing) = ops::members(&cx, &id, &page.into()).await?;
    Ok(Answer::ok(page.map(|(user, since)| {
        let leaving = if cx.is(&user.id) { Verb::GroupRead } else { Verb::GroupEdit };
        let actions = Actions::of(standing).offer("remove", leaving).all();
        GroupMember { user: PersonView::of(&user), since: since.to_string(), actions }
    })))
}

/// Put somebody into a group
///
/// A member of the organization.
#[utoipa::path(put, path = "/api/v1/groups/{id}/members/{user}", operation_id = "group_member_put", tag = "Groups",
    responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`grp_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn group_member_put(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "group")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_member(&cx, &id, &user).await? }))
}

/// Take somebody out of a group
///
/// Everybody may leave by themselves.
#[utoipa::path(delete, path = "/api/v1/groups/{id}/members/{user}", operation_id = "group_member_remove", tag = "Groups",
    responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`grp_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn group_member_remove(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "group")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::remove_member(&cx, &id, &user).await? }))
}

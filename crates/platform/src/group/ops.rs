//! What can be done with groups of people.

use super::{Group, rule, sql};
use crate::authz::{Relation, Standing, Verb, may};
use crate::cx::{Cx, Describe};
use crate::user::User;
use crate::{organization, text, user};
use base::{Change, Kind, Page, PageRequest, Problem, ProblemKind, Timestamp, gather, id};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::Conn;

/// How many groups below one are looked through to know how high its tree is.
const WIDEST: i64 = 1_000;

/// A group, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::GroupId) -> Result<Option<Group>, Problem> {
    sql::find(conn, id).await
}

/// How many are in a group; 1,000 stands for that many or more.
pub async fn count_members(conn: &mut Conn, id: &id::GroupId) -> Result<i64, Problem> {
    Ok(sql::counts_of_members(conn, std::slice::from_ref(id)).await?.remove(id).unwrap_or(0))
}

/// The members of a group by id, for whoever may see them already.
///
/// # Errors
/// Those of the database.
pub async fn members_page(
    conn: &mut Conn,
    id: &id::GroupId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::UserId, Timestamp)>, Problem> {
    sql::members(conn, id, after, limit).await
}

/// The groups that a user is in, by id.
///
/// # Errors
/// Those of the database.
pub async fn memberships(
    conn: &mut Conn,
    user: &id::UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::GroupId, Timestamp)>, Problem> {
    sql::memberships(conn, user, after, limit).await
}

/// How the caller stands to this group.
///
/// # Errors
/// Those of the database.
pub async fn standing(cx: &Cx, conn: &mut Conn, group: &Group) -> Result<Standing, Problem> {
    let standing = organization::standing(cx, conn, &group.organization).await?;
    let Some(who) = &cx.who else { return Ok(standing) };
    let member = sql::is_member(conn, &group.id, &who.id).await?;
    Ok(standing.and_if(member, Relation::GroupMember))
}

/// A group that the caller may see, and how they stand to it.
///
/// # Errors
/// 401, 404 if there is none that they may see.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: &id::GroupId) -> Result<(Group, Standing), Problem> {
    cx.signed()?;
    let group = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("group"))?;
    let standing = standing(cx, conn, &group).await?;
    cx.may_see(standing, Verb::GroupRead, "group")?;
    Ok((group, standing))
}

/// Those of these groups that the caller may see, and how they stand to each.
///
/// # Errors
/// Those of the database.
pub async fn visible_among(cx: &Cx, conn: &mut Conn, ids: &[id::GroupId]) -> Result<Vec<(Group, Standing)>, Problem> {
    let Some(who) = &cx.who else { return Ok(Vec::new()) };
    let groups = sql::among(conn, ids).await?;
    let owners: BTreeSet<_> = groups.iter().map(|group| group.organization.clone()).collect();
    let seats = organization::Seats::among(cx, conn, &owners.into_iter().collect::<Vec<_>>()).await?;
    let mine = sql::of_member(conn, ids, &who.id).await?;
    let standing =
        |group: &Group| seats.standing(&group.organization).and_if(mine.contains(&group.id), Relation::GroupMember);
    let all = groups.into_iter().map(|group| (standing(&group), group));
    Ok(all.filter(|(standing, _)| may(*standing, Verb::GroupRead)).map(|(standing, group)| (group, standing)).collect())
}

/// The groups of an organization by id, each with how the caller stands to it and how many are in it.
pub async fn list(
    cx: &Cx,
    organization: &id::OrganizationId,
    page: &PageRequest,
) -> Result<Page<(Group, Standing, i64)>, Problem> {
    crate::cursor::<id::GroupId>(page)?;
    let mut tx = cx.read().await?;
    let (_, standing) = organization::visible(cx, &mut tx, organization).await?;
    cx.may_see(standing, Verb::GroupRead, "organization")?;
    let groups = sql::page(&mut tx, organization, page.after(), page.limit() + 1).await?;
    let ids: Vec<id::GroupId> = groups.iter().map(|group| group.id.clone()).collect();
    let members = sql::counts_of_members(&mut tx, &ids).await?;
    let counted = |group: Group| (members.get(&group.id).copied().unwrap_or(0), group);
    let rows = groups.into_iter().map(counted).map(|(members, group)| (group, standing, members)).collect();
    Ok(Page::of(rows, page.limit(), |(group, ..)| group.id.to_string()))
}

/// A group to make.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// Whose, `org_...`.
    #[schema(value_type = String)]
    pub organization: id::OrganizationId,
    /// The group that it belongs to, `grp_...`; at the root unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub parent: Option<id::GroupId>,
    /// 1 to 120 characters, unique among its siblings.
    pub name: String,
    /// At most 4,000 characters.
    #[serde(default)]
    pub description: String,
    /// Of the commercial contract; at most 80 characters.
    #[serde(default)]
    pub contract_number: String,
}

/// Makes a group.
///
/// # Errors
/// 403, 409 if a sibling has this name or the tree would grow too deep, 422.
pub async fn create(cx: &Cx, new: NewGroup) -> Result<(Group, Standing, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let (organization, standing) = organization::require(cx, &mut tx, &new.organization).await?;
    cx.may(standing, Verb::GroupEdit)?;
    organization::hold(&mut tx, &organization.id).await?;
    let group = gather(|wrong| Group {
        id: id::GroupId::new(cx.now),
        version: 1,
        organization: organization.id,
        parent: new.parent,
        name: wrong.of(text::name("/name", &new.name)),
        description: wrong.of(text::prose("/description", &new.description)),
        contract_number: wrong.of(rule::contract_number(&new.contract_number)),
        created_at: cx.now,
    })?;
    let above = ancestors(&mut tx, &group).await?;
    rule::may_hang(None, 1, &above)?;
    sql::insert(&mut tx, &group).await?;
    let change = change(cx, "group.created", &group).detailing(json!({"after": summary(&group)}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((group, standing, seq))
}

fn change(cx: &Cx, verb: &'static str, group: &Group) -> Change {
    cx.change(verb, Kind::Group, &group.id).touching(Kind::Organization, &group.organization)
}

fn summary(group: &Group) -> Value {
    json!({"name": group.name, "description": group.description, "parent": group.parent,
           "contract_number": group.contract_number})
}

/// The groups above one, the nearest first. The first of them is its parent, which is of the same organization.
async fn ancestors(conn: &mut Conn, group: &Group) -> Result<Vec<id::GroupId>, Problem> {
    let (mut above, mut next) = (Vec::new(), group.parent.clone());
    while let Some(id) = next.take() {
        let missing = || Problem::invalid("/parent", format!("There is no group `{id}` in this organization."));
        let found = sql::find(conn, &id).await?.filter(|it| it.organization == group.organization);
        next = found.ok_or_else(missing)?.parent;
        above.push(id);
        if above.len() > rule::DEEPEST {
            break;
        }
    }
    Ok(above)
}

/// How many steps the tree below a group has, its own included.
async fn height(conn: &mut Conn, id: &id::GroupId) -> Result<usize, Problem> {
    let (mut height, mut level) = (1, sql::children(conn, id, WIDEST).await?);
    while !level.is_empty() && height <= rule::DEEPEST {
        height += 1;
        let mut below = Vec::new();
        for id in &level {
            below.extend(sql::children(conn, id, WIDEST).await?);
        }
        level = below;
    }
    Ok(height)
}

/// What to change of a group; what is absent stays.
#[derive(Debug, Default)]
pub struct Edit {
    /// 1 to 120 characters.
    pub name: Option<String>,
    /// At most 4,000 characters.
    pub description: Option<String>,
    /// At most 80 characters.
    pub contract_number: Option<String>,
    /// Where it is moved; `Some(None)` is the root.
    pub parent: Option<Option<id::GroupId>>,
}

/// Changes or moves a group.
///
/// # Errors
/// 403, 404, 409 if it would belong to itself, 412, 422.
pub async fn edit(cx: &Cx, id: &id::GroupId, edit: Edit) -> Result<(Group, Standing, i64), Problem> {
    let mut tx = cx.write().await?;
    let (found, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::GroupEdit)?;
    // Two moves at once could make a circle of which neither sees the other half.
    organization::hold(&mut tx, &found.organization).await?;
    let before = sql::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("group"))?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    gather(|wrong| {
        wrong.set(&mut after.name, edit.name.map(|name| text::name("/name", &name)));
        wrong.set(&mut after.description, edit.description.map(|text| text::prose("/description", &text)));
        wrong.set(&mut after.contract_number, edit.contract_number.map(|number| rule::contract_number(&number)));
    })?;
    let moved = edit.parent.is_some_and(|parent| {
        after.parent = parent;
        after.parent != before.parent
    });
    if moved {
        let above = ancestors(&mut tx, &after).await?;
        rule::may_hang(Some(id), height(&mut tx, id).await?, &above)?;
    }
    after.version = sql::put(&mut tx, &after).await?;
    let verb = if moved { "group.moved" } else { "group.edited" };
    let change = change(cx, verb, &after).detailing(json!({"before": summary(&before), "after": summary(&after)}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, standing, seq))
}

/// Deletes a group in which there is nobody and below which there is none, inside the caller's transaction: the change to
/// commit with it.
///
/// # Errors
/// 403, 404, 409, 412.
pub async fn remove(cx: &Cx, conn: &mut Conn, id: &id::GroupId) -> Result<Change, Problem> {
    let (group, standing) = visible(cx, conn, id).await?;
    cx.may(standing, Verb::GroupEdit)?;
    cx.expect_version(group.version)?;
    organization::hold(conn, &group.organization).await?;
    if !sql::children(conn, id, 1).await?.is_empty() {
        return Err(Problem::new(ProblemKind::InUse, "There are groups below it; move or delete them first."));
    }
    if !sql::members(conn, id, "", 1).await?.is_empty() {
        return Err(Problem::new(ProblemKind::InUse, "There is somebody in it; take everybody out first."));
    }
    sql::delete(conn, &group).await?;
    Ok(change(cx, "group.deleted", &group).detailing(json!({"before": summary(&group), "after": null})))
}

/// One group, how the caller stands to it, how many are in it and whether there are groups below it.
pub async fn get(cx: &Cx, id: &id::GroupId) -> Result<(Group, Standing, i64, bool), Problem> {
    let mut tx = cx.read().await?;
    let (group, standing) = visible(cx, &mut tx, id).await?;
    let members = count_members(&mut tx, id).await?;
    let parent = !sql::children(&mut tx, id, 1).await?.is_empty();
    Ok((group, standing, members, parent))
}

/// Who is in a group, by id.
pub async fn members(
    cx: &Cx,
    id: &id::GroupId,
    page: &PageRequest,
) -> Result<(Page<(User, Timestamp)>, Standing), Problem> {
    crate::cursor::<id::UserId>(page)?;
    let mut tx = cx.read().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    let members = sql::members(&mut tx, id, page.after(), page.limit() + 1).await?;
    let ids: Vec<id::UserId> = members.iter().map(|(member, _)| member.clone()).collect();
    let mut people = user::among(&mut tx, &ids).await?;
    let rows = members.into_iter().filter_map(|(member, since)| Some((people.remove(&member)?, since))).collect();
    Ok((Page::of(rows, page.limit(), |(user, _)| user.id.to_string()), standing))
}

/// Puts a member of the organization into a group.
///
/// # Errors
/// 403, 404, 422 if the person is no member of the organization.
pub async fn put_member(cx: &Cx, id: &id::GroupId, user: &id::UserId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (group, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::GroupEdit)?;
    organization::hold(&mut tx, &group.organization).await?;
    if !organization::is_member(&mut tx, &group.organization, user).await? {
        let detail = "Only members of the organization can be in its groups; add the person there first.";
        return Err(Problem::invalid("/user", detail));
    }
    if !sql::put_member(&mut tx, &group, user, cx.now).await? {
        return Err(Problem::new(ProblemKind::Exists, "This person is in the group already."));
    }
    let change = change(cx, "group.member_added", &group)
        .touching(Kind::User, user)
        .detailing(json!({"user": user, "before": false, "after": true}));
    cx.commit(tx, vec![change]).await
}

/// Takes somebody out of a group; everybody may leave by themselves.
///
/// # Errors
/// 403, 404.
pub async fn remove_member(cx: &Cx, id: &id::GroupId, user: &id::UserId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (group, standing) = visible(cx, &mut tx, id).await?;
    if !cx.is(user) {
        cx.may(standing, Verb::GroupEdit)?;
    }
    if !sql::delete_member(&mut tx, id, user).await? {
        return Err(Problem::not_found("member"));
    }
    let change = change(cx, "group.member_removed", &group)
        .touching(Kind::User, user)
        .detailing(json!({"user": user, "before": true, "after": false}));
    cx.commit(tx, vec![change]).await
}

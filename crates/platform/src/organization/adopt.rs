//! Organizations as an import wants them, inside the transaction of that import.

use super::{Contact, Organization, OrganizationRole, sql};
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use crate::text;
use base::{Change, Kind, Page, PageRequest, Problem, id};
use serde_json::json;
use store::Conn;

/// What is wanted of an organization; what is absent stays.
#[derive(Debug, Default)]
pub struct AdoptedOrganization {
    /// For people; a new organization has to have one.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
}

/// Founds the organization of this id, without members, or brings it to what is wanted; the change to commit with it, if
/// anything was different. The caller has checked that they may.
///
/// # Errors
/// 422 naming the member.
pub async fn adopt(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::OrganizationId,
    wanted: AdoptedOrganization,
) -> Result<(Organization, Option<Change>), Problem> {
    let Some(before) = sql::find(conn, id).await? else {
        let name = wanted.name.ok_or_else(|| Problem::invalid("/name", "A new organization has a name."))?;
        let organization = Organization {
            id: id.clone(),
            version: 1,
            name: text::name("/name", &name)?,
            description: text::prose("/description", &wanted.description.unwrap_or_default())?,
            contact: Contact::default(),
            managed_by: None,
            managed_since: None,
            created_at: cx.now,
        };
        sql::insert(conn, &organization).await?;
        let change = cx.change("organization.created", Kind::Organization, id).detailing(json!({
            "after": {"name": organization.name, "description": organization.description},
        }));
        return Ok((organization, Some(change)));
    };
    let mut after = before.clone();
    if let Some(name) = wanted.name.filter(|name| *name != after.name) {
        after.name = text::name("/name", &name)?;
    }
    if let Some(description) = wanted.description.filter(|text| *text != after.description) {
        after.description = text::prose("/description", &description)?;
    }
    let facts = |it: &Organization| json!({"name": it.name, "description": it.description});
    if facts(&before) == facts(&after) {
        return Ok((before, None));
    }
    after.version = sql::put(conn, &after).await?;
    let detail = json!({"before": facts(&before), "after": facts(&after)});
    let change = cx.change("organization.edited", Kind::Organization, id).detailing(detail);
    Ok((after, Some(change)))
}

/// The members of an organization.
///
/// # Errors
/// Those of the database.
pub async fn adopted_members(
    conn: &mut Conn,
    id: &id::OrganizationId,
) -> Result<Vec<(id::UserId, OrganizationRole)>, Problem> {
    let all = sql::all_members(conn, std::slice::from_ref(id)).await?;
    Ok(all.into_iter().map(|(_, user, role)| (user, role)).collect())
}

/// The members of these organizations, by organization and person.
///
/// # Errors
/// Those of the database.
pub async fn members_of(
    conn: &mut Conn,
    ids: &[id::OrganizationId],
) -> Result<Vec<(id::OrganizationId, id::UserId, OrganizationRole)>, Problem> {
    sql::all_members(conn, ids).await
}

/// Every organization that these users are members of, by user and organization.
///
/// # Errors
/// Those of the database.
pub async fn roles_of(
    conn: &mut Conn,
    users: &[id::UserId],
) -> Result<Vec<(id::UserId, id::OrganizationId, OrganizationRole)>, Problem> {
    sql::roles_of(conn, users).await
}

/// Gives the organization these members with these roles, or takes every role away (`None`): the changes to commit, for
/// those that were different. The caller has checked that they may, and that the people are there.
///
/// An imported organization may have no members yet: then the site administrators manage it. One that has an OWNER keeps
/// one.
///
/// # Errors
/// 422 naming `pointer` if the last OWNER would go.
pub async fn adopt_members(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::OrganizationId,
    wanted: &[(id::UserId, Option<OrganizationRole>)],
    pointer: &str,
) -> Result<Vec<Change>, Problem> {
    sql::hold(conn, id).await?;
    let before = adopted_members(conn, id).await?;
    let mut changes = Vec::new();
    for (user, role) in wanted {
        let old = before.iter().find(|(member, _)| member == user).map(|(_, role)| *role);
        if old == *role {
            continue;
        }
        let verb = match role {
            Some(role) => {
                sql::put_member(conn, id, user, *role, cx.now).await?;
                "organization.member_set"
            }
            None => {
                sql::delete_member(conn, id, user).await?;
                "organization.member_removed"
            }
        };
        let change = cx
            .change(verb, Kind::Organization, id)
            .touching(Kind::User, user)
            .detailing(json!({"user": user, "before": old, "after": role}));
        changes.push(change);
    }
    let owned = |all: &[(id::UserId, OrganizationRole)]| all.iter().any(|(_, role)| *role == OrganizationRole::Owner);
    if owned(&before) && !owned(&adopted_members(conn, id).await?) {
        return Err(Problem::invalid(pointer, "A partner that has an OWNER keeps one; name another first."));
    }
    Ok(changes)
}

/// An organization that the caller may read.
///
/// # Errors
/// 404 if there is none.
pub async fn readable(cx: &Cx, conn: &mut Conn, id: &id::OrganizationId) -> Result<Organization, Problem> {
    cx.signed()?;
    let organization = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("organization"))?;
    let standing = super::standing(cx, conn, id).await?;
    cx.may_see(standing, Verb::OrganizationRead, "organization")?;
    Ok(organization)
}

/// The caller's organizations, by id; all of them for a site administrator.
///
/// # Errors
/// 401, 422 if the page goes on after something else.
pub async fn readable_page(cx: &Cx, conn: &mut Conn, page: &PageRequest) -> Result<Page<Organization>, Problem> {
    let who = cx.signed()?;
    crate::cursor::<id::OrganizationId>(page)?;
    let member = (!who.site_admin).then_some(&who.id);
    let rows = sql::page(conn, member, page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |it| it.id.to_string()))
}

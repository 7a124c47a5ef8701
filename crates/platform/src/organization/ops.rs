//! What can be done with organizations.

use super::{Organization, OrganizationRole, sql};
use crate::authz::{Relation, Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::{text, user};
use base::{Kind, Page, PageRequest, Problem, ProblemKind, id};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use store::Conn;

/// How the caller stands to this organization.
///
/// # Errors
/// Those of the database.
pub async fn standing(cx: &Cx, conn: &mut Conn, id: &id::OrganizationId) -> Result<Standing, Problem> {
    let Some(who) = &cx.who else { return Ok(cx.standing()) };
    let role = sql::role(conn, id, &who.id).await?;
    let business = sql::is_business_admin(conn, id, &who.id).await?;
    Ok(cx
        .standing()
        .and_if(role == Some(OrganizationRole::Owner), Relation::OrganizationOwner)
        .and_if(role == Some(OrganizationRole::ReadOnly), Relation::OrganizationReader)
        .and_if(business, Relation::BusinessAdmin))
}

/// Where the caller has a say, for all organizations at once.
#[derive(Debug)]
pub struct Seats {
    base: Standing,
    roles: HashMap<id::OrganizationId, OrganizationRole>,
    business: HashSet<id::OrganizationId>,
}

impl Seats {
    /// Those of the caller.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn of(cx: &Cx, conn: &mut Conn) -> Result<Self, Problem> {
        let (mut roles, mut business) = (HashMap::new(), HashSet::new());
        if let Some(who) = &cx.who {
            roles.extend(sql::roles(conn, &who.id).await?);
            business.extend(sql::business_of(conn, &who.id).await?);
        }
        Ok(Self { base: cx.standing(), roles, business })
    }

    /// How the caller stands to this organization.
    pub fn standing(&self, id: &id::OrganizationId) -> Standing {
        let role = self.role(id);
        self.base
            .and_if(role == Some(OrganizationRole::Owner), Relation::OrganizationOwner)
            .and_if(role == Some(OrganizationRole::ReadOnly), Relation::OrganizationReader)
            .and_if(self.is_business_admin(id), Relation::BusinessAdmin)
    }

    /// The caller's role as a member.
    pub fn role(&self, id: &id::OrganizationId) -> Option<OrganizationRole> {
        self.roles.get(id).copied()
    }

    /// Whether the caller is a business administrator of it.
    pub fn is_business_admin(&self, id: &id::OrganizationId) -> bool {
        self.business.contains(id)
    }

    /// The organizations to which the caller stands in one of these ways.
    pub fn with(&self, relations: &[Relation]) -> Vec<id::OrganizationId> {
        let personal: Vec<Relation> = relations.iter().copied().filter(|r| *r != Relation::SiteAdmin).collect();
        let mut all: Vec<_> = self.roles.keys().chain(&self.business).cloned().collect();
        all.sort();
        all.dedup();
        all.retain(|id| self.standing(id).any(&personal));
        all
    }
}

/// An organization, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::OrganizationId) -> Result<Option<Organization>, Problem> {
    sql::find(conn, id).await
}

/// The organization that a body names; 422 if there is none that the caller may see.
///
/// # Errors
/// 422 naming `/organization`.
pub async fn require(cx: &Cx, conn: &mut Conn, id: &id::OrganizationId) -> Result<(Organization, Standing), Problem> {
    let missing = || Problem::invalid("/organization", format!("There is no organization `{id}` that you may see."));
    let organization = sql::find(conn, id).await?.ok_or_else(missing)?;
    let standing = standing(cx, conn, id).await?;
    if !crate::authz::may(standing, Verb::OrganizationRead) {
        return Err(missing());
    }
    Ok((organization, standing))
}

/// The names of these; those that are gone are left out.
///
/// # Errors
/// Those of the database.
pub async fn names(
    conn: &mut Conn,
    ids: &[id::OrganizationId],
) -> Result<HashMap<id::OrganizationId, String>, Problem> {
    Ok(sql::names(conn, ids).await?.into_iter().collect())
}

/// Where this user has a say or a look.
///
/// # Errors
/// Those of the database.
pub async fn of_user(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::OrganizationId>, Problem> {
    sql::of_user(conn, user).await
}

/// Where this user is a business administrator.
///
/// # Errors
/// Those of the database.
pub async fn business_of(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::OrganizationId>, Problem> {
    sql::business_of(conn, user).await
}

/// The business administrators of an organization.
///
/// # Errors
/// Those of the database.
pub async fn business_admins(conn: &mut Conn, id: &id::OrganizationId) -> Result<Vec<id::UserId>, Problem> {
    sql::business_admins(conn, id).await
}

async fn visible(cx: &Cx, conn: &mut Conn, id: &id::OrganizationId) -> Result<(Organization, Standing), Problem> {
    let organization = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("organization"))?;
    let standing = standing(cx, conn, id).await?;
    cx.may_see(standing, Verb::OrganizationRead, "organization")?;
    Ok((organization, standing))
}

/// The caller's organizations; all of them for a site administrator.
pub async fn list(cx: &Cx, page: &PageRequest) -> Result<(Page<Organization>, Seats), Problem> {
    let who = cx.signed()?;
    crate::cursor::<id::OrganizationId>(page)?;
    let member = (!who.site_admin).then_some(&who.id);
    let mut tx = cx.read().await?;
    let rows = sql::page(&mut tx, member, page.after(), page.limit() + 1).await?;
    let seats = Seats::of(cx, &mut tx).await?;
    Ok((Page::of(rows, page.limit(), |o| o.id.to_string()), seats))
}

pub async fn get(cx: &Cx, id: &id::OrganizationId) -> Result<(Organization, Seats), Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (organization, _) = visible(cx, &mut tx, id).await?;
    Ok((organization, Seats::of(cx, &mut tx).await?))
}

/// Founds an organization; its founder is its OWNER (C71).
///
/// # Errors
/// 422 if a text is not acceptable.
pub async fn create(cx: &Cx, name: &str, description: &str) -> Result<(Organization, i64), Problem> {
    let who = cx.signed()?;
    cx.may(cx.standing(), Verb::OrganizationCreate)?;
    let organization = Organization {
        id: id::OrganizationId::new(cx.now),
        version: 1,
        name: text::name("/name", name)?,
        description: text::prose("/description", description)?,
        created_at: cx.now,
    };
    let mut tx = cx.write().await?;
    sql::insert(&mut tx, &organization).await?;
    sql::put_member(&mut tx, &organization.id, &who.id, OrganizationRole::Owner).await?;
    let change = cx
        .change("organization.created", Kind::Organization, &organization.id)
        .touching(Kind::User, &who.id)
        .detailing(json!({"name": organization.name, "owner": who.id}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((organization, seq))
}

pub async fn edit(
    cx: &Cx,
    id: &id::OrganizationId,
    name: Option<&str>,
    description: Option<&str>,
) -> Result<(Organization, i64), Problem> {
    let mut tx = cx.write().await?;
    let (before, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::OrganizationEdit)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    if let Some(name) = name {
        after.name = text::name("/name", name)?;
    }
    if let Some(description) = description {
        after.description = text::prose("/description", description)?;
    }
    after.version = sql::put(&mut tx, &after).await?;
    let change = cx.change("organization.edited", Kind::Organization, id).detailing(json!({
        "before": {"name": before.name, "description": before.description},
        "after": {"name": after.name, "description": after.description},
    }));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, seq))
}

pub async fn members(
    cx: &Cx,
    id: &id::OrganizationId,
) -> Result<(Vec<(user::User, OrganizationRole)>, Standing), Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    let mut out = Vec::new();
    for (user, role) in sql::members(&mut tx, id).await? {
        out.extend(user::find(&mut tx, &user).await?.map(|u| (u, role)));
    }
    Ok((out, standing))
}

/// Gives a user a role, or takes every role away (`None`).
///
/// # Errors
/// 409 if the last OWNER would go.
pub async fn put_member(
    cx: &Cx,
    id: &id::OrganizationId,
    user: &id::UserId,
    role: Option<OrganizationRole>,
) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    let leaving = role.is_none() && cx.is(user);
    if !leaving {
        cx.may(standing, Verb::OrganizationMembers)?;
    }
    user::require(&mut tx, user, "/user").await?;
    let before = sql::role(&mut tx, id, user).await?;
    match role {
        Some(role) => sql::put_member(&mut tx, id, user, role).await?,
        None if sql::delete_member(&mut tx, id, user).await? => {}
        None => return Err(Problem::not_found("member")),
    }
    let owners = sql::members(&mut tx, id).await?.iter().filter(|(_, r)| *r == OrganizationRole::Owner).count();
    if owners == 0 {
        let detail = "An organization keeps at least one OWNER; make somebody else OWNER first.";
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    let verb = if role.is_some() { "organization.member_set" } else { "organization.member_removed" };
    let change = cx
        .change(verb, Kind::Organization, id)
        .touching(Kind::User, user)
        .detailing(json!({"user": user, "before": before, "after": role}));
    cx.commit(tx, vec![change]).await
}

pub async fn list_business_admins(cx: &Cx, id: &id::OrganizationId) -> Result<Vec<user::User>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    visible(cx, &mut tx, id).await?;
    let mut out = Vec::new();
    for user in sql::business_admins(&mut tx, id).await? {
        out.extend(user::find(&mut tx, &user).await?);
    }
    Ok(out)
}

/// Appoints (`true`) or dismisses a business administrator.
///
/// # Errors
/// 404 if there is none to dismiss.
pub async fn put_business_admin(
    cx: &Cx,
    id: &id::OrganizationId,
    user: &id::UserId,
    appoint: bool,
) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::OrganizationBusinessAdmins)?;
    user::require(&mut tx, user, "/user").await?;
    let verb = if appoint {
        sql::put_business_admin(&mut tx, id, user).await?;
        "organization.business_admin_appointed"
    } else if sql::delete_business_admin(&mut tx, id, user).await? {
        "organization.business_admin_dismissed"
    } else {
        return Err(Problem::not_found("business administrator"));
    };
    let change = cx.change(verb, Kind::Organization, id).touching(Kind::User, user).detailing(json!({"user": user}));
    cx.commit(tx, vec![change]).await
}

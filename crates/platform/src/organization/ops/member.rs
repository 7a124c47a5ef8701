//! Members of an organization, and what is granted on it beside membership.

use super::{Giving, limit_of_management, seat, visible};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::organization::{GrantedRole, OrganizationRole, sql};
use crate::user::{self, User};
use base::{Kind, Page, PageRequest, Problem, ProblemKind, Timestamp, id};
use serde_json::json;
use store::Conn;

/// How many members are read at once.
const STRETCH: i64 = 200;
/// How many members are looked through for one page at most.
const FARTHEST: usize = 4_000;

/// A member, as lists show them.
pub struct Listed {
    /// Who.
    pub user: User,
    /// As what.
    pub role: OrganizationRole,
    /// What was granted beside that.
    pub granted: Vec<GrantedRole>,
    /// Since when; the epoch for those who were members before that was kept.
    pub since: Timestamp,
}

/// A page of members with what surrounds it.
pub struct Members {
    /// The members, by id.
    pub page: Page<Listed>,
    /// How the caller stands to the organization.
    pub standing: Standing,
    /// Whether there is more than one OWNER.
    pub several_owners: bool,
}

/// Members, by id; those whose name, username or (where the caller sees it) address begins like `q`. A page may hold
/// fewer than asked for and still have a `next`.
pub async fn members(
    cx: &Cx,
    id: &id::OrganizationId,
    q: Option<&str>,
    page: &PageRequest,
) -> Result<Members, Problem> {
    crate::cursor::<id::UserId>(page)?;
    let mut tx = cx.read().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    let wanted = q.map(user::fold).unwrap_or_default();
    let granted = sql::granted(&mut tx, id).await?;
    let several_owners = sql::owners(&mut tx, id, 2).await?.len() > 1;
    let (mut items, mut after, mut read) = (Vec::new(), page.after().to_owned(), 0);
    let most = usize::try_from(page.limit()).unwrap_or(1);
    let next = loop {
        let rows = sql::members(&mut tx, id, &after, STRETCH).await?;
        let ended = i64::try_from(rows.len()).unwrap_or(STRETCH) < STRETCH;
        let ids: Vec<id::UserId> = rows.iter().map(|(user, ..)| user.clone()).collect();
        let mut people = user::among(&mut tx, &ids).await?;
        let mut full = false;
        for (user, role, since) in rows {
            if items.len() == most {
                full = true;
                break;
            }
            after = user.to_string();
            read += 1;
            if let Some(user) = people.remove(&user).filter(|user| begins(cx, user, &wanted)) {
                let granted = granted.iter().filter(|(_, holder, _)| *holder == user.id).map(|(role, ..)| *role);
                items.push(Listed { granted: granted.collect(), user, role, since });
            }
        }
        match (full, ended) {
            (true, _) => break Some(after),
            (false, true) => break None,
            _ if read >= FARTHEST => break Some(after),
            _ => {}
        }
    };
    Ok(Members { page: Page { items, next }, standing, several_owners })
}

fn begins(cx: &Cx, user: &User, wanted: &str) -> bool {
    wanted.is_empty()
        || user.username.starts_with(wanted)
        || user.display_name.to_lowercase().split_whitespace().any(|word| word.starts_with(wanted))
        || (user::sees_address(cx, &user.id) && user::fold(&user.email).starts_with(wanted))
}

/// Members by id, with their roles and since when, for whoever may see them already.
///
/// # Errors
/// Those of the database.
pub async fn members_page(
    conn: &mut Conn,
    id: &id::OrganizationId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::UserId, OrganizationRole, Timestamp)>, Problem> {
    sql::members(conn, id, after, limit).await
}

/// Memberships of a user other than NONE, by organization.
///
/// # Errors
/// Those of the database.
pub async fn memberships(
    conn: &mut Conn,
    user: &id::UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::OrganizationId, OrganizationRole, Timestamp)>, Problem> {
    sql::memberships(conn, user, after, limit).await
}

/// Whether this user is a member, with whatever role.
///
/// # Errors
/// Those of the database.
pub async fn is_member(conn: &mut Conn, id: &id::OrganizationId, user: &id::UserId) -> Result<bool, Problem> {
    Ok(sql::seat(conn, id, user).await?.role.is_some())
}

/// Adds a person by their username (C79).
///
/// # Errors
/// 422 if there is no such person or their address is not proven, 409 if they are a member already.
pub async fn add_member(
    cx: &Cx,
    id: &id::OrganizationId,
    username: &str,
    role: OrganizationRole,
) -> Result<(id::UserId, i64), Problem> {
    let found = {
        let mut tx = cx.read().await?;
        let (_, standing) = visible(cx, &mut tx, id).await?;
        cx.may(standing, Verb::OrganizationMembers)?;
        user::find_by_username(&mut tx, &user::fold(username)).await?
    };
    let Some(found) = found else {
        let shown: String = username.chars().take(64).collect();
        let detail = format!("There is nobody with the username `{shown}`. By e-mail people are invited.");
        return Err(Problem::invalid("/username", detail));
    };
    if sql::seat(&mut *cx.read().await?, id, &found.id).await?.role.is_some() {
        let detail = format!("`{}` is a member already; change the role instead.", found.username);
        return Err(Problem::new(ProblemKind::Exists, detail).at("/username"));
    }
    let change = put_member(cx, id, &found.id, Some(role)).await?;
    Ok((found.id, change))
}

/// Gives a user a role, or takes every role away (`None`), what was granted on the organization included. Only people
/// whose address is proven are added (C79).
///
/// # Errors
/// 403, 409 if the last OWNER would go, 422.
pub async fn put_member(
    cx: &Cx,
    id: &id::OrganizationId,
    user: &id::UserId,
    role: Option<OrganizationRole>,
) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let who = cx.signed()?;
    let leaving = role.is_none() && cx.is(user);
    if !leaving {
        let (_, standing) = visible(cx, &mut tx, id).await?;
        cx.may(standing, Verb::OrganizationMembers)?;
    }
    sql::hold(&mut tx, id).await?;
    let before = sql::seat(&mut tx, id, user).await?;
    let mut taken = Vec::new();
    if !leaving {
        let by = seat(cx, &mut tx, id).await?;
        let decided = role.is_none() && before.granted.contains(&GrantedRole::BusinessAdmin);
        let decisive = decided || before.is_owner() || role == Some(OrganizationRole::Owner);
        let (site_admin, gives) = (who.site_admin, role.is_some());
        limit_of_management(&mut tx, id, Giving { by: &by, site_admin, to: &before, gives, decisive }).await?;
    }
    match role {
        Some(role) => {
            if before.role.is_none() {
                user::require_verified(&mut tx, user, "/user").await?;
            }
            sql::put_member(&mut tx, id, user, role, cx.now).await?;
        }
        None => {
            if !sql::delete_member(&mut tx, id, user).await? {
                return Err(Problem::not_found(if leaving { "organization" } else { "member" }));
            }
            for granted in &before.granted {
                sql::delete_role(&mut tx, id, user, *granted).await?;
                taken.push(*granted);
            }
        }
    }
    // One that was imported may have none yet.
    if before.is_owner() && sql::owners(&mut tx, id, 1).await?.is_empty() {
        let detail = "An organization keeps at least one OWNER; make somebody else OWNER first.";
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    let verb = if role.is_some() { "organization.member_set" } else { "organization.member_removed" };
    let change = cx
        .change(verb, Kind::Organization, id)
        .touching(Kind::User, user)
        .detailing(json!({"user": user, "before": before.role, "after": role, "roles_taken": taken}));
    cx.commit(tx, vec![change]).await
}

/// Who was granted what, for whoever sees the organization.
pub async fn list_granted(
    cx: &Cx,
    id: &id::OrganizationId,
) -> Result<(Vec<(GrantedRole, User, Timestamp)>, Standing), Problem> {
    let mut tx = cx.read().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    let granted = sql::granted(&mut tx, id).await?;
    let ids: Vec<id::UserId> = granted.iter().map(|(_, user, _)| user.clone()).collect();
    // One person may hold several roles.
    let people = user::among(&mut tx, &ids).await?;
    let held =
        |(role, user, since): (GrantedRole, id::UserId, Timestamp)| Some((role, people.get(&user)?.clone(), since));
    Ok((granted.into_iter().filter_map(held).collect(), standing))
}

/// Who was granted what on an organization.
///
/// # Errors
/// Those of the database.
pub async fn granted(
    conn: &mut Conn,
    id: &id::OrganizationId,
) -> Result<Vec<(GrantedRole, id::UserId, Timestamp)>, Problem> {
    sql::granted(conn, id).await
}

/// Grants a role on an organization (`true`) or takes it.
///
/// # Errors
/// 403, 404 if there is none to take, 422 if the person's address is not proven.
pub async fn put_role(
    cx: &Cx,
    id: &id::OrganizationId,
    user: &id::UserId,
    role: GrantedRole,
    grant: bool,
) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let who = cx.signed()?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::OrganizationRoles)?;
    let (by, to) = (seat(cx, &mut tx, id).await?, sql::seat(&mut tx, id, user).await?);
    let (site_admin, decisive) = (who.site_admin, role == GrantedRole::BusinessAdmin);
    limit_of_management(&mut tx, id, Giving { by: &by, site_admin, to: &to, gives: grant, decisive }).await?;
    let (verb, before) = if grant {
        user::require_verified(&mut tx, user, "/user").await?;
        let fresh = sql::put_role(&mut tx, id, user, role, cx.now).await?;
        ("organization.role_granted", !fresh)
    } else if sql::delete_role(&mut tx, id, user, role).await? {
        ("organization.role_taken", true)
    } else {
        return Err(Problem::not_found("granted role"));
    };
    let change = cx
        .change(verb, Kind::Organization, id)
        .touching(Kind::User, user)
        .detailing(json!({"user": user, "role": role, "before": before, "after": grant}));
    cx.commit(tx, vec![change]).await
}

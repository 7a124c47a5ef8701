//! What can be done with the roles of people.

use super::super::{Roles, User, UserKind, UserRole, role, sql};
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use base::{Kind, Problem, id};
use serde_json::json;
use store::Conn;

/// What the caller holds; nothing, if nobody has signed in.
///
/// # Errors
/// Those of the database.
pub async fn roles(cx: &Cx, conn: &mut Conn) -> Result<Roles, Problem> {
    let Some(who) = &cx.who else { return Ok(Roles::default()) };
    let rows = sql::roles_of(conn, std::slice::from_ref(&who.id)).await?;
    Ok(rows.into_iter().fold(Roles::default(), |all, it| all.with(&it.role, it.profile)))
}

/// The roles of these people, in the order of their words.
///
/// # Errors
/// Those of the database.
pub async fn roles_of(conn: &mut Conn, users: &[id::UserId]) -> Result<Vec<UserRole>, Problem> {
    sql::roles_of(conn, users).await
}

/// People, by id; only `ids` if they are given.
///
/// # Errors
/// Those of the database.
pub async fn people_among(
    conn: &mut Conn,
    ids: Option<&[String]>,
    after: &str,
    limit: i64,
) -> Result<Vec<User>, Problem> {
    if ids.is_some_and(<[String]>::is_empty) {
        return Ok(Vec::new());
    }
    sql::people_among(conn, ids, after, limit).await
}

/// Who holds a privilege under this profile alone.
///
/// # Errors
/// Those of the database.
pub async fn privileged_under(conn: &mut Conn, profile: &id::ProfileId) -> Result<Vec<id::UserId>, Problem> {
    sql::privileged_under(conn, profile).await
}

/// The roles of somebody, for themselves and site administrators.
///
/// # Errors
/// 403, 404.
pub async fn list_roles(cx: &Cx, id: &id::UserId) -> Result<Vec<UserRole>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    sql::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("user"))?;
    cx.may(super::standing(cx, id), Verb::UserReadPrivate)?;
    sql::roles_of(&mut tx, std::slice::from_ref(id)).await
}

async fn person(cx: &Cx, conn: &mut Conn, id: &id::UserId) -> Result<User, Problem> {
    let user = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("user"))?;
    cx.may(cx.standing(), Verb::UserAdminister)?;
    if user.kind == UserKind::ServiceAccount {
        return Err(Problem::forbidden("A service account designs no APIs; give the role to a person."));
    }
    Ok(user)
}

/// Gives somebody a role: a word that profiles ask for, or a privilege, everywhere or under one profile.
///
/// # Errors
/// 403, 404, 422 if there is no such role or profile.
pub async fn grant_role(cx: &Cx, id: &id::UserId, role: &str, profile: Option<&id::ProfileId>) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    person(cx, &mut tx, id).await?;
    scoped(role, profile)?;
    let new = UserRole {
        id: id::UserRoleId::new(cx.now),
        user: id.clone(),
        role: role.to_owned(),
        profile: profile.cloned(),
        granted_by: cx.actor(),
        granted_at: cx.now,
    };
    let held = !sql::insert_role(&mut tx, &new).await?;
    let change = cx.change("user.role_granted", Kind::User, id).detailing(detail(role, profile, held, true));
    cx.commit(tx, vec![touched(change, profile)]).await
}

/// Takes a role from somebody; what they did with it stays.
///
/// # Errors
/// 403, 404 if they do not hold it.
pub async fn revoke_role(
    cx: &Cx,
    id: &id::UserId,
    role: &str,
    profile: Option<&id::ProfileId>,
) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    person(cx, &mut tx, id).await?;
    if role.chars().any(char::is_control) || !sql::delete_role(&mut tx, id, role, profile).await? {
        return Err(Problem::not_found("role of this person"));
    }
    let change = cx.change("user.role_revoked", Kind::User, id).detailing(detail(role, profile, true, false));
    cx.commit(tx, vec![touched(change, profile)]).await
}

fn scoped(text: &str, profile: Option<&id::ProfileId>) -> Result<(), Problem> {
    if role::parse("role", text)?.is_none() && profile.is_some() {
        let detail = format!("`{text}` is a role, which holds everywhere; only privileges are given for one profile.");
        return Err(Problem::invalid("profile", detail));
    }
    Ok(())
}

fn touched(change: base::Change, profile: Option<&id::ProfileId>) -> base::Change {
    match profile {
        Some(id) => change.touching(Kind::Profile, id),
        None => change,
    }
}

fn detail(role: &str, profile: Option<&id::ProfileId>, before: bool, after: bool) -> serde_json::Value {
    json!({"role": role, "profile": profile, "before": before, "after": after})
}

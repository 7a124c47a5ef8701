//! Apps as an import wants them, inside the transaction of that import.

use super::ops::facts;
use super::{App, AppRole, sql};
use crate::cx::{Cx, Describe};
use crate::text;
use base::{Change, Kind, Problem, id};
use serde_json::json;
use store::Conn;

/// What is wanted of an app; what is absent stays.
#[derive(Debug, Default)]
pub struct AdoptedApp {
    /// Whose it is; a new app has to have one, and it never changes.
    pub organization: Option<id::OrganizationId>,
    /// For people; a new app has to have one.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
}

/// Makes the app of this id, without a team, or brings it to what is wanted; the change to commit with it, if anything was
/// different. The caller has checked that they may, and that the organization is there.
///
/// # Errors
/// 422 naming the member.
pub async fn adopt(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::AppId,
    wanted: AdoptedApp,
) -> Result<(App, Option<Change>), Problem> {
    let Some(before) = sql::find(conn, id).await? else {
        let needed = |member: &str| Problem::invalid(format!("/{member}"), "A new app has it.");
        let app = App {
            id: id.clone(),
            version: 1,
            organization: wanted.organization.ok_or_else(|| needed("organization"))?,
            name: text::name("/name", &wanted.name.ok_or_else(|| needed("name"))?)?,
            description: text::prose("/description", &wanted.description.unwrap_or_default())?,
            created_at: cx.now,
        };
        sql::insert(conn, &app).await?;
        let change = cx
            .change("app.created", Kind::App, &app.id)
            .touching(Kind::Organization, &app.organization)
            .detailing(json!({"after": facts(&app)}));
        return Ok((app, Some(change)));
    };
    if wanted.organization.is_some_and(|organization| organization != before.organization) {
        let detail = format!("An app never moves to another organization; it belongs to `{}`.", before.organization);
        return Err(Problem::invalid("/organization", detail));
    }
    let mut after = before.clone();
    if let Some(name) = wanted.name.filter(|name| *name != after.name) {
        after.name = text::name("/name", &name)?;
    }
    if let Some(description) = wanted.description.filter(|text| *text != after.description) {
        after.description = text::prose("/description", &description)?;
    }
    if facts(&before) == facts(&after) {
        return Ok((before, None));
    }
    after.version = sql::put(conn, &after).await?;
    let change = cx
        .change("app.edited", Kind::App, id)
        .touching(Kind::Organization, &after.organization)
        .detailing(json!({"before": facts(&before), "after": facts(&after)}));
    Ok((after, Some(change)))
}

/// Who is on the team of an app.
///
/// # Errors
/// Those of the database.
pub async fn members(conn: &mut Conn, id: &id::AppId) -> Result<Vec<(id::UserId, AppRole)>, Problem> {
    sql::team(conn, id).await
}

/// The teams of these apps, by app and person.
///
/// # Errors
/// Those of the database.
pub async fn teams(conn: &mut Conn, ids: &[id::AppId]) -> Result<Vec<(id::AppId, id::UserId, AppRole)>, Problem> {
    sql::teams(conn, ids).await
}

/// Every team that these users are on, by user and app.
///
/// # Errors
/// Those of the database.
pub async fn roles_of(conn: &mut Conn, users: &[id::UserId]) -> Result<Vec<(id::UserId, id::AppId, AppRole)>, Problem> {
    sql::roles_of(conn, users).await
}

/// Gives the app these members with these roles, or takes them off the team (`None`): the changes to commit, for those
/// that were different. The caller has checked that they may, and that the people are there.
///
/// An imported app may have nobody on its team yet: then its organization and the site administrators manage it. One that
/// has an OWNER keeps one.
///
/// # Errors
/// 422 naming `pointer` if the last OWNER would go.
pub async fn adopt_members(
    cx: &Cx,
    conn: &mut Conn,
    app: &App,
    wanted: &[(id::UserId, Option<AppRole>)],
    pointer: &str,
) -> Result<Vec<Change>, Problem> {
    let before = sql::team(conn, &app.id).await?;
    let mut changes = Vec::new();
    for (user, role) in wanted {
        let old = before.iter().find(|(member, _)| member == user).map(|(_, role)| *role);
        if old == *role {
            continue;
        }
        let verb = match role {
            Some(role) => {
                sql::put_member(conn, &app.id, user, *role).await?;
                "app.member_set"
            }
            None => {
                sql::delete_member(conn, &app.id, user).await?;
                "app.member_removed"
            }
        };
        let change = cx
            .change(verb, Kind::App, &app.id)
            .touching(Kind::User, user)
            .touching(Kind::Organization, &app.organization)
            .detailing(json!({"user": user, "before": old, "after": role}));
        changes.push(change);
    }
    let owned = |team: &[(id::UserId, AppRole)]| team.iter().any(|(_, role)| *role == AppRole::Owner);
    if owned(&before) && !owned(&sql::team(conn, &app.id).await?) {
        return Err(Problem::invalid(pointer, "An application that has an OWNER keeps one; name another first."));
    }
    Ok(changes)
}

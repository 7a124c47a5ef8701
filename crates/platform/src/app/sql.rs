//! Apps and their teams as rows.

use super::{App, AppRole};
use base::{Problem, id};
use std::collections::HashMap;
use store::{Conn, Param, Row, sql};

const COLUMNS: &str = "id, version, organization_id, name, description, created_at";

fn app(row: &Row) -> Result<App, Problem> {
    Ok(App {
        id: row.get("id")?,
        version: row.get("version")?,
        organization: row.get("organization_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        created_at: row.get("created_at")?,
    })
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::AppId]) -> Result<HashMap<id::AppId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM apps", ids).await
}

pub async fn find(conn: &mut Conn, id: &id::AppId) -> Result<Option<App>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM apps WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(app).transpose()
}

/// Those of these ids that are there, by id.
pub async fn among(conn: &mut Conn, ids: &[id::AppId]) -> Result<Vec<App>, Problem> {
    let mut out = Vec::with_capacity(ids.len());
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!("SELECT {COLUMNS} FROM apps WHERE id IN ({}) ORDER BY id", crate::marks(1, some.len()));
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(app(&row)?);
        }
    }
    Ok(out)
}

/// Whose apps to list: those of this user's teams, and those of these organizations.
pub struct Viewer<'a> {
    pub user: &'a id::UserId,
    pub organizations: &'a [id::OrganizationId],
}

/// Apps by id: every one (`viewer` is `None`), or those that somebody may see; of them those of the organization, if one
/// is given.
///
/// Each way to see an app is a *leg*, which walks one index and stops at the limit: the cost is that of the page and of
/// the organizations where somebody has a say, whatever else there is.
pub async fn page(
    conn: &mut Conn,
    viewer: Option<&Viewer<'_>>,
    only: Option<&id::OrganizationId>,
    (after, limit): (&str, i64),
) -> Result<Vec<App>, Problem> {
    let Some(Viewer { user, organizations }) = viewer else {
        return match only {
            Some(organization) => legs(conn, None, &[organization], (after, limit)).await,
            None => {
                let text = format!("SELECT {COLUMNS} FROM apps WHERE id > $1 ORDER BY id LIMIT $2");
                sql(text).bind(after).bind(limit).all(conn).await?.iter().map(app).collect()
            }
        };
    };
    if let Some(only) = only {
        return match organizations.contains(only) {
            true => legs(conn, None, &[only], (after, limit)).await,
            false => legs(conn, Some((user, Some(only))), &[], (after, limit)).await,
        };
    }
    let (first, rest) = organizations.split_at(organizations.len().min(crate::LEGS));
    let first: Vec<_> = first.iter().collect();
    let mut out = legs(conn, Some((user, None)), &first, (after, limit)).await?;
    for some in rest.chunks(crate::LEGS) {
        out.extend(legs(conn, None, &some.iter().collect::<Vec<_>>(), (after, limit)).await?);
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out.dedup_by(|a, b| a.id == b.id);
    out.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(out)
}

/// The first of what these legs find: a person's teams (of one organization), and whole organizations.
async fn legs(
    conn: &mut Conn,
    team: Option<(&id::UserId, Option<&id::OrganizationId>)>,
    organizations: &[&id::OrganizationId],
    (after, limit): (&str, i64),
) -> Result<Vec<App>, Problem> {
    let (mut legs, mut values) = (Vec::new(), vec![after.value(), limit.value()]);
    if let Some((user, only)) = team {
        values.push(user.value());
        let of = match only {
            Some(organization) => {
                values.push(organization.value());
                " JOIN apps a ON a.id = m.app_id AND a.organization_id = $4"
            }
            None => "",
        };
        legs.push(format!(
            "SELECT m.app_id AS id FROM app_members m{of} WHERE m.user_id = $3 AND m.app_id > $1 ORDER BY m.app_id LIMIT $2"
        ));
    }
    for organization in organizations {
        values.push(organization.value());
        let n = values.len();
        legs.push(format!("SELECT id FROM apps WHERE organization_id = ${n} AND id > $1 ORDER BY id LIMIT $2"));
    }
    let legs: Vec<String> =
        legs.iter().enumerate().map(|(n, leg)| format!("SELECT id FROM ({leg}) AS leg{n}")).collect();
    let columns: Vec<String> = COLUMNS.split(", ").map(|column| format!("a.{column} AS {column}")).collect();
    let text = format!(
        "SELECT {} FROM (SELECT id FROM ({}) AS legs ORDER BY id LIMIT $2) AS found JOIN apps a ON a.id = found.id \
         ORDER BY found.id",
        columns.join(", "),
        legs.join(" UNION ")
    );
    sql(text).bind_all(values).all(conn).await?.iter().map(app).collect()
}

pub async fn insert(conn: &mut Conn, app: &App) -> Result<(), Problem> {
    let text = format!("INSERT INTO apps ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)");
    sql(text)
        .bind(&app.id)
        .bind(app.version)
        .bind(&app.organization)
        .bind(&app.name)
        .bind(&app.description)
        .bind(app.created_at)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn put(conn: &mut Conn, app: &App) -> Result<i64, Problem> {
    let row = sql("UPDATE apps SET version = version + 1, name = $3, description = $4 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&app.id)
    .bind(app.version)
    .bind(&app.name)
    .bind(&app.description)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

pub async fn team(conn: &mut Conn, id: &id::AppId) -> Result<Vec<(id::UserId, AppRole)>, Problem> {
    let rows =
        sql("SELECT user_id, role FROM app_members WHERE app_id = $1 ORDER BY user_id").bind(id).all(conn).await?;
    rows.iter().map(|r| Ok((r.get("user_id")?, AppRole::read(&r.get::<String>("role")?)?))).collect()
}

/// The teams of these apps, by app and person.
pub async fn teams(conn: &mut Conn, ids: &[id::AppId]) -> Result<Vec<(id::AppId, id::UserId, AppRole)>, Problem> {
    let mut out = Vec::new();
    for some in ids.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text =
            format!("SELECT app_id, user_id, role FROM app_members WHERE app_id IN ({marks}) ORDER BY app_id, user_id");
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("app_id")?, row.get("user_id")?, AppRole::read(&row.get::<String>("role")?)?));
        }
    }
    Ok(out)
}

/// Every team that these users are on, by user and app.
pub async fn roles_of(conn: &mut Conn, users: &[id::UserId]) -> Result<Vec<(id::UserId, id::AppId, AppRole)>, Problem> {
    let mut out = Vec::new();
    for some in users.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text = format!(
            "SELECT user_id, app_id, role FROM app_members WHERE user_id IN ({marks}) ORDER BY user_id, app_id"
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("user_id")?, row.get("app_id")?, AppRole::read(&row.get::<String>("role")?)?));
        }
    }
    Ok(out)
}

/// Who of these users is on the team of which of these apps.
pub async fn seats(
    conn: &mut Conn,
    apps: &[id::AppId],
    users: &[id::UserId],
) -> Result<Vec<(id::AppId, id::UserId)>, Problem> {
    if apps.is_empty() || users.is_empty() {
        return Ok(Vec::new());
    }
    let (of, among) = (crate::marks(1, apps.len()), crate::marks(apps.len() + 1, users.len()));
    let text = format!("SELECT app_id, user_id FROM app_members WHERE app_id IN ({of}) AND user_id IN ({among})");
    let rows = sql(text).bind_all(apps).bind_all(users).all(conn).await?;
    rows.iter().map(|r| Ok((r.get("app_id")?, r.get("user_id")?))).collect()
}

pub async fn team_page(
    conn: &mut Conn,
    id: &id::AppId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::UserId, AppRole)>, Problem> {
    let query =
        sql("SELECT user_id, role FROM app_members WHERE app_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3");
    let rows = query.bind(id).bind(after).bind(limit).all(conn).await?;
    rows.iter().map(|r| Ok((r.get("user_id")?, AppRole::read(&r.get::<String>("role")?)?))).collect()
}

pub async fn memberships(
    conn: &mut Conn,
    user: &id::UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::AppId, AppRole)>, Problem> {
    let query = sql("SELECT app_id, role FROM app_members WHERE user_id = $1 AND app_id > $2 ORDER BY app_id LIMIT $3");
    let rows = query.bind(user).bind(after).bind(limit).all(conn).await?;
    rows.iter().map(|r| Ok((r.get("app_id")?, AppRole::read(&r.get::<String>("role")?)?))).collect()
}

/// How many apps each of these organizations has, up to 1,000.
///
/// # Errors
/// Those of the database.
pub async fn counts(conn: &mut Conn, ids: &[id::OrganizationId]) -> Result<HashMap<id::OrganizationId, i64>, Problem> {
    crate::counts_of(conn, "apps WHERE organization_id", ids).await
}

pub async fn role(conn: &mut Conn, id: &id::AppId, user: &id::UserId) -> Result<Option<AppRole>, Problem> {
    let row =
        sql("SELECT role FROM app_members WHERE app_id = $1 AND user_id = $2").bind(id).bind(user).find(conn).await?;
    row.map(|r| AppRole::read(&r.get::<String>("role")?)).transpose()
}

/// The roles of this user on the teams of these apps.
pub async fn roles_among(
    conn: &mut Conn,
    ids: &[id::AppId],
    user: &id::UserId,
) -> Result<HashMap<id::AppId, AppRole>, Problem> {
    let mut out = HashMap::new();
    for some in ids.chunks(crate::TOGETHER) {
        let marks = crate::marks(2, some.len());
        let text = format!("SELECT app_id, role FROM app_members WHERE user_id = $1 AND app_id IN ({marks})");
        for row in sql(text).bind(user).bind_all(some).all(conn).await? {
            out.insert(row.get("app_id")?, AppRole::read(&row.get::<String>("role")?)?);
        }
    }
    Ok(out)
}

/// Every role of this user.
pub async fn roles(conn: &mut Conn, user: &id::UserId) -> Result<Vec<(id::AppId, AppRole)>, Problem> {
    let rows = sql("SELECT app_id, role FROM app_members WHERE user_id = $1").bind(user).all(conn).await?;
    rows.iter().map(|r| Ok((r.get("app_id")?, AppRole::read(&r.get::<String>("role")?)?))).collect()
}

pub async fn of_organization(conn: &mut Conn, id: &id::OrganizationId) -> Result<Vec<id::AppId>, Problem> {
    let rows = sql("SELECT id FROM apps WHERE organization_id = $1 ORDER BY id").bind(id).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("id")?)).collect()
}

pub async fn of_user(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::AppId>, Problem> {
    let rows = sql("SELECT app_id FROM app_members WHERE user_id = $1 ORDER BY app_id").bind(user).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("app_id")?)).collect()
}

pub async fn put_member(conn: &mut Conn, id: &id::AppId, user: &id::UserId, role: AppRole) -> Result<(), Problem> {
    sql("INSERT INTO app_members (app_id, user_id, role) VALUES ($1, $2, $3) \
         ON CONFLICT (app_id, user_id) DO UPDATE SET role = excluded.role")
    .bind(id)
    .bind(user)
    .bind(role.as_str())
    .run(conn)
    .await?;
    Ok(())
}

pub async fn delete_member(conn: &mut Conn, id: &id::AppId, user: &id::UserId) -> Result<bool, Problem> {
    let gone = sql("DELETE FROM app_members WHERE app_id = $1 AND user_id = $2").bind(id).bind(user).run(conn).await?;
    Ok(gone > 0)
}

pub async fn delete(conn: &mut Conn, app: &App) -> Result<(), Problem> {
    let row = sql("DELETE FROM apps WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&app.id)
        .bind(app.version)
        .find(conn)
        .await?;
    crate::lost_race(row).map(drop)
}

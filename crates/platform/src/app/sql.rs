//! Apps and their teams as rows.

use super::{App, AppRole};
use base::id::Id;
use base::{Problem, id};
use store::{Conn, Row, sql};

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

/// Apps by id: every one (`user` is `None`), or those of the user's teams and organizations.
pub async fn page(
    conn: &mut Conn,
    user: Option<&id::UserId>,
    organizations: &[id::OrganizationId],
    only: Option<&id::OrganizationId>,
    ids: Option<&[String]>,
    (after, limit): (&str, i64),
) -> Result<Vec<App>, Problem> {
    let mut text = format!(
        "SELECT {COLUMNS} FROM apps WHERE id > $1 AND ($2 = '' OR id IN (SELECT app_id FROM app_members WHERE user_id = $2)"
    );
    if !organizations.is_empty() {
        let marks: Vec<String> = (0..organizations.len()).map(|n| format!("${}", n + 4)).collect();
        text.push_str(&format!(" OR organization_id IN ({})", marks.join(", ")));
    }
    text.push(')');
    let next = organizations.len() + 4;
    if only.is_some() {
        text.push_str(&format!(" AND organization_id = ${next}"));
    }
    if let Some(ids) = ids {
        let marks = crate::marks(next + usize::from(only.is_some()), ids.len());
        text.push_str(&format!(" AND id IN ({marks})"));
    }
    text.push_str(" ORDER BY id LIMIT $3");
    sql(text)
        .bind(after)
        .bind(user.map_or("", Id::as_str))
        .bind(limit)
        .bind_all(organizations)
        .bind_all(only)
        .bind_all(ids.unwrap_or_default())
        .all(conn)
        .await?
        .iter()
        .map(app)
        .collect()
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

/// Up to 1,000.
pub async fn count(conn: &mut Conn, id: &id::OrganizationId) -> Result<i64, Problem> {
    let query = sql("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM \
                     (SELECT id FROM apps WHERE organization_id = $1 LIMIT 1000) AS found");
    let row = query.bind(id).find(conn).await?;
    Ok(row.map_or(Ok(0), |row| row.get("n"))?)
}

pub async fn role(conn: &mut Conn, id: &id::AppId, user: &id::UserId) -> Result<Option<AppRole>, Problem> {
    let row =
        sql("SELECT role FROM app_members WHERE app_id = $1 AND user_id = $2").bind(id).bind(user).find(conn).await?;
    row.map(|r| AppRole::read(&r.get::<String>("role")?)).transpose()
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

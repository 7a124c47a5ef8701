//! API groups and what they hold as rows.

use super::ApiGroup;
use base::{Problem, ProblemKind, id};
use std::collections::HashMap;
use store::{Conn, Row, StoreError, sql};

const COLUMNS: &str = "id, version, organization_id, name, description, created_at";

fn group(row: &Row) -> Result<ApiGroup, Problem> {
    Ok(ApiGroup {
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
pub async fn names(conn: &mut Conn, ids: &[id::ApiGroupId]) -> Result<HashMap<id::ApiGroupId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM api_groups", ids).await
}

/// Those of these ids that are there.
pub async fn among(conn: &mut Conn, ids: &[id::ApiGroupId]) -> Result<Vec<ApiGroup>, Problem> {
    crate::rows_of(conn, &format!("SELECT {COLUMNS} FROM api_groups"), ids).await?.iter().map(group).collect()
}

pub async fn find(conn: &mut Conn, id: &id::ApiGroupId) -> Result<Option<ApiGroup>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM api_groups WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(group).transpose()
}

/// Groups by id, those of one organization if it is given.
pub async fn page(
    conn: &mut Conn,
    organization: Option<&id::OrganizationId>,
    after: &str,
    limit: i64,
) -> Result<Vec<ApiGroup>, Problem> {
    let scope = if organization.is_some() { "AND organization_id = $3" } else { "" };
    let text = format!("SELECT {COLUMNS} FROM api_groups WHERE id > $1 {scope} ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).bind_all(organization).all(conn).await?.iter().map(group).collect()
}

/// The groups that hold these APIs, with the API.
pub async fn of_apis(conn: &mut Conn, apis: &[id::ApiId]) -> Result<Vec<(id::ApiId, ApiGroup)>, Problem> {
    let mut out = Vec::new();
    for some in apis.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT {COLUMNS}, api_id FROM api_group_apis JOIN api_groups ON api_groups.id = api_group_apis.group_id \
             WHERE api_id IN ({}) ORDER BY api_id, id",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("api_id")?, group(&row)?));
        }
    }
    Ok(out)
}

/// What these groups hold.
pub async fn members(conn: &mut Conn, groups: &[id::ApiGroupId]) -> Result<Vec<(id::ApiGroupId, id::ApiId)>, Problem> {
    let mut out = Vec::new();
    for some in groups.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT group_id, api_id FROM api_group_apis WHERE group_id IN ({}) ORDER BY group_id, api_id",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("group_id")?, row.get("api_id")?));
        }
    }
    Ok(out)
}

pub async fn count_members(conn: &mut Conn, id: &id::ApiGroupId) -> Result<i64, Problem> {
    let text = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM api_group_apis WHERE group_id = $1";
    let row = sql(text).bind(id).find(conn).await?;
    row.map_or(Ok(0), |row| Ok(row.get("n")?))
}

/// The name is taken, perhaps in another transaction.
fn taken(error: StoreError, group: &ApiGroup) -> Problem {
    if error.unique() == Some("api_groups_name") {
        let detail = format!("The organization has an API group `{}` already; choose another name.", group.name);
        return Problem::new(ProblemKind::Exists, detail.clone()).field("/name", detail);
    }
    error.into()
}

pub async fn insert(conn: &mut Conn, group: &ApiGroup) -> Result<(), Problem> {
    let text = format!("INSERT INTO api_groups ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)");
    sql(text)
        .bind(&group.id)
        .bind(group.version)
        .bind(&group.organization)
        .bind(&group.name)
        .bind(&group.description)
        .bind(group.created_at)
        .run(conn)
        .await
        .map(drop)
        .map_err(|e| taken(e, group))
}

pub async fn put(conn: &mut Conn, group: &ApiGroup) -> Result<i64, Problem> {
    let row = sql("UPDATE api_groups SET version = version + 1, name = $3, description = $4 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&group.id)
    .bind(group.version)
    .bind(&group.name)
    .bind(&group.description)
    .find(conn)
    .await
    .map_err(|e| taken(e, group))?;
    crate::lost_race(row)
}

pub async fn delete(conn: &mut Conn, group: &ApiGroup) -> Result<(), Problem> {
    let row = sql("DELETE FROM api_groups WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&group.id)
        .bind(group.version)
        .find(conn)
        .await?;
    crate::lost_race(row).map(drop)
}

/// Whether it was not there before.
pub async fn put_member(conn: &mut Conn, id: &id::ApiGroupId, api: &id::ApiId) -> Result<bool, Problem> {
    let text = "INSERT INTO api_group_apis (group_id, api_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    Ok(sql(text).bind(id).bind(api).run(conn).await? > 0)
}

pub async fn delete_member(conn: &mut Conn, id: &id::ApiGroupId, api: &id::ApiId) -> Result<bool, Problem> {
    let text = "DELETE FROM api_group_apis WHERE group_id = $1 AND api_id = $2";
    Ok(sql(text).bind(id).bind(api).run(conn).await? > 0)
}

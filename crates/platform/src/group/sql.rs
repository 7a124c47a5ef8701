//! Groups and their members as rows.

use super::Group;
use base::{Problem, ProblemKind, Timestamp, id};
use std::collections::{HashMap, HashSet};
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, organization_id, parent_id, name, description, contract_number, created_at";

fn group(row: &Row) -> Result<Group, Problem> {
    Ok(Group {
        id: row.get("id")?,
        version: row.get("version")?,
        organization: row.get("organization_id")?,
        parent: row.get("parent_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        contract_number: row.get("contract_number")?,
        created_at: row.get("created_at")?,
    })
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::GroupId]) -> Result<HashMap<id::GroupId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM groups", ids).await
}

/// Those of these that are there.
pub async fn among(conn: &mut Conn, ids: &[id::GroupId]) -> Result<Vec<Group>, Problem> {
    crate::rows_of(conn, &format!("SELECT {COLUMNS} FROM groups"), ids).await?.iter().map(group).collect()
}

pub async fn find(conn: &mut Conn, id: &id::GroupId) -> Result<Option<Group>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM groups WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(group).transpose()
}

/// Those of an organization, by id.
pub async fn page(
    conn: &mut Conn,
    organization: &id::OrganizationId,
    after: &str,
    limit: i64,
) -> Result<Vec<Group>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM groups WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    sql(text).bind(organization).bind(after).bind(limit).all(conn).await?.iter().map(group).collect()
}

/// Those directly below one, by id.
pub async fn children(conn: &mut Conn, id: &id::GroupId, limit: i64) -> Result<Vec<id::GroupId>, Problem> {
    let query = sql("SELECT id FROM groups WHERE parent_id = $1 ORDER BY id LIMIT $2");
    query.bind(id).bind(limit).all(conn).await?.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// How many groups each of these organizations has, up to 1,000.
///
/// # Errors
/// Those of the database.
pub async fn counts(conn: &mut Conn, ids: &[id::OrganizationId]) -> Result<HashMap<id::OrganizationId, i64>, Problem> {
    crate::counts_of(conn, "groups WHERE organization_id", ids).await
}

/// How many are in each of these groups, up to 1,000.
///
/// # Errors
/// Those of the database.
pub async fn counts_of_members(conn: &mut Conn, ids: &[id::GroupId]) -> Result<HashMap<id::GroupId, i64>, Problem> {
    crate::counts_of(conn, "group_members WHERE group_id", ids).await
}

/// A name that a sibling has, as the problem that it is.
fn unless_named<T>(done: Result<T, store::StoreError>, name: &str) -> Result<T, Problem> {
    match done {
        Err(e) if matches!(e.unique(), Some("groups_name" | "groups_root_name")) => {
            let detail = format!("There is a group `{name}` at this place already; choose another name.");
            Err(Problem::new(ProblemKind::Exists, detail).at("/name"))
        }
        other => Ok(other?),
    }
}

pub async fn insert(conn: &mut Conn, it: &Group) -> Result<(), Problem> {
    let text = format!("INSERT INTO groups ({COLUMNS}) VALUES ({})", crate::marks(1, 8));
    let done = sql(text)
        .bind(&it.id)
        .bind(it.version)
        .bind(&it.organization)
        .bind(&it.parent)
        .bind(&it.name)
        .bind(&it.description)
        .bind(&it.contract_number)
        .bind(it.created_at)
        .run(conn)
        .await;
    unless_named(done, &it.name).map(drop)
}

pub async fn put(conn: &mut Conn, it: &Group) -> Result<i64, Problem> {
    let done = sql("UPDATE groups SET version = version + 1, parent_id = $3, name = $4, description = $5, \
                    contract_number = $6 WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&it.id)
    .bind(it.version)
    .bind(&it.parent)
    .bind(&it.name)
    .bind(&it.description)
    .bind(&it.contract_number)
    .find(conn)
    .await;
    crate::lost_race(unless_named(done, &it.name)?)
}

pub async fn delete(conn: &mut Conn, it: &Group) -> Result<(), Problem> {
    let query = sql("DELETE FROM groups WHERE id = $1 AND version = $2 RETURNING version");
    crate::lost_race(query.bind(&it.id).bind(it.version).find(conn).await?).map(drop)
}

pub async fn members(
    conn: &mut Conn,
    id: &id::GroupId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::UserId, Timestamp)>, Problem> {
    let query =
        sql("SELECT user_id, since FROM group_members WHERE group_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3");
    let rows = query.bind(id).bind(after).bind(limit).all(conn).await?;
    rows.iter().map(|row| Ok((row.get("user_id")?, row.get("since")?))).collect()
}

/// The groups of a user, by id.
pub async fn memberships(
    conn: &mut Conn,
    user: &id::UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::GroupId, Timestamp)>, Problem> {
    let query = sql(
        "SELECT group_id, since FROM group_members WHERE user_id = $1 AND group_id > $2 ORDER BY group_id LIMIT $3",
    );
    let rows = query.bind(user).bind(after).bind(limit).all(conn).await?;
    rows.iter().map(|row| Ok((row.get("group_id")?, row.get("since")?))).collect()
}

/// Those of these groups in which this user is.
pub async fn of_member(
    conn: &mut Conn,
    ids: &[id::GroupId],
    user: &id::UserId,
) -> Result<HashSet<id::GroupId>, Problem> {
    let mut out = HashSet::new();
    for some in ids.chunks(crate::TOGETHER) {
        let marks = crate::marks(2, some.len());
        let text = format!("SELECT group_id FROM group_members WHERE user_id = $1 AND group_id IN ({marks})");
        for row in sql(text).bind(user).bind_all(some).all(conn).await? {
            out.insert(row.get("group_id")?);
        }
    }
    Ok(out)
}

pub async fn is_member(conn: &mut Conn, id: &id::GroupId, user: &id::UserId) -> Result<bool, Problem> {
    let query = sql("SELECT user_id FROM group_members WHERE group_id = $1 AND user_id = $2");
    Ok(query.bind(id).bind(user).find(conn).await?.is_some())
}

/// Whether it is new.
pub async fn put_member(conn: &mut Conn, it: &Group, user: &id::UserId, now: Timestamp) -> Result<bool, Problem> {
    let query = sql("INSERT INTO group_members (group_id, user_id, organization_id, since) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT DO NOTHING");
    Ok(query.bind(&it.id).bind(user).bind(&it.organization).bind(now).run(conn).await? > 0)
}

/// Whether there was one.
pub async fn delete_member(conn: &mut Conn, id: &id::GroupId, user: &id::UserId) -> Result<bool, Problem> {
    let query = sql("DELETE FROM group_members WHERE group_id = $1 AND user_id = $2");
    Ok(query.bind(id).bind(user).run(conn).await? > 0)
}

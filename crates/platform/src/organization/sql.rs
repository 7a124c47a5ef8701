//! Organizations and their members as rows.

use super::{Organization, OrganizationRole};
use base::id::Id;
use base::{Problem, id};
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, name, description, created_at";

fn organization(row: &Row) -> Result<Organization, Problem> {
    Ok(Organization {
        id: row.get("id")?,
        version: row.get("version")?,
        name: row.get("name")?,
        description: row.get("description")?,
        created_at: row.get("created_at")?,
    })
}

pub async fn find(conn: &mut Conn, id: &id::OrganizationId) -> Result<Option<Organization>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM organizations WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(organization).transpose()
}

/// Organizations, by id; only those of `member` if one is given.
pub async fn page(
    conn: &mut Conn,
    member: Option<&id::UserId>,
    after: &str,
    limit: i64,
) -> Result<Vec<Organization>, Problem> {
    let text = format!(
        "SELECT {COLUMNS} FROM organizations WHERE id > $1 AND ($2 = '' OR id IN ( \
           SELECT organization_id FROM organization_members WHERE user_id = $2 AND role <> 'NONE' \
           UNION SELECT organization_id FROM business_admins WHERE user_id = $2)) ORDER BY id LIMIT $3"
    );
    let member = member.map_or("", Id::as_str);
    sql(text).bind(after).bind(member).bind(limit).all(conn).await?.iter().map(organization).collect()
}

/// The names of these.
pub async fn names(conn: &mut Conn, ids: &[id::OrganizationId]) -> Result<Vec<(id::OrganizationId, String)>, Problem> {
    let mut out = Vec::with_capacity(ids.len());
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!("SELECT id, name FROM organizations WHERE id IN ({})", crate::marks(1, some.len()));
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("id")?, row.get("name")?));
        }
    }
    Ok(out)
}

pub async fn insert(conn: &mut Conn, organization: &Organization) -> Result<(), Problem> {
    let text = format!("INSERT INTO organizations ({COLUMNS}) VALUES ($1, $2, $3, $4, $5)");
    sql(text)
        .bind(&organization.id)
        .bind(organization.version)
        .bind(&organization.name)
        .bind(&organization.description)
        .bind(organization.created_at)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn put(conn: &mut Conn, organization: &Organization) -> Result<i64, Problem> {
    let row = sql("UPDATE organizations SET version = version + 1, name = $3, description = $4 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&organization.id)
    .bind(organization.version)
    .bind(&organization.name)
    .bind(&organization.description)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

pub async fn members(conn: &mut Conn, id: &id::OrganizationId) -> Result<Vec<(id::UserId, OrganizationRole)>, Problem> {
    let rows = sql("SELECT user_id, role FROM organization_members WHERE organization_id = $1 ORDER BY user_id")
        .bind(id)
        .all(conn)
        .await?;
    rows.iter().map(|r| Ok((r.get("user_id")?, OrganizationRole::read(&r.get::<String>("role")?)?))).collect()
}

pub async fn role(
    conn: &mut Conn,
    id: &id::OrganizationId,
    user: &id::UserId,
) -> Result<Option<OrganizationRole>, Problem> {
    let row = sql("SELECT role FROM organization_members WHERE organization_id = $1 AND user_id = $2")
        .bind(id)
        .bind(user)
        .find(conn)
        .await?;
    row.map(|r| OrganizationRole::read(&r.get::<String>("role")?)).transpose()
}

/// Every role of this user.
pub async fn roles(conn: &mut Conn, user: &id::UserId) -> Result<Vec<(id::OrganizationId, OrganizationRole)>, Problem> {
    let rows = sql("SELECT organization_id, role FROM organization_members WHERE user_id = $1").bind(user).all(conn);
    let role = |r: &Row| Ok((r.get("organization_id")?, OrganizationRole::read(&r.get::<String>("role")?)?));
    rows.await?.iter().map(role).collect()
}

/// Where this user is a business administrator.
pub async fn business_of(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::OrganizationId>, Problem> {
    let rows = sql("SELECT organization_id FROM business_admins WHERE user_id = $1").bind(user).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("organization_id")?)).collect()
}

/// Where this user has a role other than NONE, or is a business administrator.
pub async fn of_user(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::OrganizationId>, Problem> {
    let rows = sql("SELECT organization_id FROM organization_members WHERE user_id = $1 AND role <> 'NONE' \
                    UNION SELECT organization_id FROM business_admins WHERE user_id = $1")
    .bind(user)
    .all(conn)
    .await?;
    rows.iter().map(|r| Ok(r.get("organization_id")?)).collect()
}

pub async fn put_member(
    conn: &mut Conn,
    id: &id::OrganizationId,
    user: &id::UserId,
    role: OrganizationRole,
) -> Result<(), Problem> {
    sql("INSERT INTO organization_members (organization_id, user_id, role) VALUES ($1, $2, $3) \
         ON CONFLICT (organization_id, user_id) DO UPDATE SET role = excluded.role")
    .bind(id)
    .bind(user)
    .bind(role.as_str())
    .run(conn)
    .await?;
    Ok(())
}

pub async fn delete_member(conn: &mut Conn, id: &id::OrganizationId, user: &id::UserId) -> Result<bool, Problem> {
    let gone = sql("DELETE FROM organization_members WHERE organization_id = $1 AND user_id = $2")
        .bind(id)
        .bind(user)
        .run(conn)
        .await?;
    Ok(gone > 0)
}

pub async fn is_business_admin(conn: &mut Conn, id: &id::OrganizationId, user: &id::UserId) -> Result<bool, Problem> {
    let row = sql("SELECT user_id FROM business_admins WHERE organization_id = $1 AND user_id = $2")
        .bind(id)
        .bind(user)
        .find(conn)
        .await?;
    Ok(row.is_some())
}

pub async fn business_admins(conn: &mut Conn, id: &id::OrganizationId) -> Result<Vec<id::UserId>, Problem> {
    let rows = sql("SELECT user_id FROM business_admins WHERE organization_id = $1 ORDER BY user_id")
        .bind(id)
        .all(conn)
        .await?;
    rows.iter().map(|r| Ok(r.get("user_id")?)).collect()
}

pub async fn put_business_admin(conn: &mut Conn, id: &id::OrganizationId, user: &id::UserId) -> Result<(), Problem> {
    sql("INSERT INTO business_admins (organization_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(id)
        .bind(user)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn delete_business_admin(
    conn: &mut Conn,
    id: &id::OrganizationId,
    user: &id::UserId,
) -> Result<bool, Problem> {
    let gone = sql("DELETE FROM business_admins WHERE organization_id = $1 AND user_id = $2")
        .bind(id)
        .bind(user)
        .run(conn)
        .await?;
    Ok(gone > 0)
}

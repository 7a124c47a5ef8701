//! Organizations, their members, granted roles and invitations as rows.

use super::rule::Seat;
use super::{Contact, GrantedRole, Invitation, InvitationState, Organization, OrganizationRole};
use base::id::Id;
use base::{Problem, ProblemKind, Timestamp, id};
use std::collections::HashMap;
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, name, description, contact_name, contact_email, contact_url, managed_by, \
                       managed_since, created_at";

fn organization(row: &Row) -> Result<Organization, Problem> {
    Ok(Organization {
        id: row.get("id")?,
        version: row.get("version")?,
        name: row.get("name")?,
        description: row.get("description")?,
        contact: Contact {
            name: row.get("contact_name")?,
            email: row.get("contact_email")?,
            url: row.get("contact_url")?,
        },
        managed_by: row.get("managed_by")?,
        managed_since: row.get("managed_since")?,
        created_at: row.get("created_at")?,
    })
}

/// Those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn among(conn: &mut Conn, ids: &[id::OrganizationId]) -> Result<Vec<Organization>, Problem> {
    let select = format!("SELECT {COLUMNS} FROM organizations");
    crate::rows_of(conn, &select, ids).await?.iter().map(organization).collect()
}

pub async fn find(conn: &mut Conn, id: &id::OrganizationId) -> Result<Option<Organization>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM organizations WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(organization).transpose()
}

/// Organizations, by id; only those where `member` has a say or a look if one is given.
pub async fn page(
    conn: &mut Conn,
    member: Option<&id::UserId>,
    after: &str,
    limit: i64,
) -> Result<Vec<Organization>, Problem> {
    let text = format!(
        "SELECT {COLUMNS} FROM organizations WHERE id > $1 AND ($2 = '' OR id IN ( \
           SELECT organization_id FROM organization_members WHERE user_id = $2 AND role <> 'NONE' \
           UNION SELECT organization_id FROM organization_roles WHERE user_id = $2 \
           UNION SELECT o.id FROM organization_members m JOIN organizations o ON o.managed_by = m.organization_id \
             WHERE m.user_id = $2 AND m.role = 'OWNER')) ORDER BY id LIMIT $3"
    );
    let member = member.map_or("", Id::as_str);
    sql(text).bind(after).bind(member).bind(limit).all(conn).await?.iter().map(organization).collect()
}

/// Those that this one manages, by id.
pub async fn managed(
    conn: &mut Conn,
    manager: &id::OrganizationId,
    after: &str,
    limit: i64,
) -> Result<Vec<Organization>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM organizations WHERE managed_by = $1 AND id > $2 ORDER BY id LIMIT $3");
    sql(text).bind(manager).bind(after).bind(limit).all(conn).await?.iter().map(organization).collect()
}

/// Makes every other write that holds it wait: what is decided by several rows is decided by one writer at a time.
pub async fn hold(conn: &mut Conn, id: &id::OrganizationId) -> Result<(), Problem> {
    sql("UPDATE organizations SET version = version WHERE id = $1").bind(id).run(conn).await?;
    Ok(())
}

/// How many members each of these has, up to 1,000.
///
/// # Errors
/// Those of the database.
pub async fn counts_of_members(
    conn: &mut Conn,
    ids: &[id::OrganizationId],
) -> Result<HashMap<id::OrganizationId, i64>, Problem> {
    crate::counts_of(conn, "organization_members WHERE organization_id", ids).await
}

/// How many organizations each of these manages, up to 1,000.
///
/// # Errors
/// Those of the database.
pub async fn counts_of_managed(
    conn: &mut Conn,
    ids: &[id::OrganizationId],
) -> Result<HashMap<id::OrganizationId, i64>, Problem> {
    crate::counts_of(conn, "organizations WHERE managed_by", ids).await
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(
    conn: &mut Conn,
    ids: &[id::OrganizationId],
) -> Result<HashMap<id::OrganizationId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM organizations", ids).await
}

pub async fn insert(conn: &mut Conn, organization: &Organization) -> Result<(), Problem> {
    let text = format!("INSERT INTO organizations ({COLUMNS}) VALUES ({})", crate::marks(1, 10));
    sql(text)
        .bind(&organization.id)
        .bind(organization.version)
        .bind(&organization.name)
        .bind(&organization.description)
        .bind(&organization.contact.name)
        .bind(&organization.contact.email)
        .bind(&organization.contact.url)
        .bind(&organization.managed_by)
        .bind(organization.managed_since)
        .bind(organization.created_at)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn put(conn: &mut Conn, organization: &Organization) -> Result<i64, Problem> {
    let row = sql("UPDATE organizations SET version = version + 1, name = $3, description = $4, contact_name = $5, \
                   contact_email = $6, contact_url = $7, managed_by = $8, managed_since = $9 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&organization.id)
    .bind(organization.version)
    .bind(&organization.name)
    .bind(&organization.description)
    .bind(&organization.contact.name)
    .bind(&organization.contact.email)
    .bind(&organization.contact.url)
    .bind(&organization.managed_by)
    .bind(organization.managed_since)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

/// Whoever is a member, with their role and since when.
pub type Member = (id::UserId, OrganizationRole, Timestamp);

/// Members, by their ids.
pub async fn members(
    conn: &mut Conn,
    id: &id::OrganizationId,
    after: &str,
    limit: i64,
) -> Result<Vec<Member>, Problem> {
    let query =
        sql("SELECT user_id, role, since FROM organization_members WHERE organization_id = $1 AND user_id > $2 \
                     ORDER BY user_id LIMIT $3");
    let rows = query.bind(id).bind(after).bind(limit).all(conn).await?;
    let member =
        |row: &Row| Ok((row.get("user_id")?, OrganizationRole::read(&row.get::<String>("role")?)?, row.get("since")?));
    rows.iter().map(member).collect()
}

/// All of these organizations, for an import and an export: by organization and person.
pub async fn all_members(
    conn: &mut Conn,
    ids: &[id::OrganizationId],
) -> Result<Vec<(id::OrganizationId, id::UserId, OrganizationRole)>, Problem> {
    let mut out = Vec::new();
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT organization_id, user_id, role FROM organization_members WHERE organization_id IN ({}) \
             ORDER BY organization_id, user_id",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            let role = OrganizationRole::read(&row.get::<String>("role")?)?;
            out.push((row.get("organization_id")?, row.get("user_id")?, role));
        }
    }
    Ok(out)
}

/// Every membership of these users, by user and organization.
pub async fn roles_of(
    conn: &mut Conn,
    users: &[id::UserId],
) -> Result<Vec<(id::UserId, id::OrganizationId, OrganizationRole)>, Problem> {
    let mut out = Vec::new();
    for some in users.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT user_id, organization_id, role FROM organization_members WHERE user_id IN ({}) \
             ORDER BY user_id, organization_id",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            let role = OrganizationRole::read(&row.get::<String>("role")?)?;
            out.push((row.get("user_id")?, row.get("organization_id")?, role));
        }
    }
    Ok(out)
}

/// At most so many OWNERs.
pub async fn owners(conn: &mut Conn, id: &id::OrganizationId, most: i64) -> Result<Vec<id::UserId>, Problem> {
    let query = sql("SELECT user_id FROM organization_members WHERE organization_id = $1 AND role = 'OWNER' \
                     ORDER BY user_id LIMIT $2");
    query.bind(id).bind(most).all(conn).await?.iter().map(|row| Ok(row.get("user_id")?)).collect()
}

/// What this user is in this organization.
pub async fn seat(conn: &mut Conn, id: &id::OrganizationId, user: &id::UserId) -> Result<Seat, Problem> {
    Ok(seats(conn, std::slice::from_ref(id), user).await?.remove(id).unwrap_or_default())
}

/// What this user is in these organizations; those where they are nothing are left out.
pub async fn seats(
    conn: &mut Conn,
    ids: &[id::OrganizationId],
    user: &id::UserId,
) -> Result<HashMap<id::OrganizationId, Seat>, Problem> {
    let mut seats: HashMap<id::OrganizationId, Seat> = HashMap::new();
    for some in ids.chunks(crate::TOGETHER) {
        let marks = crate::marks(2, some.len());
        let text = format!(
            "SELECT organization_id AS id, 'member' AS how, role FROM organization_members \
             WHERE user_id = $1 AND organization_id IN ({marks}) \
             UNION ALL SELECT organization_id AS id, 'granted' AS how, role FROM organization_roles \
             WHERE user_id = $1 AND organization_id IN ({marks}) \
             UNION ALL SELECT o.id AS id, 'manager' AS how, m.role AS role FROM organizations o \
             JOIN organization_members m ON m.organization_id = o.managed_by WHERE m.user_id = $1 AND o.id IN ({marks})"
        );
        for row in sql(text).bind(user).bind_all(some).all(conn).await? {
            let (seat, role) = (seats.entry(row.get("id")?).or_default(), row.get::<String>("role")?);
            match row.get::<String>("how")?.as_str() {
                "member" => seat.role = Some(OrganizationRole::read(&role)?),
                "manager" => seat.at_manager = Some(OrganizationRole::read(&role)?),
                _ => seat.granted.push(GrantedRole::read(&role)?),
            }
        }
    }
    Ok(seats)
}

/// Every membership of this user.
pub async fn roles(conn: &mut Conn, user: &id::UserId) -> Result<Vec<(id::OrganizationId, OrganizationRole)>, Problem> {
    let rows = sql("SELECT organization_id, role FROM organization_members WHERE user_id = $1").bind(user).all(conn);
    let role = |r: &Row| Ok((r.get("organization_id")?, OrganizationRole::read(&r.get::<String>("role")?)?));
    rows.await?.iter().map(role).collect()
}

/// The organizations that are managed by one where this user is a member, and the role there.
pub async fn roles_at_managers(
    conn: &mut Conn,
    user: &id::UserId,
) -> Result<Vec<(id::OrganizationId, OrganizationRole)>, Problem> {
    let query = sql("SELECT o.id AS id, m.role AS role FROM organization_members m \
                     JOIN organizations o ON o.managed_by = m.organization_id WHERE m.user_id = $1");
    let role = |r: &Row| Ok((r.get("id")?, OrganizationRole::read(&r.get::<String>("role")?)?));
    query.bind(user).all(conn).await?.iter().map(role).collect()
}

/// Memberships of a user by the organization, other than NONE.
pub async fn memberships(
    conn: &mut Conn,
    user: &id::UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::OrganizationId, OrganizationRole, Timestamp)>, Problem> {
    let query = sql("SELECT organization_id, role, since FROM organization_members WHERE user_id = $1 \
                     AND role <> 'NONE' AND organization_id > $2 ORDER BY organization_id LIMIT $3");
    let rows = query.bind(user).bind(after).bind(limit).all(conn).await?;
    let member =
        |r: &Row| Ok((r.get("organization_id")?, OrganizationRole::read(&r.get::<String>("role")?)?, r.get("since")?));
    rows.iter().map(member).collect()
}

/// What was granted to this user, everywhere.
pub async fn granted_to(conn: &mut Conn, user: &id::UserId) -> Result<Vec<(id::OrganizationId, GrantedRole)>, Problem> {
    let rows = sql("SELECT organization_id, role FROM organization_roles WHERE user_id = $1").bind(user).all(conn);
    let role = |r: &Row| Ok((r.get("organization_id")?, GrantedRole::read(&r.get::<String>("role")?)?));
    rows.await?.iter().map(role).collect()
}

/// Where this user has a role other than NONE, or was granted one.
pub async fn of_user(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::OrganizationId>, Problem> {
    let rows = sql("SELECT organization_id FROM organization_members WHERE user_id = $1 AND role <> 'NONE' \
                    UNION SELECT organization_id FROM organization_roles WHERE user_id = $1")
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
    now: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO organization_members (organization_id, user_id, role, since) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organization_id, user_id) DO UPDATE SET role = excluded.role")
    .bind(id)
    .bind(user)
    .bind(role.as_str())
    .bind(now)
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

/// Who was granted what, by role and person.
pub async fn granted(
    conn: &mut Conn,
    id: &id::OrganizationId,
) -> Result<Vec<(GrantedRole, id::UserId, Timestamp)>, Problem> {
    let query =
        sql("SELECT role, user_id, since FROM organization_roles WHERE organization_id = $1 ORDER BY role, user_id");
    let rows = query.bind(id).all(conn).await?;
    rows.iter()
        .map(|r| Ok((GrantedRole::read(&r.get::<String>("role")?)?, r.get("user_id")?, r.get("since")?)))
        .collect()
}

/// Whether it is new.
pub async fn put_role(
    conn: &mut Conn,
    id: &id::OrganizationId,
    user: &id::UserId,
    role: GrantedRole,
    now: Timestamp,
) -> Result<bool, Problem> {
    let query = sql("INSERT INTO organization_roles (organization_id, role, user_id, since) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT DO NOTHING");
    Ok(query.bind(id).bind(role.as_str()).bind(user).bind(now).run(conn).await? > 0)
}

/// Whether there was one.
pub async fn delete_role(
    conn: &mut Conn,
    id: &id::OrganizationId,
    user: &id::UserId,
    role: GrantedRole,
) -> Result<bool, Problem> {
    let query = sql("DELETE FROM organization_roles WHERE organization_id = $1 AND role = $2 AND user_id = $3");
    Ok(query.bind(id).bind(role.as_str()).bind(user).run(conn).await? > 0)
}

const INVITATION: &str = "id, organization_id, email, role, state, invited_by, created_at, expires_at";

fn invitation(row: &Row) -> Result<Invitation, Problem> {
    Ok(Invitation {
        id: row.get("id")?,
        organization: row.get("organization_id")?,
        email: row.get("email")?,
        role: OrganizationRole::read(&row.get::<String>("role")?)?,
        state: InvitationState::read(&row.get::<String>("state")?)?,
        invited_by: row.get("invited_by")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}

pub async fn find_invitation(conn: &mut Conn, id: &id::InvitationId) -> Result<Option<Invitation>, Problem> {
    let text = format!("SELECT {INVITATION} FROM invitations WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(invitation).transpose()
}

/// Those of an organization, the latest first; `before` is the id of the last one of the page before.
pub async fn invitations(
    conn: &mut Conn,
    id: &id::OrganizationId,
    before: &str,
    limit: i64,
) -> Result<Vec<Invitation>, Problem> {
    let text = format!(
        "SELECT {INVITATION} FROM invitations WHERE organization_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3"
    );
    sql(text).bind(id).bind(before).bind(limit).all(conn).await?.iter().map(invitation).collect()
}

/// Those that wait for whoever has proven this address.
pub async fn invitations_of(conn: &mut Conn, email: &str, now: Timestamp) -> Result<Vec<Invitation>, Problem> {
    let text = format!(
        "SELECT {INVITATION} FROM invitations WHERE email = $1 AND state = 'pending' AND expires_at > $2 ORDER BY id LIMIT 200"
    );
    sql(text).bind(email).bind(now).all(conn).await?.iter().map(invitation).collect()
}

/// The one that waits at this organization for this address, run out or not.
pub async fn pending_invitation(
    conn: &mut Conn,
    id: &id::OrganizationId,
    email: &str,
) -> Result<Option<Invitation>, Problem> {
    let text =
        format!("SELECT {INVITATION} FROM invitations WHERE organization_id = $1 AND email = $2 AND state = 'pending'");
    sql(text).bind(id).bind(email).find(conn).await?.as_ref().map(invitation).transpose()
}

/// How many were made since then, up to [`crate::MOST_COUNTED`].
pub async fn invitations_since(conn: &mut Conn, id: &id::OrganizationId, since: Timestamp) -> Result<i64, Problem> {
    // Ids sort by time of birth.
    let first = id::InvitationId::from_bits((base::id::uuid_v7(since) >> 80) << 80);
    let query = sql("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT id FROM invitations \
                     WHERE organization_id = $1 AND id >= $2 LIMIT $3) AS found");
    let row = query.bind(id).bind(&first).bind(crate::MOST_COUNTED).find(conn).await?;
    Ok(row.map_or(Ok(0), |row| row.get("n"))?)
}

pub async fn insert_invitation(conn: &mut Conn, it: &Invitation) -> Result<(), Problem> {
    let text = format!("INSERT INTO invitations ({INVITATION}) VALUES ({})", crate::marks(1, 8));
    let done = sql(text)
        .bind(&it.id)
        .bind(&it.organization)
        .bind(&it.email)
        .bind(it.role.as_str())
        .bind(it.state.as_str())
        .bind(&it.invited_by)
        .bind(it.created_at)
        .bind(it.expires_at)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("invitations_pending") => {
            let detail = "This address has been invited already; cancel that invitation first.";
            Err(Problem::new(ProblemKind::Exists, detail).at("/email"))
        }
        other => Ok(other.map(|_| ())?),
    }
}

/// Ends one that is pending; `false` if it is not any more.
pub async fn close_invitation(
    conn: &mut Conn,
    id: &id::InvitationId,
    state: InvitationState,
    by: Option<&id::UserId>,
    now: Timestamp,
) -> Result<bool, Problem> {
    let query = sql("UPDATE invitations SET state = $2, closed_at = $3, accepted_by = $4 \
                     WHERE id = $1 AND state = 'pending'");
    Ok(query.bind(id).bind(state.as_str()).bind(now).bind(by).run(conn).await? > 0)
}

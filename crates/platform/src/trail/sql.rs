//! Which entries are about which organization, as rows.

use base::{Kind, Problem, Ref, id};
use std::collections::HashMap;
use store::{Conn, sql};

/// Remembers that the entry is about the organization.
pub async fn put_scope(conn: &mut Conn, organization: &str, seq: i64, whole: bool) -> Result<(), Problem> {
    sql("INSERT INTO trail_scopes (organization, seq, whole) VALUES ($1, $2, $3) \
         ON CONFLICT (organization, seq) DO NOTHING")
    .bind(organization)
    .bind(seq)
    .bind(whole)
    .run(conn)
    .await?;
    Ok(())
}

/// Remembers who owns a resource.
pub async fn put_owner(conn: &mut Conn, resource: &Ref, organization: &str) -> Result<(), Problem> {
    sql("INSERT INTO trail_owners (kind, id, organization) VALUES ($1, $2, $3) \
         ON CONFLICT (kind, id) DO UPDATE SET organization = excluded.organization")
    .bind(resource.kind)
    .bind(&resource.id)
    .bind(organization)
    .run(conn)
    .await?;
    Ok(())
}

/// The owners of these resources, as far as they are known.
pub async fn owners(conn: &mut Conn, resources: &[Ref]) -> Result<HashMap<Ref, String>, Problem> {
    let mut found = HashMap::new();
    for kind in Kind::ALL {
        let ids: Vec<&String> = resources.iter().filter(|r| r.kind == *kind).map(|r| &r.id).collect();
        for some in ids.chunks(crate::TOGETHER) {
            let marks = crate::marks(2, some.len());
            let text = format!("SELECT id, organization FROM trail_owners WHERE kind = $1 AND id IN ({marks})");
            for row in sql(text).bind(*kind).bind_all(some).all(conn).await? {
                let id: String = row.get("id")?;
                found.insert(Ref { kind: *kind, id }, row.get("organization")?);
            }
        }
    }
    Ok(found)
}

/// Numbers of entries about an organization, between two numbers and in this order.
pub async fn of_organization(
    conn: &mut Conn,
    organization: &id::OrganizationId,
    (above, below): (i64, i64),
    ascending: bool,
    limit: i64,
) -> Result<Vec<i64>, Problem> {
    const NEWEST: &str = "SELECT seq FROM trail_scopes WHERE organization = $1 AND seq > $2 AND seq < $3 \
         ORDER BY seq DESC LIMIT $4";
    const OLDEST: &str =
        "SELECT seq FROM trail_scopes WHERE organization = $1 AND seq > $2 AND seq < $3 ORDER BY seq LIMIT $4";
    let text = if ascending { OLDEST } else { NEWEST };
    let rows = sql(text).bind(organization).bind(above).bind(below).bind(limit).all(conn).await?;
    Ok(rows.iter().map(|row| row.get("seq")).collect::<Result<_, _>>()?)
}

/// Which of these entries are about an organization, and whether all of each is theirs to see.
pub async fn whole(
    conn: &mut Conn,
    organization: &id::OrganizationId,
    numbers: &[i64],
) -> Result<HashMap<i64, bool>, Problem> {
    let mut found = HashMap::with_capacity(numbers.len());
    for some in numbers.chunks(crate::TOGETHER) {
        let marks = crate::marks(2, some.len());
        let text = format!("SELECT seq, whole FROM trail_scopes WHERE organization = $1 AND seq IN ({marks})");
        for row in sql(text).bind(organization).bind_all(some.iter().copied()).all(conn).await? {
            found.insert(row.get("seq")?, row.get("whole")?);
        }
    }
    Ok(found)
}

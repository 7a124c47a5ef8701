//! Destinations as rows.

use super::Destination;
use base::{Problem, ProblemKind, id};
use std::collections::HashMap;
use store::{Conn, Row, sql};

const DESTINATION: &str = "id, version, organization_id, name, url, created_at";

fn destination(row: &Row) -> Result<Destination, Problem> {
    Ok(Destination {
        id: row.get("id")?,
        version: row.get("version")?,
        organization: row.get("organization_id")?,
        name: row.get("name")?,
        url: row.get("url")?,
        created_at: row.get("created_at")?,
    })
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::DestinationId]) -> Result<HashMap<id::DestinationId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM destinations", ids).await
}

pub async fn find(conn: &mut Conn, id: &id::DestinationId) -> Result<Option<Destination>, Problem> {
    let text = format!("SELECT {DESTINATION} FROM destinations WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(destination).transpose()
}

pub async fn of_organization(conn: &mut Conn, organization: &id::OrganizationId) -> Result<Vec<Destination>, Problem> {
    let text = format!("SELECT {DESTINATION} FROM destinations WHERE organization_id = $1 ORDER BY id");
    sql(text).bind(organization).all(conn).await?.iter().map(destination).collect()
}

fn taken(name: &str) -> Problem {
    let detail = format!("The organization has a destination `{name}` already; choose another name.");
    Problem::new(ProblemKind::Exists, detail.clone()).field("/name", detail)
}

pub async fn insert(conn: &mut Conn, destination: &Destination) -> Result<(), Problem> {
    let text = format!("INSERT INTO destinations ({DESTINATION}) VALUES ($1, $2, $3, $4, $5, $6)");
    let done = sql(text)
        .bind(&destination.id)
        .bind(destination.version)
        .bind(&destination.organization)
        .bind(&destination.name)
        .bind(&destination.url)
        .bind(destination.created_at)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("destinations_name") => Err(taken(&destination.name)),
        other => Ok(other.map(|_| ())?),
    }
}

pub async fn put(conn: &mut Conn, destination: &Destination) -> Result<i64, Problem> {
    let done = sql("UPDATE destinations SET version = version + 1, name = $3, url = $4 WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&destination.id)
        .bind(destination.version)
        .bind(&destination.name)
        .bind(&destination.url)
        .find(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("destinations_name") => Err(taken(&destination.name)),
        other => crate::lost_race(other?),
    }
}

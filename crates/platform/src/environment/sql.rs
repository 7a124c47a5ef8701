//! Environments as rows.

use super::{Environment, Urls, rule};
use base::{Problem, id};
use std::collections::HashMap;
use store::{Conn, Row, StoreError, sql};

const COLUMNS: &str = "id, version, slug, name, host, prefix, created_at, description, oauth_authorization_url, \
     oauth_token_url, oidc_discovery_url, gateway";

fn environment(row: &Row) -> Result<Environment, Problem> {
    Ok(Environment {
        id: row.get("id")?,
        version: row.get("version")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        host: row.get("host")?,
        prefix: row.get("prefix")?,
        created_at: row.get("created_at")?,
        description: row.get("description")?,
        urls: Urls {
            authorization: row.get("oauth_authorization_url")?,
            token: row.get("oauth_token_url")?,
            discovery: row.get("oidc_discovery_url")?,
        },
        gateway: row.get("gateway")?,
    })
}

fn explain(error: StoreError, environment: &Environment) -> Problem {
    let Environment { slug, host, prefix, .. } = environment;
    error.unique().and_then(|index| rule::taken(index, slug, host, prefix)).unwrap_or_else(|| error.into())
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::EnvironmentId]) -> Result<HashMap<id::EnvironmentId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM environments", ids).await
}

pub async fn find(conn: &mut Conn, id: &id::EnvironmentId) -> Result<Option<Environment>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM environments WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(environment).transpose()
}

pub async fn find_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Environment>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM environments WHERE slug = $1");
    sql(text).bind(slug).find(conn).await?.as_ref().map(environment).transpose()
}

pub async fn all(conn: &mut Conn) -> Result<Vec<Environment>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM environments ORDER BY id");
    sql(text).all(conn).await?.iter().map(environment).collect()
}

pub async fn insert(conn: &mut Conn, environment: &Environment) -> Result<(), Problem> {
    let text =
        format!("INSERT INTO environments ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    sql(text)
        .bind(&environment.id)
        .bind(environment.version)
        .bind(&environment.slug)
        .bind(&environment.name)
        .bind(&environment.host)
        .bind(&environment.prefix)
        .bind(environment.created_at)
        .bind(&environment.description)
        .bind(&environment.urls.authorization)
        .bind(&environment.urls.token)
        .bind(&environment.urls.discovery)
        .bind(&environment.gateway)
        .run(conn)
        .await
        .map_err(|e| explain(e, environment))?;
    Ok(())
}

pub async fn put(conn: &mut Conn, environment: &Environment) -> Result<i64, Problem> {
    let row = sql("UPDATE environments SET version = version + 1, slug = $3, name = $4, host = $5, prefix = $6, \
                   description = $7, oauth_authorization_url = $8, oauth_token_url = $9, oidc_discovery_url = $10, \
                   gateway = $11 WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&environment.id)
    .bind(environment.version)
    .bind(&environment.slug)
    .bind(&environment.name)
    .bind(&environment.host)
    .bind(&environment.prefix)
    .bind(&environment.description)
    .bind(&environment.urls.authorization)
    .bind(&environment.urls.token)
    .bind(&environment.urls.discovery)
    .bind(&environment.gateway)
    .find(conn)
    .await
    .map_err(|e| explain(e, environment))?;
    crate::lost_race(row)
}

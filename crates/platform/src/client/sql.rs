//! Clients as rows.

use super::{Client, GrantType, TokenType};
use crate::{stored_json, to_json};
use base::{Problem, ProblemKind, Timestamp, id};
use std::collections::HashMap;
use store::{Conn, Param, Query, Row, sql};

const COLUMNS: &str = "id, version, client_id, app_id, service_account, name, description, enabled, accesstoken_type, \
    accesstoken_valid_seconds, allowed_scopes, valid_grant_types, environments, tokens_not_before, first_token_at, created_by, \
    created_at, allowed_uris, allowed_logout_uris, refreshtoken_validity_seconds, maximum_idtoken_expiration_minutes";

fn client(row: &Row) -> Result<Client, Problem> {
    let grants: Vec<GrantType> = stored_json(&row.get::<String>("valid_grant_types")?)?;
    Ok(Client {
        id: row.get("id")?,
        version: row.get("version")?,
        client_id: row.get("client_id")?,
        app: row.get("app_id")?,
        service_account: row.get("service_account")?,
        name: row.get("name")?,
        description: row.get("description")?,
        enabled: row.get("enabled")?,
        accesstoken_type: TokenType::read(&row.get::<String>("accesstoken_type")?)?,
        accesstoken_valid_seconds: row.get("accesstoken_valid_seconds")?,
        allowed_scopes: stored_json(&row.get::<String>("allowed_scopes")?)?,
        valid_grant_types: grants,
        environments: stored_json(&row.get::<String>("environments")?)?,
        tokens_not_before: row.get("tokens_not_before")?,
        first_token_at: row.get("first_token_at")?,
        created_by: row.get("created_by")?,
        created_at: row.get("created_at")?,
        allowed_uris: stored_json(&row.get::<String>("allowed_uris")?)?,
        allowed_logout_uris: stored_json(&row.get::<String>("allowed_logout_uris")?)?,
        refreshtoken_validity_seconds: row.get("refreshtoken_validity_seconds")?,
        maximum_idtoken_expiration_minutes: row.get("maximum_idtoken_expiration_minutes")?,
    })
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::ClientId]) -> Result<HashMap<id::ClientId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM clients", ids).await
}

/// The apps of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn apps_of(conn: &mut Conn, ids: &[id::ClientId]) -> Result<HashMap<id::ClientId, id::AppId>, Problem> {
    crate::owners_of(conn, "SELECT id, app_id AS owner FROM clients", ids).await
}

pub async fn find(conn: &mut Conn, id: &id::ClientId) -> Result<Option<Client>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM clients WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(client).transpose()
}

pub async fn find_by_client_id(conn: &mut Conn, client_id: &str) -> Result<Option<Client>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM clients WHERE client_id = $1");
    sql(text).bind(client_id).find(conn).await?.as_ref().map(client).transpose()
}

pub async fn of_app(conn: &mut Conn, app: &id::AppId) -> Result<Vec<Client>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM clients WHERE app_id = $1 ORDER BY id");
    sql(text).bind(app).all(conn).await?.iter().map(client).collect()
}

/// The clients of these apps, by id.
pub async fn of_apps(conn: &mut Conn, apps: &[id::AppId]) -> Result<Vec<Client>, Problem> {
    let mut out = Vec::new();
    for some in apps.chunks(crate::TOGETHER) {
        let text =
            format!("SELECT {COLUMNS} FROM clients WHERE app_id IN ({}) ORDER BY id", crate::marks(1, some.len()));
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(client(&row)?);
        }
    }
    Ok(out)
}

/// Which clients.
#[derive(Debug, Default)]
pub struct Among<'a> {
    /// Of these apps; `None` is any.
    pub apps: Option<&'a [id::AppId]>,
    /// Switched on or off; `None` is either.
    pub enabled: Option<bool>,
    /// Only these; `None` is any.
    pub ids: Option<&'a [String]>,
}

/// By id.
pub async fn among(conn: &mut Conn, among: &Among<'_>, after: &str, limit: i64) -> Result<Vec<Client>, Problem> {
    let Some(apps) = among.apps else { return some(conn, among, None, after, limit).await };
    let mut out = Vec::new();
    for apps in apps.chunks(crate::TOGETHER) {
        out.extend(some(conn, among, Some(apps), after, limit).await?);
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(out)
}

async fn some(
    conn: &mut Conn,
    among: &Among<'_>,
    apps: Option<&[id::AppId]>,
    after: &str,
    limit: i64,
) -> Result<Vec<Client>, Problem> {
    let mut text = format!("SELECT {COLUMNS} FROM clients WHERE id > $1");
    let mut values = vec![after.value(), limit.value()];
    if let Some(apps) = apps {
        text.push_str(&format!(" AND app_id IN ({})", crate::marks(values.len() + 1, apps.len())));
        values.extend(apps.iter().map(Param::value));
    }
    if let Some(enabled) = among.enabled {
        values.push(enabled.value());
        text.push_str(&format!(" AND enabled = ${}", values.len()));
    }
    if let Some(ids) = among.ids {
        text.push_str(&format!(" AND id IN ({})", crate::marks(values.len() + 1, ids.len())));
        values.extend(ids.iter().map(Param::value));
    }
    // An order that no index has makes the planner begin with the apps instead of walking through everybody's clients.
    text.push_str(if apps.is_some() { " ORDER BY id || '' LIMIT $2" } else { " ORDER BY id LIMIT $2" });
    sql(text).bind_all(values).all(conn).await?.iter().map(client).collect()
}

/// Remembers the first token of a client; a later one changes nothing.
pub fn first_token(id: &id::ClientId, at: Timestamp) -> Query {
    sql("UPDATE clients SET first_token_at = $2 WHERE id = $1 AND first_token_at IS NULL").bind(id).bind(at)
}

pub async fn page(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Client>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM clients WHERE id > $1 ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).all(conn).await?.iter().map(client).collect()
}

pub async fn insert(conn: &mut Conn, client: &Client) -> Result<(), Problem> {
    let used =
        sql("SELECT client_id FROM client_tombstones WHERE client_id = $1").bind(&client.client_id).find(conn).await?;
    let text = format!("INSERT INTO clients ({COLUMNS}) VALUES ({})", crate::marks(1, 21));
    let taken = || {
        let detail = format!("The client_id `{}` is or was in use; choose another.", client.client_id);
        Problem::new(ProblemKind::Exists, detail.clone()).field("/client_id", detail)
    };
    if used.is_some() {
        return Err(taken());
    }
    let done = sql(text)
        .bind(&client.id)
        .bind(client.version)
        .bind(&client.client_id)
        .bind(&client.app)
        .bind(&client.service_account)
        .bind(&client.name)
        .bind(&client.description)
        .bind(client.enabled)
        .bind(client.accesstoken_type.as_str())
        .bind(client.accesstoken_valid_seconds)
        .bind(to_json(&client.allowed_scopes)?)
        .bind(to_json(&client.valid_grant_types)?)
        .bind(to_json(&client.environments)?)
        .bind(client.tokens_not_before)
        .bind(client.first_token_at)
        .bind(&client.created_by)
        .bind(client.created_at)
        .bind(to_json(&client.allowed_uris)?)
        .bind(to_json(&client.allowed_logout_uris)?)
        .bind(client.refreshtoken_validity_seconds)
        .bind(client.maximum_idtoken_expiration_minutes)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("clients_client_id") => Err(taken()),
        other => Ok(other.map(|_| ())?),
    }
}

pub async fn put(conn: &mut Conn, client: &Client) -> Result<i64, Problem> {
    let row = sql("UPDATE clients SET version = version + 1, name = $3, description = $4, enabled = $5, \
                   accesstoken_type = $6, accesstoken_valid_seconds = $7, allowed_scopes = $8, valid_grant_types = $9, \
                   environments = $10, tokens_not_before = $11, allowed_uris = $12, allowed_logout_uris = $13, \
                   refreshtoken_validity_seconds = $14, maximum_idtoken_expiration_minutes = $15 WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&client.id)
    .bind(client.version)
    .bind(&client.name)
    .bind(&client.description)
    .bind(client.enabled)
    .bind(client.accesstoken_type.as_str())
    .bind(client.accesstoken_valid_seconds)
    .bind(to_json(&client.allowed_scopes)?)
    .bind(to_json(&client.valid_grant_types)?)
    .bind(to_json(&client.environments)?)
    .bind(client.tokens_not_before)
    .bind(to_json(&client.allowed_uris)?)
    .bind(to_json(&client.allowed_logout_uris)?)
    .bind(client.refreshtoken_validity_seconds)
    .bind(client.maximum_idtoken_expiration_minutes)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

/// Deletes it, and remembers that its `client_id` was in use.
pub async fn delete(conn: &mut Conn, client: &Client, now: Timestamp) -> Result<(), Problem> {
    let row = sql("DELETE FROM clients WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&client.id)
        .bind(client.version)
        .find(conn)
        .await?;
    crate::lost_race(row)?;
    sql("INSERT INTO client_tombstones (client_id, deleted_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(&client.client_id)
        .bind(now)
        .run(conn)
        .await?;
    Ok(())
}

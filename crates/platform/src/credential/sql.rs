//! Credentials as rows.

use super::{Credential, rule};
use base::secret::Digest;
use base::{Problem, Timestamp, id};
use snapshot::CredentialKind;
use store::{Conn, Query, Row, sql};

const COLUMNS: &str =
    "id, version, client_id, kind, digest, hint, description, active, expires_at, last_used_at, created_by, created_at";

fn credential(row: &Row) -> Result<Credential, Problem> {
    let kind = match row.get::<String>("kind")?.as_str() {
        "client_secret" => CredentialKind::ClientSecret,
        "api_key" => CredentialKind::ApiKey,
        other => return Err(Problem::internal(std::io::Error::other(format!("`{other}` is no kind of credential")))),
    };
    Ok(Credential {
        id: row.get("id")?,
        version: row.get("version")?,
        client: row.get("client_id")?,
        kind,
        digest: row.get("digest")?,
        hint: row.get("hint")?,
        description: row.get("description")?,
        active: row.get("active")?,
        expires_at: row.get("expires_at")?,
        last_used_at: row.get("last_used_at")?,
        created_by: row.get("created_by")?,
        created_at: row.get("created_at")?,
    })
}

pub async fn find(conn: &mut Conn, id: &id::CredentialId) -> Result<Option<Credential>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM credentials WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(credential).transpose()
}

pub async fn find_by_digest(conn: &mut Conn, digest: Digest) -> Result<Option<Credential>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM credentials WHERE digest = $1");
    sql(text).bind(digest).find(conn).await?.as_ref().map(credential).transpose()
}

pub async fn of_client(conn: &mut Conn, client: &id::ClientId) -> Result<Vec<Credential>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM credentials WHERE client_id = $1 ORDER BY id");
    sql(text).bind(client).all(conn).await?.iter().map(credential).collect()
}

pub async fn of_clients(conn: &mut Conn, clients: &[id::ClientId]) -> Result<Vec<Credential>, Problem> {
    let mut out = Vec::new();
    for some in clients.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text = format!("SELECT {COLUMNS} FROM credentials WHERE client_id IN ({marks}) ORDER BY id");
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(credential(&row)?);
        }
    }
    Ok(out)
}

pub async fn page(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Credential>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM credentials WHERE id > $1 ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).all(conn).await?.iter().map(credential).collect()
}

pub async fn insert(conn: &mut Conn, credential: &Credential) -> Result<(), Problem> {
    let text =
        format!("INSERT INTO credentials ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    sql(text)
        .bind(&credential.id)
        .bind(credential.version)
        .bind(&credential.client)
        .bind(rule::word(credential.kind))
        .bind(credential.digest)
        .bind(&credential.hint)
        .bind(&credential.description)
        .bind(credential.active)
        .bind(credential.expires_at)
        .bind(credential.last_used_at)
        .bind(&credential.created_by)
        .bind(credential.created_at)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn put(conn: &mut Conn, credential: &Credential) -> Result<i64, Problem> {
    let row = sql("UPDATE credentials SET version = version + 1, description = $3, active = $4, expires_at = $5 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&credential.id)
    .bind(credential.version)
    .bind(&credential.description)
    .bind(credential.active)
    .bind(credential.expires_at)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

pub async fn delete(conn: &mut Conn, id: &id::CredentialId) -> Result<(), Problem> {
    sql("DELETE FROM credentials WHERE id = $1").bind(id).run(conn).await?;
    Ok(())
}

/// Remembers a use; an older one never replaces a newer one.
pub fn note_use(id: &id::CredentialId, at: Timestamp) -> Query {
    sql("UPDATE credentials SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)")
        .bind(id)
        .bind(at)
}

pub async fn note_uses(conn: &mut Conn, ids: &[id::CredentialId], at: Timestamp) -> Result<(), Problem> {
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!(
            "UPDATE credentials SET last_used_at = $1 WHERE (last_used_at IS NULL OR last_used_at < $1) AND id IN ({})",
            crate::marks(2, some.len())
        );
        sql(text).bind(at).bind_all(some).run(conn).await?;
    }
    Ok(())
}

//! Credentials as rows.

use super::{Certificate, Credential, CredentialKind};
use base::secret::Digest;
use base::{Problem, ProblemKind, Timestamp, id};
use std::collections::HashMap;
use store::{Conn, Query, Row, sql};

const COLUMNS: &str =
    "id, version, client_id, kind, digest, hint, description, active, expires_at, last_used_at, created_by, created_at";
/// Read with the credential; a credential that is no certificate has none of it.
const CERTIFICATE: &str =
    "der, subject, issuer, serial, not_before, not_after, allow_expired, skip_chain_checks, added_by";
const FROM: &str = "FROM credentials LEFT JOIN certificates ON certificates.credential_id = credentials.id";

fn credential(row: &Row) -> Result<Credential, Problem> {
    let kind = CredentialKind::read(&row.get::<String>("kind")?)?;
    let certificate = match row.get::<Option<String>>("der")? {
        Some(der) => Some(Box::new(Certificate {
            der,
            subject: row.get("subject")?,
            issuer: row.get("issuer")?,
            serial: row.get("serial")?,
            not_before: row.get("not_before")?,
            not_after: row.get("not_after")?,
            allow_expired: row.get("allow_expired")?,
            skip_chain_checks: row.get("skip_chain_checks")?,
            added_by: row.get("added_by")?,
        })),
        None => None,
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
        certificate,
    })
}

/// The hints of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::CredentialId]) -> Result<HashMap<id::CredentialId, String>, Problem> {
    crate::names_of(conn, "SELECT id, hint AS name FROM credentials", ids).await
}

/// The clients of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn clients_of(
    conn: &mut Conn,
    ids: &[id::CredentialId],
) -> Result<HashMap<id::CredentialId, id::ClientId>, Problem> {
    crate::owners_of(conn, "SELECT id, client_id AS owner FROM credentials", ids).await
}

pub async fn find(conn: &mut Conn, id: &id::CredentialId) -> Result<Option<Credential>, Problem> {
    let text = format!("SELECT {COLUMNS}, {CERTIFICATE} {FROM} WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(credential).transpose()
}

pub async fn find_by_digest(conn: &mut Conn, digest: Digest) -> Result<Option<Credential>, Problem> {
    let text = format!("SELECT {COLUMNS}, {CERTIFICATE} {FROM} WHERE digest = $1");
    sql(text).bind(digest).find(conn).await?.as_ref().map(credential).transpose()
}

pub async fn of_client(conn: &mut Conn, client: &id::ClientId) -> Result<Vec<Credential>, Problem> {
    let text = format!("SELECT {COLUMNS}, {CERTIFICATE} {FROM} WHERE client_id = $1 ORDER BY id");
    sql(text).bind(client).all(conn).await?.iter().map(credential).collect()
}

pub async fn of_clients(conn: &mut Conn, clients: &[id::ClientId]) -> Result<Vec<Credential>, Problem> {
    let mut out = Vec::new();
    for some in clients.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text = format!("SELECT {COLUMNS}, {CERTIFICATE} {FROM} WHERE client_id IN ({marks}) ORDER BY id");
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(credential(&row)?);
        }
    }
    Ok(out)
}

/// Those that gateways take, by id.
pub async fn page(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Credential>, Problem> {
    let text =
        format!("SELECT {COLUMNS}, {CERTIFICATE} {FROM} WHERE id > $1 AND kind <> 'certificate' ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).all(conn).await?.iter().map(credential).collect()
}

/// What is said of a secret, key or certificate that some client has already; whose it is nobody is told.
fn taken() -> Problem {
    Problem::new(ProblemKind::Exists, "A client has it already, and it leads to one client only; bring another.")
}

pub async fn insert(conn: &mut Conn, credential: &Credential) -> Result<(), Problem> {
    let text =
        format!("INSERT INTO credentials ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    let done = sql(text)
        .bind(&credential.id)
        .bind(credential.version)
        .bind(&credential.client)
        .bind(credential.kind.as_str())
        .bind(credential.digest)
        .bind(&credential.hint)
        .bind(&credential.description)
        .bind(credential.active)
        .bind(credential.expires_at)
        .bind(credential.last_used_at)
        .bind(&credential.created_by)
        .bind(credential.created_at)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("credentials_digest") => return Err(taken()),
        other => other?,
    };
    match &credential.certificate {
        Some(certificate) => insert_certificate(conn, &credential.id, certificate).await,
        None => Ok(()),
    }
}

async fn insert_certificate(conn: &mut Conn, id: &id::CredentialId, certificate: &Certificate) -> Result<(), Problem> {
    let text = format!("INSERT INTO certificates (credential_id, {CERTIFICATE}) VALUES ({})", crate::marks(1, 10));
    sql(text)
        .bind(id)
        .bind(&certificate.der)
        .bind(&certificate.subject)
        .bind(&certificate.issuer)
        .bind(&certificate.serial)
        .bind(certificate.not_before)
        .bind(certificate.not_after)
        .bind(certificate.allow_expired)
        .bind(certificate.skip_chain_checks)
        .bind(certificate.added_by.as_ref())
        .run(conn)
        .await?;
    Ok(())
}

/// The part of a certificate that can change. Only beside a guarded put of its credential.
pub async fn put_certificate(conn: &mut Conn, credential: &Credential) -> Result<(), Problem> {
    if let Some(certificate) = &credential.certificate {
        sql("UPDATE certificates SET subject = $2, issuer = $3, allow_expired = $4, skip_chain_checks = $5, \
             added_by = $6 WHERE credential_id = $1")
        .bind(&credential.id)
        .bind(&certificate.subject)
        .bind(&certificate.issuer)
        .bind(certificate.allow_expired)
        .bind(certificate.skip_chain_checks)
        .bind(certificate.added_by.as_ref())
        .run(conn)
        .await?;
    }
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

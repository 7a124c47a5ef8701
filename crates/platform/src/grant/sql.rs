//! Tokens and signing keys as rows.

use super::Token;
use super::key::StoredKey;
use crate::{stored_json, to_json};
use base::secret::Digest;
use base::{Problem, Timestamp, id};
use store::{Conn, Query, Row, sql};

pub async fn keys(conn: &mut Conn) -> Result<Vec<StoredKey>, Problem> {
    let rows =
        sql("SELECT id, kid, alg, jwk, sealed FROM signing_keys WHERE state = 'active' ORDER BY id").all(conn).await?;
    rows.iter()
        .map(|r| {
            Ok(StoredKey {
                id: r.get("id")?,
                kid: r.get("kid")?,
                alg: r.get("alg")?,
                jwk: stored_json(&r.get::<String>("jwk")?)?,
                sealed: r.get("sealed")?,
            })
        })
        .collect()
}

pub async fn insert_key(conn: &mut Conn, key: &StoredKey, now: Timestamp) -> Result<(), Problem> {
    sql("INSERT INTO signing_keys (id, version, kid, alg, state, jwk, sealed, created_at) VALUES ($1, 1, $2, $3, 'active', $4, $5, $6)")
        .bind(&key.id)
        .bind(&key.kid)
        .bind(&key.alg)
        .bind(key.jwk.to_string())
        .bind(&key.sealed)
        .bind(now)
        .run(conn)
        .await?;
    Ok(())
}

const COLUMNS: &str = "id, digest, client_id, scopes, issued_at, expires_at";

fn token(row: &Row) -> Result<Token, Problem> {
    Ok(Token {
        id: row.get("id")?,
        digest: row.get("digest")?,
        client: row.get("client_id")?,
        scopes: stored_json(&row.get::<String>("scopes")?)?,
        issued_at: row.get("issued_at")?,
        expires_at: row.get("expires_at")?,
    })
}

/// The statement that stores a token, for the batching writer.
pub fn insertion(token: &Token) -> Result<Query, Problem> {
    Ok(sql("INSERT INTO tokens (id, digest, client_id, scopes, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(&token.id)
        .bind(token.digest)
        .bind(&token.client)
        .bind(to_json(&token.scopes)?)
        .bind(token.issued_at)
        .bind(token.expires_at))
}

pub async fn find(conn: &mut Conn, id: &id::TokenId) -> Result<Option<Token>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM tokens WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(token).transpose()
}

pub async fn find_by_digest(conn: &mut Conn, digest: Digest) -> Result<Option<Token>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM tokens WHERE digest = $1");
    sql(text).bind(digest).find(conn).await?.as_ref().map(token).transpose()
}

pub async fn page(conn: &mut Conn, after: &str, now: Timestamp, limit: i64) -> Result<Vec<Token>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM tokens WHERE id > $1 AND expires_at > $2 ORDER BY id LIMIT $3");
    sql(text).bind(after).bind(now).bind(limit).all(conn).await?.iter().map(token).collect()
}

pub async fn delete(conn: &mut Conn, id: &id::TokenId) -> Result<bool, Problem> {
    Ok(sql("DELETE FROM tokens WHERE id = $1").bind(id).run(conn).await? > 0)
}

pub async fn expired(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<id::TokenId>, Problem> {
    let rows = sql("SELECT id FROM tokens WHERE expires_at <= $1 LIMIT $2").bind(now).bind(limit).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("id")?)).collect()
}

pub async fn delete_expired_jwts(conn: &mut Conn, now: Timestamp) -> Result<u64, Problem> {
    Ok(sql("DELETE FROM revoked_jwts WHERE expires_at <= $1").bind(now).run(conn).await?)
}

pub async fn revoke_jwt(
    conn: &mut Conn,
    id: &id::TokenId,
    client: &id::ClientId,
    end: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO revoked_jwts (id, client_id, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(id)
        .bind(client)
        .bind(end)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn find_revoked_jwt(conn: &mut Conn, id: &id::TokenId) -> Result<Option<Timestamp>, Problem> {
    let row = sql("SELECT expires_at FROM revoked_jwts WHERE id = $1").bind(id).find(conn).await?;
    Ok(row.map(|r| r.get("expires_at")).transpose()?)
}

pub async fn revoked_jwts(conn: &mut Conn, now: Timestamp) -> Result<Vec<(id::TokenId, Timestamp)>, Problem> {
    let rows = sql("SELECT id, expires_at FROM revoked_jwts WHERE expires_at > $1").bind(now).all(conn).await?;
    rows.iter().map(|r| Ok((r.get("id")?, r.get("expires_at")?))).collect()
}

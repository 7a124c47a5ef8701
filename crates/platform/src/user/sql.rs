//! Users, sessions and personal access tokens as rows.

use super::{PersonalToken, User, UserKind, UserState};
use base::secret::Digest;
use base::{Problem, ProblemKind, Timestamp, id};
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, kind, username, display_name, email, email_verified, state, site_admin, password, \
                       created_at";

fn user(row: &Row) -> Result<User, Problem> {
    Ok(User {
        id: row.get("id")?,
        version: row.get("version")?,
        kind: UserKind::read(&row.get::<String>("kind")?)?,
        username: row.get("username")?,
        display_name: row.get("display_name")?,
        email: row.get("email")?,
        email_verified: row.get("email_verified")?,
        state: UserState::read(&row.get::<String>("state")?)?,
        site_admin: row.get("site_admin")?,
        password: row.get("password")?,
        created_at: row.get("created_at")?,
    })
}

pub async fn find(conn: &mut Conn, id: &id::UserId) -> Result<Option<User>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(user).transpose()
}

pub async fn find_by_username(conn: &mut Conn, username: &str) -> Result<Option<User>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM users WHERE username = $1");
    sql(text).bind(username).find(conn).await?.as_ref().map(user).transpose()
}

pub async fn page(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<User>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM users WHERE id > $1 ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).all(conn).await?.iter().map(user).collect()
}

pub async fn site_admins(conn: &mut Conn) -> Result<Vec<id::UserId>, Problem> {
    let rows = sql("SELECT id FROM users WHERE site_admin = $1 ORDER BY id").bind(true).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("id")?)).collect()
}

pub async fn insert(conn: &mut Conn, user: &User) -> Result<(), Problem> {
    let text = format!("INSERT INTO users ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    let done = sql(text)
        .bind(&user.id)
        .bind(user.version)
        .bind(user.kind.as_str())
        .bind(&user.username)
        .bind(&user.display_name)
        .bind(&user.email)
        .bind(user.email_verified)
        .bind(user.state.as_str())
        .bind(user.site_admin)
        .bind(user.password.as_deref())
        .bind(user.created_at)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("users_username") => {
            let detail = format!("The username `{}` is taken; choose another.", user.username);
            Err(Problem::new(ProblemKind::Exists, detail.clone()).field("/username", detail))
        }
        other => Ok(other.map(|_| ())?),
    }
}

pub async fn put(conn: &mut Conn, user: &User) -> Result<i64, Problem> {
    let row = sql("UPDATE users SET version = version + 1, display_name = $3, email = $4, email_verified = $5, \
                   state = $6, site_admin = $7, password = $8 WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&user.id)
    .bind(user.version)
    .bind(&user.display_name)
    .bind(&user.email)
    .bind(user.email_verified)
    .bind(user.state.as_str())
    .bind(user.site_admin)
    .bind(user.password.as_deref())
    .find(conn)
    .await?;
    crate::lost_race(row)
}

pub async fn delete(conn: &mut Conn, id: &id::UserId) -> Result<(), Problem> {
    sql("DELETE FROM users WHERE id = $1").bind(id).run(conn).await?;
    Ok(())
}

pub struct SessionRow {
    pub id: id::SessionId,
    pub user: id::UserId,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

pub async fn insert_session(
    conn: &mut Conn,
    id: &id::SessionId,
    user: &id::UserId,
    digest: Digest,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO sessions (id, user_id, digest, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)")
        .bind(id)
        .bind(user)
        .bind(digest)
        .bind(now)
        .bind(expires_at)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn find_session(conn: &mut Conn, digest: Digest) -> Result<Option<SessionRow>, Problem> {
    let row =
        sql("SELECT id, user_id, seen_at, expires_at FROM sessions WHERE digest = $1").bind(digest).find(conn).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(SessionRow {
        id: row.get("id")?,
        user: row.get("user_id")?,
        seen_at: row.get("seen_at")?,
        expires_at: row.get("expires_at")?,
    }))
}

pub async fn touch_session(
    conn: &mut Conn,
    id: &id::SessionId,
    now: Timestamp,
    until: Timestamp,
) -> Result<(), Problem> {
    sql("UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE id = $1")
        .bind(id)
        .bind(now)
        .bind(until)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn delete_session(conn: &mut Conn, id: &id::SessionId) -> Result<(), Problem> {
    sql("DELETE FROM sessions WHERE id = $1").bind(id).run(conn).await?;
    Ok(())
}

pub async fn delete_sessions_of(
    conn: &mut Conn,
    user: &id::UserId,
    but: Option<&id::SessionId>,
) -> Result<(), Problem> {
    sql("DELETE FROM sessions WHERE user_id = $1 AND id <> $2")
        .bind(user)
        .bind(but.map_or("", base::id::Id::as_str))
        .run(conn)
        .await?;
    Ok(())
}

const TOKEN_COLUMNS: &str = "id, user_id, name, hint, created_at, expires_at";

fn token(row: &Row) -> Result<PersonalToken, Problem> {
    Ok(PersonalToken {
        id: row.get("id")?,
        user: row.get("user_id")?,
        name: row.get("name")?,
        hint: row.get("hint")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}

pub async fn insert_token(conn: &mut Conn, token: &PersonalToken, digest: Digest) -> Result<(), Problem> {
    sql("INSERT INTO personal_tokens (id, user_id, name, digest, hint, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(&token.id)
    .bind(&token.user)
    .bind(&token.name)
    .bind(digest)
    .bind(&token.hint)
    .bind(token.created_at)
    .bind(token.expires_at)
    .run(conn)
    .await?;
    Ok(())
}

pub async fn find_token(conn: &mut Conn, digest: Digest) -> Result<Option<PersonalToken>, Problem> {
    let text = format!("SELECT {TOKEN_COLUMNS} FROM personal_tokens WHERE digest = $1");
    sql(text).bind(digest).find(conn).await?.as_ref().map(token).transpose()
}

pub async fn tokens_of(conn: &mut Conn, user: &id::UserId) -> Result<Vec<PersonalToken>, Problem> {
    let text = format!("SELECT {TOKEN_COLUMNS} FROM personal_tokens WHERE user_id = $1 ORDER BY id");
    sql(text).bind(user).all(conn).await?.iter().map(token).collect()
}

pub async fn delete_token(conn: &mut Conn, user: &id::UserId, id: &id::PersonalTokenId) -> Result<bool, Problem> {
    let gone = sql("DELETE FROM personal_tokens WHERE user_id = $1 AND id = $2").bind(user).bind(id).run(conn).await?;
    Ok(gone > 0)
}

pub async fn delete_tokens_of(conn: &mut Conn, user: &id::UserId) -> Result<(), Problem> {
    sql("DELETE FROM personal_tokens WHERE user_id = $1").bind(user).run(conn).await?;
    Ok(())
}

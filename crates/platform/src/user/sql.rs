//! Users, sessions and personal access tokens as rows.

use super::{Language, PersonalToken, User, UserKind, UserRole, UserState};
use base::secret::Digest;
use base::{Actor, Problem, ProblemKind, Timestamp, id};
use std::collections::HashMap;
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, kind, username, display_name, email, email_verified, state, site_admin, password, \
                       password_is_generated, verification_asked_at, language, created_at";

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
        password_is_generated: row.get("password_is_generated")?,
        verification_asked_at: row.get("verification_asked_at")?,
        language: row.get::<Option<String>>("language")?.as_deref().map(Language::read).transpose()?,
        created_at: row.get("created_at")?,
    })
}

/// The display names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::UserId]) -> Result<HashMap<id::UserId, String>, Problem> {
    crate::names_of(conn, "SELECT id, display_name AS name FROM users", ids).await
}

/// Those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn among(conn: &mut Conn, ids: &[id::UserId]) -> Result<HashMap<id::UserId, User>, Problem> {
    let rows = crate::rows_of(conn, &format!("SELECT {COLUMNS} FROM users"), ids).await?;
    rows.iter().map(|row| user(row).map(|user| (user.id.clone(), user))).collect()
}

pub async fn find(conn: &mut Conn, id: &id::UserId) -> Result<Option<User>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(user).transpose()
}

pub async fn find_by_username(conn: &mut Conn, username: &str) -> Result<Option<User>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM users WHERE username = $1");
    sql(text).bind(username).find(conn).await?.as_ref().map(user).transpose()
}

/// Those whose username begins like this, by username; with an `@` those whose address does, by address. `after` is the
/// name or address and the id of the last one.
pub async fn beginning(conn: &mut Conn, text: &str, after: (&str, &str), limit: i64) -> Result<Vec<User>, Problem> {
    // The last code point there is sorts behind everything that follows the prefix.
    let end = format!("{text}\u{10ffff}");
    let column = if text.contains('@') { "email_folded" } else { "username COLLATE \"binary\"" };
    let query = format!(
        "SELECT {COLUMNS} FROM users WHERE {column} >= $1 AND {column} < $2 \
         AND ({column} > $3 OR ({column} = $3 AND id > $4)) ORDER BY {column}, id LIMIT $5"
    );
    // Nothing before the key has to be walked.
    let begin = text.max(after.0);
    let rows = sql(query).bind(begin).bind(end).bind(after.0).bind(after.1).bind(limit).all(conn).await?;
    rows.iter().map(user).collect()
}

pub async fn page(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<User>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM users WHERE id > $1 ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).all(conn).await?.iter().map(user).collect()
}

/// The same without service accounts.
pub async fn people(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<User>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM users WHERE id > $1 AND kind = 'human' ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).all(conn).await?.iter().map(user).collect()
}

/// The account that has proven this address, as [`super::fold`] writes it.
pub async fn find_by_verified_email(conn: &mut Conn, email: &str) -> Result<Option<User>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM users WHERE email_folded = $1 AND email_verified");
    sql(text).bind(email).find(conn).await?.as_ref().map(user).transpose()
}

/// Those who are people, by id; only `ids` if they are given.
pub async fn people_among(
    conn: &mut Conn,
    ids: Option<&[String]>,
    after: &str,
    limit: i64,
) -> Result<Vec<User>, Problem> {
    let among = ids.map_or(String::new(), |ids| format!(" AND id IN ({})", crate::marks(4, ids.len())));
    let text = format!("SELECT {COLUMNS} FROM users WHERE kind = $1 AND id > $2{among} ORDER BY id LIMIT $3");
    let query = sql(text).bind(UserKind::Human.as_str()).bind(after).bind(limit).bind_all(ids.unwrap_or_default());
    query.all(conn).await?.iter().map(user).collect()
}

pub async fn site_admins(conn: &mut Conn) -> Result<Vec<id::UserId>, Problem> {
    let rows = sql("SELECT id FROM users WHERE site_admin = $1 ORDER BY id").bind(true).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("id")?)).collect()
}

pub async fn insert(conn: &mut Conn, user: &User) -> Result<(), Problem> {
    let text = format!("INSERT INTO users ({COLUMNS}, email_folded) VALUES ({})", crate::marks(1, 15));
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
        .bind(user.password_is_generated)
        .bind(user.verification_asked_at)
        .bind(user.language.map(Language::as_str))
        .bind(user.created_at)
        .bind(super::fold(&user.email))
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
                   state = $6, site_admin = $7, password = $8, password_is_generated = $9, language = $10, \
                   verification_asked_at = $11, email_folded = $12 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&user.id)
    .bind(user.version)
    .bind(&user.display_name)
    .bind(&user.email)
    .bind(user.email_verified)
    .bind(user.state.as_str())
    .bind(user.site_admin)
    .bind(user.password.as_deref())
    .bind(user.password_is_generated)
    .bind(user.language.map(Language::as_str))
    .bind(user.verification_asked_at)
    .bind(super::fold(&user.email))
    .find(conn)
    .await;
    match row {
        Err(e) if e.unique() == Some("users_verified_email") => {
            let detail = "This address was proven by another account; use that one, or another address.";
            Err(Problem::new(ProblemKind::Exists, detail).at("/email"))
        }
        other => crate::lost_race(other?),
    }
}

pub async fn delete(conn: &mut Conn, id: &id::UserId) -> Result<(), Problem> {
    sql("DELETE FROM users WHERE id = $1").bind(id).run(conn).await?;
    Ok(())
}

const SESSION_COLUMNS: &str =
    "id, user_id, lineage, created_at, seen_at, expires_at, ends_at, authenticated_at, user_agent";

pub struct SessionRow {
    pub id: id::SessionId,
    pub user: id::UserId,
    pub lineage: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub ends_at: Timestamp,
    pub authenticated_at: Timestamp,
    pub user_agent: String,
}

fn session(row: &Row) -> Result<SessionRow, Problem> {
    Ok(SessionRow {
        id: row.get("id")?,
        user: row.get("user_id")?,
        lineage: row.get("lineage")?,
        created_at: row.get("created_at")?,
        seen_at: row.get("seen_at")?,
        expires_at: row.get("expires_at")?,
        ends_at: row.get("ends_at")?,
        authenticated_at: row.get("authenticated_at")?,
        user_agent: row.get("user_agent")?,
    })
}

pub async fn insert_session(conn: &mut Conn, session: &SessionRow, digest: Digest) -> Result<(), Problem> {
    let text = format!(
        "INSERT INTO sessions ({SESSION_COLUMNS}, digest, is_replaced) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    sql(text)
        .bind(&session.id)
        .bind(&session.user)
        .bind(&session.lineage)
        .bind(session.created_at)
        .bind(session.seen_at)
        .bind(session.expires_at)
        .bind(session.ends_at)
        .bind(session.authenticated_at)
        .bind(&session.user_agent)
        .bind(digest)
        .bind(false)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn find_session(conn: &mut Conn, digest: Digest) -> Result<Option<SessionRow>, Problem> {
    let text = format!("SELECT {SESSION_COLUMNS} FROM sessions WHERE digest = $1");
    sql(text).bind(digest).find(conn).await?.as_ref().map(session).transpose()
}

pub async fn get_session(conn: &mut Conn, id: &id::SessionId) -> Result<Option<SessionRow>, Problem> {
    let text = format!("SELECT {SESSION_COLUMNS} FROM sessions WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(session).transpose()
}

/// Those that live, without those that another has taken the place of; the last used first.
pub async fn sessions_of(conn: &mut Conn, user: &id::UserId, now: Timestamp) -> Result<Vec<SessionRow>, Problem> {
    let text = format!(
        "SELECT {SESSION_COLUMNS} FROM sessions WHERE user_id = $1 AND expires_at > $2 AND is_replaced = $3 \
         ORDER BY seen_at DESC, id DESC"
    );
    sql(text).bind(user).bind(now).bind(false).all(conn).await?.iter().map(session).collect()
}

pub async fn touch_session(
    conn: &mut Conn,
    id: &id::SessionId,
    now: Timestamp,
    until: Timestamp,
) -> Result<(), Problem> {
    sql("UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE id = $1 AND is_replaced = $4")
        .bind(id)
        .bind(now)
        .bind(until)
        .bind(false)
        .run(conn)
        .await?;
    Ok(())
}

/// Another takes its place; requests that are on their way may still use it until then.
pub async fn replace_session(conn: &mut Conn, id: &id::SessionId, until: Timestamp) -> Result<(), Problem> {
    sql("UPDATE sessions SET expires_at = $2, ends_at = $2, is_replaced = $3 WHERE id = $1")
        .bind(id)
        .bind(until)
        .bind(true)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn delete_ended_sessions(conn: &mut Conn, user: &id::UserId, now: Timestamp) -> Result<(), Problem> {
    sql("DELETE FROM sessions WHERE user_id = $1 AND expires_at <= $2").bind(user).bind(now).run(conn).await?;
    Ok(())
}

/// With those that it has taken the place of, which would live on for a moment.
pub async fn delete_session(conn: &mut Conn, id: &id::SessionId) -> Result<(), Problem> {
    sql("DELETE FROM sessions WHERE lineage IN (SELECT lineage FROM sessions WHERE id = $1)")
        .bind(id)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn delete_sessions_of(conn: &mut Conn, user: &id::UserId) -> Result<(), Problem> {
    sql("DELETE FROM sessions WHERE user_id = $1").bind(user).run(conn).await?;
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

const ROLE_COLUMNS: &str = "id, user_id, role, profile_id, granted_by, granted_at";

fn role(row: &Row) -> Result<UserRole, Problem> {
    Ok(UserRole {
        id: row.get("id")?,
        user: row.get("user_id")?,
        role: row.get("role")?,
        profile: row.get("profile_id")?,
        granted_by: Actor::from_text(&row.get::<String>("granted_by")?),
        granted_at: row.get("granted_at")?,
    })
}

/// The roles of these people, by person and word.
pub async fn roles_of(conn: &mut Conn, users: &[id::UserId]) -> Result<Vec<UserRole>, Problem> {
    let mut out = Vec::new();
    for some in users.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text =
            format!("SELECT {ROLE_COLUMNS} FROM user_roles WHERE user_id IN ({marks}) ORDER BY user_id, role, id");
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(role(&row)?);
        }
    }
    Ok(out)
}

pub async fn privileged_under(conn: &mut Conn, profile: &id::ProfileId) -> Result<Vec<id::UserId>, Problem> {
    let text = "SELECT DISTINCT user_id FROM user_roles WHERE profile_id = $1 ORDER BY user_id";
    let rows = sql(text).bind(profile).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("user_id")?)).collect()
}

/// Whether it was not there before.
pub async fn insert_role(conn: &mut Conn, role: &UserRole) -> Result<bool, Problem> {
    let text =
        format!("INSERT INTO user_roles ({ROLE_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
    let done = sql(text)
        .bind(&role.id)
        .bind(&role.user)
        .bind(&role.role)
        .bind(&role.profile)
        .bind(role.granted_by.to_text())
        .bind(role.granted_at)
        .run(conn)
        .await;
    match (done, &role.profile) {
        (Err(e), Some(profile)) if e.foreign_key() => {
            Err(Problem::invalid("profile", format!("There is no profile `{profile}`.")))
        }
        (other, _) => Ok(other? > 0),
    }
}

pub async fn delete_role(
    conn: &mut Conn,
    user: &id::UserId,
    role: &str,
    profile: Option<&id::ProfileId>,
) -> Result<bool, Problem> {
    let gone = match profile {
        Some(profile) => {
            sql("DELETE FROM user_roles WHERE user_id = $1 AND role = $2 AND profile_id = $3")
                .bind(user)
                .bind(role)
                .bind(profile)
                .run(conn)
                .await?
        }
        None => {
            sql("DELETE FROM user_roles WHERE user_id = $1 AND role = $2 AND profile_id IS NULL")
                .bind(user)
                .bind(role)
                .run(conn)
                .await?
        }
    };
    Ok(gone > 0)
}

/// Keeps every site administrator as they are until this transaction ends: what follows sees who is one.
pub async fn hold_site_admins(conn: &mut Conn) -> Result<(), Problem> {
    sql("UPDATE users SET site_admin = site_admin WHERE site_admin").run(conn).await?;
    Ok(())
}

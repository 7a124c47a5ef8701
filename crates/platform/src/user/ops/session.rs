//! Browser sessions: begun with a password, found by their secret, ended by use that stops, by their age or by somebody.

use crate::cx::{Cx, Platform, Session, Signed};
use crate::user::password::verify_password;
use crate::user::sql::SessionRow;
use crate::user::{User, UserKind, UserState, rule, sql};
use base::secret::{Purpose, Secret};
use base::{Problem, ProblemKind, Timestamp, id};
use store::{Conn, Quiet};

/// How long a session may go on before its last use is written down again, if it may idle for much longer than that.
const TOUCH_SECONDS: i64 = 60;
/// How long requests that are on their way may still use the secret that another has taken the place of.
const HANDOVER_SECONDS: i64 = 30;
/// As much as is kept of what a browser says of itself.
const USER_AGENT: usize = 256;

/// A session that has just begun.
pub struct Begun {
    pub user: User,
    pub session: Session,
    pub secret: Secret,
}

/// A row that lives from now on.
fn row(cx: &Cx, user: &id::UserId, user_agent: &str) -> SessionRow {
    let ends_at = cx.now.plus_seconds(cx.platform.settings.session_absolute_seconds);
    let id = id::SessionId::new(cx.now);
    SessionRow {
        lineage: id.to_string(),
        id,
        user: user.clone(),
        created_at: cx.now,
        seen_at: cx.now,
        expires_at: idle_end(&cx.platform, cx.now, ends_at),
        ends_at,
        authenticated_at: cx.now,
        user_agent: user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT).collect(),
    }
}

/// When a session ends that is used now and never again.
fn idle_end(platform: &Platform, now: Timestamp, ends_at: Timestamp) -> Timestamp {
    now.plus_seconds(platform.settings.session_seconds).min(ends_at)
}

/// Stores a new session under a new secret.
async fn begin(conn: &mut Conn, cx: &Cx, user: User, row: &SessionRow) -> Result<Begun, Problem> {
    let secret = Secret::generate(Purpose::Session);
    sql::insert_session(conn, row, cx.platform.keys.digest(Purpose::Session, secret.reveal())).await?;
    let session = session(row, &user);
    Ok(Begun { user, session, secret })
}

fn session(row: &SessionRow, user: &User) -> Session {
    Session {
        id: row.id.clone(),
        lineage: row.lineage.clone(),
        authenticated_at: row.authenticated_at,
        expires_at: row.expires_at,
        must_set_up: user.password_is_generated,
    }
}

/// The row of the session that asks.
pub(super) async fn of(conn: &mut Conn, cx: &Cx) -> Result<Option<SessionRow>, Problem> {
    match cx.who.as_ref().and_then(|who| who.session.as_ref()) {
        Some(session) => sql::get_session(conn, &session.id).await,
        None => Ok(None),
    }
}

/// Begins a new session in the browser of one that has ended with the old password.
///
/// # Errors
/// Those of the database.
pub async fn begin_again(conn: &mut Conn, cx: &Cx, user: User, old: &SessionRow) -> Result<Begun, Problem> {
    let row = SessionRow { lineage: old.lineage.clone(), ..row(cx, &user.id, &old.user_agent) };
    begin(conn, cx, user, &row).await
}

/// Signs a person in. Unknown names cost the same time as wrong passwords. The session that the browser had before ends,
/// and the new one has a secret that nobody knew before.
///
/// # Errors
/// 401 if name or password is wrong or the account is locked, 429 after too many failures.
pub async fn sign_in(cx: &Cx, username: &str, password: String, user_agent: &str) -> Result<Begun, Problem> {
    let failed =
        || Problem::new(ProblemKind::SignInFailed, "The name or the password is wrong, or the account is locked.");
    let name = username.trim().to_ascii_lowercase();
    if name.len() > 64 || password.len() > rule::LONGEST_PASSWORD {
        return Err(failed());
    }
    cx.platform.throttle.attempt(&name, cx.now)?;
    let user = sql::find_by_username(&mut *cx.read().await?, &name).await?;
    let hash = user.as_ref().and_then(|u| u.password.clone());
    let right = verify_password(&cx.platform, hash, password).await?;
    let user = match user {
        Some(user) if right && user.state == UserState::Active && user.kind == UserKind::Human => user,
        _ => return Err(failed()),
    };
    cx.platform.throttle.succeeded(&name);
    let mut tx = cx.write().await?;
    // While the password was checked it may have been changed, which ends all sessions: this one too, then.
    let still = sql::find(&mut tx, &user.id).await?;
    if still.is_none_or(|now| now.password != user.password || now.state != UserState::Active) {
        return Err(failed());
    }
    if let Some(before) = of(&mut tx, cx).await? {
        sql::delete_session(&mut tx, &before.id).await?;
    }
    sql::delete_ended_sessions(&mut tx, &user.id, cx.now).await?;
    let row = row(cx, &user.id, user_agent);
    let begun = begin(&mut tx, cx, user, &row).await?;
    tx.commit_quiet(Quiet::SessionTouched).await?;
    Ok(begun)
}

/// Checks the caller's password once more. The session goes on under another secret, so that whoever may have copied the
/// old one gains nothing; requests that are on their way are still answered.
///
/// # Errors
/// 401 if the password is wrong, 403 if no browser session asks, 429 after too many failures.
pub async fn reauthenticate(cx: &Cx, password: String) -> Result<Begun, Problem> {
    let who = cx.signed()?;
    if who.session.is_none() {
        return Err(Problem::forbidden("Only a browser session asks for the password again; a token needs none."));
    }
    cx.platform.throttle.attempt(&who.username, cx.now)?;
    let user = super::get(cx, &who.id).await?;
    let known = user.password.clone().filter(|_| password.len() <= rule::LONGEST_PASSWORD);
    if !verify_password(&cx.platform, known, password).await? {
        return Err(Problem::new(ProblemKind::SignInFailed, "The password is wrong."));
    }
    cx.platform.throttle.succeeded(&who.username);
    let mut tx = cx.write().await?;
    let still = sql::find(&mut tx, &user.id).await?.filter(|now| now.password == user.password);
    let (Some(user), Some(old)) = (still, of(&mut tx, cx).await?) else {
        return Err(Problem::new(ProblemKind::Unauthenticated, "The session has ended meanwhile; sign in."));
    };
    let end = cx.now.plus_seconds(HANDOVER_SECONDS).min(old.expires_at);
    sql::replace_session(&mut tx, &old.id, end).await?;
    let row = SessionRow {
        lineage: old.lineage,
        created_at: old.created_at,
        ends_at: old.ends_at,
        expires_at: idle_end(&cx.platform, cx.now, old.ends_at),
        ..row(cx, &user.id, &old.user_agent)
    };
    let begun = begin(&mut tx, cx, user, &row).await?;
    tx.commit_quiet(Quiet::SessionTouched).await?;
    Ok(begun)
}

/// The caller's sessions that live, the last used first.
///
/// # Errors
/// 401.
pub async fn sessions(cx: &Cx) -> Result<Vec<SessionRow>, Problem> {
    let who = cx.signed()?;
    sql::sessions_of(&mut *cx.read().await?, &who.id, cx.now).await
}

/// Ends one of the caller's sessions.
///
/// # Errors
/// 404 if it is not theirs, or has ended.
pub async fn end_session(cx: &Cx, session: &id::SessionId) -> Result<(), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    if sql::get_session(&mut tx, session).await?.is_none_or(|found| found.user != who.id) {
        return Err(Problem::not_found("session"));
    }
    sql::delete_session(&mut tx, session).await?;
    tx.commit_quiet(Quiet::SessionTouched).await?;
    Ok(())
}

/// Ends the caller's own session.
///
/// # Errors
/// 401.
pub async fn sign_out(cx: &Cx) -> Result<(), Problem> {
    let who = cx.signed()?;
    if let Some(session) = &who.session {
        let mut tx = cx.write().await?;
        sql::delete_session(&mut tx, &session.id).await?;
        tx.commit_quiet(Quiet::SessionTouched).await?;
    }
    Ok(())
}

/// The token that the pages of a session prove themselves with. It is derived with a key that only the server has, from what
/// stays the same when the session gets another secret: pages that are open go on.
pub fn csrf_of(platform: &Platform, session: &Session) -> String {
    platform.keys.digest(Purpose::Session, &format!("csrf {}", session.lineage)).to_hex()
}

/// Who a session cookie belongs to. `None` if it has ended. What a page asks by itself is no use of the session: `is_use`
/// says whether somebody is there.
///
/// # Errors
/// Those of the database.
pub async fn by_session(
    platform: &Platform,
    secret: &str,
    now: Timestamp,
    is_use: bool,
) -> Result<Option<Signed>, Problem> {
    if !Secret::looks_like(secret, Purpose::Session) {
        return Ok(None);
    }
    let digest = platform.keys.digest(Purpose::Session, secret);
    let (mut found, user) = {
        let mut tx = platform.db.read().await?;
        let Some(found) = sql::find_session(&mut tx, digest).await? else { return Ok(None) };
        let Some(user) = sql::find(&mut tx, &found.user).await? else { return Ok(None) };
        (found, user)
    };
    if found.expires_at <= now || user.state != UserState::Active {
        return Ok(None);
    }
    let pause = TOUCH_SECONDS.min(platform.settings.session_seconds / 4);
    if is_use && now.seconds() - found.seen_at.seconds() >= pause {
        found.expires_at = idle_end(platform, now, found.ends_at);
        let mut tx = platform.db.write().await?;
        sql::touch_session(&mut tx, &found.id, now, found.expires_at).await?;
        tx.commit_quiet(Quiet::SessionTouched).await?;
    }
    let session = Some(session(&found, &user));
    Ok(Some(Signed { id: user.id, username: user.username, site_admin: user.site_admin, session }))
}

//! What can be done with users, sessions and personal access tokens.

use super::password::{hash_password, verify_password};
use super::{PersonalToken, User, UserKind, UserState, rule, sql};
use crate::authz::{Relation, Verb};
use crate::cx::{Cx, Describe, Platform, Registration, Signed};
use base::secret::{Purpose, Secret};
use base::{Kind, Page, PageRequest, Problem, ProblemKind, Timestamp, id};
use serde_json::json;
use store::{Conn, Quiet};

/// What somebody gives who registers.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// 3 to 64 of a-z 0-9 . _ - @ +, folded to lower case; unique.
    pub username: String,
    /// How others see you; the username unless given.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Where mail goes.
    pub email: String,
    /// At least 12 characters.
    #[schema(format = Password)]
    pub password: String,
}

/// Registers a person (X09). Open to anybody if the policy says so, else to site administrators.
pub async fn register(cx: &Cx, new: NewUser) -> Result<(User, i64), Problem> {
    let may_administer = crate::authz::may(cx.standing(), Verb::UserAdminister);
    if cx.platform.settings.registration == Registration::Closed && !may_administer {
        let detail = "Registration is closed here; a site administrator creates accounts (setting `registration`).";
        return Err(Problem::forbidden(detail));
    }
    let username = rule::username(&new.username)?;
    let email = rule::email(&new.email)?;
    rule::password(&new.password, &username)?;
    let display_name = crate::text::name("/display_name", new.display_name.as_deref().unwrap_or(&username))?;
    let password = hash_password(&cx.platform, new.password).await?;
    let user = User {
        id: id::UserId::new(cx.now),
        version: 1,
        kind: UserKind::Human,
        username,
        display_name,
        email,
        email_verified: false,
        state: UserState::Active,
        site_admin: false,
        password: Some(password),
        created_at: cx.now,
    };
    let mut tx = cx.write().await?;
    sql::insert(&mut tx, &user).await?;
    let change = cx.change("user.registered", Kind::User, &user.id).detailing(json!({"username": user.username}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((user, seq))
}

/// Creates the first administrator, or sets a new password for the one of this name.
///
/// # Errors
/// Those of the database.
pub async fn create_administrator(cx: &Cx, username: &str, password: Secret) -> Result<id::UserId, Problem> {
    let hash = hash_password(&cx.platform, password.reveal().to_owned()).await?;
    let mut tx = cx.write().await?;
    let (id, verb) = match sql::find_by_username(&mut tx, username).await? {
        Some(mut user) => {
            user.site_admin = true;
            user.state = UserState::Active;
            replace_password(&mut tx, &mut user, hash, None).await?;
            (user.id, "user.password_reset")
        }
        None => {
            let user = User {
                id: id::UserId::new(cx.now),
                version: 1,
                kind: UserKind::Human,
                username: username.to_owned(),
                display_name: "Site administrator".to_owned(),
                email: String::new(),
                email_verified: false,
                state: UserState::Active,
                site_admin: true,
                password: Some(hash),
                created_at: cx.now,
            };
            sql::insert(&mut tx, &user).await?;
            (user.id, "user.registered")
        }
    };
    let change =
        cx.change(verb, Kind::User, &id).by_system().detailing(json!({"username": username, "site_admin": true}));
    cx.commit(tx, vec![change]).await?;
    Ok(id)
}

/// Stores a new password. All sessions but this one and all personal access tokens end with the old one.
async fn replace_password(
    conn: &mut Conn,
    user: &mut User,
    hash: String,
    but: Option<&id::SessionId>,
) -> Result<(), Problem> {
    user.password = Some(hash);
    sql::put(conn, user).await?;
    sql::delete_sessions_of(conn, &user.id, but).await?;
    sql::delete_tokens_of(conn, &user.id).await
}

/// Sets a new password for a person who lost theirs; every session and personal access token of theirs ends.
///
/// # Errors
/// 404 if there is no such person.
pub async fn reset_password(cx: &Cx, username: &str, password: Secret) -> Result<(), Problem> {
    let hash = hash_password(&cx.platform, password.reveal().to_owned()).await?;
    let mut tx = cx.write().await?;
    let found = sql::find_by_username(&mut tx, username).await?.filter(|u| u.kind == UserKind::Human);
    let mut user = found.ok_or_else(|| Problem::not_found("person"))?;
    replace_password(&mut tx, &mut user, hash, None).await?;
    cx.commit(tx, vec![cx.change("user.password_reset", Kind::User, &user.id).by_system()]).await?;
    Ok(())
}

/// Changes the caller's own name or address. A new address has to be proven anew.
pub async fn edit_self(cx: &Cx, display_name: Option<&str>, email: Option<&str>) -> Result<(User, i64), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let before = sql::find(&mut tx, &who.id).await?.ok_or_else(|| Problem::not_found("user"))?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    if let Some(name) = display_name {
        after.display_name = crate::text::name("/display_name", name)?;
    }
    if let Some(email) = email {
        after.email = rule::email(email)?;
        after.email_verified = before.email_verified && after.email == before.email;
    }
    after.version = sql::put(&mut tx, &after).await?;
    let change = cx.change("user.edited", Kind::User, &who.id).detailing(json!({
        "before": {"display_name": before.display_name, "email": before.email},
        "after": {"display_name": after.display_name, "email": after.email},
    }));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, seq))
}

/// A user, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::UserId) -> Result<Option<User>, Problem> {
    sql::find(conn, id).await
}

/// A user, by name.
///
/// # Errors
/// Those of the database.
pub async fn find_by_username(conn: &mut Conn, username: &str) -> Result<Option<User>, Problem> {
    sql::find_by_username(conn, username).await
}

/// The user that a body names at `pointer`.
///
/// # Errors
/// 422 if there is none.
pub async fn require(conn: &mut Conn, id: &id::UserId, pointer: &str) -> Result<User, Problem> {
    sql::find(conn, id).await?.ok_or_else(|| Problem::invalid(pointer, format!("There is no user `{id}`.")))
}

/// Everybody who holds `site_admin`.
///
/// # Errors
/// Those of the database.
pub async fn site_admins(conn: &mut Conn) -> Result<Vec<id::UserId>, Problem> {
    sql::site_admins(conn).await
}

/// The user that a client appears as: `service-account-<client_id>` (F06).
///
/// # Errors
/// 409 if the name is taken.
pub async fn create_service_account(
    conn: &mut Conn,
    client_id: &str,
    name: &str,
    now: Timestamp,
) -> Result<id::UserId, Problem> {
    let user = User {
        id: id::UserId::new(now),
        version: 1,
        kind: UserKind::ServiceAccount,
        username: format!("{}{client_id}", rule::SERVICE_ACCOUNT_PREFIX),
        display_name: name.to_owned(),
        email: String::new(),
        email_verified: false,
        state: UserState::Active,
        site_admin: false,
        password: None,
        created_at: now,
    };
    sql::insert(conn, &user).await?;
    Ok(user.id)
}

/// Follows a change of the client's name.
///
/// # Errors
/// Those of the database.
pub async fn rename_service_account(conn: &mut Conn, id: &id::UserId, name: &str) -> Result<(), Problem> {
    if let Some(mut user) = sql::find(conn, id).await? {
        name.clone_into(&mut user.display_name);
        sql::put(conn, &user).await?;
    }
    Ok(())
}

/// Goes with its client (F29).
///
/// # Errors
/// Those of the database.
pub async fn remove_service_account(conn: &mut Conn, id: &id::UserId) -> Result<(), Problem> {
    sql::delete(conn, id).await
}

/// Users, by id; one by name for whoever asks for that name.
pub async fn list(cx: &Cx, username: Option<&str>, page: &PageRequest) -> Result<Page<User>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    if let Some(name) = username {
        let found = sql::find_by_username(&mut tx, &name.to_ascii_lowercase()).await?;
        return Ok(Page { items: found.into_iter().collect(), next: None });
    }
    cx.may(cx.standing(), Verb::UserAdminister)?;
    let rows = sql::page(&mut tx, page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |u| u.id.to_string()))
}

pub async fn get(cx: &Cx, id: &id::UserId) -> Result<User, Problem> {
    cx.may(cx.standing(), Verb::UserRead)?;
    sql::find(&mut *cx.read().await?, id).await?.ok_or_else(|| Problem::not_found("user"))
}

/// How the caller stands to this user.
pub fn standing(cx: &Cx, id: &id::UserId) -> crate::authz::Standing {
    cx.standing().and_if(cx.is(id), Relation::Oneself)
}

/// Locks, unlocks, appoints or dismisses a site administrator.
pub async fn administer(cx: &Cx, id: &id::UserId, act: &str, note: Option<&str>) -> Result<(User, i64), Problem> {
    cx.may(cx.standing(), Verb::UserAdminister)?;
    let mut tx = cx.write().await?;
    let mut user = sql::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("user"))?;
    cx.expect_version(user.version)?;
    if user.kind == UserKind::ServiceAccount {
        return Err(Problem::forbidden("A service account is changed through its client, not here."));
    }
    if cx.is(id) {
        return Err(Problem::forbidden("Nobody locks or dismisses themselves; ask another site administrator."));
    }
    let before = json!({"state": user.state, "site_admin": user.site_admin});
    let verb = match act {
        "lock" => {
            user.state = UserState::Locked;
            "user.locked"
        }
        "unlock" => {
            user.state = UserState::Active;
            "user.unlocked"
        }
        "appoint" => {
            user.site_admin = true;
            "user.appointed"
        }
        "dismiss" => {
            user.site_admin = false;
            "user.dismissed"
        }
        other => {
            return Err(Problem::invalid("/action", format!("`{other}` is none of lock, unlock, appoint, dismiss.")));
        }
    };
    user.version = sql::put(&mut tx, &user).await?;
    if user.state == UserState::Locked {
        sql::delete_sessions_of(&mut tx, id, None).await?;
    }
    let after = json!({"state": user.state, "site_admin": user.site_admin});
    let change = cx.change(verb, Kind::User, id).noting(note).detailing(json!({"before": before, "after": after}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((user, seq))
}

/// Sets a new password after checking the old one; every other session and all personal tokens end.
pub async fn change_password(cx: &Cx, old: String, new: String) -> Result<i64, Problem> {
    let who = cx.signed()?.clone();
    let user = get(cx, &who.id).await?;
    rule::password(&new, &user.username)?;
    // Whoever took over a session must not be able to guess on here.
    cx.platform.throttle.attempt(&user.username, cx.now)?;
    if !verify_password(&cx.platform, user.password.clone(), old).await? {
        return Err(Problem::invalid("/old_password", "The old password is wrong."));
    }
    cx.platform.throttle.succeeded(&user.username);
    let hash = hash_password(&cx.platform, new).await?;
    let mut tx = cx.write().await?;
    let mut user = sql::find(&mut tx, &who.id).await?.ok_or_else(|| Problem::not_found("user"))?;
    replace_password(&mut tx, &mut user, hash, who.session.as_ref()).await?;
    cx.commit(tx, vec![cx.change("user.password_changed", Kind::User, &who.id)]).await
}

/// A session that has just begun.
pub struct Begun {
    pub user: User,
    pub secret: Secret,
    pub csrf: String,
    pub expires_at: Timestamp,
}

/// Signs a person in. Unknown names cost the same time as wrong passwords.
pub async fn sign_in(cx: &Cx, username: &str, password: String) -> Result<Begun, Problem> {
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
    let secret = Secret::generate(Purpose::Session);
    let session = id::SessionId::new(cx.now);
    let expires_at = cx.now.plus_seconds(cx.platform.settings.session_seconds);
    let mut tx = cx.write().await?;
    // While the password was checked it may have been changed, which ends all sessions: this one too, then.
    let still = sql::find(&mut tx, &user.id).await?;
    if still.is_none_or(|now| now.password != user.password || now.state != UserState::Active) {
        return Err(failed());
    }
    let digest = cx.platform.keys.digest(Purpose::Session, secret.reveal());
    sql::insert_session(&mut tx, &session, &user.id, digest, cx.now, expires_at).await?;
    tx.commit_quiet(Quiet::SessionTouched).await?;
    Ok(Begun { csrf: csrf_of(&cx.platform, secret.reveal()), user, secret, expires_at })
}

/// Ends the caller's own session.
pub async fn sign_out(cx: &Cx) -> Result<(), Problem> {
    let who = cx.signed()?;
    if let Some(session) = &who.session {
        let mut tx = cx.write().await?;
        sql::delete_session(&mut tx, session).await?;
        tx.commit_quiet(Quiet::SessionTouched).await?;
    }
    Ok(())
}

/// The token that a page proves itself with: derived from the session's secret, which the page cannot read.
pub fn csrf_of(platform: &Platform, session_secret: &str) -> String {
    platform.keys.digest(Purpose::Session, &format!("csrf {session_secret}")).to_hex()
}

/// How long a session may go on before its last use is written down again.
const TOUCH_SECONDS: i64 = 60;

/// Who a session cookie belongs to, and the token that its pages prove themselves with. `None` if it has ended.
///
/// # Errors
/// Those of the database.
pub async fn by_session(
    platform: &Platform,
    secret: &str,
    now: Timestamp,
) -> Result<Option<(Signed, String)>, Problem> {
    if !Secret::looks_like(secret, Purpose::Session) {
        return Ok(None);
    }
    let digest = platform.keys.digest(Purpose::Session, secret);
    let (session, user) = {
        let mut tx = platform.db.read().await?;
        let Some(session) = sql::find_session(&mut tx, digest).await? else { return Ok(None) };
        let Some(user) = sql::find(&mut tx, &session.user).await? else { return Ok(None) };
        (session, user)
    };
    if session.expires_at <= now || user.state != UserState::Active {
        return Ok(None);
    }
    if now.seconds() - session.seen_at.seconds() >= TOUCH_SECONDS {
        let mut tx = platform.db.write().await?;
        sql::touch_session(&mut tx, &session.id, now, now.plus_seconds(platform.settings.session_seconds)).await?;
        tx.commit_quiet(Quiet::SessionTouched).await?;
    }
    let signed =
        Signed { id: user.id, username: user.username, site_admin: user.site_admin, session: Some(session.id) };
    Ok(Some((signed, csrf_of(platform, secret))))
}

/// Who a personal access token belongs to.
///
/// # Errors
/// 401 if it is unknown or has ended.
pub async fn by_personal_token(platform: &Platform, secret: &str, now: Timestamp) -> Result<Signed, Problem> {
    let refused = || {
        Problem::new(
            ProblemKind::Unauthenticated,
            "This personal access token is unknown, revoked or expired. Make one at POST /api/v1/me/tokens.",
        )
    };
    if !Secret::looks_like(secret, Purpose::PersonalToken) {
        return Err(refused());
    }
    let digest = platform.keys.digest(Purpose::PersonalToken, secret);
    let mut tx = platform.db.read().await?;
    let token = sql::find_token(&mut tx, digest).await?.ok_or_else(refused)?;
    let user = sql::find(&mut tx, &token.user).await?.ok_or_else(refused)?;
    if token.expires_at.is_some_and(|end| end <= now) || user.state != UserState::Active {
        return Err(refused());
    }
    Ok(Signed { id: user.id, username: user.username, site_admin: user.site_admin, session: None })
}

/// Makes a personal access token for the caller. The secret is in this answer and nowhere else.
pub async fn create_token(
    cx: &Cx,
    name: &str,
    expires_at: Option<Timestamp>,
) -> Result<(PersonalToken, Secret, i64), Problem> {
    let who = cx.signed()?;
    if expires_at.is_some_and(|end| end <= cx.now) {
        return Err(Problem::invalid("/expires_at", "The end must lie in the future."));
    }
    let secret = Secret::generate(Purpose::PersonalToken);
    let token = PersonalToken {
        id: id::PersonalTokenId::new(cx.now),
        user: who.id.clone(),
        name: crate::text::name("/name", name)?,
        hint: secret.hint(),
        created_at: cx.now,
        expires_at,
    };
    let mut tx = cx.write().await?;
    sql::insert_token(&mut tx, &token, cx.platform.keys.digest(Purpose::PersonalToken, secret.reveal())).await?;
    let change = cx
        .change("user.token_created", Kind::User, &who.id)
        .detailing(json!({"token": token.id, "name": token.name, "hint": token.hint}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((token, secret, seq))
}

pub async fn tokens(cx: &Cx) -> Result<Vec<PersonalToken>, Problem> {
    let who = cx.signed()?;
    sql::tokens_of(&mut *cx.read().await?, &who.id).await
}

pub async fn revoke_token(cx: &Cx, id: &id::PersonalTokenId) -> Result<i64, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    if !sql::delete_token(&mut tx, &who.id, id).await? {
        return Err(Problem::not_found("personal access token"));
    }
    let change = cx.change("user.token_revoked", Kind::User, &who.id).detailing(json!({"token": id}));
    cx.commit(tx, vec![change]).await
}

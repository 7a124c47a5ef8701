//! What can be done with users and their accounts.

mod role;
mod session;
mod token;
mod verification;

pub use super::sql::{among, names};
pub use role::{grant_role, list_roles, people_among, privileged_under, revoke_role, roles, roles_of};
pub use session::{Begun, begin_again, by_session, csrf_of, end_session, reauthenticate, sessions, sign_in, sign_out};
pub use token::{by_personal_token, create_token, revoke_token, tokens};
pub use verification::{Proof, confirm, fold, mark_verified, require_verified, verification_again, verification_link};

use super::password::{hash_password, verify_password};
use super::{Language, User, UserKind, UserState, rule, sql};
use crate::authz::{Relation, Verb};
use crate::cx::{Cx, Describe, Registration};
use base::secret::Secret;
use base::{Change, Fault, Kind, Page, PageRequest, Problem, Timestamp, gather, id};
use serde_json::json;
use store::Conn;

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
    /// In which language they read; the browser's unless given.
    #[serde(default)]
    pub language: Option<Language>,
}

/// Registers a person (X09). Open to anybody if the policy says so, else to site administrators.
pub async fn register(cx: &Cx, new: NewUser) -> Result<(User, i64), Problem> {
    let may_administer = crate::authz::may(cx.standing(), Verb::UserAdminister);
    if cx.platform.settings.registration == Registration::Closed && !may_administer {
        let detail = "Registration is closed here; a site administrator creates accounts (setting `registration`).";
        return Err(Problem::forbidden(detail));
    }
    let (username, email, display_name) = gather(|wrong| {
        let username = wrong.of(rule::username(&new.username));
        let given = new.display_name.as_deref();
        let display = given.map_or_else(|| Ok(username.clone()), |name| crate::text::name("/display_name", name));
        wrong.of(rule::password(&new.password, &username));
        (username, wrong.of(rule::email(&new.email)), wrong.of(display))
    })?;
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
        password_is_generated: false,
        verification_asked_at: Some(cx.now),
        language: new.language,
        created_at: cx.now,
    };
    let mut tx = cx.write().await?;
    sql::insert(&mut tx, &user).await?;
    let change = cx.change("user.registered", Kind::User, &user.id).detailing(registered(&user));
    let asked = verification::asked(cx, &user.id);
    let seq = cx.commit(tx, vec![change, asked]).await?;
    Ok((user, seq))
}

/// Creates the first administrator, or sets a new password for the one of this name.
///
/// # Errors
/// Those of the database.
pub async fn create_administrator(cx: &Cx, username: &str, password: Secret) -> Result<(), Problem> {
    let hash = hash_password(&cx.platform, password.reveal().to_owned()).await?;
    let mut tx = cx.write().await?;
    let changes = match sql::find_by_username(&mut tx, username).await? {
        Some(mut user) => {
            let before = rights(&user);
            user.site_admin = true;
            user.state = UserState::Active;
            user.password_is_generated = true;
            let ended = replace_password(cx, &mut tx, &mut user, hash).await?;
            let mut changes = vec![cx.change("user.password_reset", Kind::User, &user.id).by_system()];
            changes.extend(ended.into_iter().map(Describe::by_system));
            let after = rights(&user);
            if before != after {
                let detail = json!({"before": before, "after": after});
                changes.push(cx.change("user.appointed", Kind::User, &user.id).by_system().detailing(detail));
            }
            changes
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
                password_is_generated: true,
                verification_asked_at: None,
                language: None,
                created_at: cx.now,
            };
            sql::insert(&mut tx, &user).await?;
            let change = cx.change("user.registered", Kind::User, &user.id).by_system();
            vec![change.detailing(registered(&user))]
        }
    };
    cx.commit(tx, changes).await?;
    Ok(())
}

/// Stores a new password. All sessions and all personal access tokens end with the old one.
/// What ended with it is the answer: the changes to commit too.
async fn replace_password(cx: &Cx, conn: &mut Conn, user: &mut User, hash: String) -> Result<Vec<Change>, Problem> {
    user.password = Some(hash);
    user.version = sql::put(conn, user).await?;
    sql::delete_sessions_of(conn, &user.id).await?;
    let ended = sql::tokens_of(conn, &user.id).await?;
    sql::delete_tokens_of(conn, &user.id).await?;
    Ok(ended.iter().map(|token| token::revoked(cx, token)).collect())
}

/// Lets a person keep the password that was made for them, as if they had chosen it.
///
/// # Errors
/// 404 if there is no such person.
pub async fn keep_password(cx: &Cx, username: &str) -> Result<(), Problem> {
    let mut tx = cx.write().await?;
    let mut user = sql::find_by_username(&mut tx, username).await?.ok_or_else(|| Problem::not_found("person"))?;
    user.password_is_generated = false;
    sql::put(&mut tx, &user).await?;
    let detail = json!({"before": {"password_is_generated": true}, "after": {"password_is_generated": false}});
    cx.commit(tx, vec![cx.change("user.edited", Kind::User, &user.id).by_system().detailing(detail)]).await?;
    Ok(())
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
    user.password_is_generated = true;
    let ended = replace_password(cx, &mut tx, &mut user, hash).await?;
    let mut changes = vec![cx.change("user.password_reset", Kind::User, &user.id).by_system()];
    changes.extend(ended.into_iter().map(Describe::by_system));
    cx.commit(tx, changes).await?;
    Ok(())
}

/// What somebody changes of their own account; what is absent stays.
#[derive(Debug, Default)]
pub struct OwnEdit {
    /// How others see them.
    pub display_name: Option<String>,
    /// Where mail goes.
    pub email: Option<String>,
    /// In which language they read; `Some(None)` leaves it to the browser again.
    pub language: Option<Option<Language>>,
}

/// Changes the caller's own name, address or language. A new address has to be proven anew.
pub async fn edit_self(cx: &Cx, edit: &OwnEdit) -> Result<(User, i64), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let before = sql::find(&mut tx, &who.id).await?.ok_or_else(|| Problem::not_found("user"))?;
    cx.expect_version(before.version)?;
    let mut after = edited(&before, edit)?;
    let mut changes = Vec::new();
    if after.email != before.email && verification::may_ask(&after, cx.now) {
        after.verification_asked_at = Some(cx.now);
        changes.push(verification::asked(cx, &who.id));
    }
    after.version = sql::put(&mut tx, &after).await?;
    let detail = json!({"before": own(&before), "after": own(&after)});
    changes.insert(0, cx.change("user.edited", Kind::User, &who.id).detailing(detail));
    let seq = cx.commit(tx, changes).await?;
    Ok((after, seq))
}

fn edited(before: &User, edit: &OwnEdit) -> Result<User, Problem> {
    let mut after = before.clone();
    gather(|wrong| {
        let name = edit.display_name.as_ref();
        wrong.set(&mut after.display_name, name.map(|name| crate::text::name("/display_name", name)));
        wrong.set(&mut after.email, edit.email.as_deref().map(rule::email));
    })?;
    after.email_verified = before.email_verified && fold(&after.email) == fold(&before.email);
    if let Some(language) = edit.language {
        after.language = language;
    }
    Ok(after)
}

/// What the trail keeps of an account that is made.
pub(super) fn registered(user: &User) -> serde_json::Value {
    let mut after = own(user);
    after["username"] = user.username.as_str().into();
    after["site_admin"] = user.site_admin.into();
    json!({"username": user.username, "after": after})
}

/// Which rights an account has.
fn rights(user: &User) -> serde_json::Value {
    json!({"state": user.state, "site_admin": user.site_admin})
}

fn own(user: &User) -> serde_json::Value {
    json!({"display_name": user.display_name, "email": user.email, "email_verified": user.email_verified,
           "language": user.language})
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

/// The account that has proven this address, if one has.
///
/// # Errors
/// Those of the database.
pub async fn find_by_verified_email(conn: &mut Conn, email: &str) -> Result<Option<User>, Problem> {
    sql::find_by_verified_email(conn, &fold(email)).await
}

/// The user that a body names at `pointer`.
///
/// # Errors
/// 422 if there is none.
pub async fn require(conn: &mut Conn, id: &id::UserId, pointer: &str) -> Result<User, Problem> {
    sql::find(conn, id)
        .await?
        .ok_or_else(|| Problem::invalid(pointer, format!("There is no user `{id}`.")).code(Fault::NotFound))
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
        password_is_generated: false,
        verification_asked_at: None,
        language: None,
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

/// Users, by id; one by name for whoever asks for that name; those whose name or address begins with `q`, by that.
pub async fn list(cx: &Cx, username: Option<&str>, q: Option<&str>, page: &PageRequest) -> Result<Page<User>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    if let Some(name) = username {
        let found = sql::find_by_username(&mut tx, &name.to_ascii_lowercase()).await?;
        return Ok(Page { items: found.into_iter().collect(), next: None });
    }
    cx.may(cx.standing(), Verb::UserAdminister)?;
    if let Some(text) = q.map(fold).filter(|text| !text.is_empty()) {
        let after = page.after().split_once(' ').unwrap_or_default();
        let rows = sql::beginning(&mut tx, &text, after, page.limit() + 1).await?;
        let by_address = text.contains('@');
        let key = |user: &User| if by_address { fold(&user.email) } else { user.username.clone() };
        return Ok(Page::of(rows, page.limit(), |user| format!("{} {}", key(user), user.id)));
    }
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

/// Whether the caller sees to which address this user's mail goes.
pub fn sees_address(cx: &Cx, id: &id::UserId) -> bool {
    crate::authz::may(standing(cx, id), Verb::UserReadPrivate)
}

/// Locks, unlocks, appoints or dismisses a site administrator.
pub async fn administer(cx: &Cx, id: &id::UserId, act: &str, note: Option<&str>) -> Result<(User, i64), Problem> {
    cx.may(cx.standing(), Verb::UserAdminister)?;
    let mut tx = cx.write().await?;
    // Of two site administrators who dismiss or lock each other at once, the second is none any more when their turn comes.
    sql::hold_site_admins(&mut tx).await?;
    let caller = sql::find(&mut tx, &cx.signed()?.id).await?;
    if !caller.is_some_and(|caller| caller.site_admin && caller.state == UserState::Active) {
        return Err(Problem::forbidden("You are no site administrator any more."));
    }
    let mut user = sql::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("user"))?;
    cx.expect_version(user.version)?;
    if user.kind == UserKind::ServiceAccount {
        return Err(Problem::forbidden("A service account is changed through its client, not here."));
    }
    if cx.is(id) {
        return Err(Problem::forbidden("Nobody locks or dismisses themselves; ask another site administrator."));
    }
    let before = rights(&user);
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
            return Err(Problem::invalid("/action", format!("`{other}` is none of lock, unlock, appoint, dismiss."))
                .code(Fault::Choice));
        }
    };
    user.version = sql::put(&mut tx, &user).await?;
    // Whoever has other rights than before signs in anew, so that no session outlives what it was begun with.
    sql::delete_sessions_of(&mut tx, id).await?;
    let detail = json!({"before": before, "after": rights(&user)});
    let change = cx.change(verb, Kind::User, id).noting(note).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((user, seq))
}

/// Sets a new password after checking the old one; every session and all personal tokens end, and the session that asked
/// begins again under another secret.
pub async fn change_password(cx: &Cx, old: String, new: String) -> Result<(Option<Begun>, i64), Problem> {
    let who = cx.signed()?.clone();
    let user = get(cx, &who.id).await?;
    rule::password(&new, &user.username)?;
    // Whoever took over a session must not be able to guess on here.
    cx.platform.throttle.attempt(&user.username, cx.now)?;
    if !verify_password(&cx.platform, user.password.clone(), old).await? {
        return Err(Problem::invalid("/old_password", "The old password is wrong.").code(Fault::NotAllowed));
    }
    cx.platform.throttle.succeeded(&user.username);
    let hash = hash_password(&cx.platform, new).await?;
    let mut changes = vec![cx.change("user.password_changed", Kind::User, &who.id)];
    let mut tx = cx.write().await?;
    let mut user = sql::find(&mut tx, &who.id).await?.ok_or_else(|| Problem::not_found("user"))?;
    user.password_is_generated = false;
    let old = session::of(&mut tx, cx).await?;
    changes.extend(replace_password(cx, &mut tx, &mut user, hash).await?);
    let begun = match old {
        Some(old) => Some(begin_again(&mut tx, cx, user, &old).await?),
        None => None,
    };
    let seq = cx.commit(tx, changes).await?;
    Ok((begun, seq))
}

/// What a person gives who takes over an account whose password was made for them.
#[derive(Debug)]
pub struct SetUp {
    /// The password of their own.
    pub password: String,
    /// How others see them.
    pub display_name: String,
    /// Where mail goes.
    pub email: String,
    /// In which language they read.
    pub language: Option<Language>,
}

/// Replaces a password that was made by the program with one of the person's own; the session begins again.
///
/// # Errors
/// 403 if the person has chosen a password already, 422 naming the field that is wrong.
pub async fn set_up(cx: &Cx, new: SetUp) -> Result<Begun, Problem> {
    let who = cx.signed()?.clone();
    let user = get(cx, &who.id).await?;
    let edit =
        OwnEdit { display_name: Some(new.display_name), email: Some(new.email), language: new.language.map(Some) };
    gather(|wrong| {
        wrong.of(rule::password(&new.password, &user.username));
        wrong.of(edited(&user, &edit).map(drop));
    })?;
    if verify_password(&cx.platform, user.password.clone(), new.password.clone()).await? {
        let detail = "This is the password that was made for you; choose another.";
        return Err(Problem::invalid("/password", detail).with("generated", true));
    }
    let hash = hash_password(&cx.platform, new.password).await?;
    let mut tx = cx.write().await?;
    let user = sql::find(&mut tx, &who.id).await?.ok_or_else(|| Problem::not_found("user"))?;
    let old = session::of(&mut tx, cx).await?.filter(|_| user.password_is_generated);
    let Some(old) = old else {
        return Err(Problem::forbidden("This account has been set up already."));
    };
    let before = own(&user);
    let mut user = edited(&user, &edit)?;
    user.password_is_generated = false;
    let asks = !user.email_verified && verification::may_ask(&user, cx.now);
    if asks {
        user.verification_asked_at = Some(cx.now);
    }
    let ended = replace_password(cx, &mut tx, &mut user, hash).await?;
    let detail = json!({"before": before, "after": own(&user)});
    let begun = begin_again(&mut tx, cx, user, &old).await?;
    let mut changes = vec![cx.change("user.password_changed", Kind::User, &who.id)];
    if detail["before"] != detail["after"] {
        changes.push(cx.change("user.edited", Kind::User, &who.id).detailing(detail));
    }
    changes.extend(ended);
    if asks {
        changes.push(verification::asked(cx, &who.id));
    }
    cx.commit(tx, changes).await?;
    Ok(begun)
}

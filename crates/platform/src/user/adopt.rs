//! People as an import wants them, inside the transaction of that import.

use super::{User, UserKind, UserState, rule, sql};
use crate::cx::{Cx, Describe};
use base::{Change, Kind, PageRequest, Problem, id};
use serde_json::json;
use store::Conn;

/// What is wanted of a person; what is absent stays.
#[derive(Debug, Default)]
pub struct AdoptedUser {
    /// By which they sign in; a new person has to have one, and it never changes.
    pub username: Option<String>,
    /// Where mail goes; a new person has to have one.
    pub email: Option<String>,
}

/// Registers the person of this id, without a password, or brings them to what is wanted; the change to commit with it, if
/// anything was different. An address that is new has to be proven. The caller has checked that they may.
///
/// # Errors
/// 422 naming the member, 409 if the username is taken.
pub async fn adopt(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::UserId,
    wanted: AdoptedUser,
) -> Result<(User, Option<Change>), Problem> {
    let Some(before) = sql::find(conn, id).await? else {
        let given = wanted.username.ok_or_else(|| Problem::invalid("/username", "A new person has a username."))?;
        let email = wanted.email.ok_or_else(|| Problem::invalid("/email", "A new person has an address."))?;
        let username = rule::username(&given)?;
        if username != given {
            let detail = format!("Usernames are lower case and without spaces around them; say `{username}`.");
            return Err(Problem::invalid("/username", detail));
        }
        let user = User {
            id: id.clone(),
            version: 1,
            kind: UserKind::Human,
            display_name: username.clone(),
            username,
            email: rule::email(&email)?,
            email_verified: false,
            state: UserState::Active,
            site_admin: false,
            password: None,
            password_is_generated: false,
            verification_asked_at: None,
            language: None,
            created_at: cx.now,
        };
        sql::insert(conn, &user).await?;
        let change = cx.change("user.registered", Kind::User, id).detailing(super::ops::registered(&user));
        return Ok((user, Some(change)));
    };
    if before.kind == UserKind::ServiceAccount {
        return Err(Problem::invalid("/id", "It names a service account, which is changed through its client."));
    }
    if wanted.username.is_some_and(|name| name != before.username) {
        let detail = format!("A username never changes; that of this person is `{}`.", before.username);
        return Err(Problem::invalid("/username", detail));
    }
    let Some(email) = wanted.email.filter(|email| *email != before.email) else { return Ok((before, None)) };
    let mut after = before.clone();
    after.email = rule::email(&email)?;
    after.email_verified = false;
    after.version = sql::put(conn, &after).await?;
    let detail = json!({"before": {"email": before.email}, "after": {"email": after.email}});
    let change = cx.change("user.edited", Kind::User, id).detailing(detail);
    Ok((after, Some(change)))
}

/// People by id, service accounts aside. Who may see them is the caller's question.
///
/// # Errors
/// Those of the database.
pub async fn people(conn: &mut Conn, page: &PageRequest) -> Result<Vec<User>, Problem> {
    sql::people(conn, page.after(), page.limit() + 1).await
}

//! Personal access tokens.

use crate::cx::{Cx, Describe, Platform, Signed};
use crate::user::{PersonalToken, UserState, sql};
use base::secret::{Purpose, Secret};
use base::{Change, Fault, Kind, Problem, ProblemKind, Timestamp, id};
use serde_json::json;

/// Who a personal access token belongs to.
///
/// # Errors
/// 401 if it is unknown or has ended.
pub async fn by_personal_token(
    platform: &Platform,
    secret: &str,
    now: Timestamp,
) -> Result<(Signed, id::PersonalTokenId), Problem> {
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
    let signed = Signed { id: user.id, username: user.username, site_admin: user.site_admin, session: None };
    Ok((signed, token.id))
}

/// Makes a personal access token for the caller. The secret is in this answer and nowhere else.
pub async fn create_token(
    cx: &Cx,
    name: &str,
    expires_at: Option<Timestamp>,
) -> Result<(PersonalToken, Secret, i64), Problem> {
    let who = cx.signed()?;
    if expires_at.is_some_and(|end| end <= cx.now) {
        return Err(Problem::invalid("/expires_at", "The end must lie in the future.").code(Fault::Past));
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
        .detailing(json!({"token": token.id, "after": facts(&token)}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((token, secret, seq))
}

/// What the trail keeps of a token: never the secret.
fn facts(token: &PersonalToken) -> serde_json::Value {
    json!({"name": token.name, "hint": token.hint, "expires_at": token.expires_at})
}

pub async fn tokens(cx: &Cx) -> Result<Vec<PersonalToken>, Problem> {
    let who = cx.signed()?;
    sql::tokens_of(&mut *cx.read().await?, &who.id).await
}

pub async fn revoke_token(cx: &Cx, id: &id::PersonalTokenId) -> Result<i64, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let missing = || Problem::not_found("personal access token");
    let token =
        sql::tokens_of(&mut tx, &who.id).await?.into_iter().find(|token| token.id == *id).ok_or_else(missing)?;
    if !sql::delete_token(&mut tx, &who.id, id).await? {
        return Err(missing());
    }
    cx.commit(tx, vec![revoked(cx, &token)]).await
}

/// The change of a token that ends.
pub(super) fn revoked(cx: &Cx, token: &PersonalToken) -> Change {
    let detail = json!({"token": token.id, "before": facts(token), "after": null});
    cx.change("user.token_revoked", Kind::User, &token.user).detailing(detail)
}

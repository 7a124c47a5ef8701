//! Browser sessions over HTTP.

use super::{UserView, view};
use crate::cx::{Cx, Platform, Signed};
use crate::user::{SESSION_COOKIE, User, ops};
use crate::web::{Answer, Body, Fail, Ident, Problems};
use base::{Problem, Timestamp, id};
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(session_begin, session_get, session_end))
        .routes(routes!(session_reauthenticate))
        .routes(routes!(me_session_list))
        .routes(routes!(me_session_end))
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The name; upper and lower case are the same.
    username: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// The caller's session.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// Who has signed in.
    pub user: UserView,
    /// Send it as `X-CSRF-Token` with every write. Absent where a personal access token was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csrf_token: Option<String>,
    /// When the session ends if it is not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// When the password was last checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub authenticated_at: Option<String>,
}

/// What the caller's session looks like.
pub async fn session_view(cx: &Cx) -> Result<SessionView, Problem> {
    let user = ops::get(cx, &cx.signed()?.id).await?;
    Ok(seen(cx, &user))
}

fn seen(cx: &Cx, user: &User) -> SessionView {
    let session = cx.who.as_ref().and_then(|who| who.session.as_ref());
    SessionView {
        user: view(cx, user),
        csrf_token: session.map(|session| ops::csrf_of(&cx.platform, session)),
        expires_at: session.map(|session| session.expires_at.to_string()),
        authenticated_at: session.map(|session| session.authenticated_at.to_string()),
    }
}

/// The cookie that carries this secret as long as a session may live; without one the browser forgets it.
pub fn cookie(platform: &Platform, secret: Option<&str>) -> String {
    let seconds = if secret.is_some() { platform.settings.session_absolute_seconds } else { 0 };
    let secret = secret.unwrap_or_default();
    format!("{SESSION_COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax")
}

/// The answer with the cookie of a session that has just begun.
pub fn with_cookie<T: Serialize>(cx: &Cx, answer: Answer<T>, begun: &ops::Begun) -> Answer<T> {
    answer.header(header::SET_COOKIE, cookie(&cx.platform, Some(begun.secret.reveal())))
}

/// The answer about a session that has just begun, with its cookie.
fn begun_answer(cx: &Cx, begun: &ops::Begun) -> Answer<SessionView> {
    let User { id, username, site_admin, .. } = begun.user.clone();
    let signed =
        Cx { who: Some(Signed { id, username, site_admin, session: Some(begun.session.clone()) }), ..cx.clone() };
    with_cookie(cx, Answer::ok(seen(&signed, &begun.user)), begun)
}

/// Sign in
///
/// Sets the session cookie `__Host-wayleave` (HttpOnly, Secure, SameSite=Lax) and answers the token that writes must
/// carry. Ten failures for one name make it pause for five minutes.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "session_begin", tag = "Session", request_body = SignIn,
    responses((status = 200, body = SessionView), (status = 401, description = "`sign-in-failed`"),
              (status = 429, description = "`slow-down`"), Problems), security(()))]
async fn session_begin(cx: Cx, headers: HeaderMap, Body(body): Body<SignIn>) -> Result<Answer<SessionView>, Fail> {
    let begun = ops::sign_in(&cx, &body.username, body.password, crate::web::user_agent(&headers)).await?;
    Ok(begun_answer(&cx, &begun))
}

/// Who am I, and which token do my writes carry?
#[utoipa::path(get, path = "/api/v1/session", operation_id = "session_get", tag = "Session",
    responses((status = 200, body = SessionView), Problems))]
async fn session_get(cx: Cx) -> Result<Answer<SessionView>, Fail> {
    Ok(Answer::ok(session_view(&cx).await?))
}

/// Sign out
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "session_end", tag = "Session",
    responses((status = 200, description = "The session has ended."), Problems))]
async fn session_end(cx: Cx) -> Result<Answer<serde_json::Value>, Fail> {
    ops::sign_out(&cx).await?;
    Ok(Answer::ok(serde_json::json!({})).header(header::SET_COOKIE, cookie(&cx.platform, None)))
}

/// The caller's password once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reauthenticate {
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// Show that it is still me
///
/// Writes that could do lasting harm take a password that was checked within the last ten minutes, else they are refused as
/// `reauthenticate`. The session goes on under a new cookie; the token that writes carry stays.
#[utoipa::path(post, path = "/api/v1/session/reauthenticate", operation_id = "session_reauthenticate", tag = "Session",
    request_body = Reauthenticate,
    responses((status = 200, body = SessionView), (status = 401, description = "`sign-in-failed`"),
              (status = 429, description = "`slow-down`"), Problems))]
async fn session_reauthenticate(cx: Cx, Body(body): Body<Reauthenticate>) -> Result<Answer<SessionView>, Fail> {
    let begun = ops::reauthenticate(&cx, body.password).await?;
    Ok(begun_answer(&cx, &begun))
}

/// One of the caller's browser sessions.
#[derive(Serialize, ToSchema)]
pub struct OwnSession {
    /// `ses_...`
    id: String,
    /// When somebody signed in.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last used, to the minute.
    #[schema(format = DateTime)]
    last_seen_at: String,
    /// When the password was last checked.
    #[schema(format = DateTime)]
    authenticated_at: String,
    /// When it ends if it is not used.
    #[schema(format = DateTime)]
    expires_at: String,
    /// What the browser says of itself; may be empty.
    user_agent: String,
    /// Whether it is the session that asks.
    current: bool,
}

/// The caller's sessions.
#[derive(Serialize, ToSchema)]
pub struct OwnSessionList {
    items: Vec<OwnSession>,
}

/// My sessions
///
/// Those that live, the last used first.
#[utoipa::path(get, path = "/api/v1/me/sessions", operation_id = "me_session_list", tag = "Me",
    responses((status = 200, body = OwnSessionList), Problems))]
async fn me_session_list(cx: Cx) -> Result<Answer<OwnSessionList>, Fail> {
    let own = cx.signed()?.session.as_ref().map(|session| session.id.clone());
    let text = |time: Timestamp| time.to_string();
    let items = ops::sessions(&cx).await?.into_iter().map(|row| OwnSession {
        current: own.as_ref() == Some(&row.id),
        id: row.id.to_string(),
        created_at: text(row.created_at),
        last_seen_at: text(row.seen_at),
        authenticated_at: text(row.authenticated_at),
        expires_at: text(row.expires_at),
        user_agent: row.user_agent,
    });
    Ok(Answer::ok(OwnSessionList { items: items.collect() }))
}

/// End one of my sessions
///
/// Its next request is refused; ending the session that asks signs out.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", operation_id = "me_session_end", tag = "Me",
    params(("id" = String, Path, description = "`ses_...`")),
    responses((status = 200, description = "The session has ended."), Problems))]
async fn me_session_end(cx: Cx, Ident(id): Ident<id::SessionId>) -> Result<Answer<serde_json::Value>, Fail> {
    ops::end_session(&cx, &id).await?;
    let own = cx.signed()?.session.as_ref().is_some_and(|session| session.id == id);
    let answer = Answer::ok(serde_json::json!({}));
    Ok(if own { answer.header(header::SET_COOKIE, cookie(&cx.platform, None)) } else { answer })
}

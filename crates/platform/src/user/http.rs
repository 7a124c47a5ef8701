//! Users, sessions and personal access tokens over HTTP.

mod role;
mod session;

pub use role::RoleView;
pub(crate) use session::{cookie as session_cookie_value, session_view};

use super::{Language, PersonalToken, User, UserKind, UserState, ops};
use crate::authz::{self, Verb};
use crate::cx::{Cx, Platform};
use crate::names::Names;
use crate::web::{Answer, Body, Done, Fail, Ident, Params, Problems, Written};
use base::{Page, PageRequest, Timestamp, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about users.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(role::routes())
        .routes(routes!(user_list, user_register))
        .routes(routes!(user_get))
        .routes(routes!(user_act))
        .routes(routes!(me_get, me_edit))
        .routes(routes!(me_password))
        .routes(routes!(me_verification))
        .routes(routes!(token_list, token_create))
        .routes(routes!(token_revoke))
}

/// A user, as others see them. `email`, `state`, `site_admin` and `language` only for themselves and site administrators.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserView {
    /// `usr_...`; never changes.
    pub id: String,
    /// A person or a service account.
    pub kind: UserKind,
    /// Unique.
    pub username: String,
    /// For people.
    pub display_name: String,
    /// Where mail goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the address was proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Whether they may sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<UserState>,
    /// Whether they hold `site_admin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_admin: Option<bool>,
    /// In which language they read; absent where the browser decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl UserView {
    /// What the caller may know of this user.
    pub fn of(cx: &Cx, user: &User) -> Self {
        view(cx, user)
    }
}

/// A user, as the caller may see them.
pub fn view(cx: &Cx, user: &User) -> UserView {
    let private = authz::may(ops::standing(cx, &user.id), Verb::UserReadPrivate);
    UserView {
        id: user.id.to_string(),
        kind: user.kind,
        username: user.username.clone(),
        display_name: user.display_name.clone(),
        email: private.then(|| user.email.clone()),
        email_verified: private.then_some(user.email_verified),
        state: private.then_some(user.state),
        site_admin: private.then_some(user.site_admin),
        language: user.language.filter(|_| private),
        created_at: user.created_at.to_string(),
    }
}

/// A user, as far as everybody may know.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    /// `usr_...`
    pub id: String,
    /// Unique name.
    pub username: String,
    /// For people.
    pub display_name: String,
}

impl PersonView {
    /// What everybody may know of this user.
    pub fn of(user: &User) -> Self {
        Self { id: user.id.to_string(), username: user.username.clone(), display_name: user.display_name.clone() }
    }
}

/// Users, as far as everybody may know.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonList {
    /// The users.
    pub items: Vec<PersonView>,
}

/// Register
///
/// Anybody may where the setting `registration` is `open`; else a site administrator creates accounts here.
#[utoipa::path(post, path = "/api/v1/users", operation_id = "user_register", tag = "Users",
    request_body = ops::NewUser, responses((status = 201, body = Written<UserView>), Problems), security(()))]
async fn user_register(cx: Cx, Body(body): Body<ops::NewUser>) -> Result<Answer<Written<UserView>>, Fail> {
    let (user, change) = ops::register(&cx, body).await?;
    let location = format!("/api/v1/users/{}", user.id);
    Ok(Answer::created(location, Written { value: view(&cx, &user), change }).version(user.version))
}

/// Which users to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct UserQuery {
    /// Only the user of this exact name. Without it the list is for site administrators.
    username: Option<String>,
    /// Those whose username begins like this, or whose address does if it holds an `@`; ordered by that.
    q: Option<String>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200.
    limit: Option<i64>,
}

/// A page of users.
#[derive(Serialize, ToSchema)]
pub struct UserPage {
    items: Vec<UserView>,
    next: Option<String>,
}

/// Find users
///
/// Anybody who has signed in finds one user by name; only site administrators list all.
#[utoipa::path(get, path = "/api/v1/users", operation_id = "user_list", tag = "Users", params(UserQuery),
    responses((status = 200, body = UserPage), Problems))]
async fn user_list(cx: Cx, Params(query): Params<UserQuery>) -> Result<Answer<Page<UserView>>, Fail> {
    let request = PageRequest { after: query.after, limit: query.limit };
    let page = ops::list(&cx, query.username.as_deref(), query.q.as_deref(), &request).await?;
    Ok(Answer::ok(page.map(|u| view(&cx, &u))))
}

/// One user
#[utoipa::path(get, path = "/api/v1/users/{id}", operation_id = "user_get", tag = "Users",
    params(("id" = String, Path, description = "`usr_...`")), responses((status = 200, body = UserView), Problems))]
async fn user_get(cx: Cx, Ident(id): Ident<id::UserId>) -> Result<Answer<UserView>, Fail> {
    let user = ops::get(&cx, &id).await?;
    Ok(Answer::ok(view(&cx, &user)).version(user.version))
}

/// What to do with a user, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserAct {
    /// Kept in the trail.
    #[serde(default)]
    comment: Option<String>,
}

/// Lock, unlock, appoint or dismiss a user
///
/// `lock` ends every session; a locked user's tokens are refused. `appoint` and `dismiss` give and take `site_admin`.
#[utoipa::path(post, path = "/api/v1/users/{id}/{action}", operation_id = "user_act", tag = "Users",
    params(("id" = String, Path, description = "`usr_...`"),
           ("action" = String, Path, description = "`lock`, `unlock`, `appoint` or `dismiss`")),
    request_body = UserAct, responses((status = 200, body = Written<UserView>), Problems))]
async fn user_act(
    cx: Cx,
    axum::extract::Path((id, action)): axum::extract::Path<(String, String)>,
    Body(body): Body<UserAct>,
) -> Result<Answer<Written<UserView>>, Fail> {
    let id = crate::web::parse_id(&id, "user")?;
    cx.fresh()?;
    let note = crate::text::comment("/comment", body.comment.as_deref())?;
    let (user, change) = ops::administer(&cx, &id, &action, note.as_deref()).await?;
    Ok(Answer::ok(Written { value: view(&cx, &user), change }).version(user.version))
}

/// The caller, with the roles they hold.
#[derive(Serialize, ToSchema)]
#[schema(as = Me)]
pub struct MeView {
    #[serde(flatten)]
    user: UserView,
    /// Words that profiles ask for, and privileges to override what profiles fence.
    roles: Vec<RoleView>,
}

/// The caller
#[utoipa::path(get, path = "/api/v1/me", operation_id = "me_get", tag = "Me",
    responses((status = 200, body = MeView), Problems))]
async fn me_get(cx: Cx) -> Result<Answer<MeView>, Fail> {
    let user = ops::get(&cx, &cx.signed()?.id).await?;
    let roles = ops::list_roles(&cx, &user.id).await?;
    let roles = RoleView::of(&mut *cx.read().await?, &mut Names::default(), &roles).await?;
    Ok(Answer::ok(MeView { user: view(&cx, &user), roles }).version(user.version))
}

/// What to change of oneself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeEdit {
    /// How others see you.
    #[serde(default, deserialize_with = "crate::web::given")]
    display_name: Option<String>,
    /// Where mail goes.
    #[serde(default, deserialize_with = "crate::web::given")]
    email: Option<String>,
    /// In which language you read; null leaves it to the browser.
    #[serde(default, deserialize_with = "crate::web::given")]
    #[schema(value_type = Option<Language>)]
    language: Option<Option<Language>>,
}

/// Change my name, address or language
///
/// The username never changes.
#[utoipa::path(patch, path = "/api/v1/me", operation_id = "me_edit", tag = "Me", request_body = MeEdit,
    responses((status = 200, body = Written<UserView>), Problems))]
async fn me_edit(cx: Cx, Body(body): Body<MeEdit>) -> Result<Answer<Written<UserView>>, Fail> {
    let edit = ops::OwnEdit { display_name: body.display_name, email: body.email, language: body.language };
    let (user, change) = ops::edit_self(&cx, &edit).await?;
    Ok(Answer::ok(Written { value: view(&cx, &user), change }).version(user.version))
}

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    #[schema(format = Password)]
    old_password: String,
    /// At least 12 characters.
    #[schema(format = Password)]
    password: String,
}

/// Change my password
///
/// Every session and all personal access tokens of the caller end; the browser session that asks goes on under a new cookie.
#[utoipa::path(post, path = "/api/v1/me/password", operation_id = "me_password", tag = "Me", request_body = NewPassword,
    responses((status = 200, body = Done), Problems))]
async fn me_password(cx: Cx, Body(body): Body<NewPassword>) -> Result<Answer<Done>, Fail> {
    let (begun, change) = ops::change_password(&cx, body.old_password, body.password).await?;
    let answer = Answer::ok(Done { change });
    Ok(match begun {
        Some(begun) => session::with_cookie(&cx, answer, &begun),
        None => answer,
    })
}

/// What becomes of a link that was asked for.
#[derive(Serialize, ToSchema)]
pub struct VerificationAsked {
    /// Whose address it proves: the caller's own.
    email: String,
    /// Whether this server sends mail. Where it does not, a site administrator confirms addresses
    /// (`POST /api/v1/users/{id}/verify`).
    sends_mail: bool,
    /// The number of the change.
    change: i64,
}

/// Ask for another link that proves my address
///
/// It goes to the address itself and is good for a day. Not more often than every two minutes.
#[utoipa::path(post, path = "/api/v1/me/verification", operation_id = "me_verification", tag = "Me",
    responses((status = 200, body = VerificationAsked), (status = 429, description = "`slow-down`"), Problems))]
async fn me_verification(cx: Cx) -> Result<Answer<VerificationAsked>, Fail> {
    let (user, change) = ops::verification_again(&cx).await?;
    let sends_mail = cx.platform.settings.mail.is_some();
    Ok(Answer::ok(VerificationAsked { email: user.email, sends_mail, change }))
}

/// A personal access token. The secret is shown when it is made, and never again.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonalToken)]
pub struct TokenView {
    /// `pat_...`
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The last four symbols.
    pub hint: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it ends; absent is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// The token itself, in the answer that made it only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

fn token_view(token: &PersonalToken, secret: Option<&base::secret::Secret>) -> TokenView {
    TokenView {
        id: token.id.to_string(),
        name: token.name.clone(),
        hint: token.hint.clone(),
        created_at: token.created_at.to_string(),
        expires_at: token.expires_at.map(|t| t.to_string()),
        token: secret.map(|s| s.reveal().to_owned()),
    }
}

/// A personal access token to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What you call it.
    name: String,
    /// When it ends; never unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Make a personal access token
///
/// It acts with the caller's own rights on this interface, as `Authorization: Bearer wlp_...`.
#[utoipa::path(post, path = "/api/v1/me/tokens", operation_id = "token_create", tag = "Me", request_body = NewToken,
    responses((status = 201, body = Written<TokenView>), Problems))]
async fn token_create(cx: Cx, Body(body): Body<NewToken>) -> Result<Answer<Written<TokenView>>, Fail> {
    cx.fresh()?;
    let (token, secret, change) = ops::create_token(&cx, &body.name, body.expires_at).await?;
    let location = format!("/api/v1/me/tokens/{}", token.id);
    Ok(Answer::created(location, Written { value: token_view(&token, Some(&secret)), change }))
}

/// All personal access tokens of the caller.
#[derive(Serialize, ToSchema)]
pub struct TokenList {
    items: Vec<TokenView>,
}

/// My personal access tokens
#[utoipa::path(get, path = "/api/v1/me/tokens", operation_id = "token_list", tag = "Me",
    responses((status = 200, body = TokenList), Problems))]
async fn token_list(cx: Cx) -> Result<Answer<TokenList>, Fail> {
    let items = ops::tokens(&cx).await?.iter().map(|t| token_view(t, None)).collect();
    Ok(Answer::ok(TokenList { items }))
}

/// Revoke a personal access token
#[utoipa::path(delete, path = "/api/v1/me/tokens/{id}", operation_id = "token_revoke", tag = "Me",
    params(("id" = String, Path, description = "`pat_...`")), responses((status = 200, body = Done), Problems))]
async fn token_revoke(cx: Cx, Ident(id): Ident<id::PersonalTokenId>) -> Result<Answer<Done>, Fail> {
    let change = ops::revoke_token(&cx, &id).await?;
    Ok(Answer::ok(Done { change }))
}

//! What happens together, in one transaction: a new app is connected, deleting a client, an app or an API takes what hangs
//! on it along, proving an address lets its owner into the organizations that have invited it. And what must not hide one
//! another: environments and APIs.
//!
//! **Invariant:** nothing that calls could be made with, or through, outlives what it belonged to: the gateway refuses
//! from the next call on. What happened stays in the log.

use crate::app::{App, AppView, NewApp};
use crate::authz::Verb;
use crate::client::Client;
use crate::cx::{Cx, Platform};
use crate::environment::{self, Environment, EnvironmentView};
use crate::subscription::Side;
use crate::task::Inbox;
use crate::user::{User, UserView};
use crate::web::{Answer, Body, Done, Fail, Ident, Problems, Written};
use crate::{api, app, client, credential, follow, group, organization, subscription, task, user, version};
use axum::extract::Path;
use base::id::Id;
use base::{Change, Kind, Problem, id};
use store::Conn;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything that happens together.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(app_create))
        .routes(routes!(client_remove))
        .routes(routes!(app_remove))
        .routes(routes!(api_remove))
        .routes(routes!(group_remove))
        .routes(routes!(me_verification_confirm))
        .routes(routes!(user_verify))
        .routes(routes!(environment_create))
        .routes(routes!(environment_edit))
}

// ---- ops ----

/// Creates an app with the connections that come about by themselves (A03).
///
/// # Errors
/// 403, 422.
pub async fn create_app(
    cx: &Cx,
    organization: &id::OrganizationId,
    name: &str,
    description: &str,
) -> Result<(App, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let (app, change) = app::create(cx, &mut tx, organization, name, description).await?;
    let mut changes = vec![change];
    changes.extend(subscription::connect(cx, &mut tx, &app).await?);
    let seq = cx.commit(tx, changes).await?;
    Ok((app, seq))
}

async fn end_client(cx: &Cx, conn: &mut Conn, client: &Client) -> Result<Vec<Change>, Problem> {
    let mut changes = credential::remove_all(cx, conn, client).await?;
    changes.push(client::remove(cx, conn, client).await?);
    Ok(changes)
}

async fn remove_client(cx: &Cx, id: &id::ClientId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (client, _, standing) = client::visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppEdit)?;
    cx.fresh()?;
    cx.expect_version(client.version)?;
    let changes = end_client(cx, &mut tx, &client).await?;
    cx.commit(tx, changes).await
}

async fn remove_app(cx: &Cx, id: &id::AppId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (app, standing) = app::visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppManage)?;
    cx.fresh()?;
    cx.expect_version(app.version)?;
    let mut changes = Vec::new();
    for live in subscription::of_app_live(&mut tx, id).await? {
        changes.extend(subscription::end(cx, &mut tx, live, Side::App).await?);
    }
    for client in client::of_app(&mut tx, id).await? {
        changes.extend(end_client(cx, &mut tx, &client).await?);
    }
    follow::forget(&mut tx, Kind::App, id.as_str()).await?;
    changes.push(app::remove(cx, &mut tx, &app).await?);
    cx.commit(tx, changes).await
}

async fn remove_api(cx: &Cx, id: &id::ApiId) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let (api, standing) = api::visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiAdminister)?;
    cx.fresh()?;
    cx.expect_version(api.version)?;
    let mut changes = Vec::new();
    for live in subscription::of_api_live(&mut tx, id).await? {
        changes.extend(subscription::end(cx, &mut tx, live, Side::Api).await?);
    }
    task::close_all(&mut tx, &Inbox::Api(id.clone()), cx.now).await?;
    changes.extend(version::remove_all(cx, &mut tx, &api).await?);
    follow::forget(&mut tx, Kind::Api, id.as_str()).await?;
    changes.push(api::remove(cx, &mut tx, &api).await?);
    cx.commit(tx, changes).await
}

async fn remove_group(cx: &Cx, id: &id::GroupId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let change = group::remove(cx, &mut tx, id).await?;
    follow::forget(&mut tx, Kind::Group, id.as_str()).await?;
    cx.commit(tx, vec![change]).await
}

/// Commits that an address is proven, with what waited for that. Nothing happens if it was proven already.
async fn welcome(
    cx: &Cx,
    mut tx: store::WriteTx,
    (user, proven): (User, Option<Change>),
) -> Result<(User, i64), Problem> {
    let Some(proven) = proven else {
        let head = *cx.platform.db.head().borrow();
        return Ok((user, head));
    };
    let mut changes = vec![proven];
    changes.extend(organization::accept_all(cx, &mut tx, &user).await?);
    let seq = cx.commit(tx, changes).await?;
    Ok((user, seq))
}

/// Takes the link that was sent to the caller's address (C79).
///
/// # Errors
/// 401, 403 if the link belongs to another account, 409, 422 if it is not good.
pub(crate) async fn confirm_address(cx: &Cx, token: &str) -> Result<(User, i64), Problem> {
    let mut tx = cx.write().await?;
    let confirmed = user::confirm(cx, &mut tx, token).await?;
    welcome(cx, tx, confirmed).await
}

/// Marks the address of a user as proven, in the name of whoever may: a site administrator, or the program itself for the
/// person who came by the link of an invitation.
///
/// # Errors
/// 404, 409.
pub async fn vouch_for_address(cx: &Cx, id: &id::UserId) -> Result<(User, i64), Problem> {
    let mut tx = cx.write().await?;
    let marked = user::mark_verified(cx, &mut tx, id).await?;
    welcome(cx, tx, marked).await
}

/// Passes unless the prefix of an environment has a word that is the slug of an API: calls to that API would be taken for
/// calls to the environment, which has nothing there.
async fn hides_nothing(conn: &mut Conn, environment: &Environment) -> Result<(), Problem> {
    let words: Vec<String> = environment.prefix.split('/').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    match api::slugs_among(conn, &words).await?.first() {
        Some(slug) => {
            let detail = format!("`{slug}` is the slug of an API, whose calls would end here; choose another prefix.");
            Err(Problem::invalid("/prefix", detail))
        }
        None => Ok(()),
    }
}

async fn create_environment(cx: &Cx, new: environment::NewEnvironment) -> Result<(Environment, i64), Problem> {
    let mut tx = cx.write().await?;
    let (made, change) = environment::create(cx, &mut tx, new).await?;
    hides_nothing(&mut tx, &made).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((made, seq))
}

async fn edit_environment(
    cx: &Cx,
    name: &str,
    edit: environment::EnvironmentEdit,
) -> Result<(Environment, i64), Problem> {
    let mut tx = cx.write().await?;
    let (after, change) = environment::edit(cx, &mut tx, name, edit).await?;
    hides_nothing(&mut tx, &after).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, seq))
}

// ---- http ----

/// Delete a group
///
/// Only one in which there is nobody and below which there is none.
#[utoipa::path(delete, path = "/api/v1/groups/{id}", operation_id = "group_remove", tag = "Groups",
    params(("id" = String, Path, description = "`grp_...`")), responses((status = 200, body = Done), Problems))]
async fn group_remove(cx: Cx, Ident(id): Ident<id::GroupId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: remove_group(&cx, &id).await? }))
}

/// The token of a link.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationToken {
    /// What stands behind `token=` in the link.
    token: String,
}

/// Prove my address
///
/// With the token of the link that was sent to it. Invitations that wait for the address are accepted by this.
#[utoipa::path(post, path = "/api/v1/me/verification/confirm", operation_id = "me_verification_confirm", tag = "Me",
    request_body = VerificationToken, responses((status = 200, body = Written<UserView>), Problems))]
async fn me_verification_confirm(
    cx: Cx,
    Body(body): Body<VerificationToken>,
) -> Result<Answer<Written<UserView>>, Fail> {
    let (user, change) = confirm_address(&cx, &body.token).await?;
    Ok(Answer::ok(Written { value: user::view(&cx, &user), change }).version(user.version))
}

/// Mark the address of a user as proven
///
/// For site administrators who know it by other means, for example where this server sends no mail.
#[utoipa::path(post, path = "/api/v1/users/{id}/verify", operation_id = "user_verify", tag = "Users",
    params(("id" = String, Path, description = "`usr_...`")),
    responses((status = 200, body = Written<UserView>), Problems))]
async fn user_verify(cx: Cx, Ident(id): Ident<id::UserId>) -> Result<Answer<Written<UserView>>, Fail> {
    cx.may(cx.standing(), Verb::UserAdminister)?;
    cx.fresh()?;
    let (user, change) = vouch_for_address(&cx, &id).await?;
    Ok(Answer::ok(Written { value: user::view(&cx, &user), change }).version(user.version))
}

/// Create an app
///
/// The creator becomes its first OWNER. It is connected at once to the APIs that are set to it; each connection goes its way
/// through approval and activation like any other.
#[utoipa::path(post, path = "/api/v1/apps", operation_id = "app_create", tag = "Apps", request_body = NewApp,
    responses((status = 201, body = Written<AppView>), Problems))]
async fn app_create(cx: Cx, Body(body): Body<NewApp>) -> Result<Answer<Written<AppView>>, Fail> {
    let (app, change) = create_app(&cx, &body.organization, &body.name, &body.description).await?;
    let location = format!("/api/v1/apps/{}", app.id);
    Ok(Answer::created(location, Written { value: AppView::of(&app), change }).version(app.version))
}

/// Delete a client
///
/// With its credentials: its next call is refused, whatever it carries, and its tokens are dead. Its `client_id` is never
/// given to another. A client that is enabled is disabled by this.
#[utoipa::path(delete, path = "/api/v1/clients/{id}", operation_id = "client_remove", tag = "Clients",
    params(("id" = String, Path, description = "`cli_...`")), responses((status = 200, body = Done), Problems))]
async fn client_remove(cx: Cx, Ident(id): Ident<id::ClientId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: remove_client(&cx, &id).await? }))
}

/// Delete an app
///
/// With its clients and their credentials. Its subscriptions are cancelled, and requests that wait are withdrawn.
#[utoipa::path(delete, path = "/api/v1/apps/{id}", operation_id = "app_remove", tag = "Apps",
    params(("id" = String, Path, description = "`app_...`")), responses((status = 200, body = Done), Problems))]
async fn app_remove(cx: Cx, Ident(id): Ident<id::AppId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: remove_app(&cx, &id).await? }))
}

/// Delete an API
///
/// With its versions and agreements. Subscriptions to it are cancelled, requests that wait are withdrawn, and its calls
/// are 404 from the next one on.
#[utoipa::path(delete, path = "/api/v1/apis/{id}", operation_id = "api_remove", tag = "APIs",
    params(("id" = String, Path, description = "`api_...`")), responses((status = 200, body = Done), Problems))]
async fn api_remove(cx: Cx, Ident(id): Ident<id::ApiId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: remove_api(&cx, &id).await? }))
}

/// Create an environment
///
/// For site administrators. The gateway serves `{host}{prefix}/{api}/{version}/...` from then on.
#[utoipa::path(post, path = "/api/v1/environments", operation_id = "environment_create", tag = "Environments",
    request_body = environment::NewEnvironment, responses((status = 201, body = Written<EnvironmentView>), Problems))]
async fn environment_create(
    cx: Cx,
    Body(body): Body<environment::NewEnvironment>,
) -> Result<Answer<Written<EnvironmentView>>, Fail> {
    let (environment, change) = create_environment(&cx, body).await?;
    let location = format!("/api/v1/environments/{}", environment.id);
    let value = environment.view(&cx);
    Ok(Answer::created(location, Written { value, change }).version(environment.version))
}

/// Change an environment
///
/// For site administrators. A new host or prefix moves every address in it with the next call.
#[utoipa::path(patch, path = "/api/v1/environments/{id}", operation_id = "environment_edit", tag = "Environments",
    params(("id" = String, Path, description = "`env_...` or the slug")), request_body = environment::EnvironmentEdit,
    responses((status = 200, body = Written<EnvironmentView>), Problems))]
async fn environment_edit(
    cx: Cx,
    Path(id): Path<String>,
    Body(body): Body<environment::EnvironmentEdit>,
) -> Result<Answer<Written<EnvironmentView>>, Fail> {
    let (environment, change) = edit_environment(&cx, &id, body).await?;
    Ok(Answer::ok(Written { value: environment.view(&cx), change }).version(environment.version))
}

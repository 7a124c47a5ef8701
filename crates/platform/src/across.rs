//! What ends together: deleting a client, an app or an API takes what hangs on it along, in one transaction.
//!
//! **Invariant:** nothing that calls could be made with, or through, outlives what it belonged to: the gateway refuses
//! from the next call on. What happened stays in the log.

use crate::authz::Verb;
use crate::client::Client;
use crate::cx::{Cx, Platform};
use crate::subscription::Side;
use crate::web::{Answer, Done, Fail, Ident, Problems};
use crate::{api, app, client, credential, follow, subscription, version};
use base::id::Id;
use base::{Change, Kind, Problem, id};
use store::Conn;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything that ends together.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(client_remove)).routes(routes!(app_remove)).routes(routes!(api_remove))
}

// ---- ops ----

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
        changes.push(subscription::end(cx, &mut tx, live, Side::App).await?);
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
        changes.push(subscription::end(cx, &mut tx, live, Side::Api).await?);
    }
    changes.extend(version::remove_all(cx, &mut tx, &api).await?);
    follow::forget(&mut tx, Kind::Api, id.as_str()).await?;
    changes.push(api::remove(cx, &mut tx, &api).await?);
    cx.commit(tx, changes).await
}

// ---- http ----

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

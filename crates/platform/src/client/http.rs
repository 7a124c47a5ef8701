//! Clients over HTTP.

use super::{Client, GrantType, TokenType, ops};
use crate::actions::{Actions, Offered, unless};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Platform};
use crate::names::{Named, Names};
use crate::web::{Answer, Body, Fail, Ident, Problems, Written};
use base::{Kind, Problem, id};
use serde::{Deserialize, Deserializer, Serialize};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about clients, their credentials aside.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(client_create))
        .routes(routes!(client_edit))
        .routes(routes!(client_enable))
        .routes(routes!(client_disable))
}

/// A security principal.
#[derive(Serialize, ToSchema)]
#[schema(as = Client)]
pub struct ClientView {
    /// `cli_...`
    pub id: String,
    /// The identifier in OAuth messages; never changes.
    pub client_id: String,
    /// The app that it belongs to.
    pub app: Named,
    /// The user that it appears as, `usr_...`.
    pub service_account: String,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Whether it gets tokens and passes the gateway.
    pub enabled: bool,
    /// What access tokens it gets.
    pub accesstoken_type: TokenType,
    /// Lifetime of its access tokens in seconds; null is the server's.
    pub accesstoken_valid_seconds: Option<i64>,
    /// Lifetime of its refresh tokens in seconds; null is the server's. No refresh tokens are issued yet.
    pub refreshtoken_validity_seconds: Option<i64>,
    /// The longest lifetime of its ID tokens in **minutes**; null is the server's. No ID tokens are issued yet.
    pub maximum_idtoken_expiration_minutes: Option<i64>,
    /// Redirect URIs, compared as they are written; a path is resolved against a configured origin. Kept for the flows that
    /// redirect, none of which is offered yet.
    pub allowed_uris: Vec<String>,
    /// Where people may be sent after they have signed out. Kept likewise.
    pub allowed_logout_uris: Vec<String>,
    /// The scopes that it may request.
    pub allowed_scopes: Vec<String>,
    /// How it may get tokens. Only `client_credentials` is issued yet.
    pub valid_grant_types: Vec<GrantType>,
    /// Environments that it is narrowed to, `env_...`; empty means all.
    pub environments: Vec<String>,
    /// Who made it.
    pub created_by: Named,
    /// What the caller may do now: `edit`, `enable`, `disable`, `delete` (which disables first); where the client is read
    /// rather than written also `add_secret`, `add_key`, `add_certificate` (`full` while it has as many as it may).
    pub actions: Vec<Offered>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// How a client looks to somebody who stands like this to its app.
///
/// # Errors
/// Those of the database.
pub async fn view(
    conn: &mut Conn,
    names: &mut Names,
    client: &Client,
    standing: Standing,
) -> Result<ClientView, Problem> {
    let actions = Actions::of(standing)
        .offer("edit", Verb::AppEdit)
        .offer_if("enable", Verb::AppEdit, unless(!client.enabled, "wrong_state"))
        .offer_if("disable", Verb::AppEdit, unless(client.enabled, "wrong_state"))
        .offer("delete", Verb::AppEdit);
    Ok(ClientView {
        id: client.id.to_string(),
        client_id: client.client_id.clone(),
        app: names.named(conn, Kind::App, &client.app).await?,
        service_account: client.service_account.to_string(),
        name: client.name.clone(),
        description: client.description.clone(),
        enabled: client.enabled,
        accesstoken_type: client.accesstoken_type,
        accesstoken_valid_seconds: client.accesstoken_valid_seconds,
        refreshtoken_validity_seconds: client.refreshtoken_validity_seconds,
        maximum_idtoken_expiration_minutes: client.maximum_idtoken_expiration_minutes,
        allowed_uris: client.allowed_uris.clone(),
        allowed_logout_uris: client.allowed_logout_uris.clone(),
        allowed_scopes: client.allowed_scopes.clone(),
        valid_grant_types: client.valid_grant_types.clone(),
        environments: client.environments.iter().map(ToString::to_string).collect(),
        created_by: names.named(conn, Kind::User, &client.created_by).await?,
        actions: actions.all(),
        created_at: client.created_at.to_string(),
    })
}

async fn shown(cx: &Cx, client: &Client, standing: Standing) -> Result<ClientView, Problem> {
    view(&mut *cx.read().await?, &mut Names::default(), client, standing).await
}

/// Create a client
///
/// It appears as the user `service-account-<client_id>`. Add a secret or an API key next.
#[utoipa::path(post, path = "/api/v1/clients", operation_id = "client_create", tag = "Clients",
    request_body = ops::NewClient, responses((status = 201, body = Written<ClientView>), Problems))]
async fn client_create(cx: Cx, Body(body): Body<ops::NewClient>) -> Result<Answer<Written<ClientView>>, Fail> {
    let (client, standing, change) = ops::create(&cx, body).await?;
    let location = format!("/api/v1/clients/{}", client.id);
    Ok(Answer::created(location, Written { value: shown(&cx, &client, standing).await?, change })
        .version(client.version))
}

/// Tells `null`, which takes a value away, from an absent member, which leaves it (RFC 7396).
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}

/// What to change of a client. Its `client_id` never changes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientEdit {
    #[serde(default, deserialize_with = "crate::web::given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::web::given")]
    description: Option<String>,
    /// What access tokens it gets.
    #[serde(default, deserialize_with = "crate::web::given")]
    accesstoken_type: Option<TokenType>,
    /// Lifetime of access tokens in seconds, 1 to 86400, or `null` for the server's.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    accesstoken_valid_seconds: Option<Option<i64>>,
    /// The scopes that it may request.
    #[serde(default, deserialize_with = "crate::web::given")]
    allowed_scopes: Option<Vec<String>>,
    /// How it may get tokens.
    #[serde(default, deserialize_with = "crate::web::given")]
    valid_grant_types: Option<Vec<GrantType>>,
    /// Environments that it is narrowed to, by id or slug; empty means all.
    #[serde(default, deserialize_with = "crate::web::given")]
    environments: Option<Vec<String>>,
    /// Lifetime of refresh tokens in seconds, 1 to 31622400, or `null` for the server's.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    refreshtoken_validity_seconds: Option<Option<i64>>,
    /// The longest lifetime of ID tokens in **minutes**, 1 to 1440, or `null` for the server's.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    maximum_idtoken_expiration_minutes: Option<Option<i64>>,
    /// Replaces all redirect URIs.
    #[serde(default, deserialize_with = "crate::web::given")]
    allowed_uris: Option<Vec<String>>,
    /// Replaces all logout URIs.
    #[serde(default, deserialize_with = "crate::web::given")]
    allowed_logout_uris: Option<Vec<String>>,
}

/// Change a client
#[utoipa::path(patch, path = "/api/v1/clients/{id}", operation_id = "client_edit", tag = "Clients",
    params(("id" = String, Path, description = "`cli_...`")), request_body = ClientEdit,
    responses((status = 200, body = Written<ClientView>), Problems))]
async fn client_edit(
    cx: Cx,
    Ident(id): Ident<id::ClientId>,
    Body(body): Body<ClientEdit>,
) -> Result<Answer<Written<ClientView>>, Fail> {
    let settings = ops::ClientSettings {
        accesstoken_type: body.accesstoken_type,
        accesstoken_valid_seconds: body.accesstoken_valid_seconds,
        allowed_scopes: body.allowed_scopes,
        valid_grant_types: body.valid_grant_types,
        environments: body.environments,
        refreshtoken_validity_seconds: body.refreshtoken_validity_seconds,
        maximum_idtoken_expiration_minutes: body.maximum_idtoken_expiration_minutes,
        allowed_uris: body.allowed_uris,
        allowed_logout_uris: body.allowed_logout_uris,
    };
    let edit = ops::ClientEdit { name: body.name, description: body.description, settings };
    let (client, standing, change) = ops::edit(&cx, &id, edit).await?;
    Ok(Answer::ok(Written { value: shown(&cx, &client, standing).await?, change }).version(client.version))
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// Kept in the trail.
    #[serde(default)]
    comment: Option<String>,
}

/// Enable a client
///
/// Its secrets and keys work again; tokens issued before it was disabled stay dead.
#[utoipa::path(post, path = "/api/v1/clients/{id}/enable", operation_id = "client_enable", tag = "Clients",
    params(("id" = String, Path, description = "`cli_...`")), request_body = Why,
    responses((status = 200, body = Written<ClientView>), Problems))]
async fn client_enable(
    cx: Cx,
    Ident(id): Ident<id::ClientId>,
    Body(body): Body<Why>,
) -> Result<Answer<Written<ClientView>>, Fail> {
    act(&cx, &id, true, body).await
}

/// Disable a client
///
/// It gets no new tokens, and its next call is refused, whatever credential it carries.
#[utoipa::path(post, path = "/api/v1/clients/{id}/disable", operation_id = "client_disable", tag = "Clients",
    params(("id" = String, Path, description = "`cli_...`")), request_body = Why,
    responses((status = 200, body = Written<ClientView>), Problems))]
async fn client_disable(
    cx: Cx,
    Ident(id): Ident<id::ClientId>,
    Body(body): Body<Why>,
) -> Result<Answer<Written<ClientView>>, Fail> {
    act(&cx, &id, false, body).await
}

async fn act(cx: &Cx, id: &id::ClientId, enabled: bool, body: Why) -> Result<Answer<Written<ClientView>>, Fail> {
    let note = crate::text::comment("/comment", body.comment.as_deref())?;
    cx.fresh()?;
    let (client, standing, change) = ops::set_enabled(cx, id, enabled, note.as_deref()).await?;
    Ok(Answer::ok(Written { value: shown(cx, &client, standing).await?, change }).version(client.version))
}

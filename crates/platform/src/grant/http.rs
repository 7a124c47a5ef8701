//! The authorization server over HTTP. Errors keep the shape of RFC 6749.

use super::ops::{self, Failure};
use crate::cx::{Cx, Platform};
use crate::web::{Fail, RawBody};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use oauth::error::OAuthError;
use oauth::metadata::{self, Offer};
use oauth::token::{Form, client_credential, grant_request, token_query};
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything that clients and resource servers talk to.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(token))
        .routes(routes!(introspect))
        .routes(routes!(revoke))
        .routes(routes!(jwks))
        .routes(routes!(openid_configuration))
        .routes(routes!(authorization_server))
}

/// A request for a token.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a form that the protocol crate reads")]
struct TokenForm {
    /// `client_credentials`
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// Scopes, separated by blanks; all that the client is allowed unless given.
    scope: Option<String>,
    /// The gateway's address, if given at all (RFC 8707).
    resource: Option<String>,
    /// Unless sent by HTTP Basic.
    client_id: Option<String>,
    /// Unless sent by HTTP Basic.
    #[schema(format = Password)]
    client_secret: Option<String>,
}

/// A token to look at or to revoke.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a form that the protocol crate reads")]
struct TokenQueryForm {
    /// The token.
    token: String,
    /// `access_token`; only a hint.
    token_type_hint: Option<String>,
    /// Unless sent by HTTP Basic.
    client_id: Option<String>,
    /// Unless sent by HTTP Basic.
    #[schema(format = Password)]
    client_secret: Option<String>,
}

fn answer(status: u16, body: Option<Value>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body {
        Some(body) => (status, axum::Json(body)).into_response(),
        None => status.into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn failed(failure: Failure, basic: bool) -> Response {
    match failure {
        Failure::OAuth(error) => {
            let mut response = answer(error.status(), Some(error.to_json()));
            if let Some(challenge) = error.www_authenticate(basic).and_then(|c| HeaderValue::try_from(c).ok()) {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
        Failure::Problem(problem) => Fail(problem).into_response(),
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// The form and the client that authenticated with it.
async fn enter(cx: &Cx, headers: &HeaderMap, body: &[u8]) -> Result<(Form, crate::client::Client), Failure> {
    Form::check_media_type(text(headers, header::CONTENT_TYPE))?;
    let form = Form::parse(body)?;
    let authorization = match headers.get(header::AUTHORIZATION) {
        Some(value) => Some(value.to_str().map_err(|_| OAuthError::invalid_client())?),
        None => None,
    };
    let client = ops::authenticate(cx, client_credential(authorization, &form)?).await?;
    Ok((form, client))
}

/// The context of a request to these endpoints: whatever else it carries, it is made as nobody.
fn context(platform: &Platform) -> Cx {
    Cx::system(platform)
}

/// Token endpoint
///
/// `grant_type=client_credentials`, with the client's secret by HTTP Basic or in the form (RFC 6749 section 4.4).
#[utoipa::path(post, path = "/oauth2/token", operation_id = "oauth_token", tag = "OAuth", security(("client" = [])),
    request_body(content_type = "application/x-www-form-urlencoded", content = TokenForm),
    responses((status = 200, description = "`access_token`, `token_type`, `expires_in`, `scope`"),
              (status = 400, description = "RFC 6749 section 5.2"), (status = 401, description = "`invalid_client`")))]
async fn token(State(platform): State<Platform>, headers: HeaderMap, RawBody(body): RawBody) -> Response {
    let cx = context(&platform);
    let done = async {
        let (form, client) = enter(&cx, &headers, &body).await?;
        let response = ops::issue(&cx, &client, &grant_request(&form)?).await?;
        Ok(answer(200, Some(response.to_json())))
    };
    done.await.unwrap_or_else(|failure| failed(failure, headers.contains_key(header::AUTHORIZATION)))
}

/// Introspection
///
/// RFC 7662. A client may ask about its own tokens; about others' if it is allowed the scope `token.introspect`.
#[utoipa::path(post, path = "/oauth2/introspect", operation_id = "oauth_introspect", tag = "OAuth", security(("client" = [])),
    request_body(content_type = "application/x-www-form-urlencoded", content = TokenQueryForm),
    responses((status = 200, description = "`active`, and what the token says if it is"),
              (status = 400, description = "RFC 6749 section 5.2"), (status = 401, description = "`invalid_client`")))]
async fn introspect(State(platform): State<Platform>, headers: HeaderMap, RawBody(body): RawBody) -> Response {
    let cx = context(&platform);
    let done = async {
        let (form, client) = enter(&cx, &headers, &body).await?;
        let body = ops::introspect(&cx, &client, &token_query(&form)?).await?;
        Ok(answer(200, Some(body)))
    };
    done.await.unwrap_or_else(|failure| failed(failure, headers.contains_key(header::AUTHORIZATION)))
}

/// Revocation
///
/// RFC 7009. The next call that carries the token is refused. Unknown tokens are answered alike.
#[utoipa::path(post, path = "/oauth2/revoke", operation_id = "oauth_revoke", tag = "OAuth", security(("client" = [])),
    request_body(content_type = "application/x-www-form-urlencoded", content = TokenQueryForm),
    responses((status = 200, description = "Revoked, or never ours."),
              (status = 400, description = "RFC 6749 section 5.2"), (status = 401, description = "`invalid_client`")))]
async fn revoke(State(platform): State<Platform>, headers: HeaderMap, RawBody(body): RawBody) -> Response {
    let cx = context(&platform);
    let done = async {
        let (form, client) = enter(&cx, &headers, &body).await?;
        ops::revoke(&cx, &client, &token_query(&form)?).await?;
        Ok(answer(200, None))
    };
    done.await.unwrap_or_else(|failure| failed(failure, headers.contains_key(header::AUTHORIZATION)))
}

fn published(body: &Value) -> Response {
    let mut response = axum::Json(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// Public keys
///
/// RFC 7517: what access tokens are verified with.
#[utoipa::path(get, path = "/oauth2/jwks", operation_id = "oauth_jwks", tag = "OAuth", security(()),
    responses((status = 200, description = "A JWK Set.")))]
async fn jwks(State(platform): State<Platform>) -> Result<Response, Fail> {
    Ok(published(&oauth::jose::jwks(&platform.signing.now()?.jwks)))
}

fn offer(platform: &Platform) -> Offer {
    Offer::client_credentials(platform.settings.public_url.clone(), Vec::new())
}

/// OpenID Connect discovery
#[utoipa::path(get, path = "/.well-known/openid-configuration", operation_id = "oauth_openid_configuration",
    tag = "OAuth", security(()), responses((status = 200, description = "What this server offers today.")))]
async fn openid_configuration(State(platform): State<Platform>) -> Response {
    published(&metadata::openid_configuration(&offer(&platform)))
}

/// Authorization server metadata
///
/// RFC 8414.
#[utoipa::path(get, path = "/.well-known/oauth-authorization-server", operation_id = "oauth_authorization_server",
    tag = "OAuth", security(()), responses((status = 200, description = "What this server offers today.")))]
async fn authorization_server(State(platform): State<Platform>) -> Response {
    published(&metadata::authorization_server(&offer(&platform)))
}

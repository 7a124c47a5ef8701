//! The table of contents of the HTTP interface.

use crate::cx::Platform;
use crate::pages::{self, Files};
use crate::web::{self, FieldView, ProblemView};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use base::{Problem, ProblemKind};
use http::{HeaderValue, header};
use serde_json::Value;
use std::sync::Arc;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ObjectBuilder, RefOr, Required};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(title = "Wayleave", description = "Catalogue, developer portal, API clients, access requests, OAuth 2 and gateway: the management interface."),
    components(schemas(ProblemView, FieldView, crate::blocks::Inline, crate::blocks::Mark, crate::usage::Step)),
    modifiers(&Security)
)]
struct Described;

struct Security;

impl Modify for Security {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(crate::user::SESSION_COOKIE)));
        if let Some(components) = &mut api.components {
            components.add_security_scheme("personal_token", bearer);
            components.add_security_scheme("session", cookie);
            components.add_security_scheme("client", SecurityScheme::Http(Http::new(HttpAuthScheme::Basic)));
        }
        let either = ["personal_token", "session"].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
        api.security = Some(either.to_vec());
    }
}

fn described() -> OpenApiRouter<Platform> {
    OpenApiRouter::with_openapi(Described::openapi())
        .merge(crate::user::routes())
        .merge(crate::organization::routes())
        .merge(crate::group::routes())
        .merge(crate::environment::routes())
        .merge(crate::profile::routes())
        .merge(crate::plan::routes())
        .merge(crate::api::routes())
        .merge(crate::api_group::routes())
        .merge(crate::page::routes())
        .merge(crate::version::routes())
        .merge(crate::app::routes())
        .merge(crate::client::routes())
        .merge(crate::credential::routes())
        .merge(crate::agreement::routes())
        .merge(crate::follow::routes())
        .merge(crate::task::routes())
        .merge(crate::subscription::routes())
        .merge(crate::grant::routes())
        .merge(crate::across::routes())
        .merge(crate::board::routes())
        .merge(crate::notice::routes())
        .merge(crate::search::routes())
        .merge(crate::webhook::routes())
        .merge(crate::usage::routes())
        .merge(crate::overview::routes())
        .merge(crate::ceptor::routes())
        .merge(crate::trail::routes())
        .merge(crate::docs::routes())
}

/// The OpenAPI document of this interface, as it is.
pub fn openapi() -> Value {
    let (_, document) = described().split_for_parts();
    finished(document)
}

/// Whether an operation makes something: what must not be made twice.
fn takes_keys(operation: &Operation) -> bool {
    operation.responses.responses.contains_key("201")
}

fn key_parameter() -> Parameter {
    let about = "1 to 255 visible ASCII characters of the caller's choice, such as a UUID. The same request with the \
                 same key within 24 hours is carried out once and answered alike. Every other POST takes one too.";
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

/// The document with what OpenAPI demands of every response.
fn finished(mut document: utoipa::openapi::OpenApi) -> Value {
    for item in document.paths.paths.values_mut() {
        if let Some(operation) = item.post.as_mut().filter(|operation| takes_keys(operation)) {
            operation.parameters.get_or_insert_default().push(RefOr::T(key_parameter()));
        }
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && response.description.is_empty()
                {
                    let text = if status == "201" { "It was made." } else { "It is done, or here it is." };
                    text.clone_into(&mut response.description);
                }
            }
        }
    }
    let mut document = serde_json::to_value(document).unwrap_or(Value::Null);
    document["tags"] = crate::docs::tags(&document);
    document
}

/// Everything that the control listener serves; `files` are those of the console.
pub fn router(platform: &Platform, files: Arc<dyn Files>) -> Router {
    let (api, document) = described().split_for_parts();
    let mut document = finished(document);
    document["servers"] = serde_json::json!([{"url": platform.settings.public_url}]);
    // The samples of the page name the usual address; this server may have another.
    let page: Arc<str> =
        crate::docs::page(&document).replace("http://127.0.0.1:8080", &platform.settings.public_url).into();
    let json: Arc<str> = document.to_string().into();
    let own = crate::docs::Own::new(json.clone(), &platform.settings.public_url);
    api.merge(pages::routes())
        .route("/api/docs", get(move || html(page.clone())))
        .route("/api/docs/", get(|| async { Redirect::permanent("/api/docs") }))
        .route("/api/docs/style.css", get(style))
        .route("/api/openapi.json", get(move || openapi_json(json.clone())))
        .route("/problems/{slug}", get(problem))
        .fallback(pages::elsewhere)
        .layer(DefaultBodyLimit::max(web::MOST_BODY))
        .layer(axum::middleware::from_fn(canonical_host))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(axum::middleware::from_fn_with_state(platform.clone(), web::frame))
        .layer(axum::Extension(platform.settings.public_url.clone()))
        .layer(axum::Extension(files))
        .layer(axum::Extension(own))
        .with_state(platform.clone())
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    web::Fail(Problem::internal(std::io::Error::other("a handler panicked"))).into_response()
}

/// `localhost` is sent to the public URL: cookies and issuers depend on the exact name.
async fn canonical_host(
    axum::Extension(public_url): axum::Extension<String>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("");
    let asked = host.split(':').next().unwrap_or("");
    let wanted = public_url.split("://").nth(1).unwrap_or("").split([':', '/']).next().unwrap_or("");
    if asked == "localhost" && wanted != "localhost" {
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
        return Redirect::permanent(&format!("{public_url}{path}")).into_response();
    }
    next.run(request).await
}

async fn html(page: Arc<str>) -> Response {
    let mut response = pages::page(page.to_string());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, crate::docs::STYLE).into_response()
}

async fn openapi_json(json: Arc<str>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, json.to_string()).into_response()
}

async fn problem(State(_): State<Platform>, Path(slug): Path<String>) -> Result<Response, web::Fail> {
    let kind = ProblemKind::parse(&slug).ok_or_else(|| Problem::not_found("kind of problem"))?;
    Ok(html(crate::docs::problem_page(kind).into()).await)
}

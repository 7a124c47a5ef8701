//! The frame around every answer of the control plane: request id, security headers, problem bodies, the log line.

use crate::cx::{Cx, Platform, Signed};
use crate::user;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Problem, ProblemKind, id};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use std::time::Instant;

use super::Fail;

/// The id of the request, in its extensions.
#[derive(Clone, Debug)]
struct RequestName(String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer: names the request (F36), turns problems into `application/problem+json`, sets the headers that
/// every answer carries and writes one line about the call.
pub async fn frame(State(platform): State<Platform>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let name = id::text(&base::random::bytes::<16>());
    request.extensions_mut().insert(RequestName(name.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());

    let mut response = next.run(request).await;

    if response.status() == http::StatusCode::METHOD_NOT_ALLOWED && response.extensions().get::<Problem>().is_none() {
        let allow = response.headers().get(header::ALLOW).cloned();
        let detail = format!("{method} is not offered at this address.");
        response = Fail(Problem::new(ProblemKind::MethodNotAllowed, detail)).into_response();
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    if response.status() == http::StatusCode::BAD_REQUEST && is_plain_text(response.headers()) {
        // The router's own words about a path that it cannot take apart; all that we write ourselves are problems.
        let detail = "The address names nothing: a part of it is not UTF-8 once its `%` escapes are undone.";
        response = Fail(Problem::new(ProblemKind::NotFound, detail)).into_response();
    }
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if problem.kind == ProblemKind::Internal {
            tracing::error!(request = %name, %method, path, problem = ?problem, "request.failed");
        }
        response = render(&platform, &problem, &name, response.headers());
    }
    dress(&platform, response.headers_mut(), &name);
    tracing::debug!(
        request = %name, %method, path, status = response.status().as_u16(),
        duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX), "request.done"
    );
    response
}

fn is_plain_text(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with("text/plain"))
}

fn render(platform: &Platform, problem: &Problem, name: &str, headers: &HeaderMap) -> Response {
    let mut body = problem.to_json();
    if let Some(object) = body.as_object_mut() {
        let slug = problem.kind.slug();
        object.insert("type".into(), format!("{}/problems/{slug}", platform.settings.public_url).into());
        object.insert("request_id".into(), name.into());
    }
    let status = http::StatusCode::from_u16(problem.kind.status()).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(body)).into_response();
    for (key, value) in headers {
        if key != header::CONTENT_LENGTH && key != header::CONTENT_TYPE {
            response.headers_mut().append(key.clone(), value.clone());
        }
    }
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if problem.kind == ProblemKind::Unauthenticated {
        out.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"wayleave\""));
    }
    if problem.kind == ProblemKind::SlowDown {
        let seconds = problem.extra.get("retry_after_seconds").and_then(serde_json::Value::as_u64).unwrap_or(60);
        out.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn dress(platform: &Platform, headers: &mut HeaderMap, name: &str) {
    if let Ok(value) = HeaderValue::from_str(name) {
        headers.insert(REQUEST_ID, value);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (key, value) in fixed {
        headers.insert(key, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if platform.settings.public_url.starts_with("https://") {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}

/// What answers where no route is.
pub async fn unknown_route(request: Request) -> Fail {
    let detail =
        format!("Nothing is offered at `{}`. The whole interface is described at /api/docs.", request.uri().path());
    Fail(Problem::new(ProblemKind::NotFound, detail))
}

impl FromRequestParts<Platform> for Cx {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, platform: &Platform) -> Result<Self, Fail> {
        let now = platform.clock.now();
        let request = parts.extensions.get::<RequestName>().map(|n| n.0.clone()).unwrap_or_default();
        let who = recognise(parts, platform, now).await?;
        let if_match = if_match(&parts.headers)?;
        Ok(Self { platform: platform.clone(), who, now, request, if_match })
    }
}

fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or("").trim();
    if text == "*" {
        return Ok(None);
    }
    text.trim_matches('"').parse().map(Some).map_err(|_| {
        let detail = format!("If-Match is `{text}`; send the ETag of an earlier answer, such as \"3\".");
        Problem::new(ProblemKind::Unreadable, detail)
    })
}

async fn recognise(parts: &Parts, platform: &Platform, now: base::Timestamp) -> Result<Option<Signed>, Problem> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or("");
        let token = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let Some((_, token)) = token else {
            let detail = "Send a personal access token as `Authorization: Bearer wlp_...`.";
            return Err(Problem::new(ProblemKind::Unauthenticated, detail));
        };
        return user::by_personal_token(platform, token.trim(), now).await.map(Some);
    }
    let writes = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let site = parts.headers.get("sec-fetch-site").and_then(|v| v.to_str().ok());
    if writes && matches!(site, Some("cross-site" | "same-site")) {
        // Even without a cookie: signing somebody in as another is an attack too. Another port of our own host, where
        // the gateway shows what upstreams answer, is the same site but not the same origin.
        return Err(Problem::new(ProblemKind::CrossSite, "Another site's page may not write here."));
    }
    let Some(cookie) = session_cookie(&parts.headers) else { return Ok(None) };
    let Some((signed, csrf)) = user::by_session(platform, &cookie, now).await? else { return Ok(None) };
    if writes {
        same_site(parts, platform, &csrf)?;
    }
    Ok(Some(signed))
}

/// The value of our session cookie, if the request has one.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == user::SESSION_COOKIE)
        .map(|(_, value)| value.to_owned())
}

/// A write with a cookie must come from our own pages: the browser says so in `Sec-Fetch-Site` or `Origin`, and the
/// page proves it by the token that only it can read.
fn same_site(parts: &Parts, platform: &Platform, csrf: &str) -> Result<(), Problem> {
    let get = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
    let own = platform.settings.public_url.as_str();
    let site_ok = get("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin_ok = get("origin").is_none_or(|origin| origin == own);
    let token_ok = get("x-csrf-token").is_some_and(|token| {
        base::secret::Digest::from_hex(token).zip(base::secret::Digest::from_hex(csrf)).is_some_and(|(a, b)| a.same(&b))
    });
    if site_ok && origin_ok && token_ok {
        return Ok(());
    }
    let detail = "A write with a session cookie must carry the session's token in `X-CSRF-Token` (GET /api/v1/session \
                  tells it) and come from our own origin. Programs send a personal access token instead.";
    Err(Problem::new(ProblemKind::CrossSite, detail))
}

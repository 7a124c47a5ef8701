//! The frame around every answer of the control plane: request id, security headers, problem bodies, the log line.

use crate::cx::{Cx, Platform, Signed};
use crate::pages::{self, Look};
use crate::{agreement, user};
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Problem, ProblemKind, id};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use std::time::Instant;

use super::Fail;
use super::arrival::{self, Arrival};

/// The id of the request, in its extensions.
#[derive(Clone, Debug)]
pub(crate) struct RequestName(pub String);

/// The id of a request.
pub(crate) fn name_of(request: &Request) -> String {
    request.extensions().get::<RequestName>().map(|name| name.0.clone()).unwrap_or_default()
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer: names the request (F36), turns problems into `application/problem+json`, sets the headers that
/// every answer carries and writes one line about the call.
pub async fn frame(State(platform): State<Platform>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let origin = arrival::origin(&request);
    let name = origin.name();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str());
    let page = pages::wants_page(&request).then(|| (Look::of(&request), address.to_owned()));

    let (mut response, once) = match arrival::enter(&platform, request, origin, &name).await {
        Ok((request, once)) => (next.run(request).await, once),
        Err(response) => (response, None),
    };
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
        response = match &page {
            Some((look, address)) => pages::failure(look, address, &problem, &name),
            None => render(&platform, &problem, &name),
        }
        .with(response.headers(), &problem);
    }
    if let Some(once) = once {
        response = once.keep(&platform, response).await;
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

/// A problem's answer before it has its headers.
pub(crate) struct Rendered(pub Response);

impl Rendered {
    /// The answer with the headers that were set already, and with those that belong to the kind of problem.
    fn with(self, headers: &HeaderMap, problem: &Problem) -> Response {
        let mut response = self.0;
        let out = response.headers_mut();
        for (key, value) in headers {
            if key != header::CONTENT_LENGTH && key != header::CONTENT_TYPE {
                out.append(key.clone(), value.clone());
            }
        }
        match problem.kind {
            ProblemKind::Unauthenticated => {
                out.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"wayleave\""));
            }
            // RFC 9470 section 3.
            ProblemKind::Reauthenticate => {
                let asked = "Bearer realm=\"wayleave\", error=\"insufficient_user_authentication\", max_age=600";
                out.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(asked));
            }
            ProblemKind::SlowDown => {
                let seconds = problem.extra.get("retry_after_seconds").and_then(serde_json::Value::as_u64);
                out.insert(header::RETRY_AFTER, HeaderValue::from(seconds.unwrap_or(60)));
            }
            _ => {}
        }
        response
    }
}

fn render(platform: &Platform, problem: &Problem, name: &str) -> Rendered {
    let mut body = problem.to_json();
    if let Some(object) = body.as_object_mut() {
        let slug = problem.kind.slug();
        object.insert("type".into(), format!("{}/problems/{slug}", platform.settings.public_url).into());
        object.insert("request_id".into(), name.into());
    }
    let mut response = (status(problem), axum::Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    Rendered(response)
}

/// The status of a problem's answer.
pub(crate) fn status(problem: &Problem) -> http::StatusCode {
    http::StatusCode::from_u16(problem.kind.status()).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR)
}

fn dress(platform: &Platform, headers: &mut HeaderMap, name: &str) {
    if let Ok(value) = HeaderValue::from_str(name) {
        headers.insert(REQUEST_ID, value);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (key, value) in fixed {
        headers.insert(key, HeaderValue::from_static(value));
    }
    // Pages of ours that have forms set another: browsers say `Origin: null` where nothing may be told.
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
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
        let (who, token) = recognise(parts, platform, now).await?;
        let if_match = if_match(&parts.headers)?;
        if let Some(signed) = who.as_ref().filter(|who| who.session.is_some()) {
            agreed(parts, platform, signed).await?;
        }
        Ok(Self { platform: platform.clone(), who, now, request, if_match, arrival: Arrival::of(parts), token })
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

/// Who asks, and the personal access token by which they are known, if it is one.
pub(crate) async fn recognise(
    parts: &Parts,
    platform: &Platform,
    now: base::Timestamp,
) -> Result<(Option<Signed>, Option<id::PersonalTokenId>), Problem> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or("");
        let token = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let Some((_, token)) = token else {
            let detail = "Send a personal access token as `Authorization: Bearer wlp_...`.";
            return Err(Problem::new(ProblemKind::Unauthenticated, detail));
        };
        let (signed, token) = user::by_personal_token(platform, token.trim(), now).await?;
        return Ok((Some(signed), Some(token)));
    }
    let writes = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if writes && !is_from_own_page(&parts.headers, platform) {
        // Even without a cookie: signing somebody in as another is an attack too. Another port of our own host, where
        // the gateway shows what upstreams answer, is the same site but not the same origin.
        return Err(Problem::new(ProblemKind::CrossSite, "Another site's page may not write here."));
    }
    let signed = by_cookie(parts, platform, now).await?;
    if let Some(session) = signed.as_ref().and_then(|signed| signed.session.as_ref())
        && writes
    {
        proven(parts, &user::csrf_of(platform, session))?;
    }
    Ok((signed, None))
}

/// What a browser session may do before its person has accepted the platform's text: read and answer it, or leave.
const BEFORE_AGREEING: [&str; 2] = ["/api/v1/session", "/api/v1/agreements"];

/// Passes a session whose person has accepted the platform's text, if it has one. Personal access tokens go on: programs
/// cannot read, and whoever made the token meets the text at the next sign-in.
async fn agreed(parts: &Parts, platform: &Platform, signed: &Signed) -> Result<(), Problem> {
    let path = parts.uri.path();
    let exempt = |place: &str| path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if BEFORE_AGREEING.iter().any(|place| exempt(place)) {
        return Ok(());
    }
    let awaited = agreement::awaited(&mut *platform.db.read().await?, &signed.id).await?;
    let Some(text) = awaited else { return Ok(()) };
    let detail = format!(
        "The terms of this platform have to be accepted first: read GET /api/v1/agreements/{0} and answer them with \
         POST /api/v1/agreements/{0}/answer, or open /agreement.",
        text.id
    );
    Err(Problem::new(ProblemKind::AgreementRequired, detail).with("agreement", text.id.to_string()))
}

/// What a visible page asks every few seconds without anybody there.
const PULSE: &str = "/api/v1/me/pulse";

/// Whom the session cookie names. Says nothing about who made the browser send it.
pub(crate) async fn by_cookie(
    parts: &Parts,
    platform: &Platform,
    now: base::Timestamp,
) -> Result<Option<Signed>, Problem> {
    let Some(cookie) = session_cookie(&parts.headers) else { return Ok(None) };
    user::by_session(platform, &cookie, now, parts.uri.path() != PULSE).await
}

/// The value of our session cookie, if the request has one.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<String> {
    cookie(headers, user::SESSION_COOKIE).map(str::to_owned)
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// What the browser says of itself.
pub(crate) fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Whether the browser says that the request comes from a page of ours, or nothing about it (as programs do).
pub(crate) fn is_from_own_page(headers: &HeaderMap, platform: &Platform) -> bool {
    let get = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site_ok = get("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin_ok = get("origin").is_none_or(|origin| origin == own_origin(platform));
    site_ok && origin_ok
}

/// Our origin as browsers write it: without the port that the scheme has anyway.
fn own_origin(platform: &Platform) -> String {
    let url = &platform.settings.public_url;
    url::Url::parse(url).map_or_else(|_| url.clone(), |url| url.origin().ascii_serialization())
}

/// Whether two secrets of the form of a digest are the same, told without a hint by the time that it takes.
pub(crate) fn same_token(one: &str, other: &str) -> bool {
    use base::secret::Digest;
    Digest::from_hex(one).zip(Digest::from_hex(other)).is_some_and(|(one, other)| one.same(&other))
}

/// A write with a cookie must come from our own pages, whatever the browser says: the page proves it by the token that only
/// it can read.
fn proven(parts: &Parts, csrf: &str) -> Result<(), Problem> {
    let token = parts.headers.get("x-csrf-token").and_then(|value| value.to_str().ok());
    if token.is_some_and(|token| same_token(token, csrf)) {
        return Ok(());
    }
    let detail = "A write with a session cookie must carry the session's token in `X-CSRF-Token` (GET /api/v1/session \
                  tells it) and come from our own origin. Programs send a personal access token instead.";
    Err(Problem::new(ProblemKind::CrossSite, detail))
}

//! Answers that the gateway gives itself: problems (RFC 9457) with what a caller needs to go on.

use crate::body::Outgoing;
use crate::call::Call;
use base::{Problem, ProblemKind};
use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use oauth::bearer::{BearerError, Challenge};
use serde_json::{Value, json};
use snapshot::{Accepts, KeyPlace, Kind, Refusal};

const REALM: &str = "wayleave";

/// The answer to a refused call.
pub(crate) fn answer(call: &Call, refusal: &Refusal) -> Response<Outgoing> {
    let mut response = Response::new(Outgoing::whole(Bytes::from(body(call, refusal).to_string())));
    *response.status_mut() = StatusCode::from_u16(refusal.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    // What was refused now may be allowed at the next call.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !refusal.allow.is_empty() {
        put(headers, ALLOW, &refusal.allow.join(", "));
    }
    if let Some(seconds) = call.limits.as_ref().and_then(|l| l.retry_after) {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if refusal.kind == ProblemKind::Unavailable {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if call.close {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    challenge(call, refusal, headers);
    response
}

fn body(call: &Call, refusal: &Refusal) -> Value {
    let portal = &call.core.handle.config.portal;
    let decision = call.id.decision.to_str().unwrap_or_default();
    let mut problem = Problem::new(refusal.kind, refusal.detail.clone())
        .with("decision", decision)
        .with("decision_url", format!("{portal}/api/v1/decisions/{decision}"))
        .with("request_id", call.id.request.to_str().unwrap_or_default());
    if !refusal.scopes.is_empty() {
        problem = problem.with("scopes", refusal.scopes.clone());
    }
    if let Some(seconds) = call.limits.as_ref().and_then(|l| l.retry_after) {
        problem = problem.with("retry_after_seconds", seconds);
    }
    let mut body = problem.to_json();
    body["type"] = json!(format!("{portal}/problems/{}", refusal.kind.slug()));
    body
}

fn put(headers: &mut HeaderMap, name: http::HeaderName, text: &str) {
    // Text that no header may carry is left out: it would be one of our own sentences.
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.append(name, value);
    }
}

/// `WWW-Authenticate`: on every 401 one challenge per scheme that the version takes (RFC 9110 section 11.6.1); on 400
/// and 403 only what RFC 6750 section 3.1 says about a bearer token that was sent.
fn challenge(call: &Call, refusal: &Refusal, headers: &mut HeaderMap) {
    let (Some(route), Some(terms)) = (call.facts.route, &call.terms) else { return };
    let accepts = &terms.publication(route.publication).treatment(route.operation).accepts;
    let bearer = matches!(call.facts.kind, Some(Kind::OpaqueToken | Kind::Jwt)) && accepts.bearer;
    let error = match refusal.kind {
        ProblemKind::ScopeMissing => Some(BearerError::InsufficientScope),
        ProblemKind::CredentialAmbiguous if accepts.bearer => Some(BearerError::InvalidRequest),
        ProblemKind::CredentialInvalid | ProblemKind::CredentialExpired | ProblemKind::CredentialDisabled if bearer => {
            Some(BearerError::InvalidToken)
        }
        _ => None,
    };
    if error.is_some() || (refusal.kind.status() == 401 && accepts.bearer) {
        let mut challenge = Challenge::new(REALM);
        if let Some(error) = error {
            challenge = challenge.error(error, refusal.detail.clone());
        }
        if !refusal.scopes.is_empty() {
            challenge = challenge.scopes(&refusal.scopes);
        }
        put(headers, WWW_AUTHENTICATE, &challenge.to_header());
    }
    if refusal.kind.status() == 401 {
        other_challenges(accepts, headers);
    }
}

fn other_challenges(accepts: &Accepts, headers: &mut HeaderMap) {
    for place in &accepts.key_places {
        let (place, name) = match place {
            KeyPlace::Header(name) => ("header", name),
            KeyPlace::Query(name) => ("query", name),
        };
        if name.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'"' && b != b'\\') {
            put(headers, WWW_AUTHENTICATE, &format!("ApiKey realm=\"{REALM}\", in=\"{place}\", name=\"{name}\""));
        }
    }
    if accepts.basic {
        put(headers, WWW_AUTHENTICATE, &format!("Basic realm=\"{REALM}\", charset=\"UTF-8\""));
    }
}

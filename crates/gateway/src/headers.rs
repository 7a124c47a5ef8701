//! Header hygiene: what may pass between a caller and an upstream, and what the gateway says itself.
//!
//! - Hop-by-hop fields and those that `Connection` lists end here, both ways (RFC 9110 section 7.6.1).
//! - `Forwarded` and `X-Forwarded-*` are rebuilt; what came in them is dropped, for nobody vouches for it.
//! - `Wayleave-*` names the identified caller to the upstream; incoming fields of that prefix are dropped, also when
//!   written with underscores, which some upstreams read as hyphens.
//! - A consumed credential is not forwarded, nor is one of ours in a place where it was not consumed.
//! - An incoming `X-Request-Id` is not believed. The gateway's own goes to the upstream and to the caller; a
//!   well-formed incoming one goes to the upstream as `Wayleave-Caller-Request-Id`.
//! - `Expect` ends here: the gateway asks for the body when the upstream takes it.

use crate::body::Outgoing;
use crate::call::{Call, Link};
use crate::identify::{Place, USUAL};
use base::id::Id;
use base::secret::Purpose;
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, EXPECT, FORWARDED, HOST, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE, VIA,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use snapshot::KeyPlace;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const WAYLEAVE_APP: HeaderName = HeaderName::from_static("wayleave-app");
const WAYLEAVE_CLIENT: HeaderName = HeaderName::from_static("wayleave-client");
const WAYLEAVE_SUBSCRIPTION: HeaderName = HeaderName::from_static("wayleave-subscription");
const WAYLEAVE_PLAN: HeaderName = HeaderName::from_static("wayleave-plan");
const WAYLEAVE_DECISION: HeaderName = HeaderName::from_static("wayleave-decision");
const WAYLEAVE_CALLER_REQUEST_ID: HeaderName = HeaderName::from_static("wayleave-caller-request-id");
const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const X_RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const X_RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const X_RATELIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Whether only a gateway may say this, or only to the next hop.
pub(crate) fn is_ours(name: &str) -> bool {
    let bytes = name.as_bytes();
    match bytes.first() {
        Some(b'w') => starts_as(bytes, b"wayleave-"),
        Some(b'x') => starts_as(bytes, b"x-forwarded-") || is(bytes, b"x-real-ip") || is(bytes, b"x-request-id"),
        Some(b'f') => name == "forwarded",
        Some(b'h') => name == "host" || name == "http2-settings",
        Some(b'c') => name == "connection" || is_spelled_otherwise(bytes, b"content-length"),
        Some(b'k') => name == "keep-alive",
        Some(b'p') => matches!(name, "proxy-connection" | "proxy-authorization" | "proxy-authenticate"),
        Some(b't') => name == "te" || is(bytes, b"transfer-encoding"),
        Some(b'u') => name == "upgrade",
        Some(b'e') => name == "expect",
        _ => false,
    }
}

/// Header names are in lower case here; `_` counts as `-`.
fn starts_as(name: &[u8], prefix: &[u8]) -> bool {
    name.len() >= prefix.len() && name.iter().zip(prefix).all(|(n, p)| n == p || (*n == b'_' && *p == b'-'))
}

fn is(name: &[u8], other: &[u8]) -> bool {
    name.len() == other.len() && starts_as(name, other)
}

fn is_spelled_otherwise(name: &[u8], other: &[u8]) -> bool {
    name != other && is(name, other)
}

/// The fields that `Connection` lists.
fn listed(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(CONNECTION).iter().filter_map(|v| v.to_str().ok());
    values.flat_map(|v| v.split(',')).filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok()).collect()
}

/// Makes the head of a request fit for its upstream. The `Host` is set when the upstream is chosen.
pub(crate) fn rewrite(call: &Call, parts: &mut Parts) {
    let headers = &mut parts.headers;
    let host = headers.remove(HOST);
    let authority = call.uri.authority().and_then(|a| HeaderValue::from_str(a.as_str()).ok());
    let host = authority.or(host).unwrap_or(HeaderValue::from_static(""));
    let trailers = headers.get_all(TE).iter().any(|v| v.as_bytes().eq_ignore_ascii_case(b"trailers"));
    let caller_id = headers.remove(X_REQUEST_ID).filter(is_well_formed_id);
    if headers.contains_key(CONNECTION) {
        for name in listed(headers) {
            // What frames the message was checked and is not the caller's to hide.
            if name != CONTENT_LENGTH {
                headers.remove(name);
            }
        }
    }
    if headers.keys().any(|name| is_ours(name.as_str())) {
        let bad: Vec<HeaderName> = headers.keys().filter(|name| is_ours(name.as_str())).cloned().collect();
        for name in bad {
            headers.remove(name);
        }
    }
    strip_credentials(call, headers);
    strip_cookies(&call.core.handle.config.cookies_to_strip, headers);
    headers.reserve(12);
    if trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    headers.insert(FORWARDED, forwarded(&call.link, &host));
    headers.insert(X_FORWARDED_FOR, call.link.peer.clone());
    headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static("http"));
    headers.insert(X_FORWARDED_HOST, host);
    headers.insert(X_REQUEST_ID, call.id.request.clone());
    headers.append(VIA, HeaderValue::from_static("1.1 wayleave"));
    if let Some(id) = caller_id {
        headers.insert(WAYLEAVE_CALLER_REQUEST_ID, id);
    }
    name_caller(call, headers);
}

fn name_caller(call: &Call, headers: &mut HeaderMap) {
    fn put<I: Id>(headers: &mut HeaderMap, name: HeaderName, id: Option<&I>) {
        if let Some(value) = id.and_then(|id| HeaderValue::from_str(id.as_str()).ok()) {
            headers.insert(name, value);
        }
    }
    let (client, subscription) = (call.facts.client.as_ref(), call.facts.subscription.as_ref());
    put(headers, WAYLEAVE_APP, client.and_then(|c| c.row.app.as_ref()));
    put(headers, WAYLEAVE_CLIENT, client.map(|c| &c.row.id));
    put(headers, WAYLEAVE_SUBSCRIPTION, subscription.map(|s| &s.row.id));
    put(headers, WAYLEAVE_PLAN, subscription.map(|s| &s.row.plan));
}

fn is_well_formed_id(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    (1..=128).contains(&bytes.len()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.:/+=@".contains(b))
}

fn strip_credentials(call: &Call, headers: &mut HeaderMap) {
    match call.consumed {
        Place::Authorization => {
            headers.remove(AUTHORIZATION);
        }
        Place::Key(at) => {
            if let (Some(route), Some(terms)) = (call.facts.route, &call.terms)
                && let Some(KeyPlace::Header(name)) = terms.publication(route.publication).accepts.key_places.get(at)
            {
                headers.remove(name.as_str());
            }
        }
        Place::Nowhere => {}
    }
    // One of ours that was not asked for here is no business of the upstream either.
    let key = Purpose::ApiKey.prefix().as_bytes();
    if headers.get_all(USUAL).iter().any(|v| v.as_bytes().starts_with(key)) {
        headers.remove(USUAL);
    }
    let ours = |v: &HeaderValue| {
        let token = v.as_bytes().splitn(2, |b| *b == b' ').nth(1).unwrap_or_default().trim_ascii();
        [Purpose::AccessToken, Purpose::PersonalToken].iter().any(|p| token.starts_with(p.prefix().as_bytes()))
    };
    if headers.get_all(AUTHORIZATION).iter().any(ours) {
        headers.remove(AUTHORIZATION);
    }
}

fn strip_cookies(names: &[String], headers: &mut HeaderMap) {
    if names.is_empty() || !headers.contains_key(COOKIE) {
        return;
    }
    let kept: Vec<HeaderValue> = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| {
            let Ok(text) = value.to_str() else { return Some(value.clone()) };
            let is_kept = |pair: &&str| !names.iter().any(|n| pair.split('=').next().unwrap_or("").trim() == n);
            let all: Vec<&str> = text.split(';').collect();
            let kept: Vec<&str> = all.iter().copied().filter(|p| is_kept(p)).collect();
            if kept.len() == all.len() {
                return Some(value.clone());
            }
            HeaderValue::from_str(kept.join(";").trim()).ok().filter(|v| !v.is_empty())
        })
        .collect();
    headers.remove(COOKIE);
    for value in kept {
        headers.append(COOKIE, value);
    }
}

/// The caller's address as `X-Forwarded-For` carries it.
pub(crate) fn peer_value(peer: &SocketAddr) -> HeaderValue {
    HeaderValue::from_str(&peer.ip().to_canonical().to_string()).unwrap_or(HeaderValue::from_static("unknown"))
}

/// `Forwarded` (RFC 7239): who called, under which name, how.
fn forwarded(link: &Link, host: &HeaderValue) -> HeaderValue {
    let mut last = link.forwarded.borrow_mut();
    if let Some((_, value)) = last.as_ref().filter(|(of, _)| of == host) {
        return value.clone();
    }
    let mut text = String::with_capacity(64);
    // Writing to a String cannot fail.
    let _ = match link.watch.peer.ip().to_canonical() {
        IpAddr::V4(ip) => write!(text, "for={ip}"),
        IpAddr::V6(ip) => write!(text, "for=\"[{ip}]\""),
    };
    // A quoted string cannot be broken out of: hosts have neither quotes nor backslashes.
    if let Some(host) = host.to_str().ok().filter(|h| !h.is_empty() && !h.contains(['"', '\\'])) {
        let _ = write!(text, ";host=\"{host}\"");
    }
    text.push_str(";proto=http");
    let value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("for=unknown"));
    *last = Some((host.clone(), value.clone()));
    value
}

/// Takes out of an upstream's answer what concerns only the connection to it.
pub(crate) fn clean_answer(status: StatusCode, headers: &mut HeaderMap) {
    if headers.contains_key(CONNECTION) {
        for name in listed(headers) {
            if name != CONTENT_LENGTH {
                headers.remove(name);
            }
        }
        headers.remove(CONNECTION);
    }
    // Chunked wins over a length beside it (RFC 9112 section 6.3); the length would be wrong.
    if headers.remove(TRANSFER_ENCODING).is_some() || status == StatusCode::NO_CONTENT {
        headers.remove(CONTENT_LENGTH);
    }
    for name in [TE, UPGRADE, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, EXPECT] {
        headers.remove(name);
    }
    headers.remove("keep-alive");
    headers.remove("proxy-connection");
}

/// What every answer carries, whoever made it.
pub(crate) fn stamp(response: &mut Response<Outgoing>, call: &Call) {
    let headers = response.headers_mut();
    headers.reserve(7);
    headers.insert(X_REQUEST_ID, call.id.request.clone());
    headers.insert(WAYLEAVE_DECISION, call.id.decision.clone());
    if let Some(limits) = &call.limits {
        headers.insert(RATELIMIT_POLICY, limits.policy.clone());
        headers.insert(RATELIMIT, limits.state.clone());
        headers.insert(X_RATELIMIT_LIMIT, limits.limit.clone());
        headers.insert(X_RATELIMIT_REMAINING, limits.remaining.clone());
        headers.insert(X_RATELIMIT_RESET, limits.reset.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_only_a_gateway_may_say_are_known_in_every_spelling() {
        for name in [
            "wayleave-app",
            "wayleave_app",
            "wayleave-x",
            "x-forwarded-for",
            "x_forwarded_for",
            "x-forwarded-port",
            "x-real-ip",
            "x_real_ip",
            "x_request_id",
            "forwarded",
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "transfer_encoding",
            "content_length",
            "upgrade",
            "expect",
            "http2-settings",
        ] {
            assert!(is_ours(name), "{name}");
        }
        for name in
            ["content-length", "content-type", "wayleaveapp", "x-forwarded", "x-api-key", "accept", "hosts", "trailer"]
        {
            assert!(!is_ours(name), "{name}");
        }
    }

    #[test]
    fn only_the_named_cookies_go() {
        let strip = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_static(value));
            strip_cookies(&["wayleave".into()], &mut headers);
            headers.get(COOKIE).map(|v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(strip("a=1; wayleave=2; b=3").as_deref(), Some("a=1; b=3"));
        assert_eq!(strip("wayleave=2").as_deref(), None);
        assert_eq!(strip("wayleave=2; a=1").as_deref(), Some("a=1"));
        assert_eq!(strip("a=1; wayleaves=2").as_deref(), Some("a=1; wayleaves=2"));
    }
}

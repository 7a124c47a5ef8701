//! Header hygiene: what may pass between a caller and an upstream, and what the gateway says itself.
//!
//! - Hop-by-hop fields and those that `Connection` lists end here, both ways (RFC 9110 section 7.6.1).
//! - `Forwarded` and `X-Forwarded-*` are rebuilt; what came in them is dropped, for nobody vouches for it.
//! - `Wayleave-*` names the identified caller to the upstream; incoming fields of that prefix are dropped, also when
//!   written with underscores, which some upstreams read as hyphens.
//! - A consumed credential is not forwarded, nor is one of ours in a place where it was not consumed.
//! - Cookies of ours neither reach an upstream nor come from one: an upstream that shares its host name with the portal
//!   could otherwise read a session, or plant one.
//! - Fields that name another method or address than the one that was decided on (`X-HTTP-Method-Override`,
//!   `X-Original-URL` and the like) are dropped, for some upstreams believe them.
//! - An incoming `X-Request-Id` is not believed. The gateway's own goes to the upstream and to the caller; a
//!   well-formed incoming one goes to the upstream as `Wayleave-Caller-Request-Id`.
//! - `Expect` ends here: the gateway asks for the body when the upstream takes it.

use crate::body::Outgoing;
use crate::call::{Call, Link};
use crate::identify::{Place, USUAL};
use crate::ids::{ID_LENGTH, push_id};
use base::id::{AppId, ClientId, Id, PlanId, SubscriptionId};
use base::secret::{Purpose, Secret};
use bytes::Bytes;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, FORWARDED, HOST, LINK, SET_COOKIE, TE, TRANSFER_ENCODING, VIA,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use snapshot::{Ending, KeyPlace, Rewrite};
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
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");
const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const X_RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const X_RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const X_RATELIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What an upstream might take for the caller's address or for another request than the one that was decided on.
const OTHERWISE: &[&str] = &[
    "x-real-ip",
    "x-request-id",
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
];

/// Fields of an answer that concern one connection only, beside those that frame it.
const HOPS: &[&str] =
    &["te", "upgrade", "proxy-authenticate", "proxy-authorization", "expect", "keep-alive", "proxy-connection"];

/// Whether only a gateway may say this, or only to the next hop.
pub(crate) fn is_ours(name: &str) -> bool {
    let bytes = name.as_bytes();
    match bytes.first() {
        Some(b'w') => starts_as(bytes, b"wayleave-"),
        Some(b'x') => starts_as(bytes, b"x-forwarded-") || OTHERWISE.iter().any(|other| is(bytes, other.as_bytes())),
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

/// Which of the fields that matter here a request has, found in one pass: most have few, and every look-up costs.
#[derive(Default)]
struct Seen {
    te: bool,
    request_id: bool,
    connection: bool,
    cookie: bool,
    authorization: bool,
    usual_key: bool,
    /// Any field that only a gateway may say, but for `Host`, which every request has.
    ours: bool,
}

impl Seen {
    fn of(headers: &HeaderMap) -> Self {
        let mut seen = Self::default();
        for name in headers.keys() {
            let text = name.as_str();
            match text {
                "host" => continue,
                "te" => seen.te = true,
                "x-request-id" => seen.request_id = true,
                "connection" => seen.connection = true,
                "cookie" => seen.cookie = true,
                "authorization" => seen.authorization = true,
                "x-api-key" => seen.usual_key = true,
                _ => {}
            }
            seen.ours |= is_ours(text);
        }
        seen
    }
}

/// Makes the head of a request fit for its upstream. The `Host` is set when the upstream is chosen.
pub(crate) fn rewrite(call: &Call, parts: &mut Parts) {
    let headers = &mut parts.headers;
    let seen = Seen::of(headers);
    let host = headers.remove(HOST);
    let authority = call.uri.authority().and_then(|a| HeaderValue::from_str(a.as_str()).ok());
    let host = authority.or(host).unwrap_or(HeaderValue::from_static(""));
    let trailers = seen.te && headers.get_all(TE).iter().any(|v| v.as_bytes().eq_ignore_ascii_case(b"trailers"));
    let caller_id = if seen.request_id { headers.remove(X_REQUEST_ID).filter(is_well_formed_id) } else { None };
    if seen.connection {
        for name in listed(headers) {
            // What frames the message was checked and is not the caller's to hide.
            if name != CONTENT_LENGTH {
                headers.remove(name);
            }
        }
    }
    if seen.ours {
        let bad: Vec<HeaderName> = headers.keys().filter(|name| is_ours(name.as_str())).cloned().collect();
        for name in bad {
            headers.remove(name);
        }
    }
    strip_credentials(call, &seen, headers);
    if seen.cookie {
        strip_cookies(&call.core.handle.config.cookies_to_strip, headers);
    }
    if let Some(rewrite) = rewrite_of(call) {
        rewrite.apply(headers);
    }
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

/// What the version or the operation changes on its requests (C18). It comes before what the gateway says itself, so
/// that nothing of that can be taken away.
fn rewrite_of(call: &Call) -> Option<&Rewrite> {
    let (route, terms) = (call.facts.route?, call.terms.as_ref()?);
    terms.publication(route.publication).treatment(route.operation).rewrite.as_deref()
}

/// Writes all ids into one buffer and cuts the values out of it.
fn name_caller(call: &Call, headers: &mut HeaderMap) {
    let (client, subscription) = (call.facts.client.as_ref(), call.facts.subscription.as_ref());
    let ids = [
        (WAYLEAVE_APP, AppId::PREFIX, client.and_then(|c| c.app_bits)),
        (WAYLEAVE_CLIENT, ClientId::PREFIX, client.map(|c| c.bits)),
        (WAYLEAVE_SUBSCRIPTION, SubscriptionId::PREFIX, subscription.map(|s| s.bits)),
        (WAYLEAVE_PLAN, PlanId::PREFIX, subscription.map(|s| s.plan_bits)),
    ];
    if client.is_none() {
        return;
    }
    let mut text = Vec::with_capacity(ids.len() * ID_LENGTH);
    ids.iter()
        .filter_map(|(_, prefix, bits)| Some((prefix, (*bits)?)))
        .for_each(|(p, bits)| push_id(&mut text, p, bits));
    let mut rest = Bytes::from(text);
    for (name, ..) in ids.into_iter().filter(|(.., bits)| bits.is_some()) {
        if let Ok(value) = HeaderValue::from_maybe_shared(rest.split_to(ID_LENGTH)) {
            headers.insert(name, value);
        }
    }
}

fn is_well_formed_id(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    (1..=128).contains(&bytes.len()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.:/+=@".contains(b))
}

fn strip_credentials(call: &Call, seen: &Seen, headers: &mut HeaderMap) {
    match call.consumed {
        Place::Authorization => {
            headers.remove(AUTHORIZATION);
        }
        Place::Key(at) => {
            if let (Some(route), Some(terms)) = (call.facts.route, &call.terms)
                && let Some(KeyPlace::Header(name)) =
                    terms.publication(route.publication).treatment(route.operation).accepts.key_places.get(at)
            {
                if name == USUAL.as_str() {
                    headers.remove(USUAL);
                } else {
                    headers.remove(name.as_str());
                }
            }
        }
        Place::Nowhere => {}
    }
    // One of ours that was not asked for here is no business of the upstream either.
    let key = Purpose::ApiKey.prefix().as_bytes();
    if seen.usual_key && headers.get_all(USUAL).iter().any(|v| v.as_bytes().starts_with(key)) {
        headers.remove(USUAL);
    }
    if seen.authorization && headers.get_all(AUTHORIZATION).iter().any(|v| is_our_credential(call, v.as_bytes())) {
        headers.remove(AUTHORIZATION);
    }
}

/// Whether the value of an `Authorization` field is a token, or an id and secret, that this system has issued.
fn is_our_credential(call: &Call, value: &[u8]) -> bool {
    let mut words = value.splitn(2, |b| *b == b' ');
    let (scheme, rest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default().trim_ascii());
    if [Purpose::AccessToken, Purpose::PersonalToken].iter().any(|p| rest.starts_with(p.prefix().as_bytes())) {
        return true;
    }
    if scheme.eq_ignore_ascii_case(b"basic") {
        return is_our_secret(rest);
    }
    // A token of ours that is not taken here is still good elsewhere.
    rest.starts_with(b"ey") && std::str::from_utf8(rest).is_ok_and(|token| issuer_of(token, &call.core.handle.config))
}

fn is_our_secret(basic: &[u8]) -> bool {
    let Ok(pair) = BASE64.decode(basic) else { return false };
    let Some(colon) = pair.iter().position(|b| *b == b':') else { return false };
    std::str::from_utf8(&pair[colon + 1..]).is_ok_and(|secret| Secret::looks_like(secret, Purpose::ClientSecret))
}

/// Whether a JWT says that it was issued here. Its signature is of no interest: it is not believed, only kept back.
fn issuer_of(token: &str, config: &crate::Config) -> bool {
    let payload = token.split('.').nth(1).and_then(|part| BASE64URL_NOPAD.decode(part.as_bytes()).ok());
    let claims = payload.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    claims.is_some_and(|claims| claims["iss"] == config.issuer.as_str())
}

/// Works on bytes: one cookie that is not ASCII must not carry ours past the gateway.
fn strip_cookies(names: &[String], headers: &mut HeaderMap) {
    if names.is_empty() || !headers.contains_key(COOKIE) {
        return;
    }
    let kept: Vec<HeaderValue> = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| {
            let all: Vec<&[u8]> = value.as_bytes().split(|b| *b == b';').collect();
            let kept: Vec<&[u8]> = all.iter().copied().filter(|pair| !is_named(pair, names)).collect();
            if kept.len() == all.len() {
                return Some(value.clone());
            }
            let joined = kept.join(&b';');
            HeaderValue::from_bytes(joined.trim_ascii()).ok().filter(|v| !v.is_empty())
        })
        .collect();
    headers.remove(COOKIE);
    for value in kept {
        headers.append(COOKIE, value);
    }
}

/// Takes out cookies of ours that an upstream wants to set.
fn refuse_cookies(names: &[String], headers: &mut HeaderMap) {
    if !headers.get_all(SET_COOKIE).iter().any(|value| is_named(value.as_bytes(), names)) {
        return;
    }
    let kept: Vec<HeaderValue> =
        headers.get_all(SET_COOKIE).iter().filter(|value| !is_named(value.as_bytes(), names)).cloned().collect();
    headers.remove(SET_COOKIE);
    for value in kept {
        headers.append(SET_COOKIE, value);
    }
}

/// Whether `name=value`, perhaps with attributes, has one of these names. Browsers read prefixes such as `__Host-` in
/// any case, so case does not count.
fn is_named(pair: &[u8], names: &[String]) -> bool {
    let name = pair.split(|b| matches!(b, b'=' | b';')).next().unwrap_or_default().trim_ascii();
    names.iter().any(|n| name.eq_ignore_ascii_case(n.as_bytes()))
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
pub(crate) fn clean_answer(status: StatusCode, our_cookies: &[String], headers: &mut HeaderMap) {
    let (mut connection, mut chunked, mut cookie, mut hop) = (false, false, false, false);
    for name in headers.keys() {
        match name.as_str() {
            "connection" => connection = true,
            "transfer-encoding" => chunked = true,
            "set-cookie" => cookie = true,
            other => hop |= HOPS.contains(&other),
        }
    }
    if cookie {
        refuse_cookies(our_cookies, headers);
    }
    if connection {
        for name in listed(headers) {
            if name != CONTENT_LENGTH {
                headers.remove(name);
            }
        }
        headers.remove(CONNECTION);
    }
    // Chunked wins over a length beside it (RFC 9112 section 6.3); the length would be wrong.
    if chunked || status == StatusCode::NO_CONTENT {
        headers.remove(TRANSFER_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    if hop {
        for name in HOPS {
            headers.remove(*name);
        }
    }
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
    if let (Some(route), Some(terms)) = (call.facts.route, &call.terms)
        && let Some(ending) = &terms.publication(route.publication).ending
    {
        announce(ending, headers);
    }
}

/// That a version is on its way out (F33), in the place of whatever its upstream says of itself.
fn announce(ending: &Ending, headers: &mut HeaderMap) {
    headers.insert(DEPRECATION, ending.deprecation.clone());
    match &ending.sunset {
        Some(sunset) => headers.insert(SUNSET, sunset.clone()),
        None => headers.remove(SUNSET),
    };
    for link in &ending.links {
        headers.append(LINK, link.clone());
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
            "x-http-method-override",
            "x_http_method_override",
            "x-original-url",
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
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_bytes(b"a=\xe9; WayLeave=2; b").unwrap());
        strip_cookies(&["wayleave".into()], &mut headers);
        assert_eq!(headers[COOKIE].as_bytes(), b"a=\xe9; b");
    }
}

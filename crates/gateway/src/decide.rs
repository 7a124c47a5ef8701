//! Phase 2: may this call pass? Reads the address, then asks the one pure decision of the snapshot.

use crate::call::Call;
use crate::identify::{Evidence, Place, identify};
use crate::wire::REFUSED_METHOD;
use base::ProblemKind;
use http::header::{HOST, UPGRADE, VIA};
use http::request::Parts;
use http::{HeaderMap, Method, Uri};
use snapshot::{Ask, Refusal, Rule};
use std::borrow::Cow;

/// How often a call may pass gateways like this one. An upstream that is the gateway itself would make one call an
/// endless one, and it takes no more than a provider who enters that address.
const MOST_HOPS: usize = 5;
/// How a gateway signs in `Via`.
const VIA_US: &str = "1.1 wayleave";

/// Decides, and notes on the call what the decision rests on.
pub(crate) fn decide(call: &mut Call, parts: &Parts) -> Result<(), Refusal> {
    readable(call, parts)?;
    let path = match snapshot::normalise(call.uri.path()) {
        Ok(Cow::Borrowed(path)) => path.to_owned(),
        Ok(Cow::Owned(path)) => path,
        Err(fault) => return Err(unreadable(fault.detail())),
    };
    let host = host(&call.uri, &parts.headers)?;
    let core = &call.core;
    let handle = &core.handle;
    let evidence = Evidence { core, headers: &parts.headers, query: call.uri.query(), now: call.at };
    let ask = Ask { method: call.method.as_str(), host, path: &path };
    let mut reader = core.reader.borrow_mut();
    let (decision, terms, place) = handle.known.read(&mut reader, |terms, tables| {
        let mut place = Place::Nowhere;
        let decision = snapshot::decide(terms, tables, call.at, ask, |accepts| {
            let (presented, found) = identify(&evidence, terms, accepts);
            place = found;
            presented
        });
        (decision, terms.clone(), place)
    });
    drop(reader);
    call.path = path;
    call.facts = decision.facts;
    call.terms = Some(terms);
    call.consumed = place;
    match decision.refusal {
        None => Ok(()),
        Some(refusal) => Err(*refusal),
    }
}

fn unreadable(detail: &str) -> Refusal {
    Refusal::new(ProblemKind::Unreadable, Rule::Route, detail)
}

/// Refuses what cannot be forwarded, whatever it asks for.
fn readable(call: &mut Call, parts: &Parts) -> Result<(), Refusal> {
    if call.method.as_str() == REFUSED_METHOD
        && let Some(violation) = call.link.watch.violation()
    {
        call.close = true;
        let kind = if violation.is_size() { ProblemKind::TooLarge } else { ProblemKind::Unreadable };
        return Err(Refusal::new(kind, Rule::Route, violation.detail()));
    }
    if matches!(call.method, Method::CONNECT | Method::TRACE) {
        // CONNECT would make a tunnel of the gateway; TRACE would show the caller what the gateway adds.
        call.close = call.method == Method::CONNECT;
        let mut refusal =
            Refusal::new(ProblemKind::MethodNotAllowed, Rule::Route, format!("{} is never forwarded.", call.method));
        refusal.allow = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(str::to_owned).to_vec();
        return Err(refusal);
    }
    let passed = parts.headers.get_all(VIA).iter().flat_map(|v| v.as_bytes().split(|b| *b == b','));
    if passed.filter(|hop| hop.trim_ascii().ends_with(VIA_US.as_bytes())).count() >= MOST_HOPS {
        let detail =
            format!("The call has passed gateways like this one {MOST_HOPS} times: an upstream leads back here.");
        return Err(Refusal::new(ProblemKind::UpstreamBroken, Rule::Route, detail));
    }
    let wants = |word: &str| {
        let values = parts.headers.get_all(UPGRADE).iter().filter_map(|v| v.to_str().ok());
        values.flat_map(|v| v.split(',')).any(|v| v.trim().eq_ignore_ascii_case(word))
    };
    if parts.headers.contains_key(UPGRADE) && wants("websocket") {
        return Err(unreadable("This gateway does not forward WebSocket connections; call without `Upgrade`."));
    }
    Ok(())
}

/// The host that the call names, without its port. HTTP/2 may name it twice; then both must be the same.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Result<&'a str, Refusal> {
    let mut fields = headers.get_all(HOST).iter();
    let (field, second) = (fields.next(), fields.next());
    if second.is_some() {
        return Err(unreadable("There is more than one Host field; send one."));
    }
    let field = field.map(|value| value.to_str().map_err(|_| unreadable("The Host field is not readable.")));
    let field = field.transpose()?;
    let authority = uri.authority().map(http::uri::Authority::as_str);
    let named = match (authority, field) {
        (Some(authority), Some(field)) if !authority.eq_ignore_ascii_case(field) => {
            return Err(unreadable("The target and the Host field name different hosts."));
        }
        (Some(named), _) | (None, Some(named)) => named,
        (None, None) => "",
    };
    Ok(without_port(named))
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !host.ends_with(':') => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_not_part_of_the_host() {
        for (authority, host) in [
            ("a.example", "a.example"),
            ("a:80", "a"),
            ("a:", "a"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
            ("", ""),
        ] {
            assert_eq!(without_port(authority), host);
        }
    }
}

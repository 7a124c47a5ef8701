//! Phase 4: to the upstream and back, streaming both ways.

use crate::body::{Outgoing, Progress, Upload};
use crate::call::Call;
use crate::headers;
use crate::identify::Place;
use crate::identify::key::decoded;
use crate::upstream::{ConnectFault, Lease};
use base::ProblemKind;
use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use snapshot::{KeyPlace, Publication, Refusal, Route, Rule, Upstream};
use std::borrow::Cow;
use std::rc::Rc;

/// Forwards the call and answers with what the upstream answered.
pub(crate) async fn forward(call: &mut Call, parts: Parts, body: Incoming) -> Result<Response<Outgoing>, Refusal> {
    let (Some(route), Some(terms)) = (call.facts.route, call.terms.clone()) else {
        return Err(refusal(ProblemKind::Internal, "The call has no address."));
    };
    let publication = terms.publication(route.publication);
    let progress = Rc::new(Progress::default());
    let request = outgoing(parts, body, &progress);
    let exchange = Exchange { call, publication, route, progress };
    let (response, lease) = exchange.run(request).await?;
    let (mut parts, body) = response.into_parts();
    if parts.status == StatusCode::SWITCHING_PROTOCOLS {
        return Err(refusal(ProblemKind::UpstreamBroken, "The upstream switched protocols without being asked to."));
    }
    parts.version = Version::HTTP_11;
    headers::clean_answer(parts.status, &call.core.handle.config.cookies_to_strip, &mut parts.headers);
    Ok(Response::from_parts(parts, Outgoing::stream(body, lease)))
}

fn refusal(kind: ProblemKind, detail: impl Into<String>) -> Refusal {
    Refusal::new(kind, Rule::Upstream, detail)
}

/// The request as it leaves, but for what depends on the upstream.
fn outgoing(mut parts: Parts, body: Incoming, progress: &Rc<Progress>) -> Request<Upload> {
    parts.version = Version::HTTP_11;
    parts.extensions.clear();
    let body = if hyper::body::Body::is_end_stream(&body) {
        Upload::Empty
    } else {
        if !parts.headers.contains_key(CONTENT_LENGTH) {
            // Said explicitly, because the library would send no body at all with GET otherwise.
            parts.headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        }
        Upload::Stream(body, Rc::clone(progress))
    };
    Request::from_parts(parts, body)
}

struct Exchange<'a> {
    call: &'a Call,
    publication: &'a Publication,
    route: Route,
    progress: Rc<Progress>,
}

impl Exchange<'_> {
    /// Tries the upstreams in turn until one can be connected to, then sends.
    async fn run(&self, mut request: Request<Upload>) -> Result<(Response<Incoming>, Lease), Refusal> {
        let upstreams = &self.publication.upstreams;
        let pool = &self.call.core.pool;
        let first = if upstreams.len() > 1 { pool.turn() } else { 0 };
        let mut fault = refusal(ProblemKind::UpstreamUnreachable, "No usable upstream address is configured.");
        for at in 0..upstreams.len() {
            let upstream = &upstreams[(first + at) % upstreams.len()];
            let peer = pool.peer(upstream);
            self.address(&mut request, upstream)?;
            request.headers_mut().insert(HOST, peer.host_value.clone());
            let mut fresh = false;
            loop {
                let lease = match pool.lease(&peer, fresh).await {
                    Ok(lease) => lease,
                    Err(why) => {
                        fault = connect_refusal(&why);
                        break;
                    }
                };
                match self.send(lease, request, fresh).await? {
                    Sent::Answered(answer) => return Ok(*answer),
                    // The connection had died while idle: once more, on a new one.
                    Sent::Unsent(back) => (request, fresh) = (*back, true),
                }
            }
        }
        Err(fault)
    }

    /// Writes the target at an upstream into the request.
    fn address(&self, request: &mut Request<Upload>, upstream: &Upstream) -> Result<(), Refusal> {
        let rest = self.call.path.get(self.route.rest..).unwrap_or_default();
        let query = self.query();
        let length = upstream.base_path.len() + rest.len() + query.as_ref().map_or(0, |q| q.len() + 1);
        let mut target = String::with_capacity(length.max(1));
        target.push_str(&upstream.base_path);
        target.push_str(rest);
        if target.is_empty() {
            target.push('/');
        }
        if let Some(query) = query {
            target.push('?');
            target.push_str(&query);
        }
        let unusable = |_| refusal(ProblemKind::Unreadable, "The path or query has characters that no URL may have.");
        *request.uri_mut() = Uri::from(PathAndQuery::from_maybe_shared(bytes::Bytes::from(target)).map_err(unusable)?);
        Ok(())
    }

    /// The query without a consumed key, and with what the version or the operation changes on it.
    fn query(&self) -> Option<Cow<'_, str>> {
        let query = self.call.uri.query();
        let treatment = self.publication.treatment(self.route.operation);
        let consumed = match self.call.consumed {
            Place::Key(at) => match treatment.accepts.key_places.get(at) {
                Some(KeyPlace::Query(name)) => Some(name.as_str()),
                _ => None,
            },
            _ => None,
        };
        let rewrite = treatment.rewrite.as_deref().filter(|rewrite| rewrite.is_about_queries());
        if consumed.is_none() && rewrite.is_none() {
            return query.map(Cow::Borrowed);
        }
        let stays = |pair: &&str| {
            let name = decoded(pair.split('=').next().unwrap_or(pair));
            Some(&*name) != consumed && !rewrite.is_some_and(|r| r.query_gone.iter().any(|gone| *gone == *name))
        };
        let mut kept: Vec<&str> = query.into_iter().flat_map(|query| query.split('&')).filter(stays).collect();
        kept.extend(rewrite.map(|r| r.query_more.as_str()).filter(|more| !more.is_empty()));
        (!kept.is_empty()).then(|| Cow::Owned(kept.join("&")))
    }

    async fn send(&self, mut lease: Lease, request: Request<Upload>, again: bool) -> Result<Sent, Refusal> {
        let reused = lease.uses > 0;
        let spare = (!again && lease.may_be_dead()).then(|| copy(&request)).flatten();
        let sending = lease.sender.try_send_request(request);
        match self.in_time(sending).await {
            None => {
                let limit = self.call.core.handle.config.upstream_response_timeout;
                let detail = format!("The upstream did not begin to answer within {} ms.", limit.as_millis());
                Err(refusal(ProblemKind::UpstreamTimeout, detail))
            }
            Some(Ok(response)) => Ok(Sent::Answered(Box::new((response, lease)))),
            Some(Err(mut fault)) => match fault.take_message() {
                // Not a byte of it was written.
                Some(request) if reused && !again => Ok(Sent::Unsent(Box::new(request))),
                _ => match spare {
                    // It was written to a connection that was closing; asking twice does no harm.
                    Some(request) if is_cut_off(&fault) => Ok(Sent::Unsent(Box::new(request))),
                    _ => Err(self.broken(fault)),
                },
            },
        }
    }

    /// Waits for the answer's head. The time counts from the last progress of the request's body, so that a long
    /// upload is not an upstream's delay.
    async fn in_time<F: Future>(&self, sending: F) -> Option<F::Output> {
        let limit = self.call.core.handle.config.upstream_response_timeout;
        let mut sending = std::pin::pin!(sending);
        let mut seen = self.progress.frames.get();
        loop {
            match tokio::time::timeout(limit, sending.as_mut()).await {
                Ok(answer) => return Some(answer),
                Err(_) if self.progress.frames.get() != seen => seen = self.progress.frames.get(),
                Err(_) => return None,
            }
        }
    }

    fn broken<T>(&self, fault: TrySendError<T>) -> Refusal {
        let error = fault.into_error();
        tracing::debug!(target: "gateway", "an upstream did not answer: {error}");
        if self.progress.failed.get() {
            let detail = self.call.link.watch.violation().map_or("The body of the request broke off.", |v| v.detail());
            return Refusal::new(ProblemKind::Unreadable, Rule::Route, detail);
        }
        if error.is_parse() {
            return refusal(ProblemKind::UpstreamBroken, "The upstream's answer is not HTTP.");
        }
        refusal(ProblemKind::UpstreamBroken, "The upstream closed the connection before it answered.")
    }
}

enum Sent {
    Answered(Box<(Response<Incoming>, Lease)>),
    Unsent(Box<Request<Upload>>),
}

fn is_cut_off(fault: &TrySendError<Request<Upload>>) -> bool {
    let error = fault.error();
    error.is_incomplete_message() || error.is_canceled() || error.is_closed()
}

/// A copy of a request that may be sent twice: idempotent (RFC 9110 section 9.2.2) and without a body.
fn copy(request: &Request<Upload>) -> Option<Request<Upload>> {
    let idempotent =
        matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::DELETE);
    if !idempotent || !matches!(request.body(), Upload::Empty) {
        return None;
    }
    let mut copy = Request::new(Upload::Empty);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    Some(copy)
}

fn connect_refusal(fault: &ConnectFault) -> Refusal {
    match fault {
        ConnectFault::Slow(limit) => {
            let detail = format!("The upstream did not accept a connection within {} ms.", limit.as_millis());
            refusal(ProblemKind::UpstreamUnreachable, detail)
        }
        ConnectFault::Refused(error) => {
            tracing::debug!(target: "gateway", "an upstream cannot be reached: {error}");
            refusal(ProblemKind::UpstreamUnreachable, "The upstream does not accept connections.")
        }
    }
}

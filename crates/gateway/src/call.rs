//! One call, carried through the five phases: identify, decide, meter, forward, record.
//!
//! **Invariant:** every call, however it ends, ends in [`crate::record`], even when the caller leaves halfway.

use crate::body::Outgoing;
use crate::core::Core;
use crate::identify::Place;
use crate::ids::CallId;
use crate::meter::LimitFields;
use crate::watch::{Busy, Watch};
use crate::{decide, forward, headers, meter, record, refuse};
use base::Timestamp;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use hyper::body::Incoming;
use snapshot::{Facts, Held, Refusal};
use std::cell::RefCell;
use std::rc::Rc;

/// What the calls of one connection share.
#[derive(Debug)]
pub(crate) struct Link {
    pub watch: Rc<Watch>,
    /// The caller's address as `X-Forwarded-For` carries it.
    pub peer: HeaderValue,
    /// The last `Host` and the `Forwarded` that belongs to it: most connections name one host only.
    pub forwarded: RefCell<Option<(HeaderValue, HeaderValue)>>,
}

impl Link {
    pub(crate) fn new(watch: Rc<Watch>) -> Self {
        let peer = headers::peer_value(&watch.peer);
        Self { watch, peer, forwarded: RefCell::new(None) }
    }
}

/// A call on its way.
#[derive(Debug)]
pub(crate) struct Call {
    pub core: Rc<Core>,
    pub link: Rc<Link>,
    /// When its head was read.
    pub at: Timestamp,
    pub id: CallId,
    pub method: Method,
    /// As it was asked for.
    pub uri: Uri,
    /// The canonical path; empty until the address was read.
    pub path: String,
    pub facts: Facts,
    pub terms: Option<Held>,
    pub consumed: Place,
    pub limits: Option<LimitFields>,
    /// The caller sent bytes after which nothing on its connection can be trusted.
    pub close: bool,
    pub recorded: bool,
}

/// Answers a request.
pub(crate) async fn serve(core: Rc<Core>, link: Rc<Link>, request: Request<Incoming>) -> Response<Outgoing> {
    let busy = Busy::new(&link.watch);
    let (mut parts, body) = request.into_parts();
    let mut call = Call::begin(core, link, &mut parts);
    let (mut response, refusal) = match phases(&mut call, parts, body).await {
        Ok(response) => (response, None),
        Err(refusal) => (refuse::answer(&call, &refusal), Some(refusal)),
    };
    headers::stamp(&mut response, &call);
    record::record(&mut call, response.status(), refusal.as_ref());
    response.body_mut().keep(busy);
    response
}

async fn phases(call: &mut Call, mut parts: Parts, body: Incoming) -> Result<Response<Outgoing>, Refusal> {
    decide::decide(call, &parts)?;
    meter::meter(call).await?;
    headers::rewrite(call, &mut parts);
    forward::forward(call, parts, body).await
}

impl Call {
    fn begin(core: Rc<Core>, link: Rc<Link>, parts: &mut Parts) -> Self {
        let at = core.handle.config.clock.now();
        let id = core.ids.borrow_mut().next(at);
        Self {
            at,
            id,
            method: parts.method.clone(),
            uri: std::mem::take(&mut parts.uri),
            path: String::new(),
            facts: Facts::default(),
            terms: None,
            consumed: Place::Nowhere,
            limits: None,
            close: false,
            recorded: false,
            core,
            link,
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.recorded {
            // 499 as nginx says it: the caller closed the connection before there was an answer.
            record::record(self, StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST), None);
        }
    }
}

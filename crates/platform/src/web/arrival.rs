//! How a request came in: from where, and whether it is one that may have come before.

use crate::cx::Platform;
use crate::once::{self, Once};
use crate::web::frame::RequestName;
use crate::web::{Fail, user_agent};
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use std::net::IpAddr;
use std::sync::Arc;
use store::log::Origin;

/// The address of whoever opened the connection, in the extensions of a request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// How a request came in.
#[derive(Debug)]
pub struct Arrival {
    /// From where. Its name is that of the request.
    pub origin: Origin,
    /// What it holds under its `Idempotency-Key`, if it has one.
    pub once: Option<Arc<Once>>,
}

impl Arrival {
    /// How this request came in.
    pub fn of(parts: &Parts) -> Option<Arc<Self>> {
        parts.extensions.get::<Arc<Self>>().cloned()
    }
}

/// Where a request came from. A proxy in between is where it came from: nobody vouches for what it forwards.
pub(super) fn origin(request: &Request) -> Origin {
    let peer = request.extensions().get::<Peer>();
    Origin::new(peer.map(|peer| peer.0.to_canonical().to_string()).unwrap_or_default(), user_agent(request.headers()))
}

/// Lets a request in under its name, with what it holds under its `Idempotency-Key`; or answers at once, if it was
/// answered before.
pub(super) async fn enter(
    platform: &Platform,
    mut request: Request,
    origin: Origin,
    name: &str,
) -> Result<(Request, Option<Arc<Once>>), Response> {
    request.extensions_mut().insert(RequestName(name.to_owned()));
    let once = match once::begin(platform, &mut request, &origin.address).await {
        Ok(once::Begun::Go(once)) => once,
        Ok(once::Begun::Answered(response)) => return Err(response),
        Err(problem) => return Err(Fail(problem).into_response()),
    };
    request.extensions_mut().insert(Arc::new(Arrival { origin, once: once.clone() }));
    Ok((request, once))
}

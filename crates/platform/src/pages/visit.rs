//! Somebody looks at a page: who they are by their cookie, how they want it to look, and what their forms are bound to.

use super::form;
use super::look::Look;
use crate::cx::{Cx, Platform};
use crate::user;
use crate::web::{self, Fail, RequestName};
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// A request for a page. Unlike [`Cx`] by itself it knows people by their session only, and lets a form speak for itself:
/// whoever answers one checks [`form::from_own_page`] and [`form::has_token`].
pub struct Visit {
    /// Who asks, and when.
    pub cx: Cx,
    /// How the page is to look.
    pub look: Look,
    /// What the browser sent beside the address.
    pub headers: HeaderMap,
    /// The address without host.
    pub address: String,
    binding: Option<String>,
}

impl FromRequestParts<Platform> for Visit {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, platform: &Platform) -> Result<Self, Fail> {
        let now = platform.clock.now();
        let request = parts.extensions.get::<RequestName>().map(|name| name.0.clone()).unwrap_or_default();
        let who = web::by_cookie(parts, platform, now).await?;
        let mut look = Look::from_headers(&parts.headers);
        let arrival = web::Arrival::of(parts);
        let cx = Cx { platform: platform.clone(), who, now, request, if_match: None, arrival, token: None };
        if let Some(who) = &cx.who {
            let found = user::find(&mut *cx.read().await?, &who.id).await?;
            look = look.preferring(found.and_then(|user| user.language));
        }
        Ok(Self {
            look,
            address: parts.uri.path_and_query().map_or("/", |address| address.as_str()).to_owned(),
            binding: form::binding(&parts.headers).map(str::to_owned),
            headers: parts.headers.clone(),
            cx,
        })
    }
}

impl Visit {
    /// What the forms of this browser are bound to: its session, or the cookie that came with the form.
    fn bound_to(&self) -> Option<&str> {
        let session = self.cx.who.as_ref().and_then(|who| who.session.as_ref());
        session.map(|session| session.lineage.as_str()).or(self.binding.as_deref())
    }

    /// Sees to it that forms can be bound to this browser. Answers the cookie to set, if it has none yet.
    pub fn bind(&mut self) -> Option<String> {
        if self.bound_to().is_some() {
            return None;
        }
        let value = form::new_binding();
        let cookie = form::cookie(Some(&value));
        self.binding = Some(value);
        Some(cookie)
    }

    /// The token that a form on this page carries, if anything binds it.
    pub fn token(&self) -> Option<String> {
        self.bound_to().map(|binding| form::token(&self.cx.platform, binding))
    }
}

/// Sends the browser to a path of ours, as a new GET.
pub fn go(path: &str) -> Response {
    with(StatusCode::SEE_OTHER.into_response(), header::LOCATION, path)
}

/// The same answer with one more header.
pub fn with(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(name, value);
    }
    response
}

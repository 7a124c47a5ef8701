//! What people see in a browser: the pages that are rendered here and need no script (signing in, first set-up, signing
//! out, errors), and the console, whose files and page are served here.
//!
//! **Invariant:** every page obeys one content security policy, forms included; a form is answered only if it carries a
//! token that is bound to the browser which got it; nobody is sent anywhere but to a path of our own.

mod agreement;
mod catalogue;
mod console;
mod development;
mod failure;
mod files;
mod form;
mod frame;
mod logout;
mod look;
mod register;
mod setup;
mod sign_in;
mod target;
mod verify;
mod visit;

pub(crate) use failure::{failure, wants_page};
pub use files::{File, Files};
pub(crate) use form::FORM_COOKIE;
pub(crate) use look::Look;

use crate::cx::Platform;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderName, HeaderValue, header};

pub(crate) use console::elsewhere;

/// The cookies that belong to this portal alone: a gateway that shares its host name keeps them from upstreams.
pub const COOKIES: [&str; 2] = [crate::user::SESSION_COOKIE, FORM_COOKIE];

/// The stylesheet of the pages: the console's design tokens, and what the pages need beside them.
const STYLE: &str = concat!(include_str!("../../../../console/src/tokens.css"), include_str!("pages.css"));

/// What a page of ours may do: load what we serve, and nothing inline. The same for all.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// What no page of ours uses; writing to the clipboard is what copy buttons do.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), \
    clipboard-write=(self), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), \
    usb=(), xr-spatial-tracking=()";

/// The pages that are rendered here.
pub(crate) fn routes() -> Router<Platform> {
    Router::new()
        .route("/login", get(sign_in::show).post(sign_in::take))
        .route("/register", get(register::show).post(register::take))
        .route("/verify-email", get(verify::show).post(verify::take))
        .route("/setup", get(setup::show).post(setup::take))
        .route("/agreement", get(agreement::show).post(agreement::take))
        .route("/logout", get(logout::show).post(logout::take))
        .route("/signed-out", get(logout::signed_out))
        .route("/pages/language", get(look::choose))
        .route("/pages/style.css", get(style))
}

async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, STYLE).into_response()
}

/// A page of ours with the headers that every one of them has. It is not kept anywhere unless the caller says so.
pub(crate) fn page(html: String) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

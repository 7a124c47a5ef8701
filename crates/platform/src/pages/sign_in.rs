//! `/login`: a name and a password.

use super::catalogue::{filled, words};
use super::form::{self, Fields, TOKEN};
use super::frame::{self, Field};
use super::target::own_path;
use super::visit::{Visit, go, with};
use super::{look, page};
use crate::cx::Registration;
use crate::user::{self, Begun};
use crate::web::{self, Fail};
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use base::{Problem, ProblemKind};
use http::{StatusCode, header};
use maud::html;

/// Where to go after signing in.
#[derive(Default, serde::Deserialize)]
pub struct Way {
    #[serde(default)]
    pub return_to: String,
}

/// Answers the form, or sends on whoever has signed in already.
pub async fn show(mut visit: Visit, Query(way): Query<Way>) -> Response {
    if visit.cx.who.is_some() {
        return go(own_path(&way.return_to));
    }
    form(&mut visit, StatusCode::OK, None, "", &way.return_to)
}

/// Takes the form.
pub async fn take(mut visit: Visit, fields: Fields) -> Result<Response, Fail> {
    form::from_own_page(&visit)?;
    let (name, back) = (fields.get("username"), fields.get("return_to"));
    let text = words(visit.look.language);
    if !form::has_token(&visit, &fields) {
        return Ok(form(&mut visit, StatusCode::FORBIDDEN, Some(text.form_stale), name, back));
    }
    let agent = web::user_agent(&visit.headers);
    match user::sign_in(&visit.cx, name, fields.get("password").to_owned(), agent).await {
        Ok(begun) => Ok(enter(&visit, &begun, own_path(back))),
        Err(problem) => {
            let wait = problem.extra.get("retry_after_seconds").map(ToString::to_string);
            let (status, message) = refused(&visit, &problem, wait.as_deref()).ok_or(problem)?;
            let answer = form(&mut visit, status, Some(&message), name, back);
            Ok(match wait {
                Some(seconds) => with(answer, header::RETRY_AFTER, &seconds),
                None => answer,
            })
        }
    }
}

/// What the form says of a refusal that the person can do something about.
fn refused(visit: &Visit, problem: &Problem, wait: Option<&str>) -> Option<(StatusCode, String)> {
    let text = words(visit.look.language);
    match problem.kind {
        // Not 401: that would have to name a scheme of HTTP's own authentication.
        ProblemKind::SignInFailed => Some((StatusCode::UNPROCESSABLE_ENTITY, text.wrong_password.to_owned())),
        ProblemKind::SlowDown => Some((StatusCode::TOO_MANY_REQUESTS, filled(text.slow_down, wait.unwrap_or("60")))),
        ProblemKind::Unavailable => Some((StatusCode::SERVICE_UNAVAILABLE, text.busy.to_owned())),
        _ => None,
    }
}

/// Lets somebody in whose session has just begun: to the set-up if that is still to be done, else where they wanted to go.
pub fn enter(visit: &Visit, begun: &Begun, target: &str) -> Response {
    let to = if begun.session.must_set_up { "/setup" } else { target };
    let cookie = user::session_cookie_value(&visit.cx.platform, Some(begun.secret.reveal()));
    let mut response = with(go(to), header::SET_COOKIE, &cookie);
    response = with(response, header::SET_COOKIE, &form::cookie(None));
    // The console reads the language from the cookie before it knows who looks at it.
    if let Some(language) = begun.user.language {
        response.headers_mut().append(header::SET_COOKIE, look::cookie(&visit.cx.platform, language));
    }
    response
}

fn form(visit: &mut Visit, status: StatusCode, message: Option<&str>, name: &str, back: &str) -> Response {
    let cookie = visit.bind();
    let text = words(visit.look.language);
    let back = own_path(back);
    let is_open = visit.cx.platform.settings.registration == Registration::Open;
    let username = Field {
        name: "username",
        kind: "text",
        label: text.username,
        hint: None,
        value: name,
        autocomplete: "username",
        required: true,
        wrong: None,
        first: name.is_empty(),
        fixed: false,
    };
    let password = Field {
        name: "password",
        kind: "password",
        label: text.password,
        value: "",
        autocomplete: "current-password",
        first: !name.is_empty(),
        ..username
    };
    let query = if back == "/" { String::new() } else { format!("?return_to={}", frame::escaped(back)) };
    let main = html! {
        p.lead { (text.sign_in_lead) }
        (frame::alert(message))
        form method="post" action="/login" {
            input type="hidden" name=(TOKEN) value=[visit.token()];
            input type="hidden" name="return_to" value=(back);
            (username.markup(text))
            (password.markup(text))
            p.actions { button type="submit" { (text.sign_in) } }
        }
        @if is_open { p.aside { (text.new_here) " " a href={ "/register" (query) } { (text.register_link) } } }
        p.aside { (text.forgotten) }
    };
    let html = frame::whole(&visit.look, text.sign_in, &format!("/login{query}"), &main);
    let response = (status, page(html)).into_response();
    match cookie {
        Some(cookie) => with(response, header::SET_COOKIE, &cookie),
        None => response,
    }
}

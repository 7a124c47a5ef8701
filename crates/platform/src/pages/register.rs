//! `/register`: an account for whoever wants one, where the setting `registration` is `open`.

use super::catalogue::{Words, words};
use super::form::{self, Fields, TOKEN};
use super::frame::{self, Field};
use super::page;
use super::sign_in::{Way, enter};
use super::target::own_path;
use super::visit::{Visit, go, with};
use crate::cx::Registration;
use crate::user::{self, NewUser};
use crate::web::{self, Fail};
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use base::{Problem, ProblemKind};
use http::{StatusCode, header};
use maud::html;

/// What has been filled in, and what is wrong with it.
#[derive(Default)]
struct Filled<'a> {
    username: &'a str,
    display_name: &'a str,
    email: &'a str,
    back: &'a str,
    problem: Option<&'a Problem>,
    stale: bool,
}

/// Answers the form, or says that there is none.
pub async fn show(mut visit: Visit, Query(way): Query<Way>) -> Response {
    if visit.cx.who.is_some() {
        return go(own_path(&way.return_to));
    }
    if visit.cx.platform.settings.registration == Registration::Closed {
        return closed(&visit);
    }
    form(&mut visit, StatusCode::OK, &Filled { back: &way.return_to, ..Filled::default() })
}

/// Takes the form; whoever registers is signed in.
pub async fn take(mut visit: Visit, fields: Fields) -> Result<Response, Fail> {
    form::from_own_page(&visit)?;
    if visit.cx.platform.settings.registration == Registration::Closed {
        return Ok(closed(&visit));
    }
    let mut filled = Filled {
        username: fields.get("username"),
        display_name: fields.get("display_name"),
        email: fields.get("email"),
        back: fields.get("return_to"),
        ..Filled::default()
    };
    if !form::has_token(&visit, &fields) {
        filled.stale = true;
        return Ok(form(&mut visit, StatusCode::FORBIDDEN, &filled));
    }
    let new = NewUser {
        username: filled.username.to_owned(),
        display_name: Some(filled.display_name.to_owned()).filter(|name| !name.trim().is_empty()),
        email: filled.email.to_owned(),
        password: fields.get("password").to_owned(),
        language: None,
    };
    match user::register(&visit.cx, new).await {
        Ok((user, _)) => {
            let agent = web::user_agent(&visit.headers);
            let begun = user::sign_in(&visit.cx, &user.username, fields.get("password").to_owned(), agent).await?;
            Ok(enter(&visit, &begun, own_path(filled.back)))
        }
        Err(problem) if matches!(problem.kind, ProblemKind::Invalid | ProblemKind::Exists) => {
            filled.problem = Some(&problem);
            Ok(form(&mut visit, web::status(&problem), &filled))
        }
        Err(problem) => Err(problem.into()),
    }
}

fn closed(visit: &Visit) -> Response {
    let text = words(visit.look.language);
    let main = html! {
        p.lead { (text.register_closed) }
        p.actions { a.button href="/login" { (text.sign_in) } }
    };
    let html = frame::whole(&visit.look, text.register_closed_title, "/register", &main);
    (StatusCode::FORBIDDEN, page(html)).into_response()
}

/// What a field is told of a refusal, in the visitor's language.
pub fn fault(text: &Words, problem: Option<&Problem>, pointer: &str) -> Option<&'static str> {
    let problem = problem.filter(|problem| problem.fields.iter().any(|field| field.pointer == pointer))?;
    Some(match pointer {
        "/username" if problem.kind == ProblemKind::Exists => text.username_taken,
        "/username" => text.username_wrong,
        "/email" => text.email_wrong,
        "/password" => text.password_wrong,
        _ => text.display_name_wrong,
    })
}

fn form(visit: &mut Visit, status: StatusCode, filled: &Filled<'_>) -> Response {
    let cookie = visit.bind();
    let text = words(visit.look.language);
    let back = own_path(filled.back);
    let query = if back == "/" { String::new() } else { format!("?return_to={}", frame::escaped(back)) };
    let message = match filled {
        Filled { stale: true, .. } => Some(text.form_stale),
        Filled { problem: Some(_), .. } => Some(text.fields_wrong),
        _ => None,
    };
    let main = html! {
        p.lead { (text.register_lead) }
        (frame::alert(message))
        form method="post" action="/register" {
            input type="hidden" name=(TOKEN) value=[visit.token()];
            input type="hidden" name="return_to" value=(back);
            @for field in fields(text, filled) { (field.markup(text)) }
            p.actions { button type="submit" { (text.register) } }
        }
        p.aside { (text.have_account) " " a href={ "/login" (query) } { (text.sign_in) } }
    };
    let html = frame::whole(&visit.look, text.register, &format!("/register{query}"), &main);
    let response = (status, page(html)).into_response();
    match cookie {
        Some(cookie) => with(response, header::SET_COOKIE, &cookie),
        None => response,
    }
}

fn fields<'a>(text: &'a Words, filled: &Filled<'a>) -> [Field<'a>; 4] {
    let of = |name: &'a str, kind: &'a str, label: &'a str, hint: Option<&'a str>, value: &'a str| Field {
        name,
        kind,
        label,
        hint,
        value,
        autocomplete: name,
        required: name != "display_name",
        wrong: fault(text, filled.problem, &format!("/{name}")),
        first: name == "username",
        fixed: false,
    };
    let named = of("display_name", "text", text.display_name, Some(text.display_name_hint), filled.display_name);
    let password = of("password", "password", text.password, Some(text.password_hint), "");
    [
        of("username", "text", text.username, Some(text.username_hint), filled.username),
        Field { autocomplete: "name", ..named },
        of("email", "email", text.email, None, filled.email),
        Field { autocomplete: "new-password", ..password },
    ]
}

//! `/agreement`: the platform's own text, which everybody who signs in accepts, and again when it changes.

use super::catalogue::{filled, words};
use super::form::{self, Fields, TOKEN};
use super::frame;
use super::page;
use super::target::own_path;
use super::visit::{Visit, go, with};
use crate::agreement::{self, Agreement, Answer};
use crate::docs::markdown;
use crate::user;
use crate::web::Fail;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use base::{Problem, ProblemKind, id};
use http::{StatusCode, header};
use maud::html;

/// Where to go after accepting.
#[derive(Default, serde::Deserialize)]
pub struct Way {
    #[serde(default)]
    pub return_to: String,
}

/// The text that the visitor has yet to accept.
///
/// # Errors
/// Those of the database.
pub async fn awaited(visit: &Visit) -> Result<Option<Agreement>, Problem> {
    match visit.cx.who.as_ref() {
        Some(who) => agreement::awaited(&mut *visit.cx.read().await?, &who.id).await,
        None => Ok(None),
    }
}

/// Shows the text with its two answers to whom it concerns.
pub async fn show(visit: Visit, Query(way): Query<Way>) -> Result<Response, Fail> {
    Ok(match awaited(&visit).await? {
        Some(text) => form(&visit, &text, (StatusCode::OK, None), &way.return_to),
        None => go(if visit.cx.who.is_some() { own_path(&way.return_to) } else { "/login" }),
    })
}

/// Takes an answer: whoever accepts goes on, whoever declines is signed out.
pub async fn take(visit: Visit, fields: Fields) -> Result<Response, Fail> {
    form::from_own_page(&visit)?;
    let back = fields.get("return_to");
    let Some(text) = awaited(&visit).await? else {
        return Ok(go(if visit.cx.who.is_some() { own_path(back) } else { "/login" }));
    };
    let catalogue = words(visit.look.language);
    if !form::has_token(&visit, &fields) {
        return Ok(form(&visit, &text, (StatusCode::FORBIDDEN, Some(catalogue.form_stale)), back));
    }
    let named: Option<id::AgreementId> = base::id::Id::parse(fields.get("agreement")).ok();
    if named.as_ref() != Some(&text.id) {
        // Another version became active while this page was open: that one is what counts.
        return Ok(form(&visit, &text, (StatusCode::CONFLICT, Some(catalogue.agreement_changed)), back));
    }
    let answer = match fields.get("answer") {
        "accepted" => Answer::Accepted,
        "declined" => Answer::Declined,
        _ => return Err(Problem::new(ProblemKind::Unreadable, "The form says neither yes nor no.").into()),
    };
    agreement::answer_own(&visit.cx, &text.id, answer).await?;
    if answer == Answer::Accepted {
        return Ok(go(own_path(back)));
    }
    user::sign_out(&visit.cx).await?;
    let cookie = user::session_cookie_value(&visit.cx.platform, None);
    Ok(with(go("/signed-out"), header::SET_COOKIE, &cookie))
}

fn form(visit: &Visit, text: &Agreement, (status, message): (StatusCode, Option<&str>), back: &str) -> Response {
    let catalogue = words(visit.look.language);
    let back = own_path(back);
    let query = if back == "/" { String::new() } else { format!("?return_to={}", frame::escaped(back)) };
    let main = html! {
        p.lead { (catalogue.agreement_lead) }
        (frame::alert(message))
        section.legal aria-label=(text.title) tabindex="0" {
            h2 { (text.title) }
            p.hint { (filled(catalogue.agreement_version, &text.number.to_string())) }
            (markdown::render(&text.text, 3))
        }
        form method="post" action="/agreement" {
            input type="hidden" name=(TOKEN) value=[visit.token()];
            input type="hidden" name="return_to" value=(back);
            input type="hidden" name="agreement" value=(text.id.to_string());
            p.actions {
                button type="submit" name="answer" value="accepted" { (catalogue.agreement_accept) } " "
                button.quiet type="submit" name="answer" value="declined" { (catalogue.agreement_decline) }
            }
        }
        p.aside { (catalogue.agreement_declining) }
    };
    (status, page(frame::whole(&visit.look, catalogue.agreement, &format!("/agreement{query}"), &main))).into_response()
}

//! `/verify-email`: the page that the link in a mail leads to. It asks before it does anything, because programs that look at
//! mail follow links too, and it asks the person whose account it is: see `user::confirm`.

use super::catalogue::{Words, filled, words};
use super::form::{self, Fields, TOKEN};
use super::visit::Visit;
use super::{frame, page};
use crate::web::{self, Fail};
use crate::{across, user};
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use base::{Problem, ProblemKind};
use http::StatusCode;
use maud::{Markup, html};

/// What the link carries.
#[derive(serde::Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// Asks whether to confirm.
pub async fn show(visit: Visit, Query(link): Query<Link>) -> Result<Response, Fail> {
    asked(&visit, StatusCode::OK, &link.token, None).await
}

/// Takes the form.
pub async fn take(visit: Visit, fields: Fields) -> Result<Response, Fail> {
    form::from_own_page(&visit)?;
    let (text, token) = (words(visit.look.language), fields.get("token"));
    if visit.cx.who.is_some() && !form::has_token(&visit, &fields) {
        return asked(&visit, StatusCode::FORBIDDEN, token, Some(text.form_stale)).await;
    }
    match across::confirm_address(&visit.cx, token).await {
        Ok((user, _)) => {
            let main = html! {
                p.lead { (filled(text.verify_done_lead, &user.email)) }
                p.actions { a.button href="/me/profile" { (text.verify_go_on) } }
            };
            Ok(whole(&visit, StatusCode::OK, text.verify_done, "/me/profile", &main))
        }
        Err(problem) if problem.kind == ProblemKind::Unauthenticated => {
            asked(&visit, StatusCode::UNAUTHORIZED, token, None).await
        }
        Err(problem) if problem.kind.status() < 500 => {
            let message = refusal(text, &problem);
            asked(&visit, web::status(&problem), token, Some(message)).await
        }
        Err(problem) => Err(problem.into()),
    }
}

fn refusal(text: &Words, problem: &Problem) -> &'static str {
    match problem.kind {
        ProblemKind::Forbidden => text.verify_other,
        ProblemKind::Exists => text.verify_taken,
        _ => text.verify_bad,
    }
}

/// The page with what can be done now: sign in, or confirm.
async fn asked(visit: &Visit, status: StatusCode, token: &str, message: Option<&str>) -> Result<Response, Fail> {
    let text = words(visit.look.language);
    let back = format!("/verify-email?token={}", frame::escaped(token));
    let user = match &visit.cx.who {
        Some(who) => user::find(&mut *visit.cx.read().await?, &who.id).await?,
        None => None,
    };
    let main = match user {
        None => html! {
            p.lead { (text.verify_sign_in) }
            p.actions { a.button href={ "/login?return_to=" (frame::escaped(&back)) } { (text.sign_in) } }
        },
        Some(user) => html! {
            p.lead { (filled(&filled(text.verify_lead, &user.email), &user.username)) }
            (frame::alert(message))
            form method="post" action="/verify-email" {
                input type="hidden" name=(TOKEN) value=[visit.token()];
                input type="hidden" name="token" value=(token);
                p.actions {
                    button type="submit" { (text.verify) } " "
                    a.button.quiet href="/me/profile" { (text.verify_go_on) }
                }
            }
        },
    };
    Ok(whole(visit, status, text.verify, &back, &main))
}

/// `back` is where choosing a language leads: it must not lose the link.
fn whole(visit: &Visit, status: StatusCode, title: &str, back: &str, main: &Markup) -> Response {
    (status, page(frame::whole(&visit.look, title, back, main))).into_response()
}

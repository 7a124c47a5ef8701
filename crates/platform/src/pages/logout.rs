//! `/logout` and `/signed-out`. Signing out takes a form: a link alone, which any site could show as a picture, does not.

use super::catalogue::{filled, words};
use super::form::{self, Fields, TOKEN};
use super::visit::{Visit, go, with};
use super::{frame, page};
use crate::user;
use crate::web::Fail;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use maud::html;

/// Asks whether to sign out.
pub async fn show(visit: Visit) -> Response {
    if visit.cx.who.is_none() {
        return go("/signed-out");
    }
    form(&visit, StatusCode::OK, None)
}

/// Takes the form.
pub async fn take(visit: Visit, fields: Fields) -> Result<Response, Fail> {
    form::from_own_page(&visit)?;
    if visit.cx.who.is_some() {
        if !form::has_token(&visit, &fields) {
            return Ok(form(&visit, StatusCode::FORBIDDEN, Some(words(visit.look.language).form_stale)));
        }
        user::sign_out(&visit.cx).await?;
    }
    let cookie = user::session_cookie_value(&visit.cx.platform, None);
    Ok(with(go("/signed-out"), header::SET_COOKIE, &cookie))
}

fn form(visit: &Visit, status: StatusCode, message: Option<&str>) -> Response {
    let text = words(visit.look.language);
    let name = visit.cx.who.as_ref().map_or("", |who| who.username.as_str());
    let main = html! {
        p.lead { (filled(text.sign_out_lead, name)) }
        (frame::alert(message))
        form method="post" action="/logout" {
            input type="hidden" name=(TOKEN) value=[visit.token()];
            p.actions { button type="submit" { (text.sign_out) } " " a.button.quiet href="/" { (text.stay) } }
        }
    };
    (status, page(frame::whole(&visit.look, text.sign_out, "/logout", &main))).into_response()
}

/// Says that it is done.
pub async fn signed_out(visit: Visit) -> Response {
    if visit.cx.who.is_some() {
        return go("/logout");
    }
    let text = words(visit.look.language);
    let main = html! {
        p.lead { (text.signed_out_lead) }
        p.actions { a.button href="/login" { (text.sign_in_again) } }
    };
    page(frame::whole(&visit.look, text.signed_out, "/signed-out", &main))
}

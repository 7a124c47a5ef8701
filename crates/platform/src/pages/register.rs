//! `/register`: an account for whoever wants one, where the setting `registration` is `open`. Whoever comes by the link of an
//! invitation has read the mail to that address: it counts as proven, and they are a member at once.

use super::catalogue::{Words, filled as with_value, words};
use super::form::{self, Fields, TOKEN};
use super::frame::{self, Field};
use super::page;
use super::sign_in::enter;
use super::target::own_path;
use super::visit::{Visit, go, with};
use crate::across;
use crate::cx::{Cx, Registration, Signed};
use crate::organization::{self, Invitation};
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
    invitation: &'a str,
    problem: Option<&'a Problem>,
    stale: bool,
}

/// Where from, and where to go on.
#[derive(serde::Deserialize)]
pub struct Arrival {
    #[serde(default)]
    return_to: String,
    /// The token of an invitation's link.
    #[serde(default)]
    invitation: String,
}

/// Answers the form, or says that there is none.
pub async fn show(mut visit: Visit, Query(arrival): Query<Arrival>) -> Result<Response, Fail> {
    if visit.cx.who.is_some() {
        // The profile shows the invitations that wait.
        return Ok(go(if arrival.invitation.is_empty() { own_path(&arrival.return_to) } else { "/me/profile" }));
    }
    if visit.cx.platform.settings.registration == Registration::Closed {
        return Ok(closed(&visit));
    }
    let filled = Filled { back: &arrival.return_to, invitation: &arrival.invitation, ..Filled::default() };
    form(&mut visit, StatusCode::OK, &filled).await
}

/// The invitation that brought the visitor here, and the name of the organization.
async fn invited(visit: &Visit, token: &str) -> Result<Option<(Invitation, String)>, Problem> {
    if token.is_empty() {
        return Ok(None);
    }
    let mut tx = visit.cx.read().await?;
    let Some(it) = organization::invitation_by_token(&visit.cx, &mut tx, token).await? else { return Ok(None) };
    let name = organization::find(&mut tx, &it.organization).await?.map(|found| found.name);
    Ok(name.map(|name| (it, name)))
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
        invitation: fields.get("invitation"),
        ..Filled::default()
    };
    let invited = invited(&visit, filled.invitation).await?;
    if !form::has_token(&visit, &fields) {
        filled.stale = true;
        return form(&mut visit, StatusCode::FORBIDDEN, &filled).await;
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
            let came = invited.filter(|(it, _)| it.email == user::fold(&user.email));
            let mut target = own_path(filled.back).to_owned();
            if let Some((it, _)) = came {
                welcome(&visit, &user).await?;
                target = format!("/organizations/{}", it.organization);
            }
            let agent = web::user_agent(&visit.headers);
            let begun = user::sign_in(&visit.cx, &user.username, fields.get("password").to_owned(), agent).await?;
            Ok(enter(&visit, &begun, &target))
        }
        Err(problem) if matches!(problem.kind, ProblemKind::Invalid | ProblemKind::Exists) => {
            filled.problem = Some(&problem);
            form(&mut visit, web::status(&problem), &filled).await
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Takes the invited person's address as proven, in their own name, and lets them in. Where another account has proven it,
/// the new one stays as it is.
async fn welcome(visit: &Visit, user: &user::User) -> Result<(), Problem> {
    let who = Signed { id: user.id.clone(), username: user.username.clone(), site_admin: false, session: None };
    let cx = Cx { who: Some(who), ..visit.cx.clone() };
    match across::vouch_for_address(&cx, &user.id).await {
        Err(problem) if problem.kind != ProblemKind::Exists => Err(problem),
        _ => Ok(()),
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

async fn form(visit: &mut Visit, status: StatusCode, given: &Filled<'_>) -> Result<Response, Fail> {
    let invited = invited(visit, given.invitation).await?;
    let address = invited.as_ref().map(|(it, _)| it.email.clone());
    let cookie = visit.bind();
    let text = words(visit.look.language);
    let back = own_path(given.back);
    let query = if back == "/" { String::new() } else { format!("?return_to={}", frame::escaped(back)) };
    let message = match given {
        Filled { stale: true, .. } => Some(text.form_stale),
        Filled { problem: Some(_), .. } => Some(text.fields_wrong),
        _ => None,
    };
    let main = html! {
        @match &invited {
            Some((_, name)) => { p.lead { (with_value(text.register_invited, name)) } }
            None if !given.invitation.is_empty() => { p.lead { (text.register_invitation_bad) } }
            None => { p.lead { (text.register_lead) } }
        }
        (frame::alert(message))
        form method="post" action="/register" {
            input type="hidden" name=(TOKEN) value=[visit.token()];
            input type="hidden" name="return_to" value=(back);
            @if invited.is_some() { input type="hidden" name="invitation" value=(given.invitation); }
            @for field in fields(text, given, address.as_deref()) { (field.markup(text)) }
            p.actions { button type="submit" { (text.register) } }
        }
        p.aside { (text.have_account) " " a href={ "/login" (query) } { (text.sign_in) } }
    };
    let html = frame::whole(&visit.look, text.register, &format!("/register{query}"), &main);
    let response = (status, page(html)).into_response();
    Ok(match cookie {
        Some(cookie) => with(response, header::SET_COOKIE, &cookie),
        None => response,
    })
}

/// `address` is the one that was invited: it stays.
fn fields<'a>(text: &'a Words, filled: &Filled<'a>, address: Option<&'a str>) -> [Field<'a>; 4] {
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
        Field {
            hint: address.map(|_| text.email_invited),
            fixed: address.is_some(),
            ..of("email", "email", text.email, None, address.unwrap_or(filled.email))
        },
        Field { autocomplete: "new-password", ..password },
    ]
}

//! `/setup`: whoever signs in with a password that was made for them replaces it; the first administrator sets the program
//! up with it.

use super::catalogue::words;
use super::form::{self, Fields, TOKEN};
use super::frame::{self, Field};
use super::register::fault;
use super::sign_in::enter;
use super::visit::{Visit, go};
use super::{look, page};
use crate::user::{self, SetUp, User};
use crate::web::{self, Fail};
use crate::{organization, text};
use axum::response::{IntoResponse, Response};
use base::{Problem, ProblemKind};
use http::StatusCode;
use maud::{Markup, html};

/// What has been filled in, and what is wrong with it.
struct Filled {
    display_name: String,
    email: String,
    organization: String,
    problem: Option<Problem>,
    stale: bool,
}

/// Answers the form to whom it concerns.
pub async fn show(visit: Visit) -> Result<Response, Fail> {
    let Some(user) = concerned(&visit).await? else { return Ok(elsewhere(&visit)) };
    let filled = Filled {
        // Whoever has no address yet was named by the program.
        display_name: Some(user.display_name.clone()).filter(|_| !user.email.is_empty()).unwrap_or_default(),
        email: user.email.clone(),
        organization: String::new(),
        problem: None,
        stale: false,
    };
    Ok(form(&visit, &user, StatusCode::OK, &filled))
}

/// The person who asks, if their password was made for them.
async fn concerned(visit: &Visit) -> Result<Option<User>, Problem> {
    let Some(who) = &visit.cx.who else { return Ok(None) };
    let found = user::find(&mut *visit.cx.read().await?, &who.id).await?;
    Ok(found.filter(|user| user.password_is_generated))
}

fn elsewhere(visit: &Visit) -> Response {
    go(if visit.cx.who.is_some() { "/" } else { "/login" })
}

/// Takes the form.
pub async fn take(visit: Visit, fields: Fields) -> Result<Response, Fail> {
    form::from_own_page(&visit)?;
    let Some(user) = concerned(&visit).await? else { return Ok(elsewhere(&visit)) };
    let mut filled = Filled {
        display_name: fields.get("display_name").to_owned(),
        email: fields.get("email").to_owned(),
        organization: fields.get("organization").trim().to_owned(),
        problem: None,
        stale: !form::has_token(&visit, &fields),
    };
    if filled.stale {
        return Ok(form(&visit, &user, StatusCode::FORBIDDEN, &filled));
    }
    match replace(&visit, &user, &fields, &filled).await {
        Ok(begun) => Ok(enter(&visit, &begun, "/")),
        Err(problem) if problem.kind == ProblemKind::Invalid => {
            let status = web::status(&problem);
            filled.problem = Some(problem);
            Ok(form(&visit, &user, status, &filled))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn replace(visit: &Visit, user: &User, fields: &Fields, filled: &Filled) -> Result<user::Begun, Problem> {
    let founds = user.site_admin && !filled.organization.is_empty();
    if founds {
        // Before anything is written: a name that is refused must leave the form as it was.
        text::name("/organization", &filled.organization)?;
    }
    let new = SetUp {
        password: fields.get("password").to_owned(),
        display_name: filled.display_name.clone(),
        email: filled.email.clone(),
        language: look::chosen(&visit.headers),
    };
    let begun = user::set_up(&visit.cx, new).await?;
    if founds {
        let new = organization::New { name: &filled.organization, ..organization::New::default() };
        organization::create(&visit.cx, &new).await?;
    }
    Ok(begun)
}

fn form(visit: &Visit, user: &User, status: StatusCode, filled: &Filled) -> Response {
    let text = words(visit.look.language);
    let (title, lead) = if user.site_admin { (text.setup, text.setup_lead) } else { (text.renew, text.renew_lead) };
    let message = match filled {
        Filled { stale: true, .. } => Some(text.form_stale),
        Filled { problem: Some(_), .. } => Some(text.fields_wrong),
        _ => None,
    };
    let main = html! {
        p.lead { (lead) }
        (frame::alert(message))
        form method="post" action="/setup" {
            input type="hidden" name=(TOKEN) value=[visit.token()];
            @for field in fields(visit, user, filled) { (field.markup(text)) }
            @if user.site_admin { (addresses(visit)) }
            p.actions { button type="submit" { (text.finish) } }
        }
        p.aside { a href="/logout" { (text.sign_out) } }
    };
    (status, page(frame::whole(&visit.look, title, "/setup", &main))).into_response()
}

fn fields<'a>(visit: &Visit, user: &'a User, filled: &'a Filled) -> Vec<Field<'a>> {
    let text = words(visit.look.language);
    let problem = filled.problem.as_ref();
    let again = problem.is_some_and(|problem| problem.extra.contains_key("generated"));
    let password = fault(text, problem, "/password").map(|wrong| if again { text.generated_again } else { wrong });
    let of = |name: &'a str, kind: &'a str, label: &'a str, hint: Option<&'a str>, value: &'a str| Field {
        name,
        kind,
        label,
        hint,
        value,
        autocomplete: name,
        required: name != "organization",
        wrong: fault(text, problem, &format!("/{name}")),
        first: name == "password",
        fixed: false,
    };
    let secret = of("password", "password", text.new_password, Some(text.password_hint), "");
    let named = of("display_name", "text", text.display_name, Some(text.display_name_hint), &filled.display_name);
    // Password stores read whose password it is.
    let username = of("username", "text", text.username, None, &user.username);
    let mut fields = vec![
        Field { fixed: true, required: false, ..username },
        Field { autocomplete: "new-password", wrong: password, ..secret },
        Field { autocomplete: "name", ..named },
        of("email", "email", text.email, None, &filled.email),
    ];
    if user.site_admin {
        let founded = of("organization", "text", text.organization, Some(text.organization_hint), &filled.organization);
        fields.push(founded);
    }
    fields
}

/// What the configuration says, to be seen and not changed.
fn addresses(visit: &Visit) -> Markup {
    let text = words(visit.look.language);
    let settings = &visit.cx.platform.settings;
    html! {
        section.given aria-labelledby="addresses" {
            h2 id="addresses" { (text.addresses) }
            p.hint { (text.addresses_hint) }
            dl.facts {
                dt { (text.console_address) } dd { code { (settings.public_url) } }
                dt { (text.gateway_address) } dd { code { (settings.gateway_url) } }
            }
        }
    }
}

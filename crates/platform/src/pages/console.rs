//! Everything that has no route of its own: the console's files, and for people the page that the console runs in.

use super::files::{self, Files, INDEX};
use super::visit::{Visit, go};
use super::{agreement, development, frame, page};
use crate::cx::Platform;
use crate::user;
use crate::web::{self, Fail};
use axum::Extension;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::Response;
use base::Problem;
use http::{HeaderMap, Method, header};
use std::sync::Arc;

/// What lies below these is for programs, or is a file that exists or does not: never the console's page.
const PROGRAMS: [&str; 5] = ["/api", "/oauth2", "/.well-known", "/assets", "/fonts"];

/// Whether an address is for programs.
pub fn is_for_programs(path: &str) -> bool {
    PROGRAMS.iter().any(|place| path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Whether the caller names HTML among what it takes, as browsers do for what people look at.
pub fn accepts_html(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut types = values.flat_map(|value| value.split(',')).filter_map(|range| range.split(';').next());
    types.any(|media| media.trim().eq_ignore_ascii_case("text/html"))
}

/// Answers whatever has no route.
pub async fn elsewhere(
    State(platform): State<Platform>,
    Extension(files): Extension<Arc<dyn Files>>,
    request: Request,
) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path();
    if let Some(answer) = files::serve(&*files, &parts.method, path, &parts.headers) {
        return Ok(answer);
    }
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    if !reads || is_for_programs(path) || !(path == "/" || accepts_html(&parts.headers)) {
        return Err(web::unknown_route(Request::from_parts(parts, body)).await);
    }
    let visit = Visit::from_request_parts(&mut parts, &platform).await?;
    Ok(console(&visit, &*files).await?)
}

/// The console's page for whoever has signed in; others are asked to.
async fn console(visit: &Visit, files: &dyn Files) -> Result<Response, Problem> {
    let Some(who) = &visit.cx.who else {
        let address = visit.address.as_str();
        let query = if address == "/" { String::new() } else { format!("?return_to={}", frame::escaped(address)) };
        return Ok(go(&format!("/login{query}")));
    };
    if who.session.as_ref().is_some_and(|session| session.must_set_up) {
        return Ok(go("/setup"));
    }
    if agreement::awaited(visit).await?.is_some() {
        let address = visit.address.as_str();
        let query = if address == "/" { String::new() } else { format!("?return_to={}", frame::escaped(address)) };
        return Ok(go(&format!("/agreement{query}")));
    }
    let session = serde_json::to_string(&user::session_view(&visit.cx).await?).map_err(Problem::internal)?;
    if let Some(page) = development::index(visit, files, &session) {
        return Ok(page);
    }
    let index = files.find(INDEX).ok_or_else(|| Problem::internal(std::io::Error::other("the console has no page")))?;
    let html = String::from_utf8_lossy(&index.bytes);
    Ok(page(filled(&html, visit, &session)))
}

/// The page with the session in it, so that the console need not ask for it first, and in the visitor's language.
pub(super) fn filled(html: &str, visit: &Visit, session: &str) -> String {
    let language = visit.look.language.as_str();
    let theme = visit.look.theme.map(|theme| format!(" data-theme=\"{theme}\"")).unwrap_or_default();
    html.replacen("<html lang=\"en\"", &format!("<html lang=\"{language}\"{theme}"), 1).replacen(
        "<!--session-->",
        &format!("<script type=\"application/json\" id=\"session\">{}</script>", inert(session)),
        1,
    )
}

/// JSON that cannot end the element that it stands in, nor begin a comment or another one.
fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_the_data_block() {
        let name = "</script><script>alert(1)</script><!--&\u{2028}";
        let json = serde_json::json!({"name": name}).to_string();
        let text = inert(&json);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["name"], name);
    }

    #[test]
    fn addresses_of_programs_are_told_from_those_of_people() {
        for path in ["/api", "/api/v1/nothing", "/oauth2/x", "/.well-known/x", "/assets/x.js", "/fonts/x"] {
            assert!(is_for_programs(path), "{path}");
        }
        for path in ["/", "/apis", "/apis/pets", "/oauth2x", "/apps"] {
            assert!(!is_for_programs(path), "{path}");
        }
    }

    #[test]
    fn browsers_are_told_from_programs() {
        let accepts = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, http::HeaderValue::from_static(value));
            accepts_html(&headers)
        };
        assert!(accepts("text/html,application/xhtml+xml,*/*;q=0.8") && accepts("application/json, TEXT/HTML;q=0.1"));
        assert!(!accepts("*/*") && !accepts("application/json") && !accepts("text/htmlx"));
    }
}

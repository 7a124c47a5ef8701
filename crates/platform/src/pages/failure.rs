//! The page that a person sees when an address cannot be shown. Programs get the same as `application/problem+json`.

use super::catalogue::{Words, words};
use super::look::Look;
use super::{console, frame};
use crate::web::{self, Rendered};
use axum::extract::Request;
use axum::response::IntoResponse;
use base::{Problem, ProblemKind};
use maud::html;

/// Whether a refusal is better shown as a page: a person looks at an address that is not for programs.
pub fn wants_page(request: &Request) -> bool {
    console::accepts_html(request.headers()) && !console::is_for_programs(request.uri().path())
}

/// The page about a problem at this address.
pub fn failure(look: &Look, address: &str, problem: &Problem, request: &str) -> Rendered {
    let text = words(look.language);
    let (title, lead) = told(text, problem.kind);
    let main = html! {
        p.lead { (lead) }
        dl.facts {
            dt { (text.code) }
            dd { a href={ "/problems/" (problem.kind.slug()) } title=(text.about_code) { code { (problem.kind.slug()) } } }
            dt { (text.request) }
            dd { code { (request) } }
        }
        p.actions { a.button href="/" { (text.first_page) } }
    };
    let page = super::page(frame::whole(look, title, address, &main));
    Rendered((web::status(problem), page).into_response())
}

/// What people are told of a kind of problem. What exactly happened is in the server's own words, which are English; the
/// code leads to them.
fn told(text: &Words, kind: ProblemKind) -> (&'static str, &'static str) {
    match kind {
        ProblemKind::NotFound => (text.not_found, text.not_found_lead),
        ProblemKind::CrossSite => (text.cross_site, text.cross_site_lead),
        ProblemKind::Unavailable | ProblemKind::SlowDown => (text.not_now, text.not_now_lead),
        _ => match kind.status() {
            401 | 403 => (text.refused, text.refused_lead),
            400..500 => (text.unreadable, text.unreadable_lead),
            _ => (text.failed, text.failed_lead),
        },
    }
}

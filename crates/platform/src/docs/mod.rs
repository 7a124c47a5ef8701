//! The reference of our own management API as one page of HTML, and a page for each kind of problem.
//!
//! **Invariant:** the pages need no script and no inline style, so they hold under
//! `default-src 'none'; style-src 'self'`; everything that comes from the document is escaped.
//!
//! The caller serves [`page`] at `/api/docs`, [`STYLE`] at `/api/docs/style.css` and [`problem_page`] at
//! `/problems/{slug}`.

mod frame;
pub(crate) mod markdown;
mod operation;
mod problem;
mod reference;
mod sample;
mod schema;
#[cfg(test)]
mod tests;

pub use problem::problem_page;
pub use reference::{Own, routes};

use base::ProblemKind;
use maud::{Markup, html};
use operation::{Operation, Usual};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The stylesheet of all pages here.
pub const STYLE: &str = include_str!("style.css");

/// What stands before the operations: signing in, paging, versions, problems.
const START: &str = include_str!("start.md");

/// The sections in the order in which somebody who begins needs them, and what each is about. Tags that the document
/// lists itself come before these, and others after.
const SECTIONS: [(&str, &str); 30] = [
    ("Session", "Signing in and out."),
    ("Me", "The caller: account, password, personal access tokens."),
    ("Users", "People and service accounts."),
    ("Organizations", "Owners of apps and APIs, with their members."),
    ("Groups", "Groups of people inside an organization."),
    ("Environments", "Where versions are published, and under which address."),
    ("Plans", "What consumers subscribe under, and the windows that cap their calls."),
    ("Profiles", "Templates and fences for those who design APIs."),
    ("APIs", "What providers publish, who administers it and how subscribers get in."),
    ("Versions", "OpenAPI documents, their operations, and where they are published."),
    ("API groups", "APIs that belong together, for whoever looks for them."),
    ("Documentation", "What an API's people wrote about it, page by page."),
    ("Destinations", "Where the gateway forwards to."),
    ("Apps", "Consumers' programs and their teams."),
    ("Clients", "The security principals of apps."),
    ("Credentials", "Secrets, API keys and certificates of clients."),
    ("Agreements", "Legal texts of APIs, and who answered what."),
    ("Subscriptions", "An app's access to an API in an environment under a plan, from the request to its end."),
    ("Tasks", "Requests that wait for a decision."),
    ("OAuth", "Access tokens for the gateway. Errors have the shape of RFC 6749."),
    ("Follows", "Who wants news of an app or API."),
    ("Connections", "Subscriptions, follows and memberships, read from either end."),
    ("Boards", "What happened to a resource, and what concerns me."),
    ("Notices", "Messages to the caller, and how mail does that brings them."),
    ("Webhooks", "Addresses that are told of changes, signed as Standard Webhooks describes."),
    ("Search", "What the caller may see, found by its name."),
    ("Usage", "Counted calls, and how a single call was decided."),
    ("Ceptor", "Plans, profiles, partners, applications and developers in the JSON of that system, in and out."),
    ("Trail", "Every change, and how far the gateways have come."),
    ("Reference", "This interface, described for readers."),
];

/// The sections that a document with these tags has, as OpenAPI describes tags.
pub fn tags(document: &Value) -> Value {
    let used: BTreeSet<&str> = operation::all(document).iter().map(|operation| operation.tag).collect();
    let ours = SECTIONS.iter().filter(|(tag, _)| used.contains(tag));
    ours.map(|(tag, about)| json!({"name": tag, "description": about})).collect()
}

/// Operations under one heading.
struct Section<'a> {
    tag: &'a str,
    about: &'a str,
    operations: Vec<Operation<'a>>,
}

impl Section<'_> {
    fn anchor(&self) -> String {
        let word: String = self.tag.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        format!("tag-{}", word.to_ascii_lowercase())
    }

    fn title(&self) -> String {
        let mut letters = self.tag.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

/// The complete reference of the API that `document`, an OpenAPI 3.1 document, describes.
pub fn page(document: &Value) -> String {
    let operations = operation::all(document);
    let usual = Usual::of(document, &operations);
    let sections = sections(document, operations);
    let word = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).unwrap_or("");
    let main = html! {
        p.crumb { "Version " code { (word("/info/version")) } }
        h1 { (word("/info/title")) }
        @if !word("/info/description").is_empty() {
            div.prose.lead { (markdown::render(word("/info/description"), 2)) }
        }
        section id="start" { div.prose { (markdown::render(START, 1)) } }
        (problems())
        @for section in &sections { (section_markup(document, section, &usual)) }
        (schemas(document))
    };
    frame::whole(word("/info/title"), &contents(&sections), &main)
}

/// Sections in the order of the document's own list of tags, then in ours, then in that of their first operation.
fn sections<'a>(document: &'a Value, operations: Vec<Operation<'a>>) -> Vec<Section<'a>> {
    let mut out: Vec<Section<'a>> = Vec::new();
    for tag in document.get("tags").and_then(Value::as_array).into_iter().flatten() {
        let word = |key: &str| tag.get(key).and_then(Value::as_str).unwrap_or("");
        out.push(Section { tag: word("name"), about: word("description"), operations: Vec::new() });
    }
    for (tag, about) in SECTIONS {
        if out.iter().all(|section| section.tag != tag) {
            out.push(Section { tag, about, operations: Vec::new() });
        }
    }
    for operation in operations {
        match out.iter_mut().find(|section| section.tag == operation.tag) {
            Some(section) => section.operations.push(operation),
            None => out.push(Section { tag: operation.tag, about: "", operations: vec![operation] }),
        }
    }
    out.retain(|section| !section.operations.is_empty());
    out
}

fn contents(sections: &[Section<'_>]) -> Markup {
    html! {
        ul {
            li { a.tag href="#start" { "Start here" } }
            li { a.tag href="#problems" { "Problems" } }
            @for section in sections {
                li {
                    a.tag href={ "#" (section.anchor()) } { (section.title()) }
                    ul {
                        @for operation in &section.operations {
                            li {
                                a href={ "#" (operation.id) } {
                                    span.method.(operation.method.to_ascii_lowercase()) { (operation.method) } " "
                                    span { (operation.summary) }
                                }
                            }
                        }
                    }
                }
            }
            li { a.tag href="#schemas" { "Schemas" } }
        }
    }
}

fn section_markup<'a>(document: &'a Value, section: &Section<'a>, usual: &Usual<'_>) -> Markup {
    html! {
        section id=(section.anchor()) aria-labelledby={ (section.anchor()) "-title" } {
            h2 id={ (section.anchor()) "-title" } { (section.title()) }
            @if !section.about.is_empty() { div.prose { (markdown::render(section.about, 3)) } }
            ul.ledger { @for operation in &section.operations { li { (operation.line()) } } }
            @for operation in &section.operations { (operation.article(document, usual)) }
        }
    }
}

fn problems() -> Markup {
    let rows = |management: bool| {
        let kinds = ProblemKind::ALL.iter().filter(move |k| problem::of_management(**k) == management);
        html! {
            @for kind in kinds {
                tr {
                    td { code { (kind.status()) } }
                    th scope="row" { a href={ "/problems/" (kind.slug()) } { code { (kind.slug()) } } }
                    td { (kind.title()) }
                }
            }
        }
    };
    html! {
        section id="problems" aria-labelledby="problems-title" {
            h2 id="problems-title" { "Problems" }
            div.prose { p {
                "Every refusal is " code { "application/problem+json" } " (RFC 9457). Match on " code { "code" } ": it never "
                "changes. Each code has a page with its cause, what to do and who can do it."
            } }
            table.ledger {
                caption { "All kinds" }
                thead { tr { th scope="col" { "Status" } th scope="col" { "Code" } th scope="col" { "Meaning" } } }
                tbody { tr.part { th scope="rowgroup" colspan="3" { "From the management API" } } (rows(true)) }
                tbody { tr.part { th scope="rowgroup" colspan="3" { "From the gateway, about a call" } } (rows(false)) }
            }
        }
    }
}

fn schemas(document: &Value) -> Markup {
    let named = document.pointer("/components/schemas").and_then(Value::as_object);
    html! {
        @if let Some(named) = named {
            section id="schemas" aria-labelledby="schemas-title" {
                h2 id="schemas-title" { "Schemas" }
                div.prose { p { "Every named shape, one level deep; types are links." } }
                @for (name, value) in named {
                    article.schema id={ "schema-" (name) } aria-labelledby={ "schema-" (name) "-title" } {
                        h3 id={ "schema-" (name) "-title" } { a href={ "#schema-" (name) } { code { (name) } } }
                        (schema::described(document, value))
                        (schema::outline(document, value))
                    }
                }
            }
        }
    }
}

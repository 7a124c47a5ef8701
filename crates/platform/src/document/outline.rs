//! The document as a whole: its edition, what it is called, where it is served, its tags.

use super::finding::{self, Findings, described, quoted};
use super::reference::{self, References};
use super::survey::{Places, Survey};
use super::{Dialect, Document, Format, lint, operations, security};
use base::Problem;
use serde_json::Value;

/// The most characters of a title or a version.
const LONGEST: usize = 200;

/// What the value describes.
///
/// # Errors
/// 422 with every field that cannot be tolerated.
pub(super) fn read(value: Value, survey: Survey, format: Format, linted: bool) -> Result<Document, Problem> {
    let Survey { places, repeated, .. } = survey;
    if !value.is_object() {
        let detail = format!(
            "The document is {}. An OpenAPI document is an object with `openapi`, `info` and `paths`.",
            described(&value)
        );
        return Err(finding::invalid("", Some(1), &detail));
    }
    let dialect = dialect(&value, &places)?;
    let mut findings = Findings::new(places);
    for pointer in repeated {
        let detail = "The name is there twice in one object; the later one counts. Remove one of them.";
        // A repeated path or method would lose operations without a word.
        if pointer == "/paths" || (pointer.starts_with("/paths/") && pointer.matches('/').count() <= 3) {
            findings.refuse(pointer, detail);
        } else {
            findings.note("name-repeated", pointer, detail);
        }
    }
    let (title, version, description) = about(&value, &mut findings);
    let servers = match dialect {
        Dialect::V2 => host(&value, &mut findings),
        Dialect::V3_0 | Dialect::V3_1 => servers(&value, &mut findings),
    };
    let mut references = References::new(&value);
    let mut security = security::read(&value, dialect, &mut references, &mut findings);
    let operations = operations::read(&value, dialect, &mut references, &mut security, &mut findings);
    let security = security.finish(dialect, &mut findings);
    let tags = tags(&value, &operations, &mut findings);
    reference::audit(&value, &mut references, &mut findings);
    if linted {
        lint::read(&value, dialect, &operations, &mut references, &mut findings);
    }
    drop(references);
    let notes = findings.finish()?;
    Ok(Document { title, version, description, format, dialect, operations, servers, tags, notes, security, value })
}

fn dialect(value: &Value, places: &Places) -> Result<Dialect, Problem> {
    let written = |name: &str| value.get(name).filter(|v| !v.is_null());
    let (member, version) = match (written("openapi"), written("swagger")) {
        (Some(openapi), None) => ("openapi", openapi),
        (None, Some(swagger)) => ("swagger", swagger),
        (Some(_), Some(_)) => {
            let detail = "The document has both `openapi` and `swagger`. Keep the one that it follows.";
            return Err(finding::invalid("/swagger", places.line("/swagger"), detail));
        }
        (None, None) => {
            let detail = "The document has neither `openapi` nor `swagger`. Begin it with `openapi: 3.0.3` (or the edition that it follows).";
            return Err(finding::invalid("/openapi", Some(1), detail));
        }
    };
    let text = match version {
        Value::String(text) => text.trim().to_owned(),
        // `swagger: 2.0` without quotes.
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let mut parts = text.split('.');
    match (member, parts.next(), parts.next()) {
        ("swagger", Some("2"), Some("0") | None) => Ok(Dialect::V2),
        ("openapi", Some("3"), Some("0")) => Ok(Dialect::V3_0),
        ("openapi", Some("3"), Some("1")) => Ok(Dialect::V3_1),
        _ => {
            let pointer = format!("/{member}");
            let detail = format!(
                "`{member}` is {}; read are `swagger: \"2.0\"`, `openapi: 3.0.x` and `openapi: 3.1.x`. Convert the document to one of them.",
                described(version)
            );
            Err(finding::invalid(&pointer, places.line(&pointer), &detail))
        }
    }
}

fn about(value: &Value, findings: &mut Findings) -> (String, String, Option<String>) {
    let info = value.get("info").unwrap_or(&Value::Null);
    if !(info.is_null() || info.is_object()) {
        let detail = format!("`info` is {}. Write an object with `title` and `version`.", described(info));
        findings.refuse("/info", detail);
    }
    let mut named = |name: &str, rule: &'static str, otherwise: &str| {
        let pointer = format!("/info/{name}");
        match text(info.get(name), &pointer, findings)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
        {
            Some(text) if text.chars().nth(LONGEST).is_some() => {
                findings.note(
                    "text-too-long",
                    pointer,
                    format!("`{name}` has more than {LONGEST} characters and was cut. Shorten it."),
                );
                text.chars().take(LONGEST).collect()
            }
            Some(text) => text,
            None => {
                findings.note(
                    rule,
                    pointer,
                    format!("`info.{name}` is missing; `{otherwise}` was put in its place. Add it."),
                );
                otherwise.to_owned()
            }
        }
    };
    let title = named("title", "title-missing", "Untitled API");
    let version = named("version", "version-missing", "1");
    let description = text(info.get("description"), "/info/description", findings);
    (title, version, description)
}

/// A text that nothing depends on. Numbers and truth values are taken as texts, anything else is left out with a note.
pub(super) fn text(value: Option<&Value>, pointer: &str, findings: &mut Findings) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        other => {
            findings.note(
                "wrong-type",
                pointer,
                format!("Here is {}, which was left out. Write a text.", described(other)),
            );
            None
        }
    }
}

/// The items of a list that nothing depends on; anything else is left out with a note.
pub(super) fn list<'v>(value: Option<&'v Value>, pointer: &str, findings: &mut Findings) -> &'v [Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(other) => {
            findings.note(
                "wrong-type",
                pointer,
                format!("Here is {}, which was left out. Write a list.", described(other)),
            );
            &[]
        }
    }
}

/// `servers` of 3.x.
fn servers(value: &Value, findings: &mut Findings) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (index, server) in list(value.get("servers"), "/servers", findings).iter().enumerate() {
        let pointer = format!("/servers/{index}/url");
        let Some(url) = server.get("url").and_then(Value::as_str) else {
            let detail = format!(
                "The server is {} without a text `url`, and was left out. Write `url: https://...`.",
                described(server)
            );
            findings.note("server-without-url", pointer, detail);
            continue;
        };
        let url = expanded(url.trim(), server.get("variables").unwrap_or(&Value::Null));
        if url.contains(['{', '}']) {
            let detail = format!(
                "The address {} has a variable without a default. Add it under `variables`, or choose the destination at import.",
                quoted(&url)
            );
            findings.note("server-variable-open", pointer, detail);
        }
        all.push(url);
    }
    if all.is_empty() {
        findings.note("servers-missing", "/servers", "The document names no server. Choose the destination at import.");
    }
    once(all)
}

/// The address with each `{name}` replaced by the default of that variable.
fn expanded(url: &str, variables: &Value) -> String {
    let (mut out, mut rest) = (String::new(), url);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match variables.get(name).and_then(|variable| variable.get("default")) {
            Some(Value::String(text)) => out.push_str(text),
            Some(Value::Number(number)) => out.push_str(&number.to_string()),
            _ => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// `schemes`, `host` and `basePath` of 2.0.
fn host(value: &Value, findings: &mut Findings) -> Vec<String> {
    let base = text(value.get("basePath"), "/basePath", findings).unwrap_or_default();
    let base = match base.trim().trim_end_matches('/') {
        "" => String::new(),
        path if path.starts_with('/') => path.to_owned(),
        path => format!("/{path}"),
    };
    let host = text(value.get("host"), "/host", findings).map(|host| host.trim().to_owned()).unwrap_or_default();
    if host.is_empty() {
        findings.note("servers-missing", "/host", "The document names no `host`. Choose the destination at import.");
        return if base.is_empty() { Vec::new() } else { vec![base] };
    }
    let schemes = list(value.get("schemes"), "/schemes", findings);
    let mut schemes: Vec<&str> = schemes.iter().filter_map(Value::as_str).collect();
    if schemes.is_empty() {
        schemes.push("https");
    }
    once(schemes.into_iter().map(|scheme| format!("{scheme}://{host}{base}")).collect())
}

fn tags(value: &Value, operations: &[super::Operation], findings: &mut Findings) -> Vec<String> {
    let declared = list(value.get("tags"), "/tags", findings).iter().filter_map(|tag| tag.get("name")?.as_str());
    once(declared.chain(operations.iter().flat_map(|o| o.tags.iter().map(String::as_str))).map(str::to_owned).collect())
}

/// Each text once, in the order of its first appearance.
fn once(texts: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    texts.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

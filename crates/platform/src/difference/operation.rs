//! Operations: which there are, their parameters, bodies and answers.

use super::schema::{Direction, Pair, Walk};
use super::{Findings, Rule};
use crate::document::{Document, Operation};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What an operation is known by in both documents: its method, and its path without the names of its parameters.
fn key(operation: &Operation) -> String {
    let shape: Vec<String> = operation.path.split('/').map(unnamed).collect();
    format!("{} {}", operation.method, shape.join("/"))
}

/// A segment with `{}` in the place of each parameter.
fn unnamed(segment: &str) -> String {
    let mut out = String::new();
    let mut rest = segment;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str("{}");
        rest = behind.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// Looks at every operation of both.
pub(super) fn compare(before: &Document, after: &Document, findings: &mut Findings) {
    let old: HashMap<String, &Operation> = before.operations.iter().map(|o| (key(o), o)).collect();
    let kept: HashSet<String> = after.operations.iter().map(key).collect();
    let mut walk = Walk::new(before, after);
    for operation in &after.operations {
        findings.about(Some(name(operation)));
        match old.get(&key(operation)) {
            None => findings.add(Rule::OperationAdded, "", None, operation.summary.clone()),
            Some(was) => one(&mut walk, was, operation, findings),
        }
    }
    for operation in before.operations.iter().filter(|o| !kept.contains(&key(o))) {
        findings.about(Some(name(operation)));
        findings.add(Rule::OperationRemoved, "", operation.summary.clone(), None);
    }
}

fn one(walk: &mut Walk<'_>, was: &Operation, is: &Operation, findings: &mut Findings) {
    if is.deprecated && !was.deprecated {
        findings.add(Rule::OperationDeprecated, "", None, None);
    }
    for scope in is.scopes.iter().filter(|scope| !was.scopes.contains(scope)) {
        findings.add(Rule::ScopeAdded, format!("scope {scope}"), None, Some(scope.clone()));
    }
    for scope in was.scopes.iter().filter(|scope| !is.scopes.contains(scope)) {
        findings.add(Rule::ScopeRemoved, format!("scope {scope}"), Some(scope.clone()), None);
    }
    parameters(walk, was, is, findings);
    let (before, after) = (walk.before, walk.after);
    let (Some(old), Some(new)) = (before.described(was), after.described(is)) else { return };
    let body = |document: &'_ Document, of: &Map<String, Value>| {
        of.get("requestBody").and_then(|b| document.resolve(b)).cloned()
    };
    bodies(walk, body(before, old).as_ref(), body(after, new).as_ref(), findings);
    answers(walk, old, new, findings);
}

fn required(value: &Value) -> bool {
    value.get("required").and_then(Value::as_bool) == Some(true)
}

/// Parameters by place and name; those of the path by their number in it, whatever they are called.
fn listed<'d>(document: &'d Document, operation: &Operation) -> BTreeMap<(String, String), &'d Value> {
    let mut all = BTreeMap::new();
    for parameter in document.parameters(operation) {
        let text = |member: &str| parameter.get(member).and_then(Value::as_str).unwrap_or_default();
        let (place, name) = (text("in"), text("name"));
        let known = match place {
            "path" => operation
                .path
                .find(&format!("{{{name}}}"))
                .map(|at| operation.path[..at].matches('{').count().to_string()),
            "query" | "cookie" => Some(name.to_owned()),
            "header" => Some(name.to_ascii_lowercase()),
            _ => None,
        };
        if let Some(known) = known {
            all.insert((place.to_owned(), known), parameter);
        }
    }
    all
}

fn parameters(walk: &mut Walk<'_>, was: &Operation, is: &Operation, findings: &mut Findings) {
    let (old, new) = (listed(walk.before, was), listed(walk.after, is));
    let place = |key: &(String, String), value: &Value| {
        let name = value.get("name").and_then(Value::as_str).unwrap_or(&key.1);
        format!("{} {name}", key.0)
    };
    for (key, parameter) in &new {
        let at = place(key, parameter);
        let Some(before) = old.get(key) else {
            let rule = if required(parameter) { Rule::RequiredParameterAdded } else { Rule::ParameterAdded };
            findings.add(rule, at, None, None);
            continue;
        };
        match (required(before), required(parameter)) {
            (false, true) if key.0 != "path" => findings.add(Rule::ParameterBecameRequired, at.as_str(), None, None),
            (true, false) if key.0 != "path" => findings.add(Rule::ParameterBecameOptional, at.as_str(), None, None),
            _ => {}
        }
        let (a, b) = (described(before), described(parameter));
        if let (Some(before), Some(after)) = (a, b) {
            walk.schema(Pair { before, after }, Direction::Request, &at, findings);
        }
    }
    for (key, parameter) in old.iter().filter(|(key, _)| !new.contains_key(key)) {
        findings.add(Rule::ParameterRemoved, place(key, parameter), None, None);
    }
}

/// The schema of a parameter, which may stand below its one media type.
fn described(parameter: &Value) -> Option<&Value> {
    let media = || parameter.get("content")?.as_object()?.values().next()?.get("schema");
    parameter.get("schema").or_else(media)
}

fn media(of: Option<&Value>) -> Vec<(&String, &Value)> {
    of.and_then(|v| v.get("content")?.as_object()).into_iter().flatten().collect()
}

fn bodies(walk: &mut Walk<'_>, was: Option<&Value>, is: Option<&Value>, findings: &mut Findings) {
    match (was, is) {
        (None, Some(is)) => {
            let rule = if required(is) { Rule::RequiredBodyAdded } else { Rule::BodyAdded };
            return findings.add(rule, "request", None, None);
        }
        (Some(_), None) => return findings.add(Rule::BodyRemoved, "request", None, None),
        (None, None) => return,
        (Some(was), Some(is)) => match (required(was), required(is)) {
            (false, true) => findings.add(Rule::BodyBecameRequired, "request", None, None),
            (true, false) => findings.add(Rule::BodyBecameOptional, "request", None, None),
            _ => {}
        },
    }
    contents(walk, (media(was), media(is)), Direction::Request, "request", findings);
}

type Media<'m> = Vec<(&'m String, &'m Value)>;

fn contents(
    walk: &mut Walk<'_>,
    (old, new): (Media<'_>, Media<'_>),
    direction: Direction,
    at: &str,
    findings: &mut Findings,
) {
    let (added, removed) = match direction {
        Direction::Request => (Rule::RequestMediaTypeAdded, Rule::RequestMediaTypeRemoved),
        Direction::Response => (Rule::ResponseMediaTypeAdded, Rule::ResponseMediaTypeRemoved),
    };
    for (kind, value) in &new {
        let place = format!("{at} {kind}");
        match old.iter().find(|(known, _)| known == kind) {
            None => findings.add(added, place, None, None),
            Some((_, before)) => {
                if let (Some(before), Some(after)) = (before.get("schema"), value.get("schema")) {
                    walk.schema(Pair { before, after }, direction, &place, findings);
                }
            }
        }
    }
    for (kind, _) in old.iter().filter(|(kind, _)| !new.iter().any(|(known, _)| known == kind)) {
        findings.add(removed, format!("{at} {kind}"), None, None);
    }
}

fn answers(walk: &mut Walk<'_>, old: &Map<String, Value>, new: &Map<String, Value>, findings: &mut Findings) {
    let responses =
        |of: &Map<String, Value>| of.get("responses").and_then(Value::as_object).cloned().unwrap_or_default();
    let (old, new) = (responses(old), responses(new));
    let (before, after) = (walk.before, walk.after);
    for (status, answer) in new.iter().filter(|(status, _)| !status.starts_with("x-")) {
        let at = format!("response {status}");
        let Some(was) = old.get(status) else {
            findings.add(Rule::ResponseAdded, at, None, None);
            continue;
        };
        let (was, is) = (before.resolve(was), after.resolve(answer));
        contents(walk, (media(was), media(is)), Direction::Response, &at, findings);
    }
    for status in old.keys().filter(|status| !new.contains_key(*status) && !status.starts_with("x-")) {
        let rule = if status.starts_with('2') { Rule::SuccessRemoved } else { Rule::FailureRemoved };
        findings.add(rule, format!("response {status}"), None, None);
    }
}

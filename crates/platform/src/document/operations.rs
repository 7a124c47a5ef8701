//! `paths`: every method of every path.

use super::finding::{Findings, described, quoted};
use super::outline::{list, text};
use super::security::Security;
use super::survey::{METHODS, escaped, too_many_operations};
use super::template::{self, Template};
use super::{Dialect, MOST_OPERATIONS, Operation, reference};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// The most characters of an operation's name.
const LONGEST_NAME: usize = 200;
/// What a path item has beside methods.
const OTHER: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];

/// The operations, in the order of the document. What is wrong goes into `findings`.
pub(super) fn read(
    root: &Value,
    dialect: Dialect,
    security: &mut Security<'_>,
    findings: &mut Findings,
) -> Vec<Operation> {
    let mut reading =
        Reading { root, dialect, security, findings, found: Vec::new(), shapes: HashMap::new(), bodies: HashMap::new() };
    match root.get("paths") {
        Some(Value::Object(paths)) => {
            for (path, item) in paths {
                reading.path(path, item);
                if reading.findings.is_full() {
                    break;
                }
            }
        }
        None | Some(Value::Null) if dialect == Dialect::V3_1 => {}
        None | Some(Value::Null) => {
            reading.findings.refuse("/paths", "The document has no `paths`. Add the paths of your API, or send the whole document.");
        }
        Some(other) => {
            let detail = format!("`paths` is {}. Write an object whose names are paths, such as `/users`.", described(other));
            reading.findings.refuse("/paths", detail);
        }
    }
    if reading.found.is_empty() {
        reading.findings.note("operations-missing", "/paths", "The document describes no operation: there is nothing to call.");
    }
    if let Some(Value::Object(hooks)) = root.get("webhooks")
        && !hooks.is_empty()
    {
        let detail = format!("{} webhooks were left out: they are calls that the API makes, not calls to it.", hooks.len());
        reading.findings.note("webhooks", "/webhooks", detail);
    }
    let found = std::mem::take(&mut reading.found);
    named(found, findings)
}

/// An operation and the name that it declares.
struct Found {
    operation: Operation,
    declared: Option<String>,
    pointer: String,
}

struct Reading<'v, 'r, 's> {
    root: &'v Value,
    dialect: Dialect,
    security: &'r mut Security<'s>,
    findings: &'r mut Findings,
    found: Vec<Found>,
    /// The path that first had each shape.
    shapes: HashMap<String, &'v str>,
    /// Which path items were reached through `$ref`, and from where, to say that they are there twice.
    bodies: HashMap<String, &'v str>,
}

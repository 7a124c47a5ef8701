//! `paths`: every method of every path.

use super::finding::{Findings, described, quoted};
use super::reference::{self, References};
use super::security::Security;
use super::survey::{METHODS, MOST_COPIED, Weight, escaped, too_many_operations};
use super::template::{self, Template};
use super::{Dialect, MOST_NODES, MOST_OPERATIONS, Operation, outline};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The most characters of an operation's name.
const LONGEST_NAME: usize = 200;
/// What a path item has beside methods.
const OTHER: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];

/// The operations, in the order of the document. What is wrong goes into `findings`.
pub(super) fn read<'v>(
    root: &'v Value,
    dialect: Dialect,
    references: &mut References<'v>,
    security: &mut Security<'v>,
    findings: &mut Findings,
) -> Vec<Operation> {
    let mut reading = Reading {
        dialect,
        references,
        security,
        findings,
        found: Vec::new(),
        shapes: HashMap::new(),
        shared: HashMap::new(),
        copied: Weight::default(),
    };
    match root.get("paths") {
        Some(Value::Object(paths)) => reading.paths(paths),
        None | Some(Value::Null) if dialect == Dialect::V3_1 => {}
        None | Some(Value::Null) => {
            let detail = "The document has no `paths`. Add the paths of your API, or send the whole document.";
            reading.findings.refuse("/paths", detail);
        }
        Some(other) => {
            let detail =
                format!("`paths` is {}. Write an object whose names are paths, such as `/users`.", described(other));
            reading.findings.refuse("/paths", detail);
        }
    }
    let found = reading.found;
    if found.is_empty() {
        let detail = "The document describes no operation: there is nothing to call. Add methods to its paths.";
        findings.note("operations-missing", "/paths", detail);
    }
    if let Some(Value::Object(hooks)) = root.get("webhooks")
        && !hooks.is_empty()
    {
        let count = hooks.len();
        let detail = format!("{count} webhooks were left out: they are calls that the API makes, not calls to it.");
        findings.note("webhooks", "/webhooks", detail);
    }
    named(found, findings)
}

/// An operation and the name that it declares.
struct Found {
    operation: Operation,
    declared: Option<String>,
    pointer: String,
}

struct Reading<'v, 'r> {
    dialect: Dialect,
    references: &'r mut References<'v>,
    security: &'r mut Security<'v>,
    findings: &'r mut Findings,
    found: Vec<Found>,
    /// The path that first had each shape.
    shapes: HashMap<String, &'v str>,
    /// What the path items weigh that are reached through `$ref`, by pointer.
    shared: HashMap<Rc<str>, Weight>,
    /// What all uses of those weigh together.
    copied: Weight,
}

impl<'v> Reading<'v, '_> {
    fn paths(&mut self, paths: &'v Map<String, Value>) {
        for (path, item) in paths {
            if path.starts_with("x-") {
                continue;
            }
            let pointer = format!("/paths/{}", escaped(path));
            match template::parse(path) {
                Ok(template) => self.path(path, &template, item, &pointer),
                Err(wrong) => self.findings.refuse(pointer, wrong),
            }
            if self.findings.is_full() {
                return;
            }
        }
    }

    fn path(&mut self, path: &'v str, template: &Template<'v>, item: &'v Value, pointer: &str) {
        if let Some(first) = self.shapes.insert(template.shape.clone(), path) {
            let detail = format!(
                "The paths {} and {} differ only in the names of their parameters, so a call fits both. Write them as one path with all methods.",
                quoted(first),
                quoted(path)
            );
            self.findings.refuse(pointer, detail);
            return;
        }
        match item {
            Value::Object(own) => match self.shared(item, pointer) {
                Some(shared) => self.item(path, template, pointer, &[own, shared]),
                None => self.item(path, template, pointer, &[own]),
            },
            Value::Null => {
                let detail = format!("The path {} has nothing in it. Add a method or remove it.", quoted(path));
                self.findings.note("path-empty", pointer, detail);
            }
            other => {
                let (path, seen) = (quoted(path), described(other));
                let detail = format!("The path {path} has {seen}. Write an object whose names are methods.");
                self.findings.refuse(pointer, detail);
            }
        }
    }

    /// What the path item refers to, if it does. Unlike elsewhere, a reference that leads nowhere is refused here: whole
    /// operations would be missing.
    fn shared(&mut self, item: &'v Value, pointer: &str) -> Option<&'v Map<String, Value>> {
        let name = reference::target(item)?;
        let at = format!("{pointer}/$ref");
        let (value, target) = match self.references.resolve(name) {
            Ok(found) => found,
            Err(astray) => {
                self.findings.refuse(at, astray.detail());
                return None;
            }
        };
        let Some(members) = value.as_object() else {
            let detail = format!("`$ref` leads to {}. Refer to a path item: an object of methods.", described(value));
            self.findings.refuse(at, detail);
            return None;
        };
        let weight = *self.shared.entry(target).or_insert_with(|| Weight::of(value));
        self.copied = self.copied.beside(weight);
        if self.copied.nodes > MOST_NODES || self.copied.bytes > MOST_COPIED {
            let detail = format!(
                "Path items that are shared by `$ref` expand to more than {MOST_NODES} values or {MOST_COPIED} bytes. Share less, or divide the document."
            );
            self.findings.refuse(at, detail);
            return None;
        }
        Some(members)
    }

    /// `layers` are the path item and what it refers to; the former goes first.
    fn item(&mut self, path: &str, template: &Template<'_>, pointer: &str, layers: &[&'v Map<String, Value>]) {
        for (depth, layer) in layers.iter().enumerate() {
            for (name, value) in layer.iter() {
                let at = format!("{pointer}/{}", escaped(name));
                if layers[..depth].iter().any(|above| above.contains_key(name))
                    || name.starts_with("x-")
                    || OTHER.contains(&name.as_str())
                {
                    continue;
                }
                let method = name.to_ascii_lowercase();
                if !METHODS.contains(&method.as_str()) || (method == "trace" && self.dialect == Dialect::V2) {
                    let (name, edition) = (quoted(name), self.dialect.as_str());
                    let detail = format!(
                        "{name} is not a method of OpenAPI {edition} and was left out. Methods are {}.",
                        METHODS.join(", ")
                    );
                    self.findings.note("method-unknown", at, detail);
                    continue;
                }
                if method != *name && layers.iter().any(|layer| layer.contains_key(&method)) {
                    let detail = format!("{} is there in two spellings. Keep `{method}`.", quoted(name));
                    self.findings.refuse(at, detail);
                    continue;
                }
                if method != *name {
                    let detail = format!("{} was read as `{method}`. Write methods in lower case.", quoted(name));
                    self.findings.note("method-case", at.clone(), detail);
                }
                self.operation(path, &method, value, &at);
                if let Value::Object(operation) = value {
                    self.parameters(template, layers, operation, pointer, &at);
                }
            }
        }
    }

    fn operation(&mut self, path: &str, method: &str, value: &'v Value, at: &str) {
        let operation = match value {
            Value::Object(operation) => operation,
            Value::Null => {
                let detail = "The method has nothing in it and was left out. Describe its responses, or remove it.";
                self.findings.note("operation-empty", at, detail);
                return;
            }
            other => {
                let detail = format!("The operation is {}. Write an object with `responses`.", described(other));
                self.findings.refuse(at, detail);
                return;
            }
        };
        if self.found.len() >= MOST_OPERATIONS {
            self.findings.refuse("/paths", too_many_operations());
            return;
        }
        let findings = &mut *self.findings;
        if !operation.get("responses").is_some_and(Value::is_object) && self.dialect != Dialect::V3_1 {
            let detail = "The operation describes no `responses`. Add at least one.";
            findings.note("responses-missing", format!("{at}/responses"), detail);
        }
        let mut text = |name: &str| outline::text(operation.get(name), &format!("{at}/{name}"), findings);
        let (declared, summary, description) = (text("operationId"), text("summary"), text("description"));
        let pointer = format!("{at}/tags");
        let mut tags: Vec<String> = Vec::new();
        for tag in outline::list(operation.get("tags"), &pointer, findings) {
            tags.extend(outline::text(Some(tag), &pointer, findings));
        }
        let deprecated = operation.get("deprecated").and_then(Value::as_bool).unwrap_or(false);
        let scopes = self.security.scopes(operation, at, findings);
        let line = self.findings.line(at);
        let (name, method, path) = (String::new(), method.to_ascii_uppercase(), path.to_owned());
        let operation = Operation { name, method, path, summary, description, tags, scopes, deprecated, line };
        self.found.push(Found { operation, declared, pointer: at.to_owned() });
    }

    /// Compares the parameters of the path with those that are declared in it.
    fn parameters(
        &mut self,
        template: &Template<'_>,
        layers: &[&'v Map<String, Value>],
        operation: &'v Map<String, Value>,
        pointer: &str,
        at: &str,
    ) {
        let mut declared: HashSet<&str> = HashSet::new();
        let mut complete = true;
        let owners = std::iter::once((operation, at)).chain(layers.iter().map(|layer| (*layer, pointer)));
        for (owner, at) in owners {
            let at = format!("{at}/parameters");
            for (index, parameter) in outline::list(owner.get("parameters"), &at, self.findings).iter().enumerate() {
                let at = format!("{at}/{index}");
                // The audit of references says where one leads nowhere.
                let Ok((parameter, _)) = self.references.follow(parameter, &at) else {
                    complete = false;
                    continue;
                };
                match (parameter.get("in").and_then(Value::as_str), parameter.get("name").and_then(Value::as_str)) {
                    (Some("path"), Some(name)) => {
                        declared.insert(name);
                        if !template.parameters.contains(&name) {
                            let detail =
                                format!("The path has no parameter {}. Add it or remove this one.", quoted(name));
                            self.findings.note("path-parameter-superfluous", at, detail);
                        }
                    }
                    (Some(_), Some(_)) => {}
                    _ => {
                        let seen = described(parameter);
                        let detail = format!("The parameter is {seen} without the texts `name` and `in`. Add them.");
                        self.findings.note("parameter-incomplete", at, detail);
                    }
                }
            }
        }
        for name in template.parameters.iter().filter(|name| complete && !declared.contains(*name)) {
            let detail =
                format!("The parameter {} of the path is not declared. Add it under `parameters`.", quoted(name));
            self.findings.note("path-parameter-undeclared", format!("{at}/parameters"), detail);
        }
    }
}

/// Gives each operation its name: declared ones first, so that a made one never takes theirs.
fn named(found: Vec<Found>, findings: &mut Findings) -> Vec<Operation> {
    let mut taken: HashSet<String> = HashSet::with_capacity(found.len());
    let mut last: HashMap<String, usize> = HashMap::new();
    let mut names: Vec<Option<String>> = Vec::with_capacity(found.len());
    for Found { operation, declared, pointer } in &found {
        let at = || format!("{pointer}/operationId");
        let name: String = declared.as_deref().unwrap_or_default().trim().chars().take(LONGEST_NAME).collect();
        if name.is_empty() {
            let made = template::made_name(&operation.method, &operation.path);
            let detail = format!("The operation has no `operationId`; it is called {}. Add one.", quoted(&made));
            findings.note("operation-id-missing", at(), detail);
            names.push(None);
        } else if taken.insert(name.clone()) {
            names.push(Some(name));
        } else {
            let detail =
                format!("Another operation is called {} too; a number was added. Choose another name.", quoted(&name));
            findings.note("operation-id-repeated", at(), detail);
            names.push(None);
        }
    }
    let mut operations = Vec::with_capacity(found.len());
    for (Found { mut operation, declared, .. }, name) in found.into_iter().zip(names) {
        operation.name = name.unwrap_or_else(|| {
            let base = declared.as_deref().map(str::trim).filter(|name| !name.is_empty());
            let base = base.map_or_else(|| template::made_name(&operation.method, &operation.path), str::to_owned);
            let base: String = base.chars().take(LONGEST_NAME).collect();
            free(base, &mut taken, &mut last)
        });
        operations.push(operation);
    }
    operations
}

/// `base`, or the first of `base-2`, `base-3` ... that is free. `last` keeps it from counting up from 2 each time.
fn free(base: String, taken: &mut HashSet<String>, last: &mut HashMap<String, usize>) -> String {
    if taken.insert(base.clone()) {
        return base;
    }
    let number = last.entry(base.clone()).or_insert(1);
    loop {
        *number += 1;
        let name = format!("{base}-{number}");
        if taken.insert(name.clone()) {
            return name;
        }
    }
}

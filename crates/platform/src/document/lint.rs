//! Advice that goes beyond reading: what makes a document hard to use, or says something other than is meant.

use super::finding::{Findings, described, quoted};
use super::reference::{References, target};
use super::survey::{METHODS, escaped};
use super::{Dialect, Operation, template};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};

/// The most paths that are compared with one another.
const MOST_COMPARED: usize = 1_000;
/// Members whose values are the customer's data.
const DATA: [&str; 5] = ["example", "default", "enum", "const", "value"];

/// Looks at a whole document.
pub(super) fn read<'v>(
    root: &'v Value,
    dialect: Dialect,
    operations: &[Operation],
    references: &mut References<'v>,
    findings: &mut Findings,
) {
    let mut lint = Lint { root, dialect, references, findings };
    lint.about();
    lint.servers();
    lint.paths();
    lint.tags(operations);
    let mut walk = Walk { used: HashSet::new(), pointer: String::new(), findings: lint.findings };
    walk.visit(root, false);
    let used = walk.used;
    lint.components(&used);
}

struct Lint<'v, 'f> {
    root: &'v Value,
    dialect: Dialect,
    references: &'f mut References<'v>,
    findings: &'f mut Findings,
}

fn is_blank(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_none_or(|text| text.trim().is_empty())
}

impl<'v> Lint<'v, '_> {
    fn about(&mut self) {
        if is_blank(self.root.pointer("/info/description")) {
            let detail =
                "`info.description` is missing. Say in a few sentences what the API is for and who may use it.";
            self.findings.note("description-missing", "/info", detail);
        }
    }

    fn servers(&mut self) {
        let servers = self.root.get("servers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (index, server) in servers.iter().enumerate() {
            let Some(url) = server.get("url").and_then(Value::as_str) else { continue };
            self.server(url, &format!("/servers/{index}/url"));
        }
        if let Some(schemes) = self.root.get("schemes").and_then(Value::as_array)
            && !schemes.is_empty()
            && schemes.iter().all(|scheme| matches!(scheme.as_str(), Some("http" | "ws")))
        {
            self.plain("/schemes", "The API");
        }
    }

    fn server(&mut self, url: &str, pointer: &str) {
        let lower = url.trim().to_ascii_lowercase();
        if !lower.contains("://") && !lower.starts_with("//") && !lower.starts_with('{') {
            let detail = format!(
                "The address {} is relative: it means something only next to where the document was served. Write the \
                 whole address.",
                quoted(url)
            );
            self.findings.note("server-relative", pointer, detail);
        }
        let host = lower.strip_prefix("http://").map(|rest| rest.split(['/', ':']).next().unwrap_or(""));
        if host.is_some_and(|host| !matches!(host, "localhost" | "127.0.0.1" | "[")) {
            self.plain(pointer, &quoted(url));
        }
    }

    fn plain(&mut self, pointer: &str, what: &str) {
        let detail = format!("{what} is served over plain HTTP: everybody on the way reads along. Offer HTTPS.");
        self.findings.note("server-plain-http", pointer, detail);
    }

    fn paths(&mut self) {
        let Some(paths) = self.root.get("paths").and_then(Value::as_object) else { return };
        let global = self.root.get("security").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
        for (path, item) in paths.iter().filter(|(path, _)| path.starts_with('/')) {
            let pointer = format!("/paths/{}", escaped(path));
            if path.len() > 1 && path.ends_with('/') {
                let detail =
                    format!("The path {} ends with a slash, which callers forget. Leave it out.", quoted(path));
                self.findings.note("path-trailing-slash", &pointer, detail);
            }
            let Some(item) = item.as_object() else { continue };
            for (name, operation) in item {
                let method = name.to_ascii_lowercase();
                if let (true, Some(operation)) = (METHODS.contains(&method.as_str()), operation.as_object()) {
                    self.operation(&method, operation, &format!("{pointer}/{}", escaped(name)), global);
                }
            }
        }
        self.ambiguous(paths);
    }

    fn operation(&mut self, method: &str, operation: &'v Map<String, Value>, at: &str, global: bool) {
        if is_blank(operation.get("summary")) && is_blank(operation.get("description")) {
            let detail = "The operation says nothing about itself. Add a `summary` of one line.";
            self.findings.note("operation-undescribed", at, detail);
        }
        let bare = operation.get("security").and_then(Value::as_array).map_or(!global, Vec::is_empty);
        if bare {
            let detail = "The document names no `security` for this operation: readers take it that anybody may call it. \
                          Name what it takes.";
            self.findings.note("security-missing", at, detail);
        }
        if matches!(method, "get" | "head" | "delete") && self.has_body(operation) {
            let detail = format!(
                "`{}` has no defined meaning for a body, and some clients and servers drop it. Use parameters.",
                method.to_uppercase()
            );
            self.findings.note("body-unexpected", at, detail);
        }
        self.responses(operation, at);
    }

    fn has_body(&mut self, operation: &'v Map<String, Value>) -> bool {
        if self.dialect != Dialect::V2 {
            return operation.contains_key("requestBody");
        }
        let parameters = operation.get("parameters").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        parameters.iter().any(|parameter| {
            let found = self.references.follow(parameter, "").ok();
            found.is_some_and(|(parameter, _)| parameter.get("in").and_then(Value::as_str) == Some("body"))
        })
    }

    fn responses(&mut self, operation: &Map<String, Value>, at: &str) {
        let Some(responses) = operation.get("responses").and_then(Value::as_object) else { return };
        let any = |digits: &[u8]| responses.keys().any(|code| code.bytes().next().is_some_and(|c| digits.contains(&c)));
        let otherwise = responses.contains_key("default");
        if !otherwise && !any(b"123") {
            let detail = "No response says what success looks like. Add a `2XX`, such as `200`.";
            self.findings.note("response-success-missing", format!("{at}/responses"), detail);
        }
        if !otherwise && !any(b"4") {
            let detail = "No response says what a caller's mistake looks like. Add a `4XX`, such as `400` or `404`.";
            self.findings.note("response-error-missing", format!("{at}/responses"), detail);
        }
    }

    /// Pairs of paths of which each is the closer one in some segment, so that a call fits both equally.
    fn ambiguous(&mut self, paths: &Map<String, Value>) {
        let mut by_length: BTreeMap<usize, Vec<(&str, Vec<&str>)>> = BTreeMap::new();
        for path in paths.keys().filter(|path| template::parse(path).is_ok()).take(MOST_COMPARED) {
            let segments: Vec<&str> = path.split('/').skip(1).collect();
            by_length.entry(segments.len()).or_default().push((path, segments));
        }
        for some in by_length.values() {
            for (index, (path, segments)) in some.iter().enumerate() {
                if let Some((other, _)) = some[..index].iter().find(|(_, other)| clash(other, segments)) {
                    let detail = format!(
                        "A call can fit {} and {} alike, and neither is the closer one. Give one of them another beginning.",
                        quoted(other),
                        quoted(path)
                    );
                    self.findings.note("paths-ambiguous", format!("/paths/{}", escaped(path)), detail);
                }
            }
        }
    }

    fn tags(&mut self, operations: &[Operation]) {
        let declared = self.root.get("tags").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let names: HashSet<&str> = declared.iter().filter_map(|tag| tag.get("name")?.as_str()).collect();
        if names.is_empty() {
            return;
        }
        for operation in operations {
            for tag in operation.tags.iter().filter(|tag| !names.contains(tag.as_str())) {
                let method = operation.method.to_lowercase();
                let at = format!("/paths/{}/{method}/tags", escaped(&operation.path));
                let detail = format!("The tag {} is not declared in `tags`. Declare it, or correct it.", quoted(tag));
                self.findings.note("tag-undeclared", at, detail);
            }
        }
    }

    fn components(&mut self, used: &HashSet<&str>) {
        let places: Vec<(String, &Value)> = match self.dialect {
            Dialect::V2 => ["definitions", "parameters", "responses"]
                .into_iter()
                .filter_map(|name| Some((format!("/{name}"), self.root.get(name)?)))
                .collect(),
            _ => {
                let all = self.root.get("components").and_then(Value::as_object);
                let kinds = all.into_iter().flatten().filter(|(name, _)| *name != "securitySchemes");
                kinds.map(|(name, value)| (format!("/components/{}", escaped(name)), value)).collect()
            }
        };
        for (place, components) in places {
            for name in components.as_object().into_iter().flat_map(Map::keys) {
                let pointer = format!("{place}/{}", escaped(name));
                if used.contains(pointer.as_str()) || used.contains(name.as_str()) {
                    continue;
                }
                let detail = format!("Nothing refers to {}. Remove it, or use it.", quoted(name));
                self.findings.note("component-unused", pointer, detail);
            }
        }
    }
}

/// Whether a path can fit both, and each is a word where the other is a parameter.
fn clash(a: &[&str], b: &[&str]) -> bool {
    let (mut left, mut right) = (false, false);
    for (a, b) in a.iter().zip(b) {
        match (a.contains('{'), b.contains('{')) {
            (false, false) if a != b => return false,
            (true, false) => left = true,
            (false, true) => right = true,
            _ => {}
        }
    }
    left && right
}

/// A walk through everything that is not the customer's data: what is referred to, and examples that do not fit.
struct Walk<'v, 'f> {
    /// Pointers that are referred to; names of schemas that a discriminator may mean.
    used: HashSet<&'v str>,
    pointer: String,
    findings: &'f mut Findings,
}

impl<'v> Walk<'v, '_> {
    /// Recursion is bounded by the depth that the reader allows. `names`: members are names of the customer's.
    fn visit(&mut self, value: &'v Value, names: bool) {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.step(&index.to_string(), item, false);
                }
            }
            Value::Object(members) => {
                if !names {
                    self.object(value, members);
                }
                for (name, member) in members {
                    if !names && (DATA.contains(&name.as_str()) || name.starts_with("x-")) {
                        continue;
                    }
                    // Names of the customer's, or `default` for what no other response is there for.
                    let inner = !names
                        && matches!(
                            name.as_str(),
                            "properties" | "patternProperties" | "schemas" | "definitions" | "responses"
                        );
                    self.step(name, member, inner);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, name: &str, value: &'v Value, names: bool) {
        if value.is_object() || value.is_array() {
            let length = self.pointer.len();
            self.pointer.push('/');
            self.pointer.push_str(&escaped(name));
            self.visit(value, names);
            self.pointer.truncate(length);
        }
    }

    fn object(&mut self, value: &'v Value, members: &'v Map<String, Value>) {
        if let Some(pointer) = target(value).and_then(|name| name.strip_prefix('#')) {
            // A reference into a component uses the component.
            let mut at = pointer;
            loop {
                self.used.insert(at);
                match at.rfind('/') {
                    Some(0) | None => break,
                    Some(end) => at = &at[..end],
                }
            }
        }
        for mapped in members.get("mapping").and_then(Value::as_object).into_iter().flat_map(Map::values) {
            if let Some(name) = mapped.as_str() {
                self.used.insert(name.strip_prefix('#').unwrap_or(name));
            }
        }
        for data in ["example", "default"] {
            let (Some(kind), Some(given)) = (members.get("type"), members.get(data)) else { continue };
            if !fits(kind, given, members) {
                let detail = format!(
                    "`{data}` is {}, but the schema is of type {}. Correct one of them.",
                    described(given),
                    quoted(kind.as_str().unwrap_or("(a list)"))
                );
                let pointer = format!("{}/{data}", self.pointer);
                self.findings.note("example-mistyped", super::survey::cut(&pointer), detail);
            }
        }
    }
}

/// Whether a value is of the type that a schema names. What is no type at all fits.
fn fits(kind: &Value, value: &Value, schema: &Map<String, Value>) -> bool {
    let nullable = ["nullable", "x-nullable"].iter().any(|name| schema.get(*name) == Some(&Value::Bool(true)));
    let one = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => true,
    };
    match kind {
        _ if value.is_null() && nullable => true,
        Value::String(kind) => one(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(one),
        _ => true,
    }
}

//! JSON Schema, as the OpenAPI document carries it, turned into lists of fields.

use super::markdown;
use maud::{Markup, html};
use serde_json::Value;

/// How deep fields are unfolded in place; what lies deeper is linked.
const DEEPEST: usize = 6;

/// A schema with its references followed and its null taken out.
pub struct Shape<'a> {
    /// The schema itself.
    pub schema: &'a Value,
    /// Its name under `components.schemas`, if it has one.
    pub name: Option<&'a str>,
    /// Whether null is a value too.
    pub nullable: bool,
}

/// Follows `$ref` within the document. What leads nowhere stays as it is.
pub fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..16 {
        let target = value.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'));
        match target.and_then(|pointer| document.pointer(pointer)) {
            Some(next) => value = next,
            None => return value,
        }
    }
    value
}

/// Looks through references, `oneOf` with null and `allOf` of a single schema.
pub fn shape<'a>(document: &'a Value, site: &'a Value) -> Shape<'a> {
    let mut found = Shape { schema: site, name: None, nullable: false };
    for _ in 0..16 {
        let schema = found.schema;
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            found.name = reference.strip_prefix("#/components/schemas/").or(found.name);
            let next = resolve(document, schema);
            if std::ptr::eq(next, schema) {
                return found;
            }
            found.schema = next;
            continue;
        }
        let parts = ["oneOf", "anyOf", "allOf"].iter().find_map(|k| schema.get(k)).and_then(Value::as_array);
        let Some(parts) = parts else { break };
        let rest: Vec<&Value> = parts.iter().filter(|p| !is_null(p)).collect();
        let nullable = rest.len() < parts.len();
        found.nullable |= nullable;
        match rest.as_slice() {
            [only] if schema.get("properties").is_none() => found.schema = only,
            _ => break,
        }
    }
    found.nullable |= types(found.schema).contains(&"null");
    found
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// The values of `type`, which OpenAPI 3.1 allows to be one word or several.
pub fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The fields of an object, those of every part of an `allOf` included, and whether each is required.
pub fn properties<'a>(document: &'a Value, schema: &'a Value) -> Vec<(&'a str, &'a Value, bool)> {
    let mut parts = vec![schema];
    let mut seen = 0;
    while let Some(part) = parts.get(seen).copied() {
        seen += 1;
        for inner in part.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let inner = resolve(document, inner);
            if seen < 64 && !parts.iter().any(|p| std::ptr::eq(*p, inner)) {
                parts.push(inner);
            }
        }
    }
    let required: Vec<&str> = parts
        .iter()
        .filter_map(|p| p.get("required").and_then(Value::as_array))
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let fields = parts.iter().filter_map(|p| p.get("properties").and_then(Value::as_object)).flatten();
    fields.map(|(name, field)| (name.as_str(), field, required.contains(&name.as_str()))).collect()
}

/// The alternatives of a schema that is one of several.
pub fn variants(schema: &Value) -> Vec<&Value> {
    let parts = ["oneOf", "anyOf"].iter().find_map(|k| schema.get(k)).and_then(Value::as_array);
    let parts: Vec<&Value> = parts.into_iter().flatten().filter(|p| !is_null(p)).collect();
    if parts.len() > 1 { parts } else { Vec::new() }
}

/// The type in words: `string (date-time)`, `list of App`; names of schemas are links.
pub fn type_words(document: &Value, site: &Value) -> Markup {
    type_words_within(document, site, 0)
}

fn type_words_within(document: &Value, site: &Value, depth: usize) -> Markup {
    let shape = shape(document, site);
    let words = types(shape.schema);
    let base = words.iter().find(|w| **w != "null").copied();
    let format = shape.schema.get("format").and_then(Value::as_str);
    let inner = shape.schema.get("items").or_else(|| shape.schema.get("additionalProperties"));
    html! {
        @if let (Some("array"), Some(items), true) = (base, inner, depth < DEEPEST) {
            "list of " (type_words_within(document, items, depth + 1))
        } @else if let Some(name) = shape.name {
            a href={ "#schema-" (name) } { (name) }
        } @else if let (Some("object"), Some(values), true) = (base, inner.filter(|v| v.is_object()), depth < DEEPEST) {
            "map of names to " (type_words_within(document, values, depth + 1))
        } @else if let Some(base) = base {
            (if base == "array" { "list" } else { base })
            @if let Some(format) = format { " (" (format) ")" }
        } @else if !variants(shape.schema).is_empty() {
            "one of several"
        } @else if shape.schema.get("properties").is_some() || shape.schema.get("allOf").is_some() {
            "object"
        } @else if shape.schema.get("enum").is_some() {
            "word"
        } @else {
            "any JSON"
        }
    }
}

/// Everything about a schema below its type: facts, fields, alternatives.
pub fn body(document: &Value, site: &Value) -> Markup {
    inside(document, site, &mut Walk { stack: Vec::new(), unfold_named: true })
}

/// Its own fields only: what has a name of its own is linked.
pub fn outline(document: &Value, site: &Value) -> Markup {
    inside(document, site, &mut Walk { stack: Vec::new(), unfold_named: false })
}

/// The schemas that the walk is inside of, by name; unnamed ones have the empty name.
struct Walk<'a> {
    stack: Vec<&'a str>,
    unfold_named: bool,
}

impl Walk<'_> {
    fn ends_at(&self, name: Option<&str>) -> bool {
        let inner = !self.stack.is_empty();
        let linked = name.is_some_and(|name| (inner && !self.unfold_named) || self.stack.contains(&name));
        linked || self.stack.len() > DEEPEST
    }
}

fn inside<'a>(document: &'a Value, site: &'a Value, walk: &mut Walk<'a>) -> Markup {
    let shape = shape(document, site);
    if walk.ends_at(shape.name) {
        return html! { @if shape.schema.get("properties").is_none() { (facts(shape.schema)) } };
    }
    walk.stack.push(shape.name.unwrap_or(""));
    let fields = properties(document, shape.schema);
    let choices = variants(shape.schema);
    let inner = shape.schema.get("items").or_else(|| shape.schema.get("additionalProperties"));
    let out = html! {
        (facts(shape.schema))
        @if !fields.is_empty() {
            ul.fields {
                @for (name, field, required) in &fields { (one_field(document, name, field, *required, walk)) }
            }
        }
        @if !choices.is_empty() {
            p.choice { "One of:" }
            ul.fields {
                @for choice in &choices {
                    li {
                        p.field { span.type { (type_words(document, choice)) } }
                        (described(document, choice))
                        (inside(document, choice, walk))
                    }
                }
            }
        }
        @if let Some(items) = inner.filter(|v| v.is_object()) { (inside(document, items, walk)) }
    };
    walk.stack.pop();
    out
}

fn one_field<'a>(document: &'a Value, name: &'a str, field: &'a Value, required: bool, walk: &mut Walk<'a>) -> Markup {
    let shape = shape(document, field);
    html! {
        li {
            p.field {
                code.name { (name) } " "
                span.type { (type_words(document, field)) @if shape.nullable { " or null" } }
                @if required { " " span.need { "required" } }
                @if is_true(field, "readOnly") { " " span.mark { "only in answers" } }
                @if is_true(field, "writeOnly") { " " span.mark { "only in requests" } }
                @if is_true(field, "deprecated") { " " span.mark { "deprecated" } }
            }
            (described(document, field))
            (inside(document, field, walk))
        }
    }
}

fn is_true(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool) == Some(true)
}

/// The description at the place of use, or else that of the schema.
pub fn described(document: &Value, site: &Value) -> Markup {
    let text = site.get("description").or_else(|| shape(document, site).schema.get("description"));
    html! {
        @if let Some(text) = text.and_then(Value::as_str).filter(|t| !t.is_empty()) {
            div.prose { (markdown::render(text, 5)) }
        }
    }
}

/// Enumerated values, bounds, default and example on one line.
pub fn facts(schema: &Value) -> Markup {
    const BOUNDS: [(&str, &str); 9] = [
        ("minimum", "at least"),
        ("exclusiveMinimum", "more than"),
        ("maximum", "at most"),
        ("exclusiveMaximum", "less than"),
        ("minLength", "shortest"),
        ("maxLength", "longest"),
        ("minItems", "fewest"),
        ("maxItems", "most"),
        ("pattern", "pattern"),
    ];
    let words: Vec<&Value> = schema.get("enum").and_then(Value::as_array).into_iter().flatten().collect();
    let bounds: Vec<(&str, &Value)> =
        BOUNDS.iter().filter_map(|(key, label)| schema.get(*key).map(|v| (*label, v))).collect();
    let example = schema.get("example").or_else(|| schema.get("examples").and_then(|e| e.get(0)));
    let example = example.filter(|e| !e.is_object());
    let more = [("always", schema.get("const")), ("default", schema.get("default")), ("example", example)];
    html! {
        @if !words.is_empty() {
            p.facts { "One of " @for (i, word) in words.iter().enumerate() { @if i > 0 { ", " } code { (plain(word)) } } }
        }
        @if !bounds.is_empty() || more.iter().any(|(_, v)| v.is_some()) {
            p.facts {
                @for (i, (label, value)) in bounds.iter().enumerate() { @if i > 0 { ", " } (label) " " code { (plain(value)) } }
                @for (i, (label, value)) in more.iter().filter_map(|(l, v)| v.map(|v| (l, v))).enumerate() {
                    @if i > 0 || !bounds.is_empty() { ", " } (label) " " code { (plain(value)) }
                }
            }
        }
    }
}

/// A string without its quotes; anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

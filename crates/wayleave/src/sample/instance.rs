//! An instance of a schema: its example where it has one, else the plainest value that the schema admits.

use platform::document::Document;
use serde_json::{Map, Value, json};

/// Below this depth only required members are made.
const FULL: usize = 6;
/// Below this depth nothing is made: a schema that requires itself ends here.
const DEEPEST: usize = 16;
/// The most values of one instance.
const MOST: usize = 2_000;

/// An instance of `schema`, which stands in `document`.
pub(super) fn of(document: &Document, schema: &Value) -> Value {
    Making { document, left: MOST }.value(schema, 0)
}

struct Making<'d> {
    document: &'d Document,
    left: usize,
}

impl<'d> Making<'d> {
    fn value(&mut self, schema: &'d Value, depth: usize) -> Value {
        let Some(schema) = self.document.resolve(schema) else { return Value::Null };
        if depth > DEEPEST || self.left == 0 {
            return Value::Null;
        }
        self.left -= 1;
        if let Some(given) = given(schema) {
            return given.clone();
        }
        let mut parts = Vec::new();
        self.flatten(schema, 0, &mut parts);
        if let Some(given) = parts.iter().find_map(|part| given(part)) {
            return given.clone();
        }
        let find = |name: &str| parts.iter().find_map(|part| part.get(name));
        let kind = find("type").and_then(|name| match name {
            Value::String(name) => Some(name.as_str()),
            Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
            _ => None,
        });
        let kind = kind.unwrap_or_else(|| if find("items").is_some() { "array" } else { "object" });
        match kind {
            "string" => Value::String(text(&parts)),
            "integer" => number(&parts, true),
            "number" => number(&parts, false),
            "boolean" => Value::Bool(true),
            "null" => Value::Null,
            "array" => self.array(&parts, depth),
            _ => self.object(&parts, depth),
        }
    }

    /// The schema and everything that it is made of: all of `allOf`, the first of `oneOf` and `anyOf`.
    fn flatten(&self, schema: &'d Value, depth: usize, parts: &mut Vec<&'d Value>) {
        let Some(schema) = self.document.resolve(schema) else { return };
        if depth > DEEPEST || parts.len() > 100 {
            return;
        }
        parts.push(schema);
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.flatten(part, depth + 1, parts);
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(first) = schema.get(choice).and_then(Value::as_array).and_then(|all| all.first()) {
                self.flatten(first, depth + 1, parts);
            }
        }
    }

    fn array(&mut self, parts: &[&'d Value], depth: usize) -> Value {
        let least = parts.iter().find_map(|p| p.get("minItems")?.as_u64()).unwrap_or(0);
        let most = parts.iter().find_map(|p| p.get("maxItems")?.as_u64()).unwrap_or(u64::MAX);
        let count = if depth >= FULL { least } else { least.max(1) };
        let Some(items) = parts.iter().find_map(|part| part.get("items")) else { return json!([]) };
        Value::Array((0..count.min(most).min(20)).map(|_| self.value(items, depth + 1)).collect())
    }

    fn object(&mut self, parts: &[&'d Value], depth: usize) -> Value {
        let required: Vec<&str> = parts
            .iter()
            .filter_map(|part| part.get("required")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut object = Map::new();
        for (name, property) in parts.iter().filter_map(|part| part.get("properties")?.as_object()).flatten() {
            let is_required = required.contains(&name.as_str());
            let write_only = property.get("writeOnly") == Some(&Value::Bool(true));
            if !object.contains_key(name) && !write_only && (is_required || depth < FULL) {
                let value = self.value(property, depth + 1);
                object.insert(name.clone(), value);
            }
        }
        for name in required {
            object.entry(name).or_insert_with(|| json!("sample"));
        }
        Value::Object(object)
    }
}

/// The value that the schema itself gives, unless it is of another type: real documents have placeholders there.
fn given(schema: &Value) -> Option<&Value> {
    let first = |name: &str| schema.get(name).and_then(Value::as_array).and_then(|all| all.first());
    let all = [schema.get("const"), schema.get("example"), first("examples"), schema.get("default"), first("enum")];
    all.into_iter().flatten().find(|value| !value.is_null() && is_of_type(schema, value))
}

fn is_of_type(schema: &Value, value: &Value) -> bool {
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => value.is_string(),
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    }
}

fn text(parts: &[&Value]) -> String {
    let format = parts.iter().find_map(|part| part.get("format")?.as_str());
    let formatted = match format {
        Some("date-time") => "2030-01-01T09:00:00Z",
        Some("date") => "2030-01-01",
        Some("time") => "09:00:00Z",
        Some("duration") => "PT1H",
        Some("uuid") => "01890a5d-ac96-774b-bcce-b302099a8057",
        Some("email" | "idn-email") => "someone@example.com",
        Some("hostname" | "idn-hostname") => "www.example.com",
        Some("uri" | "url" | "iri") => "https://www.example.com/",
        Some("uri-reference" | "iri-reference") => "/sample",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("byte") => "c2FtcGxl",
        _ => "sample",
    };
    let least = parts.iter().find_map(|p| p.get("minLength")?.as_u64()).unwrap_or(0).min(10_000);
    let most = parts.iter().find_map(|p| p.get("maxLength")?.as_u64()).unwrap_or(u64::MAX);
    let mut text = formatted.to_owned();
    while (text.len() as u64) < least {
        text.push('x');
    }
    text.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    text
}

/// The lower bound, else the upper one, else 1, made to fit `multipleOf`.
fn number(parts: &[&Value], whole: bool) -> Value {
    let find = |name: &str| parts.iter().find_map(|part| part.get(name)?.as_f64());
    // A truth value in 2.0 and 3.0, a bound of its own in 3.1.
    let exclusive = |name: &str| parts.iter().any(|part| part.get(name) == Some(&Value::Bool(true)));
    let unit = if whole { 1.0 } else { 0.5 };
    let low = find("exclusiveMinimum").map(|low| low + unit);
    let low = low.or(find("minimum").map(|low| if exclusive("exclusiveMinimum") { low + unit } else { low }));
    let high = find("exclusiveMaximum").map(|high| high - unit);
    let high = high.or(find("maximum").map(|high| if exclusive("exclusiveMaximum") { high - unit } else { high }));
    let mut number = low.unwrap_or_else(|| high.map_or(1.0, |high| high.min(1.0)));
    if let Some(step) = find("multipleOf").filter(|step| *step > 0.0) {
        number = (number / step).ceil() * step;
    }
    if whole {
        // Saturates, and what is not a number becomes 0.
        return json!(number.ceil() as i64);
    }
    json!(number)
}

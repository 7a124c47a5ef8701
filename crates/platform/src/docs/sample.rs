//! Ready requests: example bodies made from schemas, and the `curl` line that sends them.

use super::operation::Operation;
use super::schema::{properties, shape, types, variants};
use serde_json::{Map, Value, json};

const DEEPEST: usize = 5;

/// A value that the schema admits: its own example where it has one, otherwise the smallest that shows its fields.
pub fn value(document: &Value, site: &Value) -> Value {
    within(document, site, 0)
}

fn within(document: &Value, site: &Value, depth: usize) -> Value {
    let shape = shape(document, site);
    let own = [site, shape.schema].into_iter().find_map(|s| {
        let example = s.get("example").or_else(|| s.get("examples").and_then(|e| e.get(0)));
        example.or_else(|| s.get("const")).or_else(|| s.get("default")).or_else(|| s.get("enum").and_then(|e| e.get(0)))
    });
    if let Some(own) = own {
        return own.clone();
    }
    let simple = types(shape.schema).iter().any(|t| ["string", "integer", "number", "boolean"].contains(t));
    if depth >= DEEPEST && !simple {
        return if types(shape.schema).contains(&"array") { json!([]) } else { json!({}) };
    }
    if let Some(first) = variants(shape.schema).first() {
        return within(document, first, depth + 1);
    }
    let fields = properties(document, shape.schema);
    match types(shape.schema).into_iter().find(|t| *t != "null") {
        Some("string") => json!(hint(site).or_else(|| hint(shape.schema)).unwrap_or_else(|| text(shape.schema))),
        Some("integer" | "number") => shape.schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(true),
        Some("array") => {
            let items = shape.schema.get("items").unwrap_or(&Value::Null);
            let item = within(document, items, depth + 1);
            // What the list says of its items is said where the items themselves say nothing.
            let item = if item == UNKNOWN { json!(hint(site).unwrap_or(UNKNOWN)) } else { item };
            json!([item])
        }
        _ => {
            let any_required = fields.iter().any(|(_, _, required)| *required);
            let mut object = Map::new();
            for (i, (name, field, required)) in fields.iter().enumerate() {
                if *required || (!any_required && i == 0) {
                    object.insert((*name).to_owned(), within(document, field, depth + 1));
                }
            }
            Value::Object(object)
        }
    }
}

fn text(schema: &Value) -> &str {
    match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => "2030-01-01T00:00:00Z",
        Some("date") => "2030-01-01",
        Some("uuid") => "00000000-0000-7000-8000-000000000000",
        Some("uri" | "url") => "https://example.com/",
        Some("email") => "someone@example.com",
        Some("password") => "a long passphrase",
        _ => UNKNOWN,
    }
}

/// What stands for text of which nothing is known.
const UNKNOWN: &str = "...";

/// The form that a description names in code, such as `app_...`.
fn hint(schema: &Value) -> Option<&str> {
    let description = schema.get("description")?.as_str()?;
    description.split('`').skip(1).step_by(2).find(|code| code.len() < 12 && code.ends_with("_..."))
}

/// The value for the body of this media type: the document's example, or one made from the schema.
pub fn of_media(document: &Value, media: &Value) -> Value {
    let named = media.get("examples").and_then(Value::as_object).and_then(|e| e.values().next());
    let given = media.get("example").or_else(|| named.and_then(|e| e.get("value")));
    given.cloned().or_else(|| media.get("schema").map(|s| value(document, s))).unwrap_or(Value::Null)
}

/// One `curl` command. `$WAYLEAVE` is the base address, `$TOKEN` a personal access token, and every part of the
/// path that has to be filled in is a shell variable too.
pub fn curl(document: &Value, operation: &Operation<'_>) -> String {
    let mut lines = vec![format!("curl -X {} \"$WAYLEAVE{}\"", operation.method, address(document, operation))];
    if operation.method == "GET" {
        lines = vec![format!("curl \"$WAYLEAVE{}\"", address(document, operation))];
    }
    match operation.security(document) {
        Security::Nobody => {}
        Security::Basic => lines.push("-u \"$CLIENT_ID:$CLIENT_SECRET\"".to_owned()),
        Security::Bearer | Security::Optional => lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned()),
    }
    for header in operation.parameters(document, "header").iter().filter(|p| p.required) {
        lines.push(format!("-H '{}: {}'", header.name, quoted(&header.example(document))));
    }
    if let Some((media_type, media)) = operation.body(document) {
        let body = of_media(document, media);
        if body.is_null() {
            lines.push(format!("-H 'Content-Type: {media_type}'"));
            lines.push("--data-binary @FILE".to_owned());
        } else if media_type == "application/x-www-form-urlencoded" {
            let fields = body.as_object().filter(|fields| !fields.is_empty());
            if fields.is_none() {
                lines.push("-d '...'".to_owned());
            }
            for (name, value) in fields.into_iter().flatten() {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                lines.push(format!("-d {name}={}", quoted(&value)));
            }
        } else {
            lines.push(format!("-H 'Content-Type: {media_type}'"));
            let text = body.as_str().map_or_else(|| pretty(&body), str::to_owned);
            lines.push(format!("-d '{}'", quoted(&text)));
        }
    }
    lines.join(" \\\n  ")
}

/// JSON on several lines.
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Text that stands between single quotes in a shell.
fn quoted(text: &str) -> String {
    text.replace('\'', r"'\''")
}

/// How an operation is authenticated.
pub enum Security {
    /// It is not.
    Nobody,
    /// It may be, by a bearer token, and then more may be seen.
    Optional,
    /// HTTP Basic with a client's identifier and secret.
    Basic,
    /// A bearer token.
    Bearer,
}

fn address(document: &Value, operation: &Operation<'_>) -> String {
    let mut before = "";
    let mut out = String::new();
    for part in operation.path.split('/').skip(1) {
        out.push('/');
        match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            Some(name) => out.push_str(&format!("${}", variable(before, name))),
            None => out.push_str(part),
        }
        before = part;
    }
    let query: Vec<String> = operation
        .parameters(document, "query")
        .iter()
        .filter(|p| p.required)
        .map(|p| format!("{}={}", p.name, p.example(document)))
        .collect();
    if query.is_empty() { out } else { format!("{out}?{}", query.join("&")) }
}

/// The shell variable for a parameter of the path: `/apps/{id}` asks for `APP_ID`.
fn variable(before: &str, name: &str) -> String {
    let noun =
        before.strip_suffix("ies").map(|n| format!("{n}y")).unwrap_or_else(|| before.trim_end_matches('s').to_owned());
    let full = if name == "id" && !noun.is_empty() { format!("{noun}_{name}") } else { name.to_owned() };
    let full: String =
        full.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    // A shell has a value of its own for these.
    if ["USER", "HOME", "PATH", "PWD", "SHELL"].contains(&full.as_str()) { full + "_ID" } else { full }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_shows_required_fields_and_stops_at_a_cycle() {
        let document = json!({"components": {"schemas": {"Node": {"type": "object", "required": ["name", "next"],
            "properties": {"name": {"type": "string"}, "next": {"$ref": "#/components/schemas/Node"}, "spare": {"type": "string"}}}}}});
        let text = value(&document, &json!({"$ref": "#/components/schemas/Node"})).to_string();
        assert!(text.starts_with(r#"{"name":"...","next":{"name""#), "{text}");
        assert!(!text.contains("spare"), "{text}");
    }

    #[test]
    fn an_example_takes_the_form_that_the_description_names() {
        let one = json!({"type": "string", "description": "Whose; `app_...`."});
        assert_eq!(value(&Value::Null, &one), "app_...");
        let many = json!({"type": "array", "items": {"type": "string"}, "description": "At most ten of `env_...`."});
        assert_eq!(value(&Value::Null, &many), json!(["env_..."]));
        assert_eq!(value(&Value::Null, &json!({"type": "string", "description": "No `form` here."})), "...");
    }

    #[test]
    fn the_shell_variable_of_a_parameter_is_named_after_its_noun() {
        assert_eq!(variable("apps", "id"), "APP_ID");
        assert_eq!(variable("agencies", "id"), "AGENCY_ID");
        assert_eq!(variable("versions", "version"), "VERSION");
        assert_eq!(variable("team", "user"), "USER_ID", "$USER is whoever has logged in");
    }
}

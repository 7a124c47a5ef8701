//! The schemas of an OpenAPI document as JSON Schemas.
//!
//! 3.1 uses JSON Schema 2020-12 as it is. Those of 2.0 and 3.0 are draft 4 with some words of their own, which are put
//! into draft 4's. References are looked up inside of the document only; nothing is ever fetched.

use jsonschema::{Draft, Registry, Validator};
use platform::document::{Dialect, Document};
use serde_json::{Map, Value, json};

/// The name of the document in references. It is an identifier, not an address.
const HERE: &str = "json-schema:///document";

/// The schemas of one document.
pub(super) struct Schemas {
    registry: Option<Registry<'static>>,
    draft: Draft,
}

impl Schemas {
    /// Makes the document's schemas known.
    pub(super) fn new(document: &Document) -> Self {
        let draft = match document.dialect {
            Dialect::V2 | Dialect::V3_0 => Draft::Draft4,
            Dialect::V3_1 => Draft::Draft202012,
        };
        let mut whole = document.value.clone();
        translate(&mut whole, draft);
        let registry = Registry::new().draft(draft).add(HERE, whole).and_then(|builder| builder.prepare()).ok();
        Self { registry, draft }
    }

    /// A validator for a schema of the document; `None` if the schema itself is wrong, so that it excludes nothing.
    pub(super) fn validator(&self, schema: &Value) -> Option<Validator> {
        let registry = self.registry.as_ref()?;
        let mut schema = schema.clone();
        translate(&mut schema, self.draft);
        jsonschema::options().with_draft(self.draft).with_registry(registry).offline().build(&schema).ok()
    }
}

/// Recursion is bounded by the depth that the reader of documents allows.
fn translate(value: &mut Value, draft: Draft) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| translate(item, draft)),
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get_mut("$ref")
                && target.starts_with('#')
            {
                target.insert_str(0, HERE);
            }
            for (name, member) in members.iter_mut() {
                if !matches!(name.as_str(), "enum" | "const" | "default" | "example" | "examples") {
                    translate(member, draft);
                }
            }
            if draft == Draft::Draft4 {
                older(members);
            }
            drop_read_only(members);
        }
        _ => {}
    }
}

/// `nullable` and `type: file`, and what draft 4 would not let pass.
fn older(members: &mut Map<String, Value>) {
    if members.get("type").is_some_and(|name| name == "file") {
        members.shift_remove("type");
    }
    if members.get("nullable") == Some(&Value::Bool(true)) {
        if let Some(Value::String(name)) = members.get("type") {
            let both = json!([name, "null"]);
            members.insert("type".into(), both);
        }
        if let Some(Value::Array(values)) = members.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
    }
    // Common mistakes: `required: true` on a property, and an empty list.
    if members.get("required").is_some_and(|r| r.as_array().is_none_or(Vec::is_empty)) && members.contains_key("type") {
        members.shift_remove("required");
    }
}

/// What only answers carry is not demanded of requests (OpenAPI 3.0.3, Schema Object, `readOnly`).
fn drop_read_only(members: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = members.get("properties") else { return };
    let read_only: Vec<String> = properties
        .iter()
        .filter(|(_, property)| property.get("readOnly") == Some(&Value::Bool(true)))
        .map(|(name, _)| name.clone())
        .collect();
    if let Some(Value::Array(required)) = members.get_mut("required") {
        required.retain(|name| name.as_str().is_none_or(|name| !read_only.iter().any(|r| r == name)));
        if required.is_empty() {
            members.shift_remove("required");
        }
    }
}

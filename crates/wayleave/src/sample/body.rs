//! Request bodies: there or not, their media type, and what JSON is in them.

use super::contract::{MOST_MISFITS, bare, falls_under, is_json};
use super::echo::{Received, short};
use super::reply::Misfit;
use super::schema::Schemas;
use jsonschema::{ValidationError, Validator};
use platform::document::{Dialect, Document, Operation};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What the document says about the body of an operation.
pub(super) struct Content {
    required: bool,
    /// Media types or ranges, each with what JSON of that type is held against. Empty if the document knows no body.
    media: Vec<(String, Measure)>,
}

/// A schema, less the parts of it that the document's own example contradicts: real documents have such, and whoever
/// sends the example of the documentation should not be refused.
#[derive(Default)]
struct Measure {
    validator: Option<Validator>,
    /// Places in the schema.
    excused: HashSet<String>,
}

impl Measure {
    fn new(schema: Option<&Value>, examples: &[&Value], schemas: &Schemas) -> Self {
        let validator = schema.and_then(|schema| schemas.validator(schema));
        let errors = examples.iter().flat_map(|example| validator.iter().flat_map(|v| v.iter_errors(example)));
        let excused = errors.map(|error| error.schema_path().as_str().to_owned()).collect();
        Self { validator, excused }
    }

    fn errors<'i>(&'i self, value: &'i Value) -> impl Iterator<Item = ValidationError<'i>> {
        let errors = self.validator.iter().flat_map(|validator| validator.iter_errors(value));
        errors.filter(|error| !self.excused.contains(error.schema_path().as_str()))
    }
}

impl Content {
    /// The body of `operation`.
    pub(super) fn new(document: &Document, operation: &Operation, schemas: &Schemas) -> Self {
        let described = document.described(operation);
        match document.dialect {
            Dialect::V2 => Self::older(document, operation, described, schemas),
            Dialect::V3_0 | Dialect::V3_1 => {
                let body = described.and_then(|d| document.resolve(d.get("requestBody")?));
                let media = body.and_then(|body| body.get("content")?.as_object()).into_iter().flatten();
                let measure = |media: &Value| {
                    let named = media.get("examples").and_then(Value::as_object).into_iter().flatten();
                    let named = named.filter_map(|(_, example)| document.resolve(example)?.get("value"));
                    let examples: Vec<&Value> = media.get("example").into_iter().chain(named).collect();
                    Measure::new(media.get("schema"), &examples, schemas)
                };
                Self {
                    required: body.and_then(|body| body.get("required")?.as_bool()).unwrap_or(false),
                    media: media.map(|(name, media)| (name.clone(), measure(media))).collect(),
                }
            }
        }
    }

    /// In 2.0 the body is a parameter, and forms are several.
    fn older(
        document: &Document,
        operation: &Operation,
        described: Option<&Map<String, Value>>,
        schemas: &Schemas,
    ) -> Self {
        let parameters = document.parameters(operation);
        let is_in = |parameter: &&&Value, place: &str| parameter.get("in").and_then(Value::as_str) == Some(place);
        let required = |parameter: &Value| parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
        let consumes = described.and_then(|d| d.get("consumes")).or(document.value.get("consumes"));
        let consumes: Vec<String> = consumes
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        if let Some(body) = parameters.iter().find(|parameter| is_in(parameter, "body")) {
            let measure = || Measure::new(body.get("schema"), &[], schemas);
            let names = if consumes.is_empty() { vec!["application/json".to_owned()] } else { consumes };
            let media = names.into_iter().map(|name| (name, measure())).collect();
            return Self { required: required(body), media };
        }
        let form: Vec<&&Value> = parameters.iter().filter(|parameter| is_in(parameter, "formData")).collect();
        let mut media = Vec::new();
        if !form.is_empty() {
            media.extend(
                ["application/x-www-form-urlencoded", "multipart/form-data"]
                    .map(|name| (name.to_owned(), Measure::default())),
            );
        }
        Self { required: form.into_iter().any(|parameter| required(parameter)), media }
    }

    /// Adds what is wrong with `body`. One that the document does not know is passed over, as HTTP has it.
    pub(super) fn check(&self, received: &Received<'_>, body: &[u8], misfits: &mut Vec<Misfit>) {
        let mut wrong = |place, name: String, detail: String| misfits.push(Misfit { place, name, detail });
        if self.media.is_empty() {
            return;
        }
        let names: Vec<String> = self.media.iter().map(|(name, _)| format!("`{name}`")).collect();
        let names = names.join(" or ");
        if body.is_empty() {
            if self.required {
                wrong("body", String::new(), format!("The body is missing. Send {names}."));
            }
            return;
        }
        let given = received.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let fitting = self.media.iter().filter(|(range, _)| falls_under(given, range));
        let Some((_, measure)) = fitting.max_by_key(|(range, _)| !range.contains('*')) else {
            let detail = match bare(given).as_str() {
                "" => format!("The header `Content-Type` is missing. The document takes {names}."),
                other => format!("`Content-Type` is `{}`. The document takes {names}.", short(other)),
            };
            wrong("header", "Content-Type".into(), detail);
            return;
        };
        if !is_json(given) {
            return;
        }
        let value: Value = match serde_json::from_slice(body) {
            Ok(value) => value,
            Err(e) => {
                wrong("body", String::new(), format!("The body is not JSON: {e}."));
                return;
            }
        };
        for error in measure.errors(&value).take(MOST_MISFITS) {
            let pointer = error.instance_path().as_str().to_owned();
            let place = if pointer.is_empty() { "The body".to_owned() } else { format!("`{}`", short(&pointer)) };
            // The message without the value, which the caller knows and which may be long.
            wrong("body", pointer, format!("{place} does not fit the schema: {}.", short(&error.masked().to_string())));
        }
    }
}

//! Parameters of path, query and header.

use super::echo::{Received, short};
use super::reply::Misfit;
use super::schema::Schemas;
use jsonschema::Validator;
use platform::document::{Document, Operation};
use serde_json::{Value, json};

/// Headers that a document cannot define as parameters (OpenAPI 3.0.3, Parameter Object).
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// One documented parameter.
pub(super) struct Parameter {
    name: String,
    place: &'static str,
    required: bool,
    kind: Kind,
    validator: Option<Validator>,
}

/// How the text of a parameter becomes a JSON value.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    /// Several values, from repeated names or separated by commas.
    List(Item),
    /// Something whose serialisation is not looked into.
    Other,
}

#[derive(Clone, Copy, PartialEq)]
enum Item {
    Text,
    Integer,
    Number,
    Boolean,
}

impl Parameter {
    /// The parameters of `operation` that a request carries in its head. Cookies are left alone.
    pub(super) fn all(document: &Document, operation: &Operation, schemas: &Schemas) -> Vec<Self> {
        document.parameters(operation).into_iter().filter_map(|value| Self::new(document, value, schemas)).collect()
    }

    fn new(document: &Document, value: &Value, schemas: &Schemas) -> Option<Self> {
        let name = value.get("name")?.as_str()?.to_owned();
        let place = match value.get("in")?.as_str()? {
            "path" => "path",
            "query" => "query",
            "header" if !NOT_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) => "header",
            _ => return None,
        };
        let required = place == "path" || value.get("required").and_then(Value::as_bool).unwrap_or(false);
        // In 2.0 the parameter is its own schema, with a `required` that means something else.
        let schema = match value.get("schema") {
            Some(schema) => schema.clone(),
            None if value.get("content").is_some() => Value::Null,
            None => {
                let mut own = value.as_object()?.clone();
                own.retain(|name, _| !matches!(name.as_str(), "required" | "name" | "in" | "description"));
                Value::Object(own)
            }
        };
        let kind = kind(document, &schema);
        let plain = value.get("style").and_then(Value::as_str).is_none_or(|style| matches!(style, "form" | "simple"));
        let kind = if plain { kind } else { Kind::Other };
        let validator = if kind == Kind::Other { None } else { schemas.validator(&schema) };
        Some(Self { name, place, required, kind, validator })
    }

    /// What is wrong with this parameter in a request, if anything is.
    pub(super) fn misfit(&self, path: &[(&str, String)], received: &Received<'_>) -> Option<Misfit> {
        let texts: Vec<&str> = match self.place {
            "path" => path.iter().filter(|(name, _)| *name == self.name).map(|(_, text)| text.as_str()).collect(),
            "query" => {
                received.query.iter().filter(|(name, _)| *name == self.name).map(|(_, text)| text.as_str()).collect()
            }
            _ => received.headers.get_all(&self.name).iter().filter_map(|value| value.to_str().ok()).collect(),
        };
        let misfit = |detail: String| Some(Misfit { place: self.place, name: self.name.clone(), detail });
        let (place, name) = (self.place, &self.name);
        let Some(first) = texts.first() else {
            // A path that matched has what its template names; a document may declare more.
            let missing = self.required && self.place != "path" && self.kind != Kind::Other;
            return if missing { misfit(format!("The {place} parameter `{name}` is missing. Add it.")) } else { None };
        };
        let shown = short(first);
        let value = match self.kind {
            Kind::Other => return None,
            Kind::List(item) => {
                texts.iter().flat_map(|text| text.split(',')).map(|text| item.value(text.trim())).collect()
            }
            Kind::Text => Some(json!(first)),
            Kind::Integer => Item::Integer.value(first),
            Kind::Number => Item::Number.value(first),
            Kind::Boolean => Item::Boolean.value(first),
        };
        let Some(value) = value else {
            let wanted = self.kind.wanted();
            return misfit(format!("The {place} parameter `{name}` is `{shown}`. Write {wanted}."));
        };
        let error = self.validator.as_ref()?.iter_errors(&value).next()?;
        misfit(format!(
            "The {place} parameter `{name}` is `{shown}`, which the document excludes: {}.",
            short(&error.to_string())
        ))
    }
}

impl Kind {
    fn wanted(self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "`true` or `false`",
            Self::List(Item::Integer) => "whole numbers, separated by commas",
            Self::List(Item::Number) => "numbers, separated by commas",
            Self::List(Item::Boolean) => "`true` or `false`, separated by commas",
            Self::Text | Self::List(Item::Text) | Self::Other => "a text",
        }
    }
}

impl Item {
    fn value(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(json!(text)),
            Self::Integer => text.parse::<i64>().ok().map(Value::from),
            Self::Number => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
            Self::Boolean => text.parse::<bool>().ok().map(Value::from),
        }
    }
}

fn kind(document: &Document, schema: &Value) -> Kind {
    let schema = document.resolve(schema).unwrap_or(&Value::Null);
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => Kind::Text,
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("boolean") => Kind::Boolean,
        Some("array") => match schema.get("items").map_or(Kind::Text, |items| kind(document, items)) {
            Kind::Text => Kind::List(Item::Text),
            Kind::Integer => Kind::List(Item::Integer),
            Kind::Number => Kind::List(Item::Number),
            Kind::Boolean => Kind::List(Item::Boolean),
            Kind::List(_) | Kind::Other => Kind::Other,
        },
        _ => Kind::Other,
    }
}

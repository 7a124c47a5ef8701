//! OpenAPI 2.0 rewritten as 3.0, as far as readers need it: operations, parameters, bodies, responses, schemas.
//!
//! Nothing is copied more than once: where 3.0 wants one schema for each media type, all but the first refer to it. So
//! the result is hardly larger than what it was made from.

use serde_json::{Map, Value, json};

/// What 3.0 calls a member of 2.0's components, and where parameters that became bodies went.
const MOVED: [(&str, &str); 2] =
    [("#/definitions/", "#/components/schemas/"), ("#/responses/", "#/components/responses/")];
/// The members of a parameter that are none of its schema.
const OF_PARAMETERS: [&str; 7] =
    ["name", "in", "description", "required", "collectionFormat", "allowEmptyValue", "deprecated"];
/// The most media types of one body.
const MOST_MEDIA: usize = 20;

/// The document in its new edition. What is not as 2.0 has it is left out or left alone.
pub(crate) fn upgraded(value: Value) -> Value {
    let Value::Object(mut old) = value else { return value };
    let mut take = |name: &str| old.shift_remove(name);
    let media = |value: Option<Value>| Media::of(value.as_ref());
    let (consumes, produces) = (media(take("consumes")), media(take("produces")));
    let (definitions, responses) = (take("definitions"), take("responses"));
    let (parameters, paths) = (members(take("parameters")), members(take("paths")));
    for name in ["swagger", "host", "basePath", "schemes", "securityDefinitions", "security"] {
        take(name);
    }
    let whole = Whole { consumes, produces, parameters };

    let mut components = Map::new();
    components.insert("schemas".into(), object(members(definitions), |_, schema| whole.schema(schema)));
    let at = "#/components/responses";
    let response = |name: &str, value| whole.response(value, &whole.produces, &format!("{at}/{}", escaped(name)));
    components.insert("responses".into(), object(members(responses), response));
    let plain = whole.parameters.iter().filter(|(_, value)| !is_body(value));
    let plain: Map<String, Value> = plain.map(|(name, value)| (name.clone(), whole.parameter(value.clone()))).collect();
    components.insert("parameters".into(), plain.into());
    let bodies = whole.parameters.iter().filter(|(_, value)| is_body(value));
    let body = |(name, value): (&String, &Value)| {
        let at = format!("#/components/requestBodies/{}", escaped(name));
        (name.clone(), whole.body(std::slice::from_ref(value), &whole.consumes, &at))
    };
    components.insert("requestBodies".into(), Value::Object(bodies.map(body).collect()));

    let mut new = Map::new();
    new.insert("openapi".into(), json!("3.0.3"));
    new.append(&mut old);
    new.insert("paths".into(), object(paths, |path, item| whole.item(path, item)));
    new.insert("components".into(), components.into());
    new.into()
}

fn members(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The same names, each value made anew.
fn object(members: Map<String, Value>, make: impl Fn(&str, Value) -> Value) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.clone(), make(&name, value))).collect())
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a parameter of 2.0 is the body or a part of it.
fn is_body(parameter: &Value) -> bool {
    matches!(text(parameter, "in"), "body" | "formData")
}

/// Media types.
struct Media(Vec<String>);

impl Media {
    fn of(value: Option<&Value>) -> Self {
        let named = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        Self(named.take(MOST_MEDIA).map(str::to_owned).collect())
    }

    fn or<'m>(&'m self, usual: &'m Self) -> &'m Self {
        if self.0.is_empty() { usual } else { self }
    }

    /// Each with the same schema; `at` is where the result will stand.
    fn content(&self, schema: Value, otherwise: &str, at: &str) -> Map<String, Value> {
        let mut out = Map::new();
        let first = self.0.first().map_or(otherwise, String::as_str);
        let reference = json!({"$ref": format!("{at}/content/{}/schema", escaped(first))});
        out.insert(first.to_owned(), json!({"schema": schema}));
        for media in self.0.iter().skip(1).filter(|media| *media != first) {
            out.insert(media.clone(), json!({"schema": reference}));
        }
        out
    }
}

/// The bodies that hold for every operation of a path, and where the first that uses them has them.
struct Shared {
    bodies: Vec<Value>,
    at: Option<String>,
}

/// What the whole document says.
struct Whole {
    consumes: Media,
    produces: Media,
    parameters: Map<String, Value>,
}

impl Whole {
    fn item(&self, path: &str, item: Value) -> Value {
        let Value::Object(mut item) = item else { return item };
        let shared = list(item.shift_remove("parameters"));
        let (bodies, plain): (Vec<Value>, Vec<Value>) =
            shared.into_iter().partition(|value| is_body(self.named(value)));
        let mut shared = Shared { bodies, at: None };
        for (method, operation) in &mut item {
            if !operation.is_object() || method.starts_with("x-") {
                continue;
            }
            let at = format!("#/paths/{}/{}", escaped(path), escaped(method));
            *operation = self.operation(operation.take(), &mut shared, &at);
        }
        if !plain.is_empty() {
            item.insert("parameters".into(), plain.into_iter().map(|value| self.parameter(value)).collect());
        }
        item.into()
    }

    /// What a reference to a parameter names.
    fn named<'v>(&'v self, parameter: &'v Value) -> &'v Value {
        let name = text(parameter, "$ref").strip_prefix("#/parameters/");
        let name = name.map(|name| name.replace("~1", "/").replace("~0", "~"));
        name.and_then(|name| self.parameters.get(&name)).unwrap_or(parameter)
    }

    fn operation(&self, operation: Value, shared: &mut Shared, at: &str) -> Value {
        let Value::Object(mut operation) = operation else { return operation };
        let own = Media::of(operation.shift_remove("consumes").as_ref());
        let consumes = own.or(&self.consumes);
        let own = Media::of(operation.shift_remove("produces").as_ref());
        let produces = own.or(&self.produces);
        for name in ["schemes", "security"] {
            operation.shift_remove(name);
        }
        let parameters = list(operation.shift_remove("parameters"));
        let (bodies, plain): (Vec<Value>, Vec<Value>) =
            parameters.into_iter().partition(|value| is_body(self.named(value)));
        if !plain.is_empty() {
            operation.insert("parameters".into(), plain.into_iter().map(|value| self.parameter(value)).collect());
        }
        let at_body = format!("{at}/requestBody");
        if !bodies.is_empty() {
            operation.insert("requestBody".into(), self.body(&bodies, consumes, &at_body));
        } else if let Some(first) = &shared.at {
            operation.insert("requestBody".into(), json!({"$ref": first}));
        } else if !shared.bodies.is_empty() {
            operation.insert("requestBody".into(), self.body(&shared.bodies, consumes, &at_body));
            shared.at = Some(at_body);
        }
        if let Some(responses) = operation.get_mut("responses") {
            let at = format!("{at}/responses");
            let made = members(Some(responses.take()));
            *responses =
                object(made, |status, value| self.response(value, produces, &format!("{at}/{}", escaped(status))));
        }
        operation.into()
    }

    /// A parameter that is no body.
    fn parameter(&self, parameter: Value) -> Value {
        let parameter = moved(parameter);
        let Value::Object(parameter) = parameter else { return parameter };
        if parameter.contains_key("$ref") {
            return parameter.into();
        }
        let mut out = Map::new();
        let mut schema = Map::new();
        for (name, value) in parameter {
            let own = OF_PARAMETERS.contains(&name.as_str()) || name.starts_with("x-");
            if own { &mut out } else { &mut schema }.insert(name, value);
        }
        let way = out.shift_remove("collectionFormat");
        if let Some(way) = way.as_ref().and_then(Value::as_str) {
            let style = match way {
                "ssv" => "spaceDelimited",
                "pipes" => "pipeDelimited",
                _ if out.get("in") == Some(&json!("query")) => "form",
                _ => "simple",
            };
            out.insert("style".into(), style.into());
            out.insert("explode".into(), (way == "multi").into());
        }
        out.insert("schema".into(), self.schema(schema.into()));
        out.into()
    }

    /// The body that `parts` make: one of `in: body`, or the fields of a form.
    fn body(&self, parts: &[Value], consumes: &Media, at: &str) -> Value {
        if let Some(body) = parts.iter().find(|part| text(self.named(part), "in") == "body") {
            if let Some(name) = text(body, "$ref").strip_prefix("#/parameters/") {
                return json!({"$ref": format!("#/components/requestBodies/{name}")});
            }
            let schema = self.schema(body.get("schema").cloned().unwrap_or_else(|| json!({})));
            let content = consumes.content(schema, "application/json", at);
            let mut out = Map::new();
            for name in ["description", "required"] {
                body.get(name).into_iter().for_each(|value| drop(out.insert(name.to_owned(), value.clone())));
            }
            out.insert("content".into(), content.into());
            return out.into();
        }
        let named = || parts.iter().map(|part| self.named(part));
        let required: Vec<&str> =
            named().filter(|part| part.get("required") == Some(&json!(true))).map(|part| text(part, "name")).collect();
        let fields = parts.iter().map(|part| (text(self.named(part), "name").to_owned(), self.field(part)));
        let schema =
            json!({"type": "object", "properties": fields.collect::<Map<String, Value>>(), "required": required});
        let content = self.forms(parts, consumes).content(schema, "", at);
        json!({"required": !required.is_empty(), "content": content})
    }

    /// The media types of a form; at least one.
    fn forms(&self, parts: &[Value], consumes: &Media) -> Media {
        let forms: Vec<String> = consumes.0.iter().filter(|media| media.contains("form")).cloned().collect();
        if !forms.is_empty() {
            return Media(forms);
        }
        let is_file = parts.iter().any(|part| text(self.named(part), "type") == "file");
        let usual = if is_file { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
        Media(vec![usual.to_owned()])
    }

    /// A field of a form.
    fn field(&self, part: &Value) -> Value {
        if let Some(name) = text(part, "$ref").strip_prefix("#/parameters/") {
            let alone = std::slice::from_ref(self.named(part));
            let media = self.forms(alone, &self.consumes).0.into_iter().next().map(|media| escaped(&media));
            let (media, field) = (media.unwrap_or_default(), escaped(text(self.named(part), "name")));
            let place = format!("#/components/requestBodies/{name}/content/{media}/schema/properties/{field}");
            return json!({"$ref": place});
        }
        let own = part.as_object().into_iter().flatten();
        let schema = own.filter(|(name, _)| *name == "description" || !OF_PARAMETERS.contains(&name.as_str()));
        self.schema(Value::Object(schema.map(|(name, value)| (name.clone(), value.clone())).collect()))
    }

    fn response(&self, response: Value, produces: &Media, at: &str) -> Value {
        let Value::Object(mut response) = moved(response) else { return Value::Null };
        let schema = response.shift_remove("schema");
        let examples = members(response.shift_remove("examples"));
        if let Some(Value::Object(headers)) = response.shift_remove("headers") {
            response.insert("headers".into(), object(headers, |_, header| self.parameter(header)));
        }
        if schema.is_none() && examples.is_empty() {
            return response.into();
        }
        let mut content = match schema {
            Some(schema) => produces.content(self.schema(schema), "application/json", at),
            None => Map::new(),
        };
        for (media, example) in examples {
            let entry = content.entry(media).or_insert_with(|| json!({}));
            entry.as_object_mut().into_iter().for_each(|entry| drop(entry.insert("example".into(), example.clone())));
        }
        response.insert("content".into(), content.into());
        response.into()
    }

    /// A schema with everything below it. Recursion is bounded by the depth that the reader of documents allows.
    fn schema(&self, schema: Value) -> Value {
        match schema {
            Value::Array(items) => items.into_iter().map(|item| self.schema(item)).collect(),
            Value::Object(members) => {
                let mut out: Map<String, Value> =
                    members.into_iter().map(|(name, value)| self.keyword(name, value)).collect();
                if out.get("type") == Some(&json!("file")) {
                    out.insert("type".into(), "string".into());
                    out.insert("format".into(), "binary".into());
                }
                moved(out.into())
            }
            other => other,
        }
    }

    fn keyword(&self, name: String, value: Value) -> (String, Value) {
        match (name.as_str(), value) {
            ("example" | "default" | "enum", value) => (name, value),
            ("x-nullable", value) => ("nullable".to_owned(), value),
            ("discriminator", Value::String(property)) => (name, json!({"propertyName": property})),
            ("properties", Value::Object(properties)) => (name, object(properties, |_, schema| self.schema(schema))),
            (_, value) => {
                let value = self.schema(value);
                (name, value)
            }
        }
    }
}

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// The value with its own reference led to where 3.0 has its target.
fn moved(mut value: Value) -> Value {
    if let Some(Value::String(target)) = value.get_mut("$ref") {
        for (old, new) in MOVED.into_iter().chain([("#/parameters/", "#/components/parameters/")]) {
            if let Some(rest) = target.strip_prefix(old) {
                *target = format!("{new}{rest}");
                break;
            }
        }
    }
    value
}

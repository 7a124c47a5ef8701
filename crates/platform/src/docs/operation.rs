//! One operation: what it does, what it takes, what it answers.

use super::sample::{self, Security};
use super::schema::{self, resolve};
use super::{markdown, problem};
use base::ProblemKind;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;

/// The methods in the order in which people look for them.
const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// One method on one path of the document.
pub struct Operation<'a> {
    /// The document's `operationId`, or made from method and path.
    pub id: String,
    /// Upper case.
    pub method: String,
    /// The path template.
    pub path: &'a str,
    /// The first tag, under which it stands.
    pub tag: &'a str,
    /// One line.
    pub summary: String,
    item: &'a Value,
    value: &'a Value,
}

/// A parameter of the path, the query or a header.
pub struct Parameter<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it must be given.
    pub required: bool,
    value: &'a Value,
}

impl Parameter<'_> {
    fn schema(&self) -> &Value {
        self.value.get("schema").unwrap_or(&Value::Null)
    }

    /// A value to show.
    pub fn example(&self, document: &Value) -> String {
        let own = self.value.get("example").cloned();
        let value = own.unwrap_or_else(|| sample::value(document, self.schema()));
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }
}

/// Every operation of the document, by path and then by method.
pub fn all(document: &Value) -> Vec<Operation<'_>> {
    let mut found: Vec<(usize, Operation<'_>)> = Vec::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (rank, method) in METHODS.iter().enumerate() {
            if let Some(value) = item.get(*method) {
                found.push((rank, Operation::read(method, path, item, value)));
            }
        }
    }
    found.sort_by(|(a, x), (b, y)| (x.path, a).cmp(&(y.path, b)));
    found.into_iter().map(|(_, operation)| operation).collect()
}

impl<'a> Operation<'a> {
    fn read(method: &str, path: &'a str, item: &'a Value, value: &'a Value) -> Self {
        let word = |key: &str| value.get(key).and_then(Value::as_str).filter(|t| !t.is_empty());
        let made: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let tag = value.get("tags").and_then(|t| t.get(0)).and_then(Value::as_str);
        Self {
            id: word("operationId").map_or_else(|| format!("{method}{made}"), str::to_owned),
            method: method.to_ascii_uppercase(),
            path,
            tag: tag.unwrap_or("other"),
            summary: word("summary").map_or_else(|| format!("{} {path}", method.to_ascii_uppercase()), markdown::line),
            item,
            value,
        }
    }

    /// The parameters that travel in `place`, those of the whole path included.
    pub fn parameters(&self, document: &'a Value, place: &str) -> Vec<Parameter<'a>> {
        let lists = [self.value, self.item].map(|v| v.get("parameters").and_then(Value::as_array));
        let mut out: Vec<Parameter<'a>> = Vec::new();
        for value in lists.into_iter().flatten().flatten().map(|p| resolve(document, p)) {
            let name = value.get("name").and_then(Value::as_str).unwrap_or("");
            if value.get("in").and_then(Value::as_str) == Some(place) && out.iter().all(|p| p.name != name) {
                let required = value.get("required").and_then(Value::as_bool) == Some(true);
                out.push(Parameter { name, required, value });
            }
        }
        out
    }

    /// The media type and schema of the body. JSON is preferred where several are taken.
    pub fn body(&self, document: &'a Value) -> Option<(&'a str, &'a Value)> {
        let content = self.bodies(document);
        let json = content.iter().find(|(name, _)| name.contains("json"));
        json.or_else(|| content.first()).copied()
    }

    fn bodies(&self, document: &'a Value) -> Vec<(&'a str, &'a Value)> {
        let body = self.value.get("requestBody").map(|b| resolve(document, b));
        let content = body.and_then(|b| b.get("content")).and_then(Value::as_object);
        content.into_iter().flatten().map(|(name, media)| (name.as_str(), media)).collect()
    }

    /// How the operation authenticates: its own requirement or that of the whole document.
    pub fn security(&self, document: &Value) -> Security {
        let list = self.value.get("security").or_else(|| document.get("security")).and_then(Value::as_array);
        let Some(list) = list else { return Security::Nobody };
        let names: Vec<&String> = list.iter().filter_map(Value::as_object).flat_map(|o| o.keys()).collect();
        if names.is_empty() {
            return Security::Nobody;
        }
        if list.iter().any(|one| one.as_object().is_some_and(serde_json::Map::is_empty)) {
            return Security::Optional;
        }
        let schemes = document.pointer("/components/securitySchemes");
        let basic = |name: &&String| {
            let scheme = schemes.and_then(|s| s.get(name.as_str())).and_then(|s| s.get("scheme"));
            scheme.and_then(Value::as_str).is_some_and(|s| s.eq_ignore_ascii_case("basic"))
        };
        if names.iter().all(basic) { Security::Basic } else { Security::Bearer }
    }

    /// The operation as a line of an index.
    pub fn line(&self) -> Markup {
        html! {
            a.line href={ "#" (self.id) } {
                span.method.(self.method.to_ascii_lowercase()) { (self.method) } " "
                code.path { (broken(self.path)) } " "
                span.what { (self.summary) }
            }
        }
    }

    /// The whole operation.
    pub fn article(&self, document: &'a Value, usual: &Usual<'_>) -> Markup {
        let description = self.value.get("description").and_then(Value::as_str).unwrap_or("");
        html! {
            article.operation id=(self.id) aria-labelledby={ (self.id) "-title" } {
                div.words {
                    h3 id={ (self.id) "-title" } { a href={ "#" (self.id) } { (self.summary) } }
                    p.address {
                        span.method.(self.method.to_ascii_lowercase()) { (self.method) } " " code.path { (broken(self.path)) }
                        @match self.security(document) {
                            Security::Nobody => { " " span.mark { "open to everybody" } }
                            Security::Optional => { " " span.mark { "signing in is optional" } }
                            Security::Basic => { " " span.mark { "with client id and secret" } }
                            Security::Bearer => {}
                        }
                        @if self.value.get("deprecated").and_then(Value::as_bool) == Some(true) { " " span.mark { "deprecated" } }
                    }
                    @if !description.is_empty() { div.prose { (markdown::render(description, 4)) } }
                    (self.parameter_list(document))
                    (self.body_fields(document))
                    (self.response_list(document, usual))
                }
                div.sample {
                    h4 { "curl" }
                    pre { code { (sample::curl(document, self)) } }
                    (self.sample_answer(document))
                    p.opid { "Operation " code { (self.id) } }
                }
            }
        }
    }

    fn parameter_list(&self, document: &'a Value) -> Markup {
        let places = ["path", "query", "header"].map(|place| (place, self.parameters(document, place)));
        html! {
            @if places.iter().any(|(_, list)| !list.is_empty()) {
                h4 { "Parameters" }
                ul.fields {
                    @for (place, list) in &places {
                        @for parameter in list {
                            li {
                                p.field {
                                    code.name { (parameter.name) } " "
                                    span.type { (schema::type_words(document, parameter.schema())) " in the " (place) }
                                    @if parameter.required { " " span.need { "required" } }
                                }
                                @if let Some(text) = parameter.value.get("description").and_then(Value::as_str) {
                                    div.prose { (markdown::render(text, 5)) }
                                }
                                (schema::facts(schema::shape(document, parameter.schema()).schema))
                                @if let Some(example) = parameter.value.get("example") { p.facts { "example " code { (example) } } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn body_fields(&self, document: &'a Value) -> Markup {
        let whole = self.value.get("requestBody").map(|b| resolve(document, b));
        let Some((media_type, media)) = self.body(document) else { return html! {} };
        let optional = whole.and_then(|b| b.get("required")).and_then(Value::as_bool) != Some(true);
        html! {
            h4 { "Body" }
            p.field {
                code { (media_type) } " "
                @for (other, _) in self.bodies(document).iter().filter(|(name, _)| *name != media_type) {
                    "or " code { (other) } " "
                }
                @if let Some(body) = media.get("schema") { span.type { (schema::type_words(document, body)) } }
                @if optional { " " span.mark { "may be left out" } } @else { " " span.need { "required" } }
            }
            @if let Some(text) = whole.and_then(|b| b.get("description")).and_then(Value::as_str) {
                div.prose { (markdown::render(text, 5)) }
            }
            @if let Some(body) = media.get("schema") { (schema::body(document, body)) }
        }
    }

    fn responses(&self, document: &'a Value) -> Vec<(&'a str, &'a Value)> {
        let responses = self.value.get("responses").and_then(Value::as_object);
        responses.into_iter().flatten().map(|(status, r)| (status.as_str(), resolve(document, r))).collect()
    }

    fn response_list(&self, document: &'a Value, usual: &Usual<'_>) -> Markup {
        let (shared, own): (Vec<_>, Vec<_>) =
            self.responses(document).into_iter().partition(|(status, response)| usual.has(status, response));
        html! {
            @if !shared.is_empty() || !own.is_empty() { h4 { "Answers" } }
            @if !own.is_empty() {
                ul.answers { @for (status, response) in own { (one_response(document, status, response)) } }
            }
            @if !shared.is_empty() {
                p.usual {
                    "Refusals that most operations share: "
                    @for (i, (status, response)) in shared.into_iter().enumerate() {
                        @if i > 0 { "; " } code.status.bad { (status) } " " (links(&kinds(status, response)))
                    }
                }
            }
        }
    }

    fn sample_answer(&self, document: &'a Value) -> Markup {
        let good = self.responses(document).into_iter().find(|(status, _)| status.starts_with('2'));
        let media = good.and_then(|(status, r)| json_of(r).map(|media| (status, media)));
        html! {
            @if let Some((status, media)) = media {
                h4 { "Answer " (status) }
                pre { code { (sample::pretty(&sample::of_media(document, media))) } }
            }
        }
    }
}

fn json_of(response: &Value) -> Option<&Value> {
    let content = response.get("content")?.as_object()?;
    content.iter().find(|(name, _)| name.contains("json")).map(|(_, media)| media)
}

fn one_response(document: &Value, status: &str, response: &Value) -> Markup {
    let description = description(response);
    let failed = is_refusal(status);
    let media = response.get("content").and_then(Value::as_object).and_then(|c| c.iter().next());
    let body = media.and_then(|(_, media)| media.get("schema"));
    let headers = response.get("headers").and_then(Value::as_object);
    html! {
        li.answer {
            code.status.(if failed { "bad" } else { "ok" }) { (status) } " "
            div {
                @if failed {
                    div.prose { (markdown::render_linking_problems(description, 5)) }
                    @let kinds = kinds(status, response);
                    @if markdown::problems_in(description).is_empty() && !kinds.is_empty() { p.facts { (links(&kinds)) } }
                } @else {
                    @if !description.is_empty() { div.prose { (markdown::render(description, 5)) } }
                    @if let (Some((media_type, _)), Some(body)) = (media, body) {
                        @let fields = schema::body(document, body);
                        p.field { code { (media_type) } " " span.type { (schema::type_words(document, body)) } }
                        @if !fields.0.is_empty() { details { summary { "Fields" } (fields) } }
                    } @else if let Some((media_type, _)) = media {
                        p.facts { code { (media_type) } }
                    }
                }
                @for (name, header) in headers.into_iter().flatten() {
                    p.facts { "header " code { (name) } " " (self::description(header)) }
                }
            }
        }
    }
}

fn description(value: &Value) -> &str {
    value.get("description").and_then(Value::as_str).unwrap_or("")
}

fn is_refusal(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

/// The problem codes of a refusal: those that its description names, or else, where the answer is a problem at all,
/// every kind of the management API that has this status. The OAuth endpoints answer in another shape.
fn kinds(status: &str, response: &Value) -> Vec<ProblemKind> {
    let named = markdown::problems_in(description(response));
    let is_problem = response.get("content").and_then(|c| c.get("application/problem+json")).is_some();
    if !named.is_empty() || !is_problem {
        return named;
    }
    let here = |k: &&ProblemKind| k.status().to_string() == status && problem::of_management(**k);
    ProblemKind::ALL.iter().filter(here).copied().collect()
}

fn links(kinds: &[ProblemKind]) -> Markup {
    let links: Vec<String> = kinds.iter().map(|kind| markdown::problem_link(*kind)).collect();
    PreEscaped(links.join(", "))
}

/// Refusals that most operations share word for word. They are listed in one line, so that what is particular to an
/// operation stands out.
pub struct Usual<'a>(Vec<(&'a str, &'a Value)>);

impl<'a> Usual<'a> {
    /// Those that at least half of the operations have, and at least three.
    pub fn of(document: &'a Value, operations: &[Operation<'a>]) -> Self {
        let mut counted: Vec<(&str, &Value, usize)> = Vec::new();
        for (status, response) in operations.iter().flat_map(|o| o.responses(document)).filter(|(s, _)| is_refusal(s)) {
            match counted.iter_mut().find(|(s, r, _)| *s == status && *r == response) {
                Some((_, _, count)) => *count += 1,
                None => counted.push((status, response, 1)),
            }
        }
        let least = operations.len().div_ceil(2).max(3);
        Self(counted.into_iter().filter(|(_, _, n)| *n >= least).map(|(s, r, _)| (s, r)).collect())
    }

    fn has(&self, status: &str, response: &Value) -> bool {
        self.0.iter().any(|(s, r)| *s == status && *r == response)
    }
}

/// A path that may break behind its slashes.
fn broken(path: &str) -> Markup {
    html! { @for (i, part) in path.split('/').enumerate() { @if i > 0 { "/" wbr; } (part) } }
}

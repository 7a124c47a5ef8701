//! One document under one mount: finds the operation, checks the request, makes the answer.

use super::body::Content;
use super::echo::{Received, short};
use super::instance;
use super::parameter::Parameter;
use super::reply::{Misfit, Reply};
use super::route::Route;
use super::schema::Schemas;
use platform::document::{Dialect, Document};
use serde_json::{Map, Value};

/// The most misfits that one answer names.
pub(super) const MOST_MISFITS: usize = 20;

/// A document that requests are held against.
pub(super) struct Contract {
    /// Where it is mounted: begins with a slash and does not end with one, or is empty.
    pub(super) mount: String,
    document: Document,
    /// The most literal routes first.
    operations: Vec<Answerable>,
}

struct Answerable {
    route: Route,
    /// Its place in the document's operations.
    index: usize,
    parameters: Vec<Parameter>,
    content: Content,
}

impl Contract {
    /// Prepares `document` to answer under `mount`.
    pub(super) fn new(mount: &str, document: Document) -> Self {
        let trimmed = mount.trim_matches('/');
        let mount = if trimmed.is_empty() { String::new() } else { format!("/{trimmed}") };
        let schemas = Schemas::new(&document);
        let mut operations: Vec<Answerable> = document
            .operations
            .iter()
            .enumerate()
            .map(|(index, operation)| Answerable {
                route: Route::new(&operation.path),
                index,
                parameters: Parameter::all(&document, operation, &schemas),
                content: Content::new(&document, operation, &schemas),
            })
            .collect();
        operations.sort_by_key(|operation| operation.route.rank());
        Self { mount, document, operations }
    }

    /// The rest of `path` behind the mount, if it lies there.
    pub(super) fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        match path.strip_prefix(&self.mount)? {
            "" => Some("/"),
            rest => rest.starts_with('/').then_some(rest),
        }
    }

    /// The answer to a request for `path`, which begins behind the mount.
    pub(super) fn reply(&self, path: &str, received: &Received<'_>, body: &[u8]) -> Reply {
        let mut methods: Vec<&str> = Vec::new();
        for answerable in &self.operations {
            let Some(found) = answerable.route.matches(path) else { continue };
            let operation = &self.document.operations[answerable.index];
            if operation.method != received.method.as_str() {
                methods.push(&operation.method);
                continue;
            }
            let misfits = answerable.misfits(&found, received, body);
            return match misfits.first() {
                None => self.good(answerable, received),
                Some(first) => Reply::problem(400, &format!("{}: {}", operation.name, first.detail), &misfits),
            }
            .by(&operation.name);
        }
        let title = &self.document.title;
        if methods.is_empty() {
            let detail = format!("No path of \"{title}\" fits `{}`. See the document for its paths.", short(path));
            return Reply::problem(404, &detail, &[]);
        }
        methods.sort_unstable();
        methods.dedup();
        let detail = format!("`{}` takes {}, not {}.", short(path), methods.join(", "), received.method);
        Reply::problem(405, &detail, &[]).allow(&methods)
    }

    /// The documented answer of success.
    fn good(&self, answerable: &Answerable, received: &Received<'_>) -> Reply {
        let operation = &self.document.operations[answerable.index];
        let described = self.document.described(operation);
        let responses = described.and_then(|described| described.get("responses")?.as_object());
        let Some((status, response)) = responses.and_then(|responses| self.success(responses)) else {
            return Reply::empty(204);
        };
        let accepts: Vec<&str> = received.headers.get_all("accept").iter().filter_map(|v| v.to_str().ok()).collect();
        let content = match self.document.dialect {
            Dialect::V2 => self.older(described, response),
            Dialect::V3_0 | Dialect::V3_1 => self.newer(response, &accepts.join(",")),
        };
        let mut reply = match content {
            Some((media, value)) if !matches!(status, 204 | 205 | 304) => {
                let bytes = match value {
                    Value::String(text) if !is_json(&media) => text.into_bytes(),
                    value => value.to_string().into_bytes(),
                };
                Reply::content(status, &media, bytes)
            }
            _ => Reply::empty(status),
        };
        for (name, header) in response.get("headers").and_then(Value::as_object).into_iter().flatten() {
            let Some(header) = self.document.resolve(header) else { continue };
            let value = header.get("example").cloned().unwrap_or_else(|| {
                // In 2.0 the header is its own schema.
                instance::of(&self.document, header.get("schema").unwrap_or(header))
            });
            reply = match value {
                Value::String(text) => reply.header(name, &text),
                Value::Number(number) => reply.header(name, &number.to_string()),
                Value::Bool(truth) => reply.header(name, &truth.to_string()),
                _ => reply,
            };
        }
        reply
    }

    /// The first documented 2xx, else `2XX` or `default` as 200, else whatever is documented first.
    fn success<'d>(&'d self, responses: &'d Map<String, Value>) -> Option<(u16, &'d Map<String, Value>)> {
        let mut named: Vec<(u16, &Value)> =
            responses.iter().filter_map(|(status, response)| Some((status.parse().ok()?, response))).collect();
        named.sort_by_key(|(status, _)| *status);
        let good = named.iter().find(|(status, _)| (200..300).contains(status)).copied();
        let range = || ["2XX", "2xx", "default"].iter().find_map(|name| Some((200, responses.get(*name)?)));
        let (status, response) =
            good.or_else(range).or_else(|| named.into_iter().find(|(status, _)| (200..600).contains(status)))?;
        Some((status, self.document.resolve(response)?.as_object()?))
    }

    /// `content` of 3.x: the first media type that the caller accepts, JSON before others.
    fn newer(&self, response: &Map<String, Value>, accept: &str) -> Option<(String, Value)> {
        let content = response.get("content")?.as_object()?;
        let mut all: Vec<(&String, &Value)> = content.iter().collect();
        all.sort_by_key(|(name, _)| !is_json(name));
        let (name, media) = all.iter().find(|(name, _)| accepts(accept, name)).or(all.first())?;
        let name = if name.contains('*') { "application/json".to_owned() } else { (*name).clone() };
        let named = media.get("examples").and_then(Value::as_object).and_then(|all| all.values().next());
        let named = named.and_then(|example| self.document.resolve(example)?.get("value"));
        let value = media.get("example").or(named).cloned();
        let value = value.or_else(|| media.get("schema").map(|schema| instance::of(&self.document, schema)));
        Some((name, value?))
    }

    /// `schema`, `examples` and `produces` of 2.0.
    fn older(&self, described: Option<&Map<String, Value>>, response: &Map<String, Value>) -> Option<(String, Value)> {
        let examples = response.get("examples").and_then(Value::as_object);
        if let Some((name, value)) =
            examples.and_then(|all| all.iter().find(|(name, _)| is_json(name)).or(all.iter().next()))
        {
            return Some((name.clone(), value.clone()));
        }
        let schema = response.get("schema")?;
        let produces = described.and_then(|d| d.get("produces")).or(self.document.value.get("produces"));
        let mut produces = produces.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let first = produces.clone().find(|name| is_json(name)).or_else(|| produces.next());
        Some((first.unwrap_or("application/json").to_owned(), instance::of(&self.document, schema)))
    }
}

impl Answerable {
    fn misfits(&self, path: &[(&str, String)], received: &Received<'_>, body: &[u8]) -> Vec<Misfit> {
        let mut misfits: Vec<Misfit> =
            self.parameters.iter().filter_map(|parameter| parameter.misfit(path, received)).collect();
        self.content.check(received, body, &mut misfits);
        misfits.truncate(MOST_MISFITS);
        misfits
    }
}

/// Whether a media type is JSON: `application/json`, `application/problem+json` ...
pub(super) fn is_json(media: &str) -> bool {
    let media = bare(media);
    media == "application/json" || media == "text/json" || media.ends_with("+json")
}

/// A media type in lower case and without its parameters.
pub(super) fn bare(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type falls under a range such as `application/*`.
pub(super) fn falls_under(media: &str, range: &str) -> bool {
    let (media, range) = (bare(media), bare(range));
    range == "*/*" || range == "*" || media == range || range.strip_suffix('*').is_some_and(|r| media.starts_with(r))
}

fn accepts(accept: &str, media: &str) -> bool {
    accept.trim().is_empty() || accept.split(',').any(|range| falls_under(media, range))
}

//! A request that fits the document, for each of its operations: for ready commands and for tests.

use super::instance;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use platform::document::{Document, Operation};
use serde_json::Value;

/// A request that fits an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Upper case.
    pub method: String,
    /// Path and query behind the API's base address, percent-encoded; begins with a slash.
    pub target: String,
    /// Header names and values, the content type among them.
    pub headers: Vec<(String, String)>,
    /// The body, if the operation takes one.
    pub body: Option<String>,
}

/// A request to `operation` with everything that `document` demands and nothing else: examples where the document has
/// them, else the plainest values that its schemas admit.
pub fn fitting(document: &Document, operation: &Operation) -> Call {
    let mut path = operation.path.clone();
    let (mut query, mut headers) = (Vec::new(), Vec::new());
    for parameter in document.parameters(operation) {
        let Some(name) = parameter.get("name").and_then(Value::as_str) else { continue };
        let required = parameter.get("required") == Some(&Value::Bool(true));
        // In 2.0 the parameter is its own schema.
        let made = instance::of(document, parameter.get("schema").unwrap_or(parameter));
        let text = made.as_str().map_or_else(|| made.to_string(), str::to_owned);
        let encoded = utf8_percent_encode(&text, NON_ALPHANUMERIC);
        match parameter.get("in").and_then(Value::as_str) {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &encoded.to_string()),
            Some("query") if required => {
                query.push(format!("{}={encoded}", utf8_percent_encode(name, NON_ALPHANUMERIC)))
            }
            Some("header") if required => headers.push((name.to_owned(), text)),
            _ => {}
        }
    }
    let body = body(document, operation).map(|(media, content)| {
        headers.push(("Content-Type".to_owned(), media));
        content.to_string()
    });
    let target = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
    Call { method: operation.method.clone(), target, headers, body }
}

/// Media type and JSON of the body; other bodies are left out.
fn body(document: &Document, operation: &Operation) -> Option<(String, Value)> {
    let in_body = |parameter: &&Value| parameter.get("in").and_then(Value::as_str) == Some("body");
    if let Some(body) = document.parameters(operation).into_iter().find(in_body) {
        return Some(("application/json".into(), instance::of(document, body.get("schema")?)));
    }
    let body = document.resolve(document.described(operation)?.get("requestBody")?)?;
    let content = body.get("content")?.as_object()?;
    let (media, content) = content.iter().find(|(name, _)| super::contract::is_json(name))?;
    let named = content.get("examples").and_then(|all| all.as_object()?.values().next());
    let named = named.and_then(|example| document.resolve(example)?.get("value"));
    let given = content.get("example").or(named).cloned();
    Some((media.clone(), given.or_else(|| Some(instance::of(document, content.get("schema")?)))?))
}

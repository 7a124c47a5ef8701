//! What was received, as it is shown again: bounded, and without secrets.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

/// The longest `Sample-Echo`, in bytes.
const LONGEST: usize = 4096;
/// The most bytes of one value, and of a body, that are shown.
const MOST_SHOWN: usize = 256;
/// A name with one of these in it has a value that is not shown.
const SECRET: [&str; 8] = ["auth", "cookie", "key", "token", "secret", "password", "signature", "assertion"];

/// The head of a request.
pub(super) struct Received<'r> {
    /// Its method.
    pub(super) method: &'r Method,
    /// Its path as it arrived, percent-encoding included.
    pub(super) path: &'r str,
    /// Its headers.
    pub(super) headers: &'r HeaderMap,
    /// Its query parameters in order, decoded.
    pub(super) query: Vec<(String, String)>,
}

impl<'r> Received<'r> {
    /// Takes the head apart.
    pub(super) fn new(head: &'r Parts) -> Self {
        let pairs = head.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let query = pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decoded(name), decoded(value))
            })
            .collect();
        Self { method: &head.method, path: head.uri.path(), headers: &head.headers, query }
    }

    /// Everything, for `/_echo`.
    pub(super) fn whole(&self, body: &[u8]) -> Value {
        let mut all = self.shown(usize::MAX);
        let text = String::from_utf8_lossy(body);
        all.insert("body".into(), json!({"bytes": body.len(), "text": short(&text)}));
        Value::Object(all)
    }

    /// The value of `Sample-Echo`: one line of ASCII. If it grows too long, the last headers are left out.
    pub(super) fn line(&self, operation: Option<&str>) -> String {
        let mut all = self.shown(LONGEST / 2);
        if let Some(operation) = operation {
            all.insert("operation".into(), operation.into());
        }
        let mut line = ascii(&Value::Object(all.clone()));
        while line.len() > LONGEST {
            let Some(Value::Object(headers)) = all.get_mut("headers") else { break };
            let Some(last) = headers.keys().next_back().cloned() else { break };
            headers.shift_remove(&last);
            all.insert("cut".into(), true.into());
            line = ascii(&Value::Object(all.clone()));
        }
        if line.len() > LONGEST { ascii(&json!({"method": self.method.as_str(), "cut": true})) } else { line }
    }

    fn shown(&self, budget: usize) -> Map<String, Value> {
        let mut headers = Map::new();
        for (name, value) in self.headers {
            let text = masked(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
            let slot = headers.entry(name.as_str()).or_insert_with(|| json!(""));
            *slot = match slot.as_str() {
                Some("") | None => json!(text),
                Some(before) => json!(format!("{before}, {text}")),
            };
        }
        let mut used = 0;
        let within = |(name, value): &&(String, String)| {
            used += name.len() + value.len().min(MOST_SHOWN);
            used <= budget
        };
        let query: Vec<Value> = self
            .query
            .iter()
            .take_while(within)
            .map(|(name, value)| json!([short(name), masked(name, value)]))
            .collect();
        let mut all = Map::new();
        all.insert("method".into(), self.method.as_str().into());
        all.insert("path".into(), short(self.path).into());
        all.insert("query".into(), query.into());
        all.insert("headers".into(), headers.into());
        all
    }
}

/// `text`, cut to what is shown.
pub(super) fn short(text: &str) -> String {
    if text.len() <= MOST_SHOWN {
        return text.to_owned();
    }
    format!("{}...", &text[..text.floor_char_boundary(MOST_SHOWN)])
}

fn masked(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    if SECRET.iter().any(|word| name.contains(word)) {
        return format!("({} bytes, not shown)", value.len());
    }
    short(value)
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// JSON in visible ASCII: everything else is escaped as JSON allows.
fn ascii(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        if (' '..='~').contains(&c) {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

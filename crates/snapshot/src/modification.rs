//! What is changed on a request before it is forwarded: as the designer wrote it, and made ready for calls (C18).

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

/// Changes of a request's headers and query, in the order: remove, set, add.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Modification {
    /// Of its header fields.
    pub headers: Edits,
    /// Of the parameters of its query.
    pub query: Edits,
}

/// Changes of named values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Edits {
    /// Taken off, every value of them.
    pub remove: Vec<String>,
    /// Put in the place of whatever was there.
    pub set: Vec<Pair>,
    /// Put beside whatever is there.
    pub add: Vec<Pair>,
}

/// A name and its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Its name.
    pub name: String,
    /// Its value, as it is: a parameter's is encoded by the gateway.
    pub value: String,
}

impl Edits {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.remove.is_empty() && self.set.is_empty() && self.add.is_empty()
    }
}

impl Modification {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.query.is_empty()
    }
}

/// A modification made ready: names and values are parsed once, and a call copies none of their bytes.
#[derive(Clone, Debug, Default)]
pub struct Rewrite {
    gone: Vec<HeaderName>,
    set: Vec<(HeaderName, HeaderValue)>,
    add: Vec<(HeaderName, HeaderValue)>,
    /// The names of parameters that do not stay, decoded.
    pub query_gone: Vec<String>,
    /// Encoded pairs that come behind those that stay: `a=1&b=2`.
    pub query_more: String,
}

impl Rewrite {
    /// Makes a modification ready; `None` if it changes nothing. What no request may carry is named in `faults` and left
    /// out: the control plane refuses it long before.
    pub(crate) fn of(modification: &Modification, faults: &mut Vec<String>) -> Option<Self> {
        if modification.is_empty() {
            return None;
        }
        let mut name = |text: &str| match HeaderName::from_bytes(text.as_bytes()) {
            Ok(name) => Some(name),
            Err(_) => {
                faults.push(format!("`{text}` is no header name"));
                None
            }
        };
        let gone = modification.headers.remove.iter().filter_map(|n| name(n)).collect();
        let mut pairs = |all: &[Pair]| {
            all.iter().filter_map(|p| Some((name(&p.name)?, HeaderValue::from_str(&p.value).ok()?))).collect()
        };
        let (set, add) = (pairs(&modification.headers.set), pairs(&modification.headers.add));
        let query = &modification.query;
        let query_gone = query.remove.iter().chain(query.set.iter().map(|p| &p.name)).cloned().collect();
        let more: Vec<String> =
            query.set.iter().chain(&query.add).map(|p| format!("{}={}", encoded(&p.name), encoded(&p.value))).collect();
        Some(Self { gone, set, add, query_gone, query_more: more.join("&") })
    }

    /// Changes the header fields of a request.
    pub fn apply(&self, headers: &mut HeaderMap) {
        for name in &self.gone {
            headers.remove(name);
        }
        for (name, value) in &self.set {
            headers.insert(name.clone(), value.clone());
        }
        for (name, value) in &self.add {
            headers.append(name.clone(), value.clone());
        }
    }

    /// Whether the query is changed.
    pub fn is_about_queries(&self) -> bool {
        !self.query_gone.is_empty() || !self.query_more.is_empty()
    }
}

/// A name or value as it stands in a query (RFC 3986 section 2.3: everything but unreserved symbols is encoded).
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> Pair {
        Pair { name: name.into(), value: value.into() }
    }

    /// C18
    #[test]
    fn fields_are_removed_then_set_then_added() {
        let headers = Edits {
            remove: vec!["X-Debug".into()],
            set: vec![pair("X-Tier", "gold"), pair("Accept", "text/plain")],
            add: vec![pair("X-Tier", "beta")],
        };
        let mut faults = Vec::new();
        let made = Rewrite::of(&Modification { headers, ..Modification::default() }, &mut faults).unwrap();
        assert!(faults.is_empty() && !made.is_about_queries());
        let mut fields = HeaderMap::new();
        for (name, value) in [("x-debug", "1"), ("x-debug", "2"), ("x-tier", "tin"), ("accept", "*/*")] {
            fields.append(name, HeaderValue::from_static(value));
        }
        made.apply(&mut fields);
        assert!(!fields.contains_key("x-debug"));
        assert_eq!(fields.get_all("x-tier").iter().collect::<Vec<_>>(), ["gold", "beta"]);
        assert_eq!(fields["accept"], "text/plain");
    }

    #[test]
    fn parameters_are_encoded_once_and_nothing_is_no_rewrite() {
        let query = Edits { remove: vec!["trace".into()], set: vec![pair("k", "a b&c=d")], add: vec![] };
        let made = Rewrite::of(&Modification { query, ..Modification::default() }, &mut Vec::new()).unwrap();
        assert_eq!(
            (made.query_more.as_str(), made.query_gone.as_slice()),
            ("k=a%20b%26c%3Dd", ["trace", "k"].map(String::from).as_slice())
        );
        assert!(Rewrite::of(&Modification::default(), &mut Vec::new()).is_none());
    }

    #[test]
    fn what_no_request_may_carry_is_left_out_and_named() {
        let headers = Edits { set: vec![pair("x y", "1"), pair("x-ok", "a\r\nHost: b")], ..Edits::default() };
        let mut faults = Vec::new();
        let made = Rewrite::of(&Modification { headers, ..Modification::default() }, &mut faults).unwrap();
        assert_eq!((made.set.len(), faults.len()), (0, 1));
    }
}

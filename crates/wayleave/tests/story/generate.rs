//! Requests made from the description of an operation and a number: good ones, and ones that are wrong in one way or
//! several.

use crate::world::{Operation, World};
use serde_json::{Map, Value, json};

/// Numbers that follow from one another (splitmix64): the same seed makes the same requests.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most.max(1)).expect("small")).expect("small")
    }

    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Texts that are wrong, odd or dangerous in most places.
const TEXTS: [&str; 30] = [
    "",
    " ",
    "x",
    "\u{0}",
    "a\u{0}b",
    "\u{feff}\u{202e}\u{10ffff}",
    "Ünïcödé 漢字 🦀",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "'; DROP TABLE users; --",
    "\" OR 1=1 --",
    "../../../etc/passwd",
    "%00",
    "%2e%2e%2f",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "=1+1",
    "\r\nX-Injected: 1",
    "null",
    "true",
    "-1",
    "1e999",
    "99999999999999999999999999",
    "2026-02-30T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "http://[::1]:0/",
    "http://user:pass@169.254.169.254/latest",
    "somebody@example.com",
];

/// Media types that bodies do not have, and none.
const MEDIA: [Option<&str>; 6] = [
    None,
    Some("text/plain"),
    Some("application/xml"),
    Some("multipart/form-data; boundary=x"),
    Some("application/json; charset=utf-16"),
    Some("\u{7f}"),
];

/// How deep generated values nest.
const DEPTH: usize = 6;

pub struct Generator<'w> {
    world: &'w World,
    pub chance: Chance,
    /// Ids of everything, and of things that are not there.
    ids: Vec<String>,
}

impl<'w> Generator<'w> {
    pub fn new(world: &'w World, seed: u64) -> Self {
        let story = &world.story;
        let mut ids: Vec<String> = world.ids.values().cloned().collect();
        ids.extend([&story.consumer_organization, &world.stranger.id, &world.admin.id].map(Clone::clone));
        let unknown: Vec<String> =
            ids.iter().filter_map(|id| Some(format!("{}_{}", id.split_once('_')?.0, "0".repeat(26)))).collect();
        ids.extend(unknown);
        Self { world, chance: Chance::new(seed), ids }
    }

    /// Path with query, media type and body of a request.
    pub fn request(&mut self, operation: &Operation) -> (String, Option<&'static str>, Vec<u8>) {
        let path = self.path(operation) + &self.query(operation);
        if operation.reads() {
            return (path, None, Vec::new());
        }
        if operation.is_oauth() {
            let pairs =
                ["grant_type=client_credentials", "token=x", "scope=%00", "client_id=a&client_secret=b", "=", "&&"];
            return (path, Some("application/x-www-form-urlencoded"), self.chance.pick(&pairs).as_bytes().to_vec());
        }
        let media = if self.chance.one_in(20) { *self.chance.pick(&MEDIA) } else { Some("application/json") };
        let media = media.filter(|media| http::HeaderValue::from_str(media).is_ok());
        (path, media, self.body(operation))
    }

    fn path(&mut self, operation: &Operation) -> String {
        let world = self.world;
        let path = world.path_with(operation, |_, value| match self.chance.below(8) {
            0 => self.chance.pick(&self.ids).clone(),
            1 => encoded(self.chance.pick::<&str>(&TEXTS)),
            _ => value,
        });
        // An empty segment is another address.
        format!("{path}/").replace("//", "/x/").trim_end_matches('/').to_owned()
    }

    fn query(&mut self, operation: &Operation) -> String {
        let described = operation.node["parameters"].as_array().cloned().unwrap_or_default();
        let mut pairs = Vec::new();
        for parameter in described.iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap_or("");
            if parameter["required"] != true && self.chance.one_in(2) {
                continue;
            }
            let value = match self.value(&parameter["schema"], name, DEPTH) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let value: String = value.chars().take(5_000).collect();
            pairs.push(format!("{name}={}", encoded(&value)));
        }
        if self.chance.one_in(15) {
            pairs.push("unheard_of=1".to_owned());
        }
        // The world's own path may have some.
        if pairs.is_empty() || operation.id == "usage_list" || operation.id == "group_list" {
            return String::new();
        }
        format!("?{}", pairs.join("&"))
    }

    fn body(&mut self, operation: &Operation) -> Vec<u8> {
        let Some(schema) = operation.body() else {
            return if self.chance.one_in(3) { b"{\"x\":1}".to_vec() } else { Vec::new() };
        };
        let mut value = match self.chance.below(4) {
            0 => self.world.sample(schema, ""),
            _ => self.value(schema, "", 0),
        };
        if let (Some(members), true) = (value.as_object_mut(), self.chance.one_in(8)) {
            let forbidden = ["id", "version", "state", "site_admin", "owner", "organization", "__proto__", "", "\u{0}"];
            members.insert((*self.chance.pick(&forbidden)).to_owned(), json!("x"));
        }
        let text = value.to_string();
        match self.chance.below(30) {
            0 => text.as_bytes()[..text.len() / 2].to_vec(),
            1 => Vec::new(),
            2 => format!("{text}{text}").into_bytes(),
            3 => [b"\xff\xfe".as_slice(), text.as_bytes()].concat(),
            4 => format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)).into_bytes(),
            5 => format!("{{\"a\":{}1{}}}", "{\"a\":".repeat(200), "}".repeat(200)).into_bytes(),
            6 => text.replacen('"', "\"\\ud800", 2).into_bytes(),
            _ => text.into_bytes(),
        }
    }

    /// A value for this schema: mostly one that fits.
    fn value(&mut self, schema: &Value, name: &str, depth: usize) -> Value {
        if self.chance.one_in(12) {
            return self.anything(depth);
        }
        let world = self.world;
        if let Some(all) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let one = self.chance.pick(all);
            return self.value(one, name, depth);
        }
        let schema = world.resolve(schema);
        if let Some(all) = schema["allOf"].as_array() {
            let parts = all.iter().map(|one| self.value(one, name, depth));
            let members = parts.filter_map(|part| part.as_object().cloned()).flatten();
            return Value::Object(members.collect());
        }
        if let Some(all) = schema["enum"].as_array() {
            return self.chance.pick(all).clone();
        }
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.clone(),
            kind => vec![kind.clone()],
        };
        match self.chance.pick(&kinds).as_str() {
            Some("object") => self.object(schema, depth),
            Some("array") => {
                let many = if self.chance.one_in(20) { 60 } else { self.chance.below(3) };
                (0..many).map(|_| self.value(&schema["items"], name, depth + 1)).collect()
            }
            Some("integer" | "number") => self.number(),
            Some("boolean") => json!(self.chance.one_in(2)),
            Some("null") => Value::Null,
            _ => json!(self.text(schema, name)),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut members = Map::new();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
            let kept = if required.contains(&name.as_str()) { !self.chance.one_in(25) } else { self.chance.one_in(2) };
            if kept && depth < DEPTH {
                members.insert(name.clone(), self.value(inner, name, depth + 1));
            }
        }
        if schema["additionalProperties"].is_object() {
            let name = (*self.chance.pick::<&str>(&TEXTS)).to_owned();
            members.insert(name, self.value(&schema["additionalProperties"], "", depth + 1));
        }
        Value::Object(members)
    }

    fn number(&mut self) -> Value {
        let all = [
            json!(0),
            json!(1),
            json!(2),
            json!(60),
            json!(-1),
            json!(i64::MAX),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(1.5),
            json!(1e308),
        ];
        self.chance.pick(&all).clone()
    }

    fn text(&mut self, schema: &Value, name: &str) -> String {
        match self.chance.below(6) {
            0 => (*self.chance.pick::<&str>(&TEXTS)).to_owned(),
            1 => self.chance.pick(&self.ids).clone(),
            2 if self.chance.one_in(10) => "y".repeat(200_000),
            _ => match self.world.sample(&json!({"type": "string", "format": schema["format"]}), name) {
                Value::String(text) => text,
                other => other.to_string(),
            },
        }
    }

    /// Any JSON at all.
    fn anything(&mut self, depth: usize) -> Value {
        match self.chance.below(if depth < DEPTH { 8 } else { 5 }) {
            0 => Value::Null,
            1 => json!(self.chance.one_in(2)),
            2 => self.number(),
            3 => json!(*self.chance.pick::<&str>(&TEXTS)),
            4 => json!(self.chance.pick(&self.ids)),
            5 => json!([self.anything(depth + 1), self.anything(depth + 1)]),
            6 => json!([]),
            _ => json!({(*self.chance.pick::<&str>(&TEXTS)): self.anything(depth + 1)}),
        }
    }
}

/// A text as a part of an address.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

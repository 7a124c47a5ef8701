//! How callers authenticate, as people and programs write it: in a version's security and in the defaults of a profile.

use base::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use snapshot::{KeyPlace, Scheme};
use utoipa::ToSchema;

/// One way of authenticating that a version accepts.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "scheme", rename_all = "snake_case", deny_unknown_fields)]
pub enum SecurityScheme {
    /// An API key.
    ApiKey {
        /// `header` unless given, or `query`.
        #[serde(default = "usual_place", rename = "in")]
        place: String,
        /// Name of the header or parameter; `X-API-Key` unless given.
        #[serde(default = "usual_header")]
        name: String,
    },
    /// An OAuth access token, as bearer.
    #[serde(rename = "oauth")]
    OAuth {
        /// Scopes that every call needs.
        #[serde(default)]
        scopes: Vec<String>,
    },
    /// HTTP Basic with `client_id` and client secret.
    Basic,
}

fn usual_place() -> String {
    "header".to_owned()
}

fn usual_header() -> String {
    "X-API-Key".to_owned()
}

impl SecurityScheme {
    /// A scheme as people and programs see it.
    pub fn of(scheme: &Scheme) -> Self {
        match scheme {
            Scheme::ApiKey { place: KeyPlace::Header(name) } => {
                SecurityScheme::ApiKey { place: usual_place(), name: name.clone() }
            }
            Scheme::ApiKey { place: KeyPlace::Query(name) } => {
                SecurityScheme::ApiKey { place: "query".to_owned(), name: name.clone() }
            }
            Scheme::OAuth { scopes } => SecurityScheme::OAuth { scopes: scopes.clone() },
            Scheme::Basic => SecurityScheme::Basic,
        }
    }

    /// The scheme that somebody wrote at `pointer`.
    ///
    /// # Errors
    /// 422 naming the place of a key.
    pub fn read(self, pointer: &str) -> Result<Scheme, Problem> {
        Ok(match self {
            SecurityScheme::ApiKey { place, name } => {
                let place = match place.as_str() {
                    "header" => KeyPlace::Header(name),
                    "query" => KeyPlace::Query(name),
                    other => {
                        let detail = format!("`{other}` is none of `header`, `query`.");
                        return Err(Problem::invalid(format!("{pointer}/in"), detail));
                    }
                };
                Scheme::ApiKey { place }
            }
            SecurityScheme::OAuth { scopes } => Scheme::OAuth { scopes },
            SecurityScheme::Basic => Scheme::Basic,
        })
    }
}

/// Reads the schemes that stand as JSON at `pointer`.
///
/// # Errors
/// 422 naming the scheme that cannot be.
pub fn schemes(pointer: &str, value: &Value) -> Result<Vec<Scheme>, Problem> {
    let Value::Array(list) = value else {
        return Err(Problem::invalid(pointer, "The schemes are a list; an empty one lets anonymous calls pass."));
    };
    let mut out = Vec::with_capacity(list.len());
    for (n, item) in list.iter().enumerate() {
        let pointer = format!("{pointer}/{n}");
        let view = SecurityScheme::deserialize(item).map_err(|e| Problem::invalid(&pointer, format!("{e}.")))?;
        out.push(view.read(&pointer)?);
    }
    check(pointer, &out)?;
    Ok(out)
}

/// Headers that carry something else and can never carry a key.
const TAKEN: &[&str] = &[
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Passes security settings that a gateway can keep.
///
/// # Errors
/// 422 naming the scheme below `pointer`.
pub fn check(pointer: &str, schemes: &[Scheme]) -> Result<(), Problem> {
    if schemes.len() > 4 {
        return Err(Problem::invalid(pointer, "At most four schemes."));
    }
    for (n, scheme) in schemes.iter().enumerate() {
        let pointer = format!("{pointer}/{n}");
        let twice = schemes[..n].iter().any(|s| std::mem::discriminant(s) == std::mem::discriminant(scheme));
        if twice {
            return Err(Problem::invalid(pointer, "Each scheme stands at most once."));
        }
        match scheme {
            Scheme::ApiKey { place: KeyPlace::Header(name) } if !header_name(name) => {
                return Err(Problem::invalid(
                    pointer + "/name",
                    format!("`{name}` cannot be the header of an API key."),
                ));
            }
            Scheme::ApiKey { place: KeyPlace::Query(name) } if !token(name) => {
                return Err(Problem::invalid(pointer + "/name", format!("`{name}` cannot be a query parameter.")));
            }
            Scheme::OAuth { scopes } => {
                for (m, scope) in scopes.iter().enumerate() {
                    self::scope(&format!("{pointer}/scopes/{m}"), scope)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn token(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=64).contains(&text.len()) && text.chars().all(good)
}

fn header_name(text: &str) -> bool {
    token(text) && !TAKEN.contains(&text.to_ascii_lowercase().as_str())
}

/// Passes a scope token (RFC 6749 section 3.3).
///
/// # Errors
/// 422 naming `pointer`.
pub fn scope(pointer: &str, text: &str) -> Result<(), Problem> {
    let good = |c: char| matches!(c, '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
    if !text.is_empty() && text.len() <= 128 && text.chars().all(good) {
        return Ok(());
    }
    let shown: String = text.chars().take(80).collect();
    Err(Problem::invalid(
        pointer,
        format!("`{shown}` is no scope: printable ASCII without blanks, quotes and backslashes."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// C35
    #[test]
    fn security_settings_that_cannot_work_are_refused() {
        let key = |name: &str| vec![Scheme::ApiKey { place: KeyPlace::Header(name.to_owned()) }];
        assert!(check("", &key("X-API-Key")).is_ok());
        assert!(check("", &[]).is_ok());
        assert!(check("", &key("Authorization")).is_err());
        assert!(check("", &key("X Key")).is_err());
        assert!(check("", &[Scheme::Basic, Scheme::Basic]).is_err());
        assert!(check("", &[Scheme::OAuth { scopes: vec!["orders:read".into()] }]).is_ok());
        assert!(check("", &[Scheme::OAuth { scopes: vec!["two words".into()] }]).is_err());
    }

    #[test]
    fn what_is_wrong_in_a_list_of_schemes_is_named() {
        let pointer = |value: serde_json::Value| schemes("/s", &value).map_err(|p| p.fields[0].pointer.clone());
        assert_eq!(pointer(json!([])), Ok(Vec::new()));
        assert_eq!(pointer(json!([{"scheme": "basic"}])), Ok(vec![Scheme::Basic]));
        for (value, place) in [
            (json!({}), "/s"),
            (json!([{"scheme": "magic"}]), "/s/0"),
            (json!([{"scheme": "basic"}, {"scheme": "api_key", "in": "body"}]), "/s/1/in"),
            (json!([{"scheme": "api_key", "name": "Host"}]), "/s/0/name"),
            (json!([{"scheme": "oauth", "scopes": ["a b"]}]), "/s/0/scopes/0"),
            (json!([{"scheme": "oauth", "more": 1}]), "/s/0"),
        ] {
            assert_eq!(pointer(value), Err(place.to_owned()), "{place}");
        }
    }
}

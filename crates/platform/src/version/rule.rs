//! What makes security settings and destinations acceptable.

use base::Problem;
use snapshot::{KeyPlace, Scheme};
use url::Url;

/// What a new version demands: an API key in `X-API-Key` (D17).
pub fn usual_security() -> Vec<Scheme> {
    vec![Scheme::ApiKey { place: KeyPlace::Header("X-API-Key".to_owned()) }]
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
pub fn security(schemes: &[Scheme]) -> Result<(), Problem> {
    if schemes.len() > 4 {
        return Err(Problem::invalid("/security", "At most four schemes."));
    }
    for (n, scheme) in schemes.iter().enumerate() {
        let pointer = format!("/security/{n}");
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

/// The address of a destination, without a slash at its end.
pub fn destination_url(pointer: &str, text: &str) -> Result<String, Problem> {
    let shown: String = text.chars().take(200).collect();
    let refuse = |why: &str| {
        Problem::invalid(pointer, format!("`{shown}` {why}; one looks like http://orders.internal:8080/base"))
    };
    let url = Url::parse(text).map_err(|_| refuse("is not an absolute URL"))?;
    if url.scheme() == "https" {
        return Err(refuse("is HTTPS, which the gateway does not speak to upstreams yet"));
    }
    if url.scheme() != "http" {
        return Err(refuse("has a scheme that the gateway does not speak"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(refuse("names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("carries a user or password, which would be kept in the clear"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("carries a query or fragment"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_plain_addresses() {
        assert_eq!(
            destination_url("/url", "http://127.0.0.1:9000/base/").as_deref().ok(),
            Some("http://127.0.0.1:9000/base")
        );
        for bad in [
            "",
            "orders",
            "ftp://x/",
            "http://u:p@x/",
            "http://x/?q=1",
            "http://x/#f",
            "file:///etc/passwd",
            "https://x/",
        ] {
            assert!(destination_url("/url", bad).is_err(), "{bad}");
        }
    }

    /// C35
    #[test]
    fn security_settings_that_cannot_work_are_refused() {
        let key = |name: &str| vec![Scheme::ApiKey { place: KeyPlace::Header(name.to_owned()) }];
        assert!(security(&usual_security()).is_ok());
        assert!(security(&[]).is_ok());
        assert!(security(&key("Authorization")).is_err());
        assert!(security(&key("X Key")).is_err());
        assert!(security(&[Scheme::Basic, Scheme::Basic]).is_err());
        assert!(security(&[Scheme::OAuth { scopes: vec!["orders:read".into()] }]).is_ok());
        assert!(security(&[Scheme::OAuth { scopes: vec!["two words".into()] }]).is_err());
    }
}

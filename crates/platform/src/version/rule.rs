//! What makes security settings and destinations acceptable.

use base::Problem;
use snapshot::{KeyPlace, Scheme};
use url::Url;

/// What a new version demands: an API key in `X-API-Key` (D17).
pub fn usual_security() -> Vec<Scheme> {
    vec![Scheme::ApiKey { place: KeyPlace::Header("X-API-Key".to_owned()) }]
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
}

//! Answers that callers keep and ask about again.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::hash::{DefaultHasher, Hash, Hasher};

/// An answer that is known by everything that it depends on. Callers keep it for themselves and ask each time whether it is
/// still the same (RFC 9110 section 13).
#[derive(Debug)]
pub struct Cached {
    tag: String,
}

impl Cached {
    /// What `source` names completely, as this release of the program would write it.
    pub fn by(source: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (env!("CARGO_PKG_VERSION"), source).hash(&mut hasher);
        Self { tag: format!("\"{:016x}\"", hasher.finish()) }
    }

    /// Whether the caller has it.
    pub fn is_known(&self, headers: &HeaderMap) -> bool {
        has_tag(headers, &self.tag)
    }

    fn headers(&self) -> [(HeaderName, HeaderValue); 2] {
        let tag = HeaderValue::from_str(&self.tag).unwrap_or(HeaderValue::from_static("\"\""));
        [(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")), (header::ETAG, tag)]
    }

    /// 304: what the caller has is still right.
    pub fn unchanged(self) -> Response {
        (StatusCode::NOT_MODIFIED, self.headers()).into_response()
    }

    /// 200 with JSON that was already written.
    pub fn json(self, bytes: Vec<u8>) -> Response {
        let media = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (self.headers(), media, bytes).into_response()
    }
}

/// Whether `If-None-Match` names this tag (RFC 9110 section 13.1.2: weakly compared).
pub fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_known_by_its_tag_and_by_nothing_else() {
        let cached = Cached::by("ver_1 3");
        let asking = |text: &str| HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_str(text).unwrap())]);
        let tag = cached.tag.clone();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            assert!(cached.is_known(&asking(&known)), "{known}");
        }
        assert!(!cached.is_known(&HeaderMap::new()));
        assert!(!Cached::by("ver_1 4").is_known(&asking(&tag)));
    }
}

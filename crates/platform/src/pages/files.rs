//! The console's files: which one an address names, in which encoding it is sent, and how long browsers may keep it.

use crate::web;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use std::borrow::Cow;

/// The page that the console runs in. It is never sent as it lies there: see [`super::console`].
pub(super) const INDEX: &str = "index.html";

/// Where the console's files come from.
pub trait Files: Send + Sync {
    /// The file at this path below the console's folder, such as `assets/main-1a2b.js`. Callers ask for plain names only:
    /// see [`plain`].
    fn find(&self, path: &str) -> Option<File>;
}

/// One file, whole.
#[derive(Clone, Debug)]
pub struct File {
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
    /// SHA-256 of it.
    pub digest: [u8; 32],
}

/// The path below the console's folder that an address names, if it can name one at all: letters, digits, `-`, `_` and
/// `.` in segments that begin with none of the latter. Nothing else is ever written there, so escapes, `..`, backslashes
/// and hidden files need no thought.
fn plain(address: &str) -> Option<&str> {
    let path = address.strip_prefix('/')?;
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let segment = |segment: &str| !segment.is_empty() && !segment.starts_with('.') && segment.chars().all(good);
    path.split('/').all(segment).then_some(path)
}

/// Files that stand for themselves: not the page itself, and not the compressed twins of others.
fn is_offered(path: &str) -> bool {
    path != INDEX && !path.ends_with(".br") && !path.ends_with(".gz")
}

/// The answer with the file that `address` names, if there is one.
pub(super) fn serve(files: &dyn Files, method: &Method, address: &str, headers: &HeaderMap) -> Option<Response> {
    let path = plain(address).filter(|path| is_offered(path))?;
    let whole = files.find(path)?;
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Some((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET,HEAD")]).into_response());
    }
    let (file, encoding) = match encoded(files, path, headers) {
        Some((file, encoding)) => (file, Some(encoding)),
        None => (whole, None),
    };
    let tag = etag(&file.digest);
    let known = web::has_tag(headers, &tag);
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { file.bytes.into_response() };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keeping(path)));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    if known {
        out.remove(header::CONTENT_TYPE);
    } else {
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media(path)));
        if let Some(encoding) = encoding {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
    }
    Some(response)
}

/// The names of what lies in these folders change with the content.
fn keeping(path: &str) -> &'static str {
    if path.starts_with("assets/") || path.starts_with("fonts/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// A strong one: of the bytes as they are sent.
fn etag(digest: &[u8; 32]) -> String {
    let hex = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("\"{hex}\"")
}

/// The smallest twin that the caller takes.
fn encoded(files: &dyn Files, path: &str, headers: &HeaderMap) -> Option<(File, &'static str)> {
    [("br", "br"), ("gz", "gzip")].into_iter().find_map(|(ending, name)| {
        let taken = takes(headers, name);
        taken.then(|| files.find(&format!("{path}.{ending}"))).flatten().map(|file| (file, name))
    })
}

/// Whether `Accept-Encoding` names this one, and not with a weight of nothing. `*` is not enough to go by.
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !parts.any(is_nothing)
    })
}

/// Whether a parameter is `q=0`, however it is written.
fn is_nothing(parameter: &str) -> bool {
    let Some((name, weight)) = parameter.split_once('=') else { return false };
    name.trim().eq_ignore_ascii_case("q") && weight.trim().parse::<f32>().is_ok_and(|weight| weight <= 0.0)
}

/// What is in a file, by the ending of its name.
fn media(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_name_a_file() {
        for good in ["/theme.js", "/assets/main-1a_B.js", "/fonts/a.b-c.woff2"] {
            assert_eq!(plain(good), good.strip_prefix('/'), "{good}");
        }
        for bad in [
            "",
            "/",
            "theme.js",
            "//theme.js",
            "/../Cargo.toml",
            "/assets/../index.html",
            "/assets/%2e%2e/x",
            "/assets/..%2fx",
            "/assets\\..\\x",
            "/.git/config",
            "/assets/",
            "/assets//x",
            "/a\0b",
            "/ä.js",
            "/a b",
        ] {
            assert_eq!(plain(bad), None, "{bad:?}");
        }
    }

    fn accepting(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_str(value).expect("a value"));
        }
        headers
    }

    #[test]
    fn an_encoding_is_taken_if_it_is_named_and_weighs_something() {
        for (values, taken) in [
            (&["gzip, deflate, br"][..], true),
            (&["gzip", "BR"], true),
            (&["br;q=0.1"], true),
            (&["br; Q=1.0"], true),
            (&["br;q=0"], false),
            (&["br;q=0.000"], false),
            (&["br ; q = 0"], false),
            (&["gzip"], false),
            (&["*"], false),
            (&["brotli"], false),
            (&[], false),
        ] {
            assert_eq!(takes(&accepting(values), "br"), taken, "{values:?}");
        }
        let huge = "x,".repeat(100_000) + "br";
        assert!(takes(&accepting(&[&huge]), "br"));
    }

    #[test]
    fn a_tag_is_found_among_many() {
        let named = |value: &'static str| {
            web::has_tag(&HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))]), "\"a1\"")
        };
        assert!(named("\"a1\"") && named("\"x\", W/\"a1\"") && named("*"));
        assert!(!named("a1") && !named("\"a12\"") && !named(""));
    }
}

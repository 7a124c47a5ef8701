//! Reading requests: bodies, paths and query strings, each fault named with its place and its fix.

use super::{Fail, MOST_BODY};
use crate::cx::Platform;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Request};
use base::id::Id;
use base::{Fault, Problem, ProblemKind};
use bytes::Bytes;
use http::header;
use http::request::Parts;
use serde::de::DeserializeOwned;

/// A JSON body of at most [`MOST_BODY`] bytes.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Platform> for Body<T> {
    type Rejection = Fail;

    async fn from_request(request: Request, platform: &Platform) -> Result<Self, Fail> {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let essence = media.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        if !matches!(essence.as_str(), "" | "application/json" | "application/merge-patch+json") {
            return Err(Problem::new(
                ProblemKind::MediaType,
                format!("The body is `{essence}`; send it as `application/json`."),
            )
            .into());
        }
        let RawBody(bytes) = RawBody::from_request(request, platform).await?;
        read_json(&bytes).map(Body).map_err(Fail)
    }
}

/// How long a body may take to arrive, so that nobody holds connections by sending one byte now and then.
const BODY_PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// The bytes of a body, within the router's limit.
#[derive(Debug)]
pub struct RawBody(pub Bytes);

impl FromRequest<Platform> for RawBody {
    type Rejection = Fail;

    async fn from_request(request: Request, platform: &Platform) -> Result<Self, Fail> {
        let slow = |_| {
            let detail = format!("The body did not arrive within {} seconds.", BODY_PATIENCE.as_secs());
            Fail(Problem::new(ProblemKind::Unreadable, detail))
        };
        let arriving = tokio::time::timeout(BODY_PATIENCE, Bytes::from_request(request, platform));
        arriving.await.map_err(slow)?.map(Self).map_err(|rejection| {
            let kind = if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
                ProblemKind::TooLarge
            } else {
                ProblemKind::Unreadable
            };
            let detail = match kind {
                ProblemKind::TooLarge => {
                    format!("The body is larger than this address takes; most take {MOST_BODY} bytes.")
                }
                _ => "The body broke off before its end.".to_owned(),
            };
            Fail(Problem::new(kind, detail))
        })
    }
}

/// The bytes of a body of at most `most` bytes, before it is known what it is for.
///
/// # Errors
/// 413 if there are more, 400 if it breaks off or takes too long.
pub(crate) async fn read_body(body: axum::body::Body, most: usize) -> Result<Bytes, Problem> {
    let mut request = Request::new(body);
    DefaultBodyLimit::max(most).apply(&mut request);
    match tokio::time::timeout(BODY_PATIENCE, Bytes::from_request(request, &())).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE => {
            Err(Problem::new(ProblemKind::TooLarge, format!("The body is larger than {most} bytes.")))
        }
        _ => Err(Problem::new(ProblemKind::Unreadable, "The body broke off before its end, or took too long.")),
    }
}

/// Which page of a list.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageParams {
    /// The key of the last item of the page before: its `next`.
    pub after: Option<String>,
    /// How many items, 1 to 200; 50 unless given.
    pub limit: Option<i64>,
}

impl From<PageParams> for base::PageRequest {
    fn from(page: PageParams) -> Self {
        Self { after: page.after, limit: page.limit }
    }
}

/// Reads JSON with the place of whatever is wrong with it.
///
/// # Errors
/// 400 if it is no JSON, 422 naming the member.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
        // A list would be taken for the members in their order.
        return Err(Problem::invalid("", "The body is a list; send an object with named members.").code(Fault::Type));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let mut pointer = pointer(e.path());
        let inner = e.inner();
        if inner.is_data() {
            let detail = inner.to_string();
            let detail = detail.split(" at line ").next().unwrap_or("");
            // Faults of the members' names are found on the object around them.
            if let Some(name) = quoted("missing field", detail).or(quoted("duplicate field", detail)) {
                pointer.push_str(&format!("/{name}"));
            }
            Problem::invalid(pointer, plain(detail)).code(fault(detail))
        } else {
            Problem::new(ProblemKind::Unreadable, format!("The body is not well-formed JSON: {inner}."))
                .field(pointer, "Not well-formed JSON.")
        }
    })?;
    reader
        .end()
        .map_err(|e| Problem::new(ProblemKind::Unreadable, format!("Something follows the JSON value: {e}.")))?;
    Ok(value)
}

/// Reads a member that may be left out but not be null: for merge patches (RFC 7396), where null would take the value
/// away and this one always has one.
///
/// # Errors
/// Those of the member's own type.
pub fn given<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    T::deserialize(reader).map(Some)
}

/// The name in what serde says, if it says this of it.
fn quoted<'d>(says: &str, detail: &'d str) -> Option<&'d str> {
    detail.strip_prefix(says)?.strip_prefix(" `")?.strip_suffix('`')
}

/// What kind of fault serde speaks of.
fn fault(detail: &str) -> Fault {
    let codes = [
        ("missing field", Fault::Required),
        ("unknown field", Fault::Unknown),
        ("duplicate field", Fault::Duplicate),
        ("unknown variant", Fault::Choice),
        ("invalid type", Fault::Type),
        ("invalid value", Fault::Range),
        ("invalid digit", Fault::Type),
        ("invalid length", Fault::Length),
    ];
    // What is left are the words of our own types: ids, instants.
    codes.iter().find(|(begins, _)| detail.starts_with(begins)).map_or(Fault::Format, |(_, code)| *code)
}

/// What serde expected, in words of JSON instead of Rust.
fn plain(detail: &str) -> String {
    let Some((found, expected)) = detail.rsplit_once("expected ") else { return detail.to_owned() };
    let expected = match expected {
        "i64" | "i32" | "u64" | "u32" | "u16" | "u8" | "usize" => "a whole number",
        "a sequence" => "a list",
        _ if expected.starts_with("struct ") => "an object",
        other => other,
    };
    format!("{found}expected {expected}")
}

/// An RFC 6901 pointer from serde's path.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut out = String::new();
    for segment in path {
        match segment {
            Segment::Map { key } => {
                out.push('/');
                out.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Seq { index } => out.push_str(&format!("/{index}")),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    out
}

/// The id in the path; one that is not even an id names nothing: 404.
#[derive(Debug)]
pub struct Ident<I>(pub I);

impl<I: Id> FromRequestParts<Platform> for Ident<I> {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, platform: &Platform) -> Result<Self, Fail> {
        let text = match Path::<String>::from_request_parts(parts, platform).await {
            Ok(Path(text)) => text,
            Err(_) => return Err(Problem::not_found("resource").into()),
        };
        I::parse(&text).map(Self).map_err(|e| Fail(Problem::new(ProblemKind::NotFound, e)))
    }
}

/// The query string.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Platform> for Params<T> {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, _: &Platform) -> Result<Self, Fail> {
        read_query(parts.uri.query().unwrap_or("")).map(Self).map_err(Fail)
    }
}

fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    // NUL is no text to one of the databases, and means nothing in any parameter.
    if let Some((name, _)) = pairs.into_iter().find(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Problem::invalid(
            name.replace('\0', ""),
            "A parameter has no control character NUL; leave out `%00`.",
        ));
    }
    let mut names = std::collections::BTreeSet::new();
    if let Some((name, _)) = pairs.into_iter().find(|(name, _)| !names.insert(name.clone())) {
        let detail = format!("The parameter `{name}` is given twice; give it once.");
        return Err(Problem::invalid(name, detail).code(Fault::Duplicate));
    }
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|e| {
        let why = e.inner().to_string();
        if let Some(name) = quoted("missing field", &why) {
            let detail = format!("The parameter `{name}` is missing; give it.");
            return Problem::invalid(name, detail).code(Fault::Required);
        }
        let name = pointer(e.path()).trim_start_matches('/').to_owned();
        Problem::invalid(name.clone(), format!("The parameter `{name}` cannot be read: {why}.")).code(fault(&why))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "read by serde only")]
        apps: Vec<base::id::AppId>,
    }

    #[test]
    fn a_wrong_value_is_named_by_its_pointer() {
        let problem = read_json::<Sample>(br#"{"apps": ["app_x"]}"#).expect_err("refused");
        assert_eq!((problem.kind, problem.fields[0].pointer.as_str()), (ProblemKind::Invalid, "/apps/0"));
        assert_eq!(problem.fields[0].code, Fault::Format);
        assert!(problem.detail.contains("app_x"));
    }

    #[test]
    fn unknown_members_cut_bodies_and_trailing_text_are_refused() {
        let kind = |body: &[u8]| read_json::<Sample>(body).expect_err("refused").kind;
        assert_eq!(kind(br#"{"apps": [], "state": "active"}"#), ProblemKind::Invalid);
        assert_eq!(kind(br#"{"apps": ["#), ProblemKind::Unreadable);
        assert_eq!(kind(br#"{"apps": []} {}"#), ProblemKind::Unreadable);
        assert_eq!(kind(b""), ProblemKind::Invalid);
    }

    #[test]
    fn what_is_wrong_with_a_member_is_a_code() {
        for (body, code) in [
            ("{}", Fault::Required),
            (r#"{"apps": [], "x": 1}"#, Fault::Unknown),
            (r#"{"apps": [], "apps": []}"#, Fault::Duplicate),
            (r#"{"apps": 1}"#, Fault::Type),
            ("[]", Fault::Type),
        ] {
            let problem = read_json::<Sample>(body.as_bytes()).expect_err("refused");
            assert_eq!(problem.fields[0].code, code, "{body}");
        }
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        for (query, name) in [
            ("limit=abc", "limit"),
            ("after=1&limit=", "limit"),
            ("x=1", "x"),
            ("after=%00", "after"),
            ("limit=1&limit=1", "limit"),
        ] {
            let problem = read_query::<PageParams>(query).expect_err("refused");
            assert_eq!((problem.kind, problem.fields[0].pointer.as_str()), (ProblemKind::Invalid, name), "{query}");
            assert!(problem.detail.contains(name) || query.contains("%00"), "{}", problem.detail);
        }
    }
}

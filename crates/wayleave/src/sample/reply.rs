//! What is answered.

use super::echo::Received;
use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

/// One thing in a request that does not fit the document.
pub(super) struct Misfit {
    /// `path`, `query`, `header` or `body`.
    pub(super) place: &'static str,
    /// The name of the parameter, or a JSON pointer into the body.
    pub(super) name: String,
    /// What is wrong and how to mend it.
    pub(super) detail: String,
}

/// An answer.
pub(super) struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    content: Option<(String, Vec<u8>)>,
    operation: Option<String>,
}

impl Reply {
    /// An answer without a body. A status that is none becomes 200.
    pub(super) fn empty(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        Self { status, headers: Vec::new(), content: None, operation: None }
    }

    /// An answer of this media type.
    pub(super) fn content(status: u16, media: &str, bytes: Vec<u8>) -> Self {
        Self { content: Some((media.to_owned(), bytes)), ..Self::empty(status) }
    }

    /// An answer in JSON.
    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self::content(status, "application/json", value.to_string().into_bytes())
    }

    /// A refusal (RFC 9457).
    pub(super) fn problem(status: u16, detail: &str, misfits: &[Misfit]) -> Self {
        let title = match status {
            400 => "The request does not fit the document",
            404 => "The document has no such path",
            405 => "The document has no such method on this path",
            _ => "The request was not read",
        };
        let mut body = json!({"type": "about:blank", "title": title, "status": status, "detail": detail});
        if !misfits.is_empty() {
            let errors = misfits.iter().map(|m| json!({"in": m.place, "name": m.name, "detail": m.detail}));
            body["errors"] = errors.collect();
        }
        Self::content(status, "application/problem+json", body.to_string().into_bytes())
    }

    /// The same answer, by this operation of the document.
    pub(super) fn by(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// The same answer with one more header, if name and value can be one.
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        // What describes the message itself is not the document's to say.
        const OWN: [&str; 5] = ["content-type", "content-length", "transfer-encoding", "connection", "sample-echo"];
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value))
            && !OWN.contains(&name.as_str())
        {
            self.headers.push((name, value));
        }
        self
    }

    /// The same refusal with the methods that are allowed.
    pub(super) fn allow(self, methods: &[&str]) -> Self {
        self.header(ALLOW.as_str(), &methods.join(", "))
    }

    /// The answer to `received`, with its echo.
    pub(super) fn into_response(self, received: &Received<'_>) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        if let Ok(line) = HeaderValue::from_str(&received.line(self.operation.as_deref())) {
            headers.insert("sample-echo", line);
        }
        if let Some((media, bytes)) = self.content {
            let media = HeaderValue::from_str(&media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
            headers.insert(CONTENT_TYPE, media);
            if *received.method != Method::HEAD {
                *response.body_mut() = Body::from(bytes);
            }
        }
        response
    }
}

//! Answers: JSON with an ETag, or a problem.

use axum::Json;
use axum::response::{IntoResponse, Response};
use base::Problem;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use store::StoreError;

/// The answer to a write: what it looks like now, and the number of the change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Written<T> {
    /// What it looks like now.
    #[serde(flatten)]
    pub value: T,
    /// The number of the change; each gateway reports the number that it has applied.
    pub change: i64,
}

/// A successful answer.
#[derive(Debug)]
pub struct Answer<T> {
    status: StatusCode,
    body: Option<T>,
    headers: Vec<(HeaderName, String)>,
}

impl<T: Serialize> Answer<T> {
    /// 200 with a body.
    pub fn ok(body: T) -> Self {
        Self { status: StatusCode::OK, body: Some(body), headers: Vec::new() }
    }

    /// 201 with a body and the address of what was made.
    pub fn created(location: String, body: T) -> Self {
        Self { status: StatusCode::CREATED, body: Some(body), headers: vec![(header::LOCATION, location)] }
    }

    /// The same answer with the ETag of this version.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.headers.push((header::ETAG, format!("\"{version}\"")));
        self
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Some(body) => (self.status, Json(body)).into_response(),
            None => self.status.into_response(),
        };
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// A problem on its way out. [`super::frame`] writes its body, because the body names the request.
#[derive(Debug)]
pub struct Fail(pub Problem);

impl From<Problem> for Fail {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<StoreError> for Fail {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Fail {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}

/// The number of the change that a write made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Done {
    /// The number of the change.
    pub change: i64,
}

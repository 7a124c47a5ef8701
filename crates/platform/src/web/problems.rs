//! Problems as the OpenAPI document describes them.

use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

/// A problem (RFC 9457), `application/problem+json`.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    /// Address of the page that explains this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short title of the kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code of the kind; programs match on it.
    pub code: String,
    /// What happened here.
    pub detail: String,
    /// Which fields are wrong.
    pub errors: Option<Vec<FieldView>>,
    /// The id of the request, as in `X-Request-Id`; absent where a problem stands inside another answer.
    #[schema(required = false)]
    pub request_id: String,
}

/// One wrong field.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = ProblemField)]
pub struct FieldView {
    /// A JSON pointer (RFC 6901) into the body, or the name of a parameter.
    pub pointer: String,
    /// What is wrong, as a stable code: `required`, `unknown`, `type`, `format`, `length`, `range`, `choice`, `taken`,
    /// `duplicate`, `not_found`, `not_allowed`, `past`, or `invalid` for what only the detail tells.
    pub code: String,
    /// What is wrong, and the fix.
    pub detail: String,
}

/// The problems that any operation may answer with.
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let texts = [
            ("400", "The request cannot be read: `unreadable`."),
            ("401", "Nobody is signed in: `unauthenticated`."),
            ("403", "Your role does not allow it: `forbidden`, `cross-site`."),
            ("404", "No such thing, or none that you may know of: `not-found`."),
            (
                "409",
                "Not in this state, or somebody was faster: `wrong-state`, `lost-race`, `exists`, `in-use`, \
                     `key-running`, `answer-lost`.",
            ),
            ("412", "If-Match named another version: `stale`."),
            ("422", "A value is not valid: `invalid`, with the fields in `errors`."),
        ];
        texts
            .into_iter()
            .map(|(status, text)| {
                let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
                let response =
                    ResponseBuilder::new().description(text).content("application/problem+json", content).build();
                (status.to_owned(), RefOr::T(response))
            })
            .collect()
    }
}

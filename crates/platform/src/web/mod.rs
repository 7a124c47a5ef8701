//! What all slices share of HTTP: reading requests, answering, problems and the frame around every answer.
//!
//! **Invariant:** no decisions about the product are taken here.

mod answer;
mod arrival;
mod body;
mod cached;
mod frame;
mod problems;

pub use answer::{Answer, Done, Fail, Written};
pub use arrival::{Arrival, Peer};
pub(crate) use body::read_body;
pub use body::{Body, Ident, PageParams, Params, RawBody, given, read_json};
pub use cached::{Cached, has_tag};
pub(crate) use frame::{
    Rendered, RequestName, by_cookie, cookie, is_from_own_page, name_of, recognise, same_token, status, user_agent,
};
pub use frame::{frame, unknown_route};
pub use problems::{FieldView, ProblemView, Problems};

/// The largest body that a management request may have, documents aside, in bytes.
pub const MOST_BODY: usize = 256 * 1024;

/// The text of an id as the OpenAPI document describes it.
pub fn parse_id<I: base::id::Id>(text: &str, what: &str) -> Result<I, base::Problem> {
    I::parse(text).map_err(|_| base::Problem::not_found(what))
}

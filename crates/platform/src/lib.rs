//! The control plane: one folder for each noun of the product.
//!
//! Slices may depend on one another only in the order in which they are declared here; each calls the operations and
//! types of those above it, never their `sql`.

pub mod actions;
pub mod authz;
pub mod blocks;
pub mod cx;
pub mod difference;
pub mod docs;
pub mod document;
pub mod names;
pub mod once;
pub mod pages;
pub mod project;
pub mod reader;
pub mod reference;
pub mod scheme;
mod text;
pub mod tls;
pub mod web;
mod words;

pub mod across;
pub mod agreement;
pub mod api;
pub mod api_group;
pub mod app;
pub mod board;
pub mod ceptor;
pub mod client;
pub mod credential;
pub mod environment;
pub mod follow;
pub mod grant;
pub mod group;
pub mod notice;
pub mod organization;
pub mod overview;
pub mod page;
pub mod plan;
pub mod profile;
pub mod search;
pub mod subscription;
pub mod task;
pub mod trail;
pub mod usage;
pub mod user;
pub mod version;
pub mod webhook;

mod router;

pub use cx::{Cx, Platform, Registration, Settings, Shared};
pub use router::{openapi, router};

use base::{Fault, Problem, ProblemKind};
use store::Row;

/// What a guarded put answers: the new version, or 409 if somebody was faster.
pub(crate) fn lost_race(row: Option<Row>) -> Result<i64, Problem> {
    match row {
        Some(row) => Ok(row.get("version")?),
        None => {
            Err(Problem::new(ProblemKind::LostRace, "Somebody changed it at the same time. Read it again and retry."))
        }
    }
}

/// Passes a page that goes on after an id of this kind.
///
/// # Errors
/// 422 naming `after`.
pub(crate) fn cursor<I: base::id::Id>(page: &base::PageRequest) -> Result<(), Problem> {
    match page.after() {
        "" => Ok(()),
        after => I::parse(after).map(drop).map_err(|e| {
            Problem::invalid("after", format!("{e}; send the `next` of the page before.")).code(Fault::Format)
        }),
    }
}

/// How many rows are missing to `most`, if any.
pub(crate) fn missing<T>(rows: &[T], most: i64) -> Option<i64> {
    let missing = most - i64::try_from(rows.len()).unwrap_or(i64::MAX);
    (missing > 0).then_some(missing)
}

/// How many values one list of a statement holds at most.
pub(crate) const TOGETHER: usize = 500;

/// Numbers of things are counted up to here, so that no answer costs more the more there is.
pub(crate) const MOST_COUNTED: i64 = 1_000;

/// `$3, $4, $5`: `n` placeholders from the one with this number on.
pub(crate) fn marks(from: usize, n: usize) -> String {
    (from..from + n).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ")
}

/// `($3), ($4), ($5)`: as many rows of one column, which both databases call `column1`.
pub(crate) fn marked_rows(from: usize, n: usize) -> String {
    (from..from + n).map(|i| format!("(${i})")).collect::<Vec<_>>().join(", ")
}

/// Reads JSON that this program wrote.
pub(crate) fn stored_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(Problem::internal)
}

/// Writes JSON for the database.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(Problem::internal)
}

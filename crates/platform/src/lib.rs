//! The control plane: one folder for each noun of the product.
//!
//! Slices may depend on one another only in the order in which they are declared here; each calls the operations and
//! types of those above it, never their `sql`.

pub mod authz;
pub mod cx;
pub mod docs;
pub mod document;
pub mod project;
pub mod reader;
mod text;
pub mod web;
mod words;

pub mod agreement;
pub mod api;
pub mod app;
pub mod board;
pub mod client;
pub mod credential;
pub mod environment;
pub mod follow;
pub mod grant;
pub mod notice;
pub mod organization;
pub mod plan;
pub mod subscription;
pub mod task;
pub mod trail;
pub mod usage;
pub mod user;
pub mod version;

mod router;

pub use cx::{Cx, Platform, Registration, Settings, Shared};
pub use router::{openapi, router};

use base::{Problem, ProblemKind};
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

/// Reads JSON that this program wrote.
pub(crate) fn stored_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(Problem::internal)
}

/// Writes JSON for the database.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(Problem::internal)
}

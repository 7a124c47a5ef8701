//! Pages of documentation of an API: Markdown as it was written, shown as trees of blocks and never as HTML.
//!
//! **Invariant:** whoever may see the API may read its pages, and nobody else.

mod http;
mod ops;
mod sql;

pub use http::routes;
pub use ops::{NewPage, add, texts};

use base::{Timestamp, id};

/// A page of documentation.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its API.
    pub api: id::ApiId,
    /// Its word in URLs; unique within the API, never changes.
    pub slug: String,
    /// Guard of the row.
    pub version: i64,
    /// For people.
    pub title: String,
    /// Where it stands among the others; smaller is further up.
    pub position: i64,
    /// Markdown.
    pub text: String,
    /// When it was written first.
    pub created_at: Timestamp,
    /// When it was written last.
    pub changed_at: Timestamp,
}

//! Revisions of a version: its document and what its designer sets, numbered from 1, each with who made it and why.
//!
//! **Invariant:** a revision never changes. Whatever alters a version makes the next one, going back included, and what
//! callers get is the revision that is published: see decision record 0012.

mod http;
mod ops;
mod sql;

pub use http::{number, routes};
pub(super) use ops::{Fresh, first, set};
pub(super) use sql::{count_operations, document, operations};

use super::settings::Settings;
use crate::words::words;
use base::Timestamp;

words! {
    /// What made a revision.
    pub enum RevisionOrigin {
        /// The version itself was made.
        Uploaded = "uploaded",
        /// Another document.
        Document = "document",
        /// Other settings.
        Settings = "settings",
        /// An old revision, again.
        Rollback = "rollback",
    }
}

/// What a version was at one time.
#[derive(Clone, Debug)]
pub struct Revision {
    /// From 1.
    pub number: i64,
    /// The revision that brought its document.
    pub document: i64,
    /// The document's title.
    pub title: String,
    /// `json` or `yaml`.
    pub format: String,
    /// What the designer set.
    pub settings: Settings,
    /// What made it.
    pub origin: RevisionOrigin,
    /// The revision that it brings back.
    pub restores: Option<i64>,
    /// Why, in the words of who made it.
    pub note: String,
    /// Who made it, as the change log writes it.
    pub author: String,
    /// When.
    pub created_at: Timestamp,
}

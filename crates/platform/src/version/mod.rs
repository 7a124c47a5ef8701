//! Versions of an API: what they are (revisions of document and settings), where they are published, and how they end.
//!
//! **Invariants:** a version is reachable only in environments that it is published to (C75), and what callers get
//! there is the revision that was published, whatever was changed since. A new version demands an API key until its
//! designer says otherwise (D17). No version is retired that was not deprecated before (F33).

mod check;
mod compare;
mod destination;
mod fence;
mod http;
mod lifecycle;
mod ops;
mod reference;
mod revision;
mod rule;
mod settings;
mod sql;

pub use crate::scheme::{SecurityScheme, scope};
pub use destination::{
    Destination, edit as edit_destination, find as find_destination, list as destinations, names as destination_names,
};
pub use http::routes;
pub use lifecycle::{Action, Hand, LIFECYCLE, Row, State};
pub use ops::{
    Release, Which, document_of, find, following, keep_time, operations_of, publication_row, publications_of, releases,
    remove_all, run, title_of, visible,
};
pub use revision::RevisionOrigin;
pub use rule::REMINDERS;
pub use settings::{Implementation, OperationSettings, Settings};
pub use sql::{apis_of, names};

use base::{Timestamp, id};

/// One version of an API, with the content of one of its revisions.
#[derive(Clone, Debug)]
pub struct Version {
    /// Identity.
    pub id: id::VersionId,
    /// Guard of the row.
    pub version: i64,
    /// Its API.
    pub api: id::ApiId,
    /// Second path segment of its calls; unique within the API.
    pub name: String,
    /// The number of its newest revision.
    pub newest: i64,
    /// The number of the revision whose content this is.
    pub revision: i64,
    /// The revision that brought the document.
    pub document: i64,
    /// The document's title.
    pub title: String,
    /// `json` or `yaml`.
    pub format: String,
    /// What the designer set.
    pub settings: Settings,
    /// Where it stands, as it was written last: see [`Version::state`].
    pub kept_state: State,
    /// How and when it ends.
    pub end: End,
    /// When it was uploaded.
    pub created_at: Timestamp,
}

/// How and when a version ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// Since when callers are advised to leave.
    pub deprecated_at: Option<Timestamp>,
    /// When its subscribers were last told when it ends.
    pub announced_at: Option<Timestamp>,
    /// From when on calls are refused.
    pub sunset_at: Option<Timestamp>,
    /// Since when calls are refused.
    pub retired_at: Option<Timestamp>,
    /// What comes after it.
    pub successor: Option<id::VersionId>,
    /// Where people read about it; empty means the API's own page.
    pub link: String,
    /// When the clock has to do something about it next.
    pub due_at: Option<Timestamp>,
}

impl Version {
    /// Where it stands now: at its announced end it is retired, also before the clock has written that down.
    pub fn state(&self, now: Timestamp) -> State {
        match self.kept_state {
            State::Deprecated if self.end.sunset_at.is_some_and(|at| at <= now) => State::Retired,
            kept => kept,
        }
    }
}

/// One method on one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name within the version.
    pub name: String,
    /// Upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// One line for people.
    pub summary: String,
    /// Scopes that tokens need.
    pub scopes: Vec<String>,
    /// How many required parameters, those of the path aside, and bodies it has.
    pub demands: i64,
}

/// A version in an environment.
#[derive(Clone, Debug)]
pub struct Publication {
    /// The version.
    pub version: id::VersionId,
    /// Where.
    pub environment: id::EnvironmentId,
    /// What calls are forwarded to.
    pub destination: id::DestinationId,
    /// What callers get.
    pub revision: i64,
    /// Since when that is so.
    pub published_at: Timestamp,
}

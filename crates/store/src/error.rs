//! What can go wrong between the program and its database.
//!
//! **Invariant:** no text here ever carries a bound value. Drivers put values into the detail of their messages
//! (and, for data that cannot be read, into the message itself), so errors are rebuilt from codes and names.

use base::{Problem, ProblemKind};
use sqlx::error::DatabaseError;
use std::borrow::Cow;
use std::fmt;

/// A failed statement, connection or migration.
#[derive(Clone)]
pub struct StoreError(Box<Cause>);

#[derive(Clone)]
pub(crate) enum Cause {
    /// A unique index or primary key of this name already holds the key.
    Unique(String),
    /// A row points to one that does not exist, or is pointed to.
    ForeignKey(Option<String>),
    /// Somebody else holds what is needed; trying again may work.
    Busy(String),
    /// The database cannot be reached, or the connection broke: for a commit the outcome is unknown.
    Lost(String),
    /// A text holds U+0000, which PostgreSQL cannot store.
    Nul,
    /// `one` found no row.
    NoRow,
    /// A column is missing, null, or holds something else than was asked for.
    Column { name: String, why: String },
    /// A write was to be closed without a change.
    NoChange,
    /// The schema and the program do not fit together.
    Schema(String),
    /// The database file or address cannot be opened.
    Open(String),
    /// Anything else the database says.
    Refused { code: String, message: String },
}

impl StoreError {
    pub(crate) fn new(cause: Cause) -> Self {
        Self(Box::new(cause))
    }

    pub(crate) fn column(name: &str, why: impl Into<String>) -> Self {
        Self::new(Cause::Column { name: name.to_owned(), why: why.into() })
    }

    pub(crate) fn unreachable(why: impl Into<String>) -> Self {
        Self::new(Cause::Lost(why.into()))
    }

    pub(crate) fn schema(why: impl Into<String>) -> Self {
        Self::new(Cause::Schema(why.into()))
    }

    /// The name of the unique index or constraint that was violated, the same on both databases.
    pub fn unique(&self) -> Option<&str> {
        match &*self.0 {
            Cause::Unique(name) => Some(name),
            _ => None,
        }
    }

    /// Whether a row points to one that does not exist, or cannot go because others point to it.
    pub fn foreign_key(&self) -> bool {
        matches!(*self.0, Cause::ForeignKey(_))
    }

    /// Whether somebody else was in the way, so that trying again may work.
    pub fn busy(&self) -> bool {
        matches!(*self.0, Cause::Busy(_))
    }

    /// Whether the connection broke or could not be made. After a commit it is unknown whether it was done.
    pub fn lost(&self) -> bool {
        matches!(*self.0, Cause::Lost(_))
    }

    /// SQLite names the columns of a violated index, not the index: this is that list, as SQLite wrote it.
    pub(crate) fn unnamed_unique(&self) -> Option<String> {
        self.unique().filter(|name| name.contains('.')).map(str::to_owned)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Cause::Unique(name) => write!(f, "the unique index {name} already holds this key"),
            Cause::ForeignKey(Some(name)) => write!(f, "the foreign key {name} does not hold"),
            Cause::ForeignKey(None) => f.write_str("a foreign key does not hold"),
            Cause::Busy(why) => write!(f, "the database is busy: {why}"),
            Cause::Lost(why) => write!(f, "the database cannot be reached: {why}"),
            Cause::Nul => f.write_str("a text holds the character U+0000, which cannot be stored"),
            Cause::NoRow => f.write_str("a statement that must answer with a row answered with none"),
            Cause::Column { name, why } => write!(f, "column {name}: {why}"),
            Cause::NoChange => f.write_str("a write must be closed with at least one change"),
            Cause::Schema(why) => f.write_str(why),
            Cause::Open(why) => write!(f, "the database cannot be opened: {why}"),
            Cause::Refused { code, message } => write!(f, "the database refused a statement ({code}): {message}"),
        }
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreError({self})")
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        Self::new(match error {
            E::Database(error) => database(&*error),
            E::PoolTimedOut => Cause::Busy("no connection became free in time".into()),
            E::PoolClosed => Cause::Lost("it is being closed".into()),
            E::WorkerCrashed => Cause::Lost("the connection's thread has ended".into()),
            E::Io(error) => Cause::Lost(error.to_string()),
            E::Tls(error) => Cause::Lost(error.to_string()),
            E::RowNotFound => Cause::NoRow,
            E::ColumnNotFound(name) => Cause::Column { name, why: "the statement does not select it".into() },
            E::ColumnDecode { index, source } => {
                Cause::Column { name: index.trim_matches('"').to_owned(), why: source.to_string() }
            }
            E::Configuration(error) => Cause::Open(error.to_string()),
            other => Cause::Refused { code: "driver".into(), message: other.to_string() },
        })
    }
}

fn database(error: &dyn DatabaseError) -> Cause {
    let code = error.code().unwrap_or(Cow::Borrowed(""));
    match error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        Some(error) => postgres(error),
        None => sqlite(&code, error.message()),
    }
}

fn postgres(error: &sqlx::postgres::PgDatabaseError) -> Cause {
    let name = error.constraint().map(str::to_owned);
    let (code, message) = (error.code(), error.message());
    match code {
        "23505" => Cause::Unique(name.unwrap_or_default()),
        "23503" | "23001" => Cause::ForeignKey(name),
        "40001" | "40P01" | "55P03" | "57014" => Cause::Busy(message.into()),
        "53300" | "57P01" | "57P02" | "57P03" | "25P03" => Cause::Lost(message.into()),
        _ if code.starts_with("08") => Cause::Lost(message.into()),
        // Class 22, data exceptions: these messages repeat the value.
        _ if code.starts_with("22") => {
            Cause::Refused { code: code.into(), message: "a value does not fit its column or function".into() }
        }
        _ => Cause::Refused { code: code.into(), message: message.into() },
    }
}

fn sqlite(code: &str, message: &str) -> Cause {
    let number: i64 = code.parse().unwrap_or(0);
    // The low byte is the primary code: https://www.sqlite.org/rescode.html
    match (number & 0xff, number) {
        (19, 2067 | 1555) => {
            let what = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(message);
            // An index over expressions is named by SQLite itself: `index 'name'`.
            let named = what.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\''));
            Cause::Unique(named.unwrap_or(what).to_owned())
        }
        // RESTRICT is kept by an internal trigger and has the code of one.
        (19, 787 | 1811) if message.contains("FOREIGN KEY") => Cause::ForeignKey(None),
        (5 | 6, _) => Cause::Busy(message.into()),
        (10 | 11 | 13 | 14 | 26, _) => Cause::Lost(message.into()),
        _ => Cause::Refused { code: format!("SQLite {code}"), message: message.into() },
    }
}

impl From<StoreError> for Problem {
    /// 503 where trying again may help, 422 for a text that no database stores, 500 otherwise.
    fn from(error: StoreError) -> Self {
        match &*error.0 {
            Cause::Busy(_) => {
                Problem::new(ProblemKind::Unavailable, "The database is busy. Try again in a moment.").because(error)
            }
            Cause::Lost(_) => {
                Problem::new(ProblemKind::Unavailable, "The database cannot be reached. Try again later.")
                    .because(error)
            }
            Cause::Nul => {
                Problem::invalid("", "A text holds the character U+0000, which cannot be stored; leave it out.")
            }
            _ => Problem::internal(error),
        }
    }
}

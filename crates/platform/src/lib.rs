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

use base::id::Id;
use base::{Fault, Problem, ProblemKind};
use std::collections::HashMap;
use store::{Column, Conn, Param, Row};

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

/// How many short walks along an index one statement makes at most, as legs of a union: SQLite takes 500.
pub(crate) const LEGS: usize = 64;

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

/// The rows of these ids in one statement: `select` ends where its conditions begin. The last id is repeated until the
/// list is as long as a power of two: there are few texts to prepare then, whatever the length of pages.
pub(crate) async fn rows_of<I: Id + Param>(conn: &mut Conn, select: &str, ids: &[I]) -> Result<Vec<Row>, Problem> {
    let mut out = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(TOGETHER) {
        let marked = chunk.len().next_power_of_two();
        let rest = chunk.iter().rev().take(1).cycle().take(marked - chunk.len());
        let query = store::sql(format!("{select} WHERE id IN ({})", marks(1, marked)));
        out.extend(query.bind_all(chunk).bind_all(rest).all(conn).await?);
    }
    Ok(out)
}

/// The names of these ids, as far as `select` finds them: `id` and `name`.
pub(crate) async fn names_of<I: Id + Param + Column>(
    conn: &mut Conn,
    select: &str,
    ids: &[I],
) -> Result<HashMap<I, String>, Problem> {
    rows_of(conn, select, ids).await?.iter().map(|row| Ok((row.get("id")?, row.get("name")?))).collect()
}

/// What each of these ids belongs to, as far as `select` finds it: `id` and `owner`.
pub(crate) async fn owners_of<I: Id + Param + Column, O: Column>(
    conn: &mut Conn,
    select: &str,
    ids: &[I],
) -> Result<HashMap<I, O>, Problem> {
    rows_of(conn, select, ids).await?.iter().map(|row| Ok((row.get("id")?, row.get("owner")?))).collect()
}

/// How many rows belong to each of these ids, up to [`MOST_COUNTED`]. `rows` says which: a table, and the condition up to
/// the id that it compares with.
pub(crate) async fn counts_of<I: Id + Param + Column>(
    conn: &mut Conn,
    rows: &'static str,
    ids: &[I],
) -> Result<HashMap<I, i64>, Problem> {
    let mut out = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(TOGETHER) {
        let text = format!(
            "WITH wanted(id) AS (VALUES {}) SELECT wanted.id AS id, (SELECT CAST(COUNT(*) AS BIGINT) FROM \
             (SELECT CAST(1 AS BIGINT) AS one FROM {rows} = wanted.id LIMIT $1) AS found) AS n FROM wanted",
            marked_rows(2, chunk.len())
        );
        for row in store::sql(text).bind(MOST_COUNTED).bind_all(chunk).all(conn).await? {
            out.insert(row.get("id")?, row.get("n")?);
        }
    }
    Ok(out)
}

/// Reads JSON that this program wrote.
pub(crate) fn stored_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(Problem::internal)
}

/// Writes JSON for the database.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(Problem::internal)
}

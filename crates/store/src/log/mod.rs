//! The change log: gapless, in the order of commits, each entry chained to the one before.
//!
//! People read verb, note and detail. Machines take only *which* subject changed and read its row again, so there
//! are no event schemas and applying an entry twice is harmless.

pub(crate) mod append;
mod chain;
mod export;
mod origin;
mod page;
mod proof;
mod told;
mod verify;

pub use chain::{GENESIS, digest, link};
pub use export::{Footing, Format, Line, Reading, read};
pub use origin::{Kept, Origin, forget_origins, keep_origin, origins};
pub use page::{by_numbers, page, span, verbs};
pub use proof::{Proof, proofs};
pub use told::{Told, told};
pub use verify::{Broken, Verified, verify};

use crate::conn::Conn;
use crate::error::StoreError;
use crate::query::{Row, sql};
use base::{Actor, Kind, Ref, Timestamp};
use std::collections::HashMap;

/// The most entries that one call answers with.
pub const MOST: i64 = 1000;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number; the first is 1.
    pub seq: i64,
    /// When, by the clock of whoever wrote it. Numbers, not times, say what came first.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What happened: `subscription.approved`.
    pub verb: String,
    /// What it happened to.
    pub subject: Ref,
    /// Every resource whose board shows it, the subject among them, each once, sorted.
    pub touches: Vec<Ref>,
    /// The person's own words.
    pub note: Option<String>,
    /// Before and after, for people.
    pub detail: serde_json::Value,
    /// The HTTP request that caused it.
    pub request: Option<String>,
    /// SHA-256 in hexadecimal; see [`link`].
    pub hash: String,
}

/// Which entries somebody wants to see. All conditions hold at once.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Entries that touch any of these; all entries when empty.
    pub touches: Vec<Ref>,
    /// Entries with one of these verbs; `None` for any.
    pub verbs: Option<Vec<String>>,
    /// Entries whose subject is of one of these kinds; `None` for any.
    pub kinds: Option<Vec<Kind>>,
    /// Entries of this actor.
    pub actor: Option<Actor>,
    /// Entries from this instant on.
    pub since: Option<Timestamp>,
    /// The entries that this request caused.
    pub request: Option<String>,
    /// Entries with a smaller number: the last one of the page before.
    pub before: Option<i64>,
    /// Entries with a larger number.
    pub after: Option<i64>,
    /// The oldest first; the newest otherwise.
    pub ascending: bool,
    /// How many, at most [`MOST`]; 0 means [`base::page::USUAL`].
    pub limit: i64,
}

impl Filter {
    fn limit(&self) -> i64 {
        if self.limit <= 0 { base::page::USUAL } else { self.limit.min(MOST) }
    }
}

/// An entry as it is stored: text that the hash covers, before anything is made of it.
pub(crate) struct Raw {
    pub(crate) seq: i64,
    pub(crate) at: i64,
    pub(crate) actor: String,
    pub(crate) verb: String,
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) touches: Vec<(String, String)>,
    pub(crate) note: Option<String>,
    pub(crate) detail: String,
    pub(crate) request: Option<String>,
    pub(crate) hash: String,
}

pub(crate) const COLUMNS: &str =
    "c.seq, c.at, c.actor, c.verb, c.subject_kind, c.subject_id, c.note, c.detail, c.request, c.hash";

impl Raw {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.get("seq")?,
            at: row.get("at")?,
            actor: row.get("actor")?,
            verb: row.get("verb")?,
            kind: row.get("subject_kind")?,
            id: row.get("subject_id")?,
            touches: Vec::new(),
            note: row.get("note")?,
            detail: row.get("detail")?,
            request: row.get("request")?,
            hash: row.get("hash")?,
        })
    }

    fn entry(self) -> Result<Entry, StoreError> {
        let mut touches = Vec::with_capacity(self.touches.len());
        for (kind, id) in self.touches {
            touches.push(Ref { kind: kind_of(&kind)?, id });
        }
        touches.sort();
        Ok(Entry {
            seq: self.seq,
            at: Timestamp::from_micros(self.at),
            actor: Actor::from_text(&self.actor),
            verb: self.verb,
            subject: Ref { kind: kind_of(&self.kind)?, id: self.id },
            touches,
            note: self.note,
            detail: serde_json::from_str(&self.detail).map_err(|_| StoreError::column("detail", "holds no JSON"))?,
            request: self.request,
            hash: self.hash,
        })
    }
}

fn kind_of(text: &str) -> Result<Kind, StoreError> {
    Kind::parse(text).ok_or_else(|| StoreError::column("kind", "names a kind that this program does not know"))
}

/// Gives entries their touches, found in rows of `change_touches`.
pub(crate) fn attach(entries: &mut [Raw], touches: Vec<Row>) -> Result<(), StoreError> {
    let mut by_seq: HashMap<i64, Vec<(String, String)>> = HashMap::with_capacity(entries.len());
    for row in touches {
        by_seq.entry(row.get("seq")?).or_default().push((row.get("kind")?, row.get("id")?));
    }
    for entry in entries {
        entry.touches = by_seq.remove(&entry.seq).unwrap_or_default();
    }
    Ok(())
}

/// Entries with numbers above `seq`, ascending, as they are stored.
pub(crate) async fn raw_after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<Raw>, StoreError> {
    const AFTER: &str = "SELECT c.seq, c.at, c.actor, c.verb, c.subject_kind, c.subject_id, c.note, c.detail, \
         c.request, c.hash FROM changes c WHERE c.seq > $1 ORDER BY c.seq LIMIT $2";
    const TOUCHES: &str = "SELECT seq, kind, id FROM change_touches WHERE seq > $1 AND seq <= $2";
    let rows = sql(AFTER).bind(seq).bind(limit).all(conn).await?;
    let mut entries = rows.iter().map(Raw::read).collect::<Result<Vec<_>, _>>()?;
    if let Some(last) = entries.last().map(|entry| entry.seq) {
        let touches = sql(TOUCHES).bind(seq).bind(last).all(conn).await?;
        attach(&mut entries, touches)?;
    }
    Ok(entries)
}

/// Entries with numbers above `seq`, ascending, at most `limit` (and [`MOST`]): what a reader reads.
///
/// # Errors
/// The database failed, or the log holds what this program does not know.
pub async fn after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    raw_after(conn, seq, limit.clamp(0, MOST)).await?.into_iter().map(Raw::entry).collect()
}

/// The number of the last entry; 0 when there is none.
///
/// # Errors
/// The database failed.
pub async fn head(conn: &mut Conn) -> Result<i64, StoreError> {
    sql("SELECT seq FROM change_head WHERE id = 1").one(conn).await?.get("seq")
}

/// How far a reader has come; 0 for one that never read.
///
/// # Errors
/// The database failed.
pub async fn cursor(conn: &mut Conn, reader: &str) -> Result<i64, StoreError> {
    let row = sql("SELECT seq FROM cursors WHERE reader = $1").bind(reader).find(conn).await?;
    row.map_or(Ok(0), |row| row.get("seq"))
}

/// Remembers how far a reader has come. To be closed with [`crate::Quiet::CursorMoved`] or together with what the
/// reader wrote.
///
/// # Errors
/// The database failed.
pub async fn move_cursor(conn: &mut Conn, reader: &str, seq: i64) -> Result<(), StoreError> {
    // Two processes may run the same reader: the slower one must not set it back.
    sql("INSERT INTO cursors (reader, seq) VALUES ($1, $2) \
         ON CONFLICT (reader) DO UPDATE SET seq = excluded.seq WHERE cursors.seq < excluded.seq")
    .bind(reader)
    .bind(seq)
    .run(conn)
    .await
    .map(drop)
}

//! Walking the hash chain.

use super::{GENESIS, chain, raw_after};
use crate::db::Db;
use crate::error::StoreError;
use crate::query::sql;

/// Entries looked at together.
const STRETCH: i64 = 500;

/// What a walk along the log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries were looked at and found whole.
    pub entries: i64,
    /// The number that the head row holds.
    pub head: i64,
    /// The hash that the head row holds. Kept elsewhere, it shows later that the log was not cut off at its end
    /// and written anew.
    pub hash: String,
    /// The first entry that does not fit; `None` when all do.
    pub broken: Option<Broken>,
}

/// An entry that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its number, or the number that is missing.
    pub seq: i64,
    /// What is wrong, for people.
    pub why: String,
}

/// Walks the whole log in one snapshot and says where the chain first breaks.
///
/// # Errors
/// The database failed. A broken chain is no error but an answer.
pub async fn verify(db: &Db) -> Result<Verified, StoreError> {
    let mut tx = db.read().await?;
    let row = sql("SELECT seq, hash FROM change_head WHERE id = 1").one(&mut tx).await?;
    let (head, top): (i64, String) = (row.get("seq")?, row.get("hash")?);
    let (mut seq, mut hash) = (0_i64, GENESIS.to_owned());
    let broken = 'walk: loop {
        let entries = raw_after(&mut tx, seq, STRETCH).await?;
        if entries.is_empty() {
            break None;
        }
        for entry in entries {
            let expected = chain::link(&hash, seq + 1, &chain::digest_of(&entry));
            if entry.seq != seq + 1 {
                break 'walk Some(Broken { seq: seq + 1, why: "the entry is missing".into() });
            }
            if entry.hash != expected {
                let why = "the entry, or what it touches, is not what its hash was made of".into();
                break 'walk Some(Broken { seq: seq + 1, why });
            }
            (seq, hash) = (entry.seq, entry.hash);
        }
    };
    let broken = match broken {
        None if seq < head => Some(Broken { seq: seq + 1, why: "the log ends before its head".into() }),
        None if seq > head => Some(Broken { seq: head + 1, why: "the log goes on behind its head".into() }),
        None if hash != top => Some(Broken { seq, why: "the head holds another hash than the last entry".into() }),
        None => match stray(&mut tx, head).await? {
            None => match mislabelled(&mut tx).await? {
                None => renamed(&mut tx).await?,
                found => found,
            },
            found => found,
        },
        found => found,
    };
    Ok(Verified { entries: seq, head, hash: top, broken })
}

/// An origin that was altered: the request of its entries does not bear the name that is made of it.
async fn renamed(tx: &mut crate::Conn) -> Result<Option<Broken>, StoreError> {
    let Some(request) = super::origin::altered(tx).await? else { return Ok(None) };
    let found = sql("SELECT seq FROM changes WHERE request = $1 ORDER BY seq LIMIT 1").bind(&request).find(tx).await?;
    let seq = found.map_or(Ok(0), |row| row.get("seq"))?;
    Ok(Some(Broken { seq, why: format!("where request {request} came from is not what its name was made of") }))
}

/// A touch that would be found by another verb than that of its entry.
async fn mislabelled(tx: &mut crate::Conn) -> Result<Option<Broken>, StoreError> {
    let found = sql("SELECT t.seq AS seq FROM change_touches t JOIN changes c ON c.seq = t.seq \
                     WHERE t.verb <> c.verb ORDER BY t.seq LIMIT 1");
    let Some(row) = found.find(tx).await? else { return Ok(None) };
    Ok(Some(Broken { seq: row.get("seq")?, why: "a touch of the entry says another verb".into() }))
}

/// Touches that belong to no entry.
async fn stray(tx: &mut crate::Conn, head: i64) -> Result<Option<Broken>, StoreError> {
    let found = sql("SELECT seq FROM change_touches WHERE seq > $1 OR seq < 1 ORDER BY seq LIMIT 1").bind(head);
    let Some(row) = found.find(tx).await? else { return Ok(None) };
    Ok(Some(Broken { seq: row.get("seq")?, why: "a touch belongs to no entry".into() }))
}

//! What shows of a single entry that it is as it was written.

use super::page::raw_by_numbers;
use super::{GENESIS, chain};
use crate::conn::Conn;
use crate::error::StoreError;
use std::collections::HashMap;

/// Where an entry stands in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The hash of the entry before.
    pub before: String,
    /// The digest of the entry as it is now.
    pub digest: String,
    /// Its hash, as it is kept.
    pub hash: String,
    /// Whether the hash is made of the other two.
    pub holds: bool,
}

/// The proofs of the entries with these numbers.
///
/// # Errors
/// The database failed.
pub async fn proofs(conn: &mut Conn, numbers: &[i64]) -> Result<HashMap<i64, Proof>, StoreError> {
    let mut wanted: Vec<i64> = numbers.iter().flat_map(|seq| [seq - 1, *seq]).filter(|seq| *seq > 0).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let entries = raw_by_numbers(conn, &wanted).await?;
    let hashes: HashMap<i64, &str> = entries.iter().map(|entry| (entry.seq, entry.hash.as_str())).collect();
    let proof = |entry: &super::Raw| {
        let before = if entry.seq == 1 { GENESIS } else { hashes.get(&(entry.seq - 1)).copied().unwrap_or_default() };
        let digest = chain::digest_of(entry);
        let holds = chain::link(before, entry.seq, &digest) == entry.hash;
        Proof { before: before.to_owned(), digest, hash: entry.hash.clone(), holds }
    };
    Ok(entries.iter().filter(|entry| numbers.contains(&entry.seq)).map(|entry| (entry.seq, proof(entry))).collect())
}

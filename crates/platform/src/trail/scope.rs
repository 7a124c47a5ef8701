//! The reader that finds out which organizations each entry is about.

use super::{rule, sql};
use crate::board;
use crate::cx::Platform;
use crate::reader;
use base::{Problem, Ref};
use store::Conn;
use store::log::Entry;
use tokio::sync::watch;

/// The name of the reader.
pub const READER: &str = "trail";

/// Follows the log until `shutdown` says `true`.
pub async fn run(platform: Platform, shutdown: watch::Receiver<bool>) {
    reader::follow(platform, READER, learn, shutdown).await;
}

async fn learn(_: &Platform, conn: &mut Conn, entries: &[Entry]) -> Result<(), Problem> {
    let references = entries.iter().flat_map(board::references).filter(|r| rule::tells_owner(r.kind));
    let mut wanted: Vec<Ref> = references.cloned().collect();
    wanted.sort();
    wanted.dedup();
    let mut owners = sql::owners(conn, &wanted).await?;
    for entry in entries {
        for (resource, organization) in rule::teaches(entry, |reference| owners.get(reference).cloned()) {
            if owners.get(&resource) != Some(&organization) {
                sql::put_owner(conn, &resource, &organization).await?;
                owners.insert(resource, organization);
            }
        }
        for (organization, whole) in rule::scopes(entry, |reference| owners.get(reference).cloned()) {
            sql::put_scope(conn, &organization, entry.seq, whole).await?;
        }
    }
    Ok(())
}

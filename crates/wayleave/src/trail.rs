//! `wayleave trail verify`: whether the audit trail is as it was written, by the database or by an export of it.

use crate::Config;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use store::log::{self, Format};
use store::{Db, DbUrl};

/// What a verification came to, for people, and whether everything was as it was written.
#[derive(Debug)]
pub struct Verdict {
    /// For people.
    pub words: String,
    /// Nothing was broken.
    pub intact: bool,
}

/// What the head was when somebody wrote it down: `1234:3f2a...`.
///
/// # Errors
/// It is not written like that.
pub fn parse_head(text: &str) -> Result<(i64, String), String> {
    let head = text.split_once(':').and_then(|(seq, hash)| Some((seq.parse().ok()?, hash.to_ascii_lowercase())));
    let hexadecimal = |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    head.filter(|(_, hash)| hexadecimal(hash))
        .ok_or_else(|| "a head is the number of an entry, a colon and its hash of 64 hexadecimal digits".to_owned())
}

/// Verifies what is in the database. Reads only.
///
/// # Errors
/// The database cannot be read. A broken trail is no error but a verdict.
pub async fn verify_database(config: &Config, head: Option<(i64, String)>) -> Result<Verdict> {
    let url = config.database_url()?;
    if let DbUrl::Sqlite(path) = &url
        && !path.exists()
    {
        bail!("there is no database at {}", path.display());
    }
    let db = Db::open(&url).await.context("the database cannot be opened")?;
    let found = log::verify(&db).await.context("the trail cannot be read")?;
    let known = match &head {
        Some((seq, _)) => {
            let mut tx = db.read().await?;
            log::by_numbers(&mut tx, &[*seq]).await?.pop().map(|entry| entry.hash)
        }
        None => None,
    };
    db.close().await;
    if let Some(broken) = found.broken {
        let words =
            format!("broken at entry {}: {}\n{} entries before it are intact", broken.seq, broken.why, found.entries);
        return Ok(Verdict { words, intact: false });
    }
    if let Some((seq, hash)) = head
        && known.as_ref() != Some(&hash)
    {
        let words = format!(
            "broken at entry {seq}: its hash is {} and not {hash}: the trail was written anew",
            known.as_deref().unwrap_or("none")
        );
        return Ok(Verdict { words, intact: false });
    }
    let words = format!("intact: {} entries\nhead {}:{}", found.entries, found.head, found.hash);
    Ok(Verdict { words, intact: true })
}

/// Verifies an export, oldest entry first, without any database.
///
/// # Errors
/// The file cannot be read, or is no export. A broken trail is no error but a verdict.
pub fn verify_file(path: &Path, head: Option<(i64, String)>) -> Result<Verdict> {
    let file = std::fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let mut file = BufReader::new(file);
    let format = if file.fill_buf()?.first() == Some(&b'{') { Format::JsonLines } else { Format::Csv };
    let found = log::read(file, format, head.as_ref().map(|(seq, _)| *seq))
        .map_err(|why| anyhow::anyhow!("{}: {why}", path.display()))?;
    if let Some((seq, why)) = found.broken {
        let words = format!("broken at entry {seq}: {why}\n{} entries before it are intact", found.entries);
        return Ok(Verdict { words, intact: false });
    }
    if let Some((seq, hash)) = head
        && found.wanted.as_ref() != Some(&hash)
    {
        let words = match found.wanted {
            Some(other) => {
                format!("broken at entry {seq}: its hash is {other} and not {hash}: the trail was written anew")
            }
            None => {
                format!("broken: entry {seq}, whose hash is known, is not in the file: it was cut, or is not of all")
            }
        };
        return Ok(Verdict { words, intact: false });
    }
    let Some(last) = found.last else { return Ok(Verdict { words: "intact: 0 entries".to_owned(), intact: true }) };
    let mut words = format!("intact: {} entries, {} to {}", found.entries, found.first.unwrap_or(0), last.seq);
    if found.missing > 0 {
        words.push_str(&format!(
            "\n{} between them were not exported: each entry is as it was written, but not all are here",
            found.missing
        ));
    }
    if found.partial > 0 {
        words.push_str(&format!(
            "\n{} of them are shown in part: their place is verified, their content is not",
            found.partial
        ));
    }
    words.push_str(&format!("\nhead {}:{}", last.seq, last.hash));
    Ok(Verdict { words, intact: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_a_number_and_a_hash() {
        let hash = "ab".repeat(32);
        assert_eq!(parse_head(&format!("7:{hash}")), Ok((7, hash.clone())));
        for bad in ["", "7", &hash, "x:ab", &format!("7:{}", "zz".repeat(32))] {
            assert!(parse_head(bad).is_err(), "{bad}");
        }
    }
}

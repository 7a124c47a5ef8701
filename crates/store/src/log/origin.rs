//! Where the request came from that caused an entry: an address and what the caller's program says of itself.
//!
//! Both are about people, so they must be able to go one day, and entries of the log never do. So they are kept beside
//! the log. What the chain holds is the name of the request, and that name is made of them:
//!
//! ```text
//! the first 16 bytes of SHA-256 over `{nonce}\n{address}\n{agent}`, in the alphabet of ids
//! ```
//!
//! with a random nonce, so that the name tells nothing once the row is gone.

use crate::conn::Conn;
use crate::error::StoreError;
use crate::migrate::sha256;
use crate::query::{Row, sql};
use base::Timestamp;
use std::collections::HashMap;

/// The most characters that are kept of what a program says of itself.
const LONGEST_AGENT: usize = 300;

/// Where a request came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The address of whoever opened the connection; empty if that is not known.
    pub address: String,
    /// `User-Agent`, without control characters; empty if there was none.
    pub agent: String,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
}

impl Origin {
    /// Where this request came from, with a nonce of its own.
    pub fn new(address: String, agent: &str) -> Self {
        let agent = agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect();
        Self { address, agent, nonce: data_encoding::HEXLOWER.encode(&base::random::bytes::<16>()) }
    }

    /// The name of the request.
    pub fn name(&self) -> String {
        let digest = sha256(&format!("{}\n{}\n{}", self.nonce, self.address, self.agent));
        let bytes = data_encoding::HEXLOWER.decode(digest.as_bytes()).unwrap_or_default();
        base::id::text(bytes.get(..16).unwrap_or_default())
    }
}

/// What was kept about one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it came from.
    pub origin: Origin,
    /// The session or token that it was made with: `session:ses_...`, `token:pat_...`.
    pub via: Option<String>,
}

/// Keeps where a request came from, once; to be closed together with what it wrote.
///
/// # Errors
/// The database failed.
pub async fn keep_origin(
    conn: &mut Conn,
    request: &str,
    at: Timestamp,
    origin: &Origin,
    via: Option<String>,
) -> Result<(), StoreError> {
    sql("INSERT INTO change_origins (request, at, address, agent, nonce, via) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (request) DO NOTHING")
    .bind(request)
    .bind(at)
    .bind(&origin.address)
    .bind(&origin.agent)
    .bind(&origin.nonce)
    .bind(via)
    .run(conn)
    .await
    .map(drop)
}

/// Where these requests came from, as far as it is still known.
///
/// # Errors
/// The database failed.
pub async fn origins(conn: &mut Conn, requests: &[String]) -> Result<HashMap<String, Kept>, StoreError> {
    let mut found = HashMap::with_capacity(requests.len());
    for some in requests.chunks(250) {
        let marks: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
        let text = format!(
            "SELECT request, address, agent, nonce, via FROM change_origins WHERE request IN ({})",
            marks.join(", ")
        );
        for row in sql(text).bind_all(some.iter()).all(conn).await? {
            found.insert(row.get("request")?, kept(&row)?);
        }
    }
    Ok(found)
}

fn kept(row: &Row) -> Result<Kept, StoreError> {
    let origin = Origin { address: row.get("address")?, agent: row.get("agent")?, nonce: row.get("nonce")? };
    Ok(Kept { origin, via: row.get("via")? })
}

/// Forgets up to `most` origins of requests before this instant; answers how many there were. To be closed with
/// [`crate::Quiet::ExpiredSwept`].
///
/// # Errors
/// The database failed.
pub async fn forget_origins(conn: &mut Conn, before: Timestamp, most: i64) -> Result<u64, StoreError> {
    sql("DELETE FROM change_origins WHERE request IN \
         (SELECT request FROM change_origins WHERE at < $1 ORDER BY at LIMIT $2)")
    .bind(before)
    .bind(most)
    .run(conn)
    .await
}

/// The first origin, in the order of names, whose request does not bear the name that is made of it.
///
/// # Errors
/// The database failed.
pub(super) async fn altered(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    let mut after = String::new();
    loop {
        let page = sql("SELECT request, address, agent, nonce, via FROM change_origins WHERE request > $1 \
                        ORDER BY request LIMIT 1000")
        .bind(&after)
        .all(conn)
        .await?;
        for row in &page {
            let request: String = row.get("request")?;
            if kept(row)?.origin.name() != request {
                return Ok(Some(request));
            }
            after = request;
        }
        if page.is_empty() {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_request_is_made_of_where_it_came_from() {
        let origin = Origin { address: "192.0.2.1".into(), agent: "curl/8".into(), nonce: "00".repeat(16) };
        let name = origin.name();
        assert_eq!((name.len(), name.clone()), (26, origin.name()));
        for other in [
            Origin { address: "192.0.2.2".into(), ..origin.clone() },
            Origin { agent: "curl/9".into(), ..origin.clone() },
            Origin { nonce: "01".repeat(16), ..origin.clone() },
        ] {
            assert_ne!(other.name(), name);
        }
        let odd = Origin::new(String::new(), &("a\nb".to_owned() + &"x".repeat(400)));
        assert_eq!((odd.agent.len(), &odd.agent[..3]), (300, "abx"));
        assert_ne!(Origin::new(String::new(), "").name(), Origin::new(String::new(), "").name());
    }
}

//! What entries with one verb say of what they touch, for many resources in one statement: how each of them ended.

use super::kind_of;
use crate::conn::Conn;
use crate::error::StoreError;
use crate::query::{Query, Row, sql};
use base::{Kind, Ref};

/// What an entry says of something that it touches.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What was asked about.
    pub of: Ref,
    /// The number of the entry.
    pub seq: i64,
    /// The kind of what the entry is about: that itself, or what took it along.
    pub subject: Kind,
    /// Before and after, for people.
    pub detail: serde_json::Value,
}

/// How many resources one statement asks about at most.
const TOGETHER: usize = 500;

/// What the entries say that touch these, each with its verb, in the order of the log. For verbs that come once in the
/// life of a resource: every entry is read.
///
/// # Errors
/// The database failed, or the log holds what this program does not know.
pub async fn told(conn: &mut Conn, wanted: &[(Ref, &str)]) -> Result<Vec<Told>, StoreError> {
    let mut found = Vec::new();
    for some in wanted.chunks(TOGETHER) {
        for row in &statement(some).all(conn).await? {
            found.push(read(row)?);
        }
    }
    found.sort_by_key(|told: &Told| told.seq);
    Ok(found)
}

fn statement(wanted: &[(Ref, &str)]) -> Query {
    let rows: Vec<String> =
        (0..wanted.len()).map(|n| format!("(${}, ${}, ${})", 3 * n + 1, 3 * n + 2, 3 * n + 3)).collect();
    let text = format!(
        "WITH wanted(kind, id, verb) AS (VALUES {}) \
         SELECT t.kind AS kind, t.id AS id, c.seq AS seq, c.subject_kind AS subject_kind, c.detail AS detail FROM wanted \
         JOIN change_touches t ON t.kind = wanted.kind AND t.id = wanted.id AND t.verb = wanted.verb \
         JOIN changes c ON c.seq = t.seq",
        rows.join(", ")
    );
    sql(text).bind_all(wanted.iter().flat_map(|(of, verb)| [of.kind.as_str(), of.id.as_str(), *verb]))
}

fn read(row: &Row) -> Result<Told, StoreError> {
    let (kind, subject, detail): (String, String, String) =
        (row.get("kind")?, row.get("subject_kind")?, row.get("detail")?);
    Ok(Told {
        of: Ref { kind: kind_of(&kind)?, id: row.get("id")? },
        seq: row.get("seq")?,
        subject: kind_of(&subject)?,
        detail: serde_json::from_str(&detail).map_err(|_| StoreError::column("detail", "holds no JSON"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Db, DbUrl};

    #[tokio::test]
    async fn what_is_asked_for_is_found_by_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DbUrl::Sqlite(folder.path().join("a.db"))).await.unwrap();
        db.migrate().await.unwrap();
        let of = |id: &str| (Ref { kind: Kind::App, id: id.to_owned() }, "app.deleted");
        let mut query = statement(&[of("a"), of("b"), of("c")]);
        query.text = format!("EXPLAIN QUERY PLAN {}", query.text).into();
        let mut tx = db.read().await.unwrap();
        let rows = query.all(&mut tx).await.unwrap();
        let steps: Vec<String> = rows.iter().map(|row| row.get("detail").unwrap()).collect();
        assert!(steps.iter().any(|step| step.contains("SEARCH t USING") && step.contains("by_verb")), "{steps:#?}");
        assert!(steps.iter().any(|step| step.starts_with("SEARCH c USING")), "{steps:#?}");
    }
}

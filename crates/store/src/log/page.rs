//! Boards, dashboards and the audit trail: entries by what they touch, newest first.

use super::{COLUMNS, Entry, Filter, Raw, attach};
use crate::conn::Conn;
use crate::error::StoreError;
use crate::query::{Query, sql};
use crate::value::{Param, Value};
use base::Ref;

/// How many conditions one statement asks for. SQLite's planner and its limit on compound selects (500) set the bound.
const LEGS: usize = 64;

/// The newest entries that a filter lets through, newest first.
///
/// The statement has one *leg* for each resource that may be touched (or each actor, verb or kind, whichever narrows
/// most). A leg walks one index backwards and stops at the limit, so the cost follows the page and the number of
/// legs, not the length of the log; only entries that the other conditions turn away cost extra.
///
/// # Errors
/// The database failed, or the log holds what this program does not know.
pub async fn page(conn: &mut Conn, filter: &Filter) -> Result<Vec<Entry>, StoreError> {
    let limit = filter.limit();
    let mut entries = Vec::new();
    for query in statements(filter) {
        let rows = query.all(conn).await?;
        for row in &rows {
            entries.push(Raw::read(row)?);
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
    entries.dedup_by_key(|entry| entry.seq);
    entries.truncate(usize::try_from(limit).unwrap_or(0));
    touch(conn, &mut entries).await?;
    entries.into_iter().map(Raw::entry).collect()
}

/// Finds the touches of entries that need not follow one another.
async fn touch(conn: &mut Conn, entries: &mut [Raw]) -> Result<(), StoreError> {
    for some in entries.chunks_mut(250) {
        let mut text = Text::default();
        text.push("SELECT seq, kind, id FROM change_touches WHERE seq IN (");
        text.list(some.iter().map(|entry| entry.seq));
        text.push(")");
        let rows = text.query().all(conn).await?;
        attach(some, rows)?;
    }
    Ok(())
}

/// A statement that grows together with its values.
#[derive(Default)]
struct Text {
    text: String,
    values: Vec<Value>,
}

impl Text {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, param: impl Param) {
        self.values.push(param.value());
        self.text.push_str(&format!("${}", self.values.len()));
    }

    fn list(&mut self, params: impl Iterator<Item = impl Param>) {
        for (i, param) in params.enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.bind(param);
        }
    }

    fn query(self) -> Query {
        sql(self.text).bind_all(self.values)
    }
}

/// What one leg asks for, beside the conditions that all legs share.
enum Leg<'a> {
    Touch(&'a Ref),
    Column(&'static str, Value),
    All,
}

/// One condition per leg, by the index that narrows most. No leg: nothing can match.
fn legs(filter: &Filter) -> Vec<Leg<'_>> {
    let columns = |name, values: Vec<Value>| values.into_iter().map(|value| Leg::Column(name, value)).collect();
    if [filter.verbs.as_ref().map(Vec::len), filter.kinds.as_ref().map(Vec::len)].contains(&Some(0)) {
        return Vec::new();
    }
    match filter {
        Filter { touches, .. } if !touches.is_empty() => touches.iter().map(Leg::Touch).collect(),
        Filter { actor: Some(actor), .. } => vec![Leg::Column("actor", actor.value())],
        Filter { verbs: Some(verbs), .. } => columns("verb", verbs.iter().map(Param::value).collect()),
        Filter { kinds: Some(kinds), .. } => columns("subject_kind", kinds.iter().map(Param::value).collect()),
        _ => vec![Leg::All],
    }
}

fn statements(filter: &Filter) -> Vec<Query> {
    legs(filter)
        .chunks(LEGS)
        .map(|some| {
            let mut text = Text::default();
            text.push(&format!("SELECT {COLUMNS} FROM (SELECT seq FROM ("));
            for (i, leg) in some.iter().enumerate() {
                if i > 0 {
                    text.push(" UNION ");
                }
                text.push("SELECT seq FROM (");
                one(&mut text, leg, filter);
                text.push(&format!(") AS leg{i}"));
            }
            text.push(") AS legs ORDER BY seq DESC LIMIT ");
            text.bind(filter.limit());
            text.push(") AS found JOIN changes c ON c.seq = found.seq ORDER BY found.seq DESC");
            text.query()
        })
        .collect()
}

fn one(text: &mut Text, leg: &Leg<'_>, filter: &Filter) {
    let narrowed = filter.verbs.is_some() || filter.kinds.is_some() || filter.actor.is_some() || filter.since.is_some();
    let seq = match leg {
        Leg::Touch(touch) => {
            text.push("SELECT t.seq AS seq FROM change_touches t");
            if narrowed {
                text.push(" JOIN changes c ON c.seq = t.seq");
            }
            text.push(" WHERE t.kind = ");
            text.bind(touch.kind);
            text.push(" AND t.id = ");
            text.bind(&touch.id);
            text.push(" AND t.seq < ");
            "t.seq"
        }
        Leg::Column(name, value) => {
            text.push(&format!("SELECT c.seq AS seq FROM changes c WHERE c.{name} = "));
            text.bind(value);
            text.push(" AND c.seq < ");
            "c.seq"
        }
        Leg::All => {
            text.push("SELECT c.seq AS seq FROM changes c WHERE c.seq < ");
            "c.seq"
        }
    };
    text.bind(filter.before.unwrap_or(i64::MAX));
    conditions(text, filter);
    text.push(&format!(" ORDER BY {seq} DESC LIMIT "));
    text.bind(filter.limit());
}

/// The conditions that every leg repeats; one that the leg itself asks for costs nothing twice.
fn conditions(text: &mut Text, filter: &Filter) {
    if let Some(verbs) = &filter.verbs {
        text.push(" AND c.verb IN (");
        text.list(verbs.iter());
        text.push(")");
    }
    if let Some(kinds) = &filter.kinds {
        text.push(" AND c.subject_kind IN (");
        text.list(kinds.iter());
        text.push(")");
    }
    if let Some(actor) = &filter.actor {
        text.push(" AND c.actor = ");
        text.bind(actor);
    }
    if let Some(since) = filter.since {
        text.push(" AND c.at >= ");
        text.bind(since);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Db, DbUrl};
    use base::{Actor, Kind};

    /// SQLite's planner can be asked in a stable way; PostgreSQL's choice depends on how full the tables are.
    #[tokio::test]
    async fn a_page_walks_indexes_and_sorts_no_table() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DbUrl::Sqlite(folder.path().join("a.db"))).await.unwrap();
        db.migrate().await.unwrap();
        let one = || Ref { kind: Kind::App, id: "a".into() };
        let filters = [
            (Filter::default(), "changes"),
            (Filter { touches: vec![one()], ..Filter::default() }, "change_touches_1"),
            (
                Filter { touches: vec![one(), one()], verbs: Some(vec!["x".into()]), ..Filter::default() },
                "change_touches_1",
            ),
            (Filter { verbs: Some(vec!["x".into(), "y".into()]), ..Filter::default() }, "changes_by_verb"),
            (Filter { kinds: Some(vec![Kind::App]), ..Filter::default() }, "changes_by_subject_kind"),
            (Filter { actor: Some(Actor::System), ..Filter::default() }, "changes_by_actor"),
        ];
        for (filter, index) in filters {
            for mut query in statements(&filter) {
                query.text = format!("EXPLAIN QUERY PLAN {}", query.text).into();
                let mut tx = db.read().await.unwrap();
                let rows = query.all(&mut tx).await.unwrap();
                let steps: Vec<String> = rows.iter().map(|row| row.get("detail").unwrap()).collect();
                assert!(steps.iter().any(|step| step.contains(index)), "{steps:#?}");
                // Short lists of numbers may be walked and sorted, tables not.
                let walks = |step: &&String| step.starts_with("SCAN c ") || step.starts_with("SCAN t");
                assert_eq!(steps.iter().filter(walks).filter(|step| !step.contains("USING")).count(), 0, "{steps:#?}");
            }
        }
    }
}

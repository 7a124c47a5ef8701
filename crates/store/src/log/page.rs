//! Boards, dashboards and the audit trail: entries by what they touch, newest first.

use super::{COLUMNS, Entry, Filter, Raw, attach};
use crate::conn::Conn;
use crate::error::StoreError;
use crate::query::{Query, sql};
use crate::value::{Param, Value};
use base::{Ref, Timestamp};

/// How many conditions one statement asks for. SQLite's planner and its limit on compound selects (500) set the bound.
const LEGS: usize = 64;

/// How many legs there may be for each touch with each verb. Beyond that a leg for each touch looks for all of the verbs.
const MOST_LEGS: usize = 1_024;

/// The newest entries that a filter lets through, newest first; or the oldest, oldest first.
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
    entries.sort_by_key(|entry| if filter.ascending { entry.seq } else { -entry.seq });
    entries.dedup_by_key(|entry| entry.seq);
    entries.truncate(usize::try_from(limit).unwrap_or(0));
    touch(conn, &mut entries).await?;
    entries.into_iter().map(Raw::entry).collect()
}

/// The entries with these numbers, in no order; those that are not there are left out.
///
/// # Errors
/// The database failed, or the log holds what this program does not know.
pub async fn by_numbers(conn: &mut Conn, numbers: &[i64]) -> Result<Vec<Entry>, StoreError> {
    raw_by_numbers(conn, numbers).await?.into_iter().map(Raw::entry).collect()
}

pub(super) async fn raw_by_numbers(conn: &mut Conn, numbers: &[i64]) -> Result<Vec<Raw>, StoreError> {
    let mut entries = Vec::with_capacity(numbers.len());
    for some in numbers.chunks(250) {
        let mut text = Text::default();
        text.push(&format!("SELECT {COLUMNS} FROM changes c WHERE c.seq IN ("));
        text.list(some.iter().copied());
        text.push(")");
        for row in &text.query().all(conn).await? {
            entries.push(Raw::read(row)?);
        }
    }
    touch(conn, &mut entries).await?;
    Ok(entries)
}

/// How far clocks of writers may differ, and how long a write may take after it has looked at the clock: ten minutes.
const SKEW_MICROS: i64 = 600_000_000;

/// The numbers between which all entries of a time lie: above the first, below the second. Entries come in the order of
/// their commits, which is nearly that of their times, so the bounds are found by an index, with some room on either side.
///
/// # Errors
/// The database failed.
pub async fn span(
    conn: &mut Conn,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
) -> Result<(Option<i64>, Option<i64>), StoreError> {
    const BEFORE: &str = "SELECT seq FROM changes WHERE at < $1 ORDER BY at DESC, seq DESC LIMIT 1";
    const BEHIND: &str = "SELECT seq FROM changes WHERE at > $1 ORDER BY at, seq LIMIT 1";
    let low = match since {
        Some(since) => sql(BEFORE).bind(since.plus_micros(-SKEW_MICROS)).find(conn).await?,
        None => None,
    };
    let high = match until {
        Some(until) => sql(BEHIND).bind(until.plus_micros(SKEW_MICROS)).find(conn).await?,
        None => None,
    };
    let seq = |row: Option<crate::query::Row>| row.map(|row| row.get("seq")).transpose();
    Ok((seq(low)?, seq(high)?))
}

/// Every verb that stands in the log: one step along the index for each.
///
/// # Errors
/// The database failed.
pub async fn verbs(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let rows = sql("WITH RECURSIVE found (verb) AS (SELECT MIN(c.verb) FROM changes c UNION ALL \
                    SELECT (SELECT MIN(c.verb) FROM changes c WHERE c.verb > found.verb) FROM found \
                    WHERE found.verb IS NOT NULL) SELECT verb FROM found WHERE verb IS NOT NULL")
    .all(conn)
    .await?;
    rows.iter().map(|row| row.get("verb")).collect()
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
    /// With one of the verbs, or with any that the filter lets through.
    Touch(&'a Ref, Option<&'a str>),
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
        Filter { request: Some(request), .. } => vec![Leg::Column("request", request.value())],
        Filter { touches, verbs: Some(verbs), .. }
            if !touches.is_empty() && touches.len() * verbs.len() <= MOST_LEGS =>
        {
            let with = |touch| verbs.iter().map(move |verb| Leg::Touch(touch, Some(verb.as_str())));
            touches.iter().flat_map(with).collect()
        }
        Filter { touches, .. } if !touches.is_empty() => touches.iter().map(|touch| Leg::Touch(touch, None)).collect(),
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
            let order = order(filter);
            text.push(&format!(") AS legs ORDER BY seq{order} LIMIT "));
            text.bind(filter.limit());
            text.push(&format!(") AS found JOIN changes c ON c.seq = found.seq ORDER BY found.seq{order}"));
            text.query()
        })
        .collect()
}

fn order(filter: &Filter) -> &'static str {
    if filter.ascending { "" } else { " DESC" }
}

fn one(text: &mut Text, leg: &Leg<'_>, filter: &Filter) {
    let narrowed = filter.kinds.is_some() || filter.actor.is_some() || filter.since.is_some();
    // A request is a leg of its own and never a condition beside another.
    let seq = match leg {
        Leg::Touch(touch, verb) => {
            text.push("SELECT t.seq AS seq FROM change_touches t");
            if narrowed {
                text.push(" JOIN changes c ON c.seq = t.seq");
            }
            text.push(" WHERE t.kind = ");
            text.bind(touch.kind);
            text.push(" AND t.id = ");
            text.bind(&touch.id);
            if let Some(verb) = verb {
                text.push(" AND t.verb = ");
                text.bind(*verb);
            } else if let Some(verbs) = &filter.verbs {
                text.push(" AND t.verb IN (");
                text.list(verbs.iter());
                text.push(")");
            }
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
    if let Some(after) = filter.after {
        text.push(&format!(" AND {seq} > "));
        text.bind(after);
    }
    conditions(text, filter, !matches!(leg, Leg::Touch(..)));
    text.push(&format!(" ORDER BY {seq}{} LIMIT ", order(filter)));
    text.bind(filter.limit());
}

/// The conditions that every leg repeats; one that the leg itself asks for costs nothing twice. The verbs are left out by
/// legs that know them beside the touch.
fn conditions(text: &mut Text, filter: &Filter, with_verbs: bool) {
    if let Some(verbs) = filter.verbs.as_ref().filter(|_| with_verbs) {
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
                "change_touches_by_verb",
            ),
            (Filter { verbs: Some(vec!["x".into(), "y".into()]), ..Filter::default() }, "changes_by_verb"),
            (Filter { kinds: Some(vec![Kind::App]), ..Filter::default() }, "changes_by_subject_kind"),
            (Filter { actor: Some(Actor::System), ..Filter::default() }, "changes_by_actor"),
            (Filter { request: Some("r".into()), ..Filter::default() }, "changes_by_request"),
            (
                Filter { actor: Some(Actor::System), after: Some(3), ascending: true, ..Filter::default() },
                "changes_by_actor",
            ),
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

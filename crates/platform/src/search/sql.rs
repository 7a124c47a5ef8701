//! Words as rows.

use super::rule::{Place, Terms, Words};
use base::{Kind, Problem};
use std::collections::{HashMap, HashSet};
use store::{Conn, Param, Value, sql};

/// How many words one statement writes at most.
const SOME: usize = 100;

/// Replaces the words of a resource: only what differs is written.
pub async fn put(conn: &mut Conn, kind: Kind, id: &str, terms: &Terms) -> Result<(), Problem> {
    let rows = sql("SELECT term, place FROM search_terms WHERE kind = $1 AND resource_id = $2");
    let mut known = HashMap::new();
    for row in rows.bind(kind).bind(id).all(conn).await? {
        known.insert(row.get::<String>("term")?, row.get::<i64>("place")?);
    }
    let new = |(word, place): &(&str, Place)| known.get(*word) != Some(&place.number());
    let all: Vec<_> = terms.all().filter(new).collect();
    let stay: HashSet<&str> = terms.all().map(|(word, _)| word).collect();
    let mut gone: Vec<&str> = known.keys().map(String::as_str).filter(|word| !stay.contains(word)).collect();
    // A word whose place is another is taken away, and written again.
    gone.extend(all.iter().map(|(word, _)| *word).filter(|word| known.contains_key(*word)));
    for some in gone.chunks(SOME) {
        let marks = crate::marks(3, some.len());
        let text = format!("DELETE FROM search_terms WHERE kind = $1 AND resource_id = $2 AND term IN ({marks})");
        let query = some.iter().fold(sql(text).bind(kind).bind(id), |query, word| query.bind(*word));
        query.run(conn).await?;
    }
    for some in all.chunks(SOME) {
        let rows: Vec<String> = (0..some.len()).map(|n| format!("($1, $2, ${}, ${})", 2 * n + 3, 2 * n + 4)).collect();
        let text = format!("INSERT INTO search_terms (kind, resource_id, term, place) VALUES {}", rows.join(", "));
        let mut query = sql(text).bind(kind).bind(id);
        for (word, place) in some {
            query = query.bind(*word).bind(place.number());
        }
        query.run(conn).await?;
    }
    Ok(())
}

/// Condition for a row `t` whose resource has all of these words.
fn condition(words: &Words, kind: Kind) -> (String, Vec<Value>) {
    let mut text = "t.kind = $1".to_owned();
    let mut values = vec![kind.value()];
    for (n, (from, before)) in words.stretches().enumerate() {
        values.extend([from.value(), before.value()]);
        let (a, b) = (values.len() - 1, values.len());
        text.push_str(&match n {
            0 => format!(" AND t.term >= ${a} AND t.term < ${b}"),
            _ => format!(
                " AND EXISTS (SELECT u.term FROM search_terms u WHERE u.kind = t.kind \
                 AND u.resource_id = t.resource_id AND u.term >= ${a} AND u.term < ${b})"
            ),
        });
    }
    (text, values)
}

/// The resources of this kind that have all of these words, by id.
pub async fn ids(
    conn: &mut Conn,
    kind: Kind,
    words: &Words,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>, Problem> {
    let (condition, mut values) = condition(words, kind);
    values.extend([after.value(), limit.value()]);
    let (after, most) = (values.len() - 1, values.len());
    let text = format!(
        "SELECT t.resource_id AS id, CAST(MIN(t.place) AS BIGINT) AS place FROM search_terms t \
         WHERE {condition} AND t.resource_id > ${after} GROUP BY t.resource_id ORDER BY t.resource_id LIMIT ${most}"
    );
    let rows = sql(text).bind_all(values).all(conn).await?;
    rows.iter().map(|r| Ok((r.get("id")?, r.get("place")?))).collect()
}

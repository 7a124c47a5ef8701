//! Words as rows.

use super::rule::{Place, Terms, Words};
use base::{Kind, Problem};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{Conn, Param, sql};

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

/// The resources of this kind that have the first of these words that stands in at most so many places, by id; `None` if
/// each stands in more.
pub async fn few(conn: &mut Conn, kind: Kind, words: &Words, most: i64) -> Result<Option<BTreeSet<String>>, Problem> {
    for (from, before) in words.stretches() {
        let ids = beginning(conn, kind, (&from, &before), most + 1).await?;
        if i64::try_from(ids.len()).is_ok_and(|n| n <= most) {
            return Ok(Some(ids.into_iter().collect()));
        }
    }
    Ok(None)
}

/// The same, and where each stands in more: the resources of the first so many places of the first word.
pub async fn some(conn: &mut Conn, kind: Kind, words: &Words, most: usize) -> Result<Vec<String>, Problem> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    if let Some(ids) = few(conn, kind, words, most).await? {
        return Ok(ids.into_iter().collect());
    }
    let Some((from, before)) = words.stretches().next() else { return Ok(Vec::new()) };
    let ids: BTreeSet<_> = beginning(conn, kind, (&from, &before), most).await?.into_iter().collect();
    Ok(ids.into_iter().collect())
}

/// The resources of this kind of which a word lies in the stretch, once for each such word: so many at most.
async fn beginning(
    conn: &mut Conn,
    kind: Kind,
    (from, before): (&str, &str),
    most: i64,
) -> Result<Vec<String>, Problem> {
    let query = sql("SELECT resource_id FROM search_terms WHERE kind = $1 AND term >= $2 AND term < $3 \
                     ORDER BY term, resource_id LIMIT $4");
    let rows = query.bind(kind).bind(from).bind(before).bind(most).all(conn).await?;
    rows.iter().map(|row| Ok(row.get("resource_id")?)).collect()
}

/// Those of these resources that have all of these words, with the best place of the first.
pub async fn places(
    conn: &mut Conn,
    kind: Kind,
    words: &Words,
    ids: &[String],
) -> Result<HashMap<String, i64>, Problem> {
    let mut found = HashMap::with_capacity(ids.len());
    for some in ids.chunks(crate::TOGETHER) {
        let mut values = vec![kind.value()];
        values.extend(some.iter().map(Param::value));
        let mut text = format!(
            "SELECT t.resource_id AS id, CAST(MIN(t.place) AS BIGINT) AS place FROM search_terms t \
             WHERE t.kind = $1 AND t.resource_id IN ({})",
            crate::marks(2, some.len())
        );
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
        text.push_str(" GROUP BY t.resource_id");
        for row in &sql(text).bind_all(values).all(conn).await? {
            found.insert(row.get("id")?, row.get("place")?);
        }
    }
    Ok(found)
}

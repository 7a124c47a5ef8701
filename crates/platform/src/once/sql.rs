//! What is kept under keys, as rows.

use base::{Kind, Problem, Ref, Timestamp};
use store::{Conn, Query, sql};

/// What is kept under one key.
pub struct Row {
    pub at: Timestamp,
    pub made: Ref,
    /// The sealed print of the request.
    pub print: String,
    /// The sealed answer.
    pub answer: Option<String>,
}

pub async fn find(conn: &mut Conn, scope: &str, key: &str) -> Result<Option<Row>, Problem> {
    let query =
        sql("SELECT at, subject_kind, subject_id, print, answer FROM kept_answers WHERE scope = $1 AND key = $2");
    let Some(row) = query.bind(scope).bind(key).find(conn).await? else { return Ok(None) };
    let kind: String = row.get("subject_kind")?;
    let kind =
        Kind::parse(&kind).ok_or_else(|| Problem::internal(std::io::Error::other("subject_kind names no kind")))?;
    Ok(Some(Row {
        at: row.get("at")?,
        made: Ref { kind, id: row.get("subject_id")? },
        print: row.get("print")?,
        answer: row.get("answer")?,
    }))
}

/// What a request writes under its key.
pub struct New<'a> {
    pub scope: &'a str,
    pub key: &'a str,
    pub request: &'a str,
    pub at: Timestamp,
    /// Rows up to here are forgotten.
    pub forgotten: Timestamp,
    pub made: &'a Ref,
    pub print: &'a str,
}

/// Takes the key for this request; `false` if another has it.
pub async fn reserve(conn: &mut Conn, new: &New<'_>) -> Result<bool, Problem> {
    let row = sql("INSERT INTO kept_answers (scope, key, request, at, subject_kind, subject_id, print) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (scope, key) DO UPDATE SET request = excluded.request, at = excluded.at, \
         subject_kind = excluded.subject_kind, subject_id = excluded.subject_id, print = excluded.print, answer = NULL \
         WHERE kept_answers.request = excluded.request OR kept_answers.at <= $8 RETURNING key")
    .bind(new.scope)
    .bind(new.key)
    .bind(new.request)
    .bind(new.at)
    .bind(new.made.kind)
    .bind(&new.made.id)
    .bind(new.print)
    .bind(new.forgotten)
    .find(conn)
    .await?;
    Ok(row.is_some())
}

/// Keeps the answer of the request that has the key.
pub fn keep(scope: &str, key: &str, request: &str, answer: &str) -> Query {
    sql("UPDATE kept_answers SET answer = $1 WHERE scope = $2 AND key = $3 AND request = $4")
        .bind(answer)
        .bind(scope)
        .bind(key)
        .bind(request)
}

pub async fn sweep(conn: &mut Conn, forgotten: Timestamp, most: i64) -> Result<u64, Problem> {
    // Pages of the oldest: the row's key has two columns, which not every database takes in one list.
    let oldest = sql("SELECT at FROM kept_answers WHERE at <= $1 ORDER BY at LIMIT $2").bind(forgotten).bind(most);
    let rows = oldest.all(conn).await?;
    let Some(last) = rows.last() else { return Ok(0) };
    let until: Timestamp = last.get("at")?;
    Ok(sql("DELETE FROM kept_answers WHERE at <= $1").bind(until).run(conn).await?)
}

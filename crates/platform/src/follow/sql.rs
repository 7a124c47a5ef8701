//! Follows as rows.

use base::{Kind, Problem, Ref, Timestamp, id};
use store::{Conn, Row, sql};

fn follower(row: &Row) -> Result<(id::UserId, Timestamp), Problem> {
    Ok((row.get("user_id")?, row.get("followed_at")?))
}

fn followed(row: &Row) -> Result<(Ref, Timestamp), Problem> {
    Ok((Ref { kind: row.get("kind")?, id: row.get("resource_id")? }, row.get("followed_at")?))
}

pub async fn page_of_followers(
    conn: &mut Conn,
    kind: Kind,
    id: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::UserId, Timestamp)>, Problem> {
    let query = sql("SELECT user_id, followed_at FROM follows WHERE kind = $1 AND resource_id = $2 AND user_id > $3 \
                     ORDER BY user_id LIMIT $4");
    query.bind(kind).bind(id).bind(after).bind(limit).all(conn).await?.iter().map(follower).collect()
}

pub async fn of_user(conn: &mut Conn, user: &id::UserId) -> Result<Vec<(Ref, Timestamp)>, Problem> {
    let query = sql("SELECT kind, resource_id, followed_at FROM follows WHERE user_id = $1 ORDER BY resource_id");
    query.bind(user).all(conn).await?.iter().map(followed).collect()
}

pub async fn among(conn: &mut Conn, user: &id::UserId, kind: Kind, ids: &[String]) -> Result<Vec<String>, Problem> {
    let mut out = Vec::new();
    for some in ids.chunks(crate::TOGETHER) {
        let marks = crate::marks(3, some.len());
        let text =
            format!("SELECT resource_id FROM follows WHERE user_id = $1 AND kind = $2 AND resource_id IN ({marks})");
        for row in sql(text).bind(user).bind(kind).bind_all(some).all(conn).await? {
            out.push(row.get("resource_id")?);
        }
    }
    Ok(out)
}

/// How many follow each of these, up to [`crate::MOST_COUNTED`].
pub async fn counts(conn: &mut Conn, kind: Kind, ids: &[String]) -> Result<Vec<(String, i64)>, Problem> {
    let mut out = Vec::new();
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT r.column1 AS id, (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT f.user_id FROM follows f \
             WHERE f.kind = $1 AND f.resource_id = r.column1 LIMIT {}) AS found) AS n FROM (VALUES {}) AS r",
            crate::MOST_COUNTED,
            crate::marked_rows(2, some.len())
        );
        for row in sql(text).bind(kind).bind_all(some).all(conn).await? {
            out.push((row.get("id")?, row.get("n")?));
        }
    }
    Ok(out)
}

/// By the resource's id, which no two resources share, whatever their kinds.
pub async fn page_of_user(
    conn: &mut Conn,
    user: &id::UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<(Ref, Timestamp)>, Problem> {
    let query = sql("SELECT kind, resource_id, followed_at FROM follows WHERE user_id = $1 AND resource_id > $2 \
                     ORDER BY resource_id LIMIT $3");
    query.bind(user).bind(after).bind(limit).all(conn).await?.iter().map(followed).collect()
}

pub async fn find(conn: &mut Conn, user: &id::UserId, kind: Kind, id: &str) -> Result<Option<Timestamp>, Problem> {
    let query = sql("SELECT followed_at FROM follows WHERE user_id = $1 AND kind = $2 AND resource_id = $3");
    let row = query.bind(user).bind(kind).bind(id).find(conn).await?;
    Ok(row.map(|row| row.get("followed_at")).transpose()?)
}

/// Whether the row is new.
pub async fn insert(conn: &mut Conn, user: &id::UserId, kind: Kind, id: &str, now: Timestamp) -> Result<bool, Problem> {
    let query = sql("INSERT INTO follows (user_id, kind, resource_id, followed_at) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT DO NOTHING");
    Ok(query.bind(user).bind(kind).bind(id).bind(now).run(conn).await? > 0)
}

/// Whether there was such a row.
pub async fn delete(conn: &mut Conn, user: &id::UserId, kind: Kind, id: &str) -> Result<bool, Problem> {
    let query = sql("DELETE FROM follows WHERE user_id = $1 AND kind = $2 AND resource_id = $3");
    Ok(query.bind(user).bind(kind).bind(id).run(conn).await? > 0)
}

pub async fn forget(conn: &mut Conn, kind: Kind, id: &str) -> Result<(), Problem> {
    sql("DELETE FROM follows WHERE kind = $1 AND resource_id = $2").bind(kind).bind(id).run(conn).await?;
    Ok(())
}

//! How far people have read their dashboards, as rows.

use base::{Problem, id};
use store::{Conn, sql};

pub async fn read_through(conn: &mut Conn, user: &id::UserId) -> Result<i64, Problem> {
    let row = sql("SELECT seq FROM feed_marks WHERE user_id = $1").bind(user).find(conn).await?;
    Ok(row.map_or(Ok(0), |r| r.get("seq"))?)
}

/// Never goes back.
pub async fn mark_read(conn: &mut Conn, user: &id::UserId, seq: i64) -> Result<i64, Problem> {
    sql("INSERT INTO feed_marks (user_id, seq) VALUES ($1, $2) \
         ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq WHERE feed_marks.seq < excluded.seq")
    .bind(user)
    .bind(seq)
    .run(conn)
    .await?;
    read_through(conn, user).await
}

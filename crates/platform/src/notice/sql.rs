//! Notices as rows.

use super::Notice;
use super::round::Round;
use super::rule::Around;
use base::{Problem, Ref, Timestamp, id};
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, user_id, seq, verb, subject_kind, subject_id, note, created_at, read_at";

fn notice(row: &Row) -> Result<Notice, Problem> {
    Ok(Notice {
        id: row.get("id")?,
        user: row.get("user_id")?,
        seq: row.get("seq")?,
        verb: row.get("verb")?,
        subject: Ref { kind: row.get("subject_kind")?, id: row.get("subject_id")? },
        note: row.get("note")?,
        created_at: row.get("created_at")?,
        read_at: row.get("read_at")?,
    })
}

/// Puts it into the inbox, unless this person has one about this entry already; answers whether it did.
pub async fn insert(conn: &mut Conn, notice: &Notice) -> Result<bool, Problem> {
    let written =
        sql("INSERT INTO notices (id, user_id, seq, verb, subject_kind, subject_id, note, created_at, read_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (user_id, seq) DO NOTHING")
        .bind(&notice.id)
        .bind(&notice.user)
        .bind(notice.seq)
        .bind(&notice.verb)
        .bind(notice.subject.kind)
        .bind(&notice.subject.id)
        .bind(notice.note.as_deref())
        .bind(notice.created_at)
        .bind(notice.read_at)
        .run(conn)
        .await?;
    Ok(written > 0)
}

/// Newest first, those before the entry `before`.
pub async fn page(
    conn: &mut Conn,
    user: &id::UserId,
    before: i64,
    unread_only: bool,
    limit: i64,
) -> Result<Vec<Notice>, Problem> {
    let unread = if unread_only { "AND read_at IS NULL" } else { "" };
    let text =
        format!("SELECT {COLUMNS} FROM notices WHERE user_id = $1 AND seq < $2 {unread} ORDER BY seq DESC LIMIT $3");
    sql(text).bind(user).bind(before).bind(limit).all(conn).await?.iter().map(notice).collect()
}

/// How many this person has not read, up to [`crate::MOST_COUNTED`].
pub async fn unread(conn: &mut Conn, user: &id::UserId) -> Result<i64, Problem> {
    let text = "SELECT COUNT(*) AS unread FROM (SELECT seq FROM notices WHERE user_id = $1 AND read_at IS NULL \
                LIMIT $2) AS found";
    let row = sql(text).bind(user).bind(crate::MOST_COUNTED).one(conn).await?;
    Ok(row.get("unread")?)
}

/// Marks one as read and answers with it; the first reading counts.
pub async fn read(
    conn: &mut Conn,
    user: &id::UserId,
    id: &id::NoticeId,
    now: Timestamp,
) -> Result<Option<Notice>, Problem> {
    let text = format!(
        "UPDATE notices SET read_at = COALESCE(read_at, $3) WHERE id = $1 AND user_id = $2 RETURNING {COLUMNS}"
    );
    sql(text).bind(id).bind(user).bind(now).find(conn).await?.as_ref().map(notice).transpose()
}

/// Marks all up to the entry `through` as read.
pub async fn read_all(conn: &mut Conn, user: &id::UserId, through: i64, now: Timestamp) -> Result<(), Problem> {
    sql("UPDATE notices SET read_at = $3 WHERE user_id = $1 AND seq <= $2 AND read_at IS NULL")
        .bind(user)
        .bind(through)
        .bind(now)
        .run(conn)
        .await?;
    Ok(())
}

/// Lets people of a circle be told of an entry, from the first on.
pub async fn begin_round(conn: &mut Conn, seq: i64, api: &id::ApiId, circle: Around) -> Result<(), Problem> {
    sql("INSERT INTO notice_rounds (seq, api_id, circle, after_key) VALUES ($1, $2, $3, '') \
         ON CONFLICT (seq, api_id, circle) DO NOTHING")
    .bind(seq)
    .bind(api)
    .bind(circle.as_str())
    .run(conn)
    .await?;
    Ok(())
}

/// The oldest that is not done.
pub async fn next_round(conn: &mut Conn) -> Result<Option<Round>, Problem> {
    let text = "SELECT seq, api_id, circle, after_key FROM notice_rounds ORDER BY seq, api_id, circle LIMIT 1";
    let row = sql(text).find(conn).await?;
    let round = row.map(|row| {
        Ok(Round {
            seq: row.get("seq")?,
            api: row.get("api_id")?,
            circle: Around::read(&row.get::<String>("circle")?)?,
            after: row.get("after_key")?,
        })
    });
    round.transpose()
}

/// Everybody up to this key is told.
pub async fn move_round(conn: &mut Conn, round: &Round, key: &str) -> Result<(), Problem> {
    let query = sql("UPDATE notice_rounds SET after_key = $4 WHERE seq = $1 AND api_id = $2 AND circle = $3");
    query.bind(round.seq).bind(&round.api).bind(round.circle.as_str()).bind(key).run(conn).await?;
    Ok(())
}

/// Everybody is told.
pub async fn end_round(conn: &mut Conn, round: &Round) -> Result<(), Problem> {
    let query = sql("DELETE FROM notice_rounds WHERE seq = $1 AND api_id = $2 AND circle = $3");
    query.bind(round.seq).bind(&round.api).bind(round.circle.as_str()).run(conn).await?;
    Ok(())
}

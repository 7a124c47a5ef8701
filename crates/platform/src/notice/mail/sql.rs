//! Mails and how people want to be told, as rows.

use super::super::{MailMode, Preferences, Topic};
use super::{Mail, MailKind, MailState};
use base::{Problem, Timestamp, id};
use store::{Conn, Row, sql};

/// How a person wants to be told, if they ever said.
pub async fn preferences(conn: &mut Conn, user: &id::UserId) -> Result<Option<Preferences>, Problem> {
    let row = sql("SELECT version, mail, muted FROM notice_settings WHERE user_id = $1").bind(user).find(conn).await?;
    row.map(|row| {
        let muted: Vec<String> = crate::stored_json(&row.get::<String>("muted")?)?;
        Ok(Preferences {
            version: row.get("version")?,
            mail: MailMode::read(&row.get::<String>("mail")?)?,
            muted: muted.iter().map(|word| Topic::read(word)).collect::<Result<_, _>>()?,
        })
    })
    .transpose()
}

/// Keeps what a person said; guarded by the version that they have read.
pub async fn put_preferences(conn: &mut Conn, user: &id::UserId, wanted: &Preferences) -> Result<i64, Problem> {
    let row = sql("INSERT INTO notice_settings (user_id, version, mail, muted) VALUES ($1, 1, $3, $4) \
                   ON CONFLICT (user_id) DO UPDATE SET version = notice_settings.version + 1, mail = excluded.mail, \
                   muted = excluded.muted WHERE notice_settings.version = $2 RETURNING version")
    .bind(user)
    .bind(wanted.version)
    .bind(wanted.mail.as_str())
    .bind(crate::to_json(&wanted.muted)?)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

/// A mail to queue.
pub struct NewMail<'a> {
    pub id: String,
    pub user: Option<&'a id::UserId>,
    pub kind: MailKind,
    pub due_at: Timestamp,
    pub now: Timestamp,
}

/// Queues a mail. If there is one of this id that nobody has begun to send, that one serves as well; answers whether
/// there is one now that can still take items.
pub async fn queue(conn: &mut Conn, mail: &NewMail<'_>) -> Result<bool, Problem> {
    let row = sql("INSERT INTO mails (id, user_id, kind, state, due_at, tries, created_at) \
                   VALUES ($1, $2, $3, $4, $5, 0, $6) \
                   ON CONFLICT (id) DO UPDATE SET kind = excluded.kind WHERE mails.state = $4 AND mails.tries = 0 \
                   RETURNING id")
    .bind(&mail.id)
    .bind(mail.user)
    .bind(mail.kind.as_str())
    .bind(MailState::Waiting.as_str())
    .bind(mail.due_at)
    .bind(mail.now)
    .find(conn)
    .await?;
    Ok(row.is_some())
}

/// Lets a mail tell of this entry too.
pub async fn add_item(conn: &mut Conn, mail: &str, seq: i64) -> Result<(), Problem> {
    sql("INSERT INTO mail_items (mail_id, seq) VALUES ($1, $2) ON CONFLICT (mail_id, seq) DO NOTHING")
        .bind(mail)
        .bind(seq)
        .run(conn)
        .await?;
    Ok(())
}

/// The first entries that a mail tells of, and how many there are.
pub async fn items(conn: &mut Conn, mail: &str, most: i64) -> Result<(Vec<i64>, i64), Problem> {
    let rows = sql("SELECT seq FROM mail_items WHERE mail_id = $1 ORDER BY seq LIMIT $2").bind(mail).bind(most);
    let items = rows.all(conn).await?.iter().map(|row| Ok(row.get("seq")?)).collect::<Result<Vec<i64>, Problem>>()?;
    let all = sql("SELECT COUNT(*) AS n FROM mail_items WHERE mail_id = $1").bind(mail).one(conn).await?.get("n")?;
    Ok((items, all))
}

/// When the next mail is due; `None` if none waits.
pub async fn next_due(conn: &mut Conn) -> Result<Option<Timestamp>, Problem> {
    let row = sql("SELECT MIN(due_at) AS due_at FROM mails WHERE state = 'waiting'").one(conn).await?;
    Ok(row.get("due_at")?)
}

fn mail(row: &Row) -> Result<Mail, Problem> {
    Ok(Mail {
        id: row.get("id")?,
        user: row.get("user_id")?,
        kind: MailKind::read(&row.get::<String>("kind")?)?,
        tries: row.get("tries")?,
        created_at: row.get("created_at")?,
    })
}

/// Claims the mail that is due for longest: until `until` nobody else gets it.
pub async fn claim(conn: &mut Conn, now: Timestamp, until: Timestamp) -> Result<Option<Mail>, Problem> {
    // Asked twice: on PostgreSQL another process may have claimed the row after the inner question was answered.
    let row = sql("UPDATE mails SET due_at = $2, tries = tries + 1, tried_at = $1 \
                   WHERE id = (SELECT id FROM mails WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT 1) \
                   AND state = 'waiting' AND due_at <= $1 \
                   RETURNING id, user_id, kind, tries, created_at");
    row.bind(now).bind(until).find(conn).await?.as_ref().map(mail).transpose()
}

/// Gives back the claims, which end before `until`, of a process that has ended without a word. Only where there can be
/// no other process. A mail that merely waits to be tried again is tried a little earlier, which does no harm.
pub async fn give_back(conn: &mut Conn, now: Timestamp, until: Timestamp) -> Result<(), Problem> {
    sql("UPDATE mails SET due_at = $1 WHERE state = 'waiting' AND due_at > $1 AND due_at <= $2 AND tries > 0")
        .bind(now)
        .bind(until)
        .run(conn)
        .await?;
    Ok(())
}

/// Remembers to which address a mail goes, unless `most` others have gone there since `since`; answers whether it may go.
pub async fn admit(conn: &mut Conn, mail: &str, address: &str, since: Timestamp, most: i64) -> Result<bool, Problem> {
    let row = sql("UPDATE mails SET address = $2 WHERE id = $1 AND (SELECT COUNT(*) FROM mails others \
                   WHERE others.address = $2 AND others.tried_at > $3 AND others.id <> $1) < $4 RETURNING id");
    Ok(row.bind(mail).bind(address).bind(since).bind(most).find(conn).await?.is_some())
}

/// A mail has to be tried again.
pub async fn postpone(conn: &mut Conn, id: &str, due_at: Timestamp, error: &str) -> Result<(), Problem> {
    sql("UPDATE mails SET due_at = $2, error = $3 WHERE id = $1").bind(id).bind(due_at).bind(error).run(conn).await?;
    Ok(())
}

/// A mail was sent, or given up (with the reason).
pub async fn end(
    conn: &mut Conn,
    id: &str,
    state: MailState,
    now: Timestamp,
    error: Option<&str>,
) -> Result<(), Problem> {
    sql("UPDATE mails SET state = $2, ended_at = $3, error = $4 WHERE id = $1")
        .bind(id)
        .bind(state.as_str())
        .bind(now)
        .bind(error)
        .run(conn)
        .await?;
    Ok(())
}

/// There is nobody to send it to any more.
pub async fn drop(conn: &mut Conn, id: &str) -> Result<(), Problem> {
    sql("DELETE FROM mails WHERE id = $1").bind(id).run(conn).await?;
    Ok(())
}

/// Forgets mails in this state that ended before; a bounded number at a time.
pub async fn sweep(conn: &mut Conn, state: MailState, before: Timestamp) -> Result<u64, Problem> {
    let gone = sql("DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE state = $1 AND ended_at < $2 \
                    ORDER BY ended_at LIMIT 1000)");
    Ok(gone.bind(state.as_str()).bind(before).run(conn).await?)
}

/// Whether any mail in this state ended before.
pub async fn has_ended(conn: &mut Conn, state: MailState, before: Timestamp) -> Result<bool, Problem> {
    let row = sql("SELECT id FROM mails WHERE state = $1 AND ended_at < $2 LIMIT 1").bind(state.as_str()).bind(before);
    Ok(row.find(conn).await?.is_some())
}

/// Lets given-up mails be tried anew; answers how many.
pub async fn revive(conn: &mut Conn, now: Timestamp) -> Result<u64, Problem> {
    // As if they had been queued now: else they would be given up again after one try.
    let again = sql("UPDATE mails SET state = 'waiting', due_at = $1, created_at = $1, ended_at = NULL, error = NULL \
                     WHERE state = 'failed'");
    Ok(again.bind(now).run(conn).await?)
}

/// How mail does.
pub struct Tally {
    pub waiting: i64,
    pub failed: i64,
    pub sent_at: Option<Timestamp>,
    pub error: Option<(Timestamp, String)>,
}

/// How mail does. Counts end at `most`.
pub async fn tally(conn: &mut Conn, most: i64) -> Result<Tally, Problem> {
    const COUNT: &str = "SELECT COUNT(*) AS n FROM (SELECT id FROM mails WHERE state = $1 LIMIT $2) AS counted";
    let waiting = sql(COUNT).bind(MailState::Waiting.as_str()).bind(most).one(conn).await?.get("n")?;
    let failed = sql(COUNT).bind(MailState::Failed.as_str()).bind(most).one(conn).await?.get("n")?;
    let sent = sql("SELECT MAX(ended_at) AS at FROM mails WHERE state = 'sent'").one(conn).await?;
    let error = sql("SELECT tried_at, error FROM mails WHERE error IS NOT NULL ORDER BY tried_at DESC LIMIT 1");
    let error = error.find(conn).await?.map(|row| Ok::<_, Problem>((row.get("tried_at")?, row.get("error")?)));
    Ok(Tally { waiting, failed, sent_at: sent.get("at")?, error: error.transpose()? })
}

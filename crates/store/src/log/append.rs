//! The last step of a write: take the head, chain and write the entries, move the head, commit.
//!
//! Nothing else happens while the head is held, because every other writer waits for it. On SQLite the whole write
//! transaction is alone anyway. On PostgreSQL the step and COMMIT go to the server as one message, so the head is held
//! for no round trip at all, and a few such messages may be on their way at once: the lock on the head's row, held
//! until the commit, puts them in order. `docs/decisions/0001-change-log-last-step.md` has the measurements. Values
//! stand in the text of that message as quoted literals: the simple protocol has no other way.

use super::chain;
use crate::conn::Conn;
use crate::db::Shared;
use crate::error::{Cause, StoreError};
use crate::literal;
use crate::query::sql;
use base::Change;
use std::fmt::Write as _;
use std::time::Duration;
use tokio::time::timeout;

/// How long the server may take for the last step. Others wait meanwhile.
const PATIENCE: Duration = Duration::from_secs(15);

/// Closes the transaction of `conn` with these changes and answers with the number of the last one.
pub(crate) async fn commit(mut conn: Conn, shared: &Shared, changes: Vec<Change>) -> Result<i64, StoreError> {
    for change in &changes {
        check(change)?;
    }
    if conn.is_postgres() {
        let text = step(&changes);
        // Digests and quoting are done: from here on others wait. That a later one may be heard of first does no
        // harm: it could not have its number before this one was committed.
        let _turn = shared.gate.acquire().await.map_err(|_| StoreError::unreachable("it is being closed"))?;
        let seq = match timeout(PATIENCE, conn.last_step(text)).await {
            Ok(result) => result?,
            Err(_) => {
                conn.discard();
                return Err(StoreError::unreachable("the last step of a write was not answered"));
            }
        };
        shared.publish(seq);
        Ok(seq)
    } else {
        let seq = write(&mut conn, &changes).await?;
        conn.commit().await?;
        // The one connection that writes goes back after this, so heads are published in order.
        shared.publish(seq);
        Ok(seq)
    }
}

/// PostgreSQL stores no U+0000, and a literal could not carry it.
fn check(change: &Change) -> Result<(), StoreError> {
    let texts = [Some(change.subject.id.as_str()), change.note.as_deref(), change.request.as_deref()];
    let all = texts.into_iter().flatten().chain(change.touches.iter().map(|touch| touch.id.as_str()));
    if all.chain([change.actor.to_text().as_str()]).any(|text| text.contains('\0')) {
        return Err(StoreError::new(Cause::Nul));
    }
    Ok(())
}

/// SQLite: the same entries by plain statements.
async fn write(conn: &mut Conn, changes: &[Change]) -> Result<i64, StoreError> {
    let head = sql("SELECT seq, hash FROM change_head WHERE id = 1").one(conn).await?;
    let (mut seq, mut hash): (i64, String) = (head.get("seq")?, head.get("hash")?);
    for change in changes {
        seq += 1;
        hash = chain::link(&hash, seq, &chain::digest(change));
        sql("INSERT INTO changes (seq, at, actor, verb, subject_kind, subject_id, note, detail, request, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(seq)
        .bind(change.at)
        .bind(&change.actor)
        .bind(change.verb)
        .bind(change.subject.kind)
        .bind(&change.subject.id)
        .bind(&change.note)
        .bind(change.detail.to_string())
        .bind(&change.request)
        .bind(&hash)
        .run(conn)
        .await?;
        for (kind, id) in chain::touches(change) {
            sql("INSERT INTO change_touches (kind, id, seq, verb) VALUES ($1, $2, $3, $4)")
                .bind(kind)
                .bind(id)
                .bind(seq)
                .bind(change.verb)
                .run(conn)
                .await?;
        }
    }
    sql("UPDATE change_head SET seq = $1, hash = $2 WHERE id = 1").bind(seq).bind(&hash).run(conn).await?;
    Ok(seq)
}

/// PostgreSQL: the step and COMMIT as one text.
fn step(changes: &[Change]) -> String {
    let mut text = String::from("SELECT append_changes(");
    array(&mut text, "BIGINT", changes.iter().map(|c| Some(c.at.micros().to_string())));
    array(&mut text, "TEXT", changes.iter().map(|c| Some(c.actor.to_text())));
    array(&mut text, "TEXT", changes.iter().map(|c| Some(c.verb)));
    array(&mut text, "TEXT", changes.iter().map(|c| Some(c.subject.kind.as_str())));
    array(&mut text, "TEXT", changes.iter().map(|c| Some(c.subject.id.as_str())));
    array(&mut text, "TEXT", changes.iter().map(|c| c.note.as_deref()));
    array(&mut text, "TEXT", changes.iter().map(|c| Some(c.detail.to_string())));
    array(&mut text, "TEXT", changes.iter().map(|c| c.request.as_deref()));
    array(&mut text, "TEXT", changes.iter().map(|c| Some(chain::digest(c))));
    let touches: Vec<_> = changes
        .iter()
        .enumerate()
        .flat_map(|(i, change)| chain::touches(change).into_iter().map(move |(kind, id)| (i + 1, kind, id)))
        .collect();
    array(&mut text, "BIGINT", touches.iter().map(|(entry, ..)| Some(entry.to_string())));
    array(&mut text, "TEXT", touches.iter().map(|(_, kind, _)| Some(*kind)));
    array(&mut text, "TEXT", touches.iter().map(|(.., id)| Some(*id)));
    text.truncate(text.trim_end_matches([',', ' ']).len());
    text.push_str("); COMMIT");
    text
}

/// An array of quoted literals.
fn array(text: &mut String, class: &str, items: impl Iterator<Item = Option<impl AsRef<str>>>) {
    text.push_str("ARRAY[");
    for (i, item) in items.enumerate() {
        if i > 0 {
            text.push(',');
        }
        match item {
            Some(item) => literal::text(text, item.as_ref()),
            None => text.push_str("NULL"),
        }
    }
    let _infallible = write!(text, "]::{class}[], ");
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Actor, Kind, Ref, Timestamp};

    #[test]
    fn the_step_is_one_message_with_every_value_quoted() {
        let change = Change {
            at: Timestamp::from_micros(-5),
            actor: Actor::System,
            verb: "app.created",
            subject: Ref { kind: Kind::App, id: "a','b".into() },
            touches: vec![],
            note: None,
            detail: serde_json::json!("it's \\ $$"),
            request: Some("'; DROP TABLE changes; --".into()),
        };
        let text = step(&[change]);
        assert!(text.contains("ARRAY['-5']::BIGINT[], ARRAY['system']::TEXT[]"), "{text}");
        assert!(text.contains("ARRAY['a'',''b']::TEXT[], ARRAY[NULL]::TEXT[]"), "{text}");
        assert!(text.contains(r#"ARRAY['"it''s \\ $$"']"#), "{text}");
        assert!(text.contains("ARRAY['''; DROP TABLE changes; --']"), "{text}");
        assert!(text.ends_with("ARRAY['a'',''b']::TEXT[]); COMMIT"), "{text}");
    }
}

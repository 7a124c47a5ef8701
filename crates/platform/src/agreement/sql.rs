//! Agreements and answers to them as rows.

use super::{Acceptance, Agreement, AgreementState, Answer, Answered};
use base::{Problem, ProblemKind, id};
use std::collections::HashMap;
use store::{Conn, Row, sql};

const COLUMNS: &str =
    "id, version, api_id, number, title, text, state, created_at, published_at, activated_at, retired_at";

fn agreement(row: &Row) -> Result<Agreement, Problem> {
    Ok(Agreement {
        id: row.get("id")?,
        version: row.get("version")?,
        api: row.get("api_id")?,
        number: row.get("number")?,
        title: row.get("title")?,
        text: row.get("text")?,
        state: AgreementState::read(&row.get::<String>("state")?)?,
        created_at: row.get("created_at")?,
        published_at: row.get("published_at")?,
        activated_at: row.get("activated_at")?,
        retired_at: row.get("retired_at")?,
    })
}

/// The titles of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::AgreementId]) -> Result<HashMap<id::AgreementId, String>, Problem> {
    crate::names_of(conn, "SELECT id, title AS name FROM agreements", ids).await
}

/// The APIs of those of these that are there; `None` for the platform's text.
///
/// # Errors
/// Those of the database.
pub async fn apis_of(
    conn: &mut Conn,
    ids: &[id::AgreementId],
) -> Result<HashMap<id::AgreementId, Option<id::ApiId>>, Problem> {
    crate::owners_of(conn, "SELECT id, api_id AS owner FROM agreements", ids).await
}

pub async fn find(conn: &mut Conn, id: &id::AgreementId) -> Result<Option<Agreement>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM agreements WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(agreement).transpose()
}

pub async fn active(conn: &mut Conn, scope: &str) -> Result<Option<Agreement>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM agreements WHERE scope = $1 AND state = 'active'");
    sql(text).bind(scope).find(conn).await?.as_ref().map(agreement).transpose()
}

/// The active texts among those of these APIs.
pub async fn active_of(conn: &mut Conn, scopes: &[String]) -> Result<Vec<(id::ApiId, id::AgreementId)>, Problem> {
    let mut out = Vec::new();
    for some in scopes.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT api_id, id FROM agreements WHERE scope IN ({}) AND state = 'active'",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("api_id")?, row.get("id")?));
        }
    }
    Ok(out)
}

/// The versions of a text, the newest first; only those before number `below`, and drafts only for those who may.
pub async fn page(
    conn: &mut Conn,
    scope: &str,
    drafts: bool,
    below: i64,
    limit: i64,
) -> Result<Vec<Agreement>, Problem> {
    let text = format!(
        "SELECT {COLUMNS} FROM agreements WHERE scope = $1 AND number < $2 AND ($4 OR state <> 'uploaded') \
         ORDER BY number DESC LIMIT $3"
    );
    let query = sql(text).bind(scope).bind(below).bind(limit).bind(drafts);
    query.all(conn).await?.iter().map(agreement).collect()
}

/// The number of the newest version of a text; 0 if there is none.
pub async fn newest(conn: &mut Conn, scope: &str) -> Result<i64, Problem> {
    let query = sql("SELECT number FROM agreements WHERE scope = $1 ORDER BY number DESC LIMIT 1").bind(scope);
    Ok(query.find(conn).await?.map(|row| row.get("number")).transpose()?.unwrap_or(0))
}

fn raced() -> Problem {
    let detail =
        "Somebody uploaded or activated another version at the same time. Read the agreements again and retry.";
    Problem::new(ProblemKind::LostRace, detail)
}

pub async fn insert(conn: &mut Conn, agreement: &Agreement) -> Result<(), Problem> {
    let text =
        format!("INSERT INTO agreements (scope, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    let done = sql(text)
        .bind(agreement.scope())
        .bind(&agreement.id)
        .bind(agreement.version)
        .bind(agreement.api.as_ref())
        .bind(agreement.number)
        .bind(&agreement.title)
        .bind(&agreement.text)
        .bind(agreement.state.as_str())
        .bind(agreement.created_at)
        .bind(agreement.published_at)
        .bind(agreement.activated_at)
        .bind(agreement.retired_at)
        .run(conn)
        .await;
    match done {
        Err(e) if matches!(e.unique(), Some("agreements_number" | "agreements_active")) => Err(raced()),
        other => Ok(other.map(|_| ())?),
    }
}

pub async fn put(conn: &mut Conn, agreement: &Agreement) -> Result<i64, Problem> {
    let done =
        sql("UPDATE agreements SET version = version + 1, title = $3, text = $4, state = $5, published_at = $6, \
                    activated_at = $7, retired_at = $8 WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&agreement.id)
        .bind(agreement.version)
        .bind(&agreement.title)
        .bind(&agreement.text)
        .bind(agreement.state.as_str())
        .bind(agreement.published_at)
        .bind(agreement.activated_at)
        .bind(agreement.retired_at)
        .find(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("agreements_active") => Err(raced()),
        other => crate::lost_race(other?),
    }
}

pub async fn delete(conn: &mut Conn, agreement: &Agreement) -> Result<(), Problem> {
    let query = sql("DELETE FROM agreements WHERE id = $1 AND version = $2 RETURNING version");
    crate::lost_race(query.bind(&agreement.id).bind(agreement.version).find(conn).await?).map(drop)
}

const ACCEPTANCE: &str = "id, agreement_id, user_id, request_id, answer, answered_at";

fn acceptance(row: &Row) -> Result<Acceptance, Problem> {
    Ok(Acceptance {
        id: row.get("id")?,
        agreement: row.get("agreement_id")?,
        user: row.get("user_id")?,
        request: row.get("request_id")?,
        answer: Answer::read(&row.get::<String>("answer")?)?,
        answered_at: row.get("answered_at")?,
    })
}

pub async fn find_acceptance(conn: &mut Conn, id: &id::AcceptanceId) -> Result<Option<Acceptance>, Problem> {
    let text = format!("SELECT {ACCEPTANCE} FROM acceptances WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(acceptance).transpose()
}

/// Which texts these answers were given to.
///
/// # Errors
/// Those of the database.
pub async fn answered(
    conn: &mut Conn,
    ids: &[id::AcceptanceId],
) -> Result<HashMap<id::AcceptanceId, Answered>, Problem> {
    let mut out = HashMap::with_capacity(ids.len());
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT a.id AS answer_id, a.answered_at AS answered_at, g.id AS id, g.api_id AS api_id, \
             g.number AS number, g.title AS title, g.state AS state \
             FROM acceptances a JOIN agreements g ON g.id = a.agreement_id WHERE a.id IN ({})",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            let answered = Answered {
                agreement: row.get("id")?,
                api: row.get("api_id")?,
                number: row.get("number")?,
                title: row.get("title")?,
                state: AgreementState::read(&row.get::<String>("state")?)?,
                answered_at: row.get("answered_at")?,
            };
            out.insert(row.get("answer_id")?, answered);
        }
    }
    Ok(out)
}

/// Whether this person has ever accepted it.
pub async fn has_accepted(conn: &mut Conn, agreement: &id::AgreementId, user: &id::UserId) -> Result<bool, Problem> {
    let text = "SELECT id FROM acceptances WHERE user_id = $1 AND agreement_id = $2 AND answer = 'accepted' LIMIT 1";
    Ok(sql(text).bind(user).bind(agreement).find(conn).await?.is_some())
}

/// The answers to an agreement, by id; only those of this person and with this answer, if they are given.
pub async fn acceptances(
    conn: &mut Conn,
    agreement: &id::AgreementId,
    (user, answer): (Option<&id::UserId>, Option<Answer>),
    after: &str,
    limit: i64,
) -> Result<Vec<Acceptance>, Problem> {
    let text = format!(
        "SELECT {ACCEPTANCE} FROM acceptances WHERE agreement_id = $1 AND id > $2 \
         AND ($4 = '' OR user_id = $4) AND ($5 = '' OR answer = $5) ORDER BY id LIMIT $3"
    );
    let (user, answer) = (user.map_or("", base::id::Id::as_str), answer.map_or("", Answer::as_str));
    let query = sql(text).bind(agreement).bind(after).bind(limit).bind(user).bind(answer);
    query.all(conn).await?.iter().map(acceptance).collect()
}

pub async fn insert_acceptance(conn: &mut Conn, acceptance: &Acceptance) -> Result<(), Problem> {
    let text = format!("INSERT INTO acceptances ({ACCEPTANCE}) VALUES ($1, $2, $3, $4, $5, $6)");
    sql(text)
        .bind(&acceptance.id)
        .bind(&acceptance.agreement)
        .bind(&acceptance.user)
        .bind(acceptance.request.as_ref())
        .bind(acceptance.answer.as_str())
        .bind(acceptance.answered_at)
        .run(conn)
        .await?;
    Ok(())
}

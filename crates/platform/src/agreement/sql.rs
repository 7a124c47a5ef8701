//! Agreements and answers to them as rows.

use super::{Acceptance, Agreement, Answer};
use base::{Problem, ProblemKind, id};
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, api_id, number, title, text, active, created_at";

fn agreement(row: &Row) -> Result<Agreement, Problem> {
    Ok(Agreement {
        id: row.get("id")?,
        version: row.get("version")?,
        api: row.get("api_id")?,
        number: row.get("number")?,
        title: row.get("title")?,
        text: row.get("text")?,
        active: row.get("active")?,
        created_at: row.get("created_at")?,
    })
}

pub async fn find(conn: &mut Conn, id: &id::AgreementId) -> Result<Option<Agreement>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM agreements WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(agreement).transpose()
}

pub async fn active(conn: &mut Conn, api: &id::ApiId) -> Result<Option<Agreement>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM agreements WHERE api_id = $1 AND active = $2");
    sql(text).bind(api).bind(true).find(conn).await?.as_ref().map(agreement).transpose()
}

/// The versions of an API's text, the newest first; only those before number `below`.
pub async fn page(conn: &mut Conn, api: &id::ApiId, below: i64, limit: i64) -> Result<Vec<Agreement>, Problem> {
    let text =
        format!("SELECT {COLUMNS} FROM agreements WHERE api_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3");
    sql(text).bind(api).bind(below).bind(limit).all(conn).await?.iter().map(agreement).collect()
}

/// The number of the newest version of an API's text; 0 if there is none.
pub async fn newest(conn: &mut Conn, api: &id::ApiId) -> Result<i64, Problem> {
    let query = sql("SELECT number FROM agreements WHERE api_id = $1 ORDER BY number DESC LIMIT 1").bind(api);
    Ok(query.find(conn).await?.map(|row| row.get("number")).transpose()?.unwrap_or(0))
}

pub async fn insert(conn: &mut Conn, agreement: &Agreement) -> Result<(), Problem> {
    let text = format!("INSERT INTO agreements ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    let done = sql(text)
        .bind(&agreement.id)
        .bind(agreement.version)
        .bind(&agreement.api)
        .bind(agreement.number)
        .bind(&agreement.title)
        .bind(&agreement.text)
        .bind(agreement.active)
        .bind(agreement.created_at)
        .run(conn)
        .await;
    match done {
        Err(e) if matches!(e.unique(), Some("agreements_number" | "agreements_active")) => {
            let detail = "Somebody published another version at the same time. Read the agreements again and retry.";
            Err(Problem::new(ProblemKind::LostRace, detail))
        }
        other => Ok(other.map(|_| ())?),
    }
}

/// Takes an agreement out of force.
pub async fn retire(conn: &mut Conn, agreement: &Agreement) -> Result<i64, Problem> {
    let row = sql(
        "UPDATE agreements SET version = version + 1, active = $3 WHERE id = $1 AND version = $2 RETURNING version",
    )
    .bind(&agreement.id)
    .bind(agreement.version)
    .bind(false)
    .find(conn)
    .await?;
    crate::lost_race(row)
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

/// The answers to an agreement, by id.
pub async fn acceptances(
    conn: &mut Conn,
    agreement: &id::AgreementId,
    after: &str,
    limit: i64,
) -> Result<Vec<Acceptance>, Problem> {
    let text = format!("SELECT {ACCEPTANCE} FROM acceptances WHERE agreement_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    sql(text).bind(agreement).bind(after).bind(limit).all(conn).await?.iter().map(acceptance).collect()
}

pub async fn insert_acceptance(conn: &mut Conn, acceptance: &Acceptance) -> Result<(), Problem> {
    let text = format!("INSERT INTO acceptances ({ACCEPTANCE}) VALUES ($1, $2, $3, $4, $5, $6)");
    sql(text)
        .bind(&acceptance.id)
        .bind(&acceptance.agreement)
        .bind(&acceptance.user)
        .bind(&acceptance.request)
        .bind(acceptance.answer.as_str())
        .bind(acceptance.answered_at)
        .run(conn)
        .await?;
    Ok(())
}

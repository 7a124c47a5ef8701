//! Revisions, documents and operations as rows.

use super::{Revision, RevisionOrigin};
use crate::version::Operation;
use crate::{stored_json, to_json};
use base::{Problem, id};
use store::{Conn, Row, sql};

const REVISION: &str = "r.number, r.document, d.title, d.format, r.settings, r.origin, r.restores, r.note, r.author, \
     r.created_at FROM version_revisions r \
     JOIN version_documents d ON d.version_id = r.version_id AND d.number = r.document";

fn revision(row: &Row) -> Result<Revision, Problem> {
    Ok(Revision {
        number: row.get("number")?,
        document: row.get("document")?,
        title: row.get("title")?,
        format: row.get("format")?,
        settings: stored_json(&row.get::<String>("settings")?)?,
        origin: RevisionOrigin::read(&row.get::<String>("origin")?)?,
        restores: row.get("restores")?,
        note: row.get("note")?,
        author: row.get("author")?,
        created_at: row.get("created_at")?,
    })
}

pub async fn find(conn: &mut Conn, version: &id::VersionId, number: i64) -> Result<Option<Revision>, Problem> {
    let text = format!("SELECT {REVISION} WHERE r.version_id = $1 AND r.number = $2");
    sql(text).bind(version).bind(number).find(conn).await?.as_ref().map(revision).transpose()
}

/// The newest first, those below `before`.
pub async fn page(conn: &mut Conn, version: &id::VersionId, before: i64, limit: i64) -> Result<Vec<Revision>, Problem> {
    let text = format!("SELECT {REVISION} WHERE r.version_id = $1 AND r.number < $2 ORDER BY r.number DESC LIMIT $3");
    sql(text).bind(version).bind(before).bind(limit).all(conn).await?.iter().map(revision).collect()
}

/// Adds the next one. Two that are made at the same time have the same number, and only one of them is kept.
pub async fn insert(conn: &mut Conn, version: &id::VersionId, revision: &Revision) -> Result<(), Problem> {
    sql("INSERT INTO version_revisions \
         (version_id, number, document, settings, origin, restores, note, author, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(version)
    .bind(revision.number)
    .bind(revision.document)
    .bind(to_json(&revision.settings)?)
    .bind(revision.origin.as_str())
    .bind(revision.restores)
    .bind(&revision.note)
    .bind(&revision.author)
    .bind(revision.created_at)
    .run(conn)
    .await?;
    Ok(())
}

/// The text of a document.
pub async fn document(conn: &mut Conn, version: &id::VersionId, number: i64) -> Result<Option<String>, Problem> {
    let row = sql("SELECT text FROM version_documents WHERE version_id = $1 AND number = $2")
        .bind(version)
        .bind(number)
        .find(conn)
        .await?;
    Ok(row.map(|r| r.get("text")).transpose()?)
}

pub async fn insert_document(
    conn: &mut Conn,
    version: &id::VersionId,
    revision: &Revision,
    text: &str,
) -> Result<(), Problem> {
    sql("INSERT INTO version_documents (version_id, number, title, format, text) VALUES ($1, $2, $3, $4, $5)")
        .bind(version)
        .bind(revision.document)
        .bind(&revision.title)
        .bind(&revision.format)
        .bind(text)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn insert_operation(
    conn: &mut Conn,
    version: &id::VersionId,
    document: i64,
    position: i64,
    operation: &Operation,
) -> Result<(), Problem> {
    sql("INSERT INTO version_operations \
         (version_id, document, position, name, method, path, summary, scopes, demands) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(version)
    .bind(document)
    .bind(position)
    .bind(&operation.name)
    .bind(&operation.method)
    .bind(&operation.path)
    .bind(&operation.summary)
    .bind(to_json(&operation.scopes)?)
    .bind(operation.demands)
    .run(conn)
    .await?;
    Ok(())
}

pub async fn operations(conn: &mut Conn, version: &id::VersionId, document: i64) -> Result<Vec<Operation>, Problem> {
    let rows = sql("SELECT name, method, path, summary, scopes, demands FROM version_operations \
                    WHERE version_id = $1 AND document = $2 ORDER BY position")
    .bind(version)
    .bind(document)
    .all(conn)
    .await?;
    rows.iter()
        .map(|r| {
            Ok(Operation {
                name: r.get("name")?,
                method: r.get("method")?,
                path: r.get("path")?,
                summary: r.get("summary")?,
                scopes: stored_json(&r.get::<String>("scopes")?)?,
                demands: r.get("demands")?,
            })
        })
        .collect()
}

pub async fn count_operations(conn: &mut Conn, version: &id::VersionId, document: i64) -> Result<i64, Problem> {
    let text = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM version_operations WHERE version_id = $1 AND document = $2";
    Ok(sql(text).bind(version).bind(document).one(conn).await?.get("n")?)
}

//! Pages of documentation as rows.

use super::Page;
use base::{Problem, ProblemKind, id};
use store::{Conn, Row, sql};

const COLUMNS: &str = "api_id, slug, version, title, position, text, created_at, changed_at";
const OUTLINE: &str = "api_id, slug, version, title, position, '' AS text, created_at, changed_at";

fn page(row: &Row) -> Result<Page, Problem> {
    Ok(Page {
        api: row.get("api_id")?,
        slug: row.get("slug")?,
        version: row.get("version")?,
        title: row.get("title")?,
        position: row.get("position")?,
        text: row.get("text")?,
        created_at: row.get("created_at")?,
        changed_at: row.get("changed_at")?,
    })
}

pub async fn find(conn: &mut Conn, api: &id::ApiId, slug: &str) -> Result<Option<Page>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM api_pages WHERE api_id = $1 AND slug = $2");
    sql(text).bind(api).bind(slug).find(conn).await?.as_ref().map(page).transpose()
}

/// The pages of an API in their order, without their texts.
pub async fn outline(conn: &mut Conn, api: &id::ApiId) -> Result<Vec<Page>, Problem> {
    let text = format!("SELECT {OUTLINE} FROM api_pages WHERE api_id = $1 ORDER BY position, slug");
    sql(text).bind(api).all(conn).await?.iter().map(page).collect()
}

/// The pages of an API in their order.
pub async fn all(conn: &mut Conn, api: &id::ApiId) -> Result<Vec<Page>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM api_pages WHERE api_id = $1 ORDER BY position, slug");
    sql(text).bind(api).all(conn).await?.iter().map(page).collect()
}

pub async fn insert(conn: &mut Conn, page: &Page) -> Result<(), Problem> {
    let text =
        format!("INSERT INTO api_pages ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING");
    let made = sql(text)
        .bind(&page.api)
        .bind(&page.slug)
        .bind(page.version)
        .bind(&page.title)
        .bind(page.position)
        .bind(&page.text)
        .bind(page.created_at)
        .bind(page.changed_at)
        .run(conn)
        .await?;
    if made > 0 {
        return Ok(());
    }
    let detail = format!("The API has a page `{}` already; choose another slug.", page.slug);
    Err(Problem::new(ProblemKind::Exists, detail.clone()).field("/slug", detail))
}

pub async fn put(conn: &mut Conn, page: &Page) -> Result<i64, Problem> {
    let row = sql("UPDATE api_pages SET version = version + 1, title = $4, position = $5, text = $6, changed_at = $7 \
                   WHERE api_id = $1 AND slug = $2 AND version = $3 RETURNING version")
    .bind(&page.api)
    .bind(&page.slug)
    .bind(page.version)
    .bind(&page.title)
    .bind(page.position)
    .bind(&page.text)
    .bind(page.changed_at)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

pub async fn delete(conn: &mut Conn, page: &Page) -> Result<(), Problem> {
    let row = sql("DELETE FROM api_pages WHERE api_id = $1 AND slug = $2 AND version = $3 RETURNING version")
        .bind(&page.api)
        .bind(&page.slug)
        .bind(page.version)
        .find(conn)
        .await?;
    crate::lost_race(row).map(drop)
}

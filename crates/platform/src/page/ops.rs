//! What can be done with pages of documentation.

use super::{Page, sql};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::{api, text};
use base::{Kind, Problem, ProblemKind, gather, id};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Conn;
use utoipa::ToSchema;

/// The most pages of one API.
const MOST_PAGES: usize = 100;
/// The longest text, in bytes.
pub const MOST_BYTES: usize = 256 * 1024;
/// The last position.
const LAST: i64 = 9_999;

/// Titles and texts of an API's pages, to be found by.
///
/// # Errors
/// Those of the database.
pub async fn texts(conn: &mut Conn, api: &id::ApiId) -> Result<Vec<(String, String)>, Problem> {
    Ok(sql::all(conn, api).await?.into_iter().map(|page| (page.title, page.text)).collect())
}

/// The pages of an API in their order, without their texts.
pub async fn list(cx: &Cx, api: &id::ApiId) -> Result<(Vec<Page>, Standing), Problem> {
    let mut tx = cx.read().await?;
    let (_, standing) = api::visible(cx, &mut tx, api).await?;
    Ok((sql::outline(&mut tx, api).await?, standing))
}

async fn require(cx: &Cx, conn: &mut Conn, api: &id::ApiId, slug: &str) -> Result<(Page, api::Api, Standing), Problem> {
    let (api, standing) = api::visible(cx, conn, api).await.map_err(|p| p.instead("page"))?;
    // What cannot be a slug names no page, and is no text to one of the databases.
    let found = match text::slug("", slug) {
        Ok(slug) => sql::find(conn, &api.id, &slug).await?,
        Err(_) => None,
    };
    Ok((found.ok_or_else(|| Problem::not_found("page"))?, api, standing))
}

pub async fn get(cx: &Cx, api: &id::ApiId, slug: &str) -> Result<(Page, Standing), Problem> {
    let (page, _, standing) = require(cx, &mut *cx.read().await?, api, slug).await?;
    Ok((page, standing))
}

/// A page to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPage {
    /// 1 to 120 characters.
    pub title: String,
    /// Its word in URLs; made from the title unless given. Never changes.
    #[serde(default)]
    pub slug: Option<String>,
    /// Where it stands among the others, 0 to 9999; smaller is further up. At the end unless given.
    #[serde(default)]
    pub position: Option<i64>,
    /// Markdown, at most 256 KiB. HTML in it is text.
    #[serde(default)]
    pub text: String,
}

/// What to change of a page.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageEdit {
    /// 1 to 120 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub title: Option<String>,
    /// 0 to 9999; smaller is further up.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub position: Option<i64>,
    /// Markdown, at most 256 KiB. HTML in it is text.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub text: Option<String>,
}

/// Passes a text that a page may have.
///
/// # Errors
/// 422 naming `/text`.
pub fn written(text: &str) -> Result<String, Problem> {
    if text.len() > MOST_BYTES {
        let detail = format!("The text has {} bytes; at most {MOST_BYTES}. Split it into pages.", text.len());
        return Err(Problem::invalid("/text", detail));
    }
    text::long("/text", text, MOST_BYTES)
}

fn place(position: i64) -> Result<i64, Problem> {
    if (0..=LAST).contains(&position) {
        return Ok(position);
    }
    Err(Problem::invalid("/position", format!("`{position}` is out of range: 0 to {LAST}.")))
}

fn facts(page: &Page) -> Value {
    let mut facts = json!({"slug": page.slug, "title": page.title, "position": page.position});
    text::trace(&mut facts, &page.text);
    facts
}

/// Writes a new page.
///
/// # Errors
/// 403, 404, 409 if the slug is taken or there are as many as there may be, 422.
pub async fn add(cx: &Cx, api: &id::ApiId, new: NewPage) -> Result<(Page, Standing, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let (api, standing) = api::visible(cx, &mut tx, api).await?;
    cx.may(standing, Verb::ApiEdit)?;
    let others = sql::outline(&mut tx, &api.id).await?;
    if others.len() >= MOST_PAGES {
        let detail = format!("An API has at most {MOST_PAGES} pages; delete one, or write into one that is there.");
        return Err(Problem::new(ProblemKind::WrongState, detail).with("reason", "full"));
    }
    let end = others.last().map_or(0, |last| (last.position + 10).min(LAST));
    let page = gather(|wrong| {
        let title = wrong.of(text::name("/title", &new.title));
        Page {
            api: api.id.clone(),
            slug: wrong.of(text::slug_or("/slug", new.slug.as_deref(), &title)),
            version: 1,
            title,
            position: wrong.of(new.position.map_or(Ok(end), place)),
            text: wrong.of(written(&new.text)),
            created_at: cx.now,
            changed_at: cx.now,
        }
    })?;
    sql::insert(&mut tx, &page).await?;
    let detail = json!({"after": facts(&page)});
    let change = cx.change("api.page_added", Kind::Api, &api.id).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((page, standing, seq))
}

pub async fn edit(cx: &Cx, api: &id::ApiId, slug: &str, edit: PageEdit) -> Result<(Page, Standing, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let (before, _, standing) = require(cx, &mut tx, api, slug).await?;
    cx.may(standing, Verb::ApiEdit)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    gather(|wrong| {
        wrong.set(&mut after.title, edit.title.map(|title| text::name("/title", &title)));
        wrong.set(&mut after.position, edit.position.map(place));
        wrong.set(&mut after.text, edit.text.map(|text| written(&text)));
    })?;
    after.changed_at = cx.now;
    after.version = sql::put(&mut tx, &after).await?;
    let detail = json!({"before": facts(&before), "after": facts(&after)});
    let change = cx.change("api.page_edited", Kind::Api, api).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, standing, seq))
}

pub async fn remove(cx: &Cx, api: &id::ApiId, slug: &str) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let (page, _, standing) = require(cx, &mut tx, api, slug).await?;
    cx.may(standing, Verb::ApiEdit)?;
    cx.expect_version(page.version)?;
    sql::delete(&mut tx, &page).await?;
    let change = cx.change("api.page_removed", Kind::Api, api).detailing(json!({"before": facts(&page)}));
    cx.commit(tx, vec![change]).await
}

//! Pages of documentation over HTTP.

use super::{Page, ops};
use crate::actions::{Actions, Offered};
use crate::authz::{Standing, Verb, may};
use crate::blocks::{Block, blocks};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Body, Done, Fail, Ident, Problems, Written, parse_id};
use axum::extract::{DefaultBodyLimit, Path};
use base::id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The largest body: a text, every byte of it escaped.
const MOST_BODY: usize = 6 * ops::MOST_BYTES + 4 * 1024;

/// Everything about pages of documentation.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(page_list, page_add))
        .routes(routes!(page_get, page_edit, page_remove))
        .routes(routes!(markdown_preview))
        .layer(DefaultBodyLimit::max(MOST_BODY))
}

/// A page of documentation, without its text.
#[derive(Serialize, ToSchema)]
pub struct PageOutline {
    /// Its word in URLs.
    slug: String,
    /// For people.
    title: String,
    /// Where it stands among the others; smaller is further up.
    position: i64,
    /// RFC 3339.
    #[schema(format = DateTime)]
    changed_at: String,
}

impl PageOutline {
    fn of(page: &Page) -> Self {
        Self {
            slug: page.slug.clone(),
            title: page.title.clone(),
            position: page.position,
            changed_at: page.changed_at.to_string(),
        }
    }
}

/// A page of documentation.
#[derive(Serialize, ToSchema)]
#[schema(as = Page)]
pub struct PageView {
    #[serde(flatten)]
    outline: PageOutline,
    /// `api_...`
    api: String,
    /// The text, read as Markdown: never HTML.
    blocks: Vec<Block>,
    /// The text as it was written; only for those who may change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// What the caller may do now: `edit`, `delete`.
    actions: Vec<Offered>,
}

fn view(page: &Page, standing: Standing) -> PageView {
    PageView {
        outline: PageOutline::of(page),
        api: page.api.to_string(),
        blocks: blocks(&page.text),
        text: may(standing, Verb::ApiEdit).then(|| page.text.clone()),
        actions: Actions::of(standing).offer("edit", Verb::ApiEdit).offer("delete", Verb::ApiEdit).all(),
    }
}

/// All pages of an API.
#[derive(Serialize, ToSchema)]
pub struct PageList {
    items: Vec<PageOutline>,
    /// What the caller may do now: `add`.
    actions: Vec<Offered>,
}

/// Documentation pages of an API
///
/// In their order, without their texts; at most a hundred.
#[utoipa::path(get, path = "/api/v1/apis/{id}/pages", operation_id = "page_list", tag = "Documentation",
    params(("id" = String, Path, description = "`api_...`")),
    responses((status = 200, body = PageList), Problems), security((), ("personal_token" = [])))]
async fn page_list(cx: Cx, Ident(id): Ident<id::ApiId>) -> Result<Answer<PageList>, Fail> {
    let (pages, standing) = ops::list(&cx, &id).await?;
    let items = pages.iter().map(PageOutline::of).collect();
    Ok(Answer::ok(PageList { items, actions: Actions::of(standing).offer("add", Verb::ApiEdit).all() }))
}

/// Write a documentation page
///
/// Markdown of at most 256 KiB. HTML in it is shown as text.
#[utoipa::path(post, path = "/api/v1/apis/{id}/pages", operation_id = "page_add", tag = "Documentation",
    params(("id" = String, Path, description = "`api_...`")), request_body = ops::NewPage,
    responses((status = 201, body = Written<PageView>), Problems))]
async fn page_add(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Body(body): Body<ops::NewPage>,
) -> Result<Answer<Written<PageView>>, Fail> {
    let (page, standing, change) = ops::add(&cx, &id, body).await?;
    let location = format!("/api/v1/apis/{id}/pages/{}", page.slug);
    Ok(Answer::created(location, Written { value: view(&page, standing), change }).version(page.version))
}

/// One documentation page
#[utoipa::path(get, path = "/api/v1/apis/{id}/pages/{page}", operation_id = "page_get", tag = "Documentation",
    params(("id" = String, Path, description = "`api_...`"), ("page" = String, Path, description = "Its slug")),
    responses((status = 200, body = PageView), Problems), security((), ("personal_token" = [])))]
async fn page_get(cx: Cx, Path((id, page)): Path<(String, String)>) -> Result<Answer<PageView>, Fail> {
    let (page, standing) = ops::get(&cx, &parse_id(&id, "page")?, &page).await?;
    Ok(Answer::ok(view(&page, standing)).version(page.version))
}

/// Change a documentation page
///
/// The slug never changes.
#[utoipa::path(patch, path = "/api/v1/apis/{id}/pages/{page}", operation_id = "page_edit", tag = "Documentation",
    params(("id" = String, Path, description = "`api_...`"), ("page" = String, Path, description = "Its slug")),
    request_body = ops::PageEdit, responses((status = 200, body = Written<PageView>), Problems))]
async fn page_edit(
    cx: Cx,
    Path((id, page)): Path<(String, String)>,
    Body(body): Body<ops::PageEdit>,
) -> Result<Answer<Written<PageView>>, Fail> {
    let (page, standing, change) = ops::edit(&cx, &parse_id(&id, "page")?, &page, body).await?;
    Ok(Answer::ok(Written { value: view(&page, standing), change }).version(page.version))
}

/// Delete a documentation page
#[utoipa::path(delete, path = "/api/v1/apis/{id}/pages/{page}", operation_id = "page_remove", tag = "Documentation",
    params(("id" = String, Path, description = "`api_...`"), ("page" = String, Path, description = "Its slug")),
    responses((status = 200, body = Done), Problems))]
async fn page_remove(cx: Cx, Path((id, page)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove(&cx, &parse_id(&id, "page")?, &page).await? }))
}

/// A text to look at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkdownText {
    /// Markdown, at most 256 KiB.
    text: String,
}

/// A text as readers see it.
#[derive(Serialize, ToSchema)]
pub struct MarkdownBlocks {
    /// The text, read as Markdown: never HTML.
    blocks: Vec<Block>,
}

/// Preview Markdown
///
/// As pages and descriptions show it. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/markdown", operation_id = "markdown_preview", tag = "Documentation",
    request_body = MarkdownText, responses((status = 200, body = MarkdownBlocks), Problems))]
async fn markdown_preview(cx: Cx, Body(body): Body<MarkdownText>) -> Result<Answer<MarkdownBlocks>, Fail> {
    cx.signed()?;
    Ok(Answer::ok(MarkdownBlocks { blocks: blocks(&ops::written(&body.text)?) }))
}

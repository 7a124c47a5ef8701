//! The inbox over HTTP.

use super::look::{NoticeNames, about};
use super::{Notice, ops};
use crate::cx::{Cx, Platform};
use crate::names::{ActorView, Names, ResourceView};
use crate::web::{Answer, Body, Fail, Ident, Params, Problems};
use base::{Actor, PageRequest, Problem, id};
use serde::{Deserialize, Serialize};
use store::{Conn, log};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about notices.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(notice_list))
        .routes(routes!(notice_read))
        .routes(routes!(notice_read_all))
        .merge(super::mail::routes())
}

/// What a person is told.
#[derive(Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    /// `ntc_...`
    pub id: String,
    /// The number of the change that it is about.
    pub change: i64,
    /// Who did it.
    pub actor: ActorView,
    /// What happened: a code such as `subscription.approved`.
    pub verb: String,
    /// What it happened to.
    pub subject: ResourceView,
    /// The words of whoever did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it happened.
    #[schema(format = DateTime)]
    pub at: String,
    /// Whether the caller has read it.
    pub read: bool,
    /// What else it is about.
    pub names: NoticeNames,
}

async fn view(conn: &mut Conn, names: &mut Names, notice: &Notice) -> Result<NoticeView, Problem> {
    // The entry knows who did it and what it touched; the notice need not repeat it.
    let entry = log::after(conn, notice.seq - 1, 1).await?.into_iter().find(|e| e.seq == notice.seq);
    let (actor, touched) = entry.map_or((Actor::Nobody, Vec::new()), |e| (e.actor, e.touches));
    Ok(NoticeView {
        actor: names.actor(conn, &actor, true).await?,
        id: notice.id.to_string(),
        change: notice.seq,
        verb: notice.verb.clone(),
        subject: names.resource(conn, &notice.subject).await?,
        note: notice.note.clone(),
        at: notice.created_at.to_string(),
        read: notice.read_at.is_some(),
        names: about(conn, names, &notice.subject, &touched).await?,
    })
}

/// Which notices to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct NoticeQuery {
    /// `true`: only those that have not been read.
    unread: Option<bool>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of notices, newest first.
#[derive(Serialize, ToSchema)]
pub struct NoticePage {
    items: Vec<NoticeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many the caller has not read, on all pages.
    unread: i64,
}

/// My notices
///
/// Newest first.
#[utoipa::path(get, path = "/api/v1/me/notices", operation_id = "notice_list", tag = "Notices", params(NoticeQuery),
    responses((status = 200, body = NoticePage), Problems))]
async fn notice_list(cx: Cx, Params(query): Params<NoticeQuery>) -> Result<Answer<NoticePage>, Fail> {
    let request = PageRequest { after: query.after, limit: query.limit };
    let (page, unread) = ops::list(&cx, query.unread.unwrap_or(false), &request).await?;
    let (mut tx, mut names) = (cx.read().await?, Names::default());
    let mut items = Vec::with_capacity(page.items.len());
    for notice in &page.items {
        items.push(view(&mut tx, &mut names, notice).await?);
    }
    Ok(Answer::ok(NoticePage { items, next: page.next, unread }))
}

/// What was read, and what is left.
#[derive(Serialize, ToSchema)]
pub struct NoticeRead {
    /// The notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<NoticeView>,
    /// How many the caller has not read.
    unread: i64,
}

/// Mark a notice as read
///
/// Doing it again changes nothing.
#[utoipa::path(post, path = "/api/v1/me/notices/{id}/read", operation_id = "notice_read", tag = "Notices",
    params(("id" = String, Path, description = "`ntc_...`")), responses((status = 200, body = NoticeRead), Problems))]
async fn notice_read(cx: Cx, Ident(id): Ident<id::NoticeId>) -> Result<Answer<NoticeRead>, Fail> {
    let (notice, unread) = ops::read(&cx, &id).await?;
    let view = view(&mut *cx.read().await?, &mut Names::default(), &notice).await?;
    Ok(Answer::ok(NoticeRead { notice: Some(view), unread }))
}

/// How far to mark as read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeReadAll {
    /// The `change` of the newest notice that was seen; all notices unless given.
    #[serde(default)]
    through: Option<i64>,
}

/// Mark all notices as read
#[utoipa::path(post, path = "/api/v1/me/notices/read", operation_id = "notice_read_all", tag = "Notices",
    request_body = NoticeReadAll, responses((status = 200, body = NoticeRead), Problems))]
async fn notice_read_all(cx: Cx, Body(body): Body<NoticeReadAll>) -> Result<Answer<NoticeRead>, Fail> {
    Ok(Answer::ok(NoticeRead { notice: None, unread: ops::read_all(&cx, body.through).await? }))
}

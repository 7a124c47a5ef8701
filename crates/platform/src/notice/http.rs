//! The inbox over HTTP.

use super::look::{NoticeNames, Subject, about_all};
use super::{Notice, ops};
use crate::cx::{Cx, Platform};
use crate::names::{ActorView, Names, ResourceView, resource_of};
use crate::web::{Answer, Body, Fail, Ident, Params, Problems};
use base::{Actor, PageRequest, Problem, Ref, id};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
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

/// How these look to whom they are for, in their order.
async fn views(cx: &Cx, conn: &mut Conn, notices: Vec<Notice>) -> Result<Vec<NoticeView>, Problem> {
    // The entry knows who did it and what it touched; the notice need not repeat it.
    let numbers: Vec<i64> = notices.iter().map(|notice| notice.seq).collect();
    let entries = log::by_numbers(conn, &numbers).await?.into_iter();
    let entries: HashMap<i64, (Actor, Vec<Ref>)> = entries.map(|e| (e.seq, (e.actor, e.touches))).collect();
    let of = |notice: &Notice| entries.get(&notice.seq).cloned().unwrap_or((Actor::Nobody, Vec::new()));
    let actors: Vec<Actor> = notices.iter().map(|notice| of(notice).0).collect();
    let about = |notice: &Notice| Subject { subject: notice.subject.clone(), touched: of(notice).1 };
    // A notice stays when its reader has left what it is about.
    let mut names = Names::seen_by(cx);
    let abouts = about_all(conn, &mut names, notices.iter().map(about).collect()).await?;
    names.learn_all(conn, actors.iter().filter_map(resource_of).collect()).await?;
    let mut out = Vec::with_capacity(notices.len());
    for ((notice, actor), about) in notices.into_iter().zip(actors).zip(abouts) {
        out.push(NoticeView {
            actor: names.actor(conn, &actor, true).await?,
            id: notice.id.to_string(),
            change: notice.seq,
            verb: notice.verb,
            subject: names.resource(conn, &notice.subject).await?,
            note: notice.note,
            at: notice.created_at.to_string(),
            read: notice.read_at.is_some(),
            names: about,
        });
    }
    Ok(out)
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
    let items = views(&cx, &mut *cx.read().await?, page.items).await?;
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
    let notice = views(&cx, &mut *cx.read().await?, vec![notice]).await?.pop();
    Ok(Answer::ok(NoticeRead { notice, unread }))
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

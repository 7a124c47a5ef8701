//! What can be done with agreements.

use super::{Acceptance, Agreement, Answer, rule, sql};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::{api, text, user};
use base::{Kind, Page, PageRequest, Problem, ProblemKind, id};
use serde_json::json;
use store::Conn;

/// The text that requests for access to an API answer, if it has one.
///
/// # Errors
/// Those of the database.
pub async fn active(conn: &mut Conn, api: &id::ApiId) -> Result<Option<Agreement>, Problem> {
    sql::active(conn, api).await
}

/// An agreement, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::AgreementId) -> Result<Option<Agreement>, Problem> {
    sql::find(conn, id).await
}

/// An answer, by id.
///
/// # Errors
/// Those of the database.
pub async fn acceptance(conn: &mut Conn, id: &id::AcceptanceId) -> Result<Option<Acceptance>, Problem> {
    sql::find_acceptance(conn, id).await
}

/// Writes down what the caller answers to an agreement, now, within the caller's own transaction (A18). The change
/// that closes the transaction says so.
///
/// # Errors
/// 401 if nobody is signed in.
pub async fn record(
    conn: &mut Conn,
    cx: &Cx,
    agreement: &id::AgreementId,
    request: &id::RequestId,
    answer: Answer,
) -> Result<id::AcceptanceId, Problem> {
    let acceptance = Acceptance {
        id: id::AcceptanceId::new(cx.now),
        agreement: agreement.clone(),
        user: cx.signed()?.id.clone(),
        request: request.clone(),
        answer,
        answered_at: cx.now,
    };
    sql::insert_acceptance(conn, &acceptance).await?;
    Ok(acceptance.id)
}

/// The versions of an API's text, the newest first. A page goes on after the number that the last one ended with.
pub async fn list(cx: &Cx, api: &id::ApiId, page: &PageRequest) -> Result<Page<Agreement>, Problem> {
    let below = match page.after() {
        "" => i64::MAX,
        text => text.parse().map_err(|_| {
            Problem::invalid("after", format!("`{text}` is no place in this list; send the `next` of the page before."))
        })?,
    };
    let mut tx = cx.read().await?;
    api::visible(cx, &mut tx, api).await?;
    let rows = sql::page(&mut tx, api, below, page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |agreement| agreement.number.to_string()))
}

/// Whoever sees the API sees its texts; nobody else learns that there is one.
async fn visible(cx: &Cx, conn: &mut Conn, id: &id::AgreementId) -> Result<(Agreement, Standing), Problem> {
    let hidden = || match cx.signed() {
        Ok(_) => Problem::not_found("agreement"),
        Err(unknown) => unknown,
    };
    let agreement = sql::find(conn, id).await?.ok_or_else(hidden)?;
    match api::visible(cx, conn, &agreement.api).await {
        Ok((_, standing)) => Ok((agreement, standing)),
        Err(problem) if problem.kind == ProblemKind::NotFound => Err(hidden()),
        Err(problem) => Err(problem),
    }
}

pub async fn get(cx: &Cx, id: &id::AgreementId) -> Result<Agreement, Problem> {
    Ok(visible(cx, &mut *cx.read().await?, id).await?.0)
}

/// Publishes the next version of an API's text. Requests answer this one from now on; the former one is kept, with
/// its answers.
///
/// # Errors
/// 409 if somebody else publishes at the same time.
pub async fn publish(cx: &Cx, api: &id::ApiId, title: &str, legal: &str) -> Result<(Agreement, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let (_, standing) = api::visible(cx, &mut tx, api).await?;
    cx.may(standing, Verb::ApiEdit)?;
    let former = sql::active(&mut tx, api).await?;
    let agreement = Agreement {
        id: id::AgreementId::new(cx.now),
        version: 1,
        api: api.clone(),
        number: sql::newest(&mut tx, api).await? + 1,
        title: text::name("/title", title)?,
        text: rule::text(legal)?,
        active: true,
        created_at: cx.now,
    };
    if let Some(former) = &former {
        sql::retire(&mut tx, former).await?;
    }
    sql::insert(&mut tx, &agreement).await?;
    let change =
        cx.change("agreement.published", Kind::Agreement, &agreement.id).touching(Kind::Api, api).detailing(json!({
            "api": api, "number": agreement.number, "title": agreement.title, "retired": former.map(|f| f.id),
        }));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((agreement, seq))
}

/// Who answered what, by id; for the API side. Somebody whose account is gone is `None`.
pub async fn acceptances(
    cx: &Cx,
    id: &id::AgreementId,
    page: &PageRequest,
) -> Result<Page<(Acceptance, Option<user::User>)>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiDecide)?;
    let mut rows = Vec::new();
    for acceptance in sql::acceptances(&mut tx, id, page.after(), page.limit() + 1).await? {
        let user = user::find(&mut tx, &acceptance.user).await?;
        rows.push((acceptance, user));
    }
    Ok(Page::of(rows, page.limit(), |(acceptance, _)| acceptance.id.to_string()))
}

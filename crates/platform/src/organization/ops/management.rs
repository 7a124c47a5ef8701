//! Organizations that manage others (resellers).
//!
//! An OWNER of the organization itself, or a site administrator, says who manages it; either side ends it. OWNERs of the
//! managing one act for the managed one as its OWNER. An organization that is managed manages none, so there are no cycles
//! and rights reach one step.

use super::{seat, visible};
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use crate::organization::{Organization, OrganizationRole, sql};
use base::{Kind, Page, PageRequest, Problem, ProblemKind, id};
use serde_json::json;
use store::Conn;

/// The organization that manages this one, if this user is one of its people: they make no clients here (K21).
///
/// # Errors
/// Those of the database.
pub async fn reseller(
    conn: &mut Conn,
    id: &id::OrganizationId,
    user: &id::UserId,
) -> Result<Option<id::OrganizationId>, Problem> {
    if !sql::seat(conn, id, user).await?.is_reseller() {
        return Ok(None);
    }
    Ok(sql::find(conn, id).await?.and_then(|organization| organization.managed_by))
}

/// The organizations that this one manages, by id.
pub async fn managed(cx: &Cx, id: &id::OrganizationId, page: &PageRequest) -> Result<Page<Organization>, Problem> {
    crate::cursor::<id::OrganizationId>(page)?;
    let mut tx = cx.read().await?;
    visible(cx, &mut tx, id).await?;
    let rows = sql::managed(&mut tx, id, page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |o| o.id.to_string()))
}

/// Those that an organization manages, by id, for whoever may see them already.
///
/// # Errors
/// Those of the database.
pub async fn managed_page(
    conn: &mut Conn,
    id: &id::OrganizationId,
    after: &str,
    limit: i64,
) -> Result<Vec<Organization>, Problem> {
    sql::managed(conn, id, after, limit).await
}

fn wrong(detail: &str) -> Problem {
    Problem::new(ProblemKind::WrongState, detail)
}

/// The organization under which another is founded: the founder is an OWNER of it, and it is not managed itself.
pub(super) async fn require_manager(cx: &Cx, conn: &mut Conn, manager: &id::OrganizationId) -> Result<(), Problem> {
    let who = cx.signed()?;
    let missing = || Problem::invalid("/managed_by", format!("There is no organization `{manager}` that you may see."));
    let (found, standing) = super::require(cx, conn, manager).await.map_err(|_| missing())?;
    cx.may(standing, Verb::OrganizationManagement)?;
    if !who.site_admin && sql::seat(conn, manager, &who.id).await?.role != Some(OrganizationRole::Owner) {
        return Err(Problem::forbidden("Only its own OWNERs let an organization manage others."));
    }
    sql::hold(conn, manager).await?;
    match found.managed_by {
        Some(_) => Err(wrong("An organization that is managed manages none.").at("/managed_by")),
        None => Ok(()),
    }
}

/// Lets `manager` manage an organization.
///
/// # Errors
/// 403 unless the caller is an OWNER of the organization itself or a site administrator, 409 if one is managed or manages
/// already, 422.
pub async fn put_manager(
    cx: &Cx,
    id: &id::OrganizationId,
    manager: &id::OrganizationId,
) -> Result<(Organization, i64), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::OrganizationManagement)?;
    if !who.site_admin && !seat(cx, &mut tx, id).await?.is_owner() {
        let detail = "Who manages an organization is settled by an OWNER of its own or a site administrator.";
        return Err(Problem::forbidden(detail).with("reason", "managed"));
    }
    if manager == id {
        return Err(Problem::invalid("/organization", "An organization does not manage itself; name another."));
    }
    // In one order, so that two such writes do not wait for one another.
    for held in [id.min(manager), id.max(manager)] {
        sql::hold(&mut tx, held).await?;
    }
    let before = sql::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("organization"))?;
    cx.expect_version(before.version)?;
    let missing = || Problem::invalid("/organization", format!("There is no organization `{manager}`."));
    let managing = sql::find(&mut tx, manager).await?.ok_or_else(missing)?;
    match &before.managed_by {
        Some(same) if same == manager => return Err(wrong("It is managed by this organization already.")),
        Some(_) => return Err(wrong("It is managed by another organization; end that first.")),
        None => {}
    }
    if managing.managed_by.is_some() {
        return Err(wrong("That organization is managed itself, and so manages none."));
    }
    if !sql::managed(&mut tx, id, "", 1).await?.is_empty() {
        return Err(wrong("It manages others itself; an organization that is managed manages none."));
    }
    let mut after = before.clone();
    (after.managed_by, after.managed_since) = (Some(manager.clone()), Some(cx.now));
    after.version = sql::put(&mut tx, &after).await?;
    let change = cx
        .change("organization.management_set", Kind::Organization, id)
        .touching(Kind::Organization, manager)
        .detailing(json!({"before": before.managed_by, "after": manager}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, seq))
}

/// Ends that an organization is managed. Either side may.
///
/// # Errors
/// 403, 404 if nobody manages it.
pub async fn end_management(cx: &Cx, id: &id::OrganizationId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (mut organization, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::OrganizationManagement)?;
    cx.expect_version(organization.version)?;
    let manager = organization.managed_by.take().ok_or_else(|| Problem::not_found("managing organization"))?;
    organization.managed_since = None;
    sql::put(&mut tx, &organization).await?;
    let change = cx
        .change("organization.management_ended", Kind::Organization, id)
        .touching(Kind::Organization, &manager)
        .detailing(json!({"before": manager, "after": null}));
    cx.commit(tx, vec![change]).await
}

//! What can be done with destinations.

use super::{Destination, sql};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::version::{rule, sql as versions};
use crate::{organization, text};
use base::{Kind, Problem, gather, id};
use serde_json::json;
use std::collections::HashMap;
use store::Conn;

/// A destination, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::DestinationId) -> Result<Option<Destination>, Problem> {
    sql::find(conn, id).await
}

/// The destinations of an organization.
///
/// # Errors
/// Those of the database.
pub async fn of_organization(conn: &mut Conn, id: &id::OrganizationId) -> Result<Vec<Destination>, Problem> {
    sql::of_organization(conn, id).await
}

/// The destination that a body names at `/destination`, which must be of this organization.
///
/// # Errors
/// 422 if it is not.
pub async fn find_destination_of(
    conn: &mut Conn,
    id: &id::DestinationId,
    organization: &id::OrganizationId,
) -> Result<Destination, Problem> {
    let found = sql::find(conn, id).await?.filter(|d| d.organization == *organization);
    found.ok_or_else(|| {
        let detail = format!(
            "There is no destination `{id}` of the API's organization; create it at POST /api/v1/organizations/{organization}/destinations."
        );
        Problem::invalid("/destination", detail)
    })
}

/// The destinations of an organization, how the caller stands to them, and how many publications each has.
pub async fn list(
    cx: &Cx,
    organization: &id::OrganizationId,
) -> Result<(Vec<Destination>, Standing, HashMap<id::DestinationId, i64>), Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let standing = organization::standing(cx, &mut tx, organization).await?;
    cx.may_see(standing, Verb::OrganizationRead, "organization")?;
    organization::find(&mut tx, organization).await?.ok_or_else(|| Problem::not_found("organization"))?;
    let all = sql::of_organization(&mut tx, organization).await?;
    let ids: Vec<id::DestinationId> = all.iter().map(|d| d.id.clone()).collect();
    let counts = versions::count_publications_at(&mut tx, &ids).await?.into_iter().collect();
    Ok((all, standing, counts))
}

/// Names an address that the gateway may forward to.
pub async fn create(
    cx: &Cx,
    organization: &id::OrganizationId,
    name: &str,
    url: &str,
) -> Result<(Destination, Standing, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let standing = organization::standing(cx, &mut tx, organization).await?;
    cx.may_see(standing, Verb::OrganizationRead, "organization")?;
    cx.may(standing, Verb::OrganizationProvide)?;
    organization::find(&mut tx, organization).await?.ok_or_else(|| Problem::not_found("organization"))?;
    let destination = gather(|wrong| Destination {
        id: id::DestinationId::new(cx.now),
        version: 1,
        organization: organization.clone(),
        name: wrong.of(text::name("/name", name)),
        url: wrong.of(rule::destination_url("/url", url)),
        created_at: cx.now,
    })?;
    sql::insert(&mut tx, &destination).await?;
    let change = cx
        .change("destination.created", Kind::Destination, &destination.id)
        .touching(Kind::Organization, organization)
        .detailing(json!({"after": facts(&destination)}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((destination, standing, seq))
}

fn facts(destination: &Destination) -> serde_json::Value {
    json!({"name": destination.name, "url": destination.url})
}

/// Renames a destination or points it elsewhere; calls go there from the next one on.
pub async fn edit(
    cx: &Cx,
    id: &id::DestinationId,
    name: Option<&str>,
    url: Option<&str>,
) -> Result<(Destination, Standing, i64, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let before = sql::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("destination"))?;
    let standing = organization::standing(cx, &mut tx, &before.organization).await?;
    cx.may_see(standing, Verb::OrganizationRead, "destination")?;
    cx.may(standing, Verb::OrganizationProvide)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    gather(|wrong| {
        wrong.set(&mut after.name, name.map(|name| text::name("/name", name)));
        wrong.set(&mut after.url, url.map(|url| rule::destination_url("/url", url)));
    })?;
    after.version = sql::put(&mut tx, &after).await?;
    let change = cx
        .change("destination.edited", Kind::Destination, id)
        .touching(Kind::Organization, &after.organization)
        .detailing(json!({"before": facts(&before), "after": facts(&after)}));
    let publications = versions::publications_at(&mut tx, id).await?.len();
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, standing, i64::try_from(publications).unwrap_or(i64::MAX), seq))
}

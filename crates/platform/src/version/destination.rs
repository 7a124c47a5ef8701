//! What can be done with destinations.

use super::{Destination, rule, sql};
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use crate::{organization, text};
use base::{Kind, Problem, id};
use serde_json::json;

/// The destinations of an organization.
pub async fn list(cx: &Cx, organization: &id::OrganizationId) -> Result<Vec<Destination>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let standing = organization::standing(cx, &mut tx, organization).await?;
    cx.may_see(standing, Verb::OrganizationRead, "organization")?;
    organization::find(&mut tx, organization).await?.ok_or_else(|| Problem::not_found("organization"))?;
    sql::destinations(&mut tx, organization).await
}

/// Names an address that the gateway may forward to.
pub async fn create(
    cx: &Cx,
    organization: &id::OrganizationId,
    name: &str,
    url: &str,
) -> Result<(Destination, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let standing = organization::standing(cx, &mut tx, organization).await?;
    cx.may_see(standing, Verb::OrganizationRead, "organization")?;
    cx.may(standing, Verb::OrganizationProvide)?;
    organization::find(&mut tx, organization).await?.ok_or_else(|| Problem::not_found("organization"))?;
    let destination = Destination {
        id: id::DestinationId::new(cx.now),
        version: 1,
        organization: organization.clone(),
        name: text::name("/name", name)?,
        url: rule::destination_url("/url", url)?,
        created_at: cx.now,
    };
    sql::insert_destination(&mut tx, &destination).await?;
    let change = cx
        .change("destination.created", Kind::Destination, &destination.id)
        .touching(Kind::Organization, organization)
        .detailing(json!({"name": destination.name, "url": destination.url}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((destination, seq))
}

/// Renames a destination or points it elsewhere; calls go there from the next one on.
pub async fn edit(
    cx: &Cx,
    id: &id::DestinationId,
    name: Option<&str>,
    url: Option<&str>,
) -> Result<(Destination, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let before = sql::find_destination(&mut tx, id).await?.ok_or_else(|| Problem::not_found("destination"))?;
    let standing = organization::standing(cx, &mut tx, &before.organization).await?;
    cx.may_see(standing, Verb::OrganizationRead, "destination")?;
    cx.may(standing, Verb::OrganizationProvide)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    if let Some(name) = name {
        after.name = text::name("/name", name)?;
    }
    if let Some(url) = url {
        after.url = rule::destination_url("/url", url)?;
    }
    after.version = sql::put_destination(&mut tx, &after).await?;
    let change = cx
        .change("destination.edited", Kind::Destination, id)
        .touching(Kind::Organization, &after.organization)
        .detailing(json!({"before": {"name": before.name, "url": before.url}, "after": {"name": after.name, "url": after.url}}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, seq))
}

//! Publishing a revision of a version to an environment, and taking it back.

use super::{Shown, shown, sql, visible};
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use crate::environment;
use crate::version::fence::{self, Act, Overrides};
use crate::version::lifecycle::{self, Action};
use crate::version::{Publication, destination, revision, settings};
use base::{Kind, Problem, id};
use serde_json::{Value, json};
use store::Conn;

/// What to publish.
pub struct Wanted<'a> {
    /// Where calls go.
    pub destination: &'a id::DestinationId,
    /// Which revision; the newest unless given.
    pub revision: Option<i64>,
}

/// Publishes a revision to an environment, in the place of whatever is published there. From the next call on callers get
/// it, and nothing that is changed afterwards until it is published again.
///
/// # Errors
/// 403, also when the API's profile does not allow it (C26 to C30); 404; 409 while retired; 422 if the destination is
/// another organization's, or a gateway cannot keep to the revision's settings yet.
pub async fn publish(
    cx: &Cx,
    id: &id::VersionId,
    environment: &str,
    wanted: Wanted<'_>,
) -> Result<(Shown, i64), Problem> {
    let mut tx = cx.write().await?;
    let (mut version, api, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    cx.expect_version(version.version)?;
    let environment = environment::require(&mut tx, environment, "environment").await?;
    lifecycle::check(Action::Publish, version.state(cx.now))?;
    let target = destination::find_destination_of(&mut tx, wanted.destination, &api.organization).await?;
    let fence = fence::of(cx, &mut tx, &api).await?;
    let mut used = Overrides::default();
    fence.pass(&Act::Publish, &mut used)?;
    fence.pass(&Act::PublishTo(&environment.id, &environment.slug), &mut used)?;
    fence.pass(&Act::Forward(&target.name), &mut used)?;
    let number = wanted.revision.unwrap_or(version.newest);
    let missing = || Problem::invalid("/revision", format!("The version has no revision {number}."));
    let content = sql::find_at(&mut tx, id, number).await?.ok_or_else(missing)?;
    let names = revision::operations(&mut tx, id, content.document).await?;
    settings::publishable(&content.settings, &|name| names.iter().any(|o| o.name == name))?;

    let before = sql::find_publication(&mut tx, id, &environment.id).await?;
    let publication = Publication {
        version: version.id.clone(),
        environment: environment.id.clone(),
        destination: target.id.clone(),
        revision: number,
        published_at: cx.now,
    };
    sql::put_publication(&mut tx, &publication).await?;
    let environments = sql::publications(&mut tx, id).await?.len();
    version.kept_state = lifecycle::published(version.kept_state, environments);
    // The row of the version guards its publications: one that is retired meanwhile is not published.
    version.version = sql::put(&mut tx, &version).await?;
    let was = told(&mut tx, before.as_ref()).await?;
    let change = cx
        .change("version.published", Kind::Version, id)
        .touching(Kind::Api, &api.id)
        .touching(Kind::Environment, &environment.id)
        .detailing(used.told(json!({
            "version": version.name, "environment": environment.slug, "destination": target.name, "revision": number,
            "before": was, "after": {"destination": target.name, "revision": number},
        })));
    let shown = shown(cx, &mut tx, version, api, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

/// What the trail keeps of a publication: where its calls went, and which revision answered.
async fn told(conn: &mut Conn, publication: Option<&Publication>) -> Result<Option<Value>, Problem> {
    let Some(publication) = publication else { return Ok(None) };
    let destination = destination::find(conn, &publication.destination).await?.map(|d| d.name);
    Ok(Some(json!({"destination": destination, "revision": publication.revision})))
}

/// Takes a version out of an environment; its calls are 404 from the next one on (C75).
///
/// # Errors
/// 403, 404.
pub async fn unpublish(cx: &Cx, id: &id::VersionId, environment: &str) -> Result<(Shown, i64), Problem> {
    let mut tx = cx.write().await?;
    let (mut version, api, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    cx.expect_version(version.version)?;
    let environment = environment::require(&mut tx, environment, "environment").await?;
    let before = sql::find_publication(&mut tx, id, &environment.id).await?;
    let was = told(&mut tx, before.as_ref()).await?;
    if !sql::delete_publication(&mut tx, id, &environment.id).await? {
        return Err(Problem::not_found("publication"));
    }
    lifecycle::check(Action::Unpublish, version.state(cx.now))?;
    let environments = sql::publications(&mut tx, id).await?.len();
    version.kept_state = lifecycle::published(version.kept_state, environments);
    version.version = sql::put(&mut tx, &version).await?;
    let change = cx
        .change("version.unpublished", Kind::Version, id)
        .touching(Kind::Api, &api.id)
        .touching(Kind::Environment, &environment.id)
        .detailing(json!({
            "version": version.name, "environment": environment.slug,
            "before": was, "after": null,
        }));
    let shown = shown(cx, &mut tx, version, api, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

/// An id, a name, and which limit of the profile stands in the way.
pub type Choice = (String, String, Option<&'static str>);

/// The environments and destinations that a designer may choose from.
///
/// # Errors
/// 403 for others.
pub async fn choices(cx: &Cx, id: &id::VersionId) -> Result<(Vec<Choice>, Vec<Choice>), Problem> {
    let mut tx = cx.read().await?;
    let (_, api, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    let fence = fence::of(cx, &mut tx, &api).await?;
    let publish = fence.obstacle(&Act::Publish);
    let environments = environment::all(&mut tx).await?.into_iter().map(|e| {
        let obstacle = publish.or(fence.obstacle(&Act::PublishTo(&e.id, &e.slug)));
        (e.id.to_string(), e.name, obstacle)
    });
    let environments = environments.collect();
    let destinations = destination::of_organization(&mut tx, &api.organization).await?.into_iter().map(|d| {
        let obstacle = fence.obstacle(&Act::Forward(&d.name));
        (d.id.to_string(), d.name, obstacle)
    });
    Ok((environments, destinations.collect()))
}

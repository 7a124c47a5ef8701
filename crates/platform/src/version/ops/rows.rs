//! What gateways know of publications.

use super::sql;
use crate::api::{self, Api};
use crate::cx::Settings;
use crate::environment;
use crate::version::lifecycle::State;
use crate::version::{Version, destination, revision};
use base::{Problem, id};
use snapshot::{EndingRow, OperationRow, PublicationRow, SuccessorRow};
use store::Conn;

/// Which publications a gateway must look at again: of an API, at a destination, or all.
pub enum Which<'a> {
    /// Those of an API.
    Api(&'a id::ApiId),
    /// Those that forward to a destination.
    Destination(&'a id::DestinationId),
    /// Those in an environment whose version is on its way out: they name addresses in it.
    Ending(&'a id::EnvironmentId),
    /// All of them.
    All,
}

/// The (version, environment) pairs of publications.
///
/// # Errors
/// Those of the database.
pub async fn publications_of(
    conn: &mut Conn,
    which: Which<'_>,
) -> Result<Vec<(id::VersionId, id::EnvironmentId)>, Problem> {
    let rows = match which {
        Which::Destination(id) => sql::publications_at(conn, id).await?,
        Which::All => sql::all_publications(conn).await?,
        Which::Ending(id) => {
            let versions = sql::ending_in(conn, id).await?;
            return Ok(versions.into_iter().map(|version| (version, id.clone())).collect());
        }
        Which::Api(id) => {
            let mut rows = Vec::new();
            for version in sql::of_api(conn, id).await? {
                rows.extend(sql::publications(conn, &version.id).await?);
            }
            rows
        }
    };
    Ok(rows.into_iter().map(|p| (p.version, p.environment)).collect())
}

/// A version and those that it succeeds, which name its address: what gateways look at again when it changes.
///
/// # Errors
/// Those of the database.
pub async fn following(conn: &mut Conn, id: &id::VersionId) -> Result<Vec<id::VersionId>, Problem> {
    let mut all = sql::preceding(conn, id).await?;
    all.push(id.clone());
    Ok(all)
}

/// What a gateway knows of a version in an environment: the revision that is published there. `None` if none is.
///
/// # Errors
/// Those of the database.
pub async fn publication_row(
    conn: &mut Conn,
    platform: &Settings,
    version: &id::VersionId,
    environment: &id::EnvironmentId,
) -> Result<Option<PublicationRow>, Problem> {
    let Some(publication) = sql::find_publication(conn, version, environment).await? else { return Ok(None) };
    let Some(found) = sql::find_at(conn, version, publication.revision).await? else { return Ok(None) };
    let Some(api) = api::find(conn, &found.api).await? else { return Ok(None) };
    let Some(destination) = destination::find(conn, &publication.destination).await? else { return Ok(None) };
    let operations = revision::operations(conn, version, found.document).await?;
    let ending = ending(conn, platform, &found, &api, environment).await?;
    let mut own = found.settings.operations;
    Ok(Some(PublicationRow {
        version: found.id,
        api: api.id,
        environment: environment.clone(),
        api_slug: api.slug,
        version_name: found.name,
        subscription_required: api.subscription_required,
        security: found.settings.security,
        upstreams: vec![destination.url],
        forward_everything: found.settings.forward_everything,
        modification: found.settings.request_modification,
        operations: operations
            .into_iter()
            .map(|o| {
                let own = own.remove(&o.name).unwrap_or_default();
                OperationRow {
                    name: o.name,
                    method: o.method,
                    path: o.path,
                    scopes: o.scopes,
                    security: own.security,
                    modification: own.request_modification,
                }
            })
            .collect(),
        ending,
    }))
}

async fn ending(
    conn: &mut Conn,
    platform: &Settings,
    version: &Version,
    api: &Api,
    environment: &id::EnvironmentId,
) -> Result<Option<EndingRow>, Problem> {
    if !matches!(version.kept_state, State::Deprecated | State::Retired) {
        return Ok(None);
    }
    let page = format!("{}/apis/{}/changelog", platform.public_url.trim_end_matches('/'), api.id);
    let end = &version.end;
    let successor = match &end.successor {
        Some(id) => sql::find(conn, id).await?.filter(|next| next.kept_state != State::Retired),
        None => None,
    };
    let successor = match successor {
        Some(next) => {
            let here = match sql::find_publication(conn, &next.id, environment).await? {
                Some(_) => environment::find(conn, environment).await?,
                None => None,
            };
            // Where it cannot be called here, its page says where it can.
            let url = here.map_or_else(
                || page.clone(),
                |e| format!("{}/{}/{}", e.base_url(&platform.gateway_url), api.slug, next.name),
            );
            Some(SuccessorRow { name: next.name, url })
        }
        None => None,
    };
    let link = if end.link.is_empty() { page } else { end.link.clone() };
    Ok(Some(EndingRow {
        deprecated_at: end.deprecated_at.unwrap_or_default(),
        sunset_at: end.sunset_at,
        retired_at: end.retired_at,
        link,
        successor,
    }))
}

//! What can be done with versions, destinations and publications.

use super::{Destination, Operation, Publication, Version, rule, sql};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::document::{self, Document};
use crate::{api, environment, text};
use api::Api;
use base::{Change, Kind, Problem, ProblemKind, id};
use serde_json::json;
use snapshot::{OperationRow, PublicationRow, Scheme};
use store::Conn;

pub use super::destination::{create as create_destination, edit as edit_destination, list as destinations};

/// A version that the caller may see, with its API.
///
/// # Errors
/// 404 if there is none that they may see.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: &id::VersionId) -> Result<(Version, Api, Standing), Problem> {
    let version = sql::find(conn, id).await?.ok_or_else(|| cx.absent("version"))?;
    let (api, standing) = api::visible(cx, conn, &version.api).await.map_err(|p| p.instead("version"))?;
    Ok((version, api, standing))
}

/// A version with what its page shows.
pub struct Shown {
    pub version: Version,
    pub api: Api,
    pub standing: Standing,
    pub operations: i64,
    pub publications: Vec<(Publication, environment::Environment, String)>,
}

async fn shown(conn: &mut Conn, version: Version, api: Api, standing: Standing) -> Result<Shown, Problem> {
    let operations = sql::count_operations(conn, &version.id).await?;
    let mut publications = Vec::new();
    for publication in sql::publications(conn, &version.id).await? {
        if let Some(environment) = environment::find(conn, &publication.environment).await? {
            let destination = sql::find_destination(conn, &publication.destination).await?;
            publications.push((publication, environment, destination.map(|d| d.name).unwrap_or_default()));
        }
    }
    Ok(Shown { version, api, standing, operations, publications })
}

pub async fn list(cx: &Cx, api: &id::ApiId) -> Result<Vec<Shown>, Problem> {
    let mut tx = cx.read().await?;
    let (api, standing) = api::visible(cx, &mut tx, api).await?;
    let mut out = Vec::new();
    for version in sql::of_api(&mut tx, &api.id).await? {
        out.push(shown(&mut tx, version, api.clone(), standing).await?);
    }
    Ok(out)
}

pub async fn get(cx: &Cx, id: &id::VersionId) -> Result<Shown, Problem> {
    let mut tx = cx.read().await?;
    let (version, api, standing) = visible(cx, &mut tx, id).await?;
    shown(&mut tx, version, api, standing).await
}

/// The document as it was uploaded, and its format.
pub async fn document(cx: &Cx, id: &id::VersionId) -> Result<(String, String), Problem> {
    let mut tx = cx.read().await?;
    let (version, ..) = visible(cx, &mut tx, id).await?;
    let text = sql::document(&mut tx, id).await?.ok_or_else(|| Problem::not_found("document"))?;
    Ok((text, version.format))
}

pub async fn operations(cx: &Cx, id: &id::VersionId) -> Result<Vec<Operation>, Problem> {
    let mut tx = cx.read().await?;
    visible(cx, &mut tx, id).await?;
    sql::operations(&mut tx, id).await
}

/// A version that was just uploaded.
pub struct Uploaded {
    pub shown: Shown,
    pub notes: Vec<document::Note>,
    pub change: i64,
}

/// Reads an OpenAPI document and makes a version of it. Notes are advice, never a wall.
///
/// # Errors
/// 422 if the document cannot be understood, 409 if the name is taken.
pub async fn upload(cx: &Cx, api: &id::ApiId, name: Option<&str>, bytes: &[u8]) -> Result<Uploaded, Problem> {
    cx.signed()?;
    {
        let mut tx = cx.read().await?;
        let (_, standing) = api::visible(cx, &mut tx, api).await?;
        cx.may(standing, Verb::ApiEdit)?;
    }
    let owned = bytes.to_vec();
    let document =
        tokio::task::spawn_blocking(move || document::inspect(&owned)).await.map_err(Problem::internal)??;
    let text = String::from_utf8_lossy(bytes).into_owned();
    let name = match name {
        Some(name) => text::slug("name", name)?,
        None => version_name(&document.version),
    };
    let version = Version {
        id: id::VersionId::new(cx.now),
        version: 1,
        api: api.clone(),
        name,
        title: document.title.chars().take(200).collect(),
        format: if document.format == document::Format::Json { "json" } else { "yaml" }.to_owned(),
        security: rule::usual_security(),
        forward_everything: false,
        created_at: cx.now,
    };
    let mut tx = cx.write().await?;
    let (api, standing) = api::visible(cx, &mut tx, api).await?;
    cx.may(standing, Verb::ApiEdit)?;
    sql::insert(&mut tx, &version, &text).await?;
    insert_operations(&mut tx, &version.id, &document).await?;
    let shown = shown(&mut tx, version, api, standing).await?;
    let change = cx
        .change("version.uploaded", Kind::Version, &shown.version.id)
        .touching(Kind::Api, &shown.api.id)
        .detailing(json!({"name": shown.version.name, "title": shown.version.title, "operations": shown.operations}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok(Uploaded { shown, notes: document.notes, change: seq })
}

async fn insert_operations(conn: &mut Conn, version: &id::VersionId, document: &Document) -> Result<(), Problem> {
    for (position, operation) in (0_i64..).zip(&document.operations) {
        let row = Operation {
            name: operation.name.clone(),
            method: operation.method.clone(),
            path: operation.path.clone(),
            summary: operation.summary.clone().unwrap_or_default(),
            scopes: operation.scopes.clone(),
            demands: demands(document, operation),
        };
        sql::insert_operation(conn, version, position, &row).await?;
    }
    Ok(())
}

/// How many required parameters, those of the path aside, and bodies an operation has.
fn demands(document: &Document, operation: &document::Operation) -> i64 {
    let required = |value: &serde_json::Value| value.get("required").and_then(serde_json::Value::as_bool) == Some(true);
    let parameters = document.parameters(operation);
    let wanted = parameters.iter().filter(|p| p.get("in").is_some_and(|place| place != "path") && required(p)).count();
    let body =
        document.described(operation).and_then(|o| document.resolve(o.get("requestBody")?)).is_some_and(required);
    i64::try_from(wanted).unwrap_or(i64::MAX).saturating_add(i64::from(body))
}

/// The word for a version in URLs: `3.1.4` becomes `v3`, anything that is already a word stays.
pub fn version_name(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let major: String = text.trim_start_matches('v').chars().take_while(char::is_ascii_digit).collect();
    if !major.is_empty() {
        return format!("v{major}");
    }
    let slug = text::slug_from(&text);
    if slug.is_empty() { "v1".to_owned() } else { slug }
}

/// What to change of a version.
pub struct VersionEdit {
    pub security: Option<Vec<Scheme>>,
    pub forward_everything: Option<bool>,
}

pub async fn edit(cx: &Cx, id: &id::VersionId, edit: VersionEdit) -> Result<(Shown, i64), Problem> {
    let mut tx = cx.write().await?;
    let (before, api, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    if let Some(security) = edit.security {
        crate::scheme::check("/security", &security)?;
        after.security = security;
    }
    after.forward_everything = edit.forward_everything.unwrap_or(after.forward_everything);
    after.version = sql::put(&mut tx, &after).await?;
    let change = cx.change("version.edited", Kind::Version, id).touching(Kind::Api, &api.id).detailing(json!({
        "before": {"security": before.security, "forward_everything": before.forward_everything},
        "after": {"security": after.security, "forward_everything": after.forward_everything},
    }));
    let shown = shown(&mut tx, after, api, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

/// Publishes a version to an environment, or points its publication at another destination.
///
/// # Errors
/// 403, 404, 422 if the destination is another organization's.
pub async fn publish(
    cx: &Cx,
    id: &id::VersionId,
    environment: &str,
    destination: &id::DestinationId,
) -> Result<(Shown, i64), Problem> {
    let mut tx = cx.write().await?;
    let (version, api, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    let environment = environment::require(&mut tx, environment, "environment").await?;
    let target = sql::find_destination(&mut tx, destination).await?.filter(|d| d.organization == api.organization);
    let Some(target) = target else {
        let detail = format!(
            "There is no destination `{destination}` of the API's organization; create it at POST /api/v1/organizations/{}/destinations.",
            api.organization
        );
        return Err(Problem::invalid("/destination", detail));
    };
    let publication = Publication {
        version: version.id.clone(),
        environment: environment.id.clone(),
        destination: target.id.clone(),
        published_at: cx.now,
    };
    sql::put_publication(&mut tx, &publication).await?;
    let change = cx
        .change("version.published", Kind::Version, id)
        .touching(Kind::Api, &api.id)
        .touching(Kind::Environment, &environment.id)
        .detailing(json!({"version": version.name, "environment": environment.slug, "destination": target.name}));
    let shown = shown(&mut tx, version, api, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

/// Takes a version out of an environment; its calls are 404 from the next one on (C75).
pub async fn unpublish(cx: &Cx, id: &id::VersionId, environment: &str) -> Result<(Shown, i64), Problem> {
    let mut tx = cx.write().await?;
    let (version, api, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    let environment = environment::require(&mut tx, environment, "environment").await?;
    if !sql::delete_publication(&mut tx, id, &environment.id).await? {
        return Err(Problem::not_found("publication"));
    }
    let change = cx
        .change("version.unpublished", Kind::Version, id)
        .touching(Kind::Api, &api.id)
        .touching(Kind::Environment, &environment.id)
        .detailing(json!({"version": version.name, "environment": environment.slug}));
    let shown = shown(&mut tx, version, api, standing).await?;
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

/// A version and where it is published, without what is large.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its API.
    pub api: id::ApiId,
    /// The version.
    pub id: id::VersionId,
    /// Its name.
    pub name: String,
    /// How callers authenticate.
    pub security: Vec<Scheme>,
    /// Where it is published.
    pub environments: Vec<id::EnvironmentId>,
}

/// The versions of these APIs, the published ones first, else in the order of their making.
///
/// # Errors
/// Those of the database.
pub async fn releases(conn: &mut Conn, apis: &[id::ApiId]) -> Result<Vec<Release>, Problem> {
    let mut all = sql::releases(conn, apis).await?;
    all.sort_by_key(|release| release.environments.is_empty());
    Ok(all)
}

/// The titles of an API's versions.
///
/// # Errors
/// Those of the database.
pub async fn titles(conn: &mut Conn, api: &id::ApiId) -> Result<Vec<String>, Problem> {
    Ok(sql::of_api(conn, api).await?.into_iter().map(|version| version.title).collect())
}

/// A version, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::VersionId) -> Result<Option<Version>, Problem> {
    sql::find(conn, id).await
}

/// A destination, by id.
///
/// # Errors
/// Those of the database.
pub async fn find_destination(conn: &mut Conn, id: &id::DestinationId) -> Result<Option<Destination>, Problem> {
    sql::find_destination(conn, id).await
}

/// The text of a version's document.
///
/// # Errors
/// Those of the database.
pub async fn document_of(conn: &mut Conn, id: &id::VersionId) -> Result<Option<String>, Problem> {
    sql::document(conn, id).await
}

/// The operations of a version, in the order of its document.
///
/// # Errors
/// Those of the database.
pub async fn operations_of(conn: &mut Conn, id: &id::VersionId) -> Result<Vec<Operation>, Problem> {
    sql::operations(conn, id).await
}

/// Which publications a gateway must look at again: of a version, of an API, at a destination, or all.
pub enum Which<'a> {
    /// Those of an API.
    Api(&'a id::ApiId),
    /// Those that forward to a destination.
    Destination(&'a id::DestinationId),
    /// All of them.
    All,
}

/// Deletes the versions of an API that is deleted, inside the caller's transaction: the changes to commit with it.
///
/// # Errors
/// Those of the database.
pub async fn remove_all(cx: &Cx, conn: &mut Conn, api: &Api) -> Result<Vec<Change>, Problem> {
    let mut changes = Vec::new();
    for version in sql::of_api(conn, &api.id).await? {
        sql::delete(conn, &version).await?;
        changes.push(deleted(cx, &version));
    }
    Ok(changes)
}

fn deleted(cx: &Cx, version: &Version) -> Change {
    let detail = json!({"name": version.name, "title": version.title});
    cx.change("version.deleted", Kind::Version, &version.id).touching(Kind::Api, &version.api).detailing(detail)
}

/// Deletes a version that is published nowhere.
///
/// # Errors
/// 409 while it is published.
pub async fn remove(cx: &Cx, id: &id::VersionId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (version, _, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    cx.expect_version(version.version)?;
    if !sql::publications(&mut tx, id).await?.is_empty() {
        let detail = "The version is published; take it out of its environments first.";
        return Err(Problem::new(ProblemKind::InUse, detail).with("reason", "published"));
    }
    sql::delete(&mut tx, &version).await?;
    cx.commit(tx, vec![deleted(cx, &version)]).await
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

/// What a gateway knows of a version in an environment; `None` if it is not published there.
///
/// # Errors
/// Those of the database.
pub async fn publication_row(
    conn: &mut Conn,
    version: &id::VersionId,
    environment: &id::EnvironmentId,
) -> Result<Option<PublicationRow>, Problem> {
    let Some(publication) = sql::find_publication(conn, version, environment).await? else { return Ok(None) };
    let Some(found) = sql::find(conn, version).await? else { return Ok(None) };
    let Some(api) = api::find(conn, &found.api).await? else { return Ok(None) };
    let Some(destination) = sql::find_destination(conn, &publication.destination).await? else { return Ok(None) };
    let operations = sql::operations(conn, version).await?;
    Ok(Some(PublicationRow {
        version: found.id,
        api: api.id,
        environment: environment.clone(),
        api_slug: api.slug,
        version_name: found.name,
        subscription_required: api.subscription_required,
        security: found.security,
        upstreams: vec![destination.url],
        forward_everything: found.forward_everything,
        operations: operations
            .into_iter()
            .map(|o| OperationRow { name: o.name, method: o.method, path: o.path, scopes: o.scopes })
            .collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::version_name;

    #[test]
    fn a_version_is_called_by_its_major_number() {
        assert_eq!(version_name("3.1.4"), "v3");
        assert_eq!(version_name("v2"), "v2");
        assert_eq!(version_name("Beta Two"), "beta-two");
        assert_eq!(version_name(""), "v1");
    }
}

//! What can be done with versions.

mod life;
mod publish;
mod rows;

pub use life::{Announcement, deprecate, keep_time, reschedule, retire, run, undeprecate};
pub use publish::{Wanted, choices, publish, unpublish};
pub use rows::{Which, following, publication_row, publications_of};

use super::fence::{self, Act, Fence, Kind as Made, Overrides};
use super::lifecycle::{self, Action, State};
use super::revision::{self, Fresh};
use super::settings::{self, Implementation, Settings};
use super::{End, Operation, Publication, Version, destination, rule, sql};
use crate::api::Api;
use crate::authz::{self, Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::environment::Environment;
use crate::{api, document, environment, text};
use base::{Change, Kind, Problem, ProblemKind, Timestamp, id};
use serde_json::json;
use snapshot::{Modification, Scheme};
use store::Conn;

/// A version that the caller may see, with its API and its newest revision.
///
/// # Errors
/// 404 if there is none that they may see.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: &id::VersionId) -> Result<(Version, Api, Standing), Problem> {
    let version = sql::find(conn, id).await?.ok_or_else(|| cx.absent("version"))?;
    let (api, standing) = api::visible(cx, conn, &version.api).await.map_err(|p| p.instead("version"))?;
    if version.kept_state == State::Draft && !authz::may(standing, Verb::ApiEdit) {
        return Err(cx.absent("version"));
    }
    Ok((version, api, standing))
}

/// The same with the content that this caller is to read: what is published, and for designers what it is now.
///
/// # Errors
/// 404 if there is none that they may see.
pub async fn readable(cx: &Cx, conn: &mut Conn, id: &id::VersionId) -> Result<(Version, Api, Standing), Problem> {
    let (version, api, standing) = visible(cx, conn, id).await?;
    if authz::may(standing, Verb::ApiEdit) {
        return Ok((version, api, standing));
    }
    let public = sql::find_public(conn, id).await?.ok_or_else(|| cx.absent("version"))?;
    Ok((public, api, standing))
}

/// Where a version is published.
pub struct Place {
    pub publication: Publication,
    pub environment: Environment,
    /// The name of the destination.
    pub destination: String,
}

/// A version with what its page shows.
pub struct Shown {
    pub version: Version,
    pub api: Api,
    pub standing: Standing,
    pub fence: Fence,
    pub operations: i64,
    pub places: Vec<Place>,
    /// What comes after it, if it is still there.
    pub successor: Option<Version>,
}

pub async fn shown(cx: &Cx, conn: &mut Conn, version: Version, api: Api, standing: Standing) -> Result<Shown, Problem> {
    let operations = revision::count_operations(conn, &version.id, version.document).await?;
    let mut places = Vec::new();
    for publication in sql::publications(conn, &version.id).await? {
        if let Some(environment) = environment::find(conn, &publication.environment).await? {
            let destination = destination::find(conn, &publication.destination).await?;
            places.push(Place {
                publication,
                environment,
                destination: destination.map(|d| d.name).unwrap_or_default(),
            });
        }
    }
    let successor = match &version.end.successor {
        Some(id) => sql::find(conn, id).await?,
        None => None,
    };
    let designs = authz::may(standing, Verb::ApiEdit);
    let fence = if designs { fence::of(cx, conn, &api).await? } else { Fence::default() };
    Ok(Shown { version, api, standing, fence, operations, places, successor })
}

pub async fn list(cx: &Cx, api: &id::ApiId) -> Result<Vec<Shown>, Problem> {
    let mut tx = cx.read().await?;
    let (api, standing) = api::visible(cx, &mut tx, api).await?;
    let designs = authz::may(standing, Verb::ApiEdit);
    let mut out = Vec::new();
    for version in sql::of_api(&mut tx, &api.id).await? {
        let version = match (designs, version.kept_state) {
            (true, _) => version,
            (false, State::Draft) => continue,
            (false, _) => sql::find_public(&mut tx, &version.id).await?.unwrap_or(version),
        };
        out.push(shown(cx, &mut tx, version, api.clone(), standing).await?);
    }
    Ok(out)
}

pub async fn get(cx: &Cx, id: &id::VersionId) -> Result<Shown, Problem> {
    let mut tx = cx.read().await?;
    let (version, api, standing) = readable(cx, &mut tx, id).await?;
    shown(cx, &mut tx, version, api, standing).await
}

/// The operations, what single ones say of their own, and whether the caller designs them.
pub async fn operations(cx: &Cx, id: &id::VersionId) -> Result<(Vec<Operation>, Settings, bool), Problem> {
    let mut tx = cx.read().await?;
    let (version, _, standing) = readable(cx, &mut tx, id).await?;
    let all = revision::operations(&mut tx, id, version.document).await?;
    Ok((all, version.settings, authz::may(standing, Verb::ApiEdit)))
}

/// A version that was just uploaded.
pub struct Uploaded {
    pub shown: Shown,
    pub notes: Vec<document::Note>,
    pub change: i64,
}

/// Reads an OpenAPI document and makes a version of it. Notes are advice, never a wall. What the API's profile specifies
/// is what the version begins with (C18, C20).
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
    let fresh = Fresh::read(bytes).await?;
    let name = match name {
        Some(name) => text::slug("name", name)?,
        None => version_name(&fresh.document.version),
    };
    let mut tx = cx.write().await?;
    let (api, standing) = api::visible(cx, &mut tx, api).await?;
    cx.may(standing, Verb::ApiEdit)?;
    let fence = fence::of(cx, &mut tx, &api).await?;
    let mut used = Overrides::default();
    if fresh.sets_security_of_operations() {
        fence.pass(&Act::DescribeOperationSecurity, &mut used)?;
    }
    let (settings, left_out) = template(&fence);
    let version = Version {
        id: id::VersionId::new(cx.now),
        version: 1,
        api: api.id.clone(),
        name,
        newest: 1,
        revision: 1,
        document: 1,
        title: fresh.title(),
        format: fresh.format(),
        settings,
        kept_state: State::Draft,
        end: End::default(),
        created_at: cx.now,
    };
    sql::insert(&mut tx, &version).await?;
    revision::first(cx, &mut tx, &version, &fresh).await?;
    let shown = shown(cx, &mut tx, version, api, standing).await?;
    let detail = json!({
        "name": shown.version.name, "title": shown.version.title, "operations": shown.operations,
        "after": settings::shown(&shown.version.settings),
    });
    let change = cx
        .change("version.uploaded", Kind::Version, &shown.version.id)
        .touching(Kind::Api, &shown.api.id)
        .detailing(used.told(detail));
    let seq = cx.commit(tx, vec![change]).await?;
    let notes = left_out.into_iter().chain(fresh.document.notes).collect();
    Ok(Uploaded { shown, notes, change: seq })
}

/// What a new version begins with, and what of its profile cannot be: profiles may be written for another product (C68).
fn template(fence: &Fence) -> (Settings, Option<document::Note>) {
    let read = |given: &serde_json::Map<String, serde_json::Value>| {
        let read = serde_json::from_value::<Modification>(given.clone().into()).map_err(|e| e.to_string())?;
        settings::modification("", &read).map_err(|p| p.detail)?;
        Ok(read)
    };
    let modification: Result<_, String> = fence.requestmod_defaults().map_or(Ok(None), |given| read(given).map(Some));
    let note = modification.as_ref().err().map(|why| {
        let name = fence.profile().map_or("", |profile| profile.name.as_str());
        document::Note::general(
            "profile-defaults",
            format!("The request modification of the profile `{name}` is not one of a version and was left out: {why}"),
        )
    });
    let settings = Settings {
        security: fence.security_defaults().unwrap_or_else(rule::usual_security),
        request_modification: modification.ok().flatten().unwrap_or_default(),
        ..Settings::default()
    };
    (settings, note)
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

/// What a fence calls an implementation.
pub const fn made(implementation: &Implementation) -> Made {
    match implementation {
        Implementation::Proxy {} => Made::Proxy,
        Implementation::Script { .. } => Made::Script,
        Implementation::Pipeline { .. } => Made::Pipeline,
    }
}

/// Passes if the fence lets the caller go from these settings to those (C19, C21 to C25).
///
/// # Errors
/// 403 `fenced` for the first difference that it does not.
pub fn settings_pass(fence: &Fence, from: &Settings, to: &Settings, used: &mut Overrides) -> Result<(), Problem> {
    if from.security != to.security {
        fence.pass(&Act::SetSecurity, used)?;
    }
    if from.request_modification != to.request_modification {
        fence.pass(&Act::SetRequestModification, used)?;
    }
    if from.implementation != to.implementation {
        fence.pass(&Act::Implement(made(&to.implementation)), used)?;
    }
    let names: std::collections::BTreeSet<&String> = from.operations.keys().chain(to.operations.keys()).collect();
    for name in names {
        let (before, after) = (from.operations.get(name).cloned(), to.operations.get(name).cloned());
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        if before.security != after.security {
            fence.pass(&Act::SetOperationSecurity, used)?;
        }
        if before.request_modification != after.request_modification {
            fence.pass(&Act::SetRequestModification, used)?;
        }
        if before.implementation != after.implementation {
            let then = after.implementation.as_ref().unwrap_or(&to.implementation);
            fence.pass(&Act::ImplementOperation(made(then)), used)?;
        }
    }
    Ok(())
}

/// A version and where it can be called, without what is large.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its API.
    pub api: id::ApiId,
    /// The version.
    pub id: id::VersionId,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// When it ends.
    pub sunset_at: Option<Timestamp>,
    /// How callers authenticate.
    pub security: Vec<Scheme>,
    /// Where it can be called: nowhere, once it is retired.
    pub environments: Vec<id::EnvironmentId>,
}

/// The versions of these APIs, those that can be called first, else in the order of their making.
///
/// # Errors
/// Those of the database.
pub async fn releases(conn: &mut Conn, apis: &[id::ApiId]) -> Result<Vec<Release>, Problem> {
    let mut all = sql::releases(conn, apis).await?;
    all.sort_by_key(|release| release.environments.is_empty());
    Ok(all)
}

/// The title of the document that is published; empty while none is.
///
/// # Errors
/// Those of the database.
pub async fn title_of(conn: &mut Conn, id: &id::VersionId) -> Result<String, Problem> {
    Ok(sql::find_public(conn, id).await?.map(|version| version.title).unwrap_or_default())
}

/// A version with its newest revision, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::VersionId) -> Result<Option<Version>, Problem> {
    sql::find(conn, id).await
}

/// The text of the document that is published; of the newest while none is.
///
/// # Errors
/// Those of the database.
pub async fn document_of(conn: &mut Conn, id: &id::VersionId) -> Result<Option<String>, Problem> {
    match sql::find_public(conn, id).await? {
        Some(version) => revision::document(conn, id, version.document).await,
        None => Ok(None),
    }
}

/// The operations of the document that is published; of the newest while none is. In the order of the document.
///
/// # Errors
/// Those of the database.
pub async fn operations_of(conn: &mut Conn, id: &id::VersionId) -> Result<Vec<Operation>, Problem> {
    match sql::find_public(conn, id).await? {
        Some(version) => revision::operations(conn, id, version.document).await,
        None => Ok(Vec::new()),
    }
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
    let detail = json!({"name": version.name, "before": {
        "name": version.name, "title": version.title, "state": version.state(cx.now), "revision": version.newest,
    }});
    cx.change("version.deleted", Kind::Version, &version.id).touching(Kind::Api, &version.api).detailing(detail)
}

/// Deletes a version that is retired, or published nowhere.
///
/// # Errors
/// 409 while it is published.
pub async fn remove(cx: &Cx, id: &id::VersionId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (version, _, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    cx.expect_version(version.version)?;
    let state = version.state(cx.now);
    if state != State::Retired && !sql::publications(&mut tx, id).await?.is_empty() {
        let detail = "The version is published; take it out of its environments first, or retire it.";
        return Err(Problem::new(ProblemKind::InUse, detail).with("reason", "published"));
    }
    lifecycle::check(Action::Delete, state)?;
    sql::delete(&mut tx, &version).await?;
    cx.commit(tx, vec![deleted(cx, &version)]).await
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

//! Versions and publications as rows.

use super::lifecycle::State;
use super::{End, Publication, Release, Version};
use crate::stored_json;
use base::{Problem, ProblemKind, Timestamp, id};
use std::collections::HashMap;
use store::{Conn, Row, sql};

/// Versions with the content of the revision that an expression names.
fn select(revision: &str) -> String {
    format!(
        "SELECT v.id, v.version, v.api_id, v.name, v.revision, v.state, v.deprecated_at, v.announced_at, v.sunset_at, \
         v.retired_at, v.successor_id, v.link, v.due_at, v.created_at, r.number, r.document, r.settings, d.title, \
         d.format FROM api_versions v \
         JOIN version_revisions r ON r.version_id = v.id AND r.number = {revision} \
         JOIN version_documents d ON d.version_id = v.id AND d.number = r.document"
    )
}

/// The newest.
const NEWEST: &str = "v.revision";
/// The newest that is published anywhere; the newest of all while none is.
const PUBLIC: &str = "COALESCE((SELECT MAX(p.revision) FROM publications p WHERE p.version_id = v.id), v.revision)";

fn version(row: &Row) -> Result<Version, Problem> {
    Ok(Version {
        id: row.get("id")?,
        version: row.get("version")?,
        api: row.get("api_id")?,
        name: row.get("name")?,
        newest: row.get("revision")?,
        revision: row.get("number")?,
        document: row.get("document")?,
        title: row.get("title")?,
        format: row.get("format")?,
        settings: stored_json(&row.get::<String>("settings")?)?,
        kept_state: State::read(&row.get::<String>("state")?)?,
        end: End {
            deprecated_at: row.get("deprecated_at")?,
            announced_at: row.get("announced_at")?,
            sunset_at: row.get("sunset_at")?,
            retired_at: row.get("retired_at")?,
            successor: row.get("successor_id")?,
            link: row.get("link")?,
            due_at: row.get("due_at")?,
        },
        created_at: row.get("created_at")?,
    })
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::VersionId]) -> Result<HashMap<id::VersionId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM api_versions", ids).await
}

/// The APIs of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn apis_of(conn: &mut Conn, ids: &[id::VersionId]) -> Result<HashMap<id::VersionId, id::ApiId>, Problem> {
    crate::owners_of(conn, "SELECT id, api_id AS owner FROM api_versions", ids).await
}

/// With its newest revision.
pub async fn find(conn: &mut Conn, id: &id::VersionId) -> Result<Option<Version>, Problem> {
    let text = format!("{} WHERE v.id = $1", select(NEWEST));
    sql(text).bind(id).find(conn).await?.as_ref().map(version).transpose()
}

/// With the newest revision that is published anywhere; the newest of all while none is.
pub async fn find_public(conn: &mut Conn, id: &id::VersionId) -> Result<Option<Version>, Problem> {
    let text = format!("{} WHERE v.id = $1", select(PUBLIC));
    sql(text).bind(id).find(conn).await?.as_ref().map(version).transpose()
}

/// With this revision.
pub async fn find_at(conn: &mut Conn, id: &id::VersionId, revision: i64) -> Result<Option<Version>, Problem> {
    let text = format!("{} WHERE v.id = $1", select("$2"));
    sql(text).bind(id).bind(revision).find(conn).await?.as_ref().map(version).transpose()
}

/// Each with its newest revision.
pub async fn of_api(conn: &mut Conn, api: &id::ApiId) -> Result<Vec<Version>, Problem> {
    let text = format!("{} WHERE v.api_id = $1 ORDER BY v.id", select(NEWEST));
    sql(text).bind(api).all(conn).await?.iter().map(version).collect()
}

/// Versions for which the clock has something to do, the longest overdue first.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<id::VersionId>, Problem> {
    let rows = sql("SELECT id FROM api_versions WHERE due_at <= $1 ORDER BY due_at LIMIT $2")
        .bind(now)
        .bind(limit)
        .all(conn)
        .await?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// Versions that this one succeeds.
pub async fn preceding(conn: &mut Conn, id: &id::VersionId) -> Result<Vec<id::VersionId>, Problem> {
    let rows = sql("SELECT id FROM api_versions WHERE successor_id = $1 ORDER BY id").bind(id).all(conn).await?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// Versions that are on their way out and published in this environment.
pub async fn ending_in(conn: &mut Conn, environment: &id::EnvironmentId) -> Result<Vec<id::VersionId>, Problem> {
    let rows = sql("SELECT v.id FROM publications p JOIN api_versions v ON v.id = p.version_id \
                    WHERE p.environment_id = $1 AND v.state IN ('deprecated', 'retired') ORDER BY v.id")
    .bind(environment)
    .all(conn)
    .await?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}

pub async fn insert(conn: &mut Conn, version: &Version) -> Result<(), Problem> {
    let done = sql("INSERT INTO api_versions (id, version, api_id, name, revision, state, created_at) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(&version.id)
    .bind(version.version)
    .bind(&version.api)
    .bind(&version.name)
    .bind(version.newest)
    .bind(version.kept_state.as_str())
    .bind(version.created_at)
    .run(conn)
    .await;
    match done {
        Err(e) if e.unique() == Some("api_versions_name") => {
            let detail = format!("This API has a version `{}` already; give another `name`.", version.name);
            Err(Problem::new(ProblemKind::Exists, detail.clone()).field("name", detail))
        }
        other => Ok(other.map(|_| ())?),
    }
}

/// Keeps which revision is the newest, the state, and the end.
pub async fn put(conn: &mut Conn, version: &Version) -> Result<i64, Problem> {
    let end = &version.end;
    let row = sql("UPDATE api_versions SET version = version + 1, revision = $3, state = $4, deprecated_at = $5, \
                   announced_at = $6, sunset_at = $7, retired_at = $8, successor_id = $9, link = $10, due_at = $11 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&version.id)
    .bind(version.version)
    .bind(version.newest)
    .bind(version.kept_state.as_str())
    .bind(end.deprecated_at)
    .bind(end.announced_at)
    .bind(end.sunset_at)
    .bind(end.retired_at)
    .bind(end.successor.as_ref())
    .bind(&end.link)
    .bind(end.due_at)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

pub async fn delete(conn: &mut Conn, version: &Version) -> Result<(), Problem> {
    let row = sql("DELETE FROM api_versions WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&version.id)
        .bind(version.version)
        .find(conn)
        .await?;
    crate::lost_race(row).map(drop)
}

fn publication(row: &Row) -> Result<Publication, Problem> {
    Ok(Publication {
        version: row.get("version_id")?,
        environment: row.get("environment_id")?,
        destination: row.get("destination_id")?,
        revision: row.get("revision")?,
        published_at: row.get("published_at")?,
    })
}

const PUBLICATION: &str = "version_id, environment_id, destination_id, revision, published_at";

pub async fn publications(conn: &mut Conn, version: &id::VersionId) -> Result<Vec<Publication>, Problem> {
    let text = format!("SELECT {PUBLICATION} FROM publications WHERE version_id = $1 ORDER BY environment_id");
    sql(text).bind(version).all(conn).await?.iter().map(publication).collect()
}

pub async fn publications_at(conn: &mut Conn, destination: &id::DestinationId) -> Result<Vec<Publication>, Problem> {
    let text = format!("SELECT {PUBLICATION} FROM publications WHERE destination_id = $1 ORDER BY version_id");
    sql(text).bind(destination).all(conn).await?.iter().map(publication).collect()
}

/// Every publication, for a gateway that starts.
pub async fn all_publications(conn: &mut Conn) -> Result<Vec<Publication>, Problem> {
    let text = format!("SELECT {PUBLICATION} FROM publications ORDER BY version_id, environment_id");
    sql(text).all(conn).await?.iter().map(publication).collect()
}

pub async fn find_publication(
    conn: &mut Conn,
    version: &id::VersionId,
    environment: &id::EnvironmentId,
) -> Result<Option<Publication>, Problem> {
    let text = format!("SELECT {PUBLICATION} FROM publications WHERE version_id = $1 AND environment_id = $2");
    sql(text).bind(version).bind(environment).find(conn).await?.as_ref().map(publication).transpose()
}

pub async fn put_publication(conn: &mut Conn, publication: &Publication) -> Result<(), Problem> {
    let text = format!(
        "INSERT INTO publications ({PUBLICATION}) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (version_id, environment_id) DO UPDATE SET destination_id = excluded.destination_id, \
         revision = excluded.revision, published_at = excluded.published_at"
    );
    sql(text)
        .bind(&publication.version)
        .bind(&publication.environment)
        .bind(&publication.destination)
        .bind(publication.revision)
        .bind(publication.published_at)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn delete_publication(
    conn: &mut Conn,
    version: &id::VersionId,
    environment: &id::EnvironmentId,
) -> Result<bool, Problem> {
    let gone = sql("DELETE FROM publications WHERE version_id = $1 AND environment_id = $2")
        .bind(version)
        .bind(environment)
        .run(conn)
        .await?;
    Ok(gone > 0)
}

/// The versions of these APIs with where they can be called, in the order of their making. Each says how callers
/// authenticate under the newest revision that is published.
pub async fn releases(conn: &mut Conn, apis: &[id::ApiId]) -> Result<Vec<Release>, Problem> {
    let mut out: Vec<Release> = Vec::new();
    for some in apis.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT v.api_id, v.id, v.name, v.state, v.sunset_at, r.settings, p.environment_id FROM api_versions v \
             JOIN version_revisions r ON r.version_id = v.id AND r.number = {PUBLIC} \
             LEFT JOIN publications p ON p.version_id = v.id WHERE v.api_id IN ({}) ORDER BY v.id, p.environment_id",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            let (id, environment): (id::VersionId, Option<id::EnvironmentId>) =
                (row.get("id")?, row.get("environment_id")?);
            let state = State::read(&row.get::<String>("state")?)?;
            let environment = environment.filter(|_| state != State::Retired);
            match out.last_mut() {
                Some(last) if last.id == id => last.environments.extend(environment),
                _ => out.push(Release {
                    api: row.get("api_id")?,
                    id,
                    name: row.get("name")?,
                    state,
                    sunset_at: row.get("sunset_at")?,
                    security: stored_json::<super::Settings>(&row.get::<String>("settings")?)?.security,
                    environments: environment.into_iter().collect(),
                }),
            }
        }
    }
    Ok(out)
}

/// How many publications forward to each of these.
pub async fn count_publications_at(
    conn: &mut Conn,
    ids: &[id::DestinationId],
) -> Result<Vec<(id::DestinationId, i64)>, Problem> {
    let mut out = Vec::new();
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT destination_id, CAST(COUNT(*) AS BIGINT) AS n FROM publications WHERE destination_id IN ({}) \
             GROUP BY destination_id",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("destination_id")?, row.get("n")?));
        }
    }
    Ok(out)
}

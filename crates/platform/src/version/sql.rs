//! Versions, operations, destinations and publications as rows.

use super::{Destination, Operation, Publication, Release, Version};
use crate::{stored_json, to_json};
use base::{Problem, ProblemKind, id};
use store::{Conn, Row, sql};

const COLUMNS: &str = "id, version, api_id, name, title, format, security, forward_everything, created_at";

fn version(row: &Row) -> Result<Version, Problem> {
    Ok(Version {
        id: row.get("id")?,
        version: row.get("version")?,
        api: row.get("api_id")?,
        name: row.get("name")?,
        title: row.get("title")?,
        format: row.get("format")?,
        security: stored_json(&row.get::<String>("security")?)?,
        forward_everything: row.get("forward_everything")?,
        created_at: row.get("created_at")?,
    })
}

pub async fn find(conn: &mut Conn, id: &id::VersionId) -> Result<Option<Version>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM api_versions WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(version).transpose()
}

pub async fn of_api(conn: &mut Conn, api: &id::ApiId) -> Result<Vec<Version>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM api_versions WHERE api_id = $1 ORDER BY id");
    sql(text).bind(api).all(conn).await?.iter().map(version).collect()
}

pub async fn document(conn: &mut Conn, id: &id::VersionId) -> Result<Option<String>, Problem> {
    let row = sql("SELECT document FROM api_versions WHERE id = $1").bind(id).find(conn).await?;
    Ok(row.map(|r| r.get("document")).transpose()?)
}

pub async fn insert(conn: &mut Conn, version: &Version, document: &str) -> Result<(), Problem> {
    let text =
        format!("INSERT INTO api_versions ({COLUMNS}, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    let done = sql(text)
        .bind(&version.id)
        .bind(version.version)
        .bind(&version.api)
        .bind(&version.name)
        .bind(&version.title)
        .bind(&version.format)
        .bind(to_json(&version.security)?)
        .bind(version.forward_everything)
        .bind(version.created_at)
        .bind(document)
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

pub async fn put(conn: &mut Conn, version: &Version) -> Result<i64, Problem> {
    let row = sql("UPDATE api_versions SET version = version + 1, security = $3, forward_everything = $4 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&version.id)
    .bind(version.version)
    .bind(to_json(&version.security)?)
    .bind(version.forward_everything)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

pub async fn insert_operation(
    conn: &mut Conn,
    version: &id::VersionId,
    position: i64,
    operation: &Operation,
) -> Result<(), Problem> {
    sql("INSERT INTO operations (version_id, position, name, method, path, summary, scopes, demands) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(version)
    .bind(position)
    .bind(&operation.name)
    .bind(&operation.method)
    .bind(&operation.path)
    .bind(&operation.summary)
    .bind(to_json(&operation.scopes)?)
    .bind(operation.demands)
    .run(conn)
    .await?;
    Ok(())
}

pub async fn operations(conn: &mut Conn, version: &id::VersionId) -> Result<Vec<Operation>, Problem> {
    let rows = sql(
        "SELECT name, method, path, summary, scopes, demands FROM operations WHERE version_id = $1 ORDER BY position",
    )
    .bind(version)
    .all(conn)
    .await?;
    rows.iter()
        .map(|r| {
            Ok(Operation {
                name: r.get("name")?,
                method: r.get("method")?,
                path: r.get("path")?,
                summary: r.get("summary")?,
                scopes: stored_json(&r.get::<String>("scopes")?)?,
                demands: r.get("demands")?,
            })
        })
        .collect()
}

pub async fn count_operations(conn: &mut Conn, version: &id::VersionId) -> Result<i64, Problem> {
    let row = sql("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM operations WHERE version_id = $1")
        .bind(version)
        .one(conn)
        .await?;
    Ok(row.get("n")?)
}

fn publication(row: &Row) -> Result<Publication, Problem> {
    Ok(Publication {
        version: row.get("version_id")?,
        environment: row.get("environment_id")?,
        destination: row.get("destination_id")?,
        published_at: row.get("published_at")?,
    })
}

const PUBLICATION: &str = "version_id, environment_id, destination_id, published_at";

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
    sql("INSERT INTO publications (version_id, environment_id, destination_id, published_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (version_id, environment_id) DO UPDATE SET destination_id = excluded.destination_id")
    .bind(&publication.version)
    .bind(&publication.environment)
    .bind(&publication.destination)
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

/// The versions of these APIs with where they are published, in the order of their making.
pub async fn releases(conn: &mut Conn, apis: &[id::ApiId]) -> Result<Vec<Release>, Problem> {
    let mut out: Vec<Release> = Vec::new();
    for some in apis.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT v.api_id, v.id, v.name, v.security, p.environment_id FROM api_versions v \
             LEFT JOIN publications p ON p.version_id = v.id WHERE v.api_id IN ({}) ORDER BY v.id, p.environment_id",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            let (id, environment): (id::VersionId, Option<id::EnvironmentId>) =
                (row.get("id")?, row.get("environment_id")?);
            match out.last_mut() {
                Some(last) if last.id == id => last.environments.extend(environment),
                _ => out.push(Release {
                    api: row.get("api_id")?,
                    id,
                    name: row.get("name")?,
                    security: stored_json(&row.get::<String>("security")?)?,
                    environments: environment.into_iter().collect(),
                }),
            }
        }
    }
    Ok(out)
}

const DESTINATION: &str = "id, version, organization_id, name, url, created_at";

fn destination(row: &Row) -> Result<Destination, Problem> {
    Ok(Destination {
        id: row.get("id")?,
        version: row.get("version")?,
        organization: row.get("organization_id")?,
        name: row.get("name")?,
        url: row.get("url")?,
        created_at: row.get("created_at")?,
    })
}

pub async fn find_destination(conn: &mut Conn, id: &id::DestinationId) -> Result<Option<Destination>, Problem> {
    let text = format!("SELECT {DESTINATION} FROM destinations WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(destination).transpose()
}

pub async fn destinations(conn: &mut Conn, organization: &id::OrganizationId) -> Result<Vec<Destination>, Problem> {
    let text = format!("SELECT {DESTINATION} FROM destinations WHERE organization_id = $1 ORDER BY id");
    sql(text).bind(organization).all(conn).await?.iter().map(destination).collect()
}

fn taken(name: &str) -> Problem {
    let detail = format!("The organization has a destination `{name}` already; choose another name.");
    Problem::new(ProblemKind::Exists, detail.clone()).field("/name", detail)
}

pub async fn insert_destination(conn: &mut Conn, destination: &Destination) -> Result<(), Problem> {
    let text = format!("INSERT INTO destinations ({DESTINATION}) VALUES ($1, $2, $3, $4, $5, $6)");
    let done = sql(text)
        .bind(&destination.id)
        .bind(destination.version)
        .bind(&destination.organization)
        .bind(&destination.name)
        .bind(&destination.url)
        .bind(destination.created_at)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("destinations_name") => Err(taken(&destination.name)),
        other => Ok(other.map(|_| ())?),
    }
}

pub async fn put_destination(conn: &mut Conn, destination: &Destination) -> Result<i64, Problem> {
    let done = sql("UPDATE destinations SET version = version + 1, name = $3, url = $4 WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&destination.id)
        .bind(destination.version)
        .bind(&destination.name)
        .bind(&destination.url)
        .find(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("destinations_name") => Err(taken(&destination.name)),
        other => crate::lost_race(other?),
    }
}

pub async fn delete(conn: &mut Conn, version: &Version) -> Result<(), Problem> {
    let row = sql("DELETE FROM api_versions WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&version.id)
        .bind(version.version)
        .find(conn)
        .await?;
    crate::lost_race(row).map(drop)
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

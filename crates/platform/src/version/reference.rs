//! A version's document for readers: how each operation is called here, and under which addresses.

use super::{Operation, Publication, Version, ops, sql};
use crate::api::Api;
use crate::cx::{Cx, Platform};
use crate::document;
use crate::environment::{self, Environment};
use crate::reference::{self, Calling, Demand, Reference, Scheme, SchemeKind, Server, Ways};
use crate::web::{Cached, Fail, Ident, Problems};
use axum::response::Response;
use base::{Problem, id};
use http::HeaderMap;
use snapshot::{KeyPlace, Scheme as Accepted};
use std::collections::HashMap;
use tokio::sync::Semaphore;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How many documents are made ready at once; the largest take a while.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// The reference of a version.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(version_reference))
}

/// What a reference is made of.
struct Source {
    version: Version,
    api: Api,
    publications: Vec<(Publication, Environment)>,
}

impl Source {
    /// What the reference depends on, the document aside, which never changes.
    fn tag(&self, cx: &Cx) -> String {
        let Self { version, api, publications } = self;
        let places = publications.iter().map(|(_, e)| format!("{}@{}", e.id, e.version)).collect::<Vec<_>>();
        let at = &cx.platform.settings.gateway_url;
        format!("{} {} {} {} {at} {}", version.id, version.version, api.version, api.slug, places.join(" "))
    }

    fn servers(&self, gateway_url: &str) -> Vec<Server> {
        let each = self.publications.iter().map(|(_, environment)| Server {
            url: format!("{}/{}/{}", environment.base_url(gateway_url), self.api.slug, self.version.name),
            environment: Some(environment.slug.clone()),
            name: Some(environment.name.clone()),
        });
        each.collect()
    }

    /// What callers may prove themselves by: as [`snapshot::Accepts`] has it.
    fn accepted(&self) -> Vec<Accepted> {
        if !self.version.security.is_empty() || !self.api.subscription_required {
            return self.version.security.clone();
        }
        let key = Accepted::ApiKey { place: KeyPlace::Header("X-API-Key".to_owned()) };
        vec![key, Accepted::OAuth { scopes: Vec::new() }, Accepted::Basic]
    }
}

fn scheme(accepted: &Accepted, public_url: &str) -> Scheme {
    let (id, kind) = named(accepted);
    let (place, parameter) = match accepted {
        Accepted::ApiKey { place: KeyPlace::Header(name) } => (Some("header".to_owned()), Some(name.clone())),
        Accepted::ApiKey { place: KeyPlace::Query(name) } => (Some("query".to_owned()), Some(name.clone())),
        Accepted::OAuth { .. } | Accepted::Basic => (None, None),
    };
    let token_url = matches!(kind, SchemeKind::OAuth).then(|| format!("{public_url}/oauth2/token"));
    Scheme { id: id.to_owned(), kind, place, parameter, token_url }
}

fn named(accepted: &Accepted) -> (&'static str, SchemeKind) {
    match accepted {
        Accepted::ApiKey { .. } => ("api_key", SchemeKind::ApiKey),
        Accepted::OAuth { .. } => ("oauth", SchemeKind::OAuth),
        Accepted::Basic => ("basic", SchemeKind::Basic),
    }
}

/// The ways into an operation, whose own scopes bind access tokens beside those of the version.
fn demands(accepted: &[Accepted], own: &[String]) -> Vec<Demand> {
    let each = accepted.iter().map(|accepted| {
        let mut scopes = Vec::new();
        if let Accepted::OAuth { scopes: usual } = accepted {
            scopes.extend(usual.iter().chain(own).cloned());
            scopes.sort();
            scopes.dedup();
        }
        Demand { scheme: named(accepted).0.to_owned(), scopes }
    });
    each.collect()
}

/// How the operations of `document` are called; `rows` are those that gateways know.
fn calling(source: &Source, document: &document::Document, rows: &[Operation], cx: &Cx) -> Calling {
    let settings = &cx.platform.settings;
    let accepted = source.accepted();
    let known: HashMap<(&str, &str), &Operation> =
        rows.iter().map(|row| ((row.method.as_str(), row.path.as_str()), row)).collect();
    let ways = document.operations.iter().map(|operation| {
        let row = known.get(&(operation.method.as_str(), operation.path.as_str()));
        Ways {
            name: row.map(|row| row.name.clone()),
            anonymous: accepted.is_empty(),
            security: demands(&accepted, row.map_or(&[], |row| &row.scopes)),
        }
    });
    Calling {
        servers: source.servers(&settings.gateway_url),
        schemes: accepted.iter().map(|accepted| scheme(accepted, &settings.public_url)).collect(),
        ways: ways.collect(),
    }
}

async fn source(cx: &Cx, id: &id::VersionId) -> Result<Source, Problem> {
    let mut tx = cx.read().await?;
    let (version, api, _) = ops::visible(cx, &mut tx, id).await?;
    let mut publications = Vec::new();
    for publication in sql::publications(&mut tx, id).await? {
        if let Some(environment) = environment::find(&mut tx, &publication.environment).await? {
            publications.push((publication, environment));
        }
    }
    Ok(Source { version, api, publications })
}

/// The reference as JSON.
async fn made(cx: &Cx, source: Source) -> Result<Vec<u8>, Problem> {
    let _turn = AT_ONCE.acquire().await.map_err(Problem::internal)?;
    let (text, rows) = {
        let mut tx = cx.read().await?;
        let text = sql::document(&mut tx, &source.version.id).await?;
        (text.ok_or_else(|| Problem::not_found("document"))?, sql::operations(&mut tx, &source.version.id).await?)
    };
    let cx = cx.clone();
    let work = move || {
        let document = document::read(text.as_bytes())?;
        let calling = calling(&source, &document, &rows, &cx);
        serde_json::to_vec(&reference::of(document, calling)).map_err(Problem::internal)
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

/// A version's document for readers
///
/// The document as JSON, whatever it was written in, with an index of its operations: where each is described, how callers
/// authenticate as the version is published, and the addresses to call. Texts come as trees beside their Markdown.
#[utoipa::path(get, path = "/api/v1/versions/{id}/reference", operation_id = "version_reference", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")),
    responses((status = 200, body = Reference), (status = 304, description = "As `If-None-Match` has it."), Problems),
    security((), ("personal_token" = [])))]
async fn version_reference(cx: Cx, Ident(id): Ident<id::VersionId>, headers: HeaderMap) -> Result<Response, Fail> {
    let source = source(&cx, &id).await?;
    let cached = Cached::by(&source.tag(&cx));
    if cached.is_known(&headers) {
        return Ok(cached.unchanged());
    }
    Ok(cached.json(made(&cx, source).await?))
}

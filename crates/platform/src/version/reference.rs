//! A version's document for readers: how each operation is called here, and under which addresses.

use super::lifecycle::State;
use super::{Operation, Publication, Settings, Version, ops, revision, sql};
use crate::api::Api;
use crate::authz::{Verb, may};
use crate::cx::{Cx, Platform};
use crate::document;
use crate::environment::{self, Environment};
use crate::reference::{self, Calling, Demand, Place, Reference, Scheme, SchemeKind, Server, Ways};
use crate::web::{Cached, Fail, Ident, Params, Problems};
use axum::response::{IntoResponse, Response};
use base::{Problem, id};
use http::HeaderMap;
use serde_json::Value;
use snapshot::{KeyPlace, Scheme as Accepted};
use std::collections::HashMap;
use tokio::sync::Semaphore;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How many documents are made ready at once; the largest take a while.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// The reference and the document of a version.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(version_reference)).routes(routes!(version_document))
}

/// Which document.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// What is published in this environment, `env_...` or its slug, with the addresses of that environment written into
    /// it.
    environment: Option<String>,
    /// This revision; the newest that is published unless given, and the newest of all while none is. Revisions that are
    /// not published are for designers.
    revision: Option<i64>,
}

/// What a reference is made of.
struct Source {
    version: Version,
    api: Api,
    /// Where calls go: everywhere that it is published, or the one environment that was asked for.
    publications: Vec<(Publication, Environment)>,
    /// The environment that was asked for.
    chosen: Option<Environment>,
    /// Whether the caller may not know what stands behind the gateway.
    outside: bool,
}

/// How callers authenticate, as [`snapshot::Accepts`] has it.
fn accepted(security: &[Accepted], subscription_required: bool) -> Vec<Accepted> {
    if !security.is_empty() || !subscription_required {
        return security.to_vec();
    }
    let key = Accepted::ApiKey { place: KeyPlace::Header("X-API-Key".to_owned()) };
    vec![key, Accepted::OAuth { scopes: Vec::new() }, Accepted::Basic]
}

impl Source {
    /// Everything that the reference depends on.
    fn tag(&self, cx: &Cx) -> String {
        let Self { version, api, publications, chosen, outside } = self;
        let place = |(p, e): &(Publication, Environment)| format!("{}@{}:{}", e.id, e.version, p.revision);
        let places = publications.iter().map(place).collect::<Vec<_>>().join(" ");
        let (at, issuer) = (&cx.platform.settings.gateway_url, &cx.platform.settings.public_url);
        let chosen = chosen.as_ref().map_or("", |e| e.slug.as_str());
        let state = version.state(cx.now).as_str();
        let content = format!("{} {} {} {}", version.id, version.revision, api.version, api.slug);
        format!("{content} {state} {at} {issuer} {places} {chosen} {outside}")
    }

    fn servers(&self, gateway_url: &str) -> Vec<Server> {
        // A version that is retired is not called anywhere.
        let each = self.publications.iter().filter(|_| self.version.kept_state != State::Retired).map(|(_, e)| {
            Server { url: self.base_url(e, gateway_url), environment: Some(e.slug.clone()), name: Some(e.name.clone()) }
        });
        each.collect()
    }

    fn base_url(&self, environment: &Environment, gateway_url: &str) -> String {
        format!("{}/{}/{}", environment.base_url(gateway_url), self.api.slug, self.version.name)
    }

    /// What callers may prove themselves by.
    fn accepted(&self) -> Vec<Accepted> {
        accepted(&self.version.settings.security, self.api.subscription_required)
    }

    /// The same for an operation, which may say something of its own.
    fn accepted_by(&self, settings: &Settings, operation: &str) -> Vec<Accepted> {
        let own = settings.operations.get(operation).and_then(|own| own.security.as_ref());
        accepted(own.unwrap_or(&settings.security), self.api.subscription_required)
    }

    /// Every way in that any operation accepts, each once.
    fn every_way(&self) -> Vec<Accepted> {
        let mut all = self.accepted();
        for own in self.version.settings.operations.values().filter_map(|own| own.security.as_ref()) {
            for way in accepted(own, self.api.subscription_required) {
                if !all.iter().any(|known| named(known).0 == named(&way).0) {
                    all.push(way);
                }
            }
        }
        all
    }

    /// The environment whose addresses stand in the document: the one that was asked for; for those outside, else, the first
    /// that this revision is published in.
    fn environment(&self) -> Option<&Environment> {
        let first = || self.publications.iter().find(|(p, _)| p.revision == self.version.revision).map(|(_, e)| e);
        self.chosen.as_ref().or_else(|| first().filter(|_| self.outside))
    }

    /// The document as this caller reads it: addresses behind the gateway are for those who design the API (C78). `None`: as
    /// it was uploaded.
    fn written(&self, cx: &Cx, document: &document::Document) -> Option<Value> {
        match self.environment() {
            Some(environment) => Some(reference::written(document, &self.place(cx, environment, document))),
            None => self.outside.then(|| reference::unaddressed(document)),
        }
    }

    /// What is written into the document for the environment that was asked for.
    fn place(&self, cx: &Cx, environment: &Environment, document: &document::Document) -> Place {
        let settings = &cx.platform.settings;
        let addresses = environment.addresses(&settings.public_url);
        let ways = self.every_way();
        let of_version = ways.iter().filter_map(|way| match way {
            Accepted::OAuth { scopes } => Some(scopes.clone()),
            _ => None,
        });
        let scopes = of_version.reduce(|mut all, more| {
            all.extend(more);
            all
        });
        let scopes = scopes.map(|mut all| {
            all.extend(document.operations.iter().flat_map(|o| o.scopes.iter().cloned()));
            all.sort();
            all.dedup();
            all
        });
        Place {
            base_url: self.base_url(environment, &settings.gateway_url),
            environment: environment.name.clone(),
            authorization_url: addresses.authorization,
            token_url: addresses.token,
            discovery_url: addresses.discovery,
            scopes,
        }
    }
}

fn scheme(accepted: &Accepted, token_url: &str) -> Scheme {
    let (id, kind) = named(accepted);
    let (place, parameter) = match accepted {
        Accepted::ApiKey { place: KeyPlace::Header(name) } => (Some("header".to_owned()), Some(name.clone())),
        Accepted::ApiKey { place: KeyPlace::Query(name) } => (Some("query".to_owned()), Some(name.clone())),
        Accepted::OAuth { .. } | Accepted::Basic => (None, None),
    };
    let token_url = matches!(kind, SchemeKind::OAuth).then(|| token_url.to_owned());
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
    let known: HashMap<(&str, &str), &Operation> =
        rows.iter().map(|row| ((row.method.as_str(), row.path.as_str()), row)).collect();
    let ways = document.operations.iter().map(|operation| {
        let row = known.get(&(operation.method.as_str(), operation.path.as_str()));
        let name = row.map_or(operation.name.as_str(), |row| row.name.as_str());
        let own = source.accepted_by(&source.version.settings, name);
        Ways {
            name: row.map(|row| row.name.clone()),
            anonymous: own.is_empty(),
            security: demands(&own, row.map_or(&[], |row| &row.scopes)),
        }
    });
    let ways = ways.collect();
    // Where tokens come from, as the environment says that was asked for, or the first that it is published in.
    let environment = source.chosen.as_ref().or(source.publications.first().map(|(_, e)| e));
    let token_url = environment
        .map_or_else(|| format!("{}/oauth2/token", settings.public_url), |e| e.addresses(&settings.public_url).token);
    Calling {
        servers: source.servers(&settings.gateway_url),
        schemes: source.every_way().iter().map(|way| scheme(way, &token_url)).collect(),
        ways,
    }
}

/// Finds what was asked for.
///
/// # Errors
/// 404 if there is nothing, or nothing that the caller may see.
async fn source(cx: &Cx, id: &id::VersionId, which: Which) -> Result<Source, Problem> {
    let missing = || Problem::not_found("document");
    let mut tx = cx.read().await?;
    let (newest, api, standing) = ops::visible(cx, &mut tx, id).await?;
    let mut publications = Vec::new();
    for publication in sql::publications(&mut tx, id).await? {
        if let Some(environment) = environment::find(&mut tx, &publication.environment).await? {
            publications.push((publication, environment));
        }
    }
    let mut chosen = None;
    let mut number = which.revision;
    if let Some(word) = &which.environment {
        let named = |e: &Environment| e.slug == *word || e.id.to_string() == *word;
        publications.retain(|(_, e)| named(e));
        let Some((publication, environment)) = publications.first() else {
            let detail = "The version is not published there, or there is no such environment.";
            return Err(Problem::new(base::ProblemKind::NotFound, detail));
        };
        if number.is_some_and(|n| n != publication.revision) {
            return Err(missing());
        }
        (chosen, number) = (Some(environment.clone()), Some(publication.revision));
    }
    let version = match number {
        None => sql::find_public(&mut tx, id).await?,
        Some(n) if n == newest.newest && may(standing, Verb::ApiEdit) => Some(newest),
        Some(n) if may(standing, Verb::ApiEdit) || publications.iter().any(|(p, _)| p.revision == n) => {
            sql::find_at(&mut tx, id, n).await?
        }
        Some(_) => None,
    };
    let outside = !may(standing, Verb::ApiEdit);
    Ok(Source { version: version.ok_or_else(missing)?, api, publications, chosen, outside })
}

/// The text of the source's document.
async fn text(cx: &Cx, source: &Source) -> Result<String, Problem> {
    let found = revision::document(&mut *cx.read().await?, &source.version.id, source.version.document).await?;
    found.ok_or_else(|| Problem::not_found("document"))
}

/// The reference as JSON.
async fn made(cx: &Cx, source: Source) -> Result<Vec<u8>, Problem> {
    let _turn = AT_ONCE.acquire().await.map_err(Problem::internal)?;
    let text = text(cx, &source).await?;
    let rows = revision::operations(&mut *cx.read().await?, &source.version.id, source.version.document).await?;
    let cx = cx.clone();
    let work = move || {
        let mut document = document::read(text.as_bytes())?;
        let calling = calling(&source, &document, &rows, &cx);
        if let Some(written) = source.written(&cx, &document) {
            document.value = written;
        }
        serde_json::to_vec(&reference::of(document, calling)).map_err(Problem::internal)
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

/// The document as this caller reads it, as JSON.
async fn written(cx: &Cx, source: Source) -> Result<Vec<u8>, Problem> {
    let _turn = AT_ONCE.acquire().await.map_err(Problem::internal)?;
    let text = text(cx, &source).await?;
    let cx = cx.clone();
    let work = move || {
        let document = document::read(text.as_bytes())?;
        let written = source.written(&cx, &document);
        serde_json::to_vec_pretty(written.as_ref().unwrap_or(&document.value)).map_err(Problem::internal)
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

/// A version's document for readers
///
/// The document as JSON, whatever it was written in, with an index of its operations: where each is described, how callers
/// authenticate as the version is published, and the addresses to call. Texts come as trees beside their Markdown.
#[utoipa::path(get, path = "/api/v1/versions/{id}/reference", operation_id = "version_reference", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`"), Which),
    responses((status = 200, body = Reference), (status = 304, description = "As `If-None-Match` has it."), Problems),
    security((), ("personal_token" = [])))]
async fn version_reference(
    cx: Cx,
    Ident(id): Ident<id::VersionId>,
    Params(which): Params<Which>,
    headers: HeaderMap,
) -> Result<Response, Fail> {
    let source = source(&cx, &id, which).await?;
    let cached = Cached::by(&source.tag(&cx));
    if cached.is_known(&headers) {
        return Ok(cached.unchanged());
    }
    Ok(cached.json(made(&cx, source).await?))
}

/// The document of a version
///
/// With `environment`, what consumers there see: as JSON, with the environment's base URL and its OAuth URLs written into
/// it. Without, as it was uploaded for those who may change the API; for all others as consumers see it where it is published
/// first, without any address if that is nowhere.
#[utoipa::path(get, path = "/api/v1/versions/{id}/document", operation_id = "version_document", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`"), Which),
    responses((status = 200, description = "The OpenAPI document."),
              (status = 304, description = "As `If-None-Match` has it."), Problems),
    security((), ("personal_token" = [])))]
async fn version_document(
    cx: Cx,
    Ident(id): Ident<id::VersionId>,
    Params(which): Params<Which>,
    headers: HeaderMap,
) -> Result<Response, Fail> {
    let source = source(&cx, &id, which).await?;
    if source.chosen.is_none() && !source.outside {
        let text = text(&cx, &source).await?;
        return Ok((super::http::media(&source.version.format), text).into_response());
    }
    let cached = Cached::by(&format!("document {}", source.tag(&cx)));
    if cached.is_known(&headers) {
        return Ok(cached.unchanged());
    }
    Ok(cached.json(written(&cx, source).await?))
}

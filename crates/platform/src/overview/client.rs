//! Clients with a summary of their credentials and of their use.

use crate::app::Access;
use crate::authz::{self, Standing, Verb};
use crate::client::{self, Client, ClientView};
use crate::credential::{self, Credential, CredentialKind, CredentialState};
use crate::cx::{Cx, Platform};
use crate::names::{Named, Names};
use crate::search::{Batches, Words};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use crate::{app, environment, usage};
use base::id::Id;
use base::{Kind, Page, PageRequest, Problem, Ref, Timestamp, id};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Clients as pages show them.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(client_list)).routes(routes!(client_all)).routes(routes!(client_get))
}

/// What of a credential the page of its client shows. Never the secret.
#[derive(Serialize, ToSchema)]
pub struct SecretSummary {
    /// `crd_...`
    id: String,
    /// What it is.
    kind: CredentialKind,
    /// The last four symbols.
    hint: String,
    /// Whether it is switched on.
    active: bool,
    /// Where it stands now.
    state: CredentialState,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it ends; null is never.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// When it was last accepted, to the minute; null is never.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

/// A client with a summary of its credentials.
#[derive(Serialize, ToSchema)]
pub struct ClientOverview {
    #[serde(flatten)]
    client: ClientView,
    /// Its secrets, keys and certificates, in the order of their making.
    secrets: Vec<SecretSummary>,
    /// The minute of its last call at the gateway, refused ones included, or of the last use of one of its credentials,
    /// whichever is later; null is never.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    /// The environments that it is narrowed to, with their words in URLs; empty means all.
    environment_names: Vec<Named>,
    /// How many calls the gateway recognised it in during the last 24 hours, refused ones included.
    calls_24h: i64,
    /// When it first got an access token; null is never.
    #[schema(format = DateTime)]
    first_token_at: Option<String>,
}

async fn overviews(cx: &Cx, conn: &mut Conn, clients: &[(Client, Standing)]) -> Result<Vec<ClientOverview>, Problem> {
    let ids: Vec<id::ClientId> = clients.iter().map(|(c, _)| c.id.clone()).collect();
    let last_calls = usage::last_calls_of_clients(conn, &ids).await?;
    let mut secrets: HashMap<id::ClientId, Vec<SecretSummary>> = HashMap::new();
    let mut used: HashMap<id::ClientId, Timestamp> = HashMap::new();
    let all = credential::of_clients(conn, &ids).await?;
    for c in &all {
        if let Some(at) = c.last_used_at {
            let known = used.entry(c.client.clone()).or_insert(at);
            *known = at.max(*known);
        }
        secrets.entry(c.client.clone()).or_default().push(SecretSummary {
            id: c.id.to_string(),
            kind: c.kind,
            hint: c.hint.clone(),
            active: c.active,
            state: credential::state(c.active, c.expires_at, cx.now),
            created_at: c.created_at.to_string(),
            expires_at: c.expires_at.map(|t| t.to_string()),
            last_used_at: c.last_used_at.map(|t| t.to_string()),
        });
    }
    let calls = usage::calls_of_clients(conn, &ids, cx.now.plus_seconds(-24 * 3600)).await?;
    let environments = environment::all(conn).await?;
    let named = |id: &id::EnvironmentId| {
        let found = environments.iter().find(|e| e.id == *id)?;
        Some(Named { id: id.to_string(), name: found.slug.clone() })
    };
    let mut names = Names::default();
    let people = clients.iter().map(|(c, _)| Ref::new(Kind::User, &c.created_by));
    let apps = clients.iter().map(|(c, _)| Ref::new(Kind::App, &c.app));
    names.learn_all(conn, people.chain(apps).collect()).await?;
    let mut out = Vec::with_capacity(clients.len());
    for (c, standing) in clients {
        let last = last_calls.get(c.id.as_str()).copied().max(used.get(&c.id).copied());
        let has: Vec<&Credential> = all.iter().filter(|credential| credential.client == c.id).collect();
        let mut shown = client::view(conn, &mut names, c, *standing).await?;
        shown.actions.extend(credential::offers(*standing, &has, cx.now));
        out.push(ClientOverview {
            client: shown,
            secrets: secrets.remove(&c.id).unwrap_or_default(),
            last_used_at: last.map(|t| t.to_string()),
            environment_names: c.environments.iter().filter_map(named).collect(),
            calls_24h: calls.get(c.id.as_str()).copied().unwrap_or(0),
            first_token_at: c.first_token_at.map(|t| t.to_string()),
        });
    }
    Ok(out)
}

/// All clients of an app.
#[derive(Serialize, ToSchema)]
pub struct ClientList {
    items: Vec<ClientOverview>,
}

/// Clients of an app
#[utoipa::path(get, path = "/api/v1/apps/{id}/clients", operation_id = "client_list", tag = "Clients",
    params(("id" = String, Path, description = "`app_...`")), responses((status = 200, body = ClientList), Problems))]
async fn client_list(cx: Cx, Ident(id): Ident<id::AppId>) -> Result<Answer<ClientList>, Fail> {
    let mut tx = cx.read().await?;
    let (_, standing) = app::visible(&cx, &mut tx, &id).await?;
    let clients: Vec<_> = client::of_app(&mut tx, &id).await?.into_iter().map(|c| (c, standing)).collect();
    Ok(Answer::ok(ClientList { items: overviews(&cx, &mut tx, &clients).await? }))
}

/// Which clients to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ClientQuery {
    /// Those of this app, `app_...`.
    #[param(value_type = Option<String>)]
    app: Option<id::AppId>,
    /// Only those that are enabled, or only those that are not.
    enabled: Option<bool>,
    /// Those that have words beginning with all of these: in name, id, `client_id` or description.
    q: Option<String>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of clients.
#[derive(Serialize, ToSchema)]
pub struct ClientPage {
    items: Vec<ClientOverview>,
    next: Option<String>,
}

/// All clients
///
/// Those of the apps that the caller may see.
#[utoipa::path(get, path = "/api/v1/clients", operation_id = "client_all", tag = "Clients", params(ClientQuery),
    responses((status = 200, body = ClientPage), Problems))]
async fn client_all(cx: Cx, Params(query): Params<ClientQuery>) -> Result<Answer<Page<ClientOverview>>, Fail> {
    cx.signed()?;
    let page = PageRequest { after: query.after, limit: query.limit };
    crate::cursor::<id::ClientId>(&page)?;
    let mut tx = cx.read().await?;
    let access = Access::of(&cx, &mut tx).await?;
    let apps = match &query.app {
        Some(id) => {
            app::visible(&cx, &mut tx, id).await?;
            Some(vec![id.clone()])
        }
        None => app::seen(&cx, &mut tx, &access).await?,
    };
    let mut batches = Batches::new(Kind::Client, Words::of(query.q.as_deref())?, page.after());
    let (most, mut rows) = (page.limit() + 1, Vec::new());
    while let Some(missing) = crate::missing(&rows, most)
        && let Some(batch) = batches.next(&mut tx, missing).await?
    {
        let wanted = client::Wanted { apps: apps.as_deref(), enabled: query.enabled, ids: batch.ids.as_deref() };
        let found = client::page(&mut tx, &wanted, &batch.after, batch.limit).await?;
        rows.extend(batches.keep(&mut tx, found, |client| client.id.to_string()).await?);
    }
    let page = batches.page(rows, page.limit(), |client| client.id.to_string());
    let owners: HashSet<id::AppId> = page.items.iter().map(|c| c.app.clone()).collect();
    let standings: HashMap<id::AppId, Standing> = app::among(&mut tx, &owners.into_iter().collect::<Vec<_>>())
        .await?
        .into_iter()
        .map(|app| (app.id.clone(), access.standing(&app)))
        .collect();
    let with = |c: Client| standings.get(&c.app).copied().map(|standing| (c, standing));
    let visible = |it: &(Client, Standing)| authz::may(it.1, Verb::AppRead);
    let clients: Vec<_> = page.items.into_iter().filter_map(with).filter(visible).collect();
    Ok(Answer::ok(Page { items: overviews(&cx, &mut tx, &clients).await?, next: page.next }))
}

/// One client
#[utoipa::path(get, path = "/api/v1/clients/{id}", operation_id = "client_get", tag = "Clients",
    params(("id" = String, Path, description = "`cli_...`")), responses((status = 200, body = ClientOverview), Problems))]
async fn client_get(cx: Cx, Ident(id): Ident<id::ClientId>) -> Result<Answer<ClientOverview>, Fail> {
    let mut tx = cx.read().await?;
    let (client, _, standing) = client::visible(&cx, &mut tx, &id).await?;
    let version = client.version;
    let shown = overviews(&cx, &mut tx, &[(client, standing)]).await?.pop();
    Ok(Answer::ok(shown.ok_or_else(|| Problem::not_found("client"))?).version(version))
}

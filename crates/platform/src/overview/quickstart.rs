//! The quick start: what is there on an app's way to its first successful call, read off the facts.

use crate::app::{self, App};
use crate::credential::CredentialKind;
use crate::cx::{Cx, Platform};
use crate::names::{Named, Names};
use crate::subscription::{self, Status, Subscription, state_word};
use crate::usage::{self, Latest};
use crate::version::{self, SecurityScheme};
use crate::web::{Answer, Fail, Ident, Problems};
use crate::{api, client, credential, environment};
use base::{Kind, Problem, Timestamp, id};
use serde::Serialize;
use snapshot::{DecisionRecord, SubscriptionState as State};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The quick start.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(app_quickstart)).routes(routes!(my_quickstart))
}

/// The subscription of an app that has come farthest.
#[derive(Serialize, ToSchema)]
pub struct FarthestSubscription {
    /// `sub_...`
    id: String,
    /// The API.
    api: Named,
    /// Where; the name is its word in URLs.
    environment: Named,
    /// Under which terms.
    plan: Named,
    /// As people read it.
    status: Status,
    /// requested, approved, active, suspended or rejected.
    state: &'static str,
    /// Approved, and waits for activation.
    waits_for_activation: bool,
}

/// The client to begin with.
#[derive(Serialize, ToSchema)]
pub struct FirstClient {
    /// `cli_...`
    id: String,
    /// Its identifier in OAuth messages.
    client_id: String,
    /// Whether it has a secret that is good now.
    has_secret: bool,
    /// Whether it has an API key that is good now.
    has_api_key: bool,
}

/// A call of the app.
#[derive(Serialize, ToSchema)]
pub struct AppCall {
    /// `dec_...`: look it up for the reason.
    decision: String,
    /// When it arrived.
    #[schema(format = DateTime)]
    at: String,
    /// The status that the caller got.
    status: u16,
    /// The code of the problem, if the gateway refused it.
    code: Option<String>,
    /// Whether the gateway let it through.
    allowed: bool,
}

impl From<DecisionRecord> for AppCall {
    fn from(it: DecisionRecord) -> Self {
        Self {
            decision: it.id.to_string(),
            at: it.at.to_string(),
            status: it.status,
            code: it.code,
            allowed: it.allowed,
        }
    }
}

/// An operation to try.
#[derive(Serialize, ToSchema)]
pub struct SampleCall {
    /// `GET`.
    method: String,
    /// The whole address in the subscription's environment.
    url: String,
    /// The name of the operation.
    operation: String,
    /// The version that it belongs to.
    version: Named,
    /// How callers authenticate, each a way of its own; empty means that anonymous calls pass.
    security: Vec<SecurityScheme>,
}

/// An app's way to its first successful call.
#[derive(Serialize, ToSchema)]
pub struct Quickstart {
    /// The app; null if the caller has none.
    app: Option<Named>,
    /// Its farthest subscription.
    subscription: Option<FarthestSubscription>,
    /// Its client; the one with the most to show if there are several.
    client: Option<FirstClient>,
    /// When one of its clients first got an access token.
    #[schema(format = DateTime)]
    first_token_at: Option<String>,
    /// Its last call of which the decision was kept.
    last_call: Option<AppCall>,
    /// When a call of it was first let through and answered with 2xx: to the moment if its decision was kept, else to
    /// the minute.
    #[schema(format = DateTime)]
    first_success_at: Option<String>,
    /// Its last call that was refused, or answered with an error by the upstream.
    last_failure: Option<AppCall>,
    /// Where access tokens are got.
    token_url: String,
    /// The gateway's address.
    gateway_url: String,
    /// An operation that needs no parameter, of the subscribed API in the subscription's environment.
    sample: Option<SampleCall>,
}

fn empty(cx: &Cx) -> Quickstart {
    let settings = &cx.platform.settings;
    Quickstart {
        app: None,
        subscription: None,
        client: None,
        first_token_at: None,
        last_call: None,
        first_success_at: None,
        last_failure: None,
        token_url: format!("{}/oauth2/token", settings.public_url.trim_end_matches('/')),
        gateway_url: settings.gateway_url.clone(),
        sample: None,
    }
}

/// How far a subscription in this state has come.
const fn progress(state: State) -> u8 {
    match state {
        State::Active => 5,
        State::Approved => 4,
        State::Requested => 3,
        State::Suspended => 2,
        State::Rejected => 1,
        State::Cancelled | State::Expired => 0,
    }
}

/// How many subscriptions of an app are looked at.
const MOST: i64 = 1_000;

async fn farthest(conn: &mut Conn, app: &App) -> Result<Option<Subscription>, Problem> {
    let all = subscription::of_app(conn, &app.id, "", MOST).await?;
    // The newest of those that have come equally far: ids grow with time.
    Ok(all.into_iter().filter(|s| progress(s.state) > 0).max_by_key(|s| (progress(s.state), s.id.clone())))
}

async fn first_client(
    cx: &Cx,
    conn: &mut Conn,
    app: &App,
) -> Result<(Option<FirstClient>, Option<Timestamp>), Problem> {
    let clients = client::of_app(conn, &app.id).await?;
    let ids: Vec<id::ClientId> = clients.iter().map(|c| c.id.clone()).collect();
    let credentials = credential::of_clients(conn, &ids).await?;
    let first_token = clients.iter().filter_map(|c| c.first_token_at).min();
    let has = |client: &id::ClientId, kind: CredentialKind| {
        let good = |c: &&credential::Credential| {
            c.client == *client && c.kind == kind && c.active && c.expires_at.is_none_or(|end| end > cx.now)
        };
        credentials.iter().any(|c| good(&c))
    };
    let candidates = clients.into_iter().map(|c| {
        let first = FirstClient {
            has_secret: has(&c.id, CredentialKind::ClientSecret),
            has_api_key: has(&c.id, CredentialKind::ApiKey),
            id: c.id.to_string(),
            client_id: c.client_id,
        };
        let worth = (c.enabled, u8::from(first.has_secret) + u8::from(first.has_api_key));
        (worth, first)
    });
    let best = candidates.max_by(|(a, one), (b, two)| a.cmp(b).then_with(|| two.id.cmp(&one.id)));
    Ok((best.map(|(_, first)| first), first_token))
}

/// A `GET` without parameters, or at least without one in the path, of a version that is published there.
async fn sample(
    cx: &Cx,
    conn: &mut Conn,
    api: &api::Api,
    environment: &environment::Environment,
) -> Result<Option<SampleCall>, Problem> {
    let base = format!("{}/{}", environment.base_url(&cx.platform.settings.gateway_url), api.slug);
    let releases = version::releases(conn, std::slice::from_ref(&api.id)).await?;
    // The newest version that is published there.
    for release in releases.into_iter().rev().filter(|r| r.environments.contains(&environment.id)) {
        let operations = version::operations_of(conn, &release.id).await?;
        let plain = operations.iter().filter(|o| o.method == "GET" && !o.path.contains('{'));
        let Some(best) = plain.min_by_key(|o| o.demands) else { continue };
        return Ok(Some(SampleCall {
            method: best.method.clone(),
            url: format!("{base}/{}{}", release.name, best.path),
            operation: best.name.clone(),
            version: Named { id: release.id.to_string(), name: release.name },
            security: release.security.iter().map(SecurityScheme::of).collect(),
        }));
    }
    Ok(None)
}

async fn of_app(cx: &Cx, conn: &mut Conn, app: &App) -> Result<Quickstart, Problem> {
    let mut out = empty(cx);
    out.app = Some(Named { id: app.id.to_string(), name: app.name.clone() });
    if let Some(s) = farthest(conn, app).await? {
        let found = (api::find(conn, &s.api).await?, environment::find(conn, &s.environment).await?);
        if let (Some(api), Some(environment)) = found {
            out.sample = sample(cx, conn, &api, &environment).await?;
            out.subscription = Some(FarthestSubscription {
                id: s.id.to_string(),
                api: Named { id: api.id.to_string(), name: api.name },
                environment: Named { id: environment.id.to_string(), name: environment.slug },
                plan: Names::default().named(conn, Kind::Plan, &s.plan).await?,
                status: s.status(),
                state: state_word(s.state),
                waits_for_activation: s.state == State::Approved,
            });
        }
    }
    let (client, first_token) = first_client(cx, conn, app).await?;
    out.client = client;
    out.first_token_at = first_token.map(|t| t.to_string());
    out.last_call = usage::latest(conn, &app.id, Latest::Any).await?.map(AppCall::from);
    out.last_failure = usage::latest(conn, &app.id, Latest::Failure).await?.map(AppCall::from);
    // A minute may have begun before the app was made.
    let first = usage::first_success(conn, &app.id).await?;
    out.first_success_at = first.map(|t| t.max(app.created_at).to_string());
    Ok(out)
}

/// The quick start of an app
///
/// The facts on its way to the first successful call. A call is here about a second after its answer.
#[utoipa::path(get, path = "/api/v1/apps/{id}/quickstart", operation_id = "app_quickstart", tag = "Apps",
    params(("id" = String, Path, description = "`app_...`")), responses((status = 200, body = Quickstart), Problems))]
async fn app_quickstart(cx: Cx, Ident(id): Ident<id::AppId>) -> Result<Answer<Quickstart>, Fail> {
    let mut tx = cx.read().await?;
    let (app, _) = app::visible(&cx, &mut tx, &id).await?;
    Ok(Answer::ok(of_app(&cx, &mut tx, &app).await?))
}

/// My quick start
///
/// That of the newest app on whose team the caller is; without an app only the addresses.
#[utoipa::path(get, path = "/api/v1/me/quickstart", operation_id = "my_quickstart", tag = "Me",
    responses((status = 200, body = Quickstart), Problems))]
async fn my_quickstart(cx: Cx) -> Result<Answer<Quickstart>, Fail> {
    let who = cx.signed()?.id.clone();
    let mut tx = cx.read().await?;
    // Ids begin with the time of their making.
    let newest = app::of_user(&mut tx, &who).await?.into_iter().max();
    let app = match newest {
        Some(id) => app::find(&mut tx, &id).await?,
        None => None,
    };
    Ok(Answer::ok(match app {
        Some(app) => of_app(&cx, &mut tx, &app).await?,
        None => empty(&cx),
    }))
}

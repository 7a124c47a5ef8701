//! The decision about a call: pure, in one order, with every fact that it rests on.
//!
//! **Order:** address, credential, client, the token's own terms, subscription, scopes, limits. The first condition
//! that fails is the one the caller is told (X03). Limits are named here and counted by the gateway.
//!
//! - Scopes bind tokens only: API keys and Basic carry none.
//! - A client without an app has no subscription, so it reaches only APIs that need none.
//! - Where no subscription is required, the plan of an active one still caps its app; without one there is no cap.
//! - Where a subscription is required but no security is named, every kind of credential is accepted.

use crate::publication::Publication;
use crate::refusal::{Refusal, Rule};
use crate::row::{CredentialKind, SubscriptionState};
use crate::tables::{Client, Credential, Subscription, SubscriptionBits, Tables, Token};
use crate::terms::{Found, GroupOf, Route, Terms};
use crate::treatment::Accepts;
use base::id::{EnvironmentId, Id, TokenId};
use base::secret::Digest;
use base::{ProblemKind, Timestamp};
use std::sync::Arc;

/// What a call asks for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Upper case.
    pub method: &'a str,
    /// Host name without its port.
    pub host: &'a str,
    /// In canonical spelling: see [`crate::path::normalise`].
    pub path: &'a str,
}

/// A kind of credential, as records and answers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An API key.
    ApiKey,
    /// `client_id` and client secret by HTTP Basic.
    Basic,
    /// An opaque access token.
    OpaqueToken,
    /// A JWT access token.
    Jwt,
}

impl Kind {
    /// The word in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::Basic => "basic",
            Self::OpaqueToken => "opaque_token",
            Self::Jwt => "jwt",
        }
    }

    /// What a person calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "API key",
            Self::Basic => "client id and secret",
            Self::OpaqueToken | Self::Jwt => "access token",
        }
    }
}

/// What a JWT access token says, once its signature, issuer, audience and type were found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwt {
    /// Its `jti`.
    pub jti: String,
    /// Its `client_id`: [`crate::ClientRow::client_id`].
    pub client_id: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What identification found on a call.
#[derive(Clone, Debug)]
pub enum Presented {
    /// No credential.
    Nothing,
    /// More than one that the version would accept; their kinds.
    Ambiguous(Vec<Kind>),
    /// Only one of a kind that the version does not take.
    NotTaken(Kind),
    /// One that cannot be right, and why, without the credential itself.
    Malformed(Kind, &'static str),
    /// An API key.
    ApiKey(Digest),
    /// HTTP Basic.
    Basic {
        /// The user name.
        client_id: String,
        /// Of the password.
        digest: Digest,
    },
    /// An opaque access token.
    OpaqueToken(Digest),
    /// A verified JWT access token.
    Jwt(Arc<Jwt>),
    /// A JWT access token of ours whose time is over.
    JwtExpired,
}

/// What is known about a call when its decision is made: everything that record and usage name.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Where it goes.
    pub route: Option<Route>,
    /// Where it would go, if there were something.
    pub environment: Option<EnvironmentId>,
    /// What kind of credential it carried.
    pub kind: Option<Kind>,
    /// The credential.
    pub credential: Option<Arc<Credential>>,
    /// The opaque token.
    pub token: Option<Arc<Token>>,
    /// The JWT access token.
    pub jwt: Option<Arc<Jwt>>,
    /// The client.
    pub client: Option<Arc<Client>>,
    /// The newest subscription of the client's app to the API in the environment.
    pub subscription: Option<Arc<Subscription>>,
    /// The place of the limit group that caps the call: see [`Terms::group`].
    pub limit: Option<u32>,
}

/// A decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What it rests on.
    pub facts: Facts,
    /// `None` lets the call through, up to the limit that the facts name.
    pub refusal: Option<Box<Refusal>>,
}

/// Decides a call. `identify` is asked once, when the address is known, what the call carries.
pub fn decide(
    terms: &Terms,
    tables: &Tables,
    now: Timestamp,
    ask: Ask<'_>,
    identify: impl FnOnce(&Accepts) -> Presented,
) -> Decision {
    let mut facts = Facts::default();
    let refusal = judge(terms, tables, now, ask, identify, &mut facts).err().map(Box::new);
    Decision { facts, refusal }
}

fn judge(
    terms: &Terms,
    tables: &Tables,
    now: Timestamp,
    ask: Ask<'_>,
    identify: impl FnOnce(&Accepts) -> Presented,
    facts: &mut Facts,
) -> Result<(), Refusal> {
    let route = address(terms, now, ask, facts)?;
    let publication = terms.publication(route.publication);
    let accepts = &publication.treatment(route.operation).accepts;
    if !accepts.anonymous {
        let scopes = caller(tables, now, accepts, identify(accepts), facts)?;
        client(terms, now, publication, facts)?;
        token(tables, now, facts, scopes.as_ref())?;
        subscription(terms, tables, now, publication, facts)?;
        if let Some(Standing { scopes, .. }) = &scopes {
            check_scopes(publication, accepts, route, scopes)?;
        }
        limit(terms, now, facts)?;
    }
    Ok(())
}

fn address(terms: &Terms, now: Timestamp, ask: Ask<'_>, facts: &mut Facts) -> Result<Route, Refusal> {
    let no_route = |detail: String| Refusal::new(ProblemKind::NoRoute, Rule::Route, detail);
    let found = terms.find(ask.method, ask.host, ask.path);
    if let Found::Route(route) | Found::NoPath(route) | Found::NoMethod(route, _) = &found {
        facts.route = Some(*route);
        let publication = terms.publication(route.publication);
        // Before anything else is said of it: a version that has ended has no paths and no methods.
        if let Some(ending) = &publication.ending {
            ending.check(now, &publication.row.api_slug, &publication.row.version_name)?;
        }
    }
    match found {
        Found::Route(route) => Ok(route),
        Found::NoEnvironment => Err(no_route(format!("No environment has the address `{}{}`.", ask.host, ask.path))),
        Found::NoPublication(environment) => {
            facts.environment = Some(environment.id.clone());
            Err(no_route(format!(
                "Environment `{}` has no API version at `{}`; an address looks like {}/{{api}}/{{version}}/...",
                environment.slug, ask.path, environment.prefix
            )))
        }
        Found::NoPath(route) => {
            let row = &terms.publication(route.publication).row;
            let path = rest(ask.path, route);
            Err(no_route(format!("`{}/{}` describes no path `{path}`.", row.api_slug, row.version_name)))
        }
        Found::NoMethod(route, allow) => {
            let detail = format!("`{}` takes {}, not {}.", rest(ask.path, route), allow.join(", "), ask.method);
            let mut refusal = Refusal::new(ProblemKind::MethodNotAllowed, Rule::Route, detail);
            refusal.allow = allow;
            Err(refusal)
        }
    }
}

/// The path as the API's own document writes it.
fn rest(path: &str, route: Route) -> &str {
    path.get(route.rest..).filter(|p| !p.is_empty()).unwrap_or("/")
}

/// What a token says for itself.
struct Standing {
    scopes: Scopes,
    issued_at: Timestamp,
    expires_at: Timestamp,
}

enum Scopes {
    Opaque(Arc<Token>),
    Jwt(Arc<Jwt>),
}

impl Scopes {
    fn list(&self) -> &[String] {
        match self {
            Self::Opaque(token) => &token.scopes,
            Self::Jwt(jwt) => &jwt.scopes,
        }
    }
}

/// Finds who calls; `Some` for tokens.
fn caller(
    tables: &Tables,
    now: Timestamp,
    accepts: &Accepts,
    presented: Presented,
    facts: &mut Facts,
) -> Result<Option<Standing>, Refusal> {
    let refuse = |kind, detail: String| Err(Refusal::new(kind, Rule::Credential, detail));
    match presented {
        Presented::Nothing => {
            let detail = format!("Send {}.", accepts.in_words());
            refuse(ProblemKind::CredentialMissing, detail)
        }
        Presented::Ambiguous(kinds) => {
            let names: Vec<&str> = kinds.iter().map(|k| k.name()).collect();
            let detail = format!("The call carries more than one credential ({}); send one.", names.join(" and "));
            refuse(ProblemKind::CredentialAmbiguous, detail)
        }
        Presented::NotTaken(kind) => {
            facts.kind = Some(kind);
            let detail = format!("This API does not take this {}; send {}.", kind.name(), accepts.in_words());
            refuse(ProblemKind::CredentialKind, detail)
        }
        Presented::Malformed(kind, why) => {
            facts.kind = Some(kind);
            refuse(ProblemKind::CredentialInvalid, format!("The {} is not valid: {why}.", kind.name()))
        }
        Presented::ApiKey(digest) => {
            facts.kind = Some(Kind::ApiKey);
            secret(tables, now, &digest, CredentialKind::ApiKey, None, facts).map(|()| None)
        }
        Presented::Basic { client_id, digest } => {
            facts.kind = Some(Kind::Basic);
            secret(tables, now, &digest, CredentialKind::ClientSecret, Some(&client_id), facts).map(|()| None)
        }
        Presented::OpaqueToken(digest) => {
            facts.kind = Some(Kind::OpaqueToken);
            opaque(tables, &digest, facts).map(Some)
        }
        Presented::Jwt(jwt) => {
            facts.kind = Some(Kind::Jwt);
            facts.client = tables.client(&jwt.client_id);
            facts.jwt = Some(Arc::clone(&jwt));
            if facts.client.is_none() {
                return refuse(ProblemKind::CredentialInvalid, "The access token names a client that is gone.".into());
            }
            let (issued_at, expires_at) = (jwt.issued_at, jwt.expires_at);
            Ok(Some(Standing { scopes: Scopes::Jwt(jwt), issued_at, expires_at }))
        }
        Presented::JwtExpired => {
            facts.kind = Some(Kind::Jwt);
            refuse(ProblemKind::CredentialExpired, "The access token has expired; ask for a new one.".into())
        }
    }
}

/// An API key or a client secret. One answer for everything unknown: nothing tells a stranger what exists.
fn secret(
    tables: &Tables,
    now: Timestamp,
    digest: &Digest,
    kind: CredentialKind,
    client_id: Option<&str>,
    facts: &mut Facts,
) -> Result<(), Refusal> {
    let name = if kind == CredentialKind::ApiKey { "API key" } else { "client id or secret" };
    let refuse = |kind, detail: String| Err(Refusal::new(kind, Rule::Credential, detail));
    let found = tables.credential(digest).filter(|c| c.kind == kind);
    let known = found.and_then(|credential| {
        let client = credential.client.client()?;
        client_id.is_none_or(|wanted| wanted == &*client.client_id).then_some((credential, client))
    });
    let Some((credential, client)) = known else {
        return refuse(ProblemKind::CredentialInvalid, format!("The {name} is not known here."));
    };
    let verdict = if !credential.active {
        refuse(ProblemKind::CredentialDisabled, format!("Credential {} is switched off.", credential.id()))
    } else if credential.ends_at <= now {
        let detail = format!("Credential {} expired at {}.", credential.id(), credential.ends_at);
        refuse(ProblemKind::CredentialExpired, detail)
    } else {
        Ok(())
    };
    facts.credential = Some(credential);
    facts.client = Some(client);
    verdict
}

fn opaque(tables: &Tables, digest: &Digest, facts: &mut Facts) -> Result<Standing, Refusal> {
    let known = tables.token(digest).and_then(|token| Some((token.client.client()?, token)));
    let Some((client, token)) = known else {
        let detail = "The access token is not known here: it was never issued, was revoked, or ended long ago.";
        return Err(Refusal::new(ProblemKind::CredentialInvalid, Rule::Credential, detail));
    };
    let standing = Standing {
        issued_at: token.issued_at,
        expires_at: token.expires_at,
        scopes: Scopes::Opaque(Arc::clone(&token)),
    };
    facts.client = Some(client);
    facts.token = Some(token);
    Ok(standing)
}

fn client(terms: &Terms, now: Timestamp, publication: &Publication, facts: &Facts) -> Result<(), Refusal> {
    let Some(client) = &facts.client else { return Ok(()) };
    let refuse = |kind, detail: String| Err(Refusal::new(kind, Rule::Client, detail));
    if !client.enabled {
        return refuse(ProblemKind::ClientDisabled, format!("Client `{}` is switched off.", client.client_id));
    }
    if client.ends_at <= now {
        let detail = format!("Client `{}` expired at {}.", client.client_id, client.ends_at);
        return refuse(ProblemKind::ClientDisabled, detail);
    }
    if !client.environments.is_empty() && !client.environments.contains(&publication.environment_bits) {
        let word = |bits| terms.environment_slug(&EnvironmentId::from_bits(bits)).unwrap_or("(gone)").to_owned();
        let allowed: Vec<String> = client.environments.iter().map(|bits| word(*bits)).collect();
        let here = word(publication.environment_bits);
        let detail = format!("Client `{}` may be used in {}, not in {here}.", client.client_id, allowed.join(", "));
        return refuse(ProblemKind::WrongEnvironment, detail);
    }
    Ok(())
}

fn token(tables: &Tables, now: Timestamp, facts: &Facts, standing: Option<&Standing>) -> Result<(), Refusal> {
    let Some(standing) = standing else { return Ok(()) };
    let refuse = |kind, detail: String| Err(Refusal::new(kind, Rule::Credential, detail));
    if standing.expires_at <= now {
        let detail = format!("The access token expired at {}; ask for a new one.", standing.expires_at);
        return refuse(ProblemKind::CredentialExpired, detail);
    }
    if let Some(client) = facts.client.as_ref().filter(|c| standing.issued_at < c.tokens_not_before) {
        let detail = format!(
            "The access token was issued at {}; tokens of client `{}` from before {} no longer count.",
            standing.issued_at, client.client_id, client.tokens_not_before
        );
        return refuse(ProblemKind::CredentialDisabled, detail);
    }
    if let Some(jwt) = &facts.jwt {
        // A token that nobody could revoke is not accepted.
        let Ok(id) = TokenId::parse(&jwt.jti) else {
            return refuse(ProblemKind::CredentialInvalid, "The access token's `jti` is not one of ours.".into());
        };
        if tables.is_revoked(id.bits()) {
            return refuse(ProblemKind::CredentialDisabled, format!("Access token {id} was revoked."));
        }
    }
    Ok(())
}

fn subscription(
    terms: &Terms,
    tables: &Tables,
    now: Timestamp,
    publication: &Publication,
    facts: &mut Facts,
) -> Result<(), Refusal> {
    let Some(client) = &facts.client else { return Ok(()) };
    let row = &publication.row;
    facts.subscription = client.app_bits.and_then(|app| {
        let key = SubscriptionBits { app, api: publication.api_bits, environment: publication.environment_bits };
        tables.subscription(&key)
    });
    let state = facts.subscription.as_ref().map(|s| s.state_at(now));
    if !row.subscription_required || state == Some(SubscriptionState::Active) {
        return Ok(());
    }
    let here = format!("API `{}` in environment `{}`", row.api_slug, environment_word(terms, &row.environment));
    let refuse = |kind, detail: String| Err(Refusal::new(kind, Rule::Subscription, detail));
    let Some(app) = client.app() else {
        let detail = format!("Client `{}` belongs to no app, and only apps subscribe to {here}.", client.client_id);
        return refuse(ProblemKind::NotSubscribed, detail);
    };
    let Some(found) = &facts.subscription else {
        return refuse(ProblemKind::NotSubscribed, format!("App {app} has no subscription to {here}."));
    };
    let (kind, what) = match found.state_at(now) {
        SubscriptionState::Active => return Ok(()),
        SubscriptionState::Requested => (ProblemKind::SubscriptionPending, "waits for a decision"),
        SubscriptionState::Approved => (ProblemKind::SubscriptionPending, "is approved and waits for activation"),
        SubscriptionState::Suspended => (ProblemKind::SubscriptionSuspended, "is suspended"),
        SubscriptionState::Rejected => (ProblemKind::SubscriptionEnded, "was rejected"),
        SubscriptionState::Cancelled => (ProblemKind::SubscriptionEnded, "was cancelled"),
        SubscriptionState::Expired => (ProblemKind::SubscriptionEnded, "has expired"),
    };
    refuse(kind, format!("Subscription {} of app {app} to {here} {what}.", found.id()))
}

fn environment_word<'t>(terms: &'t Terms, id: &'t EnvironmentId) -> &'t str {
    terms.environment_slug(id).unwrap_or_else(|| id.as_str())
}

fn check_scopes(publication: &Publication, accepts: &Accepts, route: Route, scopes: &Scopes) -> Result<(), Refusal> {
    let has = scopes.list();
    let operation = route.operation.and_then(|at| publication.row.operations.get(at as usize));
    let lacks = |wanted: &[String]| wanted.iter().filter(|s| !has.contains(s)).cloned().collect::<Vec<String>>();
    // Of several OAuth schemes the one that lacks least is named.
    let of_version =
        accepts.scopes.iter().map(|wanted| (lacks(wanted), wanted)).min_by_key(|(missing, _)| missing.len());
    let (mut missing, mut wanted) = of_version.map(|(m, w)| (m, w.clone())).unwrap_or_default();
    if let Some(operation) = operation {
        missing.append(&mut lacks(&operation.scopes));
        wanted.extend(operation.scopes.iter().cloned());
    }
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort();
    missing.dedup();
    wanted.sort();
    wanted.dedup();
    let detail = format!("The access token lacks the scope `{}`; ask for a token with it.", missing.join(" "));
    let mut refusal = Refusal::new(ProblemKind::ScopeMissing, Rule::Scope, detail);
    refusal.scopes = wanted;
    Err(refusal)
}

fn limit(terms: &Terms, now: Timestamp, facts: &mut Facts) -> Result<(), Refusal> {
    let active = |s: &&Arc<Subscription>| s.state_at(now) == SubscriptionState::Active;
    let Some(subscription) = facts.subscription.as_ref().filter(active) else {
        return Ok(());
    };
    match terms.plan(subscription.plan_bits).map(|plan| plan.group()) {
        Some(GroupOf::None) => Ok(()),
        Some(GroupOf::At(at)) => {
            facts.limit = Some(at);
            Ok(())
        }
        Some(GroupOf::Unknown) | None => {
            let detail = "The plan of this subscription is not known at this gateway yet; try again.";
            Err(Refusal::new(ProblemKind::Unavailable, Rule::Subscription, detail))
        }
    }
}

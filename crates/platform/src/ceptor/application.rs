//! Applications in the words of the other system: an app with its first client, its team and what it may call.

use super::party::{distinct, person};
use super::shape::{Application, Certificate, Developer, Pairs, PendingSubscription, Uuid};
use super::term::in_words;
use crate::app::{self, AdoptedApp, App};
use crate::client::{self, Adopted as AdoptedClient, Client, ClientSettings};
use crate::credential::{self, AdoptedCertificate, CredentialKind};
use crate::cx::Cx;
use crate::environment::Environment;
use crate::subscription::{self, Adopted, AdoptedRequest, AdoptedTerm, Decision, Subscription};
use crate::{organization, text};
use base::{Change, Problem, id};
use snapshot::SubscriptionState as State;
use std::collections::HashMap;
use store::Conn;

/// The most entries of one list of subscriptions or certificates.
const MOST_ENTRIES: usize = 1_000;

/// Apps as the other system knows them, in one environment and in their order. Never with a secret.
pub async fn applications(
    cx: &Cx,
    conn: &mut Conn,
    all: &[App],
    environment: &Environment,
) -> Result<Vec<Application>, Problem> {
    let ids: Vec<id::AppId> = all.iter().map(|app| app.id.clone()).collect();
    let mut teams: HashMap<id::AppId, Vec<Developer>> = HashMap::new();
    for (app, user, role) in app::teams(conn, &ids).await? {
        teams.entry(app).or_default().push(Developer { id: Some(Uuid(user.bits())), role: Some(role) });
    }
    let mut standing: HashMap<id::AppId, Vec<Subscription>> = HashMap::new();
    for s in subscription::standing_in(cx, conn, &ids, &environment.id).await? {
        standing.entry(s.app.clone()).or_default().push(s);
    }
    let clients = client::primaries(conn, &ids).await?;
    let mut certificates = certificates(conn, clients.values()).await?;
    let application = |app: &App| {
        let client = clients.get(&app.id);
        let own = standing.remove(&app.id).unwrap_or_default();
        let active = own.iter().filter(|s| s.state_at(cx.now) == State::Active);
        let bare = Application {
            id: Some(Uuid(app.id.bits())),
            name: Some(app.name.clone()),
            description: Some(app.description.clone()),
            partner_id: Some(Uuid(app.organization.bits())),
            developers: Some(teams.remove(&app.id).unwrap_or_default()),
            subscriptions: Some(Pairs(active.map(|s| (Uuid(s.api.bits()), Uuid(s.plan.bits()))).collect())),
            pending_subscriptions: Some(own.iter().filter(|s| s.task.is_some()).map(pending).collect()),
            certificates: Some(client.and_then(|client| certificates.remove(&client.id)).unwrap_or_default()),
            ..Application::default()
        };
        with_client(bare, client)
    };
    Ok(all.iter().map(application).collect())
}

/// What of an application is its client's.
fn with_client(bare: Application, client: Option<&Client>) -> Application {
    Application {
        client_id: Some(client.map(|c| c.client_id.clone())),
        allowed_scopes: Some(client.map(|c| c.allowed_scopes.clone()).unwrap_or_default()),
        valid_grant_types: Some(client.map(|c| c.valid_grant_types.clone()).unwrap_or_default()),
        accesstoken_type: Some(client.map(|c| c.accesstoken_type)),
        allowed_uris: Some(client.map(|c| c.allowed_uris.clone()).unwrap_or_default()),
        allowed_logout_uris: Some(client.map(|c| c.allowed_logout_uris.clone()).unwrap_or_default()),
        accesstoken_valid_seconds: Some(client.and_then(|c| c.accesstoken_valid_seconds)),
        refreshtoken_validity_seconds: Some(client.and_then(|c| c.refreshtoken_validity_seconds)),
        maximum_idtoken_expiration_minutes: Some(client.and_then(|c| c.maximum_idtoken_expiration_minutes)),
        ..bare
    }
}

fn pending(s: &Subscription) -> PendingSubscription {
    PendingSubscription {
        apiid: Some(Uuid(s.api.bits())),
        subscriptionplan_id: Some(Uuid(s.plan.bits())),
        comment_requestor: Some(s.comment_requestor.clone()),
        comment_response: Some(s.comment_response.clone()),
        unread: Some(s.unread),
        action_id: Some(s.task.as_ref().map(|task| Uuid(task.bits()))),
        approved: Some(s.decision == Decision::Approved),
        rejected: Some(s.decision == Decision::Rejected),
    }
}

/// The active certificates of these clients.
async fn certificates(
    conn: &mut Conn,
    clients: impl Iterator<Item = &Client>,
) -> Result<HashMap<id::ClientId, Vec<Certificate>>, Problem> {
    let ids: Vec<id::ClientId> = clients.map(|client| client.id.clone()).collect();
    let mut out: HashMap<id::ClientId, Vec<Certificate>> = HashMap::new();
    for c in credential::of_clients(conn, &ids).await? {
        let Some(it) = c.certificate.as_deref().filter(|_| c.active) else { continue };
        out.entry(c.client.clone()).or_default().push(Certificate {
            subject: Some(it.subject.clone()),
            issuer: Some(it.issuer.clone()),
            certificate: Some(it.der.clone()),
            developer: Some(it.added_by.as_ref().map(|user| Uuid(user.bits()))),
            allow_expired: Some(it.allow_expired),
            skip_chain_checks: Some(it.skip_chain_checks),
        });
    }
    Ok(out)
}

/// Brings an app to what is wanted, in one environment: the changes to commit.
pub async fn import(
    cx: &Cx,
    conn: &mut Conn,
    id: Uuid,
    it: Application,
    environment: &Environment,
) -> Result<Vec<Change>, Problem> {
    if let Some(partner) = it.partner_id {
        let organization = id::OrganizationId::from_bits(partner.0);
        if organization::find(conn, &organization).await?.is_none() {
            return Err(Problem::invalid("/partner_id", format!("There is no partner `{partner}` here.")));
        }
    }
    let wanted = AdoptedApp {
        organization: it.partner_id.map(|partner| id::OrganizationId::from_bits(partner.0)),
        name: it.name.clone(),
        description: it.description.clone(),
    };
    let done = app::adopt(cx, conn, &id::AppId::from_bits(id.0), wanted).await;
    let (app, change) = done.map_err(|p| in_words(p, &[("/organization", "/partner_id")]))?;
    let mut changes: Vec<Change> = change.into_iter().collect();
    changes.extend(import_client(cx, conn, &app, &it).await?);
    if let Some(list) = &it.developers {
        changes.extend(import_team(cx, conn, &app, list).await?);
    }
    let adopted = Adopted { active: it.subscriptions.as_ref().map(terms).transpose()?, requests: requests(&it)? };
    changes.extend(subscription::adopt(cx, conn, &app.id, &environment.id, &adopted).await?);
    Ok(changes)
}

/// Whether anything is said of a client that a client would be needed for.
fn needs_client(it: &Application) -> bool {
    let listed = [it.allowed_scopes.as_ref(), it.allowed_uris.as_ref(), it.allowed_logout_uris.as_ref()];
    let lifetimes =
        [it.accesstoken_valid_seconds, it.refreshtoken_validity_seconds, it.maximum_idtoken_expiration_minutes];
    it.client_id.as_ref().is_some_and(Option::is_some)
        || it.client_secret.is_some()
        || it.apikeys.as_ref().is_some_and(|keys| !keys.is_empty())
        || it.accesstoken_type.is_some_and(|kind| kind.is_some())
        || it.valid_grant_types.as_ref().is_some_and(|grants| !grants.is_empty())
        || it.certificates.as_ref().is_some_and(|all| !all.is_empty())
        || listed.into_iter().flatten().any(|list| !list.is_empty())
        || lifetimes.into_iter().flatten().any(|value| value.is_some())
}

async fn import_client(cx: &Cx, conn: &mut Conn, app: &App, it: &Application) -> Result<Vec<Change>, Problem> {
    let there = client::primary(conn, &app.id).await?;
    if there.is_none() && !needs_client(it) {
        return Ok(Vec::new());
    }
    if there.is_some() && it.client_id == Some(None) {
        return Err(Problem::invalid(
            "/client_id",
            "The application has a client here; delete that, or leave this out.",
        ));
    }
    if there.is_some() && it.accesstoken_type == Some(None) {
        return Err(Problem::invalid("/accesstoken_type", "A client has one: `UUID` or `JWT`."));
    }
    let settings = ClientSettings {
        accesstoken_type: it.accesstoken_type.flatten(),
        accesstoken_valid_seconds: it.accesstoken_valid_seconds,
        allowed_scopes: it.allowed_scopes.clone(),
        valid_grant_types: it.valid_grant_types.clone(),
        environments: None,
        refreshtoken_validity_seconds: it.refreshtoken_validity_seconds,
        maximum_idtoken_expiration_minutes: it.maximum_idtoken_expiration_minutes,
        allowed_uris: it.allowed_uris.clone(),
        allowed_logout_uris: it.allowed_logout_uris.clone(),
    };
    let wanted = AdoptedClient { client_id: it.client_id.clone().flatten(), settings };
    let (client, change) = client::adopt(cx, conn, app, wanted).await?;
    let mut changes: Vec<Change> = change.into_iter().collect();
    if let Some(secret) = &it.client_secret {
        let kind = CredentialKind::ClientSecret;
        changes.extend(credential::adopt_secret(cx, conn, &client, kind, secret, "/client_secret").await?);
    }
    for (n, key) in it.apikeys.iter().flatten().enumerate() {
        let at = format!("/apikeys/{n}");
        changes.extend(credential::adopt_secret(cx, conn, &client, CredentialKind::ApiKey, key, &at).await?);
    }
    if let Some(list) = &it.certificates {
        let wanted = wanted_certificates(conn, list).await?;
        changes.extend(credential::adopt_certificates(cx, conn, &client, &wanted, "/certificates").await?);
    }
    Ok(changes)
}

async fn wanted_certificates(conn: &mut Conn, list: &[Certificate]) -> Result<Vec<AdoptedCertificate>, Problem> {
    if list.len() > MOST_ENTRIES {
        return Err(Problem::invalid("/certificates", format!("At most {MOST_ENTRIES} entries.")));
    }
    let mut out = Vec::with_capacity(list.len());
    for (n, one) in list.iter().enumerate() {
        let developer = match one.developer.flatten() {
            Some(id) => Some(person(conn, id, &format!("/certificates/{n}/developer")).await?),
            None => None,
        };
        out.push(AdoptedCertificate {
            certificate: one.certificate.clone().unwrap_or_default(),
            subject: one.subject.clone(),
            issuer: one.issuer.clone(),
            developer,
            allow_expired: one.allow_expired.unwrap_or(false),
            skip_chain_checks: one.skip_chain_checks.unwrap_or(false),
        });
    }
    Ok(out)
}

async fn import_team(cx: &Cx, conn: &mut Conn, app: &App, list: &[Developer]) -> Result<Vec<Change>, Problem> {
    let list: Vec<_> = list.iter().map(|d| (d.id, d.role)).collect();
    distinct("/developers", &list)?;
    let mut members = Vec::new();
    for (n, (id, role)) in list.iter().enumerate() {
        let user = person(conn, id.unwrap_or(Uuid(0)), &format!("/developers/{n}/id")).await?;
        members.push((user, *role));
    }
    for (gone, _) in app::members(conn, &app.id).await? {
        if !members.iter().any(|(user, _)| *user == gone) {
            members.push((gone, None));
        }
    }
    app::adopt_members(cx, conn, app, &members, "/developers").await
}

fn terms(pairs: &Pairs) -> Result<Vec<AdoptedTerm>, Problem> {
    if pairs.0.len() > MOST_ENTRIES {
        return Err(Problem::invalid("/subscriptions", format!("At most {MOST_ENTRIES} entries.")));
    }
    let term = |(api, plan): &(Uuid, Uuid)| AdoptedTerm {
        api: id::ApiId::from_bits(api.0),
        plan: id::PlanId::from_bits(plan.0),
        pointer: format!("/subscriptions/{api}"),
    };
    Ok(pairs.0.iter().map(term).collect())
}

fn requests(it: &Application) -> Result<Option<Vec<AdoptedRequest>>, Problem> {
    let Some(list) = &it.pending_subscriptions else { return Ok(None) };
    if list.len() > MOST_ENTRIES {
        return Err(Problem::invalid("/pending_subscriptions", format!("At most {MOST_ENTRIES} entries.")));
    }
    list.iter()
        .enumerate()
        .map(|(n, one)| request(one, format!("/pending_subscriptions/{n}")))
        .collect::<Result<_, _>>()
        .map(Some)
}

fn request(one: &PendingSubscription, pointer: String) -> Result<AdoptedRequest, Problem> {
    let at = |member: &str| format!("{pointer}/{member}");
    let needed = |member: &str| Problem::invalid(at(member), "A request names it.");
    let decision = match (one.approved.unwrap_or(false), one.rejected.unwrap_or(false)) {
        (true, true) => {
            let detail = "A request is approved or rejected or neither, never both.";
            return Err(Problem::invalid(at("rejected"), detail));
        }
        (true, false) => Decision::Approved,
        (false, true) => Decision::Rejected,
        (false, false) => Decision::None,
    };
    let said = |member: &str, words: &Option<Option<String>>| {
        text::comment(&at(member), words.as_ref().and_then(|words| words.as_deref()))
    };
    let comment_response = said("comment_response", &one.comment_response)?;
    let unread = one.unread.unwrap_or(false);
    if decision == Decision::None && (unread || comment_response.is_some()) {
        let member = if unread { "unread" } else { "comment_response" };
        return Err(Problem::invalid(at(member), "Nobody has decided yet, so there is no answer."));
    }
    Ok(AdoptedRequest {
        api: id::ApiId::from_bits(one.apiid.ok_or_else(|| needed("apiid"))?.0),
        plan: id::PlanId::from_bits(one.subscriptionplan_id.ok_or_else(|| needed("subscriptionplan_id"))?.0),
        task: one.action_id.flatten().map(|task| id::TaskId::from_bits(task.0)),
        decision,
        comment_requestor: said("comment_requestor", &one.comment_requestor)?,
        comment_response,
        unread,
        pointer,
    })
}

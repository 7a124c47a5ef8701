//! What can be done with credentials.

use super::certificate::{self, Said};
use super::{Certificate, Credential, CredentialKind, rule, sql};
use crate::authz::{Relation, Standing, Verb};
use crate::client::{self, Client};
use crate::cx::{Cx, Describe};
use crate::text;
use base::secret::{Digest, Purpose, Secret};
use base::{Change, Kind, Problem, ProblemKind, Timestamp, id};
use serde_json::{Value, json};
use snapshot::CredentialRow;
use store::Conn;

/// What a gateway knows of a credential; `None` if it is gone, or of a kind that gateways do not take.
///
/// # Errors
/// Those of the database.
pub async fn row(conn: &mut Conn, id: &id::CredentialId) -> Result<Option<CredentialRow>, Problem> {
    Ok(sql::find(conn, id).await?.and_then(|c| to_row(&c)))
}

/// The credentials of these clients, in the order of their making.
///
/// # Errors
/// Those of the database.
pub async fn of_clients(conn: &mut Conn, clients: &[id::ClientId]) -> Result<Vec<Credential>, Problem> {
    sql::of_clients(conn, clients).await
}

/// Rows by id, for a gateway that starts.
///
/// # Errors
/// Those of the database.
pub async fn all(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<CredentialRow>, Problem> {
    Ok(sql::page(conn, after, limit).await?.iter().filter_map(to_row).collect())
}

fn to_row(c: &Credential) -> Option<CredentialRow> {
    Some(CredentialRow {
        id: c.id.clone(),
        client: c.client.clone(),
        kind: rule::at_gateways(c.kind)?,
        digest: c.digest,
        active: c.active,
        expires_at: c.expires_at,
    })
}

/// The usable client secret that this text is, if it belongs to this client.
///
/// # Errors
/// Those of the database.
pub async fn find_secret(
    cx: &Cx,
    conn: &mut Conn,
    client: &Client,
    secret: &Secret,
) -> Result<Option<Credential>, Problem> {
    let purpose = Purpose::ClientSecret;
    if !Secret::could_be(secret.reveal(), purpose) {
        return Ok(None);
    }
    let digest = cx.platform.keys.digest(purpose, secret.reveal());
    let found = sql::find_by_digest(conn, digest).await?;
    let usable = found.filter(|c| c.client == client.id && c.kind == CredentialKind::ClientSecret && c.lives(cx.now));
    Ok(usable)
}

async fn visible(cx: &Cx, conn: &mut Conn, id: &id::CredentialId) -> Result<(Credential, Client, Standing), Problem> {
    cx.signed()?;
    let credential = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("credential"))?;
    let (client, _, standing) =
        client::visible(cx, conn, &credential.client).await.map_err(|p| p.instead("credential"))?;
    Ok((credential, client, standing))
}

pub async fn list(cx: &Cx, client: &id::ClientId) -> Result<(Vec<Credential>, Standing), Problem> {
    let mut tx = cx.read().await?;
    let (_, _, standing) = client::visible(cx, &mut tx, client).await?;
    Ok((sql::of_client(&mut tx, client).await?, standing))
}

/// One credential.
pub async fn get(cx: &Cx, id: &id::CredentialId) -> Result<(Credential, Standing), Problem> {
    let (credential, _, standing) = visible(cx, &mut *cx.read().await?, id).await?;
    Ok((credential, standing))
}

/// Remembers that these credentials were accepted in this minute. Inside the caller's transaction, which may be quiet.
///
/// # Errors
/// Those of the database.
pub async fn note_uses(conn: &mut Conn, ids: &[id::CredentialId], at: Timestamp) -> Result<(), Problem> {
    sql::note_uses(conn, ids, at).await
}

/// The statement that remembers a use, unless one of the same minute is remembered.
pub fn note_use(credential: &Credential, now: Timestamp) -> Option<store::Query> {
    let stale = credential.last_used_at.is_none_or(|at| at.plus_seconds(60) <= now);
    stale.then(|| sql::note_use(&credential.id, now))
}

/// Passes if one more credential of this kind may be good now, beside all of the client's but `but`.
pub(super) async fn room(
    cx: &Cx,
    conn: &mut Conn,
    client: &id::ClientId,
    kind: CredentialKind,
    but: Option<&id::CredentialId>,
) -> Result<(), Problem> {
    let mut all = sql::of_client(conn, client).await?;
    all.retain(|c| c.kind == kind && Some(&c.id) != but);
    let live = all.iter().filter(|c| c.lives(cx.now)).count();
    rule::room(kind, live, all.len())
}

/// Whether the client of this credential has no room for another of its kind, so that it cannot be rotated.
pub(super) async fn is_full(cx: &Cx, credential: &Credential) -> Result<bool, Problem> {
    let mut tx = cx.read().await?;
    Ok(room(cx, &mut tx, &credential.client, credential.kind, None).await.is_err())
}

/// What a credential is known by.
pub(super) enum Known {
    /// A secret or key.
    Secret(CredentialKind, Secret),
    /// A certificate, and its digest.
    Certificate(Box<Certificate>, Digest),
}

/// A credential of a client that begins now and ends then.
pub(super) fn fresh(
    cx: &Cx,
    client: &Client,
    known: Known,
    description: String,
    expires_at: Option<Timestamp>,
) -> Result<Credential, Problem> {
    let (kind, digest, hint, certificate) = match known {
        Known::Secret(kind, secret) => {
            let purpose = rule::purpose(kind).unwrap_or(Purpose::ClientSecret);
            (kind, cx.platform.keys.digest(purpose, secret.reveal()), secret.hint(), None)
        }
        Known::Certificate(certificate, digest) => {
            let hex = digest.to_hex();
            (CredentialKind::Certificate, digest, hex[hex.len() - 4..].to_owned(), Some(certificate))
        }
    };
    Ok(Credential {
        id: id::CredentialId::new(cx.now),
        version: 1,
        client: client.id.clone(),
        kind,
        digest,
        hint,
        description,
        active: true,
        expires_at,
        last_used_at: None,
        created_by: cx.signed()?.id.clone(),
        created_at: cx.now,
        certificate,
    })
}

/// What the trail keeps of a credential: never the secret.
fn facts(credential: &Credential) -> Value {
    let Credential { description, active, expires_at, .. } = credential;
    let mut facts = json!({"description": description, "active": active, "expires_at": expires_at});
    if let Some(certificate) = &credential.certificate {
        facts["certificate"] = certified(certificate);
    }
    facts
}

/// What the trail keeps of a credential that is made.
pub(super) fn made(credential: &Credential) -> Value {
    json!({"kind": credential.kind, "hint": credential.hint, "after": facts(credential)})
}

/// What the trail keeps of a credential that is deleted.
pub(super) fn gone(credential: &Credential) -> Value {
    json!({"kind": credential.kind, "hint": credential.hint, "before": facts(credential)})
}

/// What the trail keeps of a certificate.
pub(super) fn certified(certificate: &Certificate) -> Value {
    let Certificate { subject, issuer, serial, allow_expired, skip_chain_checks, added_by, .. } = certificate;
    json!({"subject": subject, "issuer": issuer, "serial": serial, "allow_expired": allow_expired,
           "skip_chain_checks": skip_chain_checks, "added_by": added_by})
}

pub(super) fn change(cx: &Cx, verb: &'static str, credential: &Credential, client: &Client) -> Change {
    cx.change(verb, Kind::Credential, &credential.id)
        .touching(Kind::Client, &client.id)
        .touching(Kind::App, &client.app)
}

/// A credential to make.
#[derive(Debug)]
pub struct NewCredential<'a> {
    pub kind: CredentialKind,
    /// Chosen by the caller, which only site administrators may (C77); made by the server unless given.
    pub secret: Option<Secret>,
    /// For a certificate, and only for one.
    pub certificate: Option<Said<'a>>,
    pub description: &'a str,
    pub expires_at: Option<Timestamp>,
}

/// Makes a secret, API key or certificate. A secret is in this answer and nowhere else.
///
/// # Errors
/// 403, 404, 409 if the client has as many as it may have, 422.
pub async fn create(
    cx: &Cx,
    client: &id::ClientId,
    new: NewCredential<'_>,
) -> Result<(Credential, Option<Secret>, Standing, i64), Problem> {
    let mut tx = cx.write().await?;
    let (client, _, standing) = client::visible(cx, &mut tx, client).await?;
    cx.may(standing, Verb::AppEdit)?;
    rule::end(new.expires_at, cx.now)?;
    let description = text::prose("/description", new.description)?;
    let (known, secret, end) = known(cx, standing, &new)?;
    room(cx, &mut tx, &client.id, new.kind, None).await?;
    let credential = fresh(cx, &client, known, description, end)?;
    sql::insert(&mut tx, &credential).await?;
    let change = change(cx, "credential.created", &credential, &client).detailing(made(&credential));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((credential, secret, standing, seq))
}

/// What the new credential is known by, the secret to show if the server made one, and when it ends.
fn known(
    cx: &Cx,
    standing: Standing,
    new: &NewCredential<'_>,
) -> Result<(Known, Option<Secret>, Option<Timestamp>), Problem> {
    let Some(purpose) = rule::purpose(new.kind) else {
        if new.secret.is_some() {
            return Err(Problem::invalid("/secret", "A certificate has no secret here; leave it out."));
        }
        if new.expires_at.is_some() {
            return Err(Problem::invalid("/expires_at", "A certificate says itself when it ends; leave it out."));
        }
        let said = new.certificate.unwrap_or_default();
        // An administrator who adds it is no developer of the app (C57).
        let developer = standing.any(&[Relation::AppOwner, Relation::AppDeveloper]);
        let added_by = cx.who.as_ref().filter(|_| developer).map(|who| who.id.clone());
        let (certificate, digest) = certificate::read("", said, added_by)?;
        let end = certificate.end();
        return Ok((Known::Certificate(Box::new(certificate), digest), None, end));
    };
    if new.certificate.is_some() {
        return Err(Problem::invalid("/certificate", "It belongs to the kind `certificate`; leave it out."));
    }
    let Some(brought) = &new.secret else {
        let secret = Secret::generate(purpose);
        return Ok((Known::Secret(new.kind, secret.clone()), Some(secret), new.expires_at));
    };
    if !cx.who.as_ref().is_some_and(|who| who.site_admin) {
        return Err(Problem::forbidden("Only site administrators bring a secret along; leave it out.")
            .field("/secret", "Leave it out."));
    }
    rule::brought("/secret", brought, purpose)?;
    Ok((Known::Secret(new.kind, brought.clone()), None, new.expires_at))
}

/// What to change of a credential.
#[derive(Debug, Default)]
pub struct CredentialEdit {
    pub description: Option<String>,
    /// `Some(None)` is never.
    pub expires_at: Option<Option<Timestamp>>,
    /// Of a certificate only.
    pub allow_expired: Option<bool>,
    /// Of a certificate only.
    pub skip_chain_checks: Option<bool>,
}

/// Changes what is said of a credential, and when it ends.
///
/// # Errors
/// 409 if it would be good again and one too many, 422.
pub async fn edit(
    cx: &Cx,
    id: &id::CredentialId,
    edit: CredentialEdit,
) -> Result<(Credential, Standing, i64), Problem> {
    let mut tx = cx.write().await?;
    let (before, client, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppEdit)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    if let Some(description) = &edit.description {
        after.description = text::prose("/description", description)?;
    }
    if let Some(expires_at) = edit.expires_at {
        if after.certificate.is_some() {
            return Err(Problem::invalid("/expires_at", "A certificate says itself when it ends; leave it out."));
        }
        rule::end(expires_at, cx.now)?;
        after.expires_at = expires_at;
    }
    switch(&mut after, &edit)?;
    if after.lives(cx.now) && !before.lives(cx.now) {
        room(cx, &mut tx, &client.id, after.kind, Some(id)).await?;
    }
    after.version = sql::put(&mut tx, &after).await?;
    sql::put_certificate(&mut tx, &after).await?;
    let detail = json!({"hint": after.hint, "before": facts(&before), "after": facts(&after)});
    let change = change(cx, "credential.edited", &after, &client).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, standing, seq))
}

/// Changes how a certificate is checked, and with that when it ends.
fn switch(credential: &mut Credential, edit: &CredentialEdit) -> Result<(), Problem> {
    let Some(certificate) = &mut credential.certificate else {
        let given = [("allow_expired", edit.allow_expired), ("skip_chain_checks", edit.skip_chain_checks)];
        return match given.into_iter().find(|(_, value)| value.is_some()) {
            Some((name, _)) => Err(Problem::invalid(format!("/{name}"), "Only certificates have it; leave it out.")),
            None => Ok(()),
        };
    };
    certificate.allow_expired = edit.allow_expired.unwrap_or(certificate.allow_expired);
    certificate.skip_chain_checks = edit.skip_chain_checks.unwrap_or(certificate.skip_chain_checks);
    credential.expires_at = certificate.end();
    Ok(())
}

/// What takes the place of a credential.
#[derive(Debug)]
pub struct Replacement {
    /// When the old one ends: `now`, `1h`, `24h`, `7d` or an instant.
    pub old_ends: String,
    /// That of the old one unless given.
    pub description: Option<String>,
    /// Never unless given.
    pub expires_at: Option<Timestamp>,
}

/// A credential that was rotated.
pub struct Rotated {
    pub new: Credential,
    pub secret: Secret,
    pub old: Credential,
    pub standing: Standing,
    pub change: i64,
}

/// Makes another credential of the same kind, and ends this one: from the next call on both are good until then.
///
/// # Errors
/// 409 if it is switched off, or if there would be more good ones than a client may have.
pub async fn rotate(cx: &Cx, id: &id::CredentialId, with: Replacement) -> Result<Rotated, Problem> {
    let mut tx = cx.write().await?;
    let (mut old, client, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppEdit)?;
    cx.fresh()?;
    cx.expect_version(old.version)?;
    let Some(purpose) = rule::purpose(old.kind) else {
        let detail = "A certificate is not rotated: its owner makes the next one. Add that, then switch this one off.";
        return Err(Problem::new(ProblemKind::WrongState, detail).with("reason", "not_rotated"));
    };
    if !old.active {
        let detail = "A credential that is switched off is not rotated; make a new one.";
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    let old_ends = rule::old_end(&with.old_ends, cx.now)?;
    rule::end(with.expires_at, cx.now)?;
    let before = old.expires_at;
    old.expires_at = Some(before.map_or(old_ends, |end| end.min(old_ends)));
    old.version = sql::put(&mut tx, &old).await?;
    room(cx, &mut tx, &client.id, old.kind, None).await?;
    let description = match &with.description {
        Some(text) => text::prose("/description", text)?,
        None => old.description.clone(),
    };
    let secret = Secret::generate(purpose);
    let new = fresh(cx, &client, Known::Secret(old.kind, secret.clone()), description, with.expires_at)?;
    sql::insert(&mut tx, &new).await?;
    let mut made = made(&new);
    made["replaces"] = json!(old.id);
    let ended = json!({
        "hint": old.hint, "before": {"expires_at": before}, "after": {"expires_at": old.expires_at}, "by": new.id,
    });
    let changes = vec![
        change(cx, "credential.created", &new, &client).detailing(made),
        change(cx, "credential.rotated", &old, &client).detailing(ended),
    ];
    let change = cx.commit(tx, changes).await?;
    Ok(Rotated { new, secret, old, standing, change })
}

/// Deletes the credentials of a client that is deleted, inside the caller's transaction: the changes to commit with it.
///
/// # Errors
/// Those of the database.
pub async fn remove_all(cx: &Cx, conn: &mut Conn, client: &Client) -> Result<Vec<Change>, Problem> {
    let mut changes = Vec::new();
    for credential in sql::of_client(conn, &client.id).await? {
        sql::delete(conn, &credential.id).await?;
        changes.push(change(cx, "credential.deleted", &credential, client).detailing(gone(&credential)));
    }
    Ok(changes)
}

/// Switches a credential on or off; the next call is decided under it.
pub async fn set_active(cx: &Cx, id: &id::CredentialId, active: bool) -> Result<(Credential, Standing, i64), Problem> {
    let mut tx = cx.write().await?;
    let (mut credential, client, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppEdit)?;
    cx.expect_version(credential.version)?;
    if credential.active == active {
        let state = if active { "active" } else { "inactive" };
        return Err(Problem::new(ProblemKind::WrongState, format!("The credential is {state} already.")));
    }
    credential.active = active;
    if credential.lives(cx.now) {
        room(cx, &mut tx, &client.id, credential.kind, Some(id)).await?;
    }
    credential.version = sql::put(&mut tx, &credential).await?;
    let verb = if active { "credential.activated" } else { "credential.deactivated" };
    let detail = json!({"hint": credential.hint, "before": {"active": !active}, "after": {"active": active}});
    let change = change(cx, verb, &credential, &client).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((credential, standing, seq))
}

/// Deletes a credential that was switched off first.
pub async fn remove(cx: &Cx, id: &id::CredentialId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (credential, client, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppEdit)?;
    cx.expect_version(credential.version)?;
    if credential.active {
        let detail = "Only an inactive credential can be deleted; POST .../deactivate first.";
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    sql::delete(&mut tx, id).await?;
    let change = change(cx, "credential.deleted", &credential, &client).detailing(gone(&credential));
    cx.commit(tx, vec![change]).await
}

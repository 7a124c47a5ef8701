//! What can be done with credentials.

use super::{Credential, rule, sql};
use crate::authz::{Standing, Verb};
use crate::client::{self, Client};
use crate::cx::{Cx, Describe};
use crate::text;
use base::secret::Secret;
use base::{Change, Kind, Problem, ProblemKind, Timestamp, id};
use serde_json::json;
use snapshot::{CredentialKind, CredentialRow};
use store::Conn;

/// What a gateway knows of a credential; `None` if it is gone.
///
/// # Errors
/// Those of the database.
pub async fn row(conn: &mut Conn, id: &id::CredentialId) -> Result<Option<CredentialRow>, Problem> {
    Ok(sql::find(conn, id).await?.map(|c| to_row(&c)))
}

/// A credential, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::CredentialId) -> Result<Option<Credential>, Problem> {
    sql::find(conn, id).await
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
    Ok(sql::page(conn, after, limit).await?.iter().map(to_row).collect())
}

fn to_row(c: &Credential) -> CredentialRow {
    CredentialRow {
        id: c.id.clone(),
        client: c.client.clone(),
        kind: c.kind,
        digest: c.digest,
        active: c.active,
        expires_at: c.expires_at,
    }
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
    let purpose = rule::purpose(CredentialKind::ClientSecret);
    if !Secret::looks_like(secret.reveal(), purpose) {
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
async fn room(
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

/// A fresh credential of a client, and the secret that it knows by its digest.
fn fresh(
    cx: &Cx,
    client: &Client,
    kind: CredentialKind,
    description: String,
    expires_at: Option<Timestamp>,
) -> Result<(Credential, Secret), Problem> {
    let secret = Secret::generate(rule::purpose(kind));
    let credential = Credential {
        id: id::CredentialId::new(cx.now),
        version: 1,
        client: client.id.clone(),
        kind,
        digest: cx.platform.keys.digest(rule::purpose(kind), secret.reveal()),
        hint: secret.hint(),
        description,
        active: true,
        expires_at,
        last_used_at: None,
        created_by: cx.signed()?.id.clone(),
        created_at: cx.now,
    };
    Ok((credential, secret))
}

fn change(cx: &Cx, verb: &'static str, credential: &Credential, client: &Client) -> Change {
    cx.change(verb, Kind::Credential, &credential.id)
        .touching(Kind::Client, &client.id)
        .touching(Kind::App, &client.app)
}

/// Makes a secret or API key. It is in this answer and nowhere else.
///
/// # Errors
/// 403, 404, 409 if the client has as many as it may have, 422.
pub async fn create(
    cx: &Cx,
    client: &id::ClientId,
    kind: CredentialKind,
    description: &str,
    expires_at: Option<Timestamp>,
) -> Result<(Credential, Secret, Standing, i64), Problem> {
    let mut tx = cx.write().await?;
    let (client, _, standing) = client::visible(cx, &mut tx, client).await?;
    cx.may(standing, Verb::AppEdit)?;
    rule::end(expires_at, cx.now)?;
    room(cx, &mut tx, &client.id, kind, None).await?;
    let description = text::prose("/description", description)?;
    let (credential, secret) = fresh(cx, &client, kind, description, expires_at)?;
    sql::insert(&mut tx, &credential).await?;
    let detail = json!({"kind": kind, "hint": credential.hint, "expires_at": expires_at});
    let change = change(cx, "credential.created", &credential, &client).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((credential, secret, standing, seq))
}

/// What to change of a credential.
#[derive(Debug, Default)]
pub struct CredentialEdit {
    pub description: Option<String>,
    /// `Some(None)` is never.
    pub expires_at: Option<Option<Timestamp>>,
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
    if let Some(description) = edit.description {
        after.description = text::prose("/description", &description)?;
    }
    if let Some(expires_at) = edit.expires_at {
        rule::end(expires_at, cx.now)?;
        after.expires_at = expires_at;
    }
    if after.lives(cx.now) && !before.lives(cx.now) {
        room(cx, &mut tx, &client.id, after.kind, Some(id)).await?;
    }
    after.version = sql::put(&mut tx, &after).await?;
    let detail = json!({
        "hint": after.hint,
        "before": {"description": before.description, "expires_at": before.expires_at},
        "after": {"description": after.description, "expires_at": after.expires_at},
    });
    let change = change(cx, "credential.edited", &after, &client).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, standing, seq))
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
    let (new, secret) = fresh(cx, &client, old.kind, description, with.expires_at)?;
    sql::insert(&mut tx, &new).await?;
    let made = json!({"kind": new.kind, "hint": new.hint, "expires_at": new.expires_at, "replaces": old.id});
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
        let detail = json!({"hint": credential.hint, "kind": credential.kind});
        changes.push(change(cx, "credential.deleted", &credential, client).detailing(detail));
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
    let detail = json!({"hint": credential.hint, "kind": credential.kind});
    let change = change(cx, "credential.deleted", &credential, &client).detailing(detail);
    cx.commit(tx, vec![change]).await
}

//! What can be done with credentials.

use super::{Credential, rule, sql};
use crate::authz::{Standing, Verb};
use crate::client::{self, Client};
use crate::cx::{Cx, Describe};
use crate::text;
use base::secret::Secret;
use base::{Kind, Problem, ProblemKind, Timestamp, id};
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
) -> Result<Option<id::CredentialId>, Problem> {
    let purpose = rule::purpose(CredentialKind::ClientSecret);
    if !Secret::looks_like(secret.reveal(), purpose) {
        return Ok(None);
    }
    let digest = cx.platform.keys.digest(purpose, secret.reveal());
    let found = sql::find_by_digest(conn, digest).await?;
    let usable = found.filter(|c| {
        c.client == client.id
            && c.kind == CredentialKind::ClientSecret
            && c.active
            && c.expires_at.is_none_or(|end| end > cx.now)
    });
    Ok(usable.map(|c| c.id))
}

async fn visible(cx: &Cx, conn: &mut Conn, id: &id::CredentialId) -> Result<(Credential, Client, Standing), Problem> {
    cx.signed()?;
    let credential = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("credential"))?;
    let (client, _, standing) =
        client::visible(cx, conn, &credential.client).await.map_err(|p| p.instead("credential"))?;
    Ok((credential, client, standing))
}

pub async fn list(cx: &Cx, client: &id::ClientId) -> Result<Vec<Credential>, Problem> {
    let mut tx = cx.read().await?;
    client::visible(cx, &mut tx, client).await?;
    sql::of_client(&mut tx, client).await
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
) -> Result<(Credential, Secret, i64), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let (client, app, standing) = client::visible(cx, &mut tx, client).await?;
    cx.may(standing, Verb::AppEdit)?;
    rule::end(expires_at, cx.now)?;
    let existing = sql::of_client(&mut tx, &client.id).await?.iter().filter(|c| c.kind == kind).count();
    rule::room(kind, existing)?;
    let secret = Secret::generate(rule::purpose(kind));
    let credential = Credential {
        id: id::CredentialId::new(cx.now),
        version: 1,
        client: client.id.clone(),
        kind,
        digest: cx.platform.keys.digest(rule::purpose(kind), secret.reveal()),
        hint: secret.hint(),
        description: text::prose("/description", description)?,
        active: true,
        expires_at,
        created_by: who.id.clone(),
        created_at: cx.now,
    };
    sql::insert(&mut tx, &credential).await?;
    let change = cx
        .change("credential.created", Kind::Credential, &credential.id)
        .touching(Kind::Client, &client.id)
        .touching(Kind::App, &app.id)
        .detailing(json!({"kind": kind, "hint": credential.hint, "expires_at": expires_at}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((credential, secret, seq))
}

/// Switches a credential on or off; the next call is decided under it.
pub async fn set_active(cx: &Cx, id: &id::CredentialId, active: bool) -> Result<(Credential, i64), Problem> {
    let mut tx = cx.write().await?;
    let (mut credential, client, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppEdit)?;
    cx.expect_version(credential.version)?;
    if credential.active == active {
        let state = if active { "active" } else { "inactive" };
        return Err(Problem::new(ProblemKind::WrongState, format!("The credential is {state} already.")));
    }
    credential.active = active;
    credential.version = sql::put(&mut tx, &credential).await?;
    let verb = if active { "credential.activated" } else { "credential.deactivated" };
    let change = cx
        .change(verb, Kind::Credential, id)
        .touching(Kind::Client, &client.id)
        .touching(Kind::App, &client.app)
        .detailing(json!({"hint": credential.hint, "before": {"active": !active}, "after": {"active": active}}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((credential, seq))
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
    let change = cx
        .change("credential.deleted", Kind::Credential, id)
        .touching(Kind::Client, &client.id)
        .touching(Kind::App, &client.app)
        .detailing(json!({"hint": credential.hint, "kind": credential.kind}));
    cx.commit(tx, vec![change]).await
}

//! Credentials as an import of an app wants them, inside the transaction of that import.

use super::certificate::{self, Said};
use super::ops::{Known, certified, change, fresh, gone, made, room};
use super::{Certificate, Credential, CredentialKind, rule, sql};
use crate::client::Client;
use crate::cx::{Cx, Describe};
use base::secret::{Digest, Purpose, Secret};
use base::{Change, Problem, id};
use serde_json::json;
use store::Conn;

/// Keeps a secret or key that was made elsewhere (C77); the change to commit with it, unless the client has it already. One
/// that was switched off stays off. The caller has checked that they may.
///
/// # Errors
/// 422 naming `pointer`, 409 if another client has it or this one has as many as it may.
pub async fn adopt_secret(
    cx: &Cx,
    conn: &mut Conn,
    client: &Client,
    kind: CredentialKind,
    secret: &Secret,
    pointer: &str,
) -> Result<Option<Change>, Problem> {
    let purpose = rule::purpose(kind).unwrap_or(Purpose::ClientSecret);
    rule::brought(pointer, secret, purpose)?;
    let digest = cx.platform.keys.digest(purpose, secret.reveal());
    let found = sql::find_by_digest(conn, digest).await?;
    if found.is_some_and(|found| found.client == client.id) {
        return Ok(None);
    }
    room(cx, conn, &client.id, kind, None).await.map_err(|p| p.at(pointer))?;
    let credential = fresh(cx, client, Known::Secret(kind, secret.clone()), String::new(), None)?;
    sql::insert(conn, &credential).await.map_err(|p| p.at(pointer))?;
    Ok(Some(change(cx, "credential.created", &credential, client).detailing(made(&credential))))
}

/// A certificate that a client is to have.
#[derive(Clone, Debug)]
pub struct AdoptedCertificate {
    /// Base64 of the DER.
    pub certificate: String,
    /// Whose it is; what it says itself unless given.
    pub subject: Option<String>,
    /// Who signed it; what it says itself unless given.
    pub issuer: Option<String>,
    /// The developer who added it elsewhere.
    pub developer: Option<id::UserId>,
    /// See [`Certificate`].
    pub allow_expired: bool,
    /// See [`Certificate`].
    pub skip_chain_checks: bool,
}

/// Gives a client exactly these certificates: the changes to commit. Those that were switched off stay as they are unless
/// they are wanted. The caller has checked that they may.
///
/// # Errors
/// 422 naming a member below `pointer`, 409 if another client has one or this one would have too many.
pub async fn adopt_certificates(
    cx: &Cx,
    conn: &mut Conn,
    client: &Client,
    wanted: &[AdoptedCertificate],
    pointer: &str,
) -> Result<Vec<Change>, Problem> {
    let mut there = sql::of_client(conn, &client.id).await?;
    there.retain(|c| c.kind == CredentialKind::Certificate);
    let (mut changes, mut seen): (Vec<Change>, Vec<Digest>) = (Vec::new(), Vec::new());
    let mut fresh_ones = Vec::new();
    for (n, one) in wanted.iter().enumerate() {
        let at = format!("{pointer}/{n}");
        let said = Said {
            certificate: &one.certificate,
            subject: one.subject.as_deref(),
            issuer: one.issuer.as_deref(),
            allow_expired: one.allow_expired,
            skip_chain_checks: one.skip_chain_checks,
        };
        let (certificate, digest) = certificate::read(&at, said, one.developer.clone())?;
        if seen.contains(&digest) {
            return Err(Problem::invalid(format!("{at}/certificate"), "It is in the list already; name it once."));
        }
        seen.push(digest);
        match there.iter().find(|c| c.digest == digest) {
            Some(before) => changes.extend(bring(cx, conn, client, before, certificate).await?),
            None => fresh_ones.push((n, certificate, digest)),
        }
    }
    for old in there.iter().filter(|c| c.active && !seen.contains(&c.digest)) {
        sql::delete(conn, &old.id).await?;
        changes.push(change(cx, "credential.deleted", old, client).detailing(gone(old)));
    }
    for (n, certificate, digest) in fresh_ones {
        let at = format!("{pointer}/{n}/certificate");
        room(cx, conn, &client.id, CredentialKind::Certificate, None).await.map_err(|p| p.at(&at))?;
        let end = certificate.end();
        let mut new = fresh(cx, client, Known::Certificate(Box::new(certificate), digest), String::new(), end)?;
        // A millisecond apart each, so that they stay in their order.
        let later = i64::try_from(n).unwrap_or_default() * 1_000;
        new.id = id::CredentialId::new(cx.now.plus_micros(later));
        sql::insert(conn, &new).await.map_err(|p| p.at(&at))?;
        changes.push(change(cx, "credential.created", &new, client).detailing(made(&new)));
    }
    Ok(changes)
}

/// Brings a certificate that is there to what is wanted of it.
async fn bring(
    cx: &Cx,
    conn: &mut Conn,
    client: &Client,
    before: &Credential,
    wanted: Certificate,
) -> Result<Option<Change>, Problem> {
    let Some(old) = before.certificate.as_deref() else { return Ok(None) };
    if *old == wanted && before.active {
        return Ok(None);
    }
    let mut after = before.clone();
    after.active = true;
    after.expires_at = wanted.end();
    let detail = json!({
        "hint": after.hint,
        "before": {"active": before.active, "certificate": certified(old)},
        "after": {"active": true, "certificate": certified(&wanted)},
    });
    after.certificate = Some(Box::new(wanted));
    after.version = sql::put(conn, &after).await?;
    sql::put_certificate(conn, &after).await?;
    Ok(Some(change(cx, "credential.edited", &after, client).detailing(detail)))
}

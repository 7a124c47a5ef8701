//! Credentials over HTTP.

use super::certificate::Said;
use super::{Certificate, Credential, CredentialKind, CredentialState, ops, rule};
use crate::actions::{Actions, Offered, unless};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Platform};
use crate::names::{Named, Names};
use crate::web::{Answer, Body, Done, Fail, Ident, Problems, Written};
use base::secret::Secret;
use base::{Kind, Problem, Ref, Timestamp, id};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about credentials.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(credential_list, credential_create))
        .routes(routes!(credential_activate))
        .routes(routes!(credential_deactivate))
        .routes(routes!(credential_rotate))
        .routes(routes!(credential_get, credential_edit, credential_remove))
}

/// What there is to know of a certificate.
#[derive(Serialize, ToSchema)]
#[schema(as = Certificate)]
pub struct CertificateView {
    /// Base64 of the DER.
    pub certificate: String,
    /// Whose it is, as it was said: it matches the certificate.
    pub subject: String,
    /// Who signed it, as it was said: it matches the certificate.
    pub issuer: String,
    /// Its number at its issuer, in hexadecimal.
    pub serial: String,
    /// SHA-256 of the DER, in hexadecimal.
    pub fingerprint: String,
    /// From when on it is good.
    #[schema(format = DateTime)]
    pub not_before: String,
    /// Until when it is good.
    #[schema(format = DateTime)]
    pub not_after: String,
    /// Whether it counts after its end.
    pub allow_expired: bool,
    /// Whether it is trusted because it is this one, whoever signed it.
    pub skip_chain_checks: bool,
    /// The developer who added it; null if an administrator did.
    pub added_by: Option<Named>,
}

async fn certificate_view(cx: &Cx, names: &mut Names, it: &Certificate) -> Result<CertificateView, Problem> {
    Ok(CertificateView {
        certificate: it.der.clone(),
        subject: it.subject.clone(),
        issuer: it.issuer.clone(),
        serial: it.serial.clone(),
        fingerprint: it.fingerprint(),
        not_before: it.not_before.to_string(),
        not_after: it.not_after.to_string(),
        allow_expired: it.allow_expired,
        skip_chain_checks: it.skip_chain_checks,
        added_by: match &it.added_by {
            Some(user) => Some(names.named(&mut *cx.read().await?, Kind::User, user).await?),
            None => None,
        },
    })
}

/// What may be added to a client that has these credentials: `add_secret`, `add_key`, `add_certificate`, each `full` while
/// it has as many as it may.
pub fn offers(standing: Standing, has: &[&Credential], now: Timestamp) -> Vec<Offered> {
    let full = |kind: CredentialKind| {
        let kept: Vec<_> = has.iter().filter(|c| c.kind == kind).collect();
        let live = kept.iter().filter(|c| c.lives(now)).count();
        unless(rule::room(kind, live, kept.len()).is_ok(), "full")
    };
    Actions::of(standing)
        .offer_if("add_secret", Verb::AppEdit, full(CredentialKind::ClientSecret))
        .offer_if("add_key", Verb::AppEdit, full(CredentialKind::ApiKey))
        .offer_if("add_certificate", Verb::AppEdit, full(CredentialKind::Certificate))
        .all()
}

/// A secret, API key or certificate. A secret or key itself is shown when it is made, and never again.
#[derive(Serialize, ToSchema)]
#[schema(as = Credential)]
pub struct CredentialView {
    /// `crd_...`
    pub id: String,
    /// `cli_...`
    pub client: String,
    /// What it is.
    pub kind: CredentialKind,
    /// The last four symbols; of a certificate those of its fingerprint.
    pub hint: String,
    /// For people.
    pub description: String,
    /// Whether it is switched on.
    pub active: bool,
    /// Where it stands now, by the clock of the server.
    pub state: CredentialState,
    /// When it ends; null is never. A certificate ends with itself, unless it counts after its end.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// When it was last accepted by the gateway or the token endpoint, to the minute; null is never.
    #[schema(format = DateTime)]
    pub last_used_at: Option<String>,
    /// Who made it.
    pub created_by: Named,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// What the caller may do now: `rotate`, `edit`, `activate`, `deactivate`, `delete` (`deactivate_first` while it is
    /// switched on; `not_rotated` for certificates, `full` while another one cannot be added).
    pub actions: Vec<Offered>,
    /// What there is to know of a certificate. The gateway does not take certificates yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateView>,
    /// The secret or key itself, in the answer that made it only. Store it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

async fn view(
    cx: &Cx,
    names: &mut Names,
    credential: &Credential,
    standing: Standing,
    secret: Option<&Secret>,
) -> Result<CredentialView, Problem> {
    let active = credential.active;
    let rotates = match rule::purpose(credential.kind) {
        Some(_) if !active => Some("wrong_state"),
        Some(_) => unless(!ops::is_full(cx, credential).await?, "full"),
        None => Some("not_rotated"),
    };
    let certificate = match &credential.certificate {
        Some(certificate) => Some(certificate_view(cx, names, certificate).await?),
        None => None,
    };
    let actions = Actions::of(standing)
        .offer_if("rotate", Verb::AppEdit, rotates)
        .offer("edit", Verb::AppEdit)
        .offer_if("activate", Verb::AppEdit, unless(!active, "wrong_state"))
        .offer_if("deactivate", Verb::AppEdit, unless(active, "wrong_state"))
        .offer_if("delete", Verb::AppEdit, unless(!active, "deactivate_first"));
    Ok(CredentialView {
        id: credential.id.to_string(),
        client: credential.client.to_string(),
        kind: credential.kind,
        hint: credential.hint.clone(),
        description: credential.description.clone(),
        active,
        state: rule::state(active, credential.expires_at, cx.now),
        expires_at: credential.expires_at.map(|t| t.to_string()),
        last_used_at: credential.last_used_at.map(|t| t.to_string()),
        created_by: names.named(&mut *cx.read().await?, Kind::User, &credential.created_by).await?,
        created_at: credential.created_at.to_string(),
        actions: actions.all(),
        certificate,
        secret: secret.map(|s| s.reveal().to_owned()),
    })
}

async fn shown(cx: &Cx, credential: &Credential, standing: Standing) -> Result<CredentialView, Problem> {
    view(cx, &mut Names::default(), credential, standing, None).await
}

/// All credentials of a client.
#[derive(Serialize, ToSchema)]
pub struct CredentialList {
    items: Vec<CredentialView>,
}

/// Credentials of a client
///
/// Never with a secret.
#[utoipa::path(get, path = "/api/v1/clients/{id}/credentials", operation_id = "credential_list", tag = "Credentials",
    params(("id" = String, Path, description = "`cli_...`")), responses((status = 200, body = CredentialList), Problems))]
async fn credential_list(cx: Cx, Ident(id): Ident<id::ClientId>) -> Result<Answer<CredentialList>, Fail> {
    let (all, standing) = ops::list(&cx, &id).await?;
    let (mut names, mut items) = (Names::default(), Vec::with_capacity(all.len()));
    let adders = all.iter().filter_map(|it| it.certificate.as_ref()?.added_by.as_ref());
    let people = all.iter().map(|it| &it.created_by).chain(adders);
    names.learn_all(&mut *cx.read().await?, people.map(|user| Ref::new(Kind::User, user)).collect()).await?;
    for credential in &all {
        items.push(view(&cx, &mut names, credential, standing, None).await?);
    }
    Ok(Answer::ok(CredentialList { items }))
}

/// One credential
///
/// Never with its secret.
#[utoipa::path(get, path = "/api/v1/credentials/{id}", operation_id = "credential_get", tag = "Credentials",
    params(("id" = String, Path, description = "`crd_...`")), responses((status = 200, body = CredentialView), Problems))]
async fn credential_get(cx: Cx, Ident(id): Ident<id::CredentialId>) -> Result<Answer<CredentialView>, Fail> {
    let (credential, standing) = ops::get(&cx, &id).await?;
    Ok(Answer::ok(shown(&cx, &credential, standing).await?).version(credential.version))
}

/// Tells `null`, which takes a value away, from an absent member, which leaves it (RFC 7396).
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}

/// What to change of a credential.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialEdit {
    /// At most 4,000 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    description: Option<String>,
    /// When it ends, or `null` for never.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Option<Timestamp>>,
    /// Of a certificate only: whether it counts after its end.
    #[serde(default, deserialize_with = "crate::web::given")]
    allow_expired: Option<bool>,
    /// Of a certificate only: whether it is trusted because it is this one, whoever signed it.
    #[serde(default, deserialize_with = "crate::web::given")]
    skip_chain_checks: Option<bool>,
}

/// Change a credential
///
/// What is said of it, and when it ends; the next call is decided under that.
#[utoipa::path(patch, path = "/api/v1/credentials/{id}", operation_id = "credential_edit", tag = "Credentials",
    params(("id" = String, Path, description = "`crd_...`")), request_body = CredentialEdit,
    responses((status = 200, body = Written<CredentialView>), Problems))]
async fn credential_edit(
    cx: Cx,
    Ident(id): Ident<id::CredentialId>,
    Body(body): Body<CredentialEdit>,
) -> Result<Answer<Written<CredentialView>>, Fail> {
    let edit = ops::CredentialEdit {
        description: body.description,
        expires_at: body.expires_at,
        allow_expired: body.allow_expired,
        skip_chain_checks: body.skip_chain_checks,
    };
    let (credential, standing, change) = ops::edit(&cx, &id, edit).await?;
    let value = shown(&cx, &credential, standing).await?;
    Ok(Answer::ok(Written { value, change }).version(credential.version))
}

/// How to rotate a credential.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// When the old one ends: `now`, `1h`, `24h`, `7d`, or an RFC 3339 instant. Its own end stays if that is earlier.
    old_ends: String,
    /// Of the new one; that of the old one unless given.
    #[serde(default)]
    description: Option<String>,
    /// When the new one ends; never unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// A credential that was rotated.
#[derive(Serialize, ToSchema)]
pub struct Rotated {
    /// The new one, with its secret.
    #[serde(flatten)]
    credential: CredentialView,
    /// The old one, with its end.
    replaced: CredentialView,
    /// The number of the change.
    change: i64,
}

/// Rotate a secret or API key
///
/// Makes another of the same kind, which the answer shows this one time, and ends the old one then. Until then both are
/// good. 409 if the client would have more good ones of the kind than it may.
#[utoipa::path(post, path = "/api/v1/credentials/{id}/rotate", operation_id = "credential_rotate", tag = "Credentials",
    params(("id" = String, Path, description = "`crd_...`")), request_body = Rotation,
    responses((status = 201, body = Rotated), Problems))]
async fn credential_rotate(
    cx: Cx,
    Ident(id): Ident<id::CredentialId>,
    Body(body): Body<Rotation>,
) -> Result<Answer<Rotated>, Fail> {
    let with = ops::Replacement { old_ends: body.old_ends, description: body.description, expires_at: body.expires_at };
    let done = ops::rotate(&cx, &id, with).await?;
    let mut names = Names::default();
    let credential = view(&cx, &mut names, &done.new, done.standing, Some(&done.secret)).await?;
    let replaced = view(&cx, &mut names, &done.old, done.standing, None).await?;
    let location = format!("/api/v1/credentials/{}", done.new.id);
    let body = Rotated { credential, replaced, change: done.change };
    Ok(Answer::created(location, body).version(done.new.version))
}

/// A credential to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCredential {
    /// What it is.
    kind: CredentialKind,
    /// At most 4,000 characters.
    #[serde(default)]
    description: String,
    /// When it ends; never unless given. A certificate says it itself.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// A secret or key that was made elsewhere, 16 to 256 visible ASCII characters: by site administrators only. The server
    /// makes one unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    secret: Option<Secret>,
    /// For the kind `certificate`: base64 of its DER.
    #[serde(default)]
    certificate: Option<String>,
    /// Whose certificate it is, such as `C=DK,OU=Partner,CN=Person`: must match it. What it says itself unless given.
    #[serde(default)]
    subject: Option<String>,
    /// Who signed the certificate; likewise.
    #[serde(default)]
    issuer: Option<String>,
    /// Whether the certificate counts after its end.
    #[serde(default)]
    allow_expired: Option<bool>,
    /// Whether the certificate is trusted because it is this one, whoever signed it.
    #[serde(default)]
    skip_chain_checks: Option<bool>,
}

impl NewCredential {
    /// What is said of a certificate, if anything is.
    fn said(&self) -> Option<Said<'_>> {
        let text = [&self.certificate, &self.subject, &self.issuer].iter().any(|member| member.is_some());
        let flag = self.allow_expired.or(self.skip_chain_checks).is_some();
        (text || flag || self.kind == CredentialKind::Certificate).then(|| Said {
            certificate: self.certificate.as_deref().unwrap_or(""),
            subject: self.subject.as_deref(),
            issuer: self.issuer.as_deref(),
            allow_expired: self.allow_expired.unwrap_or(false),
            skip_chain_checks: self.skip_chain_checks.unwrap_or(false),
        })
    }
}

/// Make a secret or API key, or add a certificate
///
/// The answer shows a secret or key that the server made this one time. A client has at most two secrets, twenty keys and
/// twenty certificates that are good. Certificates are kept and checked; the gateway does not take them yet.
#[utoipa::path(post, path = "/api/v1/clients/{id}/credentials", operation_id = "credential_create", tag = "Credentials",
    params(("id" = String, Path, description = "`cli_...`")), request_body = NewCredential,
    responses((status = 201, body = Written<CredentialView>), Problems))]
async fn credential_create(
    cx: Cx,
    Ident(id): Ident<id::ClientId>,
    Body(body): Body<NewCredential>,
) -> Result<Answer<Written<CredentialView>>, Fail> {
    cx.fresh()?;
    let new = ops::NewCredential {
        kind: body.kind,
        secret: body.secret.clone(),
        certificate: body.said(),
        description: &body.description,
        expires_at: body.expires_at,
    };
    let (credential, secret, standing, change) = ops::create(&cx, &id, new).await?;
    let location = format!("/api/v1/credentials/{}", credential.id);
    let value = view(&cx, &mut Names::default(), &credential, standing, secret.as_ref()).await?;
    Ok(Answer::created(location, Written { value, change }).version(credential.version))
}

/// Switch a credential on
#[utoipa::path(post, path = "/api/v1/credentials/{id}/activate", operation_id = "credential_activate", tag = "Credentials",
    params(("id" = String, Path, description = "`crd_...`")),
    responses((status = 200, body = Written<CredentialView>), Problems))]
async fn credential_activate(
    cx: Cx,
    Ident(id): Ident<id::CredentialId>,
) -> Result<Answer<Written<CredentialView>>, Fail> {
    cx.fresh()?;
    let (credential, standing, change) = ops::set_active(&cx, &id, true).await?;
    let value = shown(&cx, &credential, standing).await?;
    Ok(Answer::ok(Written { value, change }).version(credential.version))
}

/// Switch a credential off
///
/// The next call that carries it is refused.
#[utoipa::path(post, path = "/api/v1/credentials/{id}/deactivate", operation_id = "credential_deactivate",
    tag = "Credentials", params(("id" = String, Path, description = "`crd_...`")),
    responses((status = 200, body = Written<CredentialView>), Problems))]
async fn credential_deactivate(
    cx: Cx,
    Ident(id): Ident<id::CredentialId>,
) -> Result<Answer<Written<CredentialView>>, Fail> {
    cx.fresh()?;
    let (credential, standing, change) = ops::set_active(&cx, &id, false).await?;
    let value = shown(&cx, &credential, standing).await?;
    Ok(Answer::ok(Written { value, change }).version(credential.version))
}

/// Delete a credential
///
/// Only an inactive one; it never comes back.
#[utoipa::path(delete, path = "/api/v1/credentials/{id}", operation_id = "credential_remove", tag = "Credentials",
    params(("id" = String, Path, description = "`crd_...`")), responses((status = 200, body = Done), Problems))]
async fn credential_remove(cx: Cx, Ident(id): Ident<id::CredentialId>) -> Result<Answer<Done>, Fail> {
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::remove(&cx, &id).await? }))
}

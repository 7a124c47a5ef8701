//! Credentials over HTTP.

use super::{Credential, CredentialState, ops, rule};
use crate::actions::{Actions, Offered, unless};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Platform};
use crate::names::{Named, Names};
use crate::web::{Answer, Body, Done, Fail, Ident, Problems, Written};
use base::secret::Secret;
use base::{Kind, Problem, Timestamp, id};
use serde::{Deserialize, Deserializer, Serialize};
use snapshot::CredentialKind;
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

/// What a credential is.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CredentialKind)]
pub enum KindView {
    /// For the token endpoint, and for HTTP Basic where a version takes it.
    ClientSecret,
    /// For the gateway.
    ApiKey,
}

impl From<CredentialKind> for KindView {
    fn from(kind: CredentialKind) -> Self {
        match kind {
            CredentialKind::ClientSecret => Self::ClientSecret,
            CredentialKind::ApiKey => Self::ApiKey,
        }
    }
}

impl From<KindView> for CredentialKind {
    fn from(view: KindView) -> Self {
        match view {
            KindView::ClientSecret => Self::ClientSecret,
            KindView::ApiKey => Self::ApiKey,
        }
    }
}

/// A secret or API key. The secret itself is shown when it is made, and never again.
#[derive(Serialize, ToSchema)]
#[schema(as = Credential)]
pub struct CredentialView {
    /// `crd_...`
    pub id: String,
    /// `cli_...`
    pub client: String,
    /// What it is.
    pub kind: KindView,
    /// The last four symbols.
    pub hint: String,
    /// For people.
    pub description: String,
    /// Whether it is switched on.
    pub active: bool,
    /// Where it stands now, by the clock of the server.
    pub state: CredentialState,
    /// When it ends; null is never.
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
    /// switched on).
    pub actions: Vec<Offered>,
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
    let actions = Actions::of(standing)
        .offer_if("rotate", Verb::AppEdit, unless(active, "wrong_state"))
        .offer("edit", Verb::AppEdit)
        .offer_if("activate", Verb::AppEdit, unless(!active, "wrong_state"))
        .offer_if("deactivate", Verb::AppEdit, unless(active, "wrong_state"))
        .offer_if("delete", Verb::AppEdit, unless(!active, "deactivate_first"));
    Ok(CredentialView {
        id: credential.id.to_string(),
        client: credential.client.to_string(),
        kind: credential.kind.into(),
        hint: credential.hint.clone(),
        description: credential.description.clone(),
        active,
        state: rule::state(active, credential.expires_at, cx.now),
        expires_at: credential.expires_at.map(|t| t.to_string()),
        last_used_at: credential.last_used_at.map(|t| t.to_string()),
        created_by: names.named(&mut *cx.read().await?, Kind::User, &credential.created_by).await?,
        created_at: credential.created_at.to_string(),
        actions: actions.all(),
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
    let edit = ops::CredentialEdit { description: body.description, expires_at: body.expires_at };
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
    kind: KindView,
    /// At most 4,000 characters.
    #[serde(default)]
    description: String,
    /// When it ends; never unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Make a secret or API key
///
/// The answer shows it this one time. A client has at most two secrets and twenty keys that are good.
#[utoipa::path(post, path = "/api/v1/clients/{id}/credentials", operation_id = "credential_create", tag = "Credentials",
    params(("id" = String, Path, description = "`cli_...`")), request_body = NewCredential,
    responses((status = 201, body = Written<CredentialView>), Problems))]
async fn credential_create(
    cx: Cx,
    Ident(id): Ident<id::ClientId>,
    Body(body): Body<NewCredential>,
) -> Result<Answer<Written<CredentialView>>, Fail> {
    cx.fresh()?;
    let (credential, secret, standing, change) =
        ops::create(&cx, &id, body.kind.into(), &body.description, body.expires_at).await?;
    let location = format!("/api/v1/credentials/{}", credential.id);
    let value = view(&cx, &mut Names::default(), &credential, standing, Some(&secret)).await?;
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

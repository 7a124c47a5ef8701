//! Credentials over HTTP.

use super::{Credential, ops};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Body, Done, Fail, Ident, Problems, Written};
use base::secret::Secret;
use base::{Timestamp, id};
use serde::{Deserialize, Serialize};
use snapshot::CredentialKind;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about credentials.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(credential_list, credential_create))
        .routes(routes!(credential_activate))
        .routes(routes!(credential_deactivate))
        .routes(routes!(credential_remove))
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
    /// When it ends; null is never.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// The secret or key itself, in the answer that made it only. Store it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

fn view(credential: &Credential, secret: Option<&Secret>) -> CredentialView {
    CredentialView {
        id: credential.id.to_string(),
        client: credential.client.to_string(),
        kind: match credential.kind {
            CredentialKind::ClientSecret => KindView::ClientSecret,
            CredentialKind::ApiKey => KindView::ApiKey,
        },
        hint: credential.hint.clone(),
        description: credential.description.clone(),
        active: credential.active,
        expires_at: credential.expires_at.map(|t| t.to_string()),
        created_at: credential.created_at.to_string(),
        secret: secret.map(|s| s.reveal().to_owned()),
    }
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
    Ok(Answer::ok(CredentialList { items: ops::list(&cx, &id).await?.iter().map(|c| view(c, None)).collect() }))
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
/// The answer shows it this one time. A client has at most two secrets and twenty keys.
#[utoipa::path(post, path = "/api/v1/clients/{id}/credentials", operation_id = "credential_create", tag = "Credentials",
    params(("id" = String, Path, description = "`cli_...`")), request_body = NewCredential,
    responses((status = 201, body = Written<CredentialView>), Problems))]
async fn credential_create(
    cx: Cx,
    Ident(id): Ident<id::ClientId>,
    Body(body): Body<NewCredential>,
) -> Result<Answer<Written<CredentialView>>, Fail> {
    let (credential, secret, change) =
        ops::create(&cx, &id, body.kind.into(), &body.description, body.expires_at).await?;
    let location = format!("/api/v1/credentials/{}", credential.id);
    let value = view(&credential, Some(&secret));
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
    let (credential, change) = ops::set_active(&cx, &id, true).await?;
    Ok(Answer::ok(Written { value: view(&credential, None), change }).version(credential.version))
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
    let (credential, change) = ops::set_active(&cx, &id, false).await?;
    Ok(Answer::ok(Written { value: view(&credential, None), change }).version(credential.version))
}

/// Delete a credential
///
/// Only an inactive one; it never comes back.
#[utoipa::path(delete, path = "/api/v1/credentials/{id}", operation_id = "credential_remove", tag = "Credentials",
    params(("id" = String, Path, description = "`crd_...`")), responses((status = 200, body = Done), Problems))]
async fn credential_remove(cx: Cx, Ident(id): Ident<id::CredentialId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove(&cx, &id).await? }))
}

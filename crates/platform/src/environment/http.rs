//! Environments over HTTP.

use super::{Environment, ops};
use crate::actions::{Actions, Offered};
use crate::authz::Verb;
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Fail, Problems};
use axum::extract::Path;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about environments.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(environment_list)).routes(routes!(environment_get))
}

/// Where versions are published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Environment)]
pub struct EnvironmentView {
    /// `env_...`
    pub id: String,
    /// The word for it in requests.
    pub slug: String,
    /// For people.
    pub name: String,
    /// The host name that selects it; empty means any host.
    pub host: String,
    /// The path prefix that selects it: empty or like `/sandbox`.
    pub prefix: String,
    /// The address under which callers reach it; API, version and path follow.
    pub base_url: String,
    /// What it is for.
    pub description: String,
    /// Where people say yes to apps; this program's own unless it was said otherwise.
    pub oauth_authorization_url: String,
    /// Where tokens are issued.
    pub oauth_token_url: String,
    /// Where OpenID Connect describes itself.
    pub oidc_discovery_url: String,
    /// Those of the three that were said otherwise.
    pub own_urls: Vec<&'static str>,
    /// The name of the gateway configuration that serves it; may be empty.
    pub gateway: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// What the caller may do now: `edit`.
    pub actions: Vec<Offered>,
}

impl Environment {
    /// The environment as people and programs see it.
    pub fn view(&self, cx: &Cx) -> EnvironmentView {
        let addresses = self.addresses(&cx.platform.settings.public_url);
        let said = [
            ("oauth_authorization_url", &self.urls.authorization),
            ("oauth_token_url", &self.urls.token),
            ("oidc_discovery_url", &self.urls.discovery),
        ];
        EnvironmentView {
            id: self.id.to_string(),
            slug: self.slug.clone(),
            name: self.name.clone(),
            host: self.host.clone(),
            prefix: self.prefix.clone(),
            base_url: self.base_url(&cx.platform.settings.gateway_url),
            description: self.description.clone(),
            oauth_authorization_url: addresses.authorization,
            oauth_token_url: addresses.token,
            oidc_discovery_url: addresses.discovery,
            own_urls: said.into_iter().filter(|(_, url)| !url.is_empty()).map(|(name, _)| name).collect(),
            gateway: self.gateway.clone(),
            created_at: self.created_at.to_string(),
            actions: Actions::of(cx.standing()).offer("edit", Verb::PlatformSettings).all(),
        }
    }
}

/// All environments.
#[derive(Serialize, ToSchema)]
pub struct EnvironmentList {
    items: Vec<EnvironmentView>,
}

/// All environments
///
/// In the order of their creation; a fresh installation has `production` and `sandbox`.
#[utoipa::path(get, path = "/api/v1/environments", operation_id = "environment_list", tag = "Environments",
    responses((status = 200, body = EnvironmentList), Problems))]
async fn environment_list(cx: Cx) -> Result<Answer<EnvironmentList>, Fail> {
    let items = ops::list(&cx).await?.iter().map(|environment| environment.view(&cx)).collect();
    Ok(Answer::ok(EnvironmentList { items }))
}

/// One environment
#[utoipa::path(get, path = "/api/v1/environments/{id}", operation_id = "environment_get", tag = "Environments",
    params(("id" = String, Path, description = "`env_...` or the slug")),
    responses((status = 200, body = EnvironmentView), Problems))]
async fn environment_get(cx: Cx, Path(id): Path<String>) -> Result<Answer<EnvironmentView>, Fail> {
    let environment = ops::get(&cx, &id).await?;
    Ok(Answer::ok(environment.view(&cx)).version(environment.version))
}

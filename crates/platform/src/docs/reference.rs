//! Our own management API for the same reader that shows the APIs of the catalogue.

use crate::cx::Platform;
use crate::document;
use crate::reference::{self, Reference, Server};
use crate::web::{Cached, Fail, Problems};
use axum::Extension;
use axum::response::Response;
use base::Problem;
use http::HeaderMap;
use std::sync::Arc;
use tokio::sync::OnceCell;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The reference of our own API.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(platform_reference))
}

/// Our own document, and its reference once somebody has asked for it.
#[derive(Clone, Debug)]
pub struct Own(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    json: Arc<str>,
    public_url: String,
    made: OnceCell<Vec<u8>>,
}

impl Own {
    /// That of `json`, an OpenAPI document, served at `public_url`.
    pub fn new(json: Arc<str>, public_url: &str) -> Self {
        Self(Arc::new(Parts { json, public_url: public_url.to_owned(), made: OnceCell::new() }))
    }

    async fn made(&self) -> Result<&[u8], Problem> {
        let make = || {
            let own = self.clone();
            async move { tokio::task::spawn_blocking(move || own.make()).await.map_err(Problem::internal)? }
        };
        self.0.made.get_or_try_init(make).await.map(Vec::as_slice)
    }

    fn make(&self) -> Result<Vec<u8>, Problem> {
        let document = document::read(self.0.json.as_bytes())?;
        let mut calling = reference::declared(&document);
        calling.servers = vec![Server { url: self.0.public_url.clone(), environment: None, name: None }];
        serde_json::to_vec(&reference::of(document, calling)).map_err(Problem::internal)
    }
}

/// This interface for readers
///
/// What `GET /api/v1/versions/{id}/reference` is for the APIs of the catalogue, for the management API itself.
#[utoipa::path(get, path = "/api/v1/reference", operation_id = "platform_reference", tag = "Reference",
    responses((status = 200, body = Reference), (status = 304, description = "As `If-None-Match` has it."), Problems),
    security((), ("personal_token" = [])))]
async fn platform_reference(Extension(own): Extension<Own>, headers: HeaderMap) -> Result<Response, Fail> {
    let cached = Cached::by(&own.0.json);
    if cached.is_known(&headers) {
        return Ok(cached.unchanged());
    }
    Ok(cached.json(own.made().await?.to_vec()))
}

//! The upstream of the demo: the sample, serving the documents that the demo imports.
//!
//! The documents are part of the program, so that it can be tried out wherever it is copied to.

use super::seed::{DATA_ORGANIZATION, PROVIDER_ORGANIZATION};
use crate::sample;
use anyhow::{Context as _, Result};
use std::future::Future;
use tokio::net::TcpListener;

/// An API of the demo.
#[derive(Debug)]
pub struct SampleApi {
    /// The organization that publishes it.
    pub organization: &'static str,
    /// First path segment of its calls at the gateway.
    pub slug: &'static str,
    /// Second path segment of its calls at the gateway.
    pub version: &'static str,
    /// For people.
    pub name: &'static str,
    /// For people.
    pub description: &'static str,
    /// Where the upstream serves it.
    pub mount: &'static str,
    /// Its OpenAPI document.
    pub document: &'static [u8],
}

/// The APIs of the demo. The first is the one that the story is told with.
pub const APIS: [SampleApi; 4] = [
    SampleApi {
        organization: PROVIDER_ORGANIZATION,
        slug: "identity-management",
        version: "v3",
        name: "Identity Management",
        description: "People, groups, roles and API clients of an account: 96 operations.",
        mount: "/identity-management/v3",
        document: include_bytes!("../../../../demo/openapi/akamai-identity-management-v3.json"),
    },
    SampleApi {
        organization: PROVIDER_ORGANIZATION,
        slug: "fast-purge",
        version: "v3",
        name: "Fast Purge",
        description: "Removes content from caches by address, tag or code: 6 operations.",
        mount: "/ccu/v3",
        document: include_bytes!("../../../../demo/openapi/akamai-ccu-v3.json"),
    },
    SampleApi {
        organization: PROVIDER_ORGANIZATION,
        slug: "petstore",
        version: "v1",
        name: "Petstore",
        description: "The usual example: 3 operations, from a document in YAML.",
        mount: "/petstore/v1",
        document: include_bytes!("../../../../demo/openapi/petstore-3.0.yaml"),
    },
    SampleApi {
        organization: DATA_ORGANIZATION,
        slug: "patents",
        version: "v1",
        name: "Patent data sets",
        description: "Lists data sets of a patent office and searches in them: 3 operations.",
        mount: "/ds-api",
        document: include_bytes!("../../../../demo/openapi/uspto-3.0.json"),
    },
];

/// A `GET` of the first API that needs nothing but the caller's credential.
pub const EXAMPLE: &str = "/user-profile/common/countries";

/// Serves the sample until `shutdown` completes.
///
/// # Errors
/// The listener fails.
pub async fn serve(listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    let mut documents = Vec::with_capacity(APIS.len());
    for api in &APIS {
        let document = platform::document::read(api.document)
            .map_err(anyhow::Error::new)
            .with_context(|| format!("the document of {}", api.name))?;
        documents.push((api.mount.to_owned(), document));
    }
    sample::serve(listener, documents, shutdown).await.context("the sample upstream has failed")
}

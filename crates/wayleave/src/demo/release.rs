//! An API that lives: version 1 is on its way out, version 2 beside it has revisions of which some are published.
//!
//! What there is to see: a deprecated version with its end and its successor, revisions with who, when and why, one that was
//! taken back, a sandbox that is ahead of production, an operation with security of its own.

use super::caller::{Caller, text};
use anyhow::Result;
use serde_json::json;

/// The document of the second version.
const SECOND: &[u8] = include_bytes!("petstore-v2.json");

/// Brings the API of this id, whose first version is published with this destination, into the middle of its life.
///
/// # Errors
/// The server refuses something.
pub async fn age(provider: &Caller, api: &str) -> Result<()> {
    let versions = provider.get(&format!("/api/v1/apis/{api}/versions")).await?;
    let first = text(&versions, "/items/0/id")?.to_owned();
    let destination = text(&versions, "/items/0/publications/0/destination")?.to_owned();
    let tag = json!({
        "note": "The warehouse wants to know which calls come through the gateway.",
        "request_modification": {"headers": {"set": [{"name": "X-Channel", "value": "gateway"}], "remove": ["X-Debug"]}},
    });
    provider.patch(&format!("/api/v1/versions/{first}"), &tag).await?;
    publish(provider, &first, "sandbox", &destination).await?;

    let second = provider.upload(&format!("/api/v1/apis/{api}/versions"), SECOND).await?;
    let second = text(&second, "/id")?.to_owned();
    let path = format!("/api/v1/versions/{second}");
    let security = json!({
        "note": "As version 1; only tokens may create pets.",
        "security": [{"scheme": "api_key"}, {"scheme": "oauth"}],
        "operations": {"createPets": {"security": [{"scheme": "oauth"}]}},
    });
    provider.patch(&path, &security).await?;
    for environment in ["sandbox", "production"] {
        publish(provider, &second, environment, &destination).await?;
    }
    let wide = json!({"note": "For a test of the new search.", "forward_everything": true});
    provider.patch(&path, &wide).await?;
    publish(provider, &second, "sandbox", &destination).await?;
    let back = json!({"revision": 2, "note": "The test is over."});
    provider.post(&format!("{path}/rollback"), &back).await?;

    let end = json!({
        "successor": second,
        "note": "Version 2 pages its lists. Please move before version 1 ends; the changes are small.",
    });
    provider.post(&format!("/api/v1/versions/{first}/deprecate"), &end).await?;
    Ok(())
}

async fn publish(provider: &Caller, version: &str, environment: &str, destination: &str) -> Result<()> {
    let path = format!("/api/v1/versions/{version}/publications/{environment}");
    provider.put(&path, &json!({"destination": destination})).await?;
    Ok(())
}

//! Webhooks of the demo: one that arrives, and one that leads nowhere, so that both can be seen.

use super::caller::Caller;
use anyhow::Result;
use serde_json::json;
use std::net::SocketAddr;

/// What the provider organization tells other programs. `sample` takes one of them and knows nothing of the other.
pub async fn hang(provider: &Caller, organization: &str, sample: SocketAddr) -> Result<()> {
    let hooks = [
        (
            "Order desk\nOpens a ticket for each request.",
            format!("http://{sample}/_echo"),
            json!(["subscription.*", "task.*"]),
        ),
        (
            "Accounting\nIts address has moved, and nobody has said where to.",
            format!("http://{sample}/gone"),
            json!(["subscription.*", "plan.*"]),
        ),
    ];
    for (description, url, events) in hooks {
        let body = json!({"organization": organization, "url": url, "description": description, "events": events});
        provider.post("/api/v1/webhooks", &body).await?;
    }
    Ok(())
}

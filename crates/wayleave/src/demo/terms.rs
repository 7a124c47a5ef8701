//! What happens to terms: an end that comes near, other terms that wait, a connection that came about by itself, a text that
//! is announced, and a to-do among colleagues.

use super::caller::text;
use super::market::Market;
use anyhow::{Context as _, Result};
use base::Timestamp;
use serde_json::{Value, json};

const DAY: i64 = 86_400;

/// The subscription of the consumer to this API in this environment that is in this state.
async fn find(market: &Market<'_>, api: &str, environment: &str, state: &str) -> Result<Value> {
    let list = market.consumer.get(&format!("/api/v1/subscriptions?mine=true&api={api}&state={state}")).await?;
    let all = list["items"].as_array().cloned().unwrap_or_default();
    let wanted = |s: &Value| s["environment"]["name"] == environment;
    all.into_iter().find(wanted).with_context(|| format!("nothing is {state} in {environment}"))
}

/// Shows all of it with the apps that are there.
///
/// # Errors
/// The server refuses something.
pub async fn settle(market: &Market<'_>, organization: &str) -> Result<()> {
    // An alert appears half a minute after the start: a week before the end.
    let ending = find(market, &market.apis[1], "production", "active").await?;
    let begun = Timestamp::parse(text(&ending, "/created_at")?).map_err(anyhow::Error::msg)?;
    let end = json!({"ends_at": begun.plus_seconds(7 * DAY + 30), "comment": "Until the contract is renewed."});
    market.provider.patch(&format!("/api/v1/subscriptions/{}", text(&ending, "/id")?), &end).await?;

    let growing = find(market, &market.apis[1], "sandbox", "active").await?;
    let other = json!({"plan": market.plans[1], "comment": "Our tests have outgrown the sandbox plan."});
    market.consumer.post(&format!("/api/v1/subscriptions/{}/revisions", text(&growing, "/id")?), &other).await?;

    let rule = json!({"enabled": true, "plan": market.open_plan});
    let path = format!("/api/v1/apis/{}/environments/sandbox/auto_connect", market.apis[3]);
    market.admin.put(&path, &rule).await?;
    let app = json!({"organization": organization, "name": "Price watch", "description": "Began with a connection."});
    market.consumer.post("/api/v1/apps", &app).await?;

    let next = json!({
        "title": "Terms of use", "state": "published",
        "text": "# Terms of use\n\nThis is a sample: the API forwards to an upstream inside of the program.\n\n\
            1. Keep your keys and secrets to yourself.\n2. Stay within the limits of your plan.\n\
            3. Say so when you stop using it.\n",
    });
    market.provider.post(&format!("/api/v1/apis/{}/agreements", market.apis[0]), &next).await?;
    let todo = json!({
        "api": market.apis[0], "title": "Announce the next version of the terms",
        "text": "They are published and can be read. Put them in force once subscribers know of them.",
    });
    market.provider.post("/api/v1/tasks", &todo).await?;
    Ok(())
}

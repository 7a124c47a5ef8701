//! The parts of a story that most tests begin with: a provider with a published API, a consumer with an app and a key.

use crate::{Actor, Reply, TestApp};
use serde_json::{Value, json};

/// A small OpenAPI document with three operations.
pub fn petstore() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1.0.0"},
        "paths": {
            "/pets": {
                "get": {"operationId": "listPets", "responses": {"200": {"description": "ok"}}},
                "post": {"operationId": "createPet", "responses": {"201": {"description": "ok"}}},
            },
            "/pets/{id}": {"get": {
                "operationId": "getPet",
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "ok"}},
            }},
        },
    })
}

/// A provider with an API published to sandbox and production, and a consumer with an app, a client and a key.
pub struct Story {
    /// API administrator and OWNER of the providing organization.
    pub provider: Actor,
    /// OWNER of the consuming organization and of the app.
    pub consumer: Actor,
    /// The providing organization.
    pub provider_organization: String,
    /// The consuming organization.
    pub consumer_organization: String,
    /// The API; its slug is `pets`.
    pub api: String,
    /// Its version `v1`.
    pub version: String,
    /// The destination that it is published with: the echo upstream.
    pub destination: String,
    /// A plan without approval and without limits.
    pub open_plan: String,
    /// A plan that requires approval, three calls a minute.
    pub guarded_plan: String,
    /// The limit group of the guarded plan.
    pub limit_group: String,
    /// The consumer's app.
    pub app: String,
    /// The app's client.
    pub client: String,
    /// The client's `client_id`.
    pub client_id: String,
    /// An API key of the client.
    pub key: String,
    /// A client secret of the client.
    pub secret: String,
}

/// The address of an operation through the gateway, in production.
pub const PETS: &str = "/pets/v1/pets";

impl Story {
    /// Builds all of it over HTTP.
    pub async fn tell(app: &TestApp) -> Self {
        let provider = app.person("provider").await;
        let consumer = app.person("consumer").await;
        let founded = |name: &str| json!({"name": name});
        let provider_organization = provider.post("/api/v1/organizations", founded("Provider")).await.is(201).str("id");
        let consumer_organization = consumer.post("/api/v1/organizations", founded("Consumer")).await.is(201).str("id");
        let (limit_group, open_plan, guarded_plan) = plans(&provider, &provider_organization).await;
        let body = json!({"organization": provider_organization, "name": "Pets", "slug": "pets"});
        let api = provider.post("/api/v1/apis", body).await.is(201).str("id");
        let upload = provider.post(&format!("/api/v1/apis/{api}/versions"), petstore()).await.is(201);
        let version = upload.str("id");
        let body = json!({"name": "echo", "url": app.upstream.url()});
        let path = format!("/api/v1/organizations/{provider_organization}/destinations");
        let destination = provider.post(&path, body).await.is(201).str("id");
        for environment in ["production", "sandbox"] {
            let path = format!("/api/v1/versions/{version}/publications/{environment}");
            provider.put(&path, json!({"destination": destination})).await.is(200);
        }
        let body = json!({"organization": consumer_organization, "name": "Shop"});
        let made = consumer.post("/api/v1/apps", body).await.is(201).str("id");
        let client = consumer.post("/api/v1/clients", json!({"app": made, "name": "Shop backend"})).await.is(201);
        let (client, client_id) = (client.str("id"), client.str("client_id"));
        let key = credential(&consumer, &client, "api_key").await.str("secret");
        let secret = credential(&consumer, &client, "client_secret").await.str("secret");
        Self {
            provider,
            consumer,
            provider_organization,
            consumer_organization,
            api,
            version,
            destination,
            open_plan,
            guarded_plan,
            limit_group,
            app: made,
            client,
            client_id,
            key,
            secret,
        }
    }

    /// The consumer asks for access in this environment under this plan.
    pub async fn request(&self, environment: &str, plan: &str) -> Reply {
        let body =
            json!({"apps": [self.app], "api": self.api, "environment": environment, "plan": plan, "comment": "Please"});
        self.consumer.post("/api/v1/subscriptions", body).await
    }

    /// The consumer has access in production under the open plan; answers the subscription's id.
    pub async fn subscribed(&self) -> String {
        let reply = self.request("production", &self.open_plan).await.is(201);
        assert_eq!(reply["items"][0]["status"], "Active", "{}", reply.text());
        id(&reply["items"][0])
    }

    /// A request under the guarded plan waits for the provider; answers the subscription's id.
    pub async fn requested(&self) -> String {
        let reply = self.request("production", &self.guarded_plan).await.is(201);
        assert_eq!(reply["items"][0]["state"], "requested", "{}", reply.text());
        id(&reply["items"][0])
    }

    /// Somebody does something to a subscription.
    pub async fn act(&self, who: &Actor, subscription: &str, action: &str) -> Reply {
        who.post(&format!("/api/v1/subscriptions/{subscription}/{action}"), json!({})).await
    }
}

/// The id of a JSON object.
fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_default().to_owned()
}

/// Makes a credential of this kind.
async fn credential(who: &Actor, client: &str, kind: &str) -> Reply {
    who.post(&format!("/api/v1/clients/{client}/credentials"), json!({"kind": kind})).await.is(201)
}

async fn plans(provider: &Actor, organization: &str) -> (String, String, String) {
    let body =
        json!({"organization": organization, "name": "Three a minute", "windows": [{"count": 3, "per": "minute"}]});
    let group = provider.post("/api/v1/limit_groups", body).await.is(201).str("id");
    let body = json!({"organization": organization, "name": "Open", "requires_approval": false});
    let open = provider.post("/api/v1/plans", body).await.is(201).str("id");
    let body =
        json!({"organization": organization, "name": "Guarded", "requires_approval": true, "limit_group": group});
    let guarded = provider.post("/api/v1/plans", body).await.is(201).str("id");
    (group, open, guarded)
}

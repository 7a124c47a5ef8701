//! Partners of the demo: whom to ask, a reseller with a customer that it manages, groups of people, an invitation, and
//! somebody who designs.

use super::caller::{Caller, text};
use anyhow::Result;
use serde_json::{Value, json};

/// Who takes part.
pub struct Parties<'p> {
    /// OWNER of the organization that publishes.
    pub provider: &'p Caller,
    /// OWNER of the organization that consumes.
    pub consumer: &'p Caller,
    /// OWNER of the reseller.
    pub reseller: &'p Caller,
    /// Reads everywhere.
    pub observer_id: &'p str,
    /// Designs APIs of the provider.
    pub designer_id: &'p str,
}

/// A group of the consumer organization, with the place of the one that it belongs to.
struct SampleGroup {
    name: &'static str,
    below: Option<usize>,
    contract: &'static str,
    description: &'static str,
}

const GROUPS: [SampleGroup; 5] = [
    SampleGroup { name: "Retail", below: None, contract: "C-2031-A", description: "Shops and what they need." },
    SampleGroup { name: "Online shop", below: Some(0), contract: "", description: "The team of the web shop." },
    SampleGroup { name: "Warehouses", below: Some(0), contract: "C-2031-B", description: "Two sites, one stock." },
    SampleGroup { name: "Night shift", below: Some(2), contract: "", description: "Looks after imports at night." },
    SampleGroup { name: "Research", below: None, contract: "C-2044", description: "Looks things up before others do." },
];

impl Parties<'_> {
    /// Makes all of it.
    ///
    /// # Errors
    /// The server refuses something.
    pub async fn settle(&self, provider: &str, consumer: &str) -> Result<()> {
        let contact = |name: &str, desk: &str| {
            let url = format!("https://{desk}.example/apis");
            json!({"contact": {"name": name, "email": format!("{desk}@demo.invalid"), "url": url}})
        };
        self.provider.patch(&at(provider, ""), &contact("API desk", "api-desk")).await?;
        self.consumer.patch(&at(consumer, ""), &contact("Developers of the shop", "shop-desk")).await?;
        let designer = at(provider, &format!("/members/{}", self.designer_id));
        self.provider.put(&designer, &json!({"role": "READ_ONLY"})).await?;
        let role = at(provider, &format!("/roles/api_designer/{}", self.designer_id));
        self.provider.put(&role, &json!({})).await?;
        let invited = json!({"email": "auditor@demo.invalid", "role": "READ_ONLY"});
        self.provider.post(&at(provider, "/invitations"), &invited).await?;
        self.resell().await?;
        self.group(consumer).await
    }

    /// A reseller to whom a customer has handed its administration: it acts there by management alone.
    async fn resell(&self) -> Result<()> {
        let reseller = json!({"name": "Reseller", "description": "Looks after organizations of its customers."});
        let reseller = self.reseller.post("/api/v1/organizations", &reseller).await?;
        let reseller = text(&reseller, "/id")?;
        let customer =
            json!({"name": "Managed customer", "description": "Has handed its administration to a reseller."});
        let customer = self.consumer.post("/api/v1/organizations", &customer).await?;
        let customer = text(&customer, "/id")?;
        self.consumer.put(&at(customer, "/manager"), &json!({"organization": reseller})).await?;
        let app =
            json!({"organization": customer, "name": "Customer portal", "description": "Set up by the reseller."});
        self.reseller.post("/api/v1/apps", &app).await?;
        self.reseller.put(&at(customer, "/follow"), &json!({})).await?;
        Ok(())
    }

    async fn group(&self, organization: &str) -> Result<()> {
        let mut made: Vec<String> = Vec::with_capacity(GROUPS.len());
        for group in &GROUPS {
            let mut body = json!({
                "organization": organization, "name": group.name, "contract_number": group.contract,
                "description": group.description,
            });
            if let Some(parent) = group.below.and_then(|place| made.get(place)) {
                body["parent"] = Value::String(parent.clone());
            }
            let answer = self.consumer.post("/api/v1/groups", &body).await?;
            made.push(text(&answer, "/id")?.to_owned());
        }
        let me = self.consumer.get("/api/v1/me").await?;
        for (place, user) in [(0, text(&me, "/id")?), (1, text(&me, "/id")?), (2, self.observer_id)] {
            if let Some(group) = made.get(place) {
                self.consumer.put(&format!("/api/v1/groups/{group}/members/{user}"), &json!({})).await?;
            }
        }
        Ok(())
    }
}

fn at(organization: &str, rest: &str) -> String {
    format!("/api/v1/organizations/{organization}{rest}")
}

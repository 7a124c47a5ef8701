//! Apps with access in every state of its life, so that every screen has something to show.

use super::caller::{Caller, text};
use anyhow::{Context as _, Result};
use serde_json::json;

/// Who trades with what.
pub struct Market<'m> {
    /// The site administrator.
    pub admin: &'m Caller,
    /// Decides for all APIs.
    pub provider: &'m Caller,
    /// Owns the apps.
    pub consumer: &'m Caller,
    /// Ids of the APIs, in the order of `upstream::APIS`.
    pub apis: &'m [String],
    /// Ids of the plans of the first three: that of the sandbox, that of production.
    pub plans: &'m [String],
    /// Id of the plan of the last one.
    pub open_plan: &'m str,
}

/// A subscription, and what happens to it.
struct Deal {
    app: usize,
    api: usize,
    environment: &'static str,
    comment: &'static str,
    /// Actions of the provider, with what they say.
    acts: &'static [(&'static str, &'static str)],
}

const APPS: [(&str, &str); 2] = [
    ("Warehouse sync", "Keeps the stock of two warehouses alike."),
    ("Research notebook", "Looks up patents for the people who write them."),
];

const DEALS: [Deal; 7] = [
    Deal { app: 0, api: 1, environment: "sandbox", comment: "For the test system.", acts: &[] },
    Deal {
        app: 0,
        api: 1,
        environment: "production",
        comment: "We purge about forty addresses each night.",
        acts: &[("reject", "Please use the sandbox until the contract is signed, then ask again.")],
    },
    Deal {
        app: 0,
        api: 2,
        environment: "sandbox",
        comment: "To learn how it works.",
        acts: &[("suspend", "Too many calls with an outdated client. Tell us when it is mended.")],
    },
    Deal {
        app: 0,
        api: 2,
        environment: "production",
        comment: "The shop opens on Monday.",
        acts: &[("approve", "Welcome. We activate it when the shop opens.")],
    },
    Deal { app: 1, api: 0, environment: "production", comment: "One look-up an hour is enough.", acts: &[] },
    Deal { app: 1, api: 3, environment: "production", comment: "Open data for an open notebook.", acts: &[] },
    Deal {
        app: 1,
        api: 1,
        environment: "production",
        comment: "Only until the end of the year.",
        acts: &[("approve", "Approved until then."), ("activate", "")],
    },
];

impl Market<'_> {
    /// Makes the apps in this organization and takes every deal to where it is to stand.
    ///
    /// # Errors
    /// The server refuses something.
    pub async fn trade(&self, organization: &str) -> Result<()> {
        let mut apps = Vec::with_capacity(APPS.len());
        for (name, description) in APPS {
            let app = json!({"organization": organization, "name": name, "description": description});
            let app = self.consumer.post("/api/v1/apps", &app).await?;
            apps.push(text(&app, "/id")?.to_owned());
        }
        for deal in &DEALS {
            let subscription = self.request(&apps, deal).await?;
            for (action, comment) in deal.acts {
                let words = if comment.is_empty() { json!({}) } else { json!({"comment": comment}) };
                self.provider.post(&format!("/api/v1/subscriptions/{subscription}/{action}"), &words).await?;
            }
        }
        super::terms::settle(self, organization).await
    }

    async fn request(&self, apps: &[String], deal: &Deal) -> Result<String> {
        let (app, api) = (apps.get(deal.app), self.apis.get(deal.api));
        let (app, api) = app.zip(api).context("a deal names an app and an API that are there")?;
        let plan = match (deal.api, deal.environment) {
            (3, _) => self.open_plan,
            (_, "sandbox") => &self.plans[0],
            _ => &self.plans[1],
        };
        let mut body = json!({
            "apps": [app], "api": api, "environment": deal.environment, "plan": plan, "comment": deal.comment,
        });
        let terms = self.consumer.get(&format!("/api/v1/apis/{api}/agreements")).await?;
        if let Ok(agreement) = text(&terms, "/items/0/id") {
            body["agreement"] = json!({"agreement": agreement, "answer": "accepted"});
        }
        let made = self.consumer.post("/api/v1/subscriptions", &body).await?;
        Ok(text(&made, "/items/0/id")?.to_owned())
    }
}

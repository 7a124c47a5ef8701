//! Two profiles, who may use them, and what makes a catalogue: tags, groups and pages of documentation.

use super::caller::{Caller, text};
use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// The role that the strict profile asks for; the provider and the designer hold it.
const ROLE: &str = "Regulated APIs";

/// Tags of the APIs, in the order of `upstream::APIS`.
const TAGS: [&[&str]; 4] =
    [&["accounts", "security"], &["caches", "operations"], &["examples", "pets"], &["open-data"]];

/// Groups of the provider organization: which of its APIs each holds. One may be empty.
const GROUPS: [(&str, &str, &[usize]); 3] = [
    ("Platform", "What runs an account and its edge.", &[0, 1]),
    ("Examples", "To learn with, and to try things out.", &[2]),
    ("Coming soon", "What is announced and not there yet.", &[]),
];

/// Pages of the first API.
const PAGES: [(&str, &str); 3] = [
    (
        "Getting started",
        "# Three steps\n\n1. Make an app and a client with an API key.\n2. Ask for access under the sandbox plan: nobody \
         has to approve it.\n3. Send the key in `X-API-Key`.\n\n```sh\ncurl -H 'X-API-Key: ...' \\\n  \
         http://127.0.0.1:8000/sandbox/identity-management/v3/user-profile/common/countries\n```\n\n> The production \
         plan needs an approval, usually within a working day.\n",
    ),
    (
        "Paging and limits",
        "# Limits\n\nEvery answer says what is left of the plan:\n\n- `RateLimit` for each window,\n- \
         `X-RateLimit-Remaining` for the tightest.\n\nWhen a window is used up the gateway answers **429** with \
         `Retry-After`. Wait that long; trying again sooner consumes nothing, but does not help either.\n",
    ),
    (
        "Errors",
        "# Errors\n\nRefusals are problem details (RFC 9457). Match on `code`, show `detail` to people, and send \
         `Wayleave-Decision` along when you ask for help.\n",
    ),
];

/// Who arranges the catalogue, and what there is.
pub struct Catalogue<'c> {
    /// Writes profiles and gives roles.
    pub admin: &'c Caller,
    /// Designs the APIs.
    pub provider: &'c Caller,
    /// The id of the provider's user.
    pub designer: &'c str,
    /// The id of another designer.
    pub colleague: &'c str,
    /// The organization that publishes the first three APIs.
    pub organization: &'c str,
    /// Ids of the APIs, in the order of `upstream::APIS`.
    pub apis: &'c [String],
    /// Ids of the plans of the first three.
    pub plans: &'c [String],
}

impl Catalogue<'_> {
    /// Arranges it. Profiles come last of all: from then on they fence.
    ///
    /// # Errors
    /// The server refuses something.
    pub async fn arrange(&self) -> Result<()> {
        for (api, tags) in self.apis.iter().zip(TAGS) {
            self.provider.patch(&format!("/api/v1/apis/{api}"), &json!({"tags": tags})).await?;
        }
        for (name, description, apis) in GROUPS {
            let body = json!({"organization": self.organization, "name": name, "description": description});
            let group = self.provider.post("/api/v1/api_groups", &body).await?;
            for api in apis {
                let path = format!("/api/v1/api_groups/{}/apis/{}", text(&group, "/id")?, self.api(*api)?);
                self.provider.put(&path, &json!({})).await?;
            }
        }
        let pages = format!("/api/v1/apis/{}/pages", self.api(0)?);
        for (title, words) in PAGES {
            self.provider.post(&pages, &json!({"title": title, "text": words})).await?;
        }
        let first =
            json!({"title": "What it is", "text": "The usual example, with **three** operations. Nothing is sold."});
        self.provider.post(&format!("/api/v1/apis/{}/pages", self.api(2)?), &first).await?;
        self.fence().await
    }

    fn api(&self, n: usize) -> Result<&str> {
        self.apis.get(n).map(String::as_str).context("the demo has this API")
    }

    async fn fence(&self) -> Result<()> {
        let open = self.admin.post("/api/v1/profiles", &open()).await?;
        let strict = self.admin.post("/api/v1/profiles", &self.strict()).await?;
        let role = ROLE.replace(' ', "%20");
        for person in [self.designer, self.colleague] {
            self.admin.put(&format!("/api/v1/users/{person}/roles/{role}"), &json!({})).await?;
        }
        // One limit of the strict profile is lifted for its designer: publishing elsewhere.
        let privilege =
            format!("/api/v1/users/{}/roles/override.publish?profile={}", self.designer, text(&strict, "/id")?);
        self.admin.put(&privilege, &json!({})).await?;
        for (api, profile) in [(1, &strict), (2, &open)] {
            let body = json!({"profile": text(profile, "/id")?});
            self.provider.patch(&format!("/api/v1/apis/{}", self.api(api)?), &body).await?;
        }
        Ok(())
    }

    /// What regulated APIs are: a key or a token, two plans, the sandbox, and nothing that designers could change.
    fn strict(&self) -> Value {
        json!({
            "name": "Regulated", "description": "For APIs that an auditor looks at: security and plans are given.",
            "roles": [ROLE], "subscription": {"required": true, "allow_override": false},
            "subscription_plans": self.plans,
            "requestmod": {"specify_defaults": true,
                           "defaults": {"headers": {"add": [{"name": "X-Regulated", "value": "yes"}]}}},
            "security": {"specify_defaults": true, "defaults": {"schemes": [{"scheme": "api_key"}, {"scheme": "oauth"}]}},
            "implementation": {"limit_methods": true, "method_proxy": true},
            "publish_allow": true, "environments": ["sandbox"], "destinations": ["Fast Purge"],
        })
    }
}

/// What leaves everything to designers, and is open to all of them.
fn open() -> Value {
    json!({
        "name": "Open", "description": "For prototypes and examples: designers decide.",
        "subscription": {"required": true, "allow_override": true}, "requestmod": {"allow_override": true},
        "security": {"allow_override": true, "allow_override_per_operation": true},
        "implementation": {"allow_override_per_operation": true}, "publish_allow": true,
    })
}

//! A world in which there is one of everything, and the interface's own description of itself: for tests that go
//! through every operation.

use platform::notice::mail::Security;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::{Actor, PETS, Postbox, Receiver, Story, TestApp};

/// One operation of the interface, as `/api/openapi.json` describes it.
#[derive(Clone)]
pub struct Operation {
    pub id: String,
    pub method: http::Method,
    /// With `{parameters}`.
    pub path: String,
    pub node: Value,
}

impl Operation {
    pub fn reads(&self) -> bool {
        self.method == http::Method::GET
    }

    /// Whether it is OAuth's: its errors have RFC 6749's shape and its callers are clients.
    pub fn is_oauth(&self) -> bool {
        self.id.starts_with("oauth_")
    }

    /// Whether this method and path are a call of it.
    pub fn matches(&self, method: &http::Method, path: &str) -> bool {
        let (own, given) = (self.path.split('/'), path.split('?').next().unwrap_or("").split('/'));
        let same = own.clone().zip(given.clone()).all(|(a, b)| a.starts_with('{') || a == b);
        self.method == *method && own.count() == given.count() && same
    }

    /// The schema of its JSON body, if it takes one.
    pub fn body(&self) -> Option<&Value> {
        self.node.pointer("/requestBody/content/application~1json/schema")
    }

    /// The names of its query parameters.
    pub fn parameters(&self) -> Vec<String> {
        let all = self.node["parameters"].as_array().into_iter().flatten();
        all.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str().map(str::to_owned)).collect()
    }
}

/// Somebody's resources, one of each kind, and somebody else.
pub struct World {
    pub app: TestApp,
    pub story: Story,
    pub admin: Actor,
    /// Has signed in and has nothing to do with any of it.
    pub stranger: Actor,
    /// Where its mails go.
    pub postbox: Postbox,
    /// What its webhook tells.
    pub receiver: Receiver,
    /// By plural.
    pub ids: BTreeMap<&'static str, String>,
    pub document: Value,
}

/// What the story and the names given here say.
fn known(story: &Story) -> [(&'static str, String); 16] {
    [
        ("apis", story.api.clone()),
        ("apps", story.app.clone()),
        ("clients", story.client.clone()),
        ("destinations", story.destination.clone()),
        ("limit_groups", story.limit_group.clone()),
        ("organizations", story.provider_organization.clone()),
        ("plans", story.guarded_plan.clone()),
        ("pages", "start".to_owned()),
        ("users", story.consumer.id.clone()),
        ("versions", story.version.clone()),
        ("ratelimit_groups", crate::ceptor::uuid(&story.limit_group)),
        ("subscription_plans", crate::ceptor::uuid(&story.guarded_plan)),
        ("api_profiles", "World".to_owned()),
        ("partners", crate::ceptor::uuid(&story.provider_organization)),
        ("applications", crate::ceptor::uuid(&story.app)),
        ("developers", crate::ceptor::uuid(&story.consumer.id)),
    ]
}

impl World {
    pub async fn make() -> Self {
        let (postbox, receiver) = (Postbox::start().await, Receiver::start().await);
        let mail = postbox.address;
        let app = TestApp::with(|config| {
            config.smtp_host = Some(mail.ip().to_string());
            config.smtp_port = Some(mail.port());
            config.smtp_security = Security::None;
            config.mail_from = Some("portal@example.com".to_owned());
            config.webhook_allow_networks = vec!["127.0.0.0/8".to_owned()];
            config.webhook_allow_http = true;
        })
        .await;
        let story = Story::tell(&app).await;
        let (admin, stranger) = (app.admin().await, app.person("stranger").await);
        let document = app.nobody().get("/api/openapi.json").await.is(200).json;
        let mut world = Self { app, story, admin, stranger, postbox, receiver, ids: BTreeMap::new(), document };
        world.fill().await;
        world
    }

    async fn fill(&mut self) {
        let Self { app, story, .. } = &*self;
        let revised = story.subscribed().await;
        let other_terms = format!("/api/v1/subscriptions/{revised}/revisions");
        let revision = story.consumer.post(&other_terms, json!({"plan": story.guarded_plan})).await.is(201);
        let revision = revision["revision"]["id"].as_str().expect("text").to_owned();
        let decision = app.keyed(&story.key).get(PETS).await.is(200).header("wayleave-decision").to_owned();
        let pending = story.request("sandbox", &story.guarded_plan).await.is(201);
        let pending = pending["items"][0]["id"].as_str().expect("text").to_owned();
        let rules = format!("/api/v1/apis/{}/agreements", story.api);
        let agreement = json!({"title": "Rules", "text": "Be kind."});
        let agreement = story.provider.post(&rules, agreement).await.is(201).str("id");
        let organization = story.provider_organization.as_str();
        let group = json!({"organization": organization, "name": "Desk"});
        let group = story.provider.post("/api/v1/groups", group).await.is(201).str("id");
        let invitations = format!("/api/v1/organizations/{organization}/invitations");
        let invited = json!({"email": "invited@example.com", "role": "READ_ONLY"});
        let invitation = story.provider.post(&invitations, invited).await.is(201).str("id");
        let profile = json!({"description": "Something of each kind"});
        self.admin.put("/api/v1/ceptor/api_profiles/World", profile).await.is(200);
        let hook = json!({"organization": organization, "url": self.receiver.url(), "events": ["task.*"]});
        let hook = story.provider.post("/api/v1/webhooks", hook).await.is(201).str("id");
        let delivery = story.provider.post(&format!("/api/v1/webhooks/{hook}/test"), json!({})).await.is(200).str("id");
        app.deliver().await;
        let first = async |who: &Actor, path: &str| {
            let list = who.get(path).await.is(200);
            list.items()[0]["id"].as_str().expect("text").to_owned()
        };
        let credentials = format!("/api/v1/clients/{}/credentials", story.client);
        let api_group = json!({"organization": story.provider_organization, "name": "Group"});
        let api_group = story.provider.post("/api/v1/api_groups", api_group).await.is(201).str("id");
        story.provider.put(&format!("/api/v1/api_groups/{api_group}/apis/{}", story.api), Value::Null).await.is(200);
        let page = format!("/api/v1/apis/{}/pages", story.api);
        story.provider.post(&page, json!({"title": "Start", "text": "Read this"})).await.is(201);
        let profile = self.admin.post("/api/v1/profiles", json!({"name": "Fence"})).await.is(201).str("id");
        // A second revision, for what compares two.
        let version = format!("/api/v1/versions/{}", story.version);
        story.provider.patch(&version, json!({"security": [{"scheme": "api_key"}, {"scheme": "basic"}]})).await.is(200);
        let known = known(story);
        self.ids = BTreeMap::from([
            ("credentials", first(&story.consumer, &credentials).await),
            ("environments", first(&self.admin, "/api/v1/environments").await),
            ("notices", first(&story.provider, "/api/v1/me/notices").await),
            ("sessions", first(&story.consumer, "/api/v1/me/sessions").await),
            ("tasks", first(&story.provider, "/api/v1/tasks").await),
            ("tokens", first(&story.consumer, "/api/v1/me/tokens").await),
            ("agreements", agreement),
            ("webhooks", hook),
            ("deliveries", delivery),
            ("groups", group),
            ("invitations", invitation),
            ("revised", revised),
            ("revision", revision),
            ("decisions", decision),
            ("profiles", profile),
            ("api_groups", api_group),
            ("subscriptions", pending),
        ]);
        self.ids.extend(known);
    }

    /// Makes the API visible to these: `public`, `registered`, `private`.
    pub async fn show(&self, visibility: &str) {
        let path = format!("/api/v1/apis/{}", self.story.api);
        self.story.provider.patch(&path, json!({"visibility": visibility})).await.is(200);
    }

    /// The number of the last change.
    pub fn head(&self) -> i64 {
        *self.app.server().platform.db.head().borrow()
    }

    /// Every operation of the interface.
    pub fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, methods) in self.document["paths"].as_object().expect("it is there") {
            for (method, node) in methods.as_object().expect("it is there") {
                let method = method.to_uppercase().parse().expect("it is there");
                let id = node["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id")).to_owned();
                operations.push(Operation { id, method, path: path.clone(), node: node.clone() });
            }
        }
        operations
    }

    /// The path of an operation on the resources of this world.
    pub fn path(&self, operation: &Operation) -> String {
        self.path_with(operation, |_, value| value)
    }

    /// The same, with each parameter changed: by its place among them and its value.
    pub fn path_with(&self, operation: &Operation, mut change: impl FnMut(usize, String) -> String) -> String {
        let (mut out, mut before, mut place) = (String::new(), "", 0);
        for segment in operation.path.split('/').skip(1) {
            out.push('/');
            match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
                None => out.push_str(segment),
                Some(name) => {
                    out.push_str(&change(place, self.value(operation, name, before)));
                    place += 1;
                }
            }
            before = segment;
        }
        if operation.id == "version_diff" {
            out.push_str(&format!("?against={}", self.story.version));
        }
        if operation.id == "group_list" {
            out.push_str(&format!("?organization={}", self.story.provider_organization));
        }
        if operation.id == "usage_list" {
            out.push_str(&format!("?app={}", self.story.app));
        }
        out
    }

    fn value(&self, operation: &Operation, name: &str, before: &str) -> String {
        match name {
            "environment" => "production".to_owned(),
            "action" if operation.id == "user_act" => "lock".to_owned(),
            "action" if operation.id == "me_invitation_act" => "accept".to_owned(),
            "action" if operation.id == "agreement_act" => "retire".to_owned(),
            "action" if operation.id == "subscription_revision_act" => "withdraw".to_owned(),
            "id" if operation.id.starts_with("subscription_revision") => self.ids["revised"].clone(),
            "revision" if operation.id.starts_with("subscription_revision") => self.ids["revision"].clone(),
            "action" => "suspend".to_owned(),
            "role" if operation.path.starts_with("/api/v1/organizations/") => "business_admin".to_owned(),
            "user" => self.stranger.id.clone(),
            "role" => "designer".to_owned(),
            "api" => self.story.api.clone(),
            "number" if operation.id == "version_revision_diff" => "2".to_owned(),
            "number" => "1".to_owned(),
            _ => self.ids.get(before).unwrap_or_else(|| panic!("there is none of the {before}")).clone(),
        }
    }

    /// A body that fits this schema.
    pub fn sample(&self, schema: &Value, name: &str) -> Value {
        let schema = self.resolve(schema);
        if let Some(first) = schema["enum"].get(0) {
            return first.clone();
        }
        let name = if name == "subscription_plans" { "plans" } else { name };
        let plural = if name.ends_with('s') { name.to_owned() } else { format!("{name}s") };
        let kind = schema["type"].as_array().map_or(&schema["type"], |kinds| &kinds[0]).as_str();
        match kind {
            Some("object") => {
                let members = schema["properties"].as_object().into_iter().flatten();
                members.map(|(name, schema)| (name.clone(), self.sample(schema, name))).collect()
            }
            Some("array") => json!([self.sample(&schema["items"], name)]),
            Some("integer") => json!(1),
            Some("boolean") => json!(false),
            _ => match (name, self.ids.get(plural.as_str())) {
                ("in", _) => json!("header"),
                ("parent", _) if self.ids.contains_key("groups") => json!(self.ids["groups"]),
                ("successor", _) => json!(self.ids["versions"]),
                ("assignee", _) => json!(self.story.provider.id),
                ("parent", _) => json!(self.ids["groups"]),
                ("managed_by", _) => json!(self.ids["organizations"]),
                ("email", _) => json!("somebody@example.com"),
                ("url", _) => json!(self.app.upstream.url()),
                ("slug" | "client_id" | "username", _) => json!("some-word"),
                ("host" | "prefix", _) => json!(""),
                (_, Some(id)) => json!(id),
                _ if schema["format"] == "uuid" => json!("4841e9f5-2af5-4e42-ac1d-6b19be04c446"),
                _ if schema["format"] == "date-time" => json!("2030-01-01T00:00:00Z"),
                _ => json!("Some words"),
            },
        }
    }

    /// Follows references, and takes the first of several that is not null.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.resolve(self.document.pointer(&reference[1..]).expect("it is there"));
        }
        let several = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        match several.and_then(|all| all.iter().find(|s| s["type"] != "null")) {
            Some(first) => self.resolve(first),
            None => schema,
        }
    }
}

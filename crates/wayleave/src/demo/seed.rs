//! What the demo begins with: people named by their role, organizations, APIs, plans, and apps with access in every state.
//!
//! Everything is made over HTTP by the person whose part it is, so the demo shows nothing that its users could not do.

use super::caller::{Caller, text};
use super::catalogue::Catalogue;
use super::folder::World;
use super::hooks;
use super::market::Market;
use super::parties::Parties;
use super::upstream::{APIS, SampleApi};
use crate::first_login;
use anyhow::{Context as _, Result, bail};
use base::secret::Secret;
use serde_json::{Value, json};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;

/// The organization that publishes.
pub const PROVIDER_ORGANIZATION: &str = "Provider organization";
/// Another one, with data that nobody has to be asked for.
pub const DATA_ORGANIZATION: &str = "Open data organization";
/// The organization that consumes.
pub const CONSUMER_ORGANIZATION: &str = "Consumer organization";
/// The consumer's app that the story is told with.
pub const APP: &str = "Sample app";

/// A plan of the demo.
pub struct SamplePlan {
    /// For people.
    pub name: &'static str,
    /// Whether somebody decides about each subscription.
    pub requires_approval: bool,
    /// How many calls in how many seconds; all of them hold.
    pub windows: [(i64, i64); 2],
}

/// The plans of the demo: that of the sandbox, and that of production.
pub const PLANS: [SamplePlan; 2] = [
    SamplePlan { name: "Sandbox: automatic", requires_approval: false, windows: [(5, 10), (1_000, 86_400)] },
    SamplePlan { name: "Production: needs approval", requires_approval: true, windows: [(50, 10), (10_000, 86_400)] },
];

/// The only plan of the other organization.
const OPEN_PLAN: SamplePlan =
    SamplePlan { name: "Open data", requires_approval: false, windows: [(10, 10), (5_000, 86_400)] };

/// A person of the demo.
pub struct Person {
    /// The name that they sign in with; it says what they are.
    pub username: &'static str,
    /// What they may do.
    pub role: &'static str,
}

/// Whose address is not proven.
const UNCONFIRMED: &str = "unconfirmed";

/// The people of the demo.
pub const PEOPLE: [Person; 8] = [
    Person { username: first_login::ADMINISTRATOR, role: "site administrator" },
    Person { username: "provider", role: "API administrator, OWNER of the organizations that publish" },
    Person { username: "consumer", role: "developer, OWNER of the consumer organization and its apps" },
    Person { username: "observer", role: "READ_ONLY in the provider and the consumer organization" },
    Person { username: "newcomer", role: "developer who has nothing yet: begin here to see the quick start" },
    Person { username: "reseller", role: "OWNER of the reseller, whose organization manages a customer's" },
    Person { username: "designer", role: "api_designer of the provider organization" },
    Person { username: UNCONFIRMED, role: "has not confirmed an e-mail address, so nobody can add them yet" },
];

/// Secrets right after they were made, when alone they are known.
pub struct Secrets {
    /// Passwords, in the order of [`PEOPLE`].
    pub passwords: Vec<Secret>,
    /// The API key of the app's client.
    pub api_key: Secret,
    /// The client secret of the app's client.
    pub client_secret: Secret,
}

/// Seeds. `sample` is where the upstream listens; `data` is where the first log-ins are kept.
///
/// # Errors
/// The server refuses something, or the file cannot be written.
pub async fn seed(control: SocketAddr, sample: SocketAddr, data: &Path) -> Result<(World, Secrets)> {
    let passwords = register(control, data).await?;
    let [admin, provider, consumer, observer, _, reseller, designer, _] = passwords.as_slice() else {
        bail!("not everybody has a password")
    };
    let (admin, _) = signed_in(control, 0, admin).await?;
    let (provider, provider_id) = signed_in(control, 1, provider).await?;
    let (consumer, _) = signed_in(control, 2, consumer).await?;
    let (observer, observer_id) = signed_in(control, 3, observer).await?;
    let (reseller, _) = signed_in(control, 5, reseller).await?;
    let (designer, designer_id) = signed_in(control, 6, designer).await?;

    let mut world = World { sample: Some(sample), ..World::default() };
    world.provider = found(&provider, PROVIDER_ORGANIZATION, "Publishes three sample APIs.", &observer_id).await?;
    world.data = found(&provider, DATA_ORGANIZATION, "Publishes data that everybody may use.", &observer_id).await?;
    let (plans, open_plan, apis) = publish_all(&provider, &world, sample).await?;
    world.api.clone_from(&apis[0]);
    let agreement = json!({"title": "Terms of use", "text": TERMS});
    let agreement = provider.post(&format!("/api/v1/apis/{}/agreements", world.api), &agreement).await?;
    hooks::hang(&provider, &world.provider, sample).await?;
    let organization = found(&consumer, CONSUMER_ORGANIZATION, "Builds the sample apps.", &observer_id).await?;
    let (api_key, client_secret) = make_app(&consumer, &organization, &mut world).await?;
    request_access(&consumer, &plans, text(&agreement, "/id")?, &mut world).await?;
    let market = Market {
        admin: &admin,
        provider: &provider,
        consumer: &consumer,
        apis: &apis,
        plans: &plans,
        open_plan: &open_plan,
    };
    market.trade(&organization).await?;
    // When there are subscribers to tell.
    super::release::age(&provider, &apis[2]).await?;
    let parties = Parties {
        provider: &provider,
        consumer: &consumer,
        reseller: &reseller,
        observer_id: &observer_id,
        designer_id: &designer_id,
    };
    parties.settle(&world.provider, &organization).await?;
    let catalogue = Catalogue {
        admin: &admin,
        provider: &provider,
        designer: &provider_id,
        colleague: &designer_id,
        organization: &world.provider,
        apis: &apis,
        plans: &plans,
    };
    catalogue.arrange().await?;
    for person in [admin, provider, consumer, observer, reseller, designer] {
        person.sign_out().await?;
    }
    let secrets = Secrets { passwords, api_key, client_secret };
    keep_access(data, &world, &secrets)?;
    world.finished = true;
    Ok((world, secrets))
}

/// Makes the plans and publishes the APIs; answers the plans of the first three, that of the last, and the APIs.
async fn publish_all(
    provider: &Caller,
    world: &World,
    sample: SocketAddr,
) -> Result<(Vec<String>, String, Vec<String>)> {
    let mut plans = Vec::with_capacity(PLANS.len());
    for plan in &PLANS {
        plans.push(make_plan(provider, &world.provider, plan).await?);
    }
    let open_plan = make_plan(provider, &world.data, &OPEN_PLAN).await?;
    let mut apis = Vec::with_capacity(APIS.len());
    for api in &APIS {
        let organization = if api.organization == DATA_ORGANIZATION { &world.data } else { &world.provider };
        apis.push(publish(provider, organization, api, sample).await?);
    }
    for (api, plans) in apis.iter().zip([&plans, &plans, &plans, &vec![open_plan.clone()]]) {
        provider.put(&format!("/api/v1/apis/{api}/plans"), &json!({"plans": plans})).await?;
    }
    Ok((plans, open_plan, apis))
}

/// Keeps what the sample client calls with.
fn keep_access(data: &Path, world: &World, secrets: &Secrets) -> Result<()> {
    keep(
        data,
        &[
            ("client-id", &world.client_id),
            ("client-secret", secrets.client_secret.reveal()),
            ("api-key", secrets.api_key.reveal()),
        ],
    )
}

/// What the terms of the first API say.
const TERMS: &str = "# Terms of use\n\nThis is a sample: the API forwards to an upstream inside of the program.\n\n\
    1. Keep your keys and secrets to yourself.\n2. Stay within the limits of your plan.\n";

/// Registers everybody but the administrator, who is there already; answers the passwords of all.
async fn register(control: SocketAddr, data: &Path) -> Result<Vec<Secret>> {
    let file = first_login::path(data);
    let kept = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let line = kept.lines().find_map(|line| line.strip_prefix(first_login::ADMINISTRATOR)?.strip_prefix(' '));
    let mut ids = Vec::new();
    let mut passwords = vec![Secret::from_text(line.context("the administrator's password is not known")?)];
    for person in PEOPLE.iter().skip(1) {
        let password = first_login::password();
        keep(data, &[(person.username, password.reveal())])?;
        let name = person.username;
        let body = json!({"username": name, "display_name": titled(name), "email": format!("{name}@demo.invalid"), "password": password.reveal()});
        let made = Caller::nobody(control).post("/api/v1/users", &body).await?;
        ids.push((name, text(&made, "/id")?.to_owned()));
        passwords.push(password);
    }
    // No mail is sent here: the administrator knows these people, all but one.
    let administrator = Caller::sign_in(control, first_login::ADMINISTRATOR, &passwords[0]).await?;
    for (_, id) in ids.iter().filter(|(name, _)| *name != UNCONFIRMED) {
        administrator.post(&format!("/api/v1/users/{id}/verify"), &json!({})).await?;
    }
    administrator.sign_out().await?;
    Ok(passwords)
}

fn titled(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

/// Adds lines to the file of the first log-ins, which only its owner reads.
fn keep(data: &Path, lines: &[(&str, &str)]) -> Result<()> {
    let path = first_login::path(data);
    let text: String = lines.iter().map(|(name, secret)| format!("{name} {secret}\n")).collect();
    // Not created here: the first start has made it with the right mode.
    let mut file =
        OpenOptions::new().append(true).open(&path).with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}

/// Somebody who has signed in, and their id.
async fn signed_in(control: SocketAddr, person: usize, password: &Secret) -> Result<(Caller, String)> {
    let name = PEOPLE.get(person).map(|person| person.username).unwrap_or_default();
    let caller = Caller::sign_in(control, name, password).await?;
    let me = caller.get("/api/v1/me").await?;
    Ok((caller, text(&me, "/id")?.to_owned()))
}

/// Founds an organization and lets the observer read in it.
async fn found(owner: &Caller, name: &str, description: &str, observer: &str) -> Result<String> {
    let made = owner.post("/api/v1/organizations", &json!({"name": name, "description": description})).await?;
    let id = text(&made, "/id")?;
    owner.put(&format!("/api/v1/organizations/{id}/members/{observer}"), &json!({"role": "READ_ONLY"})).await?;
    Ok(id.to_owned())
}

/// Makes a plan with a limit group of its own; answers its id.
async fn make_plan(provider: &Caller, organization: &str, plan: &SamplePlan) -> Result<String> {
    let windows: Vec<Value> =
        plan.windows.iter().map(|(count, seconds)| json!({"count": count, "seconds": seconds})).collect();
    let group = json!({"name": plan.name, "windows": windows, "organization": organization});
    let group = provider.post("/api/v1/limit_groups", &group).await?;
    let body = json!({
        "name": plan.name, "default": true, "requires_approval": plan.requires_approval,
        "limit_group": text(&group, "/id")?, "organization": organization,
    });
    Ok(text(&provider.post("/api/v1/plans", &body).await?, "/id")?.to_owned())
}

/// Creates an API, imports its document and publishes it to both environments; answers its id.
async fn publish(provider: &Caller, organization: &str, api: &SampleApi, sample: SocketAddr) -> Result<String> {
    let body =
        json!({"organization": organization, "name": api.name, "slug": api.slug, "description": api.description});
    let made = provider.post("/api/v1/apis", &body).await?;
    let id = text(&made, "/id")?;
    let version = provider.upload(&format!("/api/v1/apis/{id}/versions?name={}", api.version), api.document).await?;
    let version = text(&version, "/id")?;
    // Either a key or a token, so that both can be tried.
    let security = json!({"security": [{"scheme": "api_key"}, {"scheme": "oauth"}]});
    provider.patch(&format!("/api/v1/versions/{version}"), &security).await?;
    let body = json!({"name": api.name, "url": format!("http://{sample}{}", api.mount)});
    let destination = provider.post(&format!("/api/v1/organizations/{organization}/destinations"), &body).await?;
    let destination = text(&destination, "/id")?;
    for environment in ["sandbox", "production"] {
        let path = format!("/api/v1/versions/{version}/publications/{environment}");
        provider.put(&path, &json!({"destination": destination})).await?;
    }
    Ok(id.to_owned())
}

/// Makes the app, its client, an API key and a client secret; answers these two.
async fn make_app(consumer: &Caller, organization: &str, world: &mut World) -> Result<(Secret, Secret)> {
    let app = json!({"organization": organization, "name": APP, "description": "Calls the sample APIs."});
    let app = consumer.post("/api/v1/apps", &app).await?;
    world.app = text(&app, "/id")?.to_owned();
    let client = consumer.post("/api/v1/clients", &json!({"app": world.app, "name": "Sample client"})).await?;
    world.client_id = text(&client, "/client_id")?.to_owned();
    let path = format!("/api/v1/clients/{}/credentials", text(&client, "/id")?);
    let api_key = consumer.post(&path, &json!({"kind": "api_key"})).await?;
    let client_secret = consumer.post(&path, &json!({"kind": "client_secret"})).await?;
    Ok((Secret::from_text(text(&api_key, "/secret")?), Secret::from_text(text(&client_secret, "/secret")?)))
}

/// Follows the first API and asks for access to it in both environments, each under the plan that is meant for it.
async fn request_access(consumer: &Caller, plans: &[String], agreement: &str, world: &mut World) -> Result<()> {
    consumer.put(&format!("/api/v1/apis/{}/follow", world.api), &json!({})).await?;
    for (environment, plan) in ["sandbox", "production"].into_iter().zip(plans) {
        let body = json!({
            "apps": [world.app], "api": world.api, "environment": environment, "plan": plan,
            "comment": "For trying it out.", "agreement": {"agreement": agreement, "answer": "accepted"},
        });
        let made = consumer.post("/api/v1/subscriptions", &body).await?;
        let id = text(&made, "/items/0/id")?.to_owned();
        if environment == "sandbox" { world.active = id } else { world.pending = id }
    }
    Ok(())
}

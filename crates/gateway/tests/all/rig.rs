//! A gateway with one app, several APIs with different security, and an upstream that echoes.

use crate::client::{Answer, Connection};
use crate::echo::Echo;
use base::secret::{Keys, Purpose, Secret};
use base::{Clock, Timestamp, id};
use gateway::{Config, Handle, Running};
use oauth::jose::SigningKey;
use snapshot::*;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub const ISSUER: &str = "http://portal.test";
pub const AUDIENCE: &str = "http://gateway.test";

pub struct Rig {
    pub address: SocketAddr,
    pub handle: Arc<Handle>,
    pub echo: Echo,
    pub clock: Clock,
    pub keys: Keys,
    pub key: Secret,
    pub secret: Secret,
    pub signing: SigningKey,
    /// Dropped last, which stops it.
    pub running: Option<Running>,
}

pub fn environment(n: u128) -> id::EnvironmentId {
    id::EnvironmentId::from_bits(n)
}

/// The APIs: slug, what their version accepts, whether a subscription is required. Their ids count from 1.
pub fn apis() -> Vec<(&'static str, Vec<Scheme>, bool)> {
    let header = |name: &str| Scheme::ApiKey { place: KeyPlace::Header(name.into()) };
    let query = Scheme::ApiKey { place: KeyPlace::Query("key".into()) };
    let oauth = |scopes: &[&str]| Scheme::OAuth { scopes: scopes.iter().map(|s| (*s).to_owned()).collect() };
    vec![
        ("echo", vec![header("X-API-Key")], true),
        ("basic", vec![Scheme::Basic], true),
        ("oauth", vec![oauth(&["read"])], true),
        ("open", vec![], false),
        ("any", vec![], true),
        ("mixed", vec![header("X-API-Key"), oauth(&[]), Scheme::Basic], true),
        ("query", vec![query, header("X-Their-Key")], true),
        ("free", vec![header("X-API-Key")], false),
        ("doc", vec![header("X-API-Key")], true),
    ]
}

impl Rig {
    pub fn start() -> Self {
        Self::with(|_| ())
    }

    /// A rig whose configuration is bent.
    pub fn with(bend: impl FnOnce(&mut Config)) -> Self {
        let keys = Keys::derive(&[7; 32]);
        let clock = Clock::manual(START);
        let mut config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            threads: 2,
            issuer: ISSUER.into(),
            audience: AUDIENCE.into(),
            portal: "http://portal.test".into(),
            keys: keys.clone(),
            clock: clock.clone(),
            sample_successes: 1.0,
            decisions_kept: 1000,
            upstream_connect_timeout: Duration::from_secs(5),
            upstream_response_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(10),
            max_header_bytes: 16 * 1024,
            cookies_to_strip: vec!["wayleave_session".into()],
            never_forward_to: Vec::new(),
        };
        bend(&mut config);
        let running = gateway::start(config).unwrap();
        let rig = Self {
            address: running.address(),
            handle: running.handle(),
            echo: Echo::start(),
            clock,
            keys,
            key: Secret::generate(Purpose::ApiKey),
            secret: Secret::generate(Purpose::ClientSecret),
            signing: SigningKey::generate_es256().unwrap(),
            running: Some(running),
        };
        rig.handle.apply(rig.rows(), 1);
        rig
    }

    pub fn rows(&self) -> Vec<Update> {
        let place = |n, slug: &str, prefix: &str| {
            let row = EnvironmentRow { id: environment(n), slug: slug.into(), host: None, prefix: prefix.into() };
            Update::Environment(environment(n), Some(row))
        };
        let kid = self.signing.kid().to_owned();
        let key = KeyRow { kid: kid.clone(), alg: "ES256".into(), jwk: self.signing.public_jwk() };
        let mut rows = vec![
            place(1, "production", ""),
            place(2, "sandbox", "/sandbox"),
            self.limit(&[(1_000_000, 3600)]),
            Update::Plan(
                plan_id(1),
                Some(PlanRow { id: plan_id(1), name: "gold".into(), limit_group: Some(group_id(1)) }),
            ),
            self.client(|_| ()),
            self.credential(|_| ()),
            self.client_secret(|_| ()),
            Update::Key(kid, Some(key)),
        ];
        for (n, (slug, security, required)) in (1..).zip(apis()) {
            rows.push(self.publication(n, slug, security, required, |_| ()));
            rows.push(self.subscription(n, SubscriptionState::Active));
        }
        rows
    }

    pub fn publication(
        &self,
        api: u128,
        slug: &str,
        security: Vec<Scheme>,
        subscription_required: bool,
        bend: impl FnOnce(&mut PublicationRow),
    ) -> Update {
        let operation = |name: &str, method: &str, path: &str, scopes: &[&str]| OperationRow {
            name: name.into(),
            method: method.into(),
            path: path.into(),
            scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
            security: None,
            modification: None,
        };
        let mut row = PublicationRow {
            version: id::VersionId::from_bits(api),
            api: id::ApiId::from_bits(api),
            environment: environment(1),
            api_slug: slug.into(),
            version_name: "v1".into(),
            subscription_required,
            security,
            upstreams: vec![format!("http://{}/base", self.echo.address)],
            forward_everything: slug != "doc",
            modification: Modification::default(),
            ending: None,
            operations: vec![
                operation("getItem", "GET", "/items/{id}", &[]),
                operation("putItem", "PUT", "/items/{id}", &["write"]),
                operation("mine", "GET", "/items/mine", &[]),
            ],
        };
        bend(&mut row);
        Update::Publication(row.version.clone(), row.environment.clone(), Some(Box::new(row)))
    }

    pub fn limit(&self, windows: &[(u64, u64)]) -> Update {
        let windows = windows.iter().map(|&(count, seconds)| Window { count, seconds }).collect();
        Update::LimitGroup(group_id(1), Some(LimitGroupRow { id: group_id(1), windows }))
    }

    pub fn client(&self, bend: impl FnOnce(&mut ClientRow)) -> Update {
        let mut row = ClientRow {
            id: id::ClientId::from_bits(1),
            client_id: "demo-client".into(),
            app: Some(id::AppId::from_bits(1)),
            enabled: true,
            environments: vec![],
            tokens_not_before: Timestamp::default(),
            expires_at: None,
        };
        bend(&mut row);
        Update::Client(row.id.clone(), Some(row))
    }

    pub fn credential(&self, bend: impl FnOnce(&mut CredentialRow)) -> Update {
        let mut row = CredentialRow {
            id: id::CredentialId::from_bits(1),
            client: id::ClientId::from_bits(1),
            kind: CredentialKind::ApiKey,
            digest: self.keys.digest(Purpose::ApiKey, self.key.reveal()),
            active: true,
            expires_at: None,
        };
        bend(&mut row);
        Update::Credential(row.id.clone(), Some(row))
    }

    pub fn client_secret(&self, bend: impl FnOnce(&mut CredentialRow)) -> Update {
        let digest = self.keys.digest(Purpose::ClientSecret, self.secret.reveal());
        self.credential(|row| {
            row.id = id::CredentialId::from_bits(2);
            row.kind = CredentialKind::ClientSecret;
            row.digest = digest;
            bend(row);
        })
    }

    pub fn subscription(&self, api: u128, state: SubscriptionState) -> Update {
        self.subscription_of(1, api, state, 1)
    }

    pub fn subscription_of(&self, app: u128, api: u128, state: SubscriptionState, plan: u128) -> Update {
        let row = SubscriptionRow {
            id: id::SubscriptionId::from_bits(app * 1000 + api),
            app: id::AppId::from_bits(app),
            api: id::ApiId::from_bits(api),
            environment: environment(1),
            plan: plan_id(plan),
            state,
            ends_at: None,
        };
        Update::Subscription(row.key(), Some(row))
    }

    pub fn apply(&self, update: Update) {
        self.handle.apply(vec![update], 2);
    }

    pub fn connect(&self) -> Connection {
        Connection::open(self.address)
    }

    /// One call on a connection of its own.
    pub fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.connect().send(method, target, headers, body)
    }

    /// A call with the API key.
    pub fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[("X-API-Key", self.key.reveal())], "")
    }

    /// A call with other headers.
    pub fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", target, headers, "")
    }

    pub fn basic(&self) -> String {
        basic("demo-client", self.secret.reveal())
    }

    /// Sends raw bytes, reads one answer, and checks that the connection is closed after it.
    pub fn raw(&self, bytes: &[u8]) -> Option<Answer> {
        let mut connection = self.connect();
        connection.write(bytes);
        let answer = connection.answer_to("GET");
        assert!(connection.is_closed(), "the connection stays open after {answer:?}");
        answer
    }
}

pub fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", data_encoding::BASE64.encode(format!("{user}:{password}").as_bytes()))
}

pub fn plan_id(n: u128) -> id::PlanId {
    id::PlanId::from_bits(n)
}

pub fn group_id(n: u128) -> id::LimitGroupId {
    id::LimitGroupId::from_bits(n)
}

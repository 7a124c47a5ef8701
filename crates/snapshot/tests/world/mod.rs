//! One app, one API, one of everything, to be bent by each test.

use base::secret::Digest;
use base::{Timestamp, id};
use snapshot::*;

pub const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub const KEY: Digest = digest(1);
pub const SECRET: Digest = digest(2);
pub const TOKEN: Digest = digest(3);

pub const fn digest(n: u8) -> Digest {
    Digest([n; 32])
}
pub fn environment_id(n: u128) -> id::EnvironmentId {
    id::EnvironmentId::from_bits(n)
}
pub fn plan_id(n: u128) -> id::PlanId {
    id::PlanId::from_bits(n)
}
pub fn group_id(n: u128) -> id::LimitGroupId {
    id::LimitGroupId::from_bits(n)
}

fn publication() -> PublicationRow {
    PublicationRow {
        version: id::VersionId::from_bits(1),
        api: id::ApiId::from_bits(1),
        environment: environment_id(1),
        api_slug: "pets".into(),
        version_name: "v1".into(),
        subscription_required: true,
        security: vec![Scheme::ApiKey { place: KeyPlace::Header("X-API-Key".into()) }],
        upstreams: vec!["http://127.0.0.1:9".into()],
        forward_everything: false,
        modification: Modification::default(),
        ending: None,
        operations: vec![OperationRow {
            name: "list".into(),
            method: "GET".into(),
            path: "/list".into(),
            scopes: vec![],
            security: None,
            modification: None,
        }],
    }
}

pub struct World {
    pub publication: PublicationRow,
    pub client: ClientRow,
    pub credential: CredentialRow,
    pub secret: CredentialRow,
    pub token: TokenRow,
    pub subscription_state: Option<SubscriptionState>,
    pub ends_at: Option<Timestamp>,
    pub updates: Vec<Update>,
}

impl World {
    pub fn new() -> Self {
        let (app, client) = (id::AppId::from_bits(1), id::ClientId::from_bits(1));
        let key = CredentialRow {
            id: id::CredentialId::from_bits(1),
            client: client.clone(),
            kind: CredentialKind::ApiKey,
            digest: KEY,
            active: true,
            expires_at: None,
        };
        let secret = CredentialRow {
            id: id::CredentialId::from_bits(2),
            kind: CredentialKind::ClientSecret,
            digest: SECRET,
            ..key.clone()
        };
        Self {
            publication: publication(),
            client: ClientRow {
                id: client.clone(),
                client_id: "demo".into(),
                app: Some(app),
                enabled: true,
                environments: vec![],
                tokens_not_before: Timestamp::default(),
                expires_at: None,
            },
            credential: key,
            secret,
            token: TokenRow {
                id: id::TokenId::from_bits(1),
                digest: TOKEN,
                client,
                scopes: vec!["read".into()],
                issued_at: NOW,
                expires_at: NOW.plus_seconds(60),
            },
            subscription_state: Some(SubscriptionState::Active),
            ends_at: None,
            updates: vec![],
        }
    }

    pub fn rows(&self) -> Vec<Update> {
        let environment = |n, slug: &str, prefix: &str| {
            let (host, prefix) = (None, prefix.to_owned());
            let row = EnvironmentRow { id: environment_id(n), slug: slug.to_owned(), host, prefix };
            Update::Environment(environment_id(n), Some(row))
        };
        let windows = vec![Window { count: 10, seconds: 60 }];
        let plan = PlanRow { id: plan_id(1), name: "gold".into(), limit_group: Some(group_id(1)) };
        let p = &self.publication;
        let mut rows = vec![
            environment(1, "production", ""),
            environment(2, "sandbox", "/sandbox"),
            Update::LimitGroup(group_id(1), Some(LimitGroupRow { id: group_id(1), windows })),
            Update::Plan(plan_id(1), Some(plan)),
            Update::Publication(p.version.clone(), p.environment.clone(), Some(Box::new(p.clone()))),
            Update::Client(self.client.id.clone(), Some(self.client.clone())),
            Update::Credential(self.credential.id.clone(), Some(self.credential.clone())),
            Update::Credential(self.secret.id.clone(), Some(self.secret.clone())),
            Update::Token(self.token.id.clone(), Some(self.token.clone())),
        ];
        if let Some(state) = self.subscription_state {
            let row = SubscriptionRow {
                id: id::SubscriptionId::from_bits(1),
                app: id::AppId::from_bits(1),
                api: p.api.clone(),
                environment: p.environment.clone(),
                plan: plan_id(1),
                state,
                ends_at: self.ends_at,
            };
            rows.push(Update::Subscription(row.key(), Some(row)));
        }
        rows.extend(self.updates.iter().cloned());
        rows
    }

    pub fn ask(&self) -> Ask<'static> {
        Ask { method: "GET", host: "any", path: "/pets/v1/list" }
    }
}

//! A gateway by itself, with 100 APIs and 10,000 keys, for measuring: `solo <port> <threads> <upstream port> <keys file>`.

use base::secret::{Keys, Purpose, Secret};
use base::{Clock, Timestamp, id};
use snapshot::*;
use std::fmt::Write as _;
use std::time::Duration;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let number = |i: usize| args[i].parse::<u16>().expect("a number");
    let keys = Keys::derive(&[7; 32]);
    let running = gateway::start(gateway::Config {
        listen: ([127, 0, 0, 1], number(1)).into(),
        threads: usize::from(number(2)),
        issuer: "http://portal.test".into(),
        audience: "http://gateway.test".into(),
        portal: "http://portal.test".into(),
        keys: keys.clone(),
        clock: Clock::System,
        sample_successes: 0.01,
        decisions_kept: 10_000,
        upstream_connect_timeout: Duration::from_secs(5),
        upstream_response_timeout: Duration::from_secs(30),
        header_timeout: Duration::from_secs(10),
        max_header_bytes: 32 * 1024,
        cookies_to_strip: vec!["wayleave_session".into()],
        never_forward_to: Vec::new(),
    })
    .expect("starts");
    let (rows, list) = rows(&keys, number(3));
    std::fs::write(&args[4], list).expect("writes the keys");
    running.handle().apply(rows, 1);
    println!("listening on {}", running.address());
    loop {
        std::thread::sleep(Duration::from_secs(30));
        let calls: u64 = running.handle().take_usage().iter().map(|r| r.calls).sum();
        println!("{calls} calls");
    }
}

fn rows(keys: &Keys, upstream: u16) -> (Vec<Update>, String) {
    let environment = id::EnvironmentId::from_bits(1);
    let group = id::LimitGroupId::from_bits(1);
    let plan = id::PlanId::from_bits(1);
    let windows = vec![Window { count: 1_000_000_000, seconds: 60 }, Window { count: 4_000_000_000, seconds: 86_400 }];
    let row = EnvironmentRow { id: environment.clone(), slug: "production".into(), host: None, prefix: String::new() };
    let mut rows = vec![
        Update::Environment(environment.clone(), Some(row)),
        Update::LimitGroup(group.clone(), Some(LimitGroupRow { id: group.clone(), windows })),
        Update::Plan(plan.clone(), Some(PlanRow { id: plan.clone(), name: "gold".into(), limit_group: Some(group) })),
    ];
    for n in 0..100u128 {
        let operations = (0..20)
            .map(|i| OperationRow {
                name: format!("op{i}"),
                method: "GET".into(),
                path: format!("/things{i}/{{id}}"),
                scopes: vec![],
                security: None,
                modification: None,
            })
            .collect();
        let row = PublicationRow {
            version: id::VersionId::from_bits(n),
            api: id::ApiId::from_bits(n),
            environment: environment.clone(),
            api_slug: format!("api{n}"),
            version_name: "v1".into(),
            subscription_required: true,
            security: vec![Scheme::ApiKey { place: KeyPlace::Header("X-API-Key".into()) }],
            upstreams: vec![format!("http://127.0.0.1:{upstream}")],
            forward_everything: false,
            modification: Modification::default(),
            ending: None,
            operations,
        };
        rows.push(Update::Publication(row.version.clone(), environment.clone(), Some(Box::new(row))));
    }
    let list = consumers(keys, &environment, &plan, &mut rows);
    (rows, list)
}

/// 10,000 clients with a key and ten subscriptions each; answers the keys, one a line.
fn consumers(keys: &Keys, environment: &id::EnvironmentId, plan: &id::PlanId, rows: &mut Vec<Update>) -> String {
    let mut list = String::new();
    for n in 0..10_000u128 {
        let (app, client) = (id::AppId::from_bits(n), id::ClientId::from_bits(n));
        let secret = Secret::generate(Purpose::ApiKey);
        let _ = writeln!(list, "{}", secret.reveal());
        let row = ClientRow {
            id: client.clone(),
            client_id: format!("client{n}"),
            app: Some(app.clone()),
            enabled: true,
            environments: vec![],
            tokens_not_before: Timestamp::default(),
            expires_at: None,
        };
        rows.push(Update::Client(client.clone(), Some(row)));
        let row = CredentialRow {
            id: id::CredentialId::from_bits(n),
            client,
            kind: CredentialKind::ApiKey,
            digest: keys.digest(Purpose::ApiKey, secret.reveal()),
            active: true,
            expires_at: None,
        };
        rows.push(Update::Credential(row.id.clone(), Some(row)));
        for api in 0..100u128 {
            if (n + api) % 10 == 0 {
                let row = SubscriptionRow {
                    id: id::SubscriptionId::from_bits(n * 100 + api),
                    app: app.clone(),
                    api: id::ApiId::from_bits(api),
                    environment: environment.clone(),
                    plan: plan.clone(),
                    state: SubscriptionState::Active,
                    ends_at: None,
                };
                rows.push(Update::Subscription(row.key(), Some(row)));
            }
        }
    }
    list
}

//! The real program, killed again and again between a write and what is told of it: no mail and no delivery is lost, and
//! what comes twice can be told by its id.

use base::random;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use store::DbUrl;
use testkit::{Actor, Postbox, Program, Receiver, database};

/// How often the program is killed.
const KILLS: usize = 5;
/// How many things happen before each end.
const WRITES: usize = 6;

fn below(most: u64) -> u64 {
    u64::from_be_bytes(random::bytes::<8>()) % most
}

/// A person whose address is proven.
async fn member(program: &Program, admin: &Actor) -> String {
    let body = json!({"username": "member", "email": "member@example.com", "password": "a long enough phrase"});
    let id = admin.post("/api/v1/users", body).await.is(201).str("id");
    admin.post(&format!("/api/v1/users/{id}/verify"), json!({})).await.is(200);
    let _runs = program;
    id
}

/// A06 A52
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_killed_before_it_tells_tells_everything_afterwards_and_nothing_unrecognisably_twice() {
    let (postbox, receiver) = (Postbox::start().await, Receiver::start().await);
    let database = database::empty().await;
    let mut program = Program::new(env!("CARGO_BIN_EXE_wayleave"));
    if let DbUrl::Postgres(url) = database.url() {
        program.on_postgres(&url);
    }
    program.set("smtp_host", "127.0.0.1");
    program.set("smtp_port", &postbox.address.port().to_string());
    program.set("smtp_security", "none");
    program.set("mail_from", "portal@example.com");
    program.set("webhook_allow_networks", "[\"127.0.0.0/8\"]");
    program.set("webhook_allow_http", "true");
    program.start().await;
    let admin = program.admin().await;
    let member = member(&program, &admin).await;
    let body = json!({"url": receiver.url(), "events": ["organization.*"]});
    admin.post("/api/v1/webhooks", body).await.is(201);

    let mut made = BTreeSet::new();
    for _ in 0..KILLS {
        for n in 0..WRITES {
            let body = json!({"name": format!("Number {n}")});
            let id = admin.post("/api/v1/organizations", body).await.is(201).str("id");
            let path = format!("/api/v1/organizations/{id}/members/{member}");
            admin.put(&path, json!({"role": "READ_ONLY"})).await.is(200);
            made.insert(id);
        }
        for _ in 0..below(4_000) {
            tokio::task::yield_now().await;
        }
        program.kill();
        program.start().await;
    }
    let (mails, told) = (everything_mailed(&postbox, &made).await, everything_told(&receiver, &made).await);
    assert!(mails >= made.len() && told >= 2 * made.len());
    program.stop();
}

/// Waits until the member has a mail about each organization; answers how many came.
async fn everything_mailed(postbox: &Postbox, made: &BTreeSet<String>) -> usize {
    let mut many = made.len();
    loop {
        let mails = postbox.wait(many).await;
        let about = |id: &String| mails.iter().find(|mail| mail.text().contains(&format!("/organizations/{id}")));
        if made.iter().all(|id| about(id).is_some()) {
            let mut ids: BTreeMap<String, String> = BTreeMap::new();
            for mail in mails.iter().filter(|mail| mail.text().contains("/organizations/")) {
                let known = ids.entry(mail.header("Message-ID")).or_insert_with(|| mail.text());
                assert_eq!(*known, mail.text(), "the same id, another mail");
            }
            assert_eq!(ids.len(), made.len(), "what came twice came under the same id");
            return mails.len();
        }
        many = mails.len() + 1;
    }
}

/// Waits until the endpoint was told of each organization and its member; answers how many deliveries came.
async fn everything_told(receiver: &Receiver, made: &BTreeSet<String>) -> usize {
    let mut many = 2 * made.len();
    loop {
        let told = receiver.wait(many).await;
        let mut verbs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for one in &told {
            let body = ids.entry(one.header("webhook-id").to_owned()).or_insert_with(|| one.body.clone());
            assert_eq!(*body, one.body, "the same id, another body");
            let subject = one.json()["data"]["subject"]["id"].as_str().unwrap_or_default().to_owned();
            let heard = verbs.entry(subject).or_default();
            if heard.last() != Some(&one.verb()) {
                heard.push(one.verb());
            }
        }
        let whole = |id: &String| verbs.get(id).is_some_and(|heard| heard.len() == 2);
        if made.iter().all(whole) {
            // In order for each subject, whatever was repeated.
            for id in made {
                assert_eq!(verbs[id], ["organization.created", "organization.member_set"], "{id}");
            }
            assert_eq!(ids.len(), 2 * made.len(), "what came twice came under the same id");
            return told.len();
        }
        many = told.len() + 1;
    }
}

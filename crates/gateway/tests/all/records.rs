//! What is remembered of calls.

use crate::client::Answer;
use crate::rig::{Rig, START, plan_id};
use base::id::{self, Id};
use snapshot::{DecisionRecord, Records, SubscriptionState};
use std::collections::HashSet;

impl Rig {
    /// The record of the decision that an answer names.
    pub fn decision(&self, answer: &Answer) -> DecisionRecord {
        let id = id::DecisionId::parse(answer.header("wayleave-decision").unwrap()).unwrap();
        self.handle.decision(&id).unwrap_or_else(|| panic!("{id} is not remembered"))
    }
}

/// X01
#[test]
fn a_decision_names_credential_client_app_subscription_plan_and_operation() {
    let rig = Rig::start();
    let answer = rig.get("/doc/v1/items/7?secret=1");
    let decision = rig.decision(&answer);
    assert!(decision.allowed && decision.code.is_none());
    assert_eq!((decision.rule.as_str(), decision.status), ("done", 200));
    assert_eq!(decision.credential, Some(id::CredentialId::from_bits(1)));
    assert_eq!(decision.credential_kind.as_deref(), Some("api_key"));
    assert_eq!(decision.client, Some(id::ClientId::from_bits(1)));
    assert_eq!(decision.app, Some(id::AppId::from_bits(1)));
    assert_eq!(decision.subscription, Some(id::SubscriptionId::from_bits(1009)));
    assert_eq!(decision.plan, Some(plan_id(1)));
    assert_eq!(decision.limit_group, Some(crate::rig::group_id(1)));
    assert_eq!(decision.api, Some(id::ApiId::from_bits(9)));
    assert_eq!(decision.operation.as_deref(), Some("getItem"));
    assert_eq!((decision.method.as_str(), decision.path.as_str()), ("GET", "/doc/v1/items/7"));
    assert_eq!(Some(decision.request.as_str()), answer.header("x-request-id"));
    assert_eq!((decision.at, decision.change), (START, 1));
    let basic = rig.decision(&rig.get_with("/basic/v1/x", &[("Authorization", &rig.basic())]));
    assert_eq!(basic.credential, Some(id::CredentialId::from_bits(2)));
    assert_eq!((basic.credential_kind.as_deref(), basic.client), (Some("basic"), decision.client));
}

/// X03
#[test]
fn decisions_are_taken_once_and_still_found() {
    let rig = Rig::start();
    let answers: Vec<Answer> = (0..20).map(|i| rig.get(if i % 2 == 0 { "/echo/v1/x" } else { "/none" })).collect();
    let ids: HashSet<String> = answers.iter().map(|a| a.header("wayleave-decision").unwrap().to_owned()).collect();
    let taken: HashSet<String> = rig.handle.take_decisions().iter().map(|d| d.id.to_string()).collect();
    assert_eq!(ids, taken);
    assert!(rig.handle.take_decisions().is_empty());
    for answer in &answers {
        rig.decision(answer);
    }
}

#[test]
fn refusals_are_always_remembered_successes_as_configured_and_the_store_is_bounded() {
    let rig = Rig::with(|config| (config.sample_successes, config.decisions_kept) = (0.0, 20));
    for _ in 0..5 {
        assert_eq!(rig.get("/echo/v1/x").status, 200);
    }
    assert!(rig.handle.take_decisions().is_empty());
    let first = rig.get("/none");
    let mut connection = rig.connect();
    for _ in 0..100 {
        connection.send("GET", "/none", &[], "");
    }
    let last = connection.send("GET", &format!("/{}", "x".repeat(5000)), &[], "");
    assert!(rig.decision(&last).path.len() <= 512);
    assert!(rig.handle.take_decisions().len() <= 20);
    let id = id::DecisionId::parse(first.header("wayleave-decision").unwrap()).unwrap();
    // The first may sit on the other thread, whose part of the store is not full.
    let kept = rig.handle.decision(&id).is_some();
    assert!(!kept || rig.handle.take_decisions().is_empty());
}

/// C76 C34
#[test]
fn usage_counts_every_call_once_by_caller_operation_outcome_and_minute() {
    let rig = Rig::start();
    for _ in 0..3 {
        rig.get("/doc/v1/items/7");
    }
    rig.get("/doc/v1/items/mine");
    rig.get("/doc/v1/none");
    rig.get_with("/doc/v1/items/7", &[]);
    rig.get("/echo/v1/close");
    rig.clock.advance_seconds(60);
    rig.apply(rig.subscription(9, SubscriptionState::Suspended));
    rig.get("/doc/v1/items/7");
    let rows = rig.handle.take_usage();
    let count = |operation: Option<&str>, outcome: &str, minute: i64, known: bool| -> u64 {
        rows.iter()
            .filter(|r| r.key.operation.as_deref() == operation && r.key.outcome == outcome)
            .filter(|r| r.key.minute == START.seconds() / 60 + minute && r.key.app.is_some() == known)
            .map(|r| r.calls)
            .sum()
    };
    assert_eq!(count(Some("getItem"), "allowed", 0, true), 3);
    assert_eq!(count(Some("mine"), "allowed", 0, true), 1);
    assert_eq!(count(None, "no-route", 0, false), 1);
    assert_eq!(count(Some("getItem"), "credential-missing", 0, false), 1);
    assert_eq!(count(None, "upstream-broken", 0, true), 1);
    assert_eq!(count(Some("getItem"), "subscription-suspended", 1, true), 1);
    assert_eq!(rows.iter().map(|r| r.calls).sum::<u64>(), 8);
    let keys: HashSet<_> = rows.iter().map(|r| r.key.clone()).collect();
    assert_eq!(keys.len(), rows.len(), "no two rows for the same");
    assert!(rig.handle.take_usage().is_empty());
    assert_eq!(rows.iter().find(|r| r.key.outcome == "subscription-suspended").unwrap().key.status, 403);
}

#[test]
fn a_caller_who_leaves_before_the_answer_is_recorded_too() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    let head = format!(
        "POST /echo/v1/observe HTTP/1.1\r\nHost: gateway.test\r\nX-API-Key: {}\r\nContent-Length: 9\r\n\r\nabc",
        rig.key.reveal()
    );
    connection.write(head.as_bytes());
    let seen = rig.echo.seen.lock().unwrap();
    assert!(seen.recv().unwrap().starts_with("POST"));
    while seen.recv().unwrap() != "abc" {}
    drop(connection);
    while seen.recv().unwrap() != "(cut off)" {}
    // The gateway's upstream connection closes after the call was dropped, and that is when it records.
    let rows = loop {
        let rows = rig.handle.take_usage();
        if !rows.is_empty() {
            break rows;
        }
        std::thread::yield_now();
    };
    assert!(matches!((rows.len(), rows[0].key.status), (1, 499 | 400)), "{rows:?}");
}

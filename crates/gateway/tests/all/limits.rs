//! Windows of plans.

use crate::rig::{Rig, START, environment, group_id, plan_id};
use base::id;
use base::secret::{Purpose, Secret};
use snapshot::{ClientRow, PlanRow, SubscriptionState, Update};

/// C05 F36
#[test]
fn calls_above_the_limit_are_refused_with_the_time_to_wait() {
    let rig = Rig::start();
    rig.apply(rig.limit(&[(3, 60)]));
    rig.clock.advance_seconds(20);
    for left in [2, 1, 0] {
        let answer = rig.get("/echo/v1/x");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"60s\";q=3;w=60"));
        assert_eq!(answer.header("ratelimit"), Some(format!("\"60s\";r={left};t=40").as_str()));
        assert_eq!(answer.header("x-ratelimit-limit"), Some("3"));
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(left.to_string().as_str()));
        assert_eq!(answer.header("x-ratelimit-reset"), Some("40"));
        assert_eq!(answer.header("retry-after"), None);
    }
    let refused = rig.get("/echo/v1/x");
    assert_eq!((refused.status, refused.code().as_str()), (429, "limit-exceeded"));
    assert_eq!(refused.header("retry-after"), Some("40"));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    assert!(refused.json()["detail"].as_str().unwrap().contains("3 calls a minute"));
    rig.clock.advance_seconds(40);
    assert_eq!(rig.get("/echo/v1/x").status, 200);
}

/// C73
#[test]
fn all_windows_hold_and_a_refused_call_takes_from_none() {
    let rig = Rig::start();
    rig.apply(rig.limit(&[(2, 1), (5, 604_800)]));
    let mut passed = Vec::new();
    for _ in 0..4 {
        passed.push((0..10).filter(|_| rig.get("/echo/v1/x").status == 200).count());
        rig.clock.advance_seconds(1);
    }
    assert_eq!(passed, [2, 2, 1, 0]);
    // 2027-01-15 is a Friday: the week ends on Sunday at midnight.
    let refused = rig.get("/echo/v1/x");
    let monday = base::Timestamp::parse("2027-01-18T00:00:00Z").unwrap();
    assert_eq!(refused.header("retry-after"), Some((monday.seconds() - START.seconds() - 4).to_string().as_str()));
    rig.clock.advance_seconds(monday.seconds() - START.seconds() - 4);
    assert_eq!(rig.get("/echo/v1/x").status, 200);
}

/// C74
#[test]
fn two_keys_of_an_app_share_its_budget_and_two_apps_do_not() {
    let rig = Rig::start();
    rig.apply(rig.limit(&[(2, 60)]));
    let (second, others) = (Secret::generate(Purpose::ApiKey), Secret::generate(Purpose::ApiKey));
    let digest = |secret: &Secret| rig.keys.digest(Purpose::ApiKey, secret.reveal());
    rig.apply(rig.credential(|row| (row.id, row.digest) = (id::CredentialId::from_bits(3), digest(&second))));
    let other = |row: &mut ClientRow| {
        row.id = id::ClientId::from_bits(2);
        row.client_id = "other".into();
        row.app = Some(id::AppId::from_bits(2));
    };
    rig.apply(rig.client(other));
    rig.apply(rig.credential(|row| {
        (row.id, row.client, row.digest) =
            (id::CredentialId::from_bits(4), id::ClientId::from_bits(2), digest(&others));
    }));
    rig.apply(rig.subscription_of(2, 1, SubscriptionState::Active, 1));
    let call = |secret: &Secret| rig.get_with("/echo/v1/x", &[("X-API-Key", secret.reveal())]).status;
    assert_eq!((call(&rig.key), call(&second), call(&rig.key)), (200, 200, 429));
    assert_eq!((call(&others), call(&others), call(&others)), (200, 200, 429));
}

/// C74
#[test]
fn plans_of_one_limit_group_share_its_windows_and_environments_do_not() {
    let rig = Rig::start();
    rig.apply(rig.limit(&[(2, 60)]));
    let plan = PlanRow { id: plan_id(2), name: "silver".into(), limit_group: Some(group_id(1)) };
    rig.apply(Update::Plan(plan_id(2), Some(plan)));
    rig.apply(rig.subscription_of(1, 6, SubscriptionState::Active, 2));
    assert_eq!(rig.get("/echo/v1/x").status, 200);
    assert_eq!(rig.get("/mixed/v1/x").header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(rig.get("/echo/v1/x").status, 429);
    let security = crate::rig::apis().remove(0).1;
    rig.apply(rig.publication(1, "echo", security, true, |row| row.environment = environment(2)));
    let Update::Subscription(_, Some(mut row)) = rig.subscription(1, SubscriptionState::Active) else { unreachable!() };
    row.environment = environment(2);
    rig.apply(Update::Subscription(row.key(), Some(row)));
    assert_eq!(rig.get("/sandbox/echo/v1/x").header("x-ratelimit-remaining"), Some("1"));
}

/// C05
#[test]
fn refused_calls_consume_nothing_and_failed_ones_do() {
    let rig = Rig::start();
    rig.apply(rig.limit(&[(3, 60)]));
    rig.apply(rig.subscription(1, SubscriptionState::Suspended));
    for _ in 0..5 {
        assert_eq!(rig.get("/echo/v1/x").status, 403);
    }
    rig.apply(rig.subscription(1, SubscriptionState::Active));
    assert_eq!(rig.get("/echo/v1/close").status, 502);
    assert_eq!(rig.get("/echo/v1/x").header("x-ratelimit-remaining"), Some("1"));
    assert_eq!(rig.get("/echo/v1/x").status, 200);
    let refused = rig.get("/echo/v1/x");
    assert_eq!((refused.status, refused.header("x-ratelimit-remaining")), (429, Some("0")));
}

#[test]
fn a_new_limit_holds_at_the_next_call_and_what_was_used_stays_used() {
    let rig = Rig::start();
    rig.apply(rig.limit(&[(2, 60)]));
    assert_eq!((rig.get("/echo/v1/x").status, rig.get("/echo/v1/x").status), (200, 200));
    assert_eq!(rig.get("/echo/v1/x").status, 429);
    rig.apply(rig.limit(&[(4, 60)]));
    assert_eq!(rig.get("/echo/v1/x").header("x-ratelimit-remaining"), Some("1"));
    rig.apply(rig.limit(&[(1, 60)]));
    assert_eq!(rig.get("/echo/v1/x").status, 429);
    let free = PlanRow { id: plan_id(1), name: "gold".into(), limit_group: None };
    rig.apply(Update::Plan(plan_id(1), Some(free)));
    let answer = rig.get("/echo/v1/x");
    assert_eq!((answer.status, answer.header("ratelimit")), (200, None));
}

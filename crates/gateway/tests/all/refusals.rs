//! Calls that are refused: each cause has its own code, and says what to do.

use crate::client::Answer;
use crate::rig::{Rig, START, apis, environment, plan_id};
use base::id;
use base::secret::{Purpose, Secret};
use snapshot::{SubscriptionState, Update};

fn codes(rig: &Rig, code: &str) -> Answer {
    let answer = rig.get("/echo/v1/x");
    assert_eq!(answer.code(), code);
    answer
}

/// X03 F01 F26 C13 A17
#[test]
fn every_cause_has_its_own_code_status_and_stage() {
    let rig = Rig::start();
    let other = Secret::generate(Purpose::ApiKey);
    let with_key = |key: &str| rig.get_with("/echo/v1/x", &[("X-API-Key", key)]);
    let check = |answer: Answer, status: u16, code: &str, rule: &str| {
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
        let decision = rig.decision(&answer);
        assert_eq!((decision.rule.as_str(), decision.code.as_deref(), decision.status), (rule, Some(code), status));
        assert_eq!(answer.json()["detail"], decision.detail);
    };
    check(rig.get("/nothing/v1"), 404, "no-route", "route");
    check(rig.get("/echo/v2/x"), 404, "no-route", "route");
    check(rig.get("/sandbox/echo/v1/x"), 404, "no-route", "route");
    check(rig.get("/doc/v1/none"), 404, "no-route", "route");
    check(rig.send("POST", "/doc/v1/items/1", &[], ""), 405, "method-not-allowed", "route");
    check(rig.get_with("/echo/v1/x", &[]), 401, "credential-missing", "credential");
    check(with_key(other.reveal()), 401, "credential-invalid", "credential");
    check(with_key("garbage"), 401, "credential-invalid", "credential");
    check(rig.get_with("/echo/v1/x", &[("Authorization", &rig.basic())]), 401, "credential-kind", "credential");
    let two = [("X-API-Key", rig.key.reveal()), ("X-API-Key", rig.key.reveal())];
    check(rig.get_with("/echo/v1/x", &two), 400, "credential-ambiguous", "credential");
    let both = [("X-API-Key", rig.key.reveal()), ("Authorization", &rig.basic())];
    check(rig.get_with("/mixed/v1/x", &both), 400, "credential-ambiguous", "credential");

    rig.apply(rig.credential(|row| row.active = false));
    check(rig.get("/echo/v1/x"), 401, "credential-disabled", "credential");
    rig.apply(rig.credential(|row| row.expires_at = Some(START)));
    check(rig.get("/echo/v1/x"), 401, "credential-expired", "credential");
    rig.apply(rig.credential(|_| ()));
    rig.apply(rig.client(|row| row.enabled = false));
    check(rig.get("/echo/v1/x"), 403, "client-disabled", "client");
    rig.apply(rig.client(|row| row.expires_at = Some(START)));
    check(rig.get("/echo/v1/x"), 403, "client-disabled", "client");
    rig.apply(rig.client(|row| row.environments = vec![environment(2)]));
    check(rig.get("/echo/v1/x"), 403, "wrong-environment", "client");
    rig.apply(rig.client(|row| row.app = None));
    check(rig.get("/echo/v1/x"), 403, "not-subscribed", "subscription");
    rig.apply(rig.client(|_| ()));
    for (state, code) in [
        (SubscriptionState::Requested, "subscription-pending"),
        (SubscriptionState::Approved, "subscription-pending"),
        (SubscriptionState::Suspended, "subscription-suspended"),
        (SubscriptionState::Rejected, "subscription-ended"),
        (SubscriptionState::Cancelled, "subscription-ended"),
        (SubscriptionState::Expired, "subscription-ended"),
    ] {
        rig.apply(rig.subscription(1, state));
        check(rig.get("/echo/v1/x"), 403, code, "subscription");
    }
    rig.apply(rig.subscription_of(1, 1, SubscriptionState::Active, 9));
    check(rig.get("/echo/v1/x"), 503, "unavailable", "subscription");
    let Update::Subscription(key, _) = rig.subscription(1, SubscriptionState::Active) else { unreachable!() };
    rig.apply(Update::Subscription(key, None));
    check(rig.get("/echo/v1/x"), 403, "not-subscribed", "subscription");
    rig.apply(rig.subscription(1, SubscriptionState::Active));
    rig.apply(rig.limit(&[(0, 60)]));
    check(rig.get("/echo/v1/x"), 429, "limit-exceeded", "limit");
    assert_eq!(rig.echo.requests(), 0, "not one refused call reached the upstream");
}

/// A33 X02
#[test]
fn suspending_and_resuming_take_effect_at_the_very_next_call() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    for _ in 0..50 {
        let headers = [("X-API-Key", rig.key.reveal())];
        assert_eq!(connection.send("GET", "/echo/v1/x", &headers, "").status, 200);
        rig.apply(rig.subscription(1, SubscriptionState::Suspended));
        assert_eq!(connection.send("GET", "/echo/v1/x", &headers, "").code(), "subscription-suspended");
        rig.apply(rig.subscription(1, SubscriptionState::Active));
    }
}

/// X03
#[test]
fn a_refusal_names_what_mattered_and_nothing_that_belongs_to_others() {
    let rig = Rig::start();
    rig.apply(rig.subscription(1, SubscriptionState::Suspended));
    let answer = codes(&rig, "subscription-suspended");
    let body = answer.json();
    let subscription = id::SubscriptionId::from_bits(1001).to_string();
    assert!(body["detail"].as_str().unwrap().contains(&subscription), "{body}");
    assert_eq!(body["type"], "http://portal.test/problems/subscription-suspended");
    assert_eq!(body["decision"], answer.header("wayleave-decision").unwrap());
    assert_eq!(
        body["decision_url"],
        format!("http://portal.test/api/v1/decisions/{}", body["decision"].as_str().unwrap())
    );
    assert_eq!(body["request_id"], answer.header("x-request-id").unwrap());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    // A stranger learns nothing but that the key is not known: not even that the app exists.
    let stranger = rig.get_with("/echo/v1/x", &[("X-API-Key", Secret::generate(Purpose::ApiKey).reveal())]);
    for foreign in ["app_", "cli_", "sub_", "crd_", "pln_", "demo-client"] {
        assert!(!stranger.body.contains(foreign), "{}", stranger.body);
    }
    assert!(!stranger.body.contains("127.0.0.1"), "nor where the upstream is");
}

/// F01 C35
#[test]
fn challenges_name_what_the_api_takes() {
    let rig = Rig::start();
    let challenges = |target: &str, headers: &[(&str, &str)]| -> Vec<String> {
        rig.get_with(target, headers).all("www-authenticate").into_iter().map(str::to_owned).collect()
    };
    let api_key = "ApiKey realm=\"wayleave\", in=\"header\", name=\"x-api-key\"";
    let basic = "Basic realm=\"wayleave\", charset=\"UTF-8\"";
    assert_eq!(challenges("/echo/v1/x", &[]), [api_key]);
    assert_eq!(challenges("/basic/v1/x", &[]), [basic]);
    assert_eq!(challenges("/oauth/v1/x", &[]), ["Bearer realm=\"wayleave\""], "no error without a token");
    assert_eq!(challenges("/mixed/v1/x", &[]), ["Bearer realm=\"wayleave\"", api_key, basic]);
    assert_eq!(challenges("/any/v1/x", &[]).len(), 3);
    let query = challenges("/query/v1/x", &[]);
    assert_eq!(query[0], "ApiKey realm=\"wayleave\", in=\"query\", name=\"key\"");
    let invalid = challenges("/oauth/v1/x", &[("Authorization", "Bearer nonsense")]);
    assert!(invalid[0].starts_with("Bearer realm=\"wayleave\", error=\"invalid_token\""), "{invalid:?}");
    assert_eq!(challenges("/echo/v1/x", &[("Authorization", "Bearer nonsense")]), [api_key]);
    assert!(challenges("/nothing", &[]).is_empty());
    let refused = rig.send("POST", "/doc/v1/items/1", &[], "");
    assert_eq!(refused.header("allow"), Some("GET, PUT"));
}

/// X02: removing any link, by itself, refuses the next call; putting it back lets it pass.
#[test]
fn every_link_that_is_taken_away_refuses_the_next_call() {
    let rig = Rig::start();
    let environment_row = rig.rows().remove(0);
    let links: Vec<(Update, Update)> = vec![
        (Update::Credential(id::CredentialId::from_bits(1), None), rig.credential(|_| ())),
        (Update::Client(id::ClientId::from_bits(1), None), rig.client(|_| ())),
        (Update::Plan(plan_id(1), None), rig.rows().remove(3)),
        (Update::LimitGroup(crate::rig::group_id(1), None), rig.limit(&[(1000, 60)])),
        (
            Update::Publication(id::VersionId::from_bits(1), environment(1), None),
            rig.publication(1, "echo", apis().remove(0).1, true, |_| ()),
        ),
        (Update::Environment(environment(1), None), environment_row),
    ];
    for (gone, back) in links {
        assert_eq!(rig.get("/echo/v1/x").status, 200);
        rig.apply(gone.clone());
        assert_ne!(rig.get("/echo/v1/x").status, 200, "{gone:?}");
        rig.apply(back);
    }
    assert_eq!(rig.get("/echo/v1/x").status, 200);
}

#[test]
fn a_gateway_that_knows_nothing_refuses_everything() {
    let rig = Rig::start();
    use snapshot::Sink;
    rig.handle.reload(vec![], 7);
    codes(&rig, "no-route");
    rig.handle.reload(rig.rows(), 8);
    assert_eq!(rig.get("/echo/v1/x").status, 200);
}

//! The decision, exhaustively where the cases are finite.

mod world;

use base::{ProblemKind, id};
use snapshot::*;
use std::sync::Arc;
use world::*;

/// Calls in a [`World`].
trait Calls {
    fn key_call(&self) -> Decision;
    fn call(&self, identify: impl Fn(&Accepts) -> Presented) -> Decision;
    fn call_at(&self, method: &str, host: &str, path: &str, identify: impl Fn(&Accepts) -> Presented) -> Decision;
}

impl Calls for World {
    fn key_call(&self) -> Decision {
        self.call(|_| Presented::ApiKey(KEY))
    }

    fn call(&self, identify: impl Fn(&Accepts) -> Presented) -> Decision {
        self.call_at("GET", "any", "/pets/v1/list", identify)
    }

    fn call_at(&self, method: &str, host: &str, path: &str, identify: impl Fn(&Accepts) -> Presented) -> Decision {
        let known = Known::default();
        assert_eq!(known.apply(self.rows()), Vec::<String>::new());
        let ask = Ask { method, host, path };
        known.read(&mut known.reader(), |terms, tables| decide(terms, tables, NOW, ask, &identify))
    }
}

/// A17 A33 C13
#[test]
fn only_an_active_subscription_opens_an_api_that_requires_one() {
    use ProblemKind::{NotSubscribed, SubscriptionEnded, SubscriptionPending, SubscriptionSuspended};
    let cases = [
        (None, Some(NotSubscribed)),
        (Some(SubscriptionState::Requested), Some(SubscriptionPending)),
        (Some(SubscriptionState::Approved), Some(SubscriptionPending)),
        (Some(SubscriptionState::Active), None),
        (Some(SubscriptionState::Suspended), Some(SubscriptionSuspended)),
        (Some(SubscriptionState::Rejected), Some(SubscriptionEnded)),
        (Some(SubscriptionState::Cancelled), Some(SubscriptionEnded)),
        (Some(SubscriptionState::Expired), Some(SubscriptionEnded)),
    ];
    for (state, refused) in cases {
        for required in [true, false] {
            let mut world = World::new();
            world.publication.subscription_required = required;
            world.subscription_state = state;
            let decision = world.key_call();
            let expected = if required { refused } else { None };
            assert_eq!(decision.refusal.as_ref().map(|r| r.kind), expected, "{state:?} required={required}");
            // The plan caps active subscriptions, whether or not one is required.
            let capped = state == Some(SubscriptionState::Active);
            assert_eq!(decision.facts.limit.is_some(), capped, "{state:?} required={required}");
            assert_eq!(decision.facts.subscription.is_some(), state.is_some());
        }
    }
}

/// C14 C15 C33 C35 F01
#[test]
fn each_security_takes_exactly_its_own_kinds_of_credential() {
    let schemes = [
        Scheme::ApiKey { place: KeyPlace::Header("X-API-Key".into()) },
        Scheme::Basic,
        Scheme::OAuth { scopes: vec![] },
    ];
    for mask in 0..8u8 {
        for required in [true, false] {
            let security: Vec<Scheme> =
                schemes.iter().enumerate().filter(|(i, _)| mask & (1 << i) != 0).map(|(_, s)| s.clone()).collect();
            let mut world = World::new();
            world.publication.security.clone_from(&security);
            world.publication.subscription_required = required;
            let accepts = Accepts::of(&world.publication.security, world.publication.subscription_required);
            let all = mask == 0 && required;
            assert_eq!(accepts.anonymous, mask == 0 && !required);
            assert_eq!(!accepts.key_places.is_empty(), mask & 1 != 0 || all);
            assert_eq!(accepts.basic, mask & 2 != 0 || all);
            assert_eq!(accepts.bearer, mask & 4 != 0 || all);
            let refused = world.call(|_| Presented::Nothing).refusal.map(|r| r.kind);
            let expected = (!accepts.anonymous).then_some(ProblemKind::CredentialMissing);
            assert_eq!(refused, expected, "mask={mask} required={required}");
        }
    }
}

#[test]
fn every_way_for_a_credential_to_fail_has_its_own_code() {
    let world = World::new();
    let refused = |presented: Presented| world.call(|_| presented.clone()).refusal.map(|r| (r.kind, r.rule));
    for (presented, kind) in [
        (Presented::Nothing, ProblemKind::CredentialMissing),
        (Presented::Ambiguous(vec![Kind::ApiKey, Kind::Basic]), ProblemKind::CredentialAmbiguous),
        (Presented::NotTaken(Kind::Basic), ProblemKind::CredentialKind),
        (Presented::Malformed(Kind::ApiKey, "x"), ProblemKind::CredentialInvalid),
        (Presented::ApiKey(digest(99)), ProblemKind::CredentialInvalid),
        (Presented::OpaqueToken(digest(99)), ProblemKind::CredentialInvalid),
        (Presented::JwtExpired, ProblemKind::CredentialExpired),
        // A client secret is no API key, and the other way round.
        (Presented::ApiKey(SECRET), ProblemKind::CredentialInvalid),
        (Presented::Basic { client_id: "demo".into(), digest: KEY }, ProblemKind::CredentialInvalid),
        (Presented::Basic { client_id: "other".into(), digest: SECRET }, ProblemKind::CredentialInvalid),
    ] {
        assert_eq!(refused(presented.clone()), Some((kind, Rule::Credential)), "{presented:?}");
    }
    assert_eq!(refused(Presented::Basic { client_id: "demo".into(), digest: SECRET }), None);
}

/// F26 X01
#[test]
fn credential_and_client_are_checked_in_order_and_named() {
    let mut world = World::new();
    world.credential.active = false;
    world.credential.expires_at = Some(NOW);
    world.client.enabled = false;
    world.client.expires_at = Some(NOW);
    world.client.environments = vec![environment_id(2)];
    world.subscription_state = None;
    let mut kinds = Vec::new();
    loop {
        let decision = world.key_call();
        assert!(decision.facts.client.is_some() && decision.facts.credential.is_some());
        let Some(refusal) = decision.refusal else { break };
        kinds.push(refusal.kind);
        match kinds.len() {
            1 => world.credential.active = true,
            2 => world.credential.expires_at = Some(NOW.plus_micros(1)),
            3 => world.client.enabled = true,
            4 => world.client.expires_at = Some(NOW.plus_micros(1)),
            5 => world.client.environments.push(environment_id(1)),
            _ => world.subscription_state = Some(SubscriptionState::Active),
        }
    }
    use ProblemKind::*;
    let expected =
        [CredentialDisabled, CredentialExpired, ClientDisabled, ClientDisabled, WrongEnvironment, NotSubscribed];
    assert_eq!(kinds, expected);
    let facts = world.key_call().facts;
    assert_eq!(facts.credential.unwrap().id(), world.credential.id);
    assert_eq!(facts.client.unwrap().id(), world.client.id);
    assert_eq!(facts.subscription.unwrap().plan(), plan_id(1));
}

#[test]
fn a_client_without_an_app_reaches_only_apis_without_subscription() {
    let mut world = World::new();
    world.client.app = None;
    assert_eq!(world.key_call().refusal.map(|r| r.kind), Some(ProblemKind::NotSubscribed));
    world.publication.subscription_required = false;
    let decision = world.key_call();
    assert!(decision.refusal.is_none() && decision.facts.limit.is_none());
}

fn jwt(change: impl FnOnce(&mut Jwt)) -> Presented {
    let mut jwt = Jwt {
        jti: id::TokenId::from_bits(5).to_string(),
        client_id: "demo".into(),
        scopes: vec!["read".into(), "write".into()],
        issued_at: NOW,
        expires_at: NOW.plus_seconds(60),
    };
    change(&mut jwt);
    Presented::Jwt(Arc::new(jwt))
}

/// C42 C43 C46 X02
#[test]
fn tokens_end_with_their_time_their_client_and_their_revocation() {
    use ProblemKind::*;
    let mut world = World::new();
    world.updates.push(Update::RevokedJwt(id::TokenId::from_bits(6), NOW.plus_seconds(60)));
    let refused = |world: &World, presented: Presented| world.call(|_| presented.clone()).refusal.map(|r| r.kind);
    assert_eq!(refused(&world, jwt(|_| ())), None);
    assert_eq!(refused(&world, Presented::OpaqueToken(TOKEN)), None);
    assert_eq!(refused(&world, jwt(|j| j.expires_at = NOW)), Some(CredentialExpired));
    assert_eq!(refused(&world, jwt(|j| j.client_id = "gone".into())), Some(CredentialInvalid));
    assert_eq!(refused(&world, jwt(|j| j.jti = "foreign".into())), Some(CredentialInvalid));
    assert_eq!(refused(&world, jwt(|j| j.jti = id::TokenId::from_bits(6).to_string())), Some(CredentialDisabled));
    world.client.tokens_not_before = NOW.plus_micros(1);
    assert_eq!(refused(&world, jwt(|_| ())), Some(CredentialDisabled));
    assert_eq!(refused(&world, Presented::OpaqueToken(TOKEN)), Some(CredentialDisabled));
    assert_eq!(refused(&world, Presented::ApiKey(KEY)), None, "keys are not tokens");
    world.client.enabled = false;
    assert_eq!(refused(&world, jwt(|j| j.expires_at = NOW)), Some(ClientDisabled), "the client comes first");
    world.client = World::new().client;
    world.token.expires_at = NOW;
    assert_eq!(refused(&world, Presented::OpaqueToken(TOKEN)), Some(CredentialExpired));
}

#[test]
fn scopes_bind_tokens_and_name_what_is_wanted() {
    let mut world = World::new();
    world.publication.security = vec![
        Scheme::OAuth { scopes: vec!["read".into()] },
        Scheme::OAuth { scopes: vec!["a".into(), "b".into()] },
        Scheme::ApiKey { place: KeyPlace::Header("X-API-Key".into()) },
    ];
    world.publication.operations[0].scopes = vec!["pets".into()];
    let call = |scopes: &[&str]| {
        let scopes: Vec<String> = scopes.iter().map(|s| (*s).to_owned()).collect();
        world.call(|_| jwt(|j| j.scopes.clone_from(&scopes))).refusal
    };
    assert!(call(&["read", "pets"]).is_none());
    assert!(call(&["a", "b", "pets"]).is_none());
    let refusal = call(&["read"]).unwrap();
    assert_eq!((refusal.kind, refusal.rule), (ProblemKind::ScopeMissing, Rule::Scope));
    assert_eq!(refusal.scopes, ["pets", "read"]);
    assert!(refusal.detail.contains("`pets`"));
    assert_eq!(call(&["a", "pets"]).unwrap().scopes, ["pets", "read"]);
    assert!(world.key_call().refusal.is_none());
}

/// C75
#[test]
fn addresses_lead_to_their_environment_api_version_and_operation() {
    let mut world = World::new();
    world.updates.push(Update::Environment(
        environment_id(3),
        Some(EnvironmentRow {
            id: environment_id(3),
            slug: "partners".into(),
            host: Some("Partners.Example".into()),
            prefix: String::new(),
        }),
    ));
    let found = |method: &str, host: &str, path: &str| {
        let decision = world.call_at(method, host, path, |_| Presented::ApiKey(KEY));
        (decision.refusal.map(|r| r.kind), decision.facts.route.and_then(|r| r.operation))
    };
    assert_eq!(found("GET", "any", "/pets/v1/list"), (None, Some(0)));
    assert_eq!(found("HEAD", "any", "/pets/v1/list"), (None, Some(0)));
    assert_eq!(found("GET", "any", "/pets/v1"), (Some(ProblemKind::NoRoute), None));
    assert_eq!(found("GET", "any", "/pets/v1/none"), (Some(ProblemKind::NoRoute), None));
    assert_eq!(found("POST", "any", "/pets/v1/list"), (Some(ProblemKind::MethodNotAllowed), None));
    assert_eq!(found("GET", "any", "/pets/v2/list"), (Some(ProblemKind::NoRoute), None));
    assert_eq!(found("GET", "any", "/pets"), (Some(ProblemKind::NoRoute), None));
    assert_eq!(found("GET", "any", "/"), (Some(ProblemKind::NoRoute), None));
    // Published to production only: the sandbox has nothing there, nor has the partners' host.
    assert_eq!(found("GET", "any", "/sandbox/pets/v1/list").0, Some(ProblemKind::NoRoute));
    assert_eq!(found("GET", "partners.example", "/pets/v1/list").0, Some(ProblemKind::NoRoute));
    // A prefix ends where a segment ends.
    assert_eq!(found("GET", "any", "/sandboxes/v1/list").0, Some(ProblemKind::NoRoute));
    let refusal = world.call_at("POST", "any", "/pets/v1/list", |_| Presented::Nothing).refusal.unwrap();
    assert_eq!(refusal.allow, ["GET"]);
    let refusal = world.call_at("GET", "any", "/sandbox/pets/v1/list", |_| Presented::Nothing).refusal.unwrap();
    assert!(refusal.detail.contains("`sandbox`"), "{}", refusal.detail);
}

#[test]
fn a_version_that_forwards_everything_takes_paths_outside_its_document() {
    let mut world = World::new();
    world.publication.forward_everything = true;
    for (method, path, operation) in [
        ("GET", "/pets/v1/list", Some(0)),
        ("POST", "/pets/v1/list", None),
        ("GET", "/pets/v1/else", None),
        ("GET", "/pets/v1", None),
    ] {
        let decision = world.call_at(method, "any", path, |_| Presented::ApiKey(KEY));
        assert!(decision.refusal.is_none());
        assert_eq!(decision.facts.route.unwrap().operation, operation);
    }
}

#[test]
fn nothing_is_allowed_under_a_plan_that_is_not_known() {
    for gone in [Update::Plan(plan_id(1), None), Update::LimitGroup(group_id(1), None)] {
        let mut world = World::new();
        world.updates.push(gone);
        assert_eq!(world.key_call().refusal.map(|r| r.kind), Some(ProblemKind::Unavailable));
    }
    let mut world = World::new();
    let plan = PlanRow { id: plan_id(1), name: "free".into(), limit_group: None };
    world.updates.push(Update::Plan(plan_id(1), Some(plan)));
    let decision = world.key_call();
    assert!(decision.refusal.is_none() && decision.facts.limit.is_none());
}

/// X02
#[test]
fn a_subscription_is_over_at_its_end_though_nobody_has_said_so_yet() {
    let kind = |state, ends_in| {
        let mut world = World::new();
        world.subscription_state = Some(state);
        world.ends_at = Some(NOW.plus_micros(ends_in));
        world.key_call().refusal.map(|r| r.kind)
    };
    assert_eq!(kind(SubscriptionState::Active, 1), None);
    for ends_in in [0, -1] {
        assert_eq!(kind(SubscriptionState::Active, ends_in), Some(ProblemKind::SubscriptionEnded));
        assert_eq!(kind(SubscriptionState::Suspended, ends_in), Some(ProblemKind::SubscriptionEnded));
        assert_eq!(kind(SubscriptionState::Requested, ends_in), Some(ProblemKind::SubscriptionPending));
    }
}

#[test]
fn rows_that_make_no_sense_are_named_and_refused_alone() {
    let known = Known::default();
    let mut world = World::new();
    world.publication.upstreams = vec!["https://tls".into(), "http://127.0.0.1:9".into()];
    let mut bad = world.publication.operations[0].clone();
    bad.path = "no-slash".into();
    world.publication.operations.push(bad);
    let windows = vec![Window { count: 1, seconds: 0 }];
    world.updates.push(Update::LimitGroup(group_id(1), Some(LimitGroupRow { id: group_id(1), windows })));
    let faults = known.apply(world.rows());
    assert_eq!(faults.len(), 3, "{faults:?}");
    let decision = known
        .read(&mut known.reader(), |terms, tables| decide(terms, tables, NOW, world.ask(), |_| Presented::ApiKey(KEY)));
    assert!(decision.refusal.is_none(), "the old limit group and the good upstream still stand");
}

#[test]
fn a_disabled_row_is_seen_before_apply_returns_and_a_reload_forgets_the_rest() {
    let known = Known::default();
    let world = World::new();
    known.apply(world.rows());
    let mut reader = known.reader();
    let mut kind = |known: &Known| {
        let look = |terms: &Held, tables: &Tables| decide(terms, tables, NOW, world.ask(), |_| Presented::ApiKey(KEY));
        known.read(&mut reader, look).refusal.map(|r| r.kind)
    };
    assert_eq!(kind(&known), None);
    let mut credential = world.credential.clone();
    credential.active = false;
    known.apply(vec![Update::Credential(credential.id.clone(), Some(credential.clone()))]);
    assert_eq!(kind(&known), Some(ProblemKind::CredentialDisabled));
    known.apply(vec![Update::Credential(credential.id.clone(), None)]);
    assert_eq!(kind(&known), Some(ProblemKind::CredentialInvalid));
    known.reload(vec![]);
    assert_eq!(kind(&known), Some(ProblemKind::NoRoute));
    known.reload(world.rows());
    assert_eq!(kind(&known), None);
    known.apply(vec![Update::Client(world.client.id.clone(), None)]);
    assert_eq!(kind(&known), Some(ProblemKind::CredentialInvalid));
    known.apply(vec![Update::Client(world.client.id.clone(), Some(world.client.clone()))]);
    assert_eq!(kind(&known), None, "the credential finds its client again");
}

#[test]
fn ended_tokens_and_revocations_are_swept() {
    let known = Known::default();
    let world = World::new();
    known.apply(world.rows());
    known.apply(vec![Update::RevokedJwt(id::TokenId::from_bits(6), NOW.plus_seconds(60))]);
    let count = |known: &Known| known.read(&mut known.reader(), |_, t| (t.token(&TOKEN).is_some(), t.is_revoked(6)));
    known.sweep(NOW.plus_seconds(60));
    assert_eq!(count(&known), (true, true));
    known.sweep(NOW.plus_seconds(61));
    assert_eq!(count(&known), (false, false));
}

#[test]
fn a_client_id_that_moves_to_another_client_leads_to_the_new_one() {
    let known = Known::default();
    let world = World::new();
    known.apply(world.rows());
    let mut second = world.client.clone();
    second.id = id::ClientId::from_bits(77);
    let first = world.client.id.clone();
    known.apply(vec![Update::Client(second.id.clone(), Some(second.clone())), Update::Client(first, None)]);
    let found = known.read(&mut known.reader(), |_, tables| tables.client("demo").map(|c| c.id()));
    assert_eq!(found, Some(second.id));
}

/// C22
#[test]
fn what_an_operation_takes_is_what_it_says_and_not_what_its_version_says() {
    let mut world = World::new();
    world.publication.operations[0].security = Some(vec![Scheme::Basic]);
    assert_eq!(
        world
            .call(|accepts| {
                assert!(accepts.basic && accepts.key_places.is_empty());
                Presented::Nothing
            })
            .refusal
            .map(|r| r.kind),
        Some(ProblemKind::CredentialMissing)
    );
    world.publication.operations[0].security = Some(vec![]);
    // Only an identified caller can have a subscription: nothing named is any credential, not none.
    assert_eq!(world.call(|_| Presented::Nothing).refusal.map(|r| r.kind), Some(ProblemKind::CredentialMissing));
    world.publication.subscription_required = false;
    assert_eq!(world.call(|_| Presented::Nothing).refusal.map(|r| r.kind), None);
    world.publication.operations[0].security = None;
    assert_eq!(world.call(|_| Presented::Nothing).refusal.map(|r| r.kind), Some(ProblemKind::CredentialMissing));
}

/// F33
#[test]
fn a_version_that_has_ended_is_refused_before_anything_else_is_said() {
    let mut world = World::new();
    let ending = |sunset: i64| EndingRow { sunset_at: Some(NOW.plus_micros(sunset)), ..EndingRow::default() };
    world.publication.ending = Some(ending(1));
    assert_eq!(world.call(|_| Presented::ApiKey(KEY)).refusal.map(|r| r.kind), None);
    world.publication.ending = Some(ending(0));
    for path in ["/pets/v1/list", "/pets/v1/nowhere"] {
        let refusal = world.call_at("GET", "any", path, |_| Presented::Nothing).refusal.unwrap();
        assert_eq!((refusal.kind, refusal.rule), (ProblemKind::Retired, Rule::Route), "{path}");
    }
    let refusal = world.call_at("POST", "any", "/pets/v1/list", |_| Presented::ApiKey(KEY)).refusal.unwrap();
    assert_eq!(refusal.kind, ProblemKind::Retired);
}

//! What the fence of a profile lets through, and what it does not.

use super::*;
use crate::profile::{ImplementationRule, Place, RequestmodRule, SecurityRule, SubscriptionRule};
use base::Timestamp;

/// A profile that leaves nothing to designers, or everything.
fn profile(open: bool) -> Profile {
    Profile {
        id: id::ProfileId::from_bits(1),
        version: 1,
        name: "P".to_owned(),
        description: String::new(),
        roles: if open { Vec::new() } else { vec!["designer".to_owned(), "reviewer".to_owned()] },
        subscription: SubscriptionRule { allow_override: open, required: true },
        subscription_plans: if open { Vec::new() } else { vec![id::PlanId::from_bits(1)] },
        requestmod: RequestmodRule { specify_defaults: true, allow_override: open, ..Default::default() },
        security: SecurityRule {
            specify_defaults: true,
            allow_override: open,
            allow_override_per_operation: open,
            ..Default::default()
        },
        implementation: ImplementationRule {
            limit_methods: !open,
            allow_override_per_operation: open,
            ..Default::default()
        },
        publish_allow: open,
        environments: if open { Vec::new() } else { vec![place(1)] },
        destinations: if open { Vec::new() } else { vec!["inside".to_owned()] },
        created_at: Timestamp::from_seconds(0),
    }
}

fn place(bits: u128) -> Place {
    Place { id: id::EnvironmentId::from_bits(bits), slug: format!("e{bits}") }
}

fn nobody() -> Roles {
    Roles::default()
}

/// Everything that somebody could want to do, with the limit that it meets where everything is fenced.
fn acts() -> Vec<(Act<'static>, Limit)> {
    let plan: &'static _ = Box::leak(Box::new(id::PlanId::from_bits(2)));
    let environment: &'static _ = Box::leak(Box::new(id::EnvironmentId::from_bits(2)));
    let mut all = vec![
        (Act::Choose, Limit::Role),
        (Act::SetSubscription, Limit::Subscription),
        (Act::Offer(plan, "Gold"), Limit::Plan),
        (Act::SetRequestModification, Limit::RequestModification),
        (Act::SetSecurity, Limit::Security),
        (Act::SetOperationSecurity, Limit::SecurityOperation),
        (Act::DescribeOperationSecurity, Limit::SecurityOperation),
        (Act::Publish, Limit::Publish),
        (Act::PublishTo(environment, "e2"), Limit::Publish),
        (Act::Forward("outside"), Limit::Destination),
    ];
    for kind in Implementation::ALL {
        all.push((Act::Implement(*kind), Limit::Implementation));
        all.push((Act::ImplementOperation(*kind), Limit::ImplementationOperation));
    }
    all
}

/// C12 C17 C19 C24 C28
#[test]
fn an_open_profile_leaves_everything_to_designers_but_itself() {
    for (act, _) in acts() {
        assert_eq!(judge(&profile(true), &nobody(), &act), Verdict::Allowed, "{act:?}");
    }
    assert_eq!(judge(&profile(true), &nobody(), &Act::Leave), Verdict::Fenced(Limit::Leave));
}

/// C10 C21 C23 C26 C29
#[test]
fn a_closed_profile_leaves_nothing_and_says_which_limit_it_is() {
    for (act, limit) in acts() {
        assert_eq!(judge(&profile(false), &nobody(), &act), Verdict::Fenced(limit), "{act:?}");
    }
}

/// C80
#[test]
fn each_limit_is_lifted_by_its_privileges_and_by_no_other() {
    let closed = profile(false);
    let mut all = acts();
    all.push((Act::Leave, Limit::Leave));
    for (act, limit) in all {
        for held in Privilege::ALL {
            let lifts = lifted_by(limit, &act).contains(held);
            let expected = if lifts { Verdict::Overridden(*held) } else { Verdict::Fenced(limit) };
            for under in [None, Some(closed.id.clone())] {
                assert_eq!(judge(&closed, &nobody().with(held.as_str(), under), &act), expected, "{act:?} {held:?}");
            }
            let elsewhere = nobody().with(held.as_str(), Some(id::ProfileId::from_bits(9)));
            assert_eq!(judge(&closed, &elsewhere, &act), Verdict::Fenced(limit), "{act:?} {held:?} elsewhere");
        }
    }
    for limit in Limit::ALL {
        assert_eq!(limit.lifted_by().last(), Some(&Privilege::All), "{limit:?}");
    }
}

/// C80
#[test]
fn every_privilege_lifts_something() {
    for held in Privilege::ALL {
        let roles = nobody().with(held.as_str(), None);
        let lifts = |(act, _): &(Act<'_>, Limit)| judge(&profile(false), &roles, act) == Verdict::Overridden(*held);
        assert!(acts().iter().any(lifts), "{held:?}");
    }
}

/// C10 C11 C12
#[test]
fn one_of_the_roles_of_a_profile_is_enough_to_choose_it_and_lifts_nothing_else() {
    let closed = profile(false);
    for role in &closed.roles {
        let roles = nobody().with(role, None);
        assert_eq!(judge(&closed, &roles, &Act::Choose), Verdict::Allowed);
        assert_eq!(judge(&closed, &roles, &Act::Publish), Verdict::Fenced(Limit::Publish));
    }
    assert_eq!(judge(&closed, &nobody().with("visitor", None), &Act::Choose), Verdict::Fenced(Limit::Role));
}

/// C21 C22
#[test]
fn security_of_a_version_and_of_its_operations_are_switches_of_their_own() {
    for (version, operation) in [(false, true), (true, false), (true, true), (false, false)] {
        let mut it = profile(false);
        it.security.allow_override = version;
        it.security.allow_override_per_operation = operation;
        assert_eq!(judge(&it, &nobody(), &Act::SetSecurity) == Verdict::Allowed, version);
        assert_eq!(judge(&it, &nobody(), &Act::SetOperationSecurity) == Verdict::Allowed, operation);
        assert_eq!(judge(&it, &nobody(), &Act::DescribeOperationSecurity) == Verdict::Allowed, operation);
        it.security.specify_defaults = false;
        assert_eq!(judge(&it, &nobody(), &Act::DescribeOperationSecurity), Verdict::Allowed);
    }
}

/// C23 C24 C25
#[test]
fn each_kind_of_implementation_has_its_switch_which_counts_only_where_kinds_are_limited() {
    let kinds = [Implementation::Pipeline, Implementation::Script, Implementation::Proxy];
    for bits in 0..8_u8 {
        for (limited, per_operation) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut it = profile(false);
            it.implementation = ImplementationRule {
                limit_methods: limited,
                method_pipeline: bits & 1 != 0,
                method_script: bits & 2 != 0,
                method_proxy: bits & 4 != 0,
                allow_override_per_operation: per_operation,
            };
            for (n, kind) in kinds.into_iter().enumerate() {
                let on = !limited || bits & (1 << n) != 0;
                assert_eq!(judge(&it, &nobody(), &Act::Implement(kind)) == Verdict::Allowed, on);
                let expected = match (per_operation, on) {
                    (false, _) => Verdict::Fenced(Limit::ImplementationOperation),
                    (true, false) => Verdict::Fenced(Limit::Implementation),
                    (true, true) => Verdict::Allowed,
                };
                assert_eq!(judge(&it, &nobody(), &Act::ImplementOperation(kind)), expected);
            }
        }
    }
}

/// C16 C27 C28 C29 C30
#[test]
fn a_list_that_names_nothing_is_no_restriction_and_any_other_is_one() {
    let (one, two) = (place(1), place(2));
    let (first, second) = (id::PlanId::from_bits(1), id::PlanId::from_bits(2));
    let mut it = profile(false);
    it.publish_allow = true;
    let allowed = |it: &Profile, act: Act<'_>| judge(it, &nobody(), &act) == Verdict::Allowed;
    assert!(allowed(&it, Act::PublishTo(&one.id, "e1")) && !allowed(&it, Act::PublishTo(&two.id, "e2")));
    assert!(allowed(&it, Act::Forward("inside")) && !allowed(&it, Act::Forward("Inside")));
    assert!(allowed(&it, Act::Offer(&first, "")) && !allowed(&it, Act::Offer(&second, "")));
    (it.environments, it.destinations, it.subscription_plans) = (Vec::new(), Vec::new(), Vec::new());
    assert!(allowed(&it, Act::PublishTo(&two.id, "e2")) && allowed(&it, Act::Forward("anywhere")));
    assert!(allowed(&it, Act::Offer(&second, "")));
}

/// C26
#[test]
fn nobody_publishes_anywhere_where_publishing_is_off() {
    let mut it = profile(true);
    it.publish_allow = false;
    let one = place(1);
    assert_eq!(judge(&it, &nobody(), &Act::Publish), Verdict::Fenced(Limit::Publish));
    assert_eq!(judge(&it, &nobody(), &Act::PublishTo(&one.id, "e1")), Verdict::Fenced(Limit::Publish));
}

//! Changes under load, through real sockets: no call is answered under terms that never held, and after a change has
//! been applied not one call passes that it forbids (design: doubt 2).

use crate::client::Answer;
use crate::rig::{Rig, plan_id};
use snapshot::{PlanRow, Sink, SubscriptionState, Update};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

const CALLERS: usize = 3;
const ROUNDS: u64 = 300;

/// Calls without pause on several connections while `change` runs. Every answer goes to `judge`, with the number of
/// the change that held from its begin to its end, if one did.
fn under_load(rig: &Rig, change: impl Fn(u64), judge: impl Fn(&Answer, Option<u64>) + Sync) {
    let (begun, applied) = (AtomicU64::new(0), AtomicU64::new(0));
    let (done, calls) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                let mut connection = rig.connect();
                while !done.load(Ordering::SeqCst) {
                    let before = applied.load(Ordering::SeqCst);
                    let answer = connection.send("GET", "/echo/v1/x", &[("X-API-Key", rig.key.reveal())], "");
                    let after = begun.load(Ordering::SeqCst);
                    judge(&answer, (before == after).then_some(before));
                    calls.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        // When a caller fails, the others stop as well.
        let stop = scopeguard(|| done.store(true, Ordering::SeqCst));
        for n in 1..=ROUNDS {
            begun.store(n, Ordering::SeqCst);
            change(n);
            applied.store(n, Ordering::SeqCst);
            // Let calls come between two changes.
            let seen = calls.load(Ordering::SeqCst);
            while calls.load(Ordering::SeqCst) < seen + 6 {
                thread::yield_now();
            }
        }
        drop(stop);
    });
}

/// Runs a closure when it is dropped.
fn scopeguard(end: impl Fn()) -> impl Drop {
    struct Guard<F: Fn()>(F);
    impl<F: Fn()> Drop for Guard<F> {
        fn drop(&mut self) {
            (self.0)();
        }
    }
    Guard(end)
}

/// A33 X02: odd changes suspend, even ones resume. While one holds, every call gets its answer and no other.
#[test]
fn a_suspension_holds_for_every_call_that_begins_after_it() {
    let rig = Rig::start();
    let certain = AtomicU64::new(0);
    under_load(
        &rig,
        |n| {
            let state = if n % 2 == 1 { SubscriptionState::Suspended } else { SubscriptionState::Active };
            rig.apply(rig.subscription(1, state));
        },
        |answer, held| {
            assert!(matches!(answer.status, 200 | 403), "{answer:?}");
            if let Some(n) = held {
                assert_eq!(answer.status, if n % 2 == 1 { 403 } else { 200 });
                certain.fetch_add(1, Ordering::SeqCst);
            }
        },
    );
    assert!(certain.into_inner() > ROUNDS, "most calls fall between two changes");
}

/// X02: subscription, credential and client in turn are taken away and put back.
#[test]
fn after_a_change_was_applied_not_one_call_passes() {
    let rig = Rig::start();
    under_load(
        &rig,
        |n| match n % 6 {
            1 => rig.apply(rig.subscription(1, SubscriptionState::Suspended)),
            3 => rig.apply(rig.credential(|row| row.active = false)),
            5 => rig.apply(rig.client(|row| row.enabled = false)),
            _ => {
                let all = [rig.subscription(1, SubscriptionState::Active), rig.credential(|_| ()), rig.client(|_| ())];
                rig.handle.apply(all.to_vec(), 2);
            }
        },
        |answer, held| {
            let expected = held.map(|n| [200, 403, 200, 401, 200, 403][(n % 6) as usize]);
            assert!(expected.is_none_or(|status| answer.status == status), "{held:?}: {answer:?}");
        },
    );
}

/// X02: the key is off whenever the subscription is active, and on only while it is suspended: no call may pass.
#[test]
fn links_that_never_held_together_let_no_call_through() {
    let rig = Rig::start();
    rig.apply(rig.subscription(1, SubscriptionState::Suspended));
    under_load(
        &rig,
        |_| {
            for _ in 0..20 {
                rig.apply(rig.credential(|row| row.active = false));
                rig.apply(rig.subscription(1, SubscriptionState::Active));
                rig.apply(rig.subscription(1, SubscriptionState::Suspended));
                rig.apply(rig.credential(|_| ()));
            }
        },
        |answer, _| assert!(matches!(answer.status, 401 | 403), "{answer:?}"),
    );
    assert_eq!(rig.echo.requests(), 0);
}

/// X02: a new plan, the subscription that moves to it and the end of the old plan arrive as one change; and a key is
/// rotated in the same change. Every call passes.
#[test]
fn replanning_and_rotating_under_load_refuse_no_call() {
    let rig = Rig::start();
    under_load(
        &rig,
        |n| {
            let (old, new) = (u128::from(n), u128::from(n) + 1);
            let plan =
                PlanRow { id: plan_id(new), name: format!("plan {n}"), limit_group: Some(crate::rig::group_id(1)) };
            rig.handle.apply(
                vec![
                    Update::Plan(plan_id(old), None),
                    Update::Plan(plan_id(new), Some(plan)),
                    rig.subscription_of(1, 1, SubscriptionState::Active, new),
                    Update::Credential(base::id::CredentialId::from_bits(1), None),
                    rig.credential(|row| row.id = base::id::CredentialId::from_bits(1)),
                ],
                i64::try_from(n).unwrap(),
            );
        },
        |answer, _| assert_eq!(answer.status, 200, "{answer:?}"),
    );
}

//! Reads while the writer changes rows: nothing is ever decided under terms that never held (design: doubt 2).

mod world;

use base::{ProblemKind, id};
use snapshot::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use world::*;

const ROUNDS: usize = 20_000;

fn credential(world: &World, active: bool) -> Update {
    Update::Credential(world.credential.id.clone(), Some(CredentialRow { active, ..world.credential.clone() }))
}

fn subscription(state: SubscriptionState, plan: u128) -> Update {
    let row = SubscriptionRow {
        id: id::SubscriptionId::from_bits(1),
        app: id::AppId::from_bits(1),
        api: id::ApiId::from_bits(1),
        environment: environment_id(1),
        plan: plan_id(plan),
        state,
        ends_at: None,
    };
    Update::Subscription(row.key(), Some(row))
}

/// Runs `look` on two threads while `change` runs on this one, and adds up what the readers counted.
fn race(known: &Known, look: impl Fn(&Known, &mut Reader) -> u64 + Sync, change: impl Fn(usize)) -> u64 {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let (mut reader, mut bad) = (known.reader(), 0);
                    while !done.load(Ordering::Acquire) {
                        bad += look(known, &mut reader);
                    }
                    bad
                })
            })
            .collect();
        for round in 0..ROUNDS {
            change(round);
        }
        done.store(true, Ordering::Release);
        readers.into_iter().map(|r| r.join().expect("a reader does not panic")).sum()
    })
}

/// X02: either the key is off or the subscription is suspended, at every instant; so no call may ever pass.
#[test]
fn links_that_never_held_together_never_let_a_call_through() {
    let world = World::new();
    let known = Known::default();
    known.apply(world.rows());
    known.apply(vec![subscription(SubscriptionState::Suspended, 1)]);
    let passed = race(
        &known,
        |known, reader| {
            let look =
                |terms: &Held, tables: &Tables| decide(terms, tables, NOW, world.ask(), |_| Presented::ApiKey(KEY));
            u64::from(known.read(reader, look).refusal.is_none())
        },
        |_| {
            known.apply(vec![credential(&world, false)]);
            known.apply(vec![subscription(SubscriptionState::Active, 1)]);
            known.apply(vec![subscription(SubscriptionState::Suspended, 1)]);
            known.apply(vec![credential(&world, true)]);
        },
    );
    assert_eq!(passed, 0);
}

/// X02: a new plan and the subscription that moves to it arrive in one batch; the old plan goes in it.
#[test]
fn a_new_plan_and_its_subscriptions_are_seen_together() {
    let world = World::new();
    let known = Known::default();
    known.apply(world.rows());
    let plan = |n: u128| PlanRow { id: plan_id(n), name: n.to_string(), limit_group: None };
    let wrong = race(
        &known,
        |known, reader| {
            let look =
                |terms: &Held, tables: &Tables| decide(terms, tables, NOW, world.ask(), |_| Presented::ApiKey(KEY));
            u64::from(known.read(reader, look).refusal.is_some())
        },
        |round| {
            let (old, new) = (1 + round as u128, 2 + round as u128);
            known.apply(vec![
                Update::Plan(plan_id(new), Some(plan(new))),
                subscription(SubscriptionState::Active, new),
                Update::Plan(plan_id(old), None),
            ]);
        },
    );
    assert_eq!(wrong, 0);
}

/// X02: a reload swaps everything at once.
#[test]
fn a_reload_is_seen_whole_or_not_at_all() {
    let world = World::new();
    let known = Known::default();
    known.apply(world.rows());
    let mut other = World::new();
    other.credential.active = false;
    let wrong = race(
        &known,
        |known, reader| {
            let look =
                |terms: &Held, tables: &Tables| decide(terms, tables, NOW, world.ask(), |_| Presented::ApiKey(KEY));
            let kind = known.read(reader, look).refusal.map(|r| r.kind);
            u64::from(!matches!(kind, None | Some(ProblemKind::CredentialDisabled)))
        },
        |round| {
            if round % 20 == 0 {
                known.reload(if round % 40 == 0 { other.rows() } else { world.rows() });
            }
        },
    );
    assert_eq!(wrong, 0);
}

/// X02
#[test]
fn what_apply_took_away_is_gone_for_every_read_that_begins_after_it() {
    let world = World::new();
    let known = Known::default();
    known.apply(world.rows());
    let mut reader = known.reader();
    for round in 0..ROUNDS {
        let active = round % 2 == 0;
        known.apply(vec![credential(&world, active)]);
        let look = |terms: &Held, tables: &Tables| decide(terms, tables, NOW, world.ask(), |_| Presented::ApiKey(KEY));
        assert_eq!(known.read(&mut reader, look).refusal.is_none(), active);
    }
}

//! Boards, dashboards and the audit trail: pages of the log.

use crate::{app, change, scratch, user};
use base::{Actor, Change, Kind, Ref, Timestamp};
use store::Db;
use store::log::{self, Entry, Filter};

/// Entry n (1 to 40) edits app n%4 and touches user n%3; every fifth is a plan's, by the system.
async fn filled() -> (crate::TestDatabase, Db) {
    let (place, db) = scratch().await;
    let all: Vec<Change> = (1..=40_i64)
        .map(|n| {
            let mut change = Change {
                at: Timestamp::from_seconds(n),
                touches: vec![user(&format!("u{}", n % 3))],
                ..change(&format!("a{}", n % 4))
            };
            if n % 5 == 0 {
                change.subject = Ref { kind: Kind::Plan, id: "p".into() };
                change.verb = "plan.edited";
                change.actor = Actor::System;
            }
            change
        })
        .collect();
    db.write().await.unwrap().commit(all).await.unwrap();
    (place, db)
}

async fn page(db: &Db, filter: Filter) -> Vec<Entry> {
    log::page(&mut db.read().await.unwrap(), &filter).await.unwrap()
}

async fn numbers(db: &Db, filter: Filter) -> Vec<i64> {
    page(db, filter).await.into_iter().map(|entry| entry.seq).collect()
}

fn expected(keep: impl Fn(i64) -> bool) -> Vec<i64> {
    (1..=40).rev().filter(|n| keep(*n)).collect()
}

#[tokio::test]
async fn a_board_shows_what_touches_its_resource_newest_first() {
    let (_place, db) = filled().await;
    let a1 = || Filter { touches: vec![app("a1")], ..Filter::default() };
    assert_eq!(numbers(&db, a1()).await, expected(|n| n % 4 == 1 && n % 5 != 0));
    let u2 = Filter { touches: vec![user("u2")], ..Filter::default() };
    let entries = page(&db, u2).await;
    assert_eq!(entries.iter().map(|e| e.seq).collect::<Vec<_>>(), expected(|n| n % 3 == 2));
    assert!(entries.iter().all(|entry| entry.touches.contains(&user("u2")) && entry.touches.len() == 2));
    assert!(numbers(&db, Filter { touches: vec![app("none")], ..Filter::default() }).await.is_empty());
}

#[tokio::test]
async fn conditions_hold_together() {
    let (_place, db) = filled().await;
    let all = || Filter::default();
    let u1 = || vec![user("u1")];
    assert_eq!(numbers(&db, all()).await, expected(|_| true));
    assert_eq!(
        numbers(&db, Filter { verbs: Some(vec!["plan.edited".into()]), ..all() }).await,
        expected(|n| n % 5 == 0)
    );
    let both = Some(vec!["plan.edited".into(), "app.edited".into()]);
    assert_eq!(numbers(&db, Filter { verbs: both, ..all() }).await, expected(|_| true));
    assert_eq!(numbers(&db, Filter { verbs: Some(vec![]), ..all() }).await, expected(|_| false));
    assert_eq!(numbers(&db, Filter { kinds: Some(vec![]), touches: u1(), ..all() }).await, expected(|_| false));
    assert_eq!(numbers(&db, Filter { kinds: Some(vec![Kind::Plan]), ..all() }).await, expected(|n| n % 5 == 0));
    assert_eq!(numbers(&db, Filter { actor: Some(Actor::System), ..all() }).await, expected(|n| n % 5 == 0));
    let since = Some(Timestamp::from_seconds(30));
    assert_eq!(numbers(&db, Filter { since, ..all() }).await, expected(|n| n >= 30));
    let many = Filter {
        touches: vec![user("u1"), app("a1")],
        kinds: Some(vec![Kind::App, Kind::Plan]),
        verbs: Some(vec!["app.edited".into(), "nothing".into()]),
        actor: Some(Actor::User("u".into())),
        since,
        before: Some(38),
        limit: 3,
        ..all()
    };
    let wanted = |n: i64| (n % 3 == 1 || n % 4 == 1) && n % 5 != 0 && (30..38).contains(&n);
    assert_eq!(numbers(&db, many).await, expected(wanted)[..3]);
}

#[tokio::test]
async fn pages_follow_one_another_without_loss_or_repetition() {
    let (_place, db) = filled().await;
    for touches in [vec![], vec![user("u0"), app("a2"), user("u1"), user("u0")]] {
        let whole = numbers(&db, Filter { touches: touches.clone(), ..Filter::default() }).await;
        let (mut seen, mut before) = (Vec::<i64>::new(), None);
        loop {
            let next = numbers(&db, Filter { touches: touches.clone(), before, limit: 7, ..Filter::default() }).await;
            seen.extend(&next);
            before = next.last().copied();
            if next.len() < 7 {
                break;
            }
        }
        assert_eq!(seen, whole);
    }
}

/// A dashboard of somebody with very many things.
#[tokio::test]
async fn a_filter_may_name_more_resources_than_one_statement_takes() {
    let (_place, db) = filled().await;
    let mut touches: Vec<Ref> = (0..700).map(|i| app(&format!("other{i}"))).collect();
    touches.insert(3, user("u0"));
    touches.push(user("u1"));
    assert_eq!(numbers(&db, Filter { touches, ..Filter::default() }).await, expected(|n| n % 3 != 2));
}

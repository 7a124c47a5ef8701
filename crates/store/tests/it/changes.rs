//! The change log: numbers, order, chain, readers.

use crate::{app, change, ids, insert, scratch, user, whole};
use base::{Actor, Kind, Ref, Timestamp};
use std::sync::Arc;
use store::{Quiet, log, sql};

/// X06: nothing is changed without an entry.
#[tokio::test]
async fn a_write_without_a_change_is_refused_and_undone() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "t").await;
    assert!(tx.commit(vec![]).await.is_err());
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "u").await;
    drop(tx);
    // The next write begins after the one that was dropped was rolled back (SQLite), or beside it (PostgreSQL).
    db.write().await.unwrap().commit(vec![change("a")]).await.unwrap();
    assert!(ids(&db).await.is_empty());
    assert_eq!(whole(&db).await, 1);
}

#[tokio::test]
async fn an_entry_comes_back_as_it_was_given() {
    let (_place, db) = scratch().await;
    let given = base::Change {
        at: Timestamp::from_micros(1_234_567),
        actor: Actor::Client("cli_1".into()),
        verb: "subscription.approved",
        subject: Ref { kind: Kind::Subscription, id: "sub_'1".into() },
        touches: vec![user("u2"), app("a1"), user("u2"), Ref { kind: Kind::Subscription, id: "sub_'1".into() }],
        note: Some("it's \"fine\"\n\\ {NULL} ,\u{e9}".into()),
        detail: serde_json::json!({"before": null, "after": ["a\u{0}b", {"x": 1.5}]}),
        request: Some("'; DROP TABLE changes; --".into()),
    };
    let seq = db.write().await.unwrap().commit(vec![given.clone()]).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let entry = log::after(&mut tx, 0, 10).await.unwrap().remove(0);
    assert_eq!((entry.seq, entry.at, &entry.actor, entry.verb.as_str()), (seq, given.at, &given.actor, given.verb));
    assert_eq!((&entry.subject, &entry.note, &entry.request), (&given.subject, &given.note, &given.request));
    assert_eq!(entry.detail, given.detail);
    assert_eq!(entry.touches.iter().collect::<Vec<_>>(), given.all_touches());
    assert_eq!(whole(&db).await, 1);
}

/// One vector for both databases: whoever verifies a trail offline needs nothing but this.
#[tokio::test]
async fn the_chain_has_the_same_hashes_on_both_databases() {
    let (_place, db) = scratch().await;
    let first = base::Change { note: Some("ä".into()), request: Some("r".into()), ..change("app_1") };
    let second = base::Change { touches: vec![], actor: Actor::System, ..change("app_2") };
    db.write().await.unwrap().commit(vec![first.clone(), second]).await.unwrap();
    db.write().await.unwrap().commit(vec![change("app_3")]).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let hashes: Vec<String> = log::after(&mut tx, 0, 10).await.unwrap().into_iter().map(|entry| entry.hash).collect();
    assert_eq!(hashes[0], log::link(log::GENESIS, 1, &log::digest(&first)));
    assert_eq!(hashes, VECTOR);
}

/// Computed apart from this program, from the description in `log/chain.rs`.
const VECTOR: [&str; 3] = [
    "b3b820b972253207ddd424527cd76ca26aee26c86fc366ac8f169a76e302ebaf",
    "cf535d5cdf58049c2846eafa9b4b19fd2371b1f3c85688b3024dffbf02fd3dfb",
    "d8ea40a4bb8da4b430582544d3d08c78513dfef274349487a9503461f846cfee",
];

#[tokio::test]
async fn several_changes_of_one_commit_follow_one_another() {
    let (_place, db) = scratch().await;
    let many: Vec<_> = (0..150).map(|i| change(&format!("a{i}"))).collect();
    assert_eq!(db.write().await.unwrap().commit(many).await.unwrap(), 150);
    assert_eq!(*db.head().borrow(), 150);
    let mut tx = db.read().await.unwrap();
    let entries = log::after(&mut tx, 100, 20).await.unwrap();
    let found: Vec<_> = entries.iter().map(|entry| (entry.seq, entry.subject.id.clone())).collect();
    assert_eq!(found, (101..=120).map(|seq| (seq, format!("a{}", seq - 1))).collect::<Vec<_>>());
    drop(tx);
    assert_eq!(whole(&db).await, 150);
}

#[tokio::test]
async fn numbers_have_no_gaps_and_no_reader_misses_one_whatever_happens_at_once() {
    let (_place, db) = scratch().await;
    let stop = Arc::new(tokio::sync::Notify::new());
    let reader = tokio::spawn({
        let (db, stop) = (db.clone(), stop.clone());
        async move {
            let (mut seen, mut head) = (Vec::new(), db.head());
            loop {
                let last = seen.last().copied().unwrap_or(0);
                let announced = *head.borrow_and_update();
                let mut tx = db.read().await.unwrap();
                seen.extend(log::after(&mut tx, last, 1000).await.unwrap().into_iter().map(|entry| entry.seq));
                drop(tx);
                assert!(seen.last().copied().unwrap_or(0) >= announced, "what is announced can be read");
                tokio::select! {
                    changed = head.changed() => changed.unwrap(),
                    () = stop.notified() => return seen,
                }
            }
        }
    });
    let mut writers = Vec::new();
    for w in 0..8 {
        let db = db.clone();
        writers.push(tokio::spawn(async move {
            for i in 0..12 {
                let mut tx = db.write().await.unwrap();
                insert(&mut tx, &format!("w{w}-{i}")).await;
                match i % 4 {
                    0 => drop(tx),
                    1 => tx.commit_quiet(Quiet::ExpiredSwept).await.unwrap(),
                    2 => drop(tx.commit(vec![change("one")]).await.unwrap()),
                    _ => drop(tx.commit(vec![change("two"), change("three")]).await.unwrap()),
                }
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(whole(&db).await, 8 * 9);
    assert_eq!(*db.head().borrow(), 8 * 9);
    assert_eq!(ids(&db).await.len(), 8 * 9);
    stop.notify_one();
    let seen = reader.await.unwrap();
    assert_eq!(seen, (1..=seen.len() as i64).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_head_is_known_when_a_database_is_opened_again() {
    let (place, db) = scratch().await;
    db.write().await.unwrap().commit(vec![change("a"), change("b")]).await.unwrap();
    db.close().await;
    let db = place.open().await;
    assert_eq!(*db.head().borrow(), 2);
    assert_eq!(log::head(&mut db.read().await.unwrap()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_reader_finds_its_place_again() {
    let (place, db) = scratch().await;
    assert_eq!(log::cursor(&mut db.read().await.unwrap(), "notices").await.unwrap(), 0);
    for seq in [5, 9] {
        let mut tx = db.write().await.unwrap();
        log::move_cursor(&mut tx, "notices", seq).await.unwrap();
        tx.commit_quiet(Quiet::CursorMoved).await.unwrap();
    }
    db.close().await;
    let db = place.open().await;
    assert_eq!(log::cursor(&mut db.read().await.unwrap(), "notices").await.unwrap(), 9);
    assert_eq!(log::cursor(&mut db.read().await.unwrap(), "webhooks").await.unwrap(), 0);
}

#[tokio::test]
async fn whoever_alters_the_log_is_found_at_the_first_entry() {
    let alterations = [
        ("UPDATE changes SET note = 'no' WHERE seq = 3", 3),
        ("UPDATE changes SET at = at + 1 WHERE seq = 2", 2),
        ("UPDATE changes SET detail = '{}' WHERE seq = 5", 5),
        ("DELETE FROM change_touches WHERE seq = 4 AND kind = 'user'", 4),
        ("INSERT INTO change_touches (kind, id, seq) VALUES ('user', 'x', 1)", 1),
        ("INSERT INTO change_touches (kind, id, seq) VALUES ('user', 'x', 6)", 6),
        ("UPDATE change_touches SET verb = 'x' WHERE seq = 4", 4),
        ("DELETE FROM changes WHERE seq = 2", 2),
        ("DELETE FROM changes WHERE seq = 5", 5),
        ("UPDATE change_head SET seq = 4", 5),
        ("UPDATE change_head SET hash = 'x'", 5),
    ];
    let (_place, db) = scratch().await;
    db.write().await.unwrap().commit((0..5).map(|i| change(&format!("a{i}"))).collect()).await.unwrap();
    assert_eq!(whole(&db).await, 5);
    for (text, first) in alterations {
        let (_place, db) = scratch().await;
        db.write().await.unwrap().commit((0..5).map(|i| change(&format!("a{i}"))).collect()).await.unwrap();
        let mut tx = db.write().await.unwrap();
        assert!(sql(text).run(&mut tx).await.unwrap() > 0, "{text}");
        tx.commit_quiet(Quiet::ExpiredSwept).await.unwrap();
        let found = log::verify(&db).await.unwrap().broken.map(|broken| broken.seq);
        assert_eq!(found, Some(first), "{text}");
    }
}

#[tokio::test]
async fn a_change_with_a_nul_is_refused_and_leaves_no_number_behind() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "t").await;
    let wrong = base::Change { note: Some("a\0b".into()), ..change("a") };
    assert!(tx.commit(vec![change("b"), wrong]).await.is_err());
    assert_eq!(db.write().await.unwrap().commit(vec![change("c")]).await.unwrap(), 1);
    assert_eq!(whole(&db).await, 1);
}

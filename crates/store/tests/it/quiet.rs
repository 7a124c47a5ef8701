//! The named exceptions and the writer that batches them.

use crate::{ids, scratch, whole};
use store::{Query, Quiet, StoreError, sql};

/// The whole list. A new one is a decision: it is a write that nobody is told of.
#[test]
fn the_exceptions_are_these() {
    let names: Vec<String> = Quiet::ALL.iter().map(|why| format!("{why:?}")).collect();
    assert_eq!(
        names,
        [
            "TokenIssued",
            "UsageCounted",
            "DecisionsKept",
            "SessionTouched",
            "CredentialUsed",
            "AttemptCounted",
            "AnswerKept",
            "CursorMoved",
            "NoticeWritten",
            "DeliveryTried",
            "NoticeRead",
            "ExpiredSwept",
        ]
    );
}

fn put(id: String) -> Query {
    sql("INSERT INTO things (id) VALUES ($1)").bind(id)
}

async fn all_at_once(db: &store::Db, entries: Vec<Vec<Query>>) -> Vec<Result<(), StoreError>> {
    let tasks: Vec<_> = entries
        .into_iter()
        .map(|statements| {
            let db = db.clone();
            tokio::spawn(async move { db.quiet_batch(Quiet::TokenIssued, statements).await })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

#[tokio::test]
async fn what_was_answered_is_there_and_the_log_is_not_touched() {
    let (_place, db) = scratch().await;
    let results = all_at_once(&db, (0..300).map(|i| vec![put(format!("t{i:03}"))]).collect()).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(ids(&db).await.len(), 300);
    assert_eq!(whole(&db).await, 0);
}

#[tokio::test]
async fn one_bad_entry_fails_alone_and_wholly() {
    let (_place, db) = scratch().await;
    let entries = (0..100).map(|i| match i % 10 {
        // The second statement fails, so the first must not be there either.
        3 => vec![put(format!("half{i}")), put(format!("t{}", i - 1))],
        4 => vec![sql("INSERT INTO parts (thing, part) VALUES ($1, 'p')").bind("nothing")],
        5 => vec![put("nul\0".into())],
        _ => vec![put(format!("t{i}")), sql("UPDATE things SET size = 1 WHERE id = $1").bind(format!("t{i}"))],
    });
    let results = all_at_once(&db, entries.collect()).await;
    for (i, result) in results.iter().enumerate() {
        match (i % 10, result) {
            (3, Err(error)) => assert_eq!(error.unique(), Some("things_pkey")),
            (4, Err(error)) => assert!(error.foreign_key()),
            (5, Err(_)) => {}
            (_, result) => assert!(result.is_ok(), "{i}: {result:?}"),
        }
    }
    let found = ids(&db).await;
    assert_eq!(found.len(), 70);
    assert!(found.iter().all(|id| id.starts_with('t')));
}

#[tokio::test]
async fn an_entry_is_written_although_its_sender_has_gone() {
    let (_place, db) = scratch().await;
    let mut send = Box::pin(db.quiet_batch(Quiet::UsageCounted, vec![put("t".into())]));
    tokio::select! {
        biased;
        _ = &mut send => panic!("it takes more than one poll"),
        () = std::future::ready(()) => {}
    }
    drop(send);
    // Entries are written in the order in which they came.
    db.quiet_batch(Quiet::UsageCounted, vec![put("u".into())]).await.unwrap();
    assert_eq!(ids(&db).await, ["t", "u"]);
}

#[tokio::test]
async fn closing_waits_for_what_was_handed_over_and_refuses_what_comes_later() {
    let (place, db) = scratch().await;
    let other = db.clone();
    let writes: Vec<_> = (0..100)
        .map(|i| {
            let db = db.clone();
            tokio::spawn(async move { db.quiet_batch(Quiet::TokenIssued, vec![put(format!("t{i}"))]).await.is_ok() })
        })
        .collect();
    tokio::task::yield_now().await;
    db.close().await;
    assert!(other.quiet_batch(Quiet::TokenIssued, vec![put("late".into())]).await.is_err_and(|error| error.lost()));
    assert!(other.write().await.is_err());
    let mut written = 0;
    for write in writes {
        written += usize::from(write.await.unwrap());
    }
    let db = place.open().await;
    assert_eq!(ids(&db).await.len(), written);
}

#[tokio::test]
async fn an_entry_without_statements_is_answered_too() {
    let (_place, db) = scratch().await;
    db.quiet_batch(Quiet::UsageCounted, vec![]).await.unwrap();
}

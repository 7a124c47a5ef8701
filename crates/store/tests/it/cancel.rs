//! Whoever goes away in the middle leaves nothing half done.

use crate::{change, ids, insert, scratch, whole};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use store::{Db, Quiet, sql};

/// Polls a future `times` times and drops it; whether it came to its end.
async fn poll_and_drop<F: Future>(work: F, times: usize) -> bool {
    let mut work = pin!(work);
    let mut left = times;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        match work.as_mut().poll(cx) {
            Poll::Ready(_) => Poll::Ready(true),
            // Whatever it waits for may be there by the next poll, or not: every interleaving must hold.
            Poll::Pending => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    })
    .await
}

async fn one_write(db: &Db, id: &str) {
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, id).await;
    sql("SELECT COUNT(*) AS n FROM things").one(&mut tx).await.unwrap();
    tx.commit(vec![change(id)]).await.unwrap();
}

/// Every row has its entry and every entry its row, the chain is whole, and the pool still works.
async fn consistent(db: &Db) {
    // More writes than there are connections: none may be stuck or left inside a transaction.
    for i in 0..30 {
        one_write(db, &format!("after{i}")).await;
    }
    let head = whole(db).await;
    assert_eq!(*db.head().borrow(), head, "all that was begun has been committed by now, and announced");
    assert_eq!(ids(db).await.len() as i64, head);
}

#[tokio::test]
async fn a_write_that_is_cancelled_at_any_point_is_done_wholly_or_not_at_all() {
    let (_place, db) = scratch().await;
    let (mut cut, mut ended) = (0, 0);
    let mut times = 1;
    while ended < 5 && times < 100_000 {
        if poll_and_drop(one_write(&db, &format!("t{times}")), times).await {
            ended += 1;
        } else {
            cut += 1;
        }
        times += 1 + times / 25;
    }
    assert!(cut > 10, "{cut} writes were cut short");
    consistent(&db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_are_aborted_leave_the_log_whole() {
    let (_place, db) = scratch().await;
    for round in 0..60 {
        let tasks: Vec<_> = (0..4)
            .map(|i| {
                let db = db.clone();
                tokio::spawn(async move { one_write(&db, &format!("r{round}-{i}")).await })
            })
            .collect();
        for _ in 0..round {
            tokio::task::yield_now().await;
        }
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
        for task in tasks {
            let _aborted = task.await;
        }
    }
    consistent(&db).await;
}

#[tokio::test]
async fn a_commit_that_has_begun_is_finished_although_nobody_waits_for_it() {
    let (_place, db) = scratch().await;
    let mut head = db.head();
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "t").await;
    let mut commit = Box::pin(tx.commit(vec![change("t")]));
    tokio::select! {
        biased;
        _ = &mut commit => panic!("a commit takes more than one poll"),
        () = std::future::ready(()) => {}
    }
    drop(commit);
    head.wait_for(|seq| *seq == 1).await.unwrap();
    assert_eq!(ids(&db).await, ["t"]);
    consistent(&db).await;
}

#[tokio::test]
async fn a_commit_that_was_never_begun_is_rolled_back() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "t").await;
    drop(tx.commit(vec![change("t")]));
    consistent(&db).await;
    assert!(!ids(&db).await.contains(&"t".to_owned()));
}

#[tokio::test]
async fn a_transaction_may_be_dropped_where_there_is_no_runtime() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "t").await;
    let read = db.read().await.unwrap();
    std::thread::spawn(move || drop((tx, read))).join().unwrap();
    consistent(&db).await;
}

#[tokio::test]
async fn after_a_failed_statement_nothing_is_committed_by_mistake() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "t").await;
    assert!(sql("INSERT INTO nowhere VALUES (1)").run(&mut tx).await.is_err());
    let quiet = tx.commit_quiet(Quiet::ExpiredSwept).await;
    // PostgreSQL has given the transaction up; SQLite has only refused the statement. Neither lies about it.
    assert_eq!(quiet.is_ok(), ids(&db).await.contains(&"t".to_owned()));
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "u").await;
    assert!(sql("INSERT INTO nowhere VALUES (1)").run(&mut tx).await.is_err());
    let loud = tx.commit(vec![change("u")]).await;
    assert_eq!(loud.is_ok(), ids(&db).await.contains(&"u".to_owned()));
    assert_eq!(whole(&db).await, i64::from(loud.is_ok()));
}

#[tokio::test]
async fn a_server_that_cuts_connections_costs_a_try_and_no_more() {
    let (_place, db) = scratch().await;
    if !db.is_postgres() {
        return;
    }
    for i in 0..3 {
        // Idle connections are found broken at BEGIN and replaced; the caller never hears of it.
        let mut all = Vec::new();
        for _ in 0..5 {
            all.push(db.write().await.unwrap());
        }
        let mut killer = all.pop().unwrap();
        drop(all);
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid()")
        .all(&mut killer)
        .await
        .unwrap();
        drop(killer);
        one_write(&db, &format!("t{i}")).await;
    }
    // A transaction that was open when it happened is gone, and says so as 503.
    let mut victim = db.write().await.unwrap();
    insert(&mut victim, "lost").await;
    let pid: i64 = sql("SELECT pg_backend_pid() AS pid").one(&mut victim).await.unwrap().get("pid").unwrap();
    let mut killer = db.write().await.unwrap();
    sql("SELECT pg_terminate_backend(CAST($1 AS INT))").bind(pid).all(&mut killer).await.unwrap();
    drop(killer);
    let error = victim.commit(vec![change("lost")]).await.unwrap_err();
    assert!(error.lost(), "{error}");
    assert_eq!(base::Problem::from(error).kind, base::ProblemKind::Unavailable);
    consistent(&db).await;
}

//! Migrations on a real database. Which of them are due is tested beside the code.

use crate::database;
use store::{Db, Quiet, log, sql};

#[tokio::test]
async fn a_fresh_database_gets_every_migration_once() {
    let place = database::empty().await;
    let db = place.open().await;
    assert_eq!(*db.head().borrow(), 0);
    let ran = db.migrate().await.unwrap();
    assert!(ran.contains(&"0001_log.sql".to_owned()), "{ran:?}");
    assert!(ran.is_sorted());
    assert!(db.migrate().await.unwrap().is_empty());
    assert_eq!(db.write().await.unwrap().commit(vec![crate::change("a")]).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_start_at_once_take_turns() {
    let place = database::empty().await;
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let url = place.url();
            tokio::spawn(async move {
                let db = Db::open(&url).await?;
                let ran = db.migrate().await?.len();
                let mut tx = db.read().await?;
                log::head(&mut tx).await?;
                Ok::<_, store::StoreError>(ran)
            })
        })
        .collect();
    let mut ran = Vec::new();
    for start in starts {
        ran.push(start.await.unwrap().unwrap());
    }
    ran.sort_unstable();
    assert_eq!(ran[..3], [0, 0, 0]);
    assert!(ran[3] > 0);
}

#[tokio::test]
async fn an_altered_or_newer_database_is_refused_and_left_alone() {
    for (text, word) in [
        ("UPDATE migrations SET checksum = 'x' WHERE name = '0001_log.sql'", "altered"),
        ("INSERT INTO migrations (name, checksum) VALUES ('9999_future.sql', 'x')", "newer"),
    ] {
        let place = database::fresh().await;
        let db = place.open().await;
        let mut tx = db.write().await.unwrap();
        sql(text).run(&mut tx).await.unwrap();
        tx.commit_quiet(Quiet::ExpiredSwept).await.unwrap();
        let error = db.migrate().await.unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
        db.close().await;
    }
}

//! The schema as it is, and that both databases have the same.

use crate::{database, scratch};
use store::{Db, DbUrl, catalogue, schema};

/// Compares what PostgreSQL has with what SQLite has; on SQLite, a database with its own copy.
#[tokio::test]
async fn both_databases_have_the_same_tables_columns_indexes_and_keys() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Db::open(&DbUrl::Sqlite(folder.path().join("wayleave.db"))).await.unwrap();
    sqlite.migrate().await.unwrap();
    let place = database::fresh().await;
    let other = place.open().await;
    let (left, right) = (catalogue(&sqlite).await.unwrap(), catalogue(&other).await.unwrap());
    assert!(!left.is_empty());
    let only = |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>();
    assert_eq!((only(&left, &right), only(&right, &left)), (vec![], vec![]), "(only SQLite, only the other)");
}

#[tokio::test]
async fn the_catalogue_describes_every_kind_of_thing_alike_on_both_databases() {
    let (_place, db) = scratch().await;
    let lines = catalogue(&db).await.unwrap();
    for line in [
        "column things.id text not null",
        "column things.size whole null",
        "column things.good truth null",
        "column change_head.seq whole not null",
        "unique index things_pkey on things (id)",
        "unique index things_raw_text_key on things (raw_text)",
        "unique index things_one_good_name on things (name) partial",
        "unique index things_folded_name on things (<expression>, size)",
        "unique index parts_pkey on parts (thing, part)",
        "unique index change_touches_pkey on change_touches (kind, id, seq)",
        "index changes_by_verb on changes (verb, seq)",
        "foreign key on parts (thing) to things, restrict",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line} is not in {lines:#?}");
    }
    assert!(lines.is_sorted());
}

#[tokio::test]
async fn the_schema_is_sql_that_makes_the_same_database_again() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&DbUrl::Sqlite(folder.path().join("one.db"))).await.unwrap();
    db.migrate().await.unwrap();
    let text = schema(&db).await.unwrap();
    assert!(text.contains("CREATE TABLE changes (") && text.contains("CREATE INDEX changes_by_verb"), "{text}");
    let again = Db::open(&DbUrl::Sqlite(folder.path().join("two.db"))).await.unwrap();
    let mut tx = again.write().await.unwrap();
    for statement in text.split(";\n") {
        store::sql(statement.to_owned()).run(&mut tx).await.unwrap();
    }
    tx.commit_quiet(store::Quiet::ExpiredSwept).await.unwrap();
    assert_eq!(schema(&again).await.unwrap(), text);
    assert_eq!(catalogue(&again).await.unwrap(), catalogue(&db).await.unwrap());
}

/// A run that was meant for PostgreSQL must not pass on SQLite by accident.
#[tokio::test]
async fn tests_run_on_the_database_that_was_asked_for() {
    let (_place, db) = scratch().await;
    assert_eq!(db.is_postgres(), database::on_postgres());
}

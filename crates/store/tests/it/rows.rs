//! Statements, values, rows and errors.

use crate::{database, ids, insert, scratch};
use base::id::{AppId, PlanId};
use base::secret::Digest;
use base::{ProblemKind, Timestamp};
use store::{Column, Conn, Db, DbUrl, Param, Quiet, StoreError, sql};

async fn back<T: Param + Column>(conn: &mut Conn, text: &'static str, value: T) -> T {
    sql(text).bind(value).one(conn).await.unwrap().get("x").unwrap()
}

#[tokio::test]
async fn every_class_of_value_survives_the_database() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    const TEXT: &str = "SELECT CAST($1 AS TEXT) AS x";
    const WHOLE: &str = "SELECT CAST($1 AS BIGINT) AS x";
    let plan = PlanId::from_bits(77);
    assert_eq!(back(&mut tx, TEXT, String::from("é'\"\\$1 ; --")).await, "é'\"\\$1 ; --");
    assert_eq!(back(&mut tx, TEXT, plan.clone()).await, plan);
    assert_eq!(back(&mut tx, TEXT, Digest([9; 32])).await, Digest([9; 32]));
    assert_eq!(back(&mut tx, TEXT, None::<PlanId>).await, None);
    assert_eq!(back(&mut tx, WHOLE, i64::MIN).await, i64::MIN);
    assert_eq!(back(&mut tx, WHOLE, Timestamp::from_micros(-1)).await, Timestamp::from_micros(-1));
    assert_eq!(back(&mut tx, WHOLE, None::<i64>).await, None);
    sql("INSERT INTO things (id, good) VALUES ($1, $2)").bind("t").bind(Some(true)).run(&mut tx).await.unwrap();
    let row = sql("SELECT good, size, 7 AS literal FROM things").one(&mut tx).await.unwrap();
    assert!(row.get::<bool>("good").unwrap());
    assert_eq!(row.get::<Option<i64>>("size").unwrap(), None);
    assert_eq!(row.get::<i64>("literal").unwrap(), 7);
}

#[tokio::test]
async fn a_column_that_is_not_what_was_asked_for_is_named_and_its_value_is_not() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    sql("INSERT INTO things (id, name) VALUES ($1, $2)").bind("t").bind("hunter2").run(&mut tx).await.unwrap();
    let row = sql("SELECT name, size FROM things").one(&mut tx).await.unwrap();
    for error in [
        row.get::<AppId>("name").unwrap_err(),
        row.get::<Digest>("name").unwrap_err(),
        row.get::<i64>("name").unwrap_err(),
    ] {
        let text = format!("{error} {error:?}");
        assert!(text.contains("name") && !text.contains("hunter2"), "{text}");
    }
    assert!(row.get::<i64>("size").unwrap_err().to_string().contains("size"));
    assert!(row.get::<i64>("colour").unwrap_err().to_string().contains("colour"));
}

#[tokio::test]
async fn a_guarded_put_finds_its_row_only_at_the_version_it_knows() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "t").await;
    const PUT: &str =
        "UPDATE things SET size = $1, version = version + 1 WHERE id = $2 AND version = $3 RETURNING version";
    let row = sql(PUT).bind(5).bind("t").bind(1).find(&mut tx).await.unwrap();
    assert_eq!(row.unwrap().get::<i64>("version").unwrap(), 2);
    assert!(sql(PUT).bind(6).bind("t").bind(1).find(&mut tx).await.unwrap().is_none());
    assert_eq!(sql("DELETE FROM things WHERE id = $1").bind("t").run(&mut tx).await.unwrap(), 1);
    assert!(sql(PUT).bind(6).bind("t").bind(2).one(&mut tx).await.is_err());
}

async fn refused(db: &Db, text: &'static str) -> StoreError {
    let mut tx = db.write().await.unwrap();
    sql(text).bind("secret-value").find(&mut tx).await.unwrap_err()
}

/// The name is what `ops` matches on, so it must be the same on both databases.
#[tokio::test]
async fn a_violated_unique_index_is_named_whatever_kind_it_is() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    sql("INSERT INTO things (id, name, size, good, raw_text) VALUES ($1, $1, 1, TRUE, $1), ('other', 'o', 2, TRUE, 'o')")
        .bind("secret-value")
        .run(&mut tx)
        .await
        .unwrap();
    sql("INSERT INTO parts (thing, part) VALUES ($1, 'p')").bind("secret-value").run(&mut tx).await.unwrap();
    tx.commit_quiet(Quiet::ExpiredSwept).await.unwrap();
    for (name, text) in [
        ("things_pkey", "INSERT INTO things (id) VALUES ($1)"),
        ("things_raw_text_key", "INSERT INTO things (id, raw_text) VALUES ('x', $1)"),
        ("things_one_good_name", "INSERT INTO things (id, name, good) VALUES ('x', $1, TRUE) RETURNING id"),
        ("things_folded_name", "UPDATE things SET name = UPPER($1), size = 1 WHERE id = 'other' RETURNING id"),
        ("parts_pkey", "INSERT INTO parts (thing, part) VALUES ($1, 'p')"),
    ] {
        let error = refused(&db, text).await;
        assert_eq!(error.unique(), Some(name), "{error}");
        assert!(!error.foreign_key() && !error.busy());
        assert!(!format!("{error} {error:?}").to_lowercase().contains("secret-value"), "{error}");
        assert_eq!(base::Problem::from(error).kind, ProblemKind::Internal);
    }
}

#[tokio::test]
async fn a_violated_foreign_key_is_told_also_when_the_row_is_asked_back() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "secret-value").await;
    sql("INSERT INTO parts (thing, part) VALUES ($1, 'p')").bind("secret-value").run(&mut tx).await.unwrap();
    tx.commit_quiet(Quiet::ExpiredSwept).await.unwrap();
    for text in [
        "INSERT INTO parts (thing, part) VALUES ('nothing', $1) RETURNING part",
        "UPDATE parts SET thing = 'nothing' WHERE thing = $1 RETURNING part",
        "DELETE FROM things WHERE id = $1 RETURNING id",
    ] {
        let error = refused(&db, text).await;
        assert!(error.foreign_key() && error.unique().is_none(), "{text}: {error}");
        assert!(!format!("{error} {error:?}").contains("secret-value"), "{error}");
    }
}

#[tokio::test]
async fn no_error_repeats_a_bound_value() {
    let (_place, db) = scratch().await;
    for text in
        ["SELECT CAST($1 AS BIGINT) / 0 FROM nowhere", "INSERT INTO things (id, version) VALUES ($1, NULL)", "SELEC $1"]
    {
        let error = refused(&db, text).await;
        assert!(!format!("{error} {error:?}").contains("secret-value"), "{error}");
    }
    if db.is_postgres() {
        let error = refused(&db, "SELECT CAST($1 AS BIGINT)").await;
        assert!(!format!("{error} {error:?}").contains("secret-value"), "{error}");
    }
}

#[tokio::test]
async fn a_nul_in_a_text_is_the_callers_mistake_on_both_databases() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    let error = sql("INSERT INTO things (id) VALUES ($1)").bind("a\0b").run(&mut tx).await.unwrap_err();
    assert_eq!(base::Problem::from(error).kind, ProblemKind::Invalid);
    // The transaction is still good: nothing was sent.
    insert(&mut tx, "t").await;
    tx.commit_quiet(Quiet::ExpiredSwept).await.unwrap();
    assert_eq!(ids(&db).await, ["t"]);
}

#[tokio::test]
async fn a_read_sees_one_instant_and_cannot_write() {
    let (_place, db) = scratch().await;
    let mut read = db.read().await.unwrap();
    const COUNT: &str = "SELECT COUNT(*) AS n FROM things";
    assert_eq!(sql(COUNT).one(&mut read).await.unwrap().get::<i64>("n").unwrap(), 0);
    let mut write = db.write().await.unwrap();
    insert(&mut write, "t").await;
    write.commit(vec![crate::change("t")]).await.unwrap();
    assert_eq!(sql(COUNT).one(&mut read).await.unwrap().get::<i64>("n").unwrap(), 0);
    assert!(sql("INSERT INTO things (id) VALUES ('u')").run(&mut read).await.is_err());
    drop(read);
    assert_eq!(ids(&db).await, ["t"]);
}

#[tokio::test]
async fn text_that_people_see_sorts_by_bytes() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    for (id, name) in [("1", "b"), ("2", "B"), ("3", "a"), ("4", "_"), ("5", "ä"), ("6", "Z z"), ("7", "Z-a")] {
        sql("INSERT INTO things (id, name) VALUES ($1, $2)").bind(id).bind(name).run(&mut tx).await.unwrap();
    }
    let rows = sql("SELECT name FROM things ORDER BY name").all(&mut tx).await.unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get("name").unwrap()).collect();
    assert_eq!(names, ["B", "Z z", "Z-a", "_", "a", "b", "ä"]);
}

/// The same text with another number of values is another statement; none may meet the plan of the other.
#[tokio::test]
async fn statements_built_at_run_time_do_not_crowd_out_the_prepared_ones() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    insert(&mut tx, "t7").await;
    for n in 1..600_usize {
        let places: Vec<String> = (1..=n % 40 + 1).map(|i| format!("${i}")).collect();
        let text = format!("SELECT id FROM things WHERE id IN ({}) OR size = {n}", places.join(", "));
        let rows = sql(text).bind_all((0..=n % 40).map(|i| format!("t{i}"))).all(&mut tx).await.unwrap();
        assert_eq!(rows.len(), usize::from(n % 40 >= 7));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_sqlite_file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.db");
    let db = Db::open(&DbUrl::Sqlite(path)).await.unwrap();
    db.migrate().await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap()).collect();
    assert!(files.len() > 1, "the write-ahead log is there too");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_says_which_and_why() {
    let error = Db::open(&DbUrl::Sqlite("/nowhere/at/all.db".into())).await.err().unwrap().to_string();
    assert!(error.contains("/nowhere/at/all.db"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.db");
    std::fs::write(&path, "this is no database, however long one looks at it".repeat(100)).unwrap();
    let opened = Db::open(&DbUrl::Sqlite(path)).await;
    assert!(opened.is_err());
}

/// Another process that writes for long must not make this one fail at once, nor wait for ever.
#[tokio::test]
async fn two_programs_share_one_database() {
    let place = database::fresh().await;
    let (one, two) = (place.open().await, place.open().await);
    let writes = (0..10).map(|i| {
        let db = if i % 2 == 0 { one.clone() } else { two.clone() };
        tokio::spawn(async move { db.write().await?.commit(vec![crate::change(&format!("a{i}"))]).await })
    });
    let mut numbers = Vec::new();
    for write in writes.collect::<Vec<_>>() {
        numbers.push(write.await.unwrap().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=10).collect::<Vec<i64>>());
    assert_eq!(crate::whole(&one).await, 10);
    if one.is_postgres() {
        // Waits on the number: each hears of the other's commits without asking.
        for db in [&one, &two] {
            db.head().wait_for(|seq| *seq == 10).await.unwrap();
        }
    }
}

async fn there(conn: &mut Conn) -> Vec<String> {
    let rows = sql("SELECT id FROM things ORDER BY id").all(conn).await.unwrap();
    rows.iter().map(|row| row.get("id").unwrap()).collect()
}

#[tokio::test]
async fn what_fails_after_a_mark_is_undone_alone_and_the_transaction_goes_on() {
    let (_place, db) = scratch().await;
    let mut tx = db.write().await.unwrap();
    tx.mark().await.unwrap();
    insert(&mut tx, "kept").await;
    tx.leave_mark(true).await.unwrap();
    tx.mark().await.unwrap();
    insert(&mut tx, "undone").await;
    let again = sql("INSERT INTO things (id) VALUES ($1)").bind("kept").run(&mut tx).await;
    assert!(again.is_err(), "PostgreSQL ends a whole transaction at an error; the mark keeps this one alive");
    tx.leave_mark(false).await.unwrap();
    insert(&mut tx, "later").await;
    assert_eq!(there(&mut tx).await, ["kept", "later"]);
    drop(tx);
    let mut tx = db.write().await.unwrap();
    assert!(there(&mut tx).await.is_empty(), "marks keep nothing of a transaction that is rolled back");
}

//! The store on both databases: SQLite, or PostgreSQL when `WAYLEAVE_TEST_DATABASE` names a server.
#![expect(clippy::unwrap_used, reason = "a test that meets an error has failed")]

// The same file as in testkit; taken by path so that these tests build without the crates above.
#[path = "../../../testkit/src/database.rs"]
mod database;

mod boards;
mod cancel;
mod changes;
mod migrations;
mod quiet;
mod rows;
mod schema;

use base::{Actor, Change, Kind, Ref, Timestamp};
use database::TestDatabase;
use store::{Conn, Db, Quiet, sql};

/// A migrated database with two tables of the tests' own.
async fn scratch() -> (TestDatabase, Db) {
    let place = database::fresh().await;
    let db = place.open().await;
    let mut tx = db.write().await.unwrap();
    for text in [
        "CREATE TABLE things (id TEXT NOT NULL PRIMARY KEY, name TEXT COLLATE \"binary\", size BIGINT, \
         good BOOLEAN, raw_text TEXT UNIQUE, version BIGINT NOT NULL DEFAULT 1)",
        "CREATE UNIQUE INDEX things_one_good_name ON things (name) WHERE good",
        "CREATE UNIQUE INDEX things_folded_name ON things (lower(name), size)",
        "CREATE TABLE parts (thing TEXT NOT NULL REFERENCES things (id) ON DELETE RESTRICT, part TEXT NOT NULL, \
         PRIMARY KEY (thing, part))",
    ] {
        sql(text).run(&mut tx).await.unwrap();
    }
    tx.commit_quiet(Quiet::ExpiredSwept).await.unwrap();
    (place, db)
}

async fn insert(conn: &mut Conn, id: &str) {
    sql("INSERT INTO things (id) VALUES ($1)").bind(id).run(conn).await.unwrap();
}

async fn ids(db: &Db) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let rows = sql("SELECT id FROM things ORDER BY id").all(&mut tx).await.unwrap();
    rows.iter().map(|row| row.get("id").unwrap()).collect()
}

fn app(id: &str) -> Ref {
    Ref { kind: Kind::App, id: id.into() }
}

fn user(id: &str) -> Ref {
    Ref { kind: Kind::User, id: id.into() }
}

/// A change to an app of this id that also touches user `u`.
fn change(id: &str) -> Change {
    Change {
        at: Timestamp::from_seconds(1_000),
        actor: Actor::User("u".into()),
        verb: "app.edited",
        subject: app(id),
        touches: vec![user("u")],
        note: None,
        detail: serde_json::json!({"id": id}),
        request: None,
    }
}

/// The number of the last entry, and that the chain is whole up to there.
async fn whole(db: &Db) -> i64 {
    let found = store::log::verify(db).await.unwrap();
    assert_eq!(found.broken, None);
    assert_eq!(found.entries, found.head);
    found.head
}

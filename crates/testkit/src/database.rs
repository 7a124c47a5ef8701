//! A migrated database of its own for each test, on either engine.
//!
//! SQLite unless the environment variable `WAYLEAVE_TEST_DATABASE` names a PostgreSQL server by a URL whose user may
//! create databases (`postgres://user@host:port/postgres`). Migrations run once: for SQLite per process, for PostgreSQL
//! per server and set of migrations, in a template that all test processes share. A test gets a copy.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use std::str::FromStr as _;
use store::{Db, DbUrl};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Names the PostgreSQL server to test against.
const VARIABLE: &str = "WAYLEAVE_TEST_DATABASE";

/// Held while the template is made. Any number that nobody else uses.
const LOCK: &str = "SELECT pg_advisory_lock(5418274419733020817)";

/// A database that goes away when this is dropped.
pub struct TestDatabase {
    url: DbUrl,
    place: Place,
}

enum Place {
    Sqlite(#[expect(dead_code, reason = "removes the folder when dropped")] TempDir),
    Postgres { server: Box<PgConnectOptions>, name: String },
}

impl TestDatabase {
    /// Where it is.
    pub fn url(&self) -> DbUrl {
        self.url.clone()
    }

    /// Opens it.
    ///
    /// # Panics
    /// It cannot be opened.
    pub async fn open(&self) -> Db {
        must(Db::open(&self.url).await, "open the test's database")
    }
}

/// Whether tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    server().is_some()
}

/// A fresh, migrated database.
///
/// # Panics
/// It cannot be made; the message says why.
pub async fn fresh() -> TestDatabase {
    match server() {
        None => sqlite(Some(sqlite_template().await)),
        Some(url) => postgres(&url, &postgres_template(&url).await).await,
    }
}

/// A database in which no migration has run.
///
/// # Panics
/// It cannot be made; the message says why.
pub async fn empty() -> TestDatabase {
    match server() {
        None => sqlite(None),
        Some(url) => postgres(&url, "template0").await,
    }
}

#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
fn server() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|url| !url.is_empty())
}

fn sqlite(content: Option<&[u8]>) -> TestDatabase {
    let folder = must(tempfile::tempdir(), "make a folder for the test's database");
    let path = folder.path().join("wayleave.db");
    if let Some(content) = content {
        must(std::fs::write(&path, content), "copy the migrated database");
    }
    TestDatabase { url: DbUrl::Sqlite(path), place: Place::Sqlite(folder) }
}

/// The bytes of a migrated SQLite file.
async fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let template = sqlite(None);
            let db = template.open().await;
            must(db.migrate().await, "migrate the template");
            // Closing folds the write-ahead log into the file.
            db.close().await;
            let DbUrl::Sqlite(path) = &template.url else { return Vec::new() };
            must(std::fs::read(path), "read the migrated template")
        })
        .await
}

/// The name of a database on that server in which the migrations have run.
async fn postgres_template(url: &str) -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let name = format!("wayleave_template_{}", &store::fingerprint(true)[..16]);
            let options = must(PgConnectOptions::from_str(url), VARIABLE);
            let mut conn = must(options.connect().await, "connect to the server that WAYLEAVE_TEST_DATABASE names");
            run(&mut conn, LOCK).await;
            let found = sqlx::query("SELECT datname FROM pg_database WHERE datname = $1").bind(&name);
            if must(found.fetch_optional(&mut conn).await, "look for the template").is_none() {
                // Renamed when it is complete, so that nobody copies half a schema.
                let half = format!("{name}_half");
                run(&mut conn, &format!("DROP DATABASE IF EXISTS {half} WITH (FORCE)")).await;
                run(&mut conn, &format!("CREATE DATABASE {half} TEMPLATE template0 ENCODING 'UTF8'")).await;
                let db = must(Db::open(&address(&options, &half)).await, "open the template");
                must(db.migrate().await, "migrate the template");
                db.close().await;
                run(&mut conn, &format!("ALTER DATABASE {half} RENAME TO {name}")).await;
            }
            // Ends the session, and with it the lock.
            must(conn.close().await, "close the connection");
            name
        })
        .await
        .clone()
}

async fn postgres(url: &str, template: &str) -> TestDatabase {
    let server = must(PgConnectOptions::from_str(url), VARIABLE);
    let name = format!("wayleave_test_{:016x}", u64::from_be_bytes(base::random::bytes::<8>()));
    let mut conn = must(server.connect().await, "connect to the server that WAYLEAVE_TEST_DATABASE names");
    run(&mut conn, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    must(conn.close().await, "close the connection");
    TestDatabase { url: address(&server, &name), place: Place::Postgres { server: server.into(), name } }
}

fn address(server: &PgConnectOptions, name: &str) -> DbUrl {
    DbUrl::Postgres(server.clone().database(name).to_url_lossy().to_string())
}

async fn run(conn: &mut PgConnection, text: &str) {
    must(sqlx::raw_sql(AssertSqlSafe(text)).execute(conn).await, text);
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Postgres { server, name } = &self.place else { return };
        let (server, name) = (server.clone(), name.clone());
        // On a thread of its own: a test's runtime must not be blocked, and may be ending. Nobody waits for it; what a
        // process leaves behind when it ends goes with the throw-away server.
        std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                let Ok(mut conn) = server.connect().await else { return };
                let text = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                let _left_behind = sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut conn).await;
                let _closed = conn.close().await;
            });
        });
    }
}

#[expect(clippy::panic, reason = "a test without a database cannot go on")]
fn must<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("cannot {what}: {error}"),
    }
}

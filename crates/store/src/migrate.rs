//! Migrations: the files of `migrations/`, embedded, applied in the order of their names, each once.
//!
//! `NNNN_name.sql` runs on both databases. `NNNN_name.postgres.sql` and `NNNN_name.sqlite.sql` run on one of them, and
//! before the shared text of the same name, because that is how the names sort. All that is due runs in one
//! transaction: the schema is either as the program wants it or as it was.
//!
//! On SQLite foreign keys are not enforced while migrations run, so that a table can be rebuilt, but they are checked
//! before the commit.

use crate::db::{postgres_options, sqlite_options};
use crate::error::StoreError;
use crate::url::DbUrl;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

/// `(file name, text)`, sorted by name.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Held while migrating, so that two processes take turns. Any number that nobody else uses.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7094188425011832946)";

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)";
const APPLIED: &str = "SELECT name, checksum FROM migrations";
const RECORD: &str = "INSERT INTO migrations (name, checksum) VALUES ($1, $2)";

struct Migration {
    name: &'static str,
    text: &'static str,
    checksum: String,
}

/// The migrations of one database.
fn due_on(postgres: bool) -> Vec<Migration> {
    let other = if postgres { ".sqlite.sql" } else { ".postgres.sql" };
    FILES
        .iter()
        .filter(|(name, _)| !name.ends_with(other))
        .map(|(name, text)| Migration { name, text, checksum: sha256(text) })
        .collect()
}

/// A digest of all migrations of one database: two programs with the same one want the same schema.
pub fn fingerprint(postgres: bool) -> String {
    let all: Vec<String> = due_on(postgres).into_iter().map(|m| format!("{} {}\n", m.name, m.checksum)).collect();
    sha256(&all.concat())
}

/// SHA-256 as 64 lower-case hexadecimal digits.
pub(crate) fn sha256(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    data_encoding::HEXLOWER.encode(digest.as_ref())
}

/// Which migrations are still to run, given what the database says has run.
fn pending(known: Vec<Migration>, applied: &[(String, String)]) -> Result<Vec<Migration>, StoreError> {
    for (name, checksum) in applied {
        match known.iter().find(|m| m.name == name) {
            None => {
                return Err(StoreError::schema(format!(
                    "the database is newer than this program: it has migration {name}, which the program does not \
                     know; start a newer program"
                )));
            }
            Some(known) if known.checksum != *checksum => {
                return Err(StoreError::schema(format!(
                    "migration {name} was altered after it had run on this database; restore its text and put what \
                     is new into a further migration"
                )));
            }
            Some(_) => {}
        }
    }
    let last = applied.iter().map(|(name, _)| name.as_str()).max().unwrap_or("");
    let due: Vec<_> = known.into_iter().filter(|m| applied.iter().all(|(name, _)| name != m.name)).collect();
    if let Some(late) = due.iter().find(|m| m.name < last) {
        return Err(StoreError::schema(format!(
            "migration {} comes before {last}, which has run on this database already; give it a later number",
            late.name
        )));
    }
    Ok(due)
}

/// Applies what is due and answers with the names.
pub(crate) async fn run(url: &DbUrl) -> Result<Vec<String>, StoreError> {
    match url {
        DbUrl::Sqlite(path) => {
            let options = sqlite_options(path).foreign_keys(false).busy_timeout(std::time::Duration::from_secs(60));
            let mut conn = SqliteConnection::connect_with(&options).await?;
            let result = on_sqlite(&mut conn, due_on(false)).await;
            let _closed = conn.close().await;
            result
        }
        DbUrl::Postgres(url) => {
            let mut conn = PgConnection::connect_with(&postgres_options(url)?).await?;
            let result = on_postgres(&mut conn, due_on(true)).await;
            let _closed = conn.close().await;
            result
        }
    }
}

/// The statements are the same; only the types of the connections differ.
macro_rules! apply {
    ($tx:expr, $known:expr) => {{
        sqlx::query(TABLE).execute(&mut *$tx).await?;
        let mut applied = Vec::new();
        for row in sqlx::query(APPLIED).fetch_all(&mut *$tx).await? {
            applied.push((row.try_get::<String, _>("name")?, row.try_get::<String, _>("checksum")?));
        }
        let mut ran = Vec::new();
        for Migration { name, text, checksum } in pending($known, &applied)? {
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *$tx).await.map_err(|error| failed(name, error))?;
            sqlx::query(RECORD).bind(name).bind(checksum).execute(&mut *$tx).await?;
            ran.push(name.to_owned());
        }
        ran
    }};
}

async fn on_sqlite(conn: &mut SqliteConnection, known: Vec<Migration>) -> Result<Vec<String>, StoreError> {
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
    let ran = apply!(tx, known);
    let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut *tx).await?;
    if let Some(row) = broken.first() {
        let (table, parent): (String, String) = (row.try_get("table")?, row.try_get("parent")?);
        return Err(StoreError::schema(format!(
            "the migrations would leave rows of {table} that point to rows of {parent} that do not exist"
        )));
    }
    tx.commit().await?;
    Ok(ran)
}

async fn on_postgres(conn: &mut PgConnection, known: Vec<Migration>) -> Result<Vec<String>, StoreError> {
    let mut tx = conn.begin().await?;
    sqlx::raw_sql("SET LOCAL client_min_messages = warning").execute(&mut *tx).await?;
    sqlx::raw_sql(POSTGRES_LOCK).execute(&mut *tx).await?;
    let ran = apply!(tx, known);
    tx.commit().await?;
    Ok(ran)
}

fn failed(name: &str, error: sqlx::Error) -> StoreError {
    StoreError::schema(format!("migration {name}: {}", StoreError::from(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(names: &[&'static str]) -> Vec<Migration> {
        names.iter().map(|name| Migration { name, text: "", checksum: format!("sum of {name}") }).collect()
    }

    fn applied(names: &[&str]) -> Vec<(String, String)> {
        names.iter().map(|name| ((*name).to_owned(), format!("sum of {name}"))).collect()
    }

    #[test]
    fn only_what_has_not_run_is_due() {
        let due = pending(known(&["1_a", "2_b", "3_c"]), &applied(&["1_a"])).unwrap();
        assert_eq!(due.iter().map(|m| m.name).collect::<Vec<_>>(), ["2_b", "3_c"]);
        assert!(pending(known(&["1_a"]), &applied(&["1_a"])).unwrap().is_empty());
    }

    #[test]
    fn a_newer_database_is_refused() {
        let error = pending(known(&["1_a"]), &applied(&["1_a", "2_b"])).err().unwrap().to_string();
        assert!(error.contains("newer than this program") && error.contains("2_b"), "{error}");
    }

    #[test]
    fn an_altered_migration_is_refused() {
        let error = pending(known(&["1_a"]), &[("1_a".into(), "other".into())]).err().unwrap().to_string();
        assert!(error.contains("altered") && error.contains("1_a"), "{error}");
    }

    #[test]
    fn a_migration_cannot_slip_in_before_one_that_ran() {
        let error = pending(known(&["1_a", "2_b", "3_c"]), &applied(&["1_a", "3_c"])).err().unwrap().to_string();
        assert!(error.contains("2_b comes before 3_c"), "{error}");
    }

    #[test]
    fn each_database_gets_its_own_texts_and_the_shared_ones() {
        for (postgres, other) in [(true, ".sqlite.sql"), (false, ".postgres.sql")] {
            let names: Vec<_> = due_on(postgres).iter().map(|m| m.name).collect();
            assert!(names.contains(&"0001_log.sql") && names.iter().all(|name| !name.ends_with(other)));
        }
        assert_ne!(fingerprint(true), fingerprint(false));
    }

    /// A process that waits for the gate holds locks, so nothing may be checked at COMMIT that waits for locks.
    #[test]
    fn no_constraint_is_deferred_to_the_commit() {
        for (name, text) in FILES {
            assert!(!text.to_ascii_uppercase().contains("DEFERRABLE"), "{name}");
        }
    }
}

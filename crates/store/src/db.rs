//! Opening a database and handing out transactions.

use crate::conn::{AnyPool, Conn};
use crate::error::{Cause, StoreError};
use crate::query::{Query, sql};
use crate::quiet::{Quiet, Writer};
use crate::tx::{ReadTx, WriteTx};
use crate::url::DbUrl;
use crate::{log, migrate};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;

/// How long a transaction waits for a connection before it is refused as busy.
const ACQUIRE: Duration = Duration::from_secs(10);
/// How long SQLite waits for another process that writes.
const SQLITE_BUSY: Duration = Duration::from_secs(5);
/// Readers of a SQLite file; each has a thread.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL: for writes, and as many for reads.
const POSTGRES_CONNECTIONS: u32 = 12;
/// How many last steps may be on their way to PostgreSQL at once. The head's row lock alone keeps their order; with one
/// on its way the server would be idle for every round trip, with very many they would crowd at the lock.
const GATE: usize = 6;
/// Prepared statements kept per connection.
const STATEMENTS: usize = 512;
/// How often PostgreSQL is asked whether another process has committed.
const POLL: Duration = Duration::from_millis(250);

/// What every PostgreSQL connection is told first. The limits end statements and transactions whose client has
/// stopped talking, so that nobody holds the log's head for long. Unlimited lock waits would do the same. Compiling a
/// statement to machine code takes longer than any of ours runs.
const POSTGRES_SESSION: &str = "SET standard_conforming_strings = on; SET client_min_messages = warning; \
     SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; \
     SET jit = off";

/// A database. Cloning shares it.
#[derive(Clone)]
pub struct Db(Arc<Shared>);

/// What transactions need of their database.
pub(crate) struct Shared {
    url: DbUrl,
    pub(crate) write: AnyPool,
    read: AnyPool,
    head: watch::Sender<i64>,
    /// Who may send the log's last step; fair, first come, first served.
    pub(crate) gate: Semaphore,
    writer: Writer,
    poll: Option<AbortHandle>,
}

impl Shared {
    /// Announces that the log has reached `seq`. Never goes back.
    pub(crate) fn publish(&self, seq: i64) {
        publish(&self.head, seq);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(poll) = &self.poll {
            poll.abort();
        }
    }
}

fn publish(head: &watch::Sender<i64>, seq: i64) {
    head.send_if_modified(|last| {
        let newer = seq > *last;
        if newer {
            *last = seq;
        }
        newer
    });
}

impl Db {
    /// Opens the database: a SQLite file, made with mode 0600 if it is not there, or a PostgreSQL server.
    ///
    /// SQLite: WAL, `synchronous=FULL`, foreign keys, one connection that writes, a few that can only read.
    /// PostgreSQL: a pool for writes and one whose transactions are read-only.
    ///
    /// # Errors
    /// The file or server cannot be reached, or is no database.
    pub async fn open(url: &DbUrl) -> Result<Db, StoreError> {
        let (write, read) = match url {
            DbUrl::Sqlite(path) => sqlite(path).await?,
            DbUrl::Postgres(url) => postgres(url).await?,
        };
        let (head, _) = watch::channel(0);
        seed(&write, &head).await?;
        let poll = matches!(read, AnyPool::Postgres(_))
            .then(|| tokio::spawn(watch_others(read.clone(), head.clone())).abort_handle());
        let writer = Writer::start(write.clone());
        let gate = Semaphore::new(GATE);
        Ok(Self(Arc::new(Shared { url: url.clone(), write, read, head, gate, writer, poll })))
    }

    /// Brings the schema up to date and answers with the names of the migrations that ran.
    ///
    /// Two processes may do this at once: one waits for the other.
    ///
    /// # Errors
    /// A migration that already ran was altered, the database is newer than the program, or a statement failed; the
    /// database is then as it was before.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let ran = migrate::run(&self.0.url).await?;
        seed(&self.0.write, &self.0.head).await?;
        Ok(ran)
    }

    /// Begins a read: one consistent snapshot.
    ///
    /// # Errors
    /// No connection was to be had.
    pub async fn read(&self) -> Result<ReadTx, StoreError> {
        let begin = match self.0.read {
            AnyPool::Sqlite(_) => "BEGIN",
            AnyPool::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        Ok(ReadTx { conn: self.0.read.begin(begin).await? })
    }

    /// Begins a write. On SQLite this waits until it is the only one.
    ///
    /// # Errors
    /// No connection was to be had.
    pub async fn write(&self) -> Result<WriteTx, StoreError> {
        Ok(WriteTx { conn: begin_write(&self.0.write).await?, shared: self.0.clone() })
    }

    /// The number of the last change that was committed: at once for those of this `Db`, within a quarter of a second
    /// for those of other processes on PostgreSQL. Only a bell: the truth is [`log::head`].
    pub fn head(&self) -> watch::Receiver<i64> {
        self.0.head.subscribe()
    }

    /// Whether this is PostgreSQL; SQLite otherwise.
    pub fn is_postgres(&self) -> bool {
        matches!(self.0.write, AnyPool::Postgres(_))
    }

    /// Runs statements together, without a change, for one of the named reasons, through the one writer that puts up
    /// to 64 such entries into one transaction. Answers after its commit.
    ///
    /// If the caller goes away, the entry is written all the same.
    ///
    /// # Errors
    /// One of these statements failed, in which case none of them was done, or the commit did. Other entries of the
    /// same transaction are not affected.
    pub async fn quiet_batch(&self, why: Quiet, statements: Vec<Query>) -> Result<(), StoreError> {
        self.0.writer.write(why, statements).await
    }

    /// Waits for what is being written and closes all connections, also those of clones.
    pub async fn close(self) {
        self.0.writer.stop().await;
        if let Some(poll) = &self.0.poll {
            poll.abort();
        }
        // Readers first: SQLite tidies its write-ahead log when the last connection goes, if that one can write.
        self.0.read.close().await;
        self.0.write.close().await;
    }
}

pub(crate) async fn begin_write(pool: &AnyPool) -> Result<Conn, StoreError> {
    let begin = match pool {
        AnyPool::Sqlite(_) => "BEGIN IMMEDIATE",
        AnyPool::Postgres(_) => "BEGIN",
    };
    pool.begin(begin).await
}

/// Reads the head, if this database has a log already.
async fn seed(pool: &AnyPool, head: &watch::Sender<i64>) -> Result<(), StoreError> {
    let mut conn = pool.single().await?;
    let catalogue = if conn.is_postgres() {
        "SELECT c.relname AS name FROM pg_catalog.pg_class c WHERE c.oid = to_regclass('change_head')"
    } else {
        "SELECT name FROM sqlite_master WHERE name = 'change_head'"
    };
    if sql(catalogue).find(&mut conn).await?.is_some() {
        publish(head, log::head(&mut conn).await?);
    }
    Ok(())
}

/// Notices what other processes commit. Errors are of no account: the bell rings again.
async fn watch_others(pool: AnyPool, head: watch::Sender<i64>) {
    let mut tick = tokio::time::interval(POLL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let seen = async { log::head(&mut pool.single().await?).await };
        match seen.await {
            Ok(seq) => publish(&head, seq),
            Err(error) => tracing::debug!(%error, "the log's head could not be read"),
        }
    }
}

async fn sqlite(path: &Path) -> Result<(AnyPool, AnyPool), StoreError> {
    create(path).map_err(|error| StoreError::new(Cause::Open(format!("{}: {error}", path.display()))))?;
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(sqlite_options(path).journal_mode(SqliteJournalMode::Wal).optimize_on_close(true, None))
        .await?;
    let read = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(sqlite_options(path).read_only(true))
        .await?;
    Ok((AnyPool::Sqlite(write), AnyPool::Sqlite(read)))
}

/// What every connection to a SQLite file has in common.
pub(crate) fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(SQLITE_BUSY)
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging()
}

/// Makes the file before SQLite would, with a mode that SQLite then gives to the files beside it too.
fn create(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

async fn postgres(url: &str) -> Result<(AnyPool, AnyPool), StoreError> {
    let options = postgres_options(url)?;
    let write = postgres_pool().after_connect(|conn, _| {
        Box::pin(async move { sqlx::raw_sql(POSTGRES_SESSION).execute(conn).await.map(drop) })
    });
    let read = postgres_pool().after_connect(|conn, _| {
        Box::pin(async move {
            sqlx::raw_sql(POSTGRES_SESSION).execute(&mut *conn).await?;
            sqlx::raw_sql("SET default_transaction_read_only = on").execute(conn).await.map(drop)
        })
    });
    let write = write.connect_with(options.clone()).await?;
    Ok((AnyPool::Postgres(write), AnyPool::Postgres(read.connect_lazy_with(options))))
}

fn postgres_pool() -> PgPoolOptions {
    PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(ACQUIRE).test_before_acquire(false)
}

/// What every connection to a PostgreSQL server has in common.
pub(crate) fn postgres_options(url: &str) -> Result<PgConnectOptions, StoreError> {
    Ok(PgConnectOptions::from_str(url)?
        .application_name("wayleave")
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging())
}

//! A connection while somebody uses it, and how its transaction begins and ends.
//!
//! **Invariant:** a connection goes back to its pool only outside of a transaction. The driver's own transactions are
//! not used: they cannot send the log's last step and COMMIT as one message.

use crate::catalogue;
use crate::error::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Pool, Postgres, Row as _, Sqlite};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::timeout;

/// How long BEGIN and ROLLBACK may take before the connection counts as broken.
const PATIENCE: Duration = Duration::from_secs(10);

/// What statements run on: one connection, inside one transaction.
pub struct Conn {
    raw: Option<Raw>,
    /// Whether a transaction is, or may be, open.
    open: bool,
}

pub(crate) enum Raw {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A pool of either driver.
#[derive(Clone)]
pub(crate) enum AnyPool {
    Sqlite(Pool<Sqlite>),
    Postgres(Pool<Postgres>),
}

impl AnyPool {
    async fn take(&self) -> Result<Conn, StoreError> {
        let raw = match self {
            Self::Sqlite(pool) => Raw::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Raw::Postgres(pool.acquire().await?),
        };
        Ok(Conn { raw: Some(raw), open: false })
    }

    /// Takes a connection and begins a transaction on it.
    ///
    /// Connections are not tested when they are taken (that would cost a round trip each): BEGIN is the test. The
    /// ones that a restart of the server has broken are thrown away until one works.
    pub(crate) async fn begin(&self, statement: &'static str) -> Result<Conn, StoreError> {
        let mut tries = 0;
        loop {
            let mut conn = self.take().await?;
            tries += 1;
            match conn.begin(statement).await {
                Ok(()) => return Ok(conn),
                Err(error) => {
                    let retry = error.lost() && tries <= 32;
                    if error.lost() {
                        conn.discard();
                    }
                    if !retry {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// A connection without a transaction, for single statements.
    pub(crate) async fn single(&self) -> Result<Conn, StoreError> {
        self.take().await
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Conn {
    pub(crate) fn raw(&mut self) -> Result<&mut Raw, StoreError> {
        self.raw.as_mut().ok_or_else(|| StoreError::unreachable("the connection was given up"))
    }

    /// Whether this is PostgreSQL; SQLite otherwise.
    pub fn is_postgres(&self) -> bool {
        matches!(self.raw, Some(Raw::Postgres(_)))
    }

    pub(crate) async fn begin(&mut self, statement: &'static str) -> Result<(), StoreError> {
        // Set before it is sent: the caller may go away while the answer is on its way.
        self.open = true;
        timeout(PATIENCE, self.script(statement))
            .await
            .map_err(|_| StoreError::unreachable("BEGIN was not answered"))?
    }

    /// Runs text without values: one or more statements in one message.
    pub(crate) async fn script(&mut self, text: impl Into<std::borrow::Cow<'static, str>>) -> Result<(), StoreError> {
        let text = sqlx::raw_sql(AssertSqlSafe(text.into()));
        let result = match self.raw()? {
            Raw::Sqlite(raw) => text.execute(&mut **raw).await.map(drop),
            Raw::Postgres(raw) => text.execute(&mut **raw).await.map(drop),
        };
        match result {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explain(error).await),
        }
    }

    /// The transaction has ended: the connection may go back as it is.
    pub(crate) fn ended(&mut self) {
        self.open = false;
    }

    /// Commits.
    pub(crate) async fn commit(&mut self) -> Result<(), StoreError> {
        // After a failed statement PostgreSQL answers COMMIT with a rollback and no error; the SELECT brings one.
        self.script(if self.is_postgres() { "SELECT 1; COMMIT" } else { "COMMIT" }).await?;
        self.ended();
        Ok(())
    }

    /// PostgreSQL: runs the log's last step, whose text ends with COMMIT, and answers with the number it selects.
    pub(crate) async fn last_step(&mut self, text: String) -> Result<i64, StoreError> {
        let Raw::Postgres(raw) = self.raw()? else { return Err(StoreError::unreachable("this is not PostgreSQL")) };
        // All of the answer is read: an error of COMMIT comes after the row.
        let rows = sqlx::raw_sql(AssertSqlSafe(text)).fetch_all(&mut **raw).await?;
        self.ended();
        let row = rows.first().ok_or_else(|| StoreError::unreachable("the last step of a write had no answer"))?;
        Ok(row.try_get::<i64, _>(0)?)
    }

    /// Closes the connection instead of giving it back.
    pub(crate) fn discard(&mut self) {
        match self.raw.take() {
            Some(Raw::Sqlite(raw)) => drop(raw.detach()),
            Some(Raw::Postgres(raw)) => drop(raw.detach()),
            None => {}
        }
    }

    /// Turns a driver's error into ours; where SQLite names only columns, finds the index they belong to.
    pub(crate) async fn explain(&mut self, error: sqlx::Error) -> StoreError {
        let error = StoreError::from(error);
        let Some(columns) = error.unnamed_unique() else { return error };
        match &mut self.raw {
            Some(Raw::Sqlite(raw)) => catalogue::name_of_unique(raw, &columns).await.unwrap_or(error),
            _ => error,
        }
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else {
            // Pools need a runtime to take a connection back. Closing it rolls back as well.
            self.discard();
            return;
        };
        let open = self.open;
        if let Some(raw) = self.raw.take().filter(|_| open) {
            runtime.spawn(roll_back(raw));
        }
    }
}

async fn roll_back(raw: Raw) {
    let mut conn = Conn { raw: Some(raw), open: false };
    let done = timeout(PATIENCE, conn.script("ROLLBACK")).await;
    let clean = match &done {
        Ok(Ok(())) => true,
        // SQLite: BEGIN had not happened, or the transaction ended by itself.
        Ok(Err(error)) => error.to_string().contains("no transaction is active"),
        Err(_) => false,
    };
    if !clean {
        tracing::debug!(?done, "a connection could not be rolled back and was closed");
        conn.discard();
    }
}

//! Transactions: a read is one snapshot; a write ends with a change or is undone.

use crate::conn::Conn;
use crate::db::Shared;
use crate::error::{Cause, StoreError};
use crate::log::append;
use crate::quiet::Quiet;
use base::Change;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A read transaction: everything that it sees is of one instant. It takes no locks and cannot write.
pub struct ReadTx {
    pub(crate) conn: Conn,
}

/// A write transaction. It can only be closed by handing it changes, or by naming the exception; dropping it,
/// also by cancelling the task that holds it, rolls back.
pub struct WriteTx {
    pub(crate) conn: Conn,
    pub(crate) shared: Arc<Shared>,
}

impl WriteTx {
    /// Closes the transaction with what it changed, and answers with the number of the last change.
    ///
    /// Once begun, the commit runs to its end even if the caller goes away meanwhile, so the log and
    /// [`crate::Db::head`] never disagree with what was committed.
    ///
    /// # Errors
    /// `changes` is empty, or the database failed. All is undone then, save when the error is
    /// [`StoreError::lost`]: then the outcome is unknown.
    pub async fn commit(self, changes: Vec<Change>) -> Result<i64, StoreError> {
        if changes.is_empty() {
            return Err(StoreError::new(Cause::NoChange));
        }
        let Self { conn, shared } = self;
        finish(async move { append::commit(conn, &shared, changes).await }).await
    }

    /// Closes the transaction without a change, for one of the named reasons.
    ///
    /// # Errors
    /// The database failed.
    pub async fn commit_quiet(self, why: Quiet) -> Result<(), StoreError> {
        let Self { mut conn, shared: _ } = self;
        tracing::trace!(?why, "quiet commit");
        finish(async move { conn.commit().await }).await
    }
}

impl WriteTx {
    /// Sets a mark inside the transaction: for trying several things one after the other in one that is rolled back in the
    /// end.
    ///
    /// # Errors
    /// The database failed.
    pub async fn mark(&mut self) -> Result<(), StoreError> {
        self.conn.script("SAVEPOINT mark").await
    }

    /// Goes on from the last mark, with what was done since then if `keep`, without it otherwise.
    ///
    /// # Errors
    /// The database failed, or there is no mark.
    pub async fn leave_mark(&mut self, keep: bool) -> Result<(), StoreError> {
        let text = if keep { "RELEASE SAVEPOINT mark" } else { "ROLLBACK TO SAVEPOINT mark; RELEASE SAVEPOINT mark" };
        self.conn.script(text).await
    }
}

/// Runs the end of a transaction apart from the caller's task, so that nobody's cancellation can cut it in two.
async fn finish<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::spawn(work).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => Err(StoreError::unreachable("the commit met a defect of the program")),
        Err(_) => Err(StoreError::unreachable("the program is stopping")),
    }
}

impl Deref for ReadTx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for ReadTx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Deref for WriteTx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

//! Writes without a change: the named exceptions, and the one writer that batches them.

use crate::conn::{AnyPool, Conn};
use crate::db::begin_write;
use crate::error::StoreError;
use crate::literal;
use crate::query::Query;
use std::borrow::Cow;
use std::collections::HashMap;
use tokio::sync::{mpsc, oneshot};

macro_rules! quiet {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Why a write needs no entry in the change log. This is the whole list: each is a high-volume write that
        /// nobody has to be told of, or bookkeeping about entries that are in the log already.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Quiet { $($(#[$doc])* $name,)* }
        impl Quiet {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

quiet! {
    /// An access token was issued. (Revoking one is a change.)
    TokenIssued,
    /// Calls were counted.
    UsageCounted,
    /// Decisions of the gateway were kept for look-up.
    DecisionsKept,
    /// A browser session was begun, used or ended.
    SessionTouched,
    /// A credential or personal token was used, and when is remembered.
    CredentialUsed,
    /// A failed sign-in was counted.
    AttemptCounted,
    /// An answer is kept under its `Idempotency-Key`.
    AnswerKept,
    /// A reader of the log has moved on.
    CursorMoved,
    /// A notice was put into inboxes because of an entry of the log.
    NoticeWritten,
    /// A mail or a delivery to a webhook is about to be tried, or was, and how it went is remembered.
    DeliveryTried,
    /// A person has read a notice or an answer.
    NoticeRead,
    /// What has expired was swept away.
    ExpiredSwept,
}

/// The most entries that one transaction takes.
const BATCH: usize = 64;
/// How many entries may wait; whoever comes later waits before handing over.
const QUEUE: usize = 1024;

enum Order {
    Write(Entry),
    Stop(oneshot::Sender<()>),
}

struct Entry {
    statements: Vec<Query>,
    answer: oneshot::Sender<Result<(), StoreError>>,
}

/// The hand-over to the one task that batches.
pub(crate) struct Writer(mpsc::Sender<Order>);

impl Writer {
    /// Starts the task. It ends when the writer is dropped or stopped.
    pub(crate) fn start(pool: AnyPool) -> Self {
        let (sender, orders) = mpsc::channel(QUEUE);
        tokio::spawn(work(pool, orders));
        Self(sender)
    }

    pub(crate) async fn write(&self, why: Quiet, statements: Vec<Query>) -> Result<(), StoreError> {
        for statement in &statements {
            statement.check()?;
        }
        tracing::trace!(?why, "quiet write");
        let (answer, done) = oneshot::channel();
        let closed = || StoreError::unreachable("it is being closed");
        self.0.send(Order::Write(Entry { statements, answer })).await.map_err(|_| closed())?;
        done.await.map_err(|_| closed())?
    }

    /// Waits until everything before has been written, and ends the task.
    pub(crate) async fn stop(&self) {
        let (answer, done) = oneshot::channel();
        if self.0.send(Order::Stop(answer)).await.is_ok() {
            let _stopped = done.await;
        }
    }
}

async fn work(pool: AnyPool, mut orders: mpsc::Receiver<Order>) {
    let mut hand = Hand { pool, session: None };
    let mut waiting = Vec::with_capacity(BATCH);
    while orders.recv_many(&mut waiting, BATCH).await > 0 {
        let mut batch = Vec::with_capacity(waiting.len());
        let mut stop = None;
        for order in waiting.drain(..) {
            match order {
                // What was handed over after a stop is dropped, and its sender told so.
                Order::Write(entry) if stop.is_none() => batch.push(entry),
                Order::Write(_) => {}
                Order::Stop(answer) => stop = Some(answer),
            }
        }
        hand.write(batch).await;
        if let Some(answer) = stop {
            drop(hand);
            let _nobody = answer.send(());
            return;
        }
    }
}

/// The task's own means of writing.
struct Hand {
    pool: AnyPool,
    /// PostgreSQL: a connection that is kept for its prepared statements.
    session: Option<Session>,
}

impl Hand {
    /// Writes the entries in one transaction. If one of them fails, all are done again with a way back before each.
    async fn write(&mut self, batch: Vec<Entry>) {
        if batch.is_empty() {
            return;
        }
        let done = match &self.pool {
            AnyPool::Sqlite(_) => together(&self.pool, &batch).await,
            AnyPool::Postgres(_) => self.as_one_message(&batch).await,
        };
        match done {
            Ok(()) => {
                for entry in batch {
                    let _gone = entry.answer.send(Ok(()));
                }
            }
            // Whether it was committed is unknown: doing it again might do it twice.
            Err(error) if error.lost() => {
                for entry in batch {
                    let _gone = entry.answer.send(Err(error.clone()));
                }
            }
            Err(_) => one_by_one(&self.pool, batch).await,
        }
    }

    /// PostgreSQL: a statement at a time would cost a round trip each, which makes a batch slower than none.
    async fn as_one_message(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        // BEGIN goes ahead: if the kept connection has broken meanwhile, nothing is lost yet.
        let kept = match self.session.take() {
            Some(mut session) => session.conn.begin("BEGIN").await.ok().map(|()| session),
            None => None,
        };
        let mut session = match kept {
            Some(session) => session,
            None => Session { conn: begin_write(&self.pool).await?, names: HashMap::new() },
        };
        let done = session.write(batch).await;
        if done.is_ok() || session.anew().await.is_ok() {
            self.session = Some(session);
        }
        done
    }
}

/// A connection with statements that were prepared on it by name.
struct Session {
    conn: Conn,
    /// By text and classes of the values.
    names: HashMap<(Cow<'static, str>, Vec<&'static str>), usize>,
}

/// Statements that a session keeps before it begins anew.
const NAMES: usize = 256;

impl Session {
    async fn write(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        let (mut prepare, mut execute) = (String::new(), String::new());
        if self.names.len() > NAMES {
            prepare.push_str("DEALLOCATE ALL; ");
            self.names.clear();
        }
        for statement in batch.iter().flat_map(|entry| &entry.statements) {
            let classes: Vec<_> = statement.values.iter().map(literal::class).collect();
            let next = self.names.len();
            let name = *self.names.entry((statement.text.clone(), classes)).or_insert_with_key(|(text, classes)| {
                prepare.push_str(&format!("PREPARE quiet_{next}"));
                list(&mut prepare, classes, |out, class| out.push_str(class));
                // A line feed: the text may end in a comment.
                prepare.push_str(&format!(" AS {text}\n; "));
                next
            });
            execute.push_str(&format!("EXECUTE quiet_{name}"));
            list(&mut execute, &statement.values, literal::value);
            execute.push_str("; ");
        }
        self.conn.script(prepare + &execute + "COMMIT").await?;
        self.conn.ended();
        Ok(())
    }

    /// After a failure: which statements have been prepared is not known.
    async fn anew(&mut self) -> Result<(), StoreError> {
        self.names.clear();
        self.conn.script("ROLLBACK; DEALLOCATE ALL").await?;
        self.conn.ended();
        Ok(())
    }
}

impl Drop for Session {
    /// Another session would meet its names on this connection, so the pool does not get it back.
    fn drop(&mut self) {
        self.conn.discard();
    }
}

/// Appends a list in parentheses, or nothing when it is empty.
fn list<T>(out: &mut String, items: &[T], each: impl Fn(&mut String, &T)) {
    for (i, item) in items.iter().enumerate() {
        out.push_str(if i == 0 { "(" } else { ", " });
        each(out, item);
    }
    if !items.is_empty() {
        out.push(')');
    }
}

async fn together(pool: &AnyPool, batch: &[Entry]) -> Result<(), StoreError> {
    let mut conn = begin_write(pool).await?;
    for statement in batch.iter().flat_map(|entry| &entry.statements) {
        statement.clone().run(&mut conn).await?;
    }
    conn.commit().await
}

async fn one_by_one(pool: &AnyPool, batch: Vec<Entry>) {
    let mut results = Vec::with_capacity(batch.len());
    let end = async {
        let mut conn = begin_write(pool).await?;
        for entry in &batch {
            results.push(apart(&mut conn, &entry.statements).await?);
        }
        conn.commit().await
    }
    .await;
    let mut results = results.into_iter();
    for entry in batch {
        let result = match (&end, results.next()) {
            (Ok(()), Some(result)) => result,
            // The transaction itself failed: nobody's entry is there.
            (Err(error), _) => Err(error.clone()),
            (Ok(()), None) => Err(StoreError::unreachable("the batch ended early")),
        };
        let _gone = entry.answer.send(result);
    }
}

/// Runs one entry so that its failure undoes only itself. The outer error is one of the transaction.
async fn apart(conn: &mut Conn, statements: &[Query]) -> Result<Result<(), StoreError>, StoreError> {
    conn.script("SAVEPOINT entry").await?;
    for statement in statements {
        if let Err(error) = statement.clone().run(conn).await {
            if error.lost() {
                return Err(error);
            }
            conn.script("ROLLBACK TO SAVEPOINT entry").await?;
            return Ok(Err(error));
        }
    }
    conn.script("RELEASE SAVEPOINT entry").await?;
    Ok(Ok(()))
}

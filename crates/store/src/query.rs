//! Statements and rows: one text with `$1` placeholders for both databases.

use crate::conn::{Conn, Raw};
use crate::error::{Cause, StoreError};
use crate::value::{Column, Param, Value};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Postgres, Row as _, Sqlite, TypeInfo as _, ValueRef as _};
use std::borrow::Cow;

/// A statement with its values.
#[derive(Clone, Debug)]
pub struct Query {
    pub(crate) text: Cow<'static, str>,
    pub(crate) values: Vec<Value>,
}

/// Begins a statement. Values go into placeholders (`$1`), never into the text.
///
/// A text that the program wrote out (`&'static str`) is prepared once per connection and kept; one that was built at
/// run time (`String`) is prepared anew each time, so that no number of variants can crowd the cache out.
pub fn sql(text: impl Into<Cow<'static, str>>) -> Query {
    Query { text: text.into(), values: Vec::new() }
}

/// Binds the values of a query to a statement of either driver.
macro_rules! prepared {
    ($driver:ty, $query:expr) => {{
        let Query { text, values } = $query;
        let persistent = matches!(text, Cow::Borrowed(_));
        let mut statement = sqlx::query::<$driver>(AssertSqlSafe(text)).persistent(persistent);
        for value in values {
            statement = match value {
                Value::Text(value) => statement.bind(value),
                Value::Whole(value) => statement.bind(value),
                Value::Truth(value) => statement.bind(value),
                Value::Bytes(value) => statement.bind(value),
            };
        }
        statement
    }};
}

impl Query {
    /// Gives the next placeholder its value.
    #[must_use]
    pub fn bind(mut self, param: impl Param) -> Self {
        self.values.push(param.value());
        self
    }

    /// Gives the next placeholders their values, in order.
    #[must_use]
    pub fn bind_all(mut self, params: impl IntoIterator<Item = impl Param>) -> Self {
        self.values.extend(params.into_iter().map(|param| param.value()));
        self
    }

    /// The first row, if there is one. The whole answer is read, so an error behind the first row is not missed.
    ///
    /// # Errors
    /// The statement failed.
    pub async fn find(self, conn: &mut Conn) -> Result<Option<Row>, StoreError> {
        Ok(self.all(conn).await?.into_iter().next())
    }

    /// The first row, which must be there.
    ///
    /// # Errors
    /// The statement failed or answered with no row.
    pub async fn one(self, conn: &mut Conn) -> Result<Row, StoreError> {
        self.find(conn).await?.ok_or_else(|| StoreError::new(Cause::NoRow))
    }

    /// All rows.
    ///
    /// # Errors
    /// The statement failed.
    pub async fn all(self, conn: &mut Conn) -> Result<Vec<Row>, StoreError> {
        self.check()?;
        self.tell();
        let result = match conn.raw()? {
            Raw::Sqlite(raw) => prepared!(Sqlite, self)
                .fetch_all(&mut **raw)
                .await
                .map(|rows| rows.into_iter().map(Row::Sqlite).collect()),
            Raw::Postgres(raw) => prepared!(Postgres, self)
                .fetch_all(&mut **raw)
                .await
                .map(|rows| rows.into_iter().map(Row::Postgres).collect()),
        };
        match result {
            Ok(rows) => Ok(rows),
            Err(error) => Err(conn.explain(error).await),
        }
    }

    /// Runs it; answers with the number of rows that were written.
    ///
    /// # Errors
    /// The statement failed.
    pub async fn run(self, conn: &mut Conn) -> Result<u64, StoreError> {
        self.check()?;
        self.tell();
        let result = match conn.raw()? {
            Raw::Sqlite(raw) => prepared!(Sqlite, self).execute(&mut **raw).await.map(|done| done.rows_affected()),
            Raw::Postgres(raw) => prepared!(Postgres, self).execute(&mut **raw).await.map(|done| done.rows_affected()),
        };
        match result {
            Ok(count) => Ok(count),
            Err(error) => Err(conn.explain(error).await),
        }
    }

    /// For those who look at what is asked: the text, never a value.
    fn tell(&self) {
        tracing::trace!(target: "store::statement", text = %self.text);
    }

    /// PostgreSQL cannot store U+0000 in a text; SQLite would, and then behave oddly. Neither gets one.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.values.iter().any(Value::has_nul) { Err(StoreError::new(Cause::Nul)) } else { Ok(()) }
    }
}

/// One row of an answer.
pub enum Row {
    #[doc(hidden)]
    Sqlite(SqliteRow),
    #[doc(hidden)]
    Postgres(PgRow),
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Row")
    }
}

/// Reads one column of either driver as `Option<$type>`.
macro_rules! column {
    ($self:ident, $name:ident, $type:ty) => {
        match $self {
            Row::Sqlite(row) => row.try_get::<Option<$type>, _>($name),
            Row::Postgres(row) => row.try_get::<Option<$type>, _>($name),
        }
        .map_err(StoreError::from)
    };
}

impl Row {
    /// The column of this name.
    ///
    /// # Errors
    /// There is no such column, it is NULL where `T` is no `Option`, or it holds something else.
    pub fn get<T: Column>(&self, name: &str) -> Result<T, StoreError> {
        T::get(self, name)
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, StoreError> {
        column!(self, name, String)
    }

    pub(crate) fn truth(&self, name: &str) -> Result<Option<bool>, StoreError> {
        column!(self, name, bool)
    }

    pub(crate) fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        column!(self, name, Vec<u8>)
    }

    pub(crate) fn whole(&self, name: &str) -> Result<Option<i64>, StoreError> {
        // PostgreSQL calls a literal INT4; SQLite knows one size of whole numbers.
        if let Row::Postgres(row) = self {
            let cell = row.try_get_raw(name)?;
            if !cell.is_null() && cell.type_info().name() == "INT4" {
                return Ok(Some(i64::from(row.try_get::<i32, _>(name)?)));
            }
        }
        column!(self, name, i64)
    }
}

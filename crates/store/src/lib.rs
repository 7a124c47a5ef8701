//! The database seam: one SQL text on SQLite and PostgreSQL, transactions that close only with a change, and the
//! change log with its readers' cursors.
//!
//! **Invariant:** a write transaction ends by handing it changes ([`WriteTx::commit`]), or by naming one of the few
//! exceptions ([`Quiet`]); anything else rolls back. This crate moves rows and changes and knows no noun of the product.
//!
//! ```no_run
//! # async fn example() -> Result<(), store::StoreError> {
//! use store::{Db, DbUrl, sql};
//!
//! let db = Db::open(&DbUrl::Sqlite("wayleave.db".into())).await?;
//! db.migrate().await?;
//! let mut tx = db.write().await?;
//! let row = sql("UPDATE apps SET name = $1, version = version + 1 WHERE id = $2 AND version = $3 RETURNING version")
//!     .bind("new name")
//!     .bind("app_01j9z0000000000000000000000")
//!     .bind(7_i64)
//!     .find(&mut tx)
//!     .await?;
//! # let change = unimplemented!();
//! if row.is_some() {
//!     tx.commit(vec![change]).await?;
//! }
//! # Ok(()) }
//! ```

mod catalogue;
mod conn;
mod db;
mod error;
mod literal;
pub mod log;
mod migrate;
mod query;
mod quiet;
mod tx;
mod url;
mod value;

pub use catalogue::{catalogue, schema};
pub use conn::Conn;
pub use db::Db;
pub use error::StoreError;
pub use migrate::fingerprint;
pub use query::{Query, Row, sql};
pub use quiet::Quiet;
pub use tx::{ReadTx, WriteTx};
pub use url::DbUrl;
pub use value::{Column, Param, Value};

//! Search: apps, APIs, clients, organizations and plans by the beginning of any word of their names.
//!
//! **Invariant:** the words are those of the rows as of the last entry of the log that the reader has handled, and what
//! somebody may not see is never found. Works alike on every database: the words are rows of ours.

mod batch;
mod http;
mod ops;
mod rule;
mod sql;

pub use batch::{Batch, Batches};
pub use http::routes;
pub use ops::{READER, run};
pub use rule::Words;

//! `Idempotency-Key`: a request that is sent again is carried out once (draft-ietf-httpapi-idempotency-key-header).
//!
//! **Invariant:** the row under a key is written in the transaction of the first write that its request makes. So there
//! is no write without the row, and a second request with the key, wherever it runs, cannot write too. The answer is kept
//! after that, sealed. If the program ends between the two, the key says that it was done, and what it was about, but not
//! the answer (`answer-lost`).

mod ops;
mod rule;
mod sql;

pub use ops::{Begun, Once, Running, begin, run, sweep};

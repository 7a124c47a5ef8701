//! What a gateway knows, and the one pure function that decides a call.
//!
//! **Invariant:** no I/O and no clock: time is an argument. This is the only word the two planes share.

pub mod row;

pub use row::*;

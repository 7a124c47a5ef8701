//! What tests of all crates share.

pub mod database;

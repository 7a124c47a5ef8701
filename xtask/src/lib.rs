//! The chores of this repository, as a program: `cargo xtask demo | test | check | console | dev | gen | tour | bench | dist`.
//!
//! **Invariant:** every chore does its own set-up or names the one command that is missing. Nothing here is linked into the
//! product, and nothing of the product is linked into this.

pub mod bench;
pub mod cargo;
pub mod chores;
pub mod closure;
pub mod cluster;
pub mod console;
pub mod generate;
pub mod host;
pub mod python;
pub mod suite;
pub mod tally;

//! What every crate of Wayleave shares: identifiers, time, secrets, problems, changes and paging.
//!
//! **Invariant:** no I/O and no async. This crate is the one home of the clock and of randomness;
//! everything else receives both as arguments.

pub mod change;
pub mod clock;
pub mod gather;
pub mod id;
pub mod page;
pub mod problem;
pub mod random;
pub mod secret;
pub mod time;

pub use change::{Actor, Change, Kind, Ref};
pub use clock::Clock;
pub use gather::{Wrong, gather};
pub use page::{Page, PageRequest};
pub use problem::{Fault, Problem, ProblemKind};
pub use time::Timestamp;

//! What a gateway knows, and the one pure function that decides a call.
//!
//! **Invariant:** no I/O and no clock: time is an argument. This is the only word the two planes share.
//!
//! The control plane sends rows ([`row`]); [`Known`] keeps them as [`Terms`] (small, swapped whole) and [`Tables`]
//! (large, changed row by row); [`decide`] reads both and says who calls, what for, and whether it may.

pub mod decide;
pub mod ending;
pub mod known;
pub mod modification;
pub mod path;
pub mod publication;
pub mod refusal;
pub mod row;
pub mod tables;
pub mod template;
pub mod terms;
pub mod treatment;
mod writer;

pub use decide::{Ask, Decision, Facts, Jwt, Kind, Presented, decide};
pub use ending::{Ending, EndingRow, SuccessorRow};
pub use known::{Held, Known, Reader};
pub use modification::{Edits, Modification, Pair, Rewrite};
pub use path::{PathFault, normalise};
pub use publication::{Publication, Upstream};
pub use refusal::{Refusal, Rule};
pub use row::*;
pub use tables::{Client, Credential, Subscription, Tables, Token};
pub use terms::{LimitGroup, Route, Terms};
pub use treatment::{Accepts, Treatment};
pub use writer::MOST_WINDOWS;

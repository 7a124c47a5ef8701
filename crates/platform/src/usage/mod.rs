//! What the gateways counted and decided: minute rows of usage, and decisions for look-up.
//!
//! **Invariant:** usage is only ever added to, and every call that a gateway counted is added once. Decisions are a
//! bounded store: the newest are kept (X01, X03).

mod collect;
mod http;
mod ops;
mod rule;
mod sql;

pub use collect::{flush, run};
pub use http::{Step, routes};

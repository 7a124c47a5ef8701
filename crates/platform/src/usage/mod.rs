//! What the gateways counted and decided: minute rows of usage, and decisions for look-up.
//!
//! **Invariant:** usage is only ever added to, and every call that a gateway counted is added once. Decisions are a
//! bounded store: the newest are kept (X01, X03).

mod calls;
mod collect;
mod http;
mod ops;
mod rule;
mod sql;

pub use calls::{DecisionView, decision_views};
pub use collect::{flush, run};
pub use http::{Step, routes};
pub use ops::{Latest, calls_of_clients, first_success, last_calls_of_apps, last_calls_of_clients, latest};

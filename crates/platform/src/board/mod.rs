//! Boards and dashboards: the change log as people see it, and connections: who is tied to what, from either end.
//!
//! **Invariant:** nothing is stored here. Every entry passes `rule` before anybody sees it, so that a board never
//! shows what its viewer may not know (X06).

mod connection;
mod http;
mod name;
mod ops;
mod rule;

pub use http::{ActorView, EntryView, routes};
pub use name::{Names, ResourceView};
pub use ops::{before, if_visible, kind_of};

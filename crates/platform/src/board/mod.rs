//! Boards and dashboards: the change log as people see it, and connections: who is tied to what, from either end.
//!
//! **Invariant:** nothing is stored here. Every entry passes `rule` before anybody sees it, so that a board never
//! shows what its viewer may not know (X06).

mod changelog;
mod connection;
mod http;
mod ops;
mod rule;
mod sql;

pub use crate::names::{Names, ResourceView};
pub use http::{EntryView, routes};
pub use ops::{before, if_visible, kind_of};
pub use rule::{Shown, is_internal, named, references, shown_to_owner, touches, visible_touches};

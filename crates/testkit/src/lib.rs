//! What tests of all crates share: the whole program in one process, actors who use it over real HTTP, an echo
//! upstream, a clock that stands still, a database of its own for each test.

mod actor;
mod app;
mod authority;
pub mod database;
mod logged;
mod postbox;
mod program;
mod python;
mod receiver;
mod story;
mod upstream;

pub use actor::{Actor, Reply};
pub use app::{START, TestApp};
pub use authority::Authority;
pub use logged::{statements, statements_asked, statements_forget};
pub use postbox::{Postbox, Protection, Received};
pub use program::{Ended, Program, free_address};
pub use python::python;
pub use receiver::{Answer, Receiver, Told};
pub use story::{PETS, Story, petstore};
pub use upstream::Upstream;

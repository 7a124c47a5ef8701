//! The data plane: every call to a published API passes here, or is refused here with a reason.
//!
//! **Invariant:** the gateway knows only what the rows of [`snapshot`] tell it. It does not see a database or the
//! portal; it serves on while the control plane is away.
//!
//! A call is carried through five phases, one file each: [`identify`](mod@identify) what it carries,
//! [`decide`](mod@decide) whether it may pass, [`meter`](mod@meter) it, [`forward`](mod@forward) it,
//! [`record`](mod@record) how it ended. Every call, however it ends, ends in the last one.
//!
//! One thread per core, each with its own listener (`SO_REUSEPORT`), runtime, connections and pools; they share what
//! is known (read without a lock) and the counters (one atomic per window).

mod body;
mod call;
mod config;
mod connection;
mod core;
pub mod counters;
mod decide;
mod forward;
mod handle;
mod headers;
mod identify;
mod ids;
mod ledger;
mod meter;
mod record;
mod refuse;
mod server;
mod upstream;
mod watch;
mod wire;

pub use config::{Config, StartError};
pub use handle::Handle;
pub use server::{Running, start};

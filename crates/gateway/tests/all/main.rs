//! The gateway over real sockets: a gateway, an upstream that echoes what it got, rows fed by hand.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

mod calls;
mod client;
mod echo;
mod http2;
mod limits;
mod load;
mod records;
mod refusals;
mod rig;
mod smuggling;
mod tokens;
mod upstreams;

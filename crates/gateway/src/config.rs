//! What the wiring tells the gateway.

use base::Clock;
use base::secret::Keys;
use std::net::SocketAddr;
use std::time::Duration;

/// How a gateway listens, whom it believes, and how long it waits.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen. Port 0 takes a free one; [`crate::Running::address`] tells which.
    pub listen: SocketAddr,
    /// Threads, each with its own listener, connections and pools; 0 counts as 1.
    pub threads: usize,
    /// The issuer of JWT access tokens, compared byte by byte.
    pub issuer: String,
    /// The audience that JWT access tokens must name.
    pub audience: String,
    /// Base URL of the portal, without a slash at its end: problem types and links to decisions begin with it.
    pub portal: String,
    /// The keys under which digests of secrets are made.
    pub keys: Keys,
    /// Where the time comes from.
    pub clock: Clock,
    /// The share of successful calls whose decision is remembered, 0 to 1. Refusals always are.
    pub sample_successes: f64,
    /// Decisions remembered by all threads together; the oldest give way.
    pub decisions_kept: usize,
    /// How long connecting to an upstream may take.
    pub upstream_connect_timeout: Duration,
    /// How long an upstream may take to begin its answer, counted from the last progress of the request's body.
    pub upstream_response_timeout: Duration,
    /// How long the head of a request may take from its first byte.
    pub header_timeout: Duration,
    /// The largest head of a request, in bytes; at least 8192.
    pub max_header_bytes: usize,
    /// Cookies that are never forwarded, such as the portal's session.
    pub cookies_to_strip: Vec<String>,
    /// Addresses that are never forwarded to, whatever a destination names: the program's own other listeners.
    /// Link-local addresses, where clouds keep their machines' secrets, never are either.
    pub never_forward_to: Vec<SocketAddr>,
}

/// Why a gateway did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another address or stop the program that holds it")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// No thread or runtime could be made.
    #[error("cannot start a gateway thread: {0}")]
    Thread(std::io::Error),
}

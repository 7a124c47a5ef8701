//! Wayleave as it takes part: set up over its own HTTP API, as an operator would.

use super::servers::{Server, Site};
use anyhow::{Result, bail};
use serde_json::Value;
use std::net::SocketAddr;

/// Where the API of the run is published at the gateway: slug and version.
pub const PREFIX: &str = "/bench/1";

/// A prepared installation.
pub struct Subject {
    /// `(key, app)`.
    pub keys: Vec<(String, String)>,
}

/// A started installation.
pub struct Running {
    server: Server,
    gateway: SocketAddr,
}

impl Subject {
    /// Sets up.
    pub fn prepare(_site: &Site, _keys: usize) -> Result<Self> {
        bail!("not yet")
    }
    /// Start times.
    pub fn start_times(&self) -> Result<Value> {
        bail!("not yet")
    }
    /// Starts.
    pub fn start(&self) -> Result<Running> {
        bail!("not yet")
    }
}

impl Running {
    /// Suspends.
    pub fn suspensions(&self, _times: usize, _path: &str) -> Result<Value> {
        bail!("not yet")
    }
    /// Parts.
    pub fn into_parts(self) -> (Server, SocketAddr) {
        (self.server, self.gateway)
    }
}

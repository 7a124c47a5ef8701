//! Connections to upstreams: pooled per thread, HTTP/1.1, the youngest used first.

use crate::body::Upload;
use foldhash::fast::RandomState;
use http::HeaderValue;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use snapshot::Upstream;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// Idle connections kept per upstream and thread.
const MOST_IDLE: usize = 512;
/// Connections that are looked at before a new one is made.
const MOST_LOOKS: usize = 8;

/// A connection that idled for less than this, and has shown that it stays open after an answer, is taken to be alive.
const SURELY_ALIVE: Duration = Duration::from_millis(1);

#[derive(Debug)]
struct Idle {
    sender: SendRequest<Upload>,
    since: Instant,
    uses: u32,
}

/// One address and the connections to it.
#[derive(Debug)]
pub(crate) struct Peer {
    host: String,
    port: u16,
    /// What requests to it name as `Host`.
    pub host_value: HeaderValue,
    idle: RefCell<Vec<Idle>>,
}

/// All upstreams of one thread.
#[derive(Debug)]
pub(crate) struct Pool {
    peers: RefCell<HashMap<String, Rc<Peer>, RandomState>>,
    turn: Cell<usize>,
    connect_timeout: Duration,
    keep: Duration,
    barred: Vec<SocketAddr>,
}

/// A connection in use. It goes back when the answer has been read to its end, and is closed otherwise.
#[derive(Debug)]
pub(crate) struct Lease {
    peer: Rc<Peer>,
    pub sender: SendRequest<Upload>,
    /// How many requests it has carried before this one.
    pub uses: u32,
    /// How long it idled before this one.
    idled: Duration,
}

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum ConnectFault {
    /// It took longer than this.
    Slow(Duration),
    /// The system says no.
    Refused(io::Error),
}

impl Pool {
    pub(crate) fn new(connect_timeout: Duration, keep: Duration, barred: &[SocketAddr]) -> Self {
        let (peers, turn) = (RefCell::new(HashMap::default()), Cell::new(0));
        Self { peers, turn, connect_timeout, keep, barred: barred.to_vec() }
    }

    /// A number that is another one at each call, for taking turns.
    pub(crate) fn turn(&self) -> usize {
        self.turn.replace(self.turn.get().wrapping_add(1))
    }

    /// The pool of one upstream.
    pub(crate) fn peer(&self, upstream: &Upstream) -> Rc<Peer> {
        if let Some(peer) = self.peers.borrow().get(upstream.authority.as_str()) {
            return Rc::clone(peer);
        }
        let peer = Rc::new(Peer {
            host: upstream.host.clone(),
            port: upstream.port,
            host_value: HeaderValue::from_str(&upstream.authority).unwrap_or(HeaderValue::from_static("")),
            idle: RefCell::new(Vec::new()),
        });
        self.peers.borrow_mut().insert(upstream.authority.clone(), Rc::clone(&peer));
        peer
    }

    /// A connection to an upstream: an idle one unless `fresh` is wanted or none is there.
    ///
    /// # Errors
    /// [`ConnectFault`] if a new one cannot be made.
    pub(crate) async fn lease(&self, peer: &Rc<Peer>, fresh: bool) -> Result<Lease, ConnectFault> {
        let peer = Rc::clone(peer);
        if !fresh && let Some(idle) = peer.take() {
            let idled = idle.since.elapsed();
            return Ok(Lease { peer, sender: idle.sender, uses: idle.uses, idled });
        }
        let connecting = tokio::time::timeout(self.connect_timeout, connect(&peer, &self.barred));
        match connecting.await {
            Ok(Ok(sender)) => Ok(Lease { peer, sender, uses: 0, idled: Duration::ZERO }),
            Ok(Err(error)) => Err(ConnectFault::Refused(error)),
            Err(_) => Err(ConnectFault::Slow(self.connect_timeout)),
        }
    }

    /// Closes connections that have idled for too long, and forgets upstreams without any.
    pub(crate) fn sweep(&self) {
        let mut peers = self.peers.borrow_mut();
        for peer in peers.values() {
            peer.idle.borrow_mut().retain(|i| !i.sender.is_closed() && i.since.elapsed() < self.keep);
        }
        peers.retain(|_, peer| Rc::strong_count(peer) > 1 || !peer.idle.borrow().is_empty());
    }
}

/// Whether nothing is forwarded to this address. Looked at after the name was resolved: names are the caller's word.
fn is_barred(address: SocketAddr, barred: &[SocketAddr]) -> bool {
    let ip = address.ip().to_canonical();
    let link_local = match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    // The unspecified address reaches every listener of this machine.
    let same = |own: &SocketAddr| {
        own.port() == address.port() && (own.ip() == ip || own.ip().is_unspecified() || ip.is_unspecified())
    };
    link_local || barred.iter().any(same)
}

async fn dial(peer: &Peer, barred: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut fault = io::Error::other("the name of the upstream has no address");
    for address in tokio::net::lookup_host((peer.host.as_str(), peer.port)).await? {
        if is_barred(address, barred) {
            fault = io::Error::other(format!("{address} is never forwarded to"));
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(tcp) => return Ok(tcp),
            Err(error) => fault = error,
        }
    }
    Err(fault)
}

async fn connect(peer: &Peer, barred: &[SocketAddr]) -> io::Result<SendRequest<Upload>> {
    let tcp = dial(peer, barred).await?;
    tcp.set_nodelay(true)?;
    let handshake = http1::Builder::new().handshake(TokioIo::new(tcp)).await;
    let (sender, connection) = handshake.map_err(io::Error::other)?;
    tokio::task::spawn_local(async move {
        if let Err(error) = connection.await {
            tracing::debug!(target: "gateway", "a connection to an upstream ended early: {error}");
        }
    });
    Ok(sender)
}

impl Peer {
    /// The youngest connection that can take a request now.
    fn take(&self) -> Option<Idle> {
        let mut idle = self.idle.borrow_mut();
        let mut looks = 0;
        let mut at = idle.len();
        while at > 0 && looks < MOST_LOOKS {
            at -= 1;
            looks += 1;
            if idle[at].sender.is_closed() {
                idle.remove(at);
            } else if idle[at].sender.is_ready() {
                return Some(idle.remove(at));
            }
        }
        None
    }
}

impl Lease {
    /// Whether the upstream may have closed the connection while it idled, so that a second try is worth preparing:
    /// always when it is used again for the first time, since some upstreams close after each answer without saying
    /// so, and later when it idled for long enough that news of its end may be under way.
    pub(crate) fn may_be_dead(&self) -> bool {
        self.uses == 1 || (self.uses > 1 && self.idled >= SURELY_ALIVE)
    }

    /// Gives the connection back for the next request.
    pub(crate) fn give_back(self) {
        let mut idle = self.peer.idle.borrow_mut();
        if !self.sender.is_closed() && idle.len() < MOST_IDLE {
            let uses = self.uses.saturating_add(1);
            idle.push(Idle { sender: self.sender, since: Instant::now(), uses });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_listeners_and_link_local_addresses_are_barred_under_every_spelling() {
        let own = ["127.0.0.1:9464".parse().unwrap()];
        let barred = |text: &str| is_barred(text.parse().unwrap(), &own);
        for address in [
            "127.0.0.1:9464",
            "0.0.0.0:9464",
            "[::ffff:127.0.0.1]:9464",
            "[::]:9464",
            "169.254.169.254:80",
            "[fe80::1]:80",
            "[::ffff:169.254.169.254]:80",
        ] {
            assert!(barred(address), "{address}");
        }
        for address in ["127.0.0.1:9465", "10.0.0.1:9464", "192.168.1.1:80", "[::1]:9464", "203.0.113.7:443"] {
            assert!(!barred(address), "{address}");
        }
    }
}

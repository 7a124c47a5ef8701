//! One thread of the gateway: what its connections and calls share, without a lock.

use crate::Handle;
use crate::handle::Ledger;
use crate::identify::Jwts;
use crate::ids::Ids;
use crate::meter::Policies;
use crate::upstream::Pool;
use crate::watch::{Patience, Watch};
use snapshot::Reader;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may idle between two requests.
const IDLE: Duration = Duration::from_secs(75);
/// How long the body of a request may stall.
const STALL: Duration = Duration::from_secs(60);
/// How long an idle connection to an upstream is kept.
const UPSTREAM_IDLE: Duration = Duration::from_secs(60);

/// What belongs to one thread.
#[derive(Debug)]
pub(crate) struct Core {
    pub handle: Arc<Handle>,
    index: usize,
    pub reader: RefCell<Reader>,
    pub ids: RefCell<Ids>,
    pub jwts: RefCell<Jwts>,
    pub policies: RefCell<Policies>,
    pub pool: Pool,
    /// Counts sweeps.
    ticks: Rc<Cell<u32>>,
    tick: Duration,
    watches: RefCell<HashMap<u64, Rc<Watch>>>,
    last_watch: Cell<u64>,
    closing: Cell<bool>,
}

impl Core {
    pub(crate) fn new(handle: Arc<Handle>, index: usize) -> Self {
        let tick = (handle.config.header_timeout / 4).clamp(Duration::from_millis(10), Duration::from_secs(1));
        Self {
            index,
            reader: RefCell::new(handle.known.reader()),
            ids: RefCell::new(Ids::new()),
            jwts: RefCell::new(Jwts::default()),
            policies: RefCell::new(Policies::default()),
            pool: Pool::new(handle.config.upstream_connect_timeout, UPSTREAM_IDLE, &handle.config.never_forward_to),
            ticks: Rc::new(Cell::new(0)),
            tick,
            watches: RefCell::new(HashMap::new()),
            last_watch: Cell::new(0),
            closing: Cell::new(false),
            handle,
        }
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.handle.ledgers[self.index]
    }

    /// Begins to watch a connection; it is watched until what this returns is dropped.
    pub(crate) fn watch(self: &Rc<Self>, peer: SocketAddr) -> Watched {
        let number = self.last_watch.get() + 1;
        self.last_watch.set(number);
        let watch = Rc::new(Watch::new(peer, Rc::clone(&self.ticks)));
        self.watches.borrow_mut().insert(number, Rc::clone(&watch));
        Watched { core: Rc::clone(self), number, watch }
    }

    /// Sweeps connections, idle upstreams and old snapshots, for ever.
    pub(crate) async fn sweep(self: Rc<Self>) {
        let sweeps = |time: Duration| u32::try_from(time.as_micros() / self.tick.as_micros()).unwrap_or(u32::MAX);
        let patience = Patience {
            head: sweeps(self.handle.config.header_timeout).max(1),
            body: sweeps(STALL),
            between: sweeps(IDLE),
        };
        let mut interval = tokio::time::interval(self.tick);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            self.ticks.set(self.ticks.get().wrapping_add(1));
            self.watches.borrow().values().for_each(|watch| watch.sweep(patience));
            self.pool.sweep();
            self.handle.known.refresh(&mut self.reader.borrow_mut());
        }
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.get()
    }

    /// Tells every connection to end after the call that it is in.
    pub(crate) fn close(&self) {
        self.closing.set(true);
        self.watches.borrow().values().for_each(|watch| watch.wake());
    }

    pub(crate) fn connections(&self) -> usize {
        self.watches.borrow().len()
    }
}

/// A connection under watch.
#[derive(Debug)]
pub(crate) struct Watched {
    core: Rc<Core>,
    number: u64,
    pub watch: Rc<Watch>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.core.watches.borrow_mut().remove(&self.number);
    }
}

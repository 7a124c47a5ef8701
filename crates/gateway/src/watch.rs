//! What the sweep of a core watches about a connection, so that no connection needs a timer of its own.

use crate::wire::Violation;
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::task::{Context, Waker};

/// Where a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Waiting for a head that has begun, or for the first one.
    Head,
    /// Within a body that arrives.
    Body,
    /// Waiting for the next request.
    Between,
    /// HTTP/2: the library watches for itself.
    Open,
}

/// Shared by a connection's reader, its calls and the sweep.
#[derive(Debug)]
pub(crate) struct Watch {
    /// The other end.
    pub(crate) peer: SocketAddr,
    clock: Rc<Cell<u32>>,
    phase: Cell<Phase>,
    since: Cell<u32>,
    busy: Cell<u32>,
    overdue: Cell<bool>,
    violation: Cell<Option<Violation>>,
    waker: RefCell<Option<Waker>>,
}

/// How many sweeps each phase may last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub head: u32,
    pub body: u32,
    pub between: u32,
}

impl Watch {
    pub(crate) fn new(peer: SocketAddr, clock: Rc<Cell<u32>>) -> Self {
        let since = Cell::new(clock.get());
        Self {
            peer,
            clock,
            phase: Cell::new(Phase::Head),
            since,
            busy: Cell::new(0),
            overdue: Cell::new(false),
            violation: Cell::new(None),
            waker: RefCell::new(None),
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase.get()
    }

    /// Enters a phase. A head counts from its first byte, a body from its last one so far.
    pub(crate) fn set(&self, phase: Phase) {
        if self.phase.replace(phase) != phase || phase == Phase::Body {
            self.since.set(self.clock.get());
        }
    }

    pub(crate) fn refuse(&self, violation: Violation) {
        self.violation.set(Some(violation));
    }

    /// Why the connection's last request was refused before it was read.
    pub(crate) fn violation(&self) -> Option<Violation> {
        self.violation.get()
    }

    pub(crate) fn is_overdue(&self) -> bool {
        self.overdue.get()
    }

    /// Remembers whom to wake when time is up.
    pub(crate) fn remember(&self, cx: &Context<'_>) {
        let mut waker = self.waker.borrow_mut();
        if !waker.as_ref().is_some_and(|w| w.will_wake(cx.waker())) {
            *waker = Some(cx.waker().clone());
        }
    }

    pub(crate) fn wake(&self) {
        if let Some(waker) = self.waker.borrow().as_ref() {
            waker.wake_by_ref();
        }
    }

    /// Marks the connection if its phase lasts too long.
    pub(crate) fn sweep(&self, patience: Patience) {
        let most = match self.phase.get() {
            Phase::Head => patience.head,
            Phase::Body => patience.body,
            Phase::Between if self.busy.get() == 0 => patience.between,
            Phase::Between | Phase::Open => return,
        };
        if self.clock.get().wrapping_sub(self.since.get()) > most && !self.overdue.replace(true) {
            self.wake();
        }
    }
}

/// A call that is being answered. While one lives, its connection is not idle.
#[derive(Debug)]
pub(crate) struct Busy(Rc<Watch>);

impl Busy {
    pub(crate) fn new(watch: &Rc<Watch>) -> Self {
        watch.busy.set(watch.busy.get() + 1);
        Self(Rc::clone(watch))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.set(self.0.busy.get().saturating_sub(1));
        self.0.since.set(self.0.clock.get());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_phases_that_last_too_long_are_overdue() {
        let clock = Rc::new(Cell::new(0));
        let patience = Patience { head: 2, body: 4, between: 6 };
        let watch = Rc::new(Watch::new(([127, 0, 0, 1], 1).into(), Rc::clone(&clock)));
        let after = |ticks: u32| {
            clock.set(clock.get() + ticks);
            watch.sweep(patience);
            watch.overdue.replace(false)
        };
        assert!(!after(2));
        assert!(after(1), "the head counts from its begin");
        watch.set(Phase::Body);
        assert!(!after(4));
        watch.set(Phase::Body);
        assert!(!after(4), "each part of a body counts anew");
        watch.set(Phase::Between);
        let busy = Busy::new(&watch);
        assert!(!after(100), "a long answer is no idleness");
        drop(busy);
        assert!(!after(6));
        assert!(after(1));
    }
}

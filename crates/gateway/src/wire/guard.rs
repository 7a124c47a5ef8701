//! The connection as the HTTP library gets it: only what [`Framing`] let through.

use super::Violation;
use super::framing::Framing;
use crate::watch::{Phase, Watch};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The method of the request that stands in for a refused one. It is well-formed, so that the library answers in
/// turn, and the service tells it by this name and by the violation that the [`Watch`] carries.
pub(crate) const REFUSED_METHOD: &str = "WAYLEAVE-REFUSED";
const STAND_IN: &[u8] = b"WAYLEAVE-REFUSED / HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";
const H2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How much is read and thrown away from a caller that still sends what nobody will read.
const MOST_LINGER: usize = 1 << 20;

/// What a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http1,
    Http2,
}

enum Mode {
    /// HTTP/1, checked.
    Checked(Framing),
    /// HTTP/2, which frames itself.
    Open,
    /// After the stand-in for a refused request: nothing more comes, but it is not the end either, for the library
    /// would take an end as a caller who left and drop the answer.
    Refused,
    /// Idle for too long: reads as the caller's end.
    Ended,
    /// After a violation in a body whose head has gone on: reading fails.
    Broken(Violation),
}

/// A TCP connection that passes on only well-framed messages.
pub(crate) struct Guard {
    tcp: TcpStream,
    watch: Rc<Watch>,
    mode: Mode,
    /// The begin of a head.
    held: Vec<u8>,
    /// Checked bytes that did not fit into the reader's buffer.
    passed: Vec<u8>,
    passed_at: usize,
    /// What is held was read while sniffing and is still to be checked.
    sniffed: bool,
    lingered: usize,
}

impl Guard {
    /// Guards a connection; heads of more than `most` bytes are refused.
    pub(crate) fn new(tcp: TcpStream, watch: Rc<Watch>, most: usize) -> Self {
        let mode = Mode::Checked(Framing::new(most));
        Self { tcp, watch, mode, held: Vec::new(), passed: Vec::new(), passed_at: 0, sniffed: false, lingered: 0 }
    }

    /// Waits for the first bytes and tells what is spoken. `None` if the caller left, or said nothing in time.
    pub(crate) async fn sniff(&mut self) -> Option<Protocol> {
        loop {
            if !H2_PREFACE.starts_with(&self.held[..self.held.len().min(H2_PREFACE.len())]) {
                self.sniffed = true;
                return Some(Protocol::Http1);
            }
            if self.held.len() >= H2_PREFACE.len() {
                self.mode = Mode::Open;
                self.passed = std::mem::take(&mut self.held);
                self.watch.set(Phase::Open);
                return Some(Protocol::Http2);
            }
            let read = std::future::poll_fn(|cx| {
                self.watch.remember(cx);
                if self.watch.is_overdue() {
                    return Poll::Ready(Ok(0));
                }
                let mut space = [0; 2048];
                let mut buf = ReadBuf::new(&mut space);
                ready!(Pin::new(&mut self.tcp).poll_read(cx, &mut buf))?;
                self.held.extend_from_slice(buf.filled());
                Poll::Ready(io::Result::Ok(buf.filled().len()))
            });
            if !matches!(read.await, Ok(1..)) {
                return None;
            }
        }
    }

    fn give(&mut self, buf: &mut ReadBuf<'_>) {
        let rest = &self.passed[self.passed_at..];
        let count = rest.len().min(buf.remaining());
        buf.put_slice(&rest[..count]);
        self.passed_at += count;
        if self.passed_at == self.passed.len() {
            // Most connections never need this buffer again.
            self.passed = Vec::new();
            self.passed_at = 0;
        }
    }

    fn refuse(&mut self, violation: Violation) {
        self.watch.refuse(violation);
        self.mode = Mode::Refused;
        self.held = Vec::new();
        self.passed.extend_from_slice(STAND_IN);
    }

    /// Checks what arrived in `buf` behind `before`, or is held. Answers whether the reader has something to read.
    fn check(&mut self, buf: &mut ReadBuf<'_>, before: usize) -> bool {
        let Mode::Checked(framing) = &mut self.mode else { return true };
        let scan = if self.held.is_empty() {
            let arrived = &buf.filled()[before..];
            let scan = framing.scan(arrived);
            if scan.violation.is_none() && scan.pass < arrived.len() {
                self.held.extend_from_slice(&arrived[scan.pass..]);
            }
            buf.set_filled(before + scan.pass);
            scan
        } else {
            self.held.extend_from_slice(&buf.filled()[before..]);
            buf.set_filled(before);
            let scan = framing.scan(&self.held);
            self.passed.extend_from_slice(&self.held[..scan.pass]);
            self.held.drain(..scan.pass);
            scan
        };
        self.watch.set(match (framing.is_between(), self.held.is_empty()) {
            (false, _) => Phase::Body,
            (true, true) => Phase::Between,
            (true, false) => Phase::Head,
        });
        match scan.violation {
            None => {}
            Some(violation) if scan.begun => {
                self.watch.refuse(violation);
                self.mode = Mode::Broken(violation);
            }
            Some(violation) => self.refuse(violation),
        }
        if !self.passed.is_empty() {
            self.give(buf);
        }
        buf.filled().len() > before || !matches!(self.mode, Mode::Checked(_))
    }

    fn overdue(&mut self) {
        match self.watch.phase() {
            Phase::Head => self.refuse(Violation::HeadTooSlow),
            Phase::Body => {
                self.watch.refuse(Violation::BodyTooSlow);
                self.mode = Mode::Broken(Violation::BodyTooSlow);
            }
            Phase::Between | Phase::Open => self.mode = Mode::Ended,
        }
    }
}

impl AsyncRead for Guard {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if !this.passed.is_empty() {
                this.give(buf);
                return Poll::Ready(Ok(()));
            }
            match &this.mode {
                Mode::Ended => return Poll::Ready(Ok(())),
                Mode::Refused => return Poll::Pending,
                Mode::Broken(violation) => {
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, violation.detail())));
                }
                Mode::Checked(_) | Mode::Open => {}
            }
            if std::mem::take(&mut this.sniffed) {
                let before = buf.filled().len();
                if this.check(buf, before) {
                    return Poll::Ready(Ok(()));
                }
                continue;
            }
            if this.watch.is_overdue() {
                this.overdue();
                continue;
            }
            let before = buf.filled().len();
            match Pin::new(&mut this.tcp).poll_read(cx, buf)? {
                Poll::Pending => {
                    this.watch.remember(cx);
                    return Poll::Pending;
                }
                Poll::Ready(()) if buf.filled().len() == before => return Poll::Ready(Ok(())),
                Poll::Ready(()) => {
                    if this.check(buf, before) {
                        return Poll::Ready(Ok(()));
                    }
                }
            }
        }
    }
}

impl AsyncWrite for Guard {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    /// Ends our side and then reads on for a while when the caller may still be sending: closing at once would make
    /// the kernel reset the connection, and the caller might lose the answer.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(Pin::new(&mut this.tcp).poll_shutdown(cx))?;
        let clean = match &this.mode {
            Mode::Checked(framing) => framing.is_between() && this.held.is_empty(),
            Mode::Open | Mode::Ended => true,
            Mode::Refused | Mode::Broken(_) => false,
        };
        if clean {
            return Poll::Ready(Ok(()));
        }
        this.watch.set(Phase::Between);
        loop {
            this.watch.remember(cx);
            if this.watch.is_overdue() || this.lingered > MOST_LINGER {
                return Poll::Ready(Ok(()));
            }
            let mut space = [0; 4096];
            let mut buf = ReadBuf::new(&mut space);
            match ready!(Pin::new(&mut this.tcp).poll_read(cx, &mut buf)) {
                Ok(()) if !buf.filled().is_empty() => this.lingered += buf.filled().len(),
                _ => return Poll::Ready(Ok(())),
            }
        }
    }
}

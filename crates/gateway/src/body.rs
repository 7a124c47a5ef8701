//! Bodies on their way through. Nothing is buffered: a frame is passed on when it comes.

use crate::upstream::Lease;
use crate::watch::Busy;
use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

/// The body of an answer: our own, or an upstream's.
#[derive(Debug)]
pub(crate) struct Outgoing {
    content: Content,
    /// While it lives, the connection is not idle.
    busy: Option<Busy>,
}

#[derive(Debug)]
enum Content {
    Whole(Option<Bytes>),
    /// The stream, and the upstream connection to give back when it has ended.
    Stream(Incoming, Option<Lease>),
}

impl Outgoing {
    /// A body of our own.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self { content: Content::Whole(Some(bytes).filter(|b| !b.is_empty())), busy: None }
    }

    /// An upstream's body.
    pub(crate) fn stream(incoming: Incoming, lease: Lease) -> Self {
        Self { content: Content::Stream(incoming, Some(lease)), busy: None }
    }

    pub(crate) fn keep(&mut self, busy: Busy) {
        self.busy = Some(busy);
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        match &mut self.content {
            Content::Whole(bytes) => Poll::Ready(bytes.take().map(|b| Ok(Frame::data(b)))),
            Content::Stream(incoming, lease) => {
                let frame = ready!(Pin::new(&mut *incoming).poll_frame(cx));
                let ended = frame.is_none() || incoming.is_end_stream();
                match &frame {
                    Some(Err(_)) => *lease = None,
                    _ if ended => lease.take().into_iter().for_each(Lease::give_back),
                    _ => {}
                }
                Poll::Ready(frame)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Whole(bytes) => bytes.is_none(),
            Content::Stream(incoming, _) => incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Content::Stream(incoming, _) => incoming.size_hint(),
        }
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        // Answers without a body are never polled.
        if let Content::Stream(incoming, lease) = &mut self.content
            && incoming.is_end_stream()
        {
            lease.take().into_iter().for_each(Lease::give_back);
        }
    }
}

/// How far a request's body has come.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Grows with every frame that was passed on.
    pub frames: Cell<u64>,
    /// The caller's side broke.
    pub failed: Cell<bool>,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) enum Upload {
    Empty,
    Stream(Incoming, Rc<Progress>),
}

impl Body for Upload {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::Empty => Poll::Ready(None),
            Self::Stream(incoming, progress) => {
                let frame = ready!(Pin::new(incoming).poll_frame(cx));
                progress.frames.set(progress.frames.get() + 1);
                Poll::Ready(match frame {
                    Some(Ok(frame)) => Some(Ok(match frame.into_trailers() {
                        Ok(mut trailers) => {
                            sift(&mut trailers);
                            Frame::trailers(trailers)
                        }
                        Err(data) => data,
                    })),
                    Some(Err(error)) => {
                        progress.failed.set(true);
                        Some(Err(error))
                    }
                    None => None,
                })
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Stream(incoming, _) => incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Stream(incoming, _) => incoming.size_hint(),
        }
    }
}

/// Takes out of a trailer what only a gateway may say, since some upstreams merge trailers into the head.
fn sift(trailers: &mut HeaderMap) {
    let bad: Vec<_> = trailers.keys().filter(|name| crate::headers::is_ours(name.as_str())).cloned().collect();
    for name in bad {
        trailers.remove(name);
    }
}

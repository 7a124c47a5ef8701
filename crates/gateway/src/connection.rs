//! One connection: HTTP/1.1, or HTTP/2 by prior knowledge, told apart by its first bytes.

use crate::call;
use crate::core::Core;
use crate::wire::{Guard, Protocol};
use hyper::rt::Executor;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::TcpStream;

/// The largest head that any configuration refuses no sooner than.
const LEAST_HEAD: usize = 8192;
/// Calls at once on one HTTP/2 connection.
const STREAMS: u32 = 128;
/// How often an HTTP/2 connection is asked for a sign of life, and how long it has.
const PING: Duration = Duration::from_secs(30);

/// Runs the tasks of HTTP/2 streams on this thread.
#[derive(Clone, Copy, Debug)]
struct Here;

impl<F> Executor<F> for Here
where
    F: Future + 'static,
{
    fn execute(&self, future: F) {
        tokio::task::spawn_local(async move {
            future.await;
        });
    }
}

/// Serves a connection to its end.
pub(crate) async fn serve(core: Rc<Core>, tcp: TcpStream, peer: SocketAddr) {
    let watched = core.watch(peer);
    let watch = Rc::clone(&watched.watch);
    let most = core.handle.config.max_header_bytes.max(LEAST_HEAD);
    let mut guard = Guard::new(tcp, Rc::clone(&watch), most);
    let Some(protocol) = guard.sniff().await else { return };
    let service = {
        let (core, link) = (Rc::clone(&core), Rc::new(call::Link::new(Rc::clone(&watch))));
        service_fn(move |request| {
            let (core, link) = (Rc::clone(&core), Rc::clone(&link));
            async move { Ok::<_, Infallible>(call::serve(core, link, request).await) }
        })
    };
    let io = TokioIo::new(guard);
    let ended = match protocol {
        Protocol::Http1 => {
            let mut builder = http1::Builder::new();
            // A little room, since the guard refuses with a better answer what is too large.
            builder.max_buf_size(most + LEAST_HEAD).pipeline_flush(true);
            let mut connection = pin!(builder.serve_connection(io, service));
            let mut told = false;
            std::future::poll_fn(|cx| {
                if core.is_closing() && !told {
                    told = true;
                    connection.as_mut().graceful_shutdown();
                }
                connection.as_mut().poll(cx)
            })
            .await
        }
        Protocol::Http2 => {
            let mut builder = http2::Builder::new(Here);
            builder
                .timer(TokioTimer::new())
                .keep_alive_interval(PING)
                .keep_alive_timeout(PING)
                .max_concurrent_streams(STREAMS)
                .max_header_list_size(u32::try_from(most).unwrap_or(u32::MAX));
            let mut connection = pin!(builder.serve_connection(io, service));
            let mut told = false;
            std::future::poll_fn(|cx| {
                if core.is_closing() && !told {
                    told = true;
                    connection.as_mut().graceful_shutdown();
                }
                let polled = connection.as_mut().poll(cx);
                if polled.is_pending() {
                    watch.remember(cx);
                }
                polled
            })
            .await
        }
    };
    if let Err(error) = ended {
        // The caller's doing, or the network's: of interest only when looking for it.
        tracing::debug!(target: "gateway", %peer, "a connection ended early: {error}");
    }
}

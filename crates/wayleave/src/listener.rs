//! Serving a router on a listener, with an end to every wait: nobody holds a connection by saying nothing, or little.

use axum::Router;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How long the head of a request may take, and how long a connection may idle before it.
pub const HEAD_PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait after a connection could not be accepted: the system may be out of file descriptors.
const BREATHER: Duration = Duration::from_millis(50);

/// Serves until `stopped` says `true`, and then until open requests are answered. A connection whose next request does
/// not begin and bring its whole head within `patience` is closed.
pub async fn serve(listener: TcpListener, router: Router, patience: Duration, mut stopped: watch::Receiver<bool>) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(patience).keep_alive_timeout(patience);
    let builder = Arc::new(builder);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // An error means that whoever could say so is gone.
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((tcp, peer)) => {
                let (builder, router, watcher) = (Arc::clone(&builder), router.clone(), graceful.watcher());
                let router = router.layer(axum::Extension(platform::web::Peer(peer.ip())));
                tokio::spawn(connection(builder, tcp, router, patience, watcher));
            }
            Err(error) => {
                tracing::warn!(%error, "listener.refused: a connection could not be accepted");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

async fn connection(
    builder: Arc<Builder<TokioExecutor>>,
    tcp: TcpStream,
    router: Router,
    patience: Duration,
    watcher: Watcher,
) {
    // Without it small answers wait for acknowledgements; a socket that refuses it still works.
    let _ = tcp.set_nodelay(true);
    let begun = Arc::new(AtomicBool::new(false));
    let service = {
        let (inner, begun) = (TowerToHyperService::new(router), Arc::clone(&begun));
        service_fn(move |request| {
            begun.store(true, Ordering::Relaxed);
            inner.call(request)
        })
    };
    let serving = watcher.watch(builder.serve_connection(TokioIo::new(tcp), service).into_owned());
    // The library waits without end for the bytes by which it tells HTTP/1 from HTTP/2.
    let overdue = async {
        tokio::time::sleep(patience).await;
        if begun.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = serving => {
            if let Err(error) = ended {
                // The caller's doing, or the network's: of interest only when looking for it.
                tracing::debug!(%error, "listener.ended: a connection ended early");
            }
        }
        () = overdue => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// What comes back for these first bytes before the server closes the connection.
    async fn said(bytes: &[u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = watch::channel(false);
        let router = Router::new().route("/", get(|| async { "here" }));
        let served = tokio::spawn(serve(listener, router, Duration::from_millis(50), stopped));
        let mut tcp = TcpStream::connect(address).await.expect("connects");
        tcp.write_all(bytes).await.expect("writes");
        let mut answer = Vec::new();
        // A reset is an end too.
        let _ = tcp.read_to_end(&mut answer).await;
        stop.send_replace(true);
        served.await.expect("ends");
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn a_connection_that_says_nothing_or_half_a_head_is_closed() {
        for little in ["", "P", "PRI * HTTP/2.0", "GET / HTTP/1.1\r\nHost: x\r\n"] {
            let answer = said(little.as_bytes()).await;
            assert!(!answer.contains("here"), "{little:?}: {answer}");
        }
    }

    #[tokio::test]
    async fn a_request_is_answered_and_an_idle_connection_closed_then() {
        let answer = said(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("here"), "{answer}");
    }
}

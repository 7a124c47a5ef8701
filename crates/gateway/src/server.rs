//! Starting and stopping: listeners, threads, runtimes.

use crate::connection;
use crate::core::Core;
use crate::{Config, Handle, StartError};
use socket2::{Domain, Protocol, Socket, Type};
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::watch;

/// Connections that may wait to be accepted, per thread.
const BACKLOG: i32 = 1024;
/// How often the housekeeping thread forgets what ended.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

/// A gateway that listens. Dropping it stops it at once; [`Running::shutdown`] lets calls end first.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    handle: Arc<Handle>,
    /// How long open calls may still take, once it has a value.
    closing: watch::Sender<Option<Duration>>,
    threads: Vec<JoinHandle<()>>,
    /// Each thread holds one until it is done.
    done: tokio::sync::mpsc::Receiver<()>,
    /// Dropped to end the housekeeping.
    _housekeeping: Sender<()>,
}

/// Starts a gateway: one thread with its own listener, runtime, connections and pools per core. It knows nothing
/// until rows are applied, so every call is answered `no-route` before that.
///
/// # Errors
/// [`StartError`] if the address cannot be listened on or no thread can be made.
pub fn start(config: Config) -> Result<Running, StartError> {
    let count = config.threads.max(1);
    let first = listen(config.listen)?;
    let listen_error = |source| StartError::Listen { address: config.listen, source };
    let address = first.local_addr().map_err(listen_error)?;
    let mut listeners = vec![first];
    for _ in 1..count {
        listeners.push(listen(address)?);
    }
    let handle = Arc::new(Handle::new(config, count));
    let (closing, closed) = watch::channel(None);
    let (finished, done) = tokio::sync::mpsc::channel(1);
    let mut threads = Vec::with_capacity(count);
    for (index, listener) in listeners.into_iter().enumerate() {
        let (handle, closed, finished) = (Arc::clone(&handle), closed.clone(), finished.clone());
        let run = move || {
            run(&handle, index, listener, closed);
            drop(finished);
        };
        let thread = thread::Builder::new().name(format!("gateway-{index}")).spawn(run).map_err(StartError::Thread)?;
        threads.push(thread);
    }
    let housekeeping = keep_house(Arc::clone(&handle)).map_err(StartError::Thread)?;
    Ok(Running { address, handle, closing, threads, done, _housekeeping: housekeeping })
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let bind = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
        socket.set_reuse_port(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        Ok(TcpListener::from(socket))
    };
    bind().map_err(|source| StartError::Listen { address, source })
}

/// Runs until what it returns is dropped.
fn keep_house(handle: Arc<Handle>) -> std::io::Result<Sender<()>> {
    let (sender, ended) = channel::<()>();
    thread::Builder::new().name("gateway-house".into()).spawn(move || {
        while matches!(ended.recv_timeout(HOUSEKEEPING), Err(RecvTimeoutError::Timeout)) {
            handle.sweep();
        }
    })?;
    Ok(sender)
}

fn run(handle: &Arc<Handle>, index: usize, listener: TcpListener, closed: watch::Receiver<Option<Duration>>) {
    let runtime = match Builder::new_current_thread().enable_all().build_local(LocalOptions::default()) {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(target: "gateway", "thread {index} has no runtime: {error}");
            return;
        }
    };
    let core = Rc::new(Core::new(Arc::clone(handle), index));
    runtime.block_on(serve(core, listener, closed));
}

async fn serve(core: Rc<Core>, listener: TcpListener, mut closed: watch::Receiver<Option<Duration>>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(target: "gateway", "the listener cannot be used: {error}");
            return;
        }
    };
    let sweep = tokio::task::spawn_local(Rc::clone(&core).sweep());
    let closing = async {
        // An error means that the gateway was dropped: nothing is waited for.
        closed.wait_for(Option::is_some).await.ok().and_then(|grace| *grace).unwrap_or_default()
    };
    let grace = tokio::select! {
        grace = closing => grace,
        () = accept(&core, &listener) => Duration::ZERO,
    };
    drop(listener);
    core.close();
    let ended = async {
        while core.connections() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // Whoever is not done within the grace is cut off.
    let _ = tokio::time::timeout(grace, ended).await;
    sweep.abort();
}

async fn accept(core: &Rc<Core>, listener: &tokio::net::TcpListener) {
    loop {
        match listener.accept().await {
            Ok((tcp, peer)) => {
                // Without it small answers wait for acknowledgements; a socket that refuses it still works.
                let _ = tcp.set_nodelay(true);
                tokio::task::spawn_local(connection::serve(Rc::clone(core), tcp, peer));
            }
            Err(error) => {
                // Out of file descriptors, or the caller is gone already. The former needs time to pass.
                tracing::warn!(target: "gateway", "a connection could not be accepted: {error}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where rows go in and records come out. It outlives the gateway.
    pub fn handle(&self) -> Arc<Handle> {
        Arc::clone(&self.handle)
    }

    /// Stops accepting, lets open calls end for `grace`, and returns when all threads are done.
    pub async fn shutdown(mut self, grace: Duration) {
        // Nobody listens any more only if every thread has ended already.
        let _ = self.closing.send(Some(grace));
        while self.done.recv().await.is_some() {}
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!(target: "gateway", "a gateway thread ended by a panic");
            }
        }
    }
}

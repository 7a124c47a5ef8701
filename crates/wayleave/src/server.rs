//! Wiring: the database, the control plane and the gateway become one running program.

use crate::config::Config;
use crate::listener::{HEAD_PATIENCE, serve};
use crate::outbound::{self, Outbound};
use crate::{console, first_login, master_key, operations};
use anyhow::{Context as _, Result};
use base::Clock;
use platform::{
    Cx, Platform, Settings, Shared, environment, grant, notice, project, search, subscription, usage, version, webhook,
};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::time::Duration;
use store::{Db, DbUrl};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// At most this many passwords are hashed at once.
const HASHING: usize = 2;
/// How long open calls may go on when the program ends.
const GRACE: Duration = Duration::from_secs(5);
/// How many decisions the gateway remembers.
const DECISIONS: usize = 10_000;

/// The running program.
pub struct Server {
    /// Where the control plane listens.
    pub control: SocketAddr,
    /// Where the gateway listens.
    pub gateway: SocketAddr,
    /// Where health and metrics are.
    pub operations: SocketAddr,
    /// Base address of the control plane.
    pub public_url: String,
    /// Base address of the gateway.
    pub gateway_url: String,
    /// Whether this start made the first administrator.
    pub first_start: bool,
    /// The control plane, for the demo and for tests.
    pub platform: Platform,
    running: gateway::Running,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Server {
    /// Starts everything; when it returns, all three listeners answer.
    ///
    /// # Errors
    /// An address is taken, the database cannot be opened, the master key is missing.
    pub async fn start(config: &Config, clock: Clock) -> Result<Self> {
        config.check()?;
        make_folder(&config.data)?;
        let control = bind("listen", config.listen).await?;
        let operations = bind("operations_listen", config.operations_listen).await?;
        let (control_address, operations_address) = (control.local_addr()?, operations.local_addr()?);
        let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{control_address}"));

        let (db, keys) = open_database(config).await?;
        let (running, gateway_url) =
            start_gateway(config, &clock, &keys, &public_url, &[control_address, operations_address])?;
        let handle = running.handle();
        let out = Outbound::prepare(config, &public_url)?;
        let own = vec![control_address, operations_address, running.address()];
        let webhooks = outbound::webhook_settings(config, own)?;
        let settings = Settings { mail: out.mail, webhooks, ..settings(config, &public_url, &gateway_url) };
        let platform = Platform::new(Shared {
            db,
            clock,
            keys,
            settings,
            sink: handle.clone(),
            records: handle,
            projected: watch::channel(0).0,
            readers: platform::reader::Positions::default(),
            hashing: Semaphore::new(HASHING),
            throttle: platform::user::Throttle::default(),
            signing: grant::KeyRing::default(),
            once: platform::once::Running::default(),
            mailer: out.mailer,
            couriers: out.couriers,
        });
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        // The projection follows the log from here on, so that the first writes are applied like any other.
        project::start(&platform).await?;
        tasks.spawn(project::run(platform.clone(), stopped.clone()));
        let first_start = first_writes(config, &platform).await?;
        run_beside(&mut tasks, &platform, &stopped);

        // Made before anybody is told that the program is ready: it takes a moment.
        let router = platform::router(&platform, console::files(config));
        tasks.spawn(serve(control, router, HEAD_PATIENCE, stopped.clone()));
        tasks.spawn(serve(operations, operations::router(platform.clone()), HEAD_PATIENCE, stopped));
        Ok(Self {
            control: control_address,
            gateway: running.address(),
            operations: operations_address,
            public_url,
            gateway_url,
            first_start,
            platform,
            running,
            stop,
            tasks,
        })
    }

    /// Ends everything in order: no new calls, open ones finish, what was counted is stored.
    pub async fn shutdown(mut self) {
        self.running.shutdown(GRACE).await;
        self.stop.send_replace(true);
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, finished).await.is_err() {
            tracing::warn!("server.slow_to_stop: connections were still open");
            self.tasks.shutdown().await;
        }
        self.platform.db.clone().close().await;
    }
}

/// What goes on by itself beside the listeners: readers of the log, senders, sweeps and clocks.
fn run_beside(tasks: &mut JoinSet<()>, platform: &Platform, stopped: &watch::Receiver<bool>) {
    tasks.spawn(notice::run(platform.clone(), stopped.clone()));
    tasks.spawn(notice::run_rounds(platform.clone(), stopped.clone()));
    tasks.spawn(notice::mail::run(platform.clone(), stopped.clone()));
    tasks.spawn(search::run(platform.clone(), stopped.clone()));
    tasks.spawn(webhook::run_reader(platform.clone(), stopped.clone()));
    tasks.spawn(webhook::run(platform.clone(), stopped.clone()));
    tasks.spawn(usage::run(platform.clone(), stopped.clone()));
    tasks.spawn(version::run(platform.clone(), stopped.clone()));
    tasks.spawn(platform::once::run(platform.clone(), stopped.clone()));
    tasks.spawn(platform::trail::run(platform.clone(), stopped.clone()));
    tasks.spawn(grant::run_sweep(platform.clone(), stopped.clone()));
    tasks.spawn(subscription::run(platform.clone(), stopped.clone()));
}

/// What every start makes sure of: signing keys, environments, an administrator. Answers whether it made the last.
async fn first_writes(config: &Config, platform: &Platform) -> Result<bool> {
    let cx = Cx::system(platform);
    grant::ensure_key(&cx).await.with_context(|| {
        let file = config.master_key_path();
        format!(
            "the signing keys cannot be opened; is {} the master key that this database began with?",
            file.display()
        )
    })?;
    environment::ensure_defaults(&cx).await?;
    first_login::ensure_administrator(platform, &config.data).await
}

/// The data folder, for its owner only.
fn make_folder(path: &Path) -> Result<()> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("cannot make the data folder {}", path.display()))
}

fn settings(config: &Config, public_url: &str, gateway_url: &str) -> Settings {
    Settings {
        public_url: public_url.to_owned(),
        gateway_url: gateway_url.to_owned(),
        registration: config.registration,
        access_token_seconds: config.access_token_seconds,
        session_seconds: config.session_seconds,
        session_absolute_seconds: config.session_absolute_seconds,
        console_dev_url: config.console_dev_url.clone(),
        mail: None,
        webhooks: webhook::WebhookSettings::default(),
    }
}

async fn bind(name: &str, address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "{name} = {address} cannot be used; is another program there? Set WAYLEAVE_{} to another address",
            name.to_uppercase()
        )
    })
}

/// The database, brought up to date, and the keys of what is encrypted in it.
async fn open_database(config: &Config) -> Result<(Db, base::secret::Keys)> {
    let url = config.database_url()?;
    let keys = master_key::load(&config.master_key_path(), matches!(url, DbUrl::Sqlite(_)))?;
    let db = Db::open(&url).await.context("the database cannot be opened")?;
    db.migrate().await.context("the database cannot be brought up to date")?;
    Ok((db, keys))
}

fn start_gateway(
    config: &Config,
    clock: &Clock,
    keys: &base::secret::Keys,
    public_url: &str,
    own: &[SocketAddr],
) -> Result<(gateway::Running, String)> {
    let threads = match config.gateway_threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    };
    // The audience is the gateway's own address, which is known only once it is bound.
    let (listen, kept) = settle_port(config.gateway_listen)?;
    let gateway_url = config.gateway_url.clone().unwrap_or_else(|| format!("http://{listen}"));
    let running = gateway::start(gateway::Config {
        listen,
        threads,
        issuer: public_url.to_owned(),
        audience: gateway_url.clone(),
        portal: public_url.to_owned(),
        keys: keys.clone(),
        clock: clock.clone(),
        sample_successes: config.decision_sample,
        decisions_kept: DECISIONS,
        upstream_connect_timeout: Duration::from_secs(5),
        upstream_response_timeout: Duration::from_secs(60),
        header_timeout: Duration::from_secs(10),
        max_header_bytes: 64 * 1024,
        cookies_to_strip: platform::pages::COOKIES.map(str::to_owned).into(),
        never_forward_to: own.to_vec(),
    })
    .with_context(|| {
        format!("gateway_listen = {listen} cannot be used; set WAYLEAVE_GATEWAY_LISTEN to another address")
    })?;
    drop(kept);
    Ok((running, gateway_url))
}

/// The address with a free port in the place of 0, and what keeps that port until the gateway has it. The gateway's
/// threads share their port, so the gateway itself would not notice another program there: this does.
fn settle_port(address: SocketAddr) -> Result<(SocketAddr, Option<TcpSocket>)> {
    let failed = || {
        format!(
            "gateway_listen = {address} cannot be used; is another program there? Set WAYLEAVE_GATEWAY_LISTEN to another address"
        )
    };
    if address.port() != 0 {
        drop(std::net::TcpListener::bind(address).with_context(failed)?);
        return Ok((address, None));
    }
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.with_context(failed)?;
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(true)?;
    socket.bind(address).with_context(failed)?;
    Ok((socket.local_addr()?, Some(socket)))
}

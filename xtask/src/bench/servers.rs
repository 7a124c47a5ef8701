//! The servers that take part, each started from its committed configuration and pinned to a core.

use crate::host;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The core of whatever is measured.
pub const SERVER_CORE: usize = 0;
/// The core of the load generator and the upstream.
pub const LOAD_CORE: usize = 1;

/// A started process; dropping it ends it, politely at first.
pub struct Server {
    child: Child,
}

impl Server {
    /// Starts `command` on `core`; what it prints goes to `log`.
    pub fn start(command: &Command, core: usize, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut pinned = Command::new("taskset");
        pinned.args(["--cpu-list", &core.to_string()]).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => pinned.env(name, value),
                None => pinned.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            pinned.current_dir(folder);
        }
        pinned.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let child = pinned.spawn().with_context(|| format!("cannot start {}", host::shown(command)))?;
        Ok(Self { child })
    }

    /// The process that everything of this server descends from (`taskset` has become it).
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until something listens at `address`; answers how long that took.
    pub fn listening(&mut self, address: SocketAddr) -> Result<Duration> {
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server for {address} ended with {status} before it listened");
            }
            if begun.elapsed() > Duration::from_secs(30) {
                bail!("nothing listens at {address} after 30 s");
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        Ok(begun.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let begun = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if begun.elapsed() > Duration::from_secs(5) {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// What the configurations of one run have in common.
pub struct Site {
    /// Where configurations, logs and data of the run are.
    pub folder: PathBuf,
    /// Port of the upstream.
    pub upstream: u16,
    /// The path before the upstream's own, such as `/bench/1`.
    pub prefix: String,
}

impl Site {
    /// The upstream, on the load generator's core.
    pub fn start_upstream(&self) -> Result<Server> {
        let config = self.fill("upstream.conf", 0)?;
        let mut server = Server::start(&nginx(&config, &self.folder)?, LOAD_CORE, &self.folder.join("upstream.out"))?;
        server.listening(local(self.upstream))?;
        Ok(server)
    }

    /// nginx with the API keys in a map: `keys` are `(key, client)`.
    pub fn start_nginx(&self, keys: &[(String, String)]) -> Result<(Server, SocketAddr)> {
        let lines = keys.iter().map(|(key, client)| format!("\"{key}\" {client};\n")).collect::<String>();
        std::fs::write(self.folder.join("nginx-keys.map"), lines)?;
        let port = host::free_port()?;
        let config = self.fill("nginx.conf", port)?;
        let server = Server::start(&nginx(&config, &self.folder)?, SERVER_CORE, &self.folder.join("nginx.out"))?;
        self.ready(server, port)
    }

    /// HAProxy with the API keys in a map: `keys` are `(key, client)`.
    pub fn start_haproxy(&self, keys: &[(String, String)]) -> Result<(Server, SocketAddr)> {
        let lines = keys.iter().map(|(key, client)| format!("{key} {client}\n")).collect::<String>();
        std::fs::write(self.folder.join("haproxy-keys.map"), lines)?;
        let port = host::free_port()?;
        let config = self.fill("haproxy.cfg", port)?;
        let mut command = Command::new(host::find_program("haproxy", &[]).context("haproxy is gone")?);
        command.arg("-f").arg(config);
        let server = Server::start(&command, SERVER_CORE, &self.folder.join("haproxy.out"))?;
        self.ready(server, port)
    }

    fn ready(&self, mut server: Server, port: u16) -> Result<(Server, SocketAddr)> {
        server.listening(local(port)).with_context(|| format!("its log is in {}", self.folder.display()))?;
        Ok((server, local(port)))
    }

    /// Writes `bench/{name}` with its words filled in to the run's folder.
    fn fill(&self, name: &str, port: u16) -> Result<PathBuf> {
        let text = std::fs::read_to_string(host::root().join("bench").join(name))?;
        let text = text.replace("@DIR@", &self.folder.to_string_lossy()).replace("@PORT@", &port.to_string());
        let text = text.replace("@UPSTREAM@", &self.upstream.to_string()).replace("@PREFIX@", &self.prefix);
        let file = self.folder.join(name);
        std::fs::write(&file, text)?;
        Ok(file)
    }
}

fn nginx(config: &Path, folder: &Path) -> Result<Command> {
    let mut command = Command::new(host::find_program("nginx", &[]).context("nginx is gone")?);
    command.arg("-p").arg(folder).arg("-c").arg(config);
    Ok(command)
}

/// A port of this machine, reached over loopback.
pub fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

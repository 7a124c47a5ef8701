//! The real program as a process of its own, for tests that kill it, restart it or read what it prints.

use crate::actor::Actor;
use base::random;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The last line that `serve` prints before it waits.
const STARTED: &str = "Ctrl-C ends it.";

/// An address that nobody listens on. Below the ports that systems give to outgoing calls, so that it stays free while
/// the program that uses it is down.
///
/// # Panics
/// No port is free.
pub fn free_address() -> SocketAddr {
    for _ in 0..1000 {
        let port = 10_000 + u16::from_be_bytes(random::bytes::<2>()) % 20_000;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no port between 10000 and 30000 is free");
}

/// The program with a folder, addresses and settings of its own. Dropping it kills what runs.
pub struct Program {
    binary: PathBuf,
    /// Where it runs; its data is in `data` below.
    pub folder: TempDir,
    /// The control listener.
    pub control: SocketAddr,
    /// The gateway's.
    pub gateway: SocketAddr,
    /// The operations listener.
    pub operations: SocketAddr,
    settings: BTreeMap<String, String>,
    running: Option<Running>,
}

struct Running {
    child: Child,
    stdout: Output,
    stderr: Output,
}

/// What a process that has ended left behind.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it logged or complained of.
    pub stderr: String,
}

/// A stream of the process, read by a thread so that the process never waits for its reader.
struct Output {
    text: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
}

impl Output {
    /// Tells `started` when the line that ends the start was read. Dropping it tells that there was none.
    fn read(stream: impl Read + Send + 'static, started: Option<oneshot::Sender<()>>) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let (kept, mut started) = (text.clone(), started);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let last = line == STARTED;
                kept.lock().unwrap_or_else(PoisonError::into_inner).push_str(&(line + "\n"));
                if let Some(sender) = started.take_if(|_| last) {
                    let _gone = sender.send(());
                }
            }
        });
        Self { text, reader }
    }

    fn so_far(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn whole(self) -> String {
        let _panicked = self.reader.join();
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Program {
    /// Settles folder and addresses of this binary; starts nothing yet.
    ///
    /// # Panics
    /// There is no room for a folder.
    pub fn new(binary: &str) -> Self {
        Self {
            binary: binary.into(),
            folder: TempDir::new().expect("a folder"),
            control: free_address(),
            gateway: free_address(),
            operations: free_address(),
            settings: BTreeMap::new(),
            running: None,
        }
    }

    /// Where it keeps its data.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Sets one setting by its name in the configuration; the empty text takes it back.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.insert(name.to_owned(), value.to_owned());
    }

    /// Puts its data into this database on PostgreSQL, with a master key of the test's.
    ///
    /// # Panics
    /// The key file cannot be written.
    pub fn on_postgres(&mut self, url: &str) {
        let key = self.folder.path().join("given.key");
        wayleave::master_key::write_private(&key, &"42".repeat(32)).expect("a key file");
        self.set("database", url);
        self.set("master_key_file", &key.display().to_string());
    }

    /// The command with the settings as variables and nothing else of this process's environment.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        let mut settings = BTreeMap::from([
            ("listen".to_owned(), self.control.to_string()),
            ("gateway_listen".to_owned(), self.gateway.to_string()),
            ("operations_listen".to_owned(), self.operations.to_string()),
            ("data".to_owned(), self.data().display().to_string()),
        ]);
        settings.extend(self.settings.clone());
        for (name, value) in settings.into_iter().filter(|(_, value)| !value.is_empty()) {
            command.env(format!("WAYLEAVE_{}", name.to_uppercase()), value);
        }
        command
    }

    /// Runs a command that ends by itself.
    ///
    /// # Panics
    /// It cannot be started.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).output().expect("the program can be run");
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts `serve`; when this returns it serves.
    ///
    /// # Panics
    /// It ends instead; the message shows what it printed.
    pub async fn start(&mut self) {
        let mut command = self.command(&["serve"]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be started");
        let (sender, started) = oneshot::channel();
        let stdout = Output::read(child.stdout.take().expect("its output"), Some(sender));
        let stderr = Output::read(child.stderr.take().expect("its errors"), None);
        self.running = Some(Running { child, stdout, stderr });
        if started.await.is_err() {
            panic!("the program does not start: {:?}", self.ended());
        }
    }

    /// Kills it (SIGKILL): it learns nothing of it.
    ///
    /// # Panics
    /// It was not running.
    pub fn kill(&mut self) -> Ended {
        self.running.as_mut().expect("it runs").child.kill().expect("it can be killed");
        self.ended()
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    ///
    /// # Panics
    /// It was not running.
    pub fn stop(&mut self) -> Ended {
        let pid = self.running.as_ref().expect("it runs").child.id();
        // The shell's own `kill`: sending a signal oneself takes unsafe code or one more dependency.
        let sent = Command::new("sh").args(["-c", &format!("kill -TERM {pid}")]).status().expect("a shell");
        assert!(sent.success(), "the signal was not sent");
        self.ended()
    }

    fn ended(&mut self) -> Ended {
        let Running { mut child, stdout, stderr } = self.running.take().expect("it runs");
        let status = child.wait().expect("it ends");
        Ended { code: status.code(), stdout: stdout.whole(), stderr: stderr.whole() }
    }

    /// What it has printed and logged since it was started.
    ///
    /// # Panics
    /// It was not running.
    pub fn output(&self) -> (String, String) {
        let running = self.running.as_ref().expect("it runs");
        (running.stdout.so_far(), running.stderr.so_far())
    }

    /// Somebody who has not signed in.
    pub fn nobody(&self) -> Actor {
        Actor::at(self.control)
    }

    /// The site administrator, with a personal access token, by the password of the first start.
    ///
    /// # Panics
    /// The file is missing, or what is in it does not work.
    pub async fn admin(&self) -> Actor {
        let (name, password) = first_login(&self.data());
        crate::app::sign_in(&self.nobody(), &name, &password).await
    }
}

/// The name and the password in the file of the first start.
///
/// # Panics
/// There is none.
fn first_login(data: &Path) -> (String, String) {
    let text = std::fs::read_to_string(wayleave::first_login::path(data)).expect("the first log-in");
    let (name, password) = text.trim().split_once(' ').expect("name and password");
    (name.to_owned(), password.to_owned())
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(running) = &mut self.running {
            let _ended_already = running.child.kill();
            let _reaped = running.child.wait();
        }
    }
}

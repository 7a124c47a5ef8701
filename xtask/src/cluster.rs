//! A PostgreSQL server of our own for the length of a test run: on loopback, in a temporary folder, never as root.
//!
//! A small shell script owns the server and the folder. It waits on its standard input, which this process holds open; when
//! this process ends, in whatever way (done, panic, Ctrl-C, SIGKILL), the kernel closes that input and the script stops the
//! server and removes the folder. So there is no signal handler here, and nothing can be left behind.

use crate::host;
use anyhow::{Context, Result, anyhow, bail};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

/// What `initdb` and `postgres` are run by. Arguments: folder of the programs, port.
const KEEPER: &str = include_str!("cluster.sh");

/// A running server. Dropping it stops the server and removes its files.
pub struct Cluster {
    keeper: Child,
    /// Closing this is what ends the keeper.
    leash: Option<ChildStdin>,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts a server, after installing PostgreSQL where it is missing and may be installed.
    ///
    /// # Errors
    /// When there is no PostgreSQL and we may not install it, or the server does not come up.
    pub fn start() -> Result<Self> {
        let programs = programs()?;
        let mut last = anyhow!("never tried");
        // The port may be taken between finding and using it.
        for _ in 0..3 {
            match Self::start_on(&programs, host::free_port()?) {
                Ok(cluster) => return Ok(cluster),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn start_on(programs: &Path, port: u16) -> Result<Self> {
        let mut command = unprivileged("sh")?;
        command.args(["-c", KEEPER, "wayleave-postgres"]).arg(programs).arg(port.to_string());
        // In a group of its own, so that Ctrl-C at the terminal does not reach it before it can tidy up.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = command.spawn().context("cannot start a shell for PostgreSQL")?;
        let leash = keeper.stdin.take();
        let out = keeper.stdout.take().ok_or_else(|| anyhow!("the shell for PostgreSQL has no output"))?;
        let mut cluster = Self { keeper, leash, programs: programs.to_path_buf(), port };
        let mut answer = String::new();
        BufReader::new(out).read_line(&mut answer)?;
        if answer.trim() != "ready" {
            cluster.stop();
            bail!("PostgreSQL did not start on port {port}; its own words are above");
        }
        Ok(cluster)
    }

    /// The address of the database that every server has.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Makes a new empty database and answers its address.
    pub fn create(&self, database: &str) -> Result<String> {
        let mut command = Command::new(self.programs.join("createdb"));
        command.args(["-h", "127.0.0.1", "-U", "postgres", "-p"]).arg(self.port.to_string()).arg(database);
        host::output(&mut command)?;
        Ok(self.url_of(database))
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn stop(&mut self) {
        drop(self.leash.take());
        let _ = self.keeper.wait();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The folder with `initdb` and `postgres`: the newest that Debian has installed, else the one on the search path.
fn programs() -> Result<PathBuf> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    host::apt_install(&["postgresql"], "PostgreSQL")?;
    installed()
        .ok_or_else(|| anyhow!("PostgreSQL was installed, yet no `initdb` is in /usr/lib/postgresql/*/bin or on PATH"))
}

fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders = versions.map(|version| version.path().join("bin")).collect::<Vec<_>>();
    folders.sort_by_key(|folder| {
        let name = folder.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        std::cmp::Reverse(name.parse::<u32>().unwrap_or(0))
    });
    let initdb = host::find_program("initdb", &folders)?;
    // Some machines link the programs into a folder of the search path; their companions are where the link points to.
    let folder = initdb.canonicalize().ok()?.parent()?.to_path_buf();
    ["postgres", "pg_isready", "createdb"].iter().all(|name| folder.join(name).is_file()).then_some(folder)
}

/// A command that runs as nobody special: as we are, or, if that is root, as `postgres` or `nobody`.
fn unprivileged(program: &str) -> Result<Command> {
    if !host::is_root() {
        return Ok(Command::new(program));
    }
    let accounts = std::fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let exists = |name: &&&str| accounts.lines().any(|line| line.starts_with(&format!("{name}:")));
    let Some(user) = ["postgres", "nobody"].iter().find(exists) else {
        bail!(
            "PostgreSQL refuses to run as root, and there is no user postgres or nobody. Run: adduser --system postgres"
        );
    };
    let mut command = if let Some(setpriv) = host::find_program("setpriv", &[]) {
        let mut command = Command::new(setpriv);
        let group = primary_group(&accounts, user).unwrap_or_default();
        command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).args(["--init-groups", "--"]);
        command
    } else {
        let mut command = Command::new("runuser");
        command.args(["-u", user, "--"]);
        command
    };
    command.arg(program);
    Ok(command)
}

fn primary_group(accounts: &str, user: &str) -> Option<String> {
    let line = accounts.lines().find(|line| line.starts_with(&format!("{user}:")))?;
    line.split(':').nth(3).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_of_a_user_is_read_from_the_accounts() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\npostgres:x:101:104:,,,:/var/lib/postgresql:/bin/sh\n";
        assert_eq!(primary_group(accounts, "postgres").as_deref(), Some("104"));
        assert_eq!(primary_group(accounts, "post"), None);
    }
}

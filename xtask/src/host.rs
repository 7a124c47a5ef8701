//! The machine that the chores run on: where the repository is, which programs are there, and how to get those that are not.

use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the repository: the folder above this crate.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// An environment variable, when it is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "chores are told by their environment; the product reads its own in one place"
)]
pub fn env(name: &str) -> Option<OsString> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).map(OsString::from)
}

/// The first file called `program` in one of `folders` or on the search path.
pub fn find_program(program: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = env("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).collect::<Vec<_>>();
    // Debian keeps servers in sbin, which the search path of an ordinary user leaves out.
    let system = [PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")];
    folders.iter().chain(&on_path).chain(&system).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Whether we are root, read from the owner of our own process in `/proc`.
pub fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter_map(|line| line.strip_prefix("Uid:")).any(|ids| ids.split_whitespace().nth(1) == Some("0"))
}

/// Installs Debian packages, or fails with the command that would.
pub fn apt_install(packages: &[&str], because: &str) -> Result<()> {
    let command = format!("apt-get install -y {}", packages.join(" "));
    let Some(apt) = find_program("apt-get", &[]) else {
        bail!("{because} is missing. On Debian: sudo {command}");
    };
    if !is_root() {
        bail!("{because} is missing. Run: sudo {command}");
    }
    println!("{because} is missing: running {command}");
    let install = || quietly(&apt, &[&["install", "-y", "--no-install-recommends"], packages].concat());
    if install() {
        return Ok(());
    }
    // A new machine has no package lists yet, an old one has stale ones.
    if quietly(&apt, &["update"]) && install() {
        return Ok(());
    }
    bail!("{because} could not be installed. Try: {command}")
}

fn quietly(program: &Path, args: &[&str]) -> bool {
    let log = Command::new(program)
        .args(args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status();
    log.is_ok_and(|status| status.success())
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// What a finished program wrote to standard output; its failure is an error with what it wrote to standard error.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let shown = shown(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {shown}"))?;
    if !output.status.success() {
        bail!("{shown} ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(output.stdout)
}

/// Runs a program whose output is for the person who looks on; answers whether it succeeded.
pub fn succeeds(command: &mut Command) -> Result<bool> {
    let shown = shown(command);
    Ok(command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {shown}"))?.success())
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// A process and all below it.
pub fn tree(root: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parents = numbers.filter_map(|process| Some((process, stat(process, 1)?))).collect::<Vec<_>>();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, above)| *above == u64::from(parent)).map(|(process, _)| *process));
        next += 1;
    }
    found
}

/// One number of `/proc/{process}/stat`, counted from the one after the name (0: state, 1: parent, 11: utime, 12: stime).
pub fn stat(process: u32, field: usize) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    fields.split_whitespace().nth(field)?.parse().ok()
}

/// Ends a process and all below it, at once.
pub fn end(root: u32) {
    let processes = tree(root).into_iter().map(|process| process.to_string());
    let _ = Command::new("kill").arg("-KILL").args(processes).stderr(Stdio::null()).status();
}

//! The web console: Node for it, its packages, its build, and its tests in a real browser.

use crate::tally::{self, Count, Runner, Summary};
use crate::{cargo, host};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest Node that the console's tools run on: 20.19.
const NODE: (u32, u32) = (20, 19);
/// What `gen` writes of the console.
pub const SCHEMA: &str = "console/src/client/schema.d.ts";

fn folder() -> PathBuf {
    host::root().join("console")
}

/// A script of the console's `package.json`.
fn script(name: &str, more: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder()).args(["run", "--silent", name]);
    if !more.is_empty() {
        command.arg("--").args(more);
    }
    // What it prints is read, and shown as it comes.
    command.env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    command
}

/// Sees to Node and npm, and says what to do where it cannot.
///
/// # Errors
/// They are missing or too old and cannot be installed here.
pub fn node() -> Result<()> {
    if ["node", "npm"].iter().any(|tool| host::find_program(tool, &[]).is_none()) {
        host::apt_install(&["nodejs", "npm"], "Node, which builds the console,")?;
    }
    let text = String::from_utf8(host::output(Command::new("node").arg("--version"))?)?;
    let text = text.trim();
    if version(text).is_none_or(|found| found < NODE) {
        let (major, minor) = NODE;
        bail!(
            "Node is {text}; the console needs {major}.{minor} or newer. Debian 13 has it; or install it by hand and put it on the PATH"
        );
    }
    Ok(())
}

/// Major and minor number of `v20.19.2`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim_start_matches('v').split('.').map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// A copy of the lock file that the packages were installed from, in their own folder, so that it goes when they go.
fn stamp() -> PathBuf {
    folder().join("node_modules/.installed-from.json")
}

/// Installs the console's packages as its lock file names them, unless they are there already.
///
/// # Errors
/// There is no Node, or npm cannot install them.
pub fn install() -> Result<()> {
    node()?;
    let wanted = std::fs::read(folder().join("package-lock.json")).context("console/package-lock.json")?;
    if std::fs::read(stamp()).ok().as_deref() == Some(&wanted) {
        return Ok(());
    }
    println!("Installing the console's packages ...");
    let mut command = Command::new("npm");
    command.current_dir(folder()).arg("ci");
    if !host::succeeds(&mut command)? {
        bail!("{} failed", host::shown(&command));
    }
    std::fs::write(stamp(), wanted)?;
    Ok(())
}

/// Builds the console into `console/dist`.
///
/// # Errors
/// There is no Node, or the console does not build.
pub fn build() -> Result<()> {
    install()?;
    let mut command = script("build", &[]);
    if !host::succeeds(&mut command)? {
        bail!("{} failed", host::shown(&command));
    }
    Ok(())
}

/// Builds the console if that is possible here; says so if it is not, and goes on without.
pub fn build_if_possible() {
    if let Err(error) = build() {
        println!("The console was not built: {error:#}\nEverything else works; its page says how to build it.");
    }
}

/// Types, lint and format; unit tests; build and sizes.
pub fn checks(summary: &mut Summary) {
    if let Err(error) = install() {
        summary.step("console", || Err(error));
        return;
    }
    summary.step("console: types and lint", || passes(&mut script("check", &[])));
    summary.step("console: unit tests", || tally::watch(Runner::Vitest, &mut script("test", &[])));
    summary.step("console: build and budgets", || {
        let mut count = passes(&mut script("build", &[]))?;
        count.add(&tally::watch(Runner::Console, &mut script("budget", &[]))?);
        Ok(count)
    });
}

/// Types, lint and format, if the console's packages are there already.
pub fn quick_checks(summary: &mut Summary) {
    if stamp().is_file() {
        summary.step("console: types and lint", || passes(&mut script("check", &[])));
    } else {
        summary.skip("console: types and lint", "its packages are not installed; `cargo xtask console` installs them");
    }
}

/// The tests in Debian's Chromium, against this program.
pub fn browser_tests(summary: &mut Summary, program: &Path) {
    summary.step("console: browser tests", || {
        install()?;
        if host::find_program("chromium", &[]).is_none() {
            host::apt_install(&["chromium"], "Chromium, which the console is tested in,")?;
        }
        tally::watch(Runner::Console, script("e2e", &[]).env("WAYLEAVE_BIN", program))
    });
}

fn passes(command: &mut Command) -> Result<Count> {
    let passed = host::succeeds(command)?;
    let names = if passed { Vec::new() } else { vec![host::shown(command)] };
    Ok(Count { names, ..Count::one(passed) })
}

/// Writes the types of our own interface from `openapi.json`. Answers whether that is possible here.
///
/// # Errors
/// The document cannot be read by the generator.
pub fn write_schema() -> Result<bool> {
    if let Err(error) = install() {
        println!("{SCHEMA} stays as it is: {error:#}");
        return Ok(false);
    }
    let mut command = script("gen", &[]);
    host::output(&mut command)?;
    Ok(true)
}

/// Whether the types are as `openapi.json` would have them; where there is no Node that stays open.
pub fn schema_is_stale() -> bool {
    if let Err(error) = install() {
        println!("{SCHEMA} is not compared: {error:#}");
        return false;
    }
    host::output(&mut script("gen", &["--check"])).is_err()
}

/// The demo with a console that follows its source: Vite beside the program, until either ends.
///
/// # Errors
/// Node is missing, or something does not start.
pub fn dev(args: &[String]) -> Result<()> {
    install()?;
    let program = cargo::wayleave(false)?;
    let port = host::free_port()?.to_string();
    let mut vite = script("dev", &["--host", "127.0.0.1", "--port", &port, "--strictPort"]);
    let mut vite = vite.stdin(Stdio::null()).spawn().context("cannot start Vite")?;
    let mut demo = Command::new(program);
    demo.arg("demo").args(args).current_dir(host::root());
    demo.env("WAYLEAVE_CONSOLE", folder()).env("WAYLEAVE_CONSOLE_DEV_URL", format!("http://127.0.0.1:{port}"));
    // Ctrl-C reaches both; the program ends in order, and whatever is left of Vite goes then.
    let ended = demo.status();
    host::end(vite.id());
    vite.wait()?;
    let ended = ended.with_context(|| format!("cannot start {}", host::shown(&demo)))?;
    if !ended.success() {
        bail!("{} ended with {ended}", host::shown(&demo));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_read() {
        assert_eq!(version("v20.19.2"), Some((20, 19)));
        assert!(version("v18.20.4").is_some_and(|found| found < NODE));
        assert!(version("v22.0.0").is_some_and(|found| found >= NODE));
        assert_eq!(version("unknown"), None);
    }
}

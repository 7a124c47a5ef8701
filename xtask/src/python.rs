//! What the tests talk to that others have written in Python: a mail server, a library that verifies webhooks.

use crate::host;
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// Where the tests look for the interpreter; without it they use what the test kit has of its own.
pub const PYTHON: &str = "WAYLEAVE_TEST_PYTHON";

/// What is installed, with exact versions.
const WANTED: &str = "scripts/python/requirements.txt";

/// The interpreter of an environment with all of it, made where it is missing or stale.
///
/// # Errors
/// There is no Python, or its packages cannot be had.
pub fn prepare() -> Result<PathBuf> {
    if host::find_program("python3", &[]).is_none() {
        host::apt_install(
            &["python3", "python3-venv"],
            "Python, in which others have written what we are tested against,",
        )?;
    }
    let folder = host::root().join("target/python");
    let python = folder.join("bin/python");
    let wanted = std::fs::read(host::root().join(WANTED)).context(WANTED)?;
    let stamp = folder.join("installed-from.txt");
    if python.is_file() && std::fs::read(&stamp).ok().as_deref() == Some(&wanted) {
        return Ok(python);
    }
    println!("Installing what the tests talk to in Python ...");
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    if !host::succeeds(&mut make)? {
        host::apt_install(&["python3-venv"], "Python's `venv`")?;
        if !host::succeeds(&mut make)? {
            bail!("{} failed", host::shown(&make));
        }
    }
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    if !host::succeeds(install.arg(host::root().join(WANTED)))? {
        bail!("{} failed", host::shown(&install));
    }
    std::fs::write(stamp, wanted)?;
    Ok(python)
}

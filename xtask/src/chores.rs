//! The small chores: try it out, and make a release.

use crate::{cargo, console, host};
use anyhow::{Result, bail};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Builds the program and becomes `wayleave demo`, so that Ctrl-C and the exit code are its own.
pub fn demo(args: &[String]) -> Result<()> {
    // The cryptography and SQLite are C: Rust's own linker driver may be there without the headers.
    if host::find_program("cc", &[]).is_none() {
        host::apt_install(&["gcc", "libc6-dev"], "A C compiler")?;
    }
    console::build_if_possible();
    println!("Building Wayleave (the first time takes some minutes) ...");
    let program = cargo::wayleave(false)?;
    let mut demo = Command::new(program);
    demo.arg("demo").args(args);
    let error = demo.exec();
    bail!("cannot start {}: {error}", host::shown(&demo))
}

/// Builds the release binary with the console in it, strips it, and says where it is and how large.
pub fn dist() -> Result<()> {
    console::build()?;
    let program = cargo::wayleave(true)?;
    let folder = host::root().join("target/dist");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("wayleave");
    std::fs::copy(&program, &file)?;
    let before = std::fs::metadata(&file)?.len();
    if host::find_program("strip", &[]).is_none() {
        host::apt_install(&["binutils"], "`strip`")?;
    }
    host::output(Command::new("strip").arg(&file))?;
    let after = std::fs::metadata(&file)?.len();
    println!("{}  {:.1} MB (before stripping {:.1} MB)", file.display(), megabytes(after), megabytes(before));
    Ok(())
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

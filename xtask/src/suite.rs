//! The test commands: everything (`test`), the quick part (`check`), and the tour alone.

use crate::cluster::Cluster;
use crate::tally::{self, Count, Runner, Summary};
use crate::{cargo, console, generate, host, python};
use anyhow::{Result, anyhow, bail};
use cargo_metadata::Artifact;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the tests look for PostgreSQL; without it they use SQLite.
const DATABASE: &str = "WAYLEAVE_TEST_DATABASE";

/// How to run everything.
#[derive(Args, Debug, Default)]
pub struct TestOptions {
    /// Leave PostgreSQL out
    #[arg(long)]
    sqlite_only: bool,
    /// Leave the console out: needs no Node and no browser
    #[arg(long)]
    without_console: bool,
    /// Leave out what others have written in Python and is tested against
    #[arg(long)]
    without_python: bool,
    /// Install cargo-deny if it is missing (it takes some minutes to build)
    #[arg(long)]
    deny: bool,
}

/// Runs every test on both databases and prints the sum. Answers whether all is well.
pub fn test(options: &TestOptions) -> Result<bool> {
    let mut summary = Summary::default();
    // First of all, so that a machine that cannot do it says so at once and not after ten minutes of building.
    let cluster = if options.sqlite_only { None } else { Some(Cluster::start()?) };
    let python = if options.without_python { None } else { Some(python::prepare()?) };
    if python.is_none() {
        summary.skip("mail server and webhook library of others", "as asked by --without-python");
    }
    let python = python.as_deref();
    summary.step("format", || passes(cargo::command(&["fmt", "--all", "--check"])));
    if options.without_console {
        summary.skip("console", "as asked by --without-console");
    } else {
        console::checks(&mut summary);
    }
    summary.step("tests on SQLite", || tally::watch(Runner::Cargo, told_of(&mut workspace_tests(&[]), python)));
    let artifacts = cargo::build(&["test", "--workspace", "--no-run"]).unwrap_or_default();
    match &cluster {
        Some(cluster) => summary.step("tests on PostgreSQL", || on_postgres(&artifacts, cluster, python)),
        None => summary.skip("tests on PostgreSQL", "as asked by --sqlite-only"),
    }
    let program = cargo::program(&artifacts, "wayleave").map_or_else(|| cargo::wayleave(false), Ok);
    match program {
        Ok(program) => {
            tours(&mut summary, &program, cluster.as_ref());
            if !options.without_console {
                console::browser_tests(&mut summary, &program);
            }
            summary.step("generated files", || generated(&program));
        }
        Err(error) => summary.step("the program", || Err(error)),
    }
    drop(cluster);
    summary.step("clippy", || passes(clippy()));
    deny(&mut summary, options.deny);
    Ok(summary.print())
}

/// The quick checks: what a commit should not be made without. Answers whether all is well.
pub fn check() -> Result<bool> {
    let mut summary = Summary::default();
    summary.step("format", || passes(cargo::command(&["fmt", "--all", "--check"])));
    summary.step("clippy", || passes(clippy()));
    console::quick_checks(&mut summary);
    summary.step("house rules", || {
        tally::watch(Runner::Cargo, &mut cargo::command(&["test", "--quiet", "--package", "xtask", "--test", "tidy"]))
    });
    summary.step("unit tests on SQLite", || tally::watch(Runner::Cargo, &mut workspace_tests(&["--lib", "--bins"])));
    Ok(summary.print())
}

/// The README's tour on both databases. Answers whether both went through.
pub fn tour() -> Result<bool> {
    let mut summary = Summary::default();
    let program = cargo::wayleave(false)?;
    let cluster = Cluster::start()?;
    tours(&mut summary, &program, Some(&cluster));
    drop(cluster);
    Ok(summary.print())
}

fn workspace_tests(more: &[&str]) -> Command {
    let mut command = cargo::command(&["test", "--workspace", "--no-fail-fast"]);
    command.args(more).env_remove(DATABASE);
    command
}

/// Tells the tests where the Python is that has what others have written.
fn told_of<'a>(command: &'a mut Command, python: Option<&Path>) -> &'a mut Command {
    match python {
        Some(python) => command.env(python::PYTHON, python),
        None => command.env_remove(python::PYTHON),
    }
}

fn clippy() -> Command {
    cargo::command(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])
}

fn passes(mut command: Command) -> Result<Count> {
    let passed = host::succeeds(&mut command)?;
    let names = if passed { Vec::new() } else { vec![host::shown(&command)] };
    Ok(Count { names, ..Count::one(passed) })
}

/// Runs the test programs of every crate that can reach a database once more, now against PostgreSQL. They are the same files:
/// another call of Cargo with fewer packages would build them again with other features.
fn on_postgres(artifacts: &[Artifact], cluster: &Cluster, python: Option<&Path>) -> Result<Count> {
    let metadata = cargo::metadata(Some(&cargo::host_triple()?))?;
    let databased = cargo::dependents(&metadata, "store");
    let mut count = Count::default();
    let mut ran = false;
    for artifact in artifacts.iter().filter(|artifact| artifact.profile.test) {
        let package = metadata.packages.iter().find(|package| package.id == artifact.package_id);
        let (Some(package), Some(executable)) = (package, &artifact.executable) else { continue };
        if !databased.contains(package.name.as_str()) {
            continue;
        }
        println!("\n{} of {} on PostgreSQL", artifact.target.name, package.name);
        let folder = package.manifest_path.parent().ok_or_else(|| anyhow!("{} has no folder", package.name))?;
        let mut command = Command::new(executable);
        command.current_dir(folder).env("CARGO_MANIFEST_DIR", folder).env("CARGO_PKG_NAME", package.name.as_str());
        for program in artifacts.iter().filter(|artifact| !artifact.profile.test) {
            if let Some(path) = &program.executable {
                command.env(format!("CARGO_BIN_EXE_{}", program.target.name), path);
            }
        }
        count.add(&tally::watch(Runner::Cargo, told_of(command.env(DATABASE, cluster.url()), python))?);
        ran = true;
    }
    if !ran {
        bail!("there is no test program to run on PostgreSQL; the build has failed, or nothing uses the store");
    }
    Ok(count)
}

/// Runs the tour on SQLite and, if there is a server, on PostgreSQL.
fn tours(summary: &mut Summary, program: &Path, cluster: Option<&Cluster>) {
    let script = host::root().join("scripts/tour.sh");
    if !script.is_file() {
        summary.skip("tour", "there is no scripts/tour.sh");
        return;
    }
    summary.step("tour on SQLite", || run_tour(&script, program, None));
    if let Some(cluster) = cluster {
        summary.step("tour on PostgreSQL", || run_tour(&script, program, Some(cluster.create("wayleave_tour")?)));
    }
}

fn run_tour(script: &PathBuf, program: &Path, database: Option<String>) -> Result<Count> {
    for tool in ["bash", "curl"] {
        if host::find_program(tool, &[]).is_none() {
            host::apt_install(&[tool, "ca-certificates"], &format!("`{tool}`"))?;
        }
    }
    let mut command = Command::new("bash");
    command.arg(script).arg(program).args(database);
    passes(command)
}

fn generated(program: &Path) -> Result<Count> {
    let stale = generate::stale(program)?;
    for path in &stale {
        println!("{} is stale; run: cargo xtask gen", path.display());
    }
    let names = stale.iter().map(|path| format!("{} is not as `cargo xtask gen` writes it", path.display())).collect();
    Ok(Count { names, ..Count::one(stale.is_empty()) })
}

/// Licences are always checked by a house rule; cargo-deny adds bans, sources and, where it can fetch them, advisories.
fn deny(summary: &mut Summary, install: bool) {
    let installed = host::find_program("cargo-deny", &[]).is_some();
    if !installed && !install {
        summary.skip("cargo-deny", "not installed; `cargo xtask test --deny` installs it");
        return;
    }
    summary.step("cargo-deny", || {
        if !installed && !host::succeeds(&mut cargo::command(&["install", "cargo-deny", "--locked"]))? {
            bail!("cargo install cargo-deny --locked failed");
        }
        let mut check = cargo::command(&["deny", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]);
        // The advisories come from outside; a machine that cannot reach them can still check the rest.
        if host::output(&mut cargo::command(&["deny", "fetch", "db"])).is_ok() {
            check.arg("advisories");
        } else {
            println!("the advisory database cannot be fetched here: advisories are left out");
        }
        passes(check)
    });
}

//! Cargo, called from a program that Cargo itself has started.

use crate::host;
use anyhow::{Context, Result, anyhow, bail};
use cargo_metadata::{Artifact, CargoOpt, Message, Metadata, MetadataCommand, TargetKind};
use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A Cargo command at the root of the repository.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(host::env("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(host::root()).args(args);
    // Cargo tells us about *this* package; build scripts further down must not take that for their own.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "OUT_DIR" {
            command.env_remove(name);
        }
    }
    command
}

/// The workspace and everything that it depends on, on the machine that `target` names (all machines without one).
///
/// # Errors
/// When Cargo.lock would have to change, or a package cannot be read.
pub fn metadata(target: Option<&str>) -> Result<Metadata> {
    let mut options = vec!["--locked".to_owned()];
    if let Some(target) = target {
        options.extend(["--filter-platform".to_owned(), target.to_owned()]);
    }
    let mut query = MetadataCommand::new();
    query.manifest_path(host::root().join("Cargo.toml")).features(CargoOpt::SomeFeatures(Vec::new()));
    query.other_options(options).exec().context("cargo metadata failed")
}

/// The machine that this compiler builds for, as `x86_64-unknown-linux-gnu`.
pub fn host_triple() -> Result<String> {
    let rustc = host::env("RUSTC").unwrap_or_else(|| "rustc".into());
    let text = String::from_utf8(host::output(Command::new(rustc).arg("-vV"))?)?;
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| anyhow!("rustc -vV does not name its host"))
}

/// Builds, and answers what came out of it. Compiler messages go to the terminal.
///
/// # Errors
/// When something does not compile.
pub fn build(args: &[&str]) -> Result<Vec<Artifact>> {
    let mut command = command(args);
    command.arg("--message-format=json-render-diagnostics").stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot start cargo")?;
    let out = child.stdout.take().ok_or_else(|| anyhow!("cargo has no output"))?;
    let mut artifacts = Vec::new();
    for message in Message::parse_stream(BufReader::new(out)) {
        if let Message::CompilerArtifact(artifact) = message? {
            artifacts.push(artifact);
        }
    }
    if !child.wait()?.success() {
        bail!("{} failed: mend the errors above", host::shown(&command));
    }
    Ok(artifacts)
}

/// The program or example called `name` among the things built, not its test harness.
pub fn program(artifacts: &[Artifact], name: &str) -> Option<PathBuf> {
    let kinds = [[TargetKind::Bin], [TargetKind::Example]];
    let is_program =
        |a: &&Artifact| !a.profile.test && a.target.name == name && kinds.iter().any(|k| a.target.kind == *k);
    artifacts.iter().filter(is_program).find_map(|a| a.executable.clone()).map(PathBuf::from)
}

/// Builds the program `wayleave` and answers where it is.
pub fn wayleave(release: bool) -> Result<PathBuf> {
    let mut args = vec!["build", "--package", "wayleave", "--bin", "wayleave"];
    if release {
        args.push("--release");
    }
    program(&build(&args)?, "wayleave").ok_or_else(|| anyhow!("cargo built no program called wayleave"))
}

/// The members of the workspace that use `of`, in whatever way and over however many steps; tests included.
pub fn dependents(metadata: &Metadata, of: &str) -> BTreeSet<String> {
    let members = metadata.workspace_packages();
    let mut found = BTreeSet::from([of.to_owned()]);
    loop {
        let uses =
            |p: &&&cargo_metadata::Package| p.dependencies.iter().any(|d| d.path.is_some() && found.contains(&d.name));
        let next = members.iter().filter(uses).map(|p| p.name.to_string()).collect::<BTreeSet<_>>();
        let size = found.len();
        found.extend(next);
        if found.len() == size {
            return found;
        }
    }
}

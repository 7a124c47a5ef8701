//! The committed files that are generated: each is written by the program itself, or by Cargo, and never by hand.

use crate::{cargo, closure, console, host};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of generated pages, in which nothing else may be.
const REFERENCE: &str = "docs/reference";
/// The list of what is linked into the gateway.
pub const CLOSURE: &str = "crates/gateway/deps.txt";

/// Writes every generated file.
pub fn write() -> Result<()> {
    // First what needs no program: it is there even while the program does not compile.
    replace(Path::new(CLOSURE), closure::text()?.as_bytes())?;
    let program = cargo::wayleave(false)?;
    for (path, text) in expected(&program)? {
        replace(&path, &text)?;
    }
    for stray in strays(&program)? {
        std::fs::remove_file(host::root().join(&stray))?;
        println!("removed: {}", stray.display());
    }
    // From `openapi.json`, which has just been written.
    let before = std::fs::read(host::root().join(console::SCHEMA)).ok();
    if console::write_schema()? && before != std::fs::read(host::root().join(console::SCHEMA)).ok() {
        println!("written: {}", console::SCHEMA);
    }
    Ok(())
}

fn replace(path: &Path, text: &[u8]) -> Result<()> {
    let file = host::root().join(path);
    if std::fs::read(&file).ok().as_deref() == Some(text) {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    println!("written: {}", path.display());
    Ok(())
}

/// Builds the program and compares; answers whether every generated file is as it would be written.
pub fn check() -> Result<bool> {
    let stale = stale(&cargo::wayleave(false)?)?;
    for path in &stale {
        println!("{} is not as `cargo xtask gen` writes it", path.display());
    }
    Ok(stale.is_empty())
}

/// The generated files that differ from what `program` would write, are missing, or are written by nobody any more.
pub fn stale(program: &Path) -> Result<Vec<PathBuf>> {
    let mut stale = strays(program)?;
    for (path, text) in expected(program)? {
        if std::fs::read(host::root().join(&path)).ok().as_deref() != Some(&text) {
            stale.push(path);
        }
    }
    if console::schema_is_stale() {
        stale.push(PathBuf::from(console::SCHEMA));
    }
    Ok(stale)
}

/// Every generated file with its text, by its path below the root.
fn expected(program: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for (what, path) in [("openapi", "openapi.json"), ("schema", "schema.sql")] {
        let text = host::output(Command::new(program).args(["gen", what]))?;
        if text.is_empty() {
            bail!("`wayleave gen {what}` printed nothing");
        }
        files.insert(PathBuf::from(path), text);
    }
    let folder = Scratch::new()?;
    host::output(Command::new(program).args(["gen", "reference"]).arg(&folder.path))?;
    for file in below(&folder.path)? {
        let text = std::fs::read(folder.path.join(&file))?;
        files.insert(Path::new(REFERENCE).join(file), text);
    }
    files.insert(PathBuf::from(CLOSURE), closure::text()?.into_bytes());
    Ok(files)
}

/// Files in the generated folder that nothing generates.
fn strays(program: &Path) -> Result<Vec<PathBuf>> {
    let expected = expected(program)?;
    let found = below(&host::root().join(REFERENCE))?.into_iter().map(|file| Path::new(REFERENCE).join(file));
    Ok(found.filter(|path| !expected.contains_key(path)).collect())
}

/// The files below `folder`, by their path from there; none when there is no such folder.
fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten() {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(folder)?.to_path_buf());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A folder below `target/` that goes when this does.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self> {
        let path = host::root().join("target").join(format!("gen-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

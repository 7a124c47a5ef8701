//! Embeds the migrations: whatever lies in `migrations/`, in the order of the file names.

use std::fmt::Write as _;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../migrations").canonicalize()?;
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = std::fs::read_dir(&folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    let mut list = String::from("&[\n");
    for file in files {
        let (name, path) = (file.file_name(), file.path());
        let Some(name) = name.to_str().filter(|name| name.ends_with(".sql")) else { continue };
        println!("cargo:rerun-if-changed={}", path.display());
        let _infallible = writeln!(list, "    ({name:?}, include_str!({:?})),", path.display().to_string());
    }
    list.push_str("]\n");
    let out = variable("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("migrations.rs"), list)
}

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script where things are by the environment only")]
fn variable(name: &str) -> std::io::Result<String> {
    std::env::var(name).map_err(std::io::Error::other)
}

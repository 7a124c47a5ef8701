//! Where the console's files come from.
//!
//! A release binary carries what `cargo xtask console` had built when it was compiled, or a page that says how to build it
//! (see `build.rs`). A debug build looks into `console/dist` of the source that it was built from, at every request: the
//! console can be built anew beside a running program. The setting `console` names a folder for either.

use crate::Config;
use platform::pages::{File, Files};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(console_is_built)]
#[derive(RustEmbed)]
#[folder = "../../console/dist"]
struct Embedded;

#[cfg(not(console_is_built))]
#[derive(RustEmbed)]
#[folder = "placeholder"]
struct Embedded;

impl Files for Embedded {
    fn find(&self, path: &str) -> Option<File> {
        <Self as RustEmbed>::get(path).map(file)
    }
}

fn file(found: EmbeddedFile) -> File {
    File { digest: found.metadata.sha256_hash(), bytes: found.data }
}

/// A folder that is read at every request; what is embedded answers while there is no console in it.
struct Folder(PathBuf);

impl Files for Folder {
    fn find(&self, path: &str) -> Option<File> {
        if !self.0.join("index.html").is_file() {
            return Embedded.find(path);
        }
        let path = self.0.join(path);
        // Following a link could lead out of the folder.
        let is_file = path.symlink_metadata().is_ok_and(|found| found.is_file());
        is_file.then(|| rust_embed::utils::read_file_from_fs(&path).ok()).flatten().map(file)
    }
}

/// The console's source, while Vite serves what is written in it: the page, and what lies in `public`.
struct Source(PathBuf);

impl Files for Source {
    fn find(&self, path: &str) -> Option<File> {
        let folder = if path == "index.html" { self.0.clone() } else { self.0.join("public") };
        rust_embed::utils::read_file_from_fs(&folder.join(path)).ok().map(file)
    }
}

/// The files that are served: those of the folder that the settings name, or the usual ones.
pub fn files(config: &Config) -> Arc<dyn Files> {
    match &config.console {
        Some(source) if config.console_dev_url.is_some() => Arc::new(Source(source.clone())),
        Some(folder) => Arc::new(Folder(folder.clone())),
        None if cfg!(debug_assertions) => {
            Arc::new(Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../console/dist")))
        }
        None => Arc::new(Embedded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_console_shows_what_is_embedded() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let files = Folder(folder.path().to_owned());
        let text = |path: &str| files.find(path).map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
        assert!(text("index.html").is_some_and(|page| page.contains("<html")));
        std::fs::write(folder.path().join("index.html"), "mine").expect("written");
        assert_eq!(text("index.html").as_deref(), Some("mine"));
        assert_eq!(text("other.js"), None);
    }

    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let (folder, outside) =
            (tempfile::TempDir::new().expect("a folder"), tempfile::TempDir::new().expect("another"));
        std::fs::write(folder.path().join("index.html"), "mine").expect("written");
        std::fs::write(outside.path().join("secret"), "theirs").expect("written");
        std::os::unix::fs::symlink(outside.path().join("secret"), folder.path().join("link")).expect("linked");
        assert!(Folder(folder.path().to_owned()).find("link").is_none());
    }
}

//! The folder of the demo: its own and nobody else's, for one demo at a time, with what later starts need to know.

use crate::config::Config;
use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder, File, TryLockError};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// Where the demo keeps its data unless the configuration names another folder.
const USUAL: &str = "demo-data";
/// Says that a folder is a demo's, and holds the [`World`].
const MARKER: &str = "demo.json";
/// Held while a demo runs in the folder.
const LOCK: &str = "demo.lock";

/// What was seeded, as far as later starts need to know it. No secrets.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct World {
    /// Whether seeding came to its end.
    pub finished: bool,
    /// Where the sample upstream listened last.
    pub sample: Option<SocketAddr>,
    /// The organization that publishes, `org_...`. Its destinations are the sample's.
    pub provider: String,
    /// The other one that publishes, likewise.
    #[serde(default)]
    pub data: String,
    /// The API that the story is told with, `api_...`.
    pub api: String,
    /// The consumer's app, `app_...`.
    pub app: String,
    /// The name of its client in OAuth messages.
    pub client_id: String,
    /// The active subscription to the sandbox, `sub_...`.
    pub active: String,
    /// The subscription to production that waits for a decision, `sub_...`.
    pub pending: String,
}

/// The folder, which no other demo uses as long as this is there.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// The folder that the demo is to use under this configuration. The usual folder of `serve` is never the demo's.
    pub fn choose(config: &Config) -> PathBuf {
        if config.data == Config::default().data { PathBuf::from(USUAL) } else { config.data.clone() }
    }

    /// Takes possession of the folder; makes it if it is not there.
    ///
    /// # Errors
    /// Another demo runs in it, it holds something that is no demo's, or it cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        // For its owner alone: besides keys it will hold the cookies of whoever pastes the demo's commands.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.with_context(|| format!("cannot make the folder {}", path.display()))?;
        let path = path.canonicalize()?;
        if !is_demo(&path)? {
            bail!(
                "{} holds data that no demo has written; the demo wants a folder of its own: set WAYLEAVE_DATA to another \
                 one, or to none for `{USUAL}`",
                path.display()
            );
        }
        let lock = File::create(path.join(LOCK)).with_context(|| format!("cannot write to {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                bail!("a demo is running in {} already; end it, or set WAYLEAVE_DATA to another folder", path.display())
            }
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
    }

    /// Its absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was seeded; nothing yet in a new folder.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn world(&self) -> Result<World> {
        match fs::read(self.path.join(MARKER)) {
            Ok(text) => serde_json::from_slice(&text)
                .with_context(|| format!("{} cannot be read; begin anew: --fresh", self.path.join(MARKER).display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(World::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps what was seeded.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn remember(&self, world: &World) -> Result<()> {
        let (file, next) = (self.path.join(MARKER), self.path.join("demo.json.next"));
        fs::write(&next, serde_json::to_string_pretty(world)? + "\n")?;
        // In one step: a power failure leaves the old or the new one.
        fs::rename(&next, &file).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Removes everything that an earlier demo kept.
    ///
    /// # Errors
    /// Something cannot be removed.
    pub fn clear(&self) -> Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            // The marker goes last: whatever interrupts this, the folder can still be told to be a demo's.
            if path.file_name().is_some_and(|name| name == LOCK || name == MARKER) {
                continue;
            }
            let done = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            done.with_context(|| format!("cannot remove {}", path.display()))?;
        }
        match fs::remove_file(self.path.join(MARKER)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// A folder is the demo's if the demo has marked it, or if nothing is in it.
fn is_demo(path: &Path) -> Result<bool> {
    if path.join(MARKER).is_file() {
        return Ok(true);
    }
    let names: Vec<_> = fs::read_dir(path)?.collect::<Result<_, _>>()?;
    Ok(names.iter().all(|entry| entry.file_name() == LOCK))
}

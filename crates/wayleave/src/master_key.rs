//! The master key: 32 bytes from which the pepper and the sealing key are derived.

use anyhow::{Context as _, Result, bail};
use base::secret::Keys;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Reads the master key; makes it first if it is missing and may be made.
///
/// # Errors
/// The file is missing, readable by others, or does not hold 64 hexadecimal digits.
pub fn load(path: &Path, may_make: bool) -> Result<Keys> {
    if !path.exists() {
        if !may_make {
            bail!(
                "there is no master key at {}; make one: (umask 077; openssl rand -hex 32 > {})",
                path.display(),
                path.display()
            );
        }
        make(path)?;
    }
    let mode = fs::metadata(path).with_context(|| format!("master key {}", path.display()))?.permissions().mode();
    if mode & 0o077 != 0 {
        bail!("the master key {} can be read by others; run: chmod 600 {}", path.display(), path.display());
    }
    let text = fs::read_to_string(path).with_context(|| format!("master key {}", path.display()))?;
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
    match bytes.and_then(|b| <[u8; 32]>::try_from(b).ok()) {
        Some(master) => Ok(Keys::derive(&master)),
        None => bail!("the master key {} does not hold 64 hexadecimal digits", path.display()),
    }
}

fn make(path: &Path) -> Result<()> {
    let text = data_encoding::HEXLOWER.encode(&base::random::bytes::<32>());
    write_private(path, &text).with_context(|| format!("cannot make the master key {}", path.display()))
}

/// Writes a new file that only its owner reads.
///
/// # Errors
/// It exists already, or cannot be written.
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    Ok(())
}

//! The first start: an administrator with a random password, in a file that only its owner reads. Never in a log.

use crate::master_key::write_private;
use anyhow::Result;
use base::secret::{Purpose, Secret};
use platform::{Cx, Platform, user};
use std::path::{Path, PathBuf};

/// The name of the first administrator.
pub const ADMINISTRATOR: &str = "admin";

/// Where the passwords of the first start are.
pub fn path(data: &Path) -> PathBuf {
    data.join("first-login.txt")
}

/// Creates the first administrator if nobody is there to administer. Answers whether it did.
///
/// # Errors
/// Those of the database and the file system.
pub async fn ensure_administrator(platform: &Platform, data: &Path) -> Result<bool> {
    let cx = Cx::system(platform);
    let file = path(data);
    if !user::site_admins(&mut *cx.read().await?).await?.is_empty() {
        forget(&cx, &file).await?;
        return Ok(false);
    }
    let password = password();
    // The file first: an administrator whose password nobody knows would be worse than a file without one.
    if file.exists() {
        std::fs::remove_file(&file)?;
    }
    let text = format!("{ADMINISTRATOR} {}", password.reveal());
    write_private(&file, &text)?;
    user::create_administrator(&cx, ADMINISTRATOR, password).await?;
    Ok(true)
}

/// Removes the file once its password has been replaced. One with more in it than that was written by somebody else.
async fn forget(cx: &Cx, file: &Path) -> Result<()> {
    let Ok(text) = std::fs::read_to_string(file) else { return Ok(()) };
    let ours = text.lines().count() == 1 && text.starts_with(&format!("{ADMINISTRATOR} "));
    let found = user::find_by_username(&mut *cx.read().await?, ADMINISTRATOR).await?;
    if ours && found.is_none_or(|user| !user.password_is_generated) {
        std::fs::remove_file(file)?;
    }
    Ok(())
}

/// A password that can be read aloud: no prefix that a scanner would take for a token.
pub fn password() -> Secret {
    let text = Secret::generate(Purpose::Session);
    let body = text.reveal().split('_').next_back().unwrap_or_default();
    Secret::from_text(&body[..24.min(body.len())])
}

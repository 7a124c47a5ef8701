//! Hashing and checking passwords of people: slow on purpose, on threads of their own, few at a time.

use crate::cx::Platform;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base::{Problem, ProblemKind};

/// Argon2id with 19 MiB, two passes, one lane.
fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// The PHC string of a password.
pub async fn hash_password(platform: &Platform, password: String) -> Result<String, Problem> {
    slow(platform, move || argon().hash_password(password.as_bytes()).map(|h| h.to_string()).map_err(Problem::internal))
        .await?
}

/// A hash of nothing anybody knows, so that unknown names take as long as known ones.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$0000000000000000000000000000000000000000000";

/// Whether this is the password of that hash; without a hash it takes as long and is wrong.
pub async fn verify_password(platform: &Platform, hash: Option<String>, password: String) -> Result<bool, Problem> {
    slow(platform, move || {
        let known = hash.is_some();
        let text = hash.as_deref().unwrap_or(NOBODYS_HASH);
        let right = PasswordHash::new(text).is_ok_and(|h| argon().verify_password(password.as_bytes(), &h).is_ok());
        known && right
    })
    .await
}

/// Runs slow work on a thread of its own; few at a time, and a queue that does not grow without bound.
async fn slow<T: Send + 'static>(platform: &Platform, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let busy = || Problem::new(ProblemKind::Unavailable, "Too many passwords are being checked; try again shortly.");
    let wait = std::time::Duration::from_secs(5);
    let _turn =
        tokio::time::timeout(wait, platform.hashing.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
}

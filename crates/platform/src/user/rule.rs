//! What makes a name, an address and a password acceptable, and how fast somebody may guess.

use base::{Fault, Problem, ProblemKind, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What the names of service accounts begin with; nobody may register such a name.
pub const SERVICE_ACCOUNT_PREFIX: &str = "service-account-";

/// The shortest password, in characters.
pub const SHORTEST_PASSWORD: usize = 12;
/// The longest password, in bytes; hashing costs grow with it.
pub const LONGEST_PASSWORD: usize = 256;

/// The name in lower case, if it may be registered.
pub fn username(text: &str) -> Result<String, Problem> {
    let name = text.trim().to_ascii_lowercase();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '@' | '+');
    if !(3..=64).contains(&name.len()) || !name.chars().all(allowed) {
        let detail = format!("`{}` is no username: 3 to 64 of a-z 0-9 . _ - @ +", shorten(text));
        return Err(Problem::invalid("/username", detail).code(Fault::Format));
    }
    if name.starts_with(SERVICE_ACCOUNT_PREFIX) {
        let detail = format!("Names beginning with `{SERVICE_ACCOUNT_PREFIX}` belong to clients; choose another.");
        return Err(Problem::invalid("/username", detail).code(Fault::Format));
    }
    Ok(name)
}

/// The address, if it could be one.
pub fn email(text: &str) -> Result<String, Problem> {
    let address = text.trim();
    let plausible = address.len() <= 254
        && address.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
        })
        && !address.chars().any(|c| c.is_whitespace() || c.is_control());
    if plausible {
        return Ok(address.to_owned());
    }
    Err(Problem::invalid("/email", format!("`{}` is not an e-mail address such as name@example.com", shorten(text)))
        .code(Fault::Format))
}

/// Passes if the password is long enough and not the name itself. The password is never part of the answer.
pub fn password(text: &str, username: &str) -> Result<(), Problem> {
    if text.chars().count() < SHORTEST_PASSWORD || text.len() > LONGEST_PASSWORD {
        let detail = format!("A password has {SHORTEST_PASSWORD} characters to {LONGEST_PASSWORD} bytes.");
        return Err(Problem::invalid("/password", detail).code(Fault::Length));
    }
    if !username.is_empty() && text.to_ascii_lowercase().contains(username) {
        return Err(
            Problem::invalid("/password", "The password must not contain the username.").code(Fault::NotAllowed)
        );
    }
    Ok(())
}

fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

const TRIES: u32 = 10;
const PAUSE_SECONDS: i64 = 300;
const MOST_NAMES: usize = 10_000;

/// Counts failed sign-ins by name, so that guessing is slow. Memory is bounded.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<String, (u32, Timestamp)>>);

impl Throttle {
    /// Passes unless this name failed too often within the last minutes. The try is counted at once, before its password
    /// is looked at: of many at the same time no more may pass than one after the other.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn attempt(&self, name: &str, now: Timestamp) -> Result<(), Problem> {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((tries, until)) = map.get(name)
            && *tries >= TRIES
            && *until > now
        {
            let seconds = until.seconds() - now.seconds();
            let detail = format!("Too many failed sign-ins for this name. Try again in {seconds} seconds.");
            return Err(Problem::new(ProblemKind::SlowDown, detail).with("retry_after_seconds", seconds));
        }
        if map.len() >= MOST_NAMES && !map.contains_key(name) {
            map.retain(|_, (_, until)| *until > now);
        }
        if map.len() >= MOST_NAMES && !map.contains_key(name) {
            // Made-up names must not keep a guessed one from being counted: the least tried one gives way.
            let least = map.iter().min_by_key(|(_, entry)| **entry).map(|(name, _)| name.clone());
            least.and_then(|name| map.remove(&name));
        }
        let entry = map.entry(name.to_owned()).or_insert((0, now));
        if entry.1 <= now {
            entry.0 = 0;
        }
        *entry = (entry.0 + 1, now.plus_seconds(PAUSE_SECONDS));
        Ok(())
    }

    /// Forgets the failures of a name that signed in.
    pub fn succeeded(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_those_of_service_accounts_are_reserved() {
        assert_eq!(username(" Dev.One ").as_deref().ok(), Some("dev.one"));
        for bad in ["ab", "service-account-x", "a b c", "ä-ö-ü", &"x".repeat(65)] {
            assert!(username(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses_are_checked_for_their_form() {
        assert!(email("developer@example.com").is_ok());
        for bad in ["", "x", "@", "a@", "@b", "a@b@c", "a b@c.de", "a@.de", "a@b\n.de"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_long_and_not_the_name() {
        assert!(password("correct horse battery", "dev").is_ok());
        assert!(password("short", "dev").is_err());
        assert!(password("developer-developer", "developer").is_err());
        assert!(password(&"x".repeat(300), "dev").is_err());
    }

    #[test]
    fn guessing_is_stopped_and_allowed_again_later() {
        let throttle = Throttle::default();
        let now = Timestamp::from_seconds(1_000);
        for _ in 0..TRIES {
            assert!(throttle.attempt("dev", now).is_ok());
        }
        assert!(throttle.attempt("dev", now).is_err());
        assert!(throttle.attempt("other", now).is_ok());
        assert!(throttle.attempt("dev", now.plus_seconds(PAUSE_SECONDS + 1)).is_ok());
    }

    #[test]
    fn made_up_names_do_not_make_guessing_free() {
        let throttle = Throttle::default();
        let now = Timestamp::from_seconds(1_000);
        for n in 0..MOST_NAMES {
            assert!(throttle.attempt(&format!("made-up-{n}"), now).is_ok());
        }
        let passed = (0..2 * TRIES).filter(|_| throttle.attempt("dev", now).is_ok()).count();
        assert_eq!(passed, TRIES as usize);
        assert!(throttle.0.lock().unwrap().len() <= MOST_NAMES);
    }
}

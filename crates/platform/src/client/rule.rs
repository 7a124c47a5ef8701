//! What makes the settings of a client acceptable.

use base::{Problem, Timestamp};

/// A chosen `client_id`: characters for which raw and encoded HTTP Basic are the same.
pub fn client_id(text: &str) -> Result<String, Problem> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if (3..=64).contains(&text.len()) && text.chars().all(good) {
        return Ok(text.to_owned());
    }
    let shown: String = text.chars().take(80).collect();
    Err(Problem::invalid("/client_id", format!("`{shown}` is no client_id: 3 to 64 of A-Z a-z 0-9 - _")))
}

/// A lifetime of access tokens in seconds: up to a day.
pub fn lifetime(pointer: &str, seconds: Option<i64>) -> Result<Option<i64>, Problem> {
    match seconds {
        Some(s) if !(1..=86_400).contains(&s) => Err(Problem::invalid(
            pointer,
            format!("`{s}` is no lifetime: 1 to 86400 seconds, or null for the server's."),
        )),
        other => Ok(other),
    }
}

/// From when on tokens of a client that is disabled now will count again. JWTs carry whole seconds, so the rest of
/// this second is lost too; tokens issued meanwhile are dated to this instant, so that none is resurrected. A client
/// that was disabled a moment `before` has tokens of that instant, and they end as well.
pub fn tokens_end(now: Timestamp, before: Timestamp) -> Timestamp {
    Timestamp::from_seconds(now.max(before).seconds() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_survive_http_basic_unchanged() {
        assert!(client_id("billing-batch_2").is_ok());
        for bad in ["", "ab", "a b", "a:b", "a+b", "ä-client", &"x".repeat(65)] {
            assert!(client_id(bad).is_err(), "{bad}");
        }
    }

    /// C46
    #[test]
    fn lifetimes_are_bounded() {
        assert_eq!(lifetime("/x", Some(60)).ok(), Some(Some(60)));
        assert!(lifetime("/x", Some(0)).is_err() && lifetime("/x", Some(86_401)).is_err());
    }

    /// F26
    #[test]
    fn no_token_of_this_second_outlives_being_disabled() {
        let (now, never) = (Timestamp::from_micros(5_400_000), Timestamp::default());
        assert!(Timestamp::from_seconds(now.seconds()) < tokens_end(now, never));
        assert!(tokens_end(now, never).seconds() - now.seconds() <= 1);
        let again = tokens_end(now, never);
        assert!(tokens_end(now, again) > again, "disabled twice within a second");
        assert_eq!(tokens_end(now.plus_seconds(60), again), tokens_end(now.plus_seconds(60), never));
    }
}

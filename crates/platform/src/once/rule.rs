//! What a key looks like, and what becomes of a request whose key is known.

use base::{Problem, ProblemKind, Ref, Timestamp};

/// How long a key is remembered, in seconds.
pub const REMEMBERED_SECONDS: i64 = 24 * 3600;
/// How long another process may take for an answer before it counts as lost, in seconds.
const UNDERWAY_SECONDS: i64 = 60;

/// Reads the header: a string in quotes, as in RFC 9651, or the bare key.
///
/// # Errors
/// 400 if it is none of 1 to 255 visible ASCII characters.
pub fn key(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let visible = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\');
    if (1..=255).contains(&bare.len()) && bare.chars().all(visible) {
        return Ok(bare.to_owned());
    }
    let detail = "Idempotency-Key has 1 to 255 visible ASCII characters, such as those of a UUID.";
    Err(Problem::new(ProblemKind::Unreadable, detail))
}

/// What is known under a key.
#[derive(Clone, Debug)]
pub struct Known {
    /// When its request came.
    pub at: Timestamp,
    /// Whether it was the same request.
    pub same: bool,
    /// Whether its answer was kept.
    pub answered: bool,
    /// What its first change was about.
    pub made: Ref,
}

/// What to do with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
    /// Carry it out.
    Go,
    /// Answer what was answered before.
    Repeat,
}

/// What to do with a request whose key is known like this.
///
/// # Errors
/// 422 `key-reused`, 409 `key-running`, 409 `answer-lost`.
pub fn course(key: &str, known: Option<&Known>, now: Timestamp) -> Result<Course, Problem> {
    let Some(known) = known.filter(|known| now < known.at.plus_seconds(REMEMBERED_SECONDS)) else {
        return Ok(Course::Go);
    };
    if !known.same {
        let detail = format!("The Idempotency-Key `{key}` belongs to another request; take a new one.");
        return Err(Problem::new(ProblemKind::KeyReused, detail));
    }
    if known.answered {
        return Ok(Course::Repeat);
    }
    if now < known.at.plus_seconds(UNDERWAY_SECONDS) {
        return Err(running(key));
    }
    let (kind, id) = (known.made.kind.as_str(), &known.made.id);
    let detail = format!(
        "The request with the Idempotency-Key `{key}` was carried out, but its answer was not kept. It made or changed \
         {kind} `{id}`."
    );
    Err(Problem::new(ProblemKind::AnswerLost, detail).with("made", serde_json::json!({"kind": kind, "id": id})))
}

/// 409: it is being carried out.
pub fn running(key: &str) -> Problem {
    let detail = format!(
        "A request with the Idempotency-Key `{key}` is still being carried out; send this one again in a moment."
    );
    Problem::new(ProblemKind::KeyRunning, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Kind;

    #[test]
    fn a_key_is_a_quoted_or_a_bare_word() {
        assert_eq!(key("\"8e03978e-40d5\"").ok().as_deref(), Some("8e03978e-40d5"));
        assert_eq!(key(" 8e03978e ").ok().as_deref(), Some("8e03978e"));
        for bad in ["", "\"\"", "a b", "a\\b", "ä", &"x".repeat(256)] {
            assert!(key(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_known_key_is_answered_refused_or_forgotten() {
        let at = Timestamp::from_seconds(1_000_000);
        let known = Known { at, same: true, answered: true, made: Ref { kind: Kind::App, id: "app_1".into() } };
        let soon = at.plus_seconds(1);
        let refused = |known: &Known, now| course("k", Some(known), now).expect_err("refused").kind;
        assert_eq!(course("k", None, soon).ok(), Some(Course::Go));
        assert_eq!(course("k", Some(&known), soon).ok(), Some(Course::Repeat));
        let end = at.plus_seconds(REMEMBERED_SECONDS);
        assert_eq!(course("k", Some(&known), end).ok(), Some(Course::Go));
        assert_eq!(refused(&Known { same: false, ..known.clone() }, soon), ProblemKind::KeyReused);
        let unanswered = Known { answered: false, ..known };
        assert_eq!(refused(&unanswered, soon), ProblemKind::KeyRunning);
        assert_eq!(refused(&unanswered, at.plus_seconds(UNDERWAY_SECONDS)), ProblemKind::AnswerLost);
        let lost = course("k", Some(&unanswered), at.plus_seconds(3600)).expect_err("lost");
        assert_eq!(lost.extra["made"]["id"], "app_1");
    }
}

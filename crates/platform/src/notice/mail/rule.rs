//! When a mail is sent, when it is tried again, and when it is given up.

use crate::user::{User, UserKind, UserState};
use base::Timestamp;

/// The pause after the first failure, in seconds; it doubles with each further one.
const FIRST_PAUSE_SECONDS: i64 = 60;
/// The longest pause between two tries of a mail, in seconds.
const LONGEST_PAUSE_SECONDS: i64 = 3_600;
/// The longest pause while the server cannot be reached at all, in seconds.
const LONGEST_SILENCE_SECONDS: i64 = 600;

/// How long a mail waits after this many tries, in seconds.
pub fn pause_seconds(tries: i64) -> i64 {
    doubled(FIRST_PAUSE_SECONDS, tries, LONGEST_PAUSE_SECONDS)
}

/// How long the server is left alone after it could not be reached this many times in a row, in seconds.
pub fn silence_seconds(failures: i64) -> i64 {
    doubled(FIRST_PAUSE_SECONDS / 2, failures, LONGEST_SILENCE_SECONDS)
}

fn doubled(first: i64, times: i64, longest: i64) -> i64 {
    let doublings = u32::try_from(times.clamp(1, 16) - 1).unwrap_or(0);
    (first << doublings).min(longest)
}

/// Whether a mail from then has been tried for long enough.
pub fn is_over(created_at: Timestamp, now: Timestamp, give_up_days: i64) -> bool {
    now >= created_at.plus_seconds(give_up_days.saturating_mul(86_400))
}

/// The next time that the mails of a day are sent: the next full `hour` (UTC) after `now`.
pub fn next_digest(now: Timestamp, hour: i64) -> Timestamp {
    let today = now.seconds().div_euclid(86_400) * 86_400;
    let at = Timestamp::from_seconds(today + hour * 3_600);
    if at > now { at } else { at.plus_seconds(86_400) }
}

/// Whether a mail server that answers this about one mail will never take it (RFC 5321 section 4.2.3).
///
/// Other 5xx answers (whoever sends has to sign in, or is not welcome) are about the settings, and mails outlive those.
pub fn is_final(status: u16) -> bool {
    matches!(status, 501 | 550..=553 | 555 | 556)
}

/// Whether this user is told of things by mail at all: only people who may sign in and have proven their address.
pub fn is_reachable(user: &User) -> bool {
    user.kind == UserKind::Human && user.state == UserState::Active && user.email_verified && !user.email.is_empty()
}

/// Text on one line and of at most this many characters: for headers, and for what a server says.
pub fn one_line(text: &str, most: usize) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() > most {
        words = words.chars().take(most.saturating_sub(1)).collect();
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_growing() {
        let pauses: Vec<i64> = (1..=9).map(pause_seconds).collect();
        assert_eq!(pauses, [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
        assert_eq!((silence_seconds(1), silence_seconds(40)), (30, 600));
    }

    #[test]
    fn a_mail_is_given_up_after_its_days() {
        let born = Timestamp::from_seconds(1_000_000);
        assert!(!is_over(born, born.plus_seconds(3 * 86_400 - 1), 3));
        assert!(is_over(born, born.plus_seconds(3 * 86_400), 3));
    }

    #[test]
    fn the_mails_of_a_day_go_out_at_the_next_such_hour() {
        let at = |text: &str| Timestamp::parse(text).expect("a time");
        assert_eq!(next_digest(at("2026-11-23T05:59:59Z"), 6), at("2026-11-23T06:00:00Z"));
        assert_eq!(next_digest(at("2026-11-23T06:00:00Z"), 6), at("2026-11-24T06:00:00Z"));
        assert_eq!(next_digest(at("2026-11-23T23:00:00Z"), 6), at("2026-11-24T06:00:00Z"));
        assert_eq!(next_digest(at("2026-11-23T00:00:00Z"), 0), at("2026-11-24T00:00:00Z"));
    }

    #[test]
    fn only_answers_about_the_receiver_are_final() {
        for status in [501, 550, 551, 552, 553, 555, 556] {
            assert!(is_final(status), "{status}");
        }
        for status in [250, 421, 450, 451, 452, 500, 502, 503, 504, 530, 534, 535, 538, 554] {
            assert!(!is_final(status), "{status}");
        }
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(one_line("a\r\nBcc: x@y\u{0}  b", 50), "a Bcc: x@y b");
        assert_eq!(one_line("abcdef", 4), "abc…");
    }
}

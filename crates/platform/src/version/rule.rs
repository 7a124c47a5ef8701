//! What makes security settings, destinations and the end of a version acceptable.

use base::{Fault, Problem, Timestamp};
use snapshot::{KeyPlace, Scheme};
use url::Url;

/// What a new version demands: an API key in `X-API-Key` (D17).
pub fn usual_security() -> Vec<Scheme> {
    vec![Scheme::ApiKey { place: KeyPlace::Header("X-API-Key".to_owned()) }]
}

/// The address of a destination, without a slash at its end.
pub fn destination_url(pointer: &str, text: &str) -> Result<String, Problem> {
    let shown: String = text.chars().take(200).collect();
    let refuse = |why: &str| {
        Problem::invalid(pointer, format!("`{shown}` {why}; one looks like http://orders.internal:8080/base"))
            .code(Fault::Format)
    };
    let url = Url::parse(text).map_err(|_| refuse("is not an absolute URL"))?;
    if url.scheme() == "https" {
        return Err(refuse("is HTTPS, which the gateway does not speak to upstreams yet"));
    }
    if url.scheme() != "http" {
        return Err(refuse("has a scheme that the gateway does not speak"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(refuse("names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("carries a user or password, which would be kept in the clear"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("carries a query or fragment"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// How many days before a version ends its subscribers are reminded.
pub const REMINDERS: [i64; 2] = [30, 7];
/// How far ahead the end of a version may lie, in days.
const FARTHEST_DAYS: i64 = 3_660;
const DAY: i64 = 86_400;

/// When the clock has next to do something about a version that ends then: a reminder, or the end itself. `None` when
/// nothing lies ahead.
pub fn due(sunset_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let sunset = sunset_at?;
    let reminders = REMINDERS.iter().map(|days| sunset.plus_seconds(-days * DAY));
    reminders.chain([sunset]).find(|at| *at > now)
}

/// In how many days from now this is, counting the one that has begun.
pub fn days_left(sunset_at: Timestamp, now: Timestamp) -> i64 {
    (sunset_at.micros().saturating_sub(now.micros()).max(0) + DAY * 1_000_000 - 1) / (DAY * 1_000_000)
}

/// Passes an instant at which a version may end: one that subscribers can still prepare for.
pub fn sunset(pointer: &str, at: Timestamp, now: Timestamp) -> Result<(), Problem> {
    if at <= now {
        let detail = format!("{at} is not in the future; a version ends after its subscribers were told.");
        return Err(Problem::invalid(pointer, detail));
    }
    if at > now.plus_seconds(FARTHEST_DAYS * DAY) {
        return Err(Problem::invalid(pointer, format!("{at} is more than ten years ahead; leave it out for no date.")));
    }
    Ok(())
}

/// Passes the address of a page about the end of a version; empty stays empty.
pub fn link(pointer: &str, text: &str) -> Result<String, Problem> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let shown: String = text.chars().take(200).collect();
    let refuse = |why: &str| {
        Problem::invalid(pointer, format!("`{shown}` {why}; one looks like https://example.com/news/v1-ends"))
    };
    let url = Url::parse(text).map_err(|_| refuse("is not an absolute URL"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(refuse("is no address of a web page"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("carries a user or password, which every caller would see"));
    }
    // It stands in a header field between angle brackets.
    let written = url.as_str();
    if written.len() > 500 || !written.bytes().all(|b| (0x21..0x7f).contains(&b) && !b"<>\"\\".contains(&b)) {
        return Err(refuse("is longer than 500 symbols, or has some that no header field may carry"));
    }
    Ok(written.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    /// F33
    #[test]
    fn subscribers_are_reminded_a_month_and_a_week_before_the_end() {
        let sunset = NOW.plus_seconds(90 * DAY);
        let month = due(Some(sunset), NOW).expect("a reminder");
        assert_eq!((month, days_left(sunset, month)), (sunset.plus_seconds(-30 * DAY), 30));
        let week = due(Some(sunset), month).expect("another");
        assert_eq!((week, days_left(sunset, week)), (sunset.plus_seconds(-7 * DAY), 7));
        assert_eq!(due(Some(sunset), week), Some(sunset));
        assert_eq!((due(Some(sunset), sunset), due(None, NOW)), (None, None));
        let short = NOW.plus_seconds(3 * DAY);
        assert_eq!(due(Some(short), NOW), Some(short), "they were told just now");
    }

    /// F33
    #[test]
    fn a_version_ends_in_the_future_and_not_in_another_age() {
        assert!(sunset("/sunset_at", NOW, NOW).is_err());
        assert!(sunset("/sunset_at", NOW.plus_micros(1), NOW).is_ok());
        assert!(sunset("/sunset_at", NOW.plus_seconds(DAY * FARTHEST_DAYS), NOW).is_ok());
        assert!(sunset("/sunset_at", Timestamp::from_micros(i64::MAX), NOW).is_err());
        assert_eq!((days_left(NOW, NOW), days_left(NOW.plus_micros(1), NOW)), (0, 1));
    }

    #[test]
    fn a_link_is_a_web_page_that_a_header_field_can_carry() {
        assert_eq!(link("/link", " ").as_deref().ok(), Some(""));
        assert_eq!(link("/link", "https://x.example/a?b=c#d").as_deref().ok(), Some("https://x.example/a?b=c#d"));
        // Whatever could break out of the field is encoded by the time it is kept.
        for tried in
            ["https://x.example/>; rel=\"next\"", "https://x.example/a\r\nSet-Cookie: a=b", "https://x.example/\u{e9}"]
        {
            if let Ok(kept) = link("/link", tried) {
                assert!(!kept.contains(['<', '>', '"', '\r', '\n', ' ']), "{kept}");
            }
        }
        let long = format!("https://x.example/{}", "a".repeat(500));
        for bad in ["x", "javascript:alert(1)", "data:text/html,x", "https://u:p@x.example/", "/apis/1", &long] {
            assert!(link("/link", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn destinations_are_plain_addresses() {
        assert_eq!(
            destination_url("/url", "http://127.0.0.1:9000/base/").as_deref().ok(),
            Some("http://127.0.0.1:9000/base")
        );
        for bad in [
            "",
            "orders",
            "ftp://x/",
            "http://u:p@x/",
            "http://x/?q=1",
            "http://x/#f",
            "file:///etc/passwd",
            "https://x/",
        ] {
            assert!(destination_url("/url", bad).is_err(), "{bad}");
        }
    }
}

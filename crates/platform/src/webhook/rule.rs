//! What a webhook is told of, how it is signed, and when it is tried again.

use base::secret::hmac_sha256;
use base::{Kind, Problem, Timestamp};
use data_encoding::BASE64;
use url::{Host, Url};

/// The longest address, in bytes.
const LONGEST_URL: usize = 2_000;
/// The most patterns of events that one webhook has.
const MOST_EVENTS: usize = 50;
/// What a secret begins with (Standard Webhooks).
const PREFIX: &str = "whsec_";
/// How often a delivery is tried at most.
pub const MOST_TRIES: i64 = 12;
/// The pause after the first failure, in seconds; it is four times as long after each further one.
const FIRST_PAUSE_SECONDS: i64 = 5;
/// The longest pause that we choose ourselves, in seconds.
const LONGEST_PAUSE_SECONDS: i64 = 6 * 3_600;
/// The longest pause that an endpoint can ask for, in seconds.
const LONGEST_WISH_SECONDS: i64 = 86_400;
/// The longest time for which an endpoint that cannot be reached is left alone, in seconds.
const LONGEST_SILENCE_SECONDS: i64 = 300;

/// How long a delivery waits after this many tries, in seconds; `None`: that was the last one. `noise` spreads the tries
/// of many deliveries by up to a fifth.
pub fn pause_seconds(tries: i64, noise: u64) -> Option<i64> {
    if tries >= MOST_TRIES {
        return None;
    }
    let quadruplings = u32::try_from(tries.clamp(1, 12) - 1).unwrap_or(0);
    let pause = (FIRST_PAUSE_SECONDS << (2 * quadruplings)).min(LONGEST_PAUSE_SECONDS);
    let spread = u64::try_from(pause / 5).unwrap_or(0) + 1;
    Some(pause + i64::try_from(noise % spread).unwrap_or(0))
}

/// How long an endpoint is left alone that could not be reached this many times in a row, in seconds.
pub fn silence_seconds(failures: i64) -> i64 {
    let doublings = u32::try_from(failures.clamp(1, 10) - 1).unwrap_or(0);
    (FIRST_PAUSE_SECONDS << doublings).min(LONGEST_SILENCE_SECONDS)
}

/// The pause that an endpoint asks for in `Retry-After` (RFC 9110 section 10.2.3), in seconds, within bounds. `date`
/// reads the form that is a date.
pub fn wish_seconds(text: &str, now: Timestamp, date: impl Fn(&str) -> Option<Timestamp>) -> Option<i64> {
    let text = text.trim();
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => i64::try_from(seconds).unwrap_or(i64::MAX),
        Err(_) => date(text)?.seconds() - now.seconds(),
    };
    Some(seconds.clamp(0, LONGEST_WISH_SECONDS))
}

/// How many deliveries an endpoint gets in one turn.
const TURN: usize = 100;
/// How long a turn lasts, in seconds; the try that has begun by then ends.
const TURN_SECONDS: i64 = 10;

/// Whether an endpoint gets another delivery in this turn; otherwise others come first.
pub fn turn_goes_on(tried: usize, begun: Timestamp, now: Timestamp) -> bool {
    tried < TURN && now < begun.plus_seconds(TURN_SECONDS)
}

/// Whether a webhook that is told of these events is told of this one.
pub fn hears(events: &[String], verb: &str) -> bool {
    events.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => verb.starts_with(prefix),
        None => pattern == verb,
    })
}

/// Nouns of verbs that are no kinds of resource.
const NOUNS: [&str; 3] = ["follow", "mail", "token"];

/// Passes patterns of events: `*`, `noun.*` or a verb. Each once.
///
/// # Errors
/// 422 naming the pattern.
pub fn events(pointer: &str, given: &[String]) -> Result<Vec<String>, Problem> {
    if given.is_empty() || given.len() > MOST_EVENTS {
        let detail = format!("Name 1 to {MOST_EVENTS} events; `*` is all of them.");
        return Err(Problem::invalid(pointer, detail));
    }
    let mut out: Vec<String> = Vec::with_capacity(given.len());
    for (i, pattern) in given.iter().enumerate() {
        let known = pattern == "*"
            || pattern.split_once('.').is_some_and(|(noun, deed)| {
                let noun_known = Kind::parse(noun).is_some() || NOUNS.contains(&noun);
                let word = deed.len() <= 60 && deed.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                noun_known && (deed == "*" || (word && !deed.is_empty()))
            });
        if !known {
            let shown: String = pattern.chars().take(80).collect();
            let detail = format!("`{shown}` names no events: send `*`, `subscription.*` or `subscription.approved`.");
            return Err(Problem::invalid(format!("{pointer}/{i}"), detail));
        }
        if !out.contains(pattern) {
            out.push(pattern.clone());
        }
    }
    Ok(out)
}

/// Passes an address that requests can be sent to, in its canonical spelling. Whether they may be is decided by the
/// address that its name leads to, at each request.
///
/// # Errors
/// 422 naming `pointer`.
pub fn endpoint(pointer: &str, text: &str, plain_allowed: bool) -> Result<Url, Problem> {
    let wrong = |detail: &str| Problem::invalid(pointer, detail);
    if text.len() > LONGEST_URL {
        return Err(wrong("An address has at most 2,000 bytes."));
    }
    let url =
        Url::parse(text.trim()).map_err(|_| wrong("This is no absolute URL such as https://example.com/hooks."))?;
    match url.scheme() {
        "https" => {}
        "http" if plain_allowed => {}
        "http" => return Err(wrong("Only https is allowed here: what is delivered would be readable on its way.")),
        _ => return Err(wrong("Only https is allowed here.")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("No name or password in the address: deliveries are signed."));
    }
    if url.fragment().is_some() {
        return Err(wrong("No fragment (#): it is never sent."));
    }
    if url.host_str().is_none_or(str::is_empty) || url.port() == Some(0) {
        return Err(wrong("The address names no host, or port 0."));
    }
    Ok(url)
}

/// The address that a URL names by itself, without any name.
pub fn literal(url: &Url) -> Option<std::net::SocketAddr> {
    let port = url.port_or_known_default()?;
    match url.host()? {
        Host::Ipv4(ip) => Some((ip, port).into()),
        Host::Ipv6(ip) => Some((ip, port).into()),
        Host::Domain(_) => None,
    }
}

/// Scheme, host and port of an address: what of it can be shown everywhere.
pub fn origin(url: &str) -> String {
    Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

/// A secret in the form of Standard Webhooks.
pub fn secret_text(key: &[u8; 32]) -> String {
    format!("{PREFIX}{}", BASE64.encode(key))
}

/// What `webhook-signature` says: one signature for each secret that holds now.
pub fn signature(secrets: &[Vec<u8>], id: &str, timestamp: i64, payload: &str) -> String {
    let signed = format!("{id}.{timestamp}.{payload}");
    let sign = |key: &Vec<u8>| format!("v1,{}", BASE64.encode(&hmac_sha256(key, signed.as_bytes())));
    secrets.iter().map(sign).collect::<Vec<_>>().join(" ")
}

/// What is shown of an answer's body: its beginning, without control characters.
pub fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.chars().take(500).map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn pauses_grow_fourfold_spread_a_little_and_end() {
        let pauses: Vec<_> = (1..=12).map(|tries| pause_seconds(tries, 0)).collect();
        let seconds = [5, 20, 80, 320, 1_280, 5_120, 20_480, 21_600, 21_600, 21_600, 21_600].map(Some);
        assert_eq!(pauses[..11], seconds);
        assert_eq!(pauses[11], None);
        for noise in [0, 1, 999, u64::MAX] {
            let pause = pause_seconds(5, noise).expect("not the last");
            assert!((1_280..=1_536).contains(&pause), "{pause}");
        }
        assert_eq!((silence_seconds(1), silence_seconds(3), silence_seconds(99)), (5, 20, 300));
    }

    #[test]
    fn an_endpoint_may_ask_for_a_pause_within_bounds() {
        let now = Timestamp::from_seconds(1_000);
        let date = |text: &str| (text == "then").then(|| Timestamp::from_seconds(1_090));
        assert_eq!(wish_seconds(" 120 ", now, date), Some(120));
        assert_eq!(wish_seconds("then", now, date), Some(90));
        assert_eq!(wish_seconds("99999999999999999999", now, date), None);
        assert_eq!(wish_seconds("18446744073709551615", now, date), Some(86_400));
        assert_eq!(wish_seconds("-5", now, date), None);
        assert_eq!(wish_seconds("soon", now, date), None);
    }

    #[test]
    fn patterns_choose_events() {
        for (pattern, verb, heard) in [
            ("*", "subscription.approved", true),
            ("subscription.*", "subscription.approved", true),
            ("subscription.*", "subscriptions.approved", false),
            ("subscription.approved", "subscription.approved", true),
            ("subscription.approve", "subscription.approved", false),
            ("app.*", "subscription.approved", false),
        ] {
            assert_eq!(hears(&texts(&[pattern]), verb), heard, "{pattern} {verb}");
        }
        assert!(!hears(&[], "app.created"));
    }

    #[test]
    fn patterns_that_could_never_match_are_refused_by_name() {
        assert_eq!(events("/events", &texts(&["app.*", "app.*", "*"])).ok(), Some(texts(&["app.*", "*"])));
        for bad in
            ["", "app", "apps.*", "app.", "app.**", "app.Created", "app.cre*", "*.created", "app.created ", "a\nb.*"]
        {
            let refused = events("/events", &texts(&["*", bad])).expect_err(bad);
            assert_eq!(refused.fields[0].pointer, "/events/1", "{bad}");
        }
        assert!(events("/events", &[]).is_err() && events("/events", &vec!["*".to_owned(); 51]).is_err());
    }

    #[test]
    fn an_address_is_absolute_protected_and_without_secrets_of_its_own() {
        assert_eq!(
            endpoint("/url", " https://Example.COM:443/a?b ", false).map(String::from).ok().as_deref(),
            Some("https://example.com/a?b")
        );
        assert!(endpoint("/url", "http://example.com/", true).is_ok());
        for bad in [
            "http://example.com/",
            "ftp://example.com/",
            "example.com",
            "https://u:p@example.com/",
            "https://u@example.com/",
            "https://example.com/#x",
            "https://",
            "https://example.com:0/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            &format!("https://example.com/{}", "x".repeat(2_000)),
        ] {
            assert!(endpoint("/url", bad, false).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_in_every_spelling_are_seen_as_the_address_that_they_are() {
        for spelled in [
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://127.0.0.1./",
        ] {
            let url = endpoint("/url", spelled, false).expect(spelled);
            assert_eq!(literal(&url), Some(([127, 0, 0, 1], 443).into()), "{spelled}");
        }
        let url = endpoint("/url", "https://[::ffff:127.0.0.1]:8443/", false).expect("an address");
        assert_eq!(literal(&url).map(|a| a.ip().to_canonical().to_string()).as_deref(), Some("127.0.0.1"));
        assert_eq!(literal(&endpoint("/url", "https://localhost/", false).expect("a name")), None);
    }

    /// The example of the Standard Webhooks specification's own libraries.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let key = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let signed =
            signature(&[key.clone(), key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        let one = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed, format!("{one} {one}"));
    }

    #[test]
    fn a_turn_ends_after_a_hundred_deliveries_or_ten_seconds() {
        let (begun, at) = (Timestamp::from_seconds(100), Timestamp::from_seconds);
        assert!(turn_goes_on(0, begun, begun) && turn_goes_on(99, begun, at(109)));
        assert!(!turn_goes_on(100, begun, begun) && !turn_goes_on(1, begun, at(110)));
    }

    #[test]
    fn an_excerpt_is_short_and_has_nothing_that_acts() {
        assert_eq!(excerpt(b"a\x1b[31m\r\nb\xff"), "a [31m \nb\u{fffd}");
        assert_eq!(excerpt(&[b'x'; 5_000]).len(), 500);
    }
}

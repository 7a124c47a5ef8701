//! What makes the settings of a client acceptable.

use base::{Fault, Problem, Timestamp};

/// A chosen `client_id`: characters for which raw and encoded HTTP Basic are the same.
pub fn client_id(text: &str) -> Result<String, Problem> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if (3..=64).contains(&text.len()) && text.chars().all(good) {
        return Ok(text.to_owned());
    }
    let shown: String = text.chars().take(80).collect();
    Err(Problem::invalid("/client_id", format!("`{shown}` is no client_id: 3 to 64 of A-Z a-z 0-9 - _"))
        .code(Fault::Format))
}

/// A lifetime of access tokens in seconds: up to a day.
pub fn lifetime(pointer: &str, seconds: Option<i64>) -> Result<Option<i64>, Problem> {
    bounded(pointer, seconds, 86_400, "seconds")
}

/// A lifetime of refresh tokens in seconds: up to 366 days.
pub fn refresh_lifetime(pointer: &str, seconds: Option<i64>) -> Result<Option<i64>, Problem> {
    bounded(pointer, seconds, 366 * 86_400, "seconds")
}

/// The longest lifetime of ID tokens, in minutes: up to a day.
pub fn idtoken_lifetime(pointer: &str, minutes: Option<i64>) -> Result<Option<i64>, Problem> {
    bounded(pointer, minutes, 24 * 60, "minutes")
}

fn bounded(pointer: &str, value: Option<i64>, most: i64, unit: &str) -> Result<Option<i64>, Problem> {
    match value {
        Some(n) if !(1..=most).contains(&n) => Err(Problem::invalid(
            pointer,
            format!("`{n}` is no lifetime: 1 to {most} {unit}, or null for the server's."),
        )),
        other => Ok(other),
    }
}

/// The most addresses in one list, and the most bytes of one.
const MOST_ADDRESSES: usize = 50;
const LONGEST_ADDRESS: usize = 2_000;

/// Addresses that answers may be sent to (RFC 6749 section 3.1.2, RFC 8252 section 7, RFC 9700 section 2.1): `https`,
/// `http` on this computer only, a scheme of an app of its own such as `com.example.app`, or a path that is resolved
/// against a configured origin (D10). They are compared as they are written, so they are kept as they are written.
///
/// # Errors
/// 422 naming the address under `pointer`.
pub fn addresses(pointer: &str, list: &[String]) -> Result<(), Problem> {
    if list.len() > MOST_ADDRESSES {
        return Err(Problem::invalid(pointer, format!("At most {MOST_ADDRESSES} addresses.")));
    }
    for (n, text) in list.iter().enumerate() {
        let at = || format!("{pointer}/{n}");
        address(text).map_err(|why| {
            let shown: String = text.chars().filter(|c| !c.is_control()).take(120).collect();
            Problem::invalid(at(), format!("`{shown}` is no address to send answers to: {why}."))
        })?;
        if list[..n].contains(text) {
            return Err(Problem::invalid(at(), "It is in the list already; name it once."));
        }
    }
    Ok(())
}

fn address(text: &str) -> Result<(), &'static str> {
    if text.is_empty() || text.len() > LONGEST_ADDRESS {
        return Err("it has 1 to 2000 characters");
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) || text.contains(['\\', '<', '>', '"', '`', '{', '}', '^', '|']) {
        return Err("write it as RFC 3986 does, without spaces; other characters are percent-encoded");
    }
    if text.contains('#') {
        return Err("it has no fragment (`#`)");
    }
    if text.contains('*') {
        return Err("it is compared as it is written; there are no wildcards");
    }
    if text.starts_with('/') {
        return if text.starts_with("//") { Err("a path begins with one `/`") } else { Ok(()) };
    }
    let url = url::Url::parse(text).map_err(|_| "it begins with `https://`, a scheme of its own, or `/`")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it carries no name or password");
    }
    let host = url.host_str().unwrap_or("");
    let own = url.scheme().contains('.');
    match url.scheme() {
        "https" if !host.is_empty() => Ok(()),
        "http" if matches!(host, "localhost" | "127.0.0.1" | "[::1]") => Ok(()),
        "http" => Err("`http` goes to this computer only (`127.0.0.1`, `[::1]`, `localhost`); use `https`"),
        _ if own => Ok(()),
        _ => Err("a scheme of its own is a domain name backwards, such as `com.example.app:`"),
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

    /// C47 C48
    #[test]
    fn the_two_other_lifetimes_have_units_of_their_own() {
        assert!(refresh_lifetime("/x", Some(31_622_400)).is_ok() && refresh_lifetime("/x", Some(31_622_401)).is_err());
        assert!(idtoken_lifetime("/x", Some(1_440)).is_ok() && idtoken_lifetime("/x", Some(1_441)).is_err());
        let said = |problem: Problem| problem.detail;
        assert!(idtoken_lifetime("/x", Some(0)).map_err(said).is_err_and(|text| text.contains("minutes")));
        assert!(refresh_lifetime("/x", Some(0)).map_err(said).is_err_and(|text| text.contains("seconds")));
        assert_eq!(idtoken_lifetime("/x", None).ok(), Some(None));
    }

    /// C44 C45
    #[test]
    fn answers_are_sent_to_addresses_that_nobody_else_listens_at() {
        let good = [
            "/redir1",
            "https://shop.example/callback?from=us",
            "https://shop.example:8443/callback",
            "http://127.0.0.1:9000/cb",
            "http://[::1]/cb",
            "http://localhost/cb",
            "com.example.shop:/signed-in",
        ];
        for text in good {
            assert!(addresses("/allowed_uris", &[text.to_owned()]).is_ok(), "{text}");
        }
        let bad = [
            "",
            "//evil.example/cb",
            "/a\\b",
            "redir1",
            "http://shop.example/cb",
            "http://localhost.evil.example/cb",
            "https://user@shop.example/cb",
            "https://shop.example/cb#token",
            "https://*.shop.example/cb",
            "https://shop.example/a b",
            "https://sh\u{f6}p.example/cb",
            "javascript:alert(1)",
            "data:text/html,hello",
            "file:///etc/passwd",
            "shop:/cb",
            "https://",
            "https://shop.example/cb\n",
        ];
        for text in bad {
            let fault = addresses("/allowed_uris", &["/ok".to_owned(), text.to_owned()]).expect_err(text);
            assert_eq!(fault.fields[0].pointer, "/allowed_uris/1", "{text}");
        }
        let twice = addresses("/allowed_uris", &["/a".to_owned(), "/a".to_owned()]).expect_err("named twice");
        assert_eq!(twice.fields[0].pointer, "/allowed_uris/1");
        let many: Vec<String> = (0..=MOST_ADDRESSES).map(|n| format!("/{n}")).collect();
        assert!(addresses("/x", &many).is_err() && addresses("/x", &many[1..]).is_ok());
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

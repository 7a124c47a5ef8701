//! What makes the address of an environment acceptable.

use crate::text;
use base::id::{EnvironmentId, Id};
use base::{Fault, Problem, ProblemKind};

/// The most segments that a prefix has.
const MOST_SEGMENTS: usize = 4;

/// A word that is not an id, so that requests may name an environment by either.
///
/// # Errors
/// 422 naming `/slug`.
pub fn slug(text: &str) -> Result<String, Problem> {
    let slug = text::slug("/slug", text)?;
    if EnvironmentId::parse(&slug).is_ok() {
        return Err(Problem::invalid("/slug", format!("`{slug}` looks like an id; choose a word such as `staging`."))
            .code(Fault::Format));
    }
    Ok(slug)
}

/// A DNS name in lower case (RFC 1123 section 2.1), or empty for any host.
///
/// # Errors
/// 422 naming `/host`.
pub fn host(text: &str) -> Result<String, Problem> {
    let host = text.trim().to_ascii_lowercase();
    if host.is_empty() || (host.len() <= 253 && host.split('.').all(is_label)) {
        return Ok(host);
    }
    let shown: String = host.chars().take(80).collect();
    let detail = format!(
        "`{shown}` is no host name: labels of a-z 0-9 - separated by dots, without scheme, port or path, such as \
         `api.example.com`; empty for any host."
    );
    Err(Problem::invalid("/host", detail).code(Fault::Format))
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A path prefix: empty, or one to four words each after a slash. Such a text is its own canonical spelling, so the
/// gateway finds it in the canonical path of a call.
///
/// # Errors
/// 422 naming `/prefix`.
pub fn prefix(text: &str) -> Result<String, Problem> {
    let words: Vec<&str> = text.split('/').skip(1).collect();
    let fine = text.is_empty()
        || (text.starts_with('/')
            && words.len() <= MOST_SEGMENTS
            && words.iter().all(|word| text::slug("/prefix", word).is_ok()));
    if fine {
        return Ok(text.to_owned());
    }
    let shown: String = text.chars().take(80).collect();
    let detail = format!(
        "`{shown}` is no prefix: empty, or like `/sandbox`: at most {MOST_SEGMENTS} words of a-z 0-9 . _ - with a slash \
         before each and none at the end."
    );
    Err(Problem::invalid("/prefix", detail).code(Fault::Format))
}

/// The address of an authorization server; empty is this program itself.
///
/// # Errors
/// 422 naming `pointer`.
pub fn address(pointer: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let shown: String = text.chars().take(200).collect();
    let refuse = |why: &str| {
        let detail = format!("`{shown}` {why}; one looks like https://id.example.com/oauth2/token, empty is our own.");
        Problem::invalid(pointer, detail)
    };
    let url = url::Url::parse(text).map_err(|_| refuse("is not an absolute URL"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) || text.len() > 500 {
        return Err(refuse("is no address of HTTP, or longer than 500 symbols"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(refuse("carries a user, a password or a fragment"));
    }
    Ok(url.to_string())
}

/// What a violated unique index means to the person who caused it.
pub fn taken(index: &str, slug: &str, host: &str, prefix: &str) -> Option<Problem> {
    let (pointer, detail) = match index {
        "environments_slug" => ("/slug", format!("The slug `{slug}` is taken; choose another.")),
        "environments_address" => {
            let shown = if host.is_empty() { "any host" } else { host };
            ("/prefix", format!("Another environment has {shown} and prefix `{prefix}`; change host or prefix."))
        }
        _ => return None,
    };
    Some(Problem::new(ProblemKind::Exists, detail.clone()).field(pointer, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_dns_name_or_nothing() {
        assert_eq!(host("").as_deref().ok(), Some(""));
        assert_eq!(host(" API.Example.COM ").as_deref().ok(), Some("api.example.com"));
        let longest = "a".repeat(63);
        assert!(host(&format!("{longest}.example")).is_ok());
        let too_long = [longest.as_str(); 4].join(".");
        for bad in [
            "api.example.com:8080",
            "https://api.example.com",
            "a..b",
            ".a",
            "a.",
            "-a.b",
            "a-.b",
            "a_b",
            "a b",
            "ä.de",
            "*.example.com",
            &"a".repeat(64),
            &too_long,
        ] {
            assert!(host(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_prefix_is_empty_or_words_behind_slashes() {
        for good in ["", "/sandbox", "/eu/sandbox", "/v1.2_x-y", "/a/b/c/d"] {
            assert_eq!(prefix(good).as_deref().ok(), Some(good));
        }
        for bad in [
            "/",
            "sandbox",
            "/sandbox/",
            "//a",
            "/a//b",
            "/..",
            "/.",
            "/a/../b",
            "/A",
            "/%61",
            "/a b",
            "/a?b",
            "/a/b/c/d/e",
        ] {
            assert!(prefix(bad).is_err(), "{bad}");
        }
    }

    /// C78
    #[test]
    fn an_authorization_server_has_a_web_address_without_secrets() {
        assert_eq!(address("/u", " ").as_deref().ok(), Some(""));
        let fine = "https://id.example.com/oauth2/token?tenant=1";
        assert_eq!(address("/u", fine).as_deref().ok(), Some(fine));
        for bad in
            ["id.example.com", "ftp://x/", "javascript:alert(1)", "https://u:p@x/", "https://x/#a", "/oauth2/token"]
        {
            assert!(address("/u", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_slug_is_never_mistaken_for_an_id() {
        assert_eq!(slug("staging").as_deref().ok(), Some("staging"));
        assert!(slug(EnvironmentId::from_bits(7).as_str()).is_err());
    }

    #[test]
    fn a_taken_address_names_the_field_to_change() {
        let pointer = |index| taken(index, "s", "", "/s").map(|p| p.fields[0].pointer.clone());
        assert_eq!(pointer("environments_slug").as_deref(), Some("/slug"));
        assert_eq!(pointer("environments_address").as_deref(), Some("/prefix"));
        assert_eq!(pointer("users_username"), None);
    }
}

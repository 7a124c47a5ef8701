//! Where somebody is sent after signing in: a path of our own, whatever was asked for.

use percent_encoding::percent_decode_str;

/// Longer addresses are nobody's.
const LONGEST: usize = 2000;

/// Pages that make no sense after signing in.
const NOT_BACK: [&str; 6] = ["/login", "/logout", "/signed-out", "/register", "/setup", "/agreement"];

/// The target as it was asked for if it is a path of ours, with query and fragment, else the first page.
///
/// Refused is whatever any browser or proxy could read as another host: a scheme, `//`, a backslash, control characters and
/// everything else that is not printable ASCII, also where they hide behind escapes, however often escaped, or behind dot
/// segments.
pub fn own_path(asked: &str) -> &str {
    if is_own_path(asked) && !NOT_BACK.contains(&asked.split(['?', '#']).next().unwrap_or_default()) {
        asked
    } else {
        "/"
    }
}

/// Whether an address can only mean a path of ours.
pub fn is_own_path(asked: &str) -> bool {
    if asked.len() > LONGEST || !asked.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    // What follows may hold addresses of others, as values; only the path decides where it leads.
    let (path, rest) = asked.split_at(asked.find(['?', '#']).unwrap_or(asked.len()));
    if rest.contains('\\') {
        return false;
    }
    let mut path = path.to_owned();
    // Each round undoes one layer of escapes; an honest path has one.
    for _ in 0..4 {
        if !leads_nowhere_else(&path) {
            return false;
        }
        let decoded = percent_decode_str(&path).decode_utf8_lossy().into_owned();
        if decoded == path {
            return true;
        }
        path = decoded;
    }
    false
}

fn leads_nowhere_else(path: &str) -> bool {
    let dotted = path.split('/').any(|segment| matches!(segment, "." | ".."));
    path.starts_with('/')
        && !path.contains("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
        && !dotted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_of_our_own_are_kept_whole() {
        for good in [
            "/",
            "/apps",
            "/apps/app_01/apis?state=active&after=x#top",
            "/catalog?q=a%20b",
            "/apis/pets/reference/%C3%A4",
            "/oauth2/authorize?redirect_uri=https://client.example/cb&state=//x",
            "/a-b_c.d~e",
        ] {
            assert_eq!(own_path(good), good);
        }
    }

    #[test]
    fn whatever_could_lead_elsewhere_leads_to_the_first_page() {
        for bad in [
            "",
            "apps",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\\/evil.example",
            "https://evil.example/",
            "https:evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "/%2F/evil.example",
            "/%2fevil.example",
            "/%5Cevil.example",
            "/%5cevil.example",
            "/%255Cevil.example",
            "/%25252Fevil.example",
            "/..//evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%2e%2e//evil.example",
            "/%2e%2e/%2fevil.example",
            "/a//evil.example",
            "/\tevil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\nSet-Cookie: a=b",
            "/%0d%0aSet-Cookie:%20a=b",
            "/%09/evil.example",
            "/\u{0}",
            "/%00",
            "/ä",
            "/\u{2028}",
            " /apps",
            "/apps ",
            "/?x=\\",
            "?x=1",
            "#x",
            "@evil.example",
            ".evil.example",
        ] {
            assert_eq!(own_path(bad), "/", "{bad:?}");
        }
        assert_eq!(own_path(&format!("/{}", "a".repeat(LONGEST))), "/");
    }

    #[test]
    fn nobody_is_sent_back_to_signing_in_or_out() {
        for loops in ["/login", "/login?return_to=/apps", "/logout", "/signed-out", "/register?x", "/setup#y"] {
            assert_eq!(own_path(loops), "/", "{loops}");
        }
        assert_eq!(own_path("/logins"), "/logins");
    }

    proptest! {
        /// What is let through resolves to our own host, as browsers resolve it.
        #[test]
        fn what_is_let_through_stays_on_our_origin(text in "[/\\\\.:@%?#a-e0-9FfC\\t\\n ]{0,24}") {
            let base = url::Url::parse("http://127.0.0.1:8080/login?return_to=x").expect("a base");
            let path = own_path(&text);
            let reached = base.join(path).expect("an address");
            prop_assert_eq!(reached.origin(), base.origin());
            prop_assert!(!reached.path().starts_with("//"));
        }
    }
}

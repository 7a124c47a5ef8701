//! Path templates: `/users/{id}`.

use super::finding::quoted;

/// The longest template, in bytes.
const LONGEST: usize = 2000;

/// A path template taken apart.
pub(super) struct Template<'p> {
    /// The template with its parameters' names left out: what two paths must not share.
    pub(super) shape: String,
    /// The names of its parameters, in order.
    pub(super) parameters: Vec<&'p str>,
}

/// Takes `path` apart.
///
/// # Errors
/// What is wrong with it and how to mend it.
pub(super) fn parse(path: &str) -> Result<Template<'_>, String> {
    let shown = quoted(path);
    if path.is_empty() {
        return Err("A path is empty. Write `/` for the root.".into());
    }
    if path.len() > LONGEST {
        return Err(format!("The path {shown} has {} bytes; at most {LONGEST} are read. Shorten it.", path.len()));
    }
    if !path.starts_with('/') {
        let hint = if path.contains("://") { "the path alone, without scheme and host" } else { "it with a slash" };
        return Err(format!("The path {shown} does not begin with `/`. Write {hint}: `/...`."));
    }
    if let Some(c) = path.chars().find(|c| matches!(c, '?' | '#')) {
        let what =
            if c == '?' { "Declare query parameters under `parameters` with `in: query`" } else { "Leave it out" };
        return Err(format!("The path {shown} contains `{c}`, which ends a path. {what}."));
    }
    if path.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(format!(
            "The path {shown} contains a space, a control character or a backslash, which no request can. Percent-encode it."
        ));
    }
    let segments = || path.split('/').skip(1);
    if segments().any(|s| matches!(s, "." | "..")) || path.contains("//") {
        return Err(format!(
            "The path {shown} has an empty, `.` or `..` segment, which is gone once a request is normalised. Remove it."
        ));
    }
    let (shape, parameters) = take_apart(path).map_err(|wrong| format!("The path {shown} {wrong}"))?;
    for (index, name) in parameters.iter().enumerate() {
        if parameters[..index].contains(name) {
            return Err(format!("The path {shown} has the parameter {} twice. Give each its own name.", quoted(name)));
        }
    }
    Ok(Template { shape, parameters })
}

fn take_apart(path: &str) -> Result<(String, Vec<&str>), &'static str> {
    let (mut shape, mut parameters, mut rest) = (String::with_capacity(path.len()), Vec::new(), path);
    while let Some(at) = rest.find(['{', '}']) {
        shape.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if rest.as_bytes()[at] == b'}' {
            return Err("has a `}` without a `{` before it. Write parameters as `{name}`.");
        }
        let end = after.find(['{', '}', '/']).filter(|&end| after.as_bytes()[end] == b'}');
        let Some(end) = end else {
            return Err("has a `{` that is not closed within its segment. Write parameters as `{name}`.");
        };
        if end == 0 {
            return Err("has a parameter without a name. Write `{name}`.");
        }
        parameters.push(&after[..end]);
        shape.push_str("{}");
        rest = &after[end + 1..];
    }
    shape.push_str(rest);
    Ok((shape, parameters))
}

/// A name for an operation that has none: `get-users-id` for `GET /users/{id}`.
pub(super) fn made_name(method: &str, path: &str) -> String {
    let mut name = method.to_ascii_lowercase();
    for word in path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        name.push('-');
        name.push_str(word);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{made_name, parse};

    #[test]
    fn a_template_is_taken_apart() {
        let template = parse("/a/{b}/c.{d}/{e}:cancel").ok().unwrap();
        assert_eq!(template.shape, "/a/{}/c.{}/{}:cancel");
        assert_eq!(template.parameters, ["b", "d", "e"]);
        assert!(parse("/").is_ok_and(|t| t.parameters.is_empty()));
    }

    #[test]
    fn a_template_that_no_request_can_match_is_refused() {
        for path in [
            "",
            "a",
            "http://x/a",
            "/a?b=c",
            "/a#b",
            "/a b",
            "/a//b",
            "/a/../b",
            "/a/.",
            "/{a",
            "/a}",
            "/{}",
            "/{a/b}",
            "/{a{b}}",
            "/{a}/{a}",
            "/a\\b",
            "/a\u{0}",
        ] {
            assert!(parse(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_made_name_shows_method_and_path() {
        assert_eq!(made_name("GET", "/users/{user_id}/e-mail"), "get-users-user-id-e-mail");
        assert_eq!(made_name("PUT", "/"), "put");
    }
}

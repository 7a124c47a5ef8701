//! Names that hide what a thing is.

use crate::code::SOURCES;
use crate::repository::FILES;
use crate::{Violations, hold};

/// If a name needs one of these, the thing is two things.
const EMPTY: [&str; 9] = ["manager", "service", "handler", "helper", "util", "impl", "dto", "data", "info"];

/// Whether a word says nothing; plurals included.
fn is_empty(word: &str) -> bool {
    let word = word.to_lowercase();
    EMPTY.iter().any(|empty| word == *empty || word.strip_suffix('s') == Some(*empty))
}

/// The last word of `HttpClientInfo`: `Info`.
fn last_word(name: &str) -> &str {
    &name[name.rfind(char::is_uppercase).unwrap_or(0)..]
}

#[test]
fn no_type_and_no_file_has_an_empty_name() {
    let mut violations = Violations::new();
    for source in SOURCES.iter() {
        for name in source.types.iter().filter(|name| is_empty(last_word(name)) || is_empty(name)) {
            violations
                .insert(format!("{}::{name}", source.path), "says nothing; name what it is, or split it".to_owned());
        }
    }
    for file in FILES.iter().filter(|file| file.ends(&[".rs", ".ts", ".tsx"])) {
        let parts = file.path.split('/').filter_map(|part| part.split('.').next()?.rsplit(['_', '-']).next());
        // A folder of test material is called what it is everywhere.
        let empty = parts.filter(|word| is_empty(word) && !file.path.contains("/tests/data/"));
        for word in empty {
            violations.insert(file.path.clone(), format!("`{word}` says nothing; name what it is about"));
        }
    }
    hold("names", &violations);
}

#[test]
fn empty_names_are_recognised() {
    assert!(
        is_empty(last_word("RequestHandler")) && is_empty(last_word("Utils")) && is_empty(last_word("UserDTO"))
            || is_empty("DTO")
    );
    assert!(!is_empty(last_word("DataKey")) && !is_empty(last_word("Simplified")) && !is_empty(last_word("Reform")));
}

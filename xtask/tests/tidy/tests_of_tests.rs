//! Rules about the tests themselves.

use crate::code::{Function, SOURCES, Source};
use crate::repository::file;
use crate::shape::calls;
use crate::{Violations, hold};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The name of a requirement row.
static ROW: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[AKFCX][0-9]{2}\b").unwrap());

fn tests() -> impl Iterator<Item = (&'static Source, &'static Function)> {
    SOURCES
        .iter()
        .flat_map(|source| source.functions.iter().filter(|function| function.is_test).map(move |test| (source, test)))
}

#[test]
fn no_test_waits_for_time_to_pass() {
    let mut violations = Violations::new();
    for source in SOURCES.iter().filter(|source| !source.path.contains("/examples/")) {
        let sleeps = ["sleep", "sleep_until", "sleep_ms"].iter().flat_map(|name| calls(source, name));
        if let Some(token) = sleeps.filter(|token| token.in_test).min_by_key(|token| token.line) {
            let why = format!("line {}: sleeps; wait for what happens, or move the test's clock", token.line);
            violations.insert(source.path.to_owned(), why);
        }
    }
    hold("test-sleep", &violations);
}

#[test]
fn no_test_is_left_out() {
    let ignored = tests().filter(|(_, test)| test.is_ignored);
    let told = ignored.map(|(source, test)| (format!("{}::{}", source.path, test.name), "is ignored".to_owned()));
    hold("test-ignore", &told.collect());
}

#[test]
fn a_test_names_at_most_five_rows_and_they_exist() {
    // Rows of the requirements begin a line of a table.
    let requirements = file("docs/requirements.md").map(|file| file.text.as_str()).unwrap_or_default();
    let begins =
        |line: &'static str| ROW.find(line.trim_start_matches(['|', ' ', '*', '`'])).filter(|found| found.start() == 0);
    let known = requirements.lines().filter_map(begins).map(|row| row.as_str()).collect::<BTreeSet<_>>();
    let mut violations = Violations::new();
    for (source, test) in tests() {
        let rows = ROW.find_iter(&test.docs).map(|row| row.as_str()).collect::<BTreeSet<_>>();
        let key = || format!("{}::{}", source.path, test.name);
        if rows.len() > 5 {
            violations.insert(key(), format!("names {} rows; what shows so many shows none of them well", rows.len()));
        }
        let unknown = rows.iter().filter(|row| !known.contains(*row)).copied().collect::<Vec<_>>();
        if !known.is_empty() && !unknown.is_empty() {
            violations.insert(key(), format!("docs/requirements.md has no row {}", unknown.join(", ")));
        }
    }
    hold("test-rows", &violations);
}

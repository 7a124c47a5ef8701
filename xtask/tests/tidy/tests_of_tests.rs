//! Rules about the tests themselves.

use crate::code::{Function, SOURCES, Source};
use crate::repository::{FILES, File, file};
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

/// The rows that docs/requirements.md has: each begins a line of a table.
fn known_rows() -> BTreeSet<&'static str> {
    let requirements = file("docs/requirements.md").map(|file| file.text.as_str()).unwrap_or_default();
    let begins =
        |line: &'static str| ROW.find(line.trim_start_matches(['|', ' ', '*', '`'])).filter(|found| found.start() == 0);
    requirements.lines().filter_map(begins).map(|row| row.as_str()).collect()
}

/// What is wrong with the rows that a text names.
fn wrong_rows(text: &str, known: &BTreeSet<&str>) -> Option<String> {
    let rows = ROW.find_iter(text).map(|row| row.as_str()).collect::<BTreeSet<_>>();
    if rows.len() > 5 {
        return Some(format!("names {} rows; what shows so many shows none of them well", rows.len()));
    }
    let unknown = rows.iter().filter(|row| !known.contains(*row)).copied().collect::<Vec<_>>();
    (!known.is_empty() && !unknown.is_empty())
        .then(|| format!("docs/requirements.md has no row {}", unknown.join(", ")))
}

#[test]
fn a_test_names_at_most_five_rows_and_they_exist() {
    let known = known_rows();
    let mut violations = Violations::new();
    for (source, test) in tests() {
        if let Some(why) = wrong_rows(&test.docs, &known) {
            violations.insert(format!("{}::{}", source.path, test.name), why);
        }
    }
    for file in console_tests() {
        let comments = file.text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("//"));
        for (number, why) in comments.filter_map(|(number, line)| Some((number + 1, wrong_rows(line, &known)?))) {
            violations.insert(format!("{}:{number}", file.path), why);
        }
    }
    hold("test-rows", &violations);
}

/// The console's tests: those in a browser, and those beside what they test.
fn console_tests() -> impl Iterator<Item = &'static File> {
    let ends = [".test.ts", ".test.tsx", ".spec.ts"];
    let is_test = move |file: &&File| file.path.starts_with("console/e2e/") && file.ends(&[".ts"]) || file.ends(&ends);
    FILES.iter().filter(|file| file.path.starts_with("console/")).filter(is_test)
}

#[test]
fn no_test_of_the_console_waits_for_time_to_pass_or_is_left_out() {
    let sleeps = Regex::new(r"waitForTimeout\(").unwrap();
    // What starts the program for the tests may look again until it answers; a test may not.
    let timers = Regex::new(r"(^|[^.\w])setTimeout\(").unwrap();
    let left_out = Regex::new(r"\.(only|skip|fixme|todo|fails?)\(").unwrap();
    let (mut slow, mut absent) = (Violations::new(), Violations::new());
    for file in console_tests() {
        for (number, line) in file.text.lines().enumerate() {
            if sleeps.is_match(line) || timers.is_match(line) && !file.path.starts_with("console/e2e/support/") {
                let why = "sleeps; wait for what happens".to_owned();
                slow.insert(format!("{}:{}", file.path, number + 1), why);
            }
            if left_out.is_match(line) {
                absent.insert(format!("{}:{}", file.path, number + 1), "is not run like all others".to_owned());
            }
        }
    }
    assert!(slow.is_empty() && absent.is_empty(), "{slow:#?} {absent:#?}");
}

//! The house rules that Cargo and the compiler cannot express, as ordinary tests over the text of the repository.
//!
//! A rule answers with *violations*, each with a key. Keys listed in `xtask/ratchet/{rule}.txt`, with a reason, are let pass; a
//! listed key that nothing violates any more fails the test, so the lists only shrink. They are edited by hand.

#![expect(clippy::unwrap_used, reason = "all of this is test code, which the lint cannot tell outside test functions")]

mod code;
mod docs;
mod layers;
mod licences;
mod names;
mod repository;
mod shape;
mod tests_of_tests;

use std::collections::{BTreeMap, BTreeSet};

/// Where a rule is broken: the key that an exception would name, and what to tell the author.
type Violations = BTreeMap<String, String>;

/// Fails if a violation is not excepted, or an exception is not needed.
fn hold(rule: &str, violations: &Violations) {
    let excepted = exceptions(rule);
    let broken =
        violations.iter().filter(|(key, _)| !excepted.contains(*key)).map(|(key, why)| format!("{key}: {why}"));
    let unneeded = excepted.iter().filter(|key| !violations.contains_key(*key));
    let unneeded = unneeded.map(|key| format!("{key}: no longer needed, remove it from xtask/ratchet/{rule}.txt"));
    let wrong = broken.chain(unneeded).collect::<Vec<_>>();
    assert!(wrong.is_empty(), "\n{} against the rule `{rule}`:\n  {}\n", wrong.len(), wrong.join("\n  "));
}

/// The keys in `xtask/ratchet/{rule}.txt`: one a line, each followed by ` # ` and the reason.
fn exceptions(rule: &str) -> BTreeSet<String> {
    let text =
        std::fs::read_to_string(xtask::host::root().join(format!("xtask/ratchet/{rule}.txt"))).unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let key = |line: &str| {
        let (key, reason) =
            line.split_once(" # ").unwrap_or_else(|| panic!("ratchet/{rule}.txt: no reason in: {line}"));
        assert!(reason.trim().len() > 10, "ratchet/{rule}.txt: a reason is a sentence, in: {line}");
        key.trim().to_owned()
    };
    lines.map(key).collect()
}

#[test]
fn every_exception_belongs_to_a_rule() {
    const RULES: [&str; 21] = [
        "layers",
        "workspace-dependencies",
        "licences",
        "module-docs",
        "file-length",
        "function-length",
        "names",
        "sql",
        "tables",
        "commit",
        "rule-purity",
        "slices",
        "test-sleep",
        "test-ignore",
        "test-rows",
        "problem-pages",
        "table-names",
        "architecture",
        "required-files",
        "words",
        "mod-length",
    ];
    let files = std::fs::read_dir(xtask::host::root().join("xtask/ratchet")).into_iter().flatten().flatten();
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        let known = name.strip_suffix(".txt").is_some_and(|rule| RULES.contains(&rule));
        assert!(known, "xtask/ratchet/{name} is read by no rule");
        assert!(!exceptions(name.trim_end_matches(".txt")).is_empty(), "xtask/ratchet/{name} is empty: remove it");
    }
}

//! The shape of a slice, and of any file of code.

use crate::code::{SOURCES, Source, Token, TokenKind};
use crate::repository::{FILES, file};
use crate::{Violations, hold};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// The slices of the control plane in the order in which they may use one another: each only those before it, never their
/// `sql`. Everything else in `platform` is common ground.
const SLICES: [&str; 29] = [
    "settings",
    "user",
    "organization",
    "group",
    "environment",
    "profile",
    "plan",
    "api",
    "api_group",
    "page",
    "version",
    "app",
    "client",
    "credential",
    "agreement",
    "follow",
    "task",
    "subscription",
    "grant",
    "across",
    "board",
    "notice",
    "search",
    "webhook",
    "usage",
    "decision",
    "overview",
    "ceptor",
    "trail",
];

/// What a rule may not be made of: waiting, storage, the outside, and the time that it happens to be.
const IMPURE: [&str; 16] = [
    "async",
    "await",
    "sql",
    "sqlx",
    "ReadTx",
    "WriteTx",
    "Conn",
    "Db",
    "http",
    "axum",
    "hyper",
    "tokio",
    "Clock",
    "Instant",
    "SystemTime",
    "random",
];

#[test]
fn every_file_begins_by_saying_what_it_is() {
    let silent = SOURCES.iter().filter(|source| !source.text.trim_start().starts_with("//!"));
    hold("module-docs", &silent.map(|source| (source.path.to_owned(), "begins without //!".to_owned())).collect());
}

#[test]
fn no_function_is_longer_than_60_lines() {
    let mut violations = Violations::new();
    for source in SOURCES.iter() {
        for function in source.functions.iter().filter(|function| function.lines > 60) {
            let why = format!("{} lines from line {}", function.lines, function.line);
            violations.insert(format!("{}::{}", source.path, function.name), why);
        }
    }
    hold("function-length", &violations);
}

#[test]
fn the_front_page_of_a_slice_is_short() {
    let mut violations = Violations::new();
    for source in SOURCES.iter().filter(|source| slice(source.path).is_some() && source.path.ends_with("/mod.rs")) {
        let most = if is_whole_slice(source.path) { 400 } else { 150 };
        let lines = source.text.lines().count();
        if lines > most {
            violations.insert(source.path.to_owned(), format!("{lines} lines, {most} at most"));
        }
    }
    hold("mod-length", &violations);
}

/// Whether a file holds all sections of a small slice, which then has no files of their own for them.
fn is_whole_slice(path: &str) -> bool {
    let Some(folder) = path.strip_suffix("/mod.rs") else {
        return slice(path).is_some_and(|name| path == format!("crates/platform/src/{name}.rs"));
    };
    slice(path).is_some() && !["sql.rs", "ops.rs"].iter().any(|section| file(&format!("{folder}/{section}")).is_some())
}

/// The slice that a file belongs to.
fn slice(path: &str) -> Option<&str> {
    let below = path.strip_prefix("crates/platform/src/")?;
    let name = below.split('/').next()?.trim_end_matches(".rs");
    SLICES.contains(&name).then_some(name)
}

/// The strings of a file that are SQL statements, outside tests.
fn statements(source: &Source) -> impl Iterator<Item = (&Token, &str)> {
    let sql = r"^\s*(WITH\s+\w+\s+AS|SELECT\s|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(CREATE|ALTER|DROP)\s+(UNIQUE\s+)?(TABLE|INDEX|DATABASE|SCHEMA)|PRAGMA\s|BEGIN(\s|$)|COMMIT$|ROLLBACK|LISTEN\s|NOTIFY\s)";
    let sql = Regex::new(sql).unwrap();
    source.tokens.iter().filter(|token| !token.in_test).filter_map(move |token| match &token.kind {
        TokenKind::Text(text) if sql.is_match(text) => Some((token, text.as_str())),
        _ => None,
    })
}

#[test]
fn sql_stands_in_sql_files_only() {
    let mut violations = Violations::new();
    // The store is the seam to the databases: migrations, the log and the cursors are what it is about.
    let ours =
        SOURCES.iter().filter(|source| source.path.starts_with("crates/") && !source.path.starts_with("crates/store/"));
    for source in ours.filter(|source| !source.path.ends_with("/sql.rs") && !is_whole_slice(source.path)) {
        if let Some((token, _)) = statements(source).next() {
            violations.insert(source.path.to_owned(), format!("line {}: SQL outside sql.rs", token.line));
        }
    }
    hold("sql", &violations);
}

#[test]
fn a_table_is_named_by_one_slice() {
    let named = Regex::new(r"\b(FROM|JOIN|INTO|UPDATE)\s+([a-z][a-z_]+)\b").unwrap();
    let tables = FILES.iter().filter(|file| file.path.starts_with("migrations/")).flat_map(|file| created(&file.text));
    let tables = tables.collect::<BTreeSet<_>>();
    let mut users = BTreeMap::<(String, &str), bool>::new();
    for (source, slice) in SOURCES.iter().filter_map(|source| Some((source, slice(source.path)?))) {
        for (_, text) in statements(source) {
            for found in named.captures_iter(text).filter(|found| tables.contains(&found[2])) {
                *users.entry((found[2].to_owned(), slice)).or_default() |= &found[1] == "INTO";
            }
        }
    }
    // A table belongs to the slice that fills it.
    let owners = users.iter().filter(|(_, fills)| **fills).map(|((table, slice), _)| (table.clone(), *slice));
    let owners = owners.collect::<BTreeMap<_, _>>();
    let foreign = users.keys().filter_map(|(table, slice)| {
        let owner = owners.get(table)?;
        (owner != slice)
            .then(|| (format!("{slice} {table}"), format!("`{table}` belongs to `{owner}`; call its operations")))
    });
    hold("tables", &foreign.collect());
}

/// The names of the tables that a migration makes.
pub fn created(migration: &str) -> Vec<String> {
    let create = Regex::new(r"(?i)CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z_0-9]+)").unwrap();
    create.captures_iter(migration).map(|found| found[1].to_owned()).collect()
}

#[test]
fn tables_have_plural_names() {
    let migrations = FILES.iter().filter(|file| file.path.starts_with("migrations/"));
    let singular = migrations.flat_map(|file| created(&file.text)).filter(|name| !name.ends_with('s'));
    hold("table-names", &singular.map(|name| (name, "a table is named in the plural".to_owned())).collect());
}

#[test]
fn only_operations_commit() {
    let mut violations = Violations::new();
    for source in SOURCES.iter().filter(|source| source.path.starts_with("crates/platform/")) {
        let place =
            ["/ops.rs", "/across.rs"].iter().any(|end| source.path.ends_with(end)) || source.path.contains("/ops/");
        let is_operation = place || is_whole_slice(source.path);
        let commit = calls(source, "commit").find(|token| !token.in_test);
        if let (Some(token), false) = (commit, is_operation) {
            violations.insert(source.path.to_owned(), format!("line {}: commits outside ops.rs", token.line));
        }
    }
    hold("commit", &violations);
}

/// Where a function or method of this name is called.
pub fn calls(source: &'static Source, name: &'static str) -> impl Iterator<Item = &'static Token> {
    let pairs = source.tokens.windows(2);
    pairs.filter(move |pair| pair[0].kind.is_word(name) && pair[1].kind == TokenKind::Mark('(')).map(|pair| &pair[0])
}

#[test]
fn a_rule_only_decides() {
    let mut violations = Violations::new();
    for source in SOURCES.iter().filter(|source| source.path.ends_with("/rule.rs")) {
        let product = source.tokens.iter().filter(|token| !token.in_test);
        let impure = product.filter_map(|token| match &token.kind {
            TokenKind::Word(word) if IMPURE.contains(&word.as_str()) => Some((token.line, word)),
            _ => None,
        });
        let statement = statements(source).map(|(token, _)| format!("line {}: SQL", token.line));
        let told = impure.map(|(line, word)| format!("line {line}: `{word}` in a rule")).chain(statement).next();
        violations.extend(told.map(|why| (source.path.to_owned(), why)));
    }
    hold("rule-purity", &violations);
}

#[test]
fn slices_use_only_those_before_them() {
    let place = |name: &str| SLICES.iter().position(|slice| *slice == name);
    let mut violations = Violations::new();
    for (source, own) in SOURCES.iter().filter_map(|source| Some((source, slice(source.path)?))) {
        for (line, path) in crate_paths(source) {
            let Some(used) = path.first().filter(|used| used.as_str() != own) else { continue };
            let Some(other) = place(used) else { continue };
            if path.get(1).is_some_and(|next| next == "sql") {
                violations.insert(
                    format!("{own} -> {used}::sql"),
                    format!("{} line {line}: reaches into its SQL", source.path),
                );
            } else if Some(other) > place(own) {
                violations.insert(
                    format!("{own} -> {used}"),
                    format!("{} line {line}: comes later in the order", source.path),
                );
            }
        }
    }
    hold("slices", &violations);
}

/// The first two names after each `crate::` outside tests, also in `use crate::{a, b::c}`.
fn crate_paths(source: &Source) -> Vec<(usize, Vec<String>)> {
    let tokens = source.tokens.iter().filter(|token| !token.in_test).collect::<Vec<_>>();
    let mut found = Vec::new();
    for start in 0..tokens.len() {
        if !tokens[start].kind.is_word("crate") || !is_path(&tokens, start + 1) {
            continue;
        }
        if tokens.get(start + 3).is_some_and(|token| token.kind == TokenKind::Mark('{')) {
            let mut depth = 1;
            let mut index = start + 4;
            let mut first = true;
            while let (1.., Some(token)) = (depth, tokens.get(index)) {
                match &token.kind {
                    TokenKind::Mark('{') => depth += 1,
                    TokenKind::Mark('}') => depth -= 1,
                    TokenKind::Word(_) if first => found.push((token.line, names(&tokens, index))),
                    _ => {}
                }
                first = depth == 1 && token.kind == TokenKind::Mark(',');
                index += 1;
            }
        } else {
            found.push((tokens[start].line, names(&tokens, start + 3)));
        }
    }
    found
}

/// Whether `::` stands at `index`.
fn is_path(tokens: &[&Token], index: usize) -> bool {
    [index, index + 1].iter().all(|index| tokens.get(*index).is_some_and(|token| token.kind == TokenKind::Mark(':')))
}

/// Up to two names joined by `::` from `index` on.
fn names(tokens: &[&Token], index: usize) -> Vec<String> {
    let word = |index: usize| match tokens.get(index).map(|token| &token.kind) {
        Some(TokenKind::Word(word)) => Some(word.clone()),
        _ => None,
    };
    let second = is_path(tokens, index + 1).then(|| word(index + 3)).flatten();
    word(index).into_iter().chain(second).collect()
}

//! The files of the repository, and the rules about what may stand in any of them.

use crate::{Violations, hold};
use regex::Regex;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Folders that are no part of the repository, whatever their content.
const FOREIGN: [&str; 9] =
    [".git", "target", "node_modules", "dist", "wayleave-data", "demo-data", "out", ".out", "test-results"];

/// A file of the repository.
pub struct File {
    /// Its path below the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl File {
    /// The file's name without its folder.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the name ends with one of these.
    pub fn ends(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// Every text file of the repository, in order.
pub static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    let root = xtask::host::root();
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    let file = |path: PathBuf| {
        let text = String::from_utf8(std::fs::read(&path).ok()?).ok()?;
        Some(File { path: path.strip_prefix(&root).ok()?.to_string_lossy().into_owned(), text })
    };
    paths.into_iter().filter_map(file).collect()
});

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let foreign = path.file_name().is_some_and(|name| FOREIGN.iter().any(|foreign| name == *foreign));
        if path.is_symlink() || foreign {
            continue;
        }
        if path.is_dir() {
            walk(&path, paths);
        } else {
            paths.push(path);
        }
    }
}

/// One file by its path.
pub fn file(path: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.path == path)
}

#[test]
fn no_file_of_code_is_longer_than_500_lines() {
    let code = FILES.iter().filter(|file| file.ends(&[".rs", ".ts", ".tsx", ".css", ".sh", ".py", ".lua"]));
    // Generated from openapi.json.
    let code = code.filter(|file| file.path != xtask::console::SCHEMA);
    let long = code.map(|file| (file, file.text.lines().count())).filter(|(_, lines)| *lines > 500);
    let told = long.map(|(file, lines)| (file.path.clone(), format!("{lines} lines; split it by what it is about")));
    hold("file-length", &told.collect());
}

/// Words that say where or with what this was written. They are put together here so that this file may hold them.
fn words() -> Vec<(Regex, &'static str)> {
    let hosts = [
        "index.crates",
        "static.crates",
        "pypi",
        "files.pythonhosted",
        "deb.debian",
        "registry.npmjs",
        "registry.yarnpkg",
    ];
    let hosts = hosts.map(|host| host.replace('.', r"\.")).join("|");
    let pattern = |text: &str| Regex::new(text).unwrap();
    vec![
        (
            pattern(&format!(r"\b({hosts})\.(io|org|com)\b")),
            "names a registry's host; packages are named, not where they come from",
        ),
        (
            pattern(r#"(^|[\s"'`(=:])/(home|root|Users|work|workspace|mnt|builds)/"#),
            "holds a path of somebody's machine",
        ),
        (pattern(&format!(r"\.\./{}ed\b", "shar")), "points outside the repository"),
    ]
}

#[test]
fn nothing_says_where_it_was_written() {
    let words = words();
    let mut violations = Violations::new();
    for file in FILES.iter() {
        for (number, line) in file.text.lines().enumerate() {
            for (word, why) in words.iter().filter(|(word, _)| word.is_match(line)) {
                let found = word.find(line).map_or("", |found| found.as_str()).trim();
                violations.insert(file.path.clone(), format!("line {}: `{found}` {why}", number + 1));
            }
        }
    }
    hold("words", &violations);
}

#[test]
fn the_forbidden_words_are_recognised() {
    let found = |line: &str| words().iter().any(|(word, _)| word.is_match(line));
    assert!(found(&["see /wo", "rk/main"].concat()));
    assert!(found(&["https://pypi", ".org/simple"].concat()));
    assert!(found(&["cp ../shar", "ed/data ."].concat()));
    assert!(!found("GET /api/work/items and target/work/x"));
    assert!(!found("registry+https://github.com/rust-lang/crates.io-index"));
    assert!(!found("a ../shareddata of two"));
}

#[test]
fn what_a_newcomer_looks_for_is_there() {
    let required = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "deny.toml",
        "openapi.json",
        "schema.sql",
        "docs/requirements.md",
        "docs/http.md",
        "docs/logging.md",
        "docs/decisions/",
        "docs/reference/",
        "migrations/",
        "scripts/tour.sh",
        ".ci/run",
    ];
    let exists = |wanted: &str| match wanted.strip_suffix('/') {
        Some(_) => FILES.iter().any(|file| file.path.starts_with(wanted)),
        None => file(wanted).is_some(),
    };
    let missing = required.iter().filter(|wanted| !exists(wanted));
    hold("required-files", &missing.map(|wanted| ((*wanted).to_owned(), "is missing".to_owned())).collect());
}

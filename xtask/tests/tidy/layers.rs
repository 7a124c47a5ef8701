//! Which crate may use which: the table of ARCHITECTURE.md against what Cargo says.

use crate::repository::FILES;
use crate::{Violations, hold};
use cargo_metadata::{DependencyKind, Metadata};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The crates, and which of ours each may use. A lower level never names a higher one.
const LAYERS: [(&str, &[&str]); 9] = [
    ("base", &[]),
    ("oauth", &["base"]),
    ("store", &["base"]),
    ("snapshot", &["base"]),
    ("gateway", &["base", "oauth", "snapshot"]),
    ("platform", &["base", "oauth", "store", "snapshot"]),
    ("wayleave", &["base", "oauth", "store", "snapshot", "gateway", "platform"]),
    ("testkit", &["base", "oauth", "store", "snapshot", "gateway", "platform", "wayleave"]),
    ("xtask", &[]),
];

/// What a crate must never see, however many steps away. Ours are in the table above; these are others'.
const UNSEEN: [(&str, &[&str]); 5] = [
    ("base", &["tokio", "hyper", "axum", "sqlx", "futures-util"]),
    ("oauth", &["tokio", "hyper", "axum", "sqlx"]),
    ("snapshot", &["tokio", "hyper", "axum", "sqlx"]),
    ("store", &["hyper", "axum"]),
    ("gateway", &["sqlx", "sqlx-core", "axum", "utoipa", "argon2", "libsqlite3-sys"]),
];

/// The workspace as Cargo sees it on this machine.
pub static METADATA: LazyLock<Metadata> =
    LazyLock::new(|| xtask::cargo::metadata(Some(&xtask::cargo::host_triple().unwrap())).unwrap());

#[test]
fn no_crate_uses_one_that_it_may_not_see() {
    let table = BTreeMap::from(LAYERS);
    let mut violations = Violations::new();
    for package in METADATA.workspace_packages() {
        let Some(allowed) = table.get(package.name.as_str()) else {
            violations.insert(package.name.to_string(), "is not in the table of crates".to_owned());
            continue;
        };
        for used in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            // Tests may use the test kit, and the chores' own tests read the tables of `base`.
            let tests = used.kind == DependencyKind::Development;
            let test_kit = tests && (used.name == "testkit" || package.name.as_str() == "xtask" && used.name == "base");
            if !allowed.contains(&used.name.as_str()) && !test_kit {
                violations
                    .insert(format!("{} -> {}", package.name, used.name), "a crate may not see this one".to_owned());
            }
        }
    }
    let exist = METADATA.workspace_packages().iter().map(|package| package.name.to_string()).collect::<BTreeSet<_>>();
    for (name, _) in LAYERS.iter().filter(|(name, _)| !exist.contains(*name)) {
        violations.insert((*name).to_owned(), "is in the table of crates, and does not exist".to_owned());
    }
    hold("layers", &violations);
}

#[test]
fn what_a_crate_must_never_see_is_not_among_all_that_it_uses() {
    let mut violations = Violations::new();
    for (name, unseen) in UNSEEN {
        let used = closure(name);
        for other in unseen.iter().filter(|other| used.contains(**other)) {
            violations.insert(format!("{name} ->> {other}"), "must never be linked into it".to_owned());
        }
    }
    let excepted = crate::exceptions("layers").into_iter().filter(|key| key.contains("->>")).collect::<BTreeSet<_>>();
    violations.retain(|key, _| !excepted.contains(key));
    assert!(violations.is_empty(), "{violations:#?}");
}

/// The names of everything linked into a crate, with its own features only.
fn closure(name: &str) -> BTreeSet<String> {
    let mut tree = xtask::cargo::command(&["tree", "--package", name, "--edges", "normal,no-proc-macro"]);
    let text = xtask::host::output(tree.args(["--prefix", "none", "--no-dedupe", "--format", "{p}"])).unwrap();
    String::from_utf8(text).unwrap().lines().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
}

#[test]
fn the_gateway_is_made_of_what_its_list_says() {
    let listed = std::fs::read_to_string(xtask::host::root().join(xtask::generate::CLOSURE)).unwrap_or_default();
    let actual = xtask::closure::text().unwrap();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (listed, actual) = (lines(&listed), lines(&actual));
    let more = actual.difference(&listed).collect::<Vec<_>>();
    let less = listed.difference(&actual).collect::<Vec<_>>();
    assert!(more.is_empty() && less.is_empty(), "new: {more:?}, gone: {less:?}. If that is meant: cargo xtask gen");
}

#[test]
fn dependencies_are_named_in_one_place() {
    let mut violations = Violations::new();
    let manifests = FILES.iter().filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml");
    for file in manifests {
        let manifest: toml::Table = file.text.parse().unwrap();
        for (place, dependencies) in dependency_tables(&manifest) {
            for (name, value) in dependencies {
                if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    let why =
                        format!("in [{place}]: say `{name}.workspace = true` and name it in the root's Cargo.toml");
                    violations.insert(format!("{} {name}", file.path), why);
                }
            }
        }
    }
    hold("workspace-dependencies", &violations);
}

/// The dependency tables of a manifest, those of single targets included.
fn dependency_tables(manifest: &toml::Table) -> Vec<(String, &toml::Table)> {
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let of = |table: &'_ toml::Table| {
        kinds.iter().filter(|kind| table.contains_key(**kind)).map(|kind| (*kind).to_owned()).collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    for kind in of(manifest) {
        found.extend(manifest[&kind].as_table().map(|table| (kind, table)));
    }
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    for (target, table) in targets.into_iter().flatten() {
        let Some(table) = table.as_table() else { continue };
        for kind in of(table) {
            found.extend(table[&kind].as_table().map(|inner| (format!("target.{target}.{kind}"), inner)));
        }
    }
    found
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for file in FILES.iter().filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml") {
        let manifest: toml::Table = file.text.parse().unwrap();
        let inherits = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool);
        assert_eq!(inherits, Some(true), "{}: add [lints] workspace = true", file.path);
    }
}

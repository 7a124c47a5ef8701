//! Every dependency's licence is one that `deny.toml` allows. This needs nothing installed, unlike cargo-deny itself.

use crate::layers::METADATA;
use crate::repository::file;
use crate::{Violations, hold};
use spdx::{Expression, ParseMode};
use std::collections::BTreeSet;

/// The licences that `deny.toml` allows.
fn allowed() -> BTreeSet<String> {
    let deny: toml::Table = file("deny.toml").expect("deny.toml is there").text.parse().unwrap();
    let list = deny["licenses"]["allow"].as_array().unwrap();
    list.iter().map(|licence| licence.as_str().unwrap().to_owned()).collect()
}

/// Whether a licence expression can be met with the allowed licences alone.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let parsed = Expression::parse_mode(expression, ParseMode::LAX);
    let name = |requirement: &spdx::LicenseReq| requirement.to_string();
    parsed.is_ok_and(|parsed| parsed.evaluate(|requirement| allowed.contains(&name(requirement))))
}

#[test]
fn every_dependency_has_a_licence_that_we_allow() {
    let allowed = allowed();
    let mut violations = Violations::new();
    for package in &METADATA.packages {
        let licence = package.license.as_deref().unwrap_or_default();
        if !is_met(licence, &allowed) {
            violations.insert(package.name.to_string(), format!("its licence `{licence}` is not in deny.toml"));
        }
    }
    hold("licences", &violations);
}

/// What the console's packages may have beside: as free as can be, and not known to Rust's crates.
const ALSO_IN_THE_CONSOLE: [&str; 1] = ["Unlicense"];

/// Packages that only build or test the console are not shipped.
#[test]
fn every_package_that_the_console_ships_has_a_licence_that_we_allow() {
    let mut allowed = allowed();
    allowed.extend(ALSO_IN_THE_CONSOLE.map(str::to_owned));
    let lock = file("console/package-lock.json").expect("the console's lock file is there");
    let lock: serde_json::Value = serde_json::from_str(&lock.text).unwrap();
    let packages = lock["packages"].as_object().unwrap().iter();
    let shipped = packages.filter(|(path, package)| !path.is_empty() && package["dev"] != true).collect::<Vec<_>>();
    assert!(shipped.len() > 10, "{} packages", shipped.len());
    for (path, package) in shipped {
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_met(licence, &allowed), "{path}: its licence `{licence}` is not in deny.toml");
    }
}

#[test]
fn a_licence_expression_is_understood() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Apache-2.0".to_owned()]);
    assert!(is_met("MIT OR GPL-3.0-only", &allowed));
    assert!(is_met("MIT/Apache-2.0", &allowed));
    assert!(!is_met("MIT AND GPL-3.0-only", &allowed));
    assert!(!is_met("Apache-2.0 WITH LLVM-exception", &allowed));
    assert!(!is_met("", &allowed));
}

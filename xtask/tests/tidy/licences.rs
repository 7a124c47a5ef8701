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

#[test]
fn a_licence_expression_is_understood() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Apache-2.0".to_owned()]);
    assert!(is_met("MIT OR GPL-3.0-only", &allowed));
    assert!(is_met("MIT/Apache-2.0", &allowed));
    assert!(!is_met("MIT AND GPL-3.0-only", &allowed));
    assert!(!is_met("Apache-2.0 WITH LLVM-exception", &allowed));
    assert!(!is_met("", &allowed));
}

//! What is written about the code is true of the code.

use crate::layers::METADATA;
use crate::repository::{FILES, file};
use crate::{Violations, hold};
use base::ProblemKind;
use regex::Regex;
use std::collections::BTreeSet;

#[test]
fn every_problem_has_its_page_and_every_page_its_problem() {
    let slugs = ProblemKind::ALL.iter().map(|kind| kind.slug()).collect::<BTreeSet<_>>();
    let pages = FILES.iter().filter_map(|file| file.path.strip_prefix("docs/problems/")?.strip_suffix(".md"));
    let pages = pages.filter(|page| !matches!(*page, "README" | "index")).collect::<BTreeSet<_>>();
    let mut violations = Violations::new();
    for slug in slugs.difference(&pages) {
        violations.insert((*slug).to_owned(), format!("has no docs/problems/{slug}.md: cause, what to do, who can"));
    }
    for page in pages.difference(&slugs) {
        violations.insert((*page).to_owned(), "has a page, and no such problem exists".to_owned());
    }
    hold("problem-pages", &violations);
}

#[test]
fn the_map_shows_each_crate_that_exists_and_no_other() {
    let mut violations = Violations::new();
    let map = file("ARCHITECTURE.md").map(|file| file.text.as_str()).unwrap_or_default();
    let mention = Regex::new(r"\bcrates/([a-z_]+)").unwrap();
    let mentioned = mention.captures_iter(map).map(|found| found[1].to_owned()).collect::<BTreeSet<_>>();
    let crates = METADATA.workspace_packages();
    let crates = crates.iter().filter(|package| package.manifest_path.as_str().contains("/crates/"));
    let exist = crates.map(|package| package.name.to_string()).collect::<BTreeSet<_>>();
    for name in exist.difference(&mentioned) {
        violations.insert(name.clone(), format!("ARCHITECTURE.md does not mention crates/{name}"));
    }
    for name in mentioned.difference(&exist) {
        violations.insert(name.clone(), format!("ARCHITECTURE.md mentions crates/{name}, which does not exist"));
    }
    hold("architecture", &violations);
}

/// Links between our own pages lead somewhere.
#[test]
fn every_link_between_pages_leads_to_a_file() {
    let link = Regex::new(r"\]\(([^)\s#]+)(#[^)]*)?\)").unwrap();
    let mut broken = Vec::new();
    for page in FILES.iter().filter(|file| file.ends(&[".md"]) && !file.path.contains("/tests/")) {
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for found in link.captures_iter(&page.text) {
            let target = &found[1];
            let elsewhere = target.contains("://") || target.starts_with("mailto:") || target.starts_with('/');
            if !elsewhere && !xtask::host::root().join(folder).join(target).exists() {
                broken.push(format!("{}: {target}", page.path));
            }
        }
    }
    assert!(broken.is_empty(), "links to nowhere: {broken:#?}");
}

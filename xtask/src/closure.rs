//! What the gateway is made of: every external crate that is linked into it, as committed in `crates/gateway/deps.txt`.

use crate::{cargo, host};
use anyhow::Result;
use std::collections::BTreeSet;

/// The machine that the list is made for, so that it is the same wherever it is made.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The text of the file as it ought to be: one external crate a line, with the part of its version that may break callers.
/// Macros and build scripts are left out, since nothing of them is linked.
///
/// # Errors
/// When `cargo tree` fails.
pub fn text() -> Result<String> {
    let mut tree = cargo::command(&["tree", "--package", "gateway", "--edges", "normal,no-proc-macro"]);
    tree.args(["--target", TARGET, "--prefix", "none", "--no-dedupe", "--format", "{p}"]);
    let tree = String::from_utf8(host::output(&mut tree)?)?;
    let lines = tree.lines().filter_map(external).collect::<BTreeSet<_>>();
    let head =
        "# The external crates linked into the gateway. Written by `cargo xtask gen`; a longer list is a decision.\n";
    Ok(lines.into_iter().fold(head.to_owned(), |text, line| text + &line + "\n"))
}

/// `hyper v1.12.0` becomes `hyper 1`; a crate of ours, which shows its folder, becomes nothing.
fn external(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    if line.contains("(/") {
        return None;
    }
    let mut numbers = version.split('.');
    let (major, minor) = (numbers.next()?, numbers.next()?);
    Some(if major == "0" { format!("{name} 0.{minor}") } else { format!("{name} {major}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_named_with_the_part_of_its_version_that_breaks() {
        assert_eq!(external("hyper v1.12.3").as_deref(), Some("hyper 1"));
        assert_eq!(external("http-body-util v0.1.3 (*)").as_deref(), Some("http-body-util 0.1"));
        assert_eq!(external("base v0.1.0 (/somewhere/crates/base)"), None);
        assert_eq!(external(""), None);
    }
}

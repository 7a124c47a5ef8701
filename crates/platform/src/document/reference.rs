//! `$ref`: only inside of the document, and never without end.

use super::finding::{Findings, quoted};
use super::survey::escaped;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::collections::HashSet;

/// The most references in a row that are followed.
const MOST_HOPS: usize = 32;
/// Members whose values are the customer's data, where `$ref` is no reference.
const DATA: [&str; 5] = ["example", "default", "enum", "const", "value"];

/// Why a reference leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Astray {
    /// It names another document.
    Elsewhere(String),
    /// The document has nothing there.
    Missing(String),
    /// It leads back to itself.
    Cycle(String),
}

impl Astray {
    /// What is wrong and how to mend it.
    pub(super) fn detail(&self) -> String {
        match self {
            Self::Elsewhere(target) => format!(
                "`$ref` is {}, which lies outside of this document; nothing is fetched. Bundle everything into one document.",
                quoted(target)
            ),
            Self::Missing(target) => format!(
                "`$ref` is {}, but the document has nothing there. Add it or correct the reference.",
                quoted(target)
            ),
            Self::Cycle(target) => format!(
                "`$ref` is {}, which leads back to itself and never to anything. Replace one of the references by what is meant.",
                quoted(target)
            ),
        }
    }
}

/// The reference that an object consists of, if it is one.
pub(super) fn target(value: &Value) -> Option<&str> {
    value.as_object()?.get("$ref")?.as_str()
}

/// What `target` names directly, with its pointer.
pub(super) fn find<'v>(root: &'v Value, target: &str) -> Result<(&'v Value, String), Astray> {
    let Some(fragment) = target.strip_prefix('#') else { return Err(Astray::Elsewhere(target.to_owned())) };
    // Some documents write a slash as it is, others as the URI fragment that a `$ref` really is.
    let decoded = percent_decode_str(fragment).decode_utf8_lossy();
    [fragment, &*decoded]
        .into_iter()
        .find_map(|pointer| root.pointer(pointer).map(|value| (value, pointer.to_owned())))
        .ok_or_else(|| Astray::Missing(target.to_owned()))
}

/// `value`, or what it refers to in the end, with the pointer of that.
pub(super) fn follow<'v>(root: &'v Value, value: &'v Value, pointer: &str) -> Result<(&'v Value, String), Astray> {
    let (mut value, mut pointer) = (value, pointer.to_owned());
    let mut seen: Vec<String> = vec![pointer.clone()];
    while let Some(name) = target(value) {
        let (next, at) = find(root, name)?;
        if seen.contains(&at) || seen.len() > MOST_HOPS {
            return Err(Astray::Cycle(name.to_owned()));
        }
        seen.push(at.clone());
        (value, pointer) = (next, at);
    }
    Ok((value, pointer))
}

/// Notes each reference that leads nowhere, once. A schema that contains itself is in order.
pub(super) fn audit(root: &Value, findings: &mut Findings) {
    let mut audit = Audit { root, seen: HashSet::new(), pointer: String::new(), findings };
    audit.visit(root, false);
}

struct Audit<'v, 'f> {
    root: &'v Value,
    seen: HashSet<&'v str>,
    pointer: String,
    findings: &'f mut Findings,
}

impl<'v> Audit<'v, '_> {
    /// Recursion is bounded by the depth that the reader allows.
    fn visit(&mut self, value: &'v Value, names: bool) {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.step(&index.to_string(), item, false);
                }
            }
            Value::Object(members) => {
                // Under `properties` and the like, members are names of the customer's, not keywords.
                if !names && let Some(name) = target(value) {
                    self.check(name);
                }
                for (name, member) in members {
                    if !names && (DATA.contains(&name.as_str()) || name.starts_with("x-")) {
                        continue;
                    }
                    let inner = !names
                        && matches!(name.as_str(), "properties" | "patternProperties" | "schemas" | "definitions");
                    self.step(name, member, inner);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, name: &str, value: &'v Value, names: bool) {
        if !(value.is_object() || value.is_array()) {
            return;
        }
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&escaped(name));
        self.visit(value, names);
        self.pointer.truncate(length);
    }

    fn check(&mut self, name: &'v str) {
        if !self.seen.insert(name) {
            return;
        }
        let astray = match find(self.root, name) {
            Err(astray) => astray,
            // Only a reference to something that is itself a reference can run in a circle.
            Ok((value, at)) => match follow(self.root, value, &at) {
                Err(Astray::Cycle(_)) => Astray::Cycle(name.to_owned()),
                _ => return,
            },
        };
        let rule = match astray {
            Astray::Elsewhere(_) => "reference-elsewhere",
            Astray::Missing(_) => "reference-missing",
            Astray::Cycle(_) => "reference-cycle",
        };
        let pointer = super::survey::cut(&format!("{}/$ref", self.pointer)).to_owned();
        self.findings.note(rule, pointer, astray.detail());
    }
}

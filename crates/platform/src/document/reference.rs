//! `$ref`: only inside of the document, and never without end.

use super::finding::{Findings, quoted};
use super::survey::escaped;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The most references in a row that are followed.
const MOST_HOPS: usize = 32;
/// The longest reference that is followed, in bytes.
const LONGEST: usize = 1024;
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

/// Where a reference leads: the value, and its pointer.
pub(super) type Found<'v> = Result<(&'v Value, Rc<str>), Astray>;

/// Follows references, each only once however often it is used.
pub(super) struct References<'v> {
    root: &'v Value,
    known: HashMap<&'v str, Found<'v>>,
}

impl<'v> References<'v> {
    /// References into `root`.
    pub(super) fn new(root: &'v Value) -> Self {
        Self { root, known: HashMap::new() }
    }

    /// `value`, which stands at `pointer`, or what it refers to in the end.
    pub(super) fn follow(&mut self, value: &'v Value, pointer: &str) -> Found<'v> {
        match target(value) {
            None => Ok((value, pointer.into())),
            Some(name) => self.resolve(name),
        }
    }

    /// What `name` refers to in the end.
    pub(super) fn resolve(&mut self, name: &'v str) -> Found<'v> {
        let mut chain: Vec<&'v str> = Vec::new();
        let mut next = name;
        let found = loop {
            if let Some(known) = self.known.get(next) {
                break known.clone();
            }
            if chain.contains(&next) || chain.len() >= MOST_HOPS {
                break Err(Astray::Cycle(name.to_owned()));
            }
            chain.push(next);
            match self.find(next) {
                Ok((value, at)) => match target(value) {
                    Some(further) => next = further,
                    None => break Ok((value, at)),
                },
                Err(astray) => break Err(astray),
            }
        };
        for link in chain {
            self.known.insert(link, found.clone());
        }
        found
    }

    /// What `name` names directly.
    fn find(&self, name: &str) -> Found<'v> {
        let Some(fragment) = name.strip_prefix('#') else { return Err(Astray::Elsewhere(name.to_owned())) };
        if name.len() > LONGEST {
            return Err(Astray::Missing(name.to_owned()));
        }
        // Some documents write a pointer as it is, others as the URI fragment that a `$ref` really is.
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        [fragment, &*decoded]
            .into_iter()
            .find_map(|pointer| self.root.pointer(pointer).map(|value| (value, pointer.into())))
            .ok_or_else(|| Astray::Missing(name.to_owned()))
    }
}

/// Notes each reference that leads nowhere, once. A schema that contains itself is in order.
pub(super) fn audit<'v>(root: &'v Value, references: &mut References<'v>, findings: &mut Findings) {
    let mut audit = Audit { references, seen: HashSet::new(), pointer: String::new(), findings };
    audit.visit(root, false);
}

struct Audit<'v, 'f> {
    references: &'f mut References<'v>,
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
        let Err(astray) = self.references.resolve(name) else { return };
        let rule = match astray {
            Astray::Elsewhere(_) => "reference-elsewhere",
            Astray::Missing(_) => "reference-missing",
            Astray::Cycle(_) => "reference-cycle",
        };
        let pointer = super::survey::cut(&format!("{}/$ref", self.pointer)).to_owned();
        self.findings.note(rule, pointer, astray.detail());
    }
}

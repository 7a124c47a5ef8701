//! Schemas, read in the direction in which values travel: what callers send may become more, what they get may not.

use super::{Findings, Rule};
use crate::document::Document;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Which way values travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// From callers.
    Request,
    /// To callers.
    Response,
}

/// The same value in both documents.
#[derive(Clone, Copy)]
pub(super) struct Pair<'v> {
    pub before: &'v Value,
    pub after: &'v Value,
}

/// How deep schemas are followed.
const DEEPEST: usize = 24;
/// How many schemas are looked at for one comparison.
const MOST_SCHEMAS: usize = 60_000;
/// How many members of one `allOf` are put together.
const MOST_PARTS: usize = 50;

/// A walk through the schemas of both documents.
pub(super) struct Walk<'d> {
    pub before: &'d Document,
    pub after: &'d Document,
    /// Pairs that are being looked at, by their places in memory: a cycle ends where it began.
    open: HashSet<(usize, usize, Direction)>,
    looked: usize,
}

/// A schema with what its `allOf` adds.
#[derive(Default)]
struct Whole<'v> {
    types: BTreeSet<&'v str>,
    values: Option<BTreeSet<String>>,
    properties: BTreeMap<&'v str, &'v Value>,
    required: BTreeSet<&'v str>,
    items: Option<&'v Value>,
    alternatives: Vec<&'v Value>,
    bounds: BTreeMap<&'static str, f64>,
    forms: BTreeMap<&'static str, &'v str>,
}

const UPPER: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
const LOWER: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];

fn gather<'v>(document: &'v Document, value: &'v Value, whole: &mut Whole<'v>, depth: usize) {
    let Some(schema) = document.resolve(value).and_then(Value::as_object) else { return };
    match schema.get("type") {
        Some(Value::String(one)) => {
            whole.types.insert(one);
        }
        Some(Value::Array(all)) => whole.types.extend(all.iter().filter_map(Value::as_str)),
        _ => {}
    }
    if schema.get("nullable").and_then(Value::as_bool) == Some(true) {
        whole.types.insert("null");
    }
    if let Some(all) = schema.get("enum").and_then(Value::as_array) {
        whole.values = Some(all.iter().map(ToString::to_string).collect());
    }
    let members = |name: &str| schema.get(name).and_then(Value::as_object).into_iter().flatten();
    whole.properties.extend(members("properties").map(|(name, value)| (name.as_str(), value)));
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    whole.required.extend(required.filter_map(Value::as_str));
    whole.items = schema.get("items").or(whole.items);
    for name in ["oneOf", "anyOf"] {
        whole.alternatives.extend(schema.get(name).and_then(Value::as_array).into_iter().flatten());
    }
    bounds(schema, whole);
    if depth < DEEPEST {
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten().take(MOST_PARTS) {
            gather(document, part, whole, depth + 1);
        }
    }
}

fn bounds<'v>(schema: &'v Map<String, Value>, whole: &mut Whole<'v>) {
    for name in UPPER.into_iter().chain(LOWER) {
        if let Some(bound) = schema.get(name).and_then(Value::as_f64) {
            whole.bounds.insert(name, bound);
        }
    }
    for name in ["format", "pattern"] {
        if let Some(form) = schema.get(name).and_then(Value::as_str) {
            whole.forms.insert(name, form);
        }
    }
}

fn place(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

impl<'d> Walk<'d> {
    /// Through these two.
    pub fn new(before: &'d Document, after: &'d Document) -> Self {
        Self { before, after, open: HashSet::new(), looked: 0 }
    }

    /// Looks at a value that travels in this direction.
    pub fn schema(&mut self, pair: Pair<'_>, direction: Direction, at: &str, findings: &mut Findings) {
        let (before, after) = (self.before, self.after);
        let (Some(old), Some(new)) = (before.resolve(pair.before), after.resolve(pair.after)) else { return };
        let known = (place(old), place(new), direction);
        self.looked += 1;
        if self.looked > MOST_SCHEMAS || self.open.len() >= DEEPEST || !self.open.insert(known) {
            return;
        }
        let (mut was, mut is) = (Whole::default(), Whole::default());
        gather(before, old, &mut was, 0);
        gather(after, new, &mut is, 0);
        match direction {
            Direction::Request => sent(&was, &is, at, findings),
            Direction::Response => answered(&was, &is, at, findings),
        }
        self.inside(&was, &is, direction, at, findings);
        self.open.remove(&known);
    }

    fn inside(&mut self, was: &Whole<'_>, is: &Whole<'_>, direction: Direction, at: &str, findings: &mut Findings) {
        for (name, value) in &is.properties {
            if let Some(before) = was.properties.get(name) {
                self.schema(Pair { before, after: value }, direction, &format!("{at} /{name}"), findings);
            }
        }
        if let (Some(before), Some(after)) = (was.items, is.items) {
            self.schema(Pair { before, after }, direction, &format!("{at} /[]"), findings);
        }
        if was.alternatives.len() != is.alternatives.len() {
            let told = |n: usize| Some(n.to_string());
            findings.add(Rule::AlternativesChanged, at, told(was.alternatives.len()), told(is.alternatives.len()));
            return;
        }
        for (before, after) in was.alternatives.iter().zip(&is.alternatives) {
            self.schema(Pair { before, after }, direction, at, findings);
        }
    }
}

fn words(of: &BTreeSet<&str>) -> Option<String> {
    (!of.is_empty()).then(|| of.iter().copied().collect::<Vec<_>>().join(", "))
}

/// Whether a value of this type is one of these. No type at all is any.
fn takes(types: &BTreeSet<&str>, one: &str) -> bool {
    types.is_empty() || types.contains(one) || (one == "integer" && types.contains("number"))
}

/// Whether everything of `small` is in `large`.
fn within(small: &BTreeSet<&str>, large: &BTreeSet<&str>) -> bool {
    if small.is_empty() { large.is_empty() } else { small.iter().all(|one| takes(large, one)) }
}

fn values(was: &Whole<'_>, is: &Whole<'_>) -> (Vec<String>, Vec<String>) {
    match (&was.values, &is.values) {
        (Some(old), Some(new)) => (old.difference(new).cloned().collect(), new.difference(old).cloned().collect()),
        (None, Some(new)) => {
            (vec![format!("anything but {}", new.iter().cloned().collect::<Vec<_>>().join(", "))], vec![])
        }
        (Some(_), None) => (vec![], vec!["anything".to_owned()]),
        (None, None) => (vec![], vec![]),
    }
}

fn joined(all: &[String]) -> Option<String> {
    (!all.is_empty()).then(|| all.join(", "))
}

fn forms(was: &Whole<'_>, is: &Whole<'_>, at: &str, findings: &mut Findings) {
    for name in ["format", "pattern"] {
        let (old, new) = (was.forms.get(name), is.forms.get(name));
        if old != new {
            let told = |form: Option<&&str>| form.map(|form| format!("{name} {form}"));
            findings.add(Rule::FormatChanged, at, told(old), told(new));
        }
    }
}

fn sent(was: &Whole<'_>, is: &Whole<'_>, at: &str, findings: &mut Findings) {
    if !within(&was.types, &is.types) {
        findings.add(Rule::RequestTypeNarrowed, at, words(&was.types), words(&is.types));
    } else if !within(&is.types, &was.types) {
        findings.add(Rule::RequestTypeWidened, at, words(&was.types), words(&is.types));
    }
    let (gone, more) = values(was, is);
    if !gone.is_empty() {
        findings.add(Rule::RequestValueRemoved, at, joined(&gone), None);
    }
    if !more.is_empty() {
        findings.add(Rule::RequestValueAdded, at, None, joined(&more));
    }
    for name in UPPER.into_iter().chain(LOWER) {
        let (old, new) = (was.bounds.get(name), is.bounds.get(name));
        let upper = UPPER.contains(&name);
        let told = |bound: Option<&f64>| bound.map(|bound| format!("{name} {bound}"));
        let rule = match (old, new) {
            (None, Some(_)) => Rule::RequestBoundTightened,
            (Some(_), None) => Rule::RequestBoundRelaxed,
            (Some(old), Some(new)) if old != new => {
                if (new < old) == upper {
                    Rule::RequestBoundTightened
                } else {
                    Rule::RequestBoundRelaxed
                }
            }
            _ => continue,
        };
        findings.add(rule, format!("{at} {name}"), told(old), told(new));
    }
    forms(was, is, at, findings);
    for name in is.properties.keys() {
        let place = format!("{at} /{name}");
        match (was.properties.contains_key(name), was.required.contains(name), is.required.contains(name)) {
            (false, _, true) => findings.add(Rule::RequiredRequestPropertyAdded, place, None, None),
            (false, _, false) => findings.add(Rule::RequestPropertyAdded, place, None, None),
            (true, false, true) => findings.add(Rule::RequestPropertyBecameRequired, place, None, None),
            (true, true, false) => findings.add(Rule::RequestPropertyBecameOptional, place, None, None),
            _ => {}
        }
    }
    for name in was.properties.keys().filter(|name| !is.properties.contains_key(*name)) {
        findings.add(Rule::RequestPropertyRemoved, format!("{at} /{name}"), None, None);
    }
}

fn answered(was: &Whole<'_>, is: &Whole<'_>, at: &str, findings: &mut Findings) {
    if !within(&is.types, &was.types) {
        findings.add(Rule::ResponseTypeWidened, at, words(&was.types), words(&is.types));
    } else if !within(&was.types, &is.types) {
        findings.add(Rule::ResponseTypeNarrowed, at, words(&was.types), words(&is.types));
    }
    let (gone, more) = values(was, is);
    if !gone.is_empty() {
        findings.add(Rule::ResponseValueRemoved, at, joined(&gone), None);
    }
    if !more.is_empty() {
        findings.add(Rule::ResponseValueAdded, at, None, joined(&more));
    }
    forms(was, is, at, findings);
    for name in is.properties.keys() {
        let place = format!("{at} /{name}");
        match (was.properties.contains_key(name), was.required.contains(name), is.required.contains(name)) {
            (false, ..) => findings.add(Rule::ResponsePropertyAdded, place, None, None),
            (true, true, false) => findings.add(Rule::ResponsePropertyBecameOptional, place, None, None),
            (true, false, true) => findings.add(Rule::ResponsePropertyBecameRequired, place, None, None),
            _ => {}
        }
    }
    for name in was.properties.keys().filter(|name| !is.properties.contains_key(*name)) {
        findings.add(Rule::ResponsePropertyRemoved, format!("{at} /{name}"), None, None);
    }
}

//! What changed from one OpenAPI document to another, as callers feel it: operations, parameters, bodies, responses.
//!
//! **Invariant:** pure and bounded: no document makes it loop, and at most [`MOST`] differences are kept. Every
//! difference has the name of the rule that saw it and a severity, from one table. What the rules do not look at (texts,
//! examples, servers, the order of things) is no difference.

mod operation;
mod rule;
mod schema;
#[cfg(test)]
mod tests;

pub use rule::{Rule, Weight};

use crate::document::{Dialect, Document};
use crate::reference::upgraded;
use serde::Serialize;
use utoipa::ToSchema;

/// The most differences that are kept.
pub const MOST: usize = 1_000;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// The rule that saw it: `docs/differences.md` describes it.
    pub rule: Rule,
    /// What it means to callers.
    pub weight: Weight,
    /// The operation, as method and path: `GET /pets/{id}`. Absent where it is about the whole version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// What of it: `query limit`, `request application/json /items/name`, `response 200 application/json /name`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// What was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Collects differences.
#[derive(Debug, Default)]
pub struct Findings {
    /// What was found, in the order of the later document.
    pub items: Vec<Difference>,
    /// Whether there were more than are kept.
    pub more: bool,
    operation: Option<String>,
}

impl Findings {
    /// What follows is about this operation, or about the whole version.
    pub fn about(&mut self, operation: Option<String>) {
        self.operation = operation;
    }

    /// One more.
    pub fn add(&mut self, rule: Rule, place: impl Into<String>, before: Option<String>, after: Option<String>) {
        let place = place.into();
        let known = |d: &&Difference| d.rule == rule && d.operation == self.operation && d.place == place;
        if self.items.iter().rev().take_while(|d| d.operation == self.operation).any(|d| known(&d)) {
            return;
        }
        if self.items.len() >= MOST {
            self.more = true;
            return;
        }
        let short = |text: String| -> String { text.chars().take(200).collect() };
        self.items.push(Difference {
            rule,
            weight: rule.weight(),
            operation: self.operation.clone(),
            place: short(place),
            before: before.map(short),
            after: after.map(short),
        });
    }
}

/// The document in an edition that all rules read.
fn third(document: Document) -> Document {
    if document.dialect != Dialect::V2 {
        return document;
    }
    Document { value: upgraded(document.value), dialect: Dialect::V3_0, ..document }
}

/// What changed for callers from one document to another.
pub fn between(before: Document, after: Document, findings: &mut Findings) {
    let (before, after) = (third(before), third(after));
    operation::compare(&before, &after, findings);
    findings.about(None);
}

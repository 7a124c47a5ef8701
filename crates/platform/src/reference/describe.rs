//! Descriptions get their trees.

use crate::blocks::{self, Block, Inline};
use serde_json::{Map, Value};

/// The member that holds the tree of the `description` beside it.
pub const MARK: &str = "x-wayleave-blocks";

/// The most pieces that all trees of one document have together.
pub(super) const MOST_PIECES: usize = 300_000;

/// The tree of a text; its words as they are once too many pieces were spent.
pub(super) fn tree(text: &str, budget: &mut usize) -> Vec<Block> {
    match blocks::read(text, *budget) {
        Some((blocks, pieces)) => {
            *budget -= pieces;
            blocks
        }
        None => vec![Block::Paragraph { inlines: vec![Inline::Words(text.to_owned())] }],
    }
}

/// Members whose names are the customer's own words and no keywords.
const NAMED: [&str; 20] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "mapping",
    "parameters",
    "paths",
    "pathItems",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
    "webhooks",
];

/// What an object's members are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Members {
    /// Keywords of OpenAPI.
    Keywords,
    /// Names of the customer's.
    Names,
    /// The customer's data.
    Data,
}

impl Members {
    /// What stands below this member of such an object.
    fn below(self, name: &str, value: &Value) -> Self {
        match self {
            Self::Data => Self::Data,
            Self::Names => Self::Keywords,
            Self::Keywords if ["example", "default", "enum", "const", "value"].contains(&name) => Self::Data,
            Self::Keywords if name.starts_with("x-") || (name == "examples" && value.is_array()) => Self::Data,
            Self::Keywords if NAMED.contains(&name) && value.is_object() => Self::Names,
            Self::Keywords => Self::Keywords,
        }
    }
}

/// Puts its tree beside each description that says more than plain words, and takes away whatever stood there.
pub(super) fn annotate(value: &mut Value, budget: &mut usize) {
    visit(value, Members::Keywords, budget);
}

/// Recursion is bounded by the depth that the reader of documents allows.
fn visit(value: &mut Value, are: Members, budget: &mut usize) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, are, budget)),
        Value::Object(members) => {
            // In data, too: a reference may lead there.
            members.shift_remove(MARK);
            for (name, member) in members.iter_mut() {
                visit(member, are.below(name, member), budget);
            }
            if are == Members::Keywords
                && let Some(tree) = own_tree(members, budget)
            {
                members.insert(MARK.to_owned(), tree);
            }
        }
        _ => {}
    }
}

fn own_tree(members: &Map<String, Value>, budget: &mut usize) -> Option<Value> {
    let text = members.get("description")?.as_str()?;
    let (blocks, pieces) = blocks::read(text, *budget)?;
    if blocks::is_plain(&blocks) {
        return None;
    }
    *budget -= pieces;
    serde_json::to_value(blocks).ok()
}

//! What both formats share while they are read: where everything stands, and how much of it there is.

use super::{MOST_BYTES, MOST_DEPTH, MOST_NODES, MOST_OPERATIONS, finding};
use base::Problem;
use serde_json::Value;
use std::collections::HashMap;

/// The methods of an OpenAPI path item.
pub(super) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Lines are kept for places this deep ...
const DEEP: usize = 3;
/// ... and below `paths` for places this deep: `/paths/{path}/{method}/parameters/0/name`.
const DEEP_IN_PATHS: usize = 6;
/// Longer pointers are not kept, so that one huge name cannot be multiplied by its members.
const MOST_POINTER: usize = 1024;
/// The most bytes of text that aliases or shared path items may expand to.
pub(super) const MOST_COPIED: usize = 2 * MOST_BYTES;
/// The most duplicate names that are remembered.
const MOST_REPEATED: usize = 100;

/// The lines of a document, by JSON pointer.
#[derive(Default)]
pub(super) struct Places(HashMap<String, usize>);

impl Places {
    /// The line of `pointer`, or of the nearest place around it that is known.
    pub(super) fn line(&self, pointer: &str) -> Option<usize> {
        let mut at = pointer;
        loop {
            if let Some(line) = self.0.get(at) {
                return Some(*line);
            }
            at = &at[..at.rfind('/')?];
        }
    }
}

/// Keeps the place, and the limits, while a document is read from front to back.
#[derive(Default)]
pub(super) struct Survey {
    /// Lines by pointer.
    pub(super) places: Places,
    /// Names that an object has twice, by pointer.
    pub(super) repeated: Vec<String>,
    pointer: String,
    /// The pointer's length at each open object or list.
    open: Vec<usize>,
    in_paths: bool,
    nodes: usize,
    operations: usize,
}

impl Survey {
    /// Where reading is.
    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Counts `nodes` values.
    ///
    /// # Errors
    /// 422 if there are more than [`MOST_NODES`].
    pub(super) fn count(&mut self, nodes: usize, line: usize) -> Result<(), Problem> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= MOST_NODES {
            return Ok(());
        }
        let detail = format!(
            "The document holds more than {MOST_NODES} values (aliases expanded). Leave out examples, or divide it into several APIs."
        );
        Err(finding::invalid(cut(&self.pointer), Some(line), &detail))
    }

    /// An object or list begins.
    ///
    /// # Errors
    /// 422 if it lies deeper than [`MOST_DEPTH`].
    pub(super) fn enter(&mut self, line: usize) -> Result<(), Problem> {
        self.fits(1, line)?;
        self.open.push(self.pointer.len());
        Ok(())
    }

    /// Whether a value of this height may stand here.
    ///
    /// # Errors
    /// 422 if its innermost part would lie deeper than [`MOST_DEPTH`].
    pub(super) fn fits(&self, height: usize, line: usize) -> Result<(), Problem> {
        if self.open.len() + height <= MOST_DEPTH {
            return Ok(());
        }
        Err(finding::invalid(cut(&self.pointer), Some(line), &too_deep()))
    }

    /// The innermost object or list ends.
    pub(super) fn leave(&mut self) {
        if let Some(base) = self.open.pop() {
            self.pointer.truncate(base);
        }
    }

    /// A member of the innermost object begins.
    ///
    /// # Errors
    /// 422 if it is one operation too many.
    pub(super) fn member(&mut self, name: &str, line: usize) -> Result<(), Problem> {
        self.step(&escaped(name), line);
        if self.open.len() == 1 {
            self.in_paths = name == "paths";
        }
        if self.in_paths && self.open.len() == 3 && METHODS.contains(&name) {
            self.operations += 1;
            if self.operations > MOST_OPERATIONS {
                return Err(finding::invalid("/paths", Some(line), &too_many_operations()));
            }
        }
        Ok(())
    }

    /// An item of the innermost list begins.
    pub(super) fn item(&mut self, index: usize, line: usize) {
        self.step(&index.to_string(), line);
    }

    /// The innermost object has this name for the second time.
    pub(super) fn repeat(&mut self) {
        if self.repeated.len() < MOST_REPEATED {
            self.repeated.push(cut(&self.pointer).to_owned());
        }
    }

    fn step(&mut self, segment: &str, line: usize) {
        if let Some(base) = self.open.last() {
            self.pointer.truncate(*base);
        }
        self.pointer.push('/');
        self.pointer.push_str(segment);
        let depth = self.open.len();
        let keep = depth <= DEEP || (self.in_paths && depth <= DEEP_IN_PATHS);
        if keep && self.pointer.len() <= MOST_POINTER {
            self.places.0.entry(self.pointer.clone()).or_insert(line);
        }
    }
}

/// What a value weighs when it is copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Values in it, itself included.
    pub(super) nodes: usize,
    /// Bytes of its names and texts.
    pub(super) bytes: usize,
    /// How many objects and lists lie in one another, itself included.
    pub(super) height: usize,
}

impl Weight {
    /// Weighs `value`. Recursion is bounded by [`MOST_DEPTH`], which held when the value was built.
    pub(super) fn of(value: &Value) -> Self {
        let parts = match value {
            Value::String(text) => return Self { nodes: 1, bytes: text.len(), height: 0 },
            Value::Array(items) => items.iter().map(Self::of).fold(Self::default(), Self::beside),
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| {
                    let weight = Self::of(member);
                    Self { bytes: weight.bytes + name.len(), ..weight }
                })
                .fold(Self::default(), Self::beside),
            _ => return Self { nodes: 1, bytes: 0, height: 0 },
        };
        Self { nodes: parts.nodes + 1, bytes: parts.bytes, height: parts.height + 1 }
    }

    /// Both together, side by side.
    pub(super) fn beside(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            bytes: self.bytes.saturating_add(other.bytes),
            height: self.height.max(other.height),
        }
    }
}

/// What is said about more than [`MOST_OPERATIONS`].
pub(super) fn too_many_operations() -> String {
    format!("The document describes more than {MOST_OPERATIONS} operations. Divide it into several APIs.")
}

/// What is said about more than [`MOST_DEPTH`].
pub(super) fn too_deep() -> String {
    format!(
        "Objects and lists lie more than {MOST_DEPTH} deep in one another. Move inner schemas to `components` and refer to them with `$ref`."
    )
}

/// One segment of a JSON pointer (RFC 6901 section 3).
pub(super) fn escaped(name: &str) -> std::borrow::Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

/// A pointer that is fit for an answer: whole segments, at most [`MOST_POINTER`] bytes.
pub(super) fn cut(pointer: &str) -> &str {
    if pointer.len() <= MOST_POINTER {
        return pointer;
    }
    let start = &pointer[..pointer.floor_char_boundary(MOST_POINTER)];
    &start[..start.rfind('/').unwrap_or(0)]
}

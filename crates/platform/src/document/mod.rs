//! Reading customers' OpenAPI documents: 2.0, 3.0.x and 3.1.x, as JSON or YAML.
//!
//! **Invariant:** pure, bounded and tolerant. What decides which calls exist (paths, methods, security) must be right
//! or the document is refused with the field, the line and the fix; everything else is read as far as it goes and
//! remarked upon in [`Document::notes`]. No input makes it panic, loop, or build more than [`MOST_NODES`] values.
//!
//! The order of work: bytes to text (`encoding`), text to one JSON value and a table of lines (`json`, `yaml`, which
//! share `survey`), value to what an API is made of (`outline`, `operations`, `security`, `reference`).

mod encoding;
mod finding;
mod json;
mod lint;
mod look;
mod operations;
mod outline;
mod reference;
mod scalar;
mod security;
mod severity;
mod survey;
mod template;
mod yaml;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_broken;
#[cfg(test)]
mod tests_lint;
#[cfg(test)]
mod tests_mutation;

use base::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use security::{DeclaredSecurity, SecurityKind};
pub use severity::Severity;

/// The largest document that is read, in bytes.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The most operations that one document may describe.
pub const MOST_OPERATIONS: usize = 10_000;
/// The most JSON values (objects, lists, texts, numbers ...) that a document may hold once YAML aliases are expanded.
pub const MOST_NODES: usize = 400_000;
/// How deep objects and lists may lie in one another; below the limit at which `serde_json` reads a stored document.
pub const MOST_DEPTH: usize = 120;
/// The most notes that are kept; one more says how many were left out.
pub const MOST_NOTES: usize = 300;

/// How the document was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2, with the merge keys of 1.1.
    Yaml,
}

/// Which edition of the specification the document follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// OpenAPI (Swagger) 2.0.
    #[serde(rename = "2.0")]
    V2,
    /// OpenAPI 3.0.x.
    #[serde(rename = "3.0")]
    V3_0,
    /// OpenAPI 3.1.x.
    #[serde(rename = "3.1")]
    V3_1,
}

impl Dialect {
    /// The edition as people write it: `2.0`, `3.0`, `3.1`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2 => "2.0",
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
        }
    }
}

/// A document that can be imported.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// `info.title`, or `Untitled API` (with a note).
    pub title: String,
    /// `info.version` as it was written (`1.10` stays `1.10` in YAML), or `1` (with a note).
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// How it was written.
    pub format: Format,
    /// Which edition it follows.
    pub dialect: Dialect,
    /// Every method of every path, in the order of the document. Names are unique, and so are method and path.
    pub operations: Vec<Operation>,
    /// Base addresses: `servers` with their variables' defaults put in, or `schemes`, `host` and `basePath` of 2.0.
    /// A variable without a default stays as `{name}`. May be relative, may be empty.
    pub servers: Vec<String>,
    /// Declared tags, then those that only operations name; each once.
    pub tags: Vec<String>,
    /// Advice.
    pub notes: Vec<Note>,
    /// The security schemes that the document declares, as advice.
    pub security: Vec<DeclaredSecurity>,
    /// The document itself as JSON. References are as they were written.
    pub value: Value,
}

/// One method on one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The `operationId`, or a name made from method and path; a repeated one has a number at its end.
    pub name: String,
    /// Upper case.
    pub method: String,
    /// The path template as it was written: `/users/{id}`.
    pub path: String,
    /// One line for people.
    pub summary: Option<String>,
    /// CommonMark for people.
    pub description: Option<String>,
    /// As the operation names them.
    pub tags: Vec<String>,
    /// Scopes of the first `oauth2` or `openIdConnect` requirement that applies, each once; empty if any caller will do.
    pub scopes: Vec<String>,
    /// Whether the document advises against it.
    pub deprecated: bool,
    /// The line of the document where it begins, from 1.
    pub line: Option<usize>,
}

/// A piece of advice about a document that is read all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// A stable word for the rule: `operation-id-missing`.
    pub rule: &'static str,
    /// Where, as a JSON pointer (RFC 6901) into the document.
    pub pointer: String,
    /// The line of that place, from 1, or of the nearest place around it.
    pub line: Option<usize>,
    /// What was seen, what was made of it, and how to mend it.
    pub detail: String,
}

impl Note {
    /// One about the document as a whole, or about what it came together with.
    pub const fn general(rule: &'static str, detail: String) -> Self {
        Self { rule, pointer: String::new(), line: None, detail }
    }
}

/// Reads a document.
///
/// # Errors
/// 413 `too-large` for more than [`MOST_BYTES`]; 400 `unreadable` for text that is neither JSON nor YAML, with the
/// line and, as far as it is known, the JSON pointer where reading stopped; 422 `invalid` for a readable document that
/// is not OpenAPI or exceeds a limit, with up to 20 fields. The answer's extra member `line` is that of the first.
pub fn read(bytes: &[u8]) -> Result<Document, Problem> {
    taken(bytes, false)
}

/// Reads a document, and looks at it beyond what reading takes: its notes are more (`docs/lint.md`).
///
/// # Errors
/// Those of [`read`].
pub fn inspect(bytes: &[u8]) -> Result<Document, Problem> {
    taken(bytes, true)
}

fn taken(bytes: &[u8], linted: bool) -> Result<Document, Problem> {
    let text = encoding::text(bytes)?;
    let format = encoding::format(text)?;
    let (value, survey) = match format {
        Format::Json => json::parse(text)?,
        Format::Yaml => yaml::parse(text)?,
    };
    outline::read(value, survey, format, linted)
}

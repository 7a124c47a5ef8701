//! How much a note matters: the table of all rules. `docs/lint.md` says of each what it sees and how to mend it.

use crate::words::words;

words! {
    /// How much a note matters.
    pub enum Severity {
        /// Something is left out, or means something other than was written: callers will notice.
        Warning = "warning",
        /// It works, and could be better.
        Hint = "hint",
    }
}

/// Rules that only hint; all others warn.
const HINTS: [&str; 15] = [
    "component-unused",
    "description-missing",
    "method-case",
    "more-notes",
    "operation-id-missing",
    "operation-undescribed",
    "path-trailing-slash",
    "response-error-missing",
    "security-unused",
    "server-relative",
    "server-variable-open",
    "servers-missing",
    "tag-undeclared",
    "text-too-long",
    "webhooks",
];

impl Severity {
    /// How much a note of this rule matters.
    pub fn of(rule: &str) -> Self {
        if HINTS.contains(&rule) { Self::Hint } else { Self::Warning }
    }
}

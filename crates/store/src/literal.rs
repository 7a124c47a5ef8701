//! Values as SQL literals, for the two places where PostgreSQL is told several things in one message: the log's last
//! step and the batching writer. The simple protocol, which alone allows that, has no placeholders.
//!
//! It is safe because every connection has `standard_conforming_strings` on and speaks UTF-8, so that the quote is the
//! only character with a meaning, and because texts with U+0000 were refused before.

use crate::value::Value;

/// Appends a text literal.
pub(crate) fn text(out: &mut String, value: &str) {
    out.push('\'');
    for (i, part) in value.split('\'').enumerate() {
        if i > 0 {
            out.push_str("''");
        }
        out.push_str(part);
    }
    out.push('\'');
}

/// Appends a literal of any class. Its type is the one of the parameter that it is given to.
pub(crate) fn value(out: &mut String, value: &Value) {
    match value {
        Value::Text(Some(value)) => text(out, value),
        Value::Whole(Some(value)) => out.push_str(&value.to_string()),
        Value::Truth(Some(value)) => out.push_str(if *value { "TRUE" } else { "FALSE" }),
        Value::Bytes(Some(value)) => {
            out.push_str("'\\x");
            out.push_str(&data_encoding::HEXLOWER.encode(value));
            out.push('\'');
        }
        Value::Text(None) | Value::Whole(None) | Value::Truth(None) | Value::Bytes(None) => out.push_str("NULL"),
    }
}

/// PostgreSQL's name of a value's class.
pub(crate) fn class(value: &Value) -> &'static str {
    match value {
        Value::Text(_) => "TEXT",
        Value::Whole(_) => "BIGINT",
        Value::Truth(_) => "BOOLEAN",
        Value::Bytes(_) => "BYTEA",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_quote_is_doubled() {
        let mut out = String::new();
        text(&mut out, "'it''s \\ $$ -- ; é'");
        assert_eq!(out, "'''it''''s \\ $$ -- ; é'''");
    }
}

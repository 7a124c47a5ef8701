//! How entries are chained, so that the trail can be verified without the program.
//!
//! The digest of an entry is SHA-256 over its fields, one after the other, each as `{length in bytes}:{text}` and a
//! line feed, an absent one as `-` and a line feed:
//!
//! ```text
//! format (1), at (microseconds, decimal), actor, verb, subject kind, subject id, note, detail, request,
//! number of touches, then kind and id of each touch in byte order of kind and id
//! ```
//!
//! The hash of an entry is SHA-256 over `{hash before}\n{seq}\n{digest}`, all as text; digests and hashes are 64
//! lower-case hexadecimal digits, and the hash before the first entry is 64 zeros.

use crate::migrate::sha256;
use base::Change;
use std::fmt::Write as _;

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of an entry, from the hash before, its number and its digest.
pub fn link(before: &str, seq: i64, digest: &str) -> String {
    sha256(&format!("{before}\n{seq}\n{digest}"))
}

/// The digest of a change as it will be stored.
pub fn digest(change: &Change) -> String {
    let touches = touches(change);
    fields(
        change.at.micros(),
        [&change.actor.to_text(), change.verb, change.subject.kind.as_str(), &change.subject.id],
        [change.note.as_deref(), Some(&change.detail.to_string()), change.request.as_deref()],
        touches.iter().map(|(kind, id)| (*kind, *id)),
    )
}

/// The touches of a change in the order of the digest.
pub(crate) fn touches(change: &Change) -> Vec<(&'static str, &str)> {
    let mut all: Vec<_> = change.all_touches().into_iter().map(|t| (t.kind.as_str(), t.id.as_str())).collect();
    all.sort_unstable();
    all
}

/// The digest of an entry as it was found.
pub(crate) fn digest_of(entry: &super::Raw) -> String {
    let mut touches: Vec<_> = entry.touches.iter().map(|(kind, id)| (kind.as_str(), id.as_str())).collect();
    touches.sort_unstable();
    fields(
        entry.at,
        [&entry.actor, &entry.verb, &entry.kind, &entry.id],
        [entry.note.as_deref(), Some(&entry.detail), entry.request.as_deref()],
        touches.into_iter(),
    )
}

pub(super) fn fields<'a>(
    at: i64,
    given: [&str; 4],
    optional: [Option<&str>; 3],
    touches: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut text = String::with_capacity(512);
    let mut field = |value: Option<&str>| {
        let _infallible = match value {
            Some(value) => writeln!(text, "{}:{value}", value.len()),
            None => writeln!(text, "-"),
        };
    };
    field(Some("1"));
    field(Some(&at.to_string()));
    given.into_iter().for_each(|value| field(Some(value)));
    optional.into_iter().for_each(&mut field);
    field(Some(&touches.len().to_string()));
    for (kind, id) in touches {
        field(Some(kind));
        field(Some(id));
    }
    sha256(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Actor, Kind, Ref, Timestamp};

    fn change() -> Change {
        Change {
            at: Timestamp::from_seconds(1),
            actor: Actor::System,
            verb: "app.created",
            subject: Ref { kind: Kind::App, id: "app_1".into() },
            touches: vec![Ref { kind: Kind::User, id: "usr_1".into() }],
            note: None,
            detail: serde_json::json!({"name": "é"}),
            request: Some("r1".into()),
        }
    }

    #[test]
    fn the_digest_is_of_the_text_that_the_documentation_describes() {
        let text = "1:1\n7:1000000\n6:system\n11:app.created\n3:app\n5:app_1\n-\n13:{\"name\":\"é\"}\n2:r1\n\
                    1:2\n3:app\n5:app_1\n4:user\n5:usr_1\n";
        assert_eq!(digest(&change()), sha256(text));
    }

    #[test]
    fn every_field_changes_the_digest() {
        let first = digest(&change());
        let alterations: [fn(&mut Change); 8] = [
            |c| c.at = Timestamp::from_seconds(2),
            |c| c.actor = Actor::Nobody,
            |c| c.verb = "app.edited",
            |c| c.subject.id = "app_2".into(),
            |c| c.touches.clear(),
            |c| c.note = Some(String::new()),
            |c| c.detail = serde_json::Value::Null,
            |c| c.request = None,
        ];
        for alter in alterations {
            let mut altered = change();
            alter(&mut altered);
            assert_ne!(digest(&altered), first, "{altered:?}");
        }
    }

    #[test]
    fn the_same_touch_twice_counts_once() {
        let mut doubled = change();
        doubled.touches.push(doubled.subject.clone());
        assert_eq!(digest(&doubled), digest(&change()));
    }
}

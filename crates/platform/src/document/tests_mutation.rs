//! Real documents, broken in every place and in every way: never a panic, never an answer without its reason.

use super::tests::{ALL, IDENTITY, PETSTORE_2, PETSTORE_3, USPTO};
use super::{Document, read};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;

/// What holds for every document that is read, and for every refusal.
fn check(bytes: &[u8]) -> Result<Document, ()> {
    let lines = 1 + bytes.iter().filter(|b| **b == b'\n').count();
    match read(bytes) {
        Ok(document) => {
            let mut names = HashSet::new();
            let mut calls = HashSet::new();
            for operation in &document.operations {
                assert!(!operation.name.is_empty() && names.insert(operation.name.as_str()), "{operation:?}");
                assert!(calls.insert((&operation.method, &operation.path)), "{operation:?}");
                assert!(operation.path.starts_with('/') && operation.line.is_none_or(|line| line <= lines));
            }
            for note in &document.notes {
                assert!(note.detail.ends_with('.') && note.line.is_none_or(|line| line <= lines), "{note:?}");
            }
            Ok(document)
        }
        Err(problem) => {
            assert!(matches!(problem.kind.status(), 400 | 422), "{problem:?}");
            assert!(problem.fields.iter().all(|field| field.detail.ends_with('.')) && !problem.fields.is_empty());
            let line = problem.extra.get("line").and_then(Value::as_u64);
            assert!(line.is_none_or(|line| line <= lines as u64 + 1), "{problem:?}");
            Err(())
        }
    }
}

/// Every pointer of a value, its own first.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, v)| pointers(v, &format!("{at}/{}", super::survey::escaped(name)), all));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| pointers(v, &format!("{at}/{i}"), all)),
        _ => {}
    }
}

#[test]
fn a_wrong_value_in_any_place_of_a_document_is_tolerated_or_refused() {
    for bytes in [PETSTORE_2, PETSTORE_3, USPTO] {
        let whole = read(bytes).expect("reads");
        let mut all = Vec::new();
        pointers(&whole.value, "", &mut all);
        let wrong = [
            json!(null),
            json!(true),
            json!(-1.5),
            json!(""),
            json!("text"),
            json!([]),
            json!([null, 1, "x", [], {}]),
            json!({}),
            json!({"": null, "/": 1, "x": []}),
            json!({"$ref": "#"}),
            json!({"$ref": "#/paths"}),
            json!({"$ref": null}),
        ];
        let (mut tolerated, mut refused) = (0, 0);
        for pointer in &all {
            for value in &wrong {
                let mut broken = whole.value.clone();
                *broken.pointer_mut(pointer).expect("there") = value.clone();
                match check(broken.to_string().as_bytes()) {
                    Ok(document) => {
                        tolerated += 1;
                        assert!(document.operations.len() <= whole.operations.len());
                    }
                    Err(()) => refused += 1,
                }
            }
        }
        assert!(tolerated > 100 && refused > 20, "{tolerated} {refused}");
    }
}

#[test]
fn a_missing_name_in_any_place_of_a_document_is_tolerated_or_refused() {
    for bytes in [PETSTORE_2, PETSTORE_3, USPTO] {
        let whole = read(bytes).expect("reads").value;
        let mut all = Vec::new();
        pointers(&whole, "", &mut all);
        for pointer in all.iter().skip(1) {
            let (parent, _) = pointer.rsplit_once('/').expect("not the root");
            let mut broken = whole.clone();
            if let Some(Value::Object(members)) = broken.pointer_mut(parent) {
                members.retain(|name, _| !pointer.ends_with(&format!("/{}", super::survey::escaped(name))));
                let _ = check(broken.to_string().as_bytes());
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Harm {
    Set(usize, u8),
    Delete(usize, usize),
    Insert(usize, &'static str),
    Repeat(usize, usize),
    Move(usize, usize, usize),
    Cut(usize),
}

fn harm() -> impl Strategy<Value = Harm> {
    let at = 0..usize::MAX;
    let scraps = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\n",
        "\t",
        "- ",
        "? ",
        ": ",
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "!x ",
        "|\n",
        ">\n",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "# ",
        "'",
        "\\",
        "\\u0000",
        "\\ud800",
        "\0",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "é",
        "null",
        "1e999",
        "0x",
        "{}",
        "[]",
        "$ref",
        "\"$ref\": \"#/paths/~1pets\",",
        "get:",
        "\"get\":{},",
        "  ",
        "@",
        "`",
    ]);
    prop_oneof![
        (at.clone(), any::<u8>()).prop_map(|(at, byte)| Harm::Set(at, byte)),
        (at.clone(), 1..200usize).prop_map(|(at, n)| Harm::Delete(at, n)),
        (at.clone(), scraps).prop_map(|(at, scrap)| Harm::Insert(at, scrap)),
        (at.clone(), 1..400usize).prop_map(|(at, n)| Harm::Repeat(at, n)),
        (at.clone(), at.clone(), 1..100usize).prop_map(|(from, to, n)| Harm::Move(from, to, n)),
        at.prop_map(Harm::Cut),
    ]
}

fn harmed(bytes: &[u8], harms: &[Harm]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for harm in harms {
        let length = out.len().max(1);
        let range = |at: usize, n: usize| (at % length).min(out.len())..(at % length + n).min(out.len());
        match *harm {
            Harm::Set(at, byte) => {
                if let Some(slot) = out.get_mut(at % length) {
                    *slot = byte;
                }
            }
            Harm::Delete(at, n) => drop(out.drain(range(at, n))),
            Harm::Insert(at, scrap) => {
                let at = range(at, 0).start;
                out.splice(at..at, scrap.bytes());
            }
            Harm::Repeat(at, n) => {
                let range = range(at, n);
                let copy = out[range.clone()].to_vec();
                out.splice(range.end..range.end, copy);
            }
            Harm::Move(from, to, n) => {
                let part: Vec<u8> = out.drain(range(from, n)).collect();
                let to = to % (out.len() + 1);
                out.splice(to..to, part);
            }
            Harm::Cut(at) => out.truncate(at % length),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_real_document_with_harmed_bytes_is_read_or_refused(which in 1..ALL.len(), harms in prop::collection::vec(harm(), 1..6)) {
        let _ = check(&harmed(ALL[which], &harms));
    }

    #[test]
    fn arbitrary_text_is_read_or_refused(text in "(openapi: 3\\.0\\.0\npaths:\n)?[-?:,\\[\\]{}#&*!|>'\"%@` \n\ta-c0-9/$~<.]{0,200}") {
        let _ = check(text.as_bytes());
    }
}

proptest! {
    // The large document is slow to read without optimisation.
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_large_document_with_harmed_bytes_is_read_or_refused(harms in prop::collection::vec(harm(), 1..4)) {
        let _ = check(&harmed(IDENTITY, &harms));
    }
}

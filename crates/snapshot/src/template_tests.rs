//! The matcher against examples and against a naive model.

use super::*;
use proptest::prelude::*;

fn templates(list: &[(&str, &str)]) -> Templates {
    let mut all = Templates::default();
    for (i, (method, template)) in list.iter().enumerate() {
        all.add(template, method, u32::try_from(i).unwrap()).unwrap();
    }
    all
}

fn template<'a>(all: &'a Templates, path: &str) -> Option<&'a str> {
    all.find(&path::normalise(path).unwrap()).map(|item| item.template.as_str())
}

#[test]
fn literal_segments_beat_parameters() {
    let all = templates(&[
        ("GET", "/users/{id}"),
        ("GET", "/users/me"),
        ("GET", "/users/{id}/keys"),
        ("GET", "/{any}/me/x"),
        ("GET", "/files/{name}.json"),
        ("GET", "/files/{name}"),
        ("GET", "/files/report-{year}.json"),
        ("GET", "/"),
        ("GET", "/pets/"),
        ("GET", "/a b/{x}:start"),
        ("GET", "/{a}-{b}/z"),
    ]);
    for (path, want) in [
        ("/users/7", Some("/users/{id}")),
        ("/users/me", Some("/users/me")),
        ("/users/me/keys", Some("/users/{id}/keys")),
        ("/users/me/x", Some("/{any}/me/x")),
        ("/files/a.json", Some("/files/{name}.json")),
        ("/files/.json", Some("/files/{name}")),
        ("/files/report-1.json", Some("/files/report-{year}.json")),
        ("/files/report-.json", Some("/files/{name}.json")),
        ("/files/a%2Fb.json", Some("/files/{name}.json")),
        ("/users/a%2Fkeys", Some("/users/{id}")),
        ("/", Some("/")),
        ("/pets", None),
        ("/pets/", Some("/pets/")),
        ("/users/", None),
        ("/users", None),
        ("/a%20b/7:start", Some("/a b/{x}:start")),
        ("/x-y/z", Some("/{a}-{b}/z")),
        ("/-y/z", None),
        ("/users/7/", None),
    ] {
        assert_eq!(template(&all, path), want, "{path}");
    }
}

#[test]
fn a_path_item_knows_its_methods() {
    let all = templates(&[("GET", "/x/{id}"), ("DELETE", "/x/{key}"), ("PUT", "/x/me")]);
    let item = all.find("/x/1").unwrap();
    assert_eq!((item.operation("GET"), item.operation("HEAD")), (Some(0), Some(0)));
    assert_eq!((item.operation("DELETE"), item.operation("POST")), (Some(1), None));
    // OpenAPI 3.1, paths object: the concrete path is matched first, and then it decides alone.
    assert_eq!(all.find("/x/me").unwrap().operation("GET"), None);
}

#[test]
fn templates_that_cannot_match_are_named() {
    let mut all = Templates::default();
    for bad in ["x", "/a//b", "/a/../b", "/{}", "/a\\b", "/%zz"] {
        assert!(all.add(bad, "GET", 0).is_err(), "{bad}");
    }
    assert_eq!(all.add("/a/{x}?q=1", "GET", 0), Ok(()));
    assert!(all.add("/a/{y}", "GET", 1).is_err_and(|e| e.contains("/a/{x}")));
}

/// The order that the module promises, spelled out segment by segment over every template.
fn naive<'a>(templates: &'a [String], path: &str) -> Option<&'a str> {
    let wanted: Vec<&str> = path[1..].split('/').collect();
    let rank = |template: &str| -> Option<Vec<(u8, Reverse<usize>, String)>> {
        let segments: Vec<&str> = template[1..].split('/').collect();
        if segments.len() != wanted.len() {
            return None;
        }
        segments
            .iter()
            .zip(&wanted)
            .map(|(segment, got)| match (segment.contains('{'), *segment) {
                (false, literal) => (literal == *got).then(|| (0, Reverse(0), String::new())),
                (true, any) if any.starts_with('{') && any.ends_with('}') => {
                    (!got.is_empty()).then(|| (2, Reverse(0), String::new()))
                }
                (true, mixed) => {
                    // Generated templates have exactly one parameter in a mixed segment.
                    let (front, back) = (mixed.split('{').next().unwrap(), mixed.split('}').next_back().unwrap());
                    let fits = got.len() > front.len() + back.len() && got.starts_with(front) && got.ends_with(back);
                    let key = if front.is_empty() { "~".to_owned() } else { front.to_owned() };
                    fits.then(|| (1, Reverse(front.len() + back.len()), key))
                }
            })
            .collect()
    };
    templates.iter().filter_map(|t| rank(t).map(|r| (r, t.as_str()))).min().map(|(_, t)| t)
}

fn template_strategy() -> impl Strategy<Value = String> {
    let segment = prop_oneof!["[ab]{1,2}", Just("{p}".to_owned()), "[ab]\\{p\\}", "\\{p\\}[ab]"];
    prop::collection::vec(segment, 1..4).prop_map(|s| format!("/{}", s.join("/")))
}

proptest! {
    #[test]
    fn the_walk_finds_what_the_naive_model_finds(
        list in prop::collection::btree_set(template_strategy(), 1..12),
        path in prop::collection::vec("[ab]{1,3}", 1..4),
    ) {
        let list: Vec<String> = list.into_iter().collect();
        let mut all = Templates::default();
        for t in &list {
            prop_assert!(all.add(t, "GET", 0).is_ok());
        }
        let path = format!("/{}", path.join("/"));
        prop_assert_eq!(all.find(&path).map(|i| i.template.as_str()), naive(&list, &path));
    }

    #[test]
    fn no_path_panics_and_canonical_text_stays(raw in "/[a-z%./;\\\\ \u{e9}2fFeE]{0,24}") {
        if let Ok(canonical) = path::normalise(&raw) {
            prop_assert_eq!(path::normalise(&canonical), Ok(canonical.clone()));
            let no_dot_segment = canonical[1..].split('/').all(|s| s != "." && s != "..");
            prop_assert!(no_dot_segment);
            prop_assert_eq!(canonical.matches('/').count(), raw.matches('/').count());
        }
    }

    #[test]
    fn a_mixed_segment_agrees_with_trying_every_split(
        parts in prop::collection::vec(prop_oneof![Just(None), "[ab]{1,2}".prop_map(Some)], 1..5),
        text in "[ab]{0,7}",
    ) {
        let mut compiled: Vec<Part> = Vec::new();
        for part in parts.iter().map(|p| p.clone().map_or(Part::Any, Part::Text)) {
            // Two texts in a row are one text: no template compiles to anything else.
            match (compiled.last_mut(), part) {
                (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
                (_, part) => compiled.push(part),
            }
        }
        prop_assert_eq!(fits(&compiled, &text), every_split(&compiled, &text));
    }
}

fn every_split(parts: &[Part], text: &str) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Text(t), rest @ ..] => text.strip_prefix(t.as_str()).is_some_and(|r| every_split(rest, r)),
        [Part::Any, rest @ ..] => (1..=text.len()).any(|n| every_split(rest, &text[n..])),
    }
}

//! Documents that are refused, each with the field, the line and the fix.

use super::tests::{IDENTITY, PETSTORE_3};
use super::{MOST_BYTES, MOST_DEPTH, MOST_OPERATIONS, read};
use base::Problem;

#[track_caller]
fn bad(bytes: impl AsRef<[u8]>) -> Problem {
    match read(bytes.as_ref()) {
        Err(problem) => {
            assert!(!problem.detail.is_empty() && !problem.fields.is_empty() || problem.kind.status() == 413);
            problem
        }
        Ok(document) => panic!("read as {} operations", document.operations.len()),
    }
}

/// Status, pointer of the first field, line.
fn summary(problem: &Problem) -> (u16, &str, Option<u64>) {
    let pointer = problem.fields.first().map_or("-", |field| field.pointer.as_str());
    (problem.kind.status(), pointer, problem.extra.get("line").and_then(serde_json::Value::as_u64))
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n";

#[test]
fn what_is_not_a_document_is_unreadable() {
    for (bytes, line, word) in [
        (&b""[..], None, "empty"),
        (b" \n\t ", None, "empty"),
        (b"\xef\xbb\xbf", None, "empty"),
        (b"# only a comment\n", None, "empty"),
        (b"\xff\xfeo\0p\0", Some(1), "UTF-16"),
        (b"openapi: 3.0.3\ninfo: \xe9", Some(2), "0xe9"),
        (b"{\"a\": \"\xc3", Some(1), "UTF-8"),
        (b"\x1f\x8b\x08", Some(1), "compressed"),
        (b"<!doctype html>", Some(1), "HTML"),
        (b"openapi: 3.0.3\n---\nopenapi: 3.0.3\n", Some(2), "second"),
    ] {
        let problem = bad(bytes);
        assert_eq!((summary(&problem).0, summary(&problem).2), (400, line), "{problem:?}");
        assert!(problem.detail.contains(word), "{problem:?}");
    }
}

#[test]
fn what_is_not_openapi_is_invalid() {
    for (text, pointer, line) in [
        ("[]", "", Some(1)),
        ("just text", "", Some(1)),
        ("~", "", Some(1)),
        ("42", "", Some(1)),
        ("{}", "/openapi", Some(1)),
        ("info: {}\npaths: {}", "/openapi", Some(1)),
        ("info: {}\nopenapi: 3.2.0", "/openapi", Some(2)),
        ("openapi: 2.0", "/openapi", Some(1)),
        ("openapi: 3", "/openapi", Some(1)),
        ("openapi: [3, 0]", "/openapi", Some(1)),
        ("swagger: '1.2'", "/swagger", Some(1)),
        ("openapi: 3.0.0\nswagger: '2.0'", "/swagger", Some(2)),
        ("openapi: 3.0.0\ninfo: text\npaths: {}", "/info", Some(2)),
        ("openapi: 3.0.0\ninfo: {}", "/paths", None),
        ("openapi: 3.0.0\npaths: ~", "/paths", Some(2)),
        ("openapi: 3.0.0\npaths: [1]", "/paths", Some(2)),
        ("openapi: 3.0.0\npaths: {}\nsecurity: oauth", "/security", Some(3)),
        ("openapi: 3.0.0\npaths: {}\nsecurity: [oauth]", "/security/0", Some(3)),
        ("openapi: 3.0.0\npaths: {}\nsecurity:\n- oauth: read", "/security/0/oauth", Some(4)),
        ("openapi: 3.0.0\npaths: {}\ncomponents:\n  securitySchemes: []", "/components/securitySchemes", Some(4)),
    ] {
        let problem = bad(text);
        assert_eq!(summary(&problem), (422, pointer, line.map(|l: u64| l)), "{text}: {problem:?}");
    }
}

#[test]
fn a_wrong_path_is_named_with_its_fix() {
    for (paths, pointer, line, word) in [
        ("  pets: {}", "/paths/pets", 4, "does not begin with `/`"),
        ("  /ok: {}\n  https://h/pets: {}", "/paths/https:~1~1h~1pets", 5, "without scheme and host"),
        ("  /pets?limit={limit}: {}", "/paths/~1pets?limit={limit}", 4, "`in: query`"),
        ("  /pets/{id: {}", "/paths/~1pets~1{id", 4, "not closed"),
        ("  /a: text", "/paths/~1a", 4, "the text `text`"),
        ("  /a: [get]", "/paths/~1a", 4, "a list of 1"),
        ("  /a:\n    get: text", "/paths/~1a/get", 5, "object"),
        ("  /a:\n    get: [1]", "/paths/~1a/get", 5, "object"),
        ("  /a:\n    get: {}\n    GET: {}", "/paths/~1a/GET", 6, "two spellings"),
        ("  /a/{x}: {get: {}}\n  /a/{y}: {put: {}}", "/paths/~1a~1{y}", 5, "`/a/{x}` and `/a/{y}`"),
        ("  /a:\n    $ref: paths.yaml#/a", "/paths/~1a/$ref", 5, "Bundle"),
        ("  /a:\n    $ref: '#/nowhere'", "/paths/~1a/$ref", 5, "nothing there"),
        ("  /a:\n    $ref: '#/info/title'", "/paths/~1a/$ref", 5, "path item"),
        ("  /a:\n    $ref: '#/paths/~1a'", "/paths/~1a/$ref", 5, "back to itself"),
        ("  /a: {$ref: '#/paths/~1b'}\n  /b: {$ref: '#/paths/~1a'}", "/paths/~1a/$ref", 4, "back to itself"),
        ("  /a: {get: {}}\n  /b: {}\n  /a: {get: {}}", "/paths/~1a", 4, "twice"),
        ("  /a:\n    get: {}\n    get: {}", "/paths/~1a/get", 5, "twice"),
    ] {
        let problem = bad(format!("{HEAD}{paths}\n"));
        assert_eq!(summary(&problem), (422, pointer, Some(line)), "{paths}: {problem:?}");
        assert!(problem.detail.contains(word), "{paths}: {problem:?}");
    }
}

#[test]
fn several_wrong_fields_are_named_at_once_but_not_thousands() {
    let problem = bad(format!("{HEAD}  a: {{}}\n  /b: 7\n  /c/{{}}: {{}}\n"));
    assert_eq!(problem.fields.len(), 3);
    assert!(problem.detail.contains("2 more fields"), "{problem:?}");
    let many: String = (0..1000).map(|n| format!("  p{n}: {{}}\n")).collect();
    assert_eq!(bad(format!("{HEAD}{many}")).fields.len(), 20);
}

#[test]
fn a_name_that_json_has_twice_is_refused_where_it_loses_an_operation_and_noted_elsewhere() {
    let problem = bad(r#"{"openapi": "3.0.0", "paths": {"/a": {"get": {}}, "\u002fa": {}}}"#);
    assert_eq!(summary(&problem), (422, "/paths/~1a", Some(1)));
    let text = r#"{"openapi": "3.0.0", "info": {"title": "A", "title": "B"}, "paths": {"/a": {"get": {}}}}"#;
    let document = read(text.as_bytes()).expect("reads");
    assert_eq!((document.title.as_str(), document.notes[0].rule), ("B", "name-repeated"));
}

#[test]
fn a_document_cut_short_says_where_it_ends() {
    for length in (1..IDENTITY.len()).step_by(49_999) {
        let problem = bad(&IDENTITY[..length]);
        let lines = 1 + IDENTITY[..length].iter().filter(|b| **b == b'\n').count();
        assert!(matches!(summary(&problem), (400, _, Some(line)) if line <= lines as u64), "{problem:?}");
    }
    let at = IDENTITY.windows(11).rposition(|w| w == b"\"responses\"").expect("there");
    let problem = bad(&IDENTITY[..at + 20]);
    assert!(problem.detail.contains("ends too early") && summary(&problem).1.starts_with("/paths/~1"), "{problem:?}");
    // A cut YAML document may still be one; it never yields more than the whole.
    for length in (1..PETSTORE_3.len()).step_by(7) {
        match read(&PETSTORE_3[..length]) {
            Ok(document) => assert!(document.operations.len() <= 3),
            Err(problem) => assert!(matches!(problem.kind.status(), 400 | 422), "{problem:?}"),
        }
    }
}

#[test]
fn a_mistake_in_the_text_is_named_with_line_and_place() {
    let problem =
        bad("{\n \"openapi\": \"3.0.0\",\n \"info\": {\"title\": \"T\" \"version\": \"1\"},\n \"paths\": {}}");
    assert_eq!(summary(&problem), (400, "/info/title", Some(3)));
    let problem = bad("openapi: 3.0.0\ninfo:\n  title: T\n version: 1\n");
    assert_eq!((summary(&problem).0, summary(&problem).2), (400, Some(4)), "{problem:?}");
    let problem = bad("openapi: 3.0.0\ninfo: *nobody\n");
    assert_eq!((summary(&problem).0, summary(&problem).2), (400, Some(2)), "{problem:?}");
    assert_eq!(summary(&bad("openapi: 3.0.0\n? [a]\n: b\n")), (400, "/openapi", Some(2)));
    assert_eq!(summary(&bad("openapi: 3.0.0\ninfo:\n  <<: text\n")), (400, "/info", Some(3)));
}

#[test]
fn a_hundred_thousand_operations_are_refused() {
    let mut json = String::from("{\"openapi\":\"3.0.0\",\"paths\":{");
    let mut yaml = HEAD.to_owned();
    for n in 0..100_000 {
        json.push_str(&format!("\"/p{n}\":{{\"get\":{{}}}},"));
        yaml.push_str(&format!("  /p{n}: {{get: {{}}}}\n"));
    }
    json.push_str("\"/\":{}}}");
    for text in [json, yaml] {
        let problem = bad(&text);
        assert_eq!((summary(&problem).0, summary(&problem).1), (422, "/paths"));
        assert!(problem.detail.contains(&format!("more than {MOST_OPERATIONS} operations")), "{problem:?}");
    }
}

#[test]
fn shared_path_items_cannot_multiply_a_document() {
    let shared: String = ["get", "put", "post", "delete", "patch"]
        .map(|method| format!("{method}: {{summary: {}}}, ", "x".repeat(10_000)))
        .concat();
    let paths: String = (0..1_900).map(|n| format!("  /p{n}: {{$ref: '#/x-shared'}}\n")).collect();
    let problem = bad(format!("{HEAD}{paths}x-shared: {{{shared}}}\n"));
    assert!(problem.detail.contains("expand to more than"), "{problem:?}");
    let paths: String = (0..3_000).map(|n| format!("  /p{n}: {{$ref: '#/x-shared'}}\n")).collect();
    let problem = bad(format!("{HEAD}{paths}x-shared: {{get: {{}}, put: {{}}, post: {{}}, patch: {{}}}}\n"));
    assert!(problem.detail.contains("operations"), "{problem:?}");
}

#[test]
fn deep_nesting_and_huge_documents_are_refused() {
    for text in [
        "[".repeat(100_000),
        format!("{}1", "[".repeat(1_000_000)),
        "{\"a\":".repeat(100_000),
        format!("x: {}", "[".repeat(100_000)),
        format!("x: {}", "{a: ".repeat(100_000)),
        "- ".repeat(100_000),
        (0..1_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect(),
    ] {
        let problem = bad(&text);
        assert!(matches!(problem.kind.status(), 400 | 422), "{problem:?}");
    }
    let nested = |depth: usize| {
        let inner = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        format!("{{\"openapi\":\"3.0.0\",\"paths\":{{\"/a\":{{\"get\":{{}}}}}},\"x-deep\":{inner}}}")
    };
    assert!(read(nested(MOST_DEPTH - 1).as_bytes()).is_ok());
    assert!(bad(nested(MOST_DEPTH)).detail.contains("deep"));
    assert_eq!(bad(vec![b' '; MOST_BYTES + 1]).kind.status(), 413);
    let many = format!("{{\"openapi\":\"3.0.0\",\"x-many\":[{}0]}}", "[],".repeat(1_000_000));
    assert!(bad(many).detail.contains("values"));
}

#[test]
fn aliases_cannot_multiply_a_document() {
    let mut laughs = String::from("openapi: 3.0.0\na0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for n in 1..40 {
        let before = format!("*a{}", n - 1);
        laughs.push_str(&format!("a{n}: &a{n} [{}]\n", vec![before; 9].join(", ")));
    }
    assert!(bad(&laughs).detail.contains("aliases expanded"));
    let long = format!("a: &a \"{}\"\nb: [{}*a]\n", "x".repeat(1_000_000), "*a, ".repeat(1_000));
    assert!(bad(long).detail.contains("Aliases expand"));
    let merged: String =
        (1..40).map(|n| format!("m{n}: &m{n} {{<<: [*m{}, *m{}], k{n}: 1}}\n", n - 1, n - 1)).collect();
    let merged = format!("m0: &m0 {{{}}}\n{merged}", (0..2_000).map(|n| format!("n{n}: 1, ")).collect::<String>());
    assert_eq!(bad(merged).kind.status(), 422);
    let deep: String = (1..40).map(|n| format!("d{n}: &d{n} [[[[*d{}]]]]\n", n - 1)).collect();
    assert!(bad(format!("d0: &d0 [x]\n{deep}")).detail.contains("deep"));
    assert!(bad("a: &a [*a]\n").detail.contains("without end"));
    assert!(bad("a: &a {b: *a}\n").detail.contains("without end"));
}

#[test]
fn a_long_text_of_the_document_is_cut_in_what_is_said_about_it() {
    let path = "p".repeat(100_000);
    let problem = bad(format!("{{\"openapi\":\"3.0.0\",\"paths\":{{\"{path}\":{{}},\"/\\u001b[31m\":{{}}}}}}"));
    assert_eq!((problem.kind.status(), problem.fields.len()), (422, 2));
    let body = problem.to_json().to_string();
    assert!(problem.detail.len() < 400 && !problem.detail.contains('\u{1b}') && body.len() < 4_000, "{}", body.len());
}

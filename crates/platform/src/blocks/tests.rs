//! Trees of every kind of block, and of texts that mean harm.

use super::*;
use serde_json::{Value, json};

fn tree(text: &str) -> Value {
    serde_json::to_value(blocks(text)).expect("JSON")
}

#[test]
fn every_kind_of_block_has_its_place_in_the_tree() {
    let text = "# One\n\nA *b* **c** `d`\ne  \nf\n\n3. x\n4. y\n   - z\n\n> q\n\n```json\n{}\n```\n\n|h|i|\n|-|-|\n|1|2<br/>3|\n\n---\n";
    let words = |text: &str| json!(text);
    let paragraph = |inlines: Value| json!({"kind": "paragraph", "inlines": inlines});
    assert_eq!(
        tree(text),
        json!([
            {"kind": "heading", "level": 1, "inlines": [words("One")]},
            paragraph(json!([
                words("A "), {"kind": "emphasis", "inlines": [words("b")]}, words(" "),
                {"kind": "strong", "inlines": [words("c")]}, words(" "), {"kind": "code", "text": "d"},
                words(" e"), {"kind": "break"}, words("f")
            ])),
            {"kind": "list", "start": 3, "items": [
                [paragraph(json!([words("x")]))],
                [paragraph(json!([words("y")])), {"kind": "list", "items": [[paragraph(json!([words("z")]))]]}]
            ]},
            {"kind": "quote", "blocks": [paragraph(json!([words("q")]))]},
            {"kind": "code", "text": "{}"},
            {"kind": "table", "head": [[words("h")], [words("i")]],
             "rows": [[[words("1")], [words("2"), {"kind": "break"}, words("3")]]]},
            {"kind": "rule"}
        ])
    );
}

#[test]
fn markup_is_words_and_pictures_are_what_they_show() {
    let tree = tree("a <script>alert(1)</script>\n\n<div onclick=x>\n\n![alt](https://example.com/x.png)<!-- n -->");
    let text = tree.to_string();
    assert!(text.contains("<script>alert(1)</script>") && text.contains("<div onclick=x>"), "{text}");
    assert!(text.contains("\"alt\"") && !text.contains("x.png") && !text.contains("<!--"), "{text}");
}

#[test]
fn only_links_that_lead_out_are_links() {
    for bad in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java&#9;script:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//example.com",
        "/apps",
        "#x",
        "https%3A//x",
    ] {
        let tree = tree(&format!("[x]({bad})"));
        assert_eq!(tree, json!([{"kind": "paragraph", "inlines": ["x"]}]), "{bad}");
    }
    for good in ["https://example.com/a:b", "HTTP://example.com", "mailto:a@example.com"] {
        let tree = tree(&format!("[x]({good})"));
        assert_eq!(tree[0]["inlines"][0]["href"], good);
    }
    assert_eq!(tree("[ ](https://example.com)")[0]["inlines"][0]["inlines"], json!(["https://example.com"]));
}

#[test]
fn depth_and_size_have_an_end_and_words_are_kept() {
    fn depth(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }
    for deep in [
        ">".repeat(5_000) + " end",
        "- ".repeat(5_000) + "end",
        "*_".repeat(500) + "end" + &"_*".repeat(500),
        (0..300).map(|n| " ".repeat(n * 2) + "- x\n").collect::<String>() + "end",
        ">".repeat(40) + "|end|b|\n" + &">".repeat(40) + "|-|-|\n",
    ] {
        let tree = tree(&deep);
        assert!(depth(&tree) <= 4 * MOST_DEPTH, "{}", depth(&tree));
        assert!(tree.to_string().contains("end"), "{}", &deep[..20]);
    }
    let wide = "`a` ".repeat(MOST_PIECES);
    assert!(read(&wide, MOST_PIECES).is_none());
    assert!(is_plain(&blocks(&wide)), "it is shown as it is");
    assert_eq!(read("a *b*", 2).map(|(_, n)| n), None);
}

#[test]
fn a_plain_sentence_is_known_as_one() {
    assert!(is_plain(&blocks("Two\nlines.")) && is_plain(&blocks("")));
    assert!(!is_plain(&blocks("a `b`")) && !is_plain(&blocks("a\n\nb")) && !is_plain(&blocks("- a")));
}

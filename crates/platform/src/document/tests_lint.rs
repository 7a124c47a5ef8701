//! Advice beyond reading: each rule speaks where it should, with its line, and keeps quiet where it should not.

use super::tests::ALL;
use super::{Severity, inspect, read};

/// The lint's rules; `docs/lint.md` describes these and those of the reader.
const RULES: [&str; 14] = [
    "body-unexpected",
    "component-unused",
    "description-missing",
    "example-mistyped",
    "operation-undescribed",
    "path-trailing-slash",
    "paths-ambiguous",
    "response-error-missing",
    "response-success-missing",
    "responses-missing",
    "security-missing",
    "server-plain-http",
    "server-relative",
    "tag-undeclared",
];

const FAULTY: &str = r##"openapi: 3.0.3
info: {title: T, version: '1'}
servers:
  - url: /v1
  - url: http://example.com
tags: [{name: known}]
paths:
  /a/{id}/:
    get:
      operationId: one
      tags: [unknown]
      requestBody: {content: {}}
      parameters: [{in: path, name: id, required: true, schema: {type: integer, example: x}}]
      responses: {'500': {description: broken}}
  /x/{b}:
    get:
      operationId: two
      summary: Two
      security: [{key: []}]
      responses: {'200': {description: ok}, '404': {description: no}}
  /{c}/y:
    get:
      operationId: three
      summary: Three
      security: [{key: []}]
      responses: {default: {description: ok}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: k}}
  schemas:
    Used: {type: object}
    Alone: {type: object}
    Chain: {$ref: '#/components/schemas/Used/properties/a'}
"##;

fn found(text: &str) -> Vec<(&'static str, String, Option<usize>)> {
    let document = inspect(text.as_bytes()).unwrap_or_else(|problem| panic!("{}", problem.to_json()));
    document.notes.into_iter().map(|note| (note.rule, note.pointer, note.line)).collect()
}

#[test]
fn each_rule_names_the_place_and_the_line() {
    let all = found(FAULTY);
    let at = |rule: &str| -> Vec<(&str, Option<usize>)> {
        all.iter().filter(|(r, ..)| *r == rule).map(|(_, pointer, line)| (pointer.as_str(), *line)).collect()
    };
    assert_eq!(at("description-missing"), [("/info", Some(2))]);
    assert_eq!(at("server-relative"), [("/servers/0/url", Some(4))]);
    assert_eq!(at("server-plain-http"), [("/servers/1/url", Some(5))]);
    assert_eq!(at("path-trailing-slash"), [("/paths/~1a~1{id}~1", Some(8))]);
    assert_eq!(at("operation-undescribed"), [("/paths/~1a~1{id}~1/get", Some(9))]);
    assert_eq!(at("security-missing"), [("/paths/~1a~1{id}~1/get", Some(9))]);
    assert_eq!(at("body-unexpected"), [("/paths/~1a~1{id}~1/get", Some(9))]);
    assert_eq!(at("tag-undeclared"), [("/paths/~1a~1{id}~1/get/tags", Some(11))]);
    assert_eq!(at("example-mistyped"), [("/paths/~1a~1{id}~1/get/parameters/0/schema/example", Some(13))]);
    assert_eq!(at("response-success-missing"), [("/paths/~1a~1{id}~1/get/responses", Some(14))]);
    assert_eq!(at("response-error-missing"), [("/paths/~1a~1{id}~1/get/responses", Some(14))]);
    assert_eq!(at("paths-ambiguous"), [("/paths/~1{c}~1y", Some(21))]);
    let unused = at("component-unused");
    assert_eq!(unused, [("/components/schemas/Alone", Some(31)), ("/components/schemas/Chain", Some(32))]);
}

#[test]
fn a_careful_document_is_left_in_peace() {
    let text = r##"{"openapi": "3.1.0", "info": {"title": "T", "version": "1", "description": "For you."},
        "servers": [{"url": "https://example.com/v1"}, {"url": "http://localhost:8080"}],
        "security": [{"key": []}], "tags": [{"name": "a"}],
        "paths": {"/a": {"get": {"operationId": "a", "summary": "A", "tags": ["a"],
            "responses": {"2XX": {"$ref": "#/components/responses/Ok"}, "4XX": {"description": "no"}}}},
          "/a/{id}": {"get": {"operationId": "b", "description": "B",
            "parameters": [{"in": "path", "name": "id", "required": true,
              "schema": {"type": ["integer", "null"], "example": null, "default": 2.0}}],
            "responses": {"default": {"description": "x", "content": {"application/json": {"schema": {
              "$ref": "#/components/schemas/Fault"}}}}}}},
          "/a/me": {"get": {"operationId": "c", "summary": "C", "responses": {"default": {"description": "x"}}}}},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "k"}},
          "schemas": {"Fault": {"type": "object"}}, "responses": {"Ok": {"description": "ok", "content": {"application/json": {"schema": {
            "properties": {"example": {"type": "string"}, "type": {"type": "string", "example": "x"}}}}}}}}}"##;
    assert_eq!(found(text), []);
}

#[test]
fn reading_alone_does_not_lint() {
    let rules: Vec<&str> = read(FAULTY.as_bytes()).expect("reads").notes.iter().map(|note| note.rule).collect();
    assert!(RULES.iter().filter(|rule| **rule != "responses-missing").all(|rule| !rules.contains(rule)), "{rules:?}");
}

#[test]
fn every_rule_is_documented_with_its_severity() {
    let page = include_str!("../../../../docs/lint.md");
    let documented = |rule: &str| page.contains(&format!("| `{rule}` | {} |", Severity::of(rule).as_str()));
    for bytes in ALL {
        for note in inspect(bytes).expect("reads").notes {
            assert!(documented(note.rule), "{} {}", note.rule, Severity::of(note.rule).as_str());
        }
    }
    for rule in RULES {
        assert!(documented(rule), "{rule} {}", Severity::of(rule).as_str());
    }
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let rule = line.split('`').nth(1).unwrap_or_default();
        let severity = Severity::of(rule).as_str();
        assert!(line.contains(&format!("| {severity} |")), "{rule} is a {severity}");
    }
}

#[test]
fn many_paths_are_compared_in_little_time() {
    let paths: Vec<String> = (0..3_000)
        .map(|n| {
            format!("\"/{{p}}/a{n}/{{q}}\": {{\"get\": {{\"responses\": {{\"200\": {{\"description\": \"x\"}}}}}}}}")
        })
        .collect();
    let text = format!("{{\"openapi\": \"3.0.0\", \"paths\": {{{}}}}}", paths.join(", "));
    assert!(inspect(text.as_bytes()).expect("reads").notes.len() <= super::MOST_NOTES + 1);
}

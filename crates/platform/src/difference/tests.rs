//! What the rules see, document against document.

use super::{Findings, Rule, Weight, between};
use crate::document::read;
use serde_json::{Value, json};

fn found(before: &Value, after: &Value) -> Vec<(Rule, String)> {
    let mut findings = Findings::default();
    let document = |value: &Value| read(value.to_string().as_bytes()).unwrap();
    between(document(before), document(after), &mut findings);
    findings.items.into_iter().map(|d| (d.rule, d.place)).collect()
}

/// A document with one operation, described like this.
fn with(operation: Value) -> Value {
    let mut operation = operation;
    if operation.get("responses").is_none() {
        operation["responses"] = json!({"200": {"description": "ok"}});
    }
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {"/pets/{id}": {"post": operation}}})
}

fn body(schema: Value) -> Value {
    with(json!({"requestBody": {"content": {"application/json": {"schema": schema}}}}))
}

fn answer(schema: Value) -> Value {
    with(json!({"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}}))
}

#[track_caller]
fn sees(before: &Value, after: &Value, expected: &[(Rule, &str)]) {
    let found = found(before, after);
    let found: Vec<(Rule, &str)> = found.iter().map(|(rule, place)| (*rule, place.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn nothing_is_found_where_nothing_changed_for_callers() {
    let document = body(json!({"type": "object", "properties": {"a": {"type": "string"}}}));
    sees(&document, &document, &[]);
    let mut worded = document.clone();
    worded["info"]["description"] = json!("Other words.");
    worded["paths"]["/pets/{id}"]["post"]["summary"] = json!("Other words.");
    worded["servers"] = json!([{"url": "https://elsewhere.example"}]);
    sees(&document, &worded, &[]);
}

#[test]
fn operations_come_and_go_and_a_renamed_path_parameter_is_the_same_operation() {
    let mut renamed = with(json!({}));
    let item = renamed["paths"]["/pets/{id}"].take();
    renamed["paths"] = json!({"/pets/{pet}": item});
    sees(&with(json!({})), &renamed, &[]);
    let mut more = with(json!({}));
    more["paths"]["/toys"] = json!({"get": {"responses": {"200": {"description": "ok"}}}});
    sees(&with(json!({})), &more, &[(Rule::OperationAdded, "")]);
    sees(&more, &with(json!({})), &[(Rule::OperationRemoved, "")]);
    sees(&with(json!({})), &with(json!({"deprecated": true})), &[(Rule::OperationDeprecated, "")]);
}

#[test]
fn parameters_are_followed_by_place_and_name() {
    let query = |name: &str, required: bool, schema: Value| {
        with(json!({"parameters": [{"in": "query", "name": name, "required": required, "schema": schema}]}))
    };
    let text = || json!({"type": "string"});
    sees(&with(json!({})), &query("q", true, text()), &[(Rule::RequiredParameterAdded, "query q")]);
    sees(&with(json!({})), &query("q", false, text()), &[(Rule::ParameterAdded, "query q")]);
    sees(&query("q", false, text()), &with(json!({})), &[(Rule::ParameterRemoved, "query q")]);
    sees(&query("q", false, text()), &query("q", true, text()), &[(Rule::ParameterBecameRequired, "query q")]);
    sees(&query("q", true, text()), &query("q", false, text()), &[(Rule::ParameterBecameOptional, "query q")]);
    let (number, whole) = (json!({"type": "number"}), json!({"type": "integer"}));
    sees(
        &query("q", false, number.clone()),
        &query("q", false, whole.clone()),
        &[(Rule::RequestTypeNarrowed, "query q")],
    );
    sees(&query("q", false, whole), &query("q", false, number), &[(Rule::RequestTypeWidened, "query q")]);
}

#[test]
fn bodies_are_read_as_callers_write_them() {
    let object = |required: &[&str], properties: Value| json!({"type": "object", "required": required, "properties": properties});
    let one = || json!({"a": {"type": "string"}});
    let two = || json!({"a": {"type": "string"}, "b": {"type": "string"}});
    let at = "request application/json";
    sees(&with(json!({})), &body(one()), &[(Rule::BodyAdded, "request")]);
    sees(&body(one()), &with(json!({})), &[(Rule::BodyRemoved, "request")]);
    let b = format!("{at} /b");
    sees(&body(object(&[], one())), &body(object(&["b"], two())), &[(Rule::RequiredRequestPropertyAdded, &b)]);
    sees(&body(object(&[], one())), &body(object(&[], two())), &[(Rule::RequestPropertyAdded, &b)]);
    sees(&body(object(&[], two())), &body(object(&[], one())), &[(Rule::RequestPropertyRemoved, &b)]);
    let a = format!("{at} /a");
    sees(&body(object(&[], one())), &body(object(&["a"], one())), &[(Rule::RequestPropertyBecameRequired, &a)]);
    sees(&body(json!({"enum": ["x", "y"]})), &body(json!({"enum": ["x"]})), &[(Rule::RequestValueRemoved, at)]);
    sees(&body(json!({"enum": ["x"]})), &body(json!({"enum": ["x", "y"]})), &[(Rule::RequestValueAdded, at)]);
    let bound = format!("{at} maxLength");
    sees(&body(json!({})), &body(json!({"maxLength": 9})), &[(Rule::RequestBoundTightened, &bound)]);
    sees(&body(json!({"maxLength": 9})), &body(json!({"maxLength": 8})), &[(Rule::RequestBoundTightened, &bound)]);
    sees(&body(json!({"maxLength": 8})), &body(json!({"maxLength": 9})), &[(Rule::RequestBoundRelaxed, &bound)]);
    let low = format!("{at} minimum");
    sees(&body(json!({"minimum": 1})), &body(json!({"minimum": 2})), &[(Rule::RequestBoundTightened, &low)]);
}

#[test]
fn answers_are_read_as_callers_read_them() {
    let object = |required: &[&str], properties: Value| json!({"type": "object", "required": required, "properties": properties});
    let one = || json!({"a": {"type": "string"}});
    let at = "response 200 application/json";
    let a = format!("{at} /a");
    sees(&answer(object(&[], one())), &answer(object(&[], json!({}))), &[(Rule::ResponsePropertyRemoved, &a)]);
    sees(&answer(object(&[], json!({}))), &answer(object(&[], one())), &[(Rule::ResponsePropertyAdded, &a)]);
    sees(&answer(object(&["a"], one())), &answer(object(&[], one())), &[(Rule::ResponsePropertyBecameOptional, &a)]);
    sees(&answer(json!({"enum": ["x"]})), &answer(json!({"enum": ["x", "y"]})), &[(Rule::ResponseValueAdded, at)]);
    let nullable = json!({"type": "string", "nullable": true});
    sees(&answer(json!({"type": "string"})), &answer(nullable.clone()), &[(Rule::ResponseTypeWidened, at)]);
    sees(&answer(nullable), &answer(json!({"type": "string"})), &[(Rule::ResponseTypeNarrowed, at)]);
    let none = with(json!({"responses": {"204": {"description": "ok"}}}));
    sees(&with(json!({})), &none, &[(Rule::ResponseAdded, "response 204"), (Rule::SuccessRemoved, "response 200")]);
}

#[test]
fn all_of_is_put_together_and_references_are_followed() {
    let mut parts = answer(json!({"$ref": "#/components/schemas/Pet"}));
    parts["components"] = json!({"schemas": {
        "Pet": {"allOf": [{"$ref": "#/components/schemas/Named"}, {"properties": {"age": {"type": "integer"}}}]},
        "Named": {"properties": {"name": {"type": "string"}}}}});
    let flat = answer(json!({"properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}));
    sees(&parts, &flat, &[]);
    let mut less = parts.clone();
    less["components"]["schemas"]["Named"]["properties"] = json!({});
    sees(&parts, &less, &[(Rule::ResponsePropertyRemoved, "response 200 application/json /name")]);
}

#[test]
fn a_schema_that_holds_itself_ends() {
    let mut tree = answer(json!({"$ref": "#/components/schemas/Node"}));
    tree["components"] = json!({"schemas": {"Node": {"type": "object", "properties": {
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}, "name": {"type": "string"}}}}});
    let mut other = tree.clone();
    other["components"]["schemas"]["Node"]["properties"]["name"]["type"] = json!("integer");
    let found = found(&tree, &other);
    assert!(
        found.contains(&(Rule::ResponseTypeWidened, "response 200 application/json /name".to_owned())),
        "{found:?}"
    );
    assert!(found.len() < 30);
}

#[test]
fn the_oldest_edition_is_compared_with_the_newer_ones() {
    let old = json!({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "consumes": ["application/json"],
        "paths": {"/pets/{id}": {"post": {
            "parameters": [{"in": "path", "name": "id", "required": true, "type": "string"},
                           {"in": "body", "name": "pet", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}],
            "responses": {"200": {"description": "ok"}}}}}});
    let new = with(json!({
        "parameters": [{"in": "path", "name": "id", "required": true, "schema": {"type": "string"}}],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["a"],
            "properties": {"a": {"type": "string"}}}}}}}));
    sees(&old, &new, &[(Rule::RequestPropertyBecameRequired, "request application/json /a")]);
}

#[test]
fn a_flood_of_differences_is_cut_and_says_so() {
    let many = |n: usize| {
        let paths: serde_json::Map<String, Value> =
            (0..n).map(|i| (format!("/p{i}"), json!({"get": {"responses": {"200": {"description": "ok"}}}}))).collect();
        json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths})
    };
    let mut findings = Findings::default();
    let document = |value: &Value| read(value.to_string().as_bytes()).unwrap();
    between(document(&many(1)), document(&many(super::MOST + 10)), &mut findings);
    assert!(findings.more);
    assert_eq!(findings.items.len(), super::MOST);
}

#[test]
fn every_rule_has_a_name_of_its_own_and_a_line_in_its_page() {
    let page = include_str!("../../../../docs/differences.md");
    let mut names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
    for rule in Rule::ALL {
        let weight = match rule.weight() {
            Weight::Breaking => "breaking",
            Weight::Risky => "risky",
            Weight::Compatible => "compatible",
        };
        assert!(page.contains(&format!("| `{}` | {weight} |", rule.as_str())), "{} {weight}", rule.as_str());
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Rule::ALL.len());
}

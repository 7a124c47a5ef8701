//! Documents of every edition, and hostile ones, made ready for reading.

use super::{Calling, Demand, MARK, Reference, Ways, declared, of};
use crate::document::read;
use serde_json::{Value, json};

const IDENTITY: &[u8] = include_bytes!("../../../../demo/openapi/akamai-identity-management-v3.json");
const PURGE: &[u8] = include_bytes!("../../../../demo/openapi/akamai-ccu-v3.json");
const PETSTORE_2: &[u8] = include_bytes!("../../../../demo/openapi/petstore-2.0.json");
const PETSTORE_3: &[u8] = include_bytes!("../../../../demo/openapi/petstore-3.0.yaml");
const USPTO: &[u8] = include_bytes!("../../../../demo/openapi/uspto-3.0.json");

fn reference(bytes: &[u8]) -> Reference {
    let document = read(bytes).unwrap_or_else(|problem| panic!("{}", problem.to_json()));
    let calling = declared(&document);
    of(document, calling)
}

fn json_of(document: &Value) -> Reference {
    reference(document.to_string().as_bytes())
}

/// Every `$ref` that leads nowhere.
fn lost(whole: &Value, value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| lost(whole, item, out)),
        Value::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Value::as_str)
                && target.strip_prefix('#').and_then(|pointer| whole.pointer(pointer)).is_none()
            {
                out.push(target.to_owned());
            }
            members.values().for_each(|member| lost(whole, member, out));
        }
        _ => {}
    }
}

/// C75
#[test]
fn every_operation_of_the_demo_documents_is_found_where_the_index_says() {
    for (bytes, edition, count) in
        [(IDENTITY, "3.0", 96), (PURGE, "3.0", 6), (PETSTORE_2, "2.0", 3), (PETSTORE_3, "3.0", 3), (USPTO, "3.0", 3)]
    {
        let reference = reference(bytes);
        assert_eq!((reference.edition.as_str(), reference.operations.len()), (edition, count));
        for operation in &reference.operations {
            let found = reference.document.pointer(&operation.pointers[0]).expect("a place");
            assert!(found.get("responses").is_some_and(Value::is_object), "{operation:?}");
            assert!(reference.document.pointer(&operation.pointers[1]).is_some(), "{operation:?}");
        }
        let mut nowhere = Vec::new();
        lost(&reference.document, &reference.document, &mut nowhere);
        assert_eq!(nowhere, Vec::<String>::new());
    }
}

#[test]
fn texts_have_trees_where_they_say_more_than_plain_words() {
    let reference = json_of(&json!({
        "openapi": "3.0.0", "info": {"title": "T", "version": "1", "description": "One **two**."},
        "tags": [{"name": "a", "description": "About `a`."}],
        "paths": {"/a": {"get": {"tags": ["a"], "description": "Only words.", "responses": {"200": {
            "description": "* a\n* b", "headers": {"x-h": {"description": "`h`"}}, "content": {"application/json": {
                "example": {"description": "**data**"},
                "schema": {"type": "object", "properties": {
                    "description": {"description": "see [x](https://example.com)"},
                    "example": {"description": "*e*"}, "value": {"default": {"description": "*d*"}}
                }}
            }}
        }}}}}
    }));
    assert_eq!(reference.description.len(), 1);
    assert_eq!(serde_json::to_value(&reference.tags).unwrap()[0]["description"][0]["inlines"][1]["kind"], "code");
    let at = |pointer: &str| reference.document.pointer(pointer).and_then(|value| value.get(MARK));
    assert_eq!(at("/paths/~1a/get"), None, "plain words need no tree");
    let response = "/paths/~1a/get/responses/200";
    assert_eq!(at(response).unwrap()[0]["kind"], "list");
    assert_eq!(at(&format!("{response}/headers/x-h")).unwrap()[0]["inlines"][0]["kind"], "code");
    let body = format!("{response}/content/application~1json");
    for (name, place, kind) in [("description", 1, "link"), ("example", 0, "emphasis")] {
        let tree = at(&format!("{body}/schema/properties/{name}")).unwrap();
        assert_eq!(tree[0]["inlines"][place]["kind"], kind, "{name}");
    }
    assert_eq!(at(&format!("{body}/example")), None, "an example is nobody's text");
    assert_eq!(at(&format!("{body}/schema/properties/value/default")), None);
}

#[test]
fn a_tree_that_a_document_brings_along_is_taken_away_everywhere() {
    let bait =
        json!([{"kind": "paragraph", "inlines": [{"kind": "link", "href": "javascript:alert(1)", "inlines": []}]}]);
    let schema = json!({"type": "object", MARK: bait, "description": "a [b](javascript:alert(2)) <img onerror=x>"});
    let reference = json_of(&json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1", "description": "[x](javascript:alert(3))"},
        "x-bait": schema, "components": {"schemas": {"A": schema}, "examples": {"E": {"value": schema}}},
        "paths": {"/a": {"get": {MARK: bait, "responses": {"200": {"description": "x", "content": {"a/b": {
            "example": schema, "schema": {"$ref": "#/components/examples/E/value"}}}}}}}}
    }));
    let text = serde_json::to_string(&reference).unwrap();
    assert!(!text.contains("\"href\""), "{text}");
    assert!(text.contains("<img onerror=x>"), "it is words");
}

#[test]
fn webhooks_are_listed_beside_the_operations() {
    let reference = json_of(&json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "components": {"pathItems": {"P": {"post": {"summary": "Pet came", "responses": {}}}}},
        "webhooks": {"new/pet": {"$ref": "#/components/pathItems/P"}, "gone": {"POST": {"summary": "Pet went"}}}
    }));
    let listed: Vec<_> =
        reference.webhooks.iter().map(|w| (w.name.as_str(), w.method.as_str(), &w.summary[..])).collect();
    assert_eq!(listed, [("new/pet", "POST", "Pet came"), ("gone", "POST", "Pet went")]);
    for webhook in &reference.webhooks {
        assert!(reference.document.pointer(&webhook.pointers[0]).is_some(), "{webhook:?}");
    }
}

#[test]
fn an_operation_behind_a_reference_has_its_own_place_and_that_of_its_path() {
    let reference = json_of(&json!({
        "openapi": "3.0.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a/{id}": {"$ref": "#/x-item", "parameters": [{"in": "path", "name": "id"}]}},
        "x-item": {"get": {"operationId": "a", "responses": {}}}
    }));
    assert_eq!(reference.operations[0].pointers, ["/x-item/get", "/paths/~1a~1{id}", "/x-item"]);
}

#[test]
fn the_way_in_is_what_the_caller_of_this_says_and_else_what_the_document_says() {
    let document = json!({
        "openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "security": [{"key": []}, {"oauth": ["read"]}],
        "components": {"securitySchemes": {
            "key": {"type": "apiKey", "in": "query", "name": "k"},
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {"read": ""}}}}}},
        "paths": {"/a": {"get": {"operationId": "a"}, "put": {"operationId": "b", "security": []},
                         "post": {"operationId": "c", "security": [{}, {"key": []}]}}}
    });
    let ways = |reference: &Reference| -> Vec<(bool, usize)> {
        reference.operations.iter().map(|operation| (operation.anonymous, operation.security.len())).collect()
    };
    let by_document = json_of(&document);
    assert_eq!(ways(&by_document), [(false, 2), (true, 0), (true, 1)]);
    assert_eq!(by_document.operations[0].security[1], Demand { scheme: "oauth".into(), scopes: vec!["read".into()] });
    assert_eq!(by_document.schemes.len(), 2);

    let read = read(document.to_string().as_bytes()).unwrap();
    let way = Ways { name: Some("n".into()), anonymous: true, security: Vec::new() };
    let by_us = of(read, Calling { ways: vec![way], ..Calling::default() });
    assert_eq!((by_us.operations[0].name.as_str(), ways(&by_us)[0]), ("n", (true, 0)));
}

#[test]
fn documents_of_2_0_are_read_as_3_0() {
    let reference = json_of(&json!({
        "swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "x", "consumes": ["application/json", "text/xml"],
        "produces": ["application/json", "text/xml"],
        "parameters": {"Limit": {"in": "query", "name": "limit", "type": "integer", "minimum": 1},
                       "Body": {"in": "body", "name": "b", "required": true, "schema": {"$ref": "#/definitions/Pet"}},
                       "File": {"in": "formData", "name": "file", "type": "file", "required": true}},
        "responses": {"Gone": {"description": "`gone`", "schema": {"$ref": "#/definitions/Pet"}}},
        "definitions": {"Pet": {"type": "object", "discriminator": "kind", "x-nullable": true, "properties": {
            "kind": {"type": "string"}, "next": {"$ref": "#/definitions/Pet"}, "discriminator": {"type": "string"}}}},
        "paths": {
            "/pets": {
                "parameters": [{"$ref": "#/parameters/Limit"}],
                "get": {"operationId": "list", "parameters": [
                    {"in": "query", "name": "tags", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"}],
                    "responses": {"200": {"description": "ok", "schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}},
                        "headers": {"X-Next": {"type": "string", "description": "more"}},
                        "examples": {"application/json": [{"kind": "cat"}]}}, "410": {"$ref": "#/responses/Gone"}}},
                "post": {"operationId": "add", "parameters": [{"$ref": "#/parameters/Body"}], "responses": {}}},
            "/upload": {"post": {"operationId": "up", "consumes": ["multipart/form-data"], "parameters": [
                {"$ref": "#/parameters/File"}, {"in": "formData", "name": "note", "type": "string", "description": "words"}],
                "responses": {}}},
            "/shared": {"parameters": [{"in": "body", "name": "b", "schema": {"type": "string"}}],
                "put": {"operationId": "p", "responses": {}}, "patch": {"operationId": "q", "responses": {}}}
        }
    }));
    let document = &reference.document;
    let mut nowhere = Vec::new();
    lost(document, document, &mut nowhere);
    assert_eq!(nowhere, Vec::<String>::new());
    let at = |pointer: &str| document.pointer(pointer).unwrap_or_else(|| panic!("{pointer} in {document}"));
    assert_eq!(*at("/openapi"), "3.0.3");
    assert_eq!(*at("/components/parameters/Limit/schema"), json!({"type": "integer", "minimum": 1}));
    let tags = at("/paths/~1pets/get/parameters/0");
    assert_eq!((tags["style"].as_str(), tags["explode"].as_bool()), (Some("form"), Some(true)));
    assert_eq!(tags["schema"], json!({"type": "array", "items": {"type": "string"}}));
    let ok = at("/paths/~1pets/get/responses/200");
    assert_eq!(ok["content"]["application/json"]["example"], json!([{"kind": "cat"}]));
    assert_eq!(ok["content"]["application/json"]["schema"]["items"]["$ref"], "#/components/schemas/Pet");
    assert!(ok["content"]["text/xml"]["schema"]["$ref"].as_str().is_some_and(|at| at.starts_with("#/paths/~1pets")));
    assert_eq!(ok["headers"]["X-Next"], json!({"description": "more", "schema": {"type": "string"}}));
    assert_eq!(at("/paths/~1pets/post/requestBody")["$ref"], "#/components/requestBodies/Body");
    assert_eq!(*at("/components/requestBodies/Body/required"), true);
    let form = at("/paths/~1upload/post/requestBody/content/multipart~1form-data/schema");
    assert_eq!(form["required"], json!(["file"]));
    assert_eq!(form["properties"]["note"], json!({"type": "string", "description": "words"}));
    let file = form["properties"]["file"]["$ref"].as_str().and_then(|at| at.strip_prefix('#')).unwrap();
    assert_eq!(*at(file), json!({"type": "string", "format": "binary"}));
    let pet = at("/components/schemas/Pet");
    assert_eq!((&pet["discriminator"], &pet["nullable"]), (&json!({"propertyName": "kind"}), &json!(true)));
    assert_eq!(pet["properties"]["discriminator"], json!({"type": "string"}));
    assert_eq!(*at("/paths/~1shared/put/requestBody/content/application~1json/schema"), json!({"type": "string"}));
    assert_eq!(at("/paths/~1shared/patch/requestBody")["$ref"], "#/paths/~1shared/put/requestBody");
}

#[test]
fn no_document_grows_much_however_it_is_written() {
    let big = "words ".repeat(2_000);
    let media: Vec<String> = (0..200).map(|n| format!("application/x-{n}")).collect();
    let paths: serde_json::Map<String, Value> = (0..500)
        .map(|n| {
            let operation = json!({"operationId": format!("o{n}"), "responses": {"200": {"$ref": "#/responses/R"}},
                "parameters": [{"$ref": "#/parameters/B"}, {"$ref": "#/parameters/Q"}]});
            let form =
                json!({"operationId": format!("f{n}"), "responses": {}, "parameters": [{"$ref": "#/parameters/F"}]});
            (format!("/p{n}"), json!({"get": operation, "post": form}))
        })
        .collect();
    let old = json!({
        "swagger": "2.0", "info": {"title": "T", "version": "1"}, "consumes": media, "produces": media, "paths": paths,
        "parameters": {
            "B": {"in": "body", "name": "b", "schema": {"type": "string", "description": big}},
            "Q": {"in": "query", "name": "q", "type": "string", "description": big},
            "F": {"in": "formData", "name": "f", "type": "string", "description": big}},
        "responses": {"R": {"description": big, "schema": {"type": "string", "description": big}}}
    });
    let before = old.to_string().len();
    let after = serde_json::to_string(&json_of(&old).document).unwrap().len();
    assert!(after < 4 * before, "{before} became {after}");

    let marks: Vec<Value> = (0..100).map(|_| json!({"description": "*a*_b_`c`".repeat(1_000)})).collect();
    let new = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "components": {"schemas": {"A": {"allOf": marks}}}});
    let reference = json_of(&new);
    let trees = reference.document["components"]["schemas"]["A"]["allOf"].as_array().unwrap();
    let with = trees.iter().filter(|tree| tree.get(MARK).is_some()).count();
    assert!((1..100).contains(&with), "{with} texts have trees, the others are shown as they are");
}

#[test]
fn nonsense_in_place_of_anything_is_borne() {
    for nonsense in
        [json!(null), json!(7), json!("x"), json!([]), json!([1, {"in": 3}]), json!({}), json!({"a": [null]})]
    {
        for place in
            ["parameters", "responses", "definitions", "consumes", "produces", "tags", "components", "webhooks"]
        {
            let mut old = json!({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {
                "parameters": nonsense, "get": {"parameters": nonsense, "responses": nonsense, "consumes": nonsense}}}});
            old[place] = nonsense.clone();
            let mut new =
                json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {}}}});
            new[place] = nonsense.clone();
            for document in [old, new] {
                if let Ok(read) = read(document.to_string().as_bytes()) {
                    let calling = declared(&read);
                    assert!(of(read, calling).operations.len() <= 1);
                }
            }
        }
    }
}

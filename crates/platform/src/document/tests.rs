//! Documents that are read: real ones, and every liberty that real ones take.

use super::{Dialect, Document, Format, Operation, SecurityKind, read};
use serde_json::json;

pub(super) const IDENTITY: &[u8] = include_bytes!("../../../../demo/openapi/akamai-identity-management-v3.json");
pub(super) const PURGE: &[u8] = include_bytes!("../../../../demo/openapi/akamai-ccu-v3.json");
pub(super) const CONTRACT: &[u8] = include_bytes!("../../tests/data/akamai-contract-api-v1.json");
pub(super) const PETSTORE_2: &[u8] = include_bytes!("../../../../demo/openapi/petstore-2.0.json");
pub(super) const PETSTORE_3: &[u8] = include_bytes!("../../../../demo/openapi/petstore-3.0.yaml");
pub(super) const USPTO: &[u8] = include_bytes!("../../../../demo/openapi/uspto-3.0.json");
pub(super) const ALL: [&[u8]; 6] = [IDENTITY, PURGE, CONTRACT, PETSTORE_2, PETSTORE_3, USPTO];

#[track_caller]
fn good(text: &str) -> Document {
    read(text.as_bytes()).unwrap_or_else(|problem| panic!("{}", problem.to_json()))
}

fn rules(document: &Document) -> Vec<&str> {
    document.notes.iter().map(|note| note.rule).collect()
}

fn called<'d>(document: &'d Document, name: &str) -> &'d Operation {
    document.operations.iter().find(|operation| operation.name == name).expect("an operation of this name")
}

/// A YAML document of 3.0 with these lines under `paths`, and these at the top.
fn yaml(paths: &str, top: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: [{{url: /}}]\n{top}\npaths:\n{paths}")
}

/// C75 X09
#[test]
fn identity_management_yields_its_96_operations_each_with_its_line() {
    let document = read(IDENTITY).expect("reads");
    assert_eq!(document.operations.len(), 96);
    assert_eq!((document.dialect, document.format), (Dialect::V3_0, Format::Json));
    assert_eq!(document.title, "Akamai: Identity and Access Management API");
    assert_eq!(document.version, "3");
    assert_eq!(document.servers, ["https://{hostname}/identity-management/v3"]);
    let text = std::str::from_utf8(IDENTITY).expect("UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    let mut names = std::collections::HashSet::new();
    for operation in &document.operations {
        let line = lines[operation.line.expect("a line") - 1];
        assert!(line.contains(&format!("\"{}\"", operation.method.to_lowercase())), "{operation:?}: {line}");
        assert!(names.insert(&operation.name) && operation.summary.is_some());
    }
    assert_eq!(called(&document, "get-api-clients").path, "/api-clients");
    assert_eq!(rules(&document), ["server-variable-open"]);
}

#[test]
fn the_other_real_documents_yield_theirs() {
    for (bytes, dialect, format, servers, count) in [
        (PURGE, Dialect::V3_0, Format::Json, "https://{hostname}/ccu/v3", 6),
        (CONTRACT, Dialect::V3_0, Format::Json, "https://{hostname}/contract-api/v1", 5),
        (PETSTORE_2, Dialect::V2, Format::Json, "http://petstore.swagger.io/v1", 3),
        (PETSTORE_3, Dialect::V3_0, Format::Yaml, "http://petstore.swagger.io/v1", 3),
        (USPTO, Dialect::V3_0, Format::Json, "https://developer.uspto.gov/ds-api", 3),
    ] {
        let document = read(bytes).expect("reads");
        assert_eq!((document.dialect, document.format, document.operations.len()), (dialect, format, count));
        assert_eq!(document.servers, [servers]);
    }
}

#[test]
fn json_and_yaml_of_one_document_are_the_same() {
    let value: serde_json::Value = serde_json::from_slice(IDENTITY).expect("JSON");
    let as_yaml = as_yaml(&value, 0);
    let mut from_yaml = read(as_yaml.as_bytes()).expect("reads");
    let from_json = read(IDENTITY).expect("reads");
    assert_eq!(from_yaml.value, from_json.value);
    for (ours, theirs) in from_yaml.operations.iter_mut().zip(&from_json.operations) {
        assert!(ours.line.is_some());
        ours.line = theirs.line;
    }
    assert_eq!(from_yaml.operations, from_json.operations);
}

/// Block style, with every text in JSON's quotes, which YAML has too.
fn as_yaml(value: &serde_json::Value, indent: usize) -> String {
    let pad = "  ".repeat(indent);
    match value {
        serde_json::Value::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(name, member)| format!("\n{pad}{}: {}", json!(name), as_yaml(member, indent + 1)))
            .collect(),
        serde_json::Value::Array(items) if !items.is_empty() => {
            items.iter().map(|item| format!("\n{pad}- {}", as_yaml(item, indent + 1))).collect()
        }
        other => other.to_string(),
    }
}

#[test]
fn a_version_that_looks_like_a_number_stays_as_it_was_written() {
    let text =
        "swagger: 2.0\ninfo: {title: 7, version: 1.10}\npaths: {/a: {get: {responses: {200: {description: x}}}}}";
    let document = good(text);
    assert_eq!((document.title.as_str(), document.version.as_str()), ("7", "1.10"));
    assert_eq!(document.dialect, Dialect::V2);
    assert_eq!(document.value["paths"]["/a"]["get"]["responses"]["200"]["description"], "x");
    assert_eq!(good(&text.replace("2.0", "'2.0'")).dialect, Dialect::V2);
    assert_eq!(good(&yaml("  /a: {get: {}}", "").replace("3.0.3", "3.1")).dialect, Dialect::V3_1);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let text = yaml("  /a:\n    get:\n      operationId: a", "");
    let document = good(&format!("\u{feff}{}", text.replace('\n', "\r\n")));
    assert_eq!(called(&document, "a").line, Some(7));
    let json = format!("\u{feff}{}", json!({"openapi": "3.1.0", "paths": {"/a": {"get": {}}}}));
    assert_eq!(good(&json).operations.len(), 1);
}

#[test]
fn parameters_may_stand_on_the_path_and_behind_references() {
    let document = good(&yaml(
        "  /a/{id}/{kind}:\n    parameters: [{$ref: '#/components/parameters/Id'}]\n    get: {responses: {}, parameters: [{name: kind, in: path}]}",
        "components: {parameters: {Id: {name: id, in: path, required: true}}}",
    ));
    assert_eq!(rules(&document), ["operation-id-missing"]);
    let lacking =
        good(&yaml("  /a/{id}:\n    get: {responses: {}, parameters: [{name: other, in: path}, null, 7]}", ""));
    assert_eq!(
        rules(&lacking),
        [
            "path-parameter-superfluous",
            "parameter-incomplete",
            "parameter-incomplete",
            "path-parameter-undeclared",
            "operation-id-missing"
        ]
    );
}

#[test]
fn a_path_item_may_be_a_reference_and_its_own_members_go_first() {
    let document = good(&yaml(
        "  /a: {$ref: '#/paths/~1b', get: {operationId: own, responses: {}}}\n  /b: {$ref: '#/components/pathItems/C'}",
        "components: {pathItems: {C: {get: {operationId: c, responses: {}}, put: {operationId: p, responses: {}}}}}",
    ));
    let names: Vec<&str> = document.operations.iter().map(|o| o.name.as_str()).collect();
    assert_eq!(names, ["own", "p", "c", "p-2"]);
    assert_eq!(called(&document, "p").path, "/a");
    assert_eq!(rules(&document), ["operation-id-repeated"]);
}

#[test]
fn names_are_unique_and_declared_ones_win() {
    let document = good(&yaml(
        "  /a: {get: {responses: {}}, put: {operationId: get-a, responses: {}}}\n  /b: {get: {operationId: x, responses: {}}, put: {operationId: x, responses: {}}, post: {operationId: x-2, responses: {}}}\n  /: {get: {operationId: '  ', responses: {}}}",
        "",
    ));
    let names: Vec<&str> = document.operations.iter().map(|o| o.name.as_str()).collect();
    assert_eq!(names, ["get-a-2", "get-a", "x", "x-3", "x-2", "get"]);
    assert_eq!(rules(&document), ["operation-id-missing", "operation-id-repeated", "operation-id-missing"]);
    assert_eq!(document.notes[1].pointer, "/paths/~1b/put/operationId");
    assert_eq!(document.notes[1].line, Some(7));
}

#[test]
fn servers_take_their_variables_defaults() {
    let servers = "servers:\n- url: 'https://{region}.example.com:{port}/{base}'\n  variables: {region: {default: eu}, port: {default: 8443}}\n- {url: /v1}\n- {url: /v1}\n- {name: lost}\n";
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{servers}paths: {{/a: {{get: {{operationId: a}}}}}}"
    );
    let document = good(&text);
    assert_eq!(document.servers, ["https://eu.example.com:8443/{base}", "/v1"]);
    assert_eq!(rules(&document), ["server-variable-open", "server-without-url"]);
}

#[test]
fn the_older_edition_has_host_base_path_and_schemes() {
    let text = |more: &str| {
        format!(
            "swagger: '2.0'\n{more}\ninfo: {{title: T, version: '1'}}\npaths: {{/a: {{get: {{operationId: a, responses: {{}}}}}}}}"
        )
    };
    let document = good(&text("host: h.example.com:81\nbasePath: v1/\nschemes: [https, http]"));
    assert_eq!(document.servers, ["https://h.example.com:81/v1", "http://h.example.com:81/v1"]);
    assert_eq!(good(&text("basePath: /v1")).servers, ["/v1"]);
    let bare = good(&text(""));
    assert!(bare.servers.is_empty());
    assert_eq!(rules(&bare), ["servers-missing"]);
    assert_eq!(good(&text("host: h")).servers, ["https://h"]);
}

#[test]
fn scopes_come_from_the_requirements_that_apply() {
    let top = "security: [{oauth: [read]}]
components:
  securitySchemes:
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /t, scopes: {read: r, write: w}}}}
    oidc: {type: openIdConnect, openIdConnectUrl: /o}
    key: {type: apiKey, in: header, name: X-Key}
    idle: {type: http, scheme: Bearer}";
    let operation = |name: &str, security: &str| {
        format!("  /{name}: {{get: {{operationId: {name}, responses: {{}}{security}}}}}\n")
    };
    let paths = [
        operation("default", ""),
        operation("none", ", security: []"),
        operation("optional", ", security: [{}, {oauth: [write]}]"),
        operation("other", ", security: [{key: []}, {oauth: [write, read, write]}]"),
        operation("both", ", security: [{oauth: [write], oidc: [openid]}]"),
        operation("either", ", security: [{oauth: [write]}, {oidc: [openid]}]"),
        operation("unknown", ", security: [{nobody: []}]"),
        operation("misspelt", ", security: [{oaut: [admin]}]"),
    ];
    let document = good(&yaml(&paths.concat(), top));
    for (name, scopes) in [
        ("default", &["read"][..]),
        ("none", &[]),
        ("optional", &[]),
        ("other", &["write", "read"]),
        ("both", &["write", "openid"]),
        ("either", &["write"]),
        ("unknown", &[]),
        ("misspelt", &["admin"]),
    ] {
        assert_eq!(called(&document, name).scopes, scopes, "{name}");
    }
    assert_eq!(
        rules(&document),
        ["security-alternatives", "security-undeclared", "security-undeclared", "security-unused"]
    );
    let declared: Vec<(&str, &SecurityKind, bool)> =
        document.security.iter().map(|s| (s.name.as_str(), &s.kind, s.used)).collect();
    let key = SecurityKind::ApiKey { place: "header".into(), parameter: "X-Key".into() };
    assert_eq!(
        declared,
        [
            ("oauth", &SecurityKind::OAuth2, true),
            ("oidc", &SecurityKind::OpenIdConnect, true),
            ("key", &key, true),
            ("idle", &SecurityKind::Bearer, false)
        ]
    );
    assert_eq!(document.security[0].scopes, ["read", "write"]);
}

#[test]
fn extensions_are_passed_over_and_unknown_methods_are_noted() {
    let document = good(&yaml(
        "  x-hidden: [1]\n  /a:\n    x-own: {get: {}}\n    GET: {operationId: a, responses: {}}\n    purge: {operationId: p}\n    description: text",
        "x-top: {deep: [null]}",
    ));
    assert_eq!(document.operations.len(), 1);
    assert_eq!((called(&document, "a").method.as_str(), called(&document, "a").line), ("GET", Some(9)));
    assert_eq!(rules(&document), ["method-case", "method-unknown"]);
    assert_eq!(document.notes[1].pointer, "/paths/~1a/purge");
}

#[test]
fn null_means_absent_everywhere() {
    let document = good(
        "openapi: 3.0.0\ninfo: {title: null, version: ~, description: }\nservers: ~\nsecurity: null\ntags: null\ncomponents: null\nwebhooks: ~\npaths:\n  /a: null\n  /b: {get: ~, put: {operationId: null, summary: ~, tags: ~, parameters: ~, security: ~, deprecated: ~, responses: ~}, parameters: ~, servers: ~}",
    );
    assert_eq!((document.title.as_str(), document.version.as_str()), ("Untitled API", "1"));
    assert_eq!(document.operations.len(), 1);
    assert_eq!(
        rules(&document),
        [
            "title-missing",
            "version-missing",
            "servers-missing",
            "path-empty",
            "operation-empty",
            "responses-missing",
            "operation-id-missing"
        ]
    );
}

#[test]
fn wrong_types_where_nothing_depends_on_them_are_noted() {
    let document = good(&yaml(
        "  /a: {get: {operationId: {}, summary: [], description: 7, tags: x, parameters: {}, deprecated: 'yes', responses: 7}}",
        "tags: {a: b}\nservers: text",
    )
    .replace("servers: [{url: /}]\n", ""));
    let operation = &document.operations[0];
    assert_eq!((operation.name.as_str(), operation.summary.as_deref()), ("get-a", None));
    assert_eq!((operation.description.as_deref(), operation.deprecated), (Some("7"), false));
    assert_eq!(rules(&document).iter().filter(|rule| **rule == "wrong-type").count(), 6);
}

#[test]
fn references_that_lead_nowhere_are_noted_once_and_cyclic_schemas_are_in_order() {
    let document = good(&yaml(
        "  /a: {get: {operationId: a, responses: {200: {$ref: '#/nowhere'}, 201: {$ref: '#/nowhere'}, 202: {$ref: 'other.yaml#/x'}, 203: {$ref: '#/components/schemas/Loop'}}}}",
        "components: {schemas: {Tree: {properties: {children: {items: {$ref: '#/components/schemas/Tree'}}, $ref: {type: string}}, example: {$ref: data}}, Loop: {$ref: '#/components/schemas/Pool'}, Pool: {$ref: '#/components/schemas/Loop'}}}",
    ));
    assert_eq!(rules(&document), ["reference-cycle", "reference-cycle", "reference-missing", "reference-elsewhere"]);
}

#[test]
fn aliases_and_merge_keys_are_applied() {
    let document = good(&yaml(
        "  /a:\n    get: &base {operationId: a, summary: s, responses: {}}\n    put: {<<: *base, operationId: b}\n    post: {<<: [*more, *base], operationId: c}\n  /b:\n    get: *base",
        "x-more: &more {summary: t}",
    ));
    assert_eq!(called(&document, "b").summary.as_deref(), Some("s"));
    assert_eq!(called(&document, "c").summary.as_deref(), Some("t"));
    assert_eq!(called(&document, "a-2").path, "/b");
}

#[test]
fn tags_are_those_declared_and_those_used() {
    let document = good(&yaml(
        "  /a: {get: {operationId: a, responses: {}, tags: [two, three, 4]}}",
        "tags: [{name: one}, {name: two}, {}, x]",
    ));
    assert_eq!(document.tags, ["one", "two", "three", "4"]);
    assert_eq!(document.operations[0].tags, ["two", "three", "4"]);
}

#[test]
fn an_empty_api_and_webhooks_are_remarked_upon() {
    let document =
        good("openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: /}]\nwebhooks: {a: {post: {}}}");
    assert_eq!(rules(&document), ["operations-missing", "webhooks"]);
}

#[test]
fn notes_end_at_their_limit_and_say_so() {
    let paths: String = (0..400).map(|n| format!("  /p{n}: {{get: {{responses: {{}}}}}}\n")).collect();
    let document = good(&yaml(&paths, ""));
    assert_eq!(document.operations.len(), 400);
    assert_eq!(document.notes.len(), super::MOST_NOTES + 1);
    assert!(document.notes.last().is_some_and(|note| note.detail.starts_with("100 more")));
}

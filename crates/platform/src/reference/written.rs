//! A document as consumers of one environment see it: its base URL and its OAuth URLs stand in it (C78).
//!
//! **Invariant:** nothing in the answer sends a caller past the gateway: addresses of the document's own give way, at the
//! top, at paths and at operations. Everything else stays as it was written.

use crate::document::{Dialect, Document};
use serde_json::{Map, Value, json};

/// What is written into a document.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Base URL of the version there, without a slash at its end.
    pub base_url: String,
    /// The environment's name.
    pub environment: String,
    /// Where people say yes.
    pub authorization_url: String,
    /// Where tokens are issued.
    pub token_url: String,
    /// Where OpenID Connect describes itself.
    pub discovery_url: String,
    /// The scopes of the version, if it takes access tokens.
    pub scopes: Option<Vec<String>>,
}

/// What a scheme is called that the document does not declare and the version takes.
const OURS: &str = "wayleave_oauth";
/// The methods that a path item may have.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The document with what holds at this place.
pub fn written(document: &Document, place: &Place) -> Value {
    let mut value = document.value.clone();
    let Some(root) = value.as_object_mut() else { return value };
    if document.dialect == Dialect::V2 {
        second(root, place);
    } else {
        third(root, place);
    }
    value
}

/// The document of a version that is called nowhere: without addresses.
pub fn unaddressed(document: &Document) -> Value {
    let mut value = document.value.clone();
    let Some(root) = value.as_object_mut() else { return value };
    for name in ["servers", "schemes", "host", "basePath"] {
        root.remove(name);
    }
    strip(root, document.dialect);
    value
}

/// OpenAPI 2.0: `schemes`, `host` and `basePath`.
fn second(root: &mut Map<String, Value>, place: &Place) {
    let (scheme, rest) = place.base_url.split_once("://").unwrap_or(("http", &place.base_url));
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    root.insert("schemes".into(), json!([scheme]));
    root.insert("host".into(), json!(host));
    root.insert("basePath".into(), json!(if path.is_empty() { "/" } else { path }));
    strip(root, Dialect::V2);
    let mut found = false;
    for scheme in members(root.get_mut("securityDefinitions")).filter(|s| is(s, "oauth2")) {
        found = true;
        let flow = scheme.get("flow").and_then(Value::as_str).unwrap_or_default().to_owned();
        if matches!(flow.as_str(), "implicit" | "accessCode") {
            scheme.insert("authorizationUrl".into(), json!(place.authorization_url));
        }
        if flow != "implicit" {
            scheme.insert("tokenUrl".into(), json!(place.token_url));
        }
    }
    if let (false, Some(scopes)) = (found, &place.scopes) {
        let ours =
            json!({"type": "oauth2", "flow": "application", "tokenUrl": place.token_url, "scopes": said(scopes)});
        entry(root, "securityDefinitions").insert(OURS.into(), ours);
    }
}

/// OpenAPI 3.0 and 3.1: `servers`, and the URLs of security schemes.
fn third(root: &mut Map<String, Value>, place: &Place) {
    root.insert("servers".into(), json!([{"url": place.base_url, "description": place.environment}]));
    strip(root, Dialect::V3_0);
    let mut found = false;
    let schemes = root.get_mut("components").and_then(|c| c.get_mut("securitySchemes"));
    for scheme in members(schemes) {
        if is(scheme, "openIdConnect") {
            found = true;
            scheme.insert("openIdConnectUrl".into(), json!(place.discovery_url));
        }
        if is(scheme, "oauth2") {
            found = true;
            let flows = scheme.get_mut("flows").and_then(Value::as_object_mut);
            for (flow, described) in flows.into_iter().flatten() {
                let Some(described) = described.as_object_mut() else { continue };
                if matches!(flow.as_str(), "implicit" | "authorizationCode") {
                    described.insert("authorizationUrl".into(), json!(place.authorization_url));
                }
                if flow != "implicit" {
                    described.insert("tokenUrl".into(), json!(place.token_url));
                }
                if described.contains_key("refreshUrl") {
                    described.insert("refreshUrl".into(), json!(place.token_url));
                }
            }
        }
    }
    if let (false, Some(scopes)) = (found, &place.scopes) {
        let flow = json!({"tokenUrl": place.token_url, "scopes": said(scopes)});
        let ours = json!({"type": "oauth2", "flows": {"clientCredentials": flow}});
        entry(entry(root, "components"), "securitySchemes").insert(OURS.into(), ours);
    }
}

/// Takes addresses off everything below the root.
fn strip(root: &mut Map<String, Value>, dialect: Dialect) {
    if dialect == Dialect::V2 {
        for operation in operations(root.get_mut("paths")) {
            operation.remove("schemes");
        }
        return;
    }
    without_servers(root.get_mut("components").and_then(|c| c.get_mut("pathItems")));
    without_servers(root.get_mut("paths"));
}

/// Takes addresses off path items and their operations.
fn without_servers(items: Option<&mut Value>) {
    for item in members(items) {
        item.remove("servers");
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                operation.remove("servers");
            }
        }
    }
}

fn operations(items: Option<&mut Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    let is_method = |name: &str| METHODS.iter().any(|method| name.eq_ignore_ascii_case(method));
    members(items)
        .flat_map(move |item| item.iter_mut().filter(move |(name, _)| is_method(name)))
        .filter_map(|(_, operation)| operation.as_object_mut())
}

fn members(value: Option<&mut Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    let all = value.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    all.filter_map(Value::as_object_mut)
}

fn is(scheme: &Map<String, Value>, kind: &str) -> bool {
    scheme.get("type").and_then(Value::as_str) == Some(kind)
}

/// The member of this name, made an object if it is none.
fn entry<'m>(of: &'m mut Map<String, Value>, name: &str) -> &'m mut Map<String, Value> {
    if !of.get(name).is_some_and(Value::is_object) {
        of.insert(name.to_owned(), json!({}));
    }
    match of.get_mut(name) {
        Some(Value::Object(members)) => members,
        _ => unreachable!("it was just made an object"),
    }
}

fn said(scopes: &[String]) -> Value {
    scopes.iter().map(|scope| (scope.clone(), json!(""))).collect::<Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    fn place() -> Place {
        Place {
            base_url: "https://api.example.com/sandbox/pets/v1".into(),
            environment: "Sandbox".into(),
            authorization_url: "https://id.example.com/authorize".into(),
            token_url: "https://id.example.com/token".into(),
            discovery_url: "https://id.example.com/.well-known/openid-configuration".into(),
            scopes: Some(vec!["pets:read".into()]),
        }
    }

    fn of(value: &Value, place: &Place) -> Value {
        written(&read(value.to_string().as_bytes()).unwrap(), place)
    }

    /// C78
    #[test]
    fn the_newer_editions_carry_the_environments_urls_everywhere() {
        for edition in ["3.0.3", "3.1.0"] {
            let got = of(
                &json!({"openapi": edition, "info": {"title": "Pets", "version": "1"},
                    "servers": [{"url": "https://backend.internal"}],
                    "paths": {"/pets": {"servers": [{"url": "https://a.internal"}],
                        "get": {"servers": [{"url": "https://b.internal"}], "responses": {"200": {"description": "ok"}}}}},
                    "components": {"securitySchemes": {
                        "code": {"type": "oauth2", "flows": {
                            "authorizationCode": {"authorizationUrl": "https://c.internal", "tokenUrl": "https://d.internal",
                                                  "refreshUrl": "https://e.internal", "scopes": {"pets:read": "Read"}},
                            "implicit": {"authorizationUrl": "https://f.internal", "scopes": {}}}},
                        "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://g.internal"},
                        "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}}}),
                &place(),
            );
            assert!(!got.to_string().contains(".internal"), "{got}");
            assert_eq!(got["servers"], json!([{"url": place().base_url, "description": "Sandbox"}]));
            let schemes = &got["components"]["securitySchemes"];
            let code = &schemes["code"]["flows"]["authorizationCode"];
            assert_eq!(code["authorizationUrl"], place().authorization_url.as_str());
            assert_eq!(
                (&code["tokenUrl"], &code["refreshUrl"]),
                (&json!(place().token_url), &json!(place().token_url))
            );
            assert_eq!(code["scopes"]["pets:read"], "Read");
            assert!(schemes["code"]["flows"]["implicit"].get("tokenUrl").is_none());
            assert_eq!(schemes["oidc"]["openIdConnectUrl"], place().discovery_url.as_str());
            assert_eq!(schemes["key"]["name"], "X-API-Key");
            assert!(schemes.get(OURS).is_none());
        }
    }

    /// C78
    #[test]
    fn the_oldest_edition_carries_them_in_its_own_members() {
        let got = of(
            &json!({"swagger": "2.0", "info": {"title": "Pets", "version": "1"}, "host": "backend.internal",
                "basePath": "/x", "schemes": ["ftp"],
                "paths": {"/pets": {"get": {"schemes": ["http"], "responses": {"200": {"description": "ok"}}}}},
                "securityDefinitions": {
                    "code": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a.internal",
                             "tokenUrl": "https://b.internal", "scopes": {}},
                    "easy": {"type": "oauth2", "flow": "implicit", "authorizationUrl": "https://c.internal", "scopes": {}}}}),
            &place(),
        );
        assert!(!got.to_string().contains(".internal"), "{got}");
        assert_eq!(
            (&got["schemes"], &got["host"], &got["basePath"]),
            (&json!(["https"]), &json!("api.example.com"), &json!("/sandbox/pets/v1"))
        );
        assert!(got["paths"]["/pets"]["get"].get("schemes").is_none());
        assert_eq!(got["securityDefinitions"]["code"]["tokenUrl"], place().token_url.as_str());
        assert!(got["securityDefinitions"]["easy"].get("tokenUrl").is_none());
    }

    /// C78
    #[test]
    fn a_document_that_says_nothing_of_tokens_is_told_where_they_come_from() {
        let bare = json!({"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {}});
        let got = of(&bare, &place());
        let flow = &got["components"]["securitySchemes"][OURS]["flows"]["clientCredentials"];
        assert_eq!(
            (flow["tokenUrl"].as_str(), flow["scopes"]["pets:read"].as_str()),
            (Some("https://id.example.com/token"), Some(""))
        );
        let got = of(&bare, &Place { scopes: None, ..place() });
        assert!(got.get("components").is_none());
        let old = json!({"swagger": "2.0", "info": {"title": "Pets", "version": "1"}, "paths": {}});
        assert_eq!(of(&old, &place())["securityDefinitions"][OURS]["flow"], "application");
    }
}

//! The sample upstream over real sockets.

use super::{Sample, fitting, instance, schema::Schemas, serve};
use platform::document::{Document, read};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

const IDENTITY: &[u8] = include_bytes!("../../../../demo/openapi/akamai-identity-management-v3.json");
const PURGE: &[u8] = include_bytes!("../../../../demo/openapi/akamai-ccu-v3.json");
const PETSTORE_2: &[u8] = include_bytes!("../../../../demo/openapi/petstore-2.0.json");
const PETSTORE_3: &[u8] = include_bytes!("../../../../demo/openapi/petstore-3.0.yaml");
const USPTO: &[u8] = include_bytes!("../../../../demo/openapi/uspto-3.0.json");

/// Everything that a document may do to the sample, in one.
const OWN: &[u8] = br##"{"openapi": "3.0.0", "info": {"title": "Own", "version": "1"}, "paths": {
    "/items/{id}": {
        "parameters": [{"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}}],
        "get": {"operationId": "get-item",
            "parameters": [
                {"in": "query", "name": "sort", "required": true, "schema": {"type": "string", "enum": ["up", "down"]}},
                {"in": "query", "name": "size", "schema": {"type": "array", "items": {"type": "integer", "maximum": 9}}},
                {"in": "header", "name": "X-Tenant", "required": true, "schema": {"type": "string"}},
                {"in": "header", "name": "Accept", "required": true, "schema": {"type": "integer"}}],
            "responses": {"404": {"description": "none"}, "200": {"description": "one",
                "headers": {"X-Left": {"schema": {"type": "integer", "minimum": 5}}},
                "content": {"text/plain": {"example": "plain"}, "application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}}},
        "put": {"operationId": "put-item",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}},
            "responses": {"204": {"description": "done"}}}},
    "/items/self": {"get": {"operationId": "get-self", "responses": {"default": {"description": "x",
        "content": {"application/json": {"examples": {"a": {"$ref": "#/components/examples/Me"}}}}}}}}},
    "components": {"examples": {"Me": {"value": {"me": true}}},
        "schemas": {"Item": {"type": "object", "required": ["id", "name", "kind"], "additionalProperties": false, "properties": {
            "id": {"type": "integer", "readOnly": true, "minimum": 7, "exclusiveMinimum": true},
            "name": {"type": "string", "minLength": 9, "maxLength": 12},
            "kind": {"oneOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "integer"}]},
            "note": {"type": "string", "nullable": true},
            "parent": {"$ref": "#/components/schemas/Item"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}}}}}"##;

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn running() -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    let documents = mounts().into_iter().map(|(mount, bytes)| (mount.to_owned(), document(bytes))).collect();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(serve(listener, documents, async move { drop(stopped.await) }));
    Running { address, stop, ended }
}

fn mounts() -> [(&'static str, &'static [u8]); 6] {
    [
        ("/identity-management/v3", IDENTITY),
        ("/ccu/v3", PURGE),
        ("/old/v1", PETSTORE_2),
        ("/petstore/v1", PETSTORE_3),
        ("ds-api/", USPTO),
        ("/own", OWN),
    ]
}

fn document(bytes: &[u8]) -> Document {
    read(bytes).expect("reads")
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    fn echo(&self) -> Value {
        serde_json::from_str(self.header("sample-echo").expect("an echo")).expect("JSON")
    }
}

impl Running {
    async fn call(&self, request: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut text = format!("{request} HTTP/1.1\r\nHost: sample\r\nConnection: close\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        // A server that refuses early may close before it has read everything.
        let _ = stream.write_all(format!("{text}\r\n{body}").as_bytes()).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        let answer = String::from_utf8(bytes).expect("UTF-8");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {request}: {answer}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    async fn end(self) {
        drop(self.stop);
        self.ended.await.expect("joins").expect("ends well");
    }
}

/// C75 X09
#[tokio::test]
async fn every_operation_of_every_document_answers_a_fitting_request() {
    let sample = running().await;
    let mut called = 0;
    for (mount, bytes) in mounts() {
        let document = document(bytes);
        for operation in &document.operations {
            let call = fitting(&document, operation);
            let request = format!("{} /{}{}", call.method, mount.trim_matches('/'), call.target);
            let headers: Vec<(&str, &str)> = call.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let answer = sample.call(&request, &headers, call.body.as_deref().unwrap_or_default()).await;
            assert!((200..300).contains(&answer.status), "{call:?}: {} {}", answer.status, answer.body);
            assert_eq!(answer.echo()["operation"], operation.name.as_str());
            let documented = &document.described(operation).expect("there")["responses"];
            let exact = documented.get(answer.status.to_string()).is_some();
            assert!(exact || documented.get("default").is_some(), "{request}: {}", answer.status);
            called += 1;
        }
    }
    assert_eq!(called, 96 + 6 + 3 + 3 + 3 + 3);
    sample.end().await;
}

#[test]
fn an_instance_that_is_made_from_a_schema_fits_it() {
    let mut made = 0;
    for (_, bytes) in mounts() {
        let document = document(bytes);
        let schemas = Schemas::new(&document);
        let mut all = Vec::new();
        collect(&document.value, &mut all);
        for schema in all {
            let value = instance::of(&document, schema);
            let validator = schemas.validator(schema).unwrap_or_else(|| panic!("not a schema: {schema}"));
            // The schema's own examples are not ours to mend.
            if !schema.to_string().contains("\"example\"") && !schema.to_string().contains("\"pattern\"") {
                let error = validator.iter_errors(&value).next().map(|e| e.to_string());
                assert_eq!(error, None, "{value} for {schema}");
                made += 1;
            }
        }
    }
    assert!(made > 100, "{made}");
}

fn collect<'v>(value: &'v Value, all: &mut Vec<&'v Value>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "schema" && member.is_object() {
                    all.push(member);
                } else {
                    collect(member, all);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, all)),
        _ => {}
    }
}

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let sample = running().await;
    let json_type = ("Content-Type", "application/json; charset=utf-8");
    let tenant = ("X-Tenant", "t");
    for (request, headers, body, status, errors) in [
        ("GET /own/items/7?sort=up&size=1,2&size=3&more=x", &[tenant][..], "", 200, json!(null)),
        (
            "GET /own/items/x?sort=sideways&size=1,10",
            &[],
            "",
            400,
            json!(["path id", "query sort", "query size", "header X-Tenant"]),
        ),
        ("GET /own/items/7", &[tenant], "", 400, json!(["query sort"])),
        ("PUT /own/items/7", &[], "", 400, json!(["body "])),
        ("PUT /own/items/7", &[], "{}", 400, json!(["header Content-Type"])),
        ("PUT /own/items/7", &[("Content-Type", "text/plain")], "{}", 400, json!(["header Content-Type"])),
        ("PUT /own/items/7", &[json_type], "{\"name\":", 400, json!(["body "])),
        ("PUT /own/items/7", &[json_type], "[]", 400, json!(["body "])),
        (
            "PUT /own/items/7",
            &[json_type],
            r#"{"name": "long enough", "kind": "c", "note": 1}"#,
            400,
            json!(["body /kind", "body /note"]),
        ),
        ("PUT /own/items/7", &[json_type], r#"{"name": "long enough", "kind": "a", "note": null}"#, 204, json!(null)),
    ] {
        let answer = sample.call(request, headers, body).await;
        assert_eq!(answer.status, status, "{request} {body}: {}", answer.body);
        if status == 400 {
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
            let problem = answer.json();
            let found = problem["errors"].as_array().expect("errors").iter();
            let found: Vec<String> = found.map(|e| format!("{} {}", e["in"], e["name"]).replace('"', "")).collect();
            let mut wanted: Vec<String> = serde_json::from_value(errors).expect("texts");
            let mut found_sorted = found.clone();
            found_sorted.sort();
            wanted.sort();
            assert_eq!(found_sorted, wanted, "{request} {body}: {problem}");
        }
    }
    sample.end().await;
}

#[tokio::test]
async fn the_answer_is_the_documents() {
    let sample = running().await;
    let tenant = ("X-Tenant", "t");
    let made = sample.call("GET /own/items/7?sort=up", &[tenant], "").await;
    assert_eq!((made.status, made.header("content-type")), (200, Some("application/json")));
    assert_eq!(made.header("x-left"), Some("5"));
    let item = made.json();
    assert_eq!((&item["id"], &item["kind"]), (&json!(8), &json!("a")));
    assert!(made.body.len() < 10_000 && item["children"][0]["parent"]["name"] == "samplexxx", "{item}");
    let plain = sample.call("GET /own/items/7?sort=up", &[tenant, ("Accept", "text/*;q=0.5, image/png")], "").await;
    assert_eq!((plain.header("content-type"), plain.body.as_str()), (Some("text/plain"), "plain"));
    let me = sample.call("GET /own/items/self", &[], "").await;
    assert_eq!((me.status, me.json()), (200, json!({"me": true})));
    let documented: Value = serde_json::from_slice(PURGE).expect("JSON");
    let example = documented["paths"]["/delete/cpcode/{network}"]["post"]["responses"]["201"]["content"]["application/json"]["example"].clone();
    let purge = sample
        .call("POST /ccu/v3/delete/cpcode/staging", &[("Content-Type", "application/json")], r#"{"objects": [1]}"#)
        .await;
    assert_eq!((purge.status, purge.json()), (201, example));
    sample.end().await;
}

#[tokio::test]
async fn an_unknown_path_or_method_is_said_to_be_one() {
    let sample = running().await;
    for (request, status, allow) in [
        ("GET /nowhere", 404, None),
        ("GET /ownx/items/self", 404, None),
        ("GET /own", 404, None),
        ("GET /own/items/1/2", 404, None),
        ("DELETE /own/items/7", 405, Some("GET, PUT")),
        ("HEAD /own/items/self", 405, Some("GET, PUT")),
    ] {
        let answer = sample.call(request, &[], "").await;
        assert_eq!((answer.status, answer.header("allow")), (status, allow), "{request}");
        assert_eq!(answer.body.is_empty(), request.starts_with("HEAD"));
    }
    let large = "x".repeat(super::MOST_BODY + 1);
    assert_eq!(sample.call("POST /_echo", &[], &large).await.status, 413);
    sample.end().await;
}

#[tokio::test]
async fn the_echo_shows_what_arrived_but_no_secret_and_never_too_much() {
    let sample = running().await;
    let headers = [
        ("Authorization", "Bearer s3cr3t"),
        ("X-API-Key", "s3cr3t"),
        ("Cookie", "a=s3cr3t"),
        ("X-Forwarded-For", "192.0.2.9"),
        ("X-Twice", "1"),
        ("X-Twice", "2"),
        ("X-Name", "J\u{f6}rg"),
    ];
    let answer = sample.call("POST /_echo/any%20where?b=1&a=x+%26&access_token=s3cr3t", &headers, "hello").await;
    let (whole, line) = (answer.json(), answer.echo());
    for shown in [&whole, &line] {
        assert_eq!((&shown["method"], &shown["path"]), (&json!("POST"), &json!("/_echo/any%20where")));
        assert_eq!(shown["query"], json!([["b", "1"], ["a", "x &"], ["access_token", "(6 bytes, not shown)"]]));
        assert_eq!(shown["headers"]["x-forwarded-for"], "192.0.2.9");
        assert_eq!(shown["headers"]["x-twice"], "1, 2");
        assert_eq!(shown["headers"]["x-name"], "J\u{f6}rg");
        assert_eq!(shown["headers"]["authorization"], "(13 bytes, not shown)");
    }
    assert_eq!(whole["body"], json!({"bytes": 5, "text": "hello"}));
    assert!(!answer.head.contains("s3cr3t") && !answer.body.contains("s3cr3t"));
    let many: Vec<(String, String)> = (0..60).map(|n| (format!("X-{n}"), "\u{1f600}".repeat(40))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let target = format!("GET /_echo?{}", "q=1&".repeat(2_000));
    let answer = sample.call(&target, &many, "").await;
    assert!(answer.header("sample-echo").is_some_and(|line| line.len() <= 4096));
    assert_eq!(answer.echo()["cut"], true);
    sample.end().await;
}

#[tokio::test]
async fn it_ends_when_it_is_told_to_although_a_connection_is_open() {
    let sample = running().await;
    let mut idle = TcpStream::connect(sample.address).await.expect("connects");
    idle.write_all(b"GET /_echo HTTP/1.1\r\nHost: sample\r\n\r\n").await.expect("writes");
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.expect("reads");
    assert_eq!(&first, b"HTTP/1.1 200");
    let address = sample.address;
    sample.end().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[test]
fn the_sample_can_be_shared_between_tasks() {
    fn shared<T: Send + Sync>() {}
    shared::<Arc<Sample>>();
}

//! Documents for readers: what they say, who may read them, and when they are sent again.

use http::Method;
use serde_json::{Value, json};
use testkit::{Story, TestApp};

/// C75 X09
#[tokio::test]
async fn a_reference_names_the_addresses_and_credentials_that_the_gateway_really_takes() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let path = format!("/api/v1/versions/{}/reference", story.version);
    let reference = story.consumer.get(&path).await.is(200);
    let names: Vec<&str> =
        reference["operations"].as_array().unwrap().iter().filter_map(|o| o["name"].as_str()).collect();
    assert_eq!(names, ["listPets", "createPet", "getPet"]);

    let servers = reference["servers"].as_array().unwrap();
    assert_eq!(servers.len(), 2);
    let production = servers.iter().find(|server| server["environment"] == "production").unwrap();
    let address = production["url"].as_str().unwrap().splitn(4, '/').nth(3).unwrap().to_owned();
    let way = &reference["operations"][0]["security"][0];
    let scheme = reference["schemes"].as_array().unwrap().iter().find(|scheme| scheme["id"] == way["scheme"]).unwrap();
    assert_eq!((&scheme["kind"], &scheme["place"]), (&json!("api_key"), &json!("header")));
    let keyed = app.gateway().with(scheme["parameter"].as_str().unwrap(), &story.key);
    keyed.get(&format!("/{address}{}", reference["operations"][0]["path"].as_str().unwrap())).await.is(200);

    let pointer = reference["operations"][2]["pointers"][0].as_str().unwrap();
    let described = reference.json["document"].pointer(pointer).unwrap();
    assert_eq!(described["operationId"], "getPet");
}

#[tokio::test]
async fn a_reference_is_sent_again_only_when_something_that_it_says_has_changed() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let version = format!("/api/v1/versions/{}", story.version);
    let path = format!("{version}/reference");
    let first = story.consumer.get(&path).await.is(200).header("etag").to_owned();
    let again = story.consumer.with("if-none-match", &first);
    let unchanged = again.get(&path).await.is(304);
    assert_eq!((unchanged.header("etag"), unchanged.text().as_str()), (first.as_str(), ""));

    let security = json!({"security": [{"scheme": "oauth", "scopes": ["pets:read"]}, {"scheme": "basic"}]});
    story.provider.patch(&version, security).await.is(200);
    again.get(&path).await.is(304);
    for environment in ["production", "sandbox"] {
        let place = format!("{version}/publications/{environment}");
        story.provider.put(&place, json!({"destination": story.destination})).await.is(200);
    }
    let edited = again.get(&path).await.is(200);
    let demands = &edited["operations"][0]["security"];
    assert_eq!(*demands, json!([{"scheme": "oauth", "scopes": ["pets:read"]}, {"scheme": "basic", "scopes": []}]));
    assert!(edited["schemes"][0]["token_url"].as_str().is_some_and(|url| url.ends_with("/oauth2/token")));

    let again = story.consumer.with("if-none-match", edited.header("etag"));
    again.get(&path).await.is(304);
    story.provider.delete(&format!("{version}/publications/sandbox")).await.is(200);
    let left = again.get(&path).await.is(200);
    assert_eq!(left["servers"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn whoever_may_not_see_an_api_gets_no_reference_of_it() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = app.person("stranger").await;
    let path = format!("/api/v1/versions/{}/reference", story.version);
    stranger.get(&path).await.is(200);
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"visibility": "private"})).await.is(200);
    stranger.get(&path).await.problem(404, "not-found");
    app.nobody().get(&path).await.problem(401, "unauthenticated");
    story.provider.get(&path).await.is(200);
}

#[tokio::test]
async fn a_document_in_yaml_of_2_0_is_read_as_json_of_3_0() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let yaml = "swagger: '2.0'\ninfo: {title: Old, version: '2', description: 'A **bold** [word](javascript:alert(1)).'}\n\
                paths:\n  /a:\n    post:\n      operationId: a\n      parameters:\n\
                \x20     - {in: body, name: b, schema: {$ref: '#/definitions/B'}}\n      responses: {200: {description: ok}}\n\
                definitions: {B: {type: object}}\n";
    let path = format!("/api/v1/apis/{}/versions", story.api);
    let sender = story.provider.with("content-type", "application/yaml");
    let upload = sender.send(Method::POST, &path, None, yaml.into()).await.is(201);
    let reference = story.provider.get(&format!("/api/v1/versions/{}/reference", upload.str("id"))).await.is(200);
    let body = reference.json.pointer("/document/paths/~1a/post/requestBody/content/application~1json/schema");
    assert_eq!(body, Some(&json!({"$ref": "#/components/schemas/B"})));
    assert_eq!(reference["edition"], "2.0");
    assert_eq!(reference["servers"], json!([]), "it is published nowhere");
    let inlines = reference["description"][0]["inlines"].as_array().unwrap();
    assert!(inlines.iter().any(|inline| inline["kind"] == "strong"));
    assert!(!inlines.iter().any(|inline| inline["kind"] == "link"), "{inlines:?}");
}

/// X09
#[tokio::test]
async fn the_management_interface_is_there_for_the_same_reader() {
    let app = TestApp::start().await;
    let document = app.nobody().get("/api/openapi.json").await.is(200).json;
    let reference = app.nobody().get("/api/v1/reference").await.is(200);
    let methods = |item: &Value| item.as_object().map_or(0, |item| item.len());
    let described: usize = document["paths"].as_object().unwrap().values().map(methods).sum();
    let operations = reference["operations"].as_array().unwrap();
    assert_eq!(operations.len(), described);
    for operation in operations {
        let pointer = operation["pointers"][0].as_str().unwrap();
        assert_eq!(document.pointer(pointer).unwrap()["operationId"], operation["name"]);
    }
    let tags: Vec<&Value> =
        reference["tags"].as_array().unwrap().iter().filter(|tag| tag["description"].is_null()).collect();
    assert_eq!(tags, Vec::<&Value>::new(), "every group says what it is about");
    let again = app.nobody().with("if-none-match", reference.header("etag"));
    again.get("/api/v1/reference").await.is(304);
}

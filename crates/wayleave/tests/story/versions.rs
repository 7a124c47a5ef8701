//! Versions: how they end, their revisions, what is published, and what callers get.

use serde_json::json;
use testkit::{PETS, Story, TestApp, petstore};

const DAY: i64 = 86_400;

/// Provider's address of the story's version.
fn version(story: &Story, rest: &str) -> String {
    format!("/api/v1/versions/{}{rest}", story.version)
}

/// F33 A23
#[tokio::test]
async fn a_deprecated_version_says_so_in_every_answer_and_ends_at_the_announced_instant() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let fine = app.keyed(&story.key).get(PETS).await.is(200);
    assert!(fine.headers.get("deprecation").is_none() && fine.headers.get("sunset").is_none());

    let second = {
        let mut document = petstore();
        document["info"]["version"] = json!("2.0.0");
        story.provider.post(&format!("/api/v1/apis/{}/versions", story.api), document).await.is(201).str("id")
    };
    let body = json!({"successor": second});
    story.provider.post(&version(&story, "/deprecate"), body.clone()).await.problem(422, "invalid");
    let place = format!("/api/v1/versions/{second}/publications/production");
    story.provider.put(&place, json!({"destination": story.destination})).await.is(200);
    let sunset = app.clock.now().plus_seconds(10 * DAY);
    let body = json!({"successor": second, "sunset_at": sunset, "note": "Please move to v2."});
    story.consumer.post(&version(&story, "/deprecate"), body.clone()).await.problem(403, "forbidden");
    let told = story.provider.post(&version(&story, "/deprecate"), body.clone()).await.is(200);
    assert_eq!((told.str("state").as_str(), told["ending"]["successor"]["name"].as_str()), ("deprecated", Some("v2")));
    story.provider.post(&version(&story, "/deprecate"), body).await.problem(409, "wrong-state");

    let call = app.keyed(&story.key).get(PETS).await.is(200);
    assert_eq!(call.header("deprecation"), format!("@{}", app.clock.now().seconds()));
    assert_eq!(call.header("sunset"), sunset.http_date());
    let links: Vec<&str> = call.headers.get_all("link").iter().filter_map(|v| v.to_str().ok()).collect();
    let next = format!("<{}/pets/v2>; rel=\"successor-version\"", app.server().gateway_url);
    assert!(links.contains(&next.as_str()) && links[0].ends_with("rel=\"deprecation\""), "{links:?}");

    app.settle().await;
    let inbox = story.consumer.get("/api/v1/me/notices").await.is(200);
    let notice = inbox.items().iter().find(|n| n["verb"] == "version.deprecated");
    assert_eq!(notice.expect("a notice")["note"], "Please move to v2.");

    app.clock.advance_seconds(10 * DAY - 1);
    app.keyed(&story.key).get(PETS).await.is(200);
    app.clock.advance_seconds(1);
    let gone = app.keyed(&story.key).get(PETS).await.problem(410, "retired");
    assert_eq!(gone.header("sunset"), sunset.http_date());
    assert!(gone.text().contains("/pets/v2"), "{}", gone.text());
    app.keyed(&story.key).get("/pets/v1/nothing").await.problem(410, "retired");
}

/// F33
#[tokio::test]
async fn subscribers_are_reminded_and_the_clock_retires_a_version_once() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    story.provider.post(&version(&story, "/deprecate"), json!({})).await.is(200);
    let keep = async || platform::version::keep_time(&app.server().platform).await.expect("the clock");
    assert_eq!(keep().await, 0, "nothing is due on the first day");
    let shown = story.consumer.get(&version(&story, "")).await.is(200);
    let sunset = base::Timestamp::parse(shown["ending"]["sunset_at"].as_str().unwrap()).unwrap();
    assert_eq!(sunset, app.clock.now().plus_months(3), "three months unless somebody says otherwise");

    let verbs = async || {
        app.settle().await;
        let list = story.consumer.get("/api/v1/me/notices").await.is(200);
        let verbs: Vec<String> = list.items().iter().map(|n| n["verb"].as_str().unwrap_or("").to_owned()).collect();
        verbs.into_iter().filter(|verb| verb.starts_with("version.re")).collect::<Vec<_>>()
    };
    app.clock.advance_seconds(sunset.seconds() - 30 * DAY - app.clock.now().seconds());
    assert_eq!((keep().await, keep().await), (1, 0));
    app.clock.advance_seconds(23 * DAY);
    assert_eq!((keep().await, keep().await), (1, 0));
    assert_eq!(verbs().await, ["version.reminded", "version.reminded"]);
    app.clock.advance_seconds(7 * DAY);
    assert_eq!((keep().await, keep().await), (1, 0));
    assert_eq!(verbs().await[0], "version.retired");
    let shown = story.provider.get(&version(&story, "")).await.is(200);
    assert_eq!(shown.str("state"), "retired");
    story.provider.patch(&version(&story, ""), json!({"forward_everything": true})).await.problem(409, "wrong-state");
}

/// F33
#[tokio::test]
async fn the_end_of_a_version_can_be_moved_taken_back_and_brought_forward_with_a_reason() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let act = async |action: &str, body: serde_json::Value| story.provider.post(&version(&story, action), body).await;
    act("/retire", json!({"note": "Now"})).await.problem(409, "wrong-state");
    let past = app.clock.now();
    for (body, field) in [
        (json!({"sunset_at": past}), "/sunset_at"),
        (json!({"sunset_at": past.plus_seconds(-DAY)}), "/sunset_at"),
        (json!({"sunset_at": "soon"}), "/sunset_at"),
        (json!({"successor": story.version}), "/successor"),
        (json!({"successor": "ver_00000000000000000000000001"}), "/successor"),
        (json!({"link": "javascript:alert(1)"}), "/link"),
        (json!({"link": "https://user:secret@x.example/"}), "/link"),
        (json!({"state": "retired"}), "/state"),
    ] {
        let refused = act("/deprecate", body.clone()).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], field, "{body}");
    }
    // Whatever a link brings along, no field of its own reaches a caller.
    let link = "https://x.example/>; rel=\"next\", <https://evil.example/\r\nset-cookie: a=b";
    act("/deprecate", json!({"sunset_at": null, "link": link})).await.is(200);
    let call = app.keyed(&story.key).get(PETS).await.is(200);
    assert!(call.headers.get("sunset").is_none() && call.headers.get("set-cookie").is_none());
    assert!(!call.header("link").contains("<https://evil") && call.header("link").matches('<').count() == 1);
    act("/retire", json!({})).await.problem(422, "invalid");
    act("/retire", json!({"note": "A hole was found."})).await.is(200);
    app.keyed(&story.key).get(PETS).await.problem(410, "retired");
    act("/undeprecate", json!({})).await.problem(409, "wrong-state");
    act("/reschedule", json!({})).await.problem(422, "invalid");
    act("/reschedule", json!({"sunset_at": past.plus_seconds(DAY)})).await.is(200);
    app.keyed(&story.key).get(PETS).await.is(200);
    act("/undeprecate", json!({"note": "It stays."})).await.is(200);
    assert!(app.keyed(&story.key).get(PETS).await.is(200).headers.get("deprecation").is_none());
    story.provider.delete(&version(&story, "")).await.problem(409, "in-use");
}

/// F32 C75
#[tokio::test]
async fn two_versions_answer_at_once_and_each_only_where_it_is_published() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let mut document = petstore();
    document["info"]["version"] = json!("2.0.0");
    let uploaded = story.provider.post(&format!("/api/v1/apis/{}/versions", story.api), document).await.is(201);
    assert_eq!((uploaded.str("state").as_str(), uploaded["revision"].as_i64()), ("draft", Some(1)));
    let second = uploaded.str("id");
    story.consumer.get(&format!("/api/v1/versions/{second}")).await.problem(404, "not-found");
    let seen = story.consumer.get(&format!("/api/v1/apis/{}/versions", story.api)).await.is(200);
    assert_eq!(seen.items().len(), 1, "drafts are for designers");
    app.keyed(&story.key).get("/pets/v2/pets").await.problem(404, "no-route");
    let place = format!("/api/v1/versions/{second}/publications/production");
    story.provider.put(&place, json!({"destination": story.destination})).await.is(200);
    app.keyed(&story.key).get("/pets/v2/pets").await.is(200);
    app.keyed(&story.key).get(PETS).await.is(200);
    app.keyed(&story.key).get("/sandbox/pets/v2/pets").await.problem(404, "no-route");
    story.provider.delete(&place).await.is(200);
    app.keyed(&story.key).get("/pets/v2/pets").await.problem(404, "no-route");
    app.keyed(&story.key).get(PETS).await.is(200);
}

#[tokio::test]
async fn callers_get_what_is_published_and_nothing_that_was_changed_since() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let path = version(&story, "");
    let mut document = petstore();
    document["paths"]["/toys"] =
        json!({"get": {"operationId": "listToys", "responses": {"200": {"description": "ok"}}}});
    document["paths"]["/pets"]["post"] = json!(null);
    let noted = version(&story, "/document?note=Toys");
    let put = async |document: serde_json::Value| story.provider.put(&noted, document).await;
    story.consumer.put(&version(&story, "/document"), document.clone()).await.problem(403, "forbidden");
    assert_eq!(put(document.clone()).await.is(200)["revision"], 2);
    assert_eq!(put(document).await.is(200)["revision"], 2, "the same document is no revision");
    app.keyed(&story.key).get("/pets/v1/toys").await.problem(404, "no-route");
    assert_eq!(story.consumer.get(&path).await.is(200)["revision"], 1);
    assert!(!story.consumer.get(&version(&story, "/document")).await.is(200).text().contains("listToys"));
    story.consumer.get(&version(&story, "/document?revision=2")).await.problem(404, "not-found");
    assert!(story.provider.get(&version(&story, "/document?revision=2")).await.is(200).text().contains("listToys"));

    let place = version(&story, "/publications/production");
    story.provider.put(&place, json!({"destination": story.destination, "revision": 3})).await.problem(422, "invalid");
    let published = story.provider.put(&place, json!({"destination": story.destination})).await.is(200);
    let place_of = |slug: &str| {
        let mut all = published["publications"].as_array().unwrap().iter();
        all.find(|p| p["environment_slug"] == slug).cloned().unwrap()
    };
    assert_eq!((&place_of("production")["revision"], &place_of("sandbox")["behind"]), (&json!(2), &json!(true)));
    app.keyed(&story.key).get("/pets/v1/toys").await.is(200);
    story.provider.put(&place, json!({"destination": story.destination, "revision": 1})).await.is(200);
    app.keyed(&story.key).get("/pets/v1/toys").await.problem(404, "no-route");

    let back = json!({"revision": 1, "note": "Toys break."});
    assert_eq!(story.provider.post(&version(&story, "/rollback"), back.clone()).await.is(200)["revision"], 3);
    story.provider.post(&version(&story, "/rollback"), back).await.problem(422, "invalid");
    story.consumer.get(&version(&story, "/revisions")).await.problem(403, "forbidden");
    let all = story.provider.get(&version(&story, "/revisions?limit=2")).await.is(200);
    let numbers: Vec<_> = all.items().iter().map(|r| (r["number"].clone(), r["origin"].clone())).collect();
    assert_eq!(numbers, [(json!(3), json!("rollback")), (json!(2), json!("document"))]);
    let rest = story.provider.get(&version(&story, &format!("/revisions?limit=2&after={}", all.str("next")))).await;
    assert_eq!(rest.is(200).items()[0]["number"], 1);
    let stale = story.provider.with("if-match", "\"1\"").patch(&path, json!({"forward_everything": true})).await;
    stale.problem(412, "stale");
}

#[tokio::test]
async fn a_comparison_says_which_rule_breaks_which_operation() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let mut document = petstore();
    document["paths"]["/pets"]["get"]["parameters"] =
        json!([{"in": "query", "name": "kind", "required": true, "schema": {"type": "string"}}]);
    document["paths"]["/pets"]["post"] = json!(null);
    story.provider.put(&version(&story, "/document"), document.clone()).await.is(200);
    story.provider.patch(&version(&story, ""), json!({"security": [{"scheme": "basic"}]})).await.is(200);
    let diff = story.provider.get(&version(&story, "/revisions/3/diff?against=1")).await.is(200);
    let rules: Vec<String> = diff
        .items()
        .iter()
        .map(|d| format!("{} {}", d["rule"].as_str().unwrap(), d["operation"].as_str().unwrap_or("-")))
        .collect();
    for expected in
        ["required-parameter-added GET /pets", "operation-removed POST /pets", "way-removed -", "way-added -"]
    {
        assert!(rules.iter().any(|rule| rule == expected), "{expected} in {rules:?}");
    }
    assert_eq!(diff["breaking"], 3);
    let last = story.provider.get(&version(&story, "/revisions/3/diff")).await.is(200);
    assert_eq!((last["before"]["revision"].as_i64(), last["breaking"].as_i64()), (Some(2), Some(1)));
    story.consumer.get(&version(&story, "/revisions/3/diff")).await.problem(403, "forbidden");
    story.provider.get(&version(&story, "/revisions/3/diff?against=9")).await.problem(422, "invalid");
    story.provider.get(&version(&story, "/revisions/9/diff")).await.problem(404, "not-found");

    document["info"]["version"] = json!("2.0.0");
    let second = story.provider.post(&format!("/api/v1/apis/{}/versions", story.api), document).await.is(201).str("id");
    let between = format!("/api/v1/versions/{second}/diff?against={}", story.version);
    story.consumer.get(&between).await.problem(404, "not-found");
    let place = format!("/api/v1/versions/{second}/publications/production");
    story.provider.put(&place, json!({"destination": story.destination})).await.is(200);
    let seen = story.consumer.get(&between).await.is(200);
    assert_eq!((seen["before"]["name"].as_str(), seen["breaking"].as_i64()), (Some("v1"), Some(2)));
}

/// C18 C19 C22
#[tokio::test]
async fn what_an_operation_says_holds_for_it_and_is_all_that_holds() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let settings = json!({
        "request_modification": {"headers": {"set": [{"name": "X-Tier", "value": "gold"}], "remove": ["X-Debug"]},
                                 "query": {"add": [{"name": "from", "value": "a b"}], "remove": ["trace"]}},
        "operations": {
            "getPet": {"security": [{"scheme": "basic"}],
                       "request_modification": {"headers": {"add": [{"name": "X-One", "value": "1"}]}}},
            "createPet": {"security": []},
        },
    });
    story.provider.patch(&version(&story, ""), settings.clone()).await.is(200);
    let echo = async |path: &str| app.keyed(&story.key).with("x-debug", "1").get(path).await;
    assert!(!echo(PETS).await.is(200).text().contains("x-tier"), "nothing holds before it is published");
    let place = version(&story, "/publications/production");
    story.provider.put(&place, json!({"destination": story.destination})).await.is(200);
    let list = echo("/pets/v1/pets?trace=1&q=2").await.is(200).text();
    assert!(list.contains("x-tier") && list.contains("gold") && !list.contains("x-debug"), "{list}");
    assert!(list.contains("q=2&from=a%20b") && !list.contains("trace=1"), "{list}");

    // The version takes a key, this operation does not; the other way round it would be open to every key.
    echo("/pets/v1/pets/7").await.problem(401, "credential-kind");
    let basic = data_encoding::BASE64.encode(format!("{}:{}", story.client_id, story.secret).as_bytes());
    let one = app.gateway().with("authorization", &format!("Basic {basic}")).with("x-debug", "1");
    let got = one.get("/pets/v1/pets/7").await.is(200).text();
    assert!(got.contains("x-one") && got.contains("x-debug") && !got.contains("x-tier"), "{got}");
    one.get(PETS).await.problem(401, "credential-kind");
    // No security of its own: any credential, since only subscribers may call.
    app.gateway().post("/pets/v1/pets", json!({})).await.problem(401, "credential-missing");
    one.post("/pets/v1/pets", json!({})).await.is(200);

    let shown = story.consumer.get(&version(&story, "/operations")).await.is(200);
    let of = |name: &str| shown.items().iter().find(|o| o["name"] == name).unwrap()["own"].clone();
    assert_eq!(of("getPet"), json!({"security": [{"scheme": "basic"}]}), "what the gateway does is the designers' own");
    let reference = story.consumer.get(&version(&story, "/reference")).await.is(200);
    let demand = |name: &str| {
        reference["operations"].as_array().unwrap().iter().find(|o| o["name"] == name).unwrap()["security"].clone()
    };
    assert_eq!(
        (demand("getPet")[0]["scheme"].as_str(), demand("listPets")[0]["scheme"].as_str()),
        (Some("basic"), Some("api_key"))
    );
}

/// C23 C25
#[tokio::test]
async fn what_a_gateway_cannot_keep_to_is_kept_but_not_published() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let path = version(&story, "");
    let place = version(&story, "/publications/production");
    let publish = || story.provider.put(&place, json!({"destination": story.destination}));
    for settings in [
        json!({"implementation": {"kind": "script", "source": "return 204"}}),
        json!({"implementation": {"kind": "pipeline", "tasks": ["Mask"]}}),
        json!({"implementation": {"kind": "proxy"}, "operations": {"getPet": {"implementation": {"kind": "script", "source": "x"}}}}),
    ] {
        story.provider.patch(&path, settings).await.is(200);
        assert_eq!(publish().await.problem(422, "invalid")["reason"], "not_yet");
    }
    let own = json!({"operations": {"getPet": {"implementation": null, "security": [{"scheme": "basic"}]}}});
    story.provider.patch(&path, own).await.is(200);
    publish().await.is(200);
    let mut renamed = petstore();
    renamed["paths"]["/pets/{id}"]["get"]["operationId"] = json!("onePet");
    story.provider.put(&version(&story, "/document"), renamed).await.is(200);
    let refused = publish().await.problem(422, "invalid");
    assert_eq!(refused["reason"], "orphaned_settings");
    let listed = story.provider.get(&version(&story, "/operations")).await.is(200);
    assert_eq!(listed["orphaned"], json!(["getPet"]));
    story.provider.patch(&path, json!({"operations": {"getPet": {"security": []}}})).await.problem(422, "invalid");
    story.provider.patch(&path, json!({"operations": {"getPet": null}})).await.is(200);
    publish().await.is(200);
    for (body, field) in [
        (
            json!({"request_modification": {"headers": {"set": [{"name": "Wayleave-App", "value": "x"}]}}}),
            "/request_modification/headers/set/0/name",
        ),
        (
            json!({"request_modification": {"headers": {"set": [{"name": "x", "value": "a\r\nb: c"}]}}}),
            "/request_modification/headers/set/0/value",
        ),
        (json!({"operations": {"nobody": {"security": []}}}), "/operations/nobody"),
        (json!({"revision": 7}), "/revision"),
    ] {
        let refused = story.provider.patch(&path, body.clone()).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], field, "{body}");
    }
}

/// C78
#[tokio::test]
async fn the_document_of_an_environment_carries_its_addresses() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    let urls =
        json!({"oauth_token_url": "https://id.example.com/token", "description": "To try things.", "gateway": "eu-1"});
    let changed = admin.patch("/api/v1/environments/sandbox", urls).await.is(200);
    assert_eq!(changed["own_urls"], json!(["oauth_token_url"]));
    assert!(changed.str("oidc_discovery_url").ends_with("/.well-known/openid-configuration"));
    admin.patch("/api/v1/environments/sandbox", json!({"oauth_token_url": "ftp://x/"})).await.problem(422, "invalid");
    let security = json!({"security": [{"scheme": "oauth", "scopes": ["pets:read"]}]});
    story.provider.patch(&version(&story, ""), security).await.is(200);
    for environment in ["sandbox", "production"] {
        let place = version(&story, &format!("/publications/{environment}"));
        story.provider.put(&place, json!({"destination": story.destination})).await.is(200);
    }
    let read = async |environment: &str| {
        story.consumer.get(&version(&story, &format!("/document?environment={environment}"))).await.is(200).json
    };
    let (sandbox, production) = (read("sandbox").await, read("production").await);
    let gateway = &app.server().gateway_url;
    assert_eq!(sandbox["servers"][0]["url"], format!("{gateway}/sandbox/pets/v1"));
    assert_eq!(production["servers"][0]["url"], format!("{gateway}/pets/v1"));
    let token = |document: &serde_json::Value| {
        let flow = document.pointer("/components/securitySchemes/wayleave_oauth/flows/clientCredentials/tokenUrl");
        flow.unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!(token(&sandbox), "https://id.example.com/token");
    assert_eq!(token(&production), format!("{}/oauth2/token", app.server().public_url));
    story.provider.delete(&version(&story, "/publications/sandbox")).await.is(200);
    story.consumer.get(&version(&story, "/document?environment=sandbox")).await.problem(404, "not-found");
    story.consumer.get(&version(&story, "/document?environment=nowhere")).await.problem(404, "not-found");
}

#[tokio::test]
async fn an_environment_hides_no_api_and_an_api_no_environment() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    for prefix in ["/pets", "/eu/pets"] {
        let refused =
            admin.post("/api/v1/environments", json!({"slug": "eu", "prefix": prefix})).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/prefix");
    }
    admin.patch("/api/v1/environments/sandbox", json!({"prefix": "/pets"})).await.problem(422, "invalid");
    admin.post("/api/v1/environments", json!({"slug": "eu", "prefix": "/eu"})).await.is(201);
    let body = json!({"organization": story.provider_organization, "name": "Europe", "slug": "eu"});
    story.provider.post("/api/v1/apis", body).await.problem(422, "invalid");
}

/// F33 X07
#[tokio::test]
async fn the_changelog_says_to_readers_what_was_published_and_what_ends() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    story
        .provider
        .patch(&version(&story, ""), json!({"forward_everything": true, "note": "secret plans"}))
        .await
        .is(200);
    let place = version(&story, "/publications/sandbox");
    story.provider.put(&place, json!({"destination": story.destination})).await.is(200);
    story.provider.post(&version(&story, "/deprecate"), json!({"note": "Bye."})).await.is(200);
    let path = format!("/api/v1/apis/{}/changelog", story.api);
    let log = story.consumer.get(&path).await.is(200);
    let verbs: Vec<&str> = log.items().iter().map(|i| i["verb"].as_str().unwrap()).collect();
    assert_eq!(verbs, ["version.deprecated", "version.published", "version.published", "version.published"]);
    assert_eq!(
        (&log.items()[0]["note"], &log.items()[1]["revision"], &log.items()[1]["before_revision"]),
        (&json!("Bye."), &json!(2), &json!(1))
    );
    assert!(!log.text().contains("secret plans"));
    let first = story.consumer.get(&format!("{path}?limit=1")).await.is(200);
    let rest = story.consumer.get(&format!("{path}?limit=10&after={}", first.str("next"))).await.is(200);
    assert_eq!(rest.items().len(), 3);
    let dashboard = story.consumer.get("/api/v1/me/dashboard").await.is(200);
    assert!(dashboard.text().contains("version.deprecated") && !dashboard.text().contains("version.edited"));
    let private = json!({"visibility": "private"});
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), private).await.is(200);
    app.person("stranger").await.get(&path).await.problem(404, "not-found");
}

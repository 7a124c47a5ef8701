//! The data of another system comes in, works, and goes out as it came.

use crate::certificates::{certificate, name};
use serde_json::{Value, json};
use testkit::{Actor, PETS, Reply, Story, TestApp};

const TERMS: &str = include_str!("../../../../demo/ceptor/terms.json");
const APPLICATION: &str = include_str!("../../../../demo/ceptor/application.json");
const BUNDLE: &str = "/api/v1/ceptor/bundle";
/// The APIs that the application of the examples names: what it may call, and what it asked for.
const CALLED: &str = "c819724f-69e3-46bf-86d9-b15e59d1ffb0";
const ASKED: &str = "73a02c77-c856-49fa-a1b0-be31ee8d808a";

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The first of a list in the examples.
pub fn example(noun: &str) -> Value {
    let text = if noun == "applications" { APPLICATION } else { TERMS };
    parsed(text)[noun][0].clone()
}

/// An id here as the UUID that it is elsewhere.
pub fn uuid(id: &str) -> String {
    base::id::uuid_text(base::id::decode(id.split_once('_').unwrap().1).unwrap())
}

/// Everything that is there with the version of its row.
async fn rows(app: &TestApp) -> Vec<String> {
    let mut tx = app.server().platform.db.read().await.unwrap();
    let mut out = Vec::new();
    for table in ["users", "organizations", "limit_groups", "plans", "apps", "clients", "credentials", "subscriptions"]
    {
        let text = format!("SELECT id, version FROM {table} ORDER BY id");
        for row in store::sql(text).all(&mut tx).await.unwrap() {
            out.push(format!("{table} {} {}", row.get::<String>("id").unwrap(), row.get::<i64>("version").unwrap()));
        }
    }
    out
}

fn head(app: &TestApp) -> i64 {
    *app.server().platform.db.head().borrow()
}

fn without_secrets(mut application: Value) -> Value {
    for secret in ["client_secret", "apikeys"] {
        application.as_object_mut().unwrap().shift_remove(secret);
    }
    application
}

/// The examples' APIs, which keep the ids that they have elsewhere, published to production.
async fn apis(admin: &Actor, story: &Story) {
    for (n, id) in [CALLED, ASKED].into_iter().enumerate() {
        let new = json!({"organization": story.provider_organization, "name": format!("Example {n}"), "id": id});
        let api = admin.post("/api/v1/apis", new).await.is(201).str("id");
        assert_eq!(uuid(&api), id);
        let version = admin.post(&format!("/api/v1/apis/{api}/versions"), testkit::petstore()).await.is(201).str("id");
        let path = format!("/api/v1/versions/{version}/publications/production");
        admin.put(&path, json!({"destination": story.destination})).await.is(200);
    }
}

/// Brings the examples in, as a whole.
async fn bring(admin: &Actor, story: &Story) -> Reply {
    admin.post(BUNDLE, parsed(TERMS)).await.is(200);
    apis(admin, story).await;
    admin.post(BUNDLE, parsed(APPLICATION)).await.is(200)
}

#[track_caller]
fn outcomes(report: &Reply) -> Vec<&str> {
    report.items().iter().map(|item| item["outcome"].as_str().unwrap()).collect()
}

/// C01 C09 C32 C50 C52
#[tokio::test]
async fn the_examples_of_the_document_come_in_and_go_out_as_they_came() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let report = bring(&admin, &story).await;
    assert_eq!(outcomes(&report), ["created"], "{}", report.text());
    for noun in ["ratelimit_groups", "subscription_plans", "partners"] {
        let came = example(noun);
        let path = format!("/api/v1/ceptor/{noun}/{}", came["id"].as_str().unwrap());
        assert_eq!(admin.get(&path).await.is(200).json, came, "{noun}");
    }
    let profile = example("api_profiles");
    let went = admin.get("/api/v1/ceptor/api_profiles/Partner%20APIs").await.is(200);
    assert_eq!(went.json, profile);
    let came = example("applications");
    let path = format!("/api/v1/ceptor/applications/{}", came["id"].as_str().unwrap());
    let went = admin.get(&path).await.is(200);
    assert_eq!(went.json, without_secrets(came.clone()));
    // In its own order of members, as the document has them.
    let order: Vec<&String> = went.json.as_object().unwrap().keys().collect();
    let theirs = without_secrets(came.clone());
    assert_eq!(order, theirs.as_object().unwrap().keys().collect::<Vec<_>>());
    // Elsewhere there is nothing yet.
    let sandbox = admin.get(&format!("{path}?environment=sandbox")).await.is(200);
    assert_eq!((&sandbox["subscriptions"], &sandbox["pending_subscriptions"]), (&json!({}), &json!([])));
}

/// C33 C34 C49 C60
#[tokio::test]
async fn what_came_in_works() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    bring(&admin, &story).await;
    let came = example("applications");
    let key = app.keyed(came["apikeys"][0].as_str().unwrap());
    let seen = key.get(&PETS.replace("/pets/", "/example-0/")).await.is(200);
    let own = format!("app_{}", base::id::encode(base::id::uuid_bits(came["id"].as_str().unwrap()).unwrap()));
    assert_eq!(seen["headers"]["wayleave-app"], own.as_str());
    // Approved elsewhere, and not to be called yet.
    key.get(&PETS.replace("/pets/", "/example-1/")).await.problem(403, "subscription-pending");
    let pair = format!("{}:{}", came["client_id"].as_str().unwrap(), came["client_secret"].as_str().unwrap());
    let basic = format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()));
    let form = "grant_type=client_credentials&scope=email";
    let asking = app.nobody().with("authorization", &basic);
    let media = Some("application/x-www-form-urlencoded");
    let token = asking.send(http::Method::POST, "/oauth2/token", media, form.into()).await.is(200);
    assert_eq!(token["expires_in"], 60);
    assert!(token.str("access_token").starts_with("wlt_"), "its tokens are UUIDs");
    let status = admin.get(&format!("/api/v1/apps/{own}/apis")).await.is(200);
    let states: Vec<&str> = status.items().iter().map(|s| s["state"].as_str().unwrap()).collect();
    assert_eq!(states.iter().filter(|s| **s == "active").count(), 1, "{states:?}");
    assert_eq!(states.iter().filter(|s| **s == "approved").count(), 1, "{states:?}");
}

/// C02 C50
#[tokio::test]
async fn bringing_in_what_was_taken_out_changes_nothing() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    bring(&admin, &story).await;
    story.subscribed().await;
    story.request("sandbox", &story.guarded_plan).await.is(201);
    app.settle().await;
    let (before, there) = (head(&app), rows(&app).await);
    for environment in ["production", "sandbox"] {
        let (mut after, mut pages) = (String::new(), Vec::new());
        loop {
            let path = format!("{BUNDLE}?limit=2&environment={environment}&after={after}");
            let page = admin.get(&path).await.is(200);
            pages.push(page["bundle"].clone());
            match page["next"].as_str() {
                Some(next) => after = next.replace(' ', "%20"),
                None => break,
            }
        }
        assert!(pages.len() > 8, "{} pages", pages.len());
        for page in pages {
            let report = admin.post(&format!("{BUNDLE}?environment={environment}"), page).await.is(200);
            assert!(outcomes(&report).iter().all(|o| *o == "unchanged"), "{}", report.text());
            assert_eq!(report["change"], Value::Null);
        }
    }
    // The original with its secrets too: they are known already.
    for text in [TERMS, APPLICATION] {
        let report = admin.post(BUNDLE, parsed(text)).await.is(200);
        assert!(outcomes(&report).iter().all(|o| *o == "unchanged"), "{}", report.text());
    }
    let people = admin.get("/api/v1/ceptor/developers").await.is(200);
    for person in people.items() {
        let path = format!("/api/v1/ceptor/developers/{}", person["id"].as_str().unwrap());
        assert_eq!(admin.get(&path).await.is(200).json, *person);
        let done = admin.put(&path, person.clone()).await.is(200);
        assert_eq!((&done["outcome"], &done["changes"]), (&json!("unchanged"), &json!([])));
    }
    assert_eq!(head(&app), before, "the log has not grown");
    assert_eq!(rows(&app).await, there, "no row has another version");
}

/// X06 C77
#[tokio::test]
async fn secrets_come_in_and_never_go_out() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let report = bring(&admin, &story).await;
    let came = example("applications");
    let secrets = [came["client_secret"].as_str().unwrap(), came["apikeys"][0].as_str().unwrap()];
    let path = format!("/api/v1/ceptor/applications/{}", came["id"].as_str().unwrap());
    let mut seen = vec![report.text()];
    let mut wrong = came.clone();
    wrong["client_secret"] = json!("two words that are too odd");
    wrong["apikeys"] = json!([secrets[1], 7]);
    seen.push(admin.put(&path, wrong.clone()).await.problem(422, "invalid").text());
    wrong["apikeys"] = json!([secrets[1]]);
    let refused = admin.put(&path, wrong).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/client_secret");
    assert!(!refused.text().contains("two words"), "{}", refused.text());
    for path in [&path, "/api/v1/ceptor/applications", BUNDLE, "/api/v1/trail?limit=200", "/api/v1/clients"] {
        seen.push(admin.get(path).await.is(200).text());
    }
    // A second application must not get the same key, and is not told whose it is.
    let mut thief = without_secrets(came.clone());
    for (member, value) in [("id", json!("00000000-0000-4000-8000-000000000001")), ("client_id", json!("another"))] {
        thief[member] = value;
    }
    for member in ["certificates", "pending_subscriptions"] {
        thief[member] = json!([]);
    }
    thief["apikeys"] = json!([secrets[1]]);
    let other = "/api/v1/ceptor/applications/00000000-0000-4000-8000-000000000001";
    let refused = admin.put(other, thief).await.problem(409, "exists");
    assert_eq!(refused["errors"][0]["pointer"], "/apikeys/0");
    seen.push(refused.text());
    admin.get(other).await.problem(404, "not-found");
    for text in &seen {
        assert!(!secrets.iter().any(|secret| text.contains(secret)), "{text}");
    }
    if let Some(bytes) = app.database_bytes() {
        let found = secrets.iter().find(|s| bytes.windows(s.len()).any(|w| w == s.as_bytes()));
        assert!(found.is_none(), "in the database in the clear");
    }
    // Left out, they stay.
    let bare = without_secrets(came.clone());
    assert_eq!(admin.put(&path, bare).await.is(200)["outcome"], "unchanged");
    app.keyed(secrets[1]).get(&PETS.replace("/pets/", "/example-0/")).await.is(200);
}

/// C02 C06 C32 C52 C53
#[tokio::test]
async fn what_cannot_be_is_refused_with_its_place_in_the_document() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    bring(&admin, &story).await;
    let unknown = "00000000-0000-4000-8000-00000000dead";
    let group = json!([{"count": 0, "seconds": 1}]);
    let faults = [
        ("subscription_plans", "id", json!(unknown), "/id"),
        ("subscription_plans", "ratelimitgroup", json!(unknown), "/ratelimitgroup"),
        ("subscription_plans", "colour", json!("red"), "/colour"),
        ("subscription_plans", "name", json!(null), "/name"),
        ("ratelimit_groups", "limits", group, "/limits/0/count"),
        ("partners", "developers", json!([{"id": unknown, "role": "OWNER"}]), "/developers/0/id"),
        ("applications", "id", json!(unknown), "/id"),
        ("applications", "partner_id", json!(uuid(&story.consumer_organization)), "/partner_id"),
        ("applications", "partner_id", json!(unknown), "/partner_id"),
        ("applications", "client_id", json!("another"), "/client_id"),
        ("applications", "developers", json!([{"id": uuid(&story.consumer.id)}]), "/developers/0/role"),
        ("applications", "allowed_uris", json!(["http://evil.example/"]), "/allowed_uris/0"),
        ("applications", "accesstoken_type", json!("COOKIE"), "/accesstoken_type"),
        (
            "applications",
            "subscriptions",
            json!({unknown: uuid(&story.open_plan)}),
            "/subscriptions/00000000-0000-4000-8000-00000000dead",
        ),
        (
            "applications",
            "subscriptions",
            json!({CALLED: uuid(&story.open_plan)}),
            "/subscriptions/c819724f-69e3-46bf-86d9-b15e59d1ffb0",
        ),
        ("applications", "certificates", json!([{"certificate": "garbage"}]), "/certificates/0/certificate"),
        (
            "applications",
            "certificates",
            json!([{"certificate": certificate("A", 2040), "subject": name("B")}]),
            "/certificates/0/subject",
        ),
    ];
    let before = head(&app);
    for (noun, member, value, pointer) in faults {
        let mut document = example(noun);
        let path = format!("/api/v1/ceptor/{noun}/{}", document["id"].as_str().unwrap());
        document[member] = value;
        let refused = admin.put(&path, document.clone()).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{noun} {member}: {}", refused.text());
        // The same in a bundle, with the place that it has there; what stands beside it is not kept back.
        let report = admin.post(BUNDLE, json!({noun: [example(noun), document]})).await.is(200);
        let places = report.items().iter().filter(|item| item["outcome"] == "refused");
        let places: Vec<&Value> = places.map(|item| &item["problem"]["errors"][0]["pointer"]).collect();
        if member != "id" {
            assert_eq!(places, [&json!(format!("/{noun}/1{pointer}"))], "{}", report.text());
            assert_eq!(report.items()[0]["outcome"], "unchanged");
        }
    }
    assert_eq!(head(&app), before + bystanders(&admin).await, "nothing of what was refused was written");
}

/// How many changes the bundles above made on purpose: a plan and an application under an unknown id are no faults there.
async fn bystanders(admin: &Actor) -> i64 {
    let unknown = "00000000-0000-4000-8000-00000000dead";
    let plan = admin.get(&format!("/api/v1/ceptor/subscription_plans/{unknown}")).await.status.is_success();
    let application = admin.get(&format!("/api/v1/ceptor/applications/{unknown}")).await.status.is_success();
    assert!(!application, "its client_id is another's");
    i64::from(plan)
}

/// C49 C50 C60 C61
#[tokio::test]
async fn the_map_of_subscriptions_says_what_may_be_called_and_nothing_else() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    story.subscribed().await;
    let path = format!("/api/v1/ceptor/applications/{}", uuid(&story.app));
    let (api, open, guarded) = (uuid(&story.api), uuid(&story.open_plan), uuid(&story.guarded_plan));
    let key = app.keyed(&story.key);
    assert_eq!(admin.get(&path).await.is(200)["subscriptions"], json!({&api: &open}));
    // Another plan: the same subscription under other terms.
    let done = admin.put(&path, json!({"subscriptions": {&api: &guarded}})).await.is(200);
    assert_eq!(done["changes"][0]["verb"], "subscription.modified");
    for _ in 0..3 {
        key.get(PETS).await.is(200);
    }
    key.get(PETS).await.problem(429, "limit-exceeded");
    // Left out of the map it ends; brought in again it is another one.
    let done = admin.put(&path, json!({"subscriptions": {}})).await.is(200);
    assert_eq!(done["changes"][0]["verb"], "subscription.cancelled");
    key.get(PETS).await.problem(403, "subscription-ended");
    let twice = format!("{{\"subscriptions\": {{\"{api}\": \"{open}\", \"{api}\": \"{guarded}\"}}}}");
    admin.send(http::Method::PUT, &path, Some("application/json"), twice.into()).await.problem(422, "invalid");
    admin.put(&path, json!({"subscriptions": {&api: &open}})).await.is(200);
    key.get(PETS).await.is(200);
    // What the API side stopped is not in the map, and is let through again by whoever puts it there.
    let list = story.consumer.get(&format!("/api/v1/apps/{}/apis", story.app)).await.is(200);
    let subscription = list.items()[0]["id"].as_str().unwrap().to_owned();
    story.act(&story.provider, &subscription, "suspend").await.is(200);
    assert_eq!(admin.get(&path).await.is(200)["subscriptions"], json!({}));
    let done = admin.put(&path, json!({"subscriptions": {&api: &open}})).await.is(200);
    assert_eq!(done["changes"][0]["verb"], "subscription.resumed");
    key.get(PETS).await.is(200);
}

//! Secrets are told once, to whoever made them, and are found nowhere afterwards: not in an answer, not in the
//! database, not in a file, not in a log line.

use crate::tokens::{ask, basic, bearer, edit, takes, token};
use crate::world::World;
use data_encoding::{BASE64, HEXLOWER};
use serde_json::json;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use store::{DbUrl, sql};
use testkit::{Actor, PETS, Program, TestApp, database};

/// What must not be found, with what it is.
type Secret = (&'static str, String);

/// Makes one more secret of each kind and uses it, in the right and in the wrong place.
async fn confide(world: &World) -> Vec<Secret> {
    let (app, story, consumer) = (&world.app, &world.story, &world.story.consumer);
    takes(story, json!([{"scheme": "api_key"}, {"scheme": "oauth"}, {"scheme": "basic"}])).await;
    let first = std::fs::read_to_string(wayleave::first_login::path(app.folder.path())).expect("a file");
    let (_, password) = first.trim().split_once(' ').expect("it is there");
    let mut secrets = vec![
        ("the administrator's password", password.to_owned()),
        ("a password", "a long enough phrase".to_owned()),
        ("an API key", story.key.clone()),
        ("a client secret", story.secret.clone()),
    ];
    let person = json!({"username": consumer.name, "password": "a long enough phrase"});
    let begun = app.nobody().post("/api/v1/session", person).await.is(200);
    let cookie = begun.header("set-cookie").split(';').next().expect("it is there").to_owned();
    secrets.push(("a session", cookie.split_once('=').expect("it is there").1.to_owned()));
    let browser = app.nobody().with("cookie", &cookie).with("x-csrf-token", &begun.str("csrf_token"));
    let personal = browser.post("/api/v1/me/tokens", json!({"name": "one more"})).await.is(201).str("token");
    secrets.push(("a personal token", personal));
    for kind in ["JWT", "UUID"] {
        secrets.push(("an access token", token(app, story, kind).await));
    }
    let wrong = json!({"old_password": "no password of mine", "password": "some other long phrase"});
    consumer.post("/api/v1/me/password", wrong).await.is(422);
    let guess = json!({"username": consumer.name, "password": "no password of mine"});
    app.nobody().post("/api/v1/session", guess).await.is(401);
    secrets.push(("a wrong password", "no password of mine".to_owned()));
    misuse(world, &secrets).await;
    app.settle().await;
    secrets
}

/// Calls the gateway and the control plane with every secret in every place; whatever comes of it.
async fn misuse(world: &World, secrets: &[Secret]) {
    let (app, story) = (&world.app, &world.story);
    for (_, secret) in secrets {
        let spoken = basic(&story.client_id, secret);
        app.keyed(secret).get(PETS).await;
        bearer(app, secret).get(PETS).await;
        app.gateway().with("authorization", &spoken).get(PETS).await;
        app.nobody().with("authorization", &format!("Bearer {secret}")).get("/api/v1/me").await;
        app.nobody().with("authorization", &spoken).form("/oauth2/introspect", &[("token", secret)]).await;
        let body = json!({"username": secret, "password": secret});
        app.nobody().post("/api/v1/session", body).await;
    }
    edit(story, json!({"accesstoken_type": "JWT"})).await;
    ask(app, story, &[]).await.is(200);
}

/// The forms in which a secret could stand somewhere.
fn forms(secret: &str) -> [String; 4] {
    let end = secret[secret.len() - secret.len().min(16)..].to_owned();
    [secret.to_owned(), end, HEXLOWER.encode(secret.as_bytes()), BASE64.encode(secret.as_bytes())]
}

/// None of the secrets stands here.
#[track_caller]
fn clean(place: &str, bytes: &[u8], secrets: &[Secret]) {
    for (what, secret) in secrets {
        for form in forms(secret) {
            let found = bytes.windows(form.len()).any(|window| window == form.as_bytes());
            assert!(!found, "{place} shows {what}");
        }
    }
}

/// X06 C59
#[tokio::test]
async fn no_answer_tells_a_secret_again() {
    let world = World::make().await;
    let secrets = confide(&world).await;
    let story = &world.story;
    let everybody = [&world.admin, &story.provider, &story.consumer, &world.stranger, &world.app.nobody()];
    let mut read = 0;
    for operation in world.operations().iter().filter(|operation| operation.reads()) {
        let mut path = world.path(operation);
        if operation.parameters().iter().any(|name| name == "limit") {
            path.push_str(if path.contains('?') { "&limit=200" } else { "?limit=200" });
        }
        for who in everybody {
            let reply = who.get(&path).await;
            read += usize::from(reply.status.is_success());
            clean(&path, &reply.bytes, &secrets);
            clean(&path, format!("{:?}", reply.headers).as_bytes(), &secrets);
        }
    }
    assert!(read > 100, "only {read} answers were looked at");
    clean("/metrics", &world.app.operations().get("/metrics").await.is(200).bytes, &secrets);
    // What the gateway has decided: refusals with each of the secrets in each place among them.
    let usage = format!("/api/v1/usage?api={}&limit=200", story.api);
    clean("usage", &story.provider.get(&usage).await.is(200).bytes, &secrets);
}

/// X06
#[tokio::test]
async fn decisions_about_calls_with_secrets_do_not_repeat_them() {
    let world = World::make().await;
    let secrets = confide(&world).await;
    for (_, secret) in &secrets {
        for call in [world.app.keyed(secret), bearer(&world.app, secret)] {
            let reply = call.get(PETS).await;
            clean("the gateway's answer", &reply.bytes, &secrets[2..4]);
            let decision = format!("/api/v1/decisions/{}", reply.header("wayleave-decision"));
            let told = world.admin.get(&decision).await.is(200);
            clean(&decision, &told.bytes, &secrets);
        }
    }
}

/// X06
#[tokio::test]
async fn the_upstream_is_not_given_the_callers_credential() {
    let world = World::make().await;
    let secrets = confide(&world).await;
    let (app, story) = (&world.app, &world.story);
    let access = secrets.iter().rfind(|(what, _)| *what == "an access token").unwrap().1.clone();
    let callers = [
        app.keyed(&story.key),
        bearer(app, &access),
        app.gateway().with("authorization", &basic(&story.client_id, &story.secret)),
    ];
    for caller in callers {
        let session = &secrets.iter().find(|(what, _)| *what == "a session").unwrap().1;
        let cookie = format!("theirs=1; {}={session}", platform::user::SESSION_COOKIE);
        let seen = caller.with("cookie", &cookie).get(PETS).await.is(200);
        assert!(seen.text().contains("theirs=1"), "their own cookie passes: {}", seen.text());
        clean("the upstream", &seen.bytes, &secrets);
    }
}

/// X06
#[tokio::test]
async fn the_database_and_the_data_folder_hold_no_secret_that_can_be_read() {
    let world = World::make().await;
    let secrets = confide(&world).await;
    let content = match world.app.database_bytes() {
        Some(bytes) => bytes,
        None => every_row(&world.app).await,
    };
    assert!(content.len() > 20_000, "only {} bytes were looked at", content.len());
    let story = world.story.consumer.name.as_bytes();
    assert!(content.windows(story.len()).any(|window| window == story), "names stand there, so secrets would be found");
    clean("the database", &content, &secrets);
    for marker in ["PRIVATE KEY", "\"d\":"] {
        assert!(!content.windows(marker.len()).any(|w| w == marker.as_bytes()), "{marker} stands in the database");
    }
    let first = wayleave::first_login::path(world.app.folder.path());
    let mut looked = 0;
    for file in files(world.app.folder.path()) {
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{}", file.display());
        let bytes = std::fs::read(&file).unwrap();
        if file != first {
            clean(&file.display().to_string(), &bytes, &secrets);
        }
        if file.extension().is_some_and(|end| end == "key") {
            let key = String::from_utf8(bytes).unwrap().trim().to_owned();
            clean("the database", &content, &[("the master key", key)]);
        }
        looked += 1;
    }
    assert!(looked >= 2, "the key and the first log-in");
}

/// Every row of every table as text.
async fn every_row(app: &TestApp) -> Vec<u8> {
    let mut tx = app.server().platform.db.read().await.expect("a row");
    let tables = "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables WHERE table_schema = 'public'";
    let mut out = Vec::new();
    for table in sql(tables).all(&mut tx).await.expect("a row") {
        let name: String = table.get("name").expect("a row");
        for row in sql(format!("SELECT CAST(t AS TEXT) AS line FROM {name} t")).all(&mut tx).await.expect("a row") {
            out.extend_from_slice(row.get::<String>("line").expect("a row").as_bytes());
        }
    }
    out
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a file").map(|entry| entry.expect("a file").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// X06
#[tokio::test]
async fn the_loudest_log_holds_no_secret() {
    let database = database::empty().await;
    let mut program = Program::new(env!("CARGO_BIN_EXE_wayleave"));
    if let DbUrl::Postgres(url) = database.url() {
        program.on_postgres(&url);
    }
    program.set("log", "trace");
    program.start().await;
    let text = std::fs::read_to_string(program.data().join("first-login.txt")).unwrap();
    let password = text.trim().split_once(' ').unwrap().1.to_owned();
    let admin = program.admin().await;
    let personal = admin.post("/api/v1/me/tokens", json!({"name": "one more"})).await.is(201).str("token");
    let organization = admin.post("/api/v1/organizations", json!({"name": "Own"})).await.is(201).str("id");
    let app = admin.post("/api/v1/apps", json!({"organization": organization, "name": "Own"})).await.is(201).str("id");
    let client = admin.post("/api/v1/clients", json!({"app": app, "name": "Own"})).await.is(201);
    let mut secrets = vec![("the password", password), ("a personal token", personal)];
    for kind in ["client_secret", "api_key"] {
        let path = format!("/api/v1/clients/{}/credentials", client.str("id"));
        secrets.push((kind, admin.post(&path, json!({"kind": kind})).await.is(201).str("secret")));
    }
    let machine = program.nobody().with("authorization", &basic(&client.str("client_id"), &secrets[2].1));
    let granted = machine.form("/oauth2/token", &[("grant_type", "client_credentials")]).await.is(200);
    secrets.push(("an access token", granted.str("access_token")));
    for (_, secret) in &secrets {
        let caller = Actor::at(program.gateway).with("x-api-key", secret);
        caller.with("authorization", &format!("Bearer {secret}")).get(&format!("/x?api_key={secret}")).await;
        program.nobody().with("authorization", &format!("Bearer {secret}")).get("/api/v1/me").await;
    }
    let ended = program.stop();
    assert!(ended.stderr.contains("request.done"), "something was logged: {}", ended.stderr.len());
    clean("the log", ended.stderr.as_bytes(), &secrets);
    clean("standard output", ended.stdout.as_bytes(), &secrets);
}

//! The real program as an operator meets it: the first start, settings that cannot work, the end.

use serde_json::json;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use store::DbUrl;
use testkit::database::TestDatabase;
use testkit::{Actor, Ended, Program, database};

/// The program on a database of its own; keep the database until the program has ended.
async fn program() -> (TestDatabase, Program) {
    let database = database::empty().await;
    let mut program = bare();
    if let DbUrl::Postgres(url) = database.url() {
        program.on_postgres(&url);
    }
    (database, program)
}

fn bare() -> Program {
    Program::new(env!("CARGO_BIN_EXE_wayleave"))
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).permissions().mode() & 0o777
}

/// Refused, and the complaint has all of this in it.
#[track_caller]
fn refused(ended: &Ended, mentions: &[&str]) {
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for mention in mentions {
        assert!(ended.stderr.contains(mention), "`{mention}` is not in: {}", ended.stderr);
    }
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
}

/// F01 X10
#[tokio::test]
async fn the_first_start_leaves_a_password_that_only_its_owner_can_read() {
    let (_database, mut program) = program().await;
    program.start().await;
    let file = program.data().join("first-login.txt");
    let text = std::fs::read_to_string(&file).unwrap();
    let (name, password) = text.trim().split_once(' ').unwrap();
    assert!(name == "admin" && password.len() >= 20, "{text}");
    assert_eq!(mode(&file), 0o600);
    for entry in std::fs::read_dir(program.data()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    let admin = program.admin().await;
    let founded = admin.post("/api/v1/organizations", json!({"name": "Kept"})).await.is(201).str("id");
    let (stdout, stderr) = program.output();
    assert!(stdout.contains("first-login.txt") && !stdout.contains(password) && !stderr.contains(password), "{stdout}");

    let ended = program.stop();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.stderr.contains("ERROR"), "{}", ended.stderr);
    program.start().await;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text, "no new password");
    assert!(!program.output().0.contains("First start"), "{}", program.output().0);
    let kept = admin.get(&format!("/api/v1/organizations/{founded}")).await.is(200);
    assert_eq!(kept["name"], "Kept", "the token and what it made are still there");
    let body = json!({"username": name, "password": password});
    program.nobody().post("/api/v1/session", body).await.is(200);
    let ended = program.kill();
    assert!(!format!("{ended:?}").contains(password));
}

/// F25
#[tokio::test]
async fn an_address_that_is_taken_is_named_with_its_setting() {
    let (_database, program) = program().await;
    for (name, setting, address) in [
        ("listen", "WAYLEAVE_LISTEN", program.control),
        ("gateway_listen", "WAYLEAVE_GATEWAY_LISTEN", program.gateway),
        ("operations_listen", "WAYLEAVE_OPERATIONS_LISTEN", program.operations),
    ] {
        let _taken = TcpListener::bind(address).unwrap();
        refused(&program.run(&["serve"]), &[&format!("{name} = {address}"), setting]);
    }
}

#[tokio::test]
async fn the_operations_listener_tells_of_life_readiness_and_numbers() {
    let (_database, mut program) = program().await;
    program.start().await;
    let operations = Actor::at(program.operations);
    assert_eq!(operations.get("/healthz").await.is(200).text(), "ok\n");
    let ready = operations.get("/readyz").await.is(200);
    assert_eq!((&ready["ready"], &ready["database"]), (&json!(true), &json!(true)), "{}", ready.text());
    assert_eq!(ready["change"], ready["gateway_change"], "{}", ready.text());
    let metrics = operations.get("/metrics").await.is(200);
    let head = format!("wayleave_change_head {}\n", ready["change"]);
    assert!(metrics.text().contains(&head), "{}", metrics.text());
    assert!(metrics.header("content-type").starts_with("text/plain"), "{}", metrics.header("content-type"));
    // Not on the listeners that the world reaches.
    program.nobody().get("/metrics").await.problem(404, "not-found");
    Actor::at(program.gateway).get("/healthz").await.problem(404, "no-route");
    assert_eq!(program.stop().code, Some(0));
}

#[tokio::test]
async fn the_program_ends_while_somebody_keeps_a_connection_open() {
    let (_database, mut program) = program().await;
    program.start().await;
    let _idle =
        [program.control, program.gateway, program.operations].map(|a| std::net::TcpStream::connect(a).unwrap());
    let ended = program.stop();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("Stopping"), "{}", ended.stdout);
    assert!(!ended.stderr.contains("ERROR"), "{}", ended.stderr);
}

#[tokio::test]
async fn migrating_twice_changes_nothing_more() {
    let (_database, program) = program().await;
    let first = program.run(&["migrate"]);
    assert!(first.code == Some(0) && first.stdout.contains("applied 0001"), "{first:?}");
    let second = program.run(&["migrate"]);
    assert_eq!((second.code, second.stdout.as_str()), (Some(0), "The database is up to date.\n"), "{second:?}");
}

#[test]
fn settings_that_cannot_work_are_named_with_the_fix() {
    let mut program = bare();
    let good = program.run(&["config", "check"]);
    assert!(good.code == Some(0) && good.stdout.contains("can be used"), "{good:?}");
    for (name, value, mentions) in [
        ("listen", "nowhere", &["listen", "nowhere"][..]),
        ("listen", "0.0.0.0:8080", &["0.0.0.0:8080", "public_url", "https://"]),
        ("public_url", "portal.example.com", &["public_url", "portal.example.com"]),
        ("public_url", "https://portal.example.com/path", &["public_url", "/path"]),
        ("registration", "sometimes", &["registration", "sometimes", "open"]),
        ("access_token_seconds", "0", &["access_token_seconds", "0", "86400"]),
        ("access_token_seconds", "soon", &["access_token_seconds", "soon"]),
        ("decision_sample", "2", &["decision_sample", "between 0 and 1"]),
        ("log", "loud,,=", &["log", "loud"]),
        ("database", "mysql://127.0.0.1/x", &["database", "mysql", "postgres://"]),
        ("database", "postgres://u:geheim@127.0.0.1:1/x", &["master_key_file", "openssl"]),
        ("lisen", "127.0.0.1:1", &["lisen", "listen"]),
    ] {
        program.set(name, value);
        for command in [&["config", "check"][..], &["serve"]] {
            let ended = program.run(command);
            refused(&ended, mentions);
            assert!(!ended.stderr.contains("geheim"), "{}", ended.stderr);
        }
        program.set(name, "");
        if name == "listen" {
            program.set(name, &program.control.to_string());
        }
    }
}

#[test]
fn the_file_and_the_variables_over_it_are_shown_without_passwords() {
    let mut program = bare();
    let file = program.folder.path().join("other.toml");
    let text = "registration = \"open\"\naccess_token_seconds = 77\ndatabase = \"postgres://u:geheim@127.0.0.1:1/x\"\n\
                master_key_file = \"given.key\"\n";
    std::fs::write(&file, text).unwrap();
    program.set("access_token_seconds", "78");
    let shown = program.run(&["--config", "other.toml", "config", "show"]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    for line in ["registration = \"open\"", "access_token_seconds = 78", "127.0.0.1:1/x", "log_format = \"text\""] {
        assert!(shown.stdout.contains(line), "{line} is not in: {}", shown.stdout);
    }
    assert!(!format!("{shown:?}").contains("geheim"), "{shown:?}");
    std::fs::write(&file, "lissten = 1\n").unwrap();
    refused(&program.run(&["--config", "other.toml", "config", "check"]), &["lissten", "other.toml"]);
    refused(&program.run(&["--config", "missing.toml", "serve"]), &["missing.toml"]);
}

/// X06
#[tokio::test]
async fn a_master_key_that_others_can_read_is_refused() {
    let database = database::empty().await;
    let mut program = bare();
    if let DbUrl::Postgres(url) = database.url() {
        program.on_postgres(&url);
    }
    let key = program.folder.path().join("open.key");
    program.set("master_key_file", &key.display().to_string());
    if database::on_postgres() {
        refused(&program.run(&["serve"]), &["no master key", "open.key", "openssl"]);
    }
    for (text, mode, mentions) in [
        ("42".repeat(32), 0o644, &["open.key", "chmod 600"][..]),
        ("42".repeat(32), 0o640, &["open.key", "chmod 600"]),
        ("42".repeat(31), 0o600, &["open.key", "64 hexadecimal digits"]),
        ("zz".repeat(32), 0o600, &["open.key", "64 hexadecimal digits"]),
    ] {
        std::fs::write(&key, &text).unwrap();
        std::fs::set_permissions(&key, PermissionsExt::from_mode(mode)).unwrap();
        let ended = program.run(&["serve"]);
        refused(&ended, mentions);
        assert!(!ended.stderr.contains(&text), "the key is not told");
    }
}

/// X06
#[tokio::test]
async fn a_master_key_other_than_that_of_the_database_is_named() {
    let (_database, mut program) = program().await;
    program.start().await;
    assert_eq!(program.stop().code, Some(0));
    let key = program.folder.path().join("another.key");
    std::fs::write(&key, "43".repeat(32)).unwrap();
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    program.set("master_key_file", &key.display().to_string());
    refused(&program.run(&["serve"]), &["master key", "another.key"]);
}

//! The demo over real sockets.

use super::folder::Folder;
use super::upstream::{APIS, EXAMPLE};
use super::{Demo, Sample, World, seed};
use crate::config::Config;
use crate::first_login;
use base::{Clock, Timestamp};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

fn config(folder: &Path) -> Config {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let (listen, gateway_listen, operations_listen) = (any, any, any);
    Config {
        listen,
        gateway_listen,
        operations_listen,
        gateway_threads: 1,
        data: folder.to_owned(),
        ..Config::default()
    }
}

async fn start(folder: &Path, fresh: bool) -> anyhow::Result<Demo> {
    Demo::start(config(folder), fresh, Clock::manual(Timestamp::from_seconds(1_795_426_200))).await
}

async fn started(folder: &TempDir) -> Demo {
    start(folder.path(), false).await.expect("starts")
}

/// What was kept at the first start under this name.
fn kept(folder: &TempDir, name: &str) -> String {
    let text = std::fs::read_to_string(first_login::path(folder.path())).expect("is there");
    let mut found = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let (one, none) = (found.next(), found.next());
    assert!(none.is_none(), "{name} is there twice");
    one.unwrap_or_else(|| panic!("no {name}")).to_owned()
}

/// The status of the call that the story is told with.
async fn call(demo: &Demo, environment: &str, key: &str) -> u16 {
    let path = format!("{environment}/{}/{}{EXAMPLE}", APIS[0].slug, APIS[0].version);
    let text = format!(
        "GET {path} HTTP/1.1\r\nHost: {0}\r\nX-API-Key: {key}\r\nConnection: close\r\n\r\n",
        demo.server.gateway
    );
    let mut stream = TcpStream::connect(demo.server.gateway).await.expect("connects");
    stream.write_all(text.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answered");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no status in {answer}"))
}

/// X10
#[tokio::test]
async fn a_demo_is_seeded_once_and_goes_on_after_a_restart() {
    let folder = TempDir::new().expect("a folder");
    let demo = started(&folder).await;
    let mode = std::fs::metadata(first_login::path(folder.path())).expect("is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = kept(&folder, "api-key");
    assert_eq!((call(&demo, "/sandbox", &key).await, call(&demo, "", &key).await), (200, 403));
    let (before, sample) = (demo.world.clone(), demo.sample.address);
    demo.end().await.expect("ends");

    // Somebody else has the upstream's port now: the destinations follow to another one.
    let _taken = TcpListener::bind(sample).await.expect("is free");
    let demo = started(&folder).await;
    assert!(demo.secrets.is_none() && demo.world.pending == before.pending);
    assert_ne!(demo.sample.address, sample);
    assert_eq!((call(&demo, "/sandbox", &key).await, call(&demo, "", &key).await), (200, 403));
    demo.end().await.expect("ends");
}

#[tokio::test]
async fn fresh_begins_anew_and_so_does_a_demo_that_was_interrupted() {
    let folder = TempDir::new().expect("a folder");
    started(&folder).await.end().await.expect("ends");
    let first = kept(&folder, "client-id");
    let demo = start(folder.path(), true).await.expect("starts");
    demo.folder.remember(&World { finished: false, ..demo.world.clone() }).expect("written");
    demo.end().await.expect("ends");
    let second = kept(&folder, "client-id");
    assert_ne!(first, second);
    started(&folder).await.end().await.expect("ends");
    assert_ne!(second, kept(&folder, "client-id"));
}

#[tokio::test]
async fn a_folder_that_is_not_the_demos_is_left_as_it_is() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("wayleave.db");
    std::fs::write(&file, "precious").expect("written");
    for fresh in [false, true] {
        let error = start(folder.path(), fresh).await.err().expect("refused").to_string();
        assert!(error.contains("WAYLEAVE_DATA"), "{error}");
    }
    assert_eq!(std::fs::read_to_string(&file).expect("still there"), "precious");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    assert_ne!(Folder::choose(&Config::default()), Config::default().data);
}

#[tokio::test]
async fn a_database_that_others_may_use_is_not_emptied() {
    let folder = TempDir::new().expect("a folder");
    let database = Some(folder.path().join("other.db").display().to_string());
    let config = Config { database, ..config(&folder.path().join("demo")) };
    let error = Demo::start(config, true, Clock::System).await.err().expect("refused").to_string();
    assert!(error.contains("--fresh") && error.contains("database"), "{error}");
}

#[test]
fn two_demos_do_not_share_a_folder() {
    let folder = TempDir::new().expect("a folder");
    let first = Folder::open(folder.path()).expect("opens");
    let error = Folder::open(folder.path()).expect_err("refused").to_string();
    assert!(error.contains("running"), "{error}");
    drop(first);
    assert!(Folder::open(folder.path()).is_ok());
}

#[tokio::test]
async fn secrets_are_shown_to_a_terminal_and_to_nothing_else() {
    let folder = TempDir::new().expect("a folder");
    let demo = started(&folder).await;
    let (shown, hidden) = (demo.guide(true).to_string(), demo.guide(false).to_string());
    let people = seed::PEOPLE.iter().map(|person| person.username);
    for name in people.chain(["client-secret", "api-key"]) {
        let secret = kept(&folder, name);
        assert!(secret.len() >= 20 && !hidden.contains(&secret), "{name}");
        assert!(shown.contains(&secret), "{name}");
    }
    assert!(!shown.contains("$KEY") && hidden.contains("$KEY"));
    demo.end().await.expect("ends");
}

/// C75
#[tokio::test]
async fn the_sample_serves_every_document_of_the_demo() {
    let sample = Sample::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("starts");
    for api in &APIS {
        let document = platform::document::read(api.document).expect("reads");
        let first = document.operations.first().expect("an operation");
        let wanted = crate::sample::fitting(&document, first);
        let body = wanted.body.unwrap_or_default();
        let mut text = format!(
            "{} {}{} HTTP/1.1\r\nHost: sample\r\nConnection: close\r\n",
            wanted.method, api.mount, wanted.target
        );
        for (name, value) in &wanted.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        let mut stream = TcpStream::connect(sample.address).await.expect("connects");
        stream.write_all(text.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("answered");
        assert!(answer.starts_with("HTTP/1.1 20"), "{}: {answer}", api.name);
    }
    sample.end().await.expect("ends");
}

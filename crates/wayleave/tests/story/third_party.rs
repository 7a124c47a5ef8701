//! Mail and webhooks as others read them: a mail server (aiosmtpd) and a library for webhooks (standardwebhooks), both from
//! PyPI, where the test suite is given them (`WAYLEAVE_TEST_PYTHON`); else what the test kit has of its own.

use platform::notice::mail::Security;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use testkit::{Authority, Postbox, Protection, Receiver, Story, TestApp, python};

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/python").join(name)
}

/// A mail server that takes mail after STARTTLS and a login.
enum MailServer {
    Ours(Postbox),
    Theirs { process: Child, lines: BufReader<ChildStdout>, port: u16 },
}

const LOGIN: (&str, &str) = ("portal", "ein geheimes Wort");

impl MailServer {
    async fn start(authority: &Authority, folder: &Path) -> Self {
        let Some(python) = python() else {
            return Self::Ours(Postbox::with(Protection::Starttls, Some(authority), Some(LOGIN)).await);
        };
        let (certificate, key) = authority.files("localhost");
        let files = [("certificate.pem", certificate), ("key.pem", key)].map(|(name, text)| {
            let path = folder.join(name);
            std::fs::write(&path, text).expect("a file");
            path
        });
        let mut command = Command::new(python);
        command.arg(script("smtp.py")).args(files).args([LOGIN.0, LOGIN.1]);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python can be started");
        let mut lines = BufReader::new(process.stdout.take().expect("its output"));
        let mut port = String::new();
        lines.read_line(&mut port).expect("its port");
        let port = port.trim().parse().expect("a port");
        Self::Theirs { process, lines, port }
    }

    fn port(&self) -> u16 {
        match self {
            Self::Ours(postbox) => postbox.address.port(),
            Self::Theirs { port, .. } => *port,
        }
    }

    /// The next mail for this address: its text as it came, whether it was protected, and who had signed in.
    async fn next_for(&mut self, address: &str) -> (String, bool, Option<String>) {
        match self {
            Self::Ours(postbox) => {
                let mails = postbox.wait(1).await;
                let mail = mails.into_iter().rfind(|mail| mail.to == [address]).expect("a mail");
                (mail.raw, mail.protected, mail.user)
            }
            Self::Theirs { lines, .. } => loop {
                let mut line = String::new();
                assert!(lines.read_line(&mut line).expect("a mail") > 0, "the mail server has ended");
                let mail: Value = serde_json::from_str(&line).expect("JSON");
                if mail["to"] == json!([address]) {
                    let raw = mail["raw"].as_str().unwrap_or_default().to_owned();
                    return (raw, mail["protected"] == true, mail["user"].as_str().map(str::to_owned));
                }
            },
        }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Self::Theirs { process, .. } = self {
            drop(process.stdin.take());
            let _ended = process.wait();
        }
    }
}

/// A06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_of_others_takes_our_mails() {
    let authority = Authority::make();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).expect("a file");
    let mut server = MailServer::start(&authority, folder.path()).await;
    let port = server.port();
    let app = TestApp::with(|config| {
        config.smtp_host = Some("localhost".to_owned());
        config.smtp_port = Some(port);
        config.smtp_security = Security::Starttls;
        config.smtp_user = Some(LOGIN.0.to_owned());
        config.smtp_password = Some(LOGIN.1.to_owned());
        config.mail_from = Some("portal@example.com".to_owned());
        config.ca_file = Some(file);
    })
    .await;
    let story = Story::tell(&app).await;
    app.deliver().await;
    let id = story.requested().await;
    app.deliver().await;
    let address = format!("{}@example.com", story.provider.name);
    let subject = "Subject: Shop asks for access to Pets";
    let mut found = server.next_for(&address).await;
    // The first may be the one that proves the address.
    while !found.0.contains(subject) {
        found = server.next_for(&address).await;
    }
    let (raw, protected, user) = found;
    assert!(protected && user.as_deref() == Some(LOGIN.0), "{protected} {user:?}");
    assert!(raw.contains(&format!("/subscriptions/{id}")) && raw.contains("Message-ID: <"), "{raw}");
}

/// A52
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_library_of_others_verifies_our_deliveries_and_refuses_altered_ones() {
    let app = TestApp::with(|config| {
        config.webhook_allow_networks = vec!["127.0.0.0/8".to_owned()];
        config.webhook_allow_http = true;
    })
    .await;
    let story = Story::tell(&app).await;
    let receiver = Receiver::start().await;
    let body = json!({"organization": story.provider_organization, "url": receiver.url()});
    let made = story.provider.post("/api/v1/webhooks", body).await.is(201);
    let (id, old) = (made.str("id"), made.str("secret"));
    let rotate = format!("/api/v1/webhooks/{id}/rotate_secret");
    let new = story.provider.post(&rotate, json!({})).await.is(200).str("secret");
    app.deliver().await;
    let told = receiver.told().pop().expect("it was told");
    let now = app.clock.now().seconds();
    for secret in [&old, &new] {
        assert!(verifies(&told, secret, &told.body, now));
        assert!(!verifies(&told, secret, &told.body.replace("webhook", "weebhook"), now), "an altered body");
    }
    let other = format!("whsec_{}=", "A".repeat(43));
    assert!(!verifies(&told, &other, &told.body, now), "another secret");
}

fn verifies(told: &testkit::Told, secret: &str, body: &str, now: i64) -> bool {
    let Some(python) = python() else {
        return testkit::Told { body: body.to_owned(), ..told.clone() }.is_signed_by(secret);
    };
    let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"]
        .map(|name| (name.to_owned(), json!(told.header(name))));
    let given = json!({
        "secret": secret, "body": body, "now": now, "headers": serde_json::Map::from_iter(headers),
    });
    let mut command = Command::new(python);
    let mut process = command
        .arg(script("webhook.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("Python can be started");
    let mut input = process.stdin.take().expect("its input");
    input.write_all(given.to_string().as_bytes()).expect("it reads");
    drop(input);
    process.wait().expect("it ends").success()
}

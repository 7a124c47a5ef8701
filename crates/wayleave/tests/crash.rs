//! The real program, killed again and again in the middle of a stream of writes: what it has acknowledged it keeps, and
//! its log has no gap. On SQLite, or on PostgreSQL where the test suite is given a server.

use base::random;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use store::DbUrl;
use testkit::{Actor, Program, database};
use tokio::sync::watch;

/// How often the program is killed.
const KILLS: usize = 22;
/// How many write at the same time.
const WRITERS: usize = 5;

/// A write that was answered with 2xx.
struct Acknowledged {
    /// The number of the change that the answer named.
    change: i64,
    /// The resource, as the answer named it.
    id: String,
    /// Where it can be read.
    path: String,
    /// A member of it, and what it must be at least: later edits count up.
    member: &'static str,
    least: String,
}

/// What the writers and whoever kills the program share.
struct Stream {
    /// Whether the program is up.
    up: watch::Sender<bool>,
    /// Counts requests sent and answers received.
    beats: watch::Sender<u64>,
    over: AtomicBool,
    /// Requests that were cut off by the end of the program.
    cut: AtomicU64,
    acknowledged: Mutex<Vec<Acknowledged>>,
}

impl Stream {
    fn beat(&self) {
        self.beats.send_modify(|n| *n += 1);
    }

    /// Sends a write; nothing if there was no answer. Anything but success is a fault.
    async fn write(&self, who: &Actor, method: Method, path: &str, body: &Value) -> Option<Value> {
        self.beat();
        let sent = who.attempt(method, path, Some("application/json"), body.to_string().into()).await;
        self.beat();
        match sent {
            Ok(reply) => {
                assert!(matches!(reply.status, StatusCode::OK | StatusCode::CREATED), "{path}: {}", reply.text());
                Some(reply.json)
            }
            Err(_) => {
                self.cut.fetch_add(1, Ordering::AcqRel);
                None
            }
        }
    }

    /// Keeps in mind what was acknowledged.
    fn keep(&self, answer: &Value, path: String, member: &'static str, least: &str) {
        let (change, id) = (answer["change"].as_i64().expect("a change"), text(&answer["id"]));
        let kept = Acknowledged { change, id, path, member, least: least.to_owned() };
        self.acknowledged.lock().expect("nobody panicked").push(kept);
    }

    /// The largest change that was acknowledged.
    fn known(&self) -> i64 {
        self.acknowledged.lock().expect("nobody panicked").iter().map(|kept| kept.change).max().unwrap_or(0)
    }
}

/// One writer: founds organizations, edits them, fills them; goes on where it was cut off.
struct Writer {
    stream: Arc<Stream>,
    who: Actor,
    name: usize,
    count: u64,
    /// The last organization and the last app that were acknowledged.
    organization: Option<String>,
    app: Option<String>,
}

impl Writer {
    async fn run(mut self) {
        let mut up = self.stream.up.subscribe();
        while !self.stream.over.load(Ordering::Acquire) {
            up.wait_for(|up| *up).await.expect("the test goes on");
            self.count += 1;
            if self.step().await.is_none() {
                tokio::task::yield_now().await;
            }
        }
    }

    async fn step(&mut self) -> Option<()> {
        let label = format!("{}-{:06}", self.name, self.count);
        match (self.count % 6, self.organization.clone(), self.app.clone()) {
            (1, ..) | (_, None, _) => {
                self.organization = Some(self.make("organizations", json!({"name": label})).await?)
            }
            (2, Some(organization), _) => {
                let body = json!({"name": label, "organization": organization});
                self.app = Some(self.make("apps", body).await?);
            }
            (3, Some(organization), _) => {
                let path = format!("/api/v1/organizations/{organization}");
                let edit = json!({"description": label});
                let answer = self.stream.write(&self.who, Method::PATCH, &path, &edit).await?;
                self.stream.keep(&answer, path, "description", &label);
            }
            (4, _, Some(app)) => drop(self.make("clients", json!({"name": label, "app": app})).await?),
            (5, Some(organization), _) => {
                let windows = json!([{"count": 5, "per": "minute"}, {"count": 50, "per": "hour"}]);
                let body = json!({"name": label, "organization": organization, "windows": windows});
                self.make("limit_groups", body).await?;
            }
            (_, Some(organization), _) => {
                self.make("plans", json!({"name": label, "organization": organization})).await?;
            }
        }
        Some(())
    }

    /// Creates a resource; answers its id.
    async fn make(&self, plural: &str, body: Value) -> Option<String> {
        let answer = self.stream.write(&self.who, Method::POST, &format!("/api/v1/{plural}"), &body).await?;
        let id = text(&answer["id"]);
        self.stream.keep(&answer, format!("/api/v1/{plural}/{id}"), "name", &text(&body["name"]));
        Some(id)
    }
}

/// X09 F25
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_killed_while_it_writes_loses_nothing_that_it_acknowledged() {
    let database = database::empty().await;
    let mut program = Program::new(env!("CARGO_BIN_EXE_wayleave"));
    if let DbUrl::Postgres(url) = database.url() {
        program.on_postgres(&url);
    }
    program.start().await;
    let admin = program.admin().await;
    let stream = Arc::new(Stream {
        up: watch::channel(true).0,
        beats: watch::channel(0).0,
        over: AtomicBool::new(false),
        cut: AtomicU64::new(0),
        acknowledged: Mutex::default(),
    });
    let writers: Vec<_> = (0..WRITERS).map(|name| tokio::spawn(writer(&stream, &admin, name).run())).collect();
    let mut head = 0;
    for _ in 0..KILLS {
        let known = kill_at_some_moment(&mut program, &stream).await;
        program.start().await;
        let now = intact(&admin).await;
        assert!(now >= known && now >= head, "the log ends at {now}, {known} was acknowledged, {head} was there");
        head = now;
        stream.up.send_replace(true);
    }
    stream.over.store(true, Ordering::Release);
    for writer in writers {
        writer.await.expect("no write was refused");
    }
    let cut = stream.cut.load(Ordering::Acquire);
    assert!(cut >= KILLS as u64, "only {cut} writes were cut off: the program was not killed in the middle of them");
    intact(&admin).await;
    everything_is_there(&admin, &stream).await;
    program.stop();
}

fn writer(stream: &Arc<Stream>, admin: &Actor, name: usize) -> Writer {
    Writer { stream: stream.clone(), who: admin.clone(), name, count: 0, organization: None, app: None }
}

/// Kills the program after a random number of writes and a random while more; answers the last change that it had
/// acknowledged before.
async fn kill_at_some_moment(program: &mut Program, stream: &Stream) -> i64 {
    let mut beats = stream.beats.subscribe();
    let target = *beats.borrow() + 1 + below(80);
    beats.wait_for(|n| *n >= target).await.expect("the test goes on");
    for _ in 0..below(3000) {
        tokio::task::yield_now().await;
    }
    let ended = program.kill();
    stream.up.send_replace(false);
    assert_eq!(ended.code, None, "a signal ended it: {ended:?}");
    assert!(!ended.stderr.contains("ERROR") && !ended.stderr.contains("panicked"), "{ended:?}");
    stream.known()
}

fn below(most: u64) -> u64 {
    u64::from_be_bytes(random::bytes::<8>()) % most
}

/// The chain of hashes is whole; answers the number of its last entry.
async fn intact(admin: &Actor) -> i64 {
    let found = admin.get("/api/v1/trail/verification").await.is(200);
    assert_eq!(found["intact"], true, "{}", found.text());
    assert_eq!(found["entries"], found["head"], "{}", found.text());
    found["head"].as_i64().expect("a number")
}

/// Every acknowledged write is there with its change, every change with what it made, and no number is missing.
async fn everything_is_there(admin: &Actor, stream: &Stream) {
    let trail = pages(admin, "/api/v1/trail").await;
    let seqs: BTreeSet<i64> = trail.iter().filter_map(|entry| entry["seq"].as_i64()).collect();
    let head = i64::try_from(trail.len()).expect("not that many");
    assert_eq!(seqs, (1..=head).collect::<BTreeSet<i64>>(), "the log has no gap and no number twice");
    let subjects: BTreeMap<i64, String> =
        trail.iter().filter_map(|e| Some((e["seq"].as_i64()?, text(&e["subject"]["id"])))).collect();
    let acknowledged = std::mem::take(&mut *stream.acknowledged.lock().expect("nobody panicked"));
    assert!(acknowledged.len() > KILLS, "only {} writes were acknowledged", acknowledged.len());
    let mut changes = BTreeSet::new();
    for kept in &acknowledged {
        assert_eq!(subjects.get(&kept.change), Some(&kept.id), "change {} was acknowledged", kept.change);
        assert!(changes.insert(kept.change), "change {} was acknowledged twice", kept.change);
        let now = admin.get(&kept.path).await.is(200).str(kept.member);
        assert!(now >= kept.least, "{}: {} is {now:?}, {:?} was acknowledged", kept.path, kept.member, kept.least);
    }
    // Neither rows without a change nor changes without their rows, acknowledged or not.
    for (plural, verb) in [("organizations", "organization.created"), ("plans", "plan.created")] {
        let there = pages(admin, &format!("/api/v1/{plural}")).await;
        let there: BTreeSet<String> = there.iter().map(|item| text(&item["id"])).collect();
        let told = trail.iter().filter(|entry| entry["verb"] == verb).map(|entry| text(&entry["subject"]["id"]));
        assert_eq!(there, told.collect::<BTreeSet<String>>(), "{plural}");
    }
}

/// Every item of a list.
async fn pages(who: &Actor, path: &str) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("{path}?limit=200{after}")).await.is(200);
        items.extend_from_slice(page.items());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

//! Measures the control plane, empty and full: `cargo xtask bench control` runs it on both databases.
//!
//! The whole program runs in this process; one caller uses it over HTTP, one request after the other. Then the database is
//! filled by statements of its own (nobody could wait for the interface to do that), and the same is done again. One line
//! of JSON is the result.

mod fill;
mod sweep;

use fill::Size;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::time::Instant;
use store::Db;
use testkit::{Actor, Story, TestApp};

/// What to measure with, from the command line.
struct Options {
    size: Size,
    times: usize,
}

fn options() -> Options {
    let mut given = BTreeMap::new();
    let mut words = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        given.insert(name, value.parse::<i64>().unwrap_or(0));
    }
    let of = |name: &str, usual: i64| given.get(name).copied().unwrap_or(usual);
    Options {
        size: Size { apps: of("--apps", 100_000), subscriptions: of("--subscriptions", 1_000_000) },
        times: usize::try_from(of("--times", 300)).unwrap_or(300),
    }
}

/// Times of one operation, in microseconds.
#[derive(Default)]
struct Times(Vec<f64>);

impl Times {
    fn part(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted.get(((last as f64) * share).round() as usize).copied().unwrap_or(f64::NAN)
    }

    fn told(&self) -> Value {
        let rounded = |value: f64| (value * 10.0).round() / 10.0;
        let mean = self.0.iter().sum::<f64>() / self.0.len() as f64;
        json!({
            "times": self.0.len(),
            "per_second": rounded(1e6 / mean),
            "p50_us": rounded(self.part(0.5)),
            "p99_us": rounded(self.part(0.99)),
        })
    }
}

/// The results of one state of the database, by operation.
type Results = BTreeMap<&'static str, Times>;

struct Bench {
    app: TestApp,
    story: Story,
    admin: Actor,
}

impl Bench {
    /// Does something and keeps how long it took.
    async fn time<T>(results: &mut Results, name: &'static str, work: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let done = work.await;
        results.entry(name).or_default().0.push(begun.elapsed().as_secs_f64() * 1e6);
        done
    }

    /// The way of an app: made, asks for access, is let in.
    async fn write(&self, results: &mut Results, number: usize) {
        let (story, consumer, provider) = (&self.story, &self.story.consumer, &self.story.provider);
        let body = json!({"organization": story.consumer_organization, "name": format!("Measured {number}")});
        let app = Self::time(results, "create_app", consumer.post("/api/v1/apps", body)).await.is(201).str("id");
        let body = json!({"apps": [app], "api": story.api, "environment": "production", "plan": story.guarded_plan});
        let made = Self::time(results, "request", consumer.post("/api/v1/subscriptions", body)).await.is(201);
        let id = made["items"][0]["id"].as_str().unwrap_or_default().to_owned();
        let path = format!("/api/v1/subscriptions/{id}/approve");
        Self::time(results, "approve", provider.post(&path, json!({}))).await.is(200);
    }

    /// The lists that people look at most.
    async fn read(&self, results: &mut Results) {
        let (story, consumer, provider) = (&self.story, &self.story.consumer, &self.story.provider);
        let reads: [(&str, &Actor, String); 13] = [
            ("connections_of_api", provider, format!("/api/v1/apis/{}/connections", story.api)),
            ("connections_of_app", consumer, format!("/api/v1/apps/{}/connections", story.app)),
            ("my_connections", consumer, "/api/v1/me/connections".to_owned()),
            ("apps", consumer, "/api/v1/apps".to_owned()),
            ("apps_of_everybody", &self.admin, "/api/v1/apps".to_owned()),
            ("catalogue", consumer, "/api/v1/apis".to_owned()),
            ("subscriptions", provider, "/api/v1/subscriptions".to_owned()),
            ("dashboard", provider, "/api/v1/me/dashboard".to_owned()),
            ("notices", provider, "/api/v1/me/notices".to_owned()),
            ("tasks", provider, "/api/v1/tasks".to_owned()),
            ("search", consumer, "/api/v1/search?q=measured".to_owned()),
            ("trail", &self.admin, format!("/api/v1/trail?actor={}", story.consumer.id)),
            ("trail_of_organization", provider, format!("/api/v1/trail?organization={}", story.provider_organization)),
        ];
        for (name, who, path) in reads {
            Self::time(results, name, who.get(&path)).await.is(200);
        }
    }

    async fn measure(&self, times: usize) -> Results {
        let mut results = Results::new();
        // Connections, caches and plans are warm before anything counts.
        let mut unmeasured = Results::new();
        for number in 0..10 {
            self.write(&mut unmeasured, 1_000_000 + number).await;
            self.read(&mut unmeasured).await;
        }
        for number in 0..times {
            self.write(&mut results, number).await;
            if number % 3 == 0 {
                self.read(&mut results).await;
            }
        }
        results
    }
}

/// The plan of each statement that was asked, as the database tells it now.
async fn plans(db: &Db, statements: Vec<String>) -> Value {
    let mut found = Map::new();
    for text in statements.into_iter().filter(|text| !text.contains("bench_numbers")) {
        let steps = explain(db, &text).await;
        found.insert(text, json!(steps));
    }
    Value::Object(found)
}

async fn explain(db: &Db, text: &str) -> Vec<String> {
    let mut tx = match db.read().await {
        Ok(tx) => tx,
        Err(error) => return vec![error.to_string()],
    };
    if !db.is_postgres() {
        let rows = store::sql(format!("EXPLAIN QUERY PLAN {text}")).all(&mut tx).await;
        return rows.map_or_else(
            |e| vec![e.to_string()],
            |rows| rows.iter().filter_map(|row| row.get("detail").ok()).collect(),
        );
    }
    let most = (1..).take_while(|n| text.contains(&format!("${n}"))).last().unwrap_or(0);
    let nulls = vec!["NULL"; most].join(", ");
    let call = if most == 0 { "EXPLAIN EXECUTE asked".to_owned() } else { format!("EXPLAIN EXECUTE asked({nulls})") };
    let steps = [
        "SET plan_cache_mode = force_generic_plan".to_owned(),
        format!("PREPARE asked AS {text}"),
        call,
        "DEALLOCATE asked".to_owned(),
    ];
    let mut told = Vec::new();
    for step in steps {
        match store::sql(step).all(&mut tx).await {
            Ok(rows) => told.extend(rows.iter().filter_map(|row| row.get::<String>("QUERY PLAN").ok())),
            Err(error) => {
                told.push(error.to_string());
                break;
            }
        }
    }
    told
}

fn results(results: &Results) -> Value {
    Value::Object(results.iter().map(|(name, times)| ((*name).to_owned(), times.told())).collect())
}

#[tokio::main]
async fn main() {
    let options = options();
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    let mut bench = Bench { app, story, admin };
    let empty = bench.measure(options.times).await;
    bench.app.settle().await;
    let begun = Instant::now();
    fill::fill(&bench.app.server().platform.db, &bench.story, &options.size).await.expect("the database is filled");
    eprintln!("filled in {:.0} s", begun.elapsed().as_secs_f64());
    // Nobody writes a million changes beside a running gateway: it begins with them.
    let begun = Instant::now();
    bench.app.restart().await;
    let start = begun.elapsed().as_secs_f64();
    eprintln!("started with them in {start:.1} s");
    let db = &bench.app.server().platform.db;
    testkit::statements_forget();
    let full = bench.measure(options.times).await;
    let told = json!({
        "database": if db.is_postgres() { "postgresql" } else { "sqlite" },
        "apps": options.size.apps,
        "subscriptions": options.size.subscriptions,
        "start_seconds": (start * 10.0).round() / 10.0,
        "empty": results(&empty),
        "full": results(&full),
        "reads": sweep::sweep(&bench.story, &bench.admin).await,
        "plans": plans(db, testkit::statements()).await,
    });
    println!("{told}");
}

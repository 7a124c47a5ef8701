//! The control plane on both databases, at two sizes: cost of an operation must not grow with the data.
//!
//! The measuring itself is the example `control` of `testkit`: the whole program in one process. Here it is built, run at
//! both sizes on each database, and its results are kept.

use super::machine;
use crate::cluster::Cluster;
use crate::{cargo, host};
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::process::Command;

/// How much there is to be.
#[derive(Clone, Copy, Debug)]
pub struct Full {
    /// Apps.
    pub apps: u64,
    /// Subscriptions.
    pub subscriptions: u64,
    /// How often each operation is done.
    pub times: u64,
}

/// Measures SQLite, then PostgreSQL, and writes `bench/results/control-{name}.json`.
pub fn run(full: Full, name: &str) -> Result<()> {
    let load_average = machine::load_average();
    let build = ["build", "--release", "--package", "testkit", "--example", "control"];
    let artifacts = cargo::build(&build)?;
    let program = cargo::program(&artifacts, "control").context("cargo built no example called control")?;
    let sqlite = both_sizes(&program, full, None)?;
    let cluster = Cluster::start()?;
    let postgresql = both_sizes(&program, full, Some(&cluster.url()))?;
    let report = json!({
        "about": "one caller, one request after the other, over HTTP; everything in one process; times in microseconds",
        "date": machine::today(),
        "machine": machine::describe(),
        "load_average_at_start": load_average,
        "sqlite": sqlite,
        "postgresql": postgresql,
    });
    let folder = host::root().join("bench/results");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("control-{name}.json"));
    std::fs::write(&file, serde_json::to_string_pretty(&report)? + "\n")?;
    for database in ["sqlite", "postgresql"] {
        println!("{database}: large to small {}", report[database]["large_to_small_p50"]);
        println!("{database}: reads that grow most {}", report[database]["grow_most"]);
    }
    println!("written: {}", file.display());
    Ok(())
}

/// A tenth of everything, then all of it: what grows shows between the two, in which every page is as long.
fn both_sizes(program: &Path, full: Full, database: Option<&str>) -> Result<Value> {
    let tenth = Full { apps: full.apps / 10, subscriptions: full.subscriptions / 10, times: full.times };
    let mut small = measure(program, tenth, database)?;
    let mut large = measure(program, full, database)?;
    let of = |value: &Value, name: &str, what: &str| value[name][what].as_f64();
    let names =
        |value: &Value| value.as_object().map(|all| all.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let mut ratios = Map::new();
    for name in names(&large["full"]) {
        let (now, then) = (of(&large["full"], &name, "p50_us"), of(&small["full"], &name, "p50_us"));
        if let (Some(now), Some(then)) = (now, then) {
            ratios.insert(name, json!(hundredths(now / then)));
        }
    }
    let (mut reads, mut grown) = (Map::new(), Vec::new());
    for name in names(&large["reads"]) {
        let (then, now) = (small["reads"][&name].take(), large["reads"][&name].take());
        if let (Some(a), Some(b)) = (then["p50_us"].as_f64(), now["p50_us"].as_f64()) {
            grown.push((b / a, name.clone()));
        }
        reads.insert(name, json!({"small": then, "large": now}));
    }
    grown.sort_by(|x, y| y.0.total_cmp(&x.0));
    let most: Map<String, Value> =
        grown.into_iter().take(GROW_MOST).map(|(ratio, name)| (name, json!(hundredths(ratio)))).collect();
    // The plans at the large size are those that matter.
    let plans = large["plans"].take();
    for run in [&mut small, &mut large] {
        if let Some(members) = run.as_object_mut() {
            members.retain(|name, _| name != "plans" && name != "reads");
        }
    }
    Ok(json!({
        "large_to_small_p50": ratios,
        "grow_most": most,
        "small": small,
        "large": large,
        "reads": reads,
        "plans": plans,
    }))
}

/// How many of the reads that grow most are told.
const GROW_MOST: usize = 10;

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn measure(program: &Path, full: Full, database: Option<&str>) -> Result<Value> {
    let mut command = Command::new(program);
    command.args(["--apps", &full.apps.to_string(), "--subscriptions", &full.subscriptions.to_string()]);
    command.args(["--times", &full.times.to_string()]);
    command.env("WAYLEAVE_TEST_DATABASE", database.unwrap_or_default());
    let told = String::from_utf8(host::output(&mut command)?)?;
    let last = told.lines().last().context("the example told nothing")?;
    Ok(serde_json::from_str(last)?)
}

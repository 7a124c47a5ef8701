//! The control plane on both databases, empty and full: cost of an operation must not grow with the data.
//!
//! The measuring itself is the example `control` of `testkit`: the whole program in one process. Here it is built, run once
//! for each database, and its results are kept.

use super::machine;
use crate::cluster::Cluster;
use crate::{cargo, host};
use anyhow::{Context, Result};
use serde_json::{Value, json};
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
    let sqlite = measure(&program, full, None)?;
    let cluster = Cluster::start()?;
    let postgresql = measure(&program, full, Some(&cluster.url()))?;
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
        println!("{database}: full to empty {}", report[database]["full_to_empty_p50"]);
    }
    println!("written: {}", file.display());
    Ok(())
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

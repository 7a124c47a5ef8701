//! Wayleave beside nginx and HAProxy on the same machine, with the same upstream, keys and calls.
//!
//! Each server has one core to itself; the load generator and the upstream share the other. Rounds are interleaved (A B C, B C A,
//! ...), so that whatever else the machine does meets all of them, and the figures are medians over the rounds.

pub mod control;
pub mod line;
pub mod load;
pub mod machine;
pub mod servers;
pub mod wayleave;

use crate::{cargo, host};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Map, Value, json};
use servers::{LOAD_CORE, Server, Site};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How long and how hard to measure.
#[derive(Args, Clone, Debug)]
pub struct BenchOptions {
    /// `control` measures the control plane, small and large, instead of calls
    #[arg(value_parser = ["control"])]
    what: Option<String>,
    /// Apps of the full database of `control`
    #[arg(long, default_value_t = 100_000)]
    apps: u64,
    /// Subscriptions of the full database of `control`
    #[arg(long, default_value_t = 1_000_000)]
    subscriptions: u64,
    /// How often `control` does each operation
    #[arg(long, default_value_t = 300)]
    times: u64,
    /// Rounds; each measures every server once
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Calls of one measurement at full load
    #[arg(long, default_value_t = 100_000)]
    calls: u64,
    /// Calls a second while latency is measured: well below what each of them can do
    #[arg(long, default_value_t = 10_000.0)]
    rate: f64,
    /// Kept-alive connections
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// API keys
    #[arg(long, default_value_t = 10_000)]
    keys: usize,
    /// Times that a subscription is suspended and resumed
    #[arg(long, default_value_t = 50)]
    suspensions: usize,
    /// Name of the file in bench/results, without its ending; today's date by default
    #[arg(long)]
    name: Option<String>,
    /// Only nginx and HAProxy: to check the measure itself
    #[arg(long)]
    without_wayleave: bool,
}

/// One server under test.
struct Contestant {
    name: &'static str,
    server: Server,
    address: SocketAddr,
    path: String,
    keys: PathBuf,
    rounds: Vec<Value>,
}

/// Measures everything and writes `bench/results/{name}.json`.
pub fn run(options: &BenchOptions) -> Result<()> {
    if options.what.is_some() {
        let full = control::Full { apps: options.apps, subscriptions: options.subscriptions, times: options.times };
        return control::run(full, &options.name.clone().unwrap_or_else(machine::today));
    }
    for (program, package) in [("nginx", "nginx-light"), ("haproxy", "haproxy"), ("taskset", "util-linux")] {
        if host::find_program(program, &[]).is_none() {
            host::apt_install(&[package], program)?;
        }
    }
    // Before the build, which would be seen in it.
    let load_average = machine::load_average();
    if load_average > 0.5 {
        println!("Something else runs on this machine: latencies will be wrong, processor times less so.");
    }
    let loader = loader()?;
    let folder = host::root().join("target/bench");
    // Remains of an earlier run would be measured with it.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let site = Site { folder, upstream: host::free_port()?, prefix: wayleave::PREFIX.to_owned() };
    let upstream = site.start_upstream()?;
    let mut extra = Map::from_iter([("load_average_at_start".to_owned(), json!(load_average))]);
    let mut contestants = contestants(&site, upstream, options, &mut extra)?;
    for round in 0..options.rounds {
        for turn in 0..contestants.len() {
            let index = (round + turn) % contestants.len();
            let measured = measure(&loader, &contestants[index], options)?;
            println!("round {} {:<14} {}", round + 1, contestants[index].name, brief(&measured));
            contestants[index].rounds.push(measured);
        }
    }
    let report = report(options, &contestants, extra);
    drop(contestants);
    save(options, &report)
}

/// This program again, optimised, to make load with.
fn loader() -> Result<PathBuf> {
    let artifacts = cargo::build(&["build", "--release", "--package", "xtask", "--bin", "xtask"])?;
    cargo::program(&artifacts, "xtask").context("cargo built no program called xtask")
}

/// The servers, started. The upstream alone comes last: with it the measure itself is measured.
fn contestants(
    site: &Site,
    upstream: Server,
    options: &BenchOptions,
    extra: &mut Map<String, Value>,
) -> Result<Vec<Contestant>> {
    let path = format!("{}/items/42", site.prefix);
    let mut keys = invented_keys(options.keys);
    let mut wayleave = None;
    if !options.without_wayleave {
        let subject = wayleave::Subject::prepare(site, options.keys)?;
        keys = subject.keys.clone();
        extra.insert("wayleave_start".into(), subject.start_times()?);
        let running = subject.start()?;
        extra.insert("wayleave_suspend".into(), running.suspensions(options.suspensions, &path)?);
        wayleave = Some(running);
    }
    let file = site.folder.join("keys.txt");
    std::fs::write(&file, keys.iter().map(|(key, _)| format!("{key}\n")).collect::<String>())?;
    let contestant = |name, (server, address)| Contestant {
        name,
        server,
        address,
        path: path.clone(),
        keys: file.clone(),
        rounds: Vec::new(),
    };
    let mut all =
        vec![contestant("nginx", site.start_nginx(&keys)?), contestant("haproxy", site.start_haproxy(&keys)?)];
    if let Some(running) = wayleave {
        all.push(contestant("wayleave", running.into_parts()));
    }
    all.push(contestant("upstream_alone", (upstream, servers::local(site.upstream))));
    let memory = all.iter().map(|one| (one.name.to_owned(), memory(one.server.id())));
    extra.insert("memory_before_load_bytes".into(), Value::Object(memory.collect()));
    Ok(all)
}

/// Keys of the shape and length that Wayleave makes, and a client for each hundred of them.
fn invented_keys(count: usize) -> Vec<(String, String)> {
    let key = |index: usize| {
        format!("wlk_{:032x}", (index as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
    };
    (0..count).map(|index| (key(index), format!("client-{}", index / 100))).collect()
}

/// One turn of one server: full load for the cost of a call, a steady pace for its latency.
fn measure(loader: &Path, one: &Contestant, options: &BenchOptions) -> Result<Value> {
    load(loader, one, options, options.calls / 20, None)?;
    let process = one.server.id();
    let (exact, ticks) = (machine::cpu_nanos(process), machine::cpu_tick_nanos(process));
    let full = load(loader, one, options, options.calls, None)?;
    let (exact, ticks) = (machine::cpu_nanos(process) - exact, machine::cpu_tick_nanos(process) - ticks);
    let before = machine::cpu_nanos(process);
    // Three seconds: the p99 then stands on some hundred calls.
    let calls = (options.rate * 3.0) as u64;
    let paced = load(loader, one, options, calls, Some(options.rate))?;
    let paced_nanos = machine::cpu_nanos(process) - before;
    let per_call = |nanos: u64, calls: u64| nanos as f64 / 1e3 / calls as f64;
    Ok(json!({
        "cpu_us_per_call": per_call(exact, options.calls),
        "cpu_us_per_call_by_ticks": per_call(ticks, options.calls),
        "cpu_us_per_call_paced": per_call(paced_nanos, calls),
        "full_load": full,
        "paced": paced,
    }))
}

/// Runs the load generator on its core; every call has to be answered with 200.
fn load(loader: &Path, one: &Contestant, options: &BenchOptions, calls: u64, rate: Option<f64>) -> Result<Value> {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &LOAD_CORE.to_string()]).arg(loader).arg("load");
    command.args(["--address", &one.address.to_string(), "--path", &one.path]).arg("--keys").arg(&one.keys);
    command.args(["--connections", &options.connections.to_string(), "--calls", &calls.to_string()]);
    if let Some(rate) = rate {
        command.args(["--rate", &rate.to_string()]);
    }
    let result: Value = serde_json::from_slice(&host::output(&mut command)?)?;
    if result["statuses"] != json!({"200": calls}) {
        bail!("{} answered {} to {calls} calls of {}", one.name, result["statuses"], one.path);
    }
    Ok(result)
}

fn brief(measured: &Value) -> String {
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let (full, paced) = (&measured["full_load"], &measured["paced"]);
    format!(
        "{:6.2} us CPU a call, {:7.0} calls/s; paced p50 {:5.0} us, p99 {:6.0} us",
        number(&measured["cpu_us_per_call"]),
        number(&full["per_second"]),
        number(&paced["p50_us"]),
        number(&paced["p99_us"]),
    )
}

fn memory(process: u32) -> Value {
    let (resident, proportional) = machine::memory_bytes(process);
    json!({"resident": resident, "proportional": proportional})
}

fn report(options: &BenchOptions, contestants: &[Contestant], extra: Map<String, Value>) -> Value {
    let figures =
        ["/cpu_us_per_call", "/cpu_us_per_call_paced", "/full_load/per_second", "/paced/p50_us", "/paced/p99_us"];
    let mut medians = Map::new();
    for one in contestants {
        let mut row = Map::new();
        for figure in figures {
            let name = figure.trim_start_matches('/').replace('/', "_");
            let value = median(&one.rounds, figure);
            let measure = median(&contestants[0].rounds, figure);
            row.insert(format!("{name}_to_nginx"), json!(round(value / measure, 3)));
            row.insert(name, json!(round(value, 2)));
        }
        medians.insert(one.name.to_owned(), Value::Object(row));
    }
    let memory_after = contestants.iter().map(|one| (one.name.to_owned(), memory(one.server.id())));
    json!({
        "about": "one core for the server, the other for load generator and upstream; HTTP/1.1, kept alive; medians over the rounds",
        "date": machine::today(),
        "machine": machine::describe(),
        "setting": {
            "rounds": options.rounds, "calls": options.calls, "connections": options.connections,
            "keys": options.keys, "paced_per_second": options.rate,
        },
        "medians": medians,
        "memory_after_load_bytes": Value::Object(memory_after.collect()),
        "more": extra,
        "rounds": contestants.iter().map(|one| (one.name.to_owned(), json!(one.rounds))).collect::<Map<_, _>>(),
    })
}

/// The middle of what the rounds have at `pointer`.
fn median(rounds: &[Value], pointer: &str) -> f64 {
    let values = rounds.iter().filter_map(|round| round.pointer(pointer)?.as_f64());
    middle(values.collect())
}

/// The median; NaN of nothing.
pub fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => values[count / 2],
        count => f64::midpoint(values[count / 2 - 1], values[count / 2]),
    }
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

fn save(options: &BenchOptions, report: &Value) -> Result<()> {
    let name = options.name.clone().unwrap_or_else(machine::today);
    let file = host::root().join("bench/results").join(format!("{name}.json"));
    std::fs::create_dir_all(host::root().join("bench/results"))?;
    std::fs::write(&file, serde_json::to_string_pretty(report)? + "\n")?;
    println!("\n{}", serde_json::to_string_pretty(&report["medians"])?);
    println!("{}", serde_json::to_string_pretty(&report["more"])?);
    println!("\nwritten: {}", file.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_and_does_not_mind_the_order() {
        assert_eq!(middle(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(middle(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
        assert!(middle(Vec::new()).is_nan());
    }

    #[test]
    fn invented_keys_are_all_different() {
        let keys = invented_keys(10_000).into_iter().map(|(key, _)| key).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(keys.len(), 10_000);
        assert!(keys.iter().all(|key| key.len() == 36));
    }
}

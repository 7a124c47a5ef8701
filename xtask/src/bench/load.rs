//! The load generator: kept-alive HTTP/1.1 connections, one thread each, that send prepared calls and time the answers.
//!
//! Threads that block are simple, and cheap enough here: the generator shares its core with the upstream, and the server under
//! test, on the other core, is what is full. Every server gets the same calls in the same order.

use super::line::Line;
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What load to make. It goes to loopback only.
#[derive(Args, Clone, Debug)]
pub struct LoadOptions {
    /// Where to, for example 127.0.0.1:8000
    #[arg(long)]
    pub address: SocketAddr,
    /// The path that is called
    #[arg(long)]
    pub path: String,
    /// A file with one API key a line; each call carries the next one as X-API-Key
    #[arg(long)]
    pub keys: PathBuf,
    /// Connections, each with one call under way
    #[arg(long, default_value_t = 32)]
    pub connections: usize,
    /// Calls in all
    #[arg(long)]
    pub calls: u64,
    /// Calls a second over all connections; without it, as fast as they are answered
    #[arg(long)]
    pub rate: Option<f64>,
}

/// Makes the load and prints what came of it as one line of JSON.
pub fn run(options: &LoadOptions) -> Result<()> {
    println!("{}", make(options)?);
    Ok(())
}

/// Makes the load. Answers `{calls, seconds, per_second, statuses, p50_us, p90_us, p99_us, p999_us, max_us}`.
///
/// # Errors
/// When the address is not loopback, a connection breaks, or an answer cannot be read.
pub fn make(options: &LoadOptions) -> Result<Value> {
    if !options.address.ip().is_loopback() {
        bail!("{} is not a loopback address", options.address);
    }
    let text =
        std::fs::read_to_string(&options.keys).with_context(|| format!("cannot read {}", options.keys.display()))?;
    let calls = text.lines().map(|key| call(options, key)).collect::<Vec<_>>();
    if calls.is_empty() || options.connections == 0 {
        bail!("there is nothing to send: name at least one key and one connection");
    }
    let next = AtomicU64::new(0);
    let begun = Instant::now();
    let results = std::thread::scope(|scope| {
        let connection = |index| {
            let (calls, next) = (&calls, &next);
            scope.spawn(move || connection(options, index, calls, next, begun))
        };
        let threads = (0..options.connections).map(connection).collect::<Vec<_>>();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Result<Timed>>| {
            thread.join().unwrap_or_else(|_| Err(anyhow!("a connection's thread panicked")))
        };
        threads.into_iter().map(join).collect::<Result<Vec<_>>>()
    })?;
    Ok(report(results, begun.elapsed()))
}

/// What one connection saw.
#[derive(Default)]
struct Timed {
    nanos: Vec<u64>,
    statuses: BTreeMap<u16, u64>,
}

fn call(options: &LoadOptions, key: &str) -> Vec<u8> {
    let LoadOptions { address, path, .. } = options;
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {key}\r\nAccept: */*\r\n\r\n").into_bytes()
}

fn connection(
    options: &LoadOptions,
    index: usize,
    calls: &[Vec<u8>],
    next: &AtomicU64,
    begun: Instant,
) -> Result<Timed> {
    let mut line = Line::open(options.address)?;
    let mut timed = Timed::default();
    let gap = options.rate.map(|rate| Duration::from_secs_f64(options.connections as f64 / rate));
    // Spread over the gap, so that the connections do not all send at once.
    let mut due = gap.map(|gap| begun + gap.mul_f64(index as f64 / options.connections as f64));
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= options.calls {
            return Ok(timed);
        }
        let from = match (&mut due, gap) {
            (Some(due), Some(gap)) => start_at(due, gap),
            _ => Instant::now(),
        };
        // A step that shares no factor with the number of keys visits all of them, far from the one before.
        let chosen = (number.wrapping_mul(7_919) % calls.len() as u64) as usize;
        let status = line.exchange(&calls[chosen])?.status;
        timed.nanos.push(u64::try_from(from.elapsed().as_nanos()).unwrap_or(u64::MAX));
        *timed.statuses.entry(status).or_default() += 1;
    }
}

/// Waits until the next call is due, and answers when its time begins. A call that is late because the one before it was
/// answered late is timed from when it was due (otherwise a slow server would be asked less and look better); one that is late
/// because the sleep was long is timed from now, since that is not the server's doing.
fn start_at(due: &mut Instant, gap: Duration) -> Instant {
    let scheduled = *due;
    *due += gap;
    let now = Instant::now();
    if now >= scheduled {
        return scheduled;
    }
    std::thread::sleep(scheduled - now);
    Instant::now()
}

fn report(results: Vec<Timed>, took: Duration) -> Value {
    let mut nanos = Vec::new();
    let mut statuses = BTreeMap::new();
    for timed in results {
        nanos.extend(timed.nanos);
        timed
            .statuses
            .into_iter()
            .for_each(|(status, count)| *statuses.entry(status.to_string()).or_insert(0) += count);
    }
    nanos.sort_unstable();
    let micros = |share: f64| {
        let index = ((nanos.len() as f64 * share).ceil() as usize).clamp(1, nanos.len().max(1)) - 1;
        nanos.get(index).map(|nanos| *nanos as f64 / 1e3)
    };
    json!({
        "calls": nanos.len(),
        "seconds": took.as_secs_f64(),
        "per_second": nanos.len() as f64 / took.as_secs_f64(),
        "statuses": statuses,
        "p50_us": micros(0.5),
        "p90_us": micros(0.9),
        "p99_us": micros(0.99),
        "p999_us": micros(0.999),
        "max_us": micros(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let timed =
            Timed { nanos: (1..=1_000).rev().map(|n| n * 1_000).collect(), statuses: BTreeMap::from([(200, 1_000)]) };
        let report = report(vec![timed], Duration::from_secs(2));
        assert_eq!(
            (&report["p50_us"], &report["p99_us"], &report["max_us"]),
            (&json!(500.0), &json!(990.0), &json!(1000.0))
        );
        assert_eq!((&report["per_second"], &report["statuses"]), (&json!(500.0), &json!({"200": 1_000})));
    }
}

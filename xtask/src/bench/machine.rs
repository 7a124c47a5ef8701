//! What the numbers were measured on: enough to judge them by, nothing that names whose machine it is.

use crate::host::{self, stat, tree};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Processor, cores, memory, kernel and the versions of everything that takes part.
pub fn describe() -> Value {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(':'));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kilobytes =
        memory.and_then(|text| text.trim().strip_suffix("kB")).and_then(|text| text.trim().parse::<u64>().ok());
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let system = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or_default();
    json!({
        "processor": model.map(|(_, name)| name.trim()),
        "cores": cores,
        "memory_mib": kilobytes.map(|kilobytes| kilobytes / 1024),
        "system": system.trim_matches('"'),
        "kernel": kernel(),
        "virtual": cpu.contains("hypervisor"),
        "versions": {
            "rustc": first_line("rustc", &["--version"]),
            "nginx": first_line("nginx", &["-v"]),
            "haproxy": first_line("haproxy", &["-v"]),
        },
        "commit": first_line("git", &["-C", &host::root().to_string_lossy(), "describe", "--always", "--dirty"]),
    })
}

/// The kernel's version without what its builder has added.
fn kernel() -> String {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    release.trim().split('-').next().unwrap_or_default().to_owned()
}

/// How many processes wanted to run, on average over the last minute.
pub fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(f64::NAN)
}

/// Today, in UTC, as the system's own `date` says it.
pub fn today() -> String {
    first_line("date", &["-u", "+%F"]).unwrap_or_else(|| "undated".into())
}

/// The first line that a program prints, wherever it prints it.
fn first_line(program: &str, args: &[&str]) -> Option<String> {
    let file = host::find_program(program, &[])?;
    let output = Command::new(file).args(args).output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&text).lines().next().map(str::to_owned)
}

/// Processor time that a process and all below it have used, in nanoseconds.
///
/// The scheduler's own count (`schedstat`) is exact; where the kernel does not keep it, `utime + stime` in ticks of 10 ms.
pub fn cpu_nanos(root: u32) -> u64 {
    tree(root).into_iter().map(|process| exact(process).unwrap_or_else(|| ticks(process))).sum()
}

/// `utime + stime` of a process and all below it, in nanoseconds, in steps of one clock tick.
pub fn cpu_tick_nanos(root: u32) -> u64 {
    tree(root).into_iter().map(ticks).sum()
}

/// Memory that a process and all below it keep resident, in bytes: `(resident, proportional)`. The second shares out what
/// several processes have in common.
pub fn memory_bytes(root: u32) -> (u64, u64) {
    let field = |process: u32, name: &str| {
        let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim().strip_suffix("kB").and_then(|kilobytes| kilobytes.trim().parse::<u64>().ok()).unwrap_or(0) * 1024
    };
    let sum = |name: &str| tree(root).into_iter().map(|process| field(process, name)).sum();
    (sum("Rss:"), sum("Pss:"))
}

fn ticks(process: u32) -> u64 {
    // The kernel shows 100 ticks a second to programs, whatever it counts by itself.
    (stat(process, 11).unwrap_or(0) + stat(process, 12).unwrap_or(0)) * 10_000_000
}

fn exact(process: u32) -> Option<u64> {
    let mut sum = 0;
    for task in std::fs::read_dir(Path::new("/proc").join(process.to_string()).join("task")).ok()?.flatten() {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        sum += text.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_processor_time_grows_with_work() {
        let me = std::process::id();
        let before = cpu_nanos(me);
        let sum = (0..20_000_000_u64).fold(0_u64, |sum, n| std::hint::black_box(sum ^ n.wrapping_mul(31)));
        assert!(cpu_nanos(me) > before, "{sum}");
        assert!(memory_bytes(me).0 > 0);
    }
}

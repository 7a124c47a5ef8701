//! Counting what passed and what failed, by the closing lines of test runners.

use crate::host;
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

/// Who runs tests, and so what their closing lines look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// `cargo test`.
    Cargo,
    /// Vitest.
    Vitest,
    /// The console's browser tests and its budgets, which close with a line of our own: `12 passed, 1 failed`.
    Console,
}

/// How many tests passed and failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// The names of those that failed, as their runner prints them.
    pub names: Vec<String>,
}

impl Count {
    /// One check, passed or failed.
    pub fn one(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed), names: Vec::new() }
    }

    /// Reads one line of what a runner prints.
    fn read(&mut self, runner: Runner, line: &str) {
        match runner {
            Runner::Cargo => self.read_cargo(line.trim()),
            Runner::Vitest => self.read_vitest(line.trim()),
            Runner::Console => self.read_console(line.trim()),
        }
    }

    /// `Tests  1 failed | 11 passed (12)`, or ` FAIL  src/a.test.ts > it adds`.
    fn read_vitest(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("FAIL ") {
            self.names.push(name.trim().to_owned());
        }
        let Some(counts) = line.strip_prefix("Tests ") else { return };
        for part in counts.split('|') {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                _ => {}
            }
        }
    }

    /// `12 passed, 1 failed`, the closing line (`console/e2e/support/tally.ts`, `console/scripts/`); a failed test of the browser
    /// is told as `1) e2e/a.test.ts:3:1 › it signs in`.
    fn read_console(&mut self, line: &str) {
        let numbered = line.split_once(") ").filter(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        if let Some((_, name)) = numbered
            && name.contains(" › ")
        {
            let name = name.trim_end_matches(['─', ' ']);
            if !self.names.iter().any(|known| known == name) {
                self.names.push(name.to_owned());
            }
        }
        let words = line.split_whitespace().collect::<Vec<_>>();
        if let [passed, "passed,", failed, "failed"] = words[..]
            && let (Ok(passed), Ok(failed)) = (passed.parse::<usize>(), failed.parse::<usize>())
        {
            self.passed += passed;
            self.failed += failed;
        }
    }

    /// `test result: ok. 3 passed; 0 failed; ...` or `test a::b ... FAILED`.
    fn read_cargo(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED")) {
            self.names.push(name.to_owned());
        }
        let Some(result) = line.strip_prefix("test result: ") else { return };
        let Some((_, counts)) = result.split_once(". ") else { return };
        for part in counts.split(';') {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                _ => {}
            }
        }
    }

    /// Adds another count to this one.
    pub fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.names.extend(other.names.iter().cloned());
    }
}

/// One line of the summary.
#[derive(Clone, Debug)]
pub struct Step {
    /// What was checked.
    pub name: String,
    /// With which result.
    pub count: Count,
    /// How long it took.
    pub took: Duration,
    /// What to do, when it failed; or why it was left out.
    pub note: String,
}

/// What has been run so far, and what came of it.
#[derive(Debug, Default)]
pub struct Summary {
    steps: Vec<Step>,
}

impl Summary {
    /// Runs one step and keeps its result. A step that could not be run has failed.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Count>) {
        println!("\n=== {name}");
        let begun = Instant::now();
        let (count, note) = match work() {
            Ok(count) => (count, String::new()),
            Err(error) => {
                println!("{error:#}");
                let first = format!("{error:#}").lines().next().unwrap_or_default().to_owned();
                (Count::one(false), first)
            }
        };
        self.steps.push(Step { name: name.to_owned(), count, took: begun.elapsed(), note });
    }

    /// Notes a step that was left out, and why. It counts as nothing.
    pub fn skip(&mut self, name: &str, why: &str) {
        println!("\n=== {name}: left out, {why}");
        let step = Step { name: name.to_owned(), count: Count::default(), took: Duration::ZERO, note: why.to_owned() };
        self.steps.push(step);
    }

    /// Everything added up.
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        self.steps.iter().for_each(|step| total.add(&step.count));
        total
    }

    /// Prints the table. Answers whether nothing failed and something ran.
    pub fn print(&self) -> bool {
        let total = self.total();
        print!("{}", self.text());
        total.failed == 0 && total.passed > 0
    }

    /// The table, and as its last line `N passed, N failed`.
    pub fn text(&self) -> String {
        let mut lines = vec![String::new(), format!("{:<34} {:>7} {:>7} {:>8}", "step", "passed", "failed", "seconds")];
        for Step { name, count, took, note } in &self.steps {
            let seconds = took.as_secs_f64();
            let line = format!("{name:<34} {:>7} {:>7} {seconds:>8.1}  {note}", count.passed, count.failed);
            lines.push(line.trim_end().to_owned());
        }
        let total = self.total();
        lines.extend(total.names.iter().map(|name| format!("failed: {name}")));
        lines.push(format!("\n{} passed, {} failed\n", total.passed, total.failed));
        lines.join("\n")
    }
}

/// Silence after which a runner is taken for stuck. A cold build on a small machine is silent for a third of this.
const SILENCE: Duration = Duration::from_secs(30 * 60);

/// Runs a test runner, shows what it prints, and counts. One that fails without saying so, or gets stuck, counts as one failure.
pub fn watch(runner: Runner, command: &mut Command) -> Result<Count> {
    watch_for(runner, command, SILENCE)
}

fn watch_for(runner: Runner, command: &mut Command, patience: Duration) -> Result<Count> {
    let shown = host::shown(command);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("cannot start {shown}"))?;
    let out = child.stdout.take().with_context(|| format!("{shown} has no output"))?;
    let (sender, lines) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        BufReader::new(out).split(b'\n').map_while(Result::ok).all(|line| sender.send(line).is_ok())
    });
    let mut count = Count::default();
    let stuck = loop {
        match lines.recv_timeout(patience) {
            Ok(line) => {
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                count.read(runner, &line);
            }
            Err(RecvTimeoutError::Disconnected) => break false,
            Err(RecvTimeoutError::Timeout) => break true,
        }
    };
    if stuck {
        println!("{shown} has said nothing for {} s: ended", patience.as_secs());
        host::end(child.id());
    }
    let status = child.wait()?;
    if !status.success() && count.failed == 0 {
        println!("{shown} ended with {status}");
        count.add(&Count { names: vec![format!("{shown} ({status})")], ..Count::one(false) });
    } else if runner != Runner::Cargo && count.passed + count.failed == 0 {
        count.add(&Count { names: vec![format!("{shown} (ran no test)")], ..Count::one(false) });
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_a_test_run_are_added_up() {
        let mut count = Count::default();
        for line in [
            "running 3 tests",
            "test a::b ... ok",
            "test a::c ... FAILED",
            "test result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 7 filtered out; finished in 0.01s",
            "test result: ok. 10 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
            "the page says: 5 passed; 5 failed",
        ] {
            count.read(Runner::Cargo, line);
        }
        assert_eq!(count, Count { passed: 12, failed: 1, names: vec!["a::c".into()] });
    }

    fn counted(runner: Runner, text: &str) -> Count {
        let mut count = Count::default();
        text.lines().for_each(|line| count.read(runner, line));
        count
    }

    #[test]
    fn the_closing_lines_of_vitest_are_added_up() {
        let text = " FAIL  src/i18n/de.test.ts > every text is translated\n Test Files  1 failed | 3 passed (4)\n      \
                    Tests  1 failed | 11 passed (12)\n   Duration  1.2s";
        let names = vec!["src/i18n/de.test.ts > every text is translated".to_owned()];
        assert_eq!(counted(Runner::Vitest, text), Count { passed: 11, failed: 1, names });
        assert_eq!(counted(Runner::Vitest, "  Tests  5 passed (5)").passed, 5);
        assert_eq!(counted(Runner::Vitest, "  Tests  2 failed (2)").failed, 2);
    }

    #[test]
    fn the_closing_line_of_the_browser_tests_is_read() {
        let text = "Running 6 tests using 1 worker\n  ✓  1 e2e/a.test.ts:3:1 › signs in (1.2s)\n  \
                    1) e2e/b.test.ts:9:1 › keyboard only ─────────\n\n  2 failed\n    e2e/b.test.ts:9:1 › keyboard only ──\n  \
                    3 passed (12.3s)\n3 passed, 2 failed\n";
        let names = vec!["e2e/b.test.ts:9:1 › keyboard only".to_owned()];
        assert_eq!(counted(Runner::Console, text), Count { passed: 3, failed: 2, names });
    }

    #[test]
    fn a_runner_of_the_console_that_ran_no_test_has_failed() {
        let count = watch(Runner::Vitest, Command::new("sh").args(["-c", "echo 'No test files found'"])).unwrap();
        assert_eq!((count.passed, count.failed), (0, 1));
    }

    #[test]
    fn a_runner_that_dies_in_silence_counts_as_a_failure() {
        let count =
            watch(Runner::Cargo, Command::new("sh").args(["-c", "echo 'test result: ok. 2 passed; 0 failed'; exit 3"]))
                .unwrap();
        assert_eq!((count.passed, count.failed), (2, 1));
    }

    #[test]
    fn a_runner_that_gets_stuck_is_ended_with_all_that_it_started() {
        let mut stuck = Command::new("sh");
        stuck.args(["-c", "echo 'test result: ok. 2 passed; 0 failed'; cat /dev/zero | wc -c"]);
        let count = watch_for(Runner::Cargo, &mut stuck, Duration::from_millis(200)).unwrap();
        assert_eq!((count.passed, count.failed), (2, 1));
    }

    #[test]
    fn a_step_that_cannot_run_is_a_failure_and_a_skipped_one_is_nothing() {
        let mut summary = Summary::default();
        summary.step("broken", || anyhow::bail!("no such thing"));
        summary.skip("absent", "not installed");
        assert!(summary.text().ends_with("\n0 passed, 1 failed\n"), "{}", summary.text());
        summary.step("whole", || Ok(Count { passed: 4, ..Count::default() }));
        assert!(summary.text().ends_with("\n4 passed, 1 failed\n"), "{}", summary.text());
    }
}

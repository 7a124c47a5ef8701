//! The command line of `cargo xtask`.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use xtask::{bench, chores, console, generate, suite};

/// The chores of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build the program and start it with people, APIs and plans to try
    Demo {
        /// Passed on to `wayleave demo`, for example --fresh
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Build the web console into console/dist; a running debug build shows it at the next page load
    Console,
    /// The demo with a console that follows its source while you write it
    Dev {
        /// Passed on to `wayleave demo`, for example --fresh
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run every test there is, on SQLite, on PostgreSQL and in a browser; sets up what it needs
    Test(suite::TestOptions),
    /// The quick checks before a commit: format, lints, house rules, tests on SQLite
    Check,
    /// Write the committed files that are generated, or compare them
    Gen {
        /// Change nothing; fail if a file is not as it would be written
        #[arg(long)]
        check: bool,
    },
    /// Run the tour of the README on both databases
    Tour,
    /// Measure beside nginx and HAProxy; writes bench/results/
    Bench(bench::BenchOptions),
    /// Build the release binary and say how large it is
    Dist,
    /// Make load for `bench`, in a process of its own so that it can be pinned to a core
    #[command(hide = true)]
    Load(bench::load::LoadOptions),
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether the chore found everything in order.
fn run(cli: Cli) -> Result<bool> {
    match cli.chore {
        Chore::Demo { args } => chores::demo(&args).map(|()| true),
        Chore::Console => console::build().map(|()| true),
        Chore::Dev { args } => console::dev(&args).map(|()| true),
        Chore::Test(options) => suite::test(&options),
        Chore::Check => suite::check(),
        Chore::Gen { check: true } => generate::check(),
        Chore::Gen { check: false } => generate::write().map(|()| true),
        Chore::Tour => suite::tour(),
        Chore::Bench(options) => bench::run(&options).map(|()| true),
        Chore::Dist => chores::dist().map(|()| true),
        Chore::Load(options) => bench::load::run(&options).map(|()| true),
    }
}

//! The command line.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wayleave::{Config, Server, demo, first_login, generate, log, trail};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A right of way for APIs: catalogue, access requests, OAuth 2 server and gateway in one program.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// Configuration file; `wayleave.toml` in this folder if it is there.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run everything in this process.
    Serve,
    /// Run with people, APIs and a sample upstream to play with.
    Demo(DemoArguments),
    /// Run the demo's upstream alone, to have something to forward to.
    Sample {
        /// Where it listens.
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Bring the database up to date and stop.
    Migrate,
    /// Try what the configuration names, such as the mail server, and say what is wrong.
    Doctor,
    /// What only somebody on this machine may do.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// The audit trail.
    #[command(subcommand)]
    Trail(TrailCommand),
    /// Print generated files.
    #[command(subcommand, hide = true)]
    Gen(GenCommand),
}

#[derive(clap::Args)]
struct DemoArguments {
    /// Begin anew: removes what an earlier demo kept.
    #[arg(long)]
    fresh: bool,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Give a person a new random password and print it. Works while the program runs.
    ResetPassword {
        /// Whose.
        username: String,
    },
}

#[derive(Subcommand)]
enum TrailCommand {
    /// Say whether the trail is as it was written; ends with 1 if not, and names the first entry that is not.
    Verify {
        /// An export (JSON Lines or CSV) instead of the database. Needs nothing else.
        file: Option<PathBuf>,
        /// A head that an earlier verification printed and that was kept elsewhere: `NUMBER:HASH`.
        #[arg(long, value_parser = trail::parse_head)]
        head: Option<(i64, String)>,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Say whether the configuration can be used.
    Check,
    /// Print every setting as it is in force.
    Show,
}

#[derive(Subcommand)]
enum GenCommand {
    /// The OpenAPI document of the management interface.
    Openapi,
    /// The database's schema.
    Schema,
    /// Reference pages, into this folder.
    Reference { folder: PathBuf },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("wayleave: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode> {
    let file = arguments.config.as_deref();
    let done = match arguments.command {
        Command::Trail(TrailCommand::Verify { file: export, head }) => return verify(file, export, head).await,
        Command::Serve => serve(Config::load(file)?).await,
        Command::Demo(given) => demo::run(Config::load(file)?, given.fresh, stop_signal()?).await,
        Command::Sample { listen } => demo::run_sample(listen, stop_signal()?).await,
        Command::Config(ConfigCommand::Check) => {
            Config::load(file)?;
            println!("The configuration can be used.");
            Ok(())
        }
        Command::Config(ConfigCommand::Show) => {
            print!("{}", Config::load(file)?.show()?);
            Ok(())
        }
        Command::Admin(AdminCommand::ResetPassword { username }) => {
            wayleave::offline::reset_password(&Config::load(file)?, &username).await
        }
        Command::Migrate => migrate(&Config::load(file)?).await,
        Command::Doctor => doctor(&Config::load(file)?).await,
        Command::Gen(what) => gen_files(what).await,
    };
    done.map(|()| ExitCode::SUCCESS)
}

async fn verify(config: Option<&Path>, export: Option<PathBuf>, head: Option<(i64, String)>) -> Result<ExitCode> {
    let verdict = match export {
        Some(export) => trail::verify_file(&export, head)?,
        None => trail::verify_database(&Config::load(config)?, head).await?,
    };
    println!("{}", verdict.words);
    Ok(if verdict.intact { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn serve(config: Config) -> Result<()> {
    log::begin(&config)?;
    let stop = stop_signal()?;
    let server = Server::start(&config, base::Clock::System).await?;
    println!("Console        {}   API reference {}/api/docs", server.public_url, server.public_url);
    println!("Gateway        {}", server.gateway_url);
    println!("Operations     http://{}/readyz", server.operations);
    if server.first_start {
        println!(
            "\nFirst start: the administrator's name and password are in {}",
            first_login::path(&config.data).display()
        );
        print_first_login(&config.data);
        println!(
            "\nNext: sign in at {}/login, or make a personal access token for the terminal\n{}",
            server.public_url,
            next_command(&server, &config.data)
        );
    }
    println!("\nCtrl-C ends it.");
    stop.await?;
    println!("\nStopping ...");
    server.shutdown().await;
    Ok(())
}

/// The terminal may show the first password; logs never do, and standard output is no log.
fn print_first_login(data: &Path) {
    use std::io::IsTerminal as _;
    if std::io::stdout().is_terminal()
        && let Ok(text) = std::fs::read_to_string(first_login::path(data))
    {
        println!("  {}", text.trim());
    }
}

fn next_command(server: &Server, data: &Path) -> String {
    let (url, file) = (&server.public_url, first_login::path(data));
    format!(
        "  PASSWORD=$(sed -n 's/^admin //p' '{}'); JSON='Content-Type: application/json'\n  \
           CSRF=$(curl -s -c jar -H \"$JSON\" -d \"{{\\\"username\\\":\\\"admin\\\",\\\"password\\\":\\\"$PASSWORD\\\"}}\" {url}/api/v1/session | sed -n 's/.*\"csrf_token\":\"\\([^\"]*\\)\".*/\\1/p')\n  \
           curl -s -b jar -H \"X-CSRF-Token: $CSRF\" -H \"$JSON\" -d '{{\"name\":\"terminal\"}}' {url}/api/v1/me/tokens; echo",
        file.display()
    )
}

/// Listens for Ctrl-C and SIGTERM from now on; the future ends when one came. To be called before anybody is told that
/// the program runs: a signal that comes earlier would end it without a word.
fn stop_signal() -> Result<impl Future<Output = Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}

async fn doctor(config: &Config) -> Result<()> {
    let found = wayleave::doctor::examine(config).await;
    print!("{}", found.text);
    anyhow::ensure!(found.well, "something is wrong; see above");
    Ok(())
}

async fn migrate(config: &Config) -> Result<()> {
    std::fs::create_dir_all(&config.data)?;
    let db = store::Db::open(&config.database_url()?).await?;
    let applied = db.migrate().await?;
    if applied.is_empty() {
        println!("The database is up to date.");
    }
    for name in applied {
        println!("applied {name}");
    }
    db.close().await;
    Ok(())
}

async fn gen_files(what: GenCommand) -> Result<()> {
    match what {
        GenCommand::Openapi => print!("{}", generate::openapi()?),
        GenCommand::Schema => print!("{}", generate::schema(&std::env::temp_dir()).await?),
        GenCommand::Reference { folder } => {
            std::fs::create_dir_all(&folder)?;
            for (name, text) in generate::reference()? {
                std::fs::write(folder.join(name), text)?;
            }
        }
    }
    Ok(())
}

//! Log lines: text for people or JSON, to standard error.

use crate::config::{Config, LogFormat};
use anyhow::{Context as _, Result};
use tracing_subscriber::EnvFilter;

/// Passes directives that can be understood.
///
/// # Errors
/// Names the setting and the value.
pub fn check(directives: &str) -> Result<()> {
    filter(directives).map(|_| ())
}

fn filter(directives: &str) -> Result<EnvFilter> {
    // The database driver tells of every slow statement, parameters aside; that is its user's business at debug.
    let all = format!("{directives},sqlx=warn,hyper=warn,h2=warn");
    EnvFilter::try_new(&all)
        .with_context(|| format!("log = {directives:?} is neither a level nor a list of directives"))
}

/// Begins logging.
///
/// # Errors
/// The directives cannot be understood, or logging has begun already.
pub fn begin(config: &Config) -> Result<()> {
    let builder = tracing_subscriber::fmt().with_env_filter(filter(&config.log)?).with_writer(std::io::stderr);
    let done = match config.log_format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    done.map_err(|e| anyhow::anyhow!("logging cannot begin: {e}"))
}

//! The demo: people, APIs and a sample upstream to play with.

use anyhow::Result;
use wayleave::Config;

/// Runs the demo.
pub async fn run(_config: Config, _fresh: bool) -> Result<()> {
    anyhow::bail!("not built yet")
}

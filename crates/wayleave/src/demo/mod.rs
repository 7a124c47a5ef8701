//! The demo: everything in one process, with people, APIs and an upstream to play with.
//!
//! Seeds once, into a folder of its own, and goes on from there at each later start.

mod caller;
mod catalogue;
mod folder;
mod guide;
mod hooks;
mod market;
mod parties;
mod release;
mod seed;
mod terms;
mod upstream;

#[cfg(test)]
mod tests;

use crate::config::Config;
use crate::server::Server;
use anyhow::{Context as _, Result, bail};
use base::Clock;
use base::id::{Id as _, OrganizationId};
use folder::{Folder, World};
use guide::Guide;
use platform::cx::Signed;
use platform::{Cx, Platform, Registration, user, version};
use seed::Secrets;
use std::future::Future;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Runs the demo until `stop` completes. `fresh` removes what an earlier demo kept in the same folder.
///
/// # Errors
/// A port is taken, the folder is not the demo's, or another demo runs in it.
pub async fn run(config: Config, fresh: bool, stop: impl Future<Output = Result<()>>) -> Result<()> {
    crate::log::begin(&config)?;
    let demo = Demo::start(config, fresh, Clock::System).await?;
    print!("{}", demo.guide(std::io::stdout().is_terminal()));
    stop.await?;
    println!("\nStopping ...");
    demo.end().await
}

/// Serves the sample upstream alone until `stop` completes.
///
/// # Errors
/// The address is taken.
pub async fn run_sample(listen: SocketAddr, stop: impl Future<Output = Result<()>>) -> Result<()> {
    let sample = Sample::start(listen).await.with_context(|| format!("--listen {listen} cannot be used"))?;
    println!("Sample upstream  http://{}", sample.address);
    for api in &upstream::APIS {
        println!("  {:<20} http://{}{}", api.name, sample.address, api.mount);
    }
    stop.await?;
    sample.end().await
}

/// A running demo.
struct Demo {
    folder: Folder,
    world: World,
    sample: Sample,
    server: Server,
    secrets: Option<Secrets>,
}

impl Demo {
    async fn start(mut config: Config, fresh: bool, clock: Clock) -> Result<Self> {
        if fresh && config.database.is_some() {
            bail!(
                "--fresh empties the demo's folder, not the database that `database` names; empty that yourself, or leave the setting out"
            );
        }
        let folder = Folder::open(&Folder::choose(&config))?;
        let mut world = folder.world()?;
        if fresh || !world.finished {
            // Also where an earlier start was interrupted: half a demo is of no use to anybody.
            folder.clear()?;
            world = World::default();
            folder.remember(&world)?;
        }
        config.data = folder.path().to_owned();
        config.registration = Registration::Open;
        // Every call can be looked up, the ones that pass too.
        config.decision_sample = 1.0;
        let sample = Sample::resume(world.sample).await?;
        // The sample is on this machine, and the demo's webhooks lead there.
        config.webhook_allow_networks.push(sample.address.ip().to_string());
        config.webhook_allow_http = true;
        let server = Server::start(&config, clock).await?;
        let made = Self::furnish(&folder, &mut world, &sample, &server).await;
        let demo = Self { folder, world, sample, server, secrets: None };
        match made {
            Ok(secrets) => Ok(Self { secrets, ..demo }),
            Err(error) => {
                demo.end().await?;
                Err(error)
            }
        }
    }

    /// Seeds at the first start; answers the secrets that were made then. Later it sees to the destinations.
    async fn furnish(folder: &Folder, world: &mut World, sample: &Sample, server: &Server) -> Result<Option<Secrets>> {
        if !world.finished {
            if !server.first_start {
                bail!("the database is in use already; the demo begins with an empty one (setting `database`)");
            }
            let (seeded, secrets) =
                seed::seed(server.control, sample.address, folder.path()).await.context("the demo cannot be seeded")?;
            // Its password is in the demo's file with all others, and there is nothing left to set up.
            user::keep_password(&Cx::system(&server.platform), crate::first_login::ADMINISTRATOR).await?;
            *world = seeded;
            folder.remember(world)?;
            return Ok(Some(secrets));
        }
        if world.sample != Some(sample.address) {
            if let Err(error) = redirect(&server.platform, world, sample.address).await {
                // Somebody has taken the provider's rights away, for example. Everything else goes on.
                tracing::warn!(%error, "demo.destinations_stay");
                return Ok(None);
            }
            world.sample = Some(sample.address);
            folder.remember(world)?;
        }
        Ok(None)
    }

    /// What there is to know about it; secrets only for a terminal.
    fn guide(&self, terminal: bool) -> Guide<'_> {
        Guide {
            public_url: &self.server.public_url,
            gateway_url: &self.server.gateway_url,
            operations: self.server.operations,
            sample: self.sample.address,
            data: self.folder.path(),
            world: &self.world,
            secrets: self.secrets.as_ref().filter(|_| terminal),
        }
    }

    async fn end(self) -> Result<()> {
        self.server.shutdown().await;
        self.sample.end().await
    }
}

/// Points the destinations at the sample's new address, in the provider's name. What people have made of the demo since
/// is theirs: destinations that do not point at the sample stay as they are.
async fn redirect(platform: &Platform, world: &World, sample: SocketAddr) -> Result<()> {
    let Some(last) = world.sample else { return Ok(()) };
    let mut cx = Cx::system(platform);
    let name = seed::PEOPLE[1].username;
    let Some(provider) = user::find_by_username(&mut *cx.read().await?, name).await? else { return Ok(()) };
    let site_admin = provider.site_admin;
    cx.who = Some(Signed { id: provider.id, username: provider.username, site_admin, session: None });
    let mut destinations = Vec::new();
    for organization in [&world.provider, &world.data].into_iter().filter(|id| !id.is_empty()) {
        let organization = OrganizationId::parse(organization).map_err(anyhow::Error::msg)?;
        destinations.extend(version::destinations(&cx, &organization).await?.0);
    }
    for destination in destinations {
        if let Some(path) = destination.url.strip_prefix(&format!("http://{last}/")) {
            let url = format!("http://{sample}/{path}");
            version::edit_destination(&cx, &destination.id, None, Some(&url)).await?;
        }
    }
    Ok(())
}

/// The sample upstream, running.
struct Sample {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<()>>,
}

impl Sample {
    async fn start(listen: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(upstream::serve(listener, async move {
            // Dropping the other end is the signal as well.
            let _ = stopped.await;
        }));
        Ok(Self { address, stop, task })
    }

    /// Where it was the last time, if that port is still free, else on any.
    async fn resume(last: Option<SocketAddr>) -> Result<Self> {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        if let Some(last) = last
            && let Ok(sample) = Self::start(last).await
        {
            return Ok(sample);
        }
        Self::start(any).await.context("the sample upstream finds no free port on 127.0.0.1")
    }

    async fn end(self) -> Result<()> {
        drop(self.stop);
        self.task.await?
    }
}

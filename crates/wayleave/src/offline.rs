//! The control plane without a gateway: for commands that change something and stop.

use crate::{Config, first_login, master_key};
use anyhow::{Context as _, Result};
use base::id::DecisionId;
use platform::{Cx, Platform, Settings, Shared, grant, notice, user, webhook};
use snapshot::{DecisionRecord, Records, Sink, Update, UsageRow};
use std::sync::Arc;
use store::Db;
use tokio::sync::{Semaphore, watch};

/// Nobody is told. A running program reads the database, not this process.
struct Nobody;

impl Sink for Nobody {
    fn apply(&self, _: Vec<Update>, _: i64) {}
    fn reload(&self, _: Vec<Update>, _: i64) {}
}

impl Records for Nobody {
    fn decision(&self, _: &DecisionId) -> Option<DecisionRecord> {
        None
    }
    fn take_decisions(&self) -> Vec<DecisionRecord> {
        Vec::new()
    }
    fn take_usage(&self) -> Vec<UsageRow> {
        Vec::new()
    }
    fn applied(&self) -> i64 {
        i64::MAX
    }
}

/// Gives a person a new random password and prints it; their sessions and tokens end.
///
/// # Errors
/// There is no such person, or the database cannot be opened.
pub async fn reset_password(config: &Config, username: &str) -> Result<()> {
    let keys = master_key::load(&config.master_key_path(), false)?;
    let db = Db::open(&config.database_url()?).await.context("the database cannot be opened")?;
    db.migrate().await.context("the database cannot be brought up to date")?;
    let settings = Settings {
        public_url: String::new(),
        gateway_url: String::new(),
        registration: config.registration,
        access_token_seconds: config.access_token_seconds,
        session_seconds: config.session_seconds,
        session_absolute_seconds: config.session_absolute_seconds,
        console_dev_url: None,
        mail: None,
        webhooks: webhook::WebhookSettings::default(),
    };
    let platform = Platform::new(Shared {
        db: db.clone(),
        clock: base::Clock::System,
        keys,
        settings,
        sink: Arc::new(Nobody),
        records: Arc::new(Nobody),
        // No gateway to wait for.
        projected: watch::channel(i64::MAX).0,
        readers: platform::reader::Positions::default(),
        hashing: Semaphore::new(1),
        throttle: user::Throttle::default(),
        signing: grant::KeyRing::default(),
        once: platform::once::Running::default(),
        mailer: notice::mail::Mailer::default(),
        couriers: webhook::Couriers::default(),
    });
    let password = first_login::password();
    let done = user::reset_password(&Cx::system(&platform), username, password.clone()).await;
    done.map_err(|problem| anyhow::anyhow!("{username}: {problem}"))?;
    println!("{username} {}", password.reveal());
    db.close().await;
    Ok(())
}

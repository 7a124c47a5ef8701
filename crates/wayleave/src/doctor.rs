//! `wayleave doctor`: tries what the configuration names, and says what is wrong with it.

use crate::{Config, master_key, outbound};
use anyhow::{Context as _, Result};
use platform::notice::mail;
use std::fmt::Write as _;
use store::{Db, DbUrl};

/// What was looked at, and how it is.
#[derive(Debug, Default)]
pub struct Diagnosis {
    /// One line for each thing.
    pub text: String,
    /// Whether all of it is well.
    pub well: bool,
}

impl Diagnosis {
    fn tell(&mut self, what: &str, found: Result<String>) {
        let (mark, said) = match found {
            Ok(said) => ("ok    ", said),
            Err(error) => {
                self.well = false;
                ("FAILS ", format!("{error:#}"))
            }
        };
        let _written = writeln!(self.text, "{mark}{what:<14}{said}");
    }
}

/// Looks at the database, the master key, mail and webhooks.
pub async fn examine(config: &Config) -> Diagnosis {
    let mut found = Diagnosis { well: true, ..Diagnosis::default() };
    found.tell("configuration", config.check().map(|()| "can be used".to_owned()));
    found.tell("database", database(config).await);
    found.tell("master key", key(config));
    found.tell("mail", mail(config).await);
    found.tell("webhooks", webhooks(config));
    found
}

async fn database(config: &Config) -> Result<String> {
    let url = config.database_url()?;
    if let DbUrl::Sqlite(path) = &url
        && !path.exists()
    {
        return Ok(format!("{} will be made at the first start", path.display()));
    }
    let db = Db::open(&url).await.context("cannot be opened")?;
    let read = db.read().await.map(drop).context("cannot be read");
    db.close().await;
    read.map(|()| "answers".to_owned())
}

fn key(config: &Config) -> Result<String> {
    let path = config.master_key_path();
    if !path.exists() && config.master_key_file.is_none() {
        return Ok(format!("{} will be made at the first start", path.display()));
    }
    master_key::load(&path, false)?;
    Ok(format!("{} can be read", path.display()))
}

async fn mail(config: &Config) -> Result<String> {
    let authorities = outbound::authorities(config)?;
    let Some(settings) = outbound::mail_settings(config, &authorities)? else {
        return Ok("is not configured: smtp_host is not set, and no mail is sent".to_owned());
    };
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
    let server = format!("{}:{}", settings.host, settings.port);
    let tried = mail::check(&settings, &mail::host(&public_url)).await;
    tried.map_err(|said| anyhow::anyhow!("smtp_host: {server} cannot be used: {said}"))?;
    let whom = settings.user.as_deref().map(|user| format!(" and lets `{user}` in")).unwrap_or_default();
    Ok(format!("{server} answers ({}){whom}", settings.security.as_str()))
}

fn webhooks(config: &Config) -> Result<String> {
    let settings = outbound::webhook_settings(config, Vec::new())?;
    let networks: Vec<String> = settings.allow_networks.iter().map(ToString::to_string).collect();
    let also = if networks.is_empty() { String::new() } else { format!(", and to {}", networks.join(", ")) };
    let plain = if settings.allow_http { "https and http" } else { "https" };
    Ok(format!("lead to public addresses{also} ({plain})"))
}

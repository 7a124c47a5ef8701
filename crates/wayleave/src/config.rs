//! Configuration: one TOML file and `WAYLEAVE_*` variables over it; the program runs with neither.
//!
//! This is the one place that reads the environment.

use anyhow::{Context as _, Result, bail};
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use platform::Registration;
use platform::notice::mail::Security;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use store::DbUrl;

/// Where the file is looked for unless `--config` names another.
pub const USUAL_FILE: &str = "wayleave.toml";

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that can be configured. Each name is also a variable: `listen` is `WAYLEAVE_LISTEN`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Control listener: management API, OAuth, docs.
    pub listen: SocketAddr,
    /// Gateway listener.
    pub gateway_listen: SocketAddr,
    /// Operations listener: health and metrics.
    pub operations_listen: SocketAddr,
    /// Base address of the control plane as people and clients reach it; the issuer of tokens. By default the control
    /// listener's own address.
    pub public_url: Option<String>,
    /// Base address of the gateway as clients reach it; the audience of tokens. By default the gateway listener's own.
    pub gateway_url: Option<String>,
    /// Folder for everything that is kept on this machine.
    pub data: PathBuf,
    /// `postgres://...`, or a path for SQLite. By default `wayleave.db` in the data folder.
    pub database: Option<String>,
    /// File with the master key: 64 hexadecimal digits. By default `master.key` in the data folder, which is made at
    /// the first start; with PostgreSQL it must be given.
    pub master_key_file: Option<PathBuf>,
    /// Whether people may register by themselves: `open` or `closed`.
    pub registration: Registration,
    /// Lifetime of access tokens whose client sets none, in seconds.
    pub access_token_seconds: i64,
    /// Lifetime of a browser session without use, in seconds.
    pub session_seconds: i64,
    /// Lifetime of a browser session however much it is used, in seconds.
    pub session_absolute_seconds: i64,
    /// Folder with another console than the one in the program: what `npm run build` leaves in `console/dist`.
    pub console: Option<PathBuf>,
    /// For writing the console (`cargo xtask dev`): where Vite serves it. `console` is then the folder of its source.
    pub console_dev_url: Option<String>,
    /// Threads of the gateway; 0 is one per core.
    pub gateway_threads: usize,
    /// Mail server. Without it no mail is sent.
    pub smtp_host: Option<String>,
    /// Its port; by default 587 with `starttls`, 465 with `tls`, 25 with `none`.
    pub smtp_port: Option<u16>,
    /// How the way to the mail server is protected: `starttls`, `tls` or `none`.
    pub smtp_security: Security,
    /// As whom to sign in at the mail server; nobody unless given.
    pub smtp_user: Option<String>,
    /// The password of that user.
    pub smtp_password: Option<String>,
    /// File with that password, instead of `smtp_password`.
    pub smtp_password_file: Option<PathBuf>,
    /// The sender of mails: an address, or `Name <address>`.
    pub mail_from: Option<String>,
    /// What stands under every mail.
    pub mail_footer: String,
    /// For how many days a mail is tried.
    pub mail_give_up_days: i64,
    /// The hour of the day, in UTC, at which daily mails are sent.
    pub mail_daily_hour: i64,
    /// Private networks that webhooks may lead to, such as `10.0.0.0/8`. All others are never sent to.
    pub webhook_allow_networks: Vec<String>,
    /// Whether webhooks may be `http` beside `https`.
    pub webhook_allow_http: bool,
    /// After how many days without a success a webhook is switched off.
    pub webhook_disable_after_days: i64,
    /// PEM file with certificate authorities that mail servers and webhooks may be signed by, beside those of this machine.
    pub ca_file: Option<PathBuf>,
    /// Share of successful calls whose decision is kept for look-up, 0 to 1. Refusals are always kept.
    pub decision_sample: f64,
    /// What is logged: `error`, `warn`, `info`, `debug`, or directives such as `info,gateway=debug`.
    pub log: String,
    /// How it is logged: `text` or `json`.
    pub log_format: LogFormat,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            gateway_listen: SocketAddr::from(([127, 0, 0, 1], 8000)),
            operations_listen: SocketAddr::from(([127, 0, 0, 1], 9464)),
            public_url: None,
            gateway_url: None,
            data: PathBuf::from("wayleave-data"),
            database: None,
            master_key_file: None,
            registration: Registration::Closed,
            access_token_seconds: 600,
            session_seconds: 30 * 60,
            session_absolute_seconds: 12 * 3600,
            console: None,
            console_dev_url: None,
            gateway_threads: 0,
            smtp_host: None,
            smtp_port: None,
            smtp_security: Security::Starttls,
            smtp_user: None,
            smtp_password: None,
            smtp_password_file: None,
            mail_from: None,
            mail_footer: String::new(),
            mail_give_up_days: 3,
            mail_daily_hour: 6,
            webhook_allow_networks: Vec::new(),
            webhook_allow_http: false,
            webhook_disable_after_days: 5,
            ca_file: None,
            decision_sample: 0.01,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
        }
    }
}

impl Config {
    /// Reads the file, if there is one, and the environment over it.
    ///
    /// # Errors
    /// Names the setting, where it was set and what would be right.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let config = Self::gather(file)?;
        config.check()?;
        Ok(config)
    }

    fn gather(file: Option<&Path>) -> Result<Self> {
        let mut sources = Figment::from(Serialized::defaults(Self::default()));
        match file {
            Some(path) if !path.is_file() => bail!("there is no configuration file {}", path.display()),
            Some(path) => sources = sources.merge(Toml::file_exact(path)),
            None if Path::new(USUAL_FILE).is_file() => sources = sources.merge(Toml::file_exact(USUAL_FILE)),
            None => {}
        }
        // Variables of the test suite are not settings.
        let variables = Env::prefixed("WAYLEAVE_").filter(|name| !name.starts_with("test_"));
        let sources = sources.merge(variables);
        sources.extract().map_err(|errors| {
            let lines: Vec<String> = errors.into_iter().map(|e| format!("  {}", complaint(&sources, &e))).collect();
            anyhow::anyhow!("the configuration cannot be used:\n{}", lines.join("\n"))
        })
    }

    /// Passes a configuration that can work.
    ///
    /// # Errors
    /// Names the setting and what would be right.
    pub fn check(&self) -> Result<()> {
        let urls = [
            ("public_url", &self.public_url),
            ("gateway_url", &self.gateway_url),
            ("console_dev_url", &self.console_dev_url),
        ];
        for (name, url) in urls {
            if let Some(url) = url {
                check_url(name, url)?;
            }
        }
        let secure = self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        if !self.listen.ip().is_loopback() && !secure {
            bail!(
                "listen = {} is reachable from other machines without encryption. Put a TLS proxy before it and set \
                 public_url = \"https://...\", or listen on 127.0.0.1",
                self.listen
            );
        }
        if !(1..=86_400).contains(&self.access_token_seconds) {
            bail!("access_token_seconds = {} must lie between 1 and 86400", self.access_token_seconds);
        }
        if !(60..=31_536_000).contains(&self.session_seconds) {
            bail!("session_seconds = {} must lie between 60 and 31536000", self.session_seconds);
        }
        self.check_console()?;
        if !(0.0..=1.0).contains(&self.decision_sample) {
            bail!("decision_sample = {} must lie between 0 and 1", self.decision_sample);
        }
        if self.gateway_threads > 256 {
            bail!("gateway_threads = {} is more than 256", self.gateway_threads);
        }
        crate::log::check(&self.log)?;
        crate::outbound::check(self)?;
        if matches!(self.database_url()?, DbUrl::Postgres(_)) && self.master_key_file.is_none() {
            bail!(
                "with PostgreSQL, master_key_file must name the file that holds the master key (make one: openssl rand -hex 32 > master.key)"
            );
        }
        Ok(())
    }

    fn check_console(&self) -> Result<()> {
        if !(self.session_seconds..=31_536_000).contains(&self.session_absolute_seconds) {
            bail!(
                "session_absolute_seconds = {} must lie between session_seconds = {} and 31536000",
                self.session_absolute_seconds,
                self.session_seconds
            );
        }
        if let Some(folder) = self.console.as_deref().filter(|folder| !folder.join("index.html").is_file()) {
            bail!("console = {} has no index.html; build the console: cargo xtask console", folder.display());
        }
        if self.console_dev_url.is_some() && self.console.is_none() {
            bail!("with console_dev_url, console must name the folder of the console's source");
        }
        if self.console_dev_url.is_some() && !self.listen.ip().is_loopback() {
            bail!("console_dev_url is for writing the console; listen = {} can be reached by others", self.listen);
        }
        Ok(())
    }

    /// Where the database is.
    ///
    /// # Errors
    /// The setting cannot be read as an address or path.
    pub fn database_url(&self) -> Result<DbUrl> {
        match &self.database {
            Some(text) => DbUrl::parse(text).map_err(anyhow::Error::msg).context("database"),
            None => Ok(DbUrl::Sqlite(self.data.join("wayleave.db"))),
        }
    }

    /// Where the master key is.
    pub fn master_key_path(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| self.data.join("master.key"))
    }

    /// The effective settings as TOML, with passwords blanked out.
    ///
    /// # Errors
    /// Only if a value cannot be written as TOML.
    pub fn show(&self) -> Result<String> {
        let mut shown = self.clone();
        shown.database = shown.database.map(|text| hide_password(&text));
        shown.smtp_password = shown.smtp_password.map(|_| "hidden".to_owned());
        Ok(toml::to_string_pretty(&shown)?)
    }
}

/// One fault: the setting by its own name, its value, what is wrong with it and where it was set.
fn complaint(sources: &Figment, error: &figment::Error) -> String {
    let place = match &error.metadata {
        Some(found) => found.source.as_ref().map_or_else(|| found.name.to_string(), |s| format!("{} {s}", found.name)),
        None => "somewhere".to_owned(),
    };
    let name = error.path.join(".").to_lowercase();
    match sources.find_value(&name).ok().and_then(|v| v.into_string()) {
        // The value of a setting that is a secret, or has one in it, is shown nowhere.
        Some(value) if !name.is_empty() && name != "database" && name != "smtp_password" => {
            format!("{name} = {value:?}: {} ({place})", error.kind)
        }
        _ if !name.is_empty() => format!("{name}: {} ({place})", error.kind),
        _ => format!("{} ({place})", error.kind),
    }
}

fn check_url(name: &str, text: &str) -> Result<()> {
    let url = url::Url::parse(text).with_context(|| format!("{name} = {text:?} is not an absolute URL"))?;
    let plain = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    if !plain || !url.username().is_empty() || text.ends_with('/') || url.path() != "/" {
        bail!("{name} = {text:?} must be scheme, host and port alone, such as https://api.example.com");
    }
    Ok(())
}

/// Passwords stand before the host or in the query (`?password=`).
fn hide_password(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else { return text.to_owned() };
    if url.password().is_some() && url.set_password(Some("hidden")).is_err() {
        return "hidden".to_owned();
    }
    if url.query_pairs().any(|(name, _)| name == "password") {
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let shown = pairs.iter().map(|(n, v)| (n.as_str(), if n == "password" { "hidden" } else { v.as_str() }));
        url.query_pairs_mut().clear().extend_pairs(shown);
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Config)) -> Result<()> {
        let mut config = Config::default();
        change(&mut config);
        config.check()
    }

    #[test]
    fn the_program_runs_without_any_configuration() {
        assert!(check(|_| {}).is_ok());
    }

    #[test]
    fn a_control_listener_is_not_put_unprotected_on_a_public_address() {
        let open = SocketAddr::from(([0, 0, 0, 0], 8080));
        assert!(check(|c| c.listen = open).is_err());
        assert!(
            check(|c| {
                c.listen = open;
                c.public_url = Some("https://portal.example.com".into())
            })
            .is_ok()
        );
    }

    #[test]
    fn values_that_cannot_work_are_named() {
        let error = check(|c| c.public_url = Some("portal.example.com".into())).expect_err("refused").to_string();
        assert!(error.contains("public_url") && error.contains("portal.example.com"), "{error}");
        assert!(check(|c| c.access_token_seconds = 0).is_err());
        assert!(check(|c| c.log = "loud,,=".into()).is_err());
        assert!(check(|c| c.database = Some("postgres://u:p@127.0.0.1/w".into())).is_err());
    }

    /// X06
    #[test]
    fn the_password_of_the_mail_server_is_not_shown() {
        let config = Config { smtp_password: Some("geheim".into()), ..Config::default() };
        assert!(!config.show().expect("shown").contains("geheim"));
    }

    #[test]
    fn a_database_password_is_not_shown() {
        for url in ["postgres://u:geheim@127.0.0.1/w", "postgres://u@127.0.0.1/w?password=geheim&sslmode=disable"] {
            let config = Config { database: Some(url.into()), ..Config::default() };
            let shown = config.show().expect("shown");
            assert!(!shown.contains("geheim") && shown.contains("127.0.0.1"), "{shown}");
        }
    }
}

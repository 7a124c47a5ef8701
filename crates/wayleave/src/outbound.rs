//! The settings of what goes out by itself: mail and webhooks.

use crate::Config;
use anyhow::{Context as _, Result, bail};
use base::secret::Secret;
use platform::notice::mail::{self, MailSettings, Mailer, Security};
use platform::webhook::{self, Couriers, WebhookSettings};
use std::net::SocketAddr;
use std::sync::Arc;

/// Passes settings that can work.
///
/// # Errors
/// Names the setting and what would be right.
pub fn check(config: &Config) -> Result<()> {
    webhook::networks(&config.webhook_allow_networks).map_err(|e| anyhow::anyhow!("webhook_allow_networks: {e}"))?;
    for (name, days) in [
        ("mail_give_up_days", config.mail_give_up_days),
        ("webhook_disable_after_days", config.webhook_disable_after_days),
    ] {
        if !(1..=365).contains(&days) {
            bail!("{name} = {days} must lie between 1 and 365");
        }
    }
    if !(0..=23).contains(&config.mail_daily_hour) {
        bail!("mail_daily_hour = {} must lie between 0 and 23", config.mail_daily_hour);
    }
    if config.smtp_host.is_none() {
        let alone = [
            ("smtp_user", config.smtp_user.is_some()),
            ("smtp_password", config.smtp_password.is_some()),
            ("smtp_password_file", config.smtp_password_file.is_some()),
            ("smtp_port", config.smtp_port.is_some()),
        ];
        if let Some((name, _)) = alone.iter().find(|(_, given)| *given) {
            bail!("{name} is set, but smtp_host is not: name the mail server, or no mail is sent");
        }
        return Ok(());
    }
    if config.mail_from.is_none() {
        bail!("with smtp_host, mail_from must name the sender, such as \"Wayleave <portal@example.com>\"");
    }
    if config.smtp_password.is_some() && config.smtp_password_file.is_some() {
        bail!("smtp_password and smtp_password_file are both set; keep one of them");
    }
    let password = config.smtp_password.is_some() || config.smtp_password_file.is_some();
    if config.smtp_user.is_some() != password {
        bail!("smtp_user and its password (smtp_password or smtp_password_file) belong together");
    }
    if config.smtp_security == Security::None && password && !is_here(config) {
        bail!(
            "smtp_security = \"none\" would send the password of smtp_user over the network in the clear; use \
             \"starttls\" or \"tls\""
        );
    }
    Ok(())
}

/// Whether the mail server is on this machine.
fn is_here(config: &Config) -> bool {
    let host = config.smtp_host.as_deref().unwrap_or_default();
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// How mail is sent; `None` if it is not.
///
/// # Errors
/// A file cannot be read.
pub fn mail_settings(config: &Config, authorities: &Arc<[Vec<u8>]>) -> Result<Option<MailSettings>> {
    let Some(host) = config.smtp_host.clone() else { return Ok(None) };
    let usual = match config.smtp_security {
        Security::None => 25,
        Security::Starttls => 587,
        Security::Tls => 465,
    };
    let password = match &config.smtp_password_file {
        Some(file) => {
            let text = std::fs::read_to_string(file);
            let text = text.with_context(|| format!("smtp_password_file = {} cannot be read", file.display()))?;
            Some(Secret::from_text(text.trim_end_matches(['\r', '\n'])))
        }
        None => config.smtp_password.clone().map(Secret::from_text),
    };
    Ok(Some(MailSettings {
        host,
        port: config.smtp_port.unwrap_or(usual),
        security: config.smtp_security,
        user: config.smtp_user.clone(),
        password,
        from: config.mail_from.clone().unwrap_or_default(),
        footer: config.mail_footer.clone(),
        give_up_days: config.mail_give_up_days,
        digest_hour: config.mail_daily_hour,
        authorities: authorities.clone(),
    }))
}

/// The certificate authorities by which servers are judged.
///
/// # Errors
/// `ca_file` cannot be read or used.
pub fn authorities(config: &Config) -> Result<Arc<[Vec<u8>]>> {
    let more = match &config.ca_file {
        Some(file) => {
            Some(std::fs::read(file).with_context(|| format!("ca_file = {} cannot be read", file.display()))?)
        }
        None => None,
    };
    platform::tls::authorities(more.as_deref()).map_err(|e| anyhow::anyhow!("ca_file: {e}"))
}

/// Where webhooks may lead to. `own` are our listeners.
///
/// # Errors
/// A network cannot be read.
pub fn webhook_settings(config: &Config, own: Vec<SocketAddr>) -> Result<WebhookSettings> {
    Ok(WebhookSettings {
        allow_networks: webhook::networks(&config.webhook_allow_networks).map_err(anyhow::Error::msg)?,
        allow_http: config.webhook_allow_http,
        own,
        disable_after_days: config.webhook_disable_after_days,
    })
}

/// What goes out by itself, ready to be sent.
pub struct Outbound {
    /// How mail is sent; `None` if it is not.
    pub mail: Option<MailSettings>,
    /// What sends it.
    pub mailer: Mailer,
    /// What delivers to webhooks.
    pub couriers: Couriers,
}

impl Outbound {
    /// Reads the files that the settings name and puts together what sends.
    ///
    /// # Errors
    /// Names the setting that cannot be used.
    pub fn prepare(config: &Config, public_url: &str) -> Result<Self> {
        let authorities = authorities(config)?;
        let mail = mail_settings(config, &authorities)?;
        let mailer = Mailer::new(mail.as_ref(), &mail::host(public_url)).map_err(anyhow::Error::msg)?;
        let couriers = Couriers::new(&authorities).map_err(anyhow::Error::msg)?;
        Ok(Self { mail, mailer, couriers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(change: impl FnOnce(&mut Config)) -> Result<()> {
        let mut config = Config {
            smtp_host: Some("mail.example.com".into()),
            mail_from: Some("Portal <portal@example.com>".into()),
            ..Config::default()
        };
        change(&mut config);
        check(&config)
    }

    #[test]
    fn settings_of_mail_that_belong_together_are_given_together() {
        assert!(mail(|_| {}).is_ok());
        let user = |config: &mut Config| {
            config.smtp_user = Some("portal".into());
            config.smtp_password = Some("geheim".into());
        };
        assert!(mail(user).is_ok());
        for (change, named) in [
            (Box::new(|c: &mut Config| c.mail_from = None) as Box<dyn Fn(&mut Config)>, "mail_from"),
            (Box::new(|c| c.smtp_user = Some("portal".into())), "smtp_user"),
            (Box::new(|c| c.smtp_password = Some("geheim".into())), "smtp_user"),
            (
                Box::new(move |c| {
                    user(c);
                    c.smtp_password_file = Some("file".into());
                }),
                "smtp_password_file",
            ),
            (
                Box::new(move |c| {
                    user(c);
                    c.smtp_host = None;
                }),
                "smtp_host",
            ),
            (
                Box::new(move |c| {
                    user(c);
                    c.smtp_security = Security::None;
                }),
                "smtp_security",
            ),
            (Box::new(|c| c.mail_daily_hour = 24), "mail_daily_hour"),
            (Box::new(|c| c.mail_give_up_days = 0), "mail_give_up_days"),
            (Box::new(|c| c.webhook_allow_networks = vec!["10.0.0.0/99".into()]), "webhook_allow_networks"),
        ] {
            let error = mail(change).expect_err(named).to_string();
            assert!(error.contains(named) && !error.contains("geheim"), "{error}");
        }
        let here = |config: &mut Config| {
            user(config);
            config.smtp_security = Security::None;
            config.smtp_host = Some("127.0.0.1".into());
        };
        assert!(mail(here).is_ok());
    }
}

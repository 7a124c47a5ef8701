//! The way to the mail server.

use super::compose::Letter;
use super::rule::{is_final, one_line};
use super::{MailSettings, Security};
use crate::user::Language;
use base::Timestamp;
use lettre::address::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};
use tokio::sync::{Mutex, Notify};

/// How long the server may take for one answer.
const ANSWER: Duration = Duration::from_secs(15);
/// How long the server may take for one mail.
const WHOLE: Duration = Duration::from_secs(60);
/// How many connections are kept for the next mails.
const CONNECTIONS: u32 = 2;

/// What sends mails, one round at a time. Shared by everything that has to wait for one.
#[derive(Default)]
pub struct Mailer {
    smtp: Option<AsyncSmtpTransport<Tokio1Executor>>,
    /// Held during a round.
    pub(super) turn: Mutex<()>,
    /// Rung when a mail was queued outside of the reader.
    pub(super) bell: Notify,
    /// In microseconds: the server is left alone until then.
    pub(super) silent_until: AtomicI64,
    pub(super) failures: AtomicI64,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailer")
    }
}

/// Why a mail was not sent.
pub enum Fault {
    /// The server could not be reached or used at all: no other mail would get through either.
    Server(String),
    /// The server does not take this mail now.
    Later(String),
    /// The server never takes this mail.
    Never(String),
}

impl Mailer {
    /// A mailer for this server; one that sends nothing without settings. `name` is how it introduces itself there.
    ///
    /// # Errors
    /// Says which setting cannot be used, and why.
    pub fn new(settings: Option<&MailSettings>, name: &str) -> Result<Self, String> {
        let smtp = settings.map(|settings| transport(settings, name)).transpose()?;
        Ok(Self { smtp, ..Self::default() })
    }

    /// Lets whoever sends look for mails now.
    pub(in crate::notice) fn ring(&self) {
        self.bell.notify_one();
    }

    pub(super) fn is_silent(&self, now: Timestamp) -> bool {
        now.micros() < self.silent_until.load(Ordering::Acquire)
    }

    /// Sends it.
    pub(super) async fn send(&self, from: &str, letter: &Letter, id: &str, now: Timestamp) -> Result<(), Fault> {
        let Some(smtp) = &self.smtp else { return Err(Fault::Server("mail is not configured".to_owned())) };
        let message = message(from, letter, id, now).map_err(Fault::Never)?;
        let sent = tokio::time::timeout(WHOLE, smtp.send(message)).await;
        let Ok(sent) = sent else { return Err(Fault::Server("the mail server took too long".to_owned())) };
        sent.map(drop).map_err(|error| {
            // Servers without SMTPUTF8 (RFC 6531) cannot be given such an address: this mail's fault, not the server's.
            if error.is_client() && !letter.to.is_ascii() { Fault::Never(said(&error)) } else { fault(&error) }
        })
    }
}

/// What an error says, on one line.
fn said(error: &lettre::transport::smtp::Error) -> String {
    one_line(&spoken(error), 300)
}

fn fault(error: &lettre::transport::smtp::Error) -> Fault {
    let said = said(error);
    match error.status().map(u16::from) {
        Some(status) if is_final(status) => Fault::Never(said),
        // Who sends has to sign in, or the server is closing: about us, not about this mail.
        Some(421 | 454 | 530 | 534 | 535 | 538) | None => Fault::Server(said),
        Some(_) => Fault::Later(said),
    }
}

/// An error with its causes.
fn spoken(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_said = cause.to_string();
        if !out.contains(&cause_said) {
            out.push_str(": ");
            out.push_str(&cause_said);
        }
        source = cause.source();
    }
    out
}

fn message(from: &str, letter: &Letter, id: &str, now: Timestamp) -> Result<Message, String> {
    let from: Mailbox = from.parse().map_err(|e| format!("mail_from: {e}"))?;
    let to: Address = letter.to.parse().map_err(|e| format!("the receiver's address: {e}"))?;
    let seconds = u64::try_from(now.seconds()).unwrap_or(0);
    let language = match letter.language {
        Language::En => "en",
        Language::De => "de",
    };
    let mut message = Message::builder()
        .from(from)
        .to(Mailbox::new(Some(letter.name.clone()).filter(|name| !name.is_empty()), to))
        .subject(letter.subject.clone())
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{id}>")))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(|e| e.to_string())?;
    // Answering machines do not answer to mails that say so (RFC 3834).
    for (name, value) in [("Auto-Submitted", "auto-generated"), ("Content-Language", language)] {
        let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|e| e.to_string())?;
        message.headers_mut().insert_raw(HeaderValue::new(name, value.to_owned()));
    }
    Ok(message)
}

fn transport(settings: &MailSettings, name: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    settings.from.parse::<Mailbox>().map_err(|e| format!("mail_from = {:?}: {e}", settings.from))?;
    let tls = match settings.security {
        Security::None => Tls::None,
        Security::Starttls => Tls::Required(parameters(settings)?),
        Security::Tls => Tls::Wrapper(parameters(settings)?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
        .port(settings.port)
        .tls(tls)
        .timeout(Some(ANSWER))
        .hello_name(ClientId::Domain(name.to_owned()))
        .pool_config(PoolConfig::new().max_size(CONNECTIONS));
    if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
        builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
    }
    Ok(builder.build())
}

fn parameters(settings: &MailSettings) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(settings.host.clone()).certificate_store(CertificateStore::None);
    for authority in settings.authorities.iter() {
        let certificate =
            Certificate::from_der(authority.clone()).map_err(|e| format!("a certificate authority: {e}"))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|e| format!("smtp_host = {:?}: {e}", settings.host))
}

/// Connects, signs in and says good-bye.
///
/// # Errors
/// Says what went wrong; never the password.
pub async fn check(settings: &MailSettings, name: &str) -> Result<(), String> {
    let smtp = transport(settings, name)?;
    let tested = tokio::time::timeout(WHOLE, smtp.test_connection()).await;
    match tested.map_err(|_| "the mail server took too long".to_owned())? {
        Ok(true) => Ok(()),
        Ok(false) => Err("the mail server ended the connection".to_owned()),
        Err(error) => Err(one_line(&spoken(&error), 300)),
    }
}

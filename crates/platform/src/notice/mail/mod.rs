//! Mail: what is in the inbox, sent to the person's own address over SMTP.
//!
//! **Invariant:** a mail is queued in the transaction that puts the notice into the inbox, under a Message-ID that follows
//! from the change and the receiver: a crash loses none, and one that is sent twice can be told by its Message-ID. No
//! address hears anything before its owner has proven it, but for the mail that lets them prove it.

mod compose;
mod http;
mod ops;
mod rule;
mod sql;
mod transport;
mod words;

pub use http::routes;
pub use ops::{Queue, host, round, run};
pub(super) use ops::{queue, queue_letter};
pub use transport::{Mailer, check};

use crate::words::words;
use base::secret::Secret;
use base::{Timestamp, id};
use std::sync::Arc;

words! {
    /// How the way to the mail server is protected.
    pub enum Security {
        /// Not at all: for a server on this machine.
        None = "none",
        /// Begun in the clear, then TLS (RFC 3207); nothing is sent without it.
        Starttls = "starttls",
        /// TLS from the first byte (RFC 8314).
        Tls = "tls",
    }

    /// What a mail is.
    pub enum MailKind {
        /// One notice.
        Notice = "notice",
        /// Everything of a day.
        Digest = "digest",
        /// A site administrator tries whether mail works.
        Test = "test",
        /// The link that proves an address.
        Verification = "verification",
        /// The link that an invited person registers with.
        Invitation = "invitation",
    }

    /// How far a mail is.
    pub enum MailState {
        /// It is yet to be sent.
        Waiting = "waiting",
        /// The mail server has taken it.
        Sent = "sent",
        /// It was tried for as long as the settings say, or the server refused it for good.
        Failed = "failed",
    }
}

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The name or address of the mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is protected.
    pub security: Security,
    /// As whom to sign in there; nobody has to unless given.
    pub user: Option<String>,
    /// The password of that user.
    pub password: Option<Secret>,
    /// The sender: an address, or `Name <address>`.
    pub from: String,
    /// What stands under every mail.
    pub footer: String,
    /// For how many days a mail is tried.
    pub give_up_days: i64,
    /// The hour of the day, in UTC, at which the mails with everything of a day are sent.
    pub digest_hour: i64,
    /// Certificate authorities (DER) by which the server's certificate is judged.
    pub authorities: Arc<[Vec<u8>]>,
}

/// One mail that is to be sent, or was.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The left side of its Message-ID.
    pub id: String,
    /// To whom; nobody yet for an invitation.
    pub user: Option<id::UserId>,
    /// What it is.
    pub kind: MailKind,
    /// How often it was tried, this time included.
    pub tries: i64,
    /// When it was queued.
    pub created_at: Timestamp,
}

//! Webhooks: addresses that are told of changes, signed as Standard Webhooks describes, at least once, and in order for each
//! subject.
//!
//! **Invariant:** what is delivered is queued in the transaction that moves the reader's cursor, under an id that follows
//! from the change and the webhook. A delivery that fails holds back later ones about the same subject, at this webhook and
//! nowhere else. Nothing is sent to an address of this machine or its networks that the configuration does not allow.

mod address;
mod courier;
mod http;
mod ops;
mod rule;
mod sql;

pub use address::{Network, WebhookSettings, networks};
pub use courier::Couriers;
pub use http::routes;
pub use ops::{READER, round, run, run_reader};
pub use sql::{names, owners_of};

use crate::words::words;
use base::{Timestamp, id};

words! {
    /// Whether a webhook is told of anything.
    pub enum WebhookState {
        /// It is.
        Enabled = "enabled",
        /// It is not. What waits for it goes on waiting.
        Disabled = "disabled",
    }

    /// Why the program itself has switched a webhook off.
    pub enum Fault {
        /// Its server answered 410: it is gone.
        Gone = "gone",
        /// Nothing could be delivered for days.
        Failing = "failing",
    }

    /// How far a delivery is.
    pub enum DeliveryState {
        /// It is yet to be delivered.
        Waiting = "waiting",
        /// The endpoint has taken it.
        Delivered = "delivered",
        /// The last try has failed. It can be replayed.
        Dead = "dead",
    }
}

/// An address that is told of changes.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Identity.
    pub id: id::WebhookId,
    /// Guard of what people edit.
    pub version: i64,
    /// Whose; `None`: of the platform, told of everything.
    pub organization: Option<id::OrganizationId>,
    /// Where it leads to.
    pub url: String,
    /// For people.
    pub description: String,
    /// What it is told of: verbs, `noun.*` or `*`.
    pub events: Vec<String>,
    /// Whether it is told of anything.
    pub state: WebhookState,
    /// Why the program switched it off, if it did.
    pub fault: Option<Fault>,
    /// The signing secret, sealed.
    pub secret: String,
    /// The one before, sealed, and until when it signs too.
    pub old_secret: Option<(String, Timestamp)>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What happened before is not told.
    pub since: Timestamp,
    /// Since when nothing could be delivered.
    pub failing_since: Option<Timestamp>,
    /// How many times in a row it could not be reached.
    pub failures: i64,
}

impl Webhook {
    /// What people call it: its description, or the host that it leads to. The rest of its address may be a secret.
    pub fn name(&self) -> String {
        name_of(&self.description, &self.url)
    }
}

/// What people call the webhook of this description and address.
pub fn name_of(description: &str, url: &str) -> String {
    match description.lines().next() {
        Some(line) if !line.is_empty() => line.chars().take(120).collect(),
        _ => rule::origin(url),
    }
}

/// What a webhook is told of one change.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Identity, and the `webhook-id` of the request: the same at each try.
    pub id: id::DeliveryId,
    /// To which webhook.
    pub webhook: id::WebhookId,
    /// The change; `None` for a test.
    pub seq: Option<i64>,
    /// What happened.
    pub verb: String,
    /// What it happened to, as `kind:id`: deliveries of the same subject go out one after the other.
    pub subject: String,
    /// The body.
    pub payload: String,
    /// How far it is.
    pub state: DeliveryState,
    /// When it is tried next; `None` while an earlier one of the same subject has not ended, or when it has ended itself.
    pub due_at: Option<Timestamp>,
    /// How often it was tried.
    pub tries: i64,
    /// When it was queued.
    pub created_at: Timestamp,
    /// How the last try went.
    pub last: Option<Attempt>,
    /// When it was delivered or given up.
    pub ended_at: Option<Timestamp>,
}

/// How one try went.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// The status of the answer, if there was one.
    pub status: Option<i64>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// The beginning of the answer's body.
    pub excerpt: String,
    /// What went wrong, if something did.
    pub error: Option<String>,
}

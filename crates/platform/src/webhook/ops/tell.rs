//! The reader that queues deliveries: which webhooks are told of an entry, and what.

use crate::board::{Shown, shown_to_owner, visible_touches};
use crate::cx::Platform;
use crate::names::{Names, ResourceView};
use crate::webhook::{Delivery, DeliveryState, Webhook, rule, sql};
use crate::{api, app, client, plan, reader, version};
use base::id::{Id, uuid_v8};
use base::{Kind, Problem, Ref, id};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::Conn;
use store::log::Entry;
use tokio::sync::watch;

/// The name of the reader.
pub const READER: &str = "webhooks";

/// Queues deliveries until `shutdown` says `true`.
pub async fn run_reader(platform: Platform, shutdown: watch::Receiver<bool>) {
    reader::follow(platform, READER, tell, shutdown).await;
}

/// Queues what every webhook is told of these entries.
async fn tell(platform: &Platform, conn: &mut Conn, entries: &[Entry]) -> Result<(), Problem> {
    if !sql::any_enabled(conn).await? {
        return Ok(());
    }
    let mut owners = Owners::default();
    for entry in entries {
        let parties = owners.parties(conn, entry).await?;
        let organizations: Vec<id::OrganizationId> = parties.keys().cloned().collect();
        for webhook in sql::listening(conn, &organizations).await? {
            if entry.at < webhook.since || !rule::hears(&webhook.events, &entry.verb) {
                continue;
            }
            let Some(touches) = told(entry, &webhook, &parties) else { continue };
            let payload = payload(conn, entry, &touches).await?;
            let delivery = Delivery {
                id: delivery_id(entry, &webhook.id),
                webhook: webhook.id.clone(),
                seq: Some(entry.seq),
                verb: entry.verb.clone(),
                subject: format!("{}:{}", entry.subject.kind.as_str(), entry.subject.id),
                payload: payload.to_string(),
                state: DeliveryState::Waiting,
                due_at: None,
                tries: 0,
                created_at: entry.at.max(platform.clock.now()),
                last: None,
                ended_at: None,
            };
            sql::touch(conn, &webhook.id, delivery.created_at, false).await?;
            sql::queue(conn, &delivery).await?;
        }
    }
    Ok(())
}

/// The id of what this webhook is told of this entry: the same however often it is worked out.
fn delivery_id(entry: &Entry, webhook: &id::WebhookId) -> id::DeliveryId {
    id::DeliveryId::from_bits(uuid_v8(entry.at, entry.seq, &format!("{webhook} {}", entry.seq)))
}

/// What an organization has in an entry.
#[derive(Default)]
struct Stake {
    /// It is the provider, or the entry is about the organization itself.
    whole: bool,
    /// The apps of it that the entry touches.
    apps: BTreeSet<String>,
}

/// What of the entry this webhook may be told of; `None`: nothing.
fn told<'a>(
    entry: &'a Entry,
    webhook: &Webhook,
    parties: &BTreeMap<id::OrganizationId, Stake>,
) -> Option<Vec<&'a Ref>> {
    let (shown, apps) = match &webhook.organization {
        None => (Shown::Whole, BTreeSet::new()),
        Some(organization) => {
            let stake = parties.get(organization)?;
            (shown_to_owner(entry, stake.whole, !stake.apps.is_empty()), stake.apps.clone())
        }
    };
    (shown != Shown::No).then(|| visible_touches(entry, shown, &apps))
}

/// Whose things are: looked up once while a batch of entries is handled.
#[derive(Default)]
struct Owners(HashMap<Ref, Option<id::OrganizationId>>);

impl Owners {
    /// The organizations that an entry concerns, and how.
    async fn parties(
        &mut self,
        conn: &mut Conn,
        entry: &Entry,
    ) -> Result<BTreeMap<id::OrganizationId, Stake>, Problem> {
        let mut parties: BTreeMap<id::OrganizationId, Stake> = BTreeMap::new();
        for reference in std::iter::once(&entry.subject).chain(&entry.touches) {
            let Some(organization) = self.of(conn, reference).await? else { continue };
            let stake = parties.entry(organization).or_default();
            match reference.kind {
                Kind::App => {
                    stake.apps.insert(reference.id.clone());
                }
                // A client is a part of its app, which the entry touches as well.
                Kind::Client => {}
                _ => stake.whole = true,
            }
        }
        Ok(parties)
    }

    async fn of(&mut self, conn: &mut Conn, reference: &Ref) -> Result<Option<id::OrganizationId>, Problem> {
        if let Some(known) = self.0.get(reference) {
            return Ok(known.clone());
        }
        let found = owner(conn, reference).await?;
        self.0.insert(reference.clone(), found.clone());
        Ok(found)
    }
}

/// The organization that owns this; `None` for what no organization owns, and for what is gone.
async fn owner(conn: &mut Conn, reference: &Ref) -> Result<Option<id::OrganizationId>, Problem> {
    macro_rules! owned {
        ($find:path, $it:ident => $owner:expr) => {
            match Id::parse(&reference.id) {
                Ok(id) => match $find(conn, &id).await? {
                    Some($it) => $owner,
                    None => None,
                },
                Err(_) => None,
            }
        };
    }
    Ok(match reference.kind {
        Kind::Organization => id::OrganizationId::parse(&reference.id).ok(),
        Kind::App => owned!(app::find, it => Some(it.organization)),
        Kind::Api => owned!(api::find, it => Some(it.organization)),
        Kind::Version => match owned!(version::find, it => Some(it.api)) {
            Some(api) => api::find(conn, &api).await?.map(|api| api.organization),
            None => None,
        },
        Kind::Client => match owned!(client::find, it => Some(it.app)) {
            Some(app) => app::find(conn, &app).await?.map(|app| app.organization),
            None => None,
        },
        Kind::Plan => owned!(plan::find, it => it.organization),
        Kind::LimitGroup => owned!(plan::find_limit_group, it => it.organization),
        Kind::Destination => owned!(version::find_destination, it => Some(it.organization)),
        Kind::Webhook => owned!(sql::find, it => it.organization),
        _ => None,
    })
}

/// The body: what happened, to what, by whom, with names and ids. Whoever wants more asks this interface by the ids.
async fn payload(conn: &mut Conn, entry: &Entry, touches: &[&Ref]) -> Result<Value, Problem> {
    let mut names = Names::default();
    let actor = names.actor(conn, &entry.actor, true).await?;
    let subject = names.resource(conn, &entry.subject).await?;
    let mut resources: Vec<ResourceView> = Vec::with_capacity(touches.len());
    for reference in touches.iter().filter(|r| ***r != entry.subject) {
        resources.push(names.resource(conn, reference).await?);
    }
    let mut data = json!({"change": entry.seq, "subject": subject, "actor": actor, "resources": resources});
    if let Some(note) = &entry.note {
        data["note"] = json!(note);
    }
    Ok(json!({"type": entry.verb, "timestamp": entry.at, "data": data}))
}

//! The projection: changes become updates for gateways. The only place that knows what gateways care about.
//!
//! It takes from an entry only *which* subject changed and reads that row again, so applying an entry twice is
//! harmless, and a gateway that lost its place reloads.

use crate::cx::Platform;
use crate::version::{self, Which};
use crate::{client, credential, environment, grant, plan, subscription};
use base::id::Id;
use base::{Kind, Problem, Ref, id};
use snapshot::Update;
use store::{Conn, log};
use tokio::sync::watch;

/// How many rows are read at once when everything is loaded.
const PAGE: i64 = 1_000;
/// How many entries are projected at once.
const BATCH: i64 = 500;

/// Everything that a gateway knows, as of the change that is returned with it.
///
/// # Errors
/// Those of the database.
pub async fn load(platform: &Platform) -> Result<(Vec<Update>, i64), Problem> {
    let now = platform.clock.now();
    let mut tx = platform.db.read().await?;
    let seq = log::head(&mut tx).await?;
    let mut out = Vec::new();
    for e in environment::all(&mut tx).await? {
        out.push(Update::Environment(e.id.clone(), environment::row(&mut tx, &e.id).await?));
    }
    for (version, environment) in version::publications_of(&mut tx, Which::All).await? {
        let row = version::publication_row(&mut tx, &platform.settings, &version, &environment).await?;
        out.push(Update::Publication(version, environment, row.map(Box::new)));
    }
    for row in plan::all_limit_group_rows(&mut tx).await? {
        out.push(Update::LimitGroup(row.id.clone(), Some(row)));
    }
    for row in plan::all_plan_rows(&mut tx).await? {
        out.push(Update::Plan(row.id.clone(), Some(row)));
    }
    for key in grant::key_rows(&mut tx).await? {
        out.push(Update::Key(key.kid.clone(), Some(key)));
    }
    load_tables(&mut tx, now, &mut out).await?;
    Ok((out, seq))
}

/// The large tables, page by page.
async fn load_tables(conn: &mut Conn, now: base::Timestamp, out: &mut Vec<Update>) -> Result<(), Problem> {
    let mut after = String::new();
    while let Some(last) = {
        let rows = client::all(conn, &after, PAGE).await?;
        out.extend(rows.iter().map(|c| Update::Client(c.id.clone(), Some(client::row(c)))));
        rows.last().map(|c| c.id.to_string())
    } {
        after = last;
    }
    after.clear();
    while let Some(last) = {
        let rows = credential::all(conn, &after, PAGE).await?;
        let last = rows.last().map(|c| c.id.to_string());
        out.extend(rows.into_iter().map(|c| Update::Credential(c.id.clone(), Some(c))));
        last
    } {
        after = last;
    }
    after.clear();
    while let Some(last) = {
        let rows = grant::token_rows(conn, &after, now, PAGE).await?;
        let last = rows.last().map(|t| t.id.to_string());
        out.extend(rows.into_iter().map(|t| Update::Token(t.id.clone(), Some(t))));
        last
    } {
        after = last;
    }
    out.extend(grant::revoked_rows(conn, now).await?.into_iter().map(|(id, end)| Update::RevokedJwt(id, end)));
    for over in [true, false] {
        after.clear();
        while let Some(last) = {
            let rows = subscription::all_rows(conn, over, &after, PAGE).await?;
            let last = rows.last().map(|s| s.id.to_string());
            out.extend(rows.into_iter().map(|s| Update::Subscription(s.key(), Some(s))));
            last
        } {
            after = last;
        }
    }
    Ok(())
}

/// What gateways have to know because this subject, which is no subscription, changed.
async fn updates(platform: &Platform, conn: &mut Conn, subject: &Ref) -> Result<Vec<Update>, Problem> {
    match subject.kind {
        Kind::Environment => {
            let Ok(id) = id::EnvironmentId::parse(&subject.id) else { return Ok(Vec::new()) };
            let mut out = vec![Update::Environment(id.clone(), environment::row(conn, &id).await?)];
            // Versions on their way out name addresses in it.
            out.extend(publications(platform, conn, subject).await?);
            Ok(out)
        }
        Kind::LimitGroup => {
            let Ok(id) = id::LimitGroupId::parse(&subject.id) else { return Ok(Vec::new()) };
            Ok(vec![Update::LimitGroup(id.clone(), plan::limit_group_row(conn, &id).await?)])
        }
        Kind::Plan => {
            let Ok(id) = id::PlanId::parse(&subject.id) else { return Ok(Vec::new()) };
            Ok(vec![Update::Plan(id.clone(), plan::plan_row(conn, &id).await?)])
        }
        Kind::Api | Kind::Version | Kind::Destination => publications(platform, conn, subject).await,
        Kind::Client => {
            let Ok(id) = id::ClientId::parse(&subject.id) else { return Ok(Vec::new()) };
            let found = client::find(conn, &id).await?;
            Ok(vec![Update::Client(id, found.as_ref().map(client::row))])
        }
        Kind::Credential => {
            let Ok(id) = id::CredentialId::parse(&subject.id) else { return Ok(Vec::new()) };
            Ok(vec![Update::Credential(id.clone(), credential::row(conn, &id).await?)])
        }
        Kind::Grant => match id::TokenId::parse(&subject.id) {
            Ok(id) => grant::updates_for(conn, &id).await,
            Err(_) => Ok(Vec::new()),
        },
        Kind::SigningKey => {
            let rows = grant::key_rows(conn).await?;
            Ok(rows.into_iter().map(|k| Update::Key(k.kid.clone(), Some(k))).collect())
        }
        Kind::User
        | Kind::Organization
        | Kind::Group
        | Kind::Profile
        | Kind::ApiGroup
        | Kind::App
        // Read together, by `subscriptions`.
        | Kind::Subscription
        | Kind::Task
        | Kind::Agreement
        | Kind::Webhook => Ok(Vec::new()),
    }
}

/// What they have to know because these subscriptions changed: the end of an API with many subscribers is as many
/// changes at once.
async fn subscriptions(conn: &mut Conn, ids: &[id::SubscriptionId]) -> Result<Vec<Update>, Problem> {
    let rows = subscription::rows(conn, ids).await?;
    Ok(rows.into_iter().map(|row| Update::Subscription(row.key(), Some(row))).collect())
}

/// Publications that the change of an API, a version or a destination may have altered.
async fn publications(platform: &Platform, conn: &mut Conn, subject: &Ref) -> Result<Vec<Update>, Problem> {
    let mut pairs = Vec::new();
    match subject.kind {
        Kind::Api => {
            if let Ok(id) = id::ApiId::parse(&subject.id) {
                pairs = version::publications_of(conn, Which::Api(&id)).await?;
            }
        }
        Kind::Destination => {
            if let Ok(id) = id::DestinationId::parse(&subject.id) {
                pairs = version::publications_of(conn, Which::Destination(&id)).await?;
            }
        }
        Kind::Environment => {
            if let Ok(id) = id::EnvironmentId::parse(&subject.id) {
                pairs = version::publications_of(conn, Which::Ending(&id)).await?;
            }
        }
        _ => {
            // Every environment: the change may have taken a publication away.
            if let Ok(id) = id::VersionId::parse(&subject.id) {
                let all = version::following(conn, &id).await?;
                for environment in environment::all(conn).await? {
                    pairs.extend(all.iter().map(|version| (version.clone(), environment.id.clone())));
                }
            }
        }
    }
    let mut out = Vec::with_capacity(pairs.len());
    for (version, environment) in pairs {
        let row = version::publication_row(conn, &platform.settings, &version, &environment).await?;
        out.push(Update::Publication(version, environment, row.map(Box::new)));
    }
    Ok(out)
}

/// Whether the entry can alter what gateways know. An API's board is full of entries that do not.
fn matters(entry: &log::Entry) -> bool {
    entry.subject.kind != Kind::Api || entry.verb == "api.edited"
}

/// Loads everything, then follows the log until told to stop.
pub async fn run(platform: Platform, shutdown: watch::Receiver<bool>) {
    let mut stop = shutdown;
    let mut head = platform.db.head();
    let mut at = *platform.projected.borrow();
    loop {
        match step(&platform, at).await {
            Ok(reached) if reached > at => {
                at = reached;
                platform.projected.send_replace(at);
                continue;
            }
            Ok(_) => {}
            Err(problem) => {
                tracing::warn!(problem = ?problem, "projection.failed: will try again");
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                if *stop.borrow() {
                    return;
                }
                continue;
            }
        }
        tokio::select! {
            () = crate::reader::stopped(&mut stop) => return,
            changed = head.wait_for(|seq| *seq > at) => if changed.is_err() { return },
        }
    }
}

/// Loads everything into the gateway of this process. Done once, before anybody is served.
///
/// # Errors
/// Those of the database.
pub async fn start(platform: &Platform) -> Result<(), Problem> {
    let (rows, seq) = load(platform).await?;
    platform.sink.reload(rows, seq);
    platform.projected.send_replace(seq);
    Ok(())
}

/// Projects the next entries; answers the last change that gateways know now.
async fn step(platform: &Platform, at: i64) -> Result<i64, Problem> {
    let mut tx = platform.db.read().await?;
    let entries = log::after(&mut tx, at, BATCH).await?;
    let Some(last) = entries.last().map(|e| e.seq) else { return Ok(at) };
    let mut subjects: Vec<&Ref> = entries.iter().filter(|e| matters(e)).map(|e| &e.subject).collect();
    subjects.sort();
    subjects.dedup();
    let mut out = Vec::new();
    let (agreed, others): (Vec<&Ref>, Vec<&Ref>) = subjects.into_iter().partition(|s| s.kind == Kind::Subscription);
    for subject in others {
        out.extend(updates(platform, &mut tx, subject).await?);
    }
    let ids: Vec<_> = agreed.iter().filter_map(|s| id::SubscriptionId::parse(&s.id).ok()).collect();
    out.extend(subscriptions(&mut tx, &ids).await?);
    drop(tx);
    platform.sink.apply(out, last);
    Ok(last)
}

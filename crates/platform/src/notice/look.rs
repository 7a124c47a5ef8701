//! What a notice is about, by name: for the inbox and for mails.

use crate::names::{Names, ResourceView};
use crate::subscription::{self, Subscription};
use crate::task::{self, Task};
use base::id::Id;
use base::{Kind, Problem, Ref, id};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use store::Conn;
use utoipa::ToSchema;

/// What a notice is about, as far as it has these.
#[derive(Default, Serialize, ToSchema)]
pub struct NoticeNames {
    /// The app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<ResourceView>,
    /// The API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<ResourceView>,
    /// The version of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<ResourceView>,
    /// The subscription, also where the notice is about its task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription: Option<ResourceView>,
    /// The environment of the subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<ResourceView>,
    /// The organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<ResourceView>,
}

/// What a notice is about, before it is looked up.
pub struct Subject {
    /// What it happened to.
    pub subject: Ref,
    /// What the entry touches.
    pub touched: Vec<Ref>,
}

/// Finds what a notice about this subject is about.
///
/// # Errors
/// Those of the database.
pub async fn about(conn: &mut Conn, names: &mut Names, subject: Subject) -> Result<NoticeNames, Problem> {
    Ok(about_all(conn, names, vec![subject]).await?.pop().unwrap_or_default())
}

/// The same for many at once, in their order.
///
/// # Errors
/// Those of the database.
pub async fn about_all(
    conn: &mut Conn,
    names: &mut Names,
    subjects: Vec<Subject>,
) -> Result<Vec<NoticeNames>, Problem> {
    let (tasks, subscriptions) = behind(conn, &subjects).await?;
    let of = |id: &id::SubscriptionId| subscriptions.get(id);
    let mut all: Vec<Vec<Ref>> = Vec::with_capacity(subjects.len());
    for Subject { subject, mut touched } in subjects {
        if let Some(task) = read::<id::TaskId>(&subject, Kind::Task).and_then(|id| tasks.get(&id)) {
            touched.push(subject);
            touched.push(match &task.inbox {
                task::Inbox::Api(id) => Ref::new(Kind::Api, id),
                task::Inbox::Organization(id) => Ref::new(Kind::Organization, id),
            });
            if let Some(id) = &task.subscription {
                touched.push(Ref::new(Kind::Subscription, id));
                touched.extend(of(id).map(|s| Ref::new(Kind::App, &s.app)));
            }
        } else {
            touched.push(subject);
        }
        let subscription = touched.iter().find_map(|r| read::<id::SubscriptionId>(r, Kind::Subscription));
        touched.extend(subscription.and_then(|id| of(&id)).map(|s| Ref::new(Kind::Environment, &s.environment)));
        all.push(touched);
    }
    names.learn_all(conn, all.concat()).await?;
    let mut out = Vec::with_capacity(all.len());
    for touched in &all {
        out.push(named(conn, names, touched).await?);
    }
    Ok(out)
}

fn read<I: Id>(reference: &Ref, kind: Kind) -> Option<I> {
    I::parse(&reference.id).ok().filter(|_| reference.kind == kind)
}

/// The tasks that notices are about, and the subscriptions: their own and those of the tasks.
async fn behind(
    conn: &mut Conn,
    subjects: &[Subject],
) -> Result<(HashMap<id::TaskId, Task>, HashMap<id::SubscriptionId, Subscription>), Problem> {
    let ids: BTreeSet<id::TaskId> = subjects.iter().filter_map(|it| read(&it.subject, Kind::Task)).collect();
    let tasks = task::among(conn, &ids.into_iter().collect::<Vec<_>>()).await?;
    let touched = subjects.iter().flat_map(|it| it.touched.iter().chain([&it.subject]));
    let mut ids: BTreeSet<id::SubscriptionId> = touched.filter_map(|r| read(r, Kind::Subscription)).collect();
    ids.extend(tasks.iter().filter_map(|task| task.subscription.clone()));
    let subscriptions = subscription::find_all(conn, &ids.into_iter().collect::<Vec<_>>()).await?;
    Ok((
        tasks.into_iter().map(|it| (it.id.clone(), it)).collect(),
        subscriptions.into_iter().map(|it| (it.id.clone(), it)).collect(),
    ))
}

/// The first of each kind, with its name.
async fn named(conn: &mut Conn, names: &mut Names, touched: &[Ref]) -> Result<NoticeNames, Problem> {
    let mut about = NoticeNames::default();
    for reference in touched {
        let place = match reference.kind {
            Kind::App => &mut about.app,
            Kind::Api => &mut about.api,
            Kind::Version => &mut about.version,
            Kind::Subscription => &mut about.subscription,
            Kind::Environment => &mut about.environment,
            Kind::Organization => &mut about.organization,
            _ => continue,
        };
        if place.is_none() {
            *place = Some(names.resource(conn, reference).await?);
        }
    }
    Ok(about)
}

//! What a notice is about, by name: for the inbox and for mails.

use crate::names::{Names, ResourceView};
use crate::{subscription, task};
use base::id::Id;
use base::{Kind, Problem, Ref, id};
use serde::Serialize;
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

/// Finds what a notice about this subject is about; `touched` is what the entry touches.
///
/// # Errors
/// Those of the database.
pub async fn about(conn: &mut Conn, names: &mut Names, subject: &Ref, touched: &[Ref]) -> Result<NoticeNames, Problem> {
    let mut touched = touched.to_vec();
    touched.push(subject.clone());
    if subject.kind == Kind::Task
        && let Ok(id) = id::TaskId::parse(&subject.id)
        && let Some(task) = task::find(conn, &id).await?
    {
        touched.push(match &task.inbox {
            task::Inbox::Api(id) => Ref::new(Kind::Api, id),
            task::Inbox::Organization(id) => Ref::new(Kind::Organization, id),
        });
        if let Some(id) = &task.subscription {
            touched.push(Ref::new(Kind::Subscription, id));
            touched.extend(subscription::find(conn, id).await?.map(|s| Ref::new(Kind::App, &s.app)));
        }
    }
    let of = touched.iter().find(|r| r.kind == Kind::Subscription).and_then(|r| id::SubscriptionId::parse(&r.id).ok());
    if let Some(id) = of
        && let Some(subscription) = subscription::find(conn, &id).await?
    {
        touched.push(Ref::new(Kind::Environment, &subscription.environment));
    }
    let mut about = NoticeNames::default();
    for reference in &touched {
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

//! Looking at subscriptions: one, its history, lists from either end.

use super::ops::{listed, of_api, of_app, visible};
use super::rule::Standpoint;
use super::{Subscription, sql};
use crate::authz::{self, Verb};
use crate::cx::Cx;
use crate::{api, app, environment};
use base::{Kind, Page, PageRequest, Problem, id};

/// A subscription and where the caller stands.
pub async fn get(cx: &Cx, id: &id::SubscriptionId) -> Result<(Subscription, Standpoint), Problem> {
    visible(cx, &mut *cx.read().await?, id).await
}

/// Everything that was done and said, oldest first (A51).
pub async fn history(cx: &Cx, id: &id::SubscriptionId) -> Result<Vec<store::log::Entry>, Problem> {
    let mut tx = cx.read().await?;
    let (s, _) = visible(cx, &mut tx, id).await?;
    let filter = store::log::Filter {
        touches: vec![base::Ref::new(Kind::Subscription, &s.id)],
        limit: 500,
        ..Default::default()
    };
    let mut entries = store::log::page(&mut tx, &filter).await?;
    entries.retain(|e| e.verb.starts_with("subscription."));
    entries.reverse();
    Ok(entries)
}

/// Which subscriptions to list.
pub enum Of<'a> {
    /// Those of an app: its team's view.
    App(&'a id::AppId),
    /// Those to an API: all for its side, else those of the caller's own apps.
    Api(&'a id::ApiId),
    /// Those of the caller's apps and of the APIs that the caller decides for.
    Mine,
}

pub async fn list(cx: &Cx, of: Of<'_>, page: &PageRequest) -> Result<Page<Subscription>, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.read().await?;
    let (after, most) = (page.after(), page.limit() + 1);
    let mut only = None;
    let mut rows = match of {
        Of::App(id) => {
            app::visible(cx, &mut tx, id).await?;
            of_app(&mut tx, id, after, most).await?
        }
        Of::Api(id) => {
            let (_, standing) = api::visible(cx, &mut tx, id).await?;
            if authz::may(standing, Verb::ApiDecide) {
                of_api(&mut tx, id, after, most).await?
            } else {
                let own = app::of_user(&mut tx, &who.id).await?;
                only = Some(id);
                sql::page_of(&mut tx, &own, &[], after, most).await?
            }
        }
        Of::Mine => {
            let apps = app::of_user(&mut tx, &who.id).await?;
            let apis = api::administered(&mut tx, &who.id).await?;
            sql::page_of(&mut tx, &apps, &apis, after, most).await?
        }
    };
    let next = (i64::try_from(rows.len()).unwrap_or(i64::MAX) >= most).then(|| {
        rows.truncate(usize::try_from(page.limit()).unwrap_or(0));
        rows.last().map(|s| s.id.to_string())
    });
    // Only now: what is left out must not end the list before its end.
    rows.retain(|s| listed(s.state) && only.is_none_or(|api| s.api == *api));
    Ok(Page { items: rows, next: next.flatten() })
}

/// The status of an app at an API in every environment, asked for or not (A28, A34).
pub async fn statuses(
    cx: &Cx,
    app: &id::AppId,
    api: &id::ApiId,
) -> Result<Vec<(environment::Environment, Option<Subscription>)>, Problem> {
    let mut tx = cx.read().await?;
    app::visible(cx, &mut tx, app).await?;
    api::visible(cx, &mut tx, api).await?;
    let mut out = Vec::new();
    for environment in environment::all(&mut tx).await? {
        let newest = sql::newest(&mut tx, app, api, &environment.id).await?.filter(|s| listed(s.state));
        out.push((environment, newest));
    }
    Ok(out)
}

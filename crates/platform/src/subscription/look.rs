//! Looking at subscriptions: one, its history, lists from either end.

use super::find::listed;
use super::ops::visible;
use super::rule::{STATES, Standpoint};
use super::{Subscription, lookup, sql};
use crate::authz::{self, Verb};
use crate::cx::Cx;
use crate::{api, app, environment};
use base::{Kind, Page, PageRequest, Problem, id};
use snapshot::SubscriptionState as State;

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
#[derive(Debug, Default)]
pub struct Wanted {
    /// Those of this app: its team's view.
    pub app: Option<id::AppId>,
    /// Those to this API: all for its side, else those of the caller's own apps.
    pub api: Option<id::ApiId>,
    /// Those of the apps of this organization.
    pub organization: Option<id::OrganizationId>,
    /// Those in these states; empty means all that lists show.
    pub states: Vec<State>,
    /// Those that wait for the caller.
    pub waiting: bool,
    /// Those of the apps on whose team the caller is.
    pub mine: bool,
    /// Those with an unread answer.
    pub unread: bool,
}

/// Those of the caller's apps and of the APIs that the caller decides for, or of an app or API that is named.
pub async fn list(cx: &Cx, wanted: Wanted, page: &PageRequest) -> Result<Page<Subscription>, Problem> {
    let who = cx.signed()?;
    crate::cursor::<id::SubscriptionId>(page)?;
    let mut tx = cx.read().await?;
    let (apps, apis) = (app::of_user(&mut tx, &who.id).await?, api::administered(&mut tx, &who.id).await?);
    let mut filter =
        lookup::Filter { api: wanted.api.clone(), states: wanted.states, unread: wanted.unread, ..Default::default() };
    if filter.states.is_empty() {
        filter.states = STATES.into_iter().filter(|s| listed(*s)).collect();
    }
    if wanted.waiting {
        filter.waiting = Some((apps.clone(), apis.clone()));
    }
    let mut sees_all = false;
    if let Some(id) = &wanted.app {
        app::visible(cx, &mut tx, id).await?;
        filter.apps = Some(vec![id.clone()]);
        sees_all = true;
    }
    if let Some(id) = &wanted.api {
        let (_, standing) = api::visible(cx, &mut tx, id).await?;
        sees_all |= authz::may(standing, Verb::ApiDecide);
    }
    if let Some(id) = &wanted.organization {
        let theirs = app::of_organization(&mut tx, id).await?;
        filter.apps = Some(match filter.apps {
            Some(apps) => apps.into_iter().filter(|app| theirs.contains(app)).collect(),
            None => theirs,
        });
    }
    if wanted.mine || (!sees_all && wanted.api.is_some()) {
        // Of an API that is not theirs to decide people see what their own apps have: that begins with the apps.
        filter.apps = Some(match filter.apps {
            Some(among) => among.into_iter().filter(|app| apps.contains(app)).collect(),
            None => apps,
        });
    } else if !sees_all {
        filter.either = Some((apps, apis));
    }
    let rows = lookup::page(&mut tx, &filter, page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |s| s.id.to_string()))
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

/// What ends first among the subscriptions to the APIs that the caller decides for. A page goes on after the end and id of
/// the last item: `micros.sub_...`.
pub async fn ending_first(
    cx: &Cx,
    api: Option<&id::ApiId>,
    states: &[State],
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<Subscription>, Problem> {
    let who = cx.signed()?;
    let odd = || Problem::invalid("after", "Send the `next` of the page before.");
    let (end, last) = match after.filter(|text| !text.is_empty()) {
        None => (i64::MIN, String::new()),
        Some(text) => {
            let (end, id) = text.split_once('.').ok_or_else(odd)?;
            let id = <id::SubscriptionId as base::id::Id>::parse(id).map_err(|_| odd())?;
            (end.parse().map_err(|_| odd())?, id.to_string())
        }
    };
    let limit = PageRequest { after: None, limit }.limit();
    let mut tx = cx.read().await?;
    let mut apis = api::administered(&mut tx, &who.id).await?;
    if let Some(only) = api {
        let (_, standing) = api::visible(cx, &mut tx, only).await?;
        cx.may(standing, Verb::ApiDecide)?;
        apis = vec![only.clone()];
    }
    // Each API is asked for its own first ones, so the cost is that of the page and not of the subscriptions.
    let mut rows = sql::ending_first(&mut tx, &apis, states, (end, &last), limit + 1).await?;
    let key = |s: &Subscription| (sql::kept_end(s.ends_at), s.id.clone());
    rows.sort_by_key(key);
    Ok(Page::of(rows, limit, |s| format!("{}.{}", sql::kept_end(s.ends_at), s.id)))
}

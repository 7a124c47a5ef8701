//! What stands against single actions beside side and state, looked up for a whole page at once.
//!
//! Asking again must not be a way around a plan or a text that the provider has replaced, nor to a second live subscription.

mod sql;

use super::Subscription;
use super::revision::{self, Revision};
use super::rule::{Hindrances, Refusal};
use crate::cx::Cx;
use crate::{agreement, api, app};
use base::{Problem, id};
use snapshot::SubscriptionState as State;
use std::collections::{BTreeSet, HashMap, HashSet};
use store::Conn;

/// What stands against the actions of each of these; those of which nothing does are left out. `revisions` are the newest
/// of each.
pub async fn of(
    cx: &Cx,
    conn: &mut Conn,
    all: &[Subscription],
    revisions: &HashMap<id::SubscriptionId, Revision>,
) -> Result<HashMap<id::SubscriptionId, Hindrances>, Problem> {
    let mut out: HashMap<id::SubscriptionId, Hindrances> = HashMap::new();
    for r in revisions.values().filter(|r| r.state.is_open()) {
        out.entry(r.subscription.clone()).or_default().revise = Some(Refusal::OpenRevision);
    }
    // Only what was rejected is asked for again: most pages have nothing of it.
    let rejected: Vec<&Subscription> = all.iter().filter(|s| s.state == State::Rejected).collect();
    if rejected.is_empty() {
        return Ok(out);
    }
    let around = Around::of(conn, &rejected).await?;
    for s in rejected {
        if let Some(why) = around.against(cx, s) {
            out.entry(s.id.clone()).or_default().resubmit = Some(why);
        }
    }
    Ok(out)
}

/// The same of one.
pub async fn of_one(cx: &Cx, conn: &mut Conn, s: &Subscription) -> Result<Hindrances, Problem> {
    let revisions = revision::newest(conn, std::slice::from_ref(&s.id)).await?;
    Ok(of(cx, conn, std::slice::from_ref(s), &revisions).await?.remove(&s.id).unwrap_or_default())
}

/// What asking again is measured by.
struct Around {
    live: HashSet<id::SubscriptionId>,
    apps: HashSet<id::AppId>,
    /// What each API offers now.
    plans: HashMap<id::ApiId, HashSet<id::PlanId>>,
    /// The text of each API that has one.
    agreements: HashMap<id::ApiId, id::AgreementId>,
    answered: HashMap<id::AcceptanceId, agreement::Answered>,
}

impl Around {
    async fn of(conn: &mut Conn, rejected: &[&Subscription]) -> Result<Self, Problem> {
        let apps: BTreeSet<id::AppId> = rejected.iter().map(|s| s.app.clone()).collect();
        let apps = app::among(conn, &apps.into_iter().collect::<Vec<_>>()).await?;
        let apis: BTreeSet<id::ApiId> = rejected.iter().map(|s| s.api.clone()).collect();
        let apis: Vec<id::ApiId> = apis.into_iter().collect();
        let found = api::among(conn, &apis).await?;
        let offered = api::plans_of(conn, &found).await?;
        let acceptances: Vec<id::AcceptanceId> = rejected.iter().filter_map(|s| s.acceptance.clone()).collect();
        let ids: Vec<id::SubscriptionId> = rejected.iter().map(|s| s.id.clone()).collect();
        Ok(Self {
            live: sql::beside_live(conn, &ids).await?,
            apps: apps.into_iter().map(|app| app.id).collect(),
            plans: offered.into_iter().map(|(api, of)| (api, of.into_iter().map(|p| p.id).collect())).collect(),
            agreements: agreement::active_of(conn, &apis).await?,
            answered: agreement::answered(conn, &acceptances).await?,
        })
    }

    fn against(&self, cx: &Cx, s: &Subscription) -> Option<Refusal> {
        let Some(plans) = self.plans.get(&s.api).filter(|_| self.apps.contains(&s.app)) else {
            return Some(Refusal::EndGone);
        };
        if self.live.contains(&s.id) {
            return Some(Refusal::LiveSubscription);
        }
        if !plans.contains(&s.plan) {
            return Some(Refusal::PlanGone);
        }
        let answered = s.acceptance.as_ref().and_then(|id| self.answered.get(id)).map(|text| &text.agreement);
        if self.agreements.get(&s.api).is_some_and(|active| Some(active) != answered) {
            return Some(Refusal::AgreementChanged);
        }
        s.ends_at.is_some_and(|end| end <= cx.now).then_some(Refusal::EndPassed)
    }
}

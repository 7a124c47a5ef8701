//! Subscriptions as an import of an app wants them, inside the transaction of that import: for systems that know what was
//! agreed, requested and decided elsewhere.
//!
//! What is brought in goes the way that people's requests go: along the lifecycle, with a task where somebody has to act,
//! each step as a change of its own by whoever imports. What was decided here is never undone.

use super::ops::{change, end, marked, modified};
use super::rule::{STATES, Side};
use super::{Decision, Subscription, SubscriptionOrigin, SuspendedBy, sql};
use crate::cx::{Cx, Describe};
use crate::task::{self, TaskState};
use crate::{api, text};
use base::{Change, Problem, id};
use snapshot::SubscriptionState as State;
use store::Conn;

/// An API that an app is to call under a plan.
#[derive(Clone, Debug)]
pub struct AdoptedTerm {
    /// Which API.
    pub api: id::ApiId,
    /// Under which plan.
    pub plan: id::PlanId,
    /// Where the import says so.
    pub pointer: String,
}

/// A request, decided or not.
#[derive(Clone, Debug)]
pub struct AdoptedRequest {
    /// For access to which API.
    pub api: id::ApiId,
    /// Under which plan.
    pub plan: id::PlanId,
    /// The task that asks for the decision; one is made unless given.
    pub task: Option<id::TaskId>,
    /// What was decided.
    pub decision: Decision,
    /// The requester's words.
    pub comment_requestor: Option<String>,
    /// The decider's words.
    pub comment_response: Option<String>,
    /// Whether the app's team has yet to read the decision.
    pub unread: bool,
    /// Where the import says so.
    pub pointer: String,
}

/// What an app is to have in an environment; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct Adopted {
    /// What it may call, and nothing else.
    pub active: Option<Vec<AdoptedTerm>>,
    /// What was requested. Requests that are left out are withdrawn if they still wait; decided ones stay.
    pub requests: Option<Vec<AdoptedRequest>>,
}

/// What these apps have in an environment, by id, save what is over.
///
/// # Errors
/// Those of the database.
pub async fn standing_in(
    cx: &Cx,
    conn: &mut Conn,
    apps: &[id::AppId],
    environment: &id::EnvironmentId,
) -> Result<Vec<Subscription>, Problem> {
    let states: Vec<State> = STATES.into_iter().filter(|state| super::find::listed(*state)).collect();
    let mut all = sql::standing_in(conn, apps, environment, &states).await?;
    all.retain(|s| super::find::listed(s.state_at(cx.now)));
    Ok(all)
}

/// Brings what an app has in an environment to what is wanted: the changes to commit. The caller has checked that they may,
/// for both sides.
///
/// # Errors
/// 422 naming what cannot be, 409 if a request was made meanwhile.
pub async fn adopt(
    cx: &Cx,
    conn: &mut Conn,
    app: &id::AppId,
    environment: &id::EnvironmentId,
    wanted: &Adopted,
) -> Result<Vec<Change>, Problem> {
    let there = standing_in(cx, conn, std::slice::from_ref(app), environment).await?;
    let mut work = Work { cx, conn, app, environment, there, kept: Vec::new(), changes: Vec::new() };
    for request in wanted.requests.iter().flatten() {
        work.request(request, wanted).await?;
    }
    for term in wanted.active.iter().flatten() {
        work.term(term).await?;
    }
    work.leave(wanted).await?;
    Ok(work.changes)
}

/// An import under way.
struct Work<'w> {
    cx: &'w Cx,
    conn: &'w mut Conn,
    app: &'w id::AppId,
    environment: &'w id::EnvironmentId,
    there: Vec<Subscription>,
    /// Those that a request was found for, or was made with.
    kept: Vec<id::SubscriptionId>,
    changes: Vec<Change>,
}

fn term_of<'a>(wanted: &'a Adopted, api: &id::ApiId) -> Option<&'a AdoptedTerm> {
    wanted.active.iter().flatten().find(|term| term.api == *api)
}

impl Work<'_> {
    fn live(&self, api: &id::ApiId) -> Option<usize> {
        self.there.iter().position(|s| s.api == *api && s.state != State::Rejected)
    }

    /// One step of one subscription, written down and told.
    fn step(&mut self, s: &mut Subscription, to: State, verb: &'static str, side: Side, note: Option<&str>) {
        let before = std::mem::replace(&mut s.state, to);
        s.changed_at = self.cx.now;
        self.changes.push(change(self.cx, verb, s, side, Some(before)).noting(note));
    }

    /// The API and the plan, if the one offers the other.
    async fn offered(&mut self, api: &id::ApiId, plan: &id::PlanId, at: (&str, &str)) -> Result<(), Problem> {
        let found = api::find(self.conn, api).await?;
        let api = found.ok_or_else(|| Problem::invalid(at.0, format!("There is no API `{api}` here.")))?;
        if api::offered_plans(self.conn, &api).await?.iter().any(|offered| offered.id == *plan) {
            return Ok(());
        }
        let detail = format!("`{plan}` is not among the plans that the API `{}` offers here.", api.name);
        Err(Problem::invalid(at.1, detail))
    }

    fn fresh(&self, api: &id::ApiId, plan: &id::PlanId) -> Result<Subscription, Problem> {
        let now = self.cx.now;
        // A millisecond apart each, so that they stay in their order.
        let later = i64::try_from(self.there.len()).unwrap_or_default() * 1_000;
        Ok(Subscription {
            id: id::SubscriptionId::new(now.plus_micros(later)),
            version: 1,
            request: id::RequestId::new(now),
            app: self.app.clone(),
            api: api.clone(),
            environment: self.environment.clone(),
            plan: plan.clone(),
            origin: SubscriptionOrigin::Requested,
            state: State::Requested,
            suspended_by: None,
            decision: Decision::None,
            comment_requestor: None,
            comment_response: None,
            unread: false,
            requester: self.cx.signed()?.id.clone(),
            task: None,
            acceptance: None,
            ends_at: None,
            due_at: None,
            created_at: now,
            changed_at: now,
        })
    }

    /// A request: found, and brought on, or made.
    async fn request(&mut self, r: &AdoptedRequest, wanted: &Adopted) -> Result<(), Problem> {
        let term = term_of(wanted, &r.api);
        if r.decision == Decision::Approved && term.is_some_and(|term| term.plan != r.plan) {
            let detail =
                "It was approved under another plan than `subscriptions` says. Only the last terms stand here.";
            return Err(Problem::invalid(format!("{}/subscriptionplan_id", r.pointer), detail));
        }
        if r.decision == Decision::None && term.is_some() {
            let detail =
                "The API stands in `subscriptions` already, and this request for it is undecided: one of both.";
            return Err(Problem::invalid(format!("{}/approved", r.pointer), detail));
        }
        let same = |s: &Subscription| match &r.task {
            Some(task) => s.task.as_ref() == Some(task),
            None => {
                let words = s.comment_requestor == r.comment_requestor;
                s.task.is_some() && s.api == r.api && s.plan == r.plan && s.decision == r.decision && words
            }
        };
        let kept = &self.kept;
        match self.there.iter().position(|s| !kept.contains(&s.id) && same(s)) {
            Some(n) => self.known(n, r, term.is_some()).await,
            None => self.unknown(r, term.is_some()).await,
        }
    }

    /// A request that is known here: what was decided since is done, and nothing is undone.
    async fn known(&mut self, n: usize, r: &AdoptedRequest, in_map: bool) -> Result<(), Problem> {
        let mut s = self.there[n].clone();
        self.kept.push(s.id.clone());
        let fault = |member: &str, detail: &str| Err(Problem::invalid(format!("{}/{member}", r.pointer), detail));
        if s.api != r.api {
            return fault("apiid", "The request with this action_id is for another API.");
        }
        // What is in the map has the plan of the map; there both say the same.
        if s.plan != r.plan && !in_map {
            return fault("subscriptionplan_id", "The request with this action_id is for another plan.");
        }
        if s.comment_requestor != r.comment_requestor {
            return fault("comment_requestor", "What was said with a request stays as it was said.");
        }
        let decided = s.decision != Decision::None;
        if decided && s.decision != r.decision {
            return fault("approved", "This request was decided otherwise here; a decision stays.");
        }
        if decided && s.comment_response != r.comment_response {
            return fault("comment_response", "What was said with a decision stays as it was said.");
        }
        if !decided && r.decision != Decision::None {
            self.decide(&mut s, r);
        } else if s.unread != r.unread {
            s.unread = r.unread;
            self.changes.push(marked(self.cx, &s));
        } else {
            return Ok(());
        }
        self.put(n, s).await
    }

    fn decide(&mut self, s: &mut Subscription, r: &AdoptedRequest) {
        s.decision = r.decision;
        s.comment_response.clone_from(&r.comment_response);
        s.unread = r.unread;
        let note = r.comment_response.as_deref();
        if r.decision == Decision::Approved {
            self.step(s, State::Approved, "subscription.approved", Side::Api, note);
        } else {
            self.step(s, State::Rejected, "subscription.rejected", Side::Api, note);
        }
    }

    /// A request that nobody here has heard of.
    async fn unknown(&mut self, r: &AdoptedRequest, activates: bool) -> Result<(), Problem> {
        let at = |member: &str| format!("{}/{member}", r.pointer);
        if r.decision != Decision::Rejected && self.live(&r.api).is_some() {
            let detail = "The application has a request or subscription for this API already; say its action_id, or leave \
                          this one out.";
            return Err(Problem::invalid(at("apiid"), detail));
        }
        self.offered(&r.api, &r.plan, (&at("apiid"), &at("subscriptionplan_id"))).await?;
        let mut s = self.fresh(&r.api, &r.plan)?;
        s.comment_requestor = text::comment(&at("comment_requestor"), r.comment_requestor.as_deref())?;
        text::comment(&at("comment_response"), r.comment_response.as_deref())?;
        let task = r.task.clone().unwrap_or_else(|| id::TaskId::new(self.cx.now));
        if task::find(self.conn, &task).await?.is_some() {
            return Err(Problem::invalid(at("action_id"), "This task belongs to something else here."));
        }
        task::open_as(self.conn, &task, &r.api, task::Request::Subscription(&s.id), self.cx.now).await?;
        s.task = Some(task);
        let asked = change(self.cx, "subscription.requested", &s, Side::App, None);
        self.changes.push(asked.noting(s.comment_requestor.as_deref()));
        if r.decision != Decision::None {
            self.decide(&mut s, r);
        }
        if activates && r.decision == Decision::Approved {
            self.step(&mut s, State::Active, "subscription.activated", Side::Api, None);
        }
        self.insert(s).await
    }

    /// An API that the app is to call.
    async fn term(&mut self, term: &AdoptedTerm) -> Result<(), Problem> {
        let Some(n) = self.live(&term.api) else {
            self.offered(&term.api, &term.plan, (&term.pointer, &term.pointer)).await?;
            let mut s = self.fresh(&term.api, &term.plan)?;
            self.changes.push(change(self.cx, "subscription.requested", &s, Side::App, None));
            s.decision = Decision::Approved;
            self.step(&mut s, State::Approved, "subscription.approved", Side::Api, None);
            self.step(&mut s, State::Active, "subscription.activated", Side::Api, None);
            return self.insert(s).await;
        };
        let mut s = self.there[n].clone();
        let steps = self.changes.len();
        if s.plan != term.plan {
            self.offered(&term.api, &term.plan, (&term.pointer, &term.pointer)).await?;
            let before = std::mem::replace(&mut s.plan, term.plan.clone());
            self.changes.push(modified(self.cx, &s, Side::Api, &before, s.ends_at));
        }
        if s.state == State::Requested {
            s.decision = Decision::Approved;
            s.unread = true;
            self.step(&mut s, State::Approved, "subscription.approved", Side::Api, None);
        }
        if s.state == State::Approved {
            self.step(&mut s, State::Active, "subscription.activated", Side::Api, None);
        }
        if s.state == State::Suspended {
            s.suspended_by = None;
            self.step(&mut s, State::Active, "subscription.resumed", Side::Api, None);
        }
        if self.changes.len() == steps { Ok(()) } else { self.put(n, s).await }
    }

    /// What is left out of a list that is given.
    async fn leave(&mut self, wanted: &Adopted) -> Result<(), Problem> {
        for n in 0..self.there.len() {
            let mut s = self.there[n].clone();
            let kept = self.kept.contains(&s.id);
            if term_of(wanted, &s.api).is_some() {
                continue;
            }
            match s.state {
                // Approved, and not to be called: what is active meanwhile is stopped, not forgotten.
                State::Active if wanted.active.is_some() && kept => {
                    s.suspended_by = Some(SuspendedBy::Api);
                    self.step(&mut s, State::Suspended, "subscription.suspended", Side::Api, None);
                    self.put(n, s).await?;
                }
                State::Active if wanted.active.is_some() => {
                    self.changes.extend(end(self.cx, self.conn, s, Side::Api).await?);
                }
                State::Requested | State::Approved if wanted.requests.is_some() && !kept => {
                    self.changes.extend(end(self.cx, self.conn, s, Side::App).await?);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The task is open as long as the subscription waits.
    async fn close_task(&mut self, s: &Subscription) -> Result<(), Problem> {
        match &s.task {
            Some(task) if !matches!(s.state, State::Requested | State::Approved) => {
                task::close(self.conn, task, TaskState::Done, self.cx.now).await
            }
            _ => Ok(()),
        }
    }

    async fn insert(&mut self, mut s: Subscription) -> Result<(), Problem> {
        self.close_task(&s).await?;
        s.schedule(self.cx.now, true);
        sql::insert(self.conn, &s).await?;
        self.kept.push(s.id.clone());
        self.there.push(s);
        Ok(())
    }

    async fn put(&mut self, n: usize, mut s: Subscription) -> Result<(), Problem> {
        self.close_task(&s).await?;
        s.schedule(self.cx.now, false);
        s.version = sql::put(self.conn, &s).await?;
        self.there[n] = s;
        Ok(())
    }
}

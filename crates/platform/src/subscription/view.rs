//! How a subscription looks to people: with names, status and what this caller may do.

use super::revision::{self, Revision, RevisionView};
use super::rule::{self, Status, state_word};
use super::{Decision, Subscription, SubscriptionOrigin, SuspendedBy, hindrance, ops};
use crate::agreement::{AgreementState, Answered};
use crate::api::Api;
use crate::app::App;
use crate::cx::Cx;
use crate::environment::Environment;
use crate::names::{Named, Names};
use crate::plan::{Plan, WindowView};
use crate::{agreement, api, app, environment, organization, plan, version};
use base::{Kind, Problem, Ref, id};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use store::Conn;
use utoipa::ToSchema;

/// An action, whether the caller may take it now, and why not.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedAction {
    /// The action.
    pub action: rule::Action,
    /// Whether it is to be had by this caller, now.
    pub allowed: bool,
    /// Why not: `not_your_side`, `other_side_suspended`, `wrong_state`, `open_revision` (other terms have been asked for
    /// already), `live_subscription` (the app has access there, or has asked for it) or `outdated` (plan, agreement or end
    /// of what was asked for are no longer to be had).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The legal text that was answered when access was asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnsweredAgreement {
    /// `agr_...`
    pub id: String,
    /// Which version of the API's text: 1, 2, 3 ...
    pub number: i64,
    /// For people.
    pub title: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub answered_at: String,
}

impl AnsweredAgreement {
    fn of(text: &Answered) -> Self {
        Self {
            id: text.agreement.to_string(),
            number: text.number,
            title: text.title.clone(),
            answered_at: text.answered_at.to_string(),
        }
    }
}

/// Where a version is called.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Endpoint {
    /// The version.
    pub version: Named,
    /// Its public base URL in this environment; the paths of its document follow.
    pub url: String,
}

/// An app's access to an API.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Subscription)]
pub struct SubscriptionView {
    /// `sub_...`
    pub id: String,
    /// What it shares with the others of one request, `req_...`.
    pub request: String,
    /// The consumer.
    pub app: Named,
    /// The organization of the app. Absent when the app is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Named>,
    /// The provider's API.
    pub api: Named,
    /// Versions of the API that are published in the environment.
    pub versions: Vec<String>,
    /// The same with the addresses under which they are called there.
    pub endpoints: Vec<Endpoint>,
    /// Where.
    pub environment: Named,
    /// Its name, for people.
    pub environment_name: String,
    /// Under which terms.
    pub plan: Named,
    /// The windows of that plan, as they are now; all of them hold. Empty means no cap.
    pub limits: Vec<WindowView>,
    /// requested, approved, active, suspended, rejected, cancelled or expired.
    pub state: String,
    /// The state as people read it.
    pub status: Status,
    /// Approved, and waits for activation.
    pub waits_for_activation: bool,
    /// Who suspended it, while it is.
    pub suspended_by: Option<SuspendedBy>,
    /// Whether it was approved; never both with `rejected`, neither while undecided.
    pub approved: bool,
    /// Whether it was rejected.
    pub rejected: bool,
    /// The requester's words.
    pub comment_requestor: Option<String>,
    /// The decider's words.
    pub comment_response: Option<String>,
    /// Whether the app's team has yet to read the decision.
    pub unread: bool,
    /// Who asked.
    pub requester: Named,
    /// The task that asks for the decision, `tsk_...`.
    pub task: Option<String>,
    /// The answer to the API's agreement, `acc_...`.
    pub acceptance: Option<String>,
    /// Which text that was.
    pub agreement: Option<AnsweredAgreement>,
    /// Whether the caller is on the app's team, which marks answers as read.
    pub on_team: bool,
    /// Whether the text that was answered is still the active one; null if none was answered.
    pub agreement_is_current: Option<bool>,
    /// How it came about.
    pub origin: SubscriptionOrigin,
    /// When it ends by itself, RFC 3339.
    #[schema(format = DateTime)]
    pub ends_at: Option<String>,
    /// In how many days that is, begun ones counted whole.
    pub ends_in_days: Option<i64>,
    /// The terms that were asked for last, whatever became of them. The old ones go on until these are activated.
    pub revision: Option<RevisionView>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When its state last changed, RFC 3339.
    #[schema(format = DateTime)]
    pub changed_at: String,
    /// All actions, for this caller, now.
    pub actions: Vec<OfferedAction>,
}

/// What a page of subscriptions speaks of, read at once.
struct Around {
    apps: HashMap<id::AppId, App>,
    apis: HashMap<id::ApiId, Api>,
    app_access: app::Access,
    api_access: api::Access,
    environments: HashMap<id::EnvironmentId, Environment>,
    plans: HashMap<id::PlanId, Plan>,
    releases: HashMap<id::ApiId, Vec<version::Release>>,
    organizations: HashMap<id::OrganizationId, String>,
    revisions: HashMap<id::SubscriptionId, Revision>,
    hindrances: HashMap<id::SubscriptionId, rule::Hindrances>,
    agreements: HashMap<id::AcceptanceId, Answered>,
    people: Names,
}

/// These, each once.
fn distinct<'a, T, I: Ord + Clone + 'a>(all: &'a [T], one: impl Fn(&'a T) -> &'a I) -> Vec<I> {
    all.iter().map(one).collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

impl Around {
    async fn of(cx: &Cx, conn: &mut Conn, all: &[Subscription]) -> Result<Self, Problem> {
        let apps = app::among(conn, &distinct(all, |s| &s.app)).await?;
        let apis = api::among(conn, &distinct(all, |s| &s.api)).await?;
        let mut releases: HashMap<_, Vec<_>> = HashMap::new();
        let ids: Vec<id::ApiId> = apis.iter().map(|api| api.id.clone()).collect();
        for release in version::releases(conn, &ids).await? {
            releases.entry(release.api.clone()).or_default().push(release);
        }
        let organizations = organization::names(conn, &distinct(&apps, |a| &a.organization)).await?;
        let environments = environment::all(conn).await?;
        let subscriptions: Vec<id::SubscriptionId> = all.iter().map(|s| s.id.clone()).collect();
        let revisions = revision::newest(conn, &subscriptions).await?;
        let mut named = distinct(all, |s| &s.plan);
        named.extend(revisions.values().flat_map(|r| [r.plan.clone(), r.plan_before.clone()]));
        named.sort();
        named.dedup();
        let plans = plan::among(conn, &named).await?;
        let acceptances: Vec<id::AcceptanceId> = all.iter().filter_map(|s| s.acceptance.clone()).collect();
        let requesters = all.iter().map(|s| &s.requester).chain(revisions.values().map(|r| &r.requester));
        let requesters = requesters.map(|user| Ref::new(Kind::User, user)).collect();
        let mut people = Names::default();
        people.learn_all(conn, requesters).await?;
        Ok(Self {
            app_access: app::Access::among(cx, conn, &apps).await?,
            api_access: api::Access::among(cx, conn, &apis).await?,
            agreements: agreement::answered(conn, &acceptances).await?,
            apps: apps.into_iter().map(|it| (it.id.clone(), it)).collect(),
            apis: apis.into_iter().map(|it| (it.id.clone(), it)).collect(),
            environments: environments.into_iter().map(|it| (it.id.clone(), it)).collect(),
            plans: plans.into_iter().map(|it| (it.id.clone(), it)).collect(),
            releases,
            organizations,
            hindrances: hindrance::of(cx, conn, all, &revisions).await?,
            revisions,
            people,
        })
    }

    fn standpoint(&self, cx: &Cx, s: &Subscription) -> rule::Standpoint {
        let app = self.apps.get(&s.app).map_or_else(|| cx.standing(), |app| self.app_access.standing(app));
        let api = self.apis.get(&s.api).map_or_else(|| cx.standing(), |api| self.api_access.standing(api));
        ops::standpoint_of(app, api)
    }

    fn offers(&self, cx: &Cx, s: &Subscription) -> Vec<OfferedAction> {
        let case = rule::Case {
            state: s.state_at(cx.now),
            suspended_by: s.suspended_by,
            who: self.standpoint(cx, s),
            hindrances: self.hindrances.get(&s.id).copied().unwrap_or_default(),
        };
        let offer = |(action, result): (rule::Action, Result<rule::Side, rule::Refusal>)| {
            let reason = result.err().map(|why| why.code().to_owned());
            OfferedAction { action, allowed: reason.is_none(), reason }
        };
        case.offered().into_iter().map(offer).collect()
    }

    async fn revision(&mut self, cx: &Cx, conn: &mut Conn, s: &Subscription) -> Result<Option<RevisionView>, Problem> {
        let who = self.standpoint(cx, s);
        let Some(r) = self.revisions.get(&s.id) else { return Ok(None) };
        let requester = self.people.named(conn, Kind::User, &r.requester).await?;
        Ok(Some(RevisionView::of(r, s, (who, cx.now), requester, |plan| self.plans.get(plan))))
    }

    fn named<I: std::fmt::Display>(id: &I, name: Option<&String>) -> Named {
        Named { id: id.to_string(), name: name.cloned().unwrap_or_default() }
    }

    /// Where the versions that are published in the subscription's environment are reached.
    fn endpoints(&self, gateway_url: &str, s: &Subscription) -> Vec<Endpoint> {
        let (Some(api), Some(environment)) = (self.apis.get(&s.api), self.environments.get(&s.environment)) else {
            return Vec::new();
        };
        let base = format!("{}/{}", environment.base_url(gateway_url), api.slug);
        let releases = self.releases.get(&s.api).map_or(&[][..], Vec::as_slice);
        let there = releases.iter().filter(|r| r.environments.contains(&s.environment));
        let endpoint = |r: &version::Release| Endpoint {
            version: Named { id: r.id.to_string(), name: r.name.clone() },
            url: format!("{base}/{}", r.name),
        };
        there.map(endpoint).collect()
    }

    async fn view(&mut self, cx: &Cx, conn: &mut Conn, s: &Subscription) -> Result<SubscriptionView, Problem> {
        let actions = self.offers(cx, s);
        let state = s.state_at(cx.now);
        let revision = self.revision(cx, conn, s).await?;
        let requester = self.people.named(conn, Kind::User, &s.requester).await?;
        let answered = s.acceptance.as_ref().and_then(|id| self.agreements.get(id));
        let app = self.apps.get(&s.app);
        let organization = app.map(|app| Self::named(&app.organization, self.organizations.get(&app.organization)));
        let endpoints = self.endpoints(&cx.platform.settings.gateway_url, s);
        Ok(SubscriptionView {
            id: s.id.to_string(),
            request: s.request.to_string(),
            app: Self::named(&s.app, app.map(|a| &a.name)),
            organization,
            api: Self::named(&s.api, self.apis.get(&s.api).map(|a| &a.name)),
            versions: endpoints.iter().map(|e| e.version.name.clone()).collect(),
            endpoints,
            environment: Self::named(&s.environment, self.environments.get(&s.environment).map(|e| &e.slug)),
            environment_name: self.environments.get(&s.environment).map(|e| e.name.clone()).unwrap_or_default(),
            plan: Self::named(&s.plan, self.plans.get(&s.plan).map(|p| &p.name)),
            limits: self.plans.get(&s.plan).map(|p| p.view().limits).unwrap_or_default(),
            state: state_word(state).to_owned(),
            status: rule::status(Some(state)),
            waits_for_activation: state == snapshot::SubscriptionState::Approved,
            suspended_by: s.suspended_by,
            approved: s.decision == Decision::Approved,
            rejected: s.decision == Decision::Rejected,
            comment_requestor: s.comment_requestor.clone(),
            comment_response: s.comment_response.clone(),
            unread: s.unread,
            requester,
            task: s.task.as_ref().map(ToString::to_string),
            acceptance: s.acceptance.as_ref().map(ToString::to_string),
            agreement: answered.map(AnsweredAgreement::of),
            on_team: self.app_access.role(&s.app).is_some(),
            agreement_is_current: answered.map(|text| is_current(text, &s.api)),
            origin: s.origin,
            ends_at: s.ends_at.map(|at| at.to_string()),
            ends_in_days: s.ends_at.filter(|_| rule::ends(state)).map(|at| rule::days_left(at, cx.now)),
            revision,
            created_at: s.created_at.to_string(),
            changed_at: s.changed_at.to_string(),
            actions,
        })
    }
}

/// Whether this text is still the one that consumers of this API answer.
fn is_current(text: &Answered, api: &id::ApiId) -> bool {
    text.state == AgreementState::Active && text.api.as_ref() == Some(api)
}

/// What the caller may do with each of these, now.
///
/// # Errors
/// Those of the database.
pub async fn actions(
    cx: &Cx,
    conn: &mut Conn,
    subscriptions: &[Subscription],
) -> Result<HashMap<id::SubscriptionId, Vec<OfferedAction>>, Problem> {
    let around = Around::of(cx, conn, subscriptions).await?;
    let offers = |s: &Subscription| (s.id.clone(), around.offers(cx, s));
    Ok(subscriptions.iter().map(offers).collect())
}

/// How these look to the caller.
///
/// # Errors
/// Those of the database.
pub async fn views(cx: &Cx, subscriptions: &[Subscription]) -> Result<Vec<SubscriptionView>, Problem> {
    let mut tx = cx.read().await?;
    let mut around = Around::of(cx, &mut tx, subscriptions).await?;
    let mut out = Vec::with_capacity(subscriptions.len());
    for s in subscriptions {
        out.push(around.view(cx, &mut tx, s).await?);
    }
    Ok(out)
}

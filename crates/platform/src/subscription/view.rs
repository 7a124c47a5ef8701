//! How a subscription looks to people: with names, status and what this caller may do.

use super::rule::{self, Status, state_word};
use super::{Decision, Subscription, SuspendedBy, ops};
use crate::cx::Cx;
use crate::{api, app, environment, plan, user, version};
use base::{Problem, id};
use serde::Serialize;
use std::collections::HashMap;
use store::Conn;
use utoipa::ToSchema;

/// Something with a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// For people.
    pub name: String,
}

/// An action, whether the caller may take it now, and why not.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedAction {
    /// The action.
    pub action: rule::Action,
    /// Whether it is to be had by this caller, now.
    pub allowed: bool,
    /// Why not: `not_your_side`, `other_side_suspended` or `wrong_state`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
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
    /// The provider's API.
    pub api: Named,
    /// Versions of the API that are published in the environment.
    pub versions: Vec<String>,
    /// Where.
    pub environment: Named,
    /// Under which terms.
    pub plan: Named,
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
    /// How it came about.
    pub origin: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When its state last changed, RFC 3339.
    #[schema(format = DateTime)]
    pub changed_at: String,
    /// All actions, for this caller, now.
    pub actions: Vec<OfferedAction>,
}

/// Names that were looked up already, so that a list asks for each once.
#[derive(Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    async fn app(&mut self, conn: &mut Conn, id: &id::AppId) -> Result<Named, Problem> {
        let key = id.to_string();
        if !self.0.contains_key(&key) {
            let name = app::find(conn, id).await?.map(|a| a.name).unwrap_or_default();
            self.0.insert(key.clone(), name);
        }
        Ok(self.named(key))
    }

    async fn api(&mut self, conn: &mut Conn, id: &id::ApiId) -> Result<Named, Problem> {
        let key = id.to_string();
        if !self.0.contains_key(&key) {
            let name = api::find(conn, id).await?.map(|a| a.name).unwrap_or_default();
            self.0.insert(key.clone(), name);
        }
        Ok(self.named(key))
    }

    async fn environment(&mut self, conn: &mut Conn, id: &id::EnvironmentId) -> Result<Named, Problem> {
        let key = id.to_string();
        if !self.0.contains_key(&key) {
            let name = environment::find(conn, id).await?.map(|e| e.slug).unwrap_or_default();
            self.0.insert(key.clone(), name);
        }
        Ok(self.named(key))
    }

    async fn plan(&mut self, conn: &mut Conn, id: &id::PlanId) -> Result<Named, Problem> {
        let key = id.to_string();
        if !self.0.contains_key(&key) {
            let name = plan::find(conn, id).await?.map(|p| p.name).unwrap_or_default();
            self.0.insert(key.clone(), name);
        }
        Ok(self.named(key))
    }

    async fn user(&mut self, conn: &mut Conn, id: &id::UserId) -> Result<Named, Problem> {
        let key = id.to_string();
        if !self.0.contains_key(&key) {
            let name = user::find(conn, id).await?.map(|u| u.display_name).unwrap_or_default();
            self.0.insert(key.clone(), name);
        }
        Ok(self.named(key))
    }

    fn named(&self, key: String) -> Named {
        let name = self.0.get(&key).cloned().unwrap_or_default();
        Named { id: key, name }
    }
}

/// How this subscription looks to the caller.
pub async fn view(cx: &Cx, conn: &mut Conn, names: &mut Names, s: &Subscription) -> Result<SubscriptionView, Problem> {
    let (who, _) = ops::standpoint(cx, conn, s).await?;
    let actions = rule::offered(s.state, s.suspended_by, who).into_iter().map(|(action, result)| OfferedAction {
        action,
        allowed: result.is_ok(),
        reason: result.err().map(|why| why.code().to_owned()),
    });
    Ok(SubscriptionView {
        id: s.id.to_string(),
        request: s.request.to_string(),
        app: names.app(conn, &s.app).await?,
        api: names.api(conn, &s.api).await?,
        versions: version::names_in(conn, &s.api, &s.environment).await?,
        environment: names.environment(conn, &s.environment).await?,
        plan: names.plan(conn, &s.plan).await?,
        state: state_word(s.state).to_owned(),
        status: s.status(),
        waits_for_activation: s.state == snapshot::SubscriptionState::Approved,
        suspended_by: s.suspended_by,
        approved: s.decision == Decision::Approved,
        rejected: s.decision == Decision::Rejected,
        comment_requestor: s.comment_requestor.clone(),
        comment_response: s.comment_response.clone(),
        unread: s.unread,
        requester: names.user(conn, &s.requester).await?,
        task: s.task.as_ref().map(ToString::to_string),
        acceptance: s.acceptance.as_ref().map(ToString::to_string),
        origin: "requested".to_owned(),
        created_at: s.created_at.to_string(),
        changed_at: s.changed_at.to_string(),
        actions: actions.collect(),
    })
}

/// How these look to the caller.
pub async fn views(cx: &Cx, subscriptions: &[Subscription]) -> Result<Vec<SubscriptionView>, Problem> {
    let mut tx = cx.read().await?;
    let mut names = Names::default();
    let mut out = Vec::with_capacity(subscriptions.len());
    for s in subscriptions {
        out.push(view(cx, &mut tx, &mut names, s).await?);
    }
    Ok(out)
}

//! How a subscription looks to people: with names, status and what this caller may do.

use super::rule::{self, Status, state_word};
use super::{Decision, Subscription, SuspendedBy, ops};
use crate::cx::Cx;
use crate::{api, app, environment, plan, user, version};
use base::Problem;
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
    async fn of(
        &mut self,
        id: &impl std::fmt::Display,
        find: impl AsyncFnOnce() -> Result<Option<String>, Problem>,
    ) -> Result<Named, Problem> {
        let id = id.to_string();
        let name = match self.0.get(&id) {
            Some(name) => name.clone(),
            None => {
                let name = find().await?.unwrap_or_default();
                self.0.insert(id.clone(), name.clone());
                name
            }
        };
        Ok(Named { id, name })
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
        app: names.of(&s.app, async || Ok(app::find(conn, &s.app).await?.map(|a| a.name))).await?,
        api: names.of(&s.api, async || Ok(api::find(conn, &s.api).await?.map(|a| a.name))).await?,
        versions: version::names_in(conn, &s.api, &s.environment).await?,
        environment: names
            .of(&s.environment, async || Ok(environment::find(conn, &s.environment).await?.map(|e| e.slug)))
            .await?,
        plan: names.of(&s.plan, async || Ok(plan::find(conn, &s.plan).await?.map(|p| p.name))).await?,
        state: state_word(s.state).to_owned(),
        status: s.status(),
        waits_for_activation: s.state == snapshot::SubscriptionState::Approved,
        suspended_by: s.suspended_by,
        approved: s.decision == Decision::Approved,
        rejected: s.decision == Decision::Rejected,
        comment_requestor: s.comment_requestor.clone(),
        comment_response: s.comment_response.clone(),
        unread: s.unread,
        requester: names
            .of(&s.requester, async || Ok(user::find(conn, &s.requester).await?.map(|u| u.display_name)))
            .await?,
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

//! Asking for access.

use super::{change, go};
use crate::agreement::{self, Answer};
use crate::authz::{self, Verb};
use crate::cx::{Cx, Describe};
use crate::subscription::{Decision, Subscription, SubscriptionOrigin, rule, rule::Side, sql};
use crate::task::{self, Request};
use crate::{api, app, environment, plan, text};
use base::{Change, Fault, Kind, Problem, Timestamp, id};
use serde_json::json;
use snapshot::SubscriptionState as State;
use store::Conn;

/// One answer to one agreement.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementAnswer {
    /// The active version of the API's agreement, `agr_...`.
    #[schema(value_type = String)]
    pub agreement: id::AgreementId,
    /// What you say to it. Declining is recorded, and nothing is requested.
    pub answer: Answer,
}

/// A request for access.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// One subscription for each, all or none; `app_...`.
    #[schema(value_type = Vec<String>)]
    pub apps: Vec<id::AppId>,
    /// `api_...`
    #[schema(value_type = String)]
    pub api: id::ApiId,
    /// `env_...` or its slug.
    pub environment: String,
    /// One of the plans that the API offers, `pln_...`.
    #[schema(value_type = String)]
    pub plan: id::PlanId,
    /// When it is to end by itself, RFC 3339; no end unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
    /// What the API side should know.
    #[serde(default)]
    pub comment: Option<String>,
    /// The answer to the API's agreement, if it has one.
    #[serde(default)]
    pub agreement: Option<AgreementAnswer>,
}

/// Asks for access for one or more apps (A09). Without approval it is usable at once (C08).
pub async fn request(cx: &Cx, new: NewRequest) -> Result<(id::RequestId, Vec<Subscription>, i64), Problem> {
    let comment = text::comment("/comment", new.comment.as_deref())?;
    let mut tx = cx.write().await?;
    cx.signed()?;
    check_apps(cx, &mut tx, &new.apps).await?;
    let missing = |p: Problem| p.named_at("/api", format!("There is no API `{}` that you may see.", new.api));
    let (api, _) = api::visible(cx, &mut tx, &new.api).await.map_err(missing)?;
    let environment = environment::require(&mut tx, &new.environment, "/environment").await?;
    let plan = offered(&mut tx, &api, &new.plan, None).await?;
    let ends_at = new.ends_at.map(|end| rule::end("/ends_at", end, cx.now)).transpose()?;
    let request = id::RequestId::new(cx.now);
    let acceptance = match agree(cx, &mut tx, &api, &request, new.agreement.as_ref()).await? {
        Answered::Nothing => None,
        Answered::Accepted(acceptance) => Some(acceptance),
        Answered::Declined => return decline(cx, tx, &api).await,
    };
    let way = rule::way(plan.requires_approval, api::admission(&mut tx, &api.id, &environment.id).await?);
    let (mut subscriptions, mut changes) = (Vec::new(), Vec::new());
    for app in new.apps {
        let mut s = fresh(cx, &request, app, (&api.id, &environment.id, &plan.id))?;
        s.comment_requestor.clone_from(&comment);
        s.acceptance.clone_from(&acceptance);
        s.ends_at = ends_at;
        begin(cx, &mut tx, &mut s, way, &mut changes).await?;
        subscriptions.push(s);
    }
    let seq = cx.commit(tx, changes).await?;
    Ok((request, subscriptions, seq))
}

/// The plan, if it is among those that the API offers, or the one that the subscription has.
pub(in crate::subscription) async fn offered(
    conn: &mut Conn,
    api: &api::Api,
    wanted: &id::PlanId,
    present: Option<&id::PlanId>,
) -> Result<plan::Plan, Problem> {
    if let Some(plan) = api::offered_plans(conn, api).await?.into_iter().find(|p| p.id == *wanted) {
        return Ok(plan);
    }
    if present == Some(wanted)
        && let Some(plan) = plan::find(conn, wanted).await?
    {
        return Ok(plan);
    }
    let detail =
        format!("`{wanted}` is not among the plans that this API offers; GET /api/v1/apis/{} lists them.", api.id);
    Err(Problem::invalid("/plan", detail).code(Fault::NotAllowed))
}

/// A request by the caller that nobody has heard of yet.
pub(super) fn fresh(
    cx: &Cx,
    request: &id::RequestId,
    app: id::AppId,
    (api, environment, plan): (&id::ApiId, &id::EnvironmentId, &id::PlanId),
) -> Result<Subscription, Problem> {
    Ok(Subscription {
        id: id::SubscriptionId::new(cx.now),
        version: 1,
        request: request.clone(),
        app,
        api: api.clone(),
        environment: environment.clone(),
        plan: plan.clone(),
        origin: SubscriptionOrigin::Requested,
        state: State::Requested,
        suspended_by: None,
        decision: Decision::None,
        comment_requestor: None,
        comment_response: None,
        unread: false,
        requester: cx.signed()?.id.clone(),
        task: None,
        acceptance: None,
        ends_at: None,
        due_at: None,
        created_at: cx.now,
        changed_at: cx.now,
    })
}

/// Writes a request down and takes the steps that nobody has to take.
pub(super) async fn begin(
    cx: &Cx,
    conn: &mut Conn,
    s: &mut Subscription,
    way: rule::Way,
    changes: &mut Vec<Change>,
) -> Result<(), Problem> {
    if way.needs_approval || !way.activates {
        s.task = Some(task::open(conn, &s.api, Request::Subscription(&s.id), cx.now).await?);
    }
    let automatic = s.origin == SubscriptionOrigin::Automatic;
    let side = if automatic { Side::System } else { Side::App };
    let asked = change(cx, "subscription.requested", s, side, None).noting(s.comment_requestor.as_deref());
    changes.push(if automatic { asked.by_system() } else { asked });
    go(cx, s, way, changes);
    s.schedule(cx.now, true);
    sql::insert(conn, s).await
}

/// Passes apps that the caller may request access for (A16), each named once.
async fn check_apps(cx: &Cx, conn: &mut Conn, apps: &[id::AppId]) -> Result<(), Problem> {
    if apps.is_empty() || apps.len() > 50 {
        return Err(Problem::invalid("/apps", "Name 1 to 50 apps.").code(Fault::Length));
    }
    for (n, app) in apps.iter().enumerate() {
        if apps[..n].contains(app) {
            return Err(
                Problem::invalid(format!("/apps/{n}"), format!("`{app}` is named twice.")).code(Fault::Duplicate)
            );
        }
        // The same for an app that is not there and for one that is not the caller's.
        let stranger =
            || Problem::forbidden(format!("`{app}` is no app of which you are OWNER.")).at(format!("/apps/{n}"));
        let found = app::find(conn, app).await?.ok_or_else(stranger)?;
        let standing = app::standing(cx, conn, &found).await?;
        if !authz::may(standing, Verb::AppSubscribe) {
            return Err(stranger());
        }
    }
    Ok(())
}

/// What became of the question whether the API's agreement is accepted.
pub(in crate::subscription) enum Answered {
    /// There was none.
    Nothing,
    /// Yes.
    Accepted(id::AcceptanceId),
    /// No.
    Declined,
}

/// Records the answer to the API's agreement (A18).
pub(in crate::subscription) async fn agree(
    cx: &Cx,
    conn: &mut Conn,
    api: &api::Api,
    request: &id::RequestId,
    answer: Option<&AgreementAnswer>,
) -> Result<Answered, Problem> {
    let active = agreement::active(conn, &api.id).await?;
    match (active, answer) {
        (None, None) => Ok(Answered::Nothing),
        (None, Some(_)) => Err(Problem::invalid("/agreement", "This API has no agreement to answer; leave it out.")
            .code(Fault::NotAllowed)),
        (Some(active), None) => {
            let detail = format!(
                "This API has an agreement; read GET /api/v1/agreements/{} and answer `accepted` or `declined`.",
                active.id
            );
            Err(Problem::invalid("/agreement", detail).code(Fault::Required).with("agreement", active.id.to_string()))
        }
        (Some(active), Some(given)) if given.agreement != active.id => {
            let detail = format!("`{}` is not the active version; read and answer `{}`.", given.agreement, active.id);
            Err(Problem::invalid("/agreement/agreement", detail).with("agreement", active.id.to_string()))
        }
        (Some(active), Some(given)) => {
            let acceptance = agreement::record(conn, cx, &active.id, Some(request), given.answer).await?;
            Ok(match given.answer {
                Answer::Accepted => Answered::Accepted(acceptance),
                Answer::Declined => Answered::Declined,
            })
        }
    }
}

/// Keeps the refusal of the agreement, and nothing else (A19, D12).
pub(in crate::subscription) async fn decline<T>(cx: &Cx, tx: store::WriteTx, api: &api::Api) -> Result<T, Problem> {
    let who = cx.signed()?;
    let detail = json!({"before": null, "after": {"answer": Answer::Declined}});
    let change = cx.change("agreement.declined", Kind::Api, &api.id).touching(Kind::User, &who.id).detailing(detail);
    cx.commit(tx, vec![change]).await?;
    let detail = "You declined the API's agreement; the answer was recorded and no access was requested.";
    Err(Problem::invalid("/agreement/answer", detail).with("declined", true))
}

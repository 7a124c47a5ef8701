//! Which APIs new apps are connected to by themselves (A03).
//!
//! Turning it on reaches into the organizations of others: their new apps are told to the API's. It is for site
//! administrators; those of the API may see it and turn it off.

use super::{AutoConnect, ops, sql};
use crate::authz::{self, Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::{environment, plan};
use base::{Change, Fault, Kind, Problem, ProblemKind, id};
use serde_json::json;
use store::Conn;

/// How many APIs connect new apps in one environment at most: each is written when somebody creates an app.
const MOST_CONNECTING: i64 = 50;

/// Why a caller who may change the API may not turn it on, if that is so.
pub fn obstacle(cx: &Cx, standing: Standing) -> Option<&'static str> {
    let edits_only = authz::may(standing, Verb::ApiEdit) && !authz::may(cx.standing(), Verb::PlatformSettings);
    edits_only.then_some("site_administrator")
}

/// Whether new apps are connected to this API, in this environment.
///
/// # Errors
/// Those of the database.
pub async fn auto_connect(
    conn: &mut Conn,
    id: &id::ApiId,
    environment: &id::EnvironmentId,
) -> Result<AutoConnect, Problem> {
    Ok(sql::auto_connect(conn, id, environment).await?.unwrap_or_default())
}

/// Everything that connects new apps: API, environment and plan.
///
/// # Errors
/// Those of the database.
pub async fn auto_connecting(conn: &mut Conn) -> Result<Vec<(id::ApiId, id::EnvironmentId, id::PlanId)>, Problem> {
    sql::auto_connecting(conn).await
}

/// Writes it inside the caller's transaction: the change to commit with it.
///
/// # Errors
/// 403 for turning it on or to another plan unless the caller is a site administrator, 404 if there is no such
/// environment, 422 if the API does not offer the plan or as many APIs as there may be connect already.
pub(super) async fn set(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::ApiId,
    environment: &str,
    new: AutoConnect,
) -> Result<Change, Problem> {
    let (api, standing) = ops::visible(cx, conn, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    let environment = environment::require(conn, environment, "environment").await?;
    let before = auto_connect(conn, id, &environment.id).await?;
    if new.enabled && before != new {
        may_turn_on(cx)?;
        if !before.enabled && sql::count_auto_connecting(conn, &environment.id).await? >= MOST_CONNECTING {
            let detail = format!(
                "New apps are connected to at most {MOST_CONNECTING} APIs in an environment; turn it off for another one."
            );
            return Err(Problem::invalid("/enabled", detail).code(Fault::NotAllowed));
        }
    }
    if let Some(plan) = &new.plan {
        let offered: Vec<plan::Plan> = super::offered_plans(conn, &api).await?;
        if !offered.iter().any(|p| p.id == *plan) && before.plan.as_ref() != Some(plan) {
            let detail = format!("`{plan}` is not among the plans that this API offers; name one of them.");
            return Err(Problem::invalid("/plan", detail).code(Fault::NotAllowed));
        }
    } else if new.enabled {
        let detail = "Name the plan under which new apps are connected, one that this API offers.";
        return Err(Problem::invalid("/plan", detail).code(Fault::Required));
    }
    sql::put_auto_connect(conn, id, &environment.id, &new).await?;
    let told = |it: &AutoConnect| json!({"enabled": it.enabled, "plan": it.plan});
    Ok(cx.change("api.auto_connect_set", Kind::Api, id).touching(Kind::Environment, &environment.id).detailing(json!({
        "environment": environment.slug, "before": told(&before), "after": told(&new),
    })))
}

/// Apps of everybody are meant: whoever has an API could else learn of each new one.
fn may_turn_on(cx: &Cx) -> Result<(), Problem> {
    cx.may(cx.standing(), Verb::PlatformSettings).map_err(|problem| match problem.kind {
        ProblemKind::Forbidden => {
            let detail = "New apps of all organizations would be connected: a site administrator turns this on and chooses \
                          the plan. Whoever may change the API turns it off.";
            Problem { detail: detail.to_owned(), ..problem }
        }
        _ => problem,
    })
}

//! Which APIs new apps are connected to by themselves (A03).

use super::{AutoConnect, ops, sql};
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use crate::{environment, plan};
use base::{Change, Fault, Kind, Problem, id};
use serde_json::json;
use store::Conn;

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
/// 404 if there is no such environment, 422 if the API does not offer the plan.
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

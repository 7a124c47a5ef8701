//! New apps are connected to the APIs that are set to it (A03).

use super::{begin, fresh};
use crate::cx::Cx;
use crate::subscription::{SubscriptionOrigin, rule};
use crate::{agreement, api, app};
use base::{Change, Problem, ProblemKind, id};
use store::Conn;

/// Connects a new app, inside the caller's transaction: the changes to commit with it. Each connection goes its way
/// through approval and activation as if the caller had asked for it.
///
/// Left out are APIs that the caller does not see, because a connection would tell of them; APIs with an active agreement,
/// because nobody has accepted it; and plans that the API does not offer any more.
///
/// # Errors
/// Those of the database.
pub async fn connect(cx: &Cx, conn: &mut Conn, app: &app::App) -> Result<Vec<Change>, Problem> {
    let request = id::RequestId::new(cx.now);
    let mut changes = Vec::new();
    for (api, environment, wanted) in api::auto_connecting(conn).await? {
        let api = match api::visible(cx, conn, &api).await {
            Ok((api, _)) => api,
            Err(problem) if problem.kind == ProblemKind::NotFound => continue,
            Err(problem) => return Err(problem),
        };
        if agreement::active(conn, &api.id).await?.is_some() {
            continue;
        }
        let Some(plan) = api::offered_plans(conn, &api).await?.into_iter().find(|p| p.id == wanted) else { continue };
        let way = rule::way(plan.requires_approval, api::admission(conn, &api.id, &environment).await?);
        let mut s = fresh(cx, &request, app.id.clone(), (&api.id, &environment, &plan.id))?;
        s.origin = SubscriptionOrigin::Automatic;
        begin(cx, conn, &mut s, way, &mut changes).await?;
    }
    Ok(changes)
}

//! Which of the caller's apps may ask for access to an API.

use crate::app::{self, Access};
use crate::authz::{self, Verb};
use crate::cx::{Cx, Platform};
use crate::names::Named;
use crate::subscription::{self, Status, state_word};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use crate::{api, environment, organization};
use base::id;
use serde::{Deserialize, Serialize};
use snapshot::SubscriptionState as State;
use std::collections::HashMap;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Candidates.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(api_candidates))
}

/// Where access would be asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CandidateQuery {
    /// `env_...` or its slug; production unless given.
    environment: Option<String>,
}

/// An app of the caller.
#[derive(Serialize, ToSchema)]
pub struct Candidate {
    /// The app.
    app: Named,
    /// Whose it is.
    organization: Named,
    /// Whether access can be asked for with it.
    allowed: bool,
    /// Why not: `role` (only its OWNER may), or `live_subscription` (it has access there, or has asked for it).
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// That subscription, `sub_...`.
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<String>,
    /// requested, approved, active or suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    /// The same as people read it; `Inactive` if there is none.
    status: Status,
}

/// The apps on whose team the caller is.
#[derive(Serialize, ToSchema)]
pub struct Candidates {
    items: Vec<Candidate>,
}

/// Apps that may ask for access
///
/// All apps on whose team the caller is, each with the reason if access to this API cannot be asked for with it in this
/// environment.
#[utoipa::path(get, path = "/api/v1/apis/{id}/candidates", operation_id = "api_candidates", tag = "APIs",
    params(("id" = String, Path, description = "`api_...`"), CandidateQuery),
    responses((status = 200, body = Candidates), Problems))]
async fn api_candidates(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(query): Params<CandidateQuery>,
) -> Result<Answer<Candidates>, Fail> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    api::visible(&cx, &mut tx, &id).await?;
    let environment =
        environment::require(&mut tx, query.environment.as_deref().unwrap_or("production"), "environment").await?;
    let access = Access::of(&cx, &mut tx).await?;
    let mine = access.mine();
    let apps = app::among(&mut tx, &mine).await?;
    let owners: Vec<_> = apps.iter().map(|app| app.organization.clone()).collect();
    let names = organization::names(&mut tx, &owners).await?;
    let mut live = HashMap::new();
    for s in subscription::among(&mut tx, &mine, std::slice::from_ref(&id)).await? {
        // A rejected one does not stand in the way of another request.
        if s.environment == environment.id && s.state != State::Rejected {
            live.insert(s.app.clone(), s);
        }
    }
    let candidate = |app: app::App| {
        let taken = live.get(&app.id);
        let reason = match taken {
            _ if !authz::may(access.standing(&app), Verb::AppSubscribe) => Some("role"),
            Some(_) => Some("live_subscription"),
            None => None,
        };
        let owner = names.get(&app.organization).cloned().unwrap_or_default();
        Candidate {
            organization: Named { id: app.organization.to_string(), name: owner },
            app: Named { id: app.id.to_string(), name: app.name },
            allowed: reason.is_none(),
            reason,
            subscription: taken.map(|s| s.id.to_string()),
            state: taken.map(|s| state_word(s.state)),
            status: subscription::status(taken.map(|s| s.state)),
        }
    };
    Ok(Answer::ok(Candidates { items: apps.into_iter().map(candidate).collect() }))
}

//! What APIs offer: the plans that consumers may choose from, and the profiles behind them.

use super::{Api, sql};
use crate::cx::Cx;
use crate::{plan, profile};
use base::{Problem, id};
use std::collections::{BTreeSet, HashMap};
use store::Conn;

/// The plans that each of these APIs offers, in the order of their ids.
///
/// # Errors
/// Those of the database.
pub async fn plans_of(conn: &mut Conn, apis: &[Api]) -> Result<HashMap<id::ApiId, Vec<plan::Plan>>, Problem> {
    let ids: Vec<id::ApiId> = apis.iter().map(|api| api.id.clone()).collect();
    let mut chosen: HashMap<id::ApiId, Vec<id::PlanId>> = HashMap::new();
    for (api, plan) in sql::plans_of(conn, &ids).await? {
        chosen.entry(api).or_default().push(plan);
    }
    let wanted: BTreeSet<id::PlanId> = chosen.values().flatten().cloned().collect();
    let known: HashMap<id::PlanId, plan::Plan> = plan::among(conn, &wanted.into_iter().collect::<Vec<_>>())
        .await?
        .into_iter()
        .map(|p| (p.id.clone(), p))
        .collect();
    let profiles: BTreeSet<id::ProfileId> = apis.iter().filter_map(|api| api.profile.clone()).collect();
    let profiles = profile::among(conn, &profiles.into_iter().collect::<Vec<_>>()).await?;
    let mut available: HashMap<id::OrganizationId, Vec<plan::Plan>> = HashMap::new();
    let mut out = HashMap::new();
    for api in apis {
        let plans = match chosen.get(&api.id) {
            Some(plans) => {
                plans.iter().filter_map(|id| known.get(id).cloned()).filter(|p| p.retired_at.is_none()).collect()
            }
            None => {
                if !available.contains_key(&api.organization) {
                    let plans = plan::available(conn, &api.organization).await?;
                    available.insert(api.organization.clone(), plans);
                }
                let mut plans = available.get(&api.organization).cloned().unwrap_or_default();
                let profile = profiles.iter().find(|profile| Some(&profile.id) == api.profile.as_ref());
                plans.retain(|plan| profile.is_none_or(|profile| profile.offers(&plan.id)));
                plans
            }
        };
        out.insert(api.id.clone(), plans);
    }
    Ok(out)
}

/// The APIs that name each of these plans as theirs to offer.
///
/// # Errors
/// Those of the database.
pub async fn offering(conn: &mut Conn, plans: &[id::PlanId]) -> Result<Vec<(id::PlanId, id::ApiId)>, Problem> {
    sql::offering(conn, plans).await
}

/// The plans that consumers may choose from (C16). None chosen by the provider means every plan it could offer.
///
/// # Errors
/// Those of the database.
pub async fn offered_plans(conn: &mut Conn, api: &Api) -> Result<Vec<plan::Plan>, Problem> {
    let chosen = sql::plans(conn, &api.id).await?;
    if !chosen.is_empty() {
        return plan::offered(conn, &chosen).await;
    }
    let mut plans = plan::available(conn, &api.organization).await?;
    let profile = match &api.profile {
        Some(id) => profile::find(conn, id).await?,
        None => None,
    };
    plans.retain(|plan| profile.as_ref().is_none_or(|profile| profile.offers(&plan.id)));
    Ok(plans)
}

/// Whether an API that the caller may see offers this plan.
///
/// # Errors
/// Those of the database.
pub async fn offered_to_caller(cx: &Cx, conn: &mut Conn, plan: &plan::Plan) -> Result<bool, Problem> {
    // Nobody is offered what is retired: whoever is subscribed knows it from there.
    if plan.retired_at.is_some() {
        return Ok(false);
    }
    let chosen: Vec<id::ApiId> =
        sql::offering(conn, std::slice::from_ref(&plan.id)).await?.into_iter().map(|(_, api)| api).collect();
    for some in chosen.chunks(crate::TOGETHER) {
        if !super::visible_among(cx, conn, some).await?.is_empty() {
            return Ok(true);
        }
    }
    // What has chosen none offers every plan that it could.
    let Some(owner) = &plan.organization else { return Ok(true) };
    let under = sql::profiles_of_open_offers(conn, owner).await?;
    let profiles: Vec<id::ProfileId> = under.iter().flatten().cloned().collect();
    if under.contains(&None) || profile::among(conn, &profiles).await?.iter().any(|it| it.offers(&plan.id)) {
        return Ok(true);
    }
    let Some(who) = &cx.who else { return Ok(false) };
    let administered = sql::administered(conn, &who.id).await?;
    let mut own = super::among(conn, &administered).await?;
    own.retain(|api| api.organization == *owner);
    let offers = plans_of(conn, &own).await?;
    Ok(offers.values().flatten().any(|offered| offered.id == plan.id))
}

/// How many APIs have each of these profiles; those that none has are left out.
///
/// # Errors
/// Those of the database.
pub async fn counts_by_profile(
    conn: &mut Conn,
    profiles: &[id::ProfileId],
) -> Result<HashMap<id::ProfileId, i64>, Problem> {
    Ok(sql::counts_by_profile(conn, profiles).await?.into_iter().collect())
}

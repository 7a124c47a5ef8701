//! What a profile makes of an API: the settings it begins with, and what its designers may change of them.

use super::Api;
use crate::cx::Cx;
use crate::profile::{Act, Fence, Overrides, Profile};
use crate::{plan, profile, user};
use base::{Problem, id};
use store::Conn;

/// What an API begins with.
pub struct Start {
    /// Whether only subscribers may call.
    pub subscription_required: bool,
    /// The plans that it offers.
    pub plans: Vec<id::PlanId>,
    /// The privileges that it took.
    pub used: Overrides,
}

/// The settings of a new API: those of its profile, where designers may not deviate (C17).
pub async fn start(
    cx: &Cx,
    conn: &mut Conn,
    organization: &id::OrganizationId,
    profile: Option<&id::ProfileId>,
    required: Option<bool>,
) -> Result<Start, Problem> {
    let mut used = Overrides::default();
    let usual = plan::defaults(conn, organization).await?;
    let Some(wanted) = profile else {
        return Ok(Start { subscription_required: required.unwrap_or(true), plans: usual, used });
    };
    let (profile, fence) = chosen(cx, conn, wanted, &mut used).await?;
    let subscription_required = required.unwrap_or(profile.subscription.required);
    if subscription_required != profile.subscription.required {
        fence.pass(&Act::SetSubscription, &mut used)?;
    }
    let plans = match profile.subscription_plans.is_empty() {
        true => usual,
        false => own_plans(conn, &profile, organization).await?,
    };
    Ok(Start { subscription_required, plans, used })
}

/// The profile that somebody chooses, who may (C10), and its fence for them.
async fn chosen(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::ProfileId,
    used: &mut Overrides,
) -> Result<(Profile, Fence), Problem> {
    let profile = profile::require(conn, id, "/profile").await?;
    let fence = Fence::of(Some(profile.clone()), user::roles(cx, conn).await?);
    // Whoever writes profiles may choose any.
    if !writes_profiles(cx) {
        fence.pass(&Act::Choose, used)?;
    }
    Ok((profile, fence))
}

fn writes_profiles(cx: &Cx) -> bool {
    crate::authz::may(cx.standing(), crate::authz::Verb::PlatformSettings)
}

/// The plans of a profile that an API of this organization may offer, in the profile's order.
async fn own_plans(
    conn: &mut Conn,
    profile: &Profile,
    organization: &id::OrganizationId,
) -> Result<Vec<id::PlanId>, Problem> {
    let available = plan::available(conn, organization).await?;
    let serves = |id: &&id::PlanId| available.iter().any(|plan| plan.id == **id);
    Ok(profile.subscription_plans.iter().filter(serves).cloned().collect())
}

/// Puts an API under another profile, or none: its subscription settings become those of the profile, as far as designers
/// may not deviate from them. Answers the plans that it offers from now on, if they change.
pub async fn choose(
    cx: &Cx,
    conn: &mut Conn,
    api: &mut Api,
    wanted: Option<id::ProfileId>,
    used: &mut Overrides,
) -> Result<Option<Vec<id::PlanId>>, Problem> {
    if wanted == api.profile {
        return Ok(None);
    }
    if !writes_profiles(cx) {
        profile::fence(cx, conn, api.profile.as_ref()).await?.pass(&Act::Leave, used)?;
    }
    api.profile = wanted;
    let Some(id) = &api.profile else { return Ok(None) };
    let (profile, _) = chosen(cx, conn, id, used).await?;
    if !profile.subscription.allow_override {
        api.subscription_required = profile.subscription.required;
    }
    if profile.subscription_plans.is_empty() {
        return Ok(None);
    }
    let own = own_plans(conn, &profile, &api.organization).await?;
    let offered = super::sql::plans(conn, &api.id).await?;
    let kept: Vec<id::PlanId> = offered.iter().filter(|plan| own.contains(plan)).cloned().collect();
    let deviates = profile.subscription.allow_override && !kept.is_empty();
    Ok(Some(if deviates { kept } else { own }))
}

/// Passes plans that designers may offer under the profile of an API (C16, C17).
pub async fn offer(
    cx: &Cx,
    conn: &mut Conn,
    api: &Api,
    plans: &[plan::Plan],
    used: &mut Overrides,
) -> Result<(), Problem> {
    let fence = profile::fence(cx, conn, api.profile.as_ref()).await?;
    fence.pass(&Act::SetSubscription, used)?;
    for (n, plan) in plans.iter().enumerate() {
        fence.pass(&Act::Offer(&plan.id, &plan.name), used).map_err(|refused| {
            let mut problem = Problem::invalid(format!("/plans/{n}"), refused.detail);
            problem.extra = refused.extra;
            problem
        })?;
    }
    Ok(())
}

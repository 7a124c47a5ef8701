//! Profiles with what they leave to the caller and the APIs that have them.

use super::plan::reads;
use crate::actions::{Actions, Offered, unless};
use crate::authz::{Relation, Standing, Verb};
use crate::cx::{Cx, Platform};
use crate::names::Named;
use crate::profile::{self, FencedAct, Profile, ProfileView};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use crate::{api, organization, plan, user};
use base::{Page, PageRequest, Problem, id};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Profiles as pages show them.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(profile_list)).routes(routes!(profile_get))
}

/// A profile with what it leaves to the caller.
#[derive(Serialize, ToSchema)]
pub struct ProfileOverview {
    #[serde(flatten)]
    profile: ProfileView,
    /// The plans of `subscription_plans` with their names, as far as they are shared or of an organization of the caller's.
    plans: Vec<Named>,
    /// What the caller may do to APIs under it, and which limits stand in the way.
    fence: Vec<FencedAct>,
    /// Whether the caller may put an API under it.
    usable: bool,
    /// How many APIs have it.
    apis: i64,
    /// What the caller may do now: `edit`, `delete` (`in_use` while an API has it).
    actions: Vec<Offered>,
}

/// How the caller stands to profiles: as somebody who designs APIs anywhere, or who writes profiles.
///
/// # Errors
/// Those of the database.
pub async fn standing(cx: &Cx, conn: &mut Conn) -> Result<Standing, Problem> {
    let access = api::Access::of(cx, conn).await?;
    let seat = |relation: Relation| !access.seats.with(&[relation]).is_empty();
    let mut standing = cx.standing().and_if(access.administers_any(), Relation::ApiAdministrator);
    for relation in Verb::ProfileRead.allowed() {
        standing = standing.and_if(seat(*relation), *relation);
    }
    Ok(standing)
}

async fn shown(cx: &Cx, conn: &mut Conn, profiles: Vec<Profile>) -> Result<Vec<ProfileOverview>, Problem> {
    let roles = user::roles(cx, conn).await?;
    let mut wanted: Vec<id::PlanId> = profiles.iter().flat_map(|p| p.subscription_plans.clone()).collect();
    wanted.sort();
    wanted.dedup();
    let seats = organization::Seats::of(cx, conn).await?;
    let mut plans = plan::among(conn, &wanted).await?;
    plans.retain(|plan| plan.organization.as_ref().is_none_or(|owner| reads(&seats, owner)));
    let names: HashMap<id::PlanId, String> = plans.into_iter().map(|plan| (plan.id, plan.name)).collect();
    let ids: Vec<id::ProfileId> = profiles.iter().map(|p| p.id.clone()).collect();
    let counts = api::counts_by_profile(conn, &ids).await?;
    let site_admin = cx.who.as_ref().is_some_and(|who| who.site_admin);
    let view = |profile: &Profile| {
        let fence = FencedAct::all(profile, &roles);
        let apis = counts.get(&profile.id).copied().unwrap_or(0);
        let named = |id: &id::PlanId| Some(Named { id: id.to_string(), name: names.get(id)?.clone() });
        ProfileOverview {
            plans: profile.subscription_plans.iter().filter_map(named).collect(),
            usable: site_admin || fence.iter().any(|act| act.act == "choose" && act.allowed),
            fence,
            apis,
            actions: Actions::of(cx.standing())
                .offer("edit", Verb::PlatformSettings)
                .offer_if("delete", Verb::PlatformSettings, unless(apis == 0, "in_use"))
                .all(),
            profile: profile.view(),
        }
    };
    Ok(profiles.iter().map(view).collect())
}

/// Which profiles to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ProfileQuery {
    /// `true`: those that the caller may put an API under.
    usable: Option<bool>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of profiles.
#[derive(Serialize, ToSchema)]
pub struct ProfilePage {
    items: Vec<ProfileOverview>,
    next: Option<String>,
}

/// Profiles
///
/// For whoever designs APIs. `usable=true` lists those that the caller may choose; a page of it can be shorter than asked
/// for although others follow.
#[utoipa::path(get, path = "/api/v1/profiles", operation_id = "profile_list", tag = "Profiles", params(ProfileQuery),
    responses((status = 200, body = ProfilePage), Problems))]
async fn profile_list(cx: Cx, Params(query): Params<ProfileQuery>) -> Result<Answer<Page<ProfileOverview>>, Fail> {
    let request = PageRequest { after: query.after, limit: query.limit };
    crate::cursor::<id::ProfileId>(&request)?;
    let mut tx = cx.read().await?;
    cx.may(standing(&cx, &mut tx).await?, Verb::ProfileRead)?;
    let page = profile::list(&mut tx, &request).await?;
    let mut items = shown(&cx, &mut tx, page.items).await?;
    items.retain(|it| it.usable || query.usable != Some(true));
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// One profile
///
/// For whoever designs APIs.
#[utoipa::path(get, path = "/api/v1/profiles/{id}", operation_id = "profile_get", tag = "Profiles",
    params(("id" = String, Path, description = "`prf_...`")),
    responses((status = 200, body = ProfileOverview), Problems))]
async fn profile_get(cx: Cx, Ident(id): Ident<id::ProfileId>) -> Result<Answer<ProfileOverview>, Fail> {
    let mut tx = cx.read().await?;
    cx.signed()?;
    let found = profile::find(&mut tx, &id).await?.ok_or_else(|| Problem::not_found("profile"))?;
    cx.may(standing(&cx, &mut tx).await?, Verb::ProfileRead)?;
    let version = found.version;
    let shown = shown(&cx, &mut tx, vec![found]).await?.pop();
    Ok(Answer::ok(shown.ok_or_else(|| Problem::not_found("profile"))?).version(version))
}

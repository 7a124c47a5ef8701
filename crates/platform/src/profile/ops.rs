//! What can be done with profiles.

use super::edit::ProfileEdit;
use super::{Fence, ImplementationRule, Place, Profile, RequestmodRule, SecurityRule, SubscriptionRule, sql};
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use crate::{environment, scheme, text, user};
use base::{Kind, Page, PageRequest, Problem, gather, id};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::Conn;
use utoipa::ToSchema;

/// The most entries of one list of a profile.
const MOST_ENTRIES: usize = 100;
/// The most bytes of one object of defaults, as JSON.
const MOST_DEFAULTS: usize = 32 * 1024;

/// A profile, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::ProfileId) -> Result<Option<Profile>, Problem> {
    let rows = sql::among(conn, std::slice::from_ref(id)).await?;
    Ok(completed(conn, rows).await?.pop())
}

/// A profile, by name.
///
/// # Errors
/// Those of the database.
pub async fn find_by_name(conn: &mut Conn, name: &str) -> Result<Option<Profile>, Problem> {
    let rows = sql::find_by_name(conn, name).await?.into_iter().collect();
    Ok(completed(conn, rows).await?.pop())
}

/// Those of these ids that are there.
///
/// # Errors
/// Those of the database.
pub async fn among(conn: &mut Conn, ids: &[id::ProfileId]) -> Result<Vec<Profile>, Problem> {
    let rows = sql::among(conn, ids).await?;
    completed(conn, rows).await
}

/// The profile that a body names at `pointer`.
///
/// # Errors
/// 422 if there is none.
pub async fn require(conn: &mut Conn, id: &id::ProfileId, pointer: &str) -> Result<Profile, Problem> {
    let missing = || Problem::invalid(pointer, format!("There is no profile `{id}`; see GET /api/v1/profiles."));
    find(conn, id).await?.ok_or_else(missing)
}

/// The fence of the API that has this profile, for the caller. See [`super`].
///
/// # Errors
/// Those of the database.
pub async fn fence(cx: &Cx, conn: &mut Conn, profile: Option<&id::ProfileId>) -> Result<Fence, Problem> {
    let Some(id) = profile else { return Ok(Fence::default()) };
    Ok(Fence::of(find(conn, id).await?, user::roles(cx, conn).await?))
}

/// Profiles, by id.
///
/// # Errors
/// Those of the database.
pub async fn list(conn: &mut Conn, page: &PageRequest) -> Result<Page<Profile>, Problem> {
    let rows = sql::page(conn, page.after(), page.limit() + 1).await?;
    let profiles = completed(conn, rows).await?;
    Ok(Page::of(profiles, page.limit(), |p| p.id.to_string()))
}

/// Reads the lists of these profiles.
async fn completed(conn: &mut Conn, mut profiles: Vec<Profile>) -> Result<Vec<Profile>, Problem> {
    let ids: Vec<id::ProfileId> = profiles.iter().map(|p| p.id.clone()).collect();
    let mut lists = sql::lists(conn, &ids).await?;
    let environments = if profiles.is_empty() { Vec::new() } else { environment::all(conn).await? };
    for profile in &mut profiles {
        let found = lists.remove(&profile.id).unwrap_or_default();
        profile.roles = found.roles;
        profile.subscription_plans = found.plans;
        profile.destinations = found.destinations;
        let slug = |id: &id::EnvironmentId| environments.iter().find(|e| e.id == *id).map(|e| e.slug.clone());
        profile.environments =
            found.environments.into_iter().filter_map(|id| slug(&id).map(|slug| Place { id, slug })).collect();
    }
    Ok(profiles)
}

/// What makes a profile. What is left out is not allowed; a subscription is required.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProfile {
    /// 1 to 120 characters; unique.
    pub name: String,
    /// At most 4,000 characters.
    #[serde(default)]
    pub description: String,
    /// One of these is needed to choose it; empty is open to every designer.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Whether a subscription is required.
    #[serde(default)]
    pub subscription: SubscriptionRule,
    /// `pln_...`: the plans that may be offered; empty means any.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub subscription_plans: Vec<id::PlanId>,
    /// What the gateway changes of requests.
    #[serde(default)]
    pub requestmod: RequestmodRule,
    /// How callers authenticate.
    #[serde(default)]
    pub security: SecurityRule,
    /// What versions may be made of.
    #[serde(default)]
    pub implementation: ImplementationRule,
    /// Whether designers may publish.
    #[serde(default)]
    pub publish_allow: bool,
    /// The words of environments that they may publish to; empty means any.
    #[serde(default)]
    pub environments: Vec<String>,
    /// The names of destinations that they may forward to; empty means any.
    #[serde(default)]
    pub destinations: Vec<String>,
}

pub(super) fn facts(profile: &Profile) -> Value {
    let Profile { name, description, roles, subscription, requestmod, security, implementation, .. } = profile;
    let environments: Vec<&str> = profile.environments.iter().map(|place| place.slug.as_str()).collect();
    json!({
        "name": name, "description": description, "roles": roles, "subscription": subscription,
        "subscription_plans": profile.subscription_plans, "requestmod": requestmod, "security": security,
        "implementation": implementation, "publish_allow": profile.publish_allow, "environments": environments,
        "destinations": profile.destinations,
    })
}

fn bounded<T: PartialEq>(pointer: &str, list: &[T]) -> Result<(), Problem> {
    if list.len() > MOST_ENTRIES {
        return Err(Problem::invalid(pointer, format!("At most {MOST_ENTRIES} entries.")));
    }
    match (0..list.len()).find(|n| list[..*n].contains(&list[*n])) {
        Some(n) => Err(Problem::invalid(format!("{pointer}/{n}"), "This stands in the list already.")),
        None => Ok(()),
    }
}

fn roles(list: &[String]) -> Result<(), Problem> {
    bounded("/roles", list)?;
    list.iter().enumerate().try_for_each(|(n, role)| user::role_word(&format!("/roles/{n}"), role))
}

pub(super) fn destinations(list: Vec<String>) -> Result<Vec<String>, Problem> {
    let read = |(n, name): (usize, String)| text::name(&format!("/destinations/{n}"), &name);
    let list = list.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    bounded("/destinations", &list).map(|()| list)
}

pub(super) async fn environments(conn: &mut Conn, list: &[String]) -> Result<Vec<Place>, Problem> {
    let mut out = Vec::with_capacity(list.len());
    for (n, name) in list.iter().enumerate().take(MOST_ENTRIES + 1) {
        let found = environment::require(conn, name, &format!("/environments/{n}")).await?;
        out.push(Place { id: found.id, slug: found.slug });
    }
    bounded("/environments", &out).map(|()| out)
}

fn defaults(pointer: &str, value: &Map<String, Value>) -> Result<(), Problem> {
    if crate::to_json(value)?.len() > MOST_DEFAULTS {
        return Err(Problem::invalid(pointer, format!("At most {MOST_DEFAULTS} bytes of JSON.")));
    }
    Ok(())
}

fn security(rule: &SecurityRule) -> Result<(), Problem> {
    defaults("/security/defaults", &rule.defaults)?;
    match rule.defaults.get("schemes") {
        Some(value) => scheme::schemes("/security/defaults/schemes", value).map(drop),
        None => Ok(()),
    }
}

/// Passes a profile whose lists and defaults make sense.
pub(super) fn checked(profile: &Profile) -> Result<(), Problem> {
    gather(|wrong| {
        wrong.of(roles(&profile.roles));
        wrong.of(bounded("/subscription_plans", &profile.subscription_plans));
        wrong.of(defaults("/requestmod/defaults", &profile.requestmod.defaults));
        wrong.of(security(&profile.security));
    })
}

/// Creates a profile.
///
/// # Errors
/// 403, 409 if the name is taken, 422.
pub async fn create(cx: &Cx, new: NewProfile) -> Result<(Profile, i64), Problem> {
    cx.may(cx.standing(), Verb::PlatformSettings)?;
    let mut tx = cx.write().await?;
    let places = environments(&mut tx, &new.environments).await;
    let profile = gather(|wrong| {
        let profile = Profile {
            id: id::ProfileId::new(cx.now),
            version: 1,
            name: wrong.of(text::name("/name", &new.name)),
            description: wrong.of(text::prose("/description", &new.description)),
            roles: new.roles,
            subscription: new.subscription,
            subscription_plans: new.subscription_plans,
            requestmod: new.requestmod,
            security: new.security,
            implementation: new.implementation,
            publish_allow: new.publish_allow,
            environments: wrong.of(places),
            destinations: wrong.of(destinations(new.destinations)),
            created_at: cx.now,
        };
        wrong.of(checked(&profile));
        profile
    })?;
    sql::insert(&mut tx, &profile).await?;
    let detail = json!({"after": facts(&profile)});
    let change = cx.change("profile.created", Kind::Profile, &profile.id).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((profile, seq))
}

/// Changes a profile. It fences from the next request on; what designers did before stays as it is.
///
/// # Errors
/// 403, 404, 409, 412, 422.
pub async fn edit(cx: &Cx, id: &id::ProfileId, mut edit: ProfileEdit) -> Result<(Profile, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let before = find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("profile"))?;
    cx.may(cx.standing(), Verb::PlatformSettings)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    edit.rules(&mut after);
    let places = match &edit.environments {
        Some(list) => Some(environments(&mut tx, list).await),
        None => None,
    };
    gather(|wrong| {
        wrong.set(&mut after.name, edit.name.map(|name| text::name("/name", &name)));
        wrong.set(&mut after.description, edit.description.map(|text| text::prose("/description", &text)));
        wrong.set(&mut after.environments, places);
        wrong.set(&mut after.destinations, edit.destinations.map(destinations));
        wrong.of(checked(&after));
    })?;
    after.version = sql::put(&mut tx, &after).await?;
    let detail = json!({"before": facts(&before), "after": facts(&after)});
    let change = cx.change("profile.edited", Kind::Profile, id).detailing(detail);
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, seq))
}

/// Deletes a profile that no API has. Privileges that were given for it alone go with it.
///
/// # Errors
/// 409 while an API has it.
pub async fn remove(cx: &Cx, id: &id::ProfileId) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let profile = find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("profile"))?;
    cx.may(cx.standing(), Verb::PlatformSettings)?;
    cx.expect_version(profile.version)?;
    let privileged = user::privileged_under(&mut tx, id).await?;
    sql::delete(&mut tx, &profile).await?;
    let detail = json!({"before": facts(&profile), "privileges_ended": privileged});
    let change = cx.change("profile.deleted", Kind::Profile, id).detailing(detail);
    let change = privileged.iter().fold(change, |change, user| change.touching(Kind::User, user));
    cx.commit(tx, vec![change]).await
}

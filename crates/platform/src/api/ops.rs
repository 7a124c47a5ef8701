//! What can be done with APIs.

use super::{Access, Admission, Api, AutoConnect, Visibility, auto_connect, sql, tag, template};
use crate::authz::{Relation, Standing, Verb, may};
use crate::cx::{Cx, Describe};
use crate::profile::Overrides;
use crate::{environment, organization, plan, profile, text, user};
use base::{Change, Fault, Kind, Problem, ProblemKind, gather, id};
use serde_json::json;
use store::Conn;

/// How the caller stands to this API.
///
/// # Errors
/// Those of the database.
pub async fn standing(cx: &Cx, conn: &mut Conn, api: &Api) -> Result<Standing, Problem> {
    let standing = organization::standing(cx, conn, &api.organization).await?;
    let Some(who) = &cx.who else { return Ok(standing) };
    let administrator = sql::administrators(conn, &api.id).await?.contains(&who.id);
    Ok(standing.and_if(administrator, Relation::ApiAdministrator))
}

/// An API, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::ApiId) -> Result<Option<Api>, Problem> {
    sql::find(conn, id).await
}

pub(super) const fn reading(visibility: Visibility) -> Verb {
    match visibility {
        Visibility::Public => Verb::ApiReadPublic,
        Visibility::Registered => Verb::ApiReadRegistered,
        Visibility::Private => Verb::ApiReadPrivate,
    }
}

/// An API that the caller may see, and how they stand to it.
///
/// # Errors
/// 404 if there is none that they may see.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: &id::ApiId) -> Result<(Api, Standing), Problem> {
    let api = sql::find(conn, id).await?.ok_or_else(|| cx.absent("API"))?;
    let standing = standing(cx, conn, &api).await?;
    if crate::authz::may(standing, Verb::ApiReadPrivate) {
        return Ok((api, standing));
    }
    cx.may_see(standing, reading(api.visibility), "API")?;
    Ok((api, standing))
}

/// Everybody on the API side: administrators, and the business administrators of the organization.
///
/// # Errors
/// Those of the database.
pub async fn deciders(conn: &mut Conn, id: &id::ApiId) -> Result<Vec<id::UserId>, Problem> {
    let mut all = sql::administrators(conn, id).await?;
    if let Some(api) = sql::find(conn, id).await? {
        all.extend(organization::business_admins(conn, &api.organization).await?);
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// The APIs whose requests this user decides.
///
/// # Errors
/// Those of the database.
pub async fn administered(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::ApiId>, Problem> {
    let mut all = sql::administered(conn, user).await?;
    for organization in organization::business_of(conn, user).await? {
        all.extend(sql::of_organization(conn, &organization).await?);
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// How subscribers get in, in this environment.
///
/// # Errors
/// Those of the database.
pub async fn admission(conn: &mut Conn, id: &id::ApiId, environment: &id::EnvironmentId) -> Result<Admission, Problem> {
    Ok(sql::admission(conn, id, environment).await?.unwrap_or_default())
}

/// An API to create.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApi {
    /// The provider, `org_...`.
    #[schema(value_type = String)]
    pub organization: id::OrganizationId,
    /// 1 to 120 characters.
    pub name: String,
    /// First path segment of its calls; made from the name unless given. Never changes.
    #[serde(default)]
    pub slug: Option<String>,
    /// At most 4,000 characters.
    #[serde(default)]
    pub description: String,
    /// `registered` unless given.
    #[serde(default)]
    pub visibility: Option<Visibility>,
    /// Whether only subscribers may call; what the profile says, or `true`, unless given.
    #[serde(default)]
    pub subscription_required: Option<bool>,
    /// `prf_...`: what fences its designers; nothing does unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub profile: Option<id::ProfileId>,
    /// At most 20 words of a-z 0-9 . _ - by which people find it.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The id that it has elsewhere, `api_...` or a UUID, so that what names it there still does here: site administrators
    /// only. The server makes one unless given.
    #[serde(default)]
    pub id: Option<String>,
}

/// Creates an API. Its creator is its first administrator, and default plans are offered at once (C03).
///
/// # Errors
/// 403, 409 if the slug is taken, 422.
pub async fn create(cx: &Cx, new: NewApi) -> Result<(Api, i64), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let (organization, standing) = organization::require(cx, &mut tx, &new.organization).await?;
    cx.may(standing, Verb::OrganizationDesign)?;
    let (name, slug, description, tags) = gather(|wrong| {
        let name = wrong.of(text::name("/name", &new.name));
        let slug = wrong.of(text::slug_or("/slug", new.slug.as_deref(), &name));
        let description = wrong.of(text::prose("/description", &new.description));
        (name, slug, description, wrong.of(tag::read(&new.tags)))
    })?;
    if environment::all(&mut tx).await?.iter().any(|e| e.slug == slug || e.prefix.split('/').any(|part| part == slug)) {
        let detail = format!("`{slug}` is the name or address of an environment; choose another.");
        return Err(Problem::invalid("/slug", detail).code(Fault::Format));
    }
    let start = template::start(cx, &mut tx, &organization.id, new.profile.as_ref(), new.subscription_required).await?;
    let api = Api {
        id: super::identity::identity(cx, &mut tx, new.id.as_deref()).await?,
        version: 1,
        organization: organization.id,
        slug,
        name,
        description,
        visibility: new.visibility.unwrap_or(Visibility::Registered),
        subscription_required: start.subscription_required,
        profile: new.profile,
        created_at: cx.now,
    };
    sql::insert(&mut tx, &api).await?;
    let administrators = first_administrators(&mut tx, &api, &who.id, standing).await?;
    for administrator in &administrators {
        sql::put_administrator(&mut tx, &api.id, administrator).await?;
    }
    sql::put_plans(&mut tx, &api.id, &start.plans).await?;
    sql::put_tags(&mut tx, &api.id, &tags).await?;
    let change = cx
        .change("api.created", Kind::Api, &api.id)
        .touching(Kind::Organization, &api.organization)
        .touching(Kind::User, &who.id)
        .detailing(start.used.told(json!({
            "after": summary(&api), "plans": start.plans, "administrators": administrators, "tags": tags,
        })));
    let change = api.profile.iter().fold(change, |change, profile| change.touching(Kind::Profile, profile));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((api, seq))
}

/// Its creator; but who only designs decides on no requests, so then it is the organization's OWNERs.
async fn first_administrators(
    conn: &mut Conn,
    api: &Api,
    creator: &id::UserId,
    standing: Standing,
) -> Result<Vec<id::UserId>, Problem> {
    if may(standing, Verb::ApiAdminister) {
        return Ok(vec![creator.clone()]);
    }
    organization::owners(conn, &api.organization, 20).await
}

fn summary(api: &Api) -> serde_json::Value {
    json!({"name": api.name, "slug": api.slug, "description": api.description, "visibility": api.visibility,
           "subscription_required": api.subscription_required, "profile": api.profile})
}

/// Those of these words that are slugs of APIs.
///
/// # Errors
/// Those of the database.
pub async fn slugs_among(conn: &mut Conn, words: &[String]) -> Result<Vec<String>, Problem> {
    sql::slugs_among(conn, words).await
}

/// Those of these ids that are there.
///
/// # Errors
/// Those of the database.
pub async fn among(conn: &mut Conn, ids: &[id::ApiId]) -> Result<Vec<Api>, Problem> {
    sql::among(conn, ids).await
}

/// Which APIs somebody wants to see.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Those that the caller administers, or whose organization the caller has a say in.
    pub mine: bool,
    /// Those of this provider.
    pub organization: Option<id::OrganizationId>,
    /// Those that have this tag.
    pub tag: Option<String>,
}

/// APIs that the caller may see, by id; only `ids` if they are given.
///
/// # Errors
/// Those of the database.
pub async fn page(
    cx: &Cx,
    conn: &mut Conn,
    access: &Access,
    wanted: &Wanted,
    ids: Option<&[String]>,
    (after, limit): (&str, i64),
) -> Result<Vec<Api>, Problem> {
    if ids.is_some_and(<[String]>::is_empty) {
        return Ok(Vec::new());
    }
    let organizations = access.seats.with(Verb::ApiReadPrivate.allowed());
    let viewer = sql::Viewer::of(cx, &organizations);
    let mine = access.seats.with(Verb::ApiEdit.allowed());
    let among = sql::Among {
        organization: wanted.organization.as_ref(),
        mine: wanted.mine.then_some(mine.as_slice()),
        tag: wanted.tag.as_deref(),
        ids,
    };
    sql::page(conn, &viewer, &among, after, limit).await
}

/// The administrators of an API by their ids, for whoever may see them already.
///
/// # Errors
/// Those of the database.
pub async fn administrators_page(
    conn: &mut Conn,
    id: &id::ApiId,
    after: &str,
    limit: i64,
) -> Result<Vec<id::UserId>, Problem> {
    sql::administrators_page(conn, id, after, limit).await
}

/// The APIs on which this user is listed, by id.
///
/// # Errors
/// Those of the database.
pub async fn listed_on(conn: &mut Conn, user: &id::UserId, after: &str, limit: i64) -> Result<Vec<id::ApiId>, Problem> {
    sql::listed_on(conn, user, after, limit).await
}

/// The administrators of an API.
///
/// # Errors
/// Those of the database.
pub async fn administrators(conn: &mut Conn, id: &id::ApiId) -> Result<Vec<user::User>, Problem> {
    let ids = sql::administrators(conn, id).await?;
    let mut people = user::among(conn, &ids).await?;
    Ok(ids.iter().filter_map(|id| people.remove(id)).collect())
}

/// What to change of an API.
#[derive(Debug, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiEdit {
    #[serde(default, deserialize_with = "crate::web::given")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "crate::web::given")]
    pub description: Option<String>,
    #[serde(default, deserialize_with = "crate::web::given")]
    pub visibility: Option<Visibility>,
    /// Whether only subscribers may call.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub subscription_required: Option<bool>,
    /// `prf_...`: what fences its designers; null means that nothing does. Its subscription settings and plans become
    /// those of the API where designers may not deviate from them.
    #[serde(default, deserialize_with = "crate::web::given")]
    #[schema(value_type = Option<String>)]
    pub profile: Option<Option<id::ProfileId>>,
    /// At most 20 words of a-z 0-9 . _ - by which people find it; they replace those that it has.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub tags: Option<Vec<String>>,
}

pub async fn edit(cx: &Cx, id: &id::ApiId, edit: ApiEdit) -> Result<(Api, i64), Problem> {
    let mut tx = cx.write().await?;
    let (before, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    let tags = gather(|wrong| {
        wrong.set(&mut after.name, edit.name.map(|name| text::name("/name", &name)));
        wrong.set(&mut after.description, edit.description.map(|text| text::prose("/description", &text)));
        wrong.of(edit.tags.as_deref().map(tag::read).transpose())
    })?;
    after.visibility = edit.visibility.unwrap_or(after.visibility);
    let mut used = Overrides::default();
    let mut plans = None;
    if let Some(wanted) = edit.profile {
        plans = template::choose(cx, &mut tx, &mut after, wanted, &mut used).await?;
    }
    if let Some(required) = edit.subscription_required.filter(|required| *required != after.subscription_required) {
        let fence = profile::fence(cx, &mut tx, after.profile.as_ref()).await?;
        fence.pass(&profile::Act::SetSubscription, &mut used)?;
        after.subscription_required = required;
    }
    after.version = sql::put(&mut tx, &after).await?;
    let mut detail = json!({"before": summary(&before), "after": summary(&after)});
    if let Some(plans) = &plans {
        detail["before"]["plans"] = json!(sql::plans(&mut tx, id).await?);
        sql::put_plans(&mut tx, id, plans).await?;
        detail["after"]["plans"] = json!(plans);
    }
    if let Some(tags) = tags {
        detail["before"]["tags"] = json!(tag::tags(&mut tx, &before).await?);
        sql::put_tags(&mut tx, id, &tags).await?;
        detail["after"]["tags"] = json!(tags);
    }
    let change = cx
        .change("api.edited", Kind::Api, id)
        .touching(Kind::Organization, &after.organization)
        .detailing(used.told(detail));
    let moved = if before.profile == after.profile { [None, None] } else { [before.profile, after.profile.clone()] };
    let change = moved.iter().flatten().fold(change, |change, profile| change.touching(Kind::Profile, profile));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, seq))
}

/// Deletes an API with its versions, inside the caller's transaction: the changes to commit with it. Its slug is free
/// again.
///
/// # Errors
/// Those of the database.
pub async fn remove(cx: &Cx, conn: &mut Conn, api: &Api) -> Result<Change, Problem> {
    let administrators = sql::administrators(conn, &api.id).await?;
    sql::delete(conn, api).await?;
    let change = cx.change("api.deleted", Kind::Api, &api.id).touching(Kind::Organization, &api.organization);
    let change = administrators.iter().fold(change, |change, user| change.touching(Kind::User, user));
    Ok(change.detailing(json!({"before": summary(api)})))
}

/// Appoints (`true`) or dismisses an administrator.
///
/// # Errors
/// 409 if the last one would go.
pub async fn put_administrator(cx: &Cx, id: &id::ApiId, user: &id::UserId, appoint: bool) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (api, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiAdminister)?;
    let target = user::require(&mut tx, user, "/user").await?;
    if target.kind != user::UserKind::Human {
        return Err(Problem::invalid("/user", "Only people administer APIs.").code(Fault::NotAllowed));
    }
    let before = sql::administrators(&mut tx, id).await?.contains(user);
    let verb = if appoint {
        sql::put_administrator(&mut tx, id, user).await?;
        "api.administrator_appointed"
    } else {
        // One at a time, so that two who dismiss one another leave one.
        organization::hold(&mut tx, &api.organization).await?;
        if !sql::delete_administrator(&mut tx, id, user).await? {
            return Err(Problem::not_found("administrator"));
        }
        if sql::administrators(&mut tx, id).await?.is_empty() {
            let detail = "An API keeps at least one administrator; appoint somebody else first.";
            return Err(Problem::new(ProblemKind::WrongState, detail));
        }
        "api.administrator_dismissed"
    };
    let change = cx
        .change(verb, Kind::Api, id)
        .touching(Kind::Organization, &api.organization)
        .touching(Kind::User, user)
        .detailing(json!({"user": user, "before": before, "after": appoint}));
    cx.commit(tx, vec![change]).await
}

/// Chooses the plans that consumers may subscribe under; an empty list means every plan the provider could offer.
///
/// # Errors
/// 422 if a plan is not the provider's to offer.
pub async fn set_plans(cx: &Cx, id: &id::ApiId, plans: &[id::PlanId]) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (api, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    let before = sql::plans(&mut tx, id).await?;
    let mut found = Vec::with_capacity(plans.len());
    for (n, wanted) in plans.iter().enumerate() {
        let plan = plan::require(&mut tx, wanted, &format!("/plans/{n}"), &api.organization).await?;
        if plan.retired_at.is_some() && !before.contains(wanted) {
            let detail = format!("The plan `{}` has been retired; restore it first.", plan.name);
            return Err(Problem::invalid(format!("/plans/{n}"), detail));
        }
        found.push(plan);
    }
    let mut used = Overrides::default();
    template::offer(cx, &mut tx, &api, &found, &mut used).await?;
    sql::put_plans(&mut tx, id, plans).await?;
    let detail = used.told(json!({"before": before, "after": plans}));
    let change = cx.change("api.plans_set", Kind::Api, id).detailing(detail);
    cx.commit(tx, vec![change]).await
}

/// Says whether new apps are connected by themselves, in one environment (A03).
///
/// # Errors
/// 404 if there is no such environment, 422 if the API does not offer the plan.
pub async fn set_auto_connect(cx: &Cx, id: &id::ApiId, environment: &str, new: AutoConnect) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let change = auto_connect::set(cx, &mut tx, id, environment, new).await?;
    cx.commit(tx, vec![change]).await
}

/// Says how subscribers get in, in one environment (A56).
///
/// # Errors
/// 404 if there is no such environment.
pub async fn set_admission(cx: &Cx, id: &id::ApiId, environment: &str, admission: Admission) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    // Whoever lets requests in by themselves decides them all.
    cx.may(standing, Verb::ApiDecide)?;
    let environment = environment::require(&mut tx, environment, "environment").await?;
    let before = self::admission(&mut tx, id, &environment.id).await?;
    sql::put_admission(&mut tx, id, &environment.id, admission).await?;
    let change =
        cx.change("api.admission_set", Kind::Api, id).touching(Kind::Environment, &environment.id).detailing(json!({
            "environment": environment.slug,
            "before": {"approval": before.approval, "activation": before.activation},
            "after": {"approval": admission.approval, "activation": admission.activation},
        }));
    cx.commit(tx, vec![change]).await
}

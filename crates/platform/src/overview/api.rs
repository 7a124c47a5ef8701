//! The catalogue, and one API with what its page shows.

use super::app::StatusCounts;
use crate::actions::{Actions, Offered, unless};
use crate::agreement::{self, AgreementView};
use crate::api::{self, Access, AdmissionView, Api, ApiView, AutoConnectView};
use crate::api_group::{self, ApiGroup};
use crate::authz::{self, Standing, Verb};
use crate::blocks::{Block, blocks};
use crate::cx::{Cx, Platform};
use crate::names::{Named, Names};
use crate::plan::{Plan, PlanView, WindowView};
use crate::profile::{self, FencedAct};
use crate::search::{Batches, Words};
use crate::subscription::{self, Status, state_word};
use crate::user::PersonView;
use crate::version::{self, Release};
use crate::web::{Answer, Fail, Ident, Params, Problems};
use crate::{app, environment, follow, organization, plan, task, user};
use base::{Kind, Page, PageRequest, Problem, id};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The catalogue.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(api_list)).routes(routes!(api_get))
}

/// What of a plan its card shows.
#[derive(Serialize, ToSchema)]
pub struct PlanBrief {
    /// `pln_...`
    id: String,
    /// For people.
    name: String,
    /// Whether subscriptions under it wait for a decision.
    requires_approval: bool,
    /// What caps calls under it; all of them hold. Empty means no cap.
    limits: Vec<WindowView>,
}

/// A subscription of one of the caller's apps.
#[derive(Serialize, ToSchema)]
pub struct OwnSubscription {
    /// `sub_...`
    subscription: String,
    /// The app.
    app: Named,
    /// Where; the name is its word in URLs.
    environment: Named,
    /// Under which terms.
    plan: Named,
    /// As people read it.
    status: Status,
    /// requested, approved, active, suspended or rejected.
    state: &'static str,
}

/// A version of an API.
#[derive(Serialize, ToSchema)]
pub struct VersionBrief {
    /// `ver_...`
    id: String,
    /// Its name.
    name: String,
    /// Where it stands.
    state: version::State,
    /// From when on calls are refused. RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    sunset_at: Option<String>,
}

fn release_brief(release: &Release) -> VersionBrief {
    VersionBrief {
        id: release.id.to_string(),
        name: release.name.clone(),
        state: release.state,
        sunset_at: release.sunset_at.map(|at| at.to_string()),
    }
}

/// What the caller has to do with an API.
#[derive(Serialize, ToSchema)]
pub struct ApiTies {
    /// The provider's name.
    organization_name: String,
    /// The API groups that hold it.
    groups: Vec<Named>,
    /// Its versions, the published ones first. Drafts are for designers.
    versions: Vec<VersionBrief>,
    /// The current subscriptions and open requests of the apps on whose team the caller is.
    mine: Vec<OwnSubscription>,
    /// Whether the caller follows it.
    following: bool,
    /// How many do; 1,000 stands for that many or more.
    followers: i64,
    /// Whether the caller may decide about it or change it.
    administered: bool,
    /// Whether the caller is on the API side: decides requests.
    may_decide: bool,
    /// Whether the caller may change it.
    may_edit: bool,
    /// How many requests wait for a decision or activation; 1,000 stands for that many or more. Only for those who decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<i64>,
    /// How many subscriptions it has, by status; 1,000 stands for that many or more. Only for those who decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<StatusCounts>,
    /// What the caller may do now: `request` (access for an app of which they are OWNER; else `no_app`, `no_plan` or
    /// `not_published`), `follow`, `unfollow`, `decide`, `edit`, `upload` (a version), `administer` (appoint
    /// administrators), `delete`.
    actions: Vec<Offered>,
}

/// An API of the catalogue.
#[derive(Serialize, ToSchema)]
pub struct ApiSummary {
    #[serde(flatten)]
    api: ApiView,
    #[serde(flatten)]
    ties: ApiTies,
    /// What consumers may subscribe under.
    plans: Vec<PlanBrief>,
}

/// An API with what its page shows.
#[derive(Serialize, ToSchema)]
pub struct ApiOverview {
    #[serde(flatten)]
    api: ApiView,
    #[serde(flatten)]
    ties: ApiTies,
    /// What consumers may subscribe under.
    plans: Vec<PlanView>,
    /// Who decides requests. Only for people who have signed in.
    administrators: Vec<PersonView>,
    /// How subscribers get in, by environment.
    admissions: Vec<AdmissionView>,
    /// The description, read as Markdown.
    description_blocks: Vec<Block>,
    /// The legal text that requests for access answer, if there is one.
    agreement: Option<AgreementView>,
    /// What its profile leaves to the caller; only for those who may change the API, and null where it has none.
    fenced_by: Option<ApiFence>,
}

/// What the profile of an API leaves to the caller.
#[derive(Serialize, ToSchema)]
pub struct ApiFence {
    /// The profile.
    profile: Named,
    /// The words of environments that designers may publish to; empty means any.
    environments: Vec<String>,
    /// The names of destinations that designers may forward to; empty means any.
    destinations: Vec<String>,
    /// What the caller may do, and which limits stand in the way.
    acts: Vec<FencedAct>,
}

/// What surrounds a page of APIs, read at once.
struct Around {
    access: Access,
    organizations: HashMap<id::OrganizationId, String>,
    releases: HashMap<id::ApiId, Vec<Release>>,
    plans: HashMap<id::ApiId, Vec<Plan>>,
    tags: BTreeMap<id::ApiId, Vec<String>>,
    groups: HashMap<id::ApiId, Vec<Named>>,
    mine: HashMap<id::ApiId, Vec<OwnSubscription>>,
    following: HashSet<String>,
    followers: HashMap<String, i64>,
    waiting: HashMap<id::ApiId, i64>,
    counts: HashMap<id::ApiId, StatusCounts>,
    /// Whether the caller is OWNER of any app.
    subscribes: bool,
}

impl Around {
    async fn of(cx: &Cx, conn: &mut Conn, access: Access, apis: &[Api]) -> Result<Self, Problem> {
        let ids: Vec<id::ApiId> = apis.iter().map(|api| api.id.clone()).collect();
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let owners: HashSet<id::OrganizationId> = apis.iter().map(|api| api.organization.clone()).collect();
        let organizations = organization::names(conn, &owners.into_iter().collect::<Vec<_>>()).await?;
        let mut releases: HashMap<_, Vec<_>> = HashMap::new();
        for release in version::releases(conn, &ids).await? {
            releases.entry(release.api.clone()).or_default().push(release);
        }
        let decided: Vec<id::ApiId> = apis
            .iter()
            .filter(|api| authz::may(access.standing(api), Verb::ApiDecide))
            .map(|api| api.id.clone())
            .collect();
        let following = match &cx.who {
            Some(who) => follow::among(conn, &who.id, Kind::Api, &texts).await?,
            None => HashSet::new(),
        };
        let (mine, subscribes) = own(cx, conn, &ids).await?;
        let mut counts: HashMap<id::ApiId, StatusCounts> = HashMap::new();
        for (api, state, number) in subscription::counts_of_apis(conn, &decided).await? {
            counts.entry(api).or_default().add(state, number);
        }
        let named = |group: ApiGroup| Named { id: group.id.to_string(), name: group.name };
        let groups = api_group::of_apis(conn, &ids).await?.into_iter();
        let groups = groups.map(|(api, groups)| (api, groups.into_iter().map(named).collect())).collect();
        Ok(Self {
            organizations,
            releases,
            plans: api::plans_of(conn, apis).await?,
            tags: api::tags_of(conn, &ids).await?,
            groups,
            mine,
            following,
            followers: follow::counts(conn, Kind::Api, &texts).await?,
            waiting: task::waiting(conn, &decided).await?,
            counts,
            subscribes,
            access,
        })
    }

    fn actions(&self, cx: &Cx, api: &Api, standing: Standing) -> Vec<Offered> {
        let published = self.releases.get(&api.id).is_some_and(|all| all.iter().any(|r| !r.environments.is_empty()));
        let offers = self.plans.get(&api.id).is_some_and(|plans| !plans.is_empty());
        let obstacle =
            unless(published, "not_published").or(unless(offers, "no_plan")).or(unless(self.subscribes, "no_app"));
        let follows = self.following.contains(&api.id.to_string());
        // Whoever has signed in and sees the API may ask for access with an app of their own, and follow.
        let registered = Actions::of(cx.standing())
            .offer_if("request", Verb::ApiReadRegistered, obstacle)
            .offer_if("follow", Verb::ApiReadRegistered, unless(!follows, "wrong_state"))
            .offer_if("unfollow", Verb::ApiReadRegistered, unless(follows, "wrong_state"));
        let mut all = registered.all();
        let provider = Actions::of(standing)
            .offer("decide", Verb::ApiDecide)
            .offer("edit", Verb::ApiEdit)
            .offer("upload", Verb::ApiEdit)
            .offer("administer", Verb::ApiAdminister)
            .offer("delete", Verb::ApiAdminister);
        all.extend(provider.all());
        all
    }

    fn ties(&mut self, cx: &Cx, api: &Api) -> ApiTies {
        let (standing, text) = (self.access.standing(api), api.id.to_string());
        let may_decide = authz::may(standing, Verb::ApiDecide);
        let may_edit = authz::may(standing, Verb::ApiEdit);
        let actions = self.actions(cx, api, standing);
        let releases = self.releases.get(&api.id).map_or(&[][..], Vec::as_slice);
        ApiTies {
            groups: self.groups.remove(&api.id).unwrap_or_default(),
            organization_name: self.organizations.get(&api.organization).cloned().unwrap_or_default(),
            versions: releases
                .iter()
                .filter(|r| may_edit || r.state != version::State::Draft)
                .map(release_brief)
                .collect(),
            mine: self.mine.remove(&api.id).unwrap_or_default(),
            following: self.following.contains(&text),
            followers: self.followers.get(&text).copied().unwrap_or(0),
            administered: may_decide || may_edit,
            may_decide,
            may_edit,
            waiting: may_decide.then(|| self.waiting.get(&api.id).copied().unwrap_or(0)),
            counts: may_decide.then(|| self.counts.get(&api.id).copied().unwrap_or_default()),
            actions,
        }
    }
}

/// The subscriptions of the caller's apps to these APIs, and whether the caller may ask for more.
async fn own(
    cx: &Cx,
    conn: &mut Conn,
    apis: &[id::ApiId],
) -> Result<(HashMap<id::ApiId, Vec<OwnSubscription>>, bool), Problem> {
    let mut mine: HashMap<_, Vec<_>> = HashMap::new();
    if cx.who.is_none() {
        return Ok((mine, false));
    }
    let access = app::Access::of(cx, conn).await?;
    let apps = app::among(conn, &access.mine()).await?;
    let subscribes = apps.iter().any(|app| authz::may(access.standing(app), Verb::AppSubscribe));
    let names: HashMap<id::AppId, String> = apps.into_iter().map(|app| (app.id, app.name)).collect();
    let environments: HashMap<id::EnvironmentId, String> =
        environment::all(conn).await?.into_iter().map(|e| (e.id, e.slug)).collect();
    let mut plans = Names::default();
    for s in subscription::among(conn, &access.mine(), apis).await? {
        let named = |id: &dyn std::fmt::Display, name: Option<&String>| Named {
            id: id.to_string(),
            name: name.cloned().unwrap_or_default(),
        };
        mine.entry(s.api.clone()).or_default().push(OwnSubscription {
            subscription: s.id.to_string(),
            app: named(&s.app, names.get(&s.app)),
            environment: named(&s.environment, environments.get(&s.environment)),
            plan: plans.named(conn, Kind::Plan, &s.plan).await?,
            status: s.status(),
            state: state_word(s.state),
        });
    }
    Ok((mine, subscribes))
}

/// Which APIs to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ApiQuery {
    /// Those that have words beginning with all of these: in name, slug, id, tags, description, titles, the operations of
    /// published versions or documentation.
    q: Option<String>,
    /// `true`: those that the caller administers, or whose organization the caller may change them in.
    mine: Option<bool>,
    /// Those of this provider, `org_...`.
    #[param(value_type = Option<String>)]
    organization: Option<id::OrganizationId>,
    /// Those that have this tag.
    tag: Option<String>,
    /// Those that this API group holds, `apg_...`.
    #[param(value_type = Option<String>)]
    group: Option<id::ApiGroupId>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of APIs.
#[derive(Serialize, ToSchema)]
pub struct ApiPage {
    items: Vec<ApiSummary>,
    next: Option<String>,
}

/// The catalogue
///
/// Every API that the caller may see; what you may not see is absent.
#[utoipa::path(get, path = "/api/v1/apis", operation_id = "api_list", tag = "APIs", params(ApiQuery),
    responses((status = 200, body = ApiPage), Problems), security((), ("personal_token" = [])))]
async fn api_list(cx: Cx, Params(query): Params<ApiQuery>) -> Result<Answer<Page<ApiSummary>>, Fail> {
    let page = PageRequest { after: query.after, limit: query.limit };
    crate::cursor::<id::ApiId>(&page)?;
    let wanted = api::Wanted { mine: query.mine.unwrap_or(false), organization: query.organization, tag: query.tag };
    let mut tx = cx.read().await?;
    let access = Access::of(&cx, &mut tx).await?;
    let group = match &query.group {
        Some(id) => Some(api_group::members(&mut tx, id).await?.iter().map(ToString::to_string).collect::<Vec<_>>()),
        None => None,
    };
    let mut batches = Batches::new(Kind::Api, Words::of(query.q.as_deref())?, page.after());
    let (most, mut rows) = (page.limit() + 1, Vec::new());
    while let Some(missing) = crate::missing(&rows, most)
        && let Some(batch) = batches.next(&mut tx, missing).await?
    {
        let (after, limit) = batch.place();
        let ids = narrowed(batch.ids.clone(), group.as_deref());
        let found = api::page(&cx, &mut tx, &access, &wanted, ids.as_deref(), (after, limit)).await?;
        rows.extend(batches.keep(&mut tx, found, |api| api.id.to_string()).await?);
    }
    let page = batches.page(rows, page.limit(), |api| api.id.to_string());
    let mut around = Around::of(&cx, &mut tx, access, &page.items).await?;
    Ok(Answer::ok(page.map(|api| ApiSummary {
        ties: around.ties(&cx, &api),
        plans: around.plans.remove(&api.id).unwrap_or_default().into_iter().map(brief).collect(),
        api: ApiView::of(&api, around.tags.remove(&api.id).unwrap_or_default()),
    })))
}

/// Whether new apps are connected by themselves, and why not although they should be.
async fn auto_connect(
    cx: &Cx,
    conn: &mut Conn,
    (api, standing): (&Api, Standing),
    environment: &id::EnvironmentId,
) -> Result<AutoConnectView, Problem> {
    let it = api::auto_connect(conn, &api.id, environment).await?;
    let actions = Actions::of(standing)
        .offer_if("turn_on", Verb::ApiEdit, api::auto_connect_obstacle(cx, standing))
        .offer_if("turn_off", Verb::ApiEdit, unless(it.enabled, "wrong_state"))
        .all();
    let Some(chosen) = &it.plan else {
        return Ok(AutoConnectView { enabled: it.enabled, plan: None, rests: None, actions });
    };
    let name = plan::find(conn, chosen).await?.map(|plan| plan.name).unwrap_or_default();
    let offered = api::offered_plans(conn, api).await?.iter().any(|plan| plan.id == *chosen);
    let agreed = agreement::active(conn, &api.id).await?.is_none();
    Ok(AutoConnectView {
        enabled: it.enabled,
        plan: Some(Named { id: chosen.to_string(), name }),
        rests: unless(agreed, "agreement").or(unless(offered, "plan_not_offered")).filter(|_| it.enabled),
        actions,
    })
}

/// The ids to look at, of those that are in the group.
fn narrowed(ids: Option<Vec<String>>, group: Option<&[String]>) -> Option<Vec<String>> {
    match (ids, group) {
        (Some(ids), Some(group)) => Some(ids.into_iter().filter(|id| group.contains(id)).collect()),
        (ids, None) => ids,
        (None, Some(group)) => Some(group.to_vec()),
    }
}

fn brief(plan: Plan) -> PlanBrief {
    let view = plan.view();
    PlanBrief { id: view.id, name: view.name, requires_approval: view.requires_approval, limits: view.limits }
}

/// One API
#[utoipa::path(get, path = "/api/v1/apis/{id}", operation_id = "api_get", tag = "APIs",
    params(("id" = String, Path, description = "`api_...`")),
    responses((status = 200, body = ApiOverview), Problems), security((), ("personal_token" = [])))]
async fn api_get(cx: Cx, Ident(id): Ident<id::ApiId>) -> Result<Answer<ApiOverview>, Fail> {
    let mut tx = cx.read().await?;
    let (found, standing) = api::visible(&cx, &mut tx, &id).await?;
    let access = Access::of(&cx, &mut tx).await?;
    let mut around = Around::of(&cx, &mut tx, access, std::slice::from_ref(&found)).await?;
    let mut admissions = Vec::new();
    for environment in environment::all(&mut tx).await? {
        let admission = api::admission(&mut tx, &id, &environment.id).await?;
        let auto_connect = auto_connect(&cx, &mut tx, (&found, standing), &environment.id).await?;
        let gateway_url = &cx.platform.settings.gateway_url;
        admissions.push(AdmissionView::of(&found, &environment, admission, auto_connect, gateway_url));
    }
    let administrators = match &cx.who {
        Some(_) => api::administrators(&mut tx, &id).await?.iter().map(PersonView::of).collect(),
        None => Vec::new(),
    };
    let tags = around.tags.remove(&id).unwrap_or_default();
    let edits = authz::may(around.access.standing(&found), Verb::ApiEdit);
    let fence = match (&found.profile, edits) {
        (Some(id), true) => profile::find(&mut tx, id).await?,
        _ => None,
    };
    let roles = user::roles(&cx, &mut tx).await?;
    let body = ApiOverview {
        fenced_by: fence.as_ref().map(|profile| ApiFence {
            profile: Named { id: profile.id.to_string(), name: profile.name.clone() },
            environments: profile.environments.iter().map(|place| place.slug.clone()).collect(),
            destinations: profile.destinations.clone(),
            acts: FencedAct::all(profile, &roles),
        }),
        ties: around.ties(&cx, &found),
        plans: around.plans.remove(&id).unwrap_or_default().iter().map(Plan::view).collect(),
        administrators,
        admissions,
        description_blocks: blocks(&found.description),
        agreement: agreement::active(&mut tx, &id).await?.as_ref().map(AgreementView::of),
        api: if edits { ApiView::designed(&found, tags) } else { ApiView::of(&found, tags) },
    };
    Ok(Answer::ok(body).version(found.version))
}

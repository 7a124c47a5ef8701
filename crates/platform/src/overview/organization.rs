//! Organizations with what belongs to them counted, and what about one needs attention.

use crate::actions::{Actions, Offered, unless};
use crate::authz::{Verb, may};
use crate::cx::{Cx, Platform};
use crate::organization::{self, GrantedRole, Organization, OrganizationRole, OrganizationView, Seats};
use crate::web::{Answer, Fail, Ident, PageParams, Params, Problems};
use crate::{api, app, follow, group, user};
use base::id::Id;
use base::{Kind, Page, PageRequest, Problem, id};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Organizations.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(organization_list))
        .routes(routes!(organization_get))
        .routes(routes!(organization_attention))
}

/// How much belongs to an organization. 1,000 stands for that many or more.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct OrganizationCounts {
    /// Members, whatever their role.
    members: i64,
    /// Apps.
    apps: i64,
    /// APIs.
    apis: i64,
    /// Groups of people.
    groups: i64,
    /// Organizations that it manages.
    managed: i64,
    /// Its followers.
    followers: i64,
}

impl OrganizationCounts {
    /// Those of all of these.
    async fn of(conn: &mut Conn, ids: &[id::OrganizationId]) -> Result<HashMap<id::OrganizationId, Self>, Problem> {
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let members = organization::counts_of_members(conn, ids).await?;
        let (apps, apis) = (app::counts(conn, ids).await?, api::counts(conn, ids).await?);
        let groups = group::counts(conn, ids).await?;
        let managed = organization::counts_of_managed(conn, ids).await?;
        let followers = follow::counts(conn, Kind::Organization, &texts).await?;
        let of = |all: &HashMap<id::OrganizationId, i64>, id: &id::OrganizationId| all.get(id).copied().unwrap_or(0);
        let counts = |id: &id::OrganizationId| Self {
            members: of(&members, id),
            apps: of(&apps, id),
            apis: of(&apis, id),
            groups: of(&groups, id),
            managed: of(&managed, id),
            followers: followers.get(id.as_str()).copied().unwrap_or(0),
        };
        Ok(ids.iter().map(|id| (id.clone(), counts(id))).collect())
    }
}

/// An organization and what the caller is in it.
#[derive(Serialize, ToSchema)]
pub struct OrganizationOverview {
    #[serde(flatten)]
    organization: OrganizationView,
    /// The caller's role as a member; null for whoever is none.
    role: Option<OrganizationRole>,
    /// What was granted to the caller beside that.
    roles: Vec<GrantedRole>,
    /// Whether the caller acts as its OWNER because their own organization manages it.
    by_management: bool,
    /// What belongs to it.
    counts: OrganizationCounts,
    /// Whether the caller follows it.
    following: bool,
    /// Whether the caller is a business administrator of it.
    business_admin: bool,
    /// Whether the caller may change its name and description.
    may_edit: bool,
    /// Whether the caller may manage its members.
    may_manage: bool,
    /// Whether the caller may create APIs in it.
    may_design: bool,
    /// Whether the caller may create plans, limit groups and destinations in it.
    may_provide: bool,
    /// Whether the caller may create apps in it.
    may_consume: bool,
    /// What the caller may do now: `edit`, `members`, `roles`, `groups`, `trail`, `design`, `provide`, `webhooks`, `consume`, `set_manager`,
    /// `end_management`, `found_managed`, `follow`, `unfollow`.
    actions: Vec<Offered>,
}

/// What surrounds a page of organizations, read at once.
struct Around {
    seats: Seats,
    managers: HashMap<id::OrganizationId, String>,
    following: HashSet<String>,
    counts: HashMap<id::OrganizationId, OrganizationCounts>,
}

impl Around {
    async fn of(cx: &Cx, conn: &mut Conn, all: &[Organization]) -> Result<Self, Problem> {
        let managers: HashSet<_> = all.iter().filter_map(|it| it.managed_by.clone()).collect();
        let ids: Vec<id::OrganizationId> = all.iter().map(|it| it.id.clone()).collect();
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        Ok(Self {
            seats: Seats::among(cx, conn, &ids).await?,
            managers: organization::names(conn, &managers.into_iter().collect::<Vec<_>>()).await?,
            following: follow::among(conn, &cx.signed()?.id, Kind::Organization, &texts).await?,
            counts: OrganizationCounts::of(conn, &ids).await?,
        })
    }

    fn overview(&self, cx: &Cx, it: &Organization) -> OrganizationOverview {
        let (id, standing) = (&it.id, self.seats.standing(&it.id));
        let counts = self.counts.get(id).copied().unwrap_or_default();
        let follows = self.following.contains(id.as_str());
        let site_admin = cx.who.as_ref().is_some_and(|who| who.site_admin);
        let own = site_admin || self.seats.role(id) == Some(OrganizationRole::Owner);
        let managed = it.managed_by.is_some();
        let settles = if !own { Some("managed") } else { unless(!managed && counts.managed == 0, "wrong_state") };
        let founds = if !own { Some("managed") } else { unless(!managed, "wrong_state") };
        let actions = Actions::of(standing)
            .offer("edit", Verb::OrganizationEdit)
            .offer("members", Verb::OrganizationMembers)
            .offer("roles", Verb::OrganizationRoles)
            .offer("groups", Verb::GroupEdit)
            .offer("trail", Verb::OrganizationTrail)
            .offer("design", Verb::OrganizationDesign)
            .offer("provide", Verb::OrganizationProvide)
            .offer("webhooks", Verb::OrganizationWebhooks)
            .offer("consume", Verb::OrganizationConsume)
            .offer_if("set_manager", Verb::OrganizationManagement, settles)
            .offer_if("end_management", Verb::OrganizationManagement, unless(managed, "wrong_state"))
            .offer_if("found_managed", Verb::OrganizationManagement, founds)
            .offer_if("follow", Verb::OrganizationRead, unless(!follows, "wrong_state"))
            .offer_if("unfollow", Verb::OrganizationRead, unless(follows, "wrong_state"));
        let manager = it.managed_by.as_ref().and_then(|manager| self.managers.get(manager).cloned());
        OrganizationOverview {
            organization: OrganizationView::of(it, manager),
            role: self.seats.role(id),
            roles: self.seats.granted(id).to_vec(),
            by_management: self.seats.by_management(id),
            counts,
            following: follows,
            business_admin: self.seats.granted(id).contains(&GrantedRole::BusinessAdmin),
            may_edit: may(standing, Verb::OrganizationEdit),
            may_manage: may(standing, Verb::OrganizationMembers),
            may_design: may(standing, Verb::OrganizationDesign),
            may_provide: may(standing, Verb::OrganizationProvide),
            may_consume: may(standing, Verb::OrganizationConsume),
            actions: actions.all(),
        }
    }
}

/// A page of organizations.
#[derive(Serialize, ToSchema)]
pub struct OrganizationPage {
    items: Vec<OrganizationOverview>,
    next: Option<String>,
}

/// My organizations
///
/// With those that they manage. All of them for a site administrator.
#[utoipa::path(get, path = "/api/v1/organizations", operation_id = "organization_list", tag = "Organizations",
    params(PageParams), responses((status = 200, body = OrganizationPage), Problems))]
async fn organization_list(
    cx: Cx,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<OrganizationOverview>>, Fail> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let page = organization::list(&cx, &mut tx, &PageRequest::from(page)).await?;
    let around = Around::of(&cx, &mut tx, &page.items).await?;
    Ok(Answer::ok(page.map(|it| around.overview(&cx, &it))))
}

/// One organization
#[utoipa::path(get, path = "/api/v1/organizations/{id}", operation_id = "organization_get", tag = "Organizations",
    params(("id" = String, Path, description = "`org_...`")), responses((status = 200, body = OrganizationOverview), Problems))]
async fn organization_get(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<OrganizationOverview>, Fail> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (it, _) = organization::visible(&cx, &mut tx, &id).await?;
    let around = Around::of(&cx, &mut tx, std::slice::from_ref(&it)).await?;
    Ok(Answer::ok(around.overview(&cx, &it)).version(it.version))
}

/// Something about an organization that somebody should see to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Risk {
    /// `one_owner` (if that person leaves, nobody manages it), `no_contact`, `unverified_members` and `locked_members`
    /// (among the first 200), `invitations_waiting`, `invitations_ending` (within three days).
    code: &'static str,
    /// How many, where it is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
}

/// What about an organization needs attention.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attention {
    items: Vec<Risk>,
}

/// How long before its end an invitation is pointed at, in seconds: three days.
const SOON_SECONDS: i64 = 3 * 86_400;

/// What about an organization needs attention
///
/// For whoever manages its members.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/attention", operation_id = "organization_attention",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`")),
    responses((status = 200, body = Attention), Problems))]
async fn organization_attention(cx: Cx, Ident(id): Ident<id::OrganizationId>) -> Result<Answer<Attention>, Fail> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (it, standing) = organization::visible(&cx, &mut tx, &id).await?;
    cx.may(standing, Verb::OrganizationMembers)?;
    let (mut unverified, mut locked) = (0, 0);
    let members = organization::members_page(&mut tx, &id, "", 200).await?;
    let members: Vec<id::UserId> = members.into_iter().map(|(member, ..)| member).collect();
    for user in user::among(&mut tx, &members).await?.values() {
        unverified += i64::from(!user.email_verified);
        locked += i64::from(user.state == user::UserState::Locked);
    }
    let soon = cx.now.plus_seconds(SOON_SECONDS);
    let (waiting, ending) = organization::open_invitations(&mut tx, &id, cx.now, soon).await?;
    let one_owner = organization::owners(&mut tx, &id, 2).await?.len() == 1;
    let no_contact = it.contact.email.is_empty() && it.contact.url.is_empty();
    let told = |holds: bool, code| holds.then_some(Risk { code, count: None });
    let counted = |count: i64, code| (count > 0).then_some(Risk { code, count: Some(count) });
    let all = [
        told(one_owner, "one_owner"),
        told(no_contact, "no_contact"),
        counted(unverified, "unverified_members"),
        counted(locked, "locked_members"),
        counted(waiting - ending, "invitations_waiting"),
        counted(ending, "invitations_ending"),
    ];
    Ok(Answer::ok(Attention { items: all.into_iter().flatten().collect() }))
}

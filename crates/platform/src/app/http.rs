//! Apps over HTTP.

use super::{App, AppRole, ops};
use crate::actions::{Actions, Offered, unless};
use crate::authz::Verb;
use crate::cx::{Cx, Platform};
use crate::user::{PersonView, User};
use crate::web::{Answer, Body, Done, Fail, Ident, Problems, Written, parse_id};
use axum::extract::Path;
use base::id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about apps.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(app_edit)).routes(routes!(team_list)).routes(routes!(team_put, team_remove))
}

/// A consumer's program.
#[derive(Serialize, ToSchema)]
#[schema(as = App)]
pub struct AppView {
    /// `app_...`
    pub id: String,
    /// `org_...`
    pub organization: String,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl AppView {
    /// The app as people and programs see it.
    pub fn of(app: &App) -> Self {
        Self {
            id: app.id.to_string(),
            organization: app.organization.to_string(),
            name: app.name.clone(),
            description: app.description.clone(),
            created_at: app.created_at.to_string(),
        }
    }
}

/// An app to create.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApp {
    /// `org_...`
    #[schema(value_type = String)]
    pub organization: id::OrganizationId,
    /// 1 to 120 characters.
    pub name: String,
    /// At most 4,000 characters.
    #[serde(default)]
    pub description: String,
}

/// What to change of an app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppEdit {
    #[serde(default, deserialize_with = "crate::web::given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::web::given")]
    description: Option<String>,
}

/// Change an app
#[utoipa::path(patch, path = "/api/v1/apps/{id}", operation_id = "app_edit", tag = "Apps",
    params(("id" = String, Path, description = "`app_...`")), request_body = AppEdit,
    responses((status = 200, body = Written<AppView>), Problems))]
async fn app_edit(
    cx: Cx,
    Ident(id): Ident<id::AppId>,
    Body(body): Body<AppEdit>,
) -> Result<Answer<Written<AppView>>, Fail> {
    let (app, change) = ops::edit(&cx, &id, body.name.as_deref(), body.description.as_deref()).await?;
    Ok(Answer::ok(Written { value: AppView::of(&app), change }).version(app.version))
}

/// A member of the team.
#[derive(Serialize, ToSchema)]
pub struct TeamMember {
    /// Who.
    user: PersonView,
    /// What they may do.
    role: AppRole,
    /// What the caller may do now: `change_role`, `remove` (which everybody may do to themselves); `last_one` for the last
    /// OWNER.
    actions: Vec<Offered>,
}

/// The whole team.
#[derive(Serialize, ToSchema)]
pub struct Team {
    items: Vec<TeamMember>,
}

/// The team of an app
#[utoipa::path(get, path = "/api/v1/apps/{id}/team", operation_id = "app_team_list", tag = "Apps",
    params(("id" = String, Path, description = "`app_...`")), responses((status = 200, body = Team), Problems))]
async fn team_list(cx: Cx, Ident(id): Ident<id::AppId>) -> Result<Answer<Team>, Fail> {
    let (team, standing) = ops::team(&cx, &id).await?;
    let owners = team.iter().filter(|(_, role)| *role == AppRole::Owner).count();
    let member = |(user, role): &(User, AppRole)| {
        let last = unless(*role != AppRole::Owner || owners > 1, "last_one");
        // Oneself one may take off the team whatever one's role is.
        let leaving = if cx.is(&user.id) { Verb::AppRead } else { Verb::AppManage };
        let actions =
            Actions::of(standing).offer_if("change_role", Verb::AppManage, last).offer_if("remove", leaving, last);
        TeamMember { user: PersonView::of(user), role: *role, actions: actions.all() }
    };
    Ok(Answer::ok(Team { items: team.iter().map(member).collect() }))
}

/// The role to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamRole {
    role: AppRole,
}

/// Add somebody to the team or change a role
#[utoipa::path(put, path = "/api/v1/apps/{id}/team/{user}", operation_id = "app_team_put", tag = "Apps",
    request_body = TeamRole, responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`app_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn team_put(
    cx: Cx,
    Path((id, user)): Path<(String, String)>,
    Body(body): Body<TeamRole>,
) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "app")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_member(&cx, &id, &user, Some(body.role)).await? }))
}

/// Remove somebody from the team
///
/// Members may leave by themselves. The last OWNER stays.
#[utoipa::path(delete, path = "/api/v1/apps/{id}/team/{user}", operation_id = "app_team_remove", tag = "Apps",
    responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`app_...`"), ("user" = String, Path, description = "`usr_...`")))]
async fn team_remove(cx: Cx, Path((id, user)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, user) = (parse_id(&id, "app")?, parse_id(&user, "user")?);
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::put_member(&cx, &id, &user, None).await? }))
}

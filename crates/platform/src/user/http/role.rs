//! The roles of people over HTTP.

use super::super::{Privilege, UserRole, ops};
use crate::cx::{Cx, Platform};
use crate::names::{ActorView, Named, Names, resource_of};
use crate::web::{Answer, Done, Fail, Ident, Params, Problems, parse_id};
use axum::extract::Path;
use base::{Kind, Problem, Ref, id};
use serde::{Deserialize, Serialize};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(role_list)).routes(routes!(role_grant, role_revoke))
}

/// A role that somebody was given: a word that profiles ask for, or a privilege to override what they fence.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UserRole)]
pub struct RoleView {
    /// The word: one that profiles ask for, or `override.publish`, `override.security`, `override.implementation`,
    /// `override.subscription`, `override.request_modification`, `override.document`, `override.all`.
    pub role: String,
    /// Whether it is such a privilege.
    pub privilege: bool,
    /// The profile that the privilege is for; null means everywhere.
    pub profile: Option<Named>,
    /// Who gave it.
    pub granted_by: ActorView,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub granted_at: String,
}

impl RoleView {
    /// Roles as people and programs see them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn of(conn: &mut Conn, names: &mut Names, roles: &[UserRole]) -> Result<Vec<Self>, Problem> {
        let profiles = roles.iter().filter_map(|it| it.profile.as_ref()).map(|id| Ref::new(Kind::Profile, id));
        names
            .learn_all(conn, profiles.chain(roles.iter().filter_map(|it| resource_of(&it.granted_by))).collect())
            .await?;
        let mut out = Vec::with_capacity(roles.len());
        for it in roles {
            let profile = match &it.profile {
                Some(id) => Some(names.named(conn, Kind::Profile, id).await?),
                None => None,
            };
            out.push(Self {
                role: it.role.clone(),
                privilege: Privilege::ALL.iter().any(|p| p.as_str() == it.role),
                profile,
                granted_by: names.actor(conn, &it.granted_by, true).await?,
                granted_at: it.granted_at.to_string(),
            });
        }
        Ok(out)
    }
}

/// All roles of somebody.
#[derive(Serialize, ToSchema)]
pub struct UserRoleList {
    items: Vec<RoleView>,
}

/// The roles of a person
///
/// For themselves and site administrators.
#[utoipa::path(get, path = "/api/v1/users/{id}/roles", operation_id = "user_role_list", tag = "Users",
    params(("id" = String, Path, description = "`usr_...`")), responses((status = 200, body = UserRoleList), Problems))]
async fn role_list(cx: Cx, Ident(id): Ident<id::UserId>) -> Result<Answer<UserRoleList>, Fail> {
    let roles = ops::list_roles(&cx, &id).await?;
    let items = RoleView::of(&mut *cx.read().await?, &mut Names::default(), &roles).await?;
    Ok(Answer::ok(UserRoleList { items }))
}

/// For which profile.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RoleQuery {
    /// `prf_...`: the profile that a privilege is for; everywhere unless given.
    #[param(value_type = Option<String>)]
    profile: Option<id::ProfileId>,
}

/// Give a person a role
///
/// For site administrators. Any word is a role that profiles may ask for; `override.publish`, `override.security`,
/// `override.implementation`, `override.subscription`, `override.request_modification`, `override.document` and
/// `override.all` let somebody override what profiles fence, everywhere or under one profile.
#[utoipa::path(put, path = "/api/v1/users/{id}/roles/{role}", operation_id = "user_role_grant", tag = "Users",
    params(("id" = String, Path, description = "`usr_...`"), ("role" = String, Path, description = "The word"), RoleQuery),
    responses((status = 200, body = Done), Problems))]
async fn role_grant(
    cx: Cx,
    Path((id, role)): Path<(String, String)>,
    Params(query): Params<RoleQuery>,
) -> Result<Answer<Done>, Fail> {
    let id = parse_id(&id, "user")?;
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::grant_role(&cx, &id, &role, query.profile.as_ref()).await? }))
}

/// Take a role from a person
///
/// For site administrators. It holds from the next request on.
#[utoipa::path(delete, path = "/api/v1/users/{id}/roles/{role}", operation_id = "user_role_revoke", tag = "Users",
    params(("id" = String, Path, description = "`usr_...`"), ("role" = String, Path, description = "The word"), RoleQuery),
    responses((status = 200, body = Done), Problems))]
async fn role_revoke(
    cx: Cx,
    Path((id, role)): Path<(String, String)>,
    Params(query): Params<RoleQuery>,
) -> Result<Answer<Done>, Fail> {
    let id = parse_id(&id, "user")?;
    cx.fresh()?;
    Ok(Answer::ok(Done { change: ops::revoke_role(&cx, &id, &role, query.profile.as_ref()).await? }))
}

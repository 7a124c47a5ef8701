//! What can be done with apps.

use super::{App, AppRole, sql};
use crate::authz::{self, Relation, Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::{organization, text, user};
use base::id::Id;
use base::{Change, Kind, Problem, ProblemKind, Ref, gather, id};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use store::Conn;
use store::log::{self, Filter};

/// How the caller stands to this app.
///
/// # Errors
/// Those of the database.
pub async fn standing(cx: &Cx, conn: &mut Conn, app: &App) -> Result<Standing, Problem> {
    let standing = organization::standing(cx, conn, &app.organization).await?;
    let Some(who) = &cx.who else { return Ok(standing) };
    let role = sql::role(conn, &app.id, &who.id).await?;
    Ok(standing
        .and_if(role == Some(AppRole::Owner), Relation::AppOwner)
        .and_if(role == Some(AppRole::Developer), Relation::AppDeveloper)
        .and_if(role == Some(AppRole::ReadOnly), Relation::AppReader))
}

/// An app, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::AppId) -> Result<Option<App>, Problem> {
    sql::find(conn, id).await
}

/// An app that the caller may see, and how they stand to it.
///
/// # Errors
/// 404 if there is none that they may see.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: &id::AppId) -> Result<(App, Standing), Problem> {
    cx.signed()?;
    let app = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("app"))?;
    let standing = standing(cx, conn, &app).await?;
    cx.may_see(standing, Verb::AppRead, "app")?;
    Ok((app, standing))
}

/// Those of these apps that the caller may see, and how they stand to each.
///
/// # Errors
/// Those of the database.
pub async fn visible_among(cx: &Cx, conn: &mut Conn, ids: &[id::AppId]) -> Result<Vec<(App, Standing)>, Problem> {
    if cx.who.is_none() {
        return Ok(Vec::new());
    }
    let apps = sql::among(conn, ids).await?;
    let access = Access::among(cx, conn, &apps).await?;
    let all = apps.into_iter().map(|app| (access.standing(&app), app));
    Ok(all
        .filter(|(standing, _)| authz::may(*standing, Verb::AppRead))
        .map(|(standing, app)| (app, standing))
        .collect())
}

/// How the caller stands to apps, for many at once.
#[derive(Debug)]
pub struct Access {
    /// Where the caller has a say.
    pub seats: organization::Seats,
    roles: HashMap<id::AppId, AppRole>,
}

impl Access {
    /// That of the caller to these apps; how they stand to others is not known then.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn among(cx: &Cx, conn: &mut Conn, apps: &[App]) -> Result<Self, Problem> {
        let owners: BTreeSet<_> = apps.iter().map(|app| app.organization.clone()).collect();
        let seats = organization::Seats::among(cx, conn, &owners.into_iter().collect::<Vec<_>>()).await?;
        let ids: Vec<id::AppId> = apps.iter().map(|app| app.id.clone()).collect();
        let roles = match &cx.who {
            Some(who) => sql::roles_among(conn, &ids, &who.id).await?,
            None => HashMap::new(),
        };
        Ok(Self { seats, roles })
    }

    /// That of the caller to all apps.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn of(cx: &Cx, conn: &mut Conn) -> Result<Self, Problem> {
        let seats = organization::Seats::of(cx, conn).await?;
        let roles = match &cx.who {
            Some(who) => sql::roles(conn, &who.id).await?.into_iter().collect(),
            None => HashMap::new(),
        };
        Ok(Self { seats, roles })
    }

    /// The caller's role on the team.
    pub fn role(&self, app: &id::AppId) -> Option<AppRole> {
        self.roles.get(app).copied()
    }

    /// How the caller stands to this app.
    pub fn standing(&self, app: &App) -> Standing {
        let role = self.role(&app.id);
        self.seats
            .standing(&app.organization)
            .and_if(role == Some(AppRole::Owner), Relation::AppOwner)
            .and_if(role == Some(AppRole::Developer), Relation::AppDeveloper)
            .and_if(role == Some(AppRole::ReadOnly), Relation::AppReader)
    }

    /// The apps on whose team the caller is.
    pub fn mine(&self) -> Vec<id::AppId> {
        let mut mine: Vec<_> = self.roles.keys().cloned().collect();
        mine.sort();
        mine
    }
}

/// The apps on whose team this user is.
///
/// # Errors
/// Those of the database.
pub async fn of_user(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::AppId>, Problem> {
    sql::of_user(conn, user).await
}

/// The apps of an organization.
///
/// # Errors
/// Those of the database.
pub async fn of_organization(conn: &mut Conn, id: &id::OrganizationId) -> Result<Vec<id::AppId>, Problem> {
    sql::of_organization(conn, id).await
}

/// The team of an app by the ids of its members, with their roles, for whoever may see them already.
///
/// # Errors
/// Those of the database.
pub async fn team_page(
    conn: &mut Conn,
    id: &id::AppId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::UserId, AppRole)>, Problem> {
    sql::team_page(conn, id, after, limit).await
}

/// The role of this user on the team of an app.
///
/// # Errors
/// Those of the database.
pub async fn role(conn: &mut Conn, id: &id::AppId, user: &id::UserId) -> Result<Option<AppRole>, Problem> {
    sql::role(conn, id, user).await
}

/// The apps on whose team this user is, by id, with the role on each.
///
/// # Errors
/// Those of the database.
pub async fn memberships(
    conn: &mut Conn,
    user: &id::UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::AppId, AppRole)>, Problem> {
    sql::memberships(conn, user, after, limit).await
}

/// Who of these users is on the team of which of these apps; a page of both.
///
/// # Errors
/// Those of the database.
pub async fn seats(
    conn: &mut Conn,
    apps: &[id::AppId],
    users: &[id::UserId],
) -> Result<BTreeSet<(id::AppId, id::UserId)>, Problem> {
    Ok(sql::seats(conn, apps, users).await?.into_iter().collect())
}

/// Those of these apps that were deleted while this user was on their team: the log has kept who was.
///
/// # Errors
/// Those of the database.
pub async fn deleted_under(
    conn: &mut Conn,
    user: &id::UserId,
    ids: &[id::AppId],
) -> Result<BTreeSet<id::AppId>, Problem> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let filter = Filter {
        touches: ids.iter().map(|id| Ref::new(Kind::App, id)).collect(),
        verbs: Some(vec!["app.deleted".to_owned()]),
        limit: i64::try_from(ids.len()).unwrap_or(0),
        ..Filter::default()
    };
    let person = Ref::new(Kind::User, user);
    let entries = log::page(conn, &filter).await?.into_iter().filter(|entry| entry.touches.contains(&person));
    Ok(entries.filter_map(|entry| id::AppId::parse(&entry.subject.id).ok()).collect())
}

/// The OWNERs of an app.
///
/// # Errors
/// Those of the database.
pub async fn owners(conn: &mut Conn, id: &id::AppId) -> Result<Vec<id::UserId>, Problem> {
    let team = sql::team(conn, id).await?;
    Ok(team.into_iter().filter(|(_, role)| *role == AppRole::Owner).map(|(user, _)| user).collect())
}

/// Apps that the caller may see, by id; only those of `organization` and of `ids`, if they are given.
///
/// # Errors
/// Those of the database.
pub async fn page(
    cx: &Cx,
    conn: &mut Conn,
    access: &Access,
    organization: Option<&id::OrganizationId>,
    ids: Option<&[String]>,
    (after, limit): (&str, i64),
) -> Result<Vec<App>, Problem> {
    let who = cx.signed()?;
    if let Some(ids) = ids {
        let ids: Vec<id::AppId> =
            ids.iter().filter(|id| id.as_str() > after).filter_map(|id| Id::parse(id).ok()).collect();
        let mut rows = sql::among(conn, &ids).await?;
        rows.retain(|app| organization.is_none_or(|only| app.organization == *only));
        rows.retain(|app| authz::may(access.standing(app), Verb::AppRead));
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        return Ok(rows);
    }
    let organizations = access.seats.with(Verb::AppRead.allowed());
    let viewer = sql::Viewer { user: &who.id, organizations: &organizations };
    sql::page(conn, (!who.site_admin).then_some(&viewer), organization, (after, limit)).await
}

/// How many apps are read at once to find those that the caller sees.
const SEEN: i64 = 500;

/// The apps that the caller sees, by id; `None` is all, for site administrators.
///
/// # Errors
/// Those of the database.
pub async fn seen(cx: &Cx, conn: &mut Conn, access: &Access) -> Result<Option<Vec<id::AppId>>, Problem> {
    if cx.signed()?.site_admin {
        return Ok(None);
    }
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let rows = page(cx, conn, access, None, None, (&after, SEEN)).await?;
        let ended = i64::try_from(rows.len()).unwrap_or(SEEN) < SEEN;
        all.extend(rows.into_iter().map(|app| app.id));
        match all.last() {
            Some(last) if !ended => after = last.to_string(),
            _ => return Ok(Some(all)),
        }
    }
}

/// Those of these ids that are there.
///
/// # Errors
/// Those of the database.
pub async fn among(conn: &mut Conn, ids: &[id::AppId]) -> Result<Vec<App>, Problem> {
    sql::among(conn, ids).await
}

/// Creates an app inside the caller's transaction: the change to commit with it. Its creator is its first OWNER (C71).
///
/// # Errors
/// 403, 422.
pub async fn create(
    cx: &Cx,
    conn: &mut Conn,
    organization: &id::OrganizationId,
    name: &str,
    description: &str,
) -> Result<(App, Change), Problem> {
    let who = cx.signed()?;
    let (organization, standing) = organization::require(cx, conn, organization).await?;
    cx.may(standing, Verb::OrganizationConsume)?;
    let app = gather(|wrong| App {
        id: id::AppId::new(cx.now),
        version: 1,
        organization: organization.id,
        name: wrong.of(text::name("/name", name)),
        description: wrong.of(text::prose("/description", description)),
        created_at: cx.now,
    })?;
    sql::insert(conn, &app).await?;
    sql::put_member(conn, &app.id, &who.id, AppRole::Owner).await?;
    let change = cx
        .change("app.created", Kind::App, &app.id)
        .touching(Kind::Organization, &app.organization)
        .touching(Kind::User, &who.id)
        .detailing(json!({"after": facts(&app), "owner": who.id}));
    Ok((app, change))
}

pub(super) fn facts(app: &App) -> serde_json::Value {
    json!({"name": app.name, "description": app.description})
}

pub async fn edit(
    cx: &Cx,
    id: &id::AppId,
    name: Option<&str>,
    description: Option<&str>,
) -> Result<(App, i64), Problem> {
    let mut tx = cx.write().await?;
    let (before, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::AppEdit)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    gather(|wrong| {
        wrong.set(&mut after.name, name.map(|name| text::name("/name", name)));
        wrong.set(&mut after.description, description.map(|text| text::prose("/description", text)));
    })?;
    after.version = sql::put(&mut tx, &after).await?;
    let change =
        cx.change("app.edited", Kind::App, id).touching(Kind::Organization, &after.organization).detailing(json!({
            "before": facts(&before), "after": facts(&after),
        }));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, seq))
}

/// Deletes an app that has no client, inside the caller's transaction: the change to commit with it.
///
/// # Errors
/// Those of the database.
pub async fn remove(cx: &Cx, conn: &mut Conn, app: &App) -> Result<Change, Problem> {
    let team = sql::team(conn, &app.id).await?;
    sql::delete(conn, app).await?;
    let change = cx.change("app.deleted", Kind::App, &app.id).touching(Kind::Organization, &app.organization);
    let change = team.iter().fold(change, |change, (user, _)| change.touching(Kind::User, user));
    Ok(change.detailing(json!({"before": {"name": app.name, "description": app.description, "team": team}})))
}

pub async fn team(cx: &Cx, id: &id::AppId) -> Result<(Vec<(user::User, AppRole)>, Standing), Problem> {
    let mut tx = cx.read().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    let team = sql::team(&mut tx, id).await?;
    let ids: Vec<id::UserId> = team.iter().map(|(user, _)| user.clone()).collect();
    let mut people = user::among(&mut tx, &ids).await?;
    Ok((team.into_iter().filter_map(|(user, role)| Some((people.remove(&user)?, role))).collect(), standing))
}

/// Gives a user a role on the team, or takes it away (`None`).
pub async fn put_member(cx: &Cx, id: &id::AppId, user: &id::UserId, role: Option<AppRole>) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (app, standing) = visible(cx, &mut tx, id).await?;
    if !(role.is_none() && cx.is(user)) {
        cx.may(standing, Verb::AppManage)?;
    }
    organization::hold(&mut tx, &app.organization).await?;
    let before = sql::role(&mut tx, id, user).await?;
    if before.is_none() && role.is_some() {
        user::require_verified(&mut tx, user, "/user").await?;
    }
    match role {
        Some(role) => sql::put_member(&mut tx, id, user, role).await?,
        None if sql::delete_member(&mut tx, id, user).await? => {}
        None => return Err(Problem::not_found("member")),
    }
    if owners(&mut tx, id).await?.is_empty() {
        let detail = "An app keeps at least one OWNER; make somebody else OWNER first.";
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    let verb = if role.is_some() { "app.member_set" } else { "app.member_removed" };
    let change = cx
        .change(verb, Kind::App, id)
        .touching(Kind::User, user)
        .touching(Kind::Organization, &app.organization)
        .detailing(json!({"user": user, "before": before, "after": role}));
    cx.commit(tx, vec![change]).await
}

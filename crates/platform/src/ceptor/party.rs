//! Partners and developers in the words of the other system.

use super::shape::{ApiDeveloper, ApplicationRole, Partner, PartnerDeveloper, PartnerRole, Uuid};
use super::term::in_words;
use crate::app::{self, AppRole};
use crate::cx::Cx;
use crate::organization::{self, AdoptedOrganization, Organization};
use crate::user::{self, AdoptedUser, User, UserKind};
use base::{Change, Problem, id};
use std::collections::HashMap;
use store::Conn;

/// The most entries of one list of roles.
const MOST_ROLES: usize = 1_000;

/// Passes a list of who has which role in which each stands once.
pub fn distinct<T>(pointer: &str, list: &[(Option<Uuid>, Option<T>)]) -> Result<(), Problem> {
    if list.len() > MOST_ROLES {
        return Err(Problem::invalid(pointer, format!("At most {MOST_ROLES} entries.")));
    }
    for (n, (id, role)) in list.iter().enumerate() {
        let Some(id) = id else { return Err(Problem::invalid(format!("{pointer}/{n}/id"), "Say who or what it is.")) };
        if role.is_none() {
            return Err(Problem::invalid(format!("{pointer}/{n}/role"), "Say which role."));
        }
        if list[..n].iter().any(|(known, _)| *known == Some(*id)) {
            return Err(Problem::invalid(format!("{pointer}/{n}/id"), "It stands in the list already; name it once."));
        }
    }
    Ok(())
}

/// The person that a list names.
pub async fn person(conn: &mut Conn, id: Uuid, pointer: &str) -> Result<id::UserId, Problem> {
    let user = id::UserId::from_bits(id.0);
    let found = user::find(conn, &user).await?.filter(|user| user.kind == UserKind::Human);
    found.map(|user| user.id).ok_or_else(|| Problem::invalid(pointer, format!("There is no developer `{id}` here.")))
}

/// Organizations as the other system knows them, in their order.
pub async fn partners(conn: &mut Conn, all: &[Organization]) -> Result<Vec<Partner>, Problem> {
    let ids: Vec<id::OrganizationId> = all.iter().map(|it| it.id.clone()).collect();
    let mut developers: HashMap<id::OrganizationId, Vec<PartnerDeveloper>> = HashMap::new();
    for (organization, user, role) in organization::members_of(conn, &ids).await? {
        let developer = PartnerDeveloper { id: Some(Uuid(user.bits())), role: Some(role) };
        developers.entry(organization).or_default().push(developer);
    }
    let partner = |it: &Organization| Partner {
        id: Some(Uuid(it.id.bits())),
        name: Some(it.name.clone()),
        description: Some(it.description.clone()),
        developers: Some(developers.remove(&it.id).unwrap_or_default()),
    };
    Ok(all.iter().map(partner).collect())
}

pub async fn import_partner(cx: &Cx, conn: &mut Conn, id: Uuid, it: Partner) -> Result<Vec<Change>, Problem> {
    let wanted = AdoptedOrganization { name: it.name, description: it.description };
    let (found, change) = organization::adopt(cx, conn, &id::OrganizationId::from_bits(id.0), wanted).await?;
    let mut changes: Vec<Change> = change.into_iter().collect();
    if let Some(list) = it.developers {
        let list: Vec<_> = list.into_iter().map(|d| (d.id, d.role)).collect();
        distinct("/developers", &list)?;
        let mut members = Vec::new();
        for (n, (id, role)) in list.iter().enumerate() {
            let id = id.unwrap_or(Uuid(0));
            members.push((person(conn, id, &format!("/developers/{n}/id")).await?, *role));
        }
        for (gone, _) in organization::adopted_members(conn, &found.id).await? {
            if !members.iter().any(|(user, _)| *user == gone) {
                members.push((gone, None));
            }
        }
        changes.extend(organization::adopt_members(cx, conn, &found.id, &members, "/developers").await?);
    }
    Ok(changes)
}

/// People as the other system knows them, in their order.
pub async fn developers(conn: &mut Conn, all: &[User]) -> Result<Vec<ApiDeveloper>, Problem> {
    let ids: Vec<id::UserId> = all.iter().map(|user| user.id.clone()).collect();
    let mut partners: HashMap<id::UserId, Vec<PartnerRole>> = HashMap::new();
    for (user, organization, role) in organization::roles_of(conn, &ids).await? {
        let partner = PartnerRole { id: Some(Uuid(organization.bits())), role: Some(role) };
        partners.entry(user).or_default().push(partner);
    }
    let mut applications: HashMap<id::UserId, Vec<ApplicationRole>> = HashMap::new();
    for (user, app, role) in app::roles_of(conn, &ids).await? {
        let application = ApplicationRole { id: Some(Uuid(app.bits())), role: Some(role) };
        applications.entry(user).or_default().push(application);
    }
    let developer = |user: &User| ApiDeveloper {
        id: Some(Uuid(user.id.bits())),
        credentials: Some(user.username.clone()),
        email: Some(user.email.clone()),
        partners: Some(partners.remove(&user.id).unwrap_or_default()),
        applications: Some(applications.remove(&user.id).unwrap_or_default()),
    };
    Ok(all.iter().map(developer).collect())
}

/// The person, without their roles.
pub async fn import_person(cx: &Cx, conn: &mut Conn, id: Uuid, it: &ApiDeveloper) -> Result<Vec<Change>, Problem> {
    let wanted = AdoptedUser { username: it.credentials.clone(), email: it.email.clone() };
    let done = user::adopt(cx, conn, &id::UserId::from_bits(id.0), wanted).await;
    let (_, change) = done.map_err(|p| in_words(p, &[("/username", "/credentials")]))?;
    Ok(change.into_iter().collect())
}

/// The roles of a person who is there.
pub async fn import_roles(cx: &Cx, conn: &mut Conn, id: Uuid, it: ApiDeveloper) -> Result<Vec<Change>, Problem> {
    let user = id::UserId::from_bits(id.0);
    let mut changes = Vec::new();
    if let Some(list) = it.partners {
        let list: Vec<_> = list.into_iter().map(|p| (p.id, p.role)).collect();
        distinct("/partners", &list)?;
        for (n, (id, role)) in list.iter().enumerate() {
            let id = id::OrganizationId::from_bits(id.unwrap_or(Uuid(0)).0);
            if organization::find(conn, &id).await?.is_none() {
                let detail = format!("There is no partner `{}` here.", Uuid(id.bits()));
                return Err(Problem::invalid(format!("/partners/{n}/id"), detail));
            }
            let at = format!("/partners/{n}/role");
            changes.extend(organization::adopt_members(cx, conn, &id, &[(user.clone(), *role)], &at).await?);
        }
        for (_, gone, _) in organization::roles_of(conn, std::slice::from_ref(&user)).await? {
            if !list.iter().any(|(id, _)| id.is_some_and(|id| id.0 == gone.bits())) {
                let nothing = [(user.clone(), None)];
                changes.extend(organization::adopt_members(cx, conn, &gone, &nothing, "/partners").await?);
            }
        }
    }
    if let Some(list) = it.applications {
        let list: Vec<_> = list.into_iter().map(|a| (a.id, a.role)).collect();
        changes.extend(import_teams(cx, conn, &user, &list).await?);
    }
    Ok(changes)
}

async fn import_teams(
    cx: &Cx,
    conn: &mut Conn,
    user: &id::UserId,
    list: &[(Option<Uuid>, Option<AppRole>)],
) -> Result<Vec<Change>, Problem> {
    distinct("/applications", list)?;
    let mut changes = Vec::new();
    for (n, (id, role)) in list.iter().enumerate() {
        let id = id::AppId::from_bits(id.unwrap_or(Uuid(0)).0);
        let missing = || {
            let detail = format!("There is no application `{}` here.", Uuid(id.bits()));
            Problem::invalid(format!("/applications/{n}/id"), detail)
        };
        let found = app::find(conn, &id).await?.ok_or_else(missing)?;
        let at = format!("/applications/{n}/role");
        changes.extend(app::adopt_members(cx, conn, &found, &[(user.clone(), *role)], &at).await?);
    }
    for (_, gone, _) in app::roles_of(conn, std::slice::from_ref(user)).await? {
        if !list.iter().any(|(id, _)| id.is_some_and(|id| id.0 == gone.bits()))
            && let Some(found) = app::find(conn, &gone).await?
        {
            changes.extend(app::adopt_members(cx, conn, &found, &[(user.clone(), None)], "/applications").await?);
        }
    }
    Ok(changes)
}

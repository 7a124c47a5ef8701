//! What can be done with API groups.

use super::{ApiGroup, sql};
use crate::authz::{Standing, Verb, may};
use crate::cx::{Cx, Describe};
use crate::{api, organization, text};
use base::{Kind, Page, PageRequest, Problem, id};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use store::Conn;

/// The most APIs in one group.
const MOST_APIS: i64 = 1_000;
/// How many groups are looked at together.
const BATCH: i64 = 100;
/// How many groups are looked at for one page at most.
const FARTHEST: i64 = 10_000;

/// What a group holds, by id; at most a thousand.
///
/// # Errors
/// Those of the database.
pub async fn members(conn: &mut Conn, id: &id::ApiGroupId) -> Result<Vec<id::ApiId>, Problem> {
    Ok(sql::members(conn, std::slice::from_ref(id)).await?.into_iter().map(|(_, api)| api).collect())
}

/// The groups that hold each of these APIs.
///
/// # Errors
/// Those of the database.
pub async fn of_apis(conn: &mut Conn, apis: &[id::ApiId]) -> Result<HashMap<id::ApiId, Vec<ApiGroup>>, Problem> {
    let mut out: HashMap<_, Vec<_>> = HashMap::new();
    for (api, group) in sql::of_apis(conn, apis).await? {
        out.entry(api).or_default().push(group);
    }
    Ok(out)
}

/// A group with what the caller sees of it.
#[derive(Debug)]
pub struct Shown {
    /// The group.
    pub group: ApiGroup,
    /// The name of its organization.
    pub organization: String,
    /// How the caller stands to its organization.
    pub standing: Standing,
    /// Those of its APIs that the caller may see.
    pub apis: Vec<api::Api>,
}

/// Those of these groups that the caller may see.
async fn shown(cx: &Cx, conn: &mut Conn, groups: Vec<ApiGroup>) -> Result<Vec<Shown>, Problem> {
    let access = api::Access::of(cx, conn).await?;
    let ids: Vec<id::ApiGroupId> = groups.iter().map(|g| g.id.clone()).collect();
    let members = sql::members(conn, &ids).await?;
    let wanted: BTreeSet<id::ApiId> = members.iter().map(|(_, api)| api.clone()).collect();
    let known = api::among(conn, &wanted.into_iter().collect::<Vec<_>>()).await?;
    let seen: HashMap<id::ApiId, api::Api> =
        known.into_iter().filter(|it| access.sees(it)).map(|it| (it.id.clone(), it)).collect();
    let owners: BTreeSet<id::OrganizationId> = groups.iter().map(|g| g.organization.clone()).collect();
    let names = organization::names(conn, &owners.into_iter().collect::<Vec<_>>()).await?;
    let show = |group: ApiGroup| {
        let own = members.iter().filter(|(of, _)| *of == group.id);
        let apis: Vec<api::Api> = own.filter_map(|(_, api)| seen.get(api).cloned()).collect();
        let standing = access.seats.standing(&group.organization);
        let organization = names.get(&group.organization).cloned().unwrap_or_default();
        let visible = !apis.is_empty() || may(standing, Verb::OrganizationRead);
        visible.then_some(Shown { group, organization, standing, apis })
    };
    Ok(groups.into_iter().filter_map(show).collect())
}

/// Those of these groups that the caller may see.
///
/// # Errors
/// Those of the database.
pub async fn visible_among(cx: &Cx, conn: &mut Conn, ids: &[id::ApiGroupId]) -> Result<Vec<Shown>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let groups = sql::among(conn, ids).await?;
    shown(cx, conn, groups).await
}

/// The groups that the caller may see, by id; those of one organization, or that hold one API, if it is given.
pub async fn list(
    cx: &Cx,
    organization: Option<&id::OrganizationId>,
    holding: Option<&id::ApiId>,
    page: &PageRequest,
) -> Result<Page<Shown>, Problem> {
    let mut tx = cx.read().await?;
    if let Some(api) = holding {
        let groups = sql::of_apis(&mut tx, std::slice::from_ref(api)).await?.into_iter().map(|(_, group)| group);
        let groups: Vec<ApiGroup> = groups
            .filter(|g| organization.is_none_or(|o| g.organization == *o) && g.id.to_string().as_str() > page.after())
            .collect();
        let mut found = shown(cx, &mut tx, groups).await?;
        // Whoever may not see the API does not learn where it is.
        found.retain(|it| it.apis.iter().any(|seen| seen.id == *api));
        return Ok(Page::of(found, page.limit(), |it| it.group.id.to_string()));
    }
    let (mut after, mut looked, mut out) = (page.after().to_owned(), 0, Vec::new());
    while looked < FARTHEST && crate::missing(&out, page.limit() + 1).is_some() {
        let rows = sql::page(&mut tx, organization, &after, BATCH).await?;
        looked += BATCH;
        let Some(last) = rows.last() else { break };
        after = last.id.to_string();
        out.extend(shown(cx, &mut tx, rows).await?);
    }
    Ok(Page::of(out, page.limit(), |it| it.group.id.to_string()))
}

async fn visible(cx: &Cx, conn: &mut Conn, id: &id::ApiGroupId) -> Result<Shown, Problem> {
    let group = sql::find(conn, id).await?.ok_or_else(|| cx.absent("API group"))?;
    shown(cx, conn, vec![group]).await?.pop().ok_or_else(|| cx.absent("API group"))
}

pub async fn get(cx: &Cx, id: &id::ApiGroupId) -> Result<Shown, Problem> {
    visible(cx, &mut *cx.read().await?, id).await
}

fn facts(group: &ApiGroup) -> serde_json::Value {
    json!({"name": group.name, "description": group.description})
}

/// Creates a group, which holds nothing yet.
///
/// # Errors
/// 403, 409 if the name is taken, 422.
pub async fn create(
    cx: &Cx,
    organization: &id::OrganizationId,
    name: &str,
    description: &str,
) -> Result<(Shown, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let (owner, standing) = organization::require(cx, &mut tx, organization).await?;
    cx.may(standing, Verb::OrganizationProvide)?;
    let group = ApiGroup {
        id: id::ApiGroupId::new(cx.now),
        version: 1,
        organization: owner.id,
        name: text::name("/name", name)?,
        description: text::prose("/description", description)?,
        created_at: cx.now,
    };
    sql::insert(&mut tx, &group).await?;
    let change = cx
        .change("api_group.created", Kind::ApiGroup, &group.id)
        .touching(Kind::Organization, &group.organization)
        .detailing(json!({"after": facts(&group)}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((Shown { group, organization: owner.name, standing, apis: Vec::new() }, seq))
}

pub async fn edit(
    cx: &Cx,
    id: &id::ApiGroupId,
    name: Option<&str>,
    description: Option<&str>,
) -> Result<(Shown, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let mut shown = visible(cx, &mut tx, id).await?;
    cx.may(shown.standing, Verb::OrganizationProvide)?;
    cx.expect_version(shown.group.version)?;
    let before = shown.group.clone();
    if let Some(name) = name {
        shown.group.name = text::name("/name", name)?;
    }
    if let Some(description) = description {
        shown.group.description = text::prose("/description", description)?;
    }
    shown.group.version = sql::put(&mut tx, &shown.group).await?;
    let change = cx
        .change("api_group.edited", Kind::ApiGroup, id)
        .touching(Kind::Organization, &before.organization)
        .detailing(json!({"before": facts(&before), "after": facts(&shown.group)}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((shown, seq))
}

/// Deletes a group; its APIs stay.
pub async fn remove(cx: &Cx, id: &id::ApiGroupId) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let shown = visible(cx, &mut tx, id).await?;
    cx.may(shown.standing, Verb::OrganizationProvide)?;
    cx.expect_version(shown.group.version)?;
    let members = members(&mut tx, id).await?;
    sql::delete(&mut tx, &shown.group).await?;
    let change = cx
        .change("api_group.deleted", Kind::ApiGroup, id)
        .touching(Kind::Organization, &shown.group.organization)
        .detailing(json!({"before": facts(&shown.group), "apis": members}));
    let change = members.iter().fold(change, |change, api| change.touching(Kind::Api, api));
    cx.commit(tx, vec![change]).await
}

/// Puts an API into a group, or takes it out (C31).
///
/// # Errors
/// 422 if the API is not of the group's organization, 409 if the group is full.
pub async fn put(cx: &Cx, id: &id::ApiGroupId, api: &id::ApiId, add: bool) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let shown = visible(cx, &mut tx, id).await?;
    cx.may(shown.standing, Verb::OrganizationProvide)?;
    let group = &shown.group;
    let (verb, before) = if add {
        let (found, _) = api::visible(cx, &mut tx, api).await?;
        if found.organization != group.organization {
            let detail = format!("`{}` is an API of another organization than the group's.", found.name);
            return Err(Problem::invalid("api", detail));
        }
        let fresh = sql::put_member(&mut tx, id, api).await?;
        if fresh && sql::count_members(&mut tx, id).await? > MOST_APIS {
            return Err(Problem::new(
                base::ProblemKind::WrongState,
                format!("A group holds at most {MOST_APIS} APIs; make another."),
            ));
        }
        ("api_group.api_added", !fresh)
    } else {
        if !sql::delete_member(&mut tx, id, api).await? {
            return Err(Problem::not_found("API in this group"));
        }
        ("api_group.api_removed", true)
    };
    let change = cx
        .change(verb, Kind::ApiGroup, id)
        .touching(Kind::Organization, &group.organization)
        .touching(Kind::Api, api)
        .detailing(json!({"api": api, "before": before, "after": add}));
    cx.commit(tx, vec![change]).await
}

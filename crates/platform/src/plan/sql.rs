//! Plans and limit groups as rows.

use super::{LimitGroup, Plan, rule};
use base::{Problem, ProblemKind, id};
use std::collections::HashMap;
use store::{Conn, Row, StoreError, sql};

const PLAN: &str = "id, version, organization_id, name, description, is_default, requires_approval, limit_group_id, created_at, retired_at";
/// Read with the plan, so that a plan always knows its limits.
const LIMITS: &str = "(SELECT g.windows FROM limit_groups g WHERE g.id = plans.limit_group_id) AS limits";
const LIMIT_GROUP: &str = "id, version, organization_id, name, windows, created_at";

fn plan(row: &Row) -> Result<Plan, Problem> {
    Ok(Plan {
        id: row.get("id")?,
        version: row.get("version")?,
        organization: row.get("organization_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        default: row.get("is_default")?,
        requires_approval: row.get("requires_approval")?,
        limit_group: row.get("limit_group_id")?,
        limits: row.get::<Option<String>>("limits")?.map_or(Ok(Vec::new()), |text| crate::stored_json(&text))?,
        created_at: row.get("created_at")?,
        retired_at: row.get("retired_at")?,
    })
}

fn limit_group(row: &Row) -> Result<LimitGroup, Problem> {
    Ok(LimitGroup {
        id: row.get("id")?,
        version: row.get("version")?,
        organization: row.get("organization_id")?,
        name: row.get("name")?,
        windows: crate::stored_json(&row.get::<String>("windows")?)?,
        created_at: row.get("created_at")?,
    })
}

/// A page of a table: what is shared and what belongs to these organizations, or everything (`None`).
async fn page(
    conn: &mut Conn,
    select: String,
    organizations: Option<&[id::OrganizationId]>,
    after: &str,
    limit: i64,
) -> Result<Vec<Row>, Problem> {
    let scope = match organizations {
        None => String::new(),
        Some([]) => "AND organization_id IS NULL".to_owned(),
        Some(ids) => {
            let places: Vec<String> = (3..ids.len() + 3).map(|n| format!("${n}")).collect();
            format!("AND (organization_id IS NULL OR organization_id IN ({}))", places.join(", "))
        }
    };
    let query = sql(format!("{select} WHERE id > $1 {scope} ORDER BY id LIMIT $2")).bind(after).bind(limit);
    Ok(query.bind_all(organizations.unwrap_or_default()).all(conn).await?)
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::PlanId]) -> Result<HashMap<id::PlanId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM plans", ids).await
}

pub async fn find(conn: &mut Conn, id: &id::PlanId) -> Result<Option<Plan>, Problem> {
    let text = format!("SELECT {PLAN}, {LIMITS} FROM plans WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(plan).transpose()
}

/// Plans that are shared or belong to these organizations (`None`: all), by id.
pub async fn plans(
    conn: &mut Conn,
    organizations: Option<&[id::OrganizationId]>,
    after: &str,
    limit: i64,
) -> Result<Vec<Plan>, Problem> {
    let select = format!("SELECT {PLAN}, {LIMITS} FROM plans");
    page(conn, select, organizations, after, limit).await?.iter().map(plan).collect()
}

/// Those of these ids that are there, by id.
pub async fn among(conn: &mut Conn, ids: &[id::PlanId]) -> Result<Vec<Plan>, Problem> {
    let mut out = Vec::with_capacity(ids.len());
    for some in ids.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text = format!("SELECT {PLAN}, {LIMITS} FROM plans WHERE id IN ({marks}) ORDER BY id");
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(plan(&row)?);
        }
    }
    Ok(out)
}

/// Plans that are shared or belong to this organization and can be subscribed to.
pub async fn available(conn: &mut Conn, organization: &id::OrganizationId) -> Result<Vec<Plan>, Problem> {
    let text = format!(
        "SELECT {PLAN}, {LIMITS} FROM plans WHERE (organization_id IS NULL OR organization_id = $1) AND retired_at IS NULL ORDER BY id"
    );
    sql(text).bind(organization).all(conn).await?.iter().map(plan).collect()
}

/// The plans that name one of these limit groups.
pub async fn plans_under(conn: &mut Conn, ids: &[id::LimitGroupId]) -> Result<Vec<Plan>, Problem> {
    let mut out = Vec::new();
    for some in ids.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text = format!("SELECT {PLAN}, {LIMITS} FROM plans WHERE limit_group_id IN ({marks}) ORDER BY id");
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(plan(&row)?);
        }
    }
    Ok(out)
}

/// The names of those of these limit groups that are there.
///
/// # Errors
/// Those of the database.
pub async fn limit_group_names(
    conn: &mut Conn,
    ids: &[id::LimitGroupId],
) -> Result<HashMap<id::LimitGroupId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM limit_groups", ids).await
}

pub async fn insert(conn: &mut Conn, plan: &Plan) -> Result<(), Problem> {
    let text = format!("INSERT INTO plans ({PLAN}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    sql(text)
        .bind(&plan.id)
        .bind(plan.version)
        .bind(&plan.organization)
        .bind(&plan.name)
        .bind(&plan.description)
        .bind(plan.default)
        .bind(plan.requires_approval)
        .bind(&plan.limit_group)
        .bind(plan.created_at)
        .bind(plan.retired_at)
        .run(conn)
        .await
        .map_err(|e| group_went(e, plan))?;
    Ok(())
}

pub async fn put(conn: &mut Conn, plan: &Plan) -> Result<i64, Problem> {
    let row = sql("UPDATE plans SET version = version + 1, name = $3, description = $4, is_default = $5, \
                   requires_approval = $6, limit_group_id = $7, retired_at = $8 WHERE id = $1 AND version = $2 \
                   RETURNING version")
    .bind(&plan.id)
    .bind(plan.version)
    .bind(&plan.name)
    .bind(&plan.description)
    .bind(plan.default)
    .bind(plan.requires_approval)
    .bind(&plan.limit_group)
    .bind(plan.retired_at)
    .find(conn)
    .await
    .map_err(|e| group_went(e, plan))?;
    crate::lost_race(row)
}

/// The limit group was there a moment ago and went in another transaction.
fn group_went(error: StoreError, plan: &Plan) -> Problem {
    match &plan.limit_group {
        Some(id) if error.foreign_key() => rule::no_limit_group(id),
        _ => error.into(),
    }
}

pub async fn delete(conn: &mut Conn, plan: &Plan) -> Result<(), Problem> {
    let done = sql("DELETE FROM plans WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&plan.id)
        .bind(plan.version)
        .find(conn)
        .await;
    match done {
        Err(e) if e.foreign_key() => Err(Problem::new(
            ProblemKind::InUse,
            format!(
                "The plan `{}` is offered by an API, listed by a profile, or a subscription names it; ended subscriptions \
                 count, because their history names their plan. Take it off the APIs that offer it and the profiles that \
                 list it; once subscribed to, it stays.",
                plan.name
            ),
        )),
        other => crate::lost_race(other?).map(|_| ()),
    }
}

pub async fn find_limit_group(conn: &mut Conn, id: &id::LimitGroupId) -> Result<Option<LimitGroup>, Problem> {
    let text = format!("SELECT {LIMIT_GROUP} FROM limit_groups WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(limit_group).transpose()
}

/// Limit groups that are shared or belong to these organizations (`None`: all), by id.
pub async fn limit_groups(
    conn: &mut Conn,
    organizations: Option<&[id::OrganizationId]>,
    after: &str,
    limit: i64,
) -> Result<Vec<LimitGroup>, Problem> {
    let select = format!("SELECT {LIMIT_GROUP} FROM limit_groups");
    page(conn, select, organizations, after, limit).await?.iter().map(limit_group).collect()
}

pub async fn insert_limit_group(conn: &mut Conn, group: &LimitGroup) -> Result<(), Problem> {
    let text = format!("INSERT INTO limit_groups ({LIMIT_GROUP}) VALUES ($1, $2, $3, $4, $5, $6)");
    sql(text)
        .bind(&group.id)
        .bind(group.version)
        .bind(&group.organization)
        .bind(&group.name)
        .bind(crate::to_json(&group.windows)?)
        .bind(group.created_at)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn put_limit_group(conn: &mut Conn, group: &LimitGroup) -> Result<i64, Problem> {
    let row = sql("UPDATE limit_groups SET version = version + 1, name = $3, windows = $4 \
                   WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&group.id)
    .bind(group.version)
    .bind(&group.name)
    .bind(crate::to_json(&group.windows)?)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

pub async fn delete_limit_group(conn: &mut Conn, group: &LimitGroup) -> Result<(), Problem> {
    let done = sql("DELETE FROM limit_groups WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&group.id)
        .bind(group.version)
        .find(conn)
        .await;
    match done {
        // A plan took it up in another transaction, after this one looked for plans.
        Err(e) if e.foreign_key() => {
            let detail =
                format!("A plan has just taken up the limit group `{}`. Give the plan another one first.", group.name);
            Err(Problem::new(ProblemKind::InUse, detail))
        }
        other => crate::lost_race(other?).map(|_| ()),
    }
}

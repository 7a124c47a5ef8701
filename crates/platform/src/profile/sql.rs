//! Profiles and their lists as rows.

use super::{ImplementationRule, Profile, RequestmodRule, SecurityRule, SubscriptionRule};
use base::{Problem, ProblemKind, id};
use std::collections::HashMap;
use store::{Conn, Row, StoreError, sql};

const COLUMNS: &str = "id, version, name, description, subscription_allow_override, subscription_required, \
                       requestmod_specify_defaults, requestmod_allow_override, requestmod_defaults, \
                       security_specify_defaults, security_allow_override, security_allow_override_per_operation, \
                       security_defaults, implementation_limit_methods, implementation_method_pipeline, \
                       implementation_method_script, implementation_method_proxy, \
                       implementation_allow_override_per_operation, publish_allow, created_at";

/// A profile without its lists.
fn profile(row: &Row) -> Result<Profile, Problem> {
    Ok(Profile {
        id: row.get("id")?,
        version: row.get("version")?,
        name: row.get("name")?,
        description: row.get("description")?,
        roles: Vec::new(),
        subscription: SubscriptionRule {
            allow_override: row.get("subscription_allow_override")?,
            required: row.get("subscription_required")?,
        },
        subscription_plans: Vec::new(),
        requestmod: RequestmodRule {
            specify_defaults: row.get("requestmod_specify_defaults")?,
            allow_override: row.get("requestmod_allow_override")?,
            defaults: crate::stored_json(&row.get::<String>("requestmod_defaults")?)?,
        },
        security: SecurityRule {
            specify_defaults: row.get("security_specify_defaults")?,
            allow_override: row.get("security_allow_override")?,
            allow_override_per_operation: row.get("security_allow_override_per_operation")?,
            defaults: crate::stored_json(&row.get::<String>("security_defaults")?)?,
        },
        implementation: ImplementationRule {
            limit_methods: row.get("implementation_limit_methods")?,
            method_pipeline: row.get("implementation_method_pipeline")?,
            method_script: row.get("implementation_method_script")?,
            method_proxy: row.get("implementation_method_proxy")?,
            allow_override_per_operation: row.get("implementation_allow_override_per_operation")?,
        },
        publish_allow: row.get("publish_allow")?,
        environments: Vec::new(),
        destinations: Vec::new(),
        created_at: row.get("created_at")?,
    })
}

/// The lists of one profile.
#[derive(Debug, Default)]
pub struct Lists {
    pub roles: Vec<String>,
    pub plans: Vec<id::PlanId>,
    pub environments: Vec<id::EnvironmentId>,
    pub destinations: Vec<String>,
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::ProfileId]) -> Result<HashMap<id::ProfileId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM profiles", ids).await
}

pub async fn among(conn: &mut Conn, ids: &[id::ProfileId]) -> Result<Vec<Profile>, Problem> {
    let mut out = Vec::with_capacity(ids.len());
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!("SELECT {COLUMNS} FROM profiles WHERE id IN ({}) ORDER BY id", crate::marks(1, some.len()));
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(profile(&row)?);
        }
    }
    Ok(out)
}

pub async fn find_by_name(conn: &mut Conn, name: &str) -> Result<Option<Profile>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM profiles WHERE name = $1");
    sql(text).bind(name).find(conn).await?.as_ref().map(profile).transpose()
}

pub async fn page(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Profile>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM profiles WHERE id > $1 ORDER BY id LIMIT $2");
    sql(text).bind(after).bind(limit).all(conn).await?.iter().map(profile).collect()
}

/// One column of a list of these profiles, in order.
async fn entries(conn: &mut Conn, select: &str, ids: &[id::ProfileId]) -> Result<Vec<Row>, Problem> {
    let text = format!("{select} WHERE profile_id IN ({}) ORDER BY profile_id, position", crate::marks(1, ids.len()));
    Ok(sql(text).bind_all(ids).all(conn).await?)
}

pub async fn lists(conn: &mut Conn, ids: &[id::ProfileId]) -> Result<HashMap<id::ProfileId, Lists>, Problem> {
    let mut out: HashMap<id::ProfileId, Lists> = HashMap::new();
    for some in ids.chunks(crate::TOGETHER) {
        for row in entries(conn, "SELECT profile_id, role FROM profile_roles", some).await? {
            out.entry(row.get("profile_id")?).or_default().roles.push(row.get("role")?);
        }
        for row in entries(conn, "SELECT profile_id, plan_id FROM profile_plans", some).await? {
            out.entry(row.get("profile_id")?).or_default().plans.push(row.get("plan_id")?);
        }
        for row in entries(conn, "SELECT profile_id, environment_id FROM profile_environments", some).await? {
            out.entry(row.get("profile_id")?).or_default().environments.push(row.get("environment_id")?);
        }
        for row in entries(conn, "SELECT profile_id, name FROM profile_destinations", some).await? {
            out.entry(row.get("profile_id")?).or_default().destinations.push(row.get("name")?);
        }
    }
    Ok(out)
}

/// The name is taken, perhaps in another transaction.
fn taken(error: StoreError, profile: &Profile) -> Problem {
    if error.unique() == Some("profiles_name") {
        let detail = format!("There is a profile `{}` already; choose another name.", profile.name);
        return Problem::new(ProblemKind::Exists, detail.clone()).field("/name", detail);
    }
    error.into()
}

pub async fn insert(conn: &mut Conn, profile: &Profile) -> Result<(), Problem> {
    let text = format!("INSERT INTO profiles ({COLUMNS}) VALUES ({})", crate::marks(1, 20));
    sql(text)
        .bind(&profile.id)
        .bind(profile.version)
        .bind(&profile.name)
        .bind(&profile.description)
        .bind(profile.subscription.allow_override)
        .bind(profile.subscription.required)
        .bind(profile.requestmod.specify_defaults)
        .bind(profile.requestmod.allow_override)
        .bind(crate::to_json(&profile.requestmod.defaults)?)
        .bind(profile.security.specify_defaults)
        .bind(profile.security.allow_override)
        .bind(profile.security.allow_override_per_operation)
        .bind(crate::to_json(&profile.security.defaults)?)
        .bind(profile.implementation.limit_methods)
        .bind(profile.implementation.method_pipeline)
        .bind(profile.implementation.method_script)
        .bind(profile.implementation.method_proxy)
        .bind(profile.implementation.allow_override_per_operation)
        .bind(profile.publish_allow)
        .bind(profile.created_at)
        .run(conn)
        .await
        .map_err(|e| taken(e, profile))?;
    put_lists(conn, profile).await
}

pub async fn put(conn: &mut Conn, profile: &Profile) -> Result<i64, Problem> {
    let row = sql("UPDATE profiles SET version = version + 1, name = $3, description = $4, \
                   subscription_allow_override = $5, subscription_required = $6, requestmod_specify_defaults = $7, \
                   requestmod_allow_override = $8, requestmod_defaults = $9, security_specify_defaults = $10, \
                   security_allow_override = $11, security_allow_override_per_operation = $12, \
                   security_defaults = $13, implementation_limit_methods = $14, \
                   implementation_method_pipeline = $15, implementation_method_script = $16, \
                   implementation_method_proxy = $17, implementation_allow_override_per_operation = $18, \
                   publish_allow = $19 WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&profile.id)
    .bind(profile.version)
    .bind(&profile.name)
    .bind(&profile.description)
    .bind(profile.subscription.allow_override)
    .bind(profile.subscription.required)
    .bind(profile.requestmod.specify_defaults)
    .bind(profile.requestmod.allow_override)
    .bind(crate::to_json(&profile.requestmod.defaults)?)
    .bind(profile.security.specify_defaults)
    .bind(profile.security.allow_override)
    .bind(profile.security.allow_override_per_operation)
    .bind(crate::to_json(&profile.security.defaults)?)
    .bind(profile.implementation.limit_methods)
    .bind(profile.implementation.method_pipeline)
    .bind(profile.implementation.method_script)
    .bind(profile.implementation.method_proxy)
    .bind(profile.implementation.allow_override_per_operation)
    .bind(profile.publish_allow)
    .find(conn)
    .await
    .map_err(|e| taken(e, profile))?;
    let version = crate::lost_race(row)?;
    for table in ["profile_roles", "profile_plans", "profile_environments", "profile_destinations"] {
        sql(format!("DELETE FROM {table} WHERE profile_id = $1")).bind(&profile.id).run(conn).await?;
    }
    put_lists(conn, profile).await?;
    Ok(version)
}

async fn put_lists(conn: &mut Conn, profile: &Profile) -> Result<(), Problem> {
    for (n, role) in (0_i64..).zip(&profile.roles) {
        let query = sql("INSERT INTO profile_roles (profile_id, position, role) VALUES ($1, $2, $3)");
        query.bind(&profile.id).bind(n).bind(role).run(conn).await?;
    }
    for (n, plan) in (0_i64..).zip(&profile.subscription_plans) {
        let query = sql("INSERT INTO profile_plans (profile_id, position, plan_id) VALUES ($1, $2, $3)");
        match query.bind(&profile.id).bind(n).bind(plan).run(conn).await {
            Err(e) if e.foreign_key() => {
                return Err(Problem::invalid(
                    format!("/subscription_plans/{n}"),
                    format!("There is no plan `{plan}`; see GET /api/v1/plans."),
                ));
            }
            other => other.map(drop)?,
        }
    }
    for (n, place) in (0_i64..).zip(&profile.environments) {
        let query = sql("INSERT INTO profile_environments (profile_id, position, environment_id) VALUES ($1, $2, $3)");
        query.bind(&profile.id).bind(n).bind(&place.id).run(conn).await?;
    }
    for (n, name) in (0_i64..).zip(&profile.destinations) {
        let query = sql("INSERT INTO profile_destinations (profile_id, position, name) VALUES ($1, $2, $3)");
        query.bind(&profile.id).bind(n).bind(name).run(conn).await?;
    }
    Ok(())
}

pub async fn delete(conn: &mut Conn, profile: &Profile) -> Result<(), Problem> {
    let done = sql("DELETE FROM profiles WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&profile.id)
        .bind(profile.version)
        .find(conn)
        .await;
    match done {
        Err(e) if e.foreign_key() => {
            let detail =
                format!("APIs are under the profile `{}`. Put them under another, or none, first.", profile.name);
            Err(Problem::new(ProblemKind::InUse, detail))
        }
        other => crate::lost_race(other?).map(drop),
    }
}

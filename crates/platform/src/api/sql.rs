//! APIs, their administrators, plans and admission rules as rows.

use super::{Activation, Admission, Api, Approval, AutoConnect, Visibility};
use crate::cx::Cx;
use base::id::Id;
use base::{Problem, ProblemKind, id};
use std::collections::HashMap;
use store::{Conn, Param, Row, Value, sql};

const COLUMNS: &str = "id, version, organization_id, slug, name, description, visibility, subscription_required, profile_id, \
     created_at";

fn api(row: &Row) -> Result<Api, Problem> {
    Ok(Api {
        id: row.get("id")?,
        version: row.get("version")?,
        organization: row.get("organization_id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        description: row.get("description")?,
        visibility: Visibility::read(&row.get::<String>("visibility")?)?,
        subscription_required: row.get("subscription_required")?,
        profile: row.get("profile_id")?,
        created_at: row.get("created_at")?,
    })
}

/// The names of those of these that are there.
///
/// # Errors
/// Those of the database.
pub async fn names(conn: &mut Conn, ids: &[id::ApiId]) -> Result<HashMap<id::ApiId, String>, Problem> {
    crate::names_of(conn, "SELECT id, name FROM apis", ids).await
}

/// Those of these organizations that have an API which everybody who signs in sees, or one on which this user is listed.
pub async fn owners_shown(
    conn: &mut Conn,
    organizations: &[id::OrganizationId],
    user: &id::UserId,
) -> Result<Vec<id::OrganizationId>, Problem> {
    let mut out = Vec::new();
    for some in organizations.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT o.column1 AS id FROM (VALUES {}) AS o WHERE EXISTS (SELECT 1 FROM apis a \
             WHERE a.organization_id = o.column1 AND a.visibility <> 'private') OR EXISTS (SELECT 1 FROM \
             api_administrators m JOIN apis a ON a.id = m.api_id WHERE m.user_id = $1 AND a.organization_id = o.column1)",
            crate::marked_rows(2, some.len())
        );
        for row in sql(text).bind(user).bind_all(some).all(conn).await? {
            out.push(row.get("id")?);
        }
    }
    Ok(out)
}

pub async fn find(conn: &mut Conn, id: &id::ApiId) -> Result<Option<Api>, Problem> {
    let text = format!("SELECT {COLUMNS} FROM apis WHERE id = $1");
    sql(text).bind(id).find(conn).await?.as_ref().map(api).transpose()
}

/// Those of these words that are slugs of APIs.
pub async fn slugs_among(conn: &mut Conn, words: &[String]) -> Result<Vec<String>, Problem> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!("SELECT slug FROM apis WHERE slug IN ({}) ORDER BY slug", crate::marks(1, words.len()));
    sql(text).bind_all(words).all(conn).await?.iter().map(|row| Ok(row.get("slug")?)).collect()
}

/// Those of these ids that are there, by id.
pub async fn among(conn: &mut Conn, ids: &[id::ApiId]) -> Result<Vec<Api>, Problem> {
    let mut out = Vec::with_capacity(ids.len());
    for some in ids.chunks(crate::TOGETHER) {
        let text = format!("SELECT {COLUMNS} FROM apis WHERE id IN ({}) ORDER BY id", crate::marks(1, some.len()));
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push(api(&row)?);
        }
    }
    Ok(out)
}

/// Those of these APIs that this user is an administrator of.
pub async fn administered_among(
    conn: &mut Conn,
    ids: &[id::ApiId],
    user: &id::UserId,
) -> Result<Vec<id::ApiId>, Problem> {
    let mut out = Vec::new();
    for some in ids.chunks(crate::TOGETHER) {
        let marks = crate::marks(2, some.len());
        let text = format!("SELECT api_id FROM api_administrators WHERE user_id = $1 AND api_id IN ({marks})");
        for row in sql(text).bind(user).bind_all(some).all(conn).await? {
            out.push(row.get("api_id")?);
        }
    }
    Ok(out)
}

/// Whose APIs to list: everybody's (`site_admin`), or what this user may see.
pub struct Viewer<'a> {
    pub user: Option<&'a id::UserId>,
    pub site_admin: bool,
    pub organizations: &'a [id::OrganizationId],
}

impl<'a> Viewer<'a> {
    /// The caller, who may read what is private in these organizations.
    pub fn of(cx: &'a Cx, organizations: &'a [id::OrganizationId]) -> Self {
        let who = cx.who.as_ref();
        Self { user: who.map(|w| &w.id), site_admin: who.is_some_and(|w| w.site_admin), organizations }
    }
}

/// Which of them.
#[derive(Debug, Default)]
pub struct Among<'a> {
    /// Only those of this organization.
    pub organization: Option<&'a id::OrganizationId>,
    /// Only those that the user administers, and those of these organizations.
    pub mine: Option<&'a [id::OrganizationId]>,
    /// Only those that have this tag.
    pub tag: Option<&'a str>,
    /// Only these.
    pub ids: Option<&'a [String]>,
}

impl Among<'_> {
    /// Conditions for a statement whose last placeholder was `$last`, and their values.
    fn condition(&self, user: Option<&id::UserId>, last: usize) -> (String, Vec<Value>) {
        let (mut text, mut values) = (String::new(), Vec::new());
        if let Some(organization) = self.organization {
            values.push(organization.value());
            text.push_str(&format!(" AND organization_id = ${}", last + values.len()));
        }
        if let Some(organizations) = self.mine {
            values.push(user.map_or("", Id::as_str).value());
            let own = last + values.len();
            text.push_str(&format!(" AND (id IN (SELECT api_id FROM api_administrators WHERE user_id = ${own})"));
            if !organizations.is_empty() {
                let marks = crate::marks(own + 1, organizations.len());
                text.push_str(&format!(" OR organization_id IN ({marks})"));
                values.extend(organizations.iter().map(Param::value));
            }
            text.push(')');
        }
        if let Some(tag) = self.tag {
            values.push(tag.value());
            text.push_str(&format!(" AND id IN (SELECT api_id FROM api_tags WHERE tag = ${})", last + values.len()));
        }
        if let Some(ids) = self.ids {
            text.push_str(&format!(" AND id IN ({})", crate::marks(last + values.len() + 1, ids.len())));
            values.extend(ids.iter().map(Param::value));
        }
        (text, values)
    }
}

pub async fn page(
    conn: &mut Conn,
    viewer: &Viewer<'_>,
    among: &Among<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<Api>, Problem> {
    let mut text = format!(
        "SELECT {COLUMNS} FROM apis WHERE id > $1 AND ($2 OR visibility = 'public' OR ($3 AND visibility = 'registered')"
    );
    text.push_str(" OR id IN (SELECT api_id FROM api_administrators WHERE user_id = $4)");
    if !viewer.organizations.is_empty() {
        let marks: Vec<String> = (0..viewer.organizations.len()).map(|n| format!("${}", n + 6)).collect();
        text.push_str(&format!(" OR organization_id IN ({})", marks.join(", ")));
    }
    let (condition, values) = among.condition(viewer.user, 5 + viewer.organizations.len());
    text.push_str(&format!("){condition} ORDER BY id LIMIT $5"));
    sql(text)
        .bind(after)
        .bind(viewer.site_admin)
        .bind(viewer.user.is_some())
        .bind(viewer.user.map_or("", Id::as_str))
        .bind(limit)
        .bind_all(viewer.organizations)
        .bind_all(values)
        .all(conn)
        .await?
        .iter()
        .map(api)
        .collect()
}

/// The tags of what somebody may see, and how many of those APIs have each.
pub async fn count_tags(
    conn: &mut Conn,
    viewer: &Viewer<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>, Problem> {
    let mut text = "SELECT t.tag AS tag, CAST(COUNT(*) AS BIGINT) AS n FROM api_tags t JOIN apis a ON a.id = t.api_id \
                    WHERE t.tag > $1 AND ($2 OR a.visibility = 'public' OR ($3 AND a.visibility = 'registered') \
                    OR a.id IN (SELECT api_id FROM api_administrators WHERE user_id = $4)"
        .to_owned();
    if !viewer.organizations.is_empty() {
        let marks = crate::marks(6, viewer.organizations.len());
        text.push_str(&format!(" OR a.organization_id IN ({marks})"));
    }
    text.push_str(") GROUP BY t.tag ORDER BY t.tag LIMIT $5");
    let rows = sql(text)
        .bind(after)
        .bind(viewer.site_admin)
        .bind(viewer.user.is_some())
        .bind(viewer.user.map_or("", Id::as_str))
        .bind(limit)
        .bind_all(viewer.organizations)
        .all(conn)
        .await?;
    rows.iter().map(|r| Ok((r.get("tag")?, r.get("n")?))).collect()
}

/// The tags of these APIs, by API and tag.
pub async fn tags_of(conn: &mut Conn, apis: &[id::ApiId]) -> Result<Vec<(id::ApiId, String)>, Problem> {
    let mut out = Vec::new();
    for some in apis.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text = format!("SELECT api_id, tag FROM api_tags WHERE api_id IN ({marks}) ORDER BY api_id, tag");
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("api_id")?, row.get("tag")?));
        }
    }
    Ok(out)
}

pub async fn put_tags(conn: &mut Conn, id: &id::ApiId, tags: &[String]) -> Result<(), Problem> {
    sql("DELETE FROM api_tags WHERE api_id = $1").bind(id).run(conn).await?;
    for tag in tags {
        sql("INSERT INTO api_tags (api_id, tag) VALUES ($1, $2)").bind(id).bind(tag).run(conn).await?;
    }
    Ok(())
}

pub async fn insert(conn: &mut Conn, api: &Api) -> Result<(), Problem> {
    let text = format!("INSERT INTO apis ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    let done = sql(text)
        .bind(&api.id)
        .bind(api.version)
        .bind(&api.organization)
        .bind(&api.slug)
        .bind(&api.name)
        .bind(&api.description)
        .bind(api.visibility.as_str())
        .bind(api.subscription_required)
        .bind(&api.profile)
        .bind(api.created_at)
        .run(conn)
        .await;
    match done {
        Err(e) if e.unique() == Some("apis_slug") => {
            let detail = format!("The slug `{}` is taken by another API; choose another.", api.slug);
            Err(Problem::new(ProblemKind::Exists, detail.clone()).field("/slug", detail))
        }
        other => Ok(other.map(|_| ())?),
    }
}

pub async fn put(conn: &mut Conn, api: &Api) -> Result<i64, Problem> {
    let row = sql("UPDATE apis SET version = version + 1, name = $3, description = $4, visibility = $5, \
                   subscription_required = $6, profile_id = $7 WHERE id = $1 AND version = $2 RETURNING version")
    .bind(&api.id)
    .bind(api.version)
    .bind(&api.name)
    .bind(&api.description)
    .bind(api.visibility.as_str())
    .bind(api.subscription_required)
    .bind(&api.profile)
    .find(conn)
    .await?;
    crate::lost_race(row)
}

/// How many APIs have each of these profiles.
pub async fn counts_by_profile(
    conn: &mut Conn,
    profiles: &[id::ProfileId],
) -> Result<Vec<(id::ProfileId, i64)>, Problem> {
    let mut out = Vec::new();
    for some in profiles.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text = format!(
            "SELECT profile_id, CAST(COUNT(*) AS BIGINT) AS n FROM apis WHERE profile_id IN ({marks}) GROUP BY profile_id"
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("profile_id")?, row.get("n")?));
        }
    }
    Ok(out)
}

pub async fn administrators(conn: &mut Conn, id: &id::ApiId) -> Result<Vec<id::UserId>, Problem> {
    let rows =
        sql("SELECT user_id FROM api_administrators WHERE api_id = $1 ORDER BY user_id").bind(id).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("user_id")?)).collect()
}

pub async fn administered(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::ApiId>, Problem> {
    let rows =
        sql("SELECT api_id FROM api_administrators WHERE user_id = $1 ORDER BY api_id").bind(user).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("api_id")?)).collect()
}

pub async fn administrators_page(
    conn: &mut Conn,
    id: &id::ApiId,
    after: &str,
    limit: i64,
) -> Result<Vec<id::UserId>, Problem> {
    let query =
        sql("SELECT user_id FROM api_administrators WHERE api_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3");
    query.bind(id).bind(after).bind(limit).all(conn).await?.iter().map(|r| Ok(r.get("user_id")?)).collect()
}

pub async fn listed_on(conn: &mut Conn, user: &id::UserId, after: &str, limit: i64) -> Result<Vec<id::ApiId>, Problem> {
    let query =
        sql("SELECT api_id FROM api_administrators WHERE user_id = $1 AND api_id > $2 ORDER BY api_id LIMIT $3");
    let rows = query.bind(user).bind(after).bind(limit).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("api_id")?)).collect()
}

/// How many APIs each of these organizations has, up to 1,000.
///
/// # Errors
/// Those of the database.
pub async fn counts(conn: &mut Conn, ids: &[id::OrganizationId]) -> Result<HashMap<id::OrganizationId, i64>, Problem> {
    crate::counts_of(conn, "apis WHERE organization_id", ids).await
}

pub async fn of_organization(conn: &mut Conn, organization: &id::OrganizationId) -> Result<Vec<id::ApiId>, Problem> {
    let rows = sql("SELECT id FROM apis WHERE organization_id = $1 ORDER BY id").bind(organization).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("id")?)).collect()
}

pub async fn put_administrator(conn: &mut Conn, id: &id::ApiId, user: &id::UserId) -> Result<(), Problem> {
    sql("INSERT INTO api_administrators (api_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(id)
        .bind(user)
        .run(conn)
        .await?;
    Ok(())
}

pub async fn delete_administrator(conn: &mut Conn, id: &id::ApiId, user: &id::UserId) -> Result<bool, Problem> {
    let gone =
        sql("DELETE FROM api_administrators WHERE api_id = $1 AND user_id = $2").bind(id).bind(user).run(conn).await?;
    Ok(gone > 0)
}

pub async fn plans(conn: &mut Conn, id: &id::ApiId) -> Result<Vec<id::PlanId>, Problem> {
    let rows = sql("SELECT plan_id FROM api_plans WHERE api_id = $1 ORDER BY plan_id").bind(id).all(conn).await?;
    rows.iter().map(|r| Ok(r.get("plan_id")?)).collect()
}

/// Which plans these APIs offer, as far as somebody has chosen.
pub async fn plans_of(conn: &mut Conn, apis: &[id::ApiId]) -> Result<Vec<(id::ApiId, id::PlanId)>, Problem> {
    if apis.is_empty() {
        return Ok(Vec::new());
    }
    let marks = crate::marks(1, apis.len());
    let text = format!("SELECT api_id, plan_id FROM api_plans WHERE api_id IN ({marks}) ORDER BY api_id, plan_id");
    let rows = sql(text).bind_all(apis).all(conn).await?;
    rows.iter().map(|r| Ok((r.get("api_id")?, r.get("plan_id")?))).collect()
}

pub async fn put_plans(conn: &mut Conn, id: &id::ApiId, plans: &[id::PlanId]) -> Result<(), Problem> {
    sql("DELETE FROM api_plans WHERE api_id = $1").bind(id).run(conn).await?;
    for plan in plans {
        sql("INSERT INTO api_plans (api_id, plan_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(plan)
            .run(conn)
            .await?;
    }
    Ok(())
}

pub async fn admission(
    conn: &mut Conn,
    id: &id::ApiId,
    environment: &id::EnvironmentId,
) -> Result<Option<Admission>, Problem> {
    let row = sql("SELECT approval, activation FROM api_environments WHERE api_id = $1 AND environment_id = $2")
        .bind(id)
        .bind(environment)
        .find(conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Admission {
        approval: Approval::read(&row.get::<String>("approval")?)?,
        activation: Activation::read(&row.get::<String>("activation")?)?,
    }))
}

pub async fn put_admission(
    conn: &mut Conn,
    id: &id::ApiId,
    environment: &id::EnvironmentId,
    admission: Admission,
) -> Result<(), Problem> {
    sql("INSERT INTO api_environments (api_id, environment_id, approval, activation) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (api_id, environment_id) DO UPDATE SET approval = excluded.approval, activation = excluded.activation")
        .bind(id)
        .bind(environment)
        .bind(admission.approval.as_str())
        .bind(admission.activation.as_str())
        .run(conn)
        .await?;
    Ok(())
}

pub async fn delete(conn: &mut Conn, api: &Api) -> Result<(), Problem> {
    let row = sql("DELETE FROM apis WHERE id = $1 AND version = $2 RETURNING version")
        .bind(&api.id)
        .bind(api.version)
        .find(conn)
        .await?;
    crate::lost_race(row).map(drop)
}

pub async fn offering(conn: &mut Conn, plans: &[id::PlanId]) -> Result<Vec<(id::PlanId, id::ApiId)>, Problem> {
    let mut out = Vec::new();
    for some in plans.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text = format!("SELECT plan_id, api_id FROM api_plans WHERE plan_id IN ({marks}) ORDER BY api_id");
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("plan_id")?, row.get("api_id")?));
        }
    }
    Ok(out)
}

/// The profiles of the APIs of this organization that have chosen no plans and that anybody who has signed in may see; `None`
/// stands for APIs without one.
pub async fn profiles_of_open_offers(
    conn: &mut Conn,
    organization: &id::OrganizationId,
) -> Result<Vec<Option<id::ProfileId>>, Problem> {
    let text = "SELECT DISTINCT a.profile_id AS profile_id FROM apis a \
                WHERE a.organization_id = $1 AND a.visibility <> 'private' \
                AND NOT EXISTS (SELECT p.plan_id FROM api_plans p WHERE p.api_id = a.id)";
    sql(text).bind(organization).all(conn).await?.iter().map(|row| Ok(row.get("profile_id")?)).collect()
}

pub async fn auto_connect(
    conn: &mut Conn,
    id: &id::ApiId,
    environment: &id::EnvironmentId,
) -> Result<Option<AutoConnect>, Problem> {
    let text = "SELECT auto_connect, auto_plan_id FROM api_environments WHERE api_id = $1 AND environment_id = $2";
    let Some(row) = sql(text).bind(id).bind(environment).find(conn).await? else { return Ok(None) };
    Ok(Some(AutoConnect { enabled: row.get("auto_connect")?, plan: row.get("auto_plan_id")? }))
}

pub async fn auto_connecting(conn: &mut Conn) -> Result<Vec<(id::ApiId, id::EnvironmentId, id::PlanId)>, Problem> {
    let rows = sql("SELECT api_id, environment_id, auto_plan_id FROM api_environments \
                    WHERE auto_connect AND auto_plan_id IS NOT NULL ORDER BY api_id, environment_id")
    .all(conn)
    .await?;
    rows.iter().map(|r| Ok((r.get("api_id")?, r.get("environment_id")?, r.get("auto_plan_id")?))).collect()
}

pub async fn count_auto_connecting(conn: &mut Conn, environment: &id::EnvironmentId) -> Result<i64, Problem> {
    let text = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM api_environments WHERE environment_id = $1 AND auto_connect";
    sql(text).bind(environment).find(conn).await?.map_or(Ok(0), |row| Ok(row.get("n")?))
}

pub async fn put_auto_connect(
    conn: &mut Conn,
    id: &id::ApiId,
    environment: &id::EnvironmentId,
    new: &AutoConnect,
) -> Result<(), Problem> {
    let admission = Admission::default();
    sql("INSERT INTO api_environments (api_id, environment_id, approval, activation, auto_connect, auto_plan_id) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (api_id, environment_id) DO UPDATE \
         SET auto_connect = excluded.auto_connect, auto_plan_id = excluded.auto_plan_id")
    .bind(id)
    .bind(environment)
    .bind(admission.approval.as_str())
    .bind(admission.activation.as_str())
    .bind(new.enabled)
    .bind(new.plan.as_ref())
    .run(conn)
    .await?;
    Ok(())
}

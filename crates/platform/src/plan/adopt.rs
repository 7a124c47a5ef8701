//! Plans and limit groups as an import wants them, inside the transaction of that import.

use super::ops::{facts, group_facts, told, usable};
use super::{LimitGroup, NewWindow, Plan, rule, sql};
use crate::cx::{Cx, Describe};
use crate::text;
use base::{Change, Kind, Problem, id};
use serde_json::json;
use store::Conn;

/// What is wanted of a plan; what is absent stays.
#[derive(Debug, Default)]
pub struct AdoptedPlan {
    /// For people; a new plan has to have one.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Whether APIs that are created from now on offer it.
    pub default: Option<bool>,
    /// Whether subscriptions under it wait for a decision.
    pub requires_approval: Option<bool>,
    /// What caps calls under it; `Some(None)` is no cap.
    pub limit_group: Option<Option<id::LimitGroupId>>,
}

/// Makes the plan of this id, shared by all, or brings it to what is wanted; the change to commit with it, if anything was
/// different. The caller has checked that they may.
///
/// # Errors
/// 422 naming the member.
pub async fn adopt(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::PlanId,
    wanted: AdoptedPlan,
) -> Result<(Plan, Option<Change>), Problem> {
    let before = sql::find(conn, id).await?;
    let mut after = before.clone().unwrap_or_else(|| Plan {
        id: id.clone(),
        version: 1,
        organization: None,
        name: String::new(),
        description: String::new(),
        default: false,
        requires_approval: false,
        limit_group: None,
        limits: Vec::new(),
        retired_at: None,
        created_at: cx.now,
    });
    if let Some(name) = wanted.name.filter(|name| *name != after.name || name.is_empty()) {
        after.name = text::name("/name", &name)?;
    } else if before.is_none() {
        return Err(Problem::invalid("/name", "A new plan has a name."));
    }
    if let Some(description) = wanted.description.filter(|text| *text != after.description) {
        after.description = text::prose("/description", &description)?;
    }
    after.default = wanted.default.unwrap_or(after.default);
    after.requires_approval = wanted.requires_approval.unwrap_or(after.requires_approval);
    if let Some(limit_group) = wanted.limit_group.filter(|group| *group != after.limit_group) {
        after.limits = usable(conn, limit_group.as_ref(), after.organization.as_ref()).await?;
        after.limit_group = limit_group;
    }
    let change = match &before {
        Some(before) if facts(before) == facts(&after) => return Ok((after, None)),
        Some(before) => {
            after.version = sql::put(conn, &after).await?;
            let detail = json!({"before": facts(before), "after": facts(&after)});
            cx.change("plan.edited", Kind::Plan, id).detailing(detail)
        }
        None => {
            sql::insert(conn, &after).await?;
            cx.change("plan.created", Kind::Plan, id).detailing(json!({"after": facts(&after)}))
        }
    };
    let change = told(change, after.organization.as_ref());
    Ok((after, Some(change)))
}

/// Makes the limit group of this id, shared by all, or brings it to what is wanted; what is absent stays. The change to
/// commit with it, if anything was different. The caller has checked that they may.
///
/// # Errors
/// 422 naming the member.
pub async fn adopt_limit_group(
    cx: &Cx,
    conn: &mut Conn,
    id: &id::LimitGroupId,
    name: Option<String>,
    windows: Option<Vec<NewWindow>>,
) -> Result<(LimitGroup, Option<Change>), Problem> {
    let before = sql::find_limit_group(conn, id).await?;
    let mut after = before.clone().unwrap_or_else(|| LimitGroup {
        id: id.clone(),
        version: 1,
        organization: None,
        name: String::new(),
        windows: Vec::new(),
        created_at: cx.now,
    });
    if let Some(name) = name.filter(|name| *name != after.name || name.is_empty()) {
        after.name = text::name("/name", &name)?;
    } else if before.is_none() {
        return Err(Problem::invalid("/name", "A new limit group has a name."));
    }
    match windows {
        Some(windows) => after.windows = rule::windows(&windows)?,
        None if before.is_none() => return Err(Problem::invalid("/windows", "A new limit group has windows.")),
        None => {}
    }
    let change = match &before {
        Some(before) if group_facts(before) == group_facts(&after) => return Ok((after, None)),
        Some(before) => {
            after.version = sql::put_limit_group(conn, &after).await?;
            let detail = json!({"before": group_facts(before), "after": group_facts(&after)});
            cx.change("limit_group.edited", Kind::LimitGroup, id).detailing(detail)
        }
        None => {
            sql::insert_limit_group(conn, &after).await?;
            cx.change("limit_group.created", Kind::LimitGroup, id).detailing(json!({"after": group_facts(&after)}))
        }
    };
    let change = told(change, after.organization.as_ref());
    Ok((after, Some(change)))
}

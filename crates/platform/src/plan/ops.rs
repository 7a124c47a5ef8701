//! What can be done with plans and limit groups.

use super::{LimitGroup, NewWindow, Plan, rule, sql};
use crate::authz::Verb;
use crate::cx::{Cx, Describe};
use crate::{organization, text};
use base::{Change, Fault, Kind, Page, PageRequest, Problem, ProblemKind, gather, id};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use snapshot::{LimitGroupRow, PlanRow, Window};
use store::Conn;
use utoipa::ToSchema;

/// A plan, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::PlanId) -> Result<Option<Plan>, Problem> {
    sql::find(conn, id).await
}

/// A limit group, by id.
///
/// # Errors
/// Those of the database.
pub async fn find_limit_group(conn: &mut Conn, id: &id::LimitGroupId) -> Result<Option<LimitGroup>, Problem> {
    sql::find_limit_group(conn, id).await
}

/// The plan that a body names at `pointer`, for something of `owner`: shared, or of that organization.
///
/// # Errors
/// 422 if there is none.
pub async fn require(
    conn: &mut Conn,
    id: &id::PlanId,
    pointer: &str,
    owner: &id::OrganizationId,
) -> Result<Plan, Problem> {
    let found = sql::find(conn, id).await?;
    found.filter(|plan| rule::serves(plan.organization.as_ref(), Some(owner))).ok_or_else(|| {
        let detail = format!("There is no plan `{id}` for this organization: name a shared one or one of its own.");
        Problem::invalid(pointer, detail).code(Fault::NotFound)
    })
}

/// The plans that a new API of this organization offers (C03).
///
/// # Errors
/// Those of the database.
pub async fn defaults(conn: &mut Conn, organization: &id::OrganizationId) -> Result<Vec<id::PlanId>, Problem> {
    let plans = sql::available(conn, organization).await?;
    Ok(plans.into_iter().filter(|plan| plan.default).map(|plan| plan.id).collect())
}

/// These plans, in this order, as far as somebody can subscribe under them.
///
/// # Errors
/// Those of the database.
pub async fn offered(conn: &mut Conn, ids: &[id::PlanId]) -> Result<Vec<Plan>, Problem> {
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        out.extend(sql::find(conn, id).await?.filter(|plan| plan.retired_at.is_none()));
    }
    Ok(out)
}

/// These plans, by id; those that are gone are left out.
///
/// # Errors
/// Those of the database.
pub async fn among(conn: &mut Conn, ids: &[id::PlanId]) -> Result<Vec<Plan>, Problem> {
    sql::among(conn, ids).await
}

/// The plans that APIs of this organization may offer: shared ones and its own.
///
/// # Errors
/// Those of the database.
pub async fn available(conn: &mut Conn, organization: &id::OrganizationId) -> Result<Vec<Plan>, Problem> {
    sql::available(conn, organization).await
}

/// The plans that name each of these limit groups.
///
/// # Errors
/// Those of the database.
pub async fn under(conn: &mut Conn, groups: &[id::LimitGroupId]) -> Result<Vec<Plan>, Problem> {
    sql::plans_under(conn, groups).await
}

/// What gateways know of a plan.
///
/// # Errors
/// Those of the database.
pub async fn plan_row(conn: &mut Conn, id: &id::PlanId) -> Result<Option<PlanRow>, Problem> {
    Ok(sql::find(conn, id).await?.map(row))
}

/// What gateways know of a limit group.
///
/// # Errors
/// Those of the database.
pub async fn limit_group_row(conn: &mut Conn, id: &id::LimitGroupId) -> Result<Option<LimitGroupRow>, Problem> {
    Ok(sql::find_limit_group(conn, id).await?.map(group_row))
}

/// What gateways know of all plans.
///
/// # Errors
/// Those of the database.
pub async fn all_plan_rows(conn: &mut Conn) -> Result<Vec<PlanRow>, Problem> {
    Ok(sql::plans(conn, None, "", i64::MAX).await?.into_iter().map(row).collect())
}

/// What gateways know of all limit groups.
///
/// # Errors
/// Those of the database.
pub async fn all_limit_group_rows(conn: &mut Conn) -> Result<Vec<LimitGroupRow>, Problem> {
    Ok(sql::limit_groups(conn, None, "", i64::MAX).await?.into_iter().map(group_row).collect())
}

fn row(plan: Plan) -> PlanRow {
    PlanRow { id: plan.id, name: plan.name, limit_group: plan.limit_group }
}

fn group_row(group: LimitGroup) -> LimitGroupRow {
    LimitGroupRow { id: group.id, windows: group.windows }
}

/// Whose rows the caller sees in lists, beside the shared ones; `None` is everybody's.
async fn sight(cx: &Cx, conn: &mut Conn) -> Result<Option<Vec<id::OrganizationId>>, Problem> {
    let who = cx.signed()?;
    if who.site_admin {
        return Ok(None);
    }
    organization::of_user(conn, &who.id).await.map(Some)
}

/// Passes if the caller may change what belongs to `owner`: a site administrator what is shared.
async fn may_write(cx: &Cx, conn: &mut Conn, owner: Option<&id::OrganizationId>) -> Result<(), Problem> {
    match owner {
        None => cx.may(cx.standing(), Verb::PlatformSettings),
        Some(id) => cx.may(organization::standing(cx, conn, id).await?, Verb::OrganizationProvide),
    }
}

/// Passes if the caller may create something that belongs to `owner`.
async fn may_create(cx: &Cx, conn: &mut Conn, owner: Option<&id::OrganizationId>) -> Result<(), Problem> {
    if let Some(id) = owner {
        organization::require(cx, conn, id).await?;
    }
    may_write(cx, conn, owner).await
}

/// A change of something that belongs to `owner`, on the owner's board too.
pub(super) fn told(change: Change, owner: Option<&id::OrganizationId>) -> Change {
    match owner {
        Some(id) => change.touching(Kind::Organization, id),
        None => change,
    }
}

/// Plans that are shared or of the caller's organizations.
///
/// # Errors
/// 401.
pub async fn list(cx: &Cx, page: &PageRequest) -> Result<Page<Plan>, Problem> {
    let mut tx = cx.read().await?;
    let sight = sight(cx, &mut tx).await?;
    let rows = sql::plans(&mut tx, sight.as_deref(), page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |plan| plan.id.to_string()))
}

/// What makes a plan (C01).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// 1 to 120 characters.
    pub name: String,
    /// At most 4,000 characters.
    #[serde(default)]
    pub description: String,
    /// Whether APIs that are created from now on offer it.
    #[serde(default)]
    pub default: bool,
    /// Whether subscriptions under it wait for a decision.
    #[serde(default)]
    pub requires_approval: bool,
    /// `lim_...`: what caps calls under it; no cap unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub limit_group: Option<id::LimitGroupId>,
    /// `org_...`: whose it is; shared by all unless given, which only site administrators may.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub organization: Option<id::OrganizationId>,
}

/// The windows of the limit group that a plan of `owner` is to have.
pub(super) async fn usable(
    conn: &mut Conn,
    group: Option<&id::LimitGroupId>,
    owner: Option<&id::OrganizationId>,
) -> Result<Vec<Window>, Problem> {
    let Some(id) = group else { return Ok(Vec::new()) };
    let found = sql::find_limit_group(conn, id).await?;
    let group = found.filter(|group| rule::serves(group.organization.as_ref(), owner));
    Ok(group.ok_or_else(|| rule::no_limit_group(id))?.windows)
}

pub(super) fn facts(plan: &Plan) -> Value {
    let Plan { organization, name, description, default, requires_approval, limit_group, .. } = plan;
    json!({
        "organization": organization, "name": name, "description": description, "default": default,
        "requires_approval": requires_approval, "limit_group": limit_group,
    })
}

/// Creates a plan.
///
/// # Errors
/// 422 if the limit group is not there for it (C06).
pub async fn create(cx: &Cx, new: NewPlan) -> Result<(Plan, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    may_create(cx, &mut tx, new.organization.as_ref()).await?;
    let limits = usable(&mut tx, new.limit_group.as_ref(), new.organization.as_ref()).await;
    let plan = gather(|wrong| Plan {
        id: id::PlanId::new(cx.now),
        version: 1,
        name: wrong.of(text::name("/name", &new.name)),
        description: wrong.of(text::prose("/description", &new.description)),
        organization: new.organization,
        default: new.default,
        requires_approval: new.requires_approval,
        limit_group: new.limit_group,
        limits: wrong.of(limits),
        retired_at: None,
        created_at: cx.now,
    })?;
    sql::insert(&mut tx, &plan).await?;
    let change = cx.change("plan.created", Kind::Plan, &plan.id).detailing(json!({"after": facts(&plan)}));
    let seq = cx.commit(tx, vec![told(change, plan.organization.as_ref())]).await?;
    Ok((plan, seq))
}

/// Tells `null`, which takes a value away, from an absent member, which leaves it (RFC 7396).
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}

/// What to change. Id and organization of a plan never change (C02).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanEdit {
    /// 1 to 120 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub name: Option<String>,
    /// At most 4,000 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub description: Option<String>,
    /// Whether APIs that are created from now on offer it; APIs that exist stay as they are.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub default: Option<bool>,
    /// Whether subscriptions that are requested from now on wait for a decision.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub requires_approval: Option<bool>,
    /// `lim_...`, or `null` for no cap. Holds from the next call.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub limit_group: Option<Option<id::LimitGroupId>>,
}

/// Changes a plan.
///
/// # Errors
/// 422 if the limit group is not there for it (C06).
pub async fn edit(cx: &Cx, id: &id::PlanId, edit: PlanEdit) -> Result<(Plan, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let before = sql::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("plan"))?;
    may_write(cx, &mut tx, before.organization.as_ref()).await?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    after.default = edit.default.unwrap_or(before.default);
    after.requires_approval = edit.requires_approval.unwrap_or(before.requires_approval);
    if let Some(limit_group) = edit.limit_group {
        after.limit_group = limit_group;
    }
    let limits = usable(&mut tx, after.limit_group.as_ref(), after.organization.as_ref()).await;
    gather(|wrong| {
        wrong.set(&mut after.name, edit.name.map(|name| text::name("/name", &name)));
        wrong.set(&mut after.description, edit.description.map(|text| text::prose("/description", &text)));
        after.limits = wrong.of(limits);
    })?;
    after.version = sql::put(&mut tx, &after).await?;
    let detail = json!({"before": facts(&before), "after": facts(&after)});
    let change = cx.change("plan.edited", Kind::Plan, id).detailing(detail);
    let seq = cx.commit(tx, vec![told(change, after.organization.as_ref())]).await?;
    Ok((after, seq))
}

/// Retires a plan (`true`): nobody subscribes under it from now on, and those who have go on. Or brings it back.
///
/// # Errors
/// 409 if it is so already.
pub async fn retire(cx: &Cx, id: &id::PlanId, retire: bool) -> Result<(Plan, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let mut plan = sql::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("plan"))?;
    may_write(cx, &mut tx, plan.organization.as_ref()).await?;
    cx.expect_version(plan.version)?;
    if plan.retired_at.is_some() == retire {
        let (state, allowed) = if retire { ("retired", "restore") } else { ("offered", "retire") };
        let detail = format!("The plan is {state} already; `{allowed}` is possible.");
        return Err(Problem::new(ProblemKind::WrongState, detail).with("allowed_actions", vec![allowed]));
    }
    let before = plan.retired_at;
    plan.retired_at = retire.then_some(cx.now);
    plan.version = sql::put(&mut tx, &plan).await?;
    let verb = if retire { "plan.retired" } else { "plan.restored" };
    let detail = json!({"before": {"retired_at": before}, "after": {"retired_at": plan.retired_at}});
    let change = cx.change(verb, Kind::Plan, id).detailing(detail);
    let seq = cx.commit(tx, vec![told(change, plan.organization.as_ref())]).await?;
    Ok((plan, seq))
}

/// Deletes a plan that nothing names.
///
/// # Errors
/// 409 while an API offers it or a subscription names it (C06).
pub async fn remove(cx: &Cx, id: &id::PlanId) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let plan = sql::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("plan"))?;
    may_write(cx, &mut tx, plan.organization.as_ref()).await?;
    cx.expect_version(plan.version)?;
    sql::delete(&mut tx, &plan).await?;
    let change = cx.change("plan.deleted", Kind::Plan, id).detailing(json!({"before": facts(&plan)}));
    cx.commit(tx, vec![told(change, plan.organization.as_ref())]).await
}

/// Limit groups that are shared or of the caller's organizations.
///
/// # Errors
/// 401.
pub async fn list_limit_groups(cx: &Cx, page: &PageRequest) -> Result<Page<LimitGroup>, Problem> {
    let mut tx = cx.read().await?;
    let sight = sight(cx, &mut tx).await?;
    let rows = sql::limit_groups(&mut tx, sight.as_deref(), page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |group| group.id.to_string()))
}

/// What makes a limit group (C73).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLimitGroup {
    /// 1 to 120 characters.
    pub name: String,
    /// One to eight, each of another length. All of them hold.
    pub windows: Vec<NewWindow>,
    /// `org_...`: whose it is; shared by all unless given, which only site administrators may.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub organization: Option<id::OrganizationId>,
}

pub(super) fn group_facts(group: &LimitGroup) -> Value {
    let LimitGroup { organization, name, windows, .. } = group;
    json!({"organization": organization, "name": name, "windows": windows})
}

/// Creates a limit group.
///
/// # Errors
/// 422 if its windows make no sense.
pub async fn create_limit_group(cx: &Cx, new: NewLimitGroup) -> Result<(LimitGroup, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    may_create(cx, &mut tx, new.organization.as_ref()).await?;
    let group = gather(|wrong| LimitGroup {
        id: id::LimitGroupId::new(cx.now),
        version: 1,
        organization: new.organization,
        name: wrong.of(text::name("/name", &new.name)),
        windows: wrong.of(rule::windows(&new.windows)),
        created_at: cx.now,
    })?;
    sql::insert_limit_group(&mut tx, &group).await?;
    let detail = json!({"after": group_facts(&group)});
    let change = cx.change("limit_group.created", Kind::LimitGroup, &group.id).detailing(detail);
    let seq = cx.commit(tx, vec![told(change, group.organization.as_ref())]).await?;
    Ok((group, seq))
}

/// What to change. Id and organization of a limit group never change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitGroupEdit {
    /// 1 to 120 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub name: Option<String>,
    /// Replaces all windows. Holds from the next call.
    #[serde(default, deserialize_with = "crate::web::given")]
    pub windows: Option<Vec<NewWindow>>,
}

/// Changes a limit group, and with it every plan that names it.
///
/// # Errors
/// 422 if its windows make no sense.
pub async fn edit_limit_group(
    cx: &Cx,
    id: &id::LimitGroupId,
    edit: LimitGroupEdit,
) -> Result<(LimitGroup, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let before = sql::find_limit_group(&mut tx, id).await?.ok_or_else(|| Problem::not_found("limit group"))?;
    may_write(cx, &mut tx, before.organization.as_ref()).await?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    gather(|wrong| {
        wrong.set(&mut after.name, edit.name.map(|name| text::name("/name", &name)));
        wrong.set(&mut after.windows, edit.windows.map(|windows| rule::windows(&windows)));
    })?;
    after.version = sql::put_limit_group(&mut tx, &after).await?;
    let detail = json!({"before": group_facts(&before), "after": group_facts(&after)});
    let change = cx.change("limit_group.edited", Kind::LimitGroup, id).detailing(detail);
    let seq = cx.commit(tx, vec![told(change, after.organization.as_ref())]).await?;
    Ok((after, seq))
}

/// Deletes a limit group that no plan names.
///
/// # Errors
/// 409 naming the plans that do (C06).
pub async fn remove_limit_group(cx: &Cx, id: &id::LimitGroupId) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let group = sql::find_limit_group(&mut tx, id).await?.ok_or_else(|| Problem::not_found("limit group"))?;
    may_write(cx, &mut tx, group.organization.as_ref()).await?;
    cx.expect_version(group.version)?;
    let plans = sql::plans_under(&mut tx, std::slice::from_ref(id)).await?;
    if !plans.is_empty() {
        let names: Vec<String> = plans.iter().map(|plan| plan.name.clone()).collect();
        let ids: Vec<String> = plans.iter().take(50).map(|plan| plan.id.to_string()).collect();
        let detail = format!(
            "The limit group `{}` caps calls under {}. Give those plans another limit group, or none, first.",
            group.name,
            rule::few(&names)
        );
        return Err(Problem::new(ProblemKind::InUse, detail).with("plans", ids));
    }
    sql::delete_limit_group(&mut tx, &group).await?;
    let detail = json!({"before": group_facts(&group)});
    let change = cx.change("limit_group.deleted", Kind::LimitGroup, id).detailing(detail);
    cx.commit(tx, vec![told(change, group.organization.as_ref())]).await
}

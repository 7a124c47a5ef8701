//! Finding subscriptions, and counting them, for whoever may see them already.

use super::{Subscription, lookup, sql};
use base::{Problem, id};
use snapshot::{SubscriptionKey, SubscriptionRow, SubscriptionState as State};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::Conn;

/// A subscription, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::SubscriptionId) -> Result<Option<Subscription>, Problem> {
    sql::find(conn, id).await
}

/// Subscriptions of an app, by id.
///
/// # Errors
/// Those of the database.
pub async fn of_app(conn: &mut Conn, app: &id::AppId, after: &str, limit: i64) -> Result<Vec<Subscription>, Problem> {
    sql::page(conn, sql::End::App(app), after, limit).await
}

/// Subscriptions to an API, by id.
///
/// # Errors
/// Those of the database.
pub async fn of_api(conn: &mut Conn, api: &id::ApiId, after: &str, limit: i64) -> Result<Vec<Subscription>, Problem> {
    sql::page(conn, sql::End::Api(api), after, limit).await
}

/// Those at one end in these states and environments, by id: however many there are, a page costs the same.
///
/// # Errors
/// Those of the database.
pub async fn at_api(
    conn: &mut Conn,
    api: &id::ApiId,
    (states, environments): (&[State], &[id::EnvironmentId]),
    after: &str,
    limit: i64,
) -> Result<Vec<Subscription>, Problem> {
    sql::at_place(conn, sql::End::Api(api), &sql::Place { states, environments }, after, limit).await
}

/// The same for an app.
///
/// # Errors
/// Those of the database.
pub async fn at_app(
    conn: &mut Conn,
    app: &id::AppId,
    (states, environments): (&[State], &[id::EnvironmentId]),
    after: &str,
    limit: i64,
) -> Result<Vec<Subscription>, Problem> {
    sql::at_place(conn, sql::End::App(app), &sql::Place { states, environments }, after, limit).await
}

/// Those of these apps (to this API, if one is given), by app and id, behind the one of that app and id.
///
/// # Errors
/// Those of the database.
pub async fn of_teams(
    conn: &mut Conn,
    apps: &[id::AppId],
    api: Option<&id::ApiId>,
    (states, environments): (&[State], &[id::EnvironmentId]),
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Subscription>, Problem> {
    sql::of_teams(conn, apps, api, &sql::Place { states, environments }, after, limit).await
}

/// Whether one of these apps has, or had, a subscription under this plan.
///
/// # Errors
/// Those of the database.
pub async fn under_plan(conn: &mut Conn, plan: &id::PlanId, apps: &[id::AppId]) -> Result<bool, Problem> {
    sql::under_plan(conn, plan, apps).await
}

/// Those of these ids that are there.
///
/// # Errors
/// Those of the database.
pub async fn find_all(conn: &mut Conn, ids: &[id::SubscriptionId]) -> Result<Vec<Subscription>, Problem> {
    sql::find_all(conn, ids).await
}

/// Subscriptions of any of these apps to any of these APIs that lists show.
///
/// # Errors
/// Those of the database.
pub async fn among(conn: &mut Conn, apps: &[id::AppId], apis: &[id::ApiId]) -> Result<Vec<Subscription>, Problem> {
    let mut all = sql::among(conn, apps, apis).await?;
    all.retain(|s| listed(s.state));
    Ok(all)
}

/// Every subscription that one of these apps has or had to this API, by its id alone.
///
/// # Errors
/// Those of the database.
pub async fn between(conn: &mut Conn, apps: &[id::AppId], api: &id::ApiId) -> Result<Vec<id::SubscriptionId>, Problem> {
    sql::between(conn, apps, api).await
}

/// The APIs to which each of these apps has, or had, a subscription.
///
/// # Errors
/// Those of the database.
pub async fn ties(conn: &mut Conn, apps: &[id::AppId]) -> Result<Vec<(id::AppId, id::ApiId)>, Problem> {
    lookup::ties(conn, apps).await
}

/// Those of these APIs to which one of these apps has, or had, a subscription.
///
/// # Errors
/// Those of the database.
pub async fn tied(conn: &mut Conn, apps: &[id::AppId], apis: &[id::ApiId]) -> Result<BTreeSet<id::ApiId>, Problem> {
    Ok(lookup::tied(conn, apps, apis).await?.into_iter().collect())
}

/// How many subscriptions of an app are in a state.
#[derive(Clone, Debug)]
pub struct AppCount {
    /// The app.
    pub app: id::AppId,
    /// The state.
    pub state: State,
    /// How many.
    pub number: i64,
    /// How many of them have an answer that the team has not read.
    pub unread: i64,
}

/// How many subscriptions these apps have, by state.
///
/// # Errors
/// Those of the database.
pub async fn counts(conn: &mut Conn, apps: &[id::AppId]) -> Result<Vec<AppCount>, Problem> {
    sql::counts(conn, apps).await
}

/// Whether there is any subscription under these plans, and how many are not over, up to [`crate::MOST_COUNTED`].
///
/// # Errors
/// Those of the database.
pub async fn under_plans(conn: &mut Conn, plans: &[id::PlanId]) -> Result<HashMap<id::PlanId, (bool, i64)>, Problem> {
    Ok(sql::under_plans(conn, plans).await?.into_iter().collect())
}

/// How many subscriptions to these APIs lists show, by state, each up to [`crate::MOST_COUNTED`].
///
/// # Errors
/// Those of the database.
pub async fn counts_of_apis(conn: &mut Conn, apis: &[id::ApiId]) -> Result<Vec<(id::ApiId, State, i64)>, Problem> {
    let shown: Vec<State> = super::rule::STATES.into_iter().filter(|state| listed(*state)).collect();
    sql::counts_of_apis(conn, apis, &shown).await
}

/// How many answers the teams of these apps have not read.
///
/// # Errors
/// Those of the database.
pub async fn unread(conn: &mut Conn, apps: &[id::AppId]) -> Result<i64, Problem> {
    sql::unread(conn, apps).await
}

/// The APIs to which these apps have a live subscription, each once.
///
/// # Errors
/// Those of the database.
pub async fn called_by(conn: &mut Conn, apps: &[id::AppId]) -> Result<Vec<id::ApiId>, Problem> {
    let apis: BTreeSet<id::ApiId> = sql::called_by(conn, apps).await?.into_iter().collect();
    Ok(apis.into_iter().collect())
}

/// Live subscriptions of an app.
///
/// # Errors
/// Those of the database.
pub async fn of_app_live(conn: &mut Conn, app: &id::AppId) -> Result<Vec<Subscription>, Problem> {
    let mut out = Vec::new();
    let mut after = String::new();
    loop {
        let rows = of_app(conn, app, &after, 500).await?;
        let Some(last) = rows.last() else { return Ok(out) };
        after = last.id.to_string();
        out.extend(rows.into_iter().filter(|s| live(s.state)));
    }
}

/// Live subscriptions to an API.
///
/// # Errors
/// Those of the database.
pub async fn of_api_live(conn: &mut Conn, api: &id::ApiId) -> Result<Vec<Subscription>, Problem> {
    let mut out = Vec::new();
    let mut after = String::new();
    loop {
        let rows = of_api(conn, api, &after, 500).await?;
        let Some(last) = rows.last() else { return Ok(out) };
        after = last.id.to_string();
        out.extend(rows.into_iter().filter(|s| live(s.state)));
    }
}

/// Whether somebody asks for access with it, or has it: there is one such for an app, an API and an environment at most.
pub const fn live(state: State) -> bool {
    matches!(state, State::Requested | State::Approved | State::Active | State::Suspended)
}

/// Whether lists show it: cancelled and expired ones are gone from them (A35).
pub const fn listed(state: State) -> bool {
    !matches!(state, State::Cancelled | State::Expired)
}

/// What gateways have to know because these subscriptions changed: one row for each of their keys.
///
/// # Errors
/// Those of the database.
pub async fn rows(conn: &mut Conn, of: &[id::SubscriptionId]) -> Result<Vec<SubscriptionRow>, Problem> {
    let found = sql::gateway_rows_beside(conn, of).await?;
    let by_key: BTreeMap<SubscriptionKey, SubscriptionRow> = found.into_iter().map(|row| (row.key(), row)).collect();
    Ok(by_key.into_values().collect())
}

/// A page of what a gateway that starts has to know, by id. A later row under a key replaces an earlier one: everything
/// that is `over` comes first, and then what is live, of which there is one for a key at most.
///
/// # Errors
/// Those of the database.
pub async fn all_rows(conn: &mut Conn, over: bool, after: &str, limit: i64) -> Result<Vec<SubscriptionRow>, Problem> {
    sql::gateway_rows(conn, over, after, limit).await
}

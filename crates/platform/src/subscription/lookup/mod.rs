//! A page of the subscriptions that match a filter.

mod sql;

pub use sql::{tied, ties};

use super::{Subscription, find_all};
use base::{Problem, id};
use snapshot::SubscriptionState as State;
use std::collections::BTreeSet;
use store::Conn;

/// Which of them.
#[derive(Debug, Default)]
pub struct Filter {
    /// Of these apps or to these APIs; `None` is any.
    pub either: Option<(Vec<id::AppId>, Vec<id::ApiId>)>,
    /// Of these apps; `None` is any.
    pub apps: Option<Vec<id::AppId>>,
    /// To this API.
    pub api: Option<id::ApiId>,
    /// In one of these states.
    pub states: Vec<State>,
    /// With an answer that the team has not read.
    pub unread: bool,
    /// Only those to these APIs that wait for a step, and those of these apps with an unread answer.
    pub waiting: Option<(Vec<id::AppId>, Vec<id::ApiId>)>,
}

/// How many ids one leg reads and sorts without asking how else a page could be found.
const FEW: usize = 2_000;
/// How many rows one walk along the ids looks at.
const WALKED: i64 = 5_000;

/// Where looking up begins. A filter is answered by all of its legs together, each narrowed by all of its conditions.
enum Leg<'a> {
    /// Those of these apps, in these states.
    Apps(&'a [id::AppId], Vec<State>),
    /// Those to these APIs, in these states.
    Apis(&'a [id::ApiId], Vec<State>),
    /// Those of these apps with an unread answer.
    Unread(&'a [id::AppId]),
    /// Those for which other terms have been asked.
    Revised,
}

/// A page by id, which is the order of their making.
///
/// Where few match, they are looked up in the indexes and sorted. Where many do, walking along the ids finds a page
/// sooner, unless those that match are far apart. What the database guesses about that is not relied upon: each leg
/// names what it begins with.
///
/// # Errors
/// Those of the database.
pub async fn page(conn: &mut Conn, filter: &Filter, after: &str, limit: i64) -> Result<Vec<Subscription>, Problem> {
    let length = usize::try_from(limit).unwrap_or(0);
    let (mut ids, mut few) = (BTreeSet::new(), true);
    for leg in legs(filter) {
        let found = sql::some_of(conn, &leg, filter, after, FEW).await?;
        few &= found.len() < FEW;
        ids.extend(found);
    }
    if !few {
        let rows = sql::walk(conn, filter, after, WALKED, limit).await?;
        if rows.len() == length {
            return Ok(rows);
        }
        ids.clear();
        for leg in legs(filter) {
            ids.extend(sql::first_of(conn, &leg, filter, after, limit).await?);
        }
    }
    let page: Vec<id::SubscriptionId> = ids.into_iter().take(length).collect();
    let mut rows = find_all(conn, &page).await?;
    rows.sort_by(|x, y| x.id.cmp(&y.id));
    Ok(rows)
}

fn legs(filter: &Filter) -> Vec<Leg<'_>> {
    let states = filter.states.clone();
    if let Some((apps, apis)) = &filter.waiting {
        let undecided = |s: &State| matches!(s, State::Requested | State::Approved);
        let states = states.into_iter().filter(undecided).collect();
        return vec![Leg::Apis(apis, states), Leg::Unread(apps), Leg::Revised];
    }
    match (&filter.apps, &filter.api, &filter.either) {
        (Some(apps), _, _) => vec![Leg::Apps(apps, states)],
        (None, Some(api), _) => vec![Leg::Apis(std::slice::from_ref(api), states)],
        (None, None, Some((apps, apis))) => vec![Leg::Apps(apps, states.clone()), Leg::Apis(apis, states)],
        (None, None, None) => Vec::new(),
    }
}

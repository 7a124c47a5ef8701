//! The statements that find a page.

use super::super::Subscription;
use super::super::rule::state_word;
use super::super::sql::{COLUMNS, Conditions, subscription};
use super::{Filter, Leg};
use base::{Problem, id};
use snapshot::SubscriptionState as State;
use store::{Conn, Param, Value, sql};

/// ` AND ...`: what the filter asks of the subscription `s`, with marks behind those of these values.
fn conditions(filter: &Filter, values: Vec<Value>) -> Conditions {
    let mut it = Conditions { text: String::new(), values };
    let states: Vec<&str> = filter.states.iter().map(|s| state_word(*s)).collect();
    let condition = it.list("s.state", &states);
    it.and(&condition);
    if let Some((apps, apis)) = &filter.either {
        let either = format!("({} OR {})", it.list("s.app_id", apps), it.list("s.api_id", apis));
        it.and(&either);
    }
    if let Some(apps) = &filter.apps {
        let condition = it.list("s.app_id", apps);
        it.and(&condition);
    }
    if let Some(api) = &filter.api {
        let condition = it.list("s.api_id", std::slice::from_ref(api));
        it.and(&condition);
    }
    if filter.unread {
        it.and("s.unread");
    }
    if let Some((apps, apis)) = &filter.waiting {
        let (of, to) = (it.list("s.app_id", apps), it.list("s.api_id", apis));
        // The second list of APIs has marks of its own.
        let again = it.list("s.api_id", apis);
        it.and(&format!(
            "((s.state IN ('requested', 'approved') AND {to}) OR (s.unread AND {of}) OR ({again} AND s.id IN \
             (SELECT subscription_id FROM subscription_revisions WHERE state IN ('requested', 'approved'))))"
        ));
    }
    it
}

/// So many of a leg's ids, in any order.
pub async fn some_of(
    conn: &mut Conn,
    leg: &Leg<'_>,
    filter: &Filter,
    after: &str,
    most: usize,
) -> Result<Vec<id::SubscriptionId>, Problem> {
    ids(conn, leg, filter, after, &format!("LIMIT {most}")).await
}

/// The first of a leg's ids.
pub async fn first_of(
    conn: &mut Conn,
    leg: &Leg<'_>,
    filter: &Filter,
    after: &str,
    limit: i64,
) -> Result<Vec<id::SubscriptionId>, Problem> {
    ids(conn, leg, filter, after, &format!("ORDER BY s.id LIMIT {limit}")).await
}

async fn ids(
    conn: &mut Conn,
    leg: &Leg<'_>,
    filter: &Filter,
    after: &str,
    tail: &str,
) -> Result<Vec<id::SubscriptionId>, Problem> {
    let mut values = vec![after.value()];
    let from = match leg {
        Leg::Apps(apps, states) => ends(conn, "app_id", apps, states, &mut values),
        Leg::Apis(apis, states) => ends(conn, "api_id", apis, states, &mut values),
        Leg::Unread([]) => None,
        Leg::Unread(apps) => {
            let apps = rows(apps, &mut values);
            let search = searched(conn, "subscriptions s WHERE s.app_id = e.column1 AND s.unread");
            Some(format!("(VALUES {apps}) AS e CROSS JOIN {search}"))
        }
        Leg::Revised => Some(
            "subscription_revisions r CROSS JOIN subscriptions s \
             WHERE r.state IN ('requested', 'approved') AND s.id = r.subscription_id"
                .to_owned(),
        ),
    };
    let Some(from) = from else { return Ok(Vec::new()) };
    let it = conditions(filter, values);
    // The id of an expression is in no index, so no leg begins with it.
    let text = format!("SELECT s.id AS id FROM {from} AND s.id || '' > $1{} {tail}", it.text);
    sql(text).bind_all(it.values).all(conn).await?.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// For each end and state one search of their index.
fn ends<T: Param>(conn: &Conn, column: &str, of: &[T], states: &[State], values: &mut Vec<Value>) -> Option<String> {
    if of.is_empty() || states.is_empty() {
        return None;
    }
    let words: Vec<&str> = states.iter().map(|s| state_word(*s)).collect();
    let (of, words) = (rows(of, values), rows(&words, values));
    let search = searched(conn, &format!("subscriptions s WHERE s.{column} = e.column1 AND s.state = w.column1"));
    Some(format!("(VALUES {of}) AS e CROSS JOIN (VALUES {words}) AS w CROSS JOIN {search}"))
}

/// A search that is made anew for each row before it. SQLite joins in the order that is written; PostgreSQL has to be kept
/// from reading everything to join it by hashes.
fn searched(conn: &Conn, search: &str) -> String {
    match conn.is_postgres() {
        true => format!("LATERAL (SELECT * FROM {search} OFFSET 0) AS s WHERE 1 = 1"),
        false => search.to_owned(),
    }
}

fn rows<T: Param>(of: &[T], values: &mut Vec<Value>) -> String {
    let rows = crate::marked_rows(values.len() + 1, of.len());
    values.extend(of.iter().map(Param::value));
    rows
}

/// What matches among so many subscriptions behind this id.
pub async fn walk(
    conn: &mut Conn,
    filter: &Filter,
    after: &str,
    walked: i64,
    limit: i64,
) -> Result<Vec<Subscription>, Problem> {
    let it = conditions(filter, vec![after.value()]);
    let text = format!(
        "SELECT {COLUMNS} FROM (SELECT * FROM subscriptions WHERE id > $1 ORDER BY id LIMIT {walked}) AS s \
         WHERE 1 = 1{} ORDER BY id LIMIT {limit}",
        it.text
    );
    sql(text).bind_all(it.values).all(conn).await?.iter().map(subscription).collect()
}

/// The APIs to which each of these apps has, or had, a subscription.
pub async fn ties(conn: &mut Conn, apps: &[id::AppId]) -> Result<Vec<(id::AppId, id::ApiId)>, Problem> {
    let mut out = Vec::new();
    for some in apps.chunks(crate::TOGETHER) {
        let marks = crate::marks(1, some.len());
        let text = format!("SELECT DISTINCT app_id, api_id FROM subscriptions WHERE app_id IN ({marks})");
        for row in sql(text).bind_all(some).all(conn).await? {
            out.push((row.get("app_id")?, row.get("api_id")?));
        }
    }
    Ok(out)
}

/// Those of these APIs to which one of these apps has, or had, a subscription.
pub async fn tied(conn: &mut Conn, apps: &[id::AppId], apis: &[id::ApiId]) -> Result<Vec<id::ApiId>, Problem> {
    let mut out = Vec::new();
    if apis.is_empty() {
        return Ok(out);
    }
    for some in apps.chunks(crate::TOGETHER) {
        let (of, to) = (crate::marks(1, some.len()), crate::marks(some.len() + 1, apis.len()));
        let text = format!("SELECT DISTINCT api_id FROM subscriptions WHERE app_id IN ({of}) AND api_id IN ({to})");
        for row in sql(text).bind_all(some).bind_all(apis).all(conn).await? {
            out.push(row.get("api_id")?);
        }
    }
    Ok(out)
}

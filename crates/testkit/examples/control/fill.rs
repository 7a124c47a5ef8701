//! Fills a database fast: rows that are there are copied with other ids, inside the database.

use std::collections::BTreeMap;
use store::{Conn, Db, Quiet, StoreError, sql};
use testkit::Story;

/// How many there are to be.
pub struct Size {
    pub apps: i64,
    pub subscriptions: i64,
}

impl Size {
    /// Another person for ten apps, who is in the provider's organization and follows it and its API.
    fn people(&self) -> i64 {
        (self.apps / 10).max(ORGANIZATIONS)
    }
}

/// Organizations beside those of the story.
const ORGANIZATIONS: i64 = 1_000;
/// APIs of the provider.
const APIS: i64 = 100;
/// Apps of the story's consumer.
const OWN: i64 = 500;
/// Of so many subscriptions one waits for a decision.
const WAITING: i64 = 1_000;
/// Notices in the provider's inbox.
const NOTICES: i64 = 100_000;
/// Numbers that one statement writes.
const AT_ONCE: i64 = 500;

/// The columns of every table.
struct Columns(BTreeMap<String, Vec<String>>);

impl Columns {
    async fn of(db: &Db) -> Result<Self, StoreError> {
        let mut all = BTreeMap::<String, Vec<String>>::new();
        for line in store::catalogue(db).await? {
            let column = line.strip_prefix("column ").and_then(|rest| rest.split(' ').next());
            if let Some((table, column)) = column.and_then(|name| name.split_once('.')) {
                all.entry(table.to_owned()).or_default().push(column.to_owned());
            }
        }
        Ok(Self(all))
    }

    /// Copies the row that `which` finds, once for each number of `source`, with these columns made anew.
    fn copy(&self, table: &str, which: &str, source: &str, made: &[(&str, &str)]) -> String {
        let columns = self.0.get(table).map(Vec::as_slice).unwrap_or_default();
        let values: Vec<String> = columns
            .iter()
            .map(|column| {
                let own = made.iter().find(|(name, _)| name == column);
                own.map_or_else(|| format!("t.{column}"), |(_, value)| (*value).to_owned())
            })
            .collect();
        format!(
            "INSERT INTO {table} ({}) SELECT {} FROM {table} t, {source} WHERE {which}",
            columns.join(", "),
            values.join(", ")
        )
    }
}

/// Numbers from 0 on, each with the 26 symbols of an id.
async fn numbers(conn: &mut Conn, most: i64) -> Result<(), StoreError> {
    sql("CREATE TABLE bench_numbers (n BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL)").run(conn).await?;
    for from in (0..most).step_by(usize::try_from(AT_ONCE).unwrap_or(1)) {
        let rows: Vec<String> = (from..(from + AT_ONCE).min(most)).map(|n| format!("({n}, '{n:026}')")).collect();
        sql(format!("INSERT INTO bench_numbers (n, text) VALUES {}", rows.join(", "))).run(conn).await?;
    }
    Ok(())
}

/// Fills the database around the story.
pub async fn fill(db: &Db, story: &Story, size: &Size) -> Result<(), StoreError> {
    let columns = Columns::of(db).await?;
    let mut tx = db.write().await?;
    if db.is_postgres() {
        // No request takes as long as this.
        sql("SET LOCAL statement_timeout = 0").run(&mut tx).await?;
    }
    let most = size.subscriptions.max(size.apps).max(NOTICES);
    numbers(&mut tx, most).await?;
    for statement in statements(&columns, story, size) {
        sql(statement).run(&mut tx).await?;
    }
    log(&mut tx, &columns, story, size).await?;
    tx.commit_quiet(Quiet::ExpiredSwept).await?;
    let mut tx = db.write().await?;
    sql("ANALYZE").run(&mut tx).await?;
    tx.commit_quiet(Quiet::ExpiredSwept).await
}

/// Organizations, people, APIs, apps, subscriptions, tasks and notices.
fn statements(columns: &Columns, story: &Story, size: &Size) -> Vec<String> {
    let mut all = parties(columns, story, size.people());
    all.extend(programs(columns, story, size));
    all.extend(agreed(columns, story, size));
    all.extend(searched(size));
    all
}

/// So many numbers, each with that of an organization.
fn numbered(most: i64) -> String {
    format!("bench_numbers b JOIN bench_numbers o ON o.n = b.n % {ORGANIZATIONS} AND b.n < {most}")
}

/// Organizations, people and APIs.
fn parties(columns: &Columns, story: &Story, people: i64) -> Vec<String> {
    let is = |id: &str| format!("t.id = '{id}'");
    let consumer = &story.consumer.id;
    vec![
        columns.copy(
            "organizations",
            &is(&story.consumer_organization),
            &numbered(ORGANIZATIONS),
            &[("id", "'org_' || b.text"), ("name", "'Organization ' || b.text")],
        ),
        columns.copy(
            "users",
            &is(consumer),
            &numbered(people),
            &[
                ("id", "'usr_' || b.text"),
                ("username", "'person-' || b.text"),
                ("email", "b.text || '@example.com'"),
                ("email_folded", "b.text || '@example.com'"),
            ],
        ),
        columns.copy(
            "organization_members",
            &format!("t.organization_id = '{}' AND t.user_id = '{consumer}'", story.consumer_organization),
            &numbered(people),
            &[("organization_id", "'org_' || o.text"), ("user_id", "'usr_' || b.text")],
        ),
        columns.copy(
            "organization_members",
            &format!("t.organization_id = '{}' AND t.user_id = '{consumer}'", story.consumer_organization),
            &numbered(people),
            &[
                ("organization_id", &format!("'{}'", story.provider_organization)),
                ("user_id", "'usr_' || b.text"),
                ("role", "'READ_ONLY'"),
            ],
        ),
        follow("api", &story.api, people),
        follow("organization", &story.provider_organization, people),
        columns.copy(
            "apis",
            &is(&story.api),
            &numbered(APIS),
            &[("id", "'api_' || b.text"), ("slug", "'api-' || b.text"), ("name", "'Measured interface ' || b.text")],
        ),
        columns.copy(
            "api_administrators",
            &format!("t.api_id = '{}' AND t.user_id = '{}'", story.api, story.provider.id),
            &numbered(APIS),
            &[("api_id", "'api_' || b.text")],
        ),
    ]
}

/// Everybody follows this.
fn follow(kind: &str, id: &str, people: i64) -> String {
    format!(
        "INSERT INTO follows (user_id, kind, resource_id, followed_at) SELECT 'usr_' || b.text, '{kind}', '{id}', 0 FROM bench_numbers b WHERE b.n < {people}"
    )
}

/// Apps and who is in their teams.
fn programs(columns: &Columns, story: &Story, size: &Size) -> Vec<String> {
    let (apps, consumer) = (size.apps, &story.consumer.id);
    let own = format!("CASE WHEN b.n < {OWN} THEN '{}' ELSE 'org_' || o.text END", story.consumer_organization);
    vec![
        columns.copy(
            "apps",
            &format!("t.id = '{}'", story.app),
            &numbered(apps),
            &[("id", "'app_' || b.text"), ("organization_id", &own), ("name", "'Some program ' || b.text")],
        ),
        columns.copy(
            "app_members",
            &format!("t.app_id = '{}' AND t.user_id = '{consumer}'", story.app),
            &numbered(apps),
            &[
                ("app_id", "'app_' || b.text"),
                ("user_id", &format!("CASE WHEN b.n < {OWN} THEN '{consumer}' ELSE 'usr_' || o.text END")),
            ],
        ),
    ]
}

/// Subscriptions, tasks and notices.
fn agreed(columns: &Columns, story: &Story, size: &Size) -> Vec<String> {
    let (apps, subscriptions) = (size.apps, size.subscriptions);
    let app_of = format!(
        "bench_numbers b JOIN bench_numbers a ON a.n = b.n % {apps} JOIN bench_numbers i ON i.n = (b.n / {apps} + b.n) % {APIS} AND b.n < {subscriptions}"
    );
    let api = format!("CASE WHEN i.n = 0 THEN '{}' ELSE 'api_' || i.text END", story.api);
    let waits = format!("CASE WHEN b.n % {WAITING} = 7 THEN 'requested' ELSE 'active' END");
    let inbox = format!("bench_numbers b JOIN change_head h ON h.id = 1 AND b.n < {NOTICES}");
    let one_subscription = "t.id = (SELECT MIN(s.id) FROM subscriptions s)".to_owned();
    let one_task = "t.id = (SELECT MIN(s.id) FROM tasks s)".to_owned();
    let one_notice = format!("t.id = (SELECT MIN(s.id) FROM notices s WHERE s.user_id = '{}')", story.provider.id);
    vec![
        columns.copy(
            "subscriptions",
            &one_subscription,
            &app_of,
            &[
                ("id", "'sub_' || b.text"),
                ("request_id", "'req_' || b.text"),
                ("app_id", "'app_' || a.text"),
                ("api_id", &api),
                ("state", &waits),
                ("task_id", &format!("CASE WHEN b.n % {WAITING} = 7 THEN 'tsk_' || b.text ELSE NULL END")),
                ("requester", "'usr_' || a.text"),
            ],
        ),
        columns.copy(
            "tasks",
            &one_task,
            &format!("{app_of} AND b.n % {WAITING} = 7"),
            &[
                ("id", "'tsk_' || b.text"),
                ("api_id", &api),
                ("subscription_id", "'sub_' || b.text"),
                ("state", "'open'"),
            ],
        ),
        columns.copy(
            "notices",
            &one_notice,
            &inbox,
            &[
                ("id", "'ntc_' || b.text"),
                ("seq", "h.seq + 1 + b.n"),
                ("read_at", "CASE WHEN b.n % 10 = 0 THEN NULL ELSE t.created_at END"),
            ],
        ),
    ]
}

/// Words that apps are found by.
fn searched(size: &Size) -> Vec<String> {
    let apps = size.apps;
    vec![
        format!(
            "INSERT INTO search_terms (kind, resource_id, term, place) SELECT 'app', 'app_' || b.text, 'program', 0 FROM bench_numbers b WHERE b.n < {apps}"
        ),
        format!(
            "INSERT INTO search_terms (kind, resource_id, term, place) SELECT 'app', 'app_' || b.text, 'some', 0 FROM bench_numbers b WHERE b.n < {apps}"
        ),
    ]
}

/// An entry of the log for each subscription, with what it touches and whom it is about, as if its readers had read it.
async fn log(conn: &mut Conn, columns: &Columns, story: &Story, size: &Size) -> Result<(), StoreError> {
    let (apps, most) = (size.apps, size.subscriptions);
    let source = format!(
        "bench_numbers b JOIN bench_numbers a ON a.n = b.n % {apps} JOIN bench_numbers i ON i.n = (b.n / {apps} + b.n) % {APIS} JOIN bench_numbers o ON o.n = a.n % {ORGANIZATIONS} JOIN change_head h ON h.id = 1 AND b.n < {most}"
    );
    let api = format!("CASE WHEN i.n = 0 THEN '{}' ELSE 'api_' || i.text END", story.api);
    let one = "t.seq = (SELECT MIN(c.seq) FROM changes c WHERE c.verb = 'subscription.requested')";
    let touch = |kind: &str, id: &str| {
        format!(
            "INSERT INTO change_touches (kind, id, seq, verb) SELECT '{kind}', {id}, h.seq + 1 + b.n, 'subscription.requested' FROM {source}"
        )
    };
    let scope = |organization: &str, whole: &str| {
        format!(
            "INSERT INTO trail_scopes (organization, seq, whole) SELECT {organization}, h.seq + 1 + b.n, {whole} FROM {source}"
        )
    };
    let statements = [
        columns.copy(
            "changes",
            one,
            &source,
            &[
                ("seq", "h.seq + 1 + b.n"),
                ("subject_id", "'sub_' || b.text"),
                ("actor", "'user:usr_' || o.text"),
                ("request", "b.text"),
            ],
        ),
        touch("subscription", "'sub_' || b.text"),
        touch("app", "'app_' || a.text"),
        touch("api", &api),
        scope(&format!("'{}'", story.provider_organization), "TRUE"),
        scope("'org_' || o.text", "FALSE"),
        format!("UPDATE change_head SET seq = seq + {most}"),
        "UPDATE cursors SET seq = (SELECT h.seq FROM change_head h WHERE h.id = 1)".to_owned(),
    ];
    for statement in statements {
        sql(statement).run(conn).await?;
    }
    Ok(())
}

//! What the interface asks of the database: no read walks through a whole table that grows.

use crate::world::World;
use std::collections::BTreeMap;

/// Tables that stay small however much there is of everything else, and rows that are made by the statement itself.
const SMALL: [&str; 9] = [
    "notice_rounds",
    "environments",
    "signing_keys",
    "migrations",
    "change_head",
    "cursors",
    "found",
    "profiles",
    "webhooks",
];

/// The table that a step of a plan walks through from end to end, by its name in the statement.
fn walked(step: &str) -> Option<&str> {
    let rest = step.strip_prefix("SCAN ")?;
    // An index that is walked in its order ends at the limit of its statement.
    (!rest.contains(" USING ")).then(|| rest.split(' ').next().unwrap_or(rest))
}

/// What a name in a statement stands for: `FROM apps a` makes `a` mean `apps`.
fn table<'a>(statement: &'a str, name: &'a str) -> &'a str {
    let words: Vec<&str> =
        statement.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let named = words.windows(3).find(|three| matches!(three[0], "FROM" | "JOIN") && (three[2] == name));
    named.map_or(name, |three| three[1])
}

/// Whether the name is that of rows which the statement makes itself, such as legs or the ids that are asked about.
fn makes(statement: &str, name: &str) -> bool {
    statement.contains(&format!(") AS {name}")) || statement.contains(&format!("WITH {name}("))
}

#[tokio::test]
async fn no_read_walks_through_a_table_that_grows() {
    let world = World::make().await;
    let db = &world.app.server().platform.db;
    // PostgreSQL walks through what is small as it likes; which index there is follows from the same schema.
    if db.is_postgres() {
        return;
    }
    for operation in world.operations().iter().filter(|o| o.reads() && !o.is_oauth()) {
        for who in [&world.admin, &world.story.provider, &world.story.consumer] {
            who.get(&world.path(operation)).await;
        }
    }
    let mut wrong = BTreeMap::new();
    let mut tx = db.read().await.expect("a read");
    for text in testkit::statements().iter().filter(|text| text.starts_with("SELECT") || text.starts_with("WITH")) {
        let Ok(steps) = store::sql(format!("EXPLAIN QUERY PLAN {text}")).all(&mut tx).await else { continue };
        for step in steps.iter().filter_map(|row| row.get::<String>("detail").ok()) {
            let Some(name) = walked(&step) else { continue };
            let table = table(text, name);
            if makes(text, name) || step.contains("VALUES CLAUSE") || step.contains("CONSTANT ROW") {
                continue;
            }
            if !SMALL.contains(&table) && !SMALL.contains(&name) && !text.contains("sqlite_master") {
                wrong.insert(text.clone(), step);
            }
        }
    }
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
}

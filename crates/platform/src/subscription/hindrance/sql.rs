//! The statement that finds the live ones beside those that are over.

use super::super::sql::LIVE;
use base::{Problem, id};
use std::collections::HashSet;
use store::{Conn, sql};

/// Those of these for whose app, API and environment there is a live one.
pub async fn beside_live(conn: &mut Conn, of: &[id::SubscriptionId]) -> Result<HashSet<id::SubscriptionId>, Problem> {
    let mut out = HashSet::new();
    for some in of.chunks(crate::TOGETHER) {
        let text = format!(
            "SELECT k.id AS id FROM subscriptions k WHERE k.id IN ({}) AND EXISTS (SELECT s.id FROM subscriptions s \
             WHERE s.app_id = k.app_id AND s.api_id = k.api_id AND s.environment_id = k.environment_id \
             AND s.state IN ({LIVE}))",
            crate::marks(1, some.len())
        );
        for row in sql(text).bind_all(some).all(conn).await? {
            out.insert(row.get("id")?);
        }
    }
    Ok(out)
}

//! A client as an import of its app wants it, inside the transaction of that import.

use super::ops::{Born, make, settle, summary};
use super::{Client, ClientSettings, rule, sql};
use crate::app::App;
use crate::cx::{Cx, Describe};
use base::{Change, Kind, Problem, id};
use serde_json::json;
use std::collections::HashMap;
use store::Conn;

/// What is wanted of the client of an app; what is absent stays.
#[derive(Debug)]
pub struct Adopted {
    /// Its `client_id`, which the importer chooses (C77).
    pub client_id: Option<String>,
    /// The rest.
    pub settings: ClientSettings,
}

/// The client that an app is known by elsewhere: its first.
///
/// # Errors
/// Those of the database.
pub async fn primary(conn: &mut Conn, app: &id::AppId) -> Result<Option<Client>, Problem> {
    Ok(sql::of_app(conn, app).await?.into_iter().next())
}

/// The same for many apps; those without one are left out.
///
/// # Errors
/// Those of the database.
pub async fn primaries(conn: &mut Conn, apps: &[id::AppId]) -> Result<HashMap<id::AppId, Client>, Problem> {
    let mut out = HashMap::new();
    for client in sql::of_apps(conn, apps).await? {
        out.entry(client.app.clone()).or_insert(client);
    }
    Ok(out)
}

/// Makes the app's client, or brings it to what is wanted; the change to commit with it, if anything was different. The
/// caller has checked that they may.
///
/// # Errors
/// 422 naming the member, 409 if the `client_id` is another's.
pub async fn adopt(cx: &Cx, conn: &mut Conn, app: &App, wanted: Adopted) -> Result<(Client, Option<Change>), Problem> {
    let Some(before) = primary(conn, &app.id).await? else {
        let id = id::ClientId::new(cx.now);
        let client_id = match &wanted.client_id {
            Some(chosen) => rule::client_id(chosen)?,
            None => base::id::uuid_text(id.bits()),
        };
        let born = Born { id, client_id, app: app.id.clone(), name: &app.name, description: "" };
        let (client, change) = make(cx, conn, born, wanted.settings).await?;
        return Ok((client, Some(change)));
    };
    if wanted.client_id.is_some_and(|id| id != before.client_id) {
        let detail = format!("A client_id never changes; that of this application is `{}`.", before.client_id);
        return Err(Problem::invalid("/client_id", detail));
    }
    let mut after = before.clone();
    settle(cx, conn, &mut after, (None, None), wanted.settings).await?;
    let (old, new) = (summary(&before), summary(&after));
    if old == new {
        return Ok((before, None));
    }
    after.version = sql::put(conn, &after).await?;
    let change = cx
        .change("client.edited", Kind::Client, &after.id)
        .touching(Kind::App, &after.app)
        .detailing(json!({"before": old, "after": new}));
    Ok((after, Some(change)))
}

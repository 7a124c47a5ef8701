//! Profiles as an import wants them, inside the transaction of that import.

use super::edit::ProfileEdit;
use super::ops::{checked, destinations, environments, facts};
use super::{Profile, sql};
use crate::cx::{Cx, Describe};
use crate::text;
use base::{Change, Kind, Problem, id};
use serde_json::json;
use store::Conn;

/// Makes the profile of this name, or brings it to what is wanted; what is absent stays, and defaults are replaced as wholes.
/// The change to commit with it, if anything was different. The caller has checked that they may, and that the plans are
/// there.
///
/// # Errors
/// 422 naming the member.
pub async fn adopt(
    cx: &Cx,
    conn: &mut Conn,
    name: &str,
    mut wanted: ProfileEdit,
) -> Result<(Profile, Option<Change>), Problem> {
    let before = super::find_by_name(conn, name).await?;
    let mut after = match &before {
        Some(before) => before.clone(),
        None => fresh(cx, text::name("/name", name)?),
    };
    let (requestmod, security) = (wanted.requestmod.defaults.take(), wanted.security.defaults.take());
    wanted.rules(&mut after);
    after.requestmod.defaults = requestmod.unwrap_or(after.requestmod.defaults);
    after.security.defaults = security.unwrap_or(after.security.defaults);
    if let Some(description) = wanted.description.filter(|text| *text != after.description) {
        after.description = text::prose("/description", &description)?;
    }
    if let Some(list) = wanted.environments {
        after.environments = environments(conn, &list).await?;
    }
    if let Some(list) = wanted.destinations {
        after.destinations = destinations(list)?;
    }
    let change = match &before {
        Some(before) if facts(before) == facts(&after) => return Ok((after, None)),
        Some(before) => {
            checked(&after)?;
            after.version = sql::put(conn, &after).await?;
            let detail = json!({"before": facts(before), "after": facts(&after)});
            cx.change("profile.edited", Kind::Profile, &after.id).detailing(detail)
        }
        None => {
            checked(&after)?;
            sql::insert(conn, &after).await?;
            cx.change("profile.created", Kind::Profile, &after.id).detailing(json!({"after": facts(&after)}))
        }
    };
    Ok((after, Some(change)))
}

fn fresh(cx: &Cx, name: String) -> Profile {
    Profile {
        id: id::ProfileId::new(cx.now),
        version: 1,
        name,
        description: String::new(),
        roles: Vec::new(),
        subscription: super::SubscriptionRule::default(),
        subscription_plans: Vec::new(),
        requestmod: super::RequestmodRule::default(),
        security: super::SecurityRule::default(),
        implementation: super::ImplementationRule::default(),
        publish_allow: false,
        environments: Vec::new(),
        destinations: Vec::new(),
        created_at: cx.now,
    }
}

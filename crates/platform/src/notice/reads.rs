//! Who asked for subscriptions, and still reads the apps: nobody is told of what happens to an app that they have left.

use crate::board::if_visible;
use crate::cx::{Cx, Platform};
use crate::subscription::Subscription;
use crate::{app, user};
use base::{Problem, id};
use std::collections::BTreeSet;
use store::Conn;

/// Who asked for some subscriptions.
#[derive(Default)]
pub struct Requesters {
    /// Those who read the app, each once.
    pub reading: BTreeSet<id::UserId>,
    /// The apps that the others have left.
    pub left: BTreeSet<id::AppId>,
}

/// Who asked for these: one page of them. The teams are looked up together; whoever is on none of them reads the app with
/// its organization, or not at all.
///
/// # Errors
/// Those of the database.
pub async fn requesters(platform: &Platform, conn: &mut Conn, of: Vec<Subscription>) -> Result<Requesters, Problem> {
    let apps: BTreeSet<id::AppId> = of.iter().map(|s| s.app.clone()).collect();
    let users: BTreeSet<id::UserId> = of.iter().map(|s| s.requester.clone()).collect();
    let (apps, users): (Vec<_>, Vec<_>) = (apps.into_iter().collect(), users.into_iter().collect());
    let seats = app::seats(conn, &apps, &users).await?;
    let asked: BTreeSet<(id::AppId, id::UserId)> = of.into_iter().map(|s| (s.app, s.requester)).collect();
    let mut found = Requesters::default();
    for (app, user) in asked {
        if seats.contains(&(app.clone(), user.clone())) || reads(platform, conn, &user, &app).await? {
            found.reading.insert(user);
        } else {
            found.left.insert(app);
        }
    }
    Ok(found)
}

/// Whether this user reads the app, or did when it was deleted.
async fn reads(platform: &Platform, conn: &mut Conn, user: &id::UserId, app: &id::AppId) -> Result<bool, Problem> {
    let Some(person) = user::find(conn, user).await? else { return Ok(false) };
    if app::find(conn, app).await?.is_none() {
        return Ok(!app::deleted_under(conn, user, std::slice::from_ref(app)).await?.is_empty());
    }
    Ok(if_visible(app::visible(&Cx::on_behalf(platform, person), conn, app).await)?.is_some())
}

/// The OWNERs of these apps.
///
/// # Errors
/// Those of the database.
pub async fn owners(conn: &mut Conn, apps: &BTreeSet<id::AppId>) -> Result<BTreeSet<id::UserId>, Problem> {
    let apps: Vec<id::AppId> = apps.iter().cloned().collect();
    let teams = app::teams(conn, &apps).await?;
    Ok(teams.into_iter().filter(|(.., role)| *role == app::AppRole::Owner).map(|(_, user, _)| user).collect())
}

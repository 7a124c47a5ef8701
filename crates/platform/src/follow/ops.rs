//! What can be done with follows.

use super::{Topic, sql};
use crate::authz::Standing;
use crate::cx::{Cx, Describe};
use crate::user::User;
use crate::{api, app, group, organization, user};
use base::{Change, Kind, Page, PageRequest, Problem, Ref, Timestamp, id};
use serde_json::json;
use std::collections::{BTreeSet, HashMap, HashSet};
use store::Conn;

/// Who follows a resource, and since when (A23): those behind this one, by id; for whoever may see them already.
///
/// # Errors
/// Those of the database.
pub async fn followers_page(
    conn: &mut Conn,
    resource: &Ref,
    after: &str,
    limit: i64,
) -> Result<Vec<(id::UserId, Timestamp)>, Problem> {
    sql::page_of_followers(conn, resource.kind, &resource.id, after, limit).await
}

/// Since when a user follows a resource, if they do.
///
/// # Errors
/// Those of the database.
pub async fn since_of(conn: &mut Conn, user: &id::UserId, resource: &Ref) -> Result<Option<Timestamp>, Problem> {
    sql::find(conn, user, resource.kind, &resource.id).await
}

/// What a user follows, by the resource's id.
///
/// # Errors
/// Those of the database.
pub async fn of_user_page(
    conn: &mut Conn,
    user: &id::UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<(Ref, Timestamp)>, Problem> {
    sql::page_of_user(conn, user, after, limit).await
}

/// What the caller may know of something.
#[derive(Clone, Debug)]
pub struct Sight {
    /// Its name.
    pub name: String,
    /// How the caller stands to it.
    pub standing: Standing,
}

/// Those of these resources that can be followed and that the caller may know of: each as [`visible`] shows one.
///
/// # Errors
/// Those of the database.
pub async fn seen<'a>(
    cx: &Cx,
    conn: &mut Conn,
    resources: impl IntoIterator<Item = &'a Ref>,
) -> Result<HashMap<Ref, Sight>, Problem> {
    let (mut apis, mut apps) = (BTreeSet::new(), BTreeSet::new());
    let (mut organizations, mut groups) = (BTreeSet::new(), BTreeSet::new());
    for topic in resources.into_iter().filter_map(Topic::of) {
        match topic {
            Topic::Api(id) => apis.insert(id),
            Topic::App(id) => apps.insert(id),
            Topic::Organization(id) => organizations.insert(id),
            Topic::Group(id) => groups.insert(id),
        };
    }
    let mut out = HashMap::new();
    macro_rules! look {
        ($kind:expr, $visible:path, $ids:ident) => {
            for (it, standing) in $visible(cx, conn, &$ids.into_iter().collect::<Vec<_>>()).await? {
                out.insert(Ref::new($kind, &it.id), Sight { name: it.name, standing });
            }
        };
    }
    look!(Kind::Api, api::visible_among, apis);
    look!(Kind::App, app::visible_among, apps);
    look!(Kind::Organization, organization::visible_among, organizations);
    look!(Kind::Group, group::visible_among, groups);
    Ok(out)
}

/// What a user follows, and since when.
///
/// # Errors
/// Those of the database.
pub async fn of_user(conn: &mut Conn, user: &id::UserId) -> Result<Vec<(Ref, Timestamp)>, Problem> {
    sql::of_user(conn, user).await
}

/// Which of these resources a user follows.
///
/// # Errors
/// Those of the database.
pub async fn among(conn: &mut Conn, user: &id::UserId, kind: Kind, ids: &[String]) -> Result<HashSet<String>, Problem> {
    Ok(sql::among(conn, user, kind, ids).await?.into_iter().collect())
}

/// How many follow each of these resources; those without followers are left out.
///
/// # Errors
/// Those of the database.
pub async fn counts(conn: &mut Conn, kind: Kind, ids: &[String]) -> Result<HashMap<String, i64>, Problem> {
    Ok(sql::counts(conn, kind, ids).await?.into_iter().collect())
}

/// Forgets who followed what is deleted, inside the caller's transaction.
///
/// # Errors
/// Those of the database.
pub async fn forget(conn: &mut Conn, kind: Kind, id: &str) -> Result<(), Problem> {
    sql::forget(conn, kind, id).await
}

/// How the caller stands to the topic; 404 if the caller cannot see it.
async fn visible(cx: &Cx, conn: &mut Conn, topic: &Topic) -> Result<Standing, Problem> {
    match topic {
        Topic::Api(id) => api::visible(cx, conn, id).await.map(|(_, standing)| standing),
        Topic::App(id) => app::visible(cx, conn, id).await.map(|(_, standing)| standing),
        Topic::Organization(id) => organization::visible(cx, conn, id).await.map(|(_, standing)| standing),
        Topic::Group(id) => group::visible(cx, conn, id).await.map(|(_, standing)| standing),
    }
}

fn change(cx: &Cx, verb: &'static str, topic: &Topic, user: &id::UserId) -> Change {
    let follows = verb == "follow.started";
    let detail = json!({"user": user, "before": !follows, "after": follows});
    cx.change(verb, topic.kind(), &topic.id()).touching(Kind::User, user).detailing(detail)
}

/// The number of the newest change, for answers to writes that found nothing to change.
fn head(cx: &Cx) -> i64 {
    *cx.platform.db.head().borrow()
}

/// The caller follows from now on; nothing happens if they do already (A21, A22).
pub async fn start(cx: &Cx, topic: &Topic) -> Result<i64, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    visible(cx, &mut tx, topic).await?;
    if !sql::insert(&mut tx, &who.id, topic.kind(), topic.id(), cx.now).await? {
        return Ok(head(cx));
    }
    cx.commit(tx, vec![change(cx, "follow.started", topic, &who.id)]).await
}

/// The caller follows no longer; nothing happens if they did not. What has become invisible can still be left.
pub async fn stop(cx: &Cx, topic: &Topic) -> Result<i64, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    if !sql::delete(&mut tx, &who.id, topic.kind(), topic.id()).await? {
        visible(cx, &mut tx, topic).await?;
        return Ok(head(cx));
    }
    cx.commit(tx, vec![change(cx, "follow.ended", topic, &who.id)]).await
}

/// Since when the caller follows, if they do.
pub async fn since(cx: &Cx, topic: &Topic) -> Result<Option<Timestamp>, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.read().await?;
    visible(cx, &mut tx, topic).await?;
    sql::find(&mut tx, &who.id, topic.kind(), topic.id()).await
}

/// Exactly the current followers, by id (A24); for whoever sees the topic.
pub async fn list(cx: &Cx, topic: &Topic, page: &PageRequest) -> Result<Page<(User, Timestamp)>, Problem> {
    cx.signed()?;
    crate::cursor::<id::UserId>(page)?;
    let mut tx = cx.read().await?;
    visible(cx, &mut tx, topic).await?;
    let (kind, id) = (topic.kind(), topic.id());
    let followers = sql::page_of_followers(&mut tx, kind, id, page.after(), page.limit() + 1).await?;
    let ids: Vec<id::UserId> = followers.iter().map(|(follower, _)| follower.clone()).collect();
    let mut people = user::among(&mut tx, &ids).await?;
    let rows = followers.into_iter().filter_map(|(follower, at)| Some((people.remove(&follower)?, at))).collect();
    Ok(Page::of(rows, page.limit(), |(user, _)| user.id.to_string()))
}

/// Removes a follower: an administrator of the topic anybody, everybody themselves (A25).
///
/// # Errors
/// 404 if that user does not follow.
pub async fn remove(cx: &Cx, topic: &Topic, follower: &id::UserId) -> Result<i64, Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    if !cx.is(follower) {
        let standing = visible(cx, &mut tx, topic).await?;
        cx.may(standing, topic.removal())?;
    }
    if !sql::delete(&mut tx, follower, topic.kind(), topic.id()).await? {
        return Err(Problem::not_found("follower"));
    }
    cx.commit(tx, vec![change(cx, "follow.ended", topic, follower)]).await
}

/// Something that the caller follows.
pub struct Followed {
    pub resource: Ref,
    /// `None` when the caller does not see it any more.
    pub name: Option<String>,
    pub followed_at: Timestamp,
}

/// What the caller follows, by the resource's id.
pub async fn mine(cx: &Cx, page: &PageRequest) -> Result<Page<Followed>, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.read().await?;
    let follows = sql::page_of_user(&mut tx, &who.id, page.after(), page.limit() + 1).await?;
    let mut seen = seen(cx, &mut tx, follows.iter().map(|(resource, _)| resource)).await?;
    let followed = |(resource, followed_at): (Ref, Timestamp)| {
        let name = seen.remove(&resource).map(|sight| sight.name);
        Followed { resource, name, followed_at }
    };
    let rows = follows.into_iter().map(followed).collect();
    Ok(Page::of(rows, page.limit(), |followed| followed.resource.id.clone()))
}

//! The reader that fills inboxes, and what a person can do with their own.

use super::rule::{self, Circle};
use super::{Notice, mail, sql};
use crate::board::if_visible;
use crate::cx::{Cx, Platform, Signed};
use crate::{api, app, follow, organization, reader, subscription, task, user};
use base::id::Id;
use base::{Kind, Page, PageRequest, Problem, id};
use std::collections::BTreeSet;
use store::log::Entry;
use store::{Conn, Quiet};
use tokio::sync::watch;

/// The most owners of one organization that are told of something.
const MOST_OWNERS: i64 = 200;

/// The name of the reader.
pub const READER: &str = "notices";

/// Fills inboxes until `shutdown` says `true`.
pub async fn run(platform: Platform, shutdown: watch::Receiver<bool>) {
    reader::follow(platform, READER, deliver, shutdown).await;
}

/// Puts a notice about each entry into the inbox of everybody who is to be told of it.
async fn deliver(platform: &Platform, conn: &mut Conn, entries: &[Entry]) -> Result<(), Problem> {
    let mut queue = mail::Queue::default();
    for entry in entries {
        mail::queue_letter(platform, conn, entry).await?;
        let side = rule::side(&entry.detail);
        let mut people = BTreeSet::new();
        for circle in rule::circles(&entry.verb, side) {
            people.extend(members(platform, conn, entry, *circle).await?);
        }
        for user in rule::addressees(&entry.actor, people) {
            // Service accounts go with their clients; there is nobody to tell then.
            let Some(person) = user::find(conn, &user).await? else { continue };
            let notice = Notice {
                id: id::NoticeId::new(entry.at),
                user,
                seq: entry.seq,
                verb: entry.verb.clone(),
                subject: entry.subject.clone(),
                note: entry.note.clone(),
                created_at: entry.at,
                read_at: None,
            };
            sql::insert(conn, &notice).await?;
            mail::queue(platform, conn, &mut queue, &person, entry).await?;
        }
    }
    Ok(())
}

/// The identifiers of this kind that an entry names, its subject first.
fn named<I: Id>(entry: &Entry, kind: Kind) -> Vec<I> {
    let mut ids: Vec<I> = Vec::new();
    for reference in std::iter::once(&entry.subject).chain(&entry.touches).filter(|r| r.kind == kind) {
        if let Ok(id) = I::parse(&reference.id)
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    ids
}

/// Who is in this circle now. Things that are gone have nobody around them.
async fn members(
    platform: &Platform,
    conn: &mut Conn,
    entry: &Entry,
    circle: Circle,
) -> Result<Vec<id::UserId>, Problem> {
    let mut people = Vec::new();
    match circle {
        Circle::Named => return Ok(named(entry, Kind::User)),
        Circle::Requester => {
            for id in named(entry, Kind::Subscription) {
                people.extend(subscription::find(conn, &id).await?.map(|s| s.requester));
            }
        }
        Circle::Owners => {
            for id in named(entry, Kind::App) {
                people.extend(app::owners(conn, &id).await?);
            }
        }
        Circle::Keepers => {
            for id in named(entry, Kind::Organization) {
                people.extend(organization::providers(conn, &id).await?);
            }
        }
        Circle::Proprietors => {
            for id in named(entry, Kind::Organization) {
                people.extend(organization::owners(conn, &id, MOST_OWNERS).await?);
            }
        }
        Circle::Deciders | Circle::Followers | Circle::Subscribers => {
            let mut apis: Vec<id::ApiId> = named(entry, Kind::Api);
            if apis.is_empty() {
                for id in named(entry, Kind::Task) {
                    let inbox = task::find(conn, &id).await?.map(|t| t.inbox);
                    apis.extend(inbox.and_then(|inbox| match inbox {
                        task::Inbox::Api(api) => Some(api),
                        task::Inbox::Organization(_) => None,
                    }));
                }
            }
            for id in apis {
                people.extend(around_api(platform, conn, &id, circle).await?);
            }
        }
    }
    Ok(people)
}

async fn around_api(
    platform: &Platform,
    conn: &mut Conn,
    api: &id::ApiId,
    circle: Circle,
) -> Result<Vec<id::UserId>, Problem> {
    match circle {
        Circle::Followers => {
            let mut seeing = Vec::new();
            for (user, _) in follow::followers(conn, Kind::Api, api.as_str()).await? {
                if may_see(platform, conn, &user, api).await? {
                    seeing.push(user);
                }
            }
            Ok(seeing)
        }
        Circle::Subscribers => {
            let live = subscription::of_api_live(conn, api).await?;
            Ok(live.into_iter().map(|s| s.requester).collect())
        }
        _ => api::deciders(conn, api).await,
    }
}

/// Whether this user sees the API now: it may have become private since they began to follow it.
async fn may_see(platform: &Platform, conn: &mut Conn, user: &id::UserId, api: &id::ApiId) -> Result<bool, Problem> {
    let Some(user) = user::find(conn, user).await? else { return Ok(false) };
    let signed = Signed { id: user.id, username: user.username, site_admin: user.site_admin, session: None };
    let cx = Cx { who: Some(signed), ..Cx::system(platform) };
    Ok(if_visible(api::visible(&cx, conn, api).await)?.is_some())
}

/// How many notices this person has not read.
///
/// # Errors
/// Those of the database.
pub async fn unread(conn: &mut Conn, user: &id::UserId) -> Result<i64, Problem> {
    sql::unread(conn, user).await
}

/// A page of the caller's inbox, newest first, and how many are unread in all.
pub async fn list(cx: &Cx, unread_only: bool, page: &PageRequest) -> Result<(Page<Notice>, i64), Problem> {
    let who = cx.signed()?;
    let before = crate::board::before(page.after.as_deref())?.unwrap_or(i64::MAX);
    let mut tx = cx.read().await?;
    let rows = sql::page(&mut tx, &who.id, before, unread_only, page.limit() + 1).await?;
    let unread = sql::unread(&mut tx, &who.id).await?;
    Ok((Page::of(rows, page.limit(), |n| n.seq.to_string()), unread))
}

/// Marks one of the caller's notices as read; doing it again changes nothing. Answers how many are unread then.
///
/// # Errors
/// 404 if the caller has no such notice.
pub async fn read(cx: &Cx, id: &id::NoticeId) -> Result<(Notice, i64), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let notice = sql::read(&mut tx, &who.id, id, cx.now).await?.ok_or_else(|| Problem::not_found("notice"))?;
    let unread = sql::unread(&mut tx, &who.id).await?;
    tx.commit_quiet(Quiet::NoticeRead).await?;
    Ok((notice, unread))
}

/// Marks the caller's notices as read: all, or those up to the entry `through`. Answers how many are unread then.
pub async fn read_all(cx: &Cx, through: Option<i64>) -> Result<i64, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    sql::read_all(&mut tx, &who.id, through.unwrap_or(i64::MAX), cx.now).await?;
    let unread = sql::unread(&mut tx, &who.id).await?;
    tx.commit_quiet(Quiet::NoticeRead).await?;
    Ok(unread)
}

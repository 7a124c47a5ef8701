//! The reader that fills inboxes, and what a person can do with their own.

use super::rule::{self, Around, Circle};
use super::{Notice, mail, reads, sql};
use crate::cx::{Cx, Platform};
use crate::{api, app, organization, reader, subscription, task, user};
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

/// Puts a notice about each entry into the inbox of everybody who is to be told of it. Those around an API are any number:
/// they are left to [`round`](super::round).
async fn deliver(platform: &Platform, conn: &mut Conn, entries: &[Entry]) -> Result<(), Problem> {
    let mut queue = mail::Queue::default();
    for entry in entries {
        mail::queue_letter(platform, conn, entry).await?;
        let side = rule::side(&entry.detail);
        let mut people = BTreeSet::new();
        for circle in rule::circles(&entry.verb, side) {
            people.extend(members(platform, conn, entry, *circle).await?);
        }
        tell(platform, conn, &mut queue, entry, people).await?;
    }
    Ok(())
}

/// Puts a notice about this entry into the inboxes of these people, save of whoever did it and of those who have it.
pub(super) async fn tell(
    platform: &Platform,
    conn: &mut Conn,
    queue: &mut mail::Queue,
    entry: &Entry,
    people: impl IntoIterator<Item = id::UserId>,
) -> Result<(), Problem> {
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
        if sql::insert(conn, &notice).await? {
            mail::queue(platform, conn, queue, &person, entry).await?;
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

/// Who is in this circle now, and is told at once. Things that are gone have nobody around them.
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
            let all = subscription::find_all(conn, &named(entry, Kind::Subscription)).await?;
            people.extend(reads::requesters(platform, conn, all).await?.reading);
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
        Circle::Deciders => {
            for id in apis(conn, entry).await? {
                people.extend(api::deciders(conn, &id).await?);
            }
        }
        Circle::Around => {
            for id in apis(conn, entry).await? {
                for around in Around::ALL {
                    sql::begin_round(conn, entry.seq, &id, *around).await?;
                }
            }
        }
    }
    Ok(people)
}

/// The APIs that an entry is about: those that it names, or that of its task.
async fn apis(conn: &mut Conn, entry: &Entry) -> Result<Vec<id::ApiId>, Problem> {
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
    Ok(apis)
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

//! Telling everybody around an API, however many they are: page by page, each page a transaction of its own.
//!
//! **Invariant:** a page of notices, its mails and the key up to which people are told are one transaction. A crash leaves
//! out nobody, and nobody has two notices about one entry.

use super::ops::tell;
use super::rule::Around;
use super::{READER, mail, reads, sql};
use crate::board::if_visible;
use crate::cx::{Cx, Platform};
use crate::{api, follow, subscription, user};
use base::{Kind, Problem, Ref, Timestamp, id};
use std::time::Duration;
use store::{Conn, Quiet, log};
use tokio::sync::watch;

/// How many people one transaction tells at most: other writes wait for no longer than that takes.
const PAGE: i64 = 100;
/// How long a round that nobody calls for waits.
const LOOK: Duration = Duration::from_secs(15);

/// Where one circle of one entry has come to.
#[derive(Debug)]
pub(super) struct Round {
    pub(super) seq: i64,
    pub(super) api: id::ApiId,
    pub(super) circle: Around,
    pub(super) after: String,
}

/// Goes round whenever the reader of notices has moved on, until `shutdown` says `true`.
pub async fn run_rounds(platform: Platform, mut shutdown: watch::Receiver<bool>) {
    while !*shutdown.borrow() {
        let read = platform.readers.snapshot().get(READER).copied().unwrap_or(0);
        loop {
            match round(&platform).await {
                Ok(true) if !*shutdown.borrow() => {}
                Ok(_) => break,
                Err(problem) => {
                    tracing::warn!(?problem, "notice.round_failed: will try again");
                    break;
                }
            }
        }
        tokio::select! {
            () = platform.readers.wait(READER, read + 1) => {}
            () = tokio::time::sleep(LOOK) => {}
            () = crate::reader::stopped(&mut shutdown) => {}
        }
    }
}

/// Tells the next page of people; answers whether there was somebody to look at.
///
/// # Errors
/// Those of the database.
pub async fn round(platform: &Platform) -> Result<bool, Problem> {
    {
        let mut tx = platform.db.read().await?;
        if sql::next_round(&mut tx).await?.is_none() {
            return Ok(false);
        }
    }
    let mut tx = platform.db.write().await?;
    let Some(round) = sql::next_round(&mut tx).await? else { return Ok(false) };
    let last = match log::by_numbers(&mut tx, &[round.seq]).await?.first() {
        Some(entry) => {
            let (people, last) = page(platform, &mut tx, &round, entry.at).await?;
            tell(platform, &mut tx, &mut mail::Queue::default(), entry, people).await?;
            last
        }
        None => None,
    };
    match last {
        Some(key) => sql::move_round(&mut tx, &round, &key).await?,
        None => sql::end_round(&mut tx, &round).await?,
    }
    tx.commit_quiet(Quiet::NoticeWritten).await?;
    platform.mailer.ring();
    Ok(true)
}

/// The next people of a round, and the key behind which there may be more. Whoever came after the change is not told of it.
async fn page(
    platform: &Platform,
    conn: &mut Conn,
    round: &Round,
    at: Timestamp,
) -> Result<(Vec<id::UserId>, Option<String>), Problem> {
    let mut people = Vec::new();
    let last = match round.circle {
        Around::Followers => {
            let api = Ref { kind: Kind::Api, id: round.api.to_string() };
            let page = follow::followers_page(conn, &api, &round.after, PAGE).await?;
            let last = next(&page, |(user, _)| user.to_string());
            for (user, _) in page.into_iter().filter(|(_, since)| *since <= at) {
                if may_see(platform, conn, &user, &round.api).await? {
                    people.push(user);
                }
            }
            last
        }
        Around::Subscribers => {
            let page = subscription::of_api(conn, &round.api, &round.after, PAGE).await?;
            let last = next(&page, |s| s.id.to_string());
            let then = page.into_iter().filter(|s| subscription::live(s.state) && s.created_at <= at).collect();
            let requesters = reads::requesters(platform, conn, then).await?;
            people.extend(requesters.reading);
            people.extend(reads::owners(conn, &requesters.left).await?);
            last
        }
    };
    Ok((people, last))
}

/// The key of the last of a full page; a page that is not full is the last.
fn next<T>(page: &[T], key: impl Fn(&T) -> String) -> Option<String> {
    let is_full = i64::try_from(page.len()).is_ok_and(|many| many >= PAGE);
    page.last().filter(|_| is_full).map(key)
}

/// Whether this user sees the API now: it may have become private since they began to follow it.
async fn may_see(platform: &Platform, conn: &mut Conn, user: &id::UserId, api: &id::ApiId) -> Result<bool, Problem> {
    let Some(user) = user::find(conn, user).await? else { return Ok(false) };
    Ok(if_visible(api::visible(&Cx::on_behalf(platform, user), conn, api).await)?.is_some())
}

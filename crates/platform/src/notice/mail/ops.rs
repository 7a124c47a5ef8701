//! Queueing mails, sending them, and what people and site administrators can do about them.

use super::compose::compose;
use super::sql::{self, NewMail, Tally};
use super::transport::Fault;
use super::{Mail, MailKind, MailSettings, MailState, rule};
use crate::authz::Verb;
use crate::cx::{Cx, Describe, Platform};
use crate::notice::{MailMode, Preferences, Topic, rule::topic};
use crate::user::{self, User};
use base::id::Id as _;
use base::{Kind, Problem, ProblemKind, Timestamp, id};
use serde_json::json;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;
use store::log::Entry;
use store::{Conn, Quiet};
use tokio::sync::watch;

/// How long a claim lasts, in seconds: longer than a mail can take.
const CLAIM_SECONDS: i64 = 90;
/// How long the sender waits before it looks by itself.
const LOOK: Duration = Duration::from_secs(5);
/// For how long it is remembered that a mail was sent, in seconds: so that it is not queued again.
const KEEP_SENT_SECONDS: i64 = 7 * 86_400;
/// For how long a mail that was given up can be tried again by hand, in seconds.
const KEEP_FAILED_SECONDS: i64 = 90 * 86_400;
/// How many mails that prove an address go to one in an hour, whoever asks: anybody can register with the address of
/// somebody else.
const MOST_PROVING: i64 = 3;
/// Counts for people end here.
const MOST_COUNTED: i64 = 10_000;

/// Whom mails are queued for: looked up once while a batch of entries is handled.
#[derive(Default)]
pub struct Queue(HashMap<id::UserId, Option<Preferences>>);

impl Queue {
    /// How this person wants to be told; `None` for somebody who gets no mail at all.
    async fn wants(&mut self, conn: &mut Conn, user: &User) -> Result<Option<Preferences>, Problem> {
        if let Some(known) = self.0.get(&user.id) {
            return Ok(known.clone());
        }
        let wanted = if rule::is_reachable(user) {
            Some(sql::preferences(conn, &user.id).await?.unwrap_or_default()).filter(|p| p.mail != MailMode::Off)
        } else {
            None
        };
        self.0.insert(user.id.clone(), wanted.clone());
        Ok(wanted)
    }
}

/// Queues a mail about this entry, if this person wants one. To be done in the transaction that writes the notice.
pub async fn queue(
    platform: &Platform,
    conn: &mut Conn,
    queue: &mut Queue,
    user: &User,
    entry: &Entry,
) -> Result<(), Problem> {
    let Some(settings) = &platform.settings.mail else { return Ok(()) };
    let Some(wanted) = queue.wants(conn, user).await? else { return Ok(()) };
    if wanted.muted.contains(&topic(&entry.verb)) {
        return Ok(());
    }
    let now = platform.clock.now();
    let mut mail = NewMail {
        id: format!("{}.{}", entry.seq, user.id),
        user: Some(&user.id),
        kind: MailKind::Notice,
        due_at: now,
        now,
    };
    if wanted.mail == MailMode::Daily {
        mail.kind = MailKind::Digest;
        mail.due_at = now;
        loop {
            mail.due_at = rule::next_digest(mail.due_at, settings.digest_hour);
            mail.id = format!("day-{}.{}", mail.due_at.seconds() / 86_400, user.id);
            // That of the day may be on its way already: then it is one for the next.
            if sql::queue(conn, &mail).await? {
                break;
            }
        }
    } else {
        sql::queue(conn, &mail).await?;
    }
    sql::add_item(conn, &mail.id, entry.seq).await
}

/// Queues the letter that this entry asks for, if it asks for one: it goes to an address that nobody has proven yet. To be
/// done in the transaction that moves the reader's cursor.
pub async fn queue_letter(platform: &Platform, conn: &mut Conn, entry: &Entry) -> Result<(), Problem> {
    let (kind, user) = match entry.verb.as_str() {
        "user.verification_requested" => (MailKind::Verification, id::UserId::parse(&entry.subject.id).ok()),
        "organization.invited" => (MailKind::Invitation, None),
        _ => return Ok(()),
    };
    if platform.settings.mail.is_none() || (kind == MailKind::Verification && user.is_none()) {
        return Ok(());
    }
    let now = platform.clock.now();
    let mail =
        NewMail { id: format!("{}.{}", entry.seq, entry.subject.id), user: user.as_ref(), kind, due_at: now, now };
    sql::queue(conn, &mail).await?;
    sql::add_item(conn, &mail.id, entry.seq).await
}

/// Sends what is due until `shutdown` says `true`.
pub async fn run(platform: Platform, mut shutdown: watch::Receiver<bool>) {
    if platform.settings.mail.is_none() {
        return;
    }
    if !platform.db.is_postgres()
        && let Err(problem) = give_back(&platform).await
    {
        tracing::warn!(?problem, "mail.claims_kept: mails that were cut off wait for a moment");
    }
    while !*shutdown.borrow() {
        let read = platform.readers.snapshot().get(crate::notice::READER).copied().unwrap_or(0);
        if let Err(problem) = round(&platform).await {
            tracing::warn!(?problem, "mail.round_failed: will try again");
        }
        tokio::select! {
            () = platform.readers.wait(crate::notice::READER, read + 1) => {}
            () = platform.mailer.bell.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = crate::reader::stopped(&mut shutdown) => {}
        }
    }
}

/// On SQLite there is one process: claims that are there when it starts are of one that was killed.
async fn give_back(platform: &Platform) -> Result<(), Problem> {
    let now = platform.clock.now();
    let mut tx = platform.db.write().await?;
    sql::give_back(&mut tx, now, now.plus_seconds(CLAIM_SECONDS)).await?;
    Ok(tx.commit_quiet(Quiet::DeliveryTried).await?)
}

/// Sends every mail that is due now. One round at a time: whoever comes second finds what the first has left.
///
/// # Errors
/// Those of the database. What the mail server does is no error of a round.
pub async fn round(platform: &Platform) -> Result<(), Problem> {
    let Some(settings) = &platform.settings.mail else { return Ok(()) };
    let _turn = platform.mailer.turn.lock().await;
    while next(platform, settings).await? {}
    sweep(platform).await
}

/// Sends the next mail that is due; answers whether there may be more.
async fn next(platform: &Platform, settings: &MailSettings) -> Result<bool, Problem> {
    let now = platform.clock.now();
    if platform.mailer.is_silent(now) {
        return Ok(false);
    }
    if sql::next_due(&mut *platform.db.read().await?).await?.is_none_or(|due| due > now) {
        return Ok(false);
    }
    let mut tx = platform.db.write().await?;
    let claimed = sql::claim(&mut tx, now, now.plus_seconds(CLAIM_SECONDS)).await?;
    tx.commit_quiet(Quiet::DeliveryTried).await?;
    match claimed {
        Some(mail) => one(platform, settings, &mail).await,
        // Another process was faster.
        None => Ok(true),
    }
}

/// Tries one mail and writes down how it went; answers whether the server could be reached.
async fn one(platform: &Platform, settings: &MailSettings, mail: &Mail) -> Result<bool, Problem> {
    let mut letter = compose(platform, &mut *platform.db.read().await?, mail).await?;
    let now = platform.clock.now();
    if let (MailKind::Verification, Some(written)) = (mail.kind, &letter) {
        let mut tx = platform.db.write().await?;
        let since = now.plus_seconds(-3_600);
        let goes = sql::admit(&mut tx, &mail.id, &user::fold(&written.to), since, MOST_PROVING).await?;
        tx.commit_quiet(Quiet::DeliveryTried).await?;
        letter = letter.filter(|_| goes);
    }
    let Some(letter) = letter else {
        let mut tx = platform.db.write().await?;
        sql::drop(&mut tx, &mail.id).await?;
        tx.commit_quiet(Quiet::DeliveryTried).await?;
        return Ok(true);
    };
    let id = format!("{}@{}", mail.id, host(&platform.settings.public_url));
    let sent = platform.mailer.send(&settings.from, &letter, &id, now).await;
    let now = platform.clock.now();
    let mut tx = platform.db.write().await?;
    let reached = match sent {
        Ok(()) => {
            platform.mailer.failures.store(0, Ordering::Release);
            sql::end(&mut tx, &mail.id, MailState::Sent, now, None).await?;
            true
        }
        Err(Fault::Never(said)) => {
            tracing::warn!(mail = mail.id, error = said, "mail.refused: the server does not take it");
            sql::end(&mut tx, &mail.id, MailState::Failed, now, Some(&said)).await?;
            true
        }
        Err(Fault::Later(said)) => {
            again(&mut tx, settings, mail, now, &said).await?;
            true
        }
        Err(Fault::Server(said)) => {
            let failures = platform.mailer.failures.fetch_add(1, Ordering::AcqRel) + 1;
            let until = now.plus_seconds(rule::silence_seconds(failures));
            platform.mailer.silent_until.store(until.micros(), Ordering::Release);
            tracing::warn!(error = said, failures, "mail.server_failed: mails wait");
            again(&mut tx, settings, mail, now, &said).await?;
            false
        }
    };
    tx.commit_quiet(Quiet::DeliveryTried).await?;
    Ok(reached)
}

/// The mail is tried again later, unless it was tried for long enough.
async fn again(
    conn: &mut Conn,
    settings: &MailSettings,
    mail: &Mail,
    now: Timestamp,
    said: &str,
) -> Result<(), Problem> {
    if rule::is_over(mail.created_at, now, settings.give_up_days) {
        tracing::warn!(mail = mail.id, tries = mail.tries, error = said, "mail.given_up");
        return sql::end(conn, &mail.id, MailState::Failed, now, Some(said)).await;
    }
    sql::postpone(conn, &mail.id, now.plus_seconds(rule::pause_seconds(mail.tries)), said).await
}

/// Forgets what ended long ago.
async fn sweep(platform: &Platform) -> Result<(), Problem> {
    let now = platform.clock.now();
    for (state, keep) in [(MailState::Sent, KEEP_SENT_SECONDS), (MailState::Failed, KEEP_FAILED_SECONDS)] {
        let before = now.plus_seconds(-keep);
        if sql::has_ended(&mut *platform.db.read().await?, state, before).await? {
            let mut tx = platform.db.write().await?;
            sql::sweep(&mut tx, state, before).await?;
            tx.commit_quiet(Quiet::ExpiredSwept).await?;
        }
    }
    Ok(())
}

/// The name in an address such as `https://portal.example.com:8080`.
pub fn host(url: &str) -> String {
    url::Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| "localhost".to_owned())
}

async fn myself(conn: &mut Conn, id: &id::UserId) -> Result<User, Problem> {
    user::find(conn, id).await?.ok_or_else(|| Problem::not_found("user"))
}

/// How the caller wants to be told, and the caller.
pub async fn preferences(cx: &Cx) -> Result<(Preferences, User), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.read().await?;
    let user = myself(&mut tx, &who.id).await?;
    Ok((sql::preferences(&mut tx, &who.id).await?.unwrap_or_default(), user))
}

/// Sets how the caller wants to be told.
pub async fn set_preferences(
    cx: &Cx,
    mail: Option<MailMode>,
    muted: Option<Vec<Topic>>,
) -> Result<(Preferences, User, i64), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let user = myself(&mut tx, &who.id).await?;
    let before = sql::preferences(&mut tx, &who.id).await?.unwrap_or_default();
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    after.mail = mail.unwrap_or(before.mail);
    if let Some(muted) = muted {
        after.muted = Topic::ALL.iter().copied().filter(|topic| muted.contains(topic)).collect();
    }
    after.version = sql::put_preferences(&mut tx, &who.id, &after).await?;
    let facts = |p: &Preferences| json!({"mail": p.mail, "muted": p.muted});
    let change = cx
        .change("user.notifications_set", Kind::User, &who.id)
        .detailing(json!({"before": facts(&before), "after": facts(&after)}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, user, seq))
}

/// How mail does, for site administrators.
pub async fn status(cx: &Cx) -> Result<Tally, Problem> {
    cx.may(cx.standing(), Verb::PlatformSettings)?;
    sql::tally(&mut *cx.read().await?, MOST_COUNTED).await
}

fn configured(cx: &Cx) -> Result<(), Problem> {
    if cx.platform.settings.mail.is_some() {
        return Ok(());
    }
    let detail =
        "Mail is not configured; set smtp_host and mail_from in the configuration and start the program again.";
    Err(Problem::new(ProblemKind::WrongState, detail))
}

/// Queues a mail to the site administrator who asks for it.
pub async fn test(cx: &Cx) -> Result<i64, Problem> {
    cx.may(cx.standing(), Verb::PlatformSettings)?;
    configured(cx)?;
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let user = myself(&mut tx, &who.id).await?;
    if user.email.is_empty() {
        let detail = "You have no e-mail address; give yourself one in your profile.";
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    let id = format!("test-{}.{}", cx.now.micros(), user.id);
    let mail = NewMail { id, user: Some(&user.id), kind: MailKind::Test, due_at: cx.now, now: cx.now };
    sql::queue(&mut tx, &mail).await?;
    let seq = cx.commit(tx, vec![cx.change("mail.tested", Kind::User, &user.id)]).await?;
    cx.platform.mailer.ring();
    Ok(seq)
}

/// Tries the mails again that were given up; answers how many there are.
pub async fn retry(cx: &Cx) -> Result<(u64, i64), Problem> {
    cx.may(cx.standing(), Verb::PlatformSettings)?;
    configured(cx)?;
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let revived = sql::revive(&mut tx, cx.now).await?;
    if revived == 0 {
        return Err(Problem::new(ProblemKind::WrongState, "No mail was given up."));
    }
    let change = cx.change("mail.retried", Kind::User, &who.id).detailing(json!({
        "mails": revived, "before": {"state": MailState::Failed}, "after": {"state": MailState::Waiting},
    }));
    let seq = cx.commit(tx, vec![change]).await?;
    cx.platform.mailer.ring();
    Ok((revived, seq))
}

//! Proving that an e-mail address is somebody's own.
//!
//! The link carries a token that is derived from the user, the address and the end of its life; nothing of it is stored.
//! So it is good for that address only, until that end, and after the address has changed it is nobody's. Only the person
//! whose account it is may use it: whoever registers with the address of somebody else cannot have it confirmed by them.

use crate::cx::{Cx, Describe, Platform};
use crate::user::{User, UserKind, sql};
use base::id::{self, Id as _};
use base::secret::{Digest, Purpose, Secret};
use base::{Change, Kind, Problem, ProblemKind, Timestamp};
use serde_json::json;
use store::Conn;

/// How long a link is good for, in seconds.
const LINK_SECONDS: i64 = 86_400;
/// How long somebody waits before they may ask for another link, in seconds.
const PAUSE_SECONDS: i64 = 120;
/// Longer tokens are nobody's.
const LONGEST: usize = 200;

/// An address as it is compared: without spaces around it, in lower case.
pub fn fold(address: &str) -> String {
    address.trim().to_lowercase()
}

/// That a link was asked for. The mail itself is sent by whoever reads the log: see [`verification_link`].
pub(super) fn asked(cx: &Cx, user: &id::UserId) -> Change {
    cx.change("user.verification_requested", Kind::User, user)
        .detailing(json!({"after": {"valid_seconds": LINK_SECONDS}}))
}

/// Whether another link may be asked for already.
pub(super) fn may_ask(user: &User, now: Timestamp) -> bool {
    user.verification_asked_at.is_none_or(|at| now >= at.plus_seconds(PAUSE_SECONDS))
}

fn digest(platform: &Platform, user: &User, until: i64) -> Digest {
    let what = format!("{} {until} {}", user.id, fold(&user.email));
    platform.keys.digest(Purpose::Verification, &what)
}

/// The address of the page that proves the user's address, good for a day from `asked` on. It is a secret until it is used:
/// it belongs into a mail to that address and nowhere else.
pub fn verification_link(platform: &Platform, user: &User, asked: Timestamp) -> Secret {
    let until = asked.plus_seconds(LINK_SECONDS).seconds();
    let proof = digest(platform, user, until).to_hex();
    let public_url = &platform.settings.public_url;
    Secret::from_text(format!("{public_url}/verify-email?token={}.{until}.{proof}", user.id))
}

/// What a token says before anything is looked up: whose address it proves, until when, and the proof.
#[derive(Debug)]
pub struct Proof {
    /// Whose.
    pub user: id::UserId,
    until: i64,
    digest: Digest,
}

impl Proof {
    /// Reads a token. `None` for anything that is none.
    pub fn read(token: &str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let mut parts = token.split('.');
        let (user, until, digest) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && until.bytes().all(|byte| byte.is_ascii_digit());
        let user = id::UserId::parse(user).ok().filter(|_| whole)?;
        Some(Self { user, until: until.parse().ok()?, digest: Digest::from_hex(digest)? })
    }

    /// Whether it proves the address that this user has now.
    fn holds(&self, platform: &Platform, user: &User, now: Timestamp) -> bool {
        let same = digest(platform, user, self.until).same(&self.digest);
        same && self.user == user.id && now.seconds() < self.until && !user.email.is_empty()
    }
}

/// Marks the caller's address as proven, inside the caller's transaction; nothing to commit if it was already.
///
/// # Errors
/// 401, 403 if somebody else has signed in, 409 if another account has proven the address, 422 if the link is not good.
pub async fn confirm(cx: &Cx, conn: &mut Conn, token: &str) -> Result<(User, Option<Change>), Problem> {
    let who = cx.signed()?;
    let refused = || {
        let detail = "This link is not good, or not any more: links end after a day and when the address changes. Ask \
                      for another one in your profile.";
        Problem::invalid("/token", detail)
    };
    let proof = Proof::read(token).ok_or_else(refused)?;
    if proof.user != who.id {
        let detail = "This link belongs to another account. Sign in to the account whose address it is to confirm.";
        return Err(Problem::forbidden(detail));
    }
    let user = sql::find(conn, &who.id).await?.ok_or_else(refused)?;
    if !proof.holds(&cx.platform, &user, cx.now) {
        return Err(refused());
    }
    verified(cx, conn, user).await
}

/// Marks the address of a user as proven without a link, inside the caller's transaction: what a site administrator does
/// who knows it by other means. Whether the caller may is the caller's question.
///
/// # Errors
/// 404, 409 if there is no address, or another account has proven it.
pub async fn mark_verified(cx: &Cx, conn: &mut Conn, id: &id::UserId) -> Result<(User, Option<Change>), Problem> {
    let user = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("user"))?;
    cx.expect_version(user.version)?;
    if user.kind == UserKind::ServiceAccount {
        return Err(Problem::forbidden("A service account is changed through its client, not here."));
    }
    if user.email.is_empty() {
        return Err(Problem::new(ProblemKind::WrongState, "There is no address yet; the person enters one first."));
    }
    verified(cx, conn, user).await
}

async fn verified(cx: &Cx, conn: &mut Conn, mut user: User) -> Result<(User, Option<Change>), Problem> {
    if user.email_verified {
        return Ok((user, None));
    }
    user.email_verified = true;
    user.version = sql::put(conn, &user).await?;
    let detail = json!({"before": {"email_verified": false}, "after": {"email_verified": true}});
    let change = cx.change("user.email_verified", Kind::User, &user.id).detailing(detail);
    Ok((user, Some(change)))
}

/// Asks for another link.
///
/// # Errors
/// 409 if the address is proven or there is none, 429 if the last link is not old enough.
pub async fn verification_again(cx: &Cx) -> Result<(User, i64), Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let mut user = sql::find(&mut tx, &who.id).await?.ok_or_else(|| Problem::not_found("user"))?;
    if user.email.is_empty() || user.email_verified {
        let detail = if user.email_verified { "Your address is confirmed." } else { "Enter an address first." };
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    if !may_ask(&user, cx.now) {
        let ready = user.verification_asked_at.unwrap_or(cx.now).plus_seconds(PAUSE_SECONDS);
        let seconds = (ready.seconds() - cx.now.seconds()).max(1);
        let detail = format!("A link was asked for just now. Ask again in {seconds} seconds.");
        return Err(Problem::new(ProblemKind::SlowDown, detail).with("retry_after_seconds", seconds));
    }
    user.verification_asked_at = Some(cx.now);
    user.version = sql::put(&mut tx, &user).await?;
    let seq = cx.commit(tx, vec![asked(cx, &user.id)]).await?;
    Ok((user, seq))
}

/// The person that a body names at `pointer`, who may be given a role (C79).
///
/// # Errors
/// 422 if there is none, or their address is not proven.
pub async fn require_verified(conn: &mut Conn, id: &id::UserId, pointer: &str) -> Result<User, Problem> {
    let user = super::require(conn, id, pointer).await?;
    let unfit = |detail: String| Err(Problem::invalid(pointer, detail));
    match &user {
        User { kind: UserKind::ServiceAccount, .. } => {
            unfit(format!("`{}` is the account of a client, not of a person.", user.username))
        }
        User { email_verified: false, .. } => {
            unfit(format!("`{}` has not confirmed an e-mail address yet; only then they can be added.", user.username))
        }
        _ => Ok(user),
    }
}

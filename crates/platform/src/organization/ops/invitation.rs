//! Invitations by e-mail. What the organization is told never depends on whether the address has an account: whoever has
//! proven the address finds the invitation, sooner or later, and nobody else does (C79).

use super::{Giving, limit_of_management, seat, visible};
use crate::authz::Verb;
use crate::cx::{Cx, Describe, Platform};
use crate::organization::rule::{Seat, masked};
use crate::organization::{Invitation, InvitationState, Organization, OrganizationRole, sql};
use crate::user::{self, User};
use base::id::{self, Id as _};
use base::secret::{Digest, Purpose, Secret};
use base::{Change, Kind, Page, PageRequest, Problem, ProblemKind, Timestamp};
use serde_json::json;
use store::Conn;

/// How long an invitation waits, in seconds: 14 days.
const WAIT_SECONDS: i64 = 14 * 86_400;
/// How many an organization sends in a day at most.
const MOST_A_DAY: i64 = 100;

fn digest(platform: &Platform, it: &Invitation) -> Digest {
    platform.keys.digest(Purpose::Invitation, &format!("{} {} {}", it.id, it.expires_at.seconds(), it.email))
}

/// The address of the page on which an invited person registers. It proves that they have read the mail, so it belongs
/// there and nowhere else.
pub fn invitation_link(platform: &Platform, it: &Invitation) -> Secret {
    let proof = digest(platform, it).to_hex();
    Secret::from_text(format!("{}/register?invitation={}.{proof}", platform.settings.public_url, it.id))
}

/// An invitation, by id.
///
/// # Errors
/// Those of the database.
pub async fn find_invitation(conn: &mut Conn, id: &id::InvitationId) -> Result<Option<Invitation>, Problem> {
    sql::find_invitation(conn, id).await
}

/// The invitation that this token was derived from, if it still waits.
///
/// # Errors
/// Those of the database.
pub async fn invitation_by_token(cx: &Cx, conn: &mut Conn, token: &str) -> Result<Option<Invitation>, Problem> {
    let Some((id, proof)) = token.split_once('.').filter(|_| token.len() <= 200) else { return Ok(None) };
    let (Ok(id), Some(proof)) = (id::InvitationId::parse(id), Digest::from_hex(proof)) else { return Ok(None) };
    let found = sql::find_invitation(conn, &id).await?;
    let waits = |it: &Invitation| it.state_at(cx.now) == InvitationState::Pending;
    Ok(found.filter(|it| digest(&cx.platform, it).same(&proof) && waits(it)))
}

/// Invites whoever has this address.
///
/// # Errors
/// 403, 409 if they are a member or invited already, 422, 429 if there were too many today.
pub async fn invite(
    cx: &Cx,
    id: &id::OrganizationId,
    email: &str,
    role: OrganizationRole,
) -> Result<(Invitation, i64), Problem> {
    let who = cx.signed()?.id.clone();
    let mut tx = cx.write().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::OrganizationMembers)?;
    let by = seat(cx, &mut tx, id).await?;
    let (site_admin, to, decisive) = (cx.signed()?.site_admin, Seat::default(), role == OrganizationRole::Owner);
    limit_of_management(&mut tx, id, Giving { by: &by, site_admin, to: &to, gives: true, decisive }).await?;
    let email = user::fold(&user::email(email)?);
    let day = Timestamp::from_seconds(cx.now.seconds() - 86_400);
    if sql::invitations_since(&mut tx, id, day).await? >= MOST_A_DAY {
        let detail = format!("An organization invites at most {MOST_A_DAY} people a day.");
        return Err(Problem::new(ProblemKind::SlowDown, detail).with("retry_after_seconds", 3_600));
    }
    if let Some(known) = user::find_by_verified_email(&mut tx, &email).await?
        && sql::seat(&mut tx, id, &known.id).await?.role.is_some()
    {
        // The members' addresses are known to whoever may invite.
        return Err(Problem::new(ProblemKind::Exists, "Somebody with this address is a member already.").at("/email"));
    }
    if let Some(old) = sql::pending_invitation(&mut tx, id, &email).await?
        && old.state_at(cx.now) == InvitationState::Expired
    {
        sql::close_invitation(&mut tx, &old.id, InvitationState::Expired, None, cx.now).await?;
    }
    let it = Invitation {
        id: id::InvitationId::new(cx.now),
        organization: id.clone(),
        email,
        role,
        state: InvitationState::Pending,
        invited_by: who,
        created_at: cx.now,
        expires_at: cx.now.plus_seconds(WAIT_SECONDS),
    };
    sql::insert_invitation(&mut tx, &it).await?;
    let seq = cx.commit(tx, vec![change(cx, "organization.invited", &it, None, InvitationState::Pending)]).await?;
    Ok((it, seq))
}

/// A change of an invitation, from this state to that one. The address is one that nobody has proven: it is not kept whole.
fn change(
    cx: &Cx,
    verb: &'static str,
    it: &Invitation,
    before: Option<InvitationState>,
    after: InvitationState,
) -> Change {
    cx.change(verb, Kind::Organization, &it.organization).detailing(json!({
        "invitation": it.id, "email": masked(&it.email), "role": it.role, "expires_at": it.expires_at,
        "before": before.map(|state| json!({"state": state})), "after": {"state": after},
    }))
}

/// The invitations of an organization, the latest first, for whoever manages its members.
pub async fn invitations(cx: &Cx, id: &id::OrganizationId, page: &PageRequest) -> Result<Page<Invitation>, Problem> {
    crate::cursor::<id::InvitationId>(page)?;
    let mut tx = cx.read().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::OrganizationMembers)?;
    let rows = sql::invitations(&mut tx, id, page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |it| it.id.to_string()))
}

/// How many of the latest 200 wait, and how many of these run out before that time.
///
/// # Errors
/// Those of the database.
pub async fn open_invitations(
    conn: &mut Conn,
    id: &id::OrganizationId,
    now: Timestamp,
    soon: Timestamp,
) -> Result<(i64, i64), Problem> {
    let all = sql::invitations(conn, id, "", 200).await?;
    let waiting: Vec<_> = all.iter().filter(|it| it.state_at(now) == InvitationState::Pending).collect();
    let ending = waiting.iter().filter(|it| it.expires_at <= soon).count();
    Ok((i64::try_from(waiting.len()).unwrap_or(0), i64::try_from(ending).unwrap_or(0)))
}

/// Takes an invitation back.
///
/// # Errors
/// 403, 404, 409 if it does not wait any more.
pub async fn cancel(cx: &Cx, id: &id::OrganizationId, invitation: &id::InvitationId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (_, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::OrganizationMembers)?;
    let found = sql::find_invitation(&mut tx, invitation).await?.filter(|it| it.organization == *id);
    let it = found.ok_or_else(|| Problem::not_found("invitation"))?;
    let change = close(cx, &mut tx, &it, InvitationState::Cancelled, None).await?;
    cx.commit(tx, vec![change]).await
}

async fn close(
    cx: &Cx,
    conn: &mut Conn,
    it: &Invitation,
    state: InvitationState,
    by: Option<&id::UserId>,
) -> Result<Change, Problem> {
    let verb = match state {
        InvitationState::Accepted => "organization.invitation_accepted",
        InvitationState::Declined => "organization.invitation_declined",
        _ => "organization.invitation_cancelled",
    };
    let waits = it.state_at(cx.now) == InvitationState::Pending;
    if waits && sql::close_invitation(conn, &it.id, state, by, cx.now).await? {
        return Ok(change(cx, verb, it, Some(InvitationState::Pending), state));
    }
    let now = it.state_at(cx.now);
    let now = if now == InvitationState::Pending { "closed" } else { now.as_str() };
    Err(Problem::new(ProblemKind::WrongState, format!("This invitation is {now}; it does not wait any more.")))
}

/// The invitations that wait for this person: those to the address that they have proven.
async fn invitations_of(conn: &mut Conn, user: &User, now: Timestamp) -> Result<Vec<Invitation>, Problem> {
    if !user.email_verified || user.email.is_empty() {
        return Ok(Vec::new());
    }
    sql::invitations_of(conn, &user::fold(&user.email), now).await
}

/// Those that wait for the caller, each with its organization.
pub async fn mine(cx: &Cx) -> Result<Vec<(Invitation, Organization)>, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.read().await?;
    let user = user::find(&mut tx, &who.id).await?.ok_or_else(|| Problem::not_found("user"))?;
    let mut out = Vec::new();
    for it in invitations_of(&mut tx, &user, cx.now).await? {
        out.extend(sql::find(&mut tx, &it.organization).await?.map(|organization| (it, organization)));
    }
    Ok(out)
}

/// The caller accepts (`true`) or declines an invitation to an address that they have proven.
///
/// # Errors
/// 403, 404 if there is none for the caller, 409 if it does not wait any more.
pub async fn answer(cx: &Cx, invitation: &id::InvitationId, accept: bool) -> Result<i64, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.write().await?;
    let user = user::find(&mut tx, &who.id).await?.ok_or_else(|| Problem::not_found("user"))?;
    let mine = |it: &Invitation| user.email_verified && it.email == user::fold(&user.email);
    let found = sql::find_invitation(&mut tx, invitation).await?.filter(mine);
    let it = found.ok_or_else(|| Problem::not_found("invitation"))?;
    let changes = if accept {
        join(cx, &mut tx, &it, &user).await?
    } else {
        vec![close(cx, &mut tx, &it, InvitationState::Declined, None).await?.touching(Kind::User, &user.id)]
    };
    cx.commit(tx, changes).await
}

/// Makes the person a member, inside the caller's transaction. Whoever is one already keeps their role.
async fn join(cx: &Cx, conn: &mut Conn, it: &Invitation, user: &User) -> Result<Vec<Change>, Problem> {
    let theirs = sql::seat(conn, &it.organization, &user.id).await?;
    // What the inviter may give now counts: they may have lost it since.
    let inviter = sql::seat(conn, &it.organization, &it.invited_by).await?;
    let site_admin = user::find(conn, &it.invited_by).await?.is_some_and(|user| user.site_admin);
    let decisive = it.role == OrganizationRole::Owner;
    let giving = Giving { by: &inviter, site_admin, to: &theirs, gives: true, decisive };
    limit_of_management(conn, &it.organization, giving).await?;
    if !site_admin && !inviter.is_owner() && !inviter.by_management() {
        let detail = "Whoever invited you has no right to do so any more; ask the organization for another invitation.";
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    let accepted = close(cx, conn, it, InvitationState::Accepted, Some(&user.id)).await?;
    let mut changes = vec![accepted.touching(Kind::User, &user.id)];
    if theirs.role.is_none() {
        sql::put_member(conn, &it.organization, &user.id, it.role, cx.now).await?;
        let set = cx
            .change("organization.member_set", Kind::Organization, &it.organization)
            .touching(Kind::User, &user.id)
            .detailing(json!({"user": user.id, "before": null, "after": it.role}));
        changes.push(set);
    }
    Ok(changes)
}

/// Accepts what waits for a person whose address has just been proven, inside the caller's transaction.
///
/// # Errors
/// Those of the database.
pub async fn accept_all(cx: &Cx, conn: &mut Conn, user: &User) -> Result<Vec<Change>, Problem> {
    let mut changes = Vec::new();
    for it in invitations_of(conn, user, cx.now).await? {
        match join(cx, conn, &it, user).await {
            Ok(some) => changes.extend(some),
            // It stays among the person's invitations, which says why when it is tried.
            Err(problem) if problem.kind.status() < 500 => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(changes)
}

//! Invitations over HTTP.

use crate::actions::{Actions, Offered, unless};
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Platform};
use crate::names::{Named, Names};
use crate::organization::{Invitation, InvitationState, OrganizationRole, ops};
use crate::web::{Answer, Body, Done, Fail, Ident, PageParams, Params, Problems, Written, parse_id};
use axum::extract::Path;
use base::{Kind, Page, Problem, Ref, id};
use serde::{Deserialize, Serialize};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(invitation_list, invitation_create))
        .routes(routes!(invitation_cancel))
        .routes(routes!(me_invitation_list))
        .routes(routes!(me_invitation_act))
}

/// Somebody who was asked to join.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    /// `inv_...`
    id: String,
    /// Whoever has proven this address.
    email: String,
    /// As what.
    role: OrganizationRole,
    /// Where it stands. Whether the address has an account is not told.
    state: InvitationState,
    /// Who asks.
    invited_by: Named,
    /// Since when.
    #[schema(format = DateTime)]
    created_at: String,
    /// Until when it can be accepted.
    #[schema(format = DateTime)]
    expires_at: String,
    /// What the caller may do now: `cancel`.
    actions: Vec<Offered>,
}

async fn view(
    cx: &Cx,
    conn: &mut Conn,
    names: &mut Names,
    standing: Standing,
    it: &Invitation,
) -> Result<InvitationView, Problem> {
    let state = it.state_at(cx.now);
    let waits = unless(state == InvitationState::Pending, "wrong_state");
    Ok(InvitationView {
        id: it.id.to_string(),
        email: it.email.clone(),
        role: it.role,
        state,
        invited_by: names.named(conn, Kind::User, &it.invited_by).await?,
        created_at: it.created_at.to_string(),
        expires_at: it.expires_at.to_string(),
        actions: Actions::of(standing).offer_if("cancel", Verb::OrganizationMembers, waits).all(),
    })
}

/// A page of invitations.
#[derive(Serialize, ToSchema)]
pub struct InvitationPage {
    items: Vec<InvitationView>,
    next: Option<String>,
}

/// Invitations of an organization
///
/// The latest first, those that are closed too.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/invitations", operation_id = "invitation_list",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`"), PageParams),
    responses((status = 200, body = InvitationPage), Problems))]
async fn invitation_list(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<InvitationView>>, Fail> {
    let page = ops::invitations(&cx, &id, &page.into()).await?;
    let (mut tx, mut names) = (cx.read().await?, Names::default());
    let standing = crate::organization::standing(&cx, &mut tx, &id).await?;
    names.learn_all(&mut tx, page.items.iter().map(|it| Ref::new(Kind::User, &it.invited_by)).collect()).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for it in &page.items {
        items.push(view(&cx, &mut tx, &mut names, standing, it).await?);
    }
    Ok(Answer::ok(Page { items, next: page.next }))
}

/// Somebody to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// Where the mail goes.
    email: String,
    /// As what they are to join.
    role: OrganizationRole,
}

/// What was made of an invitation.
#[derive(Serialize, ToSchema)]
pub struct InvitationMade {
    #[serde(flatten)]
    invitation: InvitationView,
    /// Whether this server sends mail. Where it does not, tell the person yourself: whoever registers with this address and
    /// proves it joins.
    sends_mail: bool,
}

/// Invite somebody by e-mail
///
/// The answer is the same whether or not the address has an account. Whoever registers with it and proves it joins;
/// somebody who has proven it before finds the invitation at `GET /api/v1/me/invitations`. It waits for 14 days.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/invitations", operation_id = "invitation_create",
    tag = "Organizations", params(("id" = String, Path, description = "`org_...`")), request_body = NewInvitation,
    responses((status = 201, body = Written<InvitationMade>), Problems))]
async fn invitation_create(
    cx: Cx,
    Ident(id): Ident<id::OrganizationId>,
    Body(body): Body<NewInvitation>,
) -> Result<Answer<Written<InvitationMade>>, Fail> {
    cx.signed()?;
    cx.fresh()?;
    let (it, change) = ops::invite(&cx, &id, &body.email, body.role).await?;
    let location = format!("/api/v1/organizations/{id}/invitations/{}", it.id);
    let mut tx = cx.read().await?;
    let standing = crate::organization::standing(&cx, &mut tx, &id).await?;
    let invitation = view(&cx, &mut tx, &mut Names::default(), standing, &it).await?;
    let sends_mail = cx.platform.settings.mail.is_some();
    Ok(Answer::created(location, Written { value: InvitationMade { invitation, sends_mail }, change }))
}

/// Take an invitation back
#[utoipa::path(delete, path = "/api/v1/organizations/{id}/invitations/{invitation}", operation_id = "invitation_cancel",
    tag = "Organizations", responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`org_...`"), ("invitation" = String, Path, description = "`inv_...`")))]
async fn invitation_cancel(cx: Cx, Path((id, invitation)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let (id, invitation) = (parse_id(&id, "organization")?, parse_id(&invitation, "invitation")?);
    Ok(Answer::ok(Done { change: ops::cancel(&cx, &id, &invitation).await? }))
}

/// An invitation that waits for the caller.
#[derive(Serialize, ToSchema)]
pub struct OwnInvitation {
    /// `inv_...`
    id: String,
    /// Where to.
    organization: Named,
    /// As what.
    role: OrganizationRole,
    /// Who asks.
    invited_by: Named,
    /// Until when it can be accepted.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// The caller's invitations.
#[derive(Serialize, ToSchema)]
pub struct OwnInvitationList {
    items: Vec<OwnInvitation>,
}

/// Invitations that wait for me
///
/// Those to the address that the caller has proven.
#[utoipa::path(get, path = "/api/v1/me/invitations", operation_id = "me_invitation_list", tag = "Me",
    responses((status = 200, body = OwnInvitationList), Problems))]
async fn me_invitation_list(cx: Cx) -> Result<Answer<OwnInvitationList>, Fail> {
    let (mut items, mut names) = (Vec::new(), Names::default());
    let mine = ops::mine(&cx).await?;
    let mut tx = cx.read().await?;
    names.learn_all(&mut tx, mine.iter().map(|(it, _)| Ref::new(Kind::User, &it.invited_by)).collect()).await?;
    for (it, organization) in mine {
        items.push(OwnInvitation {
            id: it.id.to_string(),
            organization: Named { id: organization.id.to_string(), name: organization.name },
            role: it.role,
            invited_by: names.named(&mut tx, Kind::User, &it.invited_by).await?,
            expires_at: it.expires_at.to_string(),
        });
    }
    Ok(Answer::ok(OwnInvitationList { items }))
}

/// Accept or decline an invitation
#[utoipa::path(post, path = "/api/v1/me/invitations/{id}/{action}", operation_id = "me_invitation_act", tag = "Me",
    responses((status = 200, body = Done), Problems),
    params(("id" = String, Path, description = "`inv_...`"),
           ("action" = String, Path, description = "`accept` or `decline`")))]
async fn me_invitation_act(cx: Cx, Path((id, action)): Path<(String, String)>) -> Result<Answer<Done>, Fail> {
    let id = parse_id(&id, "invitation")?;
    let accept = match action.as_str() {
        "accept" => true,
        "decline" => false,
        _ => return Err(Problem::not_found("action").into()),
    };
    Ok(Answer::ok(Done { change: ops::answer(&cx, &id, accept).await? }))
}

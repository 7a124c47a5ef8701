//! Revisions over HTTP.

use super::ops::{self, NewRevision};
use super::rule::RevisionAction;
use super::{Revision, RevisionView};
use crate::cx::{Cx, Platform};
use crate::names::Names;
use crate::plan;
use crate::subscription::rule::Standpoint;
use crate::subscription::{Subscription, SubscriptionView, views};
use crate::web::{Answer, Body, Fail, Ident, PageParams, Params, Problems, Written, parse_id};
use axum::extract::Path;
use base::{Kind, Page, PageRequest, Problem, ProblemKind, Ref, id};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about revisions.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(revision_list, revision_request))
        .routes(routes!(revision_get))
        .routes(routes!(revision_act))
}

/// A page of revisions.
#[derive(Serialize, ToSchema)]
pub struct RevisionPage {
    items: Vec<RevisionView>,
    next: Option<String>,
}

async fn shown(
    cx: &Cx,
    s: &Subscription,
    revisions: &[Revision],
    who: Standpoint,
) -> Result<Vec<RevisionView>, Problem> {
    let (mut tx, mut names) = (cx.read().await?, Names::default());
    let mut ids: Vec<id::PlanId> = revisions.iter().flat_map(|r| [r.plan.clone(), r.plan_before.clone()]).collect();
    ids.push(s.plan.clone());
    let plans: HashMap<_, _> =
        plan::among(&mut tx, &ids).await?.into_iter().map(|plan| (plan.id.clone(), plan)).collect();
    names.learn_all(&mut tx, revisions.iter().map(|r| Ref::new(Kind::User, &r.requester)).collect()).await?;
    let mut out = Vec::with_capacity(revisions.len());
    for r in revisions {
        let requester = names.named(&mut tx, Kind::User, &r.requester).await?;
        out.push(RevisionView::of(r, s, (who, cx.now), requester, |plan| plans.get(plan)));
    }
    Ok(out)
}

/// Revisions of a subscription
///
/// All terms that were ever asked for beside the first, the newest first, for both sides.
#[utoipa::path(get, path = "/api/v1/subscriptions/{id}/revisions", operation_id = "subscription_revision_list",
    tag = "Subscriptions", params(("id" = String, Path, description = "`sub_...`"), PageParams),
    responses((status = 200, body = RevisionPage), Problems))]
async fn revision_list(
    cx: Cx,
    Ident(id): Ident<id::SubscriptionId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<RevisionView>>, Fail> {
    let request: PageRequest = page.into();
    crate::cursor::<id::SubscriptionRevisionId>(&request)?;
    let (s, page, who) = ops::list(&cx, &id, &request).await?;
    Ok(Answer::ok(Page { items: shown(&cx, &s, &page.items, who).await?, next: page.next }))
}

/// The subscription, whose `revision` is the one that was written.
async fn both(cx: &Cx, s: &Subscription) -> Result<SubscriptionView, Fail> {
    views(cx, std::slice::from_ref(s)).await?.pop().ok_or_else(|| Problem::not_found("subscription").into())
}

/// Ask for other terms
///
/// For an approved or active subscription, by an OWNER of its app. The new terms need approval and activation as a new
/// request of that plan would, and approval in any case for a later end or none, and for another plan once the API's side
/// has changed the plan. Until then the old ones go on, and then they are replaced in one step. There is at most one open
/// revision. The answer is the subscription, whose `revision` is the one that was asked for.
#[utoipa::path(post, path = "/api/v1/subscriptions/{id}/revisions", operation_id = "subscription_revision_request",
    tag = "Subscriptions", params(("id" = String, Path, description = "`sub_...`")), request_body = NewRevision,
    responses((status = 201, body = Written<SubscriptionView>), Problems))]
async fn revision_request(
    cx: Cx,
    Ident(id): Ident<id::SubscriptionId>,
    Body(body): Body<NewRevision>,
) -> Result<Answer<Written<SubscriptionView>>, Fail> {
    let (s, r, change) = ops::ask(&cx, &id, body).await?;
    let location = format!("/api/v1/subscriptions/{}/revisions/{}", s.id, r.id);
    Ok(Answer::created(location, Written { value: both(&cx, &s).await?, change }).version(s.version))
}

/// One revision
#[utoipa::path(get, path = "/api/v1/subscriptions/{id}/revisions/{revision}", operation_id = "subscription_revision_get",
    tag = "Subscriptions", responses((status = 200, body = RevisionView), Problems),
    params(("id" = String, Path, description = "`sub_...`"), ("revision" = String, Path, description = "`srv_...`")))]
async fn revision_get(cx: Cx, Path((id, revision)): Path<(String, String)>) -> Result<Answer<RevisionView>, Fail> {
    let (id, revision) = (parse_id(&id, "subscription")?, parse_id(&revision, "revision")?);
    let (s, r, who) = ops::get(&cx, &id, &revision).await?;
    let view = shown(&cx, &s, std::slice::from_ref(&r), who).await?.pop();
    Ok(Answer::ok(view.ok_or_else(|| Problem::not_found("revision"))?).version(r.version))
}

/// Words that go with an action.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisionWords {
    /// Kept in the history, seen by both sides.
    #[serde(default)]
    comment: Option<String>,
}

/// Approve, reject, activate or withdraw a revision
///
/// Which of them the caller may take now is in the revision's `actions`. Activation replaces the terms of the subscription
/// in one step. The answer is the subscription.
#[utoipa::path(post, path = "/api/v1/subscriptions/{id}/revisions/{revision}/{action}",
    operation_id = "subscription_revision_act", tag = "Subscriptions", request_body = RevisionWords,
    responses((status = 200, body = Written<SubscriptionView>), Problems),
    params(("id" = String, Path, description = "`sub_...`"), ("revision" = String, Path, description = "`srv_...`"),
           ("action" = String, Path, description = "`approve`, `reject`, `activate` or `withdraw`")))]
async fn revision_act(
    cx: Cx,
    Path((id, revision, action)): Path<(String, String, String)>,
    Body(body): Body<RevisionWords>,
) -> Result<Answer<Written<SubscriptionView>>, Fail> {
    let (id, revision) = (parse_id(&id, "subscription")?, parse_id(&revision, "revision")?);
    let Some(action) = RevisionAction::ALL.iter().copied().find(|a| a.as_str() == action) else {
        let detail = "A revision has no action of this name; there are approve, reject, activate and withdraw.";
        return Err(Problem::new(ProblemKind::NotFound, detail).into());
    };
    let (s, _, change) = ops::act(&cx, &id, &revision, action, body.comment.as_deref()).await?;
    Ok(Answer::ok(Written { value: both(&cx, &s).await?, change }).version(s.version))
}

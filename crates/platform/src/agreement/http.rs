//! Agreements over HTTP.

use super::{Acceptance, Agreement, Answer as Reply, ops, rule};
use crate::blocks::{Block, blocks};
use crate::cx::{Cx, Platform};
use crate::user::{PersonView, User};
use crate::web::{Answer, Body, Fail, Ident, PageParams, Params, Problems, Written};
use axum::extract::DefaultBodyLimit;
use base::{Page, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about agreements.
pub fn routes() -> OpenApiRouter<Platform> {
    // Only where texts arrive may a body be larger than elsewhere.
    let texts = OpenApiRouter::new()
        .routes(routes!(agreement_list, agreement_publish))
        .layer(DefaultBodyLimit::max(rule::MOST_BODY));
    texts.routes(routes!(agreement_get)).routes(routes!(acceptance_list))
}

/// One version of the legal text of an API.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Agreement)]
pub struct AgreementView {
    /// `agr_...`
    pub id: String,
    /// `api_...`: whose.
    pub api: String,
    /// Which version of the API's text: 1, 2, 3 ...
    pub number: i64,
    /// For people.
    pub title: String,
    /// The text itself, Markdown; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The same, read; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Vec<Block>>,
    /// Whether it is the one that requests for access answer.
    pub active: bool,
    /// When it was published, RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl AgreementView {
    /// The agreement with its text.
    pub fn of(agreement: &Agreement) -> Self {
        Self { text: Some(agreement.text.clone()), blocks: Some(blocks(&agreement.text)), ..Self::outline(agreement) }
    }

    /// The agreement without its text, for lists.
    pub fn outline(agreement: &Agreement) -> Self {
        Self {
            id: agreement.id.to_string(),
            api: agreement.api.to_string(),
            number: agreement.number,
            title: agreement.title.clone(),
            text: None,
            blocks: None,
            active: agreement.active,
            created_at: agreement.created_at.to_string(),
        }
    }
}

/// A page of agreements, without their texts.
#[derive(Serialize, ToSchema)]
pub struct AgreementPage {
    items: Vec<AgreementView>,
    next: Option<String>,
}

/// Agreements of an API
///
/// All versions of its legal text, the newest first, for whoever sees the API. At most one is active.
#[utoipa::path(get, path = "/api/v1/apis/{id}/agreements", operation_id = "agreement_list", tag = "Agreements",
    params(("id" = String, Path, description = "`api_...`"), PageParams),
    responses((status = 200, body = AgreementPage), Problems), security((), ("personal_token" = [])))]
async fn agreement_list(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<AgreementView>>, Fail> {
    Ok(Answer::ok(ops::list(&cx, &id, &page.into()).await?.map(|agreement| AgreementView::outline(&agreement))))
}

/// A legal text to publish.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgreement {
    /// 1 to 120 characters.
    title: String,
    /// Markdown, 1 to 100,000 characters.
    text: String,
}

/// Publish an agreement
///
/// The next version of the API's legal text. Requests for access answer it from now on; the former one is retired and
/// kept with its answers. A published text never changes.
#[utoipa::path(post, path = "/api/v1/apis/{id}/agreements", operation_id = "agreement_publish", tag = "Agreements",
    params(("id" = String, Path, description = "`api_...`")), request_body = NewAgreement,
    responses((status = 201, body = Written<AgreementView>), Problems))]
async fn agreement_publish(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Body(body): Body<NewAgreement>,
) -> Result<Answer<Written<AgreementView>>, Fail> {
    let (agreement, change) = ops::publish(&cx, &id, &body.title, &body.text).await?;
    let location = format!("/api/v1/agreements/{}", agreement.id);
    let value = AgreementView::of(&agreement);
    Ok(Answer::created(location, Written { value, change }).version(agreement.version))
}

/// One agreement
///
/// With its text, also when it has been retired, for whoever sees the API.
#[utoipa::path(get, path = "/api/v1/agreements/{id}", operation_id = "agreement_get", tag = "Agreements",
    params(("id" = String, Path, description = "`agr_...`")),
    responses((status = 200, body = AgreementView), Problems), security((), ("personal_token" = [])))]
async fn agreement_get(cx: Cx, Ident(id): Ident<id::AgreementId>) -> Result<Answer<AgreementView>, Fail> {
    let agreement = ops::get(&cx, &id).await?;
    Ok(Answer::ok(AgreementView::of(&agreement)).version(agreement.version))
}

/// An answer to an agreement.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Acceptance)]
pub struct AcceptanceView {
    /// `acc_...`
    id: String,
    /// `agr_...`: to which version of the text.
    agreement: String,
    /// `usr_...`: who answered.
    user_id: String,
    /// Who answered; absent when the account is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<PersonView>,
    /// `req_...`: in which request for access.
    request: String,
    /// What.
    answer: Reply,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    answered_at: String,
}

fn acceptance_view(acceptance: &Acceptance, user: Option<&User>) -> AcceptanceView {
    AcceptanceView {
        id: acceptance.id.to_string(),
        agreement: acceptance.agreement.to_string(),
        user_id: acceptance.user.to_string(),
        user: user.map(PersonView::of),
        request: acceptance.request.to_string(),
        answer: acceptance.answer,
        answered_at: acceptance.answered_at.to_string(),
    }
}

/// A page of answers.
#[derive(Serialize, ToSchema)]
pub struct AcceptancePage {
    items: Vec<AcceptanceView>,
    next: Option<String>,
}

/// Answers to an agreement
///
/// Who accepted or declined it when, and in which request; for those who decide about access to the API.
#[utoipa::path(get, path = "/api/v1/agreements/{id}/acceptances", operation_id = "acceptance_list", tag = "Agreements",
    params(("id" = String, Path, description = "`agr_...`"), PageParams),
    responses((status = 200, body = AcceptancePage), Problems))]
async fn acceptance_list(
    cx: Cx,
    Ident(id): Ident<id::AgreementId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<AcceptanceView>>, Fail> {
    let page = ops::acceptances(&cx, &id, &page.into()).await?;
    Ok(Answer::ok(page.map(|(acceptance, user)| acceptance_view(&acceptance, user.as_ref()))))
}

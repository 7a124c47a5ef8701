//! Agreements over HTTP.

use super::rule::{self, Action};
use super::{Acceptance, Agreement, AgreementState, Answer as Reply, ops};
use crate::actions::{Actions, Offered, unless};
use crate::authz::Standing;
use crate::blocks::{Block, blocks};
use crate::cx::{Cx, Platform};
use crate::user::{PersonView, User};
use crate::web::{Answer, Body, Done, Fail, Ident, PageParams, Params, Problems, Written, parse_id};
use axum::extract::{DefaultBodyLimit, Path};
use axum::response::{IntoResponse, Response};
use base::{Page, Problem, ProblemKind, id};
use http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about agreements.
pub fn routes() -> OpenApiRouter<Platform> {
    // Only where texts arrive may a body be larger than elsewhere.
    let texts = OpenApiRouter::new()
        .routes(routes!(agreement_list, agreement_upload))
        .routes(routes!(platform_agreement_list, platform_agreement_upload))
        .routes(routes!(agreement_edit, agreement_remove))
        .layer(DefaultBodyLimit::max(rule::MOST_BODY));
    texts
        .routes(routes!(agreement_answer))
        .routes(routes!(agreement_act))
        .routes(routes!(acceptance_list))
        .routes(routes!(acceptance_export))
}

/// One version of a legal text.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Agreement)]
pub struct AgreementView {
    /// `agr_...`
    pub id: String,
    /// `api_...`: whose; null is the platform's own, which everybody answers at sign-in.
    pub api: Option<String>,
    /// Which version of the text: 1, 2, 3 ...
    pub number: i64,
    /// For people.
    pub title: String,
    /// The text itself, Markdown; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The same, read; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Vec<Block>>,
    /// Where it stands.
    pub state: AgreementState,
    /// Whether it is the one that is answered.
    pub active: bool,
    /// When it was uploaded, RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Since when it can be read, RFC 3339.
    #[schema(format = DateTime)]
    pub published_at: Option<String>,
    /// Since when it is answered, RFC 3339.
    #[schema(format = DateTime)]
    pub activated_at: Option<String>,
    /// Since when it is answered no more, RFC 3339.
    #[schema(format = DateTime)]
    pub retired_at: Option<String>,
    /// What the caller may do now: `edit`, `publish`, `activate`, `retire`, `delete`. Absent where it is only mentioned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Offered>>,
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
            api: agreement.api.as_ref().map(ToString::to_string),
            number: agreement.number,
            title: agreement.title.clone(),
            text: None,
            blocks: None,
            state: agreement.state,
            active: agreement.state == AgreementState::Active,
            created_at: agreement.created_at.to_string(),
            published_at: agreement.published_at.map(|at| at.to_string()),
            activated_at: agreement.activated_at.map(|at| at.to_string()),
            retired_at: agreement.retired_at.map(|at| at.to_string()),
            actions: None,
        }
    }

    /// The same with what a caller who stands like this may do.
    pub fn offering(self, agreement: &Agreement, standing: Standing) -> Self {
        let verb = ops::writing(agreement.api.as_ref());
        let offer = |all: Actions, action: &Action| {
            all.offer_if(action.as_str(), verb, unless(rule::possible(*action, agreement.state), "wrong_state"))
        };
        Self { actions: Some(Action::ALL.iter().fold(Actions::of(standing), offer).all()), ..self }
    }
}

/// A page of agreements, without their texts.
#[derive(Serialize, ToSchema)]
pub struct AgreementPage {
    items: Vec<AgreementView>,
    next: Option<String>,
}

fn outlines((page, standing): (Page<Agreement>, Standing)) -> Answer<Page<AgreementView>> {
    Answer::ok(page.map(|agreement| AgreementView::outline(&agreement).offering(&agreement, standing)))
}

/// Agreements of an API
///
/// All versions of its legal text, the newest first, for whoever sees the API; those that are only uploaded for whoever
/// may change it. At most one is active.
#[utoipa::path(get, path = "/api/v1/apis/{id}/agreements", operation_id = "agreement_list", tag = "Agreements",
    params(("id" = String, Path, description = "`api_...`"), PageParams),
    responses((status = 200, body = AgreementPage), Problems), security((), ("personal_token" = [])))]
async fn agreement_list(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<AgreementView>>, Fail> {
    Ok(outlines(ops::list(&cx, Some(&id), &page.into()).await?))
}

/// Agreements of the platform
///
/// All versions of the text that everybody answers at sign-in, the newest first; those that are only uploaded for site
/// administrators.
#[utoipa::path(get, path = "/api/v1/agreements", operation_id = "platform_agreement_list", tag = "Agreements",
    params(PageParams), responses((status = 200, body = AgreementPage), Problems), security((), ("personal_token" = [])))]
async fn platform_agreement_list(
    cx: Cx,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<AgreementView>>, Fail> {
    Ok(outlines(ops::list(&cx, None, &page.into()).await?))
}

/// A legal text to bring in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgreement {
    /// 1 to 120 characters.
    title: String,
    /// Markdown, 1 to 100,000 characters.
    text: String,
    /// How far it goes at once: `uploaded`, `published` or `active`, which it is unless given.
    #[serde(default)]
    state: Option<AgreementState>,
}

async fn upload(cx: &Cx, api: Option<&id::ApiId>, body: &NewAgreement) -> Result<Answer<Written<AgreementView>>, Fail> {
    let state = body.state.unwrap_or(AgreementState::Active);
    let (agreement, standing, change) = ops::upload(cx, api, (&body.title, &body.text), state).await?;
    let location = format!("/api/v1/agreements/{}", agreement.id);
    let value = AgreementView::of(&agreement).offering(&agreement, standing);
    Ok(Answer::created(location, Written { value, change }).version(agreement.version))
}

/// Bring in an agreement
///
/// The next version of the API's legal text. Once it is active, requests for access answer it, and the former one is
/// retired and kept with its answers. Subscriptions that are there go on under the version that was accepted for them. A
/// published text never changes.
#[utoipa::path(post, path = "/api/v1/apis/{id}/agreements", operation_id = "agreement_upload", tag = "Agreements",
    params(("id" = String, Path, description = "`api_...`")), request_body = NewAgreement,
    responses((status = 201, body = Written<AgreementView>), Problems))]
async fn agreement_upload(
    cx: Cx,
    Ident(id): Ident<id::ApiId>,
    Body(body): Body<NewAgreement>,
) -> Result<Answer<Written<AgreementView>>, Fail> {
    upload(&cx, Some(&id), &body).await
}

/// Bring in an agreement of the platform
///
/// The next version of the text that everybody answers at sign-in. Once it is active, everybody is asked again.
#[utoipa::path(post, path = "/api/v1/agreements", operation_id = "platform_agreement_upload", tag = "Agreements",
    request_body = NewAgreement, responses((status = 201, body = Written<AgreementView>), Problems))]
async fn platform_agreement_upload(
    cx: Cx,
    Body(body): Body<NewAgreement>,
) -> Result<Answer<Written<AgreementView>>, Fail> {
    upload(&cx, None, &body).await
}

/// What to change of a text that is not published yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementEdit {
    /// 1 to 120 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    title: Option<String>,
    /// Markdown, 1 to 100,000 characters.
    #[serde(default, deserialize_with = "crate::web::given")]
    text: Option<String>,
}

fn written((agreement, standing, change): (Agreement, Standing, i64)) -> Result<Answer<Written<AgreementView>>, Fail> {
    let value = AgreementView::of(&agreement).offering(&agreement, standing);
    Ok(Answer::ok(Written { value, change }).version(agreement.version))
}

/// Change an agreement that is not published yet
#[utoipa::path(patch, path = "/api/v1/agreements/{id}", operation_id = "agreement_edit", tag = "Agreements",
    params(("id" = String, Path, description = "`agr_...`")), request_body = AgreementEdit,
    responses((status = 200, body = Written<AgreementView>), Problems))]
async fn agreement_edit(
    cx: Cx,
    Ident(id): Ident<id::AgreementId>,
    Body(body): Body<AgreementEdit>,
) -> Result<Answer<Written<AgreementView>>, Fail> {
    written(ops::edit(&cx, &id, body.title.as_deref(), body.text.as_deref()).await?)
}

/// Delete an agreement that is not published yet
#[utoipa::path(delete, path = "/api/v1/agreements/{id}", operation_id = "agreement_remove", tag = "Agreements",
    params(("id" = String, Path, description = "`agr_...`")), responses((status = 200, body = Done), Problems))]
async fn agreement_remove(cx: Cx, Ident(id): Ident<id::AgreementId>) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::remove(&cx, &id).await? }))
}

/// Words that go with an action.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementWords {
    /// Kept in the trail.
    #[serde(default)]
    comment: Option<String>,
}

/// Publish, activate or retire an agreement
///
/// Which of them the caller may take now is in the agreement's `actions`. Activating one retires the former one in the
/// same step.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/{action}", operation_id = "agreement_act", tag = "Agreements",
    params(("id" = String, Path, description = "`agr_...`"),
           ("action" = String, Path, description = "`publish`, `activate` or `retire`")),
    request_body = AgreementWords, responses((status = 200, body = Written<AgreementView>), Problems))]
async fn agreement_act(
    cx: Cx,
    Path((id, action)): Path<(String, String)>,
    Body(body): Body<AgreementWords>,
) -> Result<Answer<Written<AgreementView>>, Fail> {
    let id = parse_id(&id, "agreement")?;
    let action = [Action::Publish, Action::Activate, Action::Retire].into_iter().find(|a| a.as_str() == action);
    let Some(action) = action else {
        let detail = "An agreement has no action of this name; there are publish, activate and retire.";
        return Err(Problem::new(ProblemKind::NotFound, detail).into());
    };
    written(ops::act(&cx, &id, action, body.comment.as_deref()).await?)
}

/// An answer to the platform's text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnAnswer {
    /// What you say to it. Without accepting it a browser session can do nothing else.
    answer: Reply,
}

/// Answer the platform's agreement
///
/// The active one, for oneself. Declining is recorded; the next answer may be another. The agreements of APIs are answered
/// in the request for access.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/answer", operation_id = "agreement_answer", tag = "Agreements",
    params(("id" = String, Path, description = "`agr_...`")), request_body = OwnAnswer,
    responses((status = 200, body = Done), Problems))]
async fn agreement_answer(
    cx: Cx,
    Ident(id): Ident<id::AgreementId>,
    Body(body): Body<OwnAnswer>,
) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::answer_own(&cx, &id, body.answer).await? }))
}

/// An answer to an agreement.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Acceptance)]
pub struct AcceptanceView {
    /// `acc_...`
    id: String,
    /// `agr_...`: to which version of the text.
    agreement: String,
    /// The number of that version.
    number: i64,
    /// `usr_...`: who answered.
    user_id: String,
    /// Who answered; absent when the account is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<PersonView>,
    /// `req_...`: in which request for access; null for the platform's text.
    request: Option<String>,
    /// What.
    answer: Reply,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    answered_at: String,
}

fn acceptance_view(agreement: &Agreement, acceptance: &Acceptance, user: Option<&User>) -> AcceptanceView {
    AcceptanceView {
        id: acceptance.id.to_string(),
        agreement: acceptance.agreement.to_string(),
        number: agreement.number,
        user_id: acceptance.user.to_string(),
        user: user.map(PersonView::of),
        request: acceptance.request.as_ref().map(ToString::to_string),
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

/// Which answers to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AcceptanceQuery {
    /// Those of this person, `usr_...`.
    #[param(value_type = Option<String>)]
    user: Option<id::UserId>,
    /// `accepted` or `declined`.
    #[param(inline)]
    answer: Option<Reply>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// Answers to an agreement
///
/// Who accepted or declined it when, and in which request; for those who decide about access to the API, or for site
/// administrators.
#[utoipa::path(get, path = "/api/v1/agreements/{id}/acceptances", operation_id = "acceptance_list", tag = "Agreements",
    params(("id" = String, Path, description = "`agr_...`"), AcceptanceQuery),
    responses((status = 200, body = AcceptancePage), Problems))]
async fn acceptance_list(
    cx: Cx,
    Ident(id): Ident<id::AgreementId>,
    Params(query): Params<AcceptanceQuery>,
) -> Result<Answer<Page<AcceptanceView>>, Fail> {
    let page = base::PageRequest { after: query.after, limit: query.limit };
    crate::cursor::<id::AcceptanceId>(&page)?;
    let wanted = ops::Wanted { user: query.user, answer: query.answer };
    let (agreement, page) = ops::acceptances(&cx, &id, &wanted, (page.after(), page.limit())).await?;
    Ok(Answer::ok(page.map(|(acceptance, user)| acceptance_view(&agreement, &acceptance, user.as_ref()))))
}

/// How many answers one file holds at most.
const MOST_EXPORTED: i64 = 10_000;

/// Which answers to export.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// `accepted` or `declined`.
    #[param(inline)]
    answer: Option<Reply>,
    /// Where the file before ended; its `Link` names it.
    after: Option<String>,
}

/// Answers to an agreement as a table
///
/// CSV (RFC 4180) with a line for each answer, at most 10,000; a further file is named by `Link: <...>; rel="next"`.
#[utoipa::path(get, path = "/api/v1/agreements/{id}/acceptances.csv", operation_id = "acceptance_export",
    tag = "Agreements", params(("id" = String, Path, description = "`agr_...`"), ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), Problems))]
async fn acceptance_export(
    cx: Cx,
    Ident(id): Ident<id::AgreementId>,
    Params(query): Params<ExportQuery>,
) -> Result<Response, Fail> {
    let request = base::PageRequest { after: query.after, limit: None };
    crate::cursor::<id::AcceptanceId>(&request)?;
    let wanted = ops::Wanted { user: None, answer: query.answer };
    let (agreement, page) = ops::acceptances(&cx, &id, &wanted, (request.after(), MOST_EXPORTED)).await?;
    let mut out = String::from("acceptance,agreement,version,user,username,name,answer,answered_at,request\r\n");
    for (acceptance, user) in &page.items {
        let user = user.as_ref();
        let cells = [
            acceptance.id.to_string(),
            agreement.id.to_string(),
            agreement.number.to_string(),
            acceptance.user.to_string(),
            user.map(|user| user.username.clone()).unwrap_or_default(),
            user.map(|user| user.display_name.clone()).unwrap_or_default(),
            acceptance.answer.as_str().to_owned(),
            acceptance.answered_at.to_string(),
            acceptance.request.as_ref().map(ToString::to_string).unwrap_or_default(),
        ];
        out.push_str(&cells.map(|cell| rule::cell(&cell)).join(","));
        out.push_str("\r\n");
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    let name = format!("attachment; filename=\"acceptances-{}.csv\"", agreement.id);
    headers.extend(HeaderValue::try_from(name).map(|value| (header::CONTENT_DISPOSITION, value)));
    if let Some(next) = &page.next {
        let answer = query.answer.map(|answer| format!("&answer={}", answer.as_str())).unwrap_or_default();
        let link = format!("</api/v1/agreements/{id}/acceptances.csv?after={next}{answer}>; rel=\"next\"");
        headers.extend(HeaderValue::try_from(link).map(|value| (header::LINK, value)));
    }
    Ok((headers, out).into_response())
}

//! The texts that a contract was made under, for both of its parties.

use crate::agreement::{self, Agreement, AgreementView};
use crate::authz::Standing;
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Fail, Ident, Problems};
use crate::{app, subscription};
use base::{Problem, ProblemKind, id};
use store::Conn;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Agreements as both parties read them.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(agreement_get))
}

/// Whether an app that the caller sees may call this API, or asks for it: then they read what they agree to, although the API
/// has become private since.
async fn is_party(cx: &Cx, conn: &mut Conn, api: &id::ApiId) -> Result<bool, Problem> {
    if cx.who.is_none() {
        return Ok(false);
    }
    let access = app::Access::of(cx, conn).await?;
    let apps = app::seen(cx, conn, &access).await?.unwrap_or_default();
    Ok(subscription::called_by(conn, &apps).await?.contains(api))
}

async fn readable(cx: &Cx, conn: &mut Conn, id: &id::AgreementId) -> Result<(Agreement, Standing), Problem> {
    let refused = match agreement::visible(cx, conn, id).await {
        Err(problem) if problem.kind != ProblemKind::Internal => problem,
        done => return done,
    };
    let Some(text) = agreement::announced(conn, id).await? else { return Err(refused) };
    match &text.api {
        Some(api) if is_party(cx, conn, api).await? => Ok((text, cx.standing())),
        _ => Err(refused),
    }
}

/// One agreement
///
/// With its text, also when it has been retired, for whoever sees the API and for whoever sees an app that has access to it
/// or asks for it.
#[utoipa::path(get, path = "/api/v1/agreements/{id}", operation_id = "agreement_get", tag = "Agreements",
    params(("id" = String, Path, description = "`agr_...`")),
    responses((status = 200, body = AgreementView), Problems), security((), ("personal_token" = [])))]
async fn agreement_get(cx: Cx, Ident(id): Ident<id::AgreementId>) -> Result<Answer<AgreementView>, Fail> {
    let (agreement, standing) = readable(&cx, &mut *cx.read().await?, &id).await?;
    Ok(Answer::ok(AgreementView::of(&agreement).offering(&agreement, standing)).version(agreement.version))
}

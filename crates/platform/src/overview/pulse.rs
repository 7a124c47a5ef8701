//! The pulse: a few numbers that say whether anything that a page shows may have changed.

use crate::api;
use crate::app;
use crate::authz::Verb;
use crate::cx::{Cx, Platform};
use crate::web::{Fail, Problems, has_tag};
use crate::{notice, subscription, task};
use axum::Json;
use axum::response::{IntoResponse, Response};
use base::{Kind, Problem, Ref};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use store::log::{self, Filter};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The pulse.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(pulse))
}

/// Which parts of a console concern the caller.
#[derive(Serialize, ToSchema)]
pub struct Navigation {
    /// Administers an API, or may create APIs in an organization, or is a site administrator.
    provide: bool,
    /// Belongs to an organization, or is a site administrator.
    organization: bool,
    /// Is a site administrator.
    site: bool,
}

/// What has moved.
#[derive(Serialize, ToSchema)]
pub struct Pulse {
    /// The number of the newest change of all.
    change: i64,
    /// The newest change that touches the caller, an app on whose team they are, an API whose requests they decide, or
    /// an organization in which they have a role; 0 if there is none.
    mine: i64,
    /// How many notices the caller has not read; 1,000 stands for that many or more.
    notices_unread: i64,
    /// How many tasks wait in the caller's inbox.
    tasks_open: i64,
    /// How many answers the teams of the caller's apps have not read.
    answers_unread: i64,
    /// Which parts of a console concern the caller.
    navigation: Navigation,
}

async fn measure(cx: &Cx) -> Result<Pulse, Problem> {
    let who = cx.signed()?;
    let mut tx = cx.read().await?;
    let change = log::head(&mut tx).await?;
    let apps = app::of_user(&mut tx, &who.id).await?;
    let decided = api::administered(&mut tx, &who.id).await?;
    let access = api::Access::of(cx, &mut tx).await?;
    let seats = access.seats.with(Verb::OrganizationRead.allowed());
    let mut touches = vec![Ref::new(Kind::User, &who.id)];
    touches.extend(apps.iter().map(|id| Ref::new(Kind::App, id)));
    touches.extend(decided.iter().map(|id| Ref::new(Kind::Api, id)));
    touches.extend(seats.iter().map(|id| Ref::new(Kind::Organization, id)));
    let newest = log::page(&mut tx, &Filter { touches, limit: 1, ..Filter::default() }).await?;
    let provides = access.administers_any() || !access.seats.with(Verb::OrganizationDesign.allowed()).is_empty();
    let inboxes = task::Inboxes::of(cx, &mut tx).await?;
    Ok(Pulse {
        change,
        mine: newest.first().map_or(0, |entry| entry.seq),
        notices_unread: notice::unread(&mut tx, &who.id).await?,
        tasks_open: task::waiting_in_all(&mut tx, &inboxes).await?,
        answers_unread: subscription::unread(&mut tx, &apps).await?,
        navigation: Navigation {
            provide: who.site_admin || provides,
            organization: who.site_admin || !seats.is_empty(),
            site: who.site_admin,
        },
    })
}

/// The pulse
///
/// A few numbers, cheap to ask for again and again: 304 with If-None-Match as long as none of them has moved. When `mine`
/// moves, what a page shows may have changed.
#[utoipa::path(get, path = "/api/v1/me/pulse", operation_id = "pulse", tag = "Me",
    responses((status = 200, body = Pulse), (status = 304, description = "Nothing has moved."), Problems))]
async fn pulse(cx: Cx, headers: HeaderMap) -> Result<Response, Fail> {
    let pulse = measure(&cx).await?;
    let Navigation { provide, organization, site } = pulse.navigation;
    let numbers = [pulse.change, pulse.mine, pulse.notices_unread, pulse.tasks_open, pulse.answers_unread];
    let flags = [provide, organization, site].map(i64::from);
    let words: Vec<String> = numbers.iter().chain(&flags).map(ToString::to_string).collect();
    let tag = format!("\"{}\"", words.join("."));
    let known = has_tag(&headers, &tag);
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Json(pulse).into_response() };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

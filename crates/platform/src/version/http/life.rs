//! The end of a version over HTTP.

use super::shape::nullable;
use super::{VersionView, view};
use crate::cx::{Cx, Platform};
use crate::version::ops::{self, Announcement, Shown};
use crate::web::{Answer, Body, Fail, Ident, Problems, Written};
use base::{Timestamp, id};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The lifecycle of versions.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(version_deprecate))
        .routes(routes!(version_reschedule))
        .routes(routes!(version_undeprecate))
        .routes(routes!(version_retire))
}

/// How and when a version ends.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndingAnnouncement {
    /// From when on calls are refused: in the future, at most ten years. Three months ahead unless given; null is no
    /// date yet. RFC 3339.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, format = DateTime)]
    sunset_at: Option<Option<Timestamp>>,
    /// The version to go to: another one of the API that is published.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    successor: Option<Option<id::VersionId>>,
    /// A web page about it; the API's own page unless given.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    link: Option<Option<String>>,
    /// Your words to the subscribers.
    #[serde(default)]
    note: Option<String>,
}

impl From<EndingAnnouncement> for Announcement {
    fn from(body: EndingAnnouncement) -> Self {
        Self { sunset_at: body.sunset_at, successor: body.successor, link: body.link, note: body.note }
    }
}

type Outcome = Result<Answer<Written<VersionView>>, Fail>;

fn answer(cx: &Cx, (shown, change): (Shown, i64)) -> Outcome {
    Ok(Answer::ok(Written { value: view(cx, &shown), change }).version(shown.version.version))
}

/// Deprecate a version
///
/// Its subscribers and followers are told, and reminded 30 and 7 days before it ends. Each answer of the gateway carries
/// `Deprecation`, `Sunset` and `Link`; from `sunset_at` on calls are 410 `retired`.
#[utoipa::path(post, path = "/api/v1/versions/{id}/deprecate", operation_id = "version_deprecate", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")), request_body = EndingAnnouncement,
    responses((status = 200, body = Written<VersionView>), Problems))]
async fn version_deprecate(cx: Cx, Ident(id): Ident<id::VersionId>, Body(body): Body<EndingAnnouncement>) -> Outcome {
    answer(&cx, ops::deprecate(&cx, &id, body.into()).await?)
}

/// Say anew when a deprecated version ends
///
/// What is left out stays. One that is retired answers again until the new date, which then has to be given. Subscribers
/// and followers are told.
#[utoipa::path(post, path = "/api/v1/versions/{id}/reschedule", operation_id = "version_reschedule", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")), request_body = EndingAnnouncement,
    responses((status = 200, body = Written<VersionView>), Problems))]
async fn version_reschedule(cx: Cx, Ident(id): Ident<id::VersionId>, Body(body): Body<EndingAnnouncement>) -> Outcome {
    answer(&cx, ops::reschedule(&cx, &id, body.into()).await?)
}

/// Some words.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndingNote {
    /// Your words to the subscribers.
    #[serde(default)]
    note: Option<String>,
}

/// Take the deprecation of a version back
///
/// The version stays. Subscribers and followers are told.
#[utoipa::path(post, path = "/api/v1/versions/{id}/undeprecate", operation_id = "version_undeprecate",
    tag = "Versions", params(("id" = String, Path, description = "`ver_...`")), request_body = EndingNote,
    responses((status = 200, body = Written<VersionView>), Problems))]
async fn version_undeprecate(cx: Cx, Ident(id): Ident<id::VersionId>, Body(body): Body<EndingNote>) -> Outcome {
    answer(&cx, ops::undeprecate(&cx, &id, body.note.as_deref()).await?)
}

/// Retire a deprecated version now
///
/// Its calls are 410 `retired` from the next one on, before the announced day: say why. Subscribers and followers are
/// told. At the announced day versions retire by themselves.
#[utoipa::path(post, path = "/api/v1/versions/{id}/retire", operation_id = "version_retire", tag = "Versions",
    params(("id" = String, Path, description = "`ver_...`")), request_body = EndingNote,
    responses((status = 200, body = Written<VersionView>), Problems))]
async fn version_retire(cx: Cx, Ident(id): Ident<id::VersionId>, Body(body): Body<EndingNote>) -> Outcome {
    answer(&cx, ops::retire(&cx, &id, body.note.as_deref()).await?)
}

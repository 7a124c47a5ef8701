//! Search over HTTP.

use super::{Words, ops};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Fail, Params, Problems};
use base::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about search.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What somebody looks for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// One or more words, at most 200 characters. What is found has words that begin with all of them: in its name, its
    /// slug, its identifiers or its description; APIs also in tags, operations of published versions and documentation.
    q: Option<String>,
    /// How many, 1 to 50; 20 unless given.
    limit: Option<i64>,
}

/// Something that was found.
#[derive(Serialize, ToSchema)]
pub struct Hit {
    /// `app`, `api`, `client`, `organization` or `plan`.
    #[schema(value_type = String)]
    kind: Kind,
    /// Its identifier.
    id: String,
    /// Its name.
    name: String,
    /// What tells it from others of its name: the organization of an app, the slug of an API, the `client_id` of a
    /// client. May be empty.
    detail: String,
}

/// What was found, the best first.
#[derive(Serialize, ToSchema)]
pub struct Hits {
    items: Vec<Hit>,
}

/// Search
///
/// Apps, APIs, clients, organizations and plans that the caller may see, by the beginnings of words. A change can be
/// found a moment after it was made.
#[utoipa::path(get, path = "/api/v1/search", operation_id = "search", tag = "Search", params(SearchQuery),
    responses((status = 200, body = Hits), Problems))]
async fn search(cx: Cx, Params(query): Params<SearchQuery>) -> Result<Answer<Hits>, Fail> {
    cx.signed()?;
    let Some(words) = Words::of(query.q.as_deref())? else { return Ok(Answer::ok(Hits { items: Vec::new() })) };
    let limit = usize::try_from(query.limit.unwrap_or(20).clamp(1, 50)).unwrap_or(20);
    let found = ops::search(&cx, &words, limit).await?;
    let items = found.into_iter().map(|it| Hit { kind: it.kind, id: it.id, name: it.name, detail: it.detail });
    Ok(Answer::ok(Hits { items: items.collect() }))
}

//! People with the roles they hold, for site administrators.

use crate::authz::Verb;
use crate::cx::{Cx, Platform};
use crate::names::Names;
use crate::search::{Batches, Words};
use crate::user::{self, RoleView, User, UserView};
use crate::web::{Answer, Fail, Params, Problems};
use base::{Kind, Page, PageRequest, id};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// People.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(people_list))
}

/// A person with the roles they hold.
#[derive(Serialize, ToSchema)]
pub struct PersonOverview {
    #[serde(flatten)]
    user: UserView,
    /// Words that profiles ask for, and privileges to override what profiles fence.
    roles: Vec<RoleView>,
}

/// Which people to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PeopleQuery {
    /// Those that have words beginning with all of these: in username, display name or e-mail address.
    q: Option<String>,
    /// The key of the last item of the page before: its `next`.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    limit: Option<i64>,
}

/// A page of people.
#[derive(Serialize, ToSchema)]
pub struct PeoplePage {
    items: Vec<PersonOverview>,
    next: Option<String>,
}

/// People and their roles
///
/// For site administrators. Service accounts are not people.
#[utoipa::path(get, path = "/api/v1/people", operation_id = "people_list", tag = "Users", params(PeopleQuery),
    responses((status = 200, body = PeoplePage), Problems))]
async fn people_list(cx: Cx, Params(query): Params<PeopleQuery>) -> Result<Answer<Page<PersonOverview>>, Fail> {
    cx.may(cx.standing(), Verb::UserAdminister)?;
    let page = PageRequest { after: query.after, limit: query.limit };
    crate::cursor::<id::UserId>(&page)?;
    let mut tx = cx.read().await?;
    let mut batches = Batches::new(Kind::User, Words::of(query.q.as_deref())?, page.after());
    let (most, mut rows) = (page.limit() + 1, Vec::new());
    while let Some(missing) = crate::missing(&rows, most)
        && let Some(batch) = batches.next(&mut tx, missing).await?
    {
        let found = user::people_among(&mut tx, batch.ids.as_deref(), &batch.after, batch.limit).await?;
        rows.extend(batches.keep(&mut tx, found, |user| user.id.to_string()).await?);
    }
    let page = batches.page(rows, page.limit(), |user| user.id.to_string());
    let ids: Vec<id::UserId> = page.items.iter().map(|user| user.id.clone()).collect();
    let (held, mut names) = (user::roles_of(&mut tx, &ids).await?, Names::default());
    let mut roles: HashMap<id::UserId, Vec<RoleView>> = HashMap::new();
    for (role, view) in held.iter().zip(RoleView::of(&mut tx, &mut names, &held).await?) {
        roles.entry(role.user.clone()).or_default().push(view);
    }
    let item = |user: User| PersonOverview {
        user: UserView::of(&cx, &user),
        roles: roles.remove(&user.id).unwrap_or_default(),
    };
    Ok(Answer::ok(page.map(item)))
}

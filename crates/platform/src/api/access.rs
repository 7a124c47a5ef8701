//! How the caller stands to APIs, for many at once.

use super::ops::reading;
use super::{Api, sql};
use crate::authz::{Relation, Standing, Verb, may};
use crate::cx::Cx;
use crate::organization;
use base::{Problem, id};
use std::collections::{BTreeSet, HashSet};
use store::Conn;

/// How the caller stands to APIs, for many at once.
#[derive(Debug)]
pub struct Access {
    /// Where the caller has a say.
    pub seats: organization::Seats,
    administered: HashSet<id::ApiId>,
}

impl Access {
    /// That of the caller to these APIs; how they stand to others is not known then.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn among(cx: &Cx, conn: &mut Conn, apis: &[Api]) -> Result<Self, Problem> {
        let owners: BTreeSet<_> = apis.iter().map(|api| api.organization.clone()).collect();
        let seats = organization::Seats::among(cx, conn, &owners.into_iter().collect::<Vec<_>>()).await?;
        let ids: Vec<id::ApiId> = apis.iter().map(|api| api.id.clone()).collect();
        let administered = match &cx.who {
            Some(who) => sql::administered_among(conn, &ids, &who.id).await?.into_iter().collect(),
            None => HashSet::new(),
        };
        Ok(Self { seats, administered })
    }

    /// That of the caller to all APIs.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn of(cx: &Cx, conn: &mut Conn) -> Result<Self, Problem> {
        let seats = organization::Seats::of(cx, conn).await?;
        let administered = match &cx.who {
            Some(who) => sql::administered(conn, &who.id).await?.into_iter().collect(),
            None => HashSet::new(),
        };
        Ok(Self { seats, administered })
    }

    /// How the caller stands to this API.
    pub fn standing(&self, api: &Api) -> Standing {
        let standing = self.seats.standing(&api.organization);
        standing.and_if(self.administered.contains(&api.id), Relation::ApiAdministrator)
    }

    /// Whether the caller may know of this API.
    pub fn sees(&self, api: &Api) -> bool {
        let standing = self.standing(api);
        may(standing, Verb::ApiReadPrivate) || may(standing, reading(api.visibility))
    }

    /// Whether the caller is listed on any API.
    pub fn administers_any(&self) -> bool {
        !self.administered.is_empty()
    }
}

/// Those of these organizations that are shown to the caller with an API: everybody who sees an API sees whose it is. What
/// is private in an organization counts where the caller is listed on it.
///
/// # Errors
/// Those of the database.
pub async fn owners_shown(
    cx: &Cx,
    conn: &mut Conn,
    organizations: &[id::OrganizationId],
) -> Result<Vec<id::OrganizationId>, Problem> {
    sql::owners_shown(conn, organizations, &cx.signed()?.id).await
}

/// Those of these APIs that the caller may see, and how they stand to each.
///
/// # Errors
/// Those of the database.
pub async fn visible_among(cx: &Cx, conn: &mut Conn, ids: &[id::ApiId]) -> Result<Vec<(Api, Standing)>, Problem> {
    let apis = sql::among(conn, ids).await?;
    let access = Access::among(cx, conn, &apis).await?;
    Ok(apis
        .into_iter()
        .filter(|api| access.sees(api))
        .map(|api| (access.standing(&api), api))
        .map(|(standing, api)| (api, standing))
        .collect())
}

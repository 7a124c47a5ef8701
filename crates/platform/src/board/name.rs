//! The names of what entries, notices and connections speak of.

use crate::{api, app, environment, organization, plan, user};
use base::id::Id;
use base::{Kind, Problem, Ref};
use std::collections::HashMap;
use store::Conn;

/// A resource, with its name where it has one.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = ResourceName)]
pub struct ResourceView {
    /// `user`, `organization`, `api`, `version`, `app`, `subscription`, ...
    pub kind: &'static str,
    /// Its identifier.
    pub id: String,
    /// Its name now. Absent for what has no name or is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Names that were looked up while one answer is made: each once.
#[derive(Debug, Default)]
pub struct Names(HashMap<Ref, Option<String>>);

impl Names {
    /// This resource with its name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn resource(&mut self, conn: &mut Conn, reference: &Ref) -> Result<ResourceView, Problem> {
        let name = match self.0.get(reference) {
            Some(name) => name.clone(),
            None => {
                let name = find(conn, reference).await?;
                self.0.insert(reference.clone(), name.clone());
                name
            }
        };
        Ok(ResourceView { kind: reference.kind.as_str(), id: reference.id.clone(), name })
    }
}

/// The name of a user, organization, API, app, environment or plan.
async fn find(conn: &mut Conn, reference: &Ref) -> Result<Option<String>, Problem> {
    let id = reference.id.as_str();
    Ok(match reference.kind {
        Kind::User => match parse(id) {
            Some(id) => user::find(conn, &id).await?.map(|u| u.display_name),
            None => None,
        },
        Kind::Organization => match parse(id) {
            Some(id) => organization::find(conn, &id).await?.map(|o| o.name),
            None => None,
        },
        Kind::Api => match parse(id) {
            Some(id) => api::find(conn, &id).await?.map(|a| a.name),
            None => None,
        },
        Kind::App => match parse(id) {
            Some(id) => app::find(conn, &id).await?.map(|a| a.name),
            None => None,
        },
        Kind::Environment => match parse(id) {
            Some(id) => environment::find(conn, &id).await?.map(|e| e.name),
            None => None,
        },
        Kind::Plan => match parse(id) {
            Some(id) => plan::find(conn, &id).await?.map(|p| p.name),
            None => None,
        },
        _ => None,
    })
}

fn parse<I: Id>(text: &str) -> Option<I> {
    I::parse(text).ok()
}

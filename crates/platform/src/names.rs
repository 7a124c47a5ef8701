//! The names of what answers speak of, each looked up once while one answer is made.

use crate::{
    agreement, api, api_group, app, client, credential, environment, group, organization, plan, profile, subscription,
    task, user, version, webhook,
};
use base::id::Id;
use base::{Actor, Kind, Problem, Ref};
use std::collections::HashMap;
use store::Conn;

/// Something with a name.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// For people. Empty for what is gone.
    pub name: String,
}

/// A resource, with its name where it has one.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = ResourceName)]
pub struct ResourceView {
    /// `user`, `organization`, `api`, `version`, `app`, `subscription`, ...
    pub kind: &'static str,
    /// Its identifier.
    pub id: String,
    /// Its name now. Absent for what has no name or is gone. That of a credential is its hint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Who did it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = EntryActor)]
pub struct ActorView {
    /// `user`, `client`, `system` (the program itself) or `nobody` (somebody who had not signed in).
    pub kind: &'static str,
    /// The identifier of the user or client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The display name of the user, or the name of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Names that were looked up while one answer is made: each once.
#[derive(Debug, Default)]
pub struct Names(HashMap<Ref, Option<String>>);

impl Names {
    /// The name of this resource, if it has one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn name(&mut self, conn: &mut Conn, reference: &Ref) -> Result<Option<String>, Problem> {
        if let Some(name) = self.0.get(reference) {
            return Ok(name.clone());
        }
        let name = find(conn, reference).await?;
        self.0.insert(reference.clone(), name.clone());
        Ok(name)
    }

    /// This resource with its name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn resource(&mut self, conn: &mut Conn, reference: &Ref) -> Result<ResourceView, Problem> {
        let name = self.name(conn, reference).await?;
        Ok(ResourceView { kind: reference.kind.as_str(), id: reference.id.clone(), name })
    }

    /// The same for something that always has a name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn named(&mut self, conn: &mut Conn, kind: Kind, id: &impl std::fmt::Display) -> Result<Named, Problem> {
        let reference = Ref::new(kind, id);
        let name = self.name(conn, &reference).await?.unwrap_or_default();
        Ok(Named { id: reference.id, name })
    }

    /// Who did it. People's names are for those who have signed in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn actor(&mut self, conn: &mut Conn, actor: &Actor, signed: bool) -> Result<ActorView, Problem> {
        let nameless = |kind| ActorView { kind, id: None, name: None };
        let (kind, of, id) = match actor {
            Actor::User(id) => ("user", Kind::User, id),
            Actor::Client(id) => ("client", Kind::Client, id),
            Actor::System => return Ok(nameless("system")),
            Actor::Nobody => return Ok(nameless("nobody")),
        };
        if !signed {
            return Ok(nameless(kind));
        }
        let name = self.name(conn, &Ref::new(of, id)).await?;
        Ok(ActorView { kind, id: Some(id.clone()), name })
    }

    /// Remembers a name that is known already.
    pub fn learn(&mut self, kind: Kind, id: &impl std::fmt::Display, name: &str) {
        self.0.insert(Ref::new(kind, id), Some(name.to_owned()));
    }
}

/// The name of anything that has one.
async fn find(conn: &mut Conn, reference: &Ref) -> Result<Option<String>, Problem> {
    let id = reference.id.as_str();
    macro_rules! named {
        ($find:path, $it:ident => $name:expr) => {
            match parse(id) {
                Some(id) => $find(conn, &id).await?.map(|$it| $name),
                None => None,
            }
        };
    }
    Ok(match reference.kind {
        Kind::User => named!(user::find, it => it.display_name),
        Kind::Organization => named!(organization::find, it => it.name),
        Kind::Group => named!(group::find, it => it.name),
        Kind::Api => named!(api::find, it => it.name),
        Kind::Version => named!(version::find, it => it.name),
        Kind::App => named!(app::find, it => it.name),
        Kind::Client => named!(client::find, it => it.name),
        Kind::Credential => named!(credential::find, it => it.hint),
        Kind::Environment => named!(environment::find, it => it.name),
        Kind::Profile => named!(profile::find, it => it.name),
        Kind::ApiGroup => named!(api_group::find, it => it.name),
        Kind::Plan => named!(plan::find, it => it.name),
        Kind::LimitGroup => named!(plan::find_limit_group, it => it.name),
        Kind::Destination => named!(version::find_destination, it => it.name),
        Kind::Webhook => named!(webhook::find, it => it.name()),
        Kind::Subscription => match parse(id) {
            Some(id) => subscription_name(conn, &id).await?,
            None => None,
        },
        Kind::Task => named!(task::find, it => it.title).filter(|title| !title.is_empty()),
        Kind::Agreement => named!(agreement::find, it => it.title),
        Kind::SigningKey | Kind::Grant => None,
    })
}

/// `Shop > Pets`: the app and the API.
async fn subscription_name(conn: &mut Conn, id: &base::id::SubscriptionId) -> Result<Option<String>, Problem> {
    let Some(found) = subscription::find(conn, id).await? else { return Ok(None) };
    let (app, api) = (app::find(conn, &found.app).await?, api::find(conn, &found.api).await?);
    Ok(app.zip(api).map(|(app, api)| format!("{} > {}", app.name, api.name)))
}

fn parse<I: Id>(text: &str) -> Option<I> {
    I::parse(text).ok()
}

//! The names of what answers speak of, each looked up once while one answer is made.

mod sight;

use crate::cx::Cx;
use crate::subscription::Subscription;
use crate::{
    agreement, api, api_group, app, client, credential, environment, group, organization, plan, profile, subscription,
    task, user, version, webhook,
};
use base::id::Id;
use base::{Actor, Kind, Problem, Ref, id};
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
#[derive(Default)]
pub struct Names {
    known: HashMap<Ref, Option<String>>,
    /// Whom they are for, if that is not certain to see what is spoken of.
    reader: Option<Cx>,
}

impl Names {
    /// Names for somebody who reads of what was once theirs to see: what is not any more has no name then, as if it were
    /// gone.
    pub fn seen_by(cx: &Cx) -> Self {
        Self { reader: Some(cx.clone()), ..Self::default() }
    }

    /// Looks up the names of all of these that are not known yet, those of one kind in one statement: what a page speaks of
    /// is learnt before its items are made, one by one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn learn_all(&mut self, conn: &mut Conn, references: Vec<Ref>) -> Result<(), Problem> {
        let mut wanted: BTreeMap<Kind, BTreeSet<String>> = BTreeMap::new();
        for reference in references {
            if !self.known.contains_key(&reference) {
                wanted.entry(reference.kind).or_default().insert(reference.id);
            }
        }
        let shown = match &self.reader {
            Some(cx) => sight::shown(cx, conn, &wanted).await?,
            None => wanted.clone(),
        };
        for (kind, ids) in wanted {
            let mut found = match shown.get(&kind) {
                Some(shown) => find(conn, kind, shown).await?,
                None => HashMap::new(),
            };
            let named = ids.into_iter().map(|id| (found.remove(&id), id));
            self.known.extend(named.map(|(name, id)| (Ref { kind, id }, name)));
        }
        Ok(())
    }

    /// The name of this resource, if it has one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn name(&mut self, conn: &mut Conn, reference: &Ref) -> Result<Option<String>, Problem> {
        if !self.known.contains_key(reference) {
            self.learn_all(conn, vec![reference.clone()]).await?;
        }
        Ok(self.known.get(reference).cloned().flatten())
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
        self.known.insert(Ref::new(kind, id), Some(name.to_owned()));
    }
}

/// Who did it, as a resource.
pub fn resource_of(actor: &Actor) -> Option<Ref> {
    match actor {
        Actor::User(id) => Some(Ref::new(Kind::User, id)),
        Actor::Client(id) => Some(Ref::new(Kind::Client, id)),
        Actor::System | Actor::Nobody => None,
    }
}

/// The names of things of one kind, by what they were asked for by.
async fn find(conn: &mut Conn, kind: Kind, ids: &BTreeSet<String>) -> Result<HashMap<String, String>, Problem> {
    macro_rules! named {
        ($names:path) => {{
            // Ids may be written in capitals, too.
            let read: Vec<_> = ids.iter().filter_map(|text| Some((text, Id::parse(text).ok()?))).collect();
            let all: Vec<_> = read.iter().map(|(_, id)| Clone::clone(id)).collect();
            let found = $names(conn, &all).await?;
            read.iter().filter_map(|(text, id)| Some(((*text).clone(), found.get(id)?.clone()))).collect()
        }};
    }
    Ok(match kind {
        Kind::User => named!(user::names),
        Kind::Organization => named!(organization::names),
        Kind::Group => named!(group::names),
        Kind::Api => named!(api::names),
        Kind::Version => named!(version::names),
        Kind::App => named!(app::names),
        Kind::Client => named!(client::names),
        Kind::Credential => named!(credential::names),
        Kind::Environment => named!(environment::names),
        Kind::Profile => named!(profile::names),
        Kind::ApiGroup => named!(api_group::names),
        Kind::Plan => named!(plan::names),
        Kind::LimitGroup => named!(plan::limit_group_names),
        Kind::Destination => named!(version::destination_names),
        Kind::Webhook => named!(webhook::names),
        Kind::Subscription => named!(subscription_names),
        Kind::Task => {
            let titles: HashMap<String, String> = named!(task::names);
            titles.into_iter().filter(|(_, title)| !title.is_empty()).collect()
        }
        Kind::Agreement => named!(agreement::names),
        Kind::SigningKey | Kind::Grant => HashMap::new(),
    })
}

/// `Shop > Pets`: the app and the API.
async fn subscription_names(
    conn: &mut Conn,
    ids: &[id::SubscriptionId],
) -> Result<HashMap<id::SubscriptionId, String>, Problem> {
    let found = subscription::find_all(conn, ids).await?;
    let apps: BTreeSet<_> = found.iter().map(|s| s.app.clone()).collect();
    let apis: BTreeSet<_> = found.iter().map(|s| s.api.clone()).collect();
    let apps = app::names(conn, &apps.into_iter().collect::<Vec<_>>()).await?;
    let apis = api::names(conn, &apis.into_iter().collect::<Vec<_>>()).await?;
    let name = |s: Subscription| Some((format!("{} > {}", apps.get(&s.app)?, apis.get(&s.api)?), s.id));
    Ok(found.into_iter().filter_map(name).map(|(name, id)| (id, name)).collect())
}

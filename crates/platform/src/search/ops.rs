//! The reader that keeps the words, and asking for them.

use super::batch::{Batches, FARTHEST};
use super::rule::{Place, Terms, Words};
use super::sql;
use crate::authz::{self, Verb};
use crate::cx::{Cx, Platform};
use crate::{api, app, client, organization, page, plan, reader, user, version};
use base::id::{ApiId, Id, OrganizationId};
use base::{Kind, Problem, Ref};
use std::collections::BTreeSet;
use store::Conn;
use store::log::Entry;
use tokio::sync::watch;

/// The name of the reader.
pub const READER: &str = "search";

/// Keeps the words until `shutdown` says `true`.
pub async fn run(platform: Platform, shutdown: watch::Receiver<bool>) {
    reader::follow(platform, READER, learn, shutdown).await;
}

/// Reads again what the entries are about.
async fn learn(_: &Platform, conn: &mut Conn, entries: &[Entry]) -> Result<(), Problem> {
    let mut about = BTreeSet::new();
    for entry in entries {
        match entry.subject.kind {
            Kind::Api | Kind::App | Kind::Client | Kind::Organization | Kind::Plan | Kind::User => {
                about.insert(entry.subject.clone());
            }
            // Titles of versions are words of their APIs.
            Kind::Version => about.extend(entry.touches.iter().filter(|t| t.kind == Kind::Api).cloned()),
            _ => {}
        }
    }
    for resource in about {
        let terms = terms(conn, &resource).await?;
        sql::put(conn, resource.kind, &resource.id, &terms).await?;
    }
    Ok(())
}

/// The words of a resource as it is now; none if it is gone.
async fn terms(conn: &mut Conn, resource: &Ref) -> Result<Terms, Problem> {
    macro_rules! words {
        ($find:path, $it:ident => [$($name:expr),*], $about:expr) => {
            match Id::parse(&resource.id) {
                Ok(id) => $find(conn, &id).await?.map(|$it| {
                    let terms = Terms::default().with(Place::Name, $it.id.as_str());
                    $(let terms = terms.with(Place::Name, &$name);)*
                    terms.with(Place::Description, &$about)
                }),
                Err(_) => None,
            }
        };
    }
    let found = match resource.kind {
        Kind::Api => words!(api::find, it => [it.name, it.slug], it.description),
        Kind::App => words!(app::find, it => [it.name], it.description),
        Kind::Client => words!(client::find, it => [it.name, it.client_id], it.description),
        Kind::Organization => words!(organization::find, it => [it.name], it.description),
        Kind::Plan => words!(plan::find, it => [it.name], it.description),
        Kind::User => words!(user::find, it => [it.username, it.display_name], it.email),
        _ => None,
    };
    let Some(mut terms) = found else { return Ok(Terms::default()) };
    if resource.kind == Kind::Api
        && let Ok(id) = Id::parse(&resource.id)
    {
        terms = described(conn, &id, terms).await?;
    }
    Ok(terms)
}

/// The same and the words around an API: the shorter a text, the sooner its words count.
async fn described(conn: &mut Conn, id: &ApiId, mut terms: Terms) -> Result<Terms, Problem> {
    for tag in api::tags_of(conn, std::slice::from_ref(id)).await?.into_values().flatten() {
        terms = terms.with(Place::Description, &tag);
    }
    // What is published nowhere is nobody's to find: lists and searches would tell strangers of drafts.
    let mut published = version::releases(conn, std::slice::from_ref(id)).await?;
    published.retain(|release| !release.environments.is_empty());
    for release in &published {
        terms = terms.with(Place::Description, &version::title_of(conn, &release.id).await?);
    }
    let pages = page::texts(conn, id).await?;
    for (title, _) in &pages {
        terms = terms.with(Place::Documentation, title);
    }
    for release in published {
        for operation in version::operations_of(conn, &release.id).await? {
            terms = terms.with(Place::Documentation, &operation.summary);
        }
    }
    for (_, text) in &pages {
        terms = terms.with(Place::Documentation, text);
    }
    Ok(terms)
}

/// Something that was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub kind: Kind,
    pub id: String,
    pub name: String,
    /// What tells it from others of the same name.
    pub detail: String,
    /// Where the word stands.
    place: i64,
}

/// The kinds that are searched, in the order in which they are shown.
const KINDS: [Kind; 5] = [Kind::App, Kind::Api, Kind::Client, Kind::Organization, Kind::Plan];

/// What somebody looks for, and where they have a say.
struct Hunt<'a> {
    cx: &'a Cx,
    words: &'a Words,
    apps: app::Access,
    apis: api::Access,
}

/// What the caller may see that has all of these words: names before descriptions, then by kind and name.
pub async fn search(cx: &Cx, words: &Words, limit: usize) -> Result<Vec<Found>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (apps, apis) = (app::Access::of(cx, &mut tx).await?, api::Access::of(cx, &mut tx).await?);
    let hunt = Hunt { cx, words, apps, apis };
    let mut found = Vec::new();
    for kind in KINDS {
        let mut seen = match kind {
            Kind::App => hunt.apps(&mut tx).await?,
            Kind::Api => hunt.apis(&mut tx).await?,
            Kind::Client => hunt.clients(&mut tx).await?,
            _ => hunt.rare(&mut tx, kind).await?,
        };
        seen.sort_by(|a, b| (a.place, &a.name, &a.id).cmp(&(b.place, &b.name, &b.id)));
        seen.truncate(limit);
        found.extend(seen);
    }
    found.sort_by_key(|it| it.place);
    found.truncate(limit);
    Ok(found)
}

fn hit(kind: Kind, id: &impl Id, name: &str, detail: &str, place: i64) -> Found {
    Found { kind, id: id.to_string(), name: name.to_owned(), detail: detail.to_owned(), place }
}

impl Hunt<'_> {
    fn batches(&self, kind: Kind) -> Batches {
        Batches::new(kind, Some(self.words.clone()), "")
    }

    async fn apps(&self, conn: &mut Conn) -> Result<Vec<Found>, Problem> {
        let (mut batches, mut out) = (self.batches(Kind::App), Vec::new());
        while let Some(batch) = batches.next(conn, 0).await? {
            let rows = app::page(self.cx, conn, &self.apps, None, batch.ids.as_deref(), batch.place()).await?;
            let rows = batches.sift(conn, rows, |app| app.id.to_string()).await?;
            let owners: Vec<_> = rows.iter().map(|(app, _)| app.organization.clone()).collect();
            let names = organization::names(conn, &owners).await?;
            let name = |app: &app::App| names.get(&app.organization).cloned().unwrap_or_default();
            out.extend(rows.iter().map(|(app, place)| hit(Kind::App, &app.id, &app.name, &name(app), *place)));
        }
        Ok(out)
    }

    async fn apis(&self, conn: &mut Conn) -> Result<Vec<Found>, Problem> {
        let (mut batches, mut out) = (self.batches(Kind::Api), Vec::new());
        let any = api::Wanted::default();
        while let Some(batch) = batches.next(conn, 0).await? {
            let rows = api::page(self.cx, conn, &self.apis, &any, batch.ids.as_deref(), batch.place()).await?;
            let rows = batches.sift(conn, rows, |api| api.id.to_string()).await?;
            out.extend(rows.iter().map(|(api, place)| hit(Kind::Api, &api.id, &api.name, &api.slug, *place)));
        }
        Ok(out)
    }

    async fn clients(&self, conn: &mut Conn) -> Result<Vec<Found>, Problem> {
        let (mut batches, mut out) = (self.batches(Kind::Client), Vec::new());
        let mut seen = None;
        while let Some(batch) = batches.next(conn, 0).await? {
            // The apps of a few clients are soon looked at; otherwise it begins with the apps.
            if batch.ids.is_none() && seen.is_none() {
                seen = app::seen(self.cx, conn, &self.apps).await?;
            }
            let apps = seen.as_deref().filter(|_| batch.ids.is_none());
            let among = client::Wanted { apps, ids: batch.ids.as_deref(), enabled: None };
            let mut rows = client::page(conn, &among, &batch.after, batch.limit).await?;
            if batch.ids.is_some() {
                let owners: Vec<_> = rows.iter().map(|client| client.app.clone()).collect();
                let mut owners = app::among(conn, &owners).await?;
                owners.retain(|app| authz::may(self.apps.standing(app), Verb::AppRead));
                let owners: BTreeSet<_> = owners.into_iter().map(|app| app.id).collect();
                rows.retain(|client| owners.contains(&client.app));
            }
            let rows = batches.sift(conn, rows, |client| client.id.to_string()).await?;
            out.extend(rows.iter().map(|(it, place)| hit(Kind::Client, &it.id, &it.name, &it.client_id, *place)));
        }
        Ok(out)
    }

    /// Organizations and plans, of which there are few enough to begin with those that have the words.
    async fn rare(&self, conn: &mut Conn, kind: Kind) -> Result<Vec<Found>, Problem> {
        let ids = sql::some(conn, kind, self.words, FARTHEST).await?;
        let places = sql::places(conn, kind, self.words, &ids).await?;
        let place = |id: &str| places.get(id).copied();
        let may = |id: &OrganizationId| authz::may(self.apps.seats.standing(id), Verb::OrganizationRead);
        if kind == Kind::Organization {
            let ids: Vec<_> = places.keys().filter_map(|id| Id::parse(id).ok()).filter(may).collect();
            let names = organization::names(conn, &ids).await?;
            let found = |(id, name): (&OrganizationId, &String)| Some(hit(kind, id, name, "", place(id.as_str())?));
            return Ok(names.iter().filter_map(found).collect());
        }
        let ids: Vec<_> = places.keys().filter_map(|id| Id::parse(id).ok()).collect();
        let mut plans = plan::among(conn, &ids).await?;
        plans.retain(|plan| plan.organization.as_ref().is_none_or(may));
        Ok(plans
            .iter()
            .filter_map(|plan| Some(hit(kind, &plan.id, &plan.name, "", place(plan.id.as_str())?)))
            .collect())
    }
}

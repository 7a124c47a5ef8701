//! The reader that keeps the words, and asking for them.

use super::rule::{Place, Terms, Words};
use super::sql;
use crate::cx::{Cx, Platform};
use crate::{api, app, client, organization, page, plan, reader, user, version};
use base::id::{ApiId, Id};
use base::{Kind, Problem, Ref};
use std::collections::{BTreeSet, HashMap};
use store::Conn;
use store::log::Entry;
use tokio::sync::watch;

/// The name of the reader.
pub const READER: &str = "search";
/// How many resources are looked at together.
const BATCH: i64 = 500;
/// How many resources of one kind are looked at for one search at most.
const FARTHEST: usize = 10_000;

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

/// What a list is narrowed to by a question, batch by batch in the order of ids.
#[derive(Debug)]
pub struct Batches {
    kind: Kind,
    words: Option<Words>,
    after: String,
    ended: bool,
}

impl Batches {
    /// What has all of these words and lies behind `after`; everything, if there is no question.
    pub fn new(kind: Kind, words: Option<Words>, after: &str) -> Self {
        Self { kind, words, after: after.to_owned(), ended: false }
    }

    /// The next ids to look at; `Some(None)`, once, means any. `None` is the end.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn next(&mut self, conn: &mut Conn) -> Result<Option<Option<Vec<String>>>, Problem> {
        if self.ended {
            return Ok(None);
        }
        let Some(words) = &self.words else {
            self.ended = true;
            return Ok(Some(None));
        };
        let rows = sql::ids(conn, self.kind, words, &self.after, BATCH).await?;
        self.ended = i64::try_from(rows.len()).unwrap_or(BATCH) < BATCH;
        let ids: Vec<String> = rows.into_iter().map(|(id, _)| id).collect();
        match ids.last() {
            Some(last) => self.after.clone_from(last),
            None => return Ok(None),
        }
        Ok(Some(Some(ids)))
    }
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

/// What the caller may see that has all of these words: names before descriptions, then by kind and name.
pub async fn search(cx: &Cx, words: &Words, limit: usize) -> Result<Vec<Found>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (apps, apis) = (app::Access::of(cx, &mut tx).await?, api::Access::of(cx, &mut tx).await?);
    let mut found = Vec::new();
    for kind in KINDS {
        let (mut after, mut looked, mut seen) = (String::new(), 0, Vec::new());
        while looked < FARTHEST {
            let rows = sql::ids(&mut tx, kind, words, &after, BATCH).await?;
            let Some((last, _)) = rows.last() else { break };
            after.clone_from(last);
            looked += rows.len();
            let places: HashMap<String, i64> = rows.into_iter().collect();
            seen.extend(visible(cx, &mut tx, kind, &places, &apps, &apis).await?);
        }
        seen.sort_by(|a, b| (a.place, &a.name, &a.id).cmp(&(b.place, &b.name, &b.id)));
        seen.truncate(limit);
        found.extend(seen);
    }
    found.sort_by_key(|it| it.place);
    found.truncate(limit);
    Ok(found)
}

/// Those of one kind that the caller may see.
async fn visible(
    cx: &Cx,
    conn: &mut Conn,
    kind: Kind,
    places: &HashMap<String, i64>,
    apps: &app::Access,
    apis: &api::Access,
) -> Result<Vec<Found>, Problem> {
    let mut ids: Vec<String> = places.keys().cloned().collect();
    ids.sort();
    let only = Some(ids.as_slice());
    let all = ("", BATCH);
    let it = |id: &str, name: &str, detail: &str| Found {
        kind,
        id: id.to_owned(),
        name: name.to_owned(),
        detail: detail.to_owned(),
        place: places.get(id).copied().unwrap_or(i64::MAX),
    };
    Ok(match kind {
        Kind::App => {
            let rows = app::page(cx, conn, apps, None, only, all).await?;
            let owners: Vec<_> = rows.iter().map(|a| a.organization.clone()).collect();
            let names = organization::names(conn, &owners).await?;
            let name = |a: &app::App| names.get(&a.organization).cloned().unwrap_or_default();
            rows.iter().map(|a| it(a.id.as_str(), &a.name, &name(a))).collect()
        }
        Kind::Api => {
            let rows = api::page(cx, conn, apis, &api::Wanted::default(), only, all).await?;
            rows.iter().map(|a| it(a.id.as_str(), &a.name, &a.slug)).collect()
        }
        Kind::Client => {
            let rows = client::page(conn, &client::Wanted { ids: only, ..Default::default() }, "", BATCH).await?;
            let owners: Vec<_> = rows.iter().map(|c| c.app.clone()).collect();
            let may = |app: &app::App| crate::authz::may(apps.standing(app), crate::authz::Verb::AppRead);
            let known: BTreeSet<_> =
                app::among(conn, &owners).await?.into_iter().filter(may).map(|app| app.id).collect();
            let seen = rows.iter().filter(|c| known.contains(&c.app));
            seen.map(|c| it(c.id.as_str(), &c.name, &c.client_id)).collect()
        }
        Kind::Organization => {
            let parsed: Vec<_> = ids.iter().filter_map(|id| Id::parse(id).ok()).collect();
            let may = |id: &base::id::OrganizationId| {
                crate::authz::may(apps.seats.standing(id), crate::authz::Verb::OrganizationRead)
            };
            let names = organization::names(conn, &parsed).await?;
            names.iter().filter(|(id, _)| may(id)).map(|(id, name)| it(id.as_str(), name, "")).collect()
        }
        _ => {
            let parsed: Vec<_> = ids.iter().filter_map(|id| Id::parse(id).ok()).collect();
            let rows = plan::among(conn, &parsed).await?;
            let may = |p: &&plan::Plan| {
                p.organization
                    .as_ref()
                    .is_none_or(|o| crate::authz::may(apps.seats.standing(o), crate::authz::Verb::OrganizationRead))
            };
            rows.iter().filter(may).map(|p| it(p.id.as_str(), &p.name, "")).collect()
        }
    })
}

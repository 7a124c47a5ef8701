//! Searching the trail.

use super::rule::{self, Search};
use super::{scope, sql};
use crate::authz::{self, Verb};
use crate::board::{self, Names, Shown};
use crate::cx::Cx;
use crate::organization;
use base::id::Id;
use base::{Actor, Kind, Problem, Ref, id};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use store::Conn;
use store::log::{self, Entry, Filter, Kept, Proof};

/// How many entries are read at once.
const STRETCH: i64 = 200;
/// How many entries are read for one page at most: a page of rare entries cannot cost a walk of the whole log.
const FARTHEST: i64 = 4_000;
/// How long a search waits for the reader that knows which entries are about an organization.
const PATIENCE: Duration = Duration::from_secs(2);

/// An entry that was found, and how much of it the caller sees.
pub struct Found {
    pub entry: Entry,
    /// `None`: all of it. Otherwise these of its touches.
    pub touches: Option<Vec<Ref>>,
    /// Where it came from, if that is known and the caller may know it.
    pub kept: Option<Kept>,
    pub proof: Proof,
}

/// A stretch of a search.
pub struct Stretch {
    pub items: Vec<Found>,
    /// Where to go on, if there may be more.
    pub next: Option<i64>,
}

/// A search that the caller may make.
pub struct Allowed {
    search: Search,
    /// Whether only what an organization may see is shown.
    narrowed: bool,
    /// Numbers between which all entries lie.
    span: (i64, i64),
    /// The verbs that are asked for.
    verbs: Option<Vec<String>>,
}

/// Passes if the caller may make this search (X07): site administrators any, those who answer for an organization one
/// about it.
///
/// # Errors
/// 401, 403; 422 naming `organization` if there is none that the caller may see.
pub async fn allow(cx: &Cx, search: Search) -> Result<Allowed, Problem> {
    cx.signed()?;
    let mut narrowed = false;
    if let Some(id) = &search.organization {
        let mut tx = cx.read().await?;
        let unknown = || {
            Problem::not_found("organization")
                .named_at("organization", format!("There is no organization `{id}` that you may see."))
        };
        organization::find(&mut tx, id).await?.ok_or_else(unknown)?;
        let standing = organization::standing(cx, &mut tx, id).await?;
        if !authz::may(standing, Verb::OrganizationRead) {
            return Err(unknown());
        }
        cx.may(standing, Verb::OrganizationTrail)?;
        narrowed = !authz::may(standing, Verb::TrailRead);
        drop(tx);
        let head = *cx.platform.db.head().borrow();
        let caught_up = cx.platform.readers.wait(scope::READER, head);
        if tokio::time::timeout(PATIENCE, caught_up).await.is_err() {
            tracing::warn!(head, "trail.behind: the newest entries are not known to be about anybody yet");
        }
    } else if let Err(problem) = cx.may(cx.standing(), Verb::TrailRead) {
        let detail = "The whole trail is for site administrators. Name the `organization` that you answer for.";
        return Err(Problem { detail: detail.to_owned(), ..problem });
    }
    let mut tx = cx.read().await?;
    let (low, high) = log::span(&mut tx, search.since, search.until).await?;
    let verbs = match &search.verb {
        Some(_) => Some(log::verbs(&mut tx).await?.into_iter().filter(|verb| search.takes_verb(verb)).collect()),
        None => None,
    };
    Ok(Allowed { search, narrowed, span: (low.unwrap_or(0), high.unwrap_or(i64::MAX)), verbs })
}

impl Allowed {
    /// The entries that the narrowest index finds next behind `from`.
    async fn candidates(&self, conn: &mut Conn, from: Option<i64>) -> Result<Vec<Entry>, Problem> {
        let search = &self.search;
        let (mut above, mut below) = self.span;
        if let Some(from) = from {
            if search.ascending { above = above.max(from) } else { below = below.min(from) }
        }
        let (ascending, limit) = (search.ascending, STRETCH);
        let mut filter = Filter { before: Some(below), after: Some(above), ascending, limit, ..Filter::default() };
        match search {
            Search { request: Some(request), .. } => filter.request = Some(request.clone()),
            Search { touching: Some(touching), .. } => filter.touches = vec![touching.clone()],
            Search { actor: Some(actor), .. } => filter.actor = Some(actor.clone()),
            Search { organization: Some(organization), .. } => {
                let numbers = sql::of_organization(conn, organization, (above, below), ascending, limit).await?;
                let mut entries = log::by_numbers(conn, &numbers).await?;
                entries.sort_by_key(|entry| if ascending { entry.seq } else { -entry.seq });
                return Ok(entries);
            }
            _ => match (&self.verbs, search.kind) {
                (Some(verbs), _) => filter.verbs = Some(verbs.clone()),
                (None, kind) => filter.kinds = kind.map(|kind| vec![kind]),
            },
        }
        Ok(log::page(conn, &filter).await?)
    }

    /// Of these entries the ones that are asked for, each with whether all of it is shown.
    async fn fitting(&self, conn: &mut Conn, entries: Vec<Entry>) -> Result<Vec<(Entry, bool)>, Problem> {
        let mut entries: Vec<Entry> = entries.into_iter().filter(|entry| self.search.takes(entry)).collect();
        let Some(organization) = &self.search.organization else {
            return Ok(entries.into_iter().map(|entry| (entry, true)).collect());
        };
        let numbers: Vec<i64> = entries.iter().map(|entry| entry.seq).collect();
        let about = sql::whole(conn, organization, &numbers).await?;
        entries.retain(|entry| about.contains_key(&entry.seq));
        let is_whole = |entry: &Entry| !self.narrowed || about.get(&entry.seq).copied().unwrap_or(false);
        Ok(entries.into_iter().map(|entry| (is_whole(&entry), entry)).map(|(whole, entry)| (entry, whole)).collect())
    }

    /// At most `limit` entries behind `from`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn stretch(&self, cx: &Cx, from: Option<i64>, limit: i64) -> Result<Stretch, Problem> {
        let mut tx = cx.read().await?;
        let most = usize::try_from(limit).unwrap_or(1);
        let (mut found, mut from, mut read, mut next) = (Vec::new(), from, 0, None);
        'walk: loop {
            let entries = self.candidates(&mut tx, from).await?;
            let ended = i64::try_from(entries.len()).unwrap_or(STRETCH) < STRETCH;
            let last = entries.last().map(|entry| entry.seq);
            for (entry, whole) in self.fitting(&mut tx, entries).await? {
                if found.len() == most {
                    next = found.last().map(|(entry, _): &(Entry, bool)| entry.seq);
                    break 'walk;
                }
                found.push((entry, whole));
            }
            from = last.or(from);
            read += STRETCH;
            if ended {
                break;
            }
            if read >= FARTHEST {
                next = from;
                break;
            }
        }
        let items = self.dress(cx, &mut tx, found).await?;
        Ok(Stretch { items, next })
    }

    /// Adds what shows where each entry stands and where it came from.
    async fn dress(&self, cx: &Cx, conn: &mut Conn, found: Vec<(Entry, bool)>) -> Result<Vec<Found>, Problem> {
        let numbers: Vec<i64> = found.iter().map(|(entry, _)| entry.seq).collect();
        let requests: Vec<String> = found.iter().filter_map(|(entry, _)| entry.request.clone()).collect();
        let (mut proofs, origins) = (log::proofs(conn, &numbers).await?, log::origins(conn, &requests).await?);
        let narrowed = found.iter().filter(|(_, whole)| !whole);
        let apps: BTreeSet<&Ref> =
            narrowed.flat_map(|(entry, _)| board::references(entry)).filter(|r| r.kind == Kind::App).collect();
        let owners = sql::owners(conn, &apps.into_iter().cloned().collect::<Vec<_>>()).await?;
        let mut items = Vec::with_capacity(found.len());
        for (entry, whole) in found {
            let Some(proof) = proofs.remove(&entry.seq) else { continue };
            let touches = (!whole).then(|| self.visible(&entry, &owners));
            let known = entry.request.as_ref().filter(|_| self.may_know_origin(cx, &entry.actor));
            let kept = known.and_then(|request| origins.get(request)).cloned();
            items.push(Found { entry, touches, kept, proof });
        }
        Ok(items)
    }

    /// Teaches these names what that was called last that is gone, as the entry says that ended it, if the caller may see
    /// that entry, too. Answers with the ids of all that is gone. The names have learnt already what these entries name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn recall(
        &self,
        conn: &mut Conn,
        names: &mut Names,
        items: &[Found],
    ) -> Result<BTreeSet<String>, Problem> {
        let mut wanted = BTreeMap::new();
        for reference in items.iter().flat_map(|found| board::named(&found.entry)) {
            if let Some(verb) = rule::ending(reference.kind)
                && names.name(conn, &reference).await?.is_none()
            {
                wanted.insert(reference, verb);
            }
        }
        let gone = wanted.keys().map(|reference| reference.id.clone()).collect();
        let mut ends = log::told(conn, &wanted.into_iter().collect::<Vec<_>>()).await?;
        if let Some(organization) = self.search.organization.as_ref().filter(|_| self.narrowed) {
            let numbers: Vec<i64> = ends.iter().map(|told| told.seq).collect();
            let about = sql::whole(conn, organization, &numbers).await?;
            ends.retain(|told| about.contains_key(&told.seq));
        }
        for told in ends {
            if let Some(name) = rule::told_name(told.subject, &told.detail) {
                names.learn(told.of.kind, &told.of.id, &name);
            }
        }
        Ok(gone)
    }

    /// What an organization sees of the touches of an entry that is about others too.
    fn visible(&self, entry: &Entry, owners: &HashMap<Ref, String>) -> Vec<Ref> {
        let own = |app: &Ref| owners.get(app).map(String::as_str) == self.search.organization.as_ref().map(Id::as_str);
        let apps = board::references(entry).filter(|r| r.kind == Kind::App);
        let own: BTreeSet<String> = apps.filter(|app| own(app)).map(|app| app.id.clone()).collect();
        board::visible_touches(entry, Shown::Own, &own).into_iter().cloned().collect()
    }

    /// Where people sit is for site administrators and themselves. Not for those who answer for an organization that they
    /// are in: nobody is asked before they are added to one.
    fn may_know_origin(&self, cx: &Cx, actor: &Actor) -> bool {
        let Actor::User(user) = actor else { return !self.narrowed };
        !self.narrowed || id::UserId::parse(user).is_ok_and(|user| cx.is(&user))
    }

    /// The search.
    pub fn search(&self) -> &Search {
        &self.search
    }
}

//! What can be done with the data of another system: read one or many, and write one or many, each in a transaction of its
//! own. A dry run does the same and rolls back.

use super::bundle::{Bundle, Document, Entry, Written};
use super::shape::{ApiDeveloper, ApiProfile, Application, Partner, RateLimitGroup, SubscriptionPlan, Uuid};
use super::{Noun, Outcome, application, party, term};
use crate::app::{self, Access};
use crate::authz::Verb;
use crate::cx::Cx;
use crate::environment::{self, Environment};
use crate::overview::{readable_limit_group, readable_plan, standing_to_profiles};
use crate::{organization, plan, profile, user};
use base::id::Id;
use base::{Change, Page, PageRequest, Problem, ProblemKind, id};
use store::Conn;

/// What an import did, or would do.
#[derive(Debug)]
pub struct Imported {
    pub outcome: Outcome,
    /// Each step of it.
    pub changes: Vec<Change>,
    /// The number of the last change; `None` if nothing was written.
    pub seq: Option<i64>,
}

/// Passes site administrators: nobody else brings data in (C77).
pub fn may_import(cx: &Cx) -> Result<(), Problem> {
    cx.signed()?;
    cx.may(cx.standing(), Verb::Exchange)
}

/// The environment whose subscriptions are meant: `production` unless given.
pub async fn environment(conn: &mut Conn, name: Option<&str>) -> Result<Environment, Problem> {
    environment::require(conn, name.unwrap_or("production"), "environment").await
}

fn outcome(changes: &[Change]) -> Outcome {
    let made = |change: &Change| {
        let noun =
            ["limit_group.", "plan.", "profile.", "organization.", "app."].iter().any(|n| change.verb.starts_with(n));
        (noun && change.verb.ends_with(".created")) || change.verb == "user.registered"
    };
    match changes.first() {
        None => Outcome::Unchanged,
        Some(first) if made(first) => Outcome::Created,
        Some(_) => Outcome::Changed,
    }
}

/// Writes one thing under this key, or finds out what that would change.
///
/// # Errors
/// 403, 409, 422 naming a member.
pub async fn import(
    cx: &Cx,
    key: &str,
    document: Document,
    place: Option<&str>,
    dry: bool,
) -> Result<Imported, Problem> {
    may_import(cx)?;
    let mut tx = cx.write().await?;
    let place = environment(&mut tx, place).await?;
    let changes = apply(cx, &mut tx, Some(key), document, &place, Part::All).await?;
    let outcome = outcome(&changes);
    let seq = match dry || changes.is_empty() {
        true => None,
        false => Some(cx.commit(tx, changes.clone()).await?),
    };
    Ok(Imported { outcome, changes, seq })
}

/// Which part of a thing is written: the people of a bundle come before what they have roles in, their roles after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Person,
    Roles,
}

/// The UUID that a thing is known by: that of its own member, which the address must not contradict (C02, C66).
fn identity<I: Id>(key: Option<&str>, id: Option<Uuid>, bits: fn(&I) -> u128) -> Result<Uuid, Problem> {
    let named = match key {
        Some(key) => Some(uuid::<I>(key, bits)?),
        None => None,
    };
    match (named, id) {
        (Some(named), Some(id)) if named != id => Err(Problem::invalid(
            "/id",
            format!("The address names `{named}`. An id never changes: say the same, or leave it out."),
        )),
        (named, id) => named.or(id).ok_or_else(|| Problem::invalid("/id", "Say which one it is, as a UUID.")),
    }
}

/// The UUID in an address: as such, or as our own id.
fn uuid<I: Id>(key: &str, bits: fn(&I) -> u128) -> Result<Uuid, Problem> {
    let found = base::id::uuid_bits(key).or_else(|| I::parse(key).ok().as_ref().map(bits));
    let shown: String = key.chars().take(60).collect();
    let detail = format!("`{shown}` is no UUID, and no id that looks like {}_01j9z0000000000000000000000.", I::PREFIX);
    found.map(Uuid).ok_or_else(|| Problem::new(ProblemKind::NotFound, detail))
}

/// Writes one thing inside the caller's transaction.
async fn apply(
    cx: &Cx,
    conn: &mut Conn,
    key: Option<&str>,
    document: Document,
    place: &Environment,
    part: Part,
) -> Result<Vec<Change>, Problem> {
    match document {
        Document::RateLimitGroup(it) => {
            let id = identity(key, it.id, id::LimitGroupId::bits)?;
            term::import_limit_group(cx, conn, id, it).await
        }
        Document::SubscriptionPlan(it) => {
            let id = identity(key, it.id, id::PlanId::bits)?;
            term::import_plan(cx, conn, id, it).await
        }
        Document::ApiProfile(it) => {
            let name = match (key, &it.name) {
                (Some(key), Some(name)) if key != name => {
                    let detail = format!("The address names `{key}`. A profile is known by its name: say the same.");
                    return Err(Problem::invalid("/name", detail));
                }
                (Some(name), _) => name.to_owned(),
                (None, Some(name)) => name.clone(),
                (None, None) => return Err(Problem::invalid("/name", "A profile is known by its name.")),
            };
            term::import_profile(cx, conn, &name, it).await
        }
        Document::Partner(it) => {
            let id = identity(key, it.id, id::OrganizationId::bits)?;
            party::import_partner(cx, conn, id, it).await
        }
        Document::Application(it) => {
            let id = identity(key, it.id, id::AppId::bits)?;
            application::import(cx, conn, id, *it, place).await
        }
        Document::Developer(it) => {
            let id = identity(key, it.id, id::UserId::bits)?;
            let mut changes = Vec::new();
            if part != Part::Roles {
                changes.extend(party::import_person(cx, conn, id, &it).await?);
            }
            if part != Part::Person {
                changes.extend(party::import_roles(cx, conn, id, it).await?);
            }
            Ok(changes)
        }
    }
}

/// What became of one thing of a bundle.
#[derive(Debug)]
pub struct Report {
    pub noun: Noun,
    /// Its place in the list of its noun.
    pub at: usize,
    /// Its id or name, as far as it says one.
    pub key: Option<String>,
    pub name: Option<String>,
    pub result: Result<Imported, Problem>,
}

/// Writes everything of a bundle, each thing in a transaction of its own, so that one that is refused keeps no other back.
/// A dry run does it all in one transaction, which is rolled back.
///
/// # Errors
/// 403, 422 if the bundle itself makes no sense.
pub async fn import_bundle(cx: &Cx, bundle: Bundle, place: Option<&str>, dry: bool) -> Result<Vec<Report>, Problem> {
    may_import(cx)?;
    bundle.bounded()?;
    let place = environment(&mut *cx.read().await?, place).await?;
    let mut trial = if dry { Some(cx.write().await?) } else { None };
    let mut reports: Vec<Report> = Vec::new();
    for (entry, part) in order(bundle) {
        let (noun, at) = (entry.noun, entry.at);
        let (key, name) = entry.known_as();
        let result = match entry.document {
            Err(problem) => Err(problem),
            Ok(document) => one(cx, trial.as_mut(), document, &place, part).await,
        };
        let result = result.map_err(|p| within(p, noun, at));
        match reports.iter_mut().find(|r| r.noun == noun && r.at == at && part == Part::Roles) {
            Some(first) => first.add(result),
            None => reports.push(Report { noun, at, key, name, result }),
        }
    }
    Ok(reports)
}

/// What there is, in an order in which each finds what it names.
fn order(bundle: Bundle) -> Vec<(Entry, Part)> {
    let mut out: Vec<(Entry, Part)> = Vec::new();
    let entries = bundle.entries();
    for noun in [Noun::RatelimitGroups, Noun::SubscriptionPlans, Noun::ApiProfiles, Noun::Developers] {
        let part = if noun == Noun::Developers { Part::Person } else { Part::All };
        out.extend(entries.iter().filter(|e| e.noun == noun).map(|e| (e.clone(), part)));
    }
    for noun in [Noun::Partners, Noun::Applications] {
        out.extend(entries.iter().filter(|e| e.noun == noun).map(|e| (e.clone(), Part::All)));
    }
    // Whoever has roles is met again after what they are in.
    let again = |e: &&Entry| matches!(&e.document, Ok(Document::Developer(it)) if it.partners.is_some() || it.applications.is_some());
    out.extend(entries.iter().filter(again).map(|e| (e.clone(), Part::Roles)));
    out
}

impl Report {
    /// The second part of a thing that was written in two.
    fn add(&mut self, second: Result<Imported, Problem>) {
        let first = std::mem::replace(
            &mut self.result,
            Ok(Imported { outcome: Outcome::Unchanged, changes: Vec::new(), seq: None }),
        );
        self.result = match (first, second) {
            (Ok(mut first), Ok(second)) => {
                first.seq = second.seq.or(first.seq);
                first.changes.extend(second.changes);
                if first.outcome == Outcome::Unchanged {
                    first.outcome = second.outcome;
                }
                Ok(first)
            }
            (Err(problem), _) | (Ok(_), Err(problem)) => Err(problem),
        };
    }
}

/// One thing of a bundle: for good, or inside the trial.
async fn one(
    cx: &Cx,
    trial: Option<&mut store::WriteTx>,
    document: Document,
    place: &Environment,
    part: Part,
) -> Result<Imported, Problem> {
    let Some(tx) = trial else {
        let mut tx = cx.write().await?;
        let changes = apply(cx, &mut tx, None, document, place, part).await?;
        let outcome = outcome(&changes);
        let seq = if changes.is_empty() { None } else { Some(cx.commit(tx, changes.clone()).await?) };
        return Ok(Imported { outcome, changes, seq });
    };
    tx.mark().await?;
    let done = apply(cx, tx, None, document, place, part).await;
    tx.leave_mark(done.is_ok()).await?;
    let changes = done?;
    Ok(Imported { outcome: outcome(&changes), changes, seq: None })
}

/// A problem of one thing with the places that it has in the bundle.
fn within(mut problem: Problem, noun: Noun, at: usize) -> Problem {
    for field in &mut problem.fields {
        field.pointer = format!("/{}/{at}{}", noun.as_str(), field.pointer);
    }
    problem
}

// ---- reading ----

/// Rate limit groups that the caller may see.
pub async fn rate_limit_groups(cx: &Cx, page: &PageRequest) -> Result<Page<RateLimitGroup>, Problem> {
    Ok(plan::list_limit_groups(cx, page).await?.map(|group| term::limit_group(&group)))
}

pub async fn rate_limit_group(cx: &Cx, key: &str) -> Result<RateLimitGroup, Problem> {
    cx.signed()?;
    let id = id::LimitGroupId::from_bits(uuid(key, id::LimitGroupId::bits)?.0);
    Ok(term::limit_group(&readable_limit_group(cx, &mut *cx.read().await?, &id).await?))
}

/// Plans that the caller may see.
pub async fn subscription_plans(cx: &Cx, page: &PageRequest) -> Result<Page<SubscriptionPlan>, Problem> {
    Ok(plan::list(cx, page).await?.map(|plan| term::subscription_plan(&plan)))
}

pub async fn subscription_plan(cx: &Cx, key: &str) -> Result<SubscriptionPlan, Problem> {
    cx.signed()?;
    let id = id::PlanId::from_bits(uuid(key, id::PlanId::bits)?.0);
    Ok(term::subscription_plan(&readable_plan(cx, &mut *cx.read().await?, &id).await?))
}

/// Profiles, for whoever designs APIs.
pub async fn api_profiles(cx: &Cx, page: &PageRequest) -> Result<Page<ApiProfile>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    cx.may(standing_to_profiles(cx, &mut tx).await?, Verb::ProfileRead)?;
    Ok(profile::list(&mut tx, page).await?.map(|profile| term::api_profile(&profile)))
}

pub async fn api_profile(cx: &Cx, name: &str) -> Result<ApiProfile, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    cx.may_see(standing_to_profiles(cx, &mut tx).await?, Verb::ProfileRead, "profile")?;
    let found = profile::find_by_name(&mut tx, name).await?;
    Ok(term::api_profile(&found.ok_or_else(|| Problem::not_found("profile"))?))
}

/// The caller's organizations; all of them for a site administrator.
pub async fn partners(cx: &Cx, page: &PageRequest) -> Result<Page<Partner>, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let rows = organization::readable_page(cx, &mut tx, page).await?;
    Ok(Page { items: party::partners(&mut tx, &rows.items).await?, next: rows.next })
}

pub async fn partner(cx: &Cx, key: &str) -> Result<Partner, Problem> {
    cx.signed()?;
    let id = id::OrganizationId::from_bits(uuid(key, id::OrganizationId::bits)?.0);
    let mut tx = cx.read().await?;
    let organization = organization::readable(cx, &mut tx, &id).await?;
    let found = party::partners(&mut tx, &[organization]).await?.pop();
    found.ok_or_else(|| Problem::not_found("organization"))
}

/// The apps that the caller may see, in one environment.
pub async fn applications(cx: &Cx, page: &PageRequest, place: Option<&str>) -> Result<Page<Application>, Problem> {
    cx.signed()?;
    crate::cursor::<id::AppId>(page)?;
    let mut tx = cx.read().await?;
    let place = environment(&mut tx, place).await?;
    let access = Access::of(cx, &mut tx).await?;
    let rows = app::page(cx, &mut tx, &access, None, None, (page.after(), page.limit() + 1)).await?;
    let rows = Page::of(rows, page.limit(), |app| app.id.to_string());
    let items = application::applications(cx, &mut tx, &rows.items, &place).await?;
    Ok(Page { items, next: rows.next })
}

pub async fn application(cx: &Cx, key: &str, place: Option<&str>) -> Result<Application, Problem> {
    cx.signed()?;
    let id = id::AppId::from_bits(uuid(key, id::AppId::bits)?.0);
    let mut tx = cx.read().await?;
    let (app, _) = app::visible(cx, &mut tx, &id).await?;
    let place = environment(&mut tx, place).await?;
    let found = application::applications(cx, &mut tx, &[app], &place).await?.pop();
    found.ok_or_else(|| Problem::not_found("app"))
}

/// Everybody, for site administrators.
pub async fn developers(cx: &Cx, page: &PageRequest) -> Result<Page<ApiDeveloper>, Problem> {
    cx.may(cx.standing(), Verb::UserAdminister)?;
    crate::cursor::<id::UserId>(page)?;
    let mut tx = cx.read().await?;
    let rows = Page::of(user::people(&mut tx, page).await?, page.limit(), |user| user.id.to_string());
    Ok(Page { items: party::developers(&mut tx, &rows.items).await?, next: rows.next })
}

/// A person: for themselves and for site administrators.
pub async fn developer(cx: &Cx, key: &str) -> Result<ApiDeveloper, Problem> {
    cx.signed()?;
    let id = id::UserId::from_bits(uuid(key, id::UserId::bits)?.0);
    let standing = cx.standing().and_if(cx.is(&id), crate::authz::Relation::Oneself);
    cx.may_see(standing, Verb::UserReadPrivate, "developer")?;
    let mut tx = cx.read().await?;
    let found = user::find(&mut tx, &id).await?.filter(|user| user.kind == user::UserKind::Human);
    let found = party::developers(&mut tx, found.as_slice()).await?.pop();
    found.ok_or_else(|| Problem::not_found("developer"))
}

/// The order of the nouns in a bundle: each finds what it names in those before it.
const NOUNS: [Noun; 6] = [
    Noun::RatelimitGroups,
    Noun::SubscriptionPlans,
    Noun::ApiProfiles,
    Noun::Developers,
    Noun::Partners,
    Noun::Applications,
];

/// A page of everything: of one noun, and the place of the next page. For site administrators.
///
/// # Errors
/// 403, 422 if `after` is no place.
pub async fn export(
    cx: &Cx,
    after: Option<&str>,
    limit: Option<i64>,
    place: Option<&str>,
) -> Result<(Written, Option<String>), Problem> {
    may_import(cx)?;
    let wrong = || Problem::invalid("after", "Send the `next` of the page before.");
    let (noun, key) = match after {
        None | Some("") => (NOUNS[0], None),
        Some(after) => {
            let (noun, key) = after.split_once('/').ok_or_else(wrong)?;
            let noun = NOUNS.into_iter().find(|known| known.as_str() == noun).ok_or_else(wrong)?;
            (noun, Some(key.to_owned()).filter(|key| !key.is_empty()))
        }
    };
    let page = PageRequest { after: key, limit };
    let mut out = Written::default();
    let next = match noun {
        Noun::RatelimitGroups => taken(rate_limit_groups(cx, &page).await?, &mut out.ratelimit_groups),
        Noun::SubscriptionPlans => taken(subscription_plans(cx, &page).await?, &mut out.subscription_plans),
        Noun::ApiProfiles => taken(api_profiles(cx, &page).await?, &mut out.api_profiles),
        Noun::Developers => {
            let bare = |it: ApiDeveloper| ApiDeveloper { partners: None, applications: None, ..it };
            taken(developers(cx, &page).await?.map(bare), &mut out.developers)
        }
        Noun::Partners => taken(partners(cx, &page).await?, &mut out.partners),
        Noun::Applications => taken(applications(cx, &page, place).await?, &mut out.applications),
    };
    let following = NOUNS.iter().position(|n| *n == noun).and_then(|n| NOUNS.get(n + 1));
    let next = match next {
        Some(key) => Some(format!("{}/{key}", noun.as_str())),
        None => following.map(|noun| format!("{}/", noun.as_str())),
    };
    Ok((out, next))
}

fn taken<T>(page: Page<T>, list: &mut Vec<T>) -> Option<String> {
    *list = page.items;
    page.next
}

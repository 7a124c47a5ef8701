//! Reading the log for people.

use super::rule::{self, Interests, Manages, Shown};
use super::sql;
use crate::authz::{self, Verb};
use crate::cx::Cx;
use crate::{api, app, follow, group, organization, subscription, version};
use base::id::Id;
use base::{Fault, Kind, Page, PageRequest, Problem, ProblemKind, Ref, id};
use std::collections::BTreeSet;
use store::log::{self, Entry, Filter};
use store::{Conn, Quiet};

/// An entry that may be shown, and how much of it.
pub struct Seen {
    pub entry: Entry,
    pub shown: Shown,
}

/// A board with what is needed to show its entries.
pub struct Feed {
    pub page: Page<Seen>,
    /// The apps that the viewer may read of.
    pub apps: BTreeSet<String>,
}

/// What somebody wants of a feed.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only entries whose subject is of this kind.
    pub kind: Option<String>,
    /// Only entries with this verb.
    pub verb: Option<String>,
    /// Which page; the key is the number of an entry.
    pub page: PageRequest,
}

impl Wanted {
    fn filter(&self, touches: Vec<Ref>) -> Result<Filter, Problem> {
        Ok(Filter {
            touches,
            verbs: self.verb.clone().map(|v| vec![v]),
            kinds: self.kind.as_deref().map(kind_of).transpose()?.map(|k| vec![k]),
            before: before(self.page.after.as_deref())?,
            ..Filter::default()
        })
    }
}

/// The kind that a query names.
///
/// # Errors
/// 422 naming `kind`.
pub fn kind_of(word: &str) -> Result<Kind, Problem> {
    Kind::parse(word).ok_or_else(|| {
        let all: Vec<&str> = Kind::ALL.iter().map(|k| k.as_str()).collect();
        let shown: String = word.chars().take(40).collect();
        Problem::invalid("kind", format!("`{shown}` is none of {}.", all.join(", "))).code(Fault::Choice)
    })
}

/// The number before which the wanted page begins.
///
/// # Errors
/// 422 naming `after`.
pub fn before(after: Option<&str>) -> Result<Option<i64>, Problem> {
    let read = |text: &str| {
        text.parse::<i64>().map_err(|_| {
            Problem::invalid("after", "Send the `next` of the page before, a whole number.").code(Fault::Format)
        })
    };
    after.filter(|text| !text.is_empty()).map(read).transpose()
}

/// How many entries are read at once.
const STRETCH: i64 = 200;
/// How many entries are read for one page at most, so that a page of rare entries cannot cost a walk of the whole log.
const FARTHEST: i64 = 4_000;

/// A page of what `keep` makes of what any of these filters lets through, newest first. A page may hold fewer than `limit`
/// items and still have a `next`.
///
/// # Errors
/// Those of the database.
pub async fn scan<T>(
    conn: &mut Conn,
    mut filters: Vec<Filter>,
    limit: i64,
    keep: impl Fn(Entry) -> Option<T>,
) -> Result<Page<T>, Problem> {
    let most = usize::try_from(limit).unwrap_or(1);
    let mut before = filters.first().and_then(|filter| filter.before);
    let (mut items, mut read) = (Vec::new(), 0);
    loop {
        let mut entries = Vec::new();
        for filter in &mut filters {
            (filter.before, filter.limit) = (before, STRETCH);
            entries.extend(log::page(conn, filter).await?);
        }
        entries.sort_by_key(|entry| -entry.seq);
        entries.dedup_by_key(|entry| entry.seq);
        entries.truncate(usize::try_from(STRETCH).unwrap_or(0));
        let ended = i64::try_from(entries.len()).unwrap_or(STRETCH) < STRETCH;
        for entry in entries {
            if items.len() == most {
                // This entry is left for the next page, which begins before the one that was read last.
                return Ok(Page { items, next: before.map(|seq| seq.to_string()) });
            }
            before = Some(entry.seq);
            items.extend(keep(entry));
        }
        read += STRETCH;
        if ended {
            return Ok(Page { items, next: None });
        }
        if read >= FARTHEST {
            return Ok(Page { items, next: before.map(|seq| seq.to_string()) });
        }
    }
}

fn texts<I: Id>(ids: Vec<I>) -> BTreeSet<String> {
    ids.iter().map(ToString::to_string).collect()
}

async fn feed(
    conn: &mut Conn,
    wanted: &Wanted,
    touches: Vec<Ref>,
    apps: BTreeSet<String>,
    rule: impl Fn(&Entry) -> Shown,
) -> Result<Feed, Problem> {
    let filters = vec![wanted.filter(touches)?];
    feed_of(conn, wanted, filters, apps, rule).await
}

async fn feed_of(
    conn: &mut Conn,
    wanted: &Wanted,
    filters: Vec<Filter>,
    apps: BTreeSet<String>,
    rule: impl Fn(&Entry) -> Shown,
) -> Result<Feed, Problem> {
    let keep = |entry: Entry| {
        let shown = rule(&entry);
        (shown != Shown::No).then_some(Seen { entry, shown })
    };
    let page = scan(conn, filters, wanted.page.limit(), keep).await?;
    Ok(Feed { page, apps })
}

/// The apps on whose team the caller is; none for nobody.
pub async fn my_apps(cx: &Cx, conn: &mut Conn) -> Result<BTreeSet<String>, Problem> {
    match &cx.who {
        Some(who) => Ok(texts(app::of_user(conn, &who.id).await?)),
        None => Ok(BTreeSet::new()),
    }
}

/// The board of an API (A12).
///
/// # Errors
/// 404 if the caller does not see the API.
pub async fn of_api(cx: &Cx, id: &id::ApiId, wanted: &Wanted) -> Result<Feed, Problem> {
    let mut tx = cx.read().await?;
    let (_, standing) = api::visible(cx, &mut tx, id).await?;
    let api_side = authz::may(standing, Verb::ApiDecide);
    let apps = my_apps(cx, &mut tx).await?;
    let mine = apps.clone();
    let rule = |entry: &Entry| rule::on_api_board(entry, api_side, &mine);
    let filters = match api_side {
        true => vec![wanted.filter(vec![Ref::new(Kind::Api, id)])?],
        false => outside(&mut tx, id, &apps, wanted).await?,
    };
    feed_of(&mut tx, wanted, filters, apps, rule).await
}

/// What finds on the board of an API the entries that somebody from outside sees: what is everybody's, and what happened
/// to the subscriptions of their own apps. However many others have, none of theirs is read.
async fn outside(
    conn: &mut Conn,
    id: &id::ApiId,
    apps: &BTreeSet<String>,
    wanted: &Wanted,
) -> Result<Vec<Filter>, Problem> {
    let mut everybodys = wanted.filter(vec![Ref::new(Kind::Api, id)])?;
    let asked = |verb: &&str| wanted.verb.as_deref().is_none_or(|only| only == *verb);
    everybodys.verbs = Some(rule::public().filter(asked).map(str::to_owned).collect());
    let apps: Vec<_> = apps.iter().filter_map(|app| id::AppId::parse(app).ok()).collect();
    let own = subscription::between(conn, &apps, id).await?;
    if own.is_empty() {
        return Ok(vec![everybodys]);
    }
    let own = own.iter().map(|subscription| Ref::new(Kind::Subscription, subscription)).collect();
    Ok(vec![everybodys, wanted.filter(own)?])
}

/// The board of an app (A12).
///
/// # Errors
/// 404 if the caller does not see the app.
pub async fn of_app(cx: &Cx, id: &id::AppId, wanted: &Wanted) -> Result<Feed, Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (_, standing) = app::visible(cx, &mut tx, id).await?;
    cx.may_see(standing, Verb::AppRead, "app")?;
    let mut apps = my_apps(cx, &mut tx).await?;
    apps.insert(id.to_string());
    let called = called(&mut tx, &BTreeSet::from([id.to_string()])).await?;
    let mut touches = vec![Ref::new(Kind::App, id)];
    touches.extend(called.iter().map(|version| Ref::new(Kind::Version, version)));
    let rule = |entry: &Entry| match rule::touches(entry, Kind::App, id.as_str()) {
        true => rule::on_app_board(entry),
        false => rule::beside_app_board(entry, &called),
    };
    feed(&mut tx, wanted, touches, apps, rule).await
}

/// The board of an organization.
///
/// # Errors
/// 404 if the caller does not see the organization.
pub async fn of_organization(cx: &Cx, id: &id::OrganizationId, wanted: &Wanted) -> Result<Feed, Problem> {
    let mut tx = cx.read().await?;
    let (_, standing) = organization::visible(cx, &mut tx, id).await?;
    let manages = Manages {
        members: authz::may(standing, Verb::OrganizationMembers),
        webhooks: authz::may(standing, Verb::OrganizationWebhooks),
    };
    let rule = |entry: &Entry| rule::on_party_board(entry, manages);
    feed(&mut tx, wanted, vec![Ref::new(Kind::Organization, id)], BTreeSet::new(), rule).await
}

/// The board of a group of people.
///
/// # Errors
/// 404 if the caller does not see the group.
pub async fn of_group(cx: &Cx, id: &id::GroupId, wanted: &Wanted) -> Result<Feed, Problem> {
    let mut tx = cx.read().await?;
    group::visible(cx, &mut tx, id).await?;
    let rule = |entry: &Entry| rule::on_party_board(entry, Manages::default());
    feed(&mut tx, wanted, vec![Ref::new(Kind::Group, id)], BTreeSet::new(), rule).await
}

/// The caller's dashboard (A13, A23).
pub async fn dashboard(cx: &Cx, wanted: &Wanted) -> Result<(Feed, i64), Problem> {
    let me = cx.signed()?.id.clone();
    let mut tx = cx.read().await?;
    let interests = interests(cx, &mut tx).await?;
    let apps = interests.apps.clone();
    let rule = |entry: &Entry| rule::on_dashboard(entry, &interests);
    let mut feed = feed(&mut tx, wanted, interests.references(), apps, rule).await?;
    leave_out_others(cx, &mut tx, &interests, &mut feed).await?;
    Ok((feed, sql::read_through(&mut tx, &me).await?))
}

/// Whoever asked for a subscription is named in what happens to it for good. That is theirs to see for as long as they read
/// the app, or until it was deleted.
async fn leave_out_others(cx: &Cx, conn: &mut Conn, interests: &Interests, feed: &mut Feed) -> Result<(), Problem> {
    let asked = feed.page.items.iter().flat_map(|seen| rule::asked_for(&seen.entry, interests));
    let asked: BTreeSet<id::AppId> = asked.filter_map(|id| id::AppId::parse(id).ok()).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let asked: Vec<id::AppId> = asked.into_iter().collect();
    let there = app::among(conn, &asked).await?;
    let access = app::Access::among(cx, conn, &there).await?;
    let gone: Vec<id::AppId> = asked.into_iter().filter(|id| !there.iter().any(|app| app.id == *id)).collect();
    let reads = |app: &app::App| authz::may(access.standing(app), Verb::AppRead);
    let mut read = texts(there.into_iter().filter(reads).map(|app| app.id).collect());
    read.extend(texts(app::deleted_under(conn, &cx.signed()?.id, &gone).await?.into_iter().collect()));
    feed.page.items.retain(|seen| {
        let apps = rule::asked_for(&seen.entry, interests);
        apps.is_empty() || apps.iter().any(|app| read.contains(*app))
    });
    Ok(())
}

/// The caller has read their dashboard up to this entry. Answers how far they have read: never less than before.
///
/// # Errors
/// 422 if there is no such entry yet.
pub async fn mark_read(cx: &Cx, through: i64) -> Result<i64, Problem> {
    let me = cx.signed()?.id.clone();
    let head = *cx.platform.db.head().borrow();
    if through < 0 || through > head {
        return Err(Problem::invalid("/through", format!("There is no entry {through}; the newest is {head}."))
            .code(Fault::Range));
    }
    let mut tx = cx.write().await?;
    let marked = sql::mark_read(&mut tx, &me, through).await?;
    tx.commit_quiet(Quiet::NoticeRead).await?;
    Ok(marked)
}

/// How many apps' subscriptions are looked at for one dashboard.
const MOST_APPS: usize = 100;

/// The versions of the APIs to which these apps have a live subscription: whoever calls them hears of their end.
async fn called(conn: &mut Conn, apps: &BTreeSet<String>) -> Result<BTreeSet<String>, Problem> {
    let apps: Vec<id::AppId> = apps.iter().take(MOST_APPS).filter_map(|id| id::AppId::parse(id).ok()).collect();
    let apis = subscription::called_by(conn, &apps).await?;
    let releases = version::releases(conn, &apis).await?;
    Ok(releases.into_iter().map(|release| release.id.to_string()).collect())
}

async fn interests(cx: &Cx, conn: &mut Conn) -> Result<Interests, Problem> {
    let me = &cx.signed()?.id;
    let mut interests = Interests {
        me: me.to_string(),
        apis: texts(api::administered(conn, me).await?),
        apps: texts(app::of_user(conn, me).await?),
        ..Interests::default()
    };
    let follows = follow::of_user(conn, me).await?;
    let seen = follow::seen(cx, conn, follows.iter().map(|(followed, _)| followed)).await?;
    for (followed, _) in follows.into_iter().filter(|(followed, _)| seen.contains_key(followed)) {
        match followed.kind {
            Kind::Api => interests.followed.insert(followed.id),
            Kind::App => interests.apps.insert(followed.id),
            Kind::Organization => interests.organizations.insert(followed.id),
            Kind::Group => interests.groups.insert(followed.id),
            _ => false,
        };
    }
    interests.called = called(conn, &interests.apps).await?;
    Ok(interests)
}

/// Turns "there is none that you may see" into `None`.
pub fn if_visible<T>(found: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(problem)
            if matches!(
                problem.kind,
                ProblemKind::NotFound | ProblemKind::Unauthenticated | ProblemKind::Forbidden
            ) =>
        {
            Ok(None)
        }
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_key_that_is_no_number_is_named() {
        assert_eq!(before(Some("17")).ok().flatten(), Some(17));
        assert_eq!(before(None).ok().flatten(), None);
        assert_eq!(before(Some("x' OR 1=1")).expect_err("refused").fields[0].pointer, "after");
        assert_eq!(kind_of("widget").expect_err("refused").fields[0].pointer, "kind");
    }
}

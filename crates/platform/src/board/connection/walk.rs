//! Walking what ties something, a stage and a page at a time.

use super::rule::{Position, STAGES, Wanted, of_management, of_person, of_subscription};
use super::{Connection, ConnectionType};
use crate::authz::{self, Verb};
use crate::board::ops::if_visible;
use crate::cx::Cx;
use crate::subscription::Subscription;
use crate::{api, app, environment, follow, group, organization, subscription};
use base::id::{self, Id};
use base::{Kind, Page, PageRequest, Problem, Ref, Timestamp};
use std::collections::{BTreeSet, HashMap};
use store::Conn;

/// How many rows are read at once.
const STRETCH: i64 = 200;
/// How many rows are looked at for one page at most; a page may hold fewer than asked for and still have a `next`.
const FARTHEST: usize = 4_000;
/// How many apps of a person are looked through for one page at most.
const MOST_APPS: usize = 4_000;
/// Behind every id.
const END: &str = "~";

/// Where connections are listed.
pub enum End {
    Api(id::ApiId),
    App(id::AppId),
    Group(id::GroupId),
    Organization(id::OrganizationId),
    /// The contract itself.
    Subscription(Box<Subscription>),
    User(id::UserId),
}

/// Rows that follow one another in a stage, each with its key.
enum Source {
    Followers(Ref),
    /// Whether the caller follows it, for those who do not see who else does.
    OwnFollow(Ref),
    Follows(id::UserId),
    Management(id::OrganizationId),
    Team(id::AppId),
    Administrators(id::ApiId),
    GroupMembers(id::GroupId),
    Members(id::OrganizationId),
    /// Of one person; the kind of resource.
    Memberships(id::UserId, Kind),
    AccessToApi(id::ApiId),
    AccessOfApp(id::AppId),
    /// Of the apps on whose team a person is, to one API or any.
    AccessOfTeams(id::UserId, Option<id::ApiId>),
    Contract(Box<Subscription>),
}

/// What a source gave, and the key to go on with, if there may be more.
struct Stretch {
    rows: Vec<(String, Connection)>,
    next: Option<String>,
    /// How much was looked at for it.
    looked: usize,
}

impl Stretch {
    /// Rows of which a full stretch may have others behind it.
    fn of(rows: Vec<(String, Connection)>) -> Self {
        let full = i64::try_from(rows.len()).unwrap_or(STRETCH) >= STRETCH;
        let next = if full { rows.last().map(|(key, _)| key.clone()) } else { None };
        Self { looked: rows.len(), rows, next }
    }

    fn people(
        kind: ConnectionType,
        resource: &Ref,
        people: Vec<(id::UserId, Option<&'static str>, Option<Timestamp>)>,
    ) -> Self {
        let row = |(user, role, since): (id::UserId, _, _)| {
            (user.to_string(), of_person(kind, &user, resource.clone(), role, since))
        };
        Self::of(people.into_iter().map(row).collect())
    }

    fn resources(user: &id::UserId, all: Vec<(Ref, Option<&'static str>, Option<Timestamp>)>) -> Self {
        let row = |(resource, role, since): (Ref, _, _)| {
            (resource.id.clone(), of_person(ConnectionType::Membership, user, resource, role, since))
        };
        Self::of(all.into_iter().map(row).collect())
    }

    fn subscriptions(all: Vec<Subscription>) -> Self {
        Self::of(all.into_iter().map(|it| (it.id.to_string(), of_subscription(it))).collect())
    }
}

/// Since when, where that is known.
fn known(at: Timestamp) -> Option<Timestamp> {
    (at.micros() > 0).then_some(at)
}

/// A list that is being made.
pub struct Walk<'a> {
    pub cx: &'a Cx,
    pub wanted: &'a Wanted,
    environments: Vec<id::EnvironmentId>,
    /// Whose list it is, if the one who looks is somebody else who may not see all of it.
    veiled: bool,
    seen: HashMap<Ref, bool>,
}

impl<'a> Walk<'a> {
    pub async fn new(cx: &'a Cx, conn: &mut Conn, wanted: &'a Wanted) -> Result<Self, Problem> {
        let environments = match &wanted.environment {
            Some(one) => vec![one.clone()],
            None => environment::all(conn).await?.into_iter().map(|it| it.id).collect(),
        };
        Ok(Self { cx, wanted, environments, veiled: false, seen: HashMap::new() })
    }

    /// A page of what ties `end`.
    ///
    /// # Errors
    /// 404 if the caller does not see it.
    pub async fn page(
        &mut self,
        conn: &mut Conn,
        end: &End,
        request: &PageRequest,
    ) -> Result<Page<Connection>, Problem> {
        let from = Position::read(request.after())?;
        let sources = self.sources(conn, end).await?;
        let most = usize::try_from(request.limit()).unwrap_or(1);
        let (mut items, mut read) = (Vec::new(), 0);
        let mut at = from.clone();
        for stage in STAGES.into_iter().filter(|stage| self.wanted.walks(*stage)) {
            let Some(start) = from.start(stage) else { continue };
            for source in sources.iter().filter(|(of, _)| *of == stage).map(|(_, source)| source) {
                let mut start = Some(start.to_owned());
                while let Some(key) = start.take() {
                    let stretch = self.read(conn, source, &key).await?;
                    read += stretch.looked;
                    self.look(conn, &stretch).await?;
                    for (key, it) in stretch.rows {
                        let shown = self.wanted.takes(&it) && self.sees(&it);
                        if shown && items.len() == most {
                            return Ok(Page { items, next: Some(at.text()) });
                        }
                        at = Position { stage, key };
                        items.extend(shown.then_some(it));
                    }
                    if let Some(next) = &stretch.next {
                        at = Position { stage, key: next.clone() };
                        if read >= FARTHEST {
                            return Ok(Page { items, next: Some(at.text()) });
                        }
                    }
                    start = stretch.next;
                }
            }
        }
        Ok(Page { items, next: None })
    }

    /// What there is to walk at this end, for this caller.
    async fn sources(&mut self, conn: &mut Conn, end: &End) -> Result<Vec<(ConnectionType, Source)>, Problem> {
        use ConnectionType::{Access, Follow, Management, Membership};
        let me = self.cx.signed()?.id.clone();
        Ok(match end {
            End::Api(id) => {
                let (_, standing) = api::visible(self.cx, conn, id).await?;
                let resource = Ref::new(Kind::Api, id);
                let administrators = (Membership, Source::Administrators(id.clone()));
                if authz::may(standing, Verb::ApiDecide) {
                    let followers = (Follow, Source::Followers(resource));
                    vec![followers, administrators, (Access, Source::AccessToApi(id.clone()))]
                } else {
                    let own = Source::AccessOfTeams(me, Some(id.clone()));
                    vec![(Follow, Source::OwnFollow(resource)), administrators, (Access, own)]
                }
            }
            End::App(id) => {
                app::visible(self.cx, conn, id).await?;
                let followers = (Follow, Source::Followers(Ref::new(Kind::App, id)));
                vec![followers, (Membership, Source::Team(id.clone())), (Access, Source::AccessOfApp(id.clone()))]
            }
            End::Group(id) => {
                group::visible(self.cx, conn, id).await?;
                let followers = (Follow, Source::Followers(Ref::new(Kind::Group, id)));
                vec![followers, (Membership, Source::GroupMembers(id.clone()))]
            }
            End::Organization(id) => {
                organization::visible(self.cx, conn, id).await?;
                vec![
                    (Follow, Source::Followers(Ref::new(Kind::Organization, id))),
                    (Management, Source::Management(id.clone())),
                    (Membership, Source::Members(id.clone())),
                ]
            }
            End::Subscription(it) => {
                let mut all = Vec::new();
                if if_visible(app::visible(self.cx, conn, &it.app).await)?.is_some() {
                    all.push((Membership, Source::Team(it.app.clone())));
                }
                if if_visible(api::visible(self.cx, conn, &it.api).await)?.is_some() {
                    all.push((Membership, Source::Administrators(it.api.clone())));
                }
                all.push((Access, Source::Contract(it.clone())));
                all
            }
            End::User(user) => {
                self.veiled = *user != me && !self.cx.who.as_ref().is_some_and(|who| who.site_admin);
                let mut all = vec![(Follow, Source::Follows(user.clone()))];
                // In the order of their ids, which begin with the kind.
                for kind in [Kind::Api, Kind::App, Kind::Group, Kind::Organization] {
                    all.push((Membership, Source::Memberships(user.clone(), kind)));
                }
                all.push((Access, Source::AccessOfTeams(user.clone(), None)));
                all
            }
        })
    }

    /// Whether the caller may know of it. Of somebody else they learn only what they see anyway; of themselves all but what
    /// has become invisible.
    fn sees(&self, it: &Connection) -> bool {
        // What has come to its end is none any more, also before the clock has written that down (A35).
        if it.subscription.as_ref().is_some_and(|of| of.state_at(self.cx.now) != of.state) {
            return false;
        }
        let another = it.kind == ConnectionType::Follow && self.veiled && !self.cx.is_ref(&it.a);
        !another && self.veiled_end(it).is_none_or(|end| self.seen.get(end).copied().unwrap_or(false))
    }

    /// The end that the caller has to see.
    fn veiled_end<'b>(&self, it: &'b Connection) -> Option<&'b Ref> {
        match it.kind {
            ConnectionType::Follow => Some(&it.b),
            ConnectionType::Access if self.veiled => Some(&it.a),
            ConnectionType::Membership if self.veiled => Some(&it.b),
            _ => None,
        }
    }

    /// Finds out which ends of these the caller sees.
    async fn look(&mut self, conn: &mut Conn, stretch: &Stretch) -> Result<(), Problem> {
        let ends = stretch.rows.iter().filter_map(|(_, it)| self.veiled_end(it));
        let unknown: BTreeSet<Ref> = ends.filter(|end| !self.seen.contains_key(*end)).cloned().collect();
        let seen = follow::seen(self.cx, conn, &unknown).await?;
        self.seen.extend(unknown.into_iter().map(|end| (seen.contains_key(&end), end)).map(|(sees, end)| (end, sees)));
        Ok(())
    }

    /// The rows behind this key.
    async fn read(&self, conn: &mut Conn, source: &Source, after: &str) -> Result<Stretch, Problem> {
        let place = (self.wanted.states.as_slice(), self.environments.as_slice());
        match source {
            Source::AccessToApi(id) => {
                Ok(Stretch::subscriptions(subscription::at_api(conn, id, place, after, STRETCH).await?))
            }
            Source::AccessOfApp(id) => {
                Ok(Stretch::subscriptions(subscription::at_app(conn, id, place, after, STRETCH).await?))
            }
            Source::AccessOfTeams(user, api) => self.of_teams(conn, user, api.as_ref(), after).await,
            Source::Contract(it) => {
                let fits = self.wanted.states.contains(&it.state) && self.environments.contains(&it.environment);
                let behind = it.id.as_str() <= after;
                Ok(Stretch::subscriptions(if fits && !behind { vec![(**it).clone()] } else { Vec::new() }))
            }
            Source::Management(id) => management(conn, id, after).await,
            Source::Follows(user) => {
                let rows = follow::of_user_page(conn, user, after, STRETCH).await?;
                let row = |(resource, at): (Ref, _)| {
                    (resource.id.clone(), of_person(ConnectionType::Follow, user, resource, None, Some(at)))
                };
                Ok(Stretch::of(rows.into_iter().map(row).collect()))
            }
            Source::Followers(resource) => {
                let rows = follow::followers_page(conn, resource, after, STRETCH).await?;
                let people = rows.into_iter().map(|(user, at)| (user, None, Some(at))).collect();
                Ok(Stretch::people(ConnectionType::Follow, resource, people))
            }
            Source::OwnFollow(resource) => {
                let me = &self.cx.signed()?.id;
                let since = follow::since_of(conn, me, resource).await?.filter(|_| me.as_str() > after);
                let people = since.map(|at| (me.clone(), None, Some(at))).into_iter().collect();
                Ok(Stretch::people(ConnectionType::Follow, resource, people))
            }
            Source::Memberships(user, kind) => memberships(conn, user, *kind, after).await,
            Source::Team(_) | Source::Administrators(_) | Source::GroupMembers(_) | Source::Members(_) => {
                members(conn, source, after).await
            }
        }
    }

    /// Accesses of the apps on whose team a person is, app by app. The key is `app@subscription`.
    async fn of_teams(
        &self,
        conn: &mut Conn,
        user: &id::UserId,
        api: Option<&id::ApiId>,
        after: &str,
    ) -> Result<Stretch, Problem> {
        let place = (self.wanted.states.as_slice(), self.environments.as_slice());
        let (last, behind) = after.split_once('@').unwrap_or((after, END));
        let (mut last, mut behind) = (last.to_owned(), behind.to_owned());
        let mut looked = 0;
        loop {
            let mut apps: Vec<id::AppId> = Vec::new();
            if let Ok(current) = id::AppId::parse(&last)
                && behind != END
                && app::role(conn, &current, user).await?.is_some()
            {
                apps.push(current);
            }
            let more = app::memberships(conn, user, &last, STRETCH).await?;
            apps.extend(more.into_iter().map(|(app, _)| app));
            let Some(end) = apps.last().map(ToString::to_string) else { return Ok(Stretch::of(Vec::new())) };
            let rows = subscription::of_teams(conn, &apps, api, place, (&last, &behind), STRETCH).await?;
            looked += apps.len();
            let full = i64::try_from(rows.len()).unwrap_or(STRETCH) >= STRETCH;
            if rows.is_empty() && looked < MOST_APPS {
                (last, behind) = (end, END.to_owned());
                continue;
            }
            let rows: Vec<_> =
                rows.into_iter().map(|it| (format!("{}@{}", it.app, it.id), of_subscription(it))).collect();
            let key = if full { rows.last().map(|(key, _)| key.clone()) } else { None };
            let next = Some(key.unwrap_or_else(|| format!("{end}@{END}")));
            return Ok(Stretch { looked: looked + rows.len(), rows, next });
        }
    }
}

async fn management(conn: &mut Conn, id: &id::OrganizationId, after: &str) -> Result<Stretch, Problem> {
    let Some(own) = organization::find(conn, id).await? else { return Ok(Stretch::of(Vec::new())) };
    if let Some(manager) = &own.managed_by {
        let tie = (id.to_string(), of_management(manager, id, own.managed_since));
        return Ok(Stretch::of(if id.as_str() > after { vec![tie] } else { Vec::new() }));
    }
    let rows = organization::managed_page(conn, id, after, STRETCH).await?;
    let tie = |it: organization::Organization| (it.id.to_string(), of_management(id, &it.id, it.managed_since));
    Ok(Stretch::of(rows.into_iter().map(tie).collect()))
}

/// The people who belong to a resource.
async fn members(conn: &mut Conn, source: &Source, after: &str) -> Result<Stretch, Problem> {
    let (resource, people) = match source {
        Source::Team(id) => {
            let rows = app::team_page(conn, id, after, STRETCH).await?;
            let people = rows.into_iter().map(|(user, role)| (user, Some(role.as_str()), None)).collect();
            (Ref::new(Kind::App, id), people)
        }
        Source::Administrators(id) => {
            let rows = api::administrators_page(conn, id, after, STRETCH).await?;
            let people = rows.into_iter().map(|user| (user, Some("ADMINISTRATOR"), None)).collect();
            (Ref::new(Kind::Api, id), people)
        }
        Source::GroupMembers(id) => {
            let rows = group::members_page(conn, id, after, STRETCH).await?;
            let people = rows.into_iter().map(|(user, since)| (user, Some("MEMBER"), Some(since))).collect();
            (Ref::new(Kind::Group, id), people)
        }
        Source::Members(id) => {
            let rows = organization::members_page(conn, id, after, STRETCH).await?;
            let people =
                rows.into_iter().map(|(user, role, since)| (user, Some(role.as_str()), known(since))).collect();
            (Ref::new(Kind::Organization, id), people)
        }
        _ => return Ok(Stretch::of(Vec::new())),
    };
    Ok(Stretch::people(ConnectionType::Membership, &resource, people))
}

/// What a person belongs to, of one kind.
async fn memberships(conn: &mut Conn, user: &id::UserId, kind: Kind, after: &str) -> Result<Stretch, Problem> {
    let all = match kind {
        Kind::Api => {
            let rows = api::listed_on(conn, user, after, STRETCH).await?;
            rows.iter().map(|id| (Ref::new(kind, id), Some("ADMINISTRATOR"), None)).collect()
        }
        Kind::App => {
            let rows = app::memberships(conn, user, after, STRETCH).await?;
            rows.iter().map(|(id, role)| (Ref::new(kind, id), Some(role.as_str()), None)).collect()
        }
        Kind::Group => {
            let rows = group::memberships(conn, user, after, STRETCH).await?;
            rows.iter().map(|(id, since)| (Ref::new(kind, id), Some("MEMBER"), Some(*since))).collect()
        }
        _ => {
            let rows = organization::memberships(conn, user, after, STRETCH).await?;
            rows.iter().map(|(id, role, since)| (Ref::new(kind, id), Some(role.as_str()), known(*since))).collect()
        }
    };
    Ok(Stretch::resources(user, all))
}

//! What somebody may know by name today, of what they could see when it happened.
//!
//! The two ends of a subscription know one another: whoever decides for an API sees which apps ask or asked for it, and
//! whoever reads an app sees to what it has or had access.

use crate::authz::{Standing, Verb, may};
use crate::cx::Cx;
use crate::task::{self, Inbox};
use crate::{
    agreement, api, api_group, app, client, credential, group, organization, overview, subscription, user, version,
    webhook,
};
use base::id::{ApiId, AppId, Id, OrganizationId};
use base::{Kind, Problem, id};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::Conn;

/// Ids by the kind of what they are of.
type Wanted = BTreeMap<Kind, BTreeSet<String>>;

/// How many of the caller's apps are asked whether they have to do with an API that the caller does not see.
const MOST_APPS: i64 = 1_000;

/// Those of these that the caller may know by name.
pub(super) async fn shown(cx: &Cx, conn: &mut Conn, wanted: &Wanted) -> Result<Wanted, Problem> {
    let sees_all = cx.who.as_ref().is_none_or(|who| who.site_admin);
    // People's names are everybody's who has signed in; the rest is the installation's, or seen with its organization.
    let is_open = |kind: &Kind| matches!(kind, Kind::User | Kind::Environment | Kind::Plan | Kind::LimitGroup);
    if sees_all || wanted.keys().all(is_open) {
        return Ok(wanted.clone());
    }
    let behind = Behind::find(conn, wanted).await?;
    let sight = Sight::of(cx, conn, wanted, &behind).await?;
    let keep = |(kind, ids): (&Kind, &BTreeSet<String>)| {
        (*kind, ids.iter().filter(|id| sight.shows(&behind, *kind, id)).cloned().collect())
    };
    Ok(wanted.iter().map(keep).collect())
}

/// The ids of one kind.
fn ids<I: Id>(wanted: &Wanted, kind: Kind) -> Vec<I> {
    wanted.get(&kind).into_iter().flatten().filter_map(|text| I::parse(text).ok()).collect()
}

fn list<T: Clone + Ord>(of: impl IntoIterator<Item = T>) -> Vec<T> {
    of.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

/// Through what the rest is seen.
struct Behind {
    subscriptions: HashMap<id::SubscriptionId, (AppId, ApiId)>,
    inboxes: HashMap<id::TaskId, Inbox>,
    versions: HashMap<id::VersionId, ApiId>,
    agreements: HashMap<id::AgreementId, Option<ApiId>>,
    credentials: HashMap<id::CredentialId, id::ClientId>,
    clients: HashMap<id::ClientId, AppId>,
    webhooks: HashMap<id::WebhookId, Option<OrganizationId>>,
}

impl Behind {
    async fn find(conn: &mut Conn, wanted: &Wanted) -> Result<Self, Problem> {
        let subscriptions = subscription::find_all(conn, &ids(wanted, Kind::Subscription)).await?;
        let tasks = task::among(conn, &ids(wanted, Kind::Task)).await?;
        let credentials = credential::clients_of(conn, &ids(wanted, Kind::Credential)).await?;
        let clients = list(ids(wanted, Kind::Client).into_iter().chain(credentials.values().cloned()));
        Ok(Self {
            subscriptions: subscriptions.into_iter().map(|s| (s.id, (s.app, s.api))).collect(),
            inboxes: tasks.into_iter().map(|task| (task.id, task.inbox)).collect(),
            versions: version::apis_of(conn, &ids(wanted, Kind::Version)).await?,
            agreements: agreement::apis_of(conn, &ids(wanted, Kind::Agreement)).await?,
            clients: client::apps_of(conn, &clients).await?,
            credentials,
            webhooks: webhook::owners_of(conn, &ids(wanted, Kind::Webhook)).await?,
        })
    }

    fn apps(&self, wanted: &Wanted) -> Vec<AppId> {
        let behind = self.subscriptions.values().map(|(app, _)| app).chain(self.clients.values());
        list(ids(wanted, Kind::App).into_iter().chain(behind.cloned()))
    }

    fn apis(&self, wanted: &Wanted) -> Vec<ApiId> {
        let inboxes = self.inboxes.values().filter_map(|inbox| match inbox {
            Inbox::Api(id) => Some(id),
            Inbox::Organization(_) => None,
        });
        let behind = self.subscriptions.values().map(|(_, api)| api).chain(inboxes);
        let behind = behind.chain(self.versions.values()).chain(self.agreements.values().flatten());
        list(ids(wanted, Kind::Api).into_iter().chain(behind.cloned()))
    }

    fn organizations(&self, wanted: &Wanted) -> Vec<OrganizationId> {
        let inboxes = self.inboxes.values().filter_map(|inbox| match inbox {
            Inbox::Organization(id) => Some(id),
            Inbox::Api(_) => None,
        });
        let behind = inboxes.chain(self.webhooks.values().flatten());
        list(ids(wanted, Kind::Organization).into_iter().chain(behind.cloned()))
    }
}

/// What the caller knows.
#[derive(Default)]
struct Sight {
    /// The apps that they read.
    read: BTreeSet<AppId>,
    /// Those, and the apps that ask or asked for what they decide.
    apps: BTreeSet<AppId>,
    /// The APIs whose requests they decide.
    decided: BTreeSet<ApiId>,
    /// The APIs that they see, and those that an app of theirs has to do with.
    apis: BTreeSet<ApiId>,
    organizations: BTreeSet<OrganizationId>,
    /// How they stand to organizations.
    seats: HashMap<OrganizationId, Standing>,
    groups: BTreeSet<id::GroupId>,
    api_groups: BTreeSet<id::ApiGroupId>,
    profiles: bool,
}

impl Sight {
    async fn of(cx: &Cx, conn: &mut Conn, wanted: &Wanted, behind: &Behind) -> Result<Self, Problem> {
        let mut sight = Self::default();
        let owners = sight.look_at_ends(cx, conn, behind.apps(wanted), behind.apis(wanted)).await?;
        sight.look_at_organizations(cx, conn, behind.organizations(wanted), owners).await?;
        let groups = group::visible_among(cx, conn, &ids(wanted, Kind::Group)).await?;
        sight.groups = groups.into_iter().map(|(group, _)| group.id).collect();
        let api_groups = api_group::visible_among(cx, conn, &ids(wanted, Kind::ApiGroup)).await?;
        sight.api_groups = api_groups.into_iter().map(|shown| shown.group.id).collect();
        if wanted.contains_key(&Kind::Profile) {
            // Whoever holds a privilege under a profile is shown which.
            let holds = user::roles_of(conn, &[cx.signed()?.id.clone()]).await?.iter().any(|it| it.profile.is_some());
            sight.profiles = holds || may(overview::standing_to_profiles(cx, conn).await?, Verb::ProfileRead);
        }
        Ok(sight)
    }

    /// Apps and APIs; answers whose those are that the caller knows.
    async fn look_at_ends(
        &mut self,
        cx: &Cx,
        conn: &mut Conn,
        apps: Vec<AppId>,
        apis: Vec<ApiId>,
    ) -> Result<BTreeSet<OrganizationId>, Problem> {
        let mut owners = BTreeSet::new();
        for (app, _) in app::visible_among(cx, conn, &apps).await? {
            owners.insert(app.organization);
            self.read.insert(app.id);
        }
        let unread: Vec<AppId> = apps.into_iter().filter(|app| !self.read.contains(app)).collect();
        let ties = subscription::ties(conn, &unread).await?;
        let looked = list(apis.iter().chain(ties.iter().map(|(_, api)| api)).cloned());
        for (api, standing) in api::visible_among(cx, conn, &looked).await? {
            if may(standing, Verb::ApiDecide) {
                self.decided.insert(api.id.clone());
            }
            owners.insert(api.organization);
            self.apis.insert(api.id);
        }
        let asking = list(ties.into_iter().filter(|(_, api)| self.decided.contains(api)).map(|(app, _)| app));
        owners.extend(app::among(conn, &asking).await?.into_iter().map(|app| app.organization));
        self.apps = self.read.iter().cloned().chain(asking).collect();
        let hidden: Vec<ApiId> = apis.into_iter().filter(|api| !self.apis.contains(api)).collect();
        if !hidden.is_empty() {
            let access = app::Access::of(cx, conn).await?;
            let own = app::page(cx, conn, &access, None, None, ("", MOST_APPS)).await?;
            let own: Vec<AppId> = own.into_iter().map(|app| app.id).collect();
            self.apis.extend(subscription::tied(conn, &own, &hidden).await?);
        }
        Ok(owners)
    }

    /// Organizations: those that the caller belongs to or sees, those that manage them, and those that are shown with an
    /// app or API. `known` are shown with what the page speaks of.
    async fn look_at_organizations(
        &mut self,
        cx: &Cx,
        conn: &mut Conn,
        wanted: Vec<OrganizationId>,
        known: BTreeSet<OrganizationId>,
    ) -> Result<(), Problem> {
        self.organizations = known;
        if wanted.is_empty() {
            return Ok(());
        }
        let seats = organization::Seats::among(cx, conn, &wanted).await?;
        for organization in organization::among(conn, &wanted).await? {
            let standing = seats.standing(&organization.id);
            if may(standing, Verb::OrganizationRead) {
                self.seats.insert(organization.id.clone(), standing);
                self.organizations.extend(organization.managed_by);
                self.organizations.insert(organization.id);
            }
        }
        self.organizations.extend(wanted.iter().filter(|id| seats.role(id).is_some()).cloned());
        let rest: Vec<OrganizationId> = wanted.into_iter().filter(|id| !self.organizations.contains(id)).collect();
        if !rest.is_empty() {
            self.organizations.extend(api::owners_shown(cx, conn, &rest).await?);
            let teams = app::of_user(conn, &cx.signed()?.id).await?;
            self.organizations.extend(app::among(conn, &teams).await?.into_iter().map(|app| app.organization));
        }
        Ok(())
    }

    fn shows(&self, behind: &Behind, kind: Kind, text: &str) -> bool {
        match kind {
            Kind::Api => holds(&self.apis, text),
            Kind::App => holds(&self.apps, text),
            Kind::Organization => holds(&self.organizations, text),
            Kind::Group => holds(&self.groups, text),
            Kind::ApiGroup => holds(&self.api_groups, text),
            Kind::Profile => self.profiles,
            Kind::Subscription => {
                let ends = at(&behind.subscriptions, text);
                ends.is_some_and(|(app, api)| self.read.contains(app) || self.decided.contains(api))
            }
            Kind::Task => at(&behind.inboxes, text).is_some_and(|inbox| match inbox {
                Inbox::Api(api) => self.decided.contains(api),
                Inbox::Organization(id) => self.may(id, Verb::OrganizationProvide),
            }),
            Kind::Version => at(&behind.versions, text).is_some_and(|api| self.apis.contains(api)),
            Kind::Agreement => {
                let of = at(&behind.agreements, text);
                of.is_some_and(|api| api.as_ref().is_none_or(|api| self.apis.contains(api)))
            }
            Kind::Client => at(&behind.clients, text).is_some_and(|app| self.apps.contains(app)),
            Kind::Credential => {
                let client = at(&behind.credentials, text).and_then(|client| behind.clients.get(client));
                client.is_some_and(|app| self.apps.contains(app))
            }
            Kind::Webhook => {
                let owner = at(&behind.webhooks, text).and_then(Option::as_ref);
                owner.is_some_and(|id| self.may(id, Verb::OrganizationWebhooks))
            }
            _ => true,
        }
    }

    fn may(&self, organization: &OrganizationId, verb: Verb) -> bool {
        self.seats.get(organization).is_some_and(|standing| may(*standing, verb))
    }
}

fn holds<I: Id>(known: &BTreeSet<I>, text: &str) -> bool {
    I::parse(text).is_ok_and(|id| known.contains(&id))
}

fn at<'a, I: Id, T>(known: &'a HashMap<I, T>, text: &str) -> Option<&'a T> {
    known.get(&I::parse(text).ok()?)
}

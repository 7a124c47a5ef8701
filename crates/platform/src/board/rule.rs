//! What a viewer sees of an entry.

use crate::names;
use base::{Actor, Kind, Ref};
use std::collections::BTreeSet;
use store::log::Entry;

/// How much of an entry somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// Nothing at all.
    No,
    /// That it happened, to which public thing, and what was said; no detail, and no app or person beside the actor.
    Outline,
    /// All but the other consumers that it touches.
    Own,
    /// All of it.
    Whole,
}

/// Whether everybody who sees an API may know that this happened to it. What names a person (who administers it, who
/// declined its agreement) is none of theirs.
pub fn is_public(verb: &str) -> bool {
    PUBLIC.contains(&verb) || is_release(verb)
}

/// What everybody who sees an API may know, beside its releases.
const PUBLIC: [&str; 9] = [
    "api.created",
    "api.edited",
    "api.plans_set",
    "api.admission_set",
    "api.page_added",
    "api.page_edited",
    "api.page_removed",
    "agreement.published",
    "agreement.activated",
];

/// Every verb that is public.
pub fn public() -> impl Iterator<Item = &'static str> {
    PUBLIC.into_iter().chain(RELEASES)
}

/// Whether callers of a version notice it: drafts and revisions that nobody has published are its designers' own.
pub fn is_release(verb: &str) -> bool {
    RELEASES.contains(&verb)
}

/// Whether callers of a version have to know it in time: that it ends, when, or that it does not (F33).
pub fn is_ending(verb: &str) -> bool {
    is_release(verb) && !matches!(verb, "version.published" | "version.unpublished")
}

/// What callers of a version notice: what is in the changelog of its API.
pub const RELEASES: [&str; 7] = [
    "version.published",
    "version.unpublished",
    "version.deprecated",
    "version.rescheduled",
    "version.undeprecated",
    "version.reminded",
    "version.retired",
];

/// Whether this is between the people of the API side alone.
pub fn is_internal(verb: &str) -> bool {
    verb.starts_with("task.")
}

/// Whether an entry touches this resource, its subject included.
pub fn touches(entry: &Entry, kind: Kind, id: &str) -> bool {
    references(entry).any(|r| r.kind == kind && r.id == id)
}

/// The subject and everything that the entry touches. The log repeats the subject among the touches.
pub fn references(entry: &Entry) -> impl Iterator<Item = &Ref> {
    std::iter::once(&entry.subject).chain(entry.touches.iter().filter(|t| **t != entry.subject))
}

/// What an entry names: its subject, what it touches, and who did it.
pub fn named(entry: &Entry) -> Vec<Ref> {
    references(entry).cloned().chain(names::resource_of(&entry.actor)).collect()
}

fn touches_any(entry: &Entry, kind: Kind, ids: &BTreeSet<String>) -> bool {
    references(entry).any(|r| r.kind == kind && ids.contains(&r.id))
}

/// On the board of an API: the API side sees all; others what is public, and what happens to the subscriptions of the
/// apps on whose team they are.
pub fn on_api_board(entry: &Entry, api_side: bool, my_apps: &BTreeSet<String>) -> Shown {
    if api_side {
        Shown::Whole
    } else if is_public(&entry.verb) {
        Shown::Outline
    } else if entry.verb.starts_with("subscription.") && touches_any(entry, Kind::App, my_apps) {
        Shown::Own
    } else {
        Shown::No
    }
}

/// On the board of an app, of an entry that does not touch the app itself: that a version which it calls ends.
pub fn beside_app_board(entry: &Entry, called: &BTreeSet<String>) -> Shown {
    let noticed = is_ending(&entry.verb) && touches_any(entry, Kind::Version, called);
    if noticed { Shown::Outline } else { Shown::No }
}

/// On the board of an app: all but what the API side has to itself.
pub fn on_app_board(entry: &Entry) -> Shown {
    if is_internal(&entry.verb) { Shown::No } else { Shown::Own }
}

/// Whether this is between those who manage the members.
fn is_of_members(verb: &str) -> bool {
    verb.starts_with("organization.invit")
}

/// Whether this is between those who manage the webhooks: where an organization is told of things is nobody else's.
fn is_of_webhooks(verb: &str) -> bool {
    verb.starts_with("webhook.")
}

/// What somebody manages who looks at the board of an organization or a group.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manages {
    /// The members.
    pub members: bool,
    /// The webhooks.
    pub webhooks: bool,
}

/// On the board of an organization or a group, for those who see it: all but the invitations and the webhooks, which are for
/// those who manage them.
pub fn on_party_board(entry: &Entry, manages: Manages) -> Shown {
    let hidden = is_internal(&entry.verb)
        || (is_of_members(&entry.verb) && !manages.members)
        || (is_of_webhooks(&entry.verb) && !manages.webhooks);
    if hidden { Shown::No } else { Shown::Whole }
}

/// To an organization: `whole` if it is the provider, or the entry is about the organization itself; `apps` if the entry
/// touches apps of it.
pub fn shown_to_owner(entry: &Entry, whole: bool, apps: bool) -> Shown {
    if whole {
        Shown::Whole
    } else if apps {
        on_app_board(entry)
    } else {
        Shown::No
    }
}

/// What somebody has a dashboard for.
#[derive(Clone, Debug, Default)]
pub struct Interests {
    /// The user.
    pub me: String,
    /// The APIs on whose side the user is.
    pub apis: BTreeSet<String>,
    /// The apps that the user sees: those on whose team they are, and followed ones that they may read.
    pub apps: BTreeSet<String>,
    /// The APIs that the user follows and may see.
    pub followed: BTreeSet<String>,
    /// The organizations that the user follows and may see.
    pub organizations: BTreeSet<String>,
    /// The groups that the user follows and may see.
    pub groups: BTreeSet<String>,
    /// The versions of the APIs to which an app of the user's team has a live subscription.
    pub called: BTreeSet<String>,
}

impl Interests {
    /// Every resource whose entries can be on the dashboard.
    pub fn references(&self) -> Vec<Ref> {
        let of = |kind: Kind, ids: &BTreeSet<String>| ids.iter().map(|id| Ref::new(kind, id)).collect::<Vec<_>>();
        let mut all = vec![Ref::new(Kind::User, &self.me)];
        all.extend(of(Kind::Api, &self.apis));
        all.extend(of(Kind::App, &self.apps));
        all.extend(of(Kind::Api, &self.followed.difference(&self.apis).cloned().collect()));
        // By version: what happens to other consumers' subscriptions touches the API, and is none of theirs.
        all.extend(of(Kind::Version, &self.called));
        all.extend(of(Kind::Organization, &self.organizations));
        all.extend(of(Kind::Group, &self.groups));
        all
    }
}

/// On a dashboard: what touches what the user owns (A13) or the user, and what is public about what they follow (A23).
pub fn on_dashboard(entry: &Entry, interests: &Interests) -> Shown {
    let owned = touches_any(entry, Kind::Api, &interests.apis);
    let team = touches_any(entry, Kind::App, &interests.apps) || touches(entry, Kind::User, &interests.me);
    let party = touches_any(entry, Kind::Organization, &interests.organizations)
        || touches_any(entry, Kind::Group, &interests.groups);
    if owned {
        Shown::Whole
    } else if (team && !is_internal(&entry.verb)) || (party && on_party_board(entry, Manages::default()) != Shown::No) {
        Shown::Own
    } else if (is_public(&entry.verb) && touches_any(entry, Kind::Api, &interests.followed))
        || (is_ending(&entry.verb) && touches_any(entry, Kind::Version, &interests.called))
    {
        Shown::Outline
    } else {
        Shown::No
    }
}

/// The apps of a subscription that is on a dashboard only because its user once asked for it: one of them the user still
/// has to read. None for everything else, and for what the user did.
pub fn asked_for<'a>(entry: &'a Entry, interests: &Interests) -> Vec<&'a str> {
    let own = matches!(&entry.actor, Actor::User(id) if *id == interests.me);
    let otherwise = touches_any(entry, Kind::Api, &interests.apis) || touches_any(entry, Kind::App, &interests.apps);
    if own || otherwise || !entry.verb.starts_with("subscription.") {
        return Vec::new();
    }
    references(entry).filter(|r| r.kind == Kind::App).map(|r| r.id.as_str()).collect()
}

/// The resources that a viewer who sees this much may read of.
pub fn visible_touches<'a>(entry: &'a Entry, shown: Shown, my_apps: &BTreeSet<String>) -> Vec<&'a Ref> {
    let may = |r: &&Ref| match shown {
        Shown::No => false,
        Shown::Outline => matches!(r.kind, Kind::Api | Kind::Version | Kind::Agreement | Kind::Environment),
        Shown::Own => match r.kind {
            Kind::App => my_apps.contains(&r.id),
            Kind::Task => false,
            _ => true,
        },
        Shown::Whole => true,
    };
    references(entry).filter(may).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Timestamp;
    use serde_json::json;

    fn entry(verb: &str, touches: &[(Kind, &str)]) -> Entry {
        let touches: Vec<Ref> = touches.iter().map(|(kind, id)| Ref::new(*kind, id)).collect();
        Entry {
            seq: 1,
            at: Timestamp::from_seconds(1),
            actor: Actor::User("usr_x".into()),
            verb: verb.into(),
            subject: touches[0].clone(),
            touches,
            note: None,
            detail: json!({}),
            request: None,
            hash: String::new(),
        }
    }

    fn subscription(verb: &str, app: &str) -> Entry {
        entry(
            verb,
            &[
                (Kind::Subscription, "sub_1"),
                (Kind::App, app),
                (Kind::Api, "api_1"),
                (Kind::User, "usr_dev"),
                (Kind::Task, "tsk_1"),
            ],
        )
    }

    fn set(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    const ACTS: [&str; 9] = [
        "requested",
        "approved",
        "rejected",
        "activated",
        "modified",
        "suspended",
        "resumed",
        "cancelled",
        "commented",
    ];

    /// A12 X06
    #[test]
    fn on_the_board_of_an_api_a_stranger_sees_only_what_is_public() {
        for act in ACTS {
            let entry = subscription(&format!("subscription.{act}"), "app_1");
            assert_eq!(on_api_board(&entry, false, &set(&[])), Shown::No, "{act}");
            assert_eq!(on_api_board(&entry, false, &set(&["app_2"])), Shown::No, "{act}");
            assert_eq!(on_api_board(&entry, false, &set(&["app_1"])), Shown::Own, "{act}");
            assert_eq!(on_api_board(&entry, true, &set(&[])), Shown::Whole, "{act}");
        }
        let published = entry("version.published", &[(Kind::Version, "ver_1"), (Kind::Api, "api_1")]);
        assert_eq!(on_api_board(&published, false, &set(&[])), Shown::Outline);
        for verb in [
            "follow.started",
            "api.administrator_appointed",
            "agreement.declined",
            "task.commented",
            "app.created",
            "apis.edited",
            "version.uploaded",
            "version.edited",
            "version.document_replaced",
            "version.rolled_back",
        ] {
            let entry = entry(verb, &[(Kind::Api, "api_1"), (Kind::App, "app_1")]);
            assert_eq!(on_api_board(&entry, false, &set(&["app_1"])), Shown::No, "{verb}");
        }
    }

    /// A13
    #[test]
    fn both_owners_have_it_on_their_dashboards_and_an_unrelated_user_has_not() {
        let entry = subscription("subscription.requested", "app_1");
        let see = |interests: Interests| on_dashboard(&entry, &interests);
        let nobody = Interests { me: "usr_other".into(), ..Interests::default() };
        assert_eq!(see(Interests { apis: set(&["api_1"]), ..nobody.clone() }), Shown::Whole);
        assert_eq!(see(Interests { apps: set(&["app_1"]), ..nobody.clone() }), Shown::Own);
        assert_eq!(see(Interests { me: "usr_dev".into(), ..Interests::default() }), Shown::Own);
        assert_eq!(see(Interests { apis: set(&["api_2"]), apps: set(&["app_2"]), ..nobody.clone() }), Shown::No);
        assert_eq!(see(nobody), Shown::No);
    }

    #[test]
    fn who_only_asked_for_a_subscription_has_to_read_its_app_still() {
        let decided = subscription("subscription.approved", "app_1");
        let asked = Interests { me: "usr_dev".into(), ..Interests::default() };
        assert_eq!(asked_for(&decided, &asked), ["app_1"]);
        for more in [
            Interests { apps: set(&["app_1"]), ..asked.clone() },
            Interests { apis: set(&["api_1"]), ..asked.clone() },
            Interests { me: "usr_x".into(), ..Interests::default() },
        ] {
            assert!(asked_for(&decided, &more).is_empty(), "{more:?}");
        }
        // What happened to the person is theirs, whatever has become of the app.
        let removed = entry("app.member_removed", &[(Kind::App, "app_1"), (Kind::User, "usr_dev")]);
        assert!(asked_for(&removed, &asked).is_empty());
    }

    /// A23
    #[test]
    fn a_follower_sees_what_is_public_and_never_who_subscribes() {
        let follower = Interests { me: "usr_f".into(), followed: set(&["api_1"]), ..Interests::default() };
        let published = entry("version.published", &[(Kind::Version, "ver_1"), (Kind::Api, "api_1")]);
        assert_eq!(on_dashboard(&published, &follower), Shown::Outline);
        let other = Interests { followed: set(&["api_2"]), ..follower.clone() };
        assert_eq!(on_dashboard(&published, &other), Shown::No);
        for act in ACTS {
            let entry = subscription(&format!("subscription.{act}"), "app_1");
            assert_eq!(on_dashboard(&entry, &follower), Shown::No, "{act}");
        }
    }

    #[test]
    fn who_follows_an_organization_hears_its_news_but_not_whom_it_invites() {
        let follower = Interests { me: "usr_f".into(), organizations: set(&["org_1"]), ..Interests::default() };
        let edited = entry("organization.edited", &[(Kind::Organization, "org_1")]);
        let invited = entry("organization.invited", &[(Kind::Organization, "org_1")]);
        assert_eq!(on_dashboard(&edited, &follower), Shown::Own);
        assert_eq!(on_dashboard(&invited, &follower), Shown::No);
        let (all, none) = (Manages { members: true, webhooks: true }, Manages::default());
        assert_eq!((on_party_board(&invited, all), on_party_board(&invited, none)), (Shown::Whole, Shown::No));
        let hook = entry("webhook.edited", &[(Kind::Webhook, "whk_1"), (Kind::Organization, "org_1")]);
        assert_eq!(on_dashboard(&hook, &follower), Shown::No);
        let members = Manages { webhooks: false, ..all };
        assert_eq!((on_party_board(&hook, all), on_party_board(&hook, members)), (Shown::Whole, Shown::No));
        let other = entry("organization.edited", &[(Kind::Organization, "org_2")]);
        assert_eq!(on_dashboard(&other, &follower), Shown::No);
        let moved = entry("group.moved", &[(Kind::Group, "grp_1"), (Kind::Organization, "org_2")]);
        assert_eq!(on_dashboard(&moved, &Interests { groups: set(&["grp_1"]), ..follower }), Shown::Own);
    }

    /// F33
    #[test]
    fn whoever_calls_a_version_sees_that_it_ends_and_nothing_of_its_making() {
        let caller = Interests { me: "usr_c".into(), called: set(&["ver_1"]), ..Interests::default() };
        for verb in RELEASES.into_iter().filter(|verb| is_ending(verb)) {
            let entry = entry(verb, &[(Kind::Version, "ver_1"), (Kind::Api, "api_1")]);
            assert_eq!(on_dashboard(&entry, &caller), Shown::Outline, "{verb}");
            let other = Interests { called: set(&["ver_2"]), ..caller.clone() };
            assert_eq!(on_dashboard(&entry, &other), Shown::No, "{verb}");
        }
        for verb in ["version.edited", "version.uploaded", "version.document_replaced", "version.published"] {
            let entry = entry(verb, &[(Kind::Version, "ver_1"), (Kind::Api, "api_1")]);
            assert_eq!(on_dashboard(&entry, &caller), Shown::No, "{verb}");
        }
    }

    #[test]
    fn what_deciders_say_to_one_another_is_not_for_the_app() {
        let entry = subscription("task.commented", "app_1");
        assert_eq!(on_app_board(&entry), Shown::No);
        let team = Interests { me: "usr_dev".into(), apps: set(&["app_1"]), ..Interests::default() };
        assert_eq!(on_dashboard(&entry, &team), Shown::No);
        assert_eq!(on_dashboard(&entry, &Interests { apis: set(&["api_1"]), ..team }), Shown::Whole);
    }

    /// X06
    #[test]
    fn other_consumers_are_left_out_of_what_an_entry_touches() {
        let entry = entry(
            "subscription.requested",
            &[
                (Kind::Subscription, "sub_1"),
                (Kind::App, "app_1"),
                (Kind::App, "app_2"),
                (Kind::Api, "api_1"),
                (Kind::Task, "tsk_1"),
            ],
        );
        let ids = |shown| -> Vec<&str> {
            visible_touches(&entry, shown, &set(&["app_1"])).into_iter().map(|r| r.id.as_str()).collect()
        };
        assert_eq!(ids(Shown::Own), ["sub_1", "app_1", "api_1"]);
        assert_eq!(ids(Shown::Outline), ["api_1"]);
        assert_eq!(ids(Shown::Whole).len(), 5);
        assert!(ids(Shown::No).is_empty());
    }

    #[test]
    fn a_dashboard_asks_for_each_resource_once() {
        let interests = Interests {
            me: "usr_1".into(),
            apis: set(&["api_1"]),
            apps: set(&["app_1"]),
            followed: set(&["api_1", "api_2"]),
            organizations: set(&["org_1"]),
            groups: set(&["grp_1"]),
            called: set(&["ver_1"]),
        };
        let ids: Vec<String> = interests.references().into_iter().map(|r| r.id).collect();
        assert_eq!(ids, ["usr_1", "api_1", "app_1", "api_2", "ver_1", "org_1", "grp_1"]);
    }
}

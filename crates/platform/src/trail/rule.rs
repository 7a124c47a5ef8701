//! What a search asks for, which organizations an entry is about, and what things were called that are gone.

use crate::{board, webhook};
use base::{Actor, Fault, Kind, Problem, Ref, Timestamp, id};
use serde_json::Value;
use std::collections::BTreeMap;
use store::log::Entry;

/// What somebody looks for. All conditions hold at once.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Entries about this organization's resources.
    pub organization: Option<id::OrganizationId>,
    /// Entries that touch this resource.
    pub touching: Option<Ref>,
    /// Of these, those whose subject it is.
    pub subject_only: bool,
    /// Entries whose subject is of this kind.
    pub kind: Option<Kind>,
    /// Entries of this actor.
    pub actor: Option<Actor>,
    /// Entries with this verb; or with each that begins like this, if it ends in a dot.
    pub verb: Option<String>,
    /// Entries from this instant on.
    pub since: Option<Timestamp>,
    /// Entries before this instant.
    pub until: Option<Timestamp>,
    /// Entries in whose note these words stand, in any case.
    pub text: Option<String>,
    /// Entries that this request caused.
    pub request: Option<String>,
    /// Entries behind this number, in the order of the list.
    pub after: Option<i64>,
    /// The oldest first.
    pub ascending: bool,
    /// How many.
    pub limit: i64,
}

impl Search {
    /// Whether the verb is asked for.
    pub fn takes_verb(&self, verb: &str) -> bool {
        self.verb.as_deref().is_none_or(|wanted| match wanted.strip_suffix('.') {
            Some(_) => verb.starts_with(wanted),
            None => verb == wanted,
        })
    }

    /// Whether an entry is one of those, whatever organization it is about.
    pub fn takes(&self, entry: &Entry) -> bool {
        let lower = |text: &str| text.to_lowercase();
        let says = |text: &String| entry.note.as_ref().is_some_and(|note| lower(note).contains(&lower(text)));
        let touched = |wanted: &Ref| match self.subject_only {
            true => entry.subject == *wanted,
            false => board::touches(entry, wanted.kind, &wanted.id),
        };
        self.takes_verb(&entry.verb)
            && self.touching.as_ref().is_none_or(touched)
            && self.kind.is_none_or(|kind| entry.subject.kind == kind)
            && self.actor.as_ref().is_none_or(|actor| entry.actor == *actor)
            && self.since.is_none_or(|since| entry.at >= since)
            && self.until.is_none_or(|until| entry.at < until)
            && self.request.as_ref().is_none_or(|request| entry.request.as_ref() == Some(request))
            && self.text.as_ref().is_none_or(says)
    }
}

/// Reads who did it: `user:usr_...`, `client:cli_...`, `system`, `nobody`, or the bare id of a user or client.
pub fn actor(text: &str) -> Result<Actor, Problem> {
    let actor = match text.split_once('_') {
        Some(("usr", _)) => Actor::User(text.to_owned()),
        Some(("cli", _)) => Actor::Client(text.to_owned()),
        _ => Actor::from_text(text),
    };
    if actor == Actor::Nobody && text != "nobody" {
        let shown: String = text.chars().take(40).collect();
        let detail = format!("`{shown}` is no actor; one looks like `usr_...`, `cli_...`, `system` or `nobody`.");
        return Err(Problem::invalid("actor", detail).code(Fault::Format));
    }
    Ok(actor)
}

/// The most characters of a text that is looked for.
const LONGEST_TEXT: usize = 200;

/// Reads the words to look for.
pub fn text(text: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > LONGEST_TEXT {
        return Err(Problem::invalid("text", format!("At most {LONGEST_TEXT} characters.")).code(Fault::Length));
    }
    Ok(Some(text.to_owned()))
}

/// Which of the resources that an entry touches tell of an owner.
pub fn tells_owner(kind: Kind) -> bool {
    !matches!(kind, Kind::User | Kind::Organization | Kind::Environment | Kind::SigningKey)
}

/// What an entry tells of owners: its subject belongs to the one organization that it touches; what belongs to an API or
/// an app belongs to the owner of the one that it touches.
pub fn teaches(entry: &Entry, owner: impl Fn(&Ref) -> Option<String>) -> Vec<(Ref, String)> {
    let only = |kind: Kind| {
        let mut all = board::references(entry).filter(|r| r.kind == kind);
        all.next().filter(|_| all.next().is_none())
    };
    let mut learned = Vec::new();
    if let Some(organization) = only(Kind::Organization)
        && tells_owner(entry.subject.kind)
    {
        learned.push((entry.subject.clone(), organization.id.clone()));
    }
    let sides: [(Kind, &[Kind]); 2] =
        [(Kind::Api, &[Kind::Task, Kind::Version, Kind::Agreement]), (Kind::App, &[Kind::Client, Kind::Credential])];
    for (side, parts) in sides {
        let Some(organization) = only(side).and_then(&owner) else { continue };
        let belonging = board::references(entry).filter(|r| parts.contains(&r.kind));
        learned.extend(belonging.map(|r| (r.clone(), organization.clone())));
    }
    learned
}

/// The organizations that an entry is about, by what is known of owners; `true` where all of it is theirs to see.
pub fn scopes(entry: &Entry, owner: impl Fn(&Ref) -> Option<String>) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::<String, bool>::new();
    for reference in board::references(entry) {
        let (organization, whole) = match reference.kind {
            Kind::Organization => (Some(reference.id.clone()), true),
            Kind::App | Kind::Client | Kind::Credential => (owner(reference), false),
            kind if tells_owner(kind) => (owner(reference), true),
            _ => (None, false),
        };
        if let Some(organization) = organization {
            *found.entry(organization).or_default() |= whole;
        }
    }
    if found.len() == 1 {
        return found.into_keys().map(|organization| (organization, true)).collect();
    }
    found.retain(|_, whole| *whole || !board::is_internal(&entry.verb));
    found
}

/// What is written when something of this kind goes, and with it its name. A service account goes with its client. `None`
/// for what always stays.
pub fn ending(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::User | Kind::Client => "client.deleted",
        Kind::Group => "group.deleted",
        Kind::LimitGroup => "limit_group.deleted",
        Kind::Profile => "profile.deleted",
        Kind::Plan => "plan.deleted",
        Kind::Api => "api.deleted",
        Kind::ApiGroup => "api_group.deleted",
        Kind::Version => "version.deleted",
        Kind::App => "app.deleted",
        Kind::Credential => "credential.deleted",
        Kind::Agreement => "agreement.deleted",
        Kind::Webhook => "webhook.deleted",
        Kind::Organization | Kind::Environment | Kind::Destination => return None,
        Kind::Subscription | Kind::Task | Kind::SigningKey | Kind::Grant => return None,
    })
}

/// What something of this kind was called, by the entry that ended it: beside what was before, or in it.
pub fn told_name(subject: Kind, detail: &Value) -> Option<String> {
    let member = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(str::to_owned);
    let places = [Some(detail), detail.get("before")].into_iter().flatten();
    let named = |of: &Value| match subject {
        Kind::Credential => member(of, "hint"),
        Kind::Agreement => member(of, "title"),
        Kind::Webhook => Some(webhook::name_of(&member(of, "description")?, &member(of, "url")?)),
        _ => member(of, "name"),
    };
    places.into_iter().find_map(named).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(verb: &str, touches: &[(Kind, &str)]) -> Entry {
        let touches: Vec<Ref> = touches.iter().map(|(kind, id)| Ref::new(*kind, id)).collect();
        Entry {
            seq: 1,
            at: Timestamp::from_seconds(10),
            actor: Actor::User("usr_x".into()),
            verb: verb.into(),
            subject: touches[0].clone(),
            touches,
            note: Some("Bitte Freigabe für ÖPNV".into()),
            detail: json!({}),
            request: Some("r1".into()),
            hash: String::new(),
        }
    }

    #[test]
    fn an_actor_is_read_from_its_id_or_its_text() {
        assert_eq!(actor("usr_1").ok(), Some(Actor::User("usr_1".into())));
        assert_eq!(actor("user:usr_1").ok(), Some(Actor::User("usr_1".into())));
        assert_eq!(actor("cli_1").ok(), Some(Actor::Client("cli_1".into())));
        assert_eq!(actor("system").ok(), Some(Actor::System));
        assert_eq!(actor("nobody").ok(), Some(Actor::Nobody));
        assert_eq!(actor("' OR 1=1").expect_err("refused").fields[0].pointer, "actor");
    }

    #[test]
    fn every_condition_of_a_search_turns_away_what_it_does_not_fit() {
        let entry = entry("app.edited", &[(Kind::App, "app_1"), (Kind::User, "usr_1")]);
        let app = || Some(Ref::new(Kind::App, &"app_1"));
        let user = || Some(Ref::new(Kind::User, &"usr_1"));
        let fits = Search {
            touching: user(),
            kind: Some(Kind::App),
            actor: Some(Actor::User("usr_x".into())),
            verb: Some("app.".into()),
            since: Some(Timestamp::from_seconds(10)),
            until: Some(Timestamp::from_seconds(11)),
            text: Some("öpnv".into()),
            request: Some("r1".into()),
            ..Search::default()
        };
        assert!(fits.takes(&entry));
        assert!(Search { touching: app(), subject_only: true, ..fits.clone() }.takes(&entry));
        let others = [
            Search { touching: user(), subject_only: true, ..fits.clone() },
            Search { touching: Some(Ref::new(Kind::App, &"app_2")), ..fits.clone() },
            Search { kind: Some(Kind::Api), ..fits.clone() },
            Search { actor: Some(Actor::System), ..fits.clone() },
            Search { verb: Some("app.e".into()), ..fits.clone() },
            Search { verb: Some("application.".into()), ..fits.clone() },
            Search { since: Some(Timestamp::from_seconds(11)), ..fits.clone() },
            Search { until: Some(Timestamp::from_seconds(10)), ..fits.clone() },
            Search { text: Some("bus".into()), ..fits.clone() },
            Search { request: Some("r2".into()), ..fits },
        ];
        for other in others {
            assert!(!other.takes(&entry), "{other:?}");
        }
        assert!(text(Some(&"x".repeat(201))).is_err() && text(Some("  ")).is_ok_and(|t| t.is_none()));
    }

    #[test]
    fn an_entry_is_about_the_owners_of_what_it_touches() {
        let owner = |reference: &Ref| match reference.id.as_str() {
            "app_1" | "cli_1" => Some("org_consumer".to_owned()),
            "api_1" => Some("org_provider".to_owned()),
            _ => None,
        };
        let of = |verb: &str, touches: &[(Kind, &str)]| -> Vec<(String, bool)> {
            scopes(&entry(verb, touches), owner).into_iter().collect()
        };
        let both = [(Kind::Subscription, "sub_1"), (Kind::App, "app_1"), (Kind::Api, "api_1")];
        let (consumer, provider) = ("org_consumer".to_owned(), "org_provider".to_owned());
        assert_eq!(of("subscription.requested", &both), [(consumer.clone(), false), (provider.clone(), true)]);
        assert_eq!(of("task.commented", &both), [(provider.clone(), true)]);
        assert_eq!(of("client.edited", &[(Kind::Client, "cli_1"), (Kind::App, "app_1")]), [(consumer.clone(), true)]);
        let own = [(Kind::App, "app_1"), (Kind::Organization, "org_consumer")];
        assert_eq!(of("app.edited", &own), [(consumer, true)]);
        assert!(of("user.locked", &[(Kind::User, "usr_1")]).is_empty());
    }

    #[test]
    fn what_is_gone_was_called_what_its_last_entry_says() {
        let named = |kind, detail: Value| told_name(kind, &detail);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(named(Kind::App, json!({"before": {"name": "Shop"}})), text("Shop"));
        assert_eq!(named(Kind::Version, json!({"name": "v1", "before": {"title": "Pets"}})), text("v1"));
        assert_eq!(named(Kind::Agreement, json!({"title": "Terms", "before": null})), text("Terms"));
        assert_eq!(named(Kind::Credential, json!({"hint": "wxyz", "before": {"description": "CI"}})), text("wxyz"));
        let hook = |description| json!({"before": {"url": "https://a.example", "description": description}});
        assert_eq!(named(Kind::Webhook, hook("")), text("https://a.example"));
        assert_eq!(named(Kind::Webhook, hook("Billing")), text("Billing"));
        for none in [json!({}), json!(null), json!({"before": {"name": 7}}), json!({"before": "active"})] {
            assert_eq!(named(Kind::App, none), None);
        }
    }

    #[test]
    fn an_entry_tells_who_owns_what_it_touches() {
        let owner = |reference: &Ref| (reference.id == "api_1").then(|| "org_provider".to_owned());
        let of = |touches: &[(Kind, &str)]| -> Vec<(String, String)> {
            let learned = teaches(&entry("x.done", touches), owner).into_iter();
            learned.map(|(resource, organization)| (resource.id, organization)).collect()
        };
        let pair = |id: &str, organization: &str| (id.to_owned(), organization.to_owned());
        assert_eq!(of(&[(Kind::App, "app_1"), (Kind::Organization, "org_1")]), [pair("app_1", "org_1")]);
        assert!(of(&[(Kind::App, "app_1")]).is_empty());
        assert!(of(&[(Kind::Organization, "org_1"), (Kind::User, "usr_1")]).is_empty());
        assert!(of(&[(Kind::App, "a"), (Kind::Organization, "org_1"), (Kind::Organization, "org_2")]).is_empty());
        let requested =
            [(Kind::Subscription, "sub_1"), (Kind::App, "app_1"), (Kind::Api, "api_1"), (Kind::Task, "tsk_1")];
        assert_eq!(of(&requested), [pair("tsk_1", "org_provider")]);
    }
}

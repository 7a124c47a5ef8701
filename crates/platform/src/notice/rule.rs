//! Who is told of what.
//!
//! | what happened | who is told |
//! |---|---|
//! | a subscription was requested, resubmitted | who decides it (A06) |
//! | it was approved, rejected, activated, modified, has expired | its requester and the owners of its app (A52) |
//! | it was suspended, resumed, cancelled, commented by the API side or the program | the same |
//! | it was suspended, resumed, cancelled, commented by the app side | who decides it, and the requester |
//! | other terms were asked for, or that was taken back by the app side | who decides it |
//! | other terms were approved, rejected, activated, taken back otherwise | its requester and the owners of its app |
//! | a subscription ends within days | its requester, the owners of its app, who decides it |
//! | a task was commented | who decides it |
//! | a to-do was written, edited, done or reopened, an alert raised | who has it in their inbox |
//! | a version was published or taken back, an API edited, an agreement published or activated | followers (A23) and the requesters of live subscriptions |
//! | a version was deprecated, its end moved, taken back, near or reached (F33) | the same |
//! | somebody was made a member of an organization or app | that person |
//! | a webhook was switched off | the owners of its organization |
//!
//! Nobody is told of what they did themselves, and a requester who does not read the app any more of nothing: of what its
//! API does the owners of the app are told instead.

use super::Topic;
use crate::subscription::Side;
use crate::words::words;
use base::{Actor, id};
use std::collections::BTreeSet;

/// On whose behalf somebody acted: the word in the detail of an entry.
pub fn side(detail: &serde_json::Value) -> Option<Side> {
    let word = detail.get("side")?.as_str()?;
    Side::ALL.iter().copied().find(|side| side.as_str() == word)
}

/// People who stand to an entry in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Circle {
    /// Who decides requests for the API.
    Deciders,
    /// Who asked for the subscription, and reads its app still.
    Requester,
    /// The owners of the subscription's app.
    Owners,
    /// Everybody around the API: any number, who are told page by page.
    Around,
    /// The users that the entry touches.
    Named,
    /// The OWNERs and business administrators of the organizations that the entry touches.
    Keepers,
    /// The owners of the organizations that the entry touches.
    Proprietors,
}

words! {
    /// Who is around an API.
    pub enum Around {
        /// Who follows it.
        Followers = "followers",
        /// Who asked for a subscription to it that is live; the owners of its app, if that person has left.
        Subscribers = "subscribers",
    }
}

/// The circles that are told of an entry with this verb, done by this side.
pub fn circles(verb: &str, side: Option<Side>) -> &'static [Circle] {
    use Circle::{Around, Deciders, Keepers, Named, Owners, Proprietors, Requester};
    match verb {
        "subscription.requested" => &[Deciders],
        "subscription.resubmitted" if side == Some(Side::Api) => &[Deciders, Requester, Owners],
        "subscription.resubmitted" => &[Deciders],
        "subscription.approved"
        | "subscription.rejected"
        | "subscription.activated"
        | "subscription.modified"
        | "subscription.revision_approved"
        | "subscription.revision_rejected"
        | "subscription.revision_activated" => &[Requester, Owners],
        "subscription.ending" | "subscription.expired" => &[Deciders, Requester, Owners],
        "subscription.revision_requested" => &[Deciders],
        "subscription.revision_withdrawn" if side == Some(Side::App) => &[Deciders],
        "subscription.revision_withdrawn" => &[Requester, Owners],
        "subscription.suspended" | "subscription.resumed" | "subscription.cancelled" | "subscription.commented" => {
            match side {
                Some(Side::App) => &[Deciders, Requester],
                Some(Side::Api | Side::System) => &[Requester, Owners],
                None => &[Deciders, Requester, Owners],
            }
        }
        "task.commented" => &[Deciders],
        "task.created" | "task.edited" | "task.done" | "task.reopened" | "task.raised" => &[Deciders, Keepers],
        "version.published"
        | "version.unpublished"
        | "api.edited"
        | "agreement.published"
        | "agreement.activated"
        | "version.deprecated"
        | "version.rescheduled"
        | "version.undeprecated"
        | "version.reminded"
        | "version.retired" => &[Around],
        "organization.member_set" | "app.member_set" => &[Named],
        "webhook.disabled" => &[Proprietors],
        _ => &[],
    }
}

/// What a person can have mails about, or not.
///
/// A verb that is not named here is news: it can be switched off like the rest of them.
pub fn topic(verb: &str) -> Topic {
    let (noun, deed) = verb.split_once('.').unwrap_or((verb, ""));
    match (noun, deed) {
        (_, "commented") => Topic::Comments,
        (_, "reminded" | "ending") => Topic::Reminders,
        (_, "raised") => Topic::Alerts,
        ("subscription", "requested" | "resubmitted" | "revision_requested") | ("task", _) => Topic::Requests,
        ("subscription", _) => Topic::Decisions,
        (_, "member_set" | "member_removed" | "administrator_appointed" | "business_admin_appointed") => {
            Topic::Memberships
        }
        ("webhook" | "credential" | "client", _) => Topic::Alerts,
        _ => Topic::News,
    }
}

/// Everybody in these circles, once, without the one who did it.
pub fn addressees(actor: &Actor, people: impl IntoIterator<Item = id::UserId>) -> BTreeSet<id::UserId> {
    let author = match actor {
        Actor::User(id) => Some(id.as_str()),
        Actor::Client(_) | Actor::System | Actor::Nobody => None,
    };
    people.into_iter().filter(|user| Some(base::id::Id::as_str(user)) != author).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Circle::{Around, Deciders, Keepers, Named, Owners, Proprietors, Requester};

    const SIDES: [Option<Side>; 4] = [Some(Side::App), Some(Side::Api), Some(Side::System), None];

    #[track_caller]
    fn told(verb: &str, expected: [&[Circle]; 4]) {
        for (side, expected) in SIDES.into_iter().zip(expected) {
            assert_eq!(circles(verb, side), expected, "{verb} by {side:?}");
        }
    }

    /// A06
    #[test]
    fn a_request_is_told_to_those_who_decide_it_and_to_nobody_else() {
        told("subscription.requested", [&[Deciders]; 4]);
        let again: &[Circle] = &[Deciders, Requester, Owners];
        told("subscription.resubmitted", [&[Deciders], again, &[Deciders], &[Deciders]]);
        told("task.commented", [&[Deciders]; 4]);
    }

    /// A52
    #[test]
    fn every_decision_is_told_to_the_requester_and_the_owners_whoever_took_it() {
        for act in ["approved", "rejected", "activated", "modified"] {
            told(&format!("subscription.{act}"), [&[Requester, Owners]; 4]);
        }
        for act in ["revision_approved", "revision_rejected", "revision_activated"] {
            told(&format!("subscription.{act}"), [&[Requester, Owners]; 4]);
        }
    }

    /// A52
    #[test]
    fn what_one_side_does_is_told_to_the_other_and_always_to_the_requester() {
        let other: &[Circle] = &[Requester, Owners];
        let everybody: &[Circle] = &[Deciders, Requester, Owners];
        for act in ["suspended", "resumed", "cancelled", "commented"] {
            told(&format!("subscription.{act}"), [&[Deciders, Requester], other, other, everybody]);
        }
    }

    #[test]
    fn the_end_of_a_subscription_is_told_to_both_sides_and_other_terms_to_the_other_one() {
        for act in ["ending", "expired"] {
            told(&format!("subscription.{act}"), [&[Deciders, Requester, Owners]; 4]);
        }
        told("subscription.revision_requested", [&[Deciders]; 4]);
        let app: &[Circle] = &[Requester, Owners];
        told("subscription.revision_withdrawn", [&[Deciders], app, app, app]);
    }

    #[test]
    fn what_is_to_be_done_is_told_to_those_who_have_it_in_their_inbox() {
        for act in ["created", "edited", "done", "reopened", "raised"] {
            told(&format!("task.{act}"), [&[Deciders, Keepers]; 4]);
        }
    }

    /// A23
    #[test]
    fn news_of_an_api_is_told_to_followers_and_subscribers() {
        for verb in
            ["version.published", "version.unpublished", "api.edited", "agreement.published", "agreement.activated"]
        {
            told(verb, [&[Around]; 4]);
        }
    }

    /// F33
    #[test]
    fn the_end_of_a_version_is_told_to_whoever_calls_it() {
        for act in ["deprecated", "rescheduled", "undeprecated", "reminded", "retired"] {
            told(&format!("version.{act}"), [&[Around]; 4]);
        }
        for act in ["edited", "document_replaced", "rolled_back", "uploaded", "deleted"] {
            told(&format!("version.{act}"), [&[]; 4]);
        }
    }

    #[test]
    fn a_webhook_that_was_switched_off_is_told_to_the_owners_of_its_organization() {
        told("webhook.disabled", [&[Proprietors]; 4]);
    }

    #[test]
    fn every_verb_has_the_topic_that_people_would_look_for_it_under() {
        for (verb, expected) in [
            ("subscription.requested", Topic::Requests),
            ("subscription.resubmitted", Topic::Requests),
            ("subscription.approved", Topic::Decisions),
            ("subscription.cancelled", Topic::Decisions),
            ("subscription.commented", Topic::Comments),
            ("task.commented", Topic::Comments),
            ("subscription.reminded", Topic::Reminders),
            ("subscription.ending", Topic::Reminders),
            ("version.reminded", Topic::Reminders),
            ("task.raised", Topic::Alerts),
            ("task.created", Topic::Requests),
            ("version.published", Topic::News),
            ("agreement.published", Topic::News),
            ("app.member_set", Topic::Memberships),
            ("organization.member_set", Topic::Memberships),
            ("webhook.disabled", Topic::Alerts),
            ("something.new", Topic::News),
        ] {
            assert_eq!(topic(verb), expected, "{verb}");
        }
    }

    #[test]
    fn a_new_member_is_told_and_nobody_hears_of_anything_else() {
        told("organization.member_set", [&[Named]; 4]);
        told("app.member_set", [&[Named]; 4]);
        for verb in
            ["follow.started", "follow.ended", "user.locked", "credential.created", "subscription", "", "api.edite"]
        {
            told(verb, [&[]; 4]);
        }
    }

    #[test]
    fn the_side_is_read_from_the_detail_of_an_entry() {
        for known in Side::ALL {
            assert_eq!(side(&serde_json::json!({"side": known})), Some(*known));
        }
        for other in [serde_json::json!({"side": "both"}), serde_json::json!({"side": 1}), serde_json::Value::Null] {
            assert_eq!(side(&other), None);
        }
    }

    #[test]
    fn nobody_is_told_of_their_own_deed_and_nobody_twice() {
        let now = base::Timestamp::from_seconds(1);
        let (a, b) = (id::UserId::new(now), id::UserId::new(now));
        let people = || [a.clone(), b.clone(), a.clone()];
        assert_eq!(addressees(&Actor::User(a.to_string()), people()), BTreeSet::from([b.clone()]));
        assert_eq!(addressees(&Actor::System, people()), BTreeSet::from([a.clone(), b.clone()]));
        assert_eq!(addressees(&Actor::Client(a.to_string()), people()).len(), 2);
    }
}

//! What mails say, in the languages of their readers.
//!
//! The console has its own words for the same codes; a test holds these against the verbs of which anybody is told.

use crate::user::Language;

/// The sentence that says what happened, with the names in braces filled in from what the notice is about.
const HEADLINES: &[(&str, &str, &str)] = &[
    ("subscription.requested", "{app} asks for access to {api}", "{app} fragt Zugriff auf {api} an"),
    ("subscription.resubmitted", "{app} asks again for access to {api}", "{app} fragt erneut Zugriff auf {api} an"),
    (
        "subscription.approved",
        "Access of {app} to {api} was approved",
        "Der Zugriff von {app} auf {api} wurde genehmigt",
    ),
    (
        "subscription.rejected",
        "Access of {app} to {api} was rejected",
        "Der Zugriff von {app} auf {api} wurde abgelehnt",
    ),
    ("subscription.activated", "Access of {app} to {api} is active", "Der Zugriff von {app} auf {api} ist aktiv"),
    ("subscription.modified", "Access of {app} to {api} was changed", "Der Zugriff von {app} auf {api} wurde geändert"),
    (
        "subscription.suspended",
        "Access of {app} to {api} was suspended",
        "Der Zugriff von {app} auf {api} wurde ausgesetzt",
    ),
    (
        "subscription.resumed",
        "Access of {app} to {api} was resumed",
        "Der Zugriff von {app} auf {api} wurde fortgesetzt",
    ),
    (
        "subscription.cancelled",
        "Access of {app} to {api} was cancelled",
        "Der Zugriff von {app} auf {api} wurde storniert",
    ),
    ("subscription.expired", "Access of {app} to {api} has expired", "Der Zugriff von {app} auf {api} ist abgelaufen"),
    (
        "subscription.commented",
        "A comment on the access of {app} to {api}",
        "Ein Kommentar zum Zugriff von {app} auf {api}",
    ),
    (
        "task.commented",
        "A colleague's comment on the request of {app} for {api}",
        "Ein Kommentar aus Ihrem Team zur Anfrage von {app} an {api}",
    ),
    (
        "subscription.revision_requested",
        "{app} asks for other terms of its access to {api}",
        "{app} fragt andere Bedingungen für den Zugriff auf {api} an",
    ),
    (
        "subscription.revision_withdrawn",
        "Other terms for the access of {app} to {api} are no longer asked for",
        "Andere Bedingungen für den Zugriff von {app} auf {api} sind nicht mehr angefragt",
    ),
    (
        "subscription.revision_approved",
        "Other terms for the access of {app} to {api} were approved",
        "Andere Bedingungen für den Zugriff von {app} auf {api} wurden genehmigt",
    ),
    (
        "subscription.revision_rejected",
        "Other terms for the access of {app} to {api} were rejected",
        "Andere Bedingungen für den Zugriff von {app} auf {api} wurden abgelehnt",
    ),
    (
        "subscription.revision_activated",
        "Access of {app} to {api} is under other terms now",
        "Für den Zugriff von {app} auf {api} gelten jetzt andere Bedingungen",
    ),
    ("subscription.ending", "Access of {app} to {api} ends soon", "Der Zugriff von {app} auf {api} endet bald"),
    ("task.created", "To do: {subject}", "Zu tun: {subject}"),
    ("task.edited", "A task was changed: {subject}", "Eine Aufgabe wurde geändert: {subject}"),
    ("task.done", "A task is done: {subject}", "Eine Aufgabe ist erledigt: {subject}"),
    ("task.reopened", "A task is open again: {subject}", "Eine Aufgabe ist wieder offen: {subject}"),
    ("task.raised", "An alert: {subject}", "Ein Alarm: {subject}"),
    ("agreement.activated", "{api} has a new agreement in force", "Für {api} gilt eine neue Vereinbarung"),
    ("version.deprecated", "{api} {version} is deprecated", "{api} {version} ist abgekündigt"),
    ("version.rescheduled", "{api} {version} ends at another time", "{api} {version} endet zu einer anderen Zeit"),
    ("version.undeprecated", "{api} {version} is no longer deprecated", "{api} {version} ist nicht mehr abgekündigt"),
    ("version.reminded", "{api} {version} ends soon", "{api} {version} endet bald"),
    ("version.retired", "{api} {version} has ended", "{api} {version} ist beendet"),
    ("version.published", "{api} {version} was published", "{api} {version} wurde veröffentlicht"),
    ("version.unpublished", "{api} {version} was taken back", "{api} {version} wurde zurückgezogen"),
    ("api.edited", "{api} was changed", "{api} wurde geändert"),
    ("agreement.published", "{api} has a new agreement", "{api} hat eine neue Vereinbarung"),
    ("organization.member_set", "You are a member of {organization}", "Sie sind Mitglied von {organization}"),
    ("app.member_set", "You are on the team of {app}", "Sie gehören zum Team von {app}"),
    (
        "webhook.disabled",
        "A webhook of {organization} was switched off",
        "Ein Webhook von {organization} wurde abgeschaltet",
    ),
];

/// The sentence of a verb; a plain one for a verb without.
pub fn headline(language: Language, verb: &str) -> &'static str {
    let found = HEADLINES.iter().find(|(known, ..)| *known == verb);
    match (language, found) {
        (Language::En, Some((_, en, _))) => en,
        (Language::De, Some((_, _, de))) => de,
        (Language::En, None) => "News about {subject}",
        (Language::De, None) => "Neues zu {subject}",
    }
}

/// Everything else that a mail says.
pub struct Words {
    /// Before the name of whoever reads.
    pub hello: &'static str,
    /// Above who did it.
    pub who: &'static str,
    /// Above when it happened.
    pub when: &'static str,
    /// Above the app.
    pub app: &'static str,
    /// Above the API.
    pub api: &'static str,
    /// Above the environment.
    pub environment: &'static str,
    /// Above the organization.
    pub organization: &'static str,
    /// Above the words of whoever did it.
    pub said: &'static str,
    /// Before the address of the page about it.
    pub open: &'static str,
    /// The program itself did it.
    pub system: &'static str,
    /// Somebody did it who is not named.
    pub somebody: &'static str,
    /// How to have other mails, or none; before an address.
    pub stop: &'static str,
    /// What was deleted meanwhile and has no name any more.
    pub nameless: &'static str,
    /// The subject of the mail of a day; `{n}` is how many.
    pub digest: &'static str,
    /// The same for one.
    pub digest_of_one: &'static str,
    /// Below the mail of a day that could not hold everything; `{n}` is how many more there are.
    pub more: &'static str,
    /// The subject of a mail that tries whether mail works.
    pub test: &'static str,
    /// Its text.
    pub test_text: &'static str,
    /// The subject of the mail that proves an address.
    pub verify: &'static str,
    /// Its text, with `{user}` and `{link}`.
    pub verify_text: &'static str,
    /// Why somebody gets it.
    pub verify_why: &'static str,
    /// The subject of an invitation, with `{who}` and `{organization}`.
    pub invite: &'static str,
    /// Its text, with `{link}` and `{role}` besides.
    pub invite_text: &'static str,
    /// Why somebody gets it.
    pub invite_why: &'static str,
}

/// The words of a language.
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &EN,
        Language::De => &DE,
    }
}

static EN: Words = Words {
    hello: "Hello",
    who: "By",
    when: "When",
    app: "App",
    api: "API",
    environment: "Environment",
    organization: "Organization",
    said: "Comment",
    open: "Look at it:",
    system: "the program itself",
    somebody: "somebody",
    stop: "Other mails, or none:",
    nameless: "(deleted)",
    digest: "{n} notices",
    digest_of_one: "1 notice",
    more: "{n} more are in your inbox.",
    test: "Mail works",
    test_text: "A site administrator, you, has asked for this mail to see whether mail works. It does.",
    verify: "Confirm your e-mail address",
    verify_text: "The account `{user}` says that this address is its own. If that is you, sign in and open this page \
                  within a day:\n\n{link}\n\nIf it is not, do nothing: without the confirmation no other mail comes.",
    verify_why: "You get this mail because somebody has entered your address. Nobody else gets this link.",
    invite: "{who} invites you to {organization}",
    invite_text: "{who} invites you to {organization} as {role}. To accept, register or sign in here within 14 days:\n\n\
                  {link}\n\nIf you do not know them, do nothing.",
    invite_why: "You get this mail because somebody has invited your address. Nobody else gets this link.",
};

static DE: Words = Words {
    hello: "Guten Tag",
    who: "Von",
    when: "Wann",
    app: "App",
    api: "API",
    environment: "Umgebung",
    organization: "Organisation",
    said: "Kommentar",
    open: "Ansehen:",
    system: "dem Programm selbst",
    somebody: "jemandem",
    stop: "Andere Mails oder keine:",
    nameless: "(gelöscht)",
    digest: "{n} Benachrichtigungen",
    digest_of_one: "1 Benachrichtigung",
    more: "{n} weitere sind in Ihrem Eingang.",
    test: "Mail funktioniert",
    test_text: "Sie haben als Administrator der Plattform diese Mail angefordert, um zu sehen, ob Mail funktioniert. Das tut sie.",
    verify: "Bestätigen Sie Ihre E-Mail-Adresse",
    verify_text: "Das Konto `{user}` gibt diese Adresse als seine eigene an. Wenn Sie das sind, melden Sie sich an und \
                  öffnen Sie innerhalb eines Tages diese Seite:\n\n{link}\n\nWenn nicht, tun Sie nichts: Ohne die \
                  Bestätigung kommt keine weitere Mail.",
    verify_why: "Sie bekommen diese Mail, weil jemand Ihre Adresse angegeben hat. Niemand sonst bekommt diesen Link.",
    invite: "{who} lädt Sie zu {organization} ein",
    invite_text: "{who} lädt Sie zu {organization} ein, als {role}. Um anzunehmen, registrieren Sie sich oder melden Sie \
                  sich innerhalb von 14 Tagen hier an:\n\n{link}\n\nWenn Sie niemanden dort kennen, tun Sie nichts.",
    invite_why: "Sie bekommen diese Mail, weil jemand Ihre Adresse eingeladen hat. Niemand sonst bekommt diesen Link.",
};

/// Fills in what stands in braces. What is filled in is not looked at again: a name with braces stays a name.
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, behind)) => {
                out.push_str(&value(name).unwrap_or_default());
                rest = behind;
            }
            None => {
                out.push_str(after);
                return out;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every verb that stands in the table of who is told of what.
    fn told() -> Vec<&'static str> {
        let rule = include_str!("../rule.rs").split("#[cfg(test)]").next().unwrap_or_default();
        let circles =
            rule.split("pub fn circles").nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap_or_default();
        circles.split('"').skip(1).step_by(2).collect()
    }

    #[test]
    fn everything_that_people_are_told_of_has_a_sentence_in_every_language() {
        let verbs = told();
        assert!(verbs.len() > 15 && verbs.contains(&"webhook.disabled"), "{verbs:?}");
        for verb in verbs {
            assert!(HEADLINES.iter().any(|(known, ..)| *known == verb), "{verb} has no words for mails");
        }
        for (verb, en, de) in HEADLINES {
            let named = |text: &str| {
                let mut names: Vec<String> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|p| p.split_once('}'))
                    .map(|(name, _)| name.to_owned())
                    .collect();
                names.sort();
                names
            };
            assert!(en != de && named(en) == named(de), "{verb}: {en} / {de}");
        }
    }

    #[test]
    fn a_verb_without_words_is_still_told() {
        assert_eq!(headline(Language::En, "something.new"), "News about {subject}");
        assert_eq!(headline(Language::De, "something.new"), "Neues zu {subject}");
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        let value = |name: &str| (name == "app").then(|| "{api}".to_owned());
        assert_eq!(fill("{app} and {api} and {", value), "{api} and  and ");
    }
}

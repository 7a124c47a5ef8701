//! Entries of the log made into a letter.

use super::rule::{is_reachable, one_line};
use super::words::{Words, fill, headline, words};
use super::{Mail, MailKind, sql};
use crate::cx::{Cx, Platform};
use crate::names::{Names, ResourceView};
use crate::notice::look::{NoticeNames, Subject, about};
use crate::organization::{self, InvitationState};
use crate::user::{self, Language, User, UserKind};
use base::id::{Id as _, InvitationId};
use base::{Actor, Kind, Problem, Ref};
use store::Conn;
use store::log::{self, Entry};

/// How many entries the mail of a day tells of at most.
const MOST_ITEMS: i64 = 100;
/// The longest name in a subject, in characters.
const LONGEST_NAME: usize = 60;

/// A mail as it is sent.
pub struct Letter {
    /// The receiver's address.
    pub to: String,
    /// The receiver's name; empty if it is not known.
    pub name: String,
    /// In which language it is written.
    pub language: Language,
    /// On one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// Writes a mail; `None` if there is nobody or nothing to write to them any more.
///
/// # Errors
/// Those of the database.
pub async fn compose(platform: &Platform, conn: &mut Conn, mail: &Mail) -> Result<Option<Letter>, Problem> {
    let user = match &mail.user {
        Some(id) => user::find(conn, id).await?,
        None => None,
    };
    match (mail.kind, user) {
        (MailKind::Invitation, _) => invitation(platform, conn, mail).await,
        (MailKind::Verification, Some(user)) => verification(platform, conn, mail, &user).await,
        (MailKind::Test, Some(user)) => {
            let words = words(language_of(&user));
            Ok(Some(letter(platform, &user, words.test, words.test_text)))
        }
        (MailKind::Notice | MailKind::Digest, Some(user)) if is_reachable(&user) => {
            let Some((subject, body)) = told(platform, conn, mail, &user).await? else { return Ok(None) };
            Ok(Some(letter(platform, &user, &subject, &body)))
        }
        _ => Ok(None),
    }
}

fn language_of(user: &User) -> Language {
    user.language.unwrap_or(Language::En)
}

/// A letter to a user, with how to have others.
fn letter(platform: &Platform, user: &User, subject: &str, body: &str) -> Letter {
    let language = language_of(user);
    let words = words(language);
    let name = one_line(&user.display_name, LONGEST_NAME);
    let stop = format!("{} {}/me/notifications", words.stop, platform.settings.public_url);
    let text = framed(platform, &format!("{} {name},", words.hello), body, &stop);
    Letter { to: user.email.clone(), name, language, subject: one_line(subject, 200), text }
}

/// What stands around every letter.
fn framed(platform: &Platform, hello: &str, body: &str, why: &str) -> String {
    let footer = platform.settings.mail.as_ref().map_or("", |mail| mail.footer.trim());
    let footer = if footer.is_empty() { String::new() } else { format!("\n{footer}") };
    format!("{hello}\n\n{}\n\n-- \n{why}{footer}\n", body.trim_end())
}

/// The entry that a letter is about.
async fn entry_of(conn: &mut Conn, mail: &Mail) -> Result<Option<Entry>, Problem> {
    let (seqs, _) = sql::items(conn, &mail.id, 1).await?;
    let Some(seq) = seqs.first().copied() else { return Ok(None) };
    Ok(log::after(conn, seq - 1, 1).await?.into_iter().find(|e| e.seq == seq))
}

/// The link that proves an address: to that address, as long as it is the user's and not proven.
async fn verification(
    platform: &Platform,
    conn: &mut Conn,
    mail: &Mail,
    user: &User,
) -> Result<Option<Letter>, Problem> {
    let Some(entry) = entry_of(conn, mail).await? else { return Ok(None) };
    if user.email_verified || user.email.is_empty() || user.kind != UserKind::Human {
        return Ok(None);
    }
    let language = language_of(user);
    let words = words(language);
    let link = user::verification_link(platform, user, entry.at);
    let body = fill(words.verify_text, |place| {
        Some(if place == "user" { user.username.clone() } else { link.reveal().to_owned() })
    });
    let name = one_line(&user.display_name, LONGEST_NAME);
    let text = framed(platform, &format!("{} {name},", words.hello), &body, words.verify_why);
    Ok(Some(Letter { to: user.email.clone(), name, language, subject: words.verify.to_owned(), text }))
}

/// The link that an invited person registers with, as long as the invitation waits.
async fn invitation(platform: &Platform, conn: &mut Conn, mail: &Mail) -> Result<Option<Letter>, Problem> {
    let Some(entry) = entry_of(conn, mail).await? else { return Ok(None) };
    let id = entry.detail["invitation"].as_str().and_then(|id| InvitationId::parse(id).ok());
    let Some(id) = id else { return Ok(None) };
    let Some(it) = organization::find_invitation(conn, &id).await? else { return Ok(None) };
    if it.state_at(platform.clock.now()) != InvitationState::Pending {
        return Ok(None);
    }
    let inviter = user::find(conn, &it.invited_by).await?;
    // Nothing is known of the receiver; whoever invites them shares more with them than anybody else.
    let language = inviter.as_ref().map_or(Language::En, language_of);
    let words = words(language);
    let names = [
        ("who", inviter.map(|user| one_line(&user.display_name, LONGEST_NAME))),
        ("organization", organization::find(conn, &it.organization).await?.map(|o| one_line(&o.name, LONGEST_NAME))),
        ("link", Some(organization::invitation_link(platform, &it).reveal().to_owned())),
        ("role", Some(it.role.as_str().to_owned())),
    ];
    let named = |place: &str| {
        let found = names.iter().find(|(name, _)| *name == place).and_then(|(_, value)| value.clone());
        Some(found.unwrap_or_else(|| words.somebody.to_owned()))
    };
    let subject = one_line(&fill(words.invite, named), 200);
    let text = framed(platform, &format!("{},", words.hello), &fill(words.invite_text, named), words.invite_why);
    Ok(Some(Letter { to: it.email, name: String::new(), language, subject, text }))
}

/// Subject and text about what a notice or a whole day tells of; `None` if it is gone.
async fn told(
    platform: &Platform,
    conn: &mut Conn,
    mail: &Mail,
    user: &User,
) -> Result<Option<(String, String)>, Problem> {
    let language = language_of(user);
    let words = words(language);
    let (seqs, all) = sql::items(conn, &mail.id, MOST_ITEMS).await?;
    // The mail of a day tells of what its reader may have left since.
    let mut names = Names::seen_by(&Cx::on_behalf(platform, user.clone()));
    let mut items = Vec::with_capacity(seqs.len());
    for seq in seqs {
        if let Some(entry) = log::after(conn, seq - 1, 1).await?.into_iter().find(|e| e.seq == seq) {
            items.push(Item::of(platform, conn, &mut names, language, entry).await?);
        }
    }
    let Some(first) = items.first() else { return Ok(None) };
    if mail.kind == MailKind::Notice {
        return Ok(Some((first.headline.clone(), first.whole(words))));
    }
    let mut body = items.iter().map(|item| item.brief(words)).collect::<Vec<_>>().join("\n");
    let more = all - i64::try_from(items.len()).unwrap_or(all);
    if more > 0 {
        body.push('\n');
        body.push_str(&fill(words.more, |_| Some(more.to_string())));
    }
    let template = if all == 1 { words.digest_of_one } else { words.digest };
    Ok(Some((fill(template, |_| Some(all.to_string())), body)))
}

/// One entry, in words.
struct Item {
    headline: String,
    who: String,
    at: String,
    note: Option<String>,
    link: String,
    names: NoticeNames,
}

impl Item {
    async fn of(
        platform: &Platform,
        conn: &mut Conn,
        names: &mut Names,
        language: Language,
        entry: Entry,
    ) -> Result<Self, Problem> {
        let words = words(language);
        let subject = Subject { subject: entry.subject.clone(), touched: entry.touches.clone() };
        let found = about(conn, names, subject).await?;
        let subject = names.resource(conn, &entry.subject).await?;
        let headline = fill(headline(language, &entry.verb), |place| {
            let named = match place {
                "app" => found.app.as_ref(),
                "api" => found.api.as_ref(),
                "version" => found.version.as_ref(),
                "organization" => found.organization.as_ref(),
                _ => Some(&subject),
            };
            Some(name(named, words))
        });
        let who = match names.actor(conn, &entry.actor, true).await?.name {
            Some(name) => one_line(&name, LONGEST_NAME),
            None if entry.actor == Actor::System => words.system.to_owned(),
            None => words.somebody.to_owned(),
        };
        let link = format!("{}{}", platform.settings.public_url, path(&entry.subject, &entry.verb, &found));
        let at = entry.at.to_string();
        // Minutes are enough for people: 2026-11-23T09:30:00Z.
        let at = at.get(..16).map_or(at.clone(), |minutes| format!("{} UTC", minutes.replace('T', " ")));
        Ok(Self { headline: one_line(&headline, 200), who, at, note: entry.note, link, names: found })
    }

    fn whole(&self, words: &Words) -> String {
        let mut rows = vec![(words.who, self.who.clone())];
        for (label, place) in [
            (words.app, &self.names.app),
            (words.api, &self.names.api),
            (words.environment, &self.names.environment),
            (words.organization, &self.names.organization),
        ] {
            rows.extend(place.as_ref().map(|_| (label, name(place.as_ref(), words))));
        }
        rows.push((words.when, self.at.clone()));
        let widest = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0) + 1;
        let mut out = format!("{}.\n\n", self.headline);
        for (label, value) in rows {
            out.push_str(&format!("  {:<widest$} {value}\n", format!("{label}:")));
        }
        if let Some(note) = &self.note {
            out.push_str(&format!("\n{}:\n{}", words.said, quoted(note)));
        }
        out + &format!("\n{}\n{}\n", words.open, self.link)
    }

    fn brief(&self, words: &Words) -> String {
        let note = self.note.as_deref().map(quoted).unwrap_or_default();
        format!("* {}\n  {} {}, {}\n{note}  {}\n", self.headline, words.who, self.who, self.at, self.link)
    }
}

fn name(of: Option<&ResourceView>, words: &Words) -> String {
    let name = of.and_then(|it| it.name.as_deref()).unwrap_or(words.nameless);
    one_line(name, LONGEST_NAME)
}

/// Somebody's words, marked as such line by line, so that they can never pass for ours.
fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("  > {}\n", one_line(line, 4_000))).collect()
}

/// The page of the console that shows the thing, or the nearest that has one.
pub fn path(subject: &Ref, verb: &str, names: &NoticeNames) -> String {
    let id = &subject.id;
    let of = |place: &Option<ResourceView>| place.as_ref().map(|it| it.id.clone());
    match subject.kind {
        Kind::Subscription => format!("/subscriptions/{id}"),
        Kind::Task => format!("/inbox?item={id}"),
        Kind::Organization => format!("/organizations/{id}"),
        Kind::App if verb == "app.member_set" => format!("/apps/{id}/members"),
        Kind::App => format!("/apps/{id}"),
        Kind::Api => format!("/apis/{id}"),
        Kind::Webhook => format!("/org/webhooks/{id}"),
        _ => match (of(&names.subscription), of(&names.api), of(&names.app), of(&names.organization)) {
            (Some(id), ..) => format!("/subscriptions/{id}"),
            (_, Some(id), ..) if subject.kind == Kind::Version => format!("/apis/{id}/versions"),
            (_, Some(id), ..) => format!("/apis/{id}"),
            (_, _, Some(id), _) => format!("/apps/{id}"),
            (.., Some(id)) => format!("/organizations/{id}"),
            _ => "/notifications".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_leads_to_the_thing_itself_or_to_the_nearest_page() {
        let named = |kind, id: &str| Some(ResourceView { kind, id: id.to_owned(), name: None });
        let at = |kind, id: &str| Ref::new(kind, &id);
        let none = NoticeNames::default();
        for (subject, verb, page) in [
            (at(Kind::Subscription, "sub_1"), "subscription.approved", "/subscriptions/sub_1"),
            (at(Kind::Task, "tsk_1"), "task.commented", "/inbox?item=tsk_1"),
            (at(Kind::App, "app_1"), "app.member_set", "/apps/app_1/members"),
            (at(Kind::Api, "api_1"), "api.edited", "/apis/api_1"),
            (at(Kind::Webhook, "whk_1"), "webhook.disabled", "/org/webhooks/whk_1"),
            (at(Kind::Agreement, "agr_1"), "agreement.published", "/notifications"),
        ] {
            assert_eq!(path(&subject, verb, &none), page);
        }
        let names = NoticeNames { api: named("api", "api_1"), ..NoticeNames::default() };
        assert_eq!(path(&at(Kind::Agreement, "agr_1"), "agreement.published", &names), "/apis/api_1");
        assert_eq!(path(&at(Kind::Version, "ver_1"), "version.published", &names), "/apis/api_1/versions");
    }

    #[test]
    fn somebodys_words_cannot_pass_for_ours() {
        assert_eq!(quoted("fine\n-- \nClick here"), "  > fine\n  > --\n  > Click here\n");
    }
}

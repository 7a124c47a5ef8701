//! What can be done with organizations.

mod invitation;
mod management;
mod member;

pub use invitation::{
    accept_all, answer, cancel, find_invitation, invitation_by_token, invitation_link, invitations, invite, mine,
    open_invitations,
};
pub use management::{end_management, managed, managed_page, put_manager, reseller};
pub use member::{
    Listed, add_member, granted, is_member, list_granted, members, members_page, memberships, put_member, put_role,
};

use super::rule::Seat;
use super::{Contact, GrantedRole, Organization, OrganizationRole, sql};
use crate::authz::{Relation, Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::{text, user};
use base::{Fault, Kind, Page, PageRequest, Problem, gather, id};
use serde_json::{Value, json};
use std::collections::HashMap;
use store::Conn;

/// What the caller is in this organization.
async fn seat(cx: &Cx, conn: &mut Conn, id: &id::OrganizationId) -> Result<Seat, Problem> {
    match &cx.who {
        Some(who) => sql::seat(conn, id, &who.id).await,
        None => Ok(Seat::default()),
    }
}

/// How the caller stands to this organization.
///
/// # Errors
/// Those of the database.
pub async fn standing(cx: &Cx, conn: &mut Conn, id: &id::OrganizationId) -> Result<Standing, Problem> {
    Ok(seat(cx, conn, id).await?.standing(cx.standing()))
}

/// Where the caller has a say, for many organizations at once.
#[derive(Debug)]
pub struct Seats {
    base: Standing,
    seats: HashMap<id::OrganizationId, Seat>,
}

impl Seats {
    /// Those of the caller in these organizations; what the caller is in others is not known then.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn among(cx: &Cx, conn: &mut Conn, ids: &[id::OrganizationId]) -> Result<Self, Problem> {
        let seats = match &cx.who {
            Some(who) => sql::seats(conn, ids, &who.id).await?,
            None => HashMap::new(),
        };
        Ok(Self { base: cx.standing(), seats })
    }

    /// All of the caller's.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn of(cx: &Cx, conn: &mut Conn) -> Result<Self, Problem> {
        let mut seats: HashMap<id::OrganizationId, Seat> = HashMap::new();
        if let Some(who) = &cx.who {
            for (organization, role) in sql::roles(conn, &who.id).await? {
                seats.entry(organization).or_default().role = Some(role);
            }
            for (organization, role) in sql::granted_to(conn, &who.id).await? {
                seats.entry(organization).or_default().granted.push(role);
            }
            for (organization, role) in sql::roles_at_managers(conn, &who.id).await? {
                seats.entry(organization).or_default().at_manager = Some(role);
            }
        }
        Ok(Self { base: cx.standing(), seats })
    }

    /// How the caller stands to this organization.
    pub fn standing(&self, id: &id::OrganizationId) -> Standing {
        self.seats.get(id).map_or(self.base, |seat| seat.standing(self.base))
    }

    /// The caller's role as a member.
    pub fn role(&self, id: &id::OrganizationId) -> Option<OrganizationRole> {
        self.seats.get(id)?.role
    }

    /// What was granted to the caller on it.
    pub fn granted(&self, id: &id::OrganizationId) -> &[GrantedRole] {
        self.seats.get(id).map_or(&[], |seat| &seat.granted)
    }

    /// Whether the caller acts as its OWNER because their own organization manages it.
    pub fn by_management(&self, id: &id::OrganizationId) -> bool {
        self.seats.get(id).is_some_and(Seat::by_management)
    }

    /// Whether the caller is one of the people of the organization that manages it (K21).
    pub fn is_reseller(&self, id: &id::OrganizationId) -> bool {
        self.seats.get(id).is_some_and(Seat::is_reseller)
    }

    /// The organizations to which the caller stands in one of these ways.
    pub fn with(&self, relations: &[Relation]) -> Vec<id::OrganizationId> {
        let personal: Vec<Relation> = relations.iter().copied().filter(|r| *r != Relation::SiteAdmin).collect();
        let mut all: Vec<_> = self.seats.keys().filter(|id| self.standing(id).any(&personal)).cloned().collect();
        all.sort();
        all
    }
}

/// An organization, by id.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &mut Conn, id: &id::OrganizationId) -> Result<Option<Organization>, Problem> {
    sql::find(conn, id).await
}

/// The organization that a body names; 422 if there is none that the caller may see.
///
/// # Errors
/// 422 naming `/organization`.
pub async fn require(cx: &Cx, conn: &mut Conn, id: &id::OrganizationId) -> Result<(Organization, Standing), Problem> {
    let missing = || {
        Problem::invalid("/organization", format!("There is no organization `{id}` that you may see."))
            .code(Fault::NotFound)
    };
    let organization = sql::find(conn, id).await?.ok_or_else(missing)?;
    let standing = standing(cx, conn, id).await?;
    if !crate::authz::may(standing, Verb::OrganizationRead) {
        return Err(missing());
    }
    Ok((organization, standing))
}

/// An organization that the caller may see, and how they stand to it.
///
/// # Errors
/// 401, 404 if there is none that they may see.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: &id::OrganizationId) -> Result<(Organization, Standing), Problem> {
    cx.signed()?;
    let organization = sql::find(conn, id).await?.ok_or_else(|| Problem::not_found("organization"))?;
    let standing = standing(cx, conn, id).await?;
    cx.may_see(standing, Verb::OrganizationRead, "organization")?;
    Ok((organization, standing))
}

/// Those of these organizations that the caller may see, and how they stand to each.
///
/// # Errors
/// Those of the database.
pub async fn visible_among(
    cx: &Cx,
    conn: &mut Conn,
    ids: &[id::OrganizationId],
) -> Result<Vec<(Organization, Standing)>, Problem> {
    if cx.who.is_none() {
        return Ok(Vec::new());
    }
    let seats = Seats::among(cx, conn, ids).await?;
    let all = sql::among(conn, ids).await?.into_iter().map(|it| (seats.standing(&it.id), it));
    let seen = all.filter(|(standing, _)| crate::authz::may(*standing, Verb::OrganizationRead));
    Ok(seen.map(|(standing, it)| (it, standing)).collect())
}

/// Makes every other write that holds this organization wait until the caller's transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn hold(conn: &mut Conn, id: &id::OrganizationId) -> Result<(), Problem> {
    sql::hold(conn, id).await
}

/// Where this user has a say or a look.
///
/// # Errors
/// Those of the database.
pub async fn of_user(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::OrganizationId>, Problem> {
    sql::of_user(conn, user).await
}

/// Where this user is a business administrator.
///
/// # Errors
/// Those of the database.
pub async fn business_of(conn: &mut Conn, user: &id::UserId) -> Result<Vec<id::OrganizationId>, Problem> {
    let all = sql::granted_to(conn, user).await?;
    Ok(all.into_iter().filter(|(_, role)| *role == GrantedRole::BusinessAdmin).map(|(id, _)| id).collect())
}

/// The business administrators of an organization.
///
/// # Errors
/// Those of the database.
pub async fn business_admins(conn: &mut Conn, id: &id::OrganizationId) -> Result<Vec<id::UserId>, Problem> {
    let all = sql::granted(conn, id).await?;
    Ok(all.into_iter().filter(|(role, ..)| *role == GrantedRole::BusinessAdmin).map(|(_, user, _)| user).collect())
}

/// The OWNERs of an organization, at most so many.
///
/// # Errors
/// Those of the database.
pub async fn owners(conn: &mut Conn, id: &id::OrganizationId, most: i64) -> Result<Vec<id::UserId>, Problem> {
    sql::owners(conn, id, most).await
}

/// How many OWNERs are told of one thing at most.
const MOST_TOLD: i64 = 1_000;

/// Who provides APIs in an organization: its OWNERs and business administrators.
///
/// # Errors
/// Those of the database.
pub async fn providers(conn: &mut Conn, id: &id::OrganizationId) -> Result<Vec<id::UserId>, Problem> {
    let mut all = sql::owners(conn, id, MOST_TOLD).await?;
    all.extend(business_admins(conn, id).await?);
    all.sort();
    all.dedup();
    Ok(all)
}

/// The organization that manages this one, if one does.
///
/// # Errors
/// Those of the database.
pub async fn manager_of(conn: &mut Conn, id: &id::OrganizationId) -> Result<Option<id::OrganizationId>, Problem> {
    Ok(sql::find(conn, id).await?.and_then(|organization| organization.managed_by))
}

/// The caller's organizations, those that theirs manage too; all of them for a site administrator.
///
/// # Errors
/// 401, 422.
pub async fn list(cx: &Cx, conn: &mut Conn, page: &PageRequest) -> Result<Page<Organization>, Problem> {
    let who = cx.signed()?;
    crate::cursor::<id::OrganizationId>(page)?;
    let member = (!who.site_admin).then_some(&who.id);
    let rows = sql::page(conn, member, page.after(), page.limit() + 1).await?;
    Ok(Page::of(rows, page.limit(), |o| o.id.to_string()))
}

/// An organization to found.
#[derive(Debug, Default)]
pub struct New<'a> {
    /// For people.
    pub name: &'a str,
    /// For people.
    pub description: &'a str,
    /// Whom to ask.
    pub contact: Contact,
    /// One of the founder's own organizations, which is to manage it.
    pub managed_by: Option<&'a id::OrganizationId>,
}

/// Founds an organization; its founder is its OWNER (C71).
///
/// # Errors
/// 403 if the founder is no OWNER of the organization that is to manage it, 422 if a text is not acceptable.
pub async fn create(cx: &Cx, new: &New<'_>) -> Result<(Organization, i64), Problem> {
    let who = cx.signed()?;
    cx.may(cx.standing(), Verb::OrganizationCreate)?;
    let organization = gather(|wrong| Organization {
        id: id::OrganizationId::new(cx.now),
        version: 1,
        name: wrong.of(text::name("/name", new.name)),
        description: wrong.of(text::prose("/description", new.description)),
        contact: wrong.of(contact(&new.contact)),
        managed_by: new.managed_by.cloned(),
        managed_since: new.managed_by.map(|_| cx.now),
        created_at: cx.now,
    })?;
    let mut tx = cx.write().await?;
    if let Some(manager) = new.managed_by {
        management::require_manager(cx, &mut tx, manager).await?;
    }
    sql::insert(&mut tx, &organization).await?;
    sql::put_member(&mut tx, &organization.id, &who.id, OrganizationRole::Owner, cx.now).await?;
    let mut change = cx
        .change("organization.created", Kind::Organization, &organization.id)
        .touching(Kind::User, &who.id)
        .detailing(json!({"after": summary(&organization), "owner": who.id}));
    if let Some(manager) = new.managed_by {
        change = change.touching(Kind::Organization, manager);
    }
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((organization, seq))
}

/// What to change of an organization; what is absent stays.
#[derive(Debug, Default)]
pub struct Edit<'a> {
    /// For people.
    pub name: Option<&'a str>,
    /// For people.
    pub description: Option<&'a str>,
    /// Whom to ask: the whole of it.
    pub contact: Option<Contact>,
}

/// Changes name, description and whom to ask.
///
/// # Errors
/// 403, 404, 412, 422.
pub async fn edit(cx: &Cx, id: &id::OrganizationId, edit: &Edit<'_>) -> Result<(Organization, i64), Problem> {
    let mut tx = cx.write().await?;
    let (before, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, Verb::OrganizationEdit)?;
    cx.expect_version(before.version)?;
    let mut after = before.clone();
    gather(|wrong| {
        wrong.set(&mut after.name, edit.name.map(|name| text::name("/name", name)));
        wrong.set(&mut after.description, edit.description.map(|text| text::prose("/description", text)));
        wrong.set(&mut after.contact, edit.contact.as_ref().map(contact));
    })?;
    after.version = sql::put(&mut tx, &after).await?;
    let change = cx
        .change("organization.edited", Kind::Organization, id)
        .detailing(json!({"before": summary(&before), "after": summary(&after)}));
    let seq = cx.commit(tx, vec![change]).await?;
    Ok((after, seq))
}

fn summary(organization: &Organization) -> Value {
    let Contact { name, email, url } = &organization.contact;
    json!({"name": organization.name, "description": organization.description,
           "contact": {"name": name, "email": email, "url": url}, "managed_by": organization.managed_by})
}

/// A contact whose parts are what they are meant to be; each may be empty.
fn contact(given: &Contact) -> Result<Contact, Problem> {
    let unless_empty = |text: &str, read: &dyn Fn(&str) -> Result<String, Problem>| {
        if text.trim().is_empty() { Ok(String::new()) } else { read(text) }
    };
    let address = |text: &str| user::email(text).map_err(|problem| Problem::invalid("/contact/email", problem.detail));
    let url = |text: &str| {
        let wrong = || Problem::invalid("/contact/url", "An address on the web such as https://example.com/api-desk.");
        let url = url::Url::parse(text.trim()).map_err(|_| wrong())?;
        let fit = matches!(url.scheme(), "http" | "https") && url.has_host() && text.len() <= 2_000;
        let open = url.username().is_empty() && url.password().is_none();
        if fit && open { Ok(url.to_string()) } else { Err(wrong()) }
    };
    gather(|wrong| Contact {
        name: wrong.of(unless_empty(&given.name, &|text| text::name("/contact/name", text))),
        email: wrong.of(unless_empty(&given.email, &address)),
        url: wrong.of(unless_empty(&given.url, &url)),
    })
}

/// What somebody is about to do to a person's rights in an organization.
#[derive(Clone, Copy, Debug)]
struct Giving<'a> {
    /// Who does it.
    by: &'a Seat,
    /// Whether it is a site administrator.
    site_admin: bool,
    /// Whose rights.
    to: &'a Seat,
    /// Whether something is given; otherwise it is taken.
    gives: bool,
    /// Whether it is about OWNER or business administrator.
    decisive: bool,
}

/// Passes unless somebody who acts only by management (K21) gives rights to the managing organization's own people, or
/// gives or takes those with which an organization could be taken over. The first OWNER may be made by them.
async fn limit_of_management(conn: &mut Conn, id: &id::OrganizationId, giving: Giving<'_>) -> Result<(), Problem> {
    if !giving.by.by_management() || giving.site_admin {
        return Ok(());
    }
    let refused = |detail: &str| Err(Problem::forbidden(detail).with("reason", "managed"));
    if giving.gives && giving.to.is_reseller() {
        return refused(
            "Whoever acts for an organization because theirs manages it cannot give rights in it to their own people, \
             who act for it already; an OWNER of the organization itself can.",
        );
    }
    if giving.decisive && !sql::owners(conn, id, 1).await?.is_empty() {
        return refused(
            "Whoever acts for an organization because theirs manages it neither gives nor takes OWNER or business \
             administrator in it; an OWNER of the organization itself can.",
        );
    }
    Ok(())
}

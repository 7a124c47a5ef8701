//! The trail over HTTP.

use super::export;
use super::ops::{self, Found};
use super::rule::{self, Search};
use crate::authz::Verb;
use crate::board::{self, EntryView, Names, Shown};
use crate::cx::{Cx, Platform};
use crate::web::{Answer, Fail, Params, Problems};
use base::id::Id;
use base::{Fault, Kind, Page, PageRequest, Problem, Ref, Timestamp, id};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::Conn;
use store::log::{self, Kept};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about the trail.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(trail_list))
        .merge(export::routes())
        .routes(routes!(trail_verify))
        .routes(routes!(gateway_list))
}

/// In which order entries are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrailOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}

/// Which entries to list. All conditions hold at once.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TrailQuery {
    /// Entries about the resources of this organization: its own, its APIs and apps and what belongs to them. Whoever is no
    /// site administrator has to name one that they answer for.
    pub organization: Option<String>,
    /// Without `id`: entries whose subject is of this kind. With it: the kind of that resource.
    pub kind: Option<String>,
    /// Entries that touch this resource.
    pub id: Option<String>,
    /// Of the entries that touch the resource, those whose subject it is.
    pub subject_only: Option<bool>,
    /// Entries of this actor: `usr_...`, `cli_...`, `system` or `nobody`.
    pub actor: Option<String>,
    /// Entries with this verb, such as `subscription.approved`; or with all verbs that begin like this, if it ends in a dot:
    /// `subscription.`.
    pub verb: Option<String>,
    /// Entries from this instant on.
    #[param(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// Entries before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Entries with these words in the note, in any case.
    pub text: Option<String>,
    /// Entries that this request caused: its `X-Request-Id`.
    pub request: Option<String>,
    /// Which come first; the newest unless given.
    #[param(inline)]
    pub order: Option<TrailOrder>,
    /// The `next` of the page before; or the number of any entry, to go on behind it in either order.
    pub after: Option<String>,
    /// How many, 1 to 200; 50 unless given.
    pub limit: Option<i64>,
}

impl TrailQuery {
    /// What is asked for.
    ///
    /// # Errors
    /// 422 naming every parameter that is wrong.
    pub fn search(self) -> Result<Search, Problem> {
        let kind = self.kind.as_deref().map(board::kind_of).transpose();
        let organization = self.organization.as_deref().map(|text| {
            id::OrganizationId::parse(text).map_err(|e| Problem::invalid("organization", e).code(Fault::Format))
        });
        let actor = self.actor.as_deref().map(rule::actor).transpose();
        let (kind, organization, actor, text, after) = base::gather(|wrong| {
            let words = wrong.of(rule::text(self.text.as_deref()));
            let (organization, after) = (organization.transpose(), board::before(self.after.as_deref()));
            (wrong.of(kind), wrong.of(organization), wrong.of(actor), words, wrong.of(after))
        })?;
        let (touching, kind) = match (kind, self.id) {
            (Some(kind), Some(id)) => (Some(Ref { kind, id }), None),
            (kind, None) => (None, kind),
            (None, Some(id)) => (Some(Ref { kind: kind_of_id(&id)?, id }), None),
        };
        Ok(Search {
            organization,
            touching,
            subject_only: self.subject_only.unwrap_or(false),
            kind,
            actor,
            verb: self.verb,
            since: self.since,
            until: self.until,
            text,
            request: self.request,
            after,
            ascending: self.order == Some(TrailOrder::Oldest),
            limit: PageRequest { after: None, limit: self.limit }.limit(),
        })
    }
}

/// Ids tell their kind by their prefix, most of them.
fn kind_of_id(id: &str) -> Result<Kind, Problem> {
    let kind = match id.split_once('_').map(|(prefix, _)| prefix) {
        Some("usr") => Kind::User,
        Some("org") => Kind::Organization,
        Some("env") => Kind::Environment,
        Some("dst") => Kind::Destination,
        Some("lim") => Kind::LimitGroup,
        Some("pln") => Kind::Plan,
        Some("api") => Kind::Api,
        Some("ver") => Kind::Version,
        Some("app") => Kind::App,
        Some("cli") => Kind::Client,
        Some("crd") => Kind::Credential,
        Some("sub") => Kind::Subscription,
        Some("tsk") => Kind::Task,
        Some("agr") => Kind::Agreement,
        _ => {
            let detail = "Say of which `kind` the resource `id` is.";
            return Err(Problem::invalid("kind", detail).code(Fault::Required));
        }
    };
    Ok(kind)
}

/// Where a request came from.
#[derive(Serialize, ToSchema)]
#[schema(as = TrailOrigin)]
pub struct OriginView {
    /// The address of whoever opened the connection: that of the proxy, if there is one in between.
    address: String,
    /// What the caller's program says of itself (`User-Agent`).
    agent: String,
    /// The browser session, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    /// The personal access token, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl From<Kept> for OriginView {
    fn from(kept: Kept) -> Self {
        let of = |word: &str| kept.via.as_deref().and_then(|via| via.strip_prefix(word)).map(str::to_owned);
        let (session, token) = (of("session:"), of("token:"));
        Self { address: kept.origin.address, agent: kept.origin.agent, session, token }
    }
}

/// An entry of the trail.
#[derive(Serialize, ToSchema)]
#[schema(as = TrailEntry)]
pub struct TrailEntryView {
    /// What happened.
    #[serde(flatten)]
    entry: EntryView,
    /// Ids of what it names that is gone. The names of these are the last that they had, as far as the caller may see the
    /// entries that say so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone: Vec<String>,
    /// The id of the HTTP request that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    /// Where that request came from. Absent if that is not known any more, or not for the caller to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<OriginView>,
    /// Whether this is all of the entry; otherwise others whom it touches are left out.
    whole: bool,
    /// SHA-256 over the hash of the entry before, the number and the digest of this one; in hexadecimal.
    hash: String,
    /// The hash of the entry before.
    before: String,
    /// Whether the hash is that of the entry as it is now.
    verified: bool,
}

impl TrailEntryView {
    async fn of(conn: &mut Conn, names: &mut Names, gone: &BTreeSet<String>, found: Found) -> Result<Self, Problem> {
        let Found { entry, touches, kept, proof } = found;
        let (request, whole) = (entry.request.clone(), touches.is_none());
        let shown = if whole { Shown::Whole } else { Shown::Own };
        let apps: BTreeSet<String> =
            touches.iter().flatten().filter(|r| r.kind == Kind::App).map(|r| r.id.clone()).collect();
        let kind = entry.subject.kind;
        let mut entry = EntryView::of(conn, names, entry, shown, &apps, true).await?;
        if entry.subject.name.is_none() {
            entry.subject.name = former_name(kind, &entry);
        }
        let named = std::iter::once(&entry.subject).chain(&entry.touches).map(|one| &one.id);
        let gone = named.filter(|id| gone.contains(*id)).cloned().collect();
        let origin = kept.map(OriginView::from);
        Ok(Self { entry, gone, request, origin, whole, hash: proof.hash, before: proof.before, verified: proof.holds })
    }
}

/// What the subject of an entry was called of which no other entry tells that. A subscription is called by its app and its
/// API; an agreement may have gone with its API, and each entry about it says its title.
fn former_name(kind: Kind, entry: &EntryView) -> Option<String> {
    let side = |kind: Kind| entry.touches.iter().find(|one| one.kind == kind.as_str())?.name.as_deref();
    match kind {
        Kind::Subscription => Some(format!("{} > {}", side(Kind::App)?, side(Kind::Api)?)),
        Kind::Agreement => rule::told_name(kind, entry.detail.as_ref()?),
        _ => None,
    }
}

/// A page of the trail. It may hold fewer entries than asked for, even none, and still have a `next`: a search looks at
/// 4,000 entries at a time.
#[derive(Serialize, ToSchema)]
pub struct TrailPage {
    items: Vec<TrailEntryView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The audit trail
///
/// Every change there ever was: who, what, to what, when, before and after, and from where. Site administrators see all of
/// it; OWNERs and business administrators of an organization see what is about its resources, without what is about others
/// alone.
#[utoipa::path(get, path = "/api/v1/trail", operation_id = "trail_list", tag = "Trail", params(TrailQuery),
    responses((status = 200, body = TrailPage), Problems))]
async fn trail_list(cx: Cx, Params(query): Params<TrailQuery>) -> Result<Answer<Page<TrailEntryView>>, Fail> {
    let allowed = ops::allow(&cx, query.search()?).await?;
    let stretch = allowed.stretch(&cx, allowed.search().after, allowed.search().limit).await?;
    let (mut tx, mut names) = (cx.read().await?, Names::default());
    names.learn_all(&mut tx, stretch.items.iter().flat_map(|found| board::named(&found.entry)).collect()).await?;
    let gone = allowed.recall(&mut tx, &mut names, &stretch.items).await?;
    let mut items = Vec::with_capacity(stretch.items.len());
    for found in stretch.items {
        items.push(TrailEntryView::of(&mut tx, &mut names, &gone, found).await?);
    }
    Ok(Answer::ok(Page { items, next: stretch.next.map(|seq| seq.to_string()) }))
}

/// What a walk along the whole trail found.
#[derive(Serialize, ToSchema)]
#[schema(as = TrailVerification)]
pub struct VerificationView {
    /// How many entries were looked at and found whole.
    entries: i64,
    /// Whether every entry is as it was written, and none is missing.
    intact: bool,
    /// The number of the last entry.
    head: i64,
    /// The hash of the last entry. Keep it elsewhere: it shows later that the trail was not cut off and written anew.
    hash: String,
    /// The number of the first entry that does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_broken: Option<i64>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Verify the audit trail
///
/// Walks the whole chain of hashes: this reads every entry. For site administrators. `wayleave trail verify` does the
/// same on the machine, also with an export and without the program running.
#[utoipa::path(get, path = "/api/v1/trail/verification", operation_id = "trail_verify", tag = "Trail",
    responses((status = 200, body = VerificationView), Problems))]
async fn trail_verify(cx: Cx) -> Result<Answer<VerificationView>, Fail> {
    cx.may(cx.standing(), Verb::TrailRead)?;
    let found = log::verify(&cx.platform.db).await?;
    let (first_broken, why) = found.broken.map(|b| (b.seq, b.why)).unzip();
    let (entries, intact, head, hash) = (found.entries, first_broken.is_none(), found.head, found.hash);
    Ok(Answer::ok(VerificationView { entries, intact, head, hash, first_broken, why }))
}

/// How far a gateway has come.
#[derive(Serialize, ToSchema)]
#[schema(as = Gateway)]
pub struct GatewayView {
    /// Its name; `local` is the one in this process.
    name: &'static str,
    /// The number of the last change that it has applied: calls are decided under it.
    applied: i64,
    /// The number of the last change there is.
    head: i64,
    /// How many changes it is behind.
    lag: i64,
}

/// All gateways.
#[derive(Serialize, ToSchema)]
pub struct GatewayList {
    items: Vec<GatewayView>,
}

/// How far the gateways have come
///
/// Every answer to a write carries the number of its `change`; it holds at a gateway that has applied that number.
#[utoipa::path(get, path = "/api/v1/gateways", operation_id = "gateway_list", tag = "Trail",
    responses((status = 200, body = GatewayList), Problems))]
async fn gateway_list(cx: Cx) -> Result<Answer<GatewayList>, Fail> {
    cx.signed()?;
    // In this order: a gateway is never reported ahead of a head that was read before it.
    let applied = cx.platform.records.applied();
    let head = log::head(&mut *cx.read().await?).await?.max(applied);
    Ok(Answer::ok(GatewayList { items: vec![GatewayView { name: "local", applied, head, lag: head - applied }] }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_alone_asks_for_subjects_and_with_an_id_for_one_resource() {
        let query = |kind: Option<&str>, id: Option<&str>| {
            let text = |text: Option<&str>| text.map(str::to_owned);
            TrailQuery { kind: text(kind), id: text(id), ..TrailQuery::default() }.search()
        };
        let by_kind = query(Some("api"), None).unwrap();
        assert_eq!((by_kind.kind, by_kind.touching), (Some(Kind::Api), None));
        let one = query(Some("api"), Some("api_1")).unwrap();
        assert_eq!((one.kind, one.touching), (None, Some(Ref::new(Kind::Api, &"api_1"))));
        assert_eq!(query(None, Some("api_1")).unwrap().touching, Some(Ref::new(Kind::Api, &"api_1")));
        assert!(query(None, Some("0001")).is_err() && query(Some("thing"), None).is_err());
    }

    #[test]
    fn all_wrong_parameters_are_named_at_once() {
        let text = |text: &str| Some(text.to_owned());
        let query = TrailQuery { kind: text("x"), actor: text("y"), after: text("z"), ..TrailQuery::default() };
        let named: Vec<String> = query.search().expect_err("wrong").fields.into_iter().map(|f| f.pointer).collect();
        assert_eq!(named, ["kind", "actor", "after"]);
    }
}

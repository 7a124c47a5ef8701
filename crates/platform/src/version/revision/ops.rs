//! Making revisions, and looking at them.

use super::{Revision, RevisionOrigin, sql};
use crate::api::Api;
use crate::authz::{Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::document::{self, Document};
use crate::text;
use crate::version::fence::{self, Act, Overrides};
use crate::version::lifecycle::{self, Action};
use crate::version::ops::{Shown, settings_pass, shown, visible};
use crate::version::settings::{self, Settings};
use crate::version::{Operation, Version, sql as versions};
use base::{Kind, Page, PageRequest, Problem, gather, id};
use serde_json::{Value, json};
use store::Conn;

/// A document that was read, ready to be kept.
pub struct Fresh {
    /// What was read.
    pub document: Document,
    /// As it came.
    pub text: String,
}

impl Fresh {
    /// Reads a document. It takes a while for the largest, so it is done aside.
    ///
    /// # Errors
    /// Those of [`document::inspect`].
    pub async fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let owned = bytes.to_vec();
        let read = tokio::task::spawn_blocking(move || document::inspect(&owned));
        let document = read.await.map_err(Problem::internal)??;
        Ok(Self { document, text: String::from_utf8_lossy(bytes).into_owned() })
    }

    /// The title as it is kept.
    pub fn title(&self) -> String {
        self.document.title.chars().take(200).collect()
    }

    /// `json` or `yaml`.
    pub fn format(&self) -> String {
        if self.document.format == document::Format::Json { "json" } else { "yaml" }.to_owned()
    }

    /// Whether it says of single operations how callers authenticate.
    pub fn sets_security_of_operations(&self) -> bool {
        let says = |operation| self.document.described(operation).is_some_and(|o| o.contains_key("security"));
        self.document.operations.iter().any(says)
    }

    async fn insert(&self, conn: &mut Conn, version: &id::VersionId, revision: &Revision) -> Result<(), Problem> {
        sql::insert_document(conn, version, revision, &self.text).await?;
        for (position, operation) in (0_i64..).zip(&self.document.operations) {
            let row = Operation {
                name: operation.name.clone(),
                method: operation.method.clone(),
                path: operation.path.clone(),
                summary: operation.summary.clone().unwrap_or_default(),
                scopes: operation.scopes.clone(),
                demands: demands(&self.document, operation),
            };
            sql::insert_operation(conn, version, revision.document, position, &row).await?;
        }
        Ok(())
    }
}

/// How many required parameters, those of the path aside, and bodies an operation has.
fn demands(document: &Document, operation: &document::Operation) -> i64 {
    let required = |value: &Value| value.get("required").and_then(Value::as_bool) == Some(true);
    let parameters = document.parameters(operation);
    let wanted = parameters.iter().filter(|p| p.get("in").is_some_and(|place| place != "path") && required(p)).count();
    let body =
        document.described(operation).and_then(|o| document.resolve(o.get("requestBody")?)).is_some_and(required);
    i64::try_from(wanted).unwrap_or(i64::MAX).saturating_add(i64::from(body))
}

/// The content of a version as a revision.
fn of(cx: &Cx, version: &Version, origin: RevisionOrigin, restores: Option<i64>, note: &str) -> Revision {
    Revision {
        number: version.revision,
        document: version.document,
        title: version.title.clone(),
        format: version.format.clone(),
        settings: version.settings.clone(),
        origin,
        restores,
        note: note.to_owned(),
        author: cx.actor().to_text(),
        created_at: cx.now,
    }
}

/// Keeps the first revision of a version whose row was just made.
pub async fn first(cx: &Cx, conn: &mut Conn, version: &Version, fresh: &Fresh) -> Result<(), Problem> {
    let revision = of(cx, version, RevisionOrigin::Uploaded, None, "");
    fresh.insert(conn, &version.id, &revision).await?;
    sql::insert(conn, &version.id, &revision).await
}

/// Why there is a next revision.
pub struct Cause<'a> {
    /// What made it.
    pub origin: RevisionOrigin,
    /// The revision that it brings back.
    pub restores: Option<i64>,
    /// In the words of who made it.
    pub note: &'a str,
    /// Its document, if it is a new one.
    pub fresh: Option<&'a Fresh>,
}

/// Makes the content of `after`, which came from `before`, its next revision. The row is guarded first, so that of two
/// that cross one is refused before it writes anything else.
pub async fn append(cx: &Cx, conn: &mut Conn, mut after: Version, cause: Cause<'_>) -> Result<Version, Problem> {
    after.newest += 1;
    after.revision = after.newest;
    if let Some(fresh) = cause.fresh {
        after.document = after.revision;
        (after.title, after.format) = (fresh.title(), fresh.format());
    }
    after.version = versions::put(conn, &after).await?;
    let revision = of(cx, &after, cause.origin, cause.restores, cause.note);
    if let Some(fresh) = cause.fresh {
        fresh.insert(conn, &after.id, &revision).await?;
    }
    sql::insert(conn, &after.id, &revision).await?;
    Ok(after)
}

/// Before and after of it, with what is equal left out.
pub fn told(before: &Version, after: &Version) -> Value {
    let content = |of: &Version, other: &Version| {
        let mut members = json!({"revision": of.revision});
        if of.document != other.document {
            members["document"] = json!({"revision": of.document, "title": of.title, "format": of.format});
        }
        let (own, others) = (settings::shown(&of.settings), settings::shown(&other.settings));
        if of.settings != other.settings
            && let (Value::Object(own), Value::Object(others)) = (own, others)
        {
            for (name, value) in own {
                if others.get(&name) != Some(&value) {
                    members[name] = value;
                }
            }
        }
        members
    };
    json!({"version": after.name, "before": content(before, after), "after": content(after, before)})
}

/// A version whose designer the caller is, for looking at what it was.
async fn designed(cx: &Cx, conn: &mut Conn, id: &id::VersionId) -> Result<(Version, Api, Standing), Problem> {
    let (version, api, standing) = visible(cx, conn, id).await?;
    cx.may(standing, Verb::ApiEdit)?;
    Ok((version, api, standing))
}

/// The revisions of a version, the newest first.
pub async fn list(
    cx: &Cx,
    id: &id::VersionId,
    page: &PageRequest,
) -> Result<(Version, Page<(Revision, Option<String>)>), Problem> {
    let wrong = || Problem::invalid("after", "Send the `next` of the page before, a whole number.");
    let before = match page.after() {
        "" => i64::MAX,
        after => after.parse().map_err(|_| wrong())?,
    };
    let mut tx = cx.read().await?;
    let (version, ..) = designed(cx, &mut tx, id).await?;
    let rows = sql::page(&mut tx, id, before, page.limit() + 1).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let author = author(&mut tx, &row).await?;
        all.push((row, author));
    }
    Ok((version, Page::of(all, page.limit(), |(r, _)| r.number.to_string())))
}

/// The name of who made a revision.
async fn author(conn: &mut Conn, revision: &Revision) -> Result<Option<String>, Problem> {
    use base::id::Id as _;
    let Some(id) = revision.author.strip_prefix("user:").and_then(|id| id::UserId::parse(id).ok()) else {
        return Ok(None);
    };
    Ok(crate::user::find(conn, &id).await?.map(|user| user.display_name))
}

fn missing(number: i64) -> Problem {
    Problem::new(base::ProblemKind::NotFound, format!("The version has no revision {number}."))
}

/// One revision.
pub async fn get(cx: &Cx, id: &id::VersionId, number: i64) -> Result<(Version, Revision, Option<String>), Problem> {
    let mut tx = cx.read().await?;
    let (version, ..) = designed(cx, &mut tx, id).await?;
    let revision = sql::find(&mut tx, id, number).await?.ok_or_else(|| missing(number))?;
    let author = author(&mut tx, &revision).await?;
    Ok((version, revision, author))
}

/// The document of a revision as it came, and its format.
pub async fn document(cx: &Cx, id: &id::VersionId, number: i64) -> Result<(String, String), Problem> {
    let mut tx = cx.read().await?;
    designed(cx, &mut tx, id).await?;
    let revision = sql::find(&mut tx, id, number).await?.ok_or_else(|| missing(number))?;
    let text = sql::document(&mut tx, id, revision.document).await?;
    Ok((text.ok_or_else(|| missing(number))?, revision.format))
}

/// What came of another document.
pub struct Replaced {
    pub shown: Shown,
    pub notes: Vec<document::Note>,
    pub change: i64,
}

/// Gives a version another document: its next revision. The same document again changes nothing.
///
/// # Errors
/// 403, 409 while retired, 422 if the document cannot be understood.
pub async fn replace(cx: &Cx, id: &id::VersionId, bytes: &[u8], note: Option<&str>) -> Result<Replaced, Problem> {
    let note = text::comment("note", note)?.unwrap_or_default();
    designed(cx, &mut *cx.read().await?, id).await?;
    let fresh = Fresh::read(bytes).await?;
    let mut tx = cx.write().await?;
    let (before, api, standing) = designed(cx, &mut tx, id).await?;
    cx.expect_version(before.version)?;
    lifecycle::check(Action::Edit, before.state(cx.now))?;
    let mut used = Overrides::default();
    if fresh.sets_security_of_operations() {
        fence::of(cx, &mut tx, &api).await?.pass(&Act::DescribeOperationSecurity, &mut used)?;
    }
    if sql::document(&mut tx, id, before.document).await?.as_deref() == Some(fresh.text.as_str()) {
        let shown = shown(cx, &mut tx, before, api, standing).await?;
        return Ok(Replaced { shown, notes: fresh.document.notes, change: *cx.platform.db.head().borrow() });
    }
    let cause = Cause { origin: RevisionOrigin::Document, restores: None, note: &note, fresh: Some(&fresh) };
    let after = append(cx, &mut tx, before.clone(), cause).await?;
    let change = cx
        .change("version.document_replaced", Kind::Version, &after.id)
        .touching(Kind::Api, &after.api)
        .noting(Some(note.as_str()).filter(|note| !note.is_empty()))
        .detailing(used.told(told(&before, &after)));
    let shown = shown(cx, &mut tx, after, api, standing).await?;
    let change = cx.commit(tx, vec![change]).await?;
    Ok(Replaced { shown, notes: fresh.document.notes, change })
}

/// Makes an old revision the newest one again, as a revision of its own.
///
/// # Errors
/// 403, 409 while retired, 422 if there is no such revision or it is the newest.
pub async fn rollback(cx: &Cx, id: &id::VersionId, number: i64, note: Option<&str>) -> Result<(Shown, i64), Problem> {
    let note = text::comment("/note", note)?.unwrap_or_default();
    let mut tx = cx.write().await?;
    let (before, api, standing) = designed(cx, &mut tx, id).await?;
    cx.expect_version(before.version)?;
    lifecycle::check(Action::Edit, before.state(cx.now))?;
    let old = sql::find(&mut tx, id, number).await?;
    let old = old.ok_or_else(|| Problem::invalid("/revision", missing(number).detail))?;
    if old.number == before.newest || (old.document == before.document && old.settings == before.settings) {
        let detail = format!("Revision {number} is what the version is now; nothing would change.");
        return Err(Problem::invalid("/revision", detail));
    }
    let fence = fence::of(cx, &mut tx, &api).await?;
    let mut used = Overrides::default();
    settings_pass(&fence, &before.settings, &old.settings, &mut used)?;
    if old.document != before.document {
        let text = sql::document(&mut tx, id, old.document).await?.unwrap_or_default();
        if Fresh::read(text.as_bytes()).await?.sets_security_of_operations() {
            fence.pass(&Act::DescribeOperationSecurity, &mut used)?;
        }
    }
    let mut after = before.clone();
    (after.document, after.title, after.format, after.settings) = (old.document, old.title, old.format, old.settings);
    let cause = Cause { origin: RevisionOrigin::Rollback, restores: Some(number), note: &note, fresh: None };
    let after = append(cx, &mut tx, after, cause).await?;
    let mut detail = told(&before, &after);
    detail["restores"] = json!(number);
    let change = cx
        .change("version.rolled_back", Kind::Version, &after.id)
        .touching(Kind::Api, &after.api)
        .noting(Some(note.as_str()).filter(|note| !note.is_empty()))
        .detailing(used.told(detail));
    let shown = shown(cx, &mut tx, after, api, standing).await?;
    let change = cx.commit(tx, vec![change]).await?;
    Ok((shown, change))
}

/// Changes what the designer sets: the next revision. What is as it was changes nothing.
///
/// # Errors
/// 403, 409 while retired, 422 naming the member.
pub async fn set(
    cx: &Cx,
    id: &id::VersionId,
    note: Option<&str>,
    change: impl FnOnce(&mut Settings) -> Result<(), Problem>,
) -> Result<(Shown, i64), Problem> {
    let mut tx = cx.write().await?;
    let (before, api, standing) = designed(cx, &mut tx, id).await?;
    cx.expect_version(before.version)?;
    lifecycle::check(Action::Edit, before.state(cx.now))?;
    let mut settings = before.settings.clone();
    let read = change(&mut settings);
    settings.operations.retain(|_, own| !own.is_empty());
    let names = sql::operations(&mut tx, id, before.document).await?;
    let there = |name: &str| names.iter().any(|o| o.name == name);
    // What was orphaned by another document may stay until it is taken away; it may not change.
    let known = |name: &str| {
        there(name)
            || before.settings.operations.get(name).is_some_and(|own| settings.operations.get(name) == Some(own))
    };
    let note = gather(|wrong| {
        // What could not be read stays as it was, and that was checked before.
        wrong.of(read.and(settings::check(&settings, &known)));
        wrong.of(text::comment("/note", note)).unwrap_or_default()
    })?;
    let after = Version { settings, ..before.clone() };
    let mut used = Overrides::default();
    let fence = fence::of(cx, &mut tx, &api).await?;
    settings_pass(&fence, &before.settings, &after.settings, &mut used)?;
    if after.settings == before.settings {
        let shown = shown(cx, &mut tx, before, api, standing).await?;
        return Ok((shown, *cx.platform.db.head().borrow()));
    }
    let cause = Cause { origin: RevisionOrigin::Settings, restores: None, note: &note, fresh: None };
    let after = append(cx, &mut tx, after, cause).await?;
    let change = cx
        .change("version.edited", Kind::Version, &after.id)
        .touching(Kind::Api, &after.api)
        .noting(Some(note.as_str()).filter(|note| !note.is_empty()))
        .detailing(used.told(told(&before, &after)));
    let shown = shown(cx, &mut tx, after, api, standing).await?;
    let change = cx.commit(tx, vec![change]).await?;
    Ok((shown, change))
}

//! What can be done with agreements.

use super::rule::{self, Action};
use super::{Acceptance, Agreement, AgreementState as State, Answer, scope, sql};
use crate::authz::{self, Standing, Verb};
use crate::cx::{Cx, Describe};
use crate::{api, text, user};
use base::{Change, Kind, Page, PageRequest, Problem, ProblemKind, gather, id};
use serde_json::{Value, json};
use std::collections::HashMap;
use store::Conn;

/// The text that requests for access to an API answer, if it has one.
///
/// # Errors
/// Those of the database.
pub async fn active(conn: &mut Conn, api: &id::ApiId) -> Result<Option<Agreement>, Problem> {
    sql::active(conn, &scope(Some(api))).await
}

/// The text of each of these APIs that has one.
///
/// # Errors
/// Those of the database.
pub async fn active_of(conn: &mut Conn, apis: &[id::ApiId]) -> Result<HashMap<id::ApiId, id::AgreementId>, Problem> {
    let scopes: Vec<String> = apis.iter().map(|api| scope(Some(api))).collect();
    Ok(sql::active_of(conn, &scopes).await?.into_iter().collect())
}

/// The platform's own text that everybody answers at sign-in, if it has one.
///
/// # Errors
/// Those of the database.
pub async fn platform_active(conn: &mut Conn) -> Result<Option<Agreement>, Problem> {
    sql::active(conn, &scope(None)).await
}

/// The platform's text if this person has yet to accept it.
///
/// # Errors
/// Those of the database.
pub async fn awaited(conn: &mut Conn, user: &id::UserId) -> Result<Option<Agreement>, Problem> {
    let Some(active) = platform_active(conn).await? else { return Ok(None) };
    Ok(if sql::has_accepted(conn, &active.id, user).await? { None } else { Some(active) })
}

/// An answer, by id.
///
/// # Errors
/// Those of the database.
pub async fn acceptance(conn: &mut Conn, id: &id::AcceptanceId) -> Result<Option<Acceptance>, Problem> {
    sql::find_acceptance(conn, id).await
}

/// Writes down what the caller answers to an agreement, now, within the caller's own transaction (A18). The change
/// that closes the transaction says so.
///
/// # Errors
/// 401 if nobody is signed in.
pub async fn record(
    conn: &mut Conn,
    cx: &Cx,
    agreement: &id::AgreementId,
    request: Option<&id::RequestId>,
    answer: Answer,
) -> Result<id::AcceptanceId, Problem> {
    let acceptance = Acceptance {
        id: id::AcceptanceId::new(cx.now),
        agreement: agreement.clone(),
        user: cx.signed()?.id.clone(),
        request: request.cloned(),
        answer,
        answered_at: cx.now,
    };
    sql::insert_acceptance(conn, &acceptance).await?;
    Ok(acceptance.id)
}

/// What it takes to write an agreement: of an API, or of the platform.
pub(super) const fn writing(api: Option<&id::ApiId>) -> Verb {
    if api.is_some() { Verb::ApiEdit } else { Verb::PlatformSettings }
}

/// How the caller stands to the texts of an API that they see, or to those of the platform.
async fn standing(cx: &Cx, conn: &mut Conn, api: Option<&id::ApiId>) -> Result<Standing, Problem> {
    match api {
        Some(api) => Ok(api::visible(cx, conn, api).await?.1),
        None => Ok(cx.standing()),
    }
}

/// The versions of a text, the newest first. A page goes on after the number that the last one ended with.
pub async fn list(
    cx: &Cx,
    api: Option<&id::ApiId>,
    page: &PageRequest,
) -> Result<(Page<Agreement>, Standing), Problem> {
    let below = match page.after() {
        "" => i64::MAX,
        text => text.parse().map_err(|_| {
            Problem::invalid("after", format!("`{text}` is no place in this list; send the `next` of the page before."))
        })?,
    };
    let mut tx = cx.read().await?;
    let standing = standing(cx, &mut tx, api).await?;
    let drafts = authz::may(standing, writing(api));
    let rows = sql::page(&mut tx, &scope(api), drafts, below, page.limit() + 1).await?;
    Ok((Page::of(rows, page.limit(), |agreement| agreement.number.to_string()), standing))
}

/// An agreement that the caller may read, and how they stand to it. Whoever sees the API sees its texts once they are
/// published; nobody else learns that there is one.
///
/// # Errors
/// 404 if there is none.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: &id::AgreementId) -> Result<(Agreement, Standing), Problem> {
    let hidden = || cx.absent("agreement");
    let agreement = sql::find(conn, id).await?.ok_or_else(hidden)?;
    let standing = match standing(cx, conn, agreement.api.as_ref()).await {
        Ok(standing) => standing,
        Err(problem) if problem.kind == ProblemKind::NotFound => return Err(hidden()),
        Err(problem) => return Err(problem),
    };
    if agreement.state == State::Uploaded && !authz::may(standing, writing(agreement.api.as_ref())) {
        return Err(hidden());
    }
    Ok((agreement, standing))
}

/// An agreement that was published at some time, whoever asks.
///
/// # Errors
/// Those of the database.
pub async fn announced(conn: &mut Conn, id: &id::AgreementId) -> Result<Option<Agreement>, Problem> {
    Ok(sql::find(conn, id).await?.filter(|agreement| agreement.state != State::Uploaded))
}

fn facts(agreement: &Agreement) -> Value {
    json!({"number": agreement.number, "title": agreement.title, "state": agreement.state})
}

/// The same with its text, for where that changes.
fn worded(agreement: &Agreement) -> Value {
    let mut facts = facts(agreement);
    text::trace(&mut facts, &agreement.text);
    facts
}

/// A change of an agreement, on the board of its API too.
fn change(cx: &Cx, verb: &'static str, agreement: &Agreement, before: Option<Value>) -> Change {
    told(cx, verb, agreement, json!({"before": before, "after": facts(agreement)}))
}

fn told(cx: &Cx, verb: &'static str, agreement: &Agreement, mut detail: Value) -> Change {
    detail["api"] = json!(agreement.api);
    detail["number"] = agreement.number.into();
    detail["title"] = agreement.title.as_str().into();
    let change = cx.change(verb, Kind::Agreement, &agreement.id).detailing(detail);
    match &agreement.api {
        Some(api) => change.touching(Kind::Api, api),
        None => change,
    }
}

/// Puts the active one out of force, if there is one: the change to commit with it.
async fn retire_former(cx: &Cx, conn: &mut Conn, scope: &str) -> Result<Option<Change>, Problem> {
    let Some(mut former) = sql::active(conn, scope).await? else { return Ok(None) };
    let before = facts(&former);
    (former.state, former.retired_at) = (State::Retired, Some(cx.now));
    sql::put(conn, &former).await?;
    Ok(Some(change(cx, "agreement.retired", &former, Some(before))))
}

const fn verb_of(state: State) -> &'static str {
    match state {
        State::Uploaded => "agreement.uploaded",
        State::Published => "agreement.published",
        State::Active => "agreement.activated",
        State::Retired => "agreement.retired",
    }
}

/// Brings in the next version of a text and takes it as far as `state` at once. An active one is answered from now on; the
/// former one is kept, with its answers.
///
/// # Errors
/// 409 if somebody else does at the same time.
pub async fn upload(
    cx: &Cx,
    api: Option<&id::ApiId>,
    (title, legal): (&str, &str),
    state: State,
) -> Result<(Agreement, Standing, i64), Problem> {
    cx.signed()?;
    let mut tx = cx.write().await?;
    let standing = standing(cx, &mut tx, api).await?;
    cx.may(standing, writing(api))?;
    if state == State::Retired {
        return Err(Problem::invalid("/state", "A new text is `uploaded`, `published` or `active`."));
    }
    let scope = scope(api);
    let number = sql::newest(&mut tx, &scope).await? + 1;
    let agreement = gather(|wrong| Agreement {
        id: id::AgreementId::new(cx.now),
        version: 1,
        api: api.cloned(),
        number,
        title: wrong.of(text::name("/title", title)),
        text: wrong.of(rule::text(legal)),
        state,
        created_at: cx.now,
        published_at: (state != State::Uploaded).then_some(cx.now),
        activated_at: (state == State::Active).then_some(cx.now),
        retired_at: None,
    })?;
    let mut changes = Vec::new();
    if state == State::Active {
        changes.extend(retire_former(cx, &mut tx, &scope).await?);
    }
    sql::insert(&mut tx, &agreement).await?;
    changes.push(change(cx, verb_of(state), &agreement, None));
    let seq = cx.commit(tx, changes).await?;
    Ok((agreement, standing, seq))
}

/// An agreement that the caller wants to write.
async fn written(cx: &Cx, conn: &mut Conn, id: &id::AgreementId) -> Result<(Agreement, Standing), Problem> {
    cx.signed()?;
    let (agreement, standing) = visible(cx, conn, id).await?;
    cx.may(standing, writing(agreement.api.as_ref()))?;
    cx.expect_version(agreement.version)?;
    Ok((agreement, standing))
}

/// Publishes, activates or retires a version.
///
/// # Errors
/// 409 naming what is possible.
pub async fn act(
    cx: &Cx,
    id: &id::AgreementId,
    action: Action,
    comment: Option<&str>,
) -> Result<(Agreement, Standing, i64), Problem> {
    let comment = text::comment("/comment", comment)?;
    let mut tx = cx.write().await?;
    let (mut agreement, standing) = written(cx, &mut tx, id).await?;
    let before = facts(&agreement);
    agreement.state = rule::after(action, agreement.state)?;
    let mut changes = Vec::new();
    match agreement.state {
        State::Published => agreement.published_at = Some(cx.now),
        State::Active => {
            changes.extend(retire_former(cx, &mut tx, &agreement.scope()).await?);
            agreement.activated_at = Some(cx.now);
        }
        State::Retired => agreement.retired_at = Some(cx.now),
        State::Uploaded => {}
    }
    agreement.version = sql::put(&mut tx, &agreement).await?;
    let entry = change(cx, verb_of(agreement.state), &agreement, Some(before)).noting(comment.as_deref());
    changes.push(entry);
    let seq = cx.commit(tx, changes).await?;
    Ok((agreement, standing, seq))
}

/// Changes a text that nobody could read yet.
///
/// # Errors
/// 409 once it is published.
pub async fn edit(
    cx: &Cx,
    id: &id::AgreementId,
    title: Option<&str>,
    legal: Option<&str>,
) -> Result<(Agreement, Standing, i64), Problem> {
    let mut tx = cx.write().await?;
    let (mut agreement, standing) = written(cx, &mut tx, id).await?;
    rule::after(Action::Edit, agreement.state)?;
    let before = worded(&agreement);
    gather(|wrong| {
        wrong.set(&mut agreement.title, title.map(|title| text::name("/title", title)));
        wrong.set(&mut agreement.text, legal.map(rule::text));
    })?;
    agreement.version = sql::put(&mut tx, &agreement).await?;
    let detail = json!({"before": before, "after": worded(&agreement)});
    let seq = cx.commit(tx, vec![told(cx, "agreement.edited", &agreement, detail)]).await?;
    Ok((agreement, standing, seq))
}

/// Throws a text away that nobody could read yet.
///
/// # Errors
/// 409 once it is published.
pub async fn remove(cx: &Cx, id: &id::AgreementId) -> Result<i64, Problem> {
    let mut tx = cx.write().await?;
    let (agreement, _) = written(cx, &mut tx, id).await?;
    rule::after(Action::Delete, agreement.state)?;
    sql::delete(&mut tx, &agreement).await?;
    let detail = json!({"before": worded(&agreement)});
    cx.commit(tx, vec![told(cx, "agreement.deleted", &agreement, detail)]).await
}

/// The caller answers the platform's own text.
///
/// # Errors
/// 409 if it is not the active one or was accepted before, 422 if it is an API's.
pub async fn answer_own(cx: &Cx, id: &id::AgreementId, answer: Answer) -> Result<i64, Problem> {
    let who = cx.signed()?.id.clone();
    let mut tx = cx.write().await?;
    let (agreement, _) = visible(cx, &mut tx, id).await?;
    if agreement.api.is_some() {
        let detail = "The agreement of an API is answered in the request for access: POST /api/v1/subscriptions.";
        return Err(Problem::invalid("id", detail));
    }
    if agreement.state != State::Active {
        let detail = format!("The agreement is {}; only the active one is answered.", agreement.state.as_str());
        return Err(Problem::new(ProblemKind::WrongState, detail));
    }
    if sql::has_accepted(&mut tx, id, &who).await? {
        return Err(Problem::new(ProblemKind::WrongState, "You have accepted this version before."));
    }
    let acceptance = record(&mut tx, cx, id, None, answer).await?;
    let verb = if answer == Answer::Accepted { "agreement.accepted" } else { "agreement.declined" };
    let detail = json!({
        "number": agreement.number, "before": null, "after": {"answer": answer, "acceptance": acceptance},
    });
    let change = cx.change(verb, Kind::Agreement, id).touching(Kind::User, &who).detailing(detail);
    cx.commit(tx, vec![change]).await
}

/// Which answers somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Those of this person.
    pub user: Option<id::UserId>,
    /// Those that say this.
    pub answer: Option<Answer>,
}

/// Who answered what, by id; for the API side, or for site administrators. Somebody whose account is gone is `None`.
pub async fn acceptances(
    cx: &Cx,
    id: &id::AgreementId,
    wanted: &Wanted,
    (after, limit): (&str, i64),
) -> Result<(Agreement, Page<(Acceptance, Option<user::User>)>), Problem> {
    cx.signed()?;
    let mut tx = cx.read().await?;
    let (agreement, standing) = visible(cx, &mut tx, id).await?;
    cx.may(standing, if agreement.api.is_some() { Verb::ApiDecide } else { Verb::PlatformSettings })?;
    let filter = (wanted.user.as_ref(), wanted.answer);
    let (mut rows, mut people) = (Vec::new(), HashMap::<id::UserId, Option<user::User>>::new());
    for acceptance in sql::acceptances(&mut tx, id, filter, after, limit + 1).await? {
        let known = people.get(&acceptance.user).cloned();
        let user = match known {
            Some(user) => user,
            None => user::find(&mut tx, &acceptance.user).await?,
        };
        people.insert(acceptance.user.clone(), user.clone());
        rows.push((acceptance, user));
    }
    Ok((agreement, Page::of(rows, limit, |(acceptance, _)| acceptance.id.to_string())))
}

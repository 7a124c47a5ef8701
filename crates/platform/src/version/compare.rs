//! What changed from one revision to another, or from one version to another: of the document and of the settings.

use super::lifecycle::State;
use super::revision::number;
use super::settings::Settings;
use super::{Version, ops, revision, sql};
use crate::authz::{Verb, may};
use crate::cx::{Cx, Platform};
use crate::difference::{self, Difference, Findings, Rule, Weight};
use crate::document;
use crate::web::{Answer, Fail, Ident, Params, Problems, parse_id};
use axum::extract::Path;
use base::{Problem, id};
use serde::{Deserialize, Serialize};
use snapshot::{KeyPlace, Scheme};
use std::collections::BTreeSet;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How many comparisons are made at once; the largest take a while.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Comparing.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(version_revision_diff)).routes(routes!(version_diff))
}

/// One side of a comparison.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComparedSide {
    /// `ver_...`
    version: String,
    /// Its name.
    name: String,
    /// The revision.
    revision: i64,
    /// The document's title.
    title: String,
}

/// What changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// What was.
    before: ComparedSide,
    /// What is.
    after: ComparedSide,
    /// How many differences break callers.
    breaking: usize,
    /// How many some callers may notice.
    risky: usize,
    /// How many nobody has to do anything about.
    compatible: usize,
    /// The differences, by operation in the order of the later document.
    items: Vec<Difference>,
    /// Whether there are more than these.
    more: bool,
}

fn side(version: &Version) -> ComparedSide {
    ComparedSide {
        version: version.id.to_string(),
        name: version.name.clone(),
        revision: version.revision,
        title: version.title.clone(),
    }
}

/// A way of authenticating, in words that are equal exactly if it is the same for callers.
fn way(scheme: &Scheme) -> String {
    match scheme {
        Scheme::ApiKey { place: KeyPlace::Header(name) } => format!("api_key header {}", name.to_ascii_lowercase()),
        Scheme::ApiKey { place: KeyPlace::Query(name) } => format!("api_key query {name}"),
        Scheme::OAuth { scopes } => {
            let scopes: BTreeSet<&str> = scopes.iter().map(String::as_str).collect();
            format!("oauth {}", scopes.into_iter().collect::<Vec<_>>().join(" ")).trim_end().to_owned()
        }
        Scheme::Basic => "basic".to_owned(),
    }
}

fn ways(before: &[Scheme], after: &[Scheme], findings: &mut Findings) {
    let told = |all: &[Scheme]| all.iter().map(way).collect::<BTreeSet<String>>();
    let (was, is) = (told(before), told(after));
    match (was.is_empty(), is.is_empty()) {
        (true, false) => findings.add(Rule::CredentialDemanded, "security", None, None),
        (false, true) => findings.add(Rule::CredentialDropped, "security", None, None),
        _ => {}
    }
    for gone in was.difference(&is) {
        findings.add(Rule::WayRemoved, format!("security {gone}"), Some(gone.clone()), None);
    }
    for new in is.difference(&was) {
        findings.add(Rule::WayAdded, format!("security {new}"), None, Some(new.clone()));
    }
}

/// What the settings make different. What single operations say is compared as it holds for them in the end.
fn settings(before: &Settings, after: &Settings, operations: &[super::Operation], findings: &mut Findings) {
    ways(&before.security, &after.security, findings);
    match (before.forward_everything, after.forward_everything) {
        (true, false) => findings.add(Rule::ForwardingNarrowed, "forward_everything", None, None),
        (false, true) => findings.add(Rule::ForwardingWidened, "forward_everything", None, None),
        _ => {}
    }
    if before.request_modification != after.request_modification {
        findings.add(Rule::ModificationChanged, "request_modification", None, None);
    }
    if before.implementation != after.implementation {
        let told = |s: &Settings| Some(s.implementation.kind().to_owned());
        findings.add(Rule::ImplementationChanged, "implementation", told(before), told(after));
    }
    let names: BTreeSet<&String> = before.operations.keys().chain(after.operations.keys()).collect();
    for operation in operations.iter().filter(|o| names.contains(&o.name)) {
        findings.about(Some(format!("{} {}", operation.method, operation.path)));
        let (was, is) = (before.operations.get(&operation.name), after.operations.get(&operation.name));
        let (was, is) = (was.cloned().unwrap_or_default(), is.cloned().unwrap_or_default());
        if was.security != is.security {
            let of = |own: Option<Vec<Scheme>>, usual: &[Scheme]| own.unwrap_or_else(|| usual.to_vec());
            ways(&of(was.security, &before.security), &of(is.security, &after.security), findings);
        }
        if was.request_modification != is.request_modification {
            findings.add(Rule::ModificationChanged, "request_modification", None, None);
        }
        if was.implementation != is.implementation {
            findings.add(Rule::ImplementationChanged, "implementation", None, None);
        }
    }
    findings.about(None);
}

/// The comparison. For those who do not design the version, what the gateway does with requests is left out.
async fn compared(cx: &Cx, before: Version, after: Version, designs: bool) -> Result<Comparison, Problem> {
    let _turn = AT_ONCE.acquire().await.map_err(Problem::internal)?;
    let (texts, operations) = {
        let mut tx = cx.read().await?;
        let was = revision::document(&mut tx, &before.id, before.document).await?;
        let is = revision::document(&mut tx, &after.id, after.document).await?;
        let operations = revision::operations(&mut tx, &after.id, after.document).await?;
        (was.zip(is).ok_or_else(|| Problem::not_found("document"))?, operations)
    };
    let work = move || {
        let mut findings = Findings::default();
        if (&before.id, before.document) != (&after.id, after.document) {
            let (was, is) = (document::read(texts.0.as_bytes())?, document::read(texts.1.as_bytes())?);
            difference::between(was, is, &mut findings);
        }
        settings(&before.settings, &after.settings, &operations, &mut findings);
        if !designs {
            let internal = [Rule::ModificationChanged, Rule::ImplementationChanged];
            findings.items.retain(|d| !internal.contains(&d.rule));
        }
        let count = |weight| findings.items.iter().filter(|d| d.weight == weight).count();
        Ok(Comparison {
            before: side(&before),
            after: side(&after),
            breaking: count(Weight::Breaking),
            risky: count(Weight::Risky),
            compatible: count(Weight::Compatible),
            more: findings.more,
            items: findings.items,
        })
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

/// Against what.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AgainstRevision {
    /// The number of another revision; the one before unless given.
    against: Option<i64>,
}

/// What a revision changed
///
/// For designers: from the revision `against` to this one, of the document and of the settings. `docs/differences.md` has
/// the rules.
#[utoipa::path(get, path = "/api/v1/versions/{id}/revisions/{number}/diff", operation_id = "version_revision_diff",
    tag = "Versions", responses((status = 200, body = Comparison), Problems),
    params(("id" = String, Path, description = "`ver_...`"), ("number" = i64, Path, description = "From 1."),
           AgainstRevision))]
async fn version_revision_diff(
    cx: Cx,
    Path((id, n)): Path<(String, String)>,
    Params(query): Params<AgainstRevision>,
) -> Result<Answer<Comparison>, Fail> {
    let (id, n): (id::VersionId, i64) = (parse_id(&id, "version")?, number(&n)?);
    let against = query.against.unwrap_or(n - 1);
    let (before, after) = {
        let mut tx = cx.read().await?;
        let (_, _, standing) = ops::visible(&cx, &mut tx, &id).await?;
        cx.may(standing, Verb::ApiEdit)?;
        let after = sql::find_at(&mut tx, &id, n).await?.ok_or_else(|| Problem::not_found("revision"))?;
        let before = sql::find_at(&mut tx, &id, against).await?;
        let missing = || Problem::invalid("against", format!("The version has no revision {against}."));
        (before.ok_or_else(missing)?, after)
    };
    Ok(Answer::ok(compared(&cx, before, after, true).await?))
}

/// Against what.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AgainstVersion {
    /// `ver_...`: a version of the same API; nothing differs from itself.
    against: String,
}

/// What is different in a version
///
/// From the version `against` to this one: what somebody has to do who moves. Designers compare what they are now,
/// everybody else what is published.
#[utoipa::path(get, path = "/api/v1/versions/{id}/diff", operation_id = "version_diff", tag = "Versions",
    responses((status = 200, body = Comparison), Problems),
    params(("id" = String, Path, description = "`ver_...`"), AgainstVersion), security((), ("personal_token" = [])))]
async fn version_diff(
    cx: Cx,
    Ident(id): Ident<id::VersionId>,
    Params(query): Params<AgainstVersion>,
) -> Result<Answer<Comparison>, Fail> {
    let missing = || {
        let shown: String = query.against.chars().take(80).collect();
        Problem::invalid("against", format!("`{shown}` is no version of this API."))
    };
    let (before, after, designs) = {
        let mut tx = cx.read().await?;
        let (after, _, standing) = ops::readable(&cx, &mut tx, &id).await?;
        let other = base::id::Id::parse(&query.against).map_err(|_| missing())?;
        let designs = may(standing, Verb::ApiEdit);
        let before = match sql::find(&mut tx, &other).await?.filter(|v| v.api == after.api) {
            Some(version) if designs => version,
            Some(version) if version.kept_state != State::Draft => {
                sql::find_public(&mut tx, &other).await?.ok_or_else(missing)?
            }
            _ => return Err(missing().into()),
        };
        (before, after, designs)
    };
    Ok(Answer::ok(compared(&cx, before, after, designs).await?))
}

//! Phase 5: what became of the call, for usage and for whoever asks why.

use crate::call::Call;
use crate::handle::lock;
use crate::ledger::Ending;
use base::id::DecisionId;
use http::StatusCode;
use snapshot::{DecisionRecord, Kind, Records, Refusal, Rule};

/// The longest path and method that a record keeps: a caller chooses both.
const LONGEST_PATH: usize = 512;
const LONGEST_METHOD: usize = 32;

/// Counts the call, and remembers its decision if it was refused or belongs to the sample. Without a refusal and
/// with status 499 the caller left before there was an answer.
pub(crate) fn record(call: &mut Call, status: StatusCode, refusal: Option<&Refusal>) {
    call.recorded = true;
    let config = &call.core.handle.config;
    let micros = config.clock.now().micros().saturating_sub(call.at.micros()).max(0);
    let ending = Ending {
        minute: call.at.seconds().div_euclid(60),
        refused: refusal.map(|r| r.kind),
        status: status.as_u16(),
        micros: micros.unsigned_abs(),
    };
    let ledger = call.core.ledger();
    lock(&ledger.usage).add(&call.facts, call.terms.as_ref(), ending);
    let left = status.as_u16() == 499 && refusal.is_none();
    if refusal.is_some() || left || call.id.is_in(config.sample_successes) {
        let record = decision(call, status, refusal, left, micros);
        lock(&ledger.decisions).add(record);
    }
}

fn decision(call: &Call, status: StatusCode, refusal: Option<&Refusal>, left: bool, micros: i64) -> DecisionRecord {
    let (facts, terms) = (&call.facts, call.terms.as_ref());
    let publication = facts.route.zip(terms).map(|(route, terms)| (route, terms.publication(route.publication)));
    let row = publication.map(|(_, p)| &p.row);
    let operation = publication.and_then(|(route, p)| p.row.operations.get(route.operation? as usize));
    let (rule, detail) = match refusal {
        Some(refusal) => (refusal.rule, refusal.detail.clone()),
        None if left => (Rule::Upstream, "The caller left before there was an answer.".into()),
        None => (Rule::Done, format!("The upstream answered {}.", status.as_u16())),
    };
    let token = facts.token.as_ref().map(|t| t.id().to_string());
    DecisionRecord {
        id: DecisionId::from_bits(call.id.bits),
        at: call.at,
        request: call.id.request.to_str().unwrap_or_default().to_owned(),
        allowed: refusal.is_none_or(|r| r.rule == Rule::Upstream),
        code: refusal.map(|r| r.kind.slug().to_owned()),
        rule: rule.word().to_owned(),
        detail,
        status: status.as_u16(),
        method: short(call.method.as_str(), LONGEST_METHOD),
        path: short(call.uri.path(), LONGEST_PATH),
        environment: row.map_or_else(|| facts.environment.clone(), |r| Some(r.environment.clone())),
        api: row.map(|r| r.api.clone()),
        version: row.map(|r| r.version.clone()),
        operation: operation.map(|o| o.name.clone()),
        credential: facts.credential.as_ref().map(|c| c.id()),
        token: token.or_else(|| facts.jwt.as_ref().map(|j| short(&j.jti, LONGEST_PATH))),
        credential_kind: facts.kind.map(|kind: Kind| kind.word().to_owned()),
        client: facts.client.as_ref().map(|c| c.id()),
        app: facts.client.as_ref().and_then(|c| c.app()),
        subscription: facts.subscription.as_ref().map(|s| s.id()),
        plan: facts.subscription.as_ref().map(|s| s.plan()),
        limit_group: facts.limit.zip(terms).map(|(at, terms)| terms.group(at).row.id.clone()),
        change: call.core.handle.applied(),
        duration_micros: micros,
    }
}

fn short(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

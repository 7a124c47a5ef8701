//! Phase 3: is there a call left in every window of the plan? Counts it if so.

use crate::call::Call;
use crate::counters::{CountKey, Counters, Taken, WindowState};
use base::ProblemKind;
use bytes::Bytes;
use http::HeaderValue;
use snapshot::{LimitGroup, Refusal, Rule};
use std::collections::HashMap;

/// The fields that tell a caller how much of its plan is left (F36).
#[derive(Clone, Debug)]
pub(crate) struct LimitFields {
    /// `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).
    pub policy: HeaderValue,
    /// `RateLimit`.
    pub state: HeaderValue,
    /// `X-RateLimit-Limit`: calls in the tightest window.
    pub limit: HeaderValue,
    /// `X-RateLimit-Remaining`: calls left in it.
    pub remaining: HeaderValue,
    /// `X-RateLimit-Reset`: seconds until it begins anew.
    pub reset: HeaderValue,
    /// `Retry-After`, when the call is refused.
    pub retry_after: Option<u64>,
}

/// Counts the call. Upstream failures consume too: from here on nothing is given back.
pub(crate) async fn meter(call: &mut Call) -> Result<(), Refusal> {
    let (Some(at), Some(terms)) = (call.facts.limit, &call.terms) else { return Ok(()) };
    let app = call.facts.client.as_ref().and_then(|c| c.app_bits);
    let publication = call.facts.route.map(|route| terms.publication(route.publication));
    let (Some(app), Some(publication)) = (app, publication) else { return Ok(()) };
    let group = terms.group(at);
    let key = CountKey { group: group.bits, app, environment: publication.environment_bits };
    let taken = call.core.handle.counters.take(key, group, call.at).await;
    let policy = call.core.policies.borrow_mut().of(group);
    call.limits = policy.and_then(|policy| fields(&taken, policy));
    if taken.allowed {
        return Ok(());
    }
    let full: Vec<String> = taken.windows.iter().filter(|w| w.remaining == 0).map(in_words).collect();
    let detail = format!(
        "The plan allows {}, and the app has used them up; try again in {} seconds.",
        full.join(" and "),
        taken.retry_after()
    );
    Err(Refusal::new(ProblemKind::LimitExceeded, Rule::Limit, detail))
}

fn in_words(state: &WindowState) -> String {
    let (count, seconds) = (state.window.count, state.window.seconds);
    match seconds {
        1 => format!("{count} calls a second"),
        60 => format!("{count} calls a minute"),
        3600 => format!("{count} calls an hour"),
        86_400 => format!("{count} calls a day"),
        604_800 => format!("{count} calls a week"),
        _ => format!("{count} calls in {seconds} seconds"),
    }
}

/// The text of `RateLimit-Policy` for each limit group as it is: it changes only with the group.
#[derive(Debug, Default)]
pub(crate) struct Policies(HashMap<u64, HeaderValue>);

/// Policies remembered before all are made anew.
const MOST_POLICIES: usize = 4096;

impl Policies {
    fn of(&mut self, group: &LimitGroup) -> Option<HeaderValue> {
        if let Some(known) = self.0.get(&group.build) {
            return Some(known.clone());
        }
        let each = |w: &snapshot::Window| format!("\"{1}s\";q={0};w={1}", w.count, w.seconds);
        let text = group.row.windows.iter().map(each).collect::<Vec<_>>().join(", ");
        let value = HeaderValue::from_maybe_shared(Bytes::from(text)).ok()?;
        if self.0.len() >= MOST_POLICIES {
            self.0.clear();
        }
        self.0.insert(group.build, value.clone());
        Some(value)
    }
}

/// Writes the fields that change with each call into one buffer and cuts them out of it.
fn fields(taken: &Taken, policy: HeaderValue) -> Option<LimitFields> {
    let tightest = taken.tightest()?;
    let mut text = Vec::with_capacity(48 * taken.windows.len() + 60);
    for (i, w) in taken.windows.iter().enumerate() {
        text.extend_from_slice(if i == 0 { b"\"" } else { b", \"" });
        number(&mut text, w.window.seconds);
        text.extend_from_slice(b"s\";r=");
        number(&mut text, w.remaining);
        text.extend_from_slice(b";t=");
        number(&mut text, w.reset_seconds);
    }
    let mut ends = [text.len(); 4];
    for (end, value) in ends[1..].iter_mut().zip([tightest.window.count, tightest.remaining, tightest.reset_seconds]) {
        number(&mut text, value);
        *end = text.len();
    }
    let all = Bytes::from(text);
    let cut = |from: usize, to: usize| HeaderValue::from_maybe_shared(all.slice(from..to)).ok();
    Some(LimitFields {
        policy,
        state: cut(0, ends[0])?,
        limit: cut(ends[0], ends[1])?,
        remaining: cut(ends[1], ends[2])?,
        reset: cut(ends[2], ends[3])?,
        retry_after: (!taken.allowed).then(|| taken.retry_after()),
    })
}

/// Appends a number in decimal digits; `std::fmt` takes several times as long, and every limited call pays it.
fn number(text: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            text.extend_from_slice(&digits[at..]);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot::Window;

    /// F36
    #[test]
    fn limit_fields_name_every_window_and_the_tightest() {
        let state = |count, seconds, remaining, reset_seconds| WindowState {
            window: Window { count, seconds },
            remaining,
            reset_seconds,
        };
        let taken = Taken { allowed: true, windows: vec![state(10, 1, 9, 1), state(100, 604_800, 3, 5000)] };
        let group = crate::counters::suite::group(1, 1, &[(10, 1), (100, 604_800)]);
        let policy = Policies::default().of(&group).unwrap();
        let fields = fields(&taken, policy.clone()).unwrap();
        assert_eq!(fields.policy, "\"1s\";q=10;w=1, \"604800s\";q=100;w=604800");
        assert_eq!(fields.state, "\"1s\";r=9;t=1, \"604800s\";r=3;t=5000");
        assert_eq!(
            (fields.limit, fields.remaining, fields.reset),
            ("100".parse().unwrap(), "3".parse().unwrap(), "5000".parse().unwrap())
        );
        assert_eq!(fields.retry_after, None);
        assert!(super::fields(&Taken { allowed: true, windows: vec![] }, policy).is_none());
    }
}

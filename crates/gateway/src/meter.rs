//! Phase 3: is there a call left in every window of the plan? Counts it if so.

use crate::call::Call;
use crate::counters::{CountKey, Counters, Taken, WindowState};
use base::ProblemKind;
use bytes::Bytes;
use http::HeaderValue;
use snapshot::{Refusal, Rule};
use std::fmt::Write as _;

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
    call.limits = fields(&taken);
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

/// Writes all fields into one buffer and cuts them out of it.
fn fields(taken: &Taken) -> Option<LimitFields> {
    let tightest = taken.tightest()?;
    let mut text = String::with_capacity(96 * taken.windows.len());
    let mut ends = [0usize; 5];
    // Writing to a String cannot fail.
    for (i, w) in taken.windows.iter().enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}\"{1}s\";q={0};w={1}", w.window.count, w.window.seconds);
    }
    ends[0] = text.len();
    for (i, w) in taken.windows.iter().enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}\"{}s\";r={};t={}", w.window.seconds, w.remaining, w.reset_seconds);
    }
    ends[1] = text.len();
    for (end, number) in [(2, tightest.window.count), (3, tightest.remaining), (4, tightest.reset_seconds)] {
        let _ = write!(text, "{number}");
        ends[end] = text.len();
    }
    let all = Bytes::from(text);
    let cut = |from: usize, to: usize| HeaderValue::from_maybe_shared(all.slice(from..to)).ok();
    Some(LimitFields {
        policy: cut(0, ends[0])?,
        state: cut(ends[0], ends[1])?,
        limit: cut(ends[1], ends[2])?,
        remaining: cut(ends[2], ends[3])?,
        reset: cut(ends[3], ends[4])?,
        retry_after: (!taken.allowed).then(|| taken.retry_after()),
    })
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
        let fields = fields(&taken).unwrap();
        assert_eq!(fields.policy, "\"1s\";q=10;w=1, \"604800s\";q=100;w=604800");
        assert_eq!(fields.state, "\"1s\";r=9;t=1, \"604800s\";r=3;t=5000");
        assert_eq!(
            (fields.limit, fields.remaining, fields.reset),
            ("100".parse().unwrap(), "3".parse().unwrap(), "5000".parse().unwrap())
        );
        assert_eq!(fields.retry_after, None);
        assert!(super::fields(&Taken { allowed: true, windows: vec![] }).is_none());
    }
}

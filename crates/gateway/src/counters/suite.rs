//! The behaviour that every implementation of [`Counters`] must show.

use super::{CountKey, Counters, Taken};
use base::{Timestamp, id};
use snapshot::{LimitGroup, LimitGroupRow, Window};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

/// A limit group of (count, seconds) windows.
pub fn group(bits: u128, build: u64, windows: &[(u64, u64)]) -> LimitGroup {
    let windows = windows.iter().map(|&(count, seconds)| Window { count, seconds }).collect();
    LimitGroup { row: LimitGroupRow { id: id::LimitGroupId::from_bits(bits), windows }, bits, build }
}

/// Takes once for an app, waiting for the answer on this thread.
pub fn take(counters: &impl Counters, app: u128, group: &LimitGroup, now: Timestamp) -> Taken {
    let key = CountKey { group: group.bits, app, environment: 1 };
    wait(counters.take(key, group, now))
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(answer) = future.as_mut().poll(&mut cx) {
            return answer;
        }
        std::thread::yield_now();
    }
}

/// Everything that does not need threads. `counters` must be empty.
pub fn run(counters: &impl Counters) {
    let now = Timestamp::from_seconds(1_800_000_000);
    all_windows_hold(counters, now);
    refused_calls_consume_nothing(counters, now);
    apps_and_environments_count_apart(counters, now);
    changed_windows_keep_their_counts(counters, now);
    time_that_runs_back_is_not_a_new_budget(counters, now);
}

fn all_windows_hold(counters: &impl Counters, now: Timestamp) {
    let group = group(1, 1, &[(3, 1), (5, 3600)]);
    let mut passed = Vec::new();
    for second in 0..4 {
        let at = now.plus_seconds(second);
        passed.push((0..4).filter(|_| take(counters, 1, &group, at).allowed).count());
    }
    assert_eq!(passed, [3, 2, 0, 0], "a burst ends at 3, the hour at 5");
    assert_eq!((0..4).filter(|_| take(counters, 1, &group, now.plus_seconds(3600)).allowed).count(), 3);
}

fn refused_calls_consume_nothing(counters: &impl Counters, now: Timestamp) {
    let group = group(2, 1, &[(1, 1), (100, 3600)]);
    let first = take(counters, 1, &group, now);
    assert!(first.allowed);
    assert_eq!(first.windows.iter().map(|w| w.remaining).collect::<Vec<_>>(), [0, 99]);
    for _ in 0..50 {
        let refused = take(counters, 1, &group, now);
        assert!(!refused.allowed);
        assert_eq!(refused.windows[1].remaining, 99, "nothing was taken from the hour");
        assert_eq!(refused.retry_after(), 1);
    }
    assert_eq!(take(counters, 1, &group, now.plus_seconds(1)).windows[1].remaining, 98);
}

fn apps_and_environments_count_apart(counters: &impl Counters, now: Timestamp) {
    let group = group(3, 1, &[(1, 60)]);
    assert!(take(counters, 1, &group, now).allowed);
    assert!(take(counters, 2, &group, now).allowed);
    assert!(!take(counters, 1, &group, now).allowed);
    let other = CountKey { group: group.bits, app: 1, environment: 2 };
    assert!(wait(counters.take(other, &group, now)).allowed);
}

fn changed_windows_keep_their_counts(counters: &impl Counters, now: Timestamp) {
    let old = group(4, 1, &[(2, 60)]);
    assert!(take(counters, 1, &old, now).allowed && take(counters, 1, &old, now).allowed);
    let new = group(4, 2, &[(3, 60), (10, 3600)]);
    let taken = take(counters, 1, &new, now);
    assert!(taken.allowed, "the new cap leaves one");
    assert_eq!(taken.windows[0].remaining, 0, "what was used stays used");
    assert!(!take(counters, 1, &old, now).allowed, "a call under the old terms sees the same count");
}

fn time_that_runs_back_is_not_a_new_budget(counters: &impl Counters, now: Timestamp) {
    let group = group(5, 1, &[(1, 1)]);
    assert!(take(counters, 1, &group, now.plus_seconds(1)).allowed);
    assert!(!take(counters, 1, &group, now).allowed, "a thread whose clock lags counts in the newer stretch");
}

/// Four threads share a budget of 1,000 in the narrower of two windows.
pub fn race(counters: &impl Counters) {
    let group = group(9, 1, &[(5_000, 60), (1_000, 3600)]);
    let now = Timestamp::from_seconds(1_800_000_000);
    let passed = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    if take(counters, 1, &group, now).allowed {
                        passed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(passed.into_inner(), 1_000);
    assert_eq!(take(counters, 1, &group, now).windows[0].remaining, 4_000, "refused calls were given back");
}

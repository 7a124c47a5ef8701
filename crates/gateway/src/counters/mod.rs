//! Counting calls in the windows of limit groups.
//!
//! A key is (limit group, app, environment), so all plans of one group share it (C74). All windows of a group hold at
//! once (C73): a call is counted in each of them or in none. Windows are aligned to UTC; stretches of whole weeks
//! begin on Mondays.

mod memory;

pub use memory::Memory;

use base::Timestamp;
use snapshot::{LimitGroup, Window};

/// What is counted together, as bits of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CountKey {
    /// Limit group.
    pub group: u128,
    /// App.
    pub app: u128,
    /// Environment.
    pub environment: u128,
}

/// One window after a call was counted or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowState {
    /// The window.
    pub window: Window,
    /// Calls left in this stretch.
    pub remaining: u64,
    /// Seconds until the next stretch begins, rounded up; at least 1.
    pub reset_seconds: u64,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// It was counted in every window; otherwise in none.
    pub allowed: bool,
    /// Each window of the group, in the group's order.
    pub windows: Vec<WindowState>,
}

impl Taken {
    /// The window that matters most to a caller: the one with the fewest calls left; of several the one that lasts
    /// longest.
    pub fn tightest(&self) -> Option<&WindowState> {
        self.windows.iter().min_by_key(|w| (w.remaining, std::cmp::Reverse(w.reset_seconds)))
    }

    /// Seconds until a refused call may be tried again: until every used-up window has ended.
    pub fn retry_after(&self) -> u64 {
        self.windows.iter().filter(|w| w.remaining == 0).map(|w| w.reset_seconds).max().unwrap_or(1)
    }
}

/// Where calls are counted. One behavioural test suite ([`crate::counters::suite`]) holds every implementation to it.
pub trait Counters: Send + Sync {
    /// Counts a call in all windows of the group, or in none if one of them is used up.
    fn take(&self, key: CountKey, group: &LimitGroup, now: Timestamp) -> impl Future<Output = Taken>;
}

/// The number of the stretch of `seconds` that `now` lies in, and the seconds until it ends, rounded up.
pub(crate) fn stretch(seconds: u64, now: Timestamp) -> (u32, u64) {
    const WEEK: i64 = 7 * 86_400;
    // The epoch was a Thursday; the first Monday came four days later.
    const FIRST_MONDAY: i64 = 4 * 86_400;
    let length = i64::try_from(seconds.max(1)).unwrap_or(i64::MAX);
    let origin = if length % WEEK == 0 { FIRST_MONDAY - WEEK } else { 0 };
    let micros = now.micros().saturating_sub(origin * 1_000_000).max(0);
    let length_micros = length.saturating_mul(1_000_000);
    let number = micros / length_micros;
    let left = length_micros - micros % length_micros;
    (u32::try_from(number).unwrap_or(u32::MAX - 1), u64::try_from(left).unwrap_or(0).div_ceil(1_000_000))
}

#[cfg(test)]
pub mod suite;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_aligned_to_utc_and_weeks_to_mondays() {
        // 2027-01-13 is a Wednesday.
        let now = Timestamp::parse("2027-01-13T10:20:30.5Z").unwrap();
        let end = |seconds| now.plus_micros(i64::try_from(stretch(seconds, now).1).unwrap() * 1_000_000 - 500_000);
        assert_eq!(end(1).to_string(), "2027-01-13T10:20:31Z");
        assert_eq!(end(60).to_string(), "2027-01-13T10:21:00Z");
        assert_eq!(end(3600).to_string(), "2027-01-13T11:00:00Z");
        assert_eq!(end(86_400).to_string(), "2027-01-14T00:00:00Z");
        assert_eq!(end(7 * 86_400).to_string(), "2027-01-18T00:00:00Z");
        let monday = Timestamp::parse("2027-01-18T00:00:00Z").unwrap();
        assert_eq!(stretch(7 * 86_400, monday).0, stretch(7 * 86_400, now).0 + 1);
        assert_eq!(stretch(7 * 86_400, monday).1, 7 * 86_400);
        assert_eq!(stretch(0, now).1, 1);
        assert_eq!(stretch(u64::MAX, now).0, 0);
    }

    #[test]
    fn the_tightest_window_and_the_retry_are_those_that_bind() {
        let state = |seconds, remaining, reset_seconds| WindowState {
            window: Window { count: 10, seconds },
            remaining,
            reset_seconds,
        };
        let taken = Taken { allowed: false, windows: vec![state(1, 5, 1), state(60, 0, 20), state(3600, 0, 900)] };
        assert_eq!(taken.tightest().unwrap().window.seconds, 3600);
        assert_eq!(taken.retry_after(), 900);
    }
}

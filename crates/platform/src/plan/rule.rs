//! What makes windows acceptable, and who may use a plan or limit group.

use crate::words::words;
use base::{Problem, id};
use snapshot::Window;

/// The most windows of one limit group.
pub const MOST_WINDOWS: usize = 8;
/// The most calls in one window.
pub const MOST_CALLS: i64 = 1_000_000_000_000;
/// The longest window, in seconds: 366 days.
pub const LONGEST_SECONDS: i64 = 366 * 86_400;

words! {
    /// The usual lengths of windows by name.
    pub enum Per {
        /// 1 second.
        Second = "second",
        /// 60 seconds.
        Minute = "minute",
        /// 3,600 seconds.
        Hour = "hour",
        /// 86,400 seconds.
        Day = "day",
        /// 604,800 seconds, from Monday.
        Week = "week",
    }
}

impl Per {
    /// The length in seconds.
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Week => 604_800,
        }
    }
}

/// At most `count` calls in each stretch of time. Its length is given as `seconds` or as `per`.
#[derive(Clone, Copy, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWindow {
    /// Calls allowed in one stretch, 1 to 10^12.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub count: i64,
    /// Length of a stretch in seconds, 1 to 31,622,400 (366 days). Stretches are aligned to the epoch in UTC.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 31_622_400)]
    pub seconds: Option<i64>,
    /// The length by name, instead of `seconds`. Weeks begin on Mondays.
    #[serde(default)]
    pub per: Option<Per>,
}

/// The windows, if they make sense together.
///
/// # Errors
/// 422 naming every field under `/windows` that is wrong.
pub fn windows(given: &[NewWindow]) -> Result<Vec<Window>, Problem> {
    if given.is_empty() || given.len() > MOST_WINDOWS {
        let detail =
            format!("A limit group has 1 to {MOST_WINDOWS} windows, such as {{\"count\": 10, \"per\": \"second\"}}.");
        return Err(Problem::invalid("/windows", detail));
    }
    let mut faults: Vec<(String, String)> = Vec::new();
    let mut out: Vec<Window> = Vec::with_capacity(given.len());
    for (at, window) in given.iter().enumerate() {
        if !(1..=MOST_CALLS).contains(&window.count) {
            let detail = format!("`{}` calls is out of range: 1 to {MOST_CALLS}.", window.count);
            faults.push((format!("/windows/{at}/count"), detail));
        }
        match length(window) {
            Ok(seconds) if out.iter().any(|w| w.seconds == seconds) => {
                let detail = format!("Another window has {seconds} seconds too; keep the one with the smaller count.");
                faults.push((format!("/windows/{at}/seconds"), detail));
            }
            Ok(seconds) => out.push(Window { count: window.count.unsigned_abs(), seconds }),
            Err((member, detail)) => faults.push((format!("/windows/{at}{member}"), detail)),
        }
    }
    let mut faults = faults.into_iter();
    match faults.next() {
        None => Ok(out),
        Some((pointer, detail)) => {
            Err(faults
                .fold(Problem::invalid(pointer, detail), |problem, (pointer, detail)| problem.field(pointer, detail)))
        }
    }
}

fn length(window: &NewWindow) -> Result<u64, (&'static str, String)> {
    let seconds = match (window.seconds, window.per) {
        (Some(seconds), None) => seconds,
        (None, Some(per)) => per.seconds(),
        (Some(_), Some(_)) => return Err(("/per", "Give `seconds` or `per`, not both.".to_owned())),
        (None, None) => {
            return Err((
                "",
                "Give the length as `seconds` or as `per`: second, minute, hour, day or week.".to_owned(),
            ));
        }
    };
    match u64::try_from(seconds) {
        Ok(length) if (1..=LONGEST_SECONDS).contains(&seconds) => Ok(length),
        _ => Err(("/seconds", format!("`{seconds}` seconds is out of range: 1 to {LONGEST_SECONDS} (366 days)."))),
    }
}

/// Whether somebody may use what belongs to `owner`: what is shared serves all, the rest only its own organization.
/// `by` is `None` for what is shared itself.
pub fn serves(owner: Option<&id::OrganizationId>, by: Option<&id::OrganizationId>) -> bool {
    owner.is_none() || owner == by
}

/// What a body is told that names a limit group which is not there for it (C06).
pub fn no_limit_group(id: &id::LimitGroupId) -> Problem {
    let detail =
        format!("There is no limit group `{id}` that this plan may use: name a shared one or one of its organization.");
    Problem::invalid("/limit_group", detail)
}

/// Names for a person: the first few, and how many more there are.
pub fn few(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let first: Vec<String> = names.iter().take(SHOWN).map(|n| format!("`{n}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(count: i64, seconds: Option<i64>, per: Option<Per>) -> NewWindow {
        NewWindow { count, seconds, per }
    }

    fn pointers(given: &[NewWindow]) -> Vec<String> {
        windows(given).map_or_else(|p| p.fields.into_iter().map(|f| f.pointer).collect(), |_| Vec::new())
    }

    /// C73
    #[test]
    fn windows_are_given_in_seconds_or_by_name() {
        let given = [window(10, None, Some(Per::Second)), window(100, Some(604_800), None)];
        let expected = vec![Window { count: 10, seconds: 1 }, Window { count: 100, seconds: 604_800 }];
        assert_eq!(windows(&given).ok(), Some(expected));
        let lengths: Vec<i64> = Per::ALL.iter().map(|per| per.seconds()).collect();
        assert_eq!(lengths, [1, 60, 60 * 60, 24 * 60 * 60, 7 * 24 * 60 * 60]);
    }

    #[test]
    fn the_ends_of_both_ranges_are_allowed() {
        assert!(windows(&[window(1, Some(1), None), window(MOST_CALLS, Some(LONGEST_SECONDS), None)]).is_ok());
    }

    #[test]
    fn every_wrong_field_is_named() {
        let given = [
            window(0, Some(1), None),
            window(MOST_CALLS + 1, Some(2), None),
            window(1, Some(0), None),
            window(1, Some(LONGEST_SECONDS + 1), None),
            window(1, Some(60), Some(Per::Minute)),
            window(1, None, None),
            window(i64::MIN, Some(i64::MIN), None),
        ];
        let expected = [
            "/windows/0/count",
            "/windows/1/count",
            "/windows/2/seconds",
            "/windows/3/seconds",
            "/windows/4/per",
            "/windows/5",
            "/windows/6/count",
            "/windows/6/seconds",
        ];
        assert_eq!(pointers(&given), expected);
    }

    #[test]
    fn there_are_one_to_eight_windows_each_of_another_length() {
        assert_eq!(pointers(&[]), ["/windows"]);
        let nine: Vec<NewWindow> = (1..=9).map(|n| window(1, Some(n), None)).collect();
        assert!(windows(&nine[..8]).is_ok());
        assert_eq!(pointers(&nine), ["/windows"]);
        assert_eq!(pointers(&[window(1, Some(60), None), window(2, None, Some(Per::Minute))]), ["/windows/1/seconds"]);
    }

    #[test]
    fn what_is_shared_serves_all_and_the_rest_only_its_own_organization() {
        let (one, other) = (id::OrganizationId::from_bits(1), id::OrganizationId::from_bits(2));
        assert!(serves(None, None) && serves(None, Some(&one)) && serves(Some(&one), Some(&one)));
        assert!(!serves(Some(&one), Some(&other)) && !serves(Some(&one), None));
    }

    #[test]
    fn long_lists_of_names_are_cut() {
        let names: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).into();
        assert_eq!(few(&names[..2]), "`a`, `b`");
        assert_eq!(few(&names), "`a`, `b`, `c` and 2 more");
    }
}

//! The end of a version: what callers are told before it (RFC 9745, RFC 8594), and the refusal after it (F33).

use crate::refusal::{Refusal, Rule};
use base::{ProblemKind, Timestamp};
use http::HeaderValue;
use serde::{Deserialize, Serialize};

/// What is known of the end of a version that is deprecated or retired.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingRow {
    /// Since when callers are advised to leave.
    pub deprecated_at: Timestamp,
    /// From when on it does not answer any more; `None` while nobody has said when.
    pub sunset_at: Option<Timestamp>,
    /// Since when it does not answer, if somebody ended it by hand.
    pub retired_at: Option<Timestamp>,
    /// Where people read about it: an absolute URL.
    pub link: String,
    /// The version to go to.
    pub successor: Option<SuccessorRow>,
}

/// The version that takes the place of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuccessorRow {
    /// Its name: `v2`.
    pub name: String,
    /// Where it is called, or where people read of it: an absolute URL.
    pub url: String,
}

/// An ending with its header values made once.
#[derive(Debug)]
pub struct Ending {
    /// What the control plane sent.
    pub row: EndingRow,
    /// `Deprecation` (RFC 9745 section 2.1): a Date of RFC 9651.
    pub deprecation: HeaderValue,
    /// `Sunset` (RFC 8594 section 3): an HTTP date.
    pub sunset: Option<HeaderValue>,
    /// `Link` (RFC 8288) with the relations `deprecation` and `successor-version`.
    pub links: Vec<HeaderValue>,
    /// When calls begin to be refused.
    end: Timestamp,
}

/// Never.
const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);

impl Ending {
    /// Makes a row ready. Addresses that no header may carry are left out.
    pub fn of(row: EndingRow) -> Self {
        let end = row.retired_at.unwrap_or(NEVER).min(row.sunset_at.unwrap_or(NEVER));
        let last = row.retired_at.filter(|at| row.sunset_at.is_none_or(|sunset| *at < sunset)).or(row.sunset_at);
        let link = |url: &str, relation: &str| {
            let plain = !url.is_empty() && url.bytes().all(|b| (0x21..0x7f).contains(&b) && !b"<>\"\\".contains(&b));
            plain.then(|| HeaderValue::from_str(&format!("<{url}>; rel=\"{relation}\"")).ok()).flatten()
        };
        let successor = row.successor.as_ref().and_then(|s| link(&s.url, "successor-version"));
        Self {
            deprecation: HeaderValue::from_str(&format!("@{}", row.deprecated_at.seconds()))
                .unwrap_or(HeaderValue::from_static("@0")),
            sunset: last.and_then(|at| HeaderValue::from_str(&at.http_date()).ok()),
            links: link(&row.link, "deprecation").into_iter().chain(successor).collect(),
            end,
            row,
        }
    }

    /// Passes until the version has ended. At its very instant it has.
    ///
    /// # Errors
    /// 410 `retired`, naming the successor.
    pub fn check(&self, now: Timestamp, api: &str, version: &str) -> Result<(), Refusal> {
        if now < self.end {
            return Ok(());
        }
        let mut detail = format!("Version `{version}` of API `{api}` was retired at {}", self.end);
        match &self.row.successor {
            Some(next) => detail.push_str(&format!("; call `{}` instead: {}", next.name, next.url)),
            None => detail.push_str("; see the API's page for what there is instead."),
        }
        Err(Refusal::new(ProblemKind::Retired, Rule::Route, detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const SOON: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn row() -> EndingRow {
        EndingRow {
            deprecated_at: Timestamp::from_seconds(1_688_169_599),
            sunset_at: Some(SOON),
            retired_at: None,
            link: "https://portal.example/apis/api_1/changelog".into(),
            successor: Some(SuccessorRow { name: "v2".into(), url: "https://gw.example/pets/v2".into() }),
        }
    }

    /// F33
    #[test]
    fn the_headers_are_those_of_the_standards() {
        let ending = Ending::of(row());
        assert_eq!(ending.deprecation, "@1688169599");
        assert_eq!(ending.sunset.unwrap(), "Fri, 15 Jan 2027 08:00:00 GMT");
        assert_eq!(
            ending.links,
            [
                "<https://portal.example/apis/api_1/changelog>; rel=\"deprecation\"",
                "<https://gw.example/pets/v2>; rel=\"successor-version\""
            ]
        );
    }

    /// F33
    #[test]
    fn the_end_is_reached_at_its_very_instant() {
        let ending = Ending::of(row());
        assert!(ending.check(SOON.plus_micros(-1), "pets", "v1").is_ok());
        let refusal = ending.check(SOON, "pets", "v1").unwrap_err();
        assert_eq!((refusal.kind, refusal.rule), (ProblemKind::Retired, Rule::Route));
        assert!(refusal.detail.contains("https://gw.example/pets/v2"), "{}", refusal.detail);
    }

    #[test]
    fn whichever_end_comes_first_counts() {
        let by_hand = EndingRow { retired_at: Some(SOON.plus_seconds(-DAY)), ..row() };
        let ending = Ending::of(by_hand);
        assert!(ending.check(SOON.plus_seconds(-DAY), "pets", "v1").is_err());
        assert_eq!(ending.sunset.unwrap(), "Thu, 14 Jan 2027 08:00:00 GMT");
        let open = Ending::of(EndingRow { sunset_at: None, ..row() });
        assert!(open.check(NEVER.plus_micros(-1), "pets", "v1").is_ok() && open.sunset.is_none());
    }

    #[test]
    fn an_address_cannot_break_out_of_its_field() {
        for bad in
            ["", "https://x/>; rel=\"next\"", "https://x/\r\nSet-Cookie: a=b", "https://x/ y", "https://x/\u{e9}"]
        {
            let ending = Ending::of(EndingRow { link: bad.into(), successor: None, ..row() });
            assert!(ending.links.is_empty(), "{bad:?}");
        }
    }
}

//! Instants as the database keeps them: whole microseconds since the Unix epoch, in UTC.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Microseconds since 1970-01-01T00:00:00Z. On the wire it is an RFC 3339 string in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant that lies `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The instant that lies `seconds` whole seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down: the unit of JWT `NumericDate`.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This instant moved by `seconds`, which may be negative. Saturates at the ends of the range.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This instant moved by `micros` microseconds. Saturates at the ends of the range.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// The same time of day this many months later in the calendar of UTC; the last day of a month that has no such day.
    /// Stays where it is at the end of the range.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        jiff::Timestamp::from_microsecond(self.0)
            .and_then(|t| t.to_zoned(jiff::tz::TimeZone::UTC).checked_add(jiff::Span::new().try_months(months)?))
            .map_or(self, |later| Self(later.timestamp().as_microsecond()))
    }

    /// Reads an RFC 3339 date and time with any offset.
    ///
    /// # Errors
    /// Returns what is wrong with the text, for a person to read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |_| {
            // A date that exists, with an offset, and still no instant: one outside of the range.
            let far =
                jiff::fmt::temporal::Pieces::parse(text).is_ok_and(|it| it.time().is_some() && it.offset().is_some());
            if far {
                format!("`{text}` is too far away; the last instant is 9999-12-30T22:00:00Z")
            } else {
                format!("`{text}` is not an RFC 3339 date and time such as 2026-11-22T09:30:00Z")
            }
        };
        text.parse::<jiff::Timestamp>().map(|t| Self(t.as_microsecond())).map_err(wrong)
    }
}

impl Timestamp {
    /// The instant as HTTP fields carry it (RFC 9110 section 5.6.7), to the second: `Sun, 06 Nov 1994 08:49:37 GMT`.
    /// Empty outside the years 0 to 9999, which such a date cannot say.
    pub fn http_date(self) -> String {
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        jiff::Timestamp::from_second(self.seconds())
            .and_then(|t| printer.timestamp_to_rfc9110_string(&t))
            .unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(t) => write!(f, "{t}"),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_survives_its_text() {
        let t = Timestamp::from_micros(1_795_340_000_123_456);
        assert_eq!(Timestamp::parse(&t.to_string()), Ok(t));
    }

    #[test]
    fn a_date_of_http_is_in_gmt_and_to_the_second() {
        assert_eq!(Timestamp::from_micros(784_111_777_999_999).http_date(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let at = |text| Timestamp::parse(text).unwrap();
        assert_eq!(at("2026-11-30T09:30:00.000001Z").plus_months(3), at("2027-02-28T09:30:00.000001Z"));
        assert_eq!(Timestamp::from_micros(i64::MAX).plus_months(3), Timestamp::from_micros(i64::MAX));
    }

    #[test]
    fn seconds_round_down_before_the_epoch_too() {
        assert_eq!(Timestamp::from_micros(-1).seconds(), -1);
    }

    #[test]
    fn nonsense_is_named_in_the_error_and_told_from_what_is_too_far_away() {
        assert!(Timestamp::parse("tomorrow").is_err_and(|e| e.contains("`tomorrow` is not an RFC 3339")));
        assert!(Timestamp::parse("9999-12-30T22:00:00Z").is_ok());
        for far in ["9999-12-31T23:59:59Z", "9999-12-30T23:00:00-12:00"] {
            assert!(Timestamp::parse(far).is_err_and(|e| e.contains("too far away")), "{far}");
        }
        for odd in ["9999-12-31", "9999-12-31T23:59:59", "9999-13-31T23:59:59Z"] {
            assert!(Timestamp::parse(odd).is_err_and(|e| e.contains("is not an RFC 3339")), "{odd}");
        }
    }
}

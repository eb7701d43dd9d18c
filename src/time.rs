//! Moments, and the words for the distance between them.
//!
//! Knows no clock: the moment of judgement is an input everywhere.

use std::{borrow::Cow, fmt};

use time::{
    Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time,
    format_description::well_known::Rfc3339,
};

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// Seconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Reads an RFC 3339 date and time with any offset; fractions of a second are dropped.
    pub fn parse(text: &str) -> Option<Timestamp> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(|it| Timestamp(it.unix_timestamp()))
    }

    /// Reads `YYYYMMDDHHMM`, then seconds and a fraction if they are there, then a zone (`Z` or
    /// `+hhmm`): the time of certificates and of signed requests, with or without the `T`
    /// between date and time.
    pub fn from_compact(text: &str) -> Option<Timestamp> {
        Timestamp::from_compact_of("", text)
    }

    /// The same where the year lacks the digits of its `century`.
    pub(crate) fn from_compact_of(century: &str, text: &str) -> Option<Timestamp> {
        let text = match text.bytes().any(|it| it == b'T') {
            true => Cow::from(text.replacen('T', "", 1)),
            false => Cow::from(text),
        };
        let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (own, rest) = text.split_at_checked(n_digits)?;
        let mut digits = [0; 14];
        for (n, digit) in century.bytes().chain(own.bytes()).enumerate() {
            *digits.get_mut(n)? = digit - b'0';
        }
        // Without seconds there are zeros in their place.
        if !matches!(century.len() + n_digits, 12 | 14) {
            return None;
        }
        let (pairs, _) = digits.as_chunks::<2>();
        let [century, year, month, day, hour, minute, second] =
            pairs.first_chunk()?.map(|[tens, ones]| 10 * tens + ones);
        let year = 100 * i32::from(century) + i32::from(year);
        let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
        let time = Time::from_hms(hour, minute, second).ok()?;
        let local = PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp();
        let zone = rest.trim_start_matches(|it: char| it == '.' || it.is_ascii_digit());
        Some(Timestamp(local - zone_offset(zone)?))
    }

    /// The date as `2026-01-10`.
    pub fn date(self) -> String {
        let it = self.civil();
        format!("{:04}-{:02}-{:02}", it.year(), u8::from(it.month()), it.day())
    }

    /// The date and time as `2026-01-10 06:44:34 UTC`.
    pub fn words(self) -> String {
        let it = self.civil();
        format!("{} {:02}:{:02}:{:02} UTC", self.date(), it.hour(), it.minute(), it.second())
    }

    /// The date as `10 January 2026`.
    pub fn day_words(self) -> String {
        let it = self.civil();
        format!("{} {} {}", it.day(), it.month(), it.year())
    }

    /// The moment `seconds` later.
    pub fn plus(self, seconds: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; negative when this moment is the earlier one.
    pub fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Where this moment lies as seen from `now`: "in 47 days", "35 days ago", "now".
    pub fn distance(self, now: Timestamp) -> String {
        match self.since(now) {
            0 => "now".to_owned(),
            n if 0 < n => format!("in {}", duration(n)),
            n => format!("{} ago", duration(n.saturating_neg())),
        }
    }

    /// The calendar fields; moments outside the years 1 to 9999 are clamped to them.
    fn civil(self) -> PrimitiveDateTime {
        let seconds = self.0.clamp(-62_135_596_800, 253_402_300_799);
        let it = OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::seconds(seconds));
        PrimitiveDateTime::new(it.date(), it.time())
    }
}

/// Seconds by which `Z`, `+hhmm` or `-hhmm` is ahead of UTC.
fn zone_offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, hhmm) = zone.split_at_checked(1)?;
    if hhmm.len() != 4 || !hhmm.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let hhmm: i64 = hhmm.parse().ok()?;
    let seconds = hhmm / 100 * 3_600 + hhmm % 100 * 60;
    match sign {
        "+" => Some(seconds),
        "-" => Some(-seconds),
        _ => None,
    }
}

/// RFC 3339 in UTC, as `2026-01-10T06:44:34Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let it = self.civil();
        write!(f, "{}T{:02}:{:02}:{:02}Z", self.date(), it.hour(), it.minute(), it.second())
    }
}

/// A length of time in the largest unit that leaves a useful number: "3 years", "47 days",
/// "5 hours", "20 minutes", "1 second". Rounds down, as "47 days left" should.
pub fn duration(seconds: i64) -> String {
    let units = [(365 * DAY, "year", 2), (DAY, "day", 2), (3_600, "hour", 2), (60, "minute", 2)];
    let (size, name) = units
        .into_iter()
        .find(|(size, _, least)| size * least <= seconds)
        .map_or((1, "second"), |(size, name, _)| (size, name));
    let n = seconds / size;
    format!("{n} {name}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc_3339() {
        let rows = [
            ("2026-01-10T06:44:34Z", "2026-01-10T06:44:34Z"),
            ("2026-01-10T06:44:34.999+08:00", "2026-01-09T22:44:34Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ];
        for (input, expected) in rows {
            assert_eq!(Timestamp::parse(input).unwrap().to_string(), expected, "{input}");
        }
        assert_eq!(Timestamp::parse("tomorrow"), None);
        assert_eq!(Timestamp(i64::MAX).to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn reads_compact_times() {
        let rows = [
            ("20260110064434Z", Some("2026-01-10T06:44:34Z")),
            ("20260110T064434Z", Some("2026-01-10T06:44:34Z")),
            ("202601100644Z", Some("2026-01-10T06:44:00Z")),
            ("20260110064434.5Z", Some("2026-01-10T06:44:34Z")),
            ("20260110064434+0800", Some("2026-01-09T22:44:34Z")),
            ("20260110064434-0030", Some("2026-01-10T07:14:34Z")),
            ("20260110064434", None),
            ("20260230064434Z", None),
            ("20260110064434X", None),
            ("20260110064434+08", None),
            ("2026", None),
            ("", None),
        ];
        for (input, expected) in rows {
            let found = Timestamp::from_compact(input).map(|it| it.to_string());
            assert_eq!(found.as_deref(), expected, "{input}");
        }
    }

    #[test]
    fn distances_round_down_and_agree_in_number() {
        let rows = [
            (0, "now"),
            (1, "in 1 second"),
            (-1, "1 second ago"),
            (120, "in 2 minutes"),
            (119, "in 119 seconds"),
            (2 * DAY - 1, "in 47 hours"),
            (2 * DAY, "in 2 days"),
            (-35 * DAY, "35 days ago"),
            (729 * DAY, "in 729 days"),
            (1_095 * DAY, "in 3 years"),
        ];
        for (seconds, expected) in rows {
            assert_eq!(Timestamp(1_000).plus(seconds).distance(Timestamp(1_000)), expected);
        }
    }
}

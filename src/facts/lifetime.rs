//! How long credentials live, and when to fetch the next one.

use crate::{
    decode::Validity,
    time::{DAY, Timestamp},
};

/// A length of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Its class.
    pub kind: LifetimeKind,
    /// Seconds from the first to the last moment.
    pub seconds: i64,
}

impl Lifetime {
    /// The length of `validity`; none when one of its ends is not known.
    pub fn of(validity: &Validity) -> Option<Lifetime> {
        let seconds = validity.seconds()?;
        let kind = match seconds {
            SHORTEST_TEMPORARY..=LONGEST_TEMPORARY => LifetimeKind::Temporary,
            SHORTEST_LONG_TERM.. => LifetimeKind::LongTerm,
            _ => LifetimeKind::Other,
        };
        Some(Lifetime { kind, seconds })
    }
}

/// A temporary credential lives at least 30 minutes,
const SHORTEST_TEMPORARY: i64 = 30 * 60;
/// and at most 3 days.
const LONGEST_TEMPORARY: i64 = 3 * DAY;
/// A long-term one lives at least 2 years.
const SHORTEST_LONG_TERM: i64 = 2 * 365 * DAY;

/// Classes of lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifetimeKind {
    /// 30 minutes to 3 days.
    Temporary,
    /// 2 years or more.
    LongTerm,
    /// Anything else.
    Other,
}

/// The last 180 days of a long-term credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Its first moment: 180 days before the end.
    pub opens_at: Timestamp,
    /// Where the moment of judgement stands in it.
    pub state: RotationState,
}

/// Where a moment stands in a rotation window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationState {
    /// Before it.
    NotYet,
    /// In it.
    Due,
    /// After it.
    Expired,
}

impl Rotation {
    /// The window of a long-term credential; others have none.
    pub fn of(validity: &Validity, now: Timestamp) -> Option<Rotation> {
        Lifetime::of(validity).filter(|it| it.kind == LifetimeKind::LongTerm)?;
        let end = validity.not_after?;
        let opens_at = end.plus(-180 * DAY);
        let state = if now < opens_at {
            RotationState::NotYet
        } else if now <= end {
            RotationState::Due
        } else {
            RotationState::Expired
        };
        Some(Rotation { opens_at, state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validity(seconds: i64) -> Validity {
        Validity { not_before: Some(Timestamp(0)), not_after: Some(Timestamp(seconds)) }
    }

    #[test]
    fn classes() {
        use LifetimeKind::{LongTerm, Other, Temporary};
        let rows = [
            (0, Other),
            (1_799, Other),
            (1_800, Temporary),
            (3 * DAY, Temporary),
            (3 * DAY + 1, Other),
            (365 * DAY, Other),
            (730 * DAY - 1, Other),
            (730 * DAY, LongTerm),
            (3_650 * DAY, LongTerm),
            (-1, Other),
        ];
        for (seconds, kind) in rows {
            assert_eq!(Lifetime::of(&validity(seconds)), Some(Lifetime { kind, seconds }));
        }
        assert_eq!(Lifetime::of(&Validity { not_before: None, not_after: None }), None);
    }

    #[test]
    fn windows() {
        use RotationState::{Due, Expired, NotYet};
        let end = 1_095 * DAY;
        let rows =
            [(end - 180 * DAY - 1, NotYet), (end - 180 * DAY, Due), (end, Due), (end + 1, Expired)];
        for (now, state) in rows {
            let found = Rotation::of(&validity(end), Timestamp(now)).unwrap();
            assert_eq!((found.opens_at.0, found.state), (end - 180 * DAY, state));
        }
        assert_eq!(Rotation::of(&validity(365 * DAY), Timestamp(0)), None);
    }
}

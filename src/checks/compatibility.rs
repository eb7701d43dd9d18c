//! Which kubectl a file needs, and which kubectl a cluster needs.

use std::ops::RangeInclusive;

use crate::facts::Facts;

/// The kubectl versions that can use a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The oldest, as the minor of version 1; none when any will do.
    pub oldest: Option<u32>,
    /// The newest, as the minor of version 1; none when there is no limit.
    pub newest: Option<u32>,
    /// Why, the tightest limit first.
    pub reasons: Vec<Reason>,
}

/// One limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The minor of version 1 from which on, or up to which, it works.
    pub minor: u32,
    /// Whether this is the newest instead of the oldest that works.
    pub is_newest: bool,
    /// The reason, as a sentence.
    pub sentence: String,
}

/// The kubectl versions that can use all contexts of these files.
pub fn compatibility(_facts: &Facts) -> Range {
    Range::default()
}

/// The minors of kubectl that are supported with an API server 1.`server`.
pub fn skew(server: u32) -> RangeInclusive<u32> {
    server.saturating_sub(1)..=server.saturating_add(1)
}

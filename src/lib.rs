//! Reads kubeconfig files the way kubectl reads them, and says what is in them and what is
//! wrong with them.
//!
//! There is one door, [`inspect`]. It does no IO, reads no clock and cannot fail: a file that
//! does not parse is a fact about that file, not an error of ours.
#![forbid(unsafe_code)]

pub mod secret;
pub mod pace;
pub mod time;
pub mod quote;
pub mod base64;
pub mod masking;
pub mod source;
pub mod intake;
pub mod decode;
pub mod kubeconfig;
pub mod facts;
pub mod checks;
pub mod diagnose;
pub mod export;

use crate::{
    checks::Finding,
    diagnose::Diagnosis,
    facts::Facts,
    pace::{Pace, Shrink},
    source::Source,
    time::Timestamp,
};

/// Everything we can say about the given files at the given moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What the files say.
    pub facts: Facts,
    /// What we think of it, worst first.
    pub findings: Vec<Finding>,
    /// What a message of kubectl means for these files, the likeliest cause first; empty
    /// when there was none.
    pub diagnosis: Vec<Diagnosis>,
}

impl Report {
    /// The long lists in it, to be dropped in pieces: all at once takes long.
    pub fn into_lists(self) -> Vec<Box<dyn Shrink>> {
        let mut lists = self.facts.into_lists();
        lists.push(Box::new(self.findings));
        lists
    }
}

/// Inspects `sources`, each by itself, as of `now`.
pub fn inspect(sources: &[Source], now: Timestamp) -> Report {
    inspect_with(sources, now, &Options::default())
}

/// Choices of the person who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Read the sources as `KUBECONFIG=a:b:c` would, instead of each by itself.
    pub merge: bool,
    /// What kubectl said: a message or a whole transcript. Without it, what stands beside a
    /// kubeconfig in a source counts.
    pub message: Option<String>,
}

/// Inspects `sources`, given in `KUBECONFIG` order, as of `now`.
pub fn inspect_with(sources: &[Source], now: Timestamp, options: &Options) -> Report {
    pace::at_once(async |pace| inspect_at(pace, sources, now, options).await)
}

/// The same in pieces: pending whenever `pace` calls for a rest.
pub async fn inspect_at(
    pace: Pace<'_>,
    sources: &[Source],
    now: Timestamp,
    options: &Options,
) -> Report {
    let facts = Facts::gather(sources, now, options.merge, pace).await;
    let findings = checks::run(&facts, pace).await;
    let beside = facts.sources.iter().find_map(|it| it.intake.message.as_deref());
    let message = options.message.as_deref().or(beside);
    let mut diagnosis = match message {
        Some(message) => diagnose::diagnose_at(pace, &facts, message, None).await,
        None => Vec::new(),
    };
    // Words beside a kubeconfig that are none of kubectl's are no question.
    if options.message.is_none() && facts.readings.iter().any(|it| !it.contexts.is_empty()) {
        diagnosis.retain(|it| it.id != "unknown-message");
    }
    Report { facts, findings, diagnosis }
}

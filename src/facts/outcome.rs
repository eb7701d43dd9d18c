//! Whether kubectl would load what was handed in.
//!
//! Knows nothing of contexts: a file that loads may still be of no use.

use super::{Facts, SourceFacts};
use crate::source::Location;

/// Why kubectl would refuse a source as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// What is wrong and the way out, in our words.
    pub message: String,
    /// Where in the text; none when no single place is to blame.
    pub location: Option<Location>,
}

impl Facts {
    /// Why kubectl would refuse the source with this index; none when it loads. What holds no
    /// kubeconfig is refused too, however well we read the certificates in it.
    pub fn rejection(&self, source: usize) -> Option<Rejection> {
        let it = self.sources.get(source)?;
        let mut files = it.files.iter().filter_map(|file| self.files.get(*file));
        let refusal = it.refusal.as_ref().or_else(|| files.find_map(|file| file.refusal.as_ref()));
        let message = match refusal {
            Some(refusal) => {
                let hint = it.intake.hint.as_deref();
                let sentences = std::iter::once(refusal.explanation.as_str()).chain(hint);
                sentences.collect::<Vec<_>>().join(" ")
            }
            None if it.files.is_empty() => without_kubeconfig(it),
            None => return None,
        };
        Some(Rejection { message, location: refusal.and_then(|it| it.location) })
    }
}

/// What a source holds instead of a kubeconfig.
fn without_kubeconfig(it: &SourceFacts) -> String {
    let count = |n: usize, one: &str| match n {
        0 => None,
        1 => Some(format!("one {one}")),
        n => Some(format!("{n} {one}s")),
    };
    let parts = [
        count(it.certificates.len(), "certificate"),
        count(it.keys.len(), "private key"),
        count(it.tokens.len(), "token"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let mut message = match parts.is_empty() {
        true => "There is no kubeconfig in it.".to_owned(),
        false => format!("This is no kubeconfig: it holds {}.", parts.join(" and ")),
    };
    let faults =
        it.certificates.iter().zip(1..).filter_map(|(it, n)| Some((n, it.as_ref().err()?)));
    for (number, fault) in faults.take(MOST_FAULTS) {
        message.push_str(&format!(" Certificate {number} is {fault}."));
    }
    message
}

/// Certificates whose faults are told: a file of junk may hold thousands.
const MOST_FAULTS: usize = 5;

//! Whether kubectl would load what was handed in.
//!
//! Knows nothing of contexts: a file that loads may still be of no use.

use super::Facts;
use crate::{intake::Format, source::Location};

/// Why kubectl would refuse a source as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// What is wrong and the way out, in our words.
    pub message: String,
    /// Where in the text; none when no single place is to blame.
    pub location: Option<Location>,
}

impl Facts {
    /// Why kubectl would refuse the source with this index; none when it loads, or when it is
    /// something other than a kubeconfig that we could read.
    pub fn rejection(&self, source: usize) -> Option<Rejection> {
        let it = self.sources.get(source)?;
        let mut files = it.files.iter().filter_map(|file| self.files.get(*file));
        let refusal = it.refusal.as_ref().or_else(|| files.find_map(|file| file.refusal.as_ref()));
        let nothing_in_it = it.files.is_empty()
            && it.certificates.is_empty()
            && it.keys.is_empty()
            && it.tokens.is_empty();
        let unknown = it.intake.format == Format::Unknown;
        if refusal.is_none() && it.intake.mended.is_empty() && !nothing_in_it && !unknown {
            return None;
        }
        let mut sentences: Vec<&str> = refusal.iter().map(|it| it.explanation.as_str()).collect();
        if sentences.is_empty() {
            sentences.extend(it.intake.mended.iter().map(String::as_str));
        }
        sentences.extend(it.intake.hint.as_deref());
        if sentences.is_empty() {
            sentences.push("There is no kubeconfig in it.");
        }
        Some(Rejection {
            message: sentences.join(" "),
            location: refusal.and_then(|it| it.location),
        })
    }
}

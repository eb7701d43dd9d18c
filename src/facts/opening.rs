//! Opens one source: as given, unwrapped, or mended.
//!
//! What kubectl reads as given stays as given, byte for byte. Only a text that it refuses, or
//! in which it sees nothing, is unwrapped, and only one that it refuses is mended; or a ticket
//! that begins as YAML, of which kubectl reads the first document and finds nothing.

use crate::{
    intake::{self, Intake},
    kubeconfig::{File, Refusal, load},
    pace::Pace,
    source::Source,
};

/// A source after intake and loading.
pub(super) struct Opened {
    /// How it was wrapped.
    pub(super) intake: Intake,
    /// Why kubectl refuses the text as it was given.
    pub(super) refusal: Option<Refusal>,
    /// Its kubeconfigs, in the order of `intake.kubeconfigs`.
    pub(super) files: Vec<File>,
}

/// Opens `source`, whose first file will have the index `first` in `Facts::files`.
pub(super) async fn open(first: usize, source: &Source, pace: Pace<'_>) -> Opened {
    let plain = intake::plain_at(pace, source).await;
    pace.rest().await;
    let files = load_all(first, source, &plain, pace).await;
    let refusal = files.iter().find_map(|it| it.refusal.clone());
    if refusal.is_none() && 0 < n_entries(&files) {
        return Opened { intake: plain, refusal, files };
    }
    let unwrapped = intake::unwrap_at(pace, source).await.unwrap_or_default();
    if unwrapped.found() {
        let intake = unwrapped;
        let files = load_all(first, source, &intake, pace).await;
        return Opened { intake, refusal: None, files };
    }
    pace.rest().await;
    let refused = refusal.is_some();
    // Other objects have lists of these names, too.
    let is_other = refusal.as_ref().is_some_and(|it| it.path == "kind");
    let has_entries = !is_other && 0 < n_entries(&files);
    let intake = if refused { intake::unread(source, unwrapped.hint, has_entries) } else { plain };
    pace.rest().await;
    let mut best = Opened { intake, refusal, files };
    for intake in intake::mend_at(pace, source).await {
        // What kubectl reads stays as it is, unless it is the beginning of a ticket.
        if !refused && intake.message.is_none() {
            continue;
        }
        let files = load_all(first, source, &intake, pace).await;
        let loads = files.iter().all(|it| it.refusal.is_none());
        // What kubectl reads and we do not better stays as it is.
        let shows_more = refused && !intake.is_guess && n_entries(&best.files) < n_entries(&files);
        if loads || shows_more {
            best = Opened { intake, files, ..best };
        }
        if loads {
            break;
        }
    }
    best
}

/// Loads the kubeconfigs of `intake`, each under a name that tells it from the others.
async fn load_all(first: usize, source: &Source, intake: &Intake, pace: Pace<'_>) -> Vec<File> {
    let pieces = &intake.kubeconfigs;
    let name = |index: usize, origin: &str| match origin {
        "" if pieces.len() < 2 => source.name.clone(),
        "" => format!("{} (part {})", source.name, index + 1),
        _ => format!("{} ({origin})", source.name),
    };
    let mut files = Vec::with_capacity(pieces.len());
    for (index, it) in pieces.iter().enumerate() {
        let name = name(index, &it.origin);
        files.push(load::load_at(pace, first + index, &name, it.bytes.reveal()).await);
    }
    files
}

/// How many clusters, users and contexts there are in `files`.
pub(super) fn n_entries<'a>(files: impl IntoIterator<Item = &'a File>) -> usize {
    files
        .into_iter()
        .map(|it| it.config.clusters.len() + it.config.users.len() + it.config.contexts.len())
        .sum()
}

//! Several files as one: the first to name a thing keeps it.
//!
//! Knows nothing of what a context means; see [`super::resolve`].

use std::collections::BTreeMap;

use super::{Config, Entry, EntryRef, Extension, File};
use crate::{
    pace::{Pace, at_once},
    source::Place,
};

/// What kubectl sees when it is given these files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The files, as indexes in `Facts::files`, in `KUBECONFIG` order.
    pub files: Vec<usize>,
    /// The current context and where it is set; none when no file sets one.
    pub current_context: Option<(String, Place)>,
    /// Clusters that won their name, in file order.
    pub clusters: Vec<EntryRef>,
    /// Users that won their name, in file order.
    pub users: Vec<EntryRef>,
    /// Contexts that won their name, in file order.
    pub contexts: Vec<EntryRef>,
    /// Entries that another one hides.
    pub shadowed: Vec<Shadowed>,
    /// `preferences.colors`.
    pub colors: bool,
    /// `preferences.extensions`, merged by name.
    pub preference_extensions: Vec<Extension>,
    /// `extensions`, merged by name.
    pub extensions: Vec<Extension>,
}

/// An entry that kubectl does not see because another one has its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadowed {
    /// `clusters`, `users` or `contexts`.
    pub list: &'static str,
    /// The name that both have.
    pub name: String,
    /// The one that counts.
    pub winner: Place,
    /// The one that is hidden.
    pub loser: Place,
    /// Whether both say the same, so that nothing is lost.
    pub same: bool,
}

/// Merges `files`, whose indexes in `Facts::files` are `indexes`, in `KUBECONFIG` order.
///
/// Lists go by name, whole entries, without a look inside; single values go to the first file
/// that sets one. A name that stands twice in one file makes kubectl refuse that file; here
/// both entries stay, so that both can be shown.
///
/// Mirrors: ClientConfigLoadingRules.Load and merge, client-go v0.33.1
/// tools/clientcmd/loader.go and merge.go. The two passes there come down to this rule.
pub fn merge(files: &[File], indexes: &[usize]) -> Merged {
    at_once(async |pace| merge_at(pace, files, indexes).await)
}

/// The same in pieces: pending whenever `pace` calls for a rest.
pub(crate) async fn merge_at(pace: Pace<'_>, files: &[File], indexes: &[usize]) -> Merged {
    let mut merged = Merged { files: indexes.to_vec(), ..Merged::default() };
    let configs = || indexes.iter().filter_map(|it| Some((*it, &files.get(*it)?.config)));
    let shadowed = &mut merged.shadowed;
    let lists = configs().map(|it| (it.0, &*it.1.clusters));
    merged.clusters = by_name("clusters", lists, shadowed, pace).await;
    let lists = configs().map(|it| (it.0, &*it.1.users));
    merged.users = by_name("users", lists, shadowed, pace).await;
    let lists = configs().map(|it| (it.0, &*it.1.contexts));
    merged.contexts = by_name("contexts", lists, shadowed, pace).await;
    merged.current_context = configs()
        .find(|(_, it)| !it.current_context.is_empty())
        .map(|(file, it)| (it.current_context.clone(), current_context(file)));
    merged.colors = configs().any(|(_, it)| it.colors);
    merged.extensions = extensions(configs().map(|it| it.1), |it| &it.extensions);
    merged.preference_extensions =
        extensions(configs().map(|it| it.1), |it| &it.preference_extensions);
    merged
}

/// Where a file sets its current context.
fn current_context(file: usize) -> Place {
    Place { file, path: "current-context".to_owned() }
}

/// The entries of all files whose name no earlier file has.
async fn by_name<'a, T: PartialEq + 'a>(
    list: &'static str,
    files: impl Iterator<Item = (usize, &'a [Entry<T>])>,
    shadowed: &mut Vec<Shadowed>,
    pace: Pace<'_>,
) -> Vec<EntryRef> {
    let mut files = files.peekable();
    let mut winners: BTreeMap<&str, (usize, &Entry<T>)> = BTreeMap::new();
    let mut kept = Vec::new();
    while let Some((file, entries)) = files.next() {
        if winners.is_empty() && files.peek().is_none() {
            // Alone with its names, as a single file is.
            kept.extend((0..entries.len()).map(|index| EntryRef { file, index }));
            break;
        }
        for (index, entry) in entries.iter().enumerate() {
            pace.rest_at_times(index).await;
            let (winner_file, winner) = *winners.entry(&entry.name).or_insert((file, entry));
            if winner_file == file {
                kept.push(EntryRef { file, index });
                continue;
            }
            shadowed.push(Shadowed {
                list,
                name: entry.name.clone(),
                winner: winner.place.clone(),
                loser: entry.place.clone(),
                same: winner.body == entry.body,
            });
        }
    }
    kept
}

/// The extensions of all files whose name no earlier file has.
fn extensions<'a>(
    configs: impl Iterator<Item = &'a Config>,
    list: impl Fn(&'a Config) -> &'a [Extension],
) -> Vec<Extension> {
    let mut kept: BTreeMap<&str, &Extension> = BTreeMap::new();
    for extension in configs.flat_map(list) {
        kept.entry(&extension.name).or_insert(extension);
    }
    kept.into_values().cloned().collect()
}

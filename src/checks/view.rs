//! [`Facts`] as checks look at them: what nearly every check goes through is found once, and lies
//! close together. With ten thousand contexts, following the way to each certificate anew for each of a
//! hundred checks takes longer than the checks.

use std::ops::Deref;

use super::{entries, entry_of, file::Spelling};
use crate::{
    decode::token::Token,
    facts::{
        ClientCertificate, ClusterFacts, ContextFacts, Credential, CredentialKind, Facts, Identity,
        Server, UserFacts,
    },
    kubeconfig::{AuthInfo, Cluster, EntryRef, Exec},
    pace::Pace,
    source::Place,
};

/// Facts, and who makes use of what in them.
pub(super) struct View<'a> {
    facts: &'a Facts,
    pub(super) owners: Owners,
    pub(super) spelling: Spelling<'a>,
}

impl<'a> View<'a> {
    /// Looks at `facts`.
    pub(super) async fn of(facts: &'a Facts, pace: Pace<'_>) -> View<'a> {
        let spelling = Spelling::of(facts, pace).await;
        View { facts, owners: Owners::of(facts, pace).await, spelling }
    }

    /// What there is to go through, in parts.
    pub(super) async fn parts(&'a self, pace: Pace<'_>) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        for (index, it) in contexts(self).enumerate() {
            pace.rest_at_times(index).await;
            let Some(part) = part_of(&mut parts, self, index) else { continue };
            part.contexts.push(it);
            part.stopped.extend(Some(it).filter(is_stopped));
        }
        for (index, it) in clusters(self).enumerate() {
            pace.rest_at_times(index).await;
            let Some(part) = part_of(&mut parts, self, index) else { continue };
            part.seen_clusters.push(it);
            part.servers.extend(it.facts.server.iter().map(|server| (it, server)));
        }
        let entries = self.readings.iter().flat_map(|it| &it.merged.users);
        for (index, entry) in entries.enumerate() {
            pace.rest_at_times(index).await;
            let Some(user) = seen_user(self, *entry) else { continue };
            let Some(part) = part_of(&mut parts, self, index) else { continue };
            part.seen_users.push(user);
            if !self.only_over_http.contains(entry) {
                part.add(user);
            }
        }
        parts
    }
}

impl Deref for View<'_> {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        self.facts
    }
}

/// Entries of a list that a check goes through between two rests.
const LENGTH: usize = 512;

/// The part of `view` with the entries of that index.
fn part_of<'p, 'a>(
    parts: &'p mut Vec<Part<'a>>,
    view: &'a View<'a>,
    index: usize,
) -> Option<&'p mut Part<'a>> {
    let number = index / LENGTH;
    while parts.len() <= number {
        parts.push(Part::of(view));
    }
    parts.get_mut(number)
}

/// Some of what there is to go through: all of it when that is not much.
pub(super) struct Part<'a> {
    view: &'a View<'a>,
    /// Contexts that kubectl would see.
    pub(super) contexts: Vec<&'a ContextFacts>,
    /// Those that it stops at before it connects.
    pub(super) stopped: Vec<&'a ContextFacts>,
    /// Clusters that kubectl would see.
    pub(super) seen_clusters: Vec<SeenCluster<'a>>,
    /// Those of them that have an address.
    pub(super) servers: Vec<(SeenCluster<'a>, &'a Server)>,
    /// Users that kubectl would see.
    pub(super) seen_users: Vec<SeenUser<'a>>,
    /// Those whose credentials kubectl may look at.
    pub(super) signers: Vec<SeenUser<'a>>,
    /// Their client certificates.
    pub(super) pairs: Vec<Pair<'a>>,
    /// Their tokens, with their places. Those of built-in plugins are renewed by them, or are their own
    /// checks' business.
    pub(super) tokens: Vec<(&'a Credential, &'a Token)>,
    /// The programs that they run.
    pub(super) programs: Vec<(SeenUser<'a>, &'a Exec)>,
    /// Who they are, by each credential that tells and that is not passed over.
    pub(super) identities: Vec<(&'a Credential, &'a Identity)>,
}

impl<'a> Part<'a> {
    fn of(view: &'a View<'a>) -> Part<'a> {
        Part {
            view,
            contexts: Vec::new(),
            stopped: Vec::new(),
            seen_clusters: Vec::new(),
            servers: Vec::new(),
            seen_users: Vec::new(),
            signers: Vec::new(),
            pairs: Vec::new(),
            tokens: Vec::new(),
            programs: Vec::new(),
            identities: Vec::new(),
        }
    }

    fn add(&mut self, user: SeenUser<'a>) {
        self.signers.push(user);
        self.pairs.extend(user.pairs());
        self.programs.extend(user.written.exec.iter().map(|it| (user, it)));
        for credential in &user.facts.credentials {
            if credential.passed_over.is_none() {
                self.identities.extend(credential.identity.iter().map(|it| (credential, it)));
            }
            if let CredentialKind::Token(it) | CredentialKind::TokenFile { token: Some(it), .. } =
                &credential.kind
            {
                self.tokens.push((credential, it));
            }
        }
    }
}

impl<'a> Deref for Part<'a> {
    type Target = View<'a>;

    fn deref(&self) -> &View<'a> {
        self.view
    }
}

/// Whether kubectl stops at a context before it connects.
pub(super) fn is_stopped(it: &&ContextFacts) -> bool {
    !it.effective.problems.is_empty()
}

/// A client certificate, and whose it is.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) user: SeenUser<'a>,
    pub(super) credential: &'a Credential,
    pub(super) is: &'a ClientCertificate,
}

/// Which source each file came from, and which context makes use of an entry.
pub(super) struct Owners {
    sources: Vec<usize>,
    /// By list and file, for each entry, as [`entry_of`] tells it.
    contexts: [Vec<Vec<Use>>; 3],
}

/// Who makes use of an entry.
#[derive(Clone, Copy, Default)]
enum Use {
    #[default]
    Nobody,
    One(EntryRef),
    Several,
}

impl Owners {
    async fn of(facts: &Facts, pace: Pace<'_>) -> Owners {
        let mut sources = vec![0; facts.files.len()];
        for (index, source) in facts.sources.iter().enumerate() {
            for file in &source.files {
                if let Some(it) = sources.get_mut(*file) {
                    *it = index;
                }
            }
        }
        let mut uses: [Vec<Vec<Use>>; 3] = Default::default();
        for (step, context) in contexts(facts).enumerate() {
            pace.rest_at_times(step).await;
            for (file, index, list) in entries(facts, context).filter_map(entry_of) {
                let Some(files) = number(list).and_then(|it| uses.get_mut(it)) else { continue };
                if let Some(it) = room(files, file).and_then(|it| room(it, index)) {
                    *it = match it {
                        Use::Nobody => Use::One(context.effective.entry),
                        _ => Use::Several,
                    };
                }
            }
        }
        Owners { sources, contexts: uses }
    }

    pub(super) fn source(&self, file: usize) -> usize {
        self.sources.get(file).copied().unwrap_or_default()
    }

    /// The one context that makes use of `place`.
    pub(super) fn context(&self, place: &Place) -> Option<EntryRef> {
        let (file, index, list) = entry_of(place)?;
        match self.contexts.get(number(list)?)?.get(file)?.get(index)? {
            Use::One(it) => Some(*it),
            _ => None,
        }
    }
}

/// The item `index` of `list`, which grows to have it. The loader takes no list that is long.
fn room<T: Clone + Default>(list: &mut Vec<T>, index: usize) -> Option<&mut T> {
    if list.len() <= index {
        list.resize(index + 1, T::default());
    }
    list.get_mut(index)
}

/// The number of a list with entries.
fn number(list: &str) -> Option<usize> {
    ["contexts", "clusters", "users"].iter().position(|it| *it == list)
}

/// Every context that kubectl would see.
pub(super) fn contexts(facts: &Facts) -> impl Iterator<Item = &ContextFacts> {
    facts.readings.iter().flat_map(|it| &it.contexts)
}

/// A cluster that kubectl would see.
#[derive(Clone, Copy)]
pub(super) struct SeenCluster<'a> {
    pub(super) name: &'a str,
    pub(super) place: &'a Place,
    pub(super) written: &'a Cluster,
    pub(super) facts: &'a ClusterFacts,
}

impl SeenCluster<'_> {
    /// The place of the field `name`.
    pub(super) fn field(&self, name: &str) -> Place {
        self.place.field("cluster").field(name)
    }
}

pub(super) fn seen_cluster(facts: &Facts, entry: EntryRef) -> Option<SeenCluster<'_>> {
    let it = facts.cluster(entry)?;
    let facts = facts.cluster_facts(entry)?;
    Some(SeenCluster { name: &it.name, place: &it.place, written: &it.body, facts })
}

/// Every cluster that kubectl would see.
pub(super) fn clusters(facts: &Facts) -> impl Iterator<Item = SeenCluster<'_>> {
    facts
        .readings
        .iter()
        .flat_map(|it| &it.merged.clusters)
        .filter_map(|it| seen_cluster(facts, *it))
}

/// A user that kubectl would see.
#[derive(Clone, Copy)]
pub(super) struct SeenUser<'a> {
    pub(super) entry: EntryRef,
    pub(super) name: &'a str,
    pub(super) place: &'a Place,
    pub(super) written: &'a AuthInfo,
    pub(super) facts: &'a UserFacts,
}

impl<'a> SeenUser<'a> {
    /// The place of the field `name`.
    pub(super) fn field(&self, name: &str) -> Place {
        self.place.field("user").field(name)
    }

    /// Its client certificates.
    pub(super) fn pairs(self) -> impl Iterator<Item = Pair<'a>> {
        self.facts.credentials.iter().filter_map(move |credential| match &credential.kind {
            CredentialKind::ClientCertificate(is) => Some(Pair { user: self, credential, is }),
            _ => None,
        })
    }
}

pub(super) fn seen_user(facts: &Facts, entry: EntryRef) -> Option<SeenUser<'_>> {
    let it = facts.user(entry)?;
    let facts = facts.user_facts(entry)?;
    Some(SeenUser { entry, name: &it.name, place: &it.place, written: &it.body, facts })
}

/// Every user that kubectl would see.
pub(super) fn users(facts: &Facts) -> impl Iterator<Item = SeenUser<'_>> {
    facts.readings.iter().flat_map(|it| &it.merged.users).filter_map(|it| seen_user(facts, *it))
}

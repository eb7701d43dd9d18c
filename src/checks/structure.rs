//! Names and what they refer to: contexts, clusters and users among each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, Emit,
    Run::{Entries, Whole},
    Severity, citation, list,
    view::Part,
};
use crate::{
    facts::{ContextFacts, Facts, Reading},
    kubeconfig::{AuthInfo, Cluster, Context, Data, Entry, File},
    source::Place,
};

pub(super) const CHECKS: &[&Check] = &[
    &CURRENT_CONTEXT_DANGLING,
    &NO_CURRENT_CONTEXT,
    &CLUSTER_MISSING,
    &USER_MISSING,
    &INVALID_NAMESPACE,
    &HIDDEN_BY_MERGE,
    &NAME_COLLISION,
    &UNUSED_ENTRIES,
    &SAME_CONTEXT_TWICE,
    &SAME_ENTRY_TWICE,
    &DIFFER_ONLY_IN_USER,
];

/// Those about the current context of a file.
pub(super) const CURRENT_CONTEXT: [&Check; 2] = [&CURRENT_CONTEXT_DANGLING, &NO_CURRENT_CONTEXT];

static CURRENT_CONTEXT_DANGLING: Check = Check {
    id: "current-context-dangling",
    severity: Severity::Error,
    title: "The current context does not exist",
    why: "Every kubectl command that names no context stops with an error.",
    fix: "Choose one that exists: kubectl config use-context NAME.",
    citations: &[citation::GET_CONTEXT],
    run: Whole(|view, emit| {
        for reading in view.readings.iter().filter(|it| knows_contexts(view, it)) {
            let Some((name, place)) = &reading.merged.current_context else { continue };
            let names = names(view, reading);
            if !name.is_empty() && !names.contains(&name.as_str()) {
                let detail = match names.as_slice() {
                    [] => format!("It is called {name}; the file holds no context."),
                    names => format!("It is called {name}; the file holds {}.", list(names)),
                };
                let contexts = Place { file: place.file, path: "contexts".to_owned() };
                let place = view.spelling.misspelled(&contexts).map_or(place, |_| &contexts);
                emit.missing(None, place, detail);
            }
        }
    }),
};

/// Whether all that is said about contexts could be read: else what seems to be missing may be there.
fn knows_contexts(facts: &Facts, reading: &Reading) -> bool {
    let files = reading.merged.files.iter().filter_map(|it| facts.files.get(*it));
    !files.flat_map(|it| &it.faults).any(|it| {
        let is_about_contexts =
            it.path.starts_with("contexts") && !it.kubectl.contains("duplicate");
        it.kubectl.starts_with("yaml: ") || is_about_contexts
    })
}

/// The names of the contexts of `reading`.
fn names<'a>(facts: &'a Facts, reading: &'a Reading) -> Vec<&'a str> {
    let entries = reading.merged.contexts.iter().filter_map(|it| facts.context(*it));
    entries.map(|it| it.name.as_str()).collect()
}

static NO_CURRENT_CONTEXT: Check = Check {
    id: "no-current-context",
    severity: Severity::Warning,
    title: "No context is the current one",
    why: "kubectl never picks a context by itself. Without one it ignores the whole file and talks \
          to localhost:8080, which is refused on most machines.",
    fix: "Choose one: kubectl config use-context NAME. Or name it in every command with --context.",
    citations: &[citation::GET_CONTEXT, citation::GET_CLUSTER],
    run: Whole(|view, emit| {
        for reading in view.readings.iter().filter(|it| knows_contexts(view, it)) {
            let set = reading.merged.current_context.as_ref().is_some_and(|(it, _)| !it.is_empty());
            let names = names(view, reading);
            // A context without a name is the one that an empty current-context names.
            if set || names.is_empty() || names.contains(&"") {
                continue;
            }
            let file = reading.merged.files.first().copied().unwrap_or(0);
            emit.missing(
                None,
                &Place { file, path: "current-context".to_owned() },
                format!("The file holds {}.", list(&names)),
            );
        }
    }),
};

static CLUSTER_MISSING: Check = Check {
    id: "cluster-not-found",
    severity: Severity::Error,
    title: "A context names a cluster that does not exist",
    why: "kubectl then talks to localhost:8080 without a credential, which is refused on most \
          machines; other clients stop with an error.",
    fix: "Correct the name, or add the cluster with kubectl config set-cluster NAME --server URL.",
    citations: &[citation::VALIDATE_CONTEXT, citation::GET_CLUSTER],
    run: Entries(|part, emit| {
        for (context, entry) in entries_of_contexts(part) {
            if context.effective.cluster.is_none() && part.spelling.is_legible(entry.place.file) {
                dangling(emit, context, entry, ["cluster", "clusters"], &entry.body.cluster);
            }
        }
    }),
};

static USER_MISSING: Check = Check {
    id: "user-not-found",
    severity: Severity::Error,
    title: "A context names a user that does not exist",
    why: "kubectl then has no credential and asks for a user name and a password; other clients \
          stop with an error.",
    fix: "Correct the name, or add the user with kubectl config set-credentials NAME.",
    citations: &[citation::VALIDATE_CONTEXT, citation::CREDENTIALS],
    run: Entries(|part, emit| {
        for (context, entry) in entries_of_contexts(part) {
            if context.effective.user.is_none() && part.spelling.is_legible(entry.place.file) {
                dangling(emit, context, entry, ["user", "users"], &entry.body.user);
            }
        }
    }),
};

type ContextEntry = Entry<Context>;

fn entries_of_contexts<'a>(
    part: &'a Part<'a>,
) -> impl Iterator<Item = (&'a ContextFacts, &'a ContextEntry)> {
    let entry = |it: &'a ContextFacts| Some((it, part.context(it.effective.entry)?));
    part.contexts.iter().copied().filter_map(entry)
}

/// A context that names no cluster or user that exists; they are called `what` and stand in the
/// list `among`.
fn dangling(
    emit: &mut Emit<'_>,
    context: &ContextFacts,
    entry: &ContextEntry,
    [what, among]: [&str; 2],
    name: &str,
) {
    let detail = match name {
        "" => format!("The context {} names no {what}.", entry.name),
        _ => format!("The context {} names the {what} {name}, and there is none.", entry.name),
    };
    let field = entry.place.field("context").field(what);
    let list = Place { file: field.file, path: among.to_owned() };
    let place = emit.view.spelling.misspelled(&list).map_or(&field, |_| &list);
    emit.missing(Some(context), place, detail);
}

static INVALID_NAMESPACE: Check = Check {
    id: "invalid-namespace",
    severity: Severity::Warning,
    title: "The namespace of a context cannot exist",
    why: "A namespace is up to 63 lower-case letters, digits and hyphens, with a letter or digit at \
          both ends. kubectl does not check that, and then finds nothing in it.",
    fix: "Correct it: kubectl config set-context NAME --namespace=NAMESPACE.",
    citations: &[citation::VALIDATE_CONTEXT],
    run: Entries(|part, emit| {
        for (_, entry) in entries_of_contexts(part) {
            let namespace = &entry.body.namespace;
            if !namespace.is_empty() && !is_dns_label(namespace) {
                emit.finding(
                    &entry.place.field("context").field("namespace"),
                    format!("No namespace can be called {namespace:?}."),
                );
            }
        }
    }),
};

/// Mirrors: IsDNS1123Label, apimachinery v0.33.1 pkg/util/validation/validation.go.
fn is_dns_label(text: &str) -> bool {
    let inner = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    text.len() <= 63
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.is_empty()
}

static HIDDEN_BY_MERGE: Check = Check {
    id: "hidden-by-merge",
    severity: Severity::Warning,
    title: "An entry is hidden by another one of the same name",
    why: "When kubectl reads several files, the first to use a name keeps it, whole. Contexts of \
          the later file then work with the cluster or credential of the earlier one.",
    fix: "Rename the entry in one of the files, together with the contexts that refer to it.",
    citations: &[citation::LOADING_RULES, citation::ORGANIZING],
    run: Whole(|view, emit| {
        for it in view.readings.iter().flat_map(|it| &it.merged.shadowed) {
            if it.same {
                continue;
            }
            let winner = view.files.get(it.winner.file).map_or("", |it| &it.name);
            emit.finding(
                &it.loser,
                format!(
                    "In {}, the name {} belongs to the entry of {winner}, which says something \
                     else.{}",
                    it.list,
                    it.name,
                    default_name(&it.name)
                ),
            );
        }
    }),
};

/// Tools that give every cluster they make the same names.
fn default_name(name: &str) -> &'static str {
    match name {
        "kubernetes" => " kubeadm and ACK call every cluster that.",
        "kubernetes-admin" | "kubernetes-admin@kubernetes" => " kubeadm calls every one that.",
        "default" => " k3s and RKE2 call everything that.",
        "minikube" => " minikube calls its first cluster that.",
        "kind-kind" => " kind calls its first cluster that.",
        "user" | "internal" | "external" | "externalTLSVerify" => " CCE calls every one that.",
        "admin" => " Several installers call every administrator that.",
        _ => "",
    }
}

static NAME_COLLISION: Check = Check {
    id: "name-collision",
    severity: Severity::Notice,
    title: "These files use the same name for different things",
    why: "Each file works by itself. Joined through KUBECONFIG, the first file to use a name keeps \
          it, and the other entry is hidden.",
    fix: "Rename the entries before the files are joined.",
    citations: &[citation::LOADING_RULES, citation::ORGANIZING],
    run: Whole(|view, emit| {
        if view.merged || view.files.len() < 2 {
            return;
        }
        collisions(view, emit, "clusters", |it| &it.config.clusters);
        collisions(view, emit, "users", |it| &it.config.users);
        collisions(view, emit, "contexts", |it| &it.config.contexts);
    }),
};

/// One finding per name that a later file uses for something else than an earlier one.
fn collisions<T: PartialEq>(
    facts: &Facts,
    emit: &mut Emit<'_>,
    what: &str,
    list: fn(&File) -> &Vec<Entry<T>>,
) {
    let entries: Vec<&Entry<T>> = facts.files.iter().flat_map(list).collect();
    let bare: Vec<Bare<'_>> = entries.iter().map(|it| bare(it)).collect();
    let body = |index: usize| entries.get(index).map(|it| &it.body);
    tell_collisions(facts, emit, what, &bare, &|a, b| body(a) == body(b));
}

/// The name of an entry, and where it stands.
type Bare<'a> = (&'a str, &'a Place);

fn bare<T>(entry: &Entry<T>) -> Bare<'_> {
    (&entry.name, &entry.place)
}

/// Those of `entries` that have the name of an earlier one of another file; two of them may be the `same`.
fn tell_collisions(
    facts: &Facts,
    emit: &mut Emit<'_>,
    what: &str,
    entries: &[Bare<'_>],
    same: &dyn Fn(usize, usize) -> bool,
) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, (name, place)) in entries.iter().enumerate() {
        let earlier = *first.entry(name).or_insert(index);
        let file = entries.get(earlier).map_or(place.file, |(_, it)| it.file);
        if file == place.file || same(earlier, index) {
            continue;
        }
        let owner = facts.files.get(file).map_or("", |it| &it.name);
        let hint = default_name(name);
        emit.finding(place, format!("In {what}, {name} is something else in {owner}.{hint}"));
    }
}

static UNUSED_ENTRIES: Check = Check {
    id: "unused-entry",
    severity: Severity::Notice,
    title: "No context uses an entry",
    why: "It does nothing, and it keeps an address or a credential around that nobody looks after.",
    fix: "Delete it: kubectl config delete-cluster NAME, or kubectl config delete-user NAME.",
    citations: &[citation::ORGANIZING],
    run: Whole(|view, emit| {
        for reading in &view.readings {
            let contexts = || reading.merged.contexts.iter().filter_map(|it| view.context(*it));
            // Where a context misses its cluster, an unused one is probably the one that is meant.
            let is_legible = reading.merged.files.iter().all(|file| {
                let contexts = Place { file: *file, path: "contexts".to_owned() };
                view.spelling.is_legible(*file) && view.spelling.misspelled(&contexts).is_none()
            });
            if is_legible && reading.contexts.iter().all(|it| it.effective.cluster.is_some()) {
                let used = contexts().map(|it| it.body.cluster.as_str()).collect();
                let clusters = reading.merged.clusters.iter();
                unused(emit, "clusters", &used, clusters.filter_map(|it| view.cluster(*it)));
            }
            if is_legible && reading.contexts.iter().all(|it| it.effective.user.is_some()) {
                let used = contexts().map(|it| it.body.user.as_str()).collect();
                let users = reading.merged.users.iter();
                unused(emit, "users", &used, users.filter_map(|it| view.user(*it)));
            }
        }
    }),
};

/// One finding for all `entries` of the list `what` whose names are not `used`.
fn unused<'a, T: 'a>(
    emit: &mut Emit<'_>,
    what: &str,
    used: &BTreeSet<&str>,
    entries: impl Iterator<Item = &'a Entry<T>>,
) {
    let unused: Vec<&Entry<T>> = entries.filter(|it| !used.contains(it.name.as_str())).collect();
    let names: Vec<&str> = unused.iter().map(|it| it.name.as_str()).collect();
    if let Some(first) = unused.first() {
        emit.finding(&first.place, format!("Not used in {what}: {}.", list(&names)));
    }
}

static SAME_CONTEXT_TWICE: Check = Check {
    id: "same-context-twice",
    severity: Severity::Notice,
    title: "Two contexts are the same but for their names",
    why: "They name the same cluster, user and namespace, so it makes no difference which is used.",
    fix: "Delete one of them: kubectl config delete-context NAME.",
    citations: &[citation::ORGANIZING],
    run: Whole(|view, emit| {
        for reading in &view.readings {
            let entries = reading.merged.contexts.iter().filter_map(|it| view.context(*it));
            repeated(emit, entries, target, |a, b| {
                (&a.cluster, &a.user, &a.namespace) == (&b.cluster, &b.user, &b.namespace)
            });
        }
    }),
};

/// Entries of one print that an entry is compared with. More are not told apart: a list of twenty
/// thousand would take minutes.
const MOST_ALIKE: usize = 20;

/// One finding per entry that repeats an earlier one: both have the same `print` and are the `same`.
fn repeated<'a, T: 'a>(
    emit: &mut Emit<'_>,
    entries: impl Iterator<Item = &'a Entry<T>>,
    print: fn(&T) -> u64,
    same: fn(&T, &T) -> bool,
) {
    let entries: Vec<&Entry<T>> = entries.collect();
    let bare: Vec<Bare<'_>> = entries.iter().map(|it| bare(it)).collect();
    let prints: Vec<u64> = entries.iter().map(|it| print(&it.body)).collect();
    tell_repeated(emit, &bare, &prints, &|a, b| match (entries.get(a), entries.get(b)) {
        (Some(a), Some(b)) => same(&a.body, &b.body),
        _ => false,
    });
}

fn tell_repeated(
    emit: &mut Emit<'_>,
    entries: &[Bare<'_>],
    prints: &[u64],
    same: &dyn Fn(usize, usize) -> bool,
) {
    let mut seen: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, ((name, place), print)) in entries.iter().zip(prints).enumerate() {
        let alike = seen.entry(*print).or_default();
        match alike.iter().take(MOST_ALIKE).find(|it| same(**it, index)) {
            Some(first) => {
                let first = entries.get(*first).map_or("", |it| it.0);
                emit.finding(place, format!("{name} repeats {first}."));
            }
            None => alike.push(index),
        }
    }
}

static SAME_ENTRY_TWICE: Check = Check {
    id: "same-entry-twice",
    severity: Severity::Notice,
    title: "Two entries are the same but for their names",
    why: "When the address or the credential changes, both have to be changed.",
    fix: "Let the contexts share one entry, and delete the other.",
    citations: &[citation::ORGANIZING],
    run: Whole(|view, emit| {
        for reading in &view.readings {
            let clusters = reading.merged.clusters.iter().filter_map(|it| view.cluster(*it));
            repeated(emit, clusters, address, |a, b| a == b);
            let users = reading.merged.users.iter().filter_map(|it| view.user(*it));
            repeated(emit, users, credential, |a, b| a == b);
        }
    }),
};

/// What tells most contexts apart without comparing all of them.
fn target(context: &Context) -> u64 {
    let mut print = Print::default();
    for text in [&context.cluster, &context.user, &context.namespace] {
        print.add(text.as_bytes());
    }
    print.0
}

/// What tells most clusters apart without comparing all of them.
fn address(cluster: &Cluster) -> u64 {
    let mut print = Print::default();
    print.add(bytes(&cluster.certificate_authority_data));
    for text in [&cluster.server, &cluster.tls_server_name, cluster.proxy_url.reveal()] {
        print.add(text.as_bytes());
    }
    print.0
}

/// What tells most users apart without comparing all of them.
fn credential(user: &AuthInfo) -> u64 {
    let mut print = Print::default();
    print.add(bytes(&user.client_certificate_data));
    let files = [&user.client_certificate, &user.token_file];
    let others = [user.token.reveal(), &user.username, user.password.reveal(), &user.impersonate];
    for text in files.into_iter().chain(others).chain(&user.impersonate_groups) {
        print.add(text.as_bytes());
    }
    if let Some(it) = &user.exec {
        it.args.iter().for_each(|it| print.add(it.as_bytes()));
        it.env.iter().for_each(|it| print.add(it.value.reveal().as_bytes()));
    }
    if let Some(it) = &user.auth_provider {
        it.config.values().for_each(|it| print.add(it.reveal().as_bytes()));
    }
    print.0
}

/// Differs for most that differ, and is compared without a look at where they stand.
#[derive(Default)]
struct Print(u64);

impl Print {
    /// Takes in how long a value is, and its end: certificates and tokens end in a signature.
    fn add(&mut self, value: &[u8]) {
        let end = value.get(value.len().saturating_sub(128)..).unwrap_or_default();
        let (words, rest) = end.as_chunks::<8>();
        let words = words.iter().map(|it| u64::from_le_bytes(*it));
        let rest = rest.iter().map(|it| u64::from(*it));
        // As FNV-1a does, but by words.
        for it in words.chain(rest).chain([value.len() as u64]) {
            self.0 = (self.0.rotate_left(5) ^ it).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

fn bytes(data: &Option<Data>) -> &[u8] {
    let bytes = data.as_ref().and_then(|it| it.bytes.as_ref().ok());
    bytes.map_or(&[][..], |it| it.reveal().as_slice())
}

static DIFFER_ONLY_IN_USER: Check = Check {
    id: "contexts-differ-only-in-user",
    severity: Severity::Notice,
    title: "Two contexts differ only in who signs in",
    why: "They lead to the same place with different rights, and are easily mistaken for each other.",
    fix: "Give them names that say whose rights they carry.",
    citations: &[citation::ORGANIZING],
    run: Whole(|view, emit| {
        for reading in &view.readings {
            let user = |it: &ContextFacts| {
                it.effective.user.and_then(|it| view.user(it)).map(|it| &it.body)
            };
            let mut seen: BTreeMap<_, (&ContextFacts, &ContextEntry)> = BTreeMap::new();
            for context in &reading.contexts {
                let Some(entry) = view.context(context.effective.entry) else { continue };
                // Where a cluster stands is compared sooner than what it is called.
                let cluster = context.effective.cluster.ok_or(entry.body.cluster.as_str());
                let key = (cluster, entry.body.namespace.as_str());
                let (other, twin) = *seen.entry(key).or_insert((context, entry));
                if other.effective.user == context.effective.user {
                    // Entries can be large, and ten thousand contexts can share one.
                    continue;
                }
                if let (Some(one), Some(another)) = (user(other), user(context))
                    && one != another
                {
                    emit.finding(
                        &entry.place,
                        format!(
                            "{} signs in as {} where {} signs in as {}.",
                            entry.name, entry.body.user, twin.name, twin.body.user
                        ),
                    );
                }
            }
        }
    }),
};

//! What the files say, before anyone has an opinion about it.
//!
//! [`Facts::gather`] runs the stages in order and keeps everything that they saw.

pub mod outcome;
mod opening;
mod reference;
mod chain;
mod server;
mod exec;
mod identity;
mod lifetime;
mod credential;
mod setup;
mod ca_key;
mod provider;

pub use self::{
    ca_key::CaKey,
    chain::Chain,
    credential::{ClientCertificate, Credential, CredentialKind, UserFacts},
    exec::ExecProvider,
    identity::{AlibabaCloud, Identity, Impersonation},
    lifetime::{Lifetime, LifetimeKind, Rotation, RotationState},
    provider::Provider,
    server::{ClusterFacts, Reach, Server, TlsMode},
};
use std::collections::{BTreeMap, BTreeSet};

use self::{opening::Opened, provider::Clues, reference::References};
use crate::{
    decode::{
        key::{Effort, KeyError, PrivateKey},
        token::{self, Token},
        url,
        x509::{self, Certificate, CertificateError, Signature},
    },
    intake::Intake,
    kubeconfig::{
        AuthInfo, Cluster, Context, Entry, EntryRef, File, Refusal, merge, merge::Merged, resolve,
        resolve::EffectiveContext,
    },
    masking,
    pace::{Pace, Shrink},
    secret::Secret,
    source::Source,
    time::Timestamp,
};

/// Everything a check may look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The moment of judgement.
    pub now: Timestamp,
    /// What was handed in, in order.
    pub sources: Vec<SourceFacts>,
    /// The kubeconfigs found in the sources, in order.
    pub files: Vec<File>,
    /// What is in the clusters of each file; same indexes as `files[n].config.clusters`.
    pub clusters: Vec<Vec<ClusterFacts>>,
    /// What is in the users of each file; same indexes as `files[n].config.users`.
    pub users: Vec<Vec<UserFacts>>,
    /// What kubectl would see: one reading per file, or one of all files merged.
    pub readings: Vec<Reading>,
    /// Users whose every context leads over plain http: kubectl looks at none of their credentials.
    pub only_over_http: BTreeSet<EntryRef>,
    /// Users with a context whose server's address holds a user name, which takes the header.
    pub behind_password: BTreeSet<EntryRef>,
    /// Users whose client certificate begins with the CA that issued it, but was issued later:
    /// kubeadm and k3s write that date whenever they issue one, and then for a year.
    pub backdated: BTreeSet<EntryRef>,
    /// Private keys of CAs, wherever they were found.
    pub ca_keys: Vec<CaKey>,
    /// Whether the files were merged as `KUBECONFIG=a:b:c` would.
    pub merged: bool,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFacts {
    /// The name the person knows it by.
    pub name: String,
    /// How it was wrapped, the text of its kubeconfigs, and what was beside them.
    pub intake: Intake,
    /// Why kubectl refuses the text as it was given; none when it reads it, or when it was
    /// wrapped and what was in it is what counts.
    pub refusal: Option<Refusal>,
    /// Indexes of its kubeconfigs in `Facts::files`.
    pub files: Vec<usize>,
    /// Certificates that stand outside any kubeconfig, in order.
    pub certificates: Vec<Result<Box<Certificate>, CertificateError>>,
    /// Private keys that stand outside any kubeconfig.
    pub keys: Vec<Result<PrivateKey, KeyError>>,
    /// Tokens that stand outside any kubeconfig.
    pub tokens: Vec<Token>,
}

/// What kubectl would see in one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The files as one.
    pub merged: Merged,
    /// Its contexts, in file order.
    pub contexts: Vec<ContextFacts>,
}

/// One context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextFacts {
    /// What its names refer to.
    pub effective: EffectiveContext,
    /// The first of the files that are read with it that kubectl refuses, as an index in
    /// `Facts::files`: it stops there, whatever the context.
    pub refused: Option<usize>,
    /// What travels to the server, and until when that works.
    pub in_use: InUse,
    /// Whether the client certificate is signed by the CA of the cluster, as names and key
    /// identifiers tell; where those do not say yes, checked for a few. None when one of
    /// them is not there. Another issuer is normal: the server may trust a CA for clients that
    /// differs from its own. [`Facts::signed_by_ca`] checks all of it.
    pub likely_signed_by_ca: Option<Signature>,
    /// Who made it, where that can be told.
    pub provider: Option<Provider>,
}

/// The credential that kubectl would send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InUse {
    /// Index in [`UserFacts::credentials`]; none when nothing is sent.
    pub credential: Option<usize>,
    /// When it stops working; none when it never does or that is not in the file.
    pub expires_at: Option<Timestamp>,
    /// How long it lives in all, and what kind of lifetime that is.
    pub lifetime: Option<Lifetime>,
    /// The days in which to fetch the next one.
    pub rotation: Option<Rotation>,
    /// Who the API server will see, before any impersonation.
    pub identity: Option<Identity>,
    /// Whether a user name in the server's address goes out in place of every other header.
    pub password_in_address: bool,
}

impl SourceFacts {
    /// The certificates outside of any kubeconfig that could be read.
    pub fn readable(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().filter_map(|it| Some(&**it.as_ref().ok()?))
    }
}

impl Facts {
    pub(crate) async fn gather(
        handed_in: &[Source],
        now: Timestamp,
        merged: bool,
        pace: Pace<'_>,
    ) -> Facts {
        let (mut sources, mut files) = open(handed_in, &BTreeSet::new(), pace).await;
        let named = reference::named(&sources, &files);
        if !named.is_empty() {
            (sources, files) = open(handed_in, &named, pace).await;
        }
        let without_kubeconfig = handed_in.iter().zip(&sources).filter(|it| it.1.files.is_empty());
        let references = References::new(without_kubeconfig.map(|it| it.0), &files);
        let (mut clusters, mut users) = (Vec::new(), Vec::new());
        for file in &files {
            let one = |it: &_| cluster_facts(it, &references);
            clusters.push(each(&file.config.clusters, one, pace).await);
            let one =
                |it: &Entry<AuthInfo>| credential::gather(&it.body, &it.place, &references, now);
            users.push(each(&file.config.users, one, pace).await);
        }
        let groups: Vec<Vec<usize>> = if merged {
            vec![(0..files.len()).collect()]
        } else {
            (0..files.len()).map(|it| vec![it]).collect()
        };
        let mut facts = Facts {
            now,
            sources,
            files,
            clusters,
            users,
            readings: Vec::new(),
            only_over_http: BTreeSet::new(),
            behind_password: BTreeSet::new(),
            backdated: BTreeSet::new(),
            ca_keys: Vec::new(),
            merged,
        };
        let mut signatures = Signatures::default();
        let refused = facts.refused();
        for group in &groups {
            let first = group.iter().copied().find(|it| refused.contains(it));
            let reading = facts.read(group, first, &mut signatures, pace).await;
            facts.readings.push(reading);
        }
        facts.only_over_http = facts.find_only_over_http();
        facts.backdated = facts.users_of(|it| facts.is_backdated(&it.effective));
        facts.behind_password = facts.users_of(|it| it.in_use.password_in_address);
        pace.rest().await;
        facts.ca_keys = ca_key::find(&facts);
        facts
    }

    /// The long lists in them, to be dropped in pieces.
    pub(crate) fn into_lists(self) -> Vec<Box<dyn Shrink>> {
        let mut lists: Vec<Box<dyn Shrink>> = Vec::new();
        for it in self.readings {
            lists.push(Box::new(it.contexts));
        }
        for it in self.clusters {
            lists.push(Box::new(it));
        }
        for it in self.users {
            lists.push(Box::new(it));
        }
        for File { config, .. } in self.files {
            lists.push(Box::new(config.contexts));
            lists.push(Box::new(config.clusters));
            lists.push(Box::new(config.users));
        }
        lists
    }

    /// The files that kubectl refuses as they were given, by their indexes.
    fn refused(&self) -> BTreeSet<usize> {
        let mut refused = BTreeSet::new();
        for source in &self.sources {
            let own = |it: &&usize| self.files.get(**it).is_some_and(|it| it.refusal.is_some());
            refused.extend(source.files.iter().filter(|it| source.refusal.is_some() || own(it)));
        }
        refused
    }

    /// What kubectl would see of the files with these indexes, of which it refuses that one.
    async fn read(
        &self,
        group: &[usize],
        refused: Option<usize>,
        signatures: &mut Signatures,
        pace: Pace<'_>,
    ) -> Reading {
        let merged = merge::merge_at(pace, &self.files, group).await;
        let mut contexts = Vec::with_capacity(merged.contexts.len());
        for effective in resolve::resolve(pace, &self.files, &merged).await {
            pace.rest().await;
            contexts.push(self.context_facts(effective, refused, signatures));
        }
        Reading { merged, contexts }
    }

    #[inline(never)]
    fn context_facts(
        &self,
        mut effective: EffectiveContext,
        refused: Option<usize>,
        signatures: &mut Signatures,
    ) -> ContextFacts {
        effective.problems.extend(setup::problems(self, &effective));
        if self.is_part_unread(refused) {
            let is_missing = |it: &str| MISSING.contains(&it) || it.contains("-without-");
            effective.problems.retain(|it| !is_missing(it.id));
        }
        ContextFacts {
            in_use: self.in_use(&effective),
            likely_signed_by_ca: self.likely_signed_by_ca(&effective, signatures),
            provider: self.provider(&effective),
            refused,
            effective,
        }
    }

    fn find_only_over_http(&self) -> BTreeSet<EntryRef> {
        let is_plain = |it: &ContextFacts| {
            let cluster = it.effective.cluster.and_then(|it| self.cluster_facts(it));
            cluster.is_some_and(|it| it.tls == TlsMode::Plaintext)
        };
        let mut users = self.users_of(is_plain);
        if !users.is_empty() {
            for it in self.users_of(|it| !is_plain(it)) {
                users.remove(&it);
            }
        }
        users
    }

    /// The users of the contexts that `apply`.
    fn users_of(&self, apply: impl Fn(&ContextFacts) -> bool) -> BTreeSet<EntryRef> {
        let contexts = self.readings.iter().flat_map(|it| &it.contexts).filter(|it| apply(it));
        contexts.filter_map(|it| it.effective.user).collect()
    }

    fn is_backdated(&self, context: &EffectiveContext) -> bool {
        let user = context.user.and_then(|it| self.user_facts(it));
        let ca = context.cluster.and_then(|it| self.cluster_facts(it)).map(|it| &it.ca);
        user.into_iter().flat_map(|it| &it.credentials).any(|it| match &it.kind {
            CredentialKind::ClientCertificate(it) => it.chain.is_backdated(ca),
            _ => false,
        })
    }

    /// What travels to the server of `context`.
    ///
    /// Over plain http nothing does, and where no server is given, kubectl takes the default
    /// one, which is plain http.
    ///
    /// Mirrors: IsConfigTransportTLS, client-go v0.33.1 rest/config.go.
    fn in_use(&self, context: &EffectiveContext) -> InUse {
        let Some(cluster) = context.cluster.and_then(|it| self.cluster(it)) else {
            return InUse::default();
        };
        let server = context.cluster.and_then(|it| self.cluster_facts(it)?.server.as_ref());
        if cluster.body.server.is_empty() || server.is_some_and(|it| it.scheme == "http") {
            return InUse::default();
        }
        // A password in the URL takes the header that other credentials would travel in.
        let header_is_taken = server.is_some_and(|it| it.has_userinfo);
        let credentials = context.user.and_then(|it| self.user_facts(it)).map(|it| &it.credentials);
        let first = credentials
            .into_iter()
            .flatten()
            .enumerate()
            .find(|(_, it)| it.sent && !(header_is_taken && it.is_header()));
        let password_in_address = header_is_taken;
        let Some((index, credential)) = first else {
            return InUse { password_in_address, ..InUse::default() };
        };
        InUse {
            password_in_address,
            credential: Some(index),
            expires_at: credential.ends_at(),
            lifetime: credential.validity.and_then(|it| Lifetime::of(&it)),
            rotation: credential.validity.and_then(|it| Rotation::of(&it, self.now)),
            identity: credential.identity.clone(),
        }
    }

    fn provider(&self, context: &EffectiveContext) -> Option<Provider> {
        let cluster = context.cluster.and_then(|it| self.cluster(it).zip(self.cluster_facts(it)));
        let user = context.user.and_then(|it| self.user(it).zip(self.user_facts(it)));
        provider::recognize(&Clues::new(self.context(context.entry)?, cluster, user))
    }

    /// Whether the client certificate of `context` is signed by the CA of its cluster; none when
    /// one of them is not there. All signatures are checked, which may take milliseconds.
    pub fn signed_by_ca(&self, context: &EffectiveContext) -> Option<Signature> {
        self.signed_by(context.user?, context.cluster?, &mut x509::signature)
    }

    /// The same as far as names and key identifiers tell it, and checked for a few where they
    /// do not.
    fn likely_signed_by_ca(
        &self,
        context: &EffectiveContext,
        signatures: &mut Signatures,
    ) -> Option<Signature> {
        let pair = (context.user?, context.cluster?);
        if let Some(known) = signatures.answers.get(&pair) {
            return *known;
        }
        let checked = &mut signatures.checked;
        let mut check = |lower: &Certificate, upper: &Certificate| {
            let likely = x509::likely_signature(lower, upper);
            if matches!(likely, Signature::OtherIssuer | Signature::Valid) {
                return likely;
            }
            // Certificates that name the same key of their issuer share it.
            let key = lower.authority_key_id();
            let alike = checked.iter().find(|(id, ca, _)| {
                key.is_some_and(|it| id.as_deref() == Some(it)) && *ca == upper.der
            });
            match alike {
                Some((_, _, known)) => *known,
                None if checked.len() == MOST_SIGNATURES => Signature::NotChecked,
                None => {
                    let known = x509::signature(lower, upper);
                    checked.push((key.map(<[u8]>::to_vec), upper.der.clone(), known));
                    known
                }
            }
        };
        let answer = self.signed_by(pair.0, pair.1, &mut check);
        signatures.answers.insert(pair, answer);
        answer
    }

    fn signed_by(
        &self,
        user: EntryRef,
        cluster: EntryRef,
        check: &mut dyn FnMut(&Certificate, &Certificate) -> Signature,
    ) -> Option<Signature> {
        let ca = &self.cluster_facts(cluster)?.ca;
        self.user_facts(user)?.credentials.iter().find_map(|it| match &it.kind {
            CredentialKind::ClientCertificate(it) => it.chain.signed_by(ca, check),
            _ => None,
        })
    }

    /// What kubectl says of a file that it refuses as it was given, and why that is.
    pub fn refusal(&self, file: usize) -> Option<(String, &Refusal)> {
        let source = self.sources.iter().find(|it| it.files.contains(&file));
        let as_given = source.and_then(|it| Some((&it.name, it.refusal.as_ref()?)));
        let file = || self.files.get(file).and_then(|it| Some((&it.name, it.refusal.as_ref()?)));
        as_given.or_else(file).map(|(name, it)| (it.said_of(name), it))
    }

    /// A message of kubectl about `context` without the values that it repeats from the files. It
    /// repeats those of the context's own entries only.
    pub fn kubectl_words(&self, context: &EffectiveContext, message: &str) -> String {
        masking::kubectl_words(&self.scrubbed(context, message))
    }

    /// `text`, which may repeat values of `context`, without those that are secret.
    pub fn scrubbed(&self, context: &EffectiveContext, text: &str) -> String {
        let mut text = text.to_owned();
        if let Some(cluster) = context.cluster.and_then(|it| self.cluster(it)) {
            for written in [&cluster.body.server, cluster.body.proxy_url.reveal()] {
                let masked = masking::url(written);
                // What is longer is repeated by nobody.
                if *written != masked && written.len() <= masking::MAX_ADDRESS {
                    text = text.replace(&url::quoted(written), &url::quoted(&masked));
                    text = masking::without_password(&text, written);
                }
            }
        }
        if let Some(user) = context.user.and_then(|it| self.user(it)) {
            let AuthInfo { client_certificate, client_key, token_file, .. } = &user.body;
            let paths = [client_certificate, client_key, token_file];
            let paths = paths
                .into_iter()
                .filter(|it| it.len() <= masking::MAX_ADDRESS && masking::path(it) != **it);
            let secrets = [user.body.token.reveal(), user.body.password.reveal()];
            for secret in secrets.into_iter().chain(paths).filter(|it| 6 <= it.len()) {
                text = text.replace(secret.as_str(), masking::MASK);
            }
        }
        text
    }

    /// Whether what seems to be missing may stand where the file with the index `refused` could not be read.
    pub fn is_part_unread(&self, refused: Option<usize>) -> bool {
        refused.and_then(|it| self.files.get(it)).is_some_and(|it| it.is_part_unread)
    }

    /// The text of a file, after unwrapping and mending.
    pub fn text(&self, file: usize) -> Option<&Secret<Vec<u8>>> {
        let source = self.sources.iter().find(|it| it.files.contains(&file))?;
        let at = source.files.iter().position(|it| *it == file)?;
        Some(&source.intake.kubeconfigs.get(at)?.bytes)
    }

    /// A context, as written.
    pub fn context(&self, entry: EntryRef) -> Option<&Entry<Context>> {
        self.files.get(entry.file)?.config.contexts.get(entry.index)
    }

    /// The cluster that `context` uses, as written.
    pub fn cluster(&self, entry: EntryRef) -> Option<&Entry<Cluster>> {
        self.files.get(entry.file)?.config.clusters.get(entry.index)
    }

    /// The user that `context` uses, as written.
    pub fn user(&self, entry: EntryRef) -> Option<&Entry<AuthInfo>> {
        self.files.get(entry.file)?.config.users.get(entry.index)
    }

    /// What was decoded of a cluster.
    pub fn cluster_facts(&self, entry: EntryRef) -> Option<&ClusterFacts> {
        self.clusters.get(entry.file)?.get(entry.index)
    }

    /// What was decoded of a user.
    pub fn user_facts(&self, entry: EntryRef) -> Option<&UserFacts> {
        self.users.get(entry.file)?.get(entry.index)
    }
}

/// Problems of which the reason is that something is not there.
const MISSING: &[&str] =
    &["no-credentials", "cluster-not-found", "server-missing", "oidc-settings"];

/// Answers of [`Facts::likely_signed_by_ca`], by user and cluster.
#[derive(Default)]
struct Signatures {
    answers: BTreeMap<(EntryRef, EntryRef), Option<Signature>>,
    /// Those that were checked: the identifier of the key that the lower certificate names, the
    /// upper certificate, and what came out.
    checked: Vec<(Option<Vec<u8>>, Vec<u8>, Signature)>,
}

/// Signatures that are checked before anyone asks, where no key identifier says yes: an elliptic one
/// takes milliseconds, and the answer is to be there before the next frame.
const MOST_SIGNATURES: usize = 4;

/// Opens what was handed in, and the kubeconfigs in it. The sources with an index in `others` are
/// none, whatever they look like.
async fn open(
    handed_in: &[Source],
    others: &BTreeSet<usize>,
    pace: Pace<'_>,
) -> (Vec<SourceFacts>, Vec<File>) {
    let mut sources = Vec::with_capacity(handed_in.len());
    let mut files = Vec::new();
    let effort = Effort::default();
    for (index, source) in handed_in.iter().enumerate() {
        let is_other = others.contains(&index);
        sources.push(source_facts(source, is_other, &mut files, &effort, pace).await);
    }
    (sources, files)
}

/// Opens `source`; its kubeconfigs are added to `files`.
async fn source_facts(
    source: &Source,
    is_other: bool,
    files: &mut Vec<File>,
    effort: &Effort,
    pace: Pace<'_>,
) -> SourceFacts {
    let first = files.len();
    let Opened { intake, refusal, files: opened } = match is_other {
        true => Opened { intake: Intake::default(), refusal: None, files: Vec::new() },
        false => opening::open(first, source, pace).await,
    };
    files.extend(opened);
    let chains = intake.pem.iter().map(|it| Chain::read(it.bytes.reveal(), effort));
    let (certificates, keys): (Vec<_>, Vec<_>) =
        chains.map(|it| (it.certificates, it.keys)).unzip();
    SourceFacts {
        name: source.name.clone(),
        refusal,
        files: (first..files.len()).collect(),
        certificates: certificates.into_iter().flatten().collect(),
        keys: keys.into_iter().flatten().collect(),
        tokens: intake.tokens.iter().map(|it| token::token(it.reveal())).collect(),
        intake,
    }
}

#[inline(never)]
fn cluster_facts(entry: &Entry<Cluster>, references: &References<'_>) -> ClusterFacts {
    let server = Server::parse(&entry.body.server);
    let data = credential::bytes(entry.body.certificate_authority_data.as_ref());
    ClusterFacts {
        tls: server::tls_mode(&entry.body, server.as_ref()),
        server,
        ca: match data {
            Some(bytes) => Chain::read(bytes, &references.effort),
            None => references.chain(&entry.body.certificate_authority),
        },
    }
}

/// What `one` makes of each of `entries`.
async fn each<T, U>(entries: &[T], one: impl Fn(&T) -> U, pace: Pace<'_>) -> Vec<U> {
    let mut made = Vec::with_capacity(entries.len());
    for entry in entries {
        pace.rest().await;
        made.push(one(entry));
    }
    made
}

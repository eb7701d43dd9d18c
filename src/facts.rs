//! What the files say, before anyone has an opinion about it.
//!
//! [`Facts::gather`] runs the stages in order and keeps everything that they saw.

pub mod outcome;
mod opening;

use self::opening::Opened;
use crate::{
    decode::{
        Validity,
        key::{KeyError, KeyMatch, PrivateKey},
        token::Token,
        x509::{Certificate, CertificateError, Signature},
    },
    intake::Intake,
    kubeconfig::{
        AuthInfo, Cluster, Context, Entry, EntryRef, File, Refusal, merge, merge::Merged, resolve,
        resolve::EffectiveContext,
    },
    secret::Secret,
    source::{Place, Source},
    time::Timestamp,
};

/// Everything a check may look at.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    pub certificates: Vec<Result<Certificate, CertificateError>>,
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
    /// What travels to the server, and until when that works.
    pub in_use: InUse,
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
}

/// A length of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Its class.
    pub kind: LifetimeKind,
    /// Seconds from the first to the last moment.
    pub seconds: i64,
}

/// Classes of lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifetimeKind {
    /// 30 minutes to 3 days.
    Temporary,
    /// 2 years or more.
    LongTerm,
    /// Anything else.
    Other,
}

/// The last 180 days of a long-term credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Its first moment: 180 days before the end.
    pub opens_at: Timestamp,
    /// Where the moment of judgement stands in it.
    pub state: RotationState,
}

/// Where a moment stands in a rotation window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationState {
    /// Before it.
    NotYet,
    /// In it.
    Due,
    /// After it.
    Expired,
}

/// Who the API server sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Kubernetes user.
    pub user: String,
    /// Kubernetes groups, without those that the server adds itself.
    pub groups: Vec<String>,
    /// Set when the user has the form that ACK gives to a certificate's common name.
    pub alibaba_cloud: Option<AlibabaCloud>,
}

/// What an ACK common name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlibabaCloud {
    /// Alibaba Cloud user ID.
    pub user_id: String,
    /// When the kubeconfig was issued; none when the name is the ID alone.
    pub issued_at: Option<Timestamp>,
}

/// One cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterFacts {
    /// The server's address, if it has one that can be read.
    pub server: Option<Server>,
    /// How the server is verified.
    pub tls: TlsMode,
    /// Certificates in `certificate-authority-data`, in order.
    pub ca: Chain,
}

/// A server's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// As written.
    pub url: String,
    /// `https` or `http`, or what stands there.
    pub scheme: String,
    /// Host name or address, without brackets.
    pub host: String,
    /// Port, the scheme's default where unwritten.
    pub port: Option<u16>,
    /// Path, query and fragment as written, empty or `/…`.
    pub path: String,
    /// Whether a user name or password stands in the URL.
    pub has_userinfo: bool,
    /// From where it can be reached.
    pub reach: Reach,
}

/// From where an address can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Only from the same machine.
    Loopback,
    /// Only from the same private network.
    Private,
    /// Only from inside the cluster.
    ClusterInternal,
    /// From the internet, unless something is in between.
    Public,
    /// Depends on what the name resolves to.
    Hostname,
}

/// How the server is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// By the CA in the file (or in a file that it names).
    Verified,
    /// By the CAs of the operating system.
    SystemRoots,
    /// Not at all.
    Insecure,
    /// There is no TLS.
    Plaintext,
}

/// Certificates of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Every CERTIFICATE block, in order, read or not.
    pub certificates: Vec<Result<Certificate, CertificateError>>,
    /// Labels of the blocks that are not certificates, as `RSA PRIVATE KEY`.
    pub other_blocks: Vec<String>,
    /// What the content is when it is no PEM, as "DER without PEM around it".
    pub accident: Option<String>,
}

impl Chain {
    /// The certificates that could be read.
    pub fn readable(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().filter_map(|it| it.as_ref().ok())
    }

    /// The first certificate, which Go takes for the leaf, if it can be read.
    pub fn leaf(&self) -> Option<&Certificate> {
        self.certificates.first()?.as_ref().ok()
    }
}

/// One user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFacts {
    /// Its credentials, the one that kubectl would use over TLS first.
    pub credentials: Vec<Credential>,
    /// Who the server is asked to act as.
    pub impersonates: Option<Impersonation>,
}

/// Who the server is asked to act as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impersonation {
    /// User.
    pub user: String,
    /// Groups.
    pub groups: Vec<String>,
    /// UID; empty when not set.
    pub uid: String,
}

/// One way in which a user can prove who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The field that holds it.
    pub place: Place,
    /// What it is.
    pub kind: CredentialKind,
    /// When it holds, where the file tells.
    pub validity: Option<Validity>,
    /// Who the API server will see, where the file tells.
    pub identity: Option<Identity>,
    /// Whether kubectl sends it at all when the server is https.
    pub sent: bool,
}

/// Kinds of credential, with what was decoded of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// Client certificate and key.
    ClientCertificate(Box<ClientCertificate>),
    /// Bearer token.
    Token(Token),
    /// Bearer token in another file.
    TokenFile {
        /// Path as written.
        path: String,
    },
    /// Program that prints a credential.
    Exec {
        /// Its installHint without control characters.
        install_hint: String,
        /// The provider that it signs in to, and how long its credentials live, where known.
        provider: Option<ExecProvider>,
    },
    /// Built-in plugin.
    AuthProvider {
        /// Its name.
        name: String,
        /// The `id-token` or `access-token` in its settings.
        token: Option<Token>,
        /// When the token ends, as an `expiry` setting tells.
        expires_at: Option<Timestamp>,
    },
    /// User name and password.
    Basic {
        /// User name.
        username: String,
    },
}

impl CredentialKind {
    /// Its name in the report.
    pub fn name(&self) -> &'static str {
        match self {
            CredentialKind::ClientCertificate(_) => "client-certificate",
            CredentialKind::Token(_) => "token",
            CredentialKind::TokenFile { .. } => "token-file",
            CredentialKind::Exec { .. } => "exec",
            CredentialKind::AuthProvider { .. } => "auth-provider",
            CredentialKind::Basic { .. } => "basic",
        }
    }
}

/// A program known to sign in to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecProvider {
    /// The provider, as "Amazon EKS".
    pub name: &'static str,
    /// How long what it prints lives, in words, as "14 minutes".
    pub lifetime: &'static str,
}

/// A client certificate and its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientCertificate {
    /// Certificates in the file; empty when only a path is given.
    pub chain: Chain,
    /// Path of the certificate, when it is not in the file.
    pub certificate_path: String,
    /// Path of the key, when it is not in the file.
    pub key_path: String,
    /// The key, when it is in the file.
    pub key: Option<Result<PrivateKey, KeyError>>,
    /// Whether the key belongs to the leaf; none when one of them is not there.
    pub matches: Option<KeyMatch>,
    /// Whether the CA of the context's cluster… see [`ContextFacts`]; here: whether the chain
    /// itself links up, leaf to issuer, for each pair in order.
    pub links: Vec<Signature>,
}

impl Facts {
    pub(crate) fn gather(sources: &[Source], now: Timestamp, merged: bool) -> Facts {
        let mut files = Vec::new();
        let sources: Vec<SourceFacts> = sources
            .iter()
            .map(|source| {
                let first = files.len();
                let Opened { intake, refusal, files: opened } = opening::open(first, source);
                files.extend(opened);
                SourceFacts {
                    name: source.name.clone(),
                    intake,
                    refusal,
                    files: (first..files.len()).collect(),
                    certificates: Vec::new(),
                    keys: Vec::new(),
                    tokens: Vec::new(),
                }
            })
            .collect();
        let groups: Vec<Vec<usize>> = if merged {
            vec![(0..files.len()).collect()]
        } else {
            (0..files.len()).map(|it| vec![it]).collect()
        };
        let readings = groups
            .iter()
            .map(|group| {
                let merged = merge::merge(&files, group);
                let contexts = resolve::resolve(&files, &merged)
                    .into_iter()
                    .map(|effective| ContextFacts { effective, in_use: InUse::default() })
                    .collect();
                Reading { merged, contexts }
            })
            .collect();
        Facts { now, sources, clusters: Vec::new(), users: Vec::new(), files, readings, merged }
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

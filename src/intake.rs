//! What was handed in: finds the kubeconfigs, certificates and tokens in whatever wraps them.
//!
//! Knows wrappings, not kubeconfigs: whether what it unwraps is a good one is not its business.
//! So it answers two questions, and the caller, who can load a kubeconfig, asks them in this
//! order: what is wrapped in the text ([`unwrap`]), and how a text that kubectl refuses might
//! have looked before it was copied ([`mend`]). A text that kubectl reads is never mended.

mod content;
mod wrapped;
mod mend;
mod transcript;
mod hint;

pub(crate) use self::transcript::without_colors;
use std::sync::Arc;

use crate::{
    pace::{Pace, at_once},
    secret::Secret,
    source::Source,
    time::Timestamp,
};

/// The outermost wrapping of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A kubeconfig as kubectl reads it, YAML or JSON; also an empty text.
    Kubeconfig,
    /// A Kubernetes Secret or a List of them.
    KubernetesSecret,
    /// Another Kubernetes object that carries a kubeconfig or a credential, as ExecCredential.
    KubernetesObject,
    /// The answer of ACK's DescribeClusterUserKubeconfig: `config` and `expiration`.
    AckApiResponse,
    /// Another JSON text with a kubeconfig in one of its strings.
    ProviderResponse,
    /// Base64 of a whole file.
    Base64,
    /// PEM blocks without a kubeconfig around them.
    Pem,
    /// A bearer token and nothing else.
    Token,
    /// Nothing that we know.
    #[default]
    Unknown,
}

impl Format {
    /// Its name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Format::Kubeconfig => "kubeconfig",
            Format::KubernetesSecret => "kubernetes-secret",
            Format::KubernetesObject => "kubernetes-object",
            Format::AckApiResponse => "ack-api-response",
            Format::ProviderResponse => "provider-response",
            Format::Base64 => "base64",
            Format::Pem => "pem",
            Format::Token => "token",
            Format::Unknown => "unknown",
        }
    }
}

/// One source, unwrapped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// The outermost wrapping.
    pub format: Format,
    /// What had to be repaired to read it, as sentences. Not empty means that kubectl would
    /// refuse the text as given, or see nothing in it.
    pub mended: Vec<String>,
    /// Whether the repair is a guess, right only if all of the text loads after it.
    pub is_guess: bool,
    /// The kubeconfigs in it, in order.
    pub kubeconfigs: Vec<Piece>,
    /// PEM text in it, outside any kubeconfig.
    pub pem: Vec<Piece>,
    /// Bearer tokens in it, outside any kubeconfig.
    pub tokens: Vec<Secret<String>>,
    /// What an API answer says of the credential's end.
    pub expiration: Option<Timestamp>,
    /// A message of kubectl that stood beside the kubeconfig in a copied ticket.
    pub message: Option<String>,
    /// What a source of an unknown format looks like, as a sentence with the way out.
    pub hint: Option<String>,
}

impl Intake {
    /// Whether there is anything in it to look at.
    pub fn found(&self) -> bool {
        0 < self.n_pieces()
    }

    fn n_pieces(&self) -> usize {
        self.kubeconfigs.len() + self.pem.len() + self.tokens.len()
    }
}

/// A part of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it came from, as `Secret prod-kubeconfig, data.value`; empty for the whole source.
    pub origin: String,
    /// Its bytes: those of the source where nothing was unwrapped.
    pub bytes: Arc<Secret<Vec<u8>>>,
}

impl Piece {
    fn new(origin: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Piece {
        Piece { origin: origin.into(), bytes: Arc::new(Secret::new(bytes.into())) }
    }
}

/// `source` as the kubeconfig that it is when kubectl reads it as given, and the message of
/// kubectl that may stand in it.
pub fn plain(source: &Source) -> Intake {
    at_once(async |pace| plain_at(pace, source).await)
}

/// The same in pieces: pending whenever `pace` calls for a rest.
pub(crate) async fn plain_at(pace: Pace<'_>, source: &Source) -> Intake {
    let text = content::text(source.bytes.reveal());
    pace.rest().await;
    let message = transcript::in_kubeconfig(pace, text.reveal()).await;
    Intake { message, ..whole(source) }
}

fn whole(source: &Source) -> Intake {
    let kubeconfigs = vec![Piece { origin: String::new(), bytes: Arc::clone(&source.bytes) }];
    Intake { format: Format::Kubeconfig, kubeconfigs, ..Intake::default() }
}

/// What `source` wraps; none when it is not one of the wrappings that we know.
pub fn unwrap(source: &Source) -> Option<Intake> {
    at_once(async |pace| unwrap_at(pace, source).await).filter(Intake::found)
}

/// The same in pieces: pending whenever `pace` calls for a rest. Where it could not be looked into, nothing
/// is found, and there is a hint that says so.
pub(crate) async fn unwrap_at(pace: Pace<'_>, source: &Source) -> Option<Intake> {
    wrapped::open(pace, source.bytes.reveal()).await
}

/// How `source`, which kubectl refuses, can be read after a repair: the candidates, least
/// repair first. Whether one of them is better than the text as given shows when it is loaded.
pub fn mend(source: &Source) -> Vec<Intake> {
    at_once(async |pace| mend_at(pace, source).await)
}

/// The same in pieces: pending whenever `pace` calls for a rest.
pub(crate) async fn mend_at(pace: Pace<'_>, source: &Source) -> Vec<Intake> {
    mend::candidates(pace, source.bytes.reveal()).await
}

/// `source` when kubectl refuses it: as the kubeconfig that it tries to be, or with a hint at what
/// it is, which is `unsearched` if there is one. It `has_entries` when some could be read all the same.
pub fn unread(source: &Source, unsearched: Option<String>, has_entries: bool) -> Intake {
    let text = content::text(source.bytes.reveal());
    let text = text.reveal();
    let is_kubeconfig = has_entries || content::is_kubeconfig(text);
    let is_config = has_entries || wrapped::begins_as_config(text);
    let unsearched = unsearched.filter(|_| !is_kubeconfig);
    let hint = unsearched.or_else(|| hint::hint(source.bytes.reveal(), text, is_config));
    let format = match &hint {
        _ if has_entries => Format::Kubeconfig,
        None if is_kubeconfig => Format::Kubeconfig,
        _ => Format::Unknown,
    };
    let message = (format == Format::Unknown).then(|| transcript::message(text)).flatten();
    Intake { format, message, hint, ..whole(source) }
}

//! What was handed in: finds the kubeconfigs, certificates and tokens in whatever wraps them.
//!
//! Knows wrappings, not kubeconfigs: whether what it unwraps is a good one is not its business.

use crate::{secret::Secret, source::Source, time::Timestamp};

/// The outermost wrapping of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A kubeconfig as kubectl reads it, YAML or JSON; also an empty text.
    Kubeconfig,
    /// A Kubernetes Secret or a List of them.
    KubernetesSecret,
    /// Another Kubernetes object that carries a kubeconfig or a credential, as ExecCredential.
    KubernetesObject,
    /// The answer of a cloud provider's API: a kubeconfig in a JSON string and its end.
    ProviderResponse,
    /// Base64 of a whole file.
    Base64,
    /// PEM blocks without a kubeconfig around them.
    Pem,
    /// A JSON Web Token and nothing else.
    Token,
    /// Nothing that we know.
    #[default]
    Unknown,
}

/// One source, unwrapped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// The outermost wrapping.
    pub format: Format,
    /// What had to be repaired to read it, as sentences. Not empty means that kubectl would
    /// refuse the text as given, or read something else in it.
    pub mended: Vec<String>,
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

/// A part of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it came from, as `Secret prod-kubeconfig, key value`; empty for the whole source.
    pub origin: String,
    /// Its bytes.
    pub bytes: Secret<Vec<u8>>,
}

/// Unwraps `source`.
pub fn unwrap(source: &Source) -> Intake {
    Intake {
        format: Format::Kubeconfig,
        kubeconfigs: vec![Piece { origin: String::new(), bytes: source.bytes.clone() }],
        ..Intake::default()
    }
}

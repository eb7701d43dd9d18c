//! What Go's TLS set-up says of the PEM that kubectl hands to it, in its own words.

use std::fmt;

use super::{
    key::{self, KeyError, KeyMatch},
    pem::{self, Block},
    x509::{self, PublicKey},
};

/// Why Go does not make a client certificate of what it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairError {
    /// There is no PEM in the certificate.
    NoCertificatePem,
    /// The certificate is one block, a private key.
    KeyInTheCertificate,
    /// The certificate is PEM of other kinds; their labels.
    NoCertificate(Vec<String>),
    /// There is no PEM in the key.
    NoKeyPem,
    /// The key is one block, a certificate.
    CertificateInTheKey,
    /// The key is PEM of other kinds; their labels.
    NoKey(Vec<String>),
    /// The first certificate cannot be read; Go's reason.
    BadCertificate(String),
    /// The key cannot be read.
    BadKey,
    /// The key is of a kind that TLS does not sign with.
    UnknownKeyType,
    /// The certificate's key is of a kind that TLS does not sign with.
    UnknownPublicKey,
    /// Key and certificate are of different kinds.
    OtherAlgorithm,
    /// Key and certificate are of one kind and do not belong together.
    OtherKey,
}

impl fmt::Display for PairError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            PairError::NoCertificatePem => "failed to find any PEM data in certificate input",
            PairError::KeyInTheCertificate => {
                "failed to find certificate PEM data in certificate input, but did find a private \
                 key; PEM inputs may have been switched"
            }
            PairError::NoCertificate(labels) => {
                return write!(
                    f,
                    "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after \
                     skipping PEM blocks of the following types: [{}]",
                    labels.join(" ")
                );
            }
            PairError::NoKeyPem => "failed to find any PEM data in key input",
            PairError::CertificateInTheKey => {
                "found a certificate rather than a key in the PEM for the private key"
            }
            PairError::NoKey(labels) => {
                return write!(
                    f,
                    "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key \
                     input after skipping PEM blocks of the following types: [{}]",
                    labels.join(" ")
                );
            }
            PairError::BadCertificate(reason) => return f.write_str(reason),
            PairError::BadKey => "failed to parse private key",
            PairError::UnknownKeyType => "found unknown private key type in PKCS#8 wrapping",
            PairError::UnknownPublicKey => "unknown public key algorithm",
            PairError::OtherAlgorithm => "private key type does not match public key type",
            PairError::OtherKey => "private key does not match public key",
        };
        write!(f, "tls: {text}")
    }
}

impl PairError {
    /// Whether the key is to blame, or could be, rather than the certificate alone.
    pub fn is_about_the_key(&self) -> bool {
        !matches!(
            self,
            PairError::NoCertificatePem
                | PairError::KeyInTheCertificate
                | PairError::NoCertificate(_)
                | PairError::BadCertificate(_)
                | PairError::UnknownPublicKey
        )
    }
}

/// Whether Go makes a client certificate of these two, in the order of its tests.
///
/// Mirrors: X509KeyPair, Go 1.24 crypto/tls/tls.go.
pub fn x509_key_pair(certificate: &[u8], key: &[u8]) -> Result<(), PairError> {
    let blocks = pem::blocks(certificate);
    let labels = || blocks.iter().map(|it| it.label.clone()).collect();
    let Some(leaf) = blocks.iter().find(|it| it.label == "CERTIFICATE") else {
        return Err(match blocks.as_slice() {
            [] => PairError::NoCertificatePem,
            [only] if only.label.ends_with("PRIVATE KEY") => PairError::KeyInTheCertificate,
            _ => PairError::NoCertificate(labels()),
        });
    };
    let blocks = pem::blocks(key);
    let labels = || blocks.iter().map(|it| it.label.clone()).collect();
    let Some(key) = blocks.iter().find(|it| it.is_private_key()) else {
        return Err(match blocks.as_slice() {
            [] => PairError::NoKeyPem,
            [only] if only.label == "CERTIFICATE" => PairError::CertificateInTheKey,
            _ => PairError::NoKey(labels()),
        });
    };
    let public = public_key(leaf)?;
    let key = key::private_key(key.der.reveal()).map_err(|it| match it {
        KeyError::Unsupported(name) if name == "X25519" => PairError::UnknownKeyType,
        _ => PairError::BadKey,
    })?;
    if !matches!(public.algorithm.as_str(), "RSA" | "EC" | "Ed25519") {
        return Err(PairError::UnknownPublicKey);
    }
    match key::matches(&key, &public) {
        KeyMatch::OtherAlgorithm => Err(PairError::OtherAlgorithm),
        KeyMatch::OtherKey => Err(PairError::OtherKey),
        KeyMatch::Yes | KeyMatch::NotChecked => Ok(()),
    }
}

fn public_key(leaf: &Block) -> Result<PublicKey, PairError> {
    let it = x509::certificate(leaf.der.reveal()).map_err(|it| PairError::BadCertificate(it.go))?;
    match it.go {
        Some(refusal) => Err(PairError::BadCertificate(refusal)),
        None => Ok(it.key),
    }
}

/// Why client-go finds no certificate to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RootsError {
    /// There is no PEM, or something else follows the last block.
    NotPem,
    /// There is PEM, but no certificate in it.
    NoCertificate,
    /// The first certificate cannot be read; Go's reason.
    BadCertificate(String),
}

impl fmt::Display for RootsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RootsError::NotPem => f.write_str("unable to parse bytes as PEM block"),
            RootsError::NoCertificate => f.write_str("no valid certificate authority data seen"),
            RootsError::BadCertificate(reason) => {
                write!(f, "failed to parse certificate: {reason}")
            }
        }
    }
}

/// Whether client-go finds a certificate to trust in `bytes`; one good one is enough.
///
/// Mirrors: rootCertPool and createErrorParsingCAData, client-go v0.33.1
/// transport/transport.go.
pub fn root_certificates(bytes: &[u8]) -> Result<(), RootsError> {
    let mut rest = bytes;
    let mut first_fault = None;
    while !rest.is_empty() {
        let Some((block, after)) = pem::decode(rest) else {
            first_fault.get_or_insert(RootsError::NotPem);
            break;
        };
        rest = after;
        if block.label != "CERTIFICATE" || !block.headers.is_empty() {
            continue;
        }
        match x509::refusal(block.der.reveal()) {
            None => return Ok(()),
            Some(reason) => {
                first_fault.get_or_insert(RootsError::BadCertificate(reason));
            }
        }
    }
    if bytes.is_empty() {
        return Ok(());
    }
    Err(first_fault.unwrap_or(RootsError::NoCertificate))
}

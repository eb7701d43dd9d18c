//! X.509 certificates: what `openssl x509 -text` tells, as plain values.
//!
//! Knows nothing of trust. A certificate that cannot be read is an error with a position;
//! an algorithm or extension that is not known is shown by its OID.

mod name;
mod extension;
mod golang;
mod verify;

use std::{borrow::Cow, fmt, ops::Range};

use sha1::Sha1;
use sha2::{Digest, Sha256};

use self::extension::Extensions;
use super::{
    Validity, der,
    der::{Reader, Rules},
    hex,
    oid::{self, Oid, oid},
};
use crate::time::Timestamp;

pub use name::Name;
pub use verify::{Signature, likely_signature, signature};

/// One certificate: its encoding, and of what is in it that which is asked for again and again.
/// The rest is read when somebody asks, for of ten thousand certificates few are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// X.509 version, 1 to 3.
    pub version: u32,
    /// Validity period.
    pub validity: Validity,
    /// The public key.
    pub key: PublicKey,
    /// Basic constraints: whether it says that it is a CA, and the path length if given.
    pub basic_constraints: Option<BasicConstraints>,
    /// Why Go refuses to read it, as `x509: negative serial number`; none when Go reads it.
    pub go: Option<Cow<'static, str>>,
    /// The whole certificate, without anything that follows it.
    pub der: Vec<u8>,
    parts: Parts,
}

/// Where the parts are in the encoding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Parts {
    /// Content.
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    spki: Range<usize>,
    /// Content; empty when there are none.
    extensions: Range<usize>,
    /// The outer one, content.
    signature_algorithm: Range<usize>,
}

impl Certificate {
    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.der.get(range.clone()).unwrap_or_default()
    }

    /// Serial number: lower-case hex, no leading zeros, a minus sign in front when negative.
    pub fn serial(&self) -> String {
        serial_number(self.part(&self.parts.serial))
    }

    /// Subject.
    pub fn subject(&self) -> Name<'_> {
        Name { der: self.part(&self.parts.subject) }
    }

    /// Issuer.
    pub fn issuer(&self) -> Name<'_> {
        Name { der: self.part(&self.parts.issuer) }
    }

    /// Signature algorithm by its usual name, as `ecdsa-with-SHA256`; the OID when unknown.
    pub fn signature_algorithm(&self) -> Cow<'static, str> {
        oid::signature_algorithm(Oid(self.part(&self.parts.signature_algorithm)))
    }

    /// Subject alternative names, as `DNS:a`, `IP:1.2.3.4`, `URI:u`, `email:e`, and
    /// `othername:…`, `dirname:…`, `RID:…` for the rest; of each list the first ten thousand.
    pub fn sans(&self) -> Vec<String> {
        self.raw_extensions().sans()
    }

    /// Key usage, in RFC 5280's words, as `digitalSignature`; none when there is no such extension.
    pub fn key_usage(&self) -> Option<Vec<&'static str>> {
        self.raw_extensions().key_usage()
    }

    /// Extended key usage, as `clientAuth`, or the OID; none when there is no such extension.
    pub fn extended_key_usage(&self) -> Option<Vec<Cow<'static, str>>> {
        self.raw_extensions().extended_key_usage()
    }

    /// Subject key identifier.
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.raw_extensions().subject_key_id()
    }

    /// Authority key identifier.
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.raw_extensions().authority_key_id()
    }

    /// All extensions, in order.
    pub fn extensions(&self) -> Vec<Extension> {
        self.raw_extensions().map(|it| it.shown()).collect()
    }

    fn raw_extensions(&self) -> Extensions<'_> {
        Extensions(Reader::new(self.part(&self.parts.extensions), Rules::Lenient))
    }

    /// SHA-256 of the DER, hex.
    pub fn sha256(&self) -> String {
        hex(&Sha256::digest(&self.der))
    }

    /// SHA-1 of the DER, hex.
    pub fn sha1(&self) -> String {
        hex(&Sha1::digest(&self.der))
    }

    /// Whether basic constraints say that it is a CA.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints.is_some_and(|it| it.ca)
    }

    /// Whether Go takes it for one that may sign others.
    ///
    /// Mirrors: Certificate.CheckSignatureFrom, Go 1.24 crypto/x509/x509.go.
    pub fn may_sign(&self) -> bool {
        self.basic_constraints.map_or(self.version < 3, |it| it.ca)
            && self.key_usage().is_none_or(|it| it.is_empty() || it.contains(&"keyCertSign"))
    }

    /// Whether it may be used to sign in, as far as extended key usage tells.
    pub fn is_for_clients(&self) -> bool {
        self.is_for("clientAuth")
    }

    /// Whether a server may show it, and a CA sign such a server's, as far as extended key usage
    /// tells.
    pub fn is_for_servers(&self) -> bool {
        self.is_for("serverAuth")
    }

    /// Mirrors: checkChainForKeyUsage, Go 1.24 crypto/x509/verify.go, to which an empty list is none.
    fn is_for(&self, usage: &str) -> bool {
        let allowed = [usage, "anyExtendedKeyUsage"];
        self.extended_key_usage()
            .is_none_or(|it| it.is_empty() || it.iter().any(|it| allowed.contains(&&**it)))
    }

    /// The OID of a critical extension that Go does not know, for which it has to refuse every way
    /// over this certificate.
    pub fn unhandled_extension(&self) -> Option<String> {
        self.raw_extensions().unhandled()
    }

    /// Whether its signature is one that Go no longer accepts because it can be forged.
    pub fn is_weakly_signed(&self) -> bool {
        let algorithm = self.signature_algorithm().to_ascii_lowercase();
        ["sha1", "sha-1", "md5", "md2"].iter().any(|it| algorithm.contains(it))
    }

    /// Whether subject and issuer are the same name.
    pub fn self_issued(&self) -> bool {
        self.subject() == self.issuer()
    }
}

/// One attribute of a [`Name`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Short name as openssl prints it (`CN`, `O`, `emailAddress`), or the OID.
    pub name: Cow<'static, str>,
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
    pub algorithm: Cow<'static, str>,
    /// A name for people: `RSA`, `RSA-PSS`, `EC P-256`, `Ed25519`, `Ed448`, `DSA`, `SM2`, or the OID.
    pub title: Cow<'static, str>,
    /// Size in bits, where the algorithm has one: RSA, DSA and EC.
    pub bits: Option<u32>,
    /// The key proper: an RSA modulus without leading zeros, an EC point, the bytes of others.
    pub value: Vec<u8>,
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
    pub name: Cow<'static, str>,
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
    pub go: Cow<'static, str>,
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

/// Reads one certificate; what follows it is noted and ignored.
pub fn certificate(bytes: &[u8]) -> Result<Certificate, CertificateError> {
    read(bytes).map_err(|fault| CertificateError {
        reading: fault.reading,
        offset: Some(fault.offset),
        go: golang::refusal(bytes).unwrap_or("x509: malformed certificate".into()),
    })
}

/// Where reading failed.
struct Fault {
    reading: &'static str,
    offset: usize,
}

/// Turns the absence of a part into a [`Fault`] at the place where it was looked for.
fn need<'a, T>(
    reader: &mut Reader<'a>,
    reading: &'static str,
    part: impl FnOnce(&mut Reader<'a>) -> Option<T>,
) -> Result<T, Fault> {
    let offset = reader.position();
    part(reader).ok_or(Fault { reading, offset })
}

/// Reads the parts of a certificate in the order of RFC 5280, section 4.1.
fn read(bytes: &[u8]) -> Result<Certificate, Fault> {
    let mut parts = Parts::default();
    let mut outside = Reader::new(bytes, Rules::Lenient);
    let whole = need(&mut outside, "certificate", |it| it.take(der::SEQUENCE))?;
    let mut inside = whole.inside();
    let mut tbs = need(&mut inside, "signed part", |it| it.enter(der::SEQUENCE))?;
    let version = match tbs.enter(der::context_constructed(0)) {
        Some(mut it) => need(&mut it, "version", |it| der::small(it.take(der::INTEGER)?.body))?,
        None => 0,
    };
    parts.serial = need(&mut tbs, "serial number", |it| Some(it.enter(der::INTEGER)?.range()))?;
    need(&mut tbs, "signature algorithm", |it| it.take(der::SEQUENCE))?;
    parts.issuer = need(&mut tbs, "issuer", take_name)?;
    let mut period = need(&mut tbs, "validity", |it| it.enter(der::SEQUENCE))?;
    let not_before = need(&mut period, "validity", |it| it.any())?;
    let not_after = need(&mut period, "validity", |it| it.any())?;
    parts.subject = need(&mut tbs, "subject", take_name)?;
    let start = tbs.position();
    let key = need(&mut tbs, "public key", |it| public_key(it.enter(der::SEQUENCE)?))?;
    parts.spki = start..tbs.position();
    // Unique identifiers, which nobody uses.
    for tag in [1, 2] {
        let _ = tbs.take(der::context(tag)).or_else(|| tbs.take(der::context_constructed(tag)));
    }
    let mut extensions = None;
    if let Some(mut it) = tbs.enter(der::context_constructed(3)) {
        let list = need(&mut it, "extensions", |it| it.enter(der::SEQUENCE))?;
        parts.extensions = list.range();
        extensions = Some(Extensions(list));
    }
    parts.signature_algorithm = need(&mut inside, "signature algorithm", |it| {
        let mut algorithm = it.enter(der::SEQUENCE)?;
        let place = { algorithm }.enter(der::OID)?.range();
        algorithm.oid().map(|_| place)
    })?;
    need(&mut inside, "signature", |it| it.take(der::BIT_STRING))?;
    Ok(Certificate {
        version: version.saturating_add(1),
        validity: Validity { not_before: moment(not_before), not_after: moment(not_after) },
        key,
        basic_constraints: extensions.and_then(Extensions::basic_constraints),
        go: golang::refusal(bytes),
        der: whole.raw.to_vec(),
        parts,
    })
}

fn take_name(reader: &mut Reader<'_>) -> Option<Range<usize>> {
    let start = reader.position();
    Name { der: reader.take(der::SEQUENCE)?.raw }.sound()?;
    Some(start..reader.position())
}

/// Lower-case hex without leading zeros; a minus sign and the magnitude when negative.
fn serial_number(body: &[u8]) -> String {
    let negative = body.first().is_some_and(|it| it & 0x80 != 0);
    let mut magnitude = body.to_vec();
    if negative {
        // Two's complement: invert and add one, from the right.
        let mut carry = true;
        for byte in magnitude.iter_mut().rev() {
            (*byte, carry) = (!*byte).overflowing_add(carry.into());
        }
    }
    let digits = hex(&magnitude);
    let digits = digits.trim_start_matches('0');
    let sign = if negative { "-" } else { "" };
    format!("{sign}{}", if digits.is_empty() { "0" } else { digits })
}

/// Reads a UTCTime or GeneralizedTime.
fn moment(value: der::Value<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(value.body).ok()?;
    match (value.tag, value.body) {
        // RFC 5280, section 4.1.2.5.1: two digits stand for the years 1950 to 2049.
        (der::UTC_TIME, [b'0'..=b'4', ..]) => Timestamp::from_compact_of("20", text),
        (der::UTC_TIME, [b'5'..=b'9', ..]) => Timestamp::from_compact_of("19", text),
        (der::GENERALIZED_TIME, _) => Timestamp::from_compact(text),
        _ => None,
    }
}

/// Reads the inside of a SubjectPublicKeyInfo.
fn public_key(mut parts: Reader<'_>) -> Option<PublicKey> {
    let mut algorithm = parts.enter(der::SEQUENCE)?;
    let oid = algorithm.oid()?;
    let (_, value) = parts.bits()?;
    Some(match oid.0 {
        RSA => rsa_key("RSA".into(), "RSA", value),
        RSA_PSS => rsa_key(oid.to_string().into(), "RSA-PSS", value),
        EC => ec_key(algorithm.oid(), value),
        ED25519 => ed25519_key(value),
        _ => {
            let name = oid::key_algorithm(oid);
            let algorithm_oid = Cow::from(oid.to_string());
            PublicKey {
                title: name.map_or_else(|| algorithm_oid.clone(), Cow::from),
                bits: match name {
                    // The size of a DSA key is that of its prime, the first parameter.
                    Some("DSA") => algorithm
                        .enter(der::SEQUENCE)
                        .and_then(|mut it| it.take(der::INTEGER))
                        .and_then(|it| der::unsigned(it.body))
                        .map(bit_length),
                    _ => None,
                },
                algorithm: algorithm_oid,
                value: value.to_vec(),
            }
        }
    })
}

pub(super) const RSA: &[u8] = oid!("1.2.840.113549.1.1.1");
pub(super) const RSA_PSS: &[u8] = oid!("1.2.840.113549.1.1.10");
pub(super) const EC: &[u8] = oid!("1.2.840.10045.2.1");
pub(super) const ED25519: &[u8] = oid!("1.3.101.112");

fn rsa_key(algorithm: Cow<'static, str>, title: &'static str, value: &[u8]) -> PublicKey {
    let modulus = rsa_modulus(value);
    PublicKey {
        algorithm,
        title: title.into(),
        bits: modulus.map(bit_length),
        value: modulus.unwrap_or(value).to_vec(),
    }
}

/// An EC key on this curve; none stands for parameters written out in full.
pub(super) fn ec_key(curve: Option<Oid<'_>>, point: &[u8]) -> PublicKey {
    let known = curve.and_then(oid::curve);
    let title = match (known, curve) {
        (Some((title, _)), _) => title.into(),
        (None, Some(oid)) => format!("EC {oid}").into(),
        (None, None) => "EC unnamed curve".into(),
    };
    PublicKey {
        algorithm: "EC".into(),
        // The size of a curve that is not known follows from the length of the point.
        bits: known.map(|it| it.1).or_else(|| {
            let half = (point.len().checked_sub(1)? / 2).checked_mul(8)?;
            (point.first() == Some(&4)).then(|| u32::try_from(half).ok()).flatten()
        }),
        title,
        value: point.to_vec(),
    }
}

/// An Ed25519 key.
pub(super) fn ed25519_key(value: &[u8]) -> PublicKey {
    PublicKey {
        algorithm: "Ed25519".into(),
        title: "Ed25519".into(),
        bits: None,
        value: value.to_vec(),
    }
}

/// The digits of the modulus. A negative one is no key to Go, and openssl ignores its sign.
fn rsa_modulus(value: &[u8]) -> Option<&[u8]> {
    let mut parts = Reader::new(value, Rules::Lenient).enter(der::SEQUENCE)?;
    let body = parts.take(der::INTEGER)?.body;
    let zeros = body.iter().take_while(|it| **it == 0).count();
    body.get(zeros..)
}

/// Length in bits of an unsigned number without leading zero bytes.
pub(super) fn bit_length(digits: &[u8]) -> u32 {
    let bytes = u32::try_from(digits.len()).unwrap_or(u32::MAX / 8);
    (bytes * 8).saturating_sub(digits.first().map_or(0, |it| it.leading_zeros()))
}

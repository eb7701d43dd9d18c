//! X.509 certificates: what `openssl x509 -text` tells, as plain values.
//!
//! Knows nothing of trust. A certificate that cannot be read is an error with a position;
//! an algorithm or extension that is not known is shown by its OID.

mod name;
mod extension;
mod golang;
mod verify;

use std::{borrow::Cow, fmt};

use sha1::Sha1;
use sha2::{Digest, Sha256};

use self::extension::Extensions;
use super::{
    Validity, der,
    der::{Reader, Rules},
    hex, oid,
};
use crate::time::Timestamp;

pub use verify::{Signature, likely_signature, signature};

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
    /// What is odd about the encoding, as sentences; empty for nearly all certificates.
    pub oddities: Vec<String>,
    /// Why Go refuses to read it, as `x509: negative serial number`; none when Go reads it.
    pub go: Option<Cow<'static, str>>,
    /// The whole certificate, without anything that follows it.
    pub der: Vec<u8>,
}

impl Certificate {
    /// SHA-256 of the DER, hex. Computed when asked for: of ten thousand certificates, few are
    /// looked at.
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
    /// The key proper: an RSA modulus without leading zeros, an EC point, the bytes of others.
    pub value: Vec<u8>,
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
    let mut outside = Reader::new(bytes, Rules::Lenient);
    let whole = need(&mut outside, "certificate", |it| it.take(der::SEQUENCE))?;
    let mut parts = whole.inside();
    let mut tbs = need(&mut parts, "signed part", |it| it.enter(der::SEQUENCE))?;
    let version = match tbs.enter(der::context_constructed(0)) {
        Some(mut it) => need(&mut it, "version", |it| der::small(it.take(der::INTEGER)?.body))?,
        None => 0,
    };
    let serial = need(&mut tbs, "serial number", |it| it.take(der::INTEGER))?.body;
    need(&mut tbs, "signature algorithm", |it| it.take(der::SEQUENCE))?;
    let issuer = need(&mut tbs, "issuer", take_name)?;
    let mut period = need(&mut tbs, "validity", |it| it.enter(der::SEQUENCE))?;
    let not_before = need(&mut period, "validity", |it| it.any())?;
    let not_after = need(&mut period, "validity", |it| it.any())?;
    let subject = need(&mut tbs, "subject", take_name)?;
    let key = need(&mut tbs, "public key", |it| public_key(it.take(der::SEQUENCE)?.raw))?;
    // Unique identifiers, which nobody uses.
    for tag in [1, 2] {
        let _ = tbs.take(der::context(tag)).or_else(|| tbs.take(der::context_constructed(tag)));
    }
    let extensions = match tbs.enter(der::context_constructed(3)) {
        Some(mut it) => {
            Extensions::read(need(&mut it, "extensions", |it| it.enter(der::SEQUENCE))?)
        }
        None => Extensions::default(),
    };
    let algorithm = need(&mut parts, "signature algorithm", |it| it.enter(der::SEQUENCE)?.oid())?;
    need(&mut parts, "signature", |it| it.take(der::BIT_STRING))?;

    let validity = Validity { not_before: moment(not_before), not_after: moment(not_after) };
    let mut oddities = Vec::new();
    if !outside.is_empty() {
        oddities.push(format!("{} bytes follow the certificate.", outside.rest().len()));
    }
    for (time, end) in [(validity.not_before, "begins"), (validity.not_after, "ends")] {
        if time.is_none() {
            oddities.push(format!("The date on which it {end} cannot be read."));
        }
    }
    oddities.extend(extensions.oddities);
    Ok(Certificate {
        version: version.saturating_add(1),
        serial: serial_number(serial),
        subject,
        issuer,
        validity,
        sans: extensions.sans,
        key,
        signature_algorithm: oid::signature_algorithm(&algorithm),
        basic_constraints: extensions.basic_constraints,
        key_usage: extensions.key_usage,
        extended_key_usage: extensions.extended_key_usage,
        subject_key_id: extensions.subject_key_id,
        authority_key_id: extensions.authority_key_id,
        policies: extensions.policies,
        extensions: extensions.all,
        oddities,
        go: golang::refusal(bytes),
        der: whole.raw.to_vec(),
    })
}

fn take_name(reader: &mut Reader<'_>) -> Option<Name> {
    let it = reader.take(der::SEQUENCE)?;
    name::name(it.raw, it.inside())
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
    match value.tag {
        der::UTC_TIME => {
            // RFC 5280, section 4.1.2.5.1: two digits stand for the years 1950 to 2049.
            let year: i64 = text.get(..2)?.parse().ok()?;
            let century = if year < 50 { "20" } else { "19" };
            Timestamp::from_compact(&format!("{century}{text}"))
        }
        der::GENERALIZED_TIME => Timestamp::from_compact(text),
        _ => None,
    }
}

/// Reads a SubjectPublicKeyInfo.
pub(super) fn public_key(spki: &[u8]) -> Option<PublicKey> {
    let mut parts = Reader::new(spki, Rules::Lenient).enter(der::SEQUENCE)?;
    let mut algorithm = parts.enter(der::SEQUENCE)?;
    let oid = algorithm.oid()?;
    let (_, value) = parts.bits()?;
    let spki = spki.to_vec();
    Some(match oid.as_str() {
        RSA => {
            let modulus = rsa_modulus(value);
            PublicKey {
                algorithm: "RSA".to_owned(),
                title: "RSA".to_owned(),
                bits: modulus.map(bit_length),
                curve: None,
                value: modulus.unwrap_or(value).to_vec(),
                spki,
            }
        }
        RSA_PSS => {
            let modulus = rsa_modulus(value);
            PublicKey {
                title: "RSA-PSS".to_owned(),
                bits: modulus.map(bit_length),
                curve: None,
                value: modulus.unwrap_or(value).to_vec(),
                algorithm: oid,
                spki,
            }
        }
        EC => {
            let curve = algorithm.oid();
            ec_key(curve.as_deref(), value, spki)
        }
        ED25519 => PublicKey {
            algorithm: "Ed25519".to_owned(),
            title: "Ed25519".to_owned(),
            bits: None,
            curve: None,
            value: value.to_vec(),
            spki,
        },
        _ => PublicKey {
            title: oid::key_algorithm(&oid).unwrap_or(&oid).to_owned(),
            bits: match oid::key_algorithm(&oid) {
                // The size of a DSA key is that of its prime, the first parameter.
                Some("DSA") => algorithm
                    .enter(der::SEQUENCE)
                    .and_then(|mut it| it.take(der::INTEGER))
                    .and_then(|it| der::unsigned(it.body))
                    .map(bit_length),
                _ => None,
            },
            algorithm: oid,
            curve: None,
            value: value.to_vec(),
            spki,
        },
    })
}

pub(super) const RSA: &str = "1.2.840.113549.1.1.1";
pub(super) const RSA_PSS: &str = "1.2.840.113549.1.1.10";
pub(super) const EC: &str = "1.2.840.10045.2.1";
pub(super) const ED25519: &str = "1.3.101.112";

/// An EC key on the curve with this OID; none stands for parameters written out in full.
pub(super) fn ec_key(curve: Option<&str>, point: &[u8], spki: Vec<u8>) -> PublicKey {
    let known = curve.and_then(oid::curve);
    let name = known.map(|it| it.0).or(curve).unwrap_or("unnamed curve");
    PublicKey {
        algorithm: "EC".to_owned(),
        title: if name == "SM2" { name.to_owned() } else { format!("EC {name}") },
        // The size of a curve that is not known follows from the length of the point.
        bits: known.map(|it| it.1).or_else(|| {
            let half = (point.len().checked_sub(1)? / 2).checked_mul(8)?;
            (point.first() == Some(&4)).then(|| u32::try_from(half).ok()).flatten()
        }),
        curve: Some(name.to_owned()),
        value: point.to_vec(),
        spki,
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

//! Whether one certificate signed another.

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::{
    super::{
        arithmetic::Modulus,
        curve, der,
        der::{Reader, Rules},
        oid::{Oid, oid},
    },
    Certificate,
};

/// Whether `issuer` signed `certificate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// The names match and the signature is right.
    Valid,
    /// The issuer's name is another one.
    OtherIssuer,
    /// The names match, the signature does not: another key under the same name.
    WrongKey,
    /// The names match; the signature was not checked, mostly because of its algorithm.
    NotChecked,
}

/// Checks whether `issuer` signed `certificate`. Names are compared byte by byte, as Go does.
///
/// RSA (PKCS#1 v1.5 and PSS), ECDSA on the NIST curves and Ed25519 are checked, with SHA-1 and
/// SHA-2. Neither the period nor the rights of the issuer matter here.
pub fn signature(certificate: &Certificate, issuer: &Certificate) -> Signature {
    if certificate.issuer() != issuer.subject() {
        return Signature::OtherIssuer;
    }
    match Signed::of(&certificate.der).and_then(|it| it.verify(issuer)) {
        Some(true) => Signature::Valid,
        Some(false) => Signature::WrongKey,
        None => Signature::NotChecked,
    }
}

/// The same by names and key identifiers alone, which takes no time and can be deceived.
pub fn likely_signature(certificate: &Certificate, issuer: &Certificate) -> Signature {
    if certificate.issuer() != issuer.subject() {
        return Signature::OtherIssuer;
    }
    match (certificate.authority_key_id(), issuer.subject_key_id()) {
        (Some(wanted), Some(found)) if wanted == found => Signature::Valid,
        (Some(_), Some(_)) => Signature::WrongKey,
        _ => Signature::NotChecked,
    }
}

/// The three parts of a certificate.
struct Signed<'a> {
    message: &'a [u8],
    oid: Oid<'a>,
    parameters: Reader<'a>,
    signature: &'a [u8],
}

impl<'a> Signed<'a> {
    fn of(certificate: &'a [u8]) -> Option<Signed<'a>> {
        let mut parts = Reader::new(certificate, Rules::Lenient).enter(der::SEQUENCE)?;
        let message = parts.any()?.raw;
        let mut parameters = parts.enter(der::SEQUENCE)?;
        let oid = parameters.oid()?;
        let (_, signature) = parts.bits()?;
        Some(Signed { message, oid, parameters, signature })
    }

    /// None when the algorithm is not known, or is none of this key's.
    fn verify(&self, issuer: &Certificate) -> Option<bool> {
        let key = &issuer.key;
        match (self.oid.0, &*key.title) {
            (super::ED25519, "Ed25519") => {
                curve::ed25519_verify(&key.value, self.message, self.signature)
            }
            (super::RSA_PSS, "RSA" | "RSA-PSS") => {
                let parameters = PssParameters::read(self.parameters)?;
                let (message, n_bits) = rsa(issuer, self.signature)?;
                Some(message.is_some_and(|it| parameters.fit(&it, n_bits, self.message)))
            }
            (oid, "RSA") => {
                let hash = Hash::of_rsa(oid)?;
                let (message, _) = rsa(issuer, self.signature)?;
                Some(message.is_some_and(|it| is_pkcs1(&it, hash, &hash.digest(self.message))))
            }
            (oid, _) if key.algorithm == "EC" => {
                let digest = Hash::of_ecdsa(oid)?.digest(self.message);
                let mut numbers =
                    Reader::new(self.signature, Rules::Lenient).enter(der::SEQUENCE)?;
                let [r, s] = [numbers.take(der::INTEGER)?.body, numbers.take(der::INTEGER)?.body];
                let (r, s) = (der::unsigned(r)?, der::unsigned(s)?);
                curve::ecdsa(&key.title, &key.value, &digest, r, s)
            }
            _ => None,
        }
    }
}

/// Undoes an RSA signature: the encoded message, if the signature is below the modulus, and
/// the number of bits of the modulus.
fn rsa(issuer: &Certificate, signature: &[u8]) -> Option<(Option<Vec<u8>>, usize)> {
    let key = &issuer.key;
    let mut spki =
        Reader::new(issuer.part(&issuer.parts.spki), Rules::Lenient).enter(der::SEQUENCE)?;
    spki.any()?;
    let (_, value) = spki.bits()?;
    let mut numbers = Reader::new(value, Rules::Lenient).enter(der::SEQUENCE)?;
    numbers.any()?;
    let exponent = der::unsigned(numbers.take(der::INTEGER)?.body)?;
    // Longer ones are not in use, and would take long.
    if 8 < exponent.len() {
        return None;
    }
    let modulus = Modulus::new(&key.value)?;
    let n_bits = usize::try_from(key.bits?).ok()?;
    let message = modulus.enter(signature).map(|it| {
        let digits = modulus.leave(&modulus.power(&it, exponent));
        let excess = digits.len().saturating_sub(key.value.len());
        digits.get(excess..).unwrap_or_default().to_vec()
    });
    Some((message.filter(|_| signature.len() == key.value.len()), n_bits))
}

/// RFC 8017, section 9.2: `00 01 ff … ff 00`, the name of the hash, the digest.
fn is_pkcs1(message: &[u8], hash: Hash, digest: &[u8]) -> bool {
    let tail = [&[0][..], &hash.digest_info(digest)].concat();
    let Some(padding) = message.strip_suffix(tail.as_slice()) else { return false };
    match padding {
        [0, 1, filling @ ..] => 8 <= filling.len() && filling.iter().all(|it| *it == 0xff),
        _ => false,
    }
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn of_rsa(oid: &[u8]) -> Option<Hash> {
        Hash::find(RSA_HASHES, oid)
    }

    fn of_ecdsa(oid: &[u8]) -> Option<Hash> {
        Hash::find(ECDSA_HASHES, oid)
    }

    fn of_itself(oid: &[u8]) -> Option<Hash> {
        Hash::find(HASHES, oid)
    }

    fn find(table: &[(&[u8], Hash)], oid: &[u8]) -> Option<Hash> {
        table.iter().find(|it| it.0 == oid).map(|it| it.1)
    }

    fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha1 => Sha1::digest(message).to_vec(),
            Hash::Sha224 => Sha224::digest(message).to_vec(),
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// RFC 8017, section 9.2, note 1: the DER of the hash's name and the digest.
    fn digest_info(self, digest: &[u8]) -> Vec<u8> {
        let oid = HASHES.iter().find(|it| it.1 == self).map_or(&[][..], |it| it.0);
        let name = [der_value(der::OID, oid), der_value(der::NULL, &[])].concat();
        let parts = [der_value(der::SEQUENCE, &name), der_value(der::OCTET_STRING, digest)];
        der_value(der::SEQUENCE, &parts.concat())
    }
}

const RSA_HASHES: &[(&[u8], Hash)] = &[
    (oid!("1.2.840.113549.1.1.5"), Hash::Sha1),
    (oid!("1.3.14.3.2.29"), Hash::Sha1),
    (oid!("1.2.840.113549.1.1.14"), Hash::Sha224),
    (oid!("1.2.840.113549.1.1.11"), Hash::Sha256),
    (oid!("1.2.840.113549.1.1.12"), Hash::Sha384),
    (oid!("1.2.840.113549.1.1.13"), Hash::Sha512),
];

const ECDSA_HASHES: &[(&[u8], Hash)] = &[
    (oid!("1.2.840.10045.4.1"), Hash::Sha1),
    (oid!("1.2.840.10045.4.3.1"), Hash::Sha224),
    (oid!("1.2.840.10045.4.3.2"), Hash::Sha256),
    (oid!("1.2.840.10045.4.3.3"), Hash::Sha384),
    (oid!("1.2.840.10045.4.3.4"), Hash::Sha512),
];

const HASHES: &[(&[u8], Hash)] = &[
    (oid!("1.3.14.3.2.26"), Hash::Sha1),
    (oid!("2.16.840.1.101.3.4.2.4"), Hash::Sha224),
    (oid!("2.16.840.1.101.3.4.2.1"), Hash::Sha256),
    (oid!("2.16.840.1.101.3.4.2.2"), Hash::Sha384),
    (oid!("2.16.840.1.101.3.4.2.3"), Hash::Sha512),
];

/// A short value in DER.
fn der_value(tag: u8, body: &[u8]) -> Vec<u8> {
    [&[tag, body.len() as u8], body].concat()
}

/// RFC 8017, appendix A.2.3.
struct PssParameters {
    hash: Hash,
    /// The hash below the mask.
    mask: Hash,
    /// Length of the salt in bytes.
    salt: usize,
}

impl PssParameters {
    fn read(mut parameters: Reader<'_>) -> Option<PssParameters> {
        let mut it = PssParameters { hash: Hash::Sha1, mask: Hash::Sha1, salt: 20 };
        let Some(mut parts) = parameters.enter(der::SEQUENCE) else { return Some(it) };
        if let Some(mut hash) = parts.enter(der::context_constructed(0)) {
            it.hash = Hash::of_itself(hash.enter(der::SEQUENCE)?.oid()?.0)?;
        }
        if let Some(mut mask) = parts.enter(der::context_constructed(1)) {
            let mut mask = mask.enter(der::SEQUENCE)?;
            // The only mask generation function that there is.
            if mask.oid()?.0 != oid!("1.2.840.113549.1.1.8") {
                return None;
            }
            it.mask = Hash::of_itself(mask.enter(der::SEQUENCE)?.oid()?.0)?;
        }
        if let Some(mut salt) = parts.enter(der::context_constructed(2)) {
            let salt = der::small(salt.take(der::INTEGER)?.body)?;
            it.salt = usize::try_from(salt).ok()?;
        }
        Some(it)
    }

    /// Whether the encoded message is one of `message`; RFC 8017, section 9.1.2.
    fn fit(&self, encoded: &[u8], n_bits: usize, message: &[u8]) -> bool {
        self.check(encoded, n_bits, message).unwrap_or(false)
    }

    fn check(&self, encoded: &[u8], n_bits: usize, message: &[u8]) -> Option<bool> {
        let digest = self.hash.digest(message);
        // The encoded message is one bit shorter than the modulus, perhaps one byte.
        let length = (n_bits - 1).div_ceil(8);
        let (zeros, encoded) = encoded.split_at_checked(encoded.len().checked_sub(length)?)?;
        let encoded = encoded.strip_suffix(&[0xbc])?;
        let (masked, hash) = encoded.split_at_checked(encoded.len().checked_sub(digest.len())?)?;
        let spare_bits = 8 * length - (n_bits - 1);
        let spare = !(0xffu8 >> spare_bits);
        if zeros.iter().any(|it| *it != 0) || masked.first()? & spare != 0 {
            return Some(false);
        }
        let mut block: Vec<u8> =
            masked.iter().zip(self.mask_of(hash, masked.len())).map(|(a, b)| a ^ b).collect();
        *block.first_mut()? &= !spare;
        let (padding, salt) = block.split_at_checked(block.len().checked_sub(self.salt)?)?;
        let padding = padding.strip_suffix(&[1])?;
        let whole = [&[0; 8][..], &digest, salt].concat();
        Some(padding.iter().all(|it| *it == 0) && self.hash.digest(&whole) == hash)
    }

    /// RFC 8017, appendix B.2.1.
    fn mask_of(&self, seed: &[u8], length: usize) -> Vec<u8> {
        let mut mask = Vec::new();
        let mut counter = 0u32;
        while mask.len() < length {
            mask.extend(self.mask.digest(&[seed, &counter.to_be_bytes()].concat()));
            counter += 1;
        }
        mask
    }
}

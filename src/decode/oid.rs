//! Object identifiers, and their names as openssl prints them.

use std::{borrow::Cow, fmt};

/// An object identifier, as encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Oid<'a>(pub(super) &'a [u8]);

impl<'a> Oid<'a> {
    /// None when it is not sound, or one of its numbers needs more than 128 bits.
    pub(super) fn new(body: &'a [u8]) -> Option<Oid<'a>> {
        is_sound(body, 19, 0x83).then_some(Oid(body))
    }

    /// Whether it is the one that is encoded so. They differ in their last number, mostly.
    pub(super) fn is(self, encoded: &[u8]) -> bool {
        self.0.last() == encoded.last() && self.0 == encoded
    }

    /// Its name in a table of this file, or itself.
    fn name(self, table: Names) -> Cow<'static, str> {
        find(table, self).map_or_else(|| self.to_string().into(), Cow::from)
    }
}

/// In dotted form.
impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut number = 0u128;
        let mut is_first = true;
        for byte in self.0 {
            number = number << 7 | u128::from(byte & 0x7f);
            if byte & 0x80 != 0 {
                continue;
            }
            if is_first {
                // The first number stands for two.
                let root = (number / 40).min(2);
                write!(f, "{root}")?;
                number -= root * 40;
            }
            write!(f, ".{number}")?;
            (number, is_first) = (0, false);
        }
        Ok(())
    }
}

/// Whether each number ends, and none is padded, which is no DER and refused by openssl as well.
/// They have at most `longest` digits of seven bits, and one of so many begins with at most
/// `highest`.
pub(super) fn is_sound(body: &[u8], longest: usize, highest: u8) -> bool {
    let mut first = 0;
    let mut n_digits = 0;
    for &byte in body {
        if n_digits == 0 {
            first = byte;
        }
        n_digits += 1;
        if first == 0x80 || longest < n_digits || (longest == n_digits && highest < first) {
            return false;
        }
        if byte & 0x80 == 0 {
            n_digits = 0;
        }
    }
    n_digits == 0 && !body.is_empty()
}

/// The encoding of an object identifier in dotted form, at compile time.
macro_rules! oid {
    ($dotted:literal) => {{
        const ENCODED: &[u8] = {
            const ALL: ([u8; 16], usize) = $crate::decode::oid::encode($dotted);
            ALL.0.split_at(ALL.1).0
        };
        ENCODED
    }};
}
pub(super) use oid;

/// The encoding of `dotted` and its length.
#[expect(clippy::indexing_slicing, reason = "it runs at compile time")]
pub(super) const fn encode(dotted: &str) -> ([u8; 16], usize) {
    let text = dotted.as_bytes();
    let mut encoded = [0; 16];
    let mut length = 0;
    // The first two numbers are written as one.
    let (mut root, mut number) = (text[0] as u32 - '0' as u32, 0);
    let mut at = 2;
    while at < text.len() {
        number = number * 10 + (text[at] as u32 - '0' as u32);
        at += 1;
        if at < text.len() && text[at] != b'.' {
            continue;
        }
        at += 1;
        number += 40 * root;
        let mut shift = 28;
        while 0 < shift {
            if 0 < number >> shift {
                encoded[length] = 0x80 | (number >> shift & 0x7f) as u8;
                length += 1;
            }
            shift -= 7;
        }
        encoded[length] = (number & 0x7f) as u8;
        length += 1;
        (root, number) = (0, 0);
    }
    (encoded, length)
}

/// Object identifiers and what they are called.
type Names = &'static [(&'static [u8], &'static str)];

fn find(table: Names, oid: Oid<'_>) -> Option<&'static str> {
    table.iter().find(|it| oid.is(it.0)).map(|it| it.1)
}

/// Short name of an attribute of a distinguished name, as `CN`.
pub(super) fn attribute(oid: Oid<'_>) -> Option<&'static str> {
    find(ATTRIBUTES, oid)
}

/// Name of a signature algorithm, as `ecdsa-with-SHA256`; the OID when unknown.
pub(super) fn signature_algorithm(oid: Oid<'_>) -> Cow<'static, str> {
    oid.name(SIGNATURES)
}

/// Name of an extension, as `X509v3 Key Usage` without the `X509v3`; the OID when unknown.
pub(super) fn extension(oid: Oid<'_>) -> Cow<'static, str> {
    oid.name(EXTENSIONS)
}

/// Name of an extended key usage, as `clientAuth`; the OID when unknown.
pub(super) fn extended_key_usage(oid: Oid<'_>) -> Cow<'static, str> {
    oid.name(EXTENDED_KEY_USAGES)
}

/// Name of a way to get information about an authority. It is in dotted form: x509-parser reads
/// padded numbers, too.
pub(super) fn access_method(dotted: &str) -> Option<&'static str> {
    ACCESS_METHODS.iter().find(|it| Oid(it.0).to_string() == dotted).map(|it| it.1)
}

/// What a key on an elliptic curve is called, as `EC P-256`, and the size of the curve in bits:
/// that of its order, as openssl counts.
pub(super) fn curve(oid: Oid<'_>) -> Option<(&'static str, u32)> {
    CURVES.iter().find(|it| oid.is(it.0)).map(|it| (it.1, it.2))
}

/// Name of a public key algorithm that is neither RSA, EC nor Ed25519.
pub(super) fn key_algorithm(oid: Oid<'_>) -> Option<&'static str> {
    find(KEY_ALGORITHMS, oid)
}

const ATTRIBUTES: Names = &[
    (oid!("2.5.4.3"), "CN"),
    (oid!("2.5.4.10"), "O"),
    (oid!("2.5.4.11"), "OU"),
    (oid!("2.5.4.6"), "C"),
    (oid!("2.5.4.7"), "L"),
    (oid!("2.5.4.8"), "ST"),
    (oid!("2.5.4.9"), "street"),
    (oid!("2.5.4.4"), "SN"),
    (oid!("2.5.4.5"), "serialNumber"),
    (oid!("2.5.4.12"), "title"),
    (oid!("2.5.4.13"), "description"),
    (oid!("2.5.4.15"), "businessCategory"),
    (oid!("2.5.4.16"), "postalAddress"),
    (oid!("2.5.4.17"), "postalCode"),
    (oid!("2.5.4.18"), "postOfficeBox"),
    (oid!("2.5.4.20"), "telephoneNumber"),
    (oid!("2.5.4.41"), "name"),
    (oid!("2.5.4.42"), "GN"),
    (oid!("2.5.4.43"), "initials"),
    (oid!("2.5.4.44"), "generationQualifier"),
    (oid!("2.5.4.45"), "x500UniqueIdentifier"),
    (oid!("2.5.4.46"), "dnQualifier"),
    (oid!("2.5.4.51"), "houseIdentifier"),
    (oid!("2.5.4.54"), "dmdName"),
    (oid!("2.5.4.65"), "pseudonym"),
    (oid!("2.5.4.72"), "role"),
    (oid!("2.5.4.97"), "organizationIdentifier"),
    (oid!("0.9.2342.19200300.100.1.1"), "UID"),
    (oid!("0.9.2342.19200300.100.1.25"), "DC"),
    (oid!("1.2.840.113549.1.9.1"), "emailAddress"),
    (oid!("1.2.840.113549.1.9.2"), "unstructuredName"),
    (oid!("1.2.840.113549.1.9.8"), "unstructuredAddress"),
    (oid!("1.3.6.1.4.1.311.60.2.1.1"), "jurisdictionL"),
    (oid!("1.3.6.1.4.1.311.60.2.1.2"), "jurisdictionST"),
    (oid!("1.3.6.1.4.1.311.60.2.1.3"), "jurisdictionC"),
    (oid!("1.2.643.3.131.1.1"), "INN"),
    (oid!("1.2.643.100.1"), "OGRN"),
    (oid!("1.2.643.100.3"), "SNILS"),
];

const SIGNATURES: Names = &[
    (oid!("1.2.840.113549.1.1.11"), "sha256WithRSAEncryption"),
    (oid!("1.2.840.113549.1.1.12"), "sha384WithRSAEncryption"),
    (oid!("1.2.840.113549.1.1.13"), "sha512WithRSAEncryption"),
    (oid!("1.2.840.113549.1.1.14"), "sha224WithRSAEncryption"),
    (oid!("1.2.840.113549.1.1.5"), "sha1WithRSAEncryption"),
    (oid!("1.2.840.113549.1.1.4"), "md5WithRSAEncryption"),
    (oid!("1.2.840.113549.1.1.3"), "md4WithRSAEncryption"),
    (oid!("1.2.840.113549.1.1.2"), "md2WithRSAEncryption"),
    (oid!("1.3.14.3.2.29"), "sha1WithRSA"),
    (oid!("1.2.840.113549.1.1.10"), "rsassaPss"),
    (oid!("1.2.840.10045.4.1"), "ecdsa-with-SHA1"),
    (oid!("1.2.840.10045.4.3.1"), "ecdsa-with-SHA224"),
    (oid!("1.2.840.10045.4.3.2"), "ecdsa-with-SHA256"),
    (oid!("1.2.840.10045.4.3.3"), "ecdsa-with-SHA384"),
    (oid!("1.2.840.10045.4.3.4"), "ecdsa-with-SHA512"),
    (oid!("2.16.840.1.101.3.4.3.9"), "ecdsa_with_SHA3-224"),
    (oid!("2.16.840.1.101.3.4.3.10"), "ecdsa_with_SHA3-256"),
    (oid!("2.16.840.1.101.3.4.3.11"), "ecdsa_with_SHA3-384"),
    (oid!("2.16.840.1.101.3.4.3.12"), "ecdsa_with_SHA3-512"),
    (oid!("2.16.840.1.101.3.4.3.13"), "RSA-SHA3-224"),
    (oid!("2.16.840.1.101.3.4.3.14"), "RSA-SHA3-256"),
    (oid!("2.16.840.1.101.3.4.3.15"), "RSA-SHA3-384"),
    (oid!("2.16.840.1.101.3.4.3.16"), "RSA-SHA3-512"),
    (oid!("1.2.840.10040.4.3"), "dsaWithSHA1"),
    (oid!("2.16.840.1.101.3.4.3.1"), "dsa_with_SHA224"),
    (oid!("2.16.840.1.101.3.4.3.2"), "dsa_with_SHA256"),
    (oid!("2.16.840.1.101.3.4.3.3"), "dsa_with_SHA384"),
    (oid!("2.16.840.1.101.3.4.3.4"), "dsa_with_SHA512"),
    (oid!("1.3.101.112"), "ED25519"),
    (oid!("1.3.101.113"), "ED448"),
    (oid!("1.2.156.10197.1.501"), "SM2-with-SM3"),
    (oid!("1.2.643.2.2.3"), "id-GostR3411-94-with-GostR3410-2001"),
    (oid!("1.2.643.7.1.1.3.2"), "id-tc26-signwithdigest-gost3410-2012-256"),
    (oid!("1.2.643.7.1.1.3.3"), "id-tc26-signwithdigest-gost3410-2012-512"),
    (oid!("2.16.840.1.101.3.4.3.17"), "ML-DSA-44"),
    (oid!("2.16.840.1.101.3.4.3.18"), "ML-DSA-65"),
    (oid!("2.16.840.1.101.3.4.3.19"), "ML-DSA-87"),
];

const KEY_ALGORITHMS: Names = &[
    (oid!("1.2.840.113549.1.1.10"), "RSA-PSS"),
    (oid!("1.2.840.113549.1.1.7"), "RSA-OAEP"),
    (oid!("1.2.840.10040.4.1"), "DSA"),
    (oid!("1.3.14.3.2.12"), "DSA"),
    (oid!("1.2.840.10046.2.1"), "Diffie-Hellman"),
    (oid!("1.2.840.113549.1.3.1"), "Diffie-Hellman"),
    (oid!("1.3.101.110"), "X25519"),
    (oid!("1.3.101.111"), "X448"),
    (oid!("1.3.101.113"), "Ed448"),
    (oid!("1.2.643.2.2.19"), "GOST R 34.10-2001"),
    (oid!("1.2.643.7.1.1.1.1"), "GOST R 34.10-2012, 256 bits"),
    (oid!("1.2.643.7.1.1.1.2"), "GOST R 34.10-2012, 512 bits"),
    (oid!("2.16.840.1.101.3.4.3.17"), "ML-DSA-44"),
    (oid!("2.16.840.1.101.3.4.3.18"), "ML-DSA-65"),
    (oid!("2.16.840.1.101.3.4.3.19"), "ML-DSA-87"),
    (oid!("2.16.840.1.101.3.4.4.1"), "ML-KEM-512"),
    (oid!("2.16.840.1.101.3.4.4.2"), "ML-KEM-768"),
    (oid!("2.16.840.1.101.3.4.4.3"), "ML-KEM-1024"),
];

const CURVES: &[(&[u8], &str, u32)] = &[
    (oid!("1.2.840.10045.3.1.7"), "EC P-256", 256),
    (oid!("1.3.132.0.34"), "EC P-384", 384),
    (oid!("1.3.132.0.35"), "EC P-521", 521),
    (oid!("1.3.132.0.33"), "EC P-224", 224),
    (oid!("1.2.840.10045.3.1.1"), "EC P-192", 192),
    (oid!("1.2.156.10197.1.301"), "SM2", 256),
    (oid!("1.3.132.0.6"), "EC secp112r1", 112),
    (oid!("1.3.132.0.7"), "EC secp112r2", 110),
    (oid!("1.3.132.0.28"), "EC secp128r1", 128),
    (oid!("1.3.132.0.29"), "EC secp128r2", 126),
    (oid!("1.3.132.0.9"), "EC secp160k1", 161),
    (oid!("1.3.132.0.8"), "EC secp160r1", 161),
    (oid!("1.3.132.0.30"), "EC secp160r2", 161),
    (oid!("1.3.132.0.31"), "EC secp192k1", 192),
    (oid!("1.3.132.0.32"), "EC secp224k1", 225),
    (oid!("1.3.132.0.10"), "EC secp256k1", 256),
    (oid!("1.3.132.0.4"), "EC sect113r1", 113),
    (oid!("1.3.132.0.5"), "EC sect113r2", 113),
    (oid!("1.3.132.0.22"), "EC sect131r1", 131),
    (oid!("1.3.132.0.23"), "EC sect131r2", 131),
    (oid!("1.3.132.0.1"), "EC sect163k1", 163),
    (oid!("1.3.132.0.2"), "EC sect163r1", 162),
    (oid!("1.3.132.0.15"), "EC sect163r2", 163),
    (oid!("1.3.132.0.24"), "EC sect193r1", 193),
    (oid!("1.3.132.0.25"), "EC sect193r2", 193),
    (oid!("1.3.132.0.26"), "EC sect233k1", 232),
    (oid!("1.3.132.0.27"), "EC sect233r1", 233),
    (oid!("1.3.132.0.3"), "EC sect239k1", 238),
    (oid!("1.3.132.0.16"), "EC sect283k1", 281),
    (oid!("1.3.132.0.17"), "EC sect283r1", 282),
    (oid!("1.3.132.0.36"), "EC sect409k1", 407),
    (oid!("1.3.132.0.37"), "EC sect409r1", 409),
    (oid!("1.3.132.0.38"), "EC sect571k1", 570),
    (oid!("1.3.132.0.39"), "EC sect571r1", 570),
    (oid!("1.2.840.10045.3.1.2"), "EC prime192v2", 192),
    (oid!("1.2.840.10045.3.1.3"), "EC prime192v3", 192),
    (oid!("1.2.840.10045.3.1.4"), "EC prime239v1", 239),
    (oid!("1.2.840.10045.3.1.5"), "EC prime239v2", 239),
    (oid!("1.2.840.10045.3.1.6"), "EC prime239v3", 239),
    (oid!("1.3.36.3.3.2.8.1.1.1"), "EC brainpoolP160r1", 160),
    (oid!("1.3.36.3.3.2.8.1.1.3"), "EC brainpoolP192r1", 192),
    (oid!("1.3.36.3.3.2.8.1.1.5"), "EC brainpoolP224r1", 224),
    (oid!("1.3.36.3.3.2.8.1.1.7"), "EC brainpoolP256r1", 256),
    (oid!("1.3.36.3.3.2.8.1.1.9"), "EC brainpoolP320r1", 320),
    (oid!("1.3.36.3.3.2.8.1.1.11"), "EC brainpoolP384r1", 384),
    (oid!("1.3.36.3.3.2.8.1.1.13"), "EC brainpoolP512r1", 512),
];

const EXTENSIONS: Names = &[
    (oid!("2.5.29.9"), "Subject Directory Attributes"),
    (oid!("2.5.29.14"), "Subject Key Identifier"),
    (oid!("2.5.29.15"), "Key Usage"),
    (oid!("2.5.29.16"), "Private Key Usage Period"),
    (oid!("2.5.29.17"), "Subject Alternative Name"),
    (oid!("2.5.29.18"), "Issuer Alternative Name"),
    (oid!("2.5.29.19"), "Basic Constraints"),
    (oid!("2.5.29.30"), "Name Constraints"),
    (oid!("2.5.29.31"), "CRL Distribution Points"),
    (oid!("2.5.29.32"), "Certificate Policies"),
    (oid!("2.5.29.33"), "Policy Mappings"),
    (oid!("2.5.29.35"), "Authority Key Identifier"),
    (oid!("2.5.29.36"), "Policy Constraints"),
    (oid!("2.5.29.37"), "Extended Key Usage"),
    (oid!("2.5.29.46"), "Freshest CRL"),
    (oid!("2.5.29.54"), "Inhibit Any Policy"),
    (oid!("1.3.6.1.5.5.7.1.1"), "Authority Information Access"),
    (oid!("1.3.6.1.5.5.7.1.3"), "Qualified Certificate Statements"),
    (oid!("1.3.6.1.5.5.7.1.11"), "Subject Information Access"),
    (oid!("1.3.6.1.5.5.7.1.24"), "TLS Feature"),
    (oid!("1.3.6.1.5.5.7.48.1.5"), "OCSP No Check"),
    (oid!("1.3.6.1.4.1.11129.2.4.2"), "CT Precertificate SCTs"),
    (oid!("1.3.6.1.4.1.11129.2.4.3"), "CT Precertificate Poison"),
    (oid!("1.3.6.1.4.1.311.20.2"), "Microsoft Certificate Template Name"),
    (oid!("1.3.6.1.4.1.311.21.7"), "Microsoft Certificate Template"),
    (oid!("1.3.6.1.4.1.311.21.10"), "Microsoft Application Policies"),
    (oid!("2.16.840.1.113730.1.1"), "Netscape Certificate Type"),
    (oid!("2.16.840.1.113730.1.13"), "Netscape Comment"),
    (oid!("1.2.840.113533.7.65.0"), "Entrust Version"),
];

const EXTENDED_KEY_USAGES: Names = &[
    (oid!("1.3.6.1.5.5.7.3.1"), "serverAuth"),
    (oid!("1.3.6.1.5.5.7.3.2"), "clientAuth"),
    (oid!("1.3.6.1.5.5.7.3.3"), "codeSigning"),
    (oid!("1.3.6.1.5.5.7.3.4"), "emailProtection"),
    (oid!("1.3.6.1.5.5.7.3.5"), "ipsecEndSystem"),
    (oid!("1.3.6.1.5.5.7.3.6"), "ipsecTunnel"),
    (oid!("1.3.6.1.5.5.7.3.7"), "ipsecUser"),
    (oid!("1.3.6.1.5.5.7.3.8"), "timeStamping"),
    (oid!("1.3.6.1.5.5.7.3.9"), "OCSPSigning"),
    (oid!("1.3.6.1.5.5.7.3.17"), "ipsecIKE"),
    (oid!("2.5.29.37.0"), "anyExtendedKeyUsage"),
    (oid!("1.3.6.1.4.1.311.10.3.3"), "msSGC"),
    (oid!("1.3.6.1.4.1.311.10.3.4"), "msEFS"),
    (oid!("1.3.6.1.4.1.311.20.2.2"), "msSmartcardLogin"),
    (oid!("2.16.840.1.113730.4.1"), "nsSGC"),
    (oid!("1.3.6.1.5.2.3.4"), "pkInitClientAuth"),
    (oid!("1.3.6.1.5.2.3.5"), "pkInitKDC"),
];

const ACCESS_METHODS: Names = &[
    (oid!("1.3.6.1.5.5.7.48.1"), "OCSP"),
    (oid!("1.3.6.1.5.5.7.48.2"), "CA Issuers"),
    (oid!("1.3.6.1.5.5.7.48.3"), "Time Stamping"),
    (oid!("1.3.6.1.5.5.7.48.5"), "CA Repository"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Two forms of the same, the second one from X.690 and RFCs; none when it is refused.
    #[test]
    fn oids() {
        let rows: [(&[u8], Option<&str>); 9] = [
            (&[0x55, 0x04, 0x03], Some("2.5.4.3")),
            (
                &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b],
                Some("1.2.840.113549.1.1.11"),
            ),
            (&[0x88, 0x37], Some("2.999")),
            (&[0x28], Some("1.0")),
            (&[], None),
            (&[0x55, 0x84], None),
            (&[0x55, 0x80, 0x01], None),
            // 2^128 - 1 behind the root, and one more.
            (
                &[
                    0x28, 0x83, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
                ],
                Some("1.0.340282366920938463463374607431768211455"),
            ),
            (
                &[
                    0x28, 0x84, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00,
                ],
                None,
            ),
        ];
        for (body, expected) in rows {
            let found = Oid::new(body).map(|it| it.to_string());
            assert_eq!(found.as_deref(), expected, "{body:02x?}");
        }
        assert_eq!(oid!("2.5.4.3"), rows[0].0);
        assert_eq!(oid!("1.2.840.113549.1.1.11"), rows[1].0);
        assert_eq!(oid!("2.999"), rows[2].0);
    }
}
